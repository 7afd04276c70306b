package torture

import (
	"bufio"
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"atvsld/api"
)

const (
	// mostRows bounds a bulk filing, bulkPause is the longest pause after one.
	mostRows  = 150
	bulkPause = 2 * time.Second
)

// workInBulk files many revisions at once: those rows that have no receipt when the
// answer ends, or breaks off, are filed again.
func (f *filers) workInBulk(ctx context.Context, r *rand.Rand) {
	for f.begin(ctx) {
		lives := f.takeMany(1 + r.IntN(mostRows))
		open := lives
		for turn := r.IntN(len(f.doors)); len(open) > 0 && ctx.Err() == nil; turn++ {
			open = f.fileRows(ctx, f.doors[turn%len(f.doors)], open)
			sleep(ctx, 200*time.Millisecond)
		}
		for _, l := range lives {
			f.giveBack(l, l.next == len(l.steps))
		}
		f.working.Done()
		sleep(ctx, time.Duration(r.Int64N(int64(bulkPause))))
	}
}

// takeMany begins new lives; those whose first step is a race are left to others.
func (f *filers) takeMany(n int) []*life {
	f.mu.Lock()
	defer f.mu.Unlock()
	var lives []*life
	for range n {
		f.lives++
		l := newLife(f.seed, f.lives)
		if len(l.steps[0].contents) > 1 {
			f.open = append(f.open, l)
			continue
		}
		lives = append(lives, l)
	}
	return lives
}

// fileRows files the next step of each life and returns those that have no receipt.
func (f *filers) fileRows(ctx context.Context, door string, lives []*life) []*life {
	var body bytes.Buffer
	for _, l := range lives {
		body.Write(l.steps[l.next].contents[0].raw)
		body.WriteByte('\n')
	}
	accepted := make(map[int]bool)
	f.readRows(ctx, door, body.Bytes(), func(row api.BatchRow) {
		f.ledger.answered(row.Status)
		if row.Row < 1 || row.Row > len(lives) {
			f.ledger.note("an answer to row %d of %d", row.Row, len(lives))
			return
		}
		l := lives[row.Row-1]
		switch {
		case row.Receipt != nil:
			if err := f.ledger.accept(l.steps[l.next].contents[0], false, row.Receipt.Receipt); err != nil {
				f.ledger.note("%v", err)
			}
			accepted[row.Row] = true
		case row.Status != http.StatusServiceUnavailable && row.Status != http.StatusPreconditionFailed:
			f.ledger.note("row answered %d: %v", row.Status, row.Errors)
		}
	})
	var open []*life
	for i, l := range lives {
		if accepted[i+1] {
			l.next++
			continue
		}
		open = append(open, l)
	}
	return open
}

// readRows posts a batch and calls each for every answer that comes, for as long as
// they come.
func (f *filers) readRows(ctx context.Context, door string, body []byte, each func(api.BatchRow)) {
	request, err := f.request(ctx, "http://"+door+"/v1/reports:batch", "application/x-ndjson", body)
	if err != nil {
		return
	}
	response, err := f.client.Do(request)
	if err != nil {
		f.ledger.answered(0)
		return
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		f.ledger.answered(response.StatusCode)
		return
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row api.BatchRow
		if json.Unmarshal(lines.Bytes(), &row) == nil && row.Row > 0 {
			each(row)
		}
	}
}
