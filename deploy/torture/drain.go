package torture

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/ingest/queue"
)

const (
	// drainPoll is how often the oracle looks whether the sinks are done.
	drainPoll = 200 * time.Millisecond
	// standstill is how long nothing may be stored before what is missing is called
	// lost: longer than a session of a dead sink, a rebalance and the pauses between
	// attempts take together.
	standstill = 75 * time.Second
	// settled is how long a missing place may stay so after its offset was committed.
	settled = 5 * time.Second
)

// drain waits until the store has every place of the log, or nothing moves any more.
func (p *platform) drain(ctx context.Context) error {
	moved, committed := time.Now(), time.Time{}
	before := -1
	for {
		missing, err := p.missing(ctx)
		if err != nil {
			return err
		}
		if missing != before {
			before, moved = missing, time.Now()
		}
		if missing == 0 {
			return nil
		}
		if !p.committed(ctx) {
			committed = time.Time{}
		} else if committed.IsZero() {
			committed = time.Now()
		}
		if time.Since(moved) > standstill || !committed.IsZero() && time.Since(committed) > settled {
			return nil // the oracle will say what is missing
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		sleep(ctx, drainPoll)
	}
}

// missing counts the places of the log that the store does not have.
func (p *platform) missing(ctx context.Context) (int, error) {
	bounds, err := p.bounds(ctx)
	if err != nil {
		return 0, err
	}
	places, err := p.places(ctx)
	if err != nil {
		return 0, err
	}
	missing := 0
	for partition, b := range bounds {
		missing += int(b.end-b.begin) - int(places[partition].places)
	}
	return missing, nil
}

// committed tells whether the sinks say that they have stored everything.
func (p *platform) committed(ctx context.Context) bool {
	bounds, err := p.bounds(ctx)
	if err != nil {
		return false
	}
	offsets, err := queue.Committed(ctx, queue.At(p.brokers...), partitions)
	if err != nil {
		return false
	}
	for partition, b := range bounds {
		if b.end > 0 && offsets[partition] < b.end {
			return false
		}
	}
	return true
}

// place is what the store has of a partition.
type place struct{ rows, places, low, high uint64 }

func (p *platform) places(ctx context.Context) (map[int]place, error) {
	places := make(map[int]place)
	err := p.each(ctx, query("positions"), nil, func(rows driver.Rows) error {
		var partition uint16
		var s place
		err := rows.Scan(&partition, &s.rows, &s.places, &s.low, &s.high)
		places[int(partition)] = s
		return err
	})
	return places, err
}
