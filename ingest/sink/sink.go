// Package sink carries reports from Kafka into the store, each exactly once.
// docs/DESIGN-sink.md says what holds and why.
//
// What to do is decided by pure functions: where a partition is taken up
// (recovery.go), what becomes of a range of messages and in which order (plan.go),
// when there are too many dead letters (flood.go). A carrier (carrier.go) does it.
package sink

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
)

// Config says which log the sink reads and how it cuts it.
type Config struct {
	Brokers    queue.Brokers
	Partitions int
	Consumer   queue.ConsumerConfig
	Limits     Limits
}

// Default gives the configuration of a sink that lacks only the log.
func Default() Config {
	return Config{Consumer: queue.DefaultConsumer(), Limits: DefaultLimits()}
}

// Validate returns everything that is wrong with c.
func (c Config) Validate() error {
	errs := []error{queue.CheckBrokers(c.Brokers.Addrs()), c.Limits.Validate()}
	if c.Partitions < 1 {
		errs = append(errs, fmt.Errorf("%d partitions: at least one is needed", c.Partitions))
	}
	if c.Consumer.MaxRecords < 1 || c.Consumer.MaxBytes < 1 || c.Consumer.MaxAge <= 0 {
		errs = append(errs, errors.New("ranges of at least one message, one byte and some time are needed"))
	}
	return errors.Join(errs...)
}

// Sink is one member of the group of sinks.
type Sink struct {
	config  Config
	store   *store.Store
	dead    *queue.DeadLetters
	epoch   uuid.UUID
	log     *slog.Logger
	metrics *metrics

	mu     sync.Mutex
	health map[int]health
}

// health is why nothing of a partition is stored, and since when.
type health struct {
	since  time.Time
	err    error
	halted bool // until somebody does something about it
}

// New makes a sink for the log that epoch names.
func New(config Config, s *store.Store, epoch uuid.UUID, log *slog.Logger, registry prometheus.Registerer) *Sink {
	return &Sink{
		config: config, store: s, epoch: epoch, log: log,
		dead: queue.NewDeadLetters(config.Brokers), metrics: newMetrics(registry), health: make(map[int]health),
	}
}

// Run stores what the log holds and what comes, until ctx ends. Ranges in flight
// are finished or given up; nothing is committed that is not stored. An error other
// than nil means that an operator has to decide: ErrForeignLog.
func (s *Sink) Run(ctx context.Context) error {
	if err := s.config.Validate(); err != nil {
		return fmt.Errorf("configuration of the sink: %w", err)
	}
	consumer := queue.NewConsumer(s.config.Brokers, s.config.Consumer, s.carry, s.metrics.generations.Inc, s.log)
	err := consumer.Run(ctx)
	if closeErr := s.dead.Close(); err == nil && closeErr != nil {
		err = fmt.Errorf("close the dead-letter writer: %w", closeErr)
	}
	return err
}

// Pauses between attempts to carry a partition on.
const (
	minPause = 200 * time.Millisecond
	maxPause = 5 * time.Second
)

// carry carries one partition until its claim ends. What goes wrong is tried again
// from the recovery on; the other partitions are not disturbed.
func (s *Sink) carry(ctx context.Context, claim *queue.Claim) error {
	// Somebody else may have the partition afterwards.
	defer s.note(claim.Partition, nil)
	log := s.log.With("partition", claim.Partition)
	for pause := minPause; ; pause = min(2*pause, maxPause) {
		c := &carrier{Sink: s, claim: claim, log: log}
		err := c.run(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, queue.ErrFenced):
			log.Info("the partition goes to another sink", "error", err)
			return nil
		case errors.Is(err, ErrForeignLog):
			return fmt.Errorf("partition %d: %w", claim.Partition, err)
		case errors.Is(err, ErrFlood):
			s.halt(ctx, claim.Partition, err)
			return nil
		}
		s.note(claim.Partition, err)
		log.Error("carrying the partition", "error", err, "pause", pause)
		if c.stored > 0 {
			pause = minPause
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// halt stands still until the claim ends: a restart with a corrected program or with
// other limits goes on where this stopped.
func (s *Sink) halt(ctx context.Context, partition int, err error) {
	s.log.Error("the partition is halted", "partition", partition, "error", err)
	s.metrics.halted.WithLabelValues(label(partition)).Set(1)
	s.mu.Lock()
	s.health[partition] = health{since: time.Now(), err: err, halted: true}
	s.mu.Unlock()
	<-ctx.Done()
	s.metrics.halted.WithLabelValues(label(partition)).Set(0)
}

// stuckAfter is how long ranges may fail before the sink calls itself unhealthy:
// longer than a restart of the store, shorter than anybody's patience.
const stuckAfter = 30 * time.Second

// Check returns an error when a partition of this sink is halted or has been failing
// for a while.
func (s *Sink) Check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for partition, h := range s.health {
		if h.halted || time.Since(h.since) > stuckAfter {
			errs = append(errs, fmt.Errorf("partition %d: nothing could be stored since %s: %w", partition, h.since.Format(time.RFC3339), h.err))
		}
	}
	return errors.Join(errs...)
}

// note keeps the health of a partition: err is what ended its last attempt.
func (s *Sink) note(partition int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.health, partition)
		return
	}
	h, already := s.health[partition]
	if !already {
		h.since = time.Now()
	}
	h.err = err
	s.health[partition] = h
}
