package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/segmentio/kafka-go"
)

// Topics of the platform. Only the platform writes them.
const (
	// ReportsTopic carries every accepted revision, keyed by report id.
	ReportsTopic = "atvsld.reports.v1"
	// RejectedTopic carries what could not be stored, with the reason and the
	// original bytes (dead letters).
	RejectedTopic = "atvsld.rejected.v1"
	// SinkGroup is the consumer group of the sinks.
	SinkGroup = "atvsld.sink.v1"
)

// maxMessageBytes is Kafka's own default for a record batch. A dead letter wraps
// a whole refused message, so its topic takes twice as much.
const (
	maxMessageBytes    = 1_048_588
	maxDeadLetterBytes = 2 * maxMessageBytes
)

// Topic describes a topic as both brokers, the embedded and Apache Kafka, take it.
type Topic struct {
	Name       string
	Partitions int
	Config     map[string]string
}

// Topics gives the platform's topics. partitions is fixed for the life of a log:
// changing it would move reports to other partitions and break their order.
// retention bounds the log in time; the store is the long memory.
func Topics(partitions int, retention time.Duration) []Topic {
	ms := strconv.FormatInt(retention.Milliseconds(), 10)
	return []Topic{
		{Name: ReportsTopic, Partitions: partitions, Config: map[string]string{
			"cleanup.policy": "delete", "retention.ms": ms, "retention.bytes": "-1",
			"max.message.bytes": strconv.Itoa(maxMessageBytes), "message.timestamp.type": "LogAppendTime",
		}},
		{Name: RejectedTopic, Partitions: 1, Config: map[string]string{
			"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1",
			"max.message.bytes": strconv.Itoa(maxDeadLetterBytes), "message.timestamp.type": "LogAppendTime",
		}},
	}
}

// usualReplication is what a cluster gives its topics if it has so many brokers.
const usualReplication = 3

// EnsureTopics creates what is missing and refuses a topic whose number of
// partitions is another than asked, or that has fewer replicas. replication is the
// replication factor, 0 for three or as many as there are brokers; from
// three on, two replicas have to have a message before it is acknowledged, so that
// neither the loss of one broker nor what it kept to itself loses a report.
func EnsureTopics(ctx context.Context, brokers Brokers, topics []Topic, replication int) error {
	client, done := dial(brokers, 10*time.Second)
	defer done()
	if replication == 0 {
		meta, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{}})
		if err != nil {
			return fmt.Errorf("count the brokers: %w", brokers.explain(ctx, err))
		}
		replication = max(1, min(usualReplication, len(meta.Brokers)))
	}
	configs := make([]kafka.TopicConfig, len(topics))
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = t.Name
		configs[i] = kafka.TopicConfig{Topic: t.Name, NumPartitions: t.Partitions, ReplicationFactor: replication}
		for k, v := range t.Config {
			configs[i].ConfigEntries = append(configs[i].ConfigEntries, kafka.ConfigEntry{ConfigName: k, ConfigValue: v})
		}
		if replication >= 3 {
			configs[i].ConfigEntries = append(configs[i].ConfigEntries, kafka.ConfigEntry{ConfigName: "min.insync.replicas", ConfigValue: "2"})
		}
	}
	created, err := client.CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: configs})
	if err != nil {
		return fmt.Errorf("create topics: %w", brokers.explain(ctx, err))
	}
	for name, err := range created.Errors {
		if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s: %w", name, err)
		}
	}
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: names})
	if err != nil {
		return fmt.Errorf("read topics: %w", err)
	}
	for _, t := range meta.Topics {
		for _, want := range topics {
			if t.Name != want.Name || t.Error != nil {
				continue
			}
			if err := fitsTopic(t, want, replication); err != nil {
				return err
			}
		}
	}
	return nil
}

// fitsTopic compares a topic that is there with what was asked for. A topic with too few
// replicas stays so until somebody reassigns it, and loses reports with its one broker.
func fitsTopic(t kafka.Topic, want Topic, replication int) error {
	if len(t.Partitions) != want.Partitions {
		return fmt.Errorf("topic %s has %d partitions, configured are %d: the number is fixed for the life of a log", t.Name, len(t.Partitions), want.Partitions)
	}
	for _, p := range t.Partitions {
		if len(p.Replicas) < replication {
			return fmt.Errorf("partition %d of topic %s has %d replicas, configured are %d: reassign it, or say --replication %d",
				p.ID, t.Name, len(p.Replicas), replication, len(p.Replicas))
		}
	}
	return nil
}

// Reachable asks the first broker that answers for its metadata.
func Reachable(ctx context.Context, brokers Brokers) error {
	client, done := dial(brokers, 2*time.Second)
	defer done()
	_, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{ReportsTopic}})
	if err != nil {
		return fmt.Errorf("broker: %w", brokers.explain(ctx, err))
	}
	return nil
}

// cluster is the id of the Kafka cluster: another id is another log, whose offsets
// mean something else.
func cluster(ctx context.Context, client *kafka.Client) (string, error) {
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{ReportsTopic}})
	if err != nil {
		return "", fmt.Errorf("read the id of the cluster: %w", err)
	}
	return meta.ClusterID, nil
}

// Committed gives the offset of each partition of ReportsTopic up to which the
// sinks have stored everything, or rejected it with a dead letter; -1 for none.
func Committed(ctx context.Context, brokers Brokers, partitions int) (map[int]int64, error) {
	client, done := dial(brokers, 5*time.Second)
	defer done()
	extents := make([]Extent, partitions)
	if err := readCommitted(ctx, client, extents); err != nil {
		return nil, err
	}
	offsets := make(map[int]int64, partitions)
	for p, e := range extents {
		offsets[p] = e.Committed
	}
	return offsets, nil
}

// PartitionOf gives the partition of a key, the same as every Java producer's
// default (murmur2).
func PartitionOf(key []byte, partitions int) int {
	all := make([]int, partitions)
	for i := range all {
		all[i] = i
	}
	return kafka.Murmur2Balancer{}.Balance(kafka.Message{Key: key}, all...)
}

// Ends gives the end of each partition of ReportsTopic: the offset that the next
// message will get.
func Ends(ctx context.Context, brokers Brokers, partitions int) (map[int]int64, error) {
	client, done := dial(brokers, 5*time.Second)
	defer done()
	requests := make([]kafka.OffsetRequest, partitions)
	for i := range requests {
		requests[i] = kafka.LastOffsetOf(i)
	}
	found, err := bounds(ctx, client, requests)
	if err != nil {
		return nil, err
	}
	ends := make(map[int]int64, partitions)
	for partition, p := range found {
		ends[partition] = p.LastOffset
	}
	return ends, nil
}

// bounds asks for first or last offsets of ReportsTopic.
func bounds(ctx context.Context, client *kafka.Client, requests []kafka.OffsetRequest) (map[int]kafka.PartitionOffsets, error) {
	response, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{ReportsTopic: requests}})
	if err != nil {
		return nil, fmt.Errorf("read the bounds of the log: %w", err)
	}
	found := make(map[int]kafka.PartitionOffsets, len(requests))
	for _, p := range response.Topics[ReportsTopic] {
		if p.Error != nil {
			return nil, fmt.Errorf("read the bounds of partition %d: %w", p.Partition, p.Error)
		}
		found[p.Partition] = p
	}
	for _, r := range requests {
		if _, answered := found[r.Partition]; !answered {
			return nil, fmt.Errorf("read the bounds of partition %d: no answer", r.Partition)
		}
	}
	return found, nil
}
