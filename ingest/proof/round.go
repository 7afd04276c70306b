package proof

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/store"
)

const (
	// recentOffsets is how many of a partition's newest offsets are looked at for
	// overlapping ranges whenever it is the partition's turn.
	recentOffsets = 100_000
	// widest is more than a range ever has. So far into a slice, ranges may overlap one
	// that begins before the slice.
	widest = 50_000
)

// rounds is what Run remembers from one round to the next. Only Run touches it.
type rounds struct {
	// next begins the next slice of reports.
	next uuid.UUID
	// turn is the partition whose ranges are looked at next, and nextOffset where the next
	// slice of each begins.
	turn       int
	nextOffset map[int]int64
	// drifting and overlapping are what was found and has not been found mended.
	drifting    map[uuid.UUID]store.Drift
	overlapping map[int]map[Offsets]bool
}

// Run proves again and again until ctx ends: in every round all offsets, counted by
// windows, the newest reports, a slice of the older ones, and of one partition the newest
// ranges and a slice of the older ones. What it finds stays until it is found mended.
// A round that fails is logged and tried again at the next.
func (p *Prover) Run(ctx context.Context) {
	r := rounds{nextOffset: map[int]int64{}, drifting: map[uuid.UUID]store.Drift{}, overlapping: map[int]map[Offsets]bool{}}
	for {
		start := time.Now()
		found, err := p.round(ctx, &r)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			p.log.Warn("nothing could be proven this time", "error", err)
		default:
			p.keep(found, time.Since(start))
		}
		if pause(ctx, p.config.Every) != nil {
			return
		}
	}
}

// keep publishes a round.
func (p *Prover) keep(found Report, took time.Duration) {
	if !found.Totals.Clean() {
		p.log.Error("log and store do not agree: run atvsld verify", "found", found.Totals.String())
	}
	p.log.Debug("proven", "found", found.Totals.String(), "took", took)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latest = found
}

// Latest returns what the last round found; its ProvenAt is zero before the first.
func (p *Prover) Latest() Report {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.latest
}

// What may be wrong between log and store; Check wraps them.
var (
	ErrMissing   = errors.New("accepted reports are missing from the store")
	ErrDuplicate = errors.New("messages are stored more than once")
	ErrDrift     = errors.New("figures are not those of the reports")
)

// Check returns an error when the last round found that something is missing, stored
// twice, or drifts. Before the first round nothing is known, and nothing said.
func (p *Prover) Check() error {
	t := p.Latest().Totals
	var errs []error
	if t.Missing > 0 {
		errs = append(errs, fmt.Errorf("%w: %d", ErrMissing, t.Missing))
	}
	if t.Duplicate+t.Overlapping > 0 {
		errs = append(errs, fmt.Errorf("%w: %d offsets, %d overlapping ranges", ErrDuplicate, t.Duplicate, t.Overlapping))
	}
	if t.Drifting > 0 {
		errs = append(errs, fmt.Errorf("%w: %d reports", ErrDrift, t.Drifting))
	}
	return errors.Join(errs...)
}

// round proves the offsets, and of the rest a part.
func (p *Prover) round(ctx context.Context, r *rounds) (Report, error) {
	found, err := p.partitions(ctx, Request{})
	if err != nil {
		return Report{}, err
	}
	if err := p.rangesInTurn(ctx, r, found.Partitions); err != nil {
		return Report{}, err
	}
	for i := range found.Partitions {
		one := &found.Partitions[i]
		one.Overlaps = slices.SortedFunc(maps.Keys(r.overlapping[one.Partition]), byLow)
		one.Overlapping = uint64(len(one.Overlaps))
	}
	if err := p.driftInTurn(ctx, r); err != nil {
		return Report{}, err
	}
	found.Drifting = uint64(len(r.drifting))
	found.Drifts = slices.Collect(maps.Values(r.drifting))
	found.sum()
	return found, nil
}

// rangesInTurn looks at the newest ranges of one partition and at a slice of its others.
func (p *Prover) rangesInTurn(ctx context.Context, r *rounds, partitions []Partition) error {
	one := partitions[r.turn%len(partitions)]
	r.turn++
	if one.From > one.To {
		return nil
	}
	newest := max(one.From, one.To-recentOffsets+1)
	if err := p.ranges(ctx, r, one, newest, one.To); err != nil {
		return err
	}
	low := max(one.From, r.nextOffset[one.Partition])
	if low >= newest {
		low = one.From // once through: from the beginning
	}
	high := min(low+p.config.SliceOffsets, newest) - 1
	if low > high {
		return nil
	}
	// The next slice begins within this one, or ranges on the border were never compared.
	r.nextOffset[one.Partition] = max(low+1, high-widest)
	return p.ranges(ctx, r, one, low, high)
}

// ranges looks at the ranges of rows from from to to, and forgets those that are mended.
func (p *Prover) ranges(ctx context.Context, r *rounds, one Partition, from, to int64) error {
	partition := one.Partition
	_, first, err := p.store.Overlaps(ctx, p.epoch, uint16(partition), uint64(from), uint64(to), listed)
	if err != nil {
		return err
	}
	if r.overlapping[partition] == nil {
		r.overlapping[partition] = map[Offsets]bool{}
	}
	seen := from
	if from > one.From {
		seen += widest
	}
	maps.DeleteFunc(r.overlapping[partition], func(o Offsets, _ bool) bool {
		return int64(o.Low) >= seen && int64(o.Low) <= to
	})
	for _, o := range offsets(first) {
		r.overlapping[partition][o] = true
	}
	return nil
}

func byLow(a, b Offsets) int { return cmp.Or(cmp.Compare(a.Low, b.Low), cmp.Compare(a.High, b.High)) }

// driftInTurn looks at the newest reports, at those that drifted, and at the next slice.
func (p *Prover) driftInTurn(ctx context.Context, r *rounds) error {
	newest, err := p.store.Recent(ctx, p.epoch)
	if err != nil {
		return err
	}
	slice, last, err := p.store.Slice(ctx, r.next, p.config.SliceRows)
	if err != nil {
		return err
	}
	scopes := []store.Scope{newest, slice}
	if known := slices.Collect(maps.Keys(r.drifting)); len(known) > 0 {
		scopes = append(scopes, store.Scope{IDs: known[:min(len(known), listed)]})
	}
	for _, scope := range scopes {
		_, found, err := p.drift(ctx, scope)
		if err != nil {
			return err
		}
		// What is looked at now is either found again or mended.
		maps.DeleteFunc(r.drifting, func(id uuid.UUID, _ store.Drift) bool { return scope.Holds(id) })
		for _, d := range found {
			r.drifting[d.ReportID] = d
		}
	}
	if r.next = slice.Next(); last {
		r.next = uuid.Nil
	}
	return nil
}
