package proof

import (
	"context"
	"errors"
	"io"
	"time"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
)

// listed is how many gaps, overlaps, drifting reports and differing figures are listed;
// all are counted.
const listed = 100

// extents asks the log, and leaves out commits of other logs.
func (p *Prover) extents(ctx context.Context) ([]queue.Extent, error) {
	extents, err := queue.Extents(ctx, p.config.Brokers, p.config.Partitions)
	for i, e := range extents {
		extents[i] = e.Of(p.epoch)
	}
	return extents, err
}

// bounds cuts what is asked for down to what there is. The log begins where it began when
// the store began with it, or with the lowest offset that it still has or that the store
// has of it: what the log has forgotten since was stored before, or is missing.
func bounds(e queue.Extent, beginning int64, stored store.StoredPosition, known bool, asked Request) (from, to int64) {
	from, to = min(e.First, beginning), e.End-1
	if known {
		from, to = min(from, stored.Lowest), max(to, stored.Highest())
	}
	if asked.From != nil {
		from = max(from, *asked.From)
	}
	if asked.To != nil {
		to = min(to, *asked.To)
	}
	return from, to
}

// stored is what the store says of all partitions.
type stored struct {
	positions  map[uint16]store.StoredPosition
	beginnings map[uint16]int64
}

func (p *Prover) stored(ctx context.Context) (all stored, err error) {
	if all.positions, err = p.store.Positions(ctx, p.epoch); err != nil {
		return stored{}, err
	}
	all.beginnings, err = p.store.Beginnings(ctx, p.epoch)
	return all, err
}

// partition proves one partition, without overlaps.
func (p *Prover) partition(ctx context.Context, number int, e queue.Extent, all stored, asked Request) (Partition, error) {
	position, known := all.positions[uint16(number)]
	beginning, recorded := all.beginnings[uint16(number)]
	if !recorded {
		beginning = e.First
	}
	found := Partition{Partition: number, First: e.First, End: e.End, Committed: e.Committed, Gaps: []Offsets{}, Overlaps: []Offsets{}}
	found.From, found.To = bounds(e, beginning, position, known, asked)
	if found.From > found.To {
		return found, nil
	}
	// What is below the committed offset has to be there; what is behind it may be.
	settled := min(found.To, max(e.Committed, found.From)-1)
	below, err := p.holding(ctx, number, found.From, settled)
	if err != nil {
		return Partition{}, err
	}
	behind, err := p.holding(ctx, number, settled+1, found.To)
	if err != nil {
		return Partition{}, err
	}
	found.Accepted = uint64(found.To - found.From + 1)
	found.Stored, found.Rejected = below.Logged+behind.Logged, below.Rejected+behind.Rejected
	found.Unstored = below.Missing + behind.Missing
	found.Missing, found.Duplicate = below.Missing, below.Duplicate+behind.Duplicate
	found.Gaps = offsets(below.Gaps)
	found.LagSeconds, err = p.lag(ctx, number, e, append(below.Gaps, behind.Gaps...))
	return found, err
}

func (p *Prover) holding(ctx context.Context, partition int, from, to int64) (store.Holding, error) {
	if from > to {
		return store.Holding{}, nil
	}
	return p.store.Holding(ctx, p.epoch, uint16(partition), uint64(from), uint64(to), listed)
}

// lag is the age of the oldest message that is not stored.
func (p *Prover) lag(ctx context.Context, partition int, e queue.Extent, gaps []store.Range) (float64, error) {
	if len(gaps) == 0 {
		return 0, nil
	}
	oldest := max(int64(gaps[0].Low), e.First)
	if oldest >= e.End {
		return 0, nil
	}
	at, err := queue.LoggedAt(ctx, p.config.Brokers, partition, oldest)
	if errors.Is(err, io.EOF) {
		return 0, nil // it has left the log meanwhile
	}
	if err != nil {
		return 0, err
	}
	return max(0, time.Since(at).Seconds()), nil
}
