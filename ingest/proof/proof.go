// Package proof shows at any moment in service that nothing is lost and nothing is there
// twice: every offset that the sinks have committed is stored once or is a dead letter,
// ranges are the same or have nothing in common, and what figures are read from is what
// the log of revisions asks for.
//
// A [Prover] runs beside the sink, all the time and at little cost; [Prover.Verify] looks
// at everything at once. [Prover.Repair] stores again what figures are read from.
package proof

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/queue"
	"atvsld/ingest/rebuild"
)

// Config says what is proven, and how often.
type Config struct {
	Brokers    queue.Brokers
	Partitions int
	// Every is the time between two rounds of Run.
	Every time.Duration
	// SliceRows is how many rows of report_log each round compares with the current
	// tables, beside the newest; SliceOffsets how many older offsets of one partition it
	// looks at for overlapping ranges.
	SliceRows    int
	SliceOffsets int64
}

// Default proves once a minute, and 20 million reports within about an hour and a half.
func Default() Config {
	return Config{Partitions: 4, Every: time.Minute, SliceRows: 250_000, SliceOffsets: 1_000_000}
}

// Validate returns everything that is wrong with c.
func (c Config) Validate() error {
	var errs []error
	if c.Partitions < 1 {
		errs = append(errs, fmt.Errorf("proof: %d partitions", c.Partitions))
	}
	if c.Every < time.Second {
		errs = append(errs, fmt.Errorf("proof: %s between two rounds is below one second", c.Every))
	}
	if c.SliceRows < 1 || c.SliceOffsets < 1 {
		errs = append(errs, errors.New("proof: a round must look at something"))
	}
	return errors.Join(errs...)
}

// Prover compares log and store. It is safe for concurrent use.
type Prover struct {
	config Config
	store  *store.Store
	epoch  uuid.UUID
	log    *slog.Logger

	// one at a time: a verification reads everything, and so does a repair.
	one chan struct{}
	// step is how many reports a repair names at once, portion how many bytes of payloads
	// are in memory at once when current rows are made of them.
	step    int
	portion uint64

	mu     sync.Mutex
	latest Report
}

// New makes a prover of the log that epoch names.
func New(c Config, s *store.Store, epoch uuid.UUID, log *slog.Logger) *Prover {
	return &Prover{config: c, store: s, epoch: epoch, log: log, one: make(chan struct{}, 1), step: store.RepairStep, portion: rebuild.Bytes}
}

// Request says what to verify: by default every partition, and the whole log.
type Request struct {
	Partition *int
	From, To  *int64
	// Figures: recompute every figure from report_log as well. It takes about as long as
	// storing all reports again.
	Figures bool
}

// ErrRequest is wrapped by the errors of a request that makes no sense.
var ErrRequest = errors.New("verify")

// validate returns everything that is wrong with r.
func (r Request) validate(partitions int) error {
	var errs []error
	if r.Partition != nil && (*r.Partition < 0 || *r.Partition >= partitions) {
		errs = append(errs, fmt.Errorf("%w: partition %d is not from 0 to %d", ErrRequest, *r.Partition, partitions-1))
	}
	if r.From != nil && *r.From < 0 || r.To != nil && *r.To < 0 {
		errs = append(errs, fmt.Errorf("%w: an offset is negative", ErrRequest))
	}
	if r.From != nil && r.To != nil && *r.From > *r.To {
		errs = append(errs, fmt.Errorf("%w: from %d is behind to %d", ErrRequest, *r.From, *r.To))
	}
	return errors.Join(errs...)
}

// Verify looks at everything that is asked for, offset by offset where counts do not add
// up, at the ranges of all rows, and at the current row of every report. Current rows and
// figures are always verified as a whole: a report has no range. It changes nothing; with
// Figures it makes a database beside the store and drops it again. What the sink stores
// meanwhile is no fault.
func (p *Prover) Verify(ctx context.Context, r Request) (Report, error) {
	if err := r.validate(p.config.Partitions); err != nil {
		return Report{}, err
	}
	// Whoever may ask for a proof is told what it found, not what it read.
	ctx = access.System(ctx)
	done, err := p.alone(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("verify: %w", err)
	}
	defer done()
	found, err := p.partitions(ctx, r)
	if err != nil {
		return Report{}, fmt.Errorf("verify: %w", err)
	}
	for i := range found.Partitions {
		if err := p.overlaps(ctx, &found.Partitions[i]); err != nil {
			return Report{}, fmt.Errorf("verify: %w", err)
		}
	}
	if err := p.allDrift(ctx, &found); err != nil {
		return Report{}, fmt.Errorf("verify: %w", err)
	}
	if r.Figures {
		if found.Figures, err = p.figures(ctx); err != nil {
			return Report{}, fmt.Errorf("verify: %w", err)
		}
	}
	found.sum()
	return found, nil
}

// alone waits until no other verification or repair is running; done lets the next begin.
func (p *Prover) alone(ctx context.Context) (done func(), err error) {
	select {
	case p.one <- struct{}{}:
		return func() { <-p.one }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("another one is running: %w", ctx.Err())
	}
}

// partitions proves the offsets of the asked partitions. The log is asked first: what was
// committed then is stored when the store is asked.
func (p *Prover) partitions(ctx context.Context, r Request) (Report, error) {
	found := Report{Log: p.epoch, ProvenAt: time.Now().Truncate(time.Millisecond), Partitions: []Partition{}, Drifts: []store.Drift{}}
	extents, err := p.extents(ctx)
	if err != nil {
		return Report{}, err
	}
	all, err := p.stored(ctx)
	if err != nil {
		return Report{}, err
	}
	for number, e := range extents {
		if r.Partition != nil && *r.Partition != number {
			continue
		}
		one, err := p.partition(ctx, number, e, all, r)
		if err != nil {
			return Report{}, err
		}
		found.Partitions = append(found.Partitions, one)
	}
	return found, nil
}

// overlaps looks at the ranges of every row of a partition.
func (p *Prover) overlaps(ctx context.Context, of *Partition) error {
	if of.From > of.To {
		return nil
	}
	total, first, err := p.store.Overlaps(ctx, p.epoch, uint16(of.Partition), uint64(of.From), uint64(of.To), listed)
	of.Overlapping, of.Overlaps = total, offsets(first)
	return err
}

// Register exports what Run finds.
func (p *Prover) Register(r prometheus.Registerer) { r.MustRegister(&collector{prover: p}) }
