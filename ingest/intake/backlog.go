package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"atvsld/ingest/queue"
)

// Level says what the gateway takes while the sinks are behind.
type Level int32

// Levels. All answers below Open are 503 with Retry-After: nothing is written.
const (
	// Open: everything.
	Open Level = iota
	// Urgent: only the first declarations of events, which the law wants at once.
	Urgent
	// Closed: nothing. Whatever the log took now might be deleted before it is stored.
	Closed
)

func (l Level) String() string { return [...]string{"open", "urgent", "closed"}[l] }

// BacklogConfig bounds what the log may hold that is not stored.
type BacklogConfig struct {
	// MaxRecords, of all partitions together, and MaxAge, of the oldest of any, end
	// Open. Twice MaxRecords, or an age halfway between MaxAge and Retention, end
	// Urgent, too.
	MaxRecords int64
	MaxAge     time.Duration
	// Retention is after what time the log deletes a record, stored or not.
	Retention time.Duration
	// Every is the time between two looks at the log.
	Every time.Duration
}

// DefaultBacklog gives the bounds for a log that keeps records for a time. Ten million
// reports are some 4 GB of log.
func DefaultBacklog(retention time.Duration) BacklogConfig {
	return BacklogConfig{MaxRecords: 10_000_000, MaxAge: retention / 2, Retention: retention, Every: 2 * time.Second}
}

// Validate returns everything that is wrong with c.
func (c BacklogConfig) Validate() error {
	var errs []error
	if c.MaxRecords < 1 {
		errs = append(errs, fmt.Errorf("a backlog of %d records: at least one is needed", c.MaxRecords))
	}
	if c.MaxAge <= 0 || c.MaxAge >= c.Retention {
		errs = append(errs, fmt.Errorf("a backlog of %s is not below the retention of %s: the log would delete what is not stored", c.MaxAge, c.Retention))
	}
	if c.Every <= 0 {
		errs = append(errs, fmt.Errorf("a look at the backlog every %s", c.Every))
	}
	return errors.Join(errs...)
}

// level judges a backlog at a moment.
func (c BacklogConfig) level(all []queue.Unstored, now time.Time) Level {
	var records int64
	var age time.Duration
	for _, u := range all {
		records += u.Records
		age = max(age, ageOf(u, now))
	}
	switch {
	case records >= 2*c.MaxRecords || age >= c.MaxAge+(c.Retention-c.MaxAge)/2:
		return Closed
	case records >= c.MaxRecords || age >= c.MaxAge:
		return Urgent
	}
	return Open
}

func ageOf(u queue.Unstored, now time.Time) time.Duration {
	if u.Oldest.IsZero() {
		return 0
	}
	return max(0, now.Sub(u.Oldest))
}

// Backlog looks at what the sinks have not stored yet. A nil Backlog is always open.
type Backlog struct {
	config  BacklogConfig
	look    func(ctx context.Context) ([]queue.Unstored, error)
	log     *slog.Logger
	level   atomic.Int32
	records *prometheus.GaugeVec
	age     *prometheus.GaugeVec
	looks   *prometheus.CounterVec
}

// NewBacklog makes a backlog that is open until Run has looked. look reads the log; see
// [queue.Backlog].
func NewBacklog(c BacklogConfig, look func(ctx context.Context) ([]queue.Unstored, error), log *slog.Logger, registry prometheus.Registerer) *Backlog {
	b := &Backlog{
		config: c, look: look, log: log,
		records: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "atvsld_gateway_backlog_records", Help: "Reports in the log that no sink has stored."}, []string{"partition"}),
		age: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "atvsld_gateway_backlog_age_seconds", Help: "Age of the oldest of them."}, []string{"partition"}),
		looks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_gateway_backlog_looks_total", Help: "Looks at the backlog by result; what was seen last holds until the next."}, []string{"result"}),
	}
	registry.MustRegister(b.records, b.age, b.looks, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "atvsld_gateway_backlog_level", Help: "What the gateway takes: 0 everything, 1 first declarations of events, 2 nothing.",
	}, func() float64 { return float64(b.Level()) }))
	return b
}

// Level is what the last look found.
func (b *Backlog) Level() Level {
	if b == nil {
		return Open
	}
	return Level(b.level.Load())
}

// Run looks at the log again and again until ctx ends.
func (b *Backlog) Run(ctx context.Context) {
	ticker := time.NewTicker(b.config.Every)
	defer ticker.Stop()
	for {
		b.once(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// once looks. When the log does not answer, what was seen last holds: then nothing can
// be written anyway.
func (b *Backlog) once(ctx context.Context) {
	all, err := b.look(ctx)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		b.looks.WithLabelValues("failed").Inc()
		b.log.Warn("looking at the backlog", "error", err)
		return
	}
	b.looks.WithLabelValues("ok").Inc()
	now := time.Now()
	for _, u := range all {
		partition := strconv.Itoa(u.Partition)
		b.records.WithLabelValues(partition).Set(float64(u.Records))
		b.age.WithLabelValues(partition).Set(ageOf(u, now).Seconds())
	}
	level := b.config.level(all, now)
	if before := Level(b.level.Swap(int32(level))); before != level {
		b.log.Warn("the backlog of the sinks changes what is taken", "before", before.String(), "now", level.String())
	}
}
