package store

import (
	"context"
	_ "embed" // the queries
	"fmt"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Offsets are proven by windows: a window whose number of rows and sum of hashes is that
// of all offsets between its lowest and highest has no hole and no repeat there.
const (
	windowBits = 16
	windowSize = 1 << windowBits
	// deepWindows bounds how many windows one query looks into offset by offset.
	deepWindows = 64
)

// window is what a table has of a window of offsets.
type window struct {
	number    uint64
	rows      uint64
	low, high uint64
	hashes    uint64
}

func (w window) first() uint64 { return w.number << windowBits }
func (w window) last() uint64  { return w.first() + windowSize - 1 }

// whole tells that every offset from low to high is there exactly once.
func (w window) whole() bool {
	return w.rows == w.high-w.low+1 && w.hashes == hashesOf(w.low, w.high)
}

// full keeps the sums of whole windows, which most are: one number for 65,536 offsets.
var full sync.Map

// hashesOf sums the hashes of the offsets from low to high, both in one window.
func hashesOf(low, high uint64) (sum uint64) {
	whole := high-low+1 == windowSize
	if whole {
		if known, ok := full.Load(low); ok {
			return known.(uint64)
		}
	}
	for offset := low; offset <= high; offset++ {
		sum += offsetHash(offset)
	}
	if whole {
		full.Store(low, sum)
	}
	return sum
}

// offsetHash is ClickHouse's intHash64.
func offsetHash(x uint64) uint64 {
	x ^= 0x4CF2D2BAAE6DA887
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return x
}

//go:embed sql/proof/windows.sql
var windowsSQL string

//go:embed sql/proof/dead_windows.sql
var deadWindowsSQL string

//go:embed sql/proof/gaps.sql
var gapsSQL string

// Gaps returns the runs of offsets in [from, to] of a partition that neither report_log
// nor dead_letter has, each as long as it can be, ascending, at most limit. Windows of
// offsets are counted first; only those that do not add up are looked into. Like
// Positions it sees every insert that was answered before.
func (s *Store) Gaps(ctx context.Context, epoch uuid.UUID, partition uint16, from, to uint64, limit int) ([]Range, error) {
	if from > to || limit < 1 {
		return nil, nil
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	at := place{epoch, partition, from, to}
	stretches, err := s.survey(ctx, at)
	if err != nil {
		return nil, err
	}
	var gaps []Range
	for _, part := range stretches {
		if len(gaps) > limit {
			break // the last of limit gaps is known to have ended
		}
		found := []Range{part.Range}
		if !part.empty {
			at.from, at.to = part.Low, part.High
			if found, err = s.gapsIn(ctx, at, limit+1); err != nil {
				return nil, err
			}
		}
		gaps = joined(gaps, found)
	}
	return gaps[:min(len(gaps), limit)], nil
}

// place is a range of offsets of one partition of one log.
type place struct {
	epoch     uuid.UUID
	partition uint16
	from, to  uint64
}

func (p place) parameters() parameters {
	return parameters{"epoch": p.epoch.String(), "partition": p.partition, "from": p.from, "to": p.to}
}

// survey counts both tables by windows and returns what does not add up.
func (s *Store) survey(ctx context.Context, at place) ([]stretch, error) {
	if at.to > maxOffset {
		return nil, fmt.Errorf("%w: offset %d is above %d", ErrRow, at.to, maxOffset)
	}
	logged, err := s.windowsOf(ctx, windowsSQL, at)
	if err != nil {
		return nil, fmt.Errorf("count report_log: %w", err)
	}
	dead, err := s.windowsOf(ctx, deadWindowsSQL, at)
	if err != nil {
		return nil, fmt.Errorf("count dead_letter: %w", err)
	}
	return survey(added(logged, dead), Range{at.from, at.to}), nil
}

func (s *Store) windowsOf(ctx context.Context, query string, at place) ([]window, error) {
	var windows []window
	err := each(ctx, s.write, query, at.parameters(), func(rows driver.Rows) error {
		var w window
		if err := rows.Scan(&w.number, &w.rows, &w.low, &w.high, &w.hashes); err != nil {
			return err
		}
		windows = append(windows, w)
		return nil
	})
	return windows, err
}

// added merges two ascending lists and adds windows of the same number.
func added(a, b []window) []window {
	all := make([]window, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].number < b[0].number:
			all, a = append(all, a[0]), a[1:]
		case b[0].number < a[0].number:
			all, b = append(all, b[0]), b[1:]
		default:
			all = append(all, window{
				number: a[0].number, rows: a[0].rows + b[0].rows, hashes: a[0].hashes + b[0].hashes,
				low: min(a[0].low, b[0].low), high: max(a[0].high, b[0].high),
			})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// stretch is a range that is empty, or has to be looked into.
type stretch struct {
	Range
	empty bool
}

// survey divides asked by what the windows tell: what is whole is left out.
func survey(windows []window, asked Range) []stretch {
	var found []stretch
	next := asked.Low // everything below is dealt with
	for _, w := range windows {
		inside := Range{max(w.low, asked.Low), min(w.high, asked.High)}
		if w.high < next || w.low > asked.High {
			continue // only what was not asked for
		}
		whole := w.whole()
		if !whole {
			inside = Range{max(w.first(), next), min(w.last(), asked.High)}
		}
		if inside.Low > next {
			found = append(found, stretch{Range{next, inside.Low - 1}, true})
		}
		if !whole {
			found = deepen(found, inside)
		}
		next = inside.High + 1
	}
	if next <= asked.High {
		found = append(found, stretch{Range{next, asked.High}, true})
	}
	return found
}

// deepen adds a range to look into, to the one before if they touch.
func deepen(found []stretch, r Range) []stretch {
	if n := len(found); n > 0 {
		last := &found[n-1]
		if !last.empty && last.High+1 == r.Low && r.High-last.Low < deepWindows*windowSize {
			last.High = r.High
			return found
		}
	}
	return append(found, stretch{r, false})
}

// gapsIn looks at every offset of a range.
func (s *Store) gapsIn(ctx context.Context, at place, limit int) ([]Range, error) {
	var gaps []Range
	err := each(ctx, s.write, gapsSQL, with(at.parameters(), "limit", limit), func(rows driver.Rows) error {
		var r Range
		if err := rows.Scan(&r.Low, &r.High); err != nil {
			return err
		}
		gaps = append(gaps, r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the gaps of partition %d from %d to %d: %w", at.partition, at.from, at.to, err)
	}
	return gaps, nil
}

// joined appends ascending ranges to ascending ranges and joins two that touch.
func joined(all, more []Range) []Range {
	for _, r := range more {
		if n := len(all); n > 0 && all[n-1].High+1 == r.Low {
			all[n-1].High = r.High
			continue
		}
		all = append(all, r)
	}
	return all
}
