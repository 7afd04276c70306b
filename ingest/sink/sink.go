// Package sink carries reports from Kafka into the store. A range of messages is
// decoded and planned without I/O (plan.go); here the plan is carried out.
//
// Order of every range: dead letters, current tables, report_log, offset commit.
// Each step can be repeated: tables keep one row per report whatever is inserted
// twice, and an insert carries a token made of its offset range.
package sink

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// insertDeadline bounds the attempts to store one range. It is far below the
// window in which the store recognises a token.
const insertDeadline = 2 * time.Minute

// Config says which log the sink reads and how it cuts it.
type Config struct {
	Brokers    []string
	Partitions int
	Consumer   queue.ConsumerConfig
}

// Sink is one member of the group of sinks.
type Sink struct {
	config  Config
	store   *store.Store
	dead    *queue.DeadLetters
	epoch   uuid.UUID
	log     *slog.Logger
	metrics *metrics

	mu sync.Mutex
	// failing is since when nothing of a partition could be read or stored.
	failing map[int]time.Time
}

// New makes a sink for the log that epoch names.
func New(config Config, s *store.Store, epoch uuid.UUID, log *slog.Logger, registry prometheus.Registerer) *Sink {
	return &Sink{
		config: config, store: s, epoch: epoch, log: log,
		dead: queue.NewDeadLetters(config.Brokers), metrics: newMetrics(registry), failing: make(map[int]time.Time),
	}
}

// Run stores what the log holds and what comes, until ctx ends. Ranges in flight
// are finished or given up; nothing is committed that is not stored.
func (s *Sink) Run(ctx context.Context) error {
	consumer := queue.NewConsumer(s.config.Brokers, s.config.Consumer, s.storeRange, s.note, s.log)
	err := consumer.Run(ctx)
	if closeErr := s.dead.Close(); err == nil && closeErr != nil {
		err = fmt.Errorf("close the dead-letter writer: %w", closeErr)
	}
	return err
}

// stuckAfter is how long ranges may fail before the sink calls itself unhealthy:
// longer than a restart of the store, shorter than anybody's patience.
const stuckAfter = 30 * time.Second

// Check returns an error when a partition of this sink has been failing for a while.
func (s *Sink) Check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for partition, since := range s.failing {
		if time.Since(since) > stuckAfter {
			return fmt.Errorf("partition %d: nothing could be stored since %s", partition, since.Format(time.RFC3339))
		}
	}
	return nil
}

// note keeps the health of a partition: err is what ended its last range.
func (s *Sink) note(partition int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.failing, partition)
		return
	}
	if _, already := s.failing[partition]; !already {
		s.failing[partition] = time.Now()
	}
}

// storeRange stores one range.
func (s *Sink) storeRange(ctx context.Context, r queue.Range) error {
	// A range that has begun is finished even when the generation ends: the next
	// owner of the partition would have to do it all again.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), insertDeadline)
	defer cancel()
	start := time.Now()
	d := decode(r, s.config.Partitions)
	known, err := s.known(ctx, r, d.lookups())
	if err != nil {
		return err
	}
	p := d.decide(known)
	if err := s.reject(ctx, p.dead); err != nil {
		return err
	}
	token := fmt.Sprintf("%s/%s/%d/%d-%d/%s", s.epoch, queue.ReportsTopic, r.Partition, r.Low(), r.High(), schema)
	if err := s.insert(ctx, token, r, p); err != nil {
		return err
	}
	s.metrics.observe(r, p, time.Since(start))
	return nil
}

// known asks for the fixed facts of reports as of the range's first message, so
// that a replay of the range decides as the first attempt did.
func (s *Sink) known(ctx context.Context, r queue.Range, keys []store.Key) (map[uuid.UUID]past, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	at := store.Position{Epoch: s.epoch, Partition: uint16(r.Partition), Offset: uint64(r.Low())}
	var before map[store.Key]*store.Known
	err := s.retry(ctx, func() (err error) {
		before, err = s.store.KnownAt(ctx, at, keys)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up %d reports: %w", len(keys), err)
	}
	known := make(map[uuid.UUID]past, len(before))
	for key, k := range before {
		known[key.ReportID] = past{
			fixed:  fixed{Kind: report.Kind(k.Kind), StatYear: int(k.StatYear), Period: k.Period, Unit: k.Unit},
			newest: k.Latest.Revision,
		}
	}
	return known, nil
}

func (s *Sink) reject(ctx context.Context, dead []queue.DeadLetter) error {
	if len(dead) == 0 {
		return nil
	}
	for _, l := range dead {
		s.metrics.dead.WithLabelValues(l.Code).Inc()
		s.log.Warn("a message cannot be stored", "code", l.Code, "partition", l.Origin.Partition, "offset", l.Origin.Offset, "detail", l.Detail)
	}
	return s.dead.Write(ctx, dead)
}

// insert writes the current tables and, last, the log.
func (s *Sink) insert(ctx context.Context, token string, r queue.Range, p plan) error {
	for _, d := range report.Definitions() {
		reports := p.current[d.Kind]
		if len(reports) == 0 {
			continue
		}
		heads, columns := currentRows(d, reports, s.epoch)
		err := s.retry(ctx, func() error { return s.store.InsertCurrent(ctx, token, d.Table, heads, columns) })
		if err != nil {
			return err
		}
	}
	entries := logEntries(p.log, s.epoch)
	return s.retry(ctx, func() error {
		return s.store.InsertLog(ctx, token, store.Range{Low: uint64(r.Low()), High: uint64(r.High())}, entries)
	})
}

// retry repeats what may succeed later, with the very same arguments, until ctx ends.
func (s *Sink) retry(ctx context.Context, do func() error) error {
	wait := 50 * time.Millisecond
	for {
		err := do()
		if err == nil || !store.Retryable(err) {
			return err
		}
		code, _ := store.Code(err)
		s.metrics.retries.WithLabelValues(strconv.Itoa(int(code))).Inc()
		s.log.Warn("the store did not take a range, trying again", "error", err, "wait", wait)
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(wait):
		}
		wait = min(2*wait, 5*time.Second)
	}
}
