// Package broker runs a Kafka broker inside the process for a single machine:
// franz-go's kfake on a folder, with every batch synced to disk before it is
// acknowledged. It speaks the Kafka protocol on a loopback address, so that the
// product's client is the same as against Apache Kafka.
//
// Limits: one broker, so no replication; a restart reads the whole log (about
// one second and one gigabyte of memory per 2 GB of log), hence the explicit
// retention of every topic; an error of fsync itself is not noticed.
package broker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"

	"atvsld/deploy/embedded/datadir"
)

// Broker is a running broker.
type Broker struct {
	cluster *kfake.Cluster
	lock    *datadir.Lock
	log     *logAdapter
	addrs   []string
	close   func() error
}

// offsetsRetentionMinutes keeps committed offsets for ten years. Kafka forgets
// those of a stopped consumer after a week; the sink would then begin anew.
const offsetsRetentionMinutes = 10 * 365 * 24 * 60

// retentionInterval is how often retention is applied.
const retentionInterval = 5 * time.Minute

// Open starts the broker on cfg.DataDir, creates the topics that are missing and
// brings the settings of the others up to date. The error wraps datadir.ErrInUse
// when another process has the folder. ctx bounds the start only: the broker runs
// until Close.
func Open(ctx context.Context, cfg Config) (*Broker, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open the broker: %w", err)
	}
	lock, err := datadir.Acquire(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	b := &Broker{lock: lock, log: &logAdapter{logger: cfg.Logger}}
	b.close = sync.OnceValue(b.shutdown)
	if err := b.start(ctx, cfg); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Broker) start(ctx context.Context, cfg Config) error {
	var err error
	b.cluster, err = kfake.NewCluster(
		kfake.NumBrokers(1),
		// Kept in the folder from the first start on: another id is another log,
		// whose offsets begin at 0 again.
		kfake.ClusterID(uuid.NewString()),
		kfake.DataDir(filepath.Join(cfg.DataDir, "log")),
		kfake.SyncWrites(),
		kfake.ListenFn(func(network, _ string) (net.Listener, error) {
			return new(net.ListenConfig).Listen(ctx, network, cfg.Addr)
		}),
		kfake.WithLogger(b.log),
		kfake.BrokerConfigs(map[string]string{
			"message.max.bytes":         strconv.Itoa(cfg.MaxMessageBytes),
			"offsets.retention.minutes": strconv.Itoa(offsetsRetentionMinutes),
			"log.cleaner.backoff.ms":    strconv.FormatInt(retentionInterval.Milliseconds(), 10),
		}),
	)
	if err != nil {
		return fmt.Errorf("start the embedded broker on %s: %w", cfg.DataDir, err)
	}
	b.addrs = b.cluster.ListenAddrs()
	for _, topic := range cfg.Topics {
		if err := b.ensure(ctx, topic); err != nil {
			return fmt.Errorf("topic %s: %w", topic.Name, err)
		}
	}
	return nil
}

// ensure creates a topic, or checks its partitions and updates its settings.
func (b *Broker) ensure(ctx context.Context, topic Topic) error {
	info := b.cluster.TopicInfo(topic.Name)
	if info == nil {
		if err := b.cluster.CreateTopic(topic.Name, topic.Partitions, topic.Config); err != nil {
			return fmt.Errorf("create: %w", err)
		}
		return nil
	}
	if have := len(b.cluster.PartitionInfos(topic.Name)); have != int(topic.Partitions) {
		return fmt.Errorf("the folder holds %d partitions, the configuration says %d: partitions of an existing topic cannot change", have, topic.Partitions)
	}
	return b.alter(ctx, topic, info.Configs)
}

func (b *Broker) alter(ctx context.Context, topic Topic, have map[string]*string) error {
	var changes []kafka.IncrementalAlterConfigsRequestConfig
	for _, name := range slices.Sorted(maps.Keys(topic.Config)) {
		if value := have[name]; value != nil && *value == topic.Config[name] {
			continue
		}
		changes = append(changes, kafka.IncrementalAlterConfigsRequestConfig{
			Name: name, Value: topic.Config[name], ConfigOperation: kafka.ConfigOperationSet,
		})
	}
	if len(changes) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(b.addrs...), Transport: transport}
	response, err := client.IncrementalAlterConfigs(ctx, &kafka.IncrementalAlterConfigsRequest{
		Resources: []kafka.IncrementalAlterConfigsRequestResource{{
			ResourceType: kafka.ResourceTypeTopic, ResourceName: topic.Name, Configs: changes,
		}},
	})
	if err != nil {
		return fmt.Errorf("alter settings: %w", err)
	}
	for _, resource := range response.Resources {
		if resource.Error != nil {
			return fmt.Errorf("alter settings: %w", resource.Error)
		}
	}
	return nil
}

// Addrs returns the addresses to give to a Kafka client.
func (b *Broker) Addrs() []string { return slices.Clone(b.addrs) }

// Cluster is the broker itself, for tests that inject faults and for retention
// on demand.
func (b *Broker) Cluster() *kfake.Cluster { return b.cluster }

// Close stops the broker and writes its state. What was acknowledged is on disk
// in any case; the error says that the next start has more to repair.
func (b *Broker) Close() error { return b.close() }

func (b *Broker) shutdown() error {
	var errs []error
	if b.cluster != nil {
		b.log.stopping()
		b.cluster.Close()
		errs = append(errs, b.log.failures())
	}
	return errors.Join(append(errs, b.lock.Release())...)
}
