package api

import (
	"context"
	"time"

	"atvsld/ingest/intake"
)

// readChunk is a chunk on its way: its lines, and what the gateway reads of them.
type readChunk struct {
	lines []line
	items []intake.Item
	// by is who files it; problem says that he no longer may, and that nothing follows.
	by      intake.Principal
	problem *Problem
	// read is nil when there was no place for it, or for a dry run.
	read *intake.Chunk
}

// readAhead reads the chunk that comes next while the one before it is filed: filing is
// mostly waiting for the log, reading is computing. It ends with the rows or ctx.
func (b *batchRun) readAhead(ctx context.Context, first []line, rows <-chan line) <-chan readChunk {
	chunks := make(chan readChunk)
	b.ahead.Go(func() {
		defer close(chunks)
		for lines := first; len(lines) > 0; lines = b.collect(rows) {
			chunk := b.read(ctx, lines)
			select {
			case chunks <- chunk:
			case <-ctx.Done():
				return
			}
			if chunk.problem != nil {
				return
			}
		}
	})
	return chunks
}

// read takes a place only while it computes: whoever held one while he waits for his
// turn to file could keep those from filing who have theirs.
func (b *batchRun) read(ctx context.Context, lines []line) readChunk {
	chunk := readChunk{lines: lines}
	if chunk.by, chunk.problem = b.server.again(ctx); chunk.problem != nil {
		return chunk
	}
	for _, one := range lines {
		if !one.tooLong {
			chunk.items = append(chunk.items, intake.Item{Raw: one.raw, Row: one.row, IdempotencyKey: b.ask.key})
		}
	}
	if b.ask.dryRun {
		return chunk
	}
	release, ok := b.server.chunks.acquire(ctx)
	if !ok {
		return chunk
	}
	defer release()
	chunk.read = b.server.Gateway.Read(chunk.by, chunk.items)
	return chunk
}

// file files a chunk. What the log could not take now is tried again for a while, and
// with it what was refused only because its forerunner was not taken. Nobody waits when
// the server stops.
func (b *batchRun) file(ctx context.Context, chunk readChunk) []intake.Outcome {
	ctx, giveUp := b.server.untilStop(ctx)
	defer giveUp()
	items := chunk.items
	outcomes := b.try(ctx, chunk.by, items, chunk.read)
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
		for i, out := range b.try(ctx, chunk.by, repeated, nil) {
			outcomes[again[i]] = out
		}
	}
	return outcomes
}

// try files items, which have been read already unless read is nil.
func (b *batchRun) try(ctx context.Context, by intake.Principal, items []intake.Item, read *intake.Chunk) []intake.Outcome {
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
		return b.check(by, items)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.server.config.SubmitTimeout)
	defer cancel()
	if read == nil {
		read = b.server.Gateway.Read(by, items)
	}
	return b.server.Gateway.File(ctx, read)
}

func (b *batchRun) check(by intake.Principal, items []intake.Item) []intake.Outcome {
	outcomes := make([]intake.Outcome, len(items))
	for i, item := range items {
		outcomes[i] = b.server.Gateway.Check(by, item)
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
