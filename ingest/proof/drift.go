package proof

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/store"
)

// A report that drifts is asked for again: the sink may just be storing a range anew that
// a crash left open. It takes at most a moment.
const (
	confirmations = 3
	confirmAfter  = 700 * time.Millisecond
)

// verifySlice is how many rows of report_log one query of a verification compares.
const verifySlice = 200_000

// allDrift compares the current row of every report.
func (p *Prover) allDrift(ctx context.Context, found *Report) error {
	var low uuid.UUID
	for {
		slice, last, err := p.store.Slice(ctx, low, verifySlice)
		if err != nil {
			return err
		}
		total, drifts, err := p.drift(ctx, slice)
		if err != nil {
			return err
		}
		found.Drifting += total
		found.Drifts = append(found.Drifts, drifts[:min(len(drifts), listed-len(found.Drifts))]...)
		if last {
			return nil
		}
		low = slice.Next()
	}
}

// drift returns the reports of scope that drift and go on doing so. Of more than listed
// the rest is counted as it was found first.
func (p *Prover) drift(ctx context.Context, scope store.Scope) (total uint64, drifts []store.Drift, err error) {
	total, drifts, err = p.store.Drifting(ctx, p.epoch, scope, listed)
	for range confirmations {
		if err != nil || len(drifts) == 0 {
			return total, drifts, err
		}
		if err := pause(ctx, confirmAfter); err != nil {
			return 0, nil, err
		}
		beyond := total - uint64(len(drifts))
		if beyond > 0 {
			// Too many to name: only the whole scope tells whether they still do.
			total, drifts, err = p.store.Drifting(ctx, p.epoch, scope, listed)
			continue
		}
		before := drifts
		_, drifts, err = p.store.Drifting(ctx, p.epoch, store.Scope{IDs: idsOf(drifts)}, listed)
		drifts = slices.DeleteFunc(drifts, func(d store.Drift) bool { return !slices.ContainsFunc(before, same(d)) })
		total = uint64(len(drifts))
	}
	return total, drifts, err
}

// same tells whether a report drifts as it did: one that differs in another way now is
// being written.
func same(a store.Drift) func(store.Drift) bool {
	return func(b store.Drift) bool {
		return a.ReportID == b.ReportID && slices.Equal(a.Logged, b.Logged) && slices.Equal(a.Current, b.Current)
	}
}

func idsOf(drifts []store.Drift) []uuid.UUID {
	ids := make([]uuid.UUID, len(drifts))
	for i, d := range drifts {
		ids[i] = d.ReportID
	}
	return ids
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("wait: %w", ctx.Err())
	case <-timer.C:
		return nil
	}
}
