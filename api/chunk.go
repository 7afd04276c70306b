package api

import (
	"context"
	"time"

	"atvsld/ingest/intake"
)

// file submits a chunk. What the log could not take now is tried again for a while,
// and with it what was refused only because its forerunner was not taken. Nobody waits
// when the server stops.
func (b *batchRun) file(ctx context.Context, items []intake.Item) []intake.Outcome {
	ctx, giveUp := b.server.untilStop(ctx)
	defer giveUp()
	outcomes := b.try(ctx, items)
	patience := time.Now().Add(b.server.config.BatchPatience)
	for wait := 100 * time.Millisecond; time.Now().Before(patience); wait = min(2*wait, time.Second) {
		again := unsettled(outcomes)
		if len(again) == 0 || !sleep(ctx, wait) {
			break
		}
		repeated := make([]intake.Item, len(again))
		for i, at := range again {
			repeated[i] = items[at]
		}
		for i, out := range b.try(ctx, repeated) {
			outcomes[again[i]] = out
		}
	}
	return outcomes
}

func (b *batchRun) try(ctx context.Context, items []intake.Item) []intake.Outcome {
	release, ok := b.server.chunks.acquire(ctx)
	if !ok {
		outcomes := make([]intake.Outcome, len(items))
		for i, item := range items {
			outcomes[i] = intake.Outcome{Row: item.Row, State: intake.Busy, RetryAfter: defaultRetry}
		}
		return outcomes
	}
	defer release()
	if b.ask.dryRun {
		return b.check(items)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.server.config.SubmitTimeout)
	defer cancel()
	return b.server.Gateway.Submit(ctx, b.by, items)
}

func (b *batchRun) check(items []intake.Item) []intake.Outcome {
	outcomes := make([]intake.Outcome, len(items))
	for i, item := range items {
		outcomes[i] = b.server.Gateway.Check(b.by, item)
		outcomes[i].Row = item.Row
	}
	return outcomes
}

// unsettled returns the places of the rows worth another try. Unconfirmed ones are:
// filing the very same again is safe.
func unsettled(outcomes []intake.Outcome) []int {
	var again, stale []int
	for i, out := range outcomes {
		switch out.State {
		case intake.Busy, intake.Unconfirmed:
			again = append(again, i)
		case intake.Stale:
			stale = append(stale, i)
		}
	}
	if len(again) == 0 {
		return nil
	}
	return append(again, stale...)
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
