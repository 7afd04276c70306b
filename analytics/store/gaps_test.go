package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

// messages writes offsets of a partition into the log, all with one range.
func (f *filer) messages(partition uint16, r store.Range, offsets ...uint64) {
	f.t.Helper()
	entries := make([]store.LogEntry, len(offsets))
	for i, offset := range offsets {
		entries[i] = store.LogEntry{Kind: string(report.AnnexXII), Head: store.Head{
			ReportID: uuid.New(), Revision: 1, StatYear: 2025, FiledAt: f.now, ReceivedAt: f.now,
			Position: store.Position{Epoch: f.epoch, Partition: partition, Offset: offset},
		}}
	}
	require.NoError(f.t, f.store.InsertLog(f.t.Context(), uuid.NewString(), r, entries))
}

func (f *filer) deadLetters(partition uint16, offsets ...uint64) {
	f.t.Helper()
	letters := make([]store.DeadLetter, len(offsets))
	for i, offset := range offsets {
		letters[i] = store.DeadLetter{Position: store.Position{Epoch: f.epoch, Partition: partition, Offset: offset}, Code: "EVT-001", LoggedAt: f.now}
	}
	require.NoError(f.t, f.store.InsertDeadLetters(f.t.Context(), uuid.NewString(), letters))
}

func run(low, high uint64) (offsets []uint64) {
	for o := low; o <= high; o++ {
		offsets = append(offsets, o)
	}
	return offsets
}

func TestGaps(t *testing.T) {
	const window = 65536
	full, long := run(0, window+99), run(0, 2*window+99)
	lacking := func(all []uint64, missing ...store.Range) []uint64 {
		return slices.DeleteFunc(slices.Clone(all), func(o uint64) bool {
			return slices.ContainsFunc(missing, func(r store.Range) bool { return r.Low <= o && o <= r.High })
		})
	}
	without := func(missing ...store.Range) []uint64 { return lacking(full, missing...) }
	one := newFiler(t)
	partition := uint16(0) // of each case its own
	f := func(name string, logged, dead []uint64, from, to uint64, limit int, want ...store.Range) {
		t.Run(name, func(t *testing.T) {
			partition++
			one.messages(partition, store.Range{}, logged...)
			one.deadLetters(partition, dead...)
			got, err := one.store.Gaps(t.Context(), one.epoch, partition, from, to, limit)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
	last := full[len(full)-1]
	f("nothing is stored", nil, nil, 3, 9, 5, store.Range{Low: 3, High: 9})
	f("everything is there", full, nil, 0, last, 5)
	f("backwards", full, nil, 9, 3, 5)
	f("part of a window", full, nil, 17, window+3, 5)
	f("the end is missing", full, nil, 0, last+2*window, 5, store.Range{Low: last + 1, High: last + 2*window})
	f("the beginning is missing", without(store.Range{Low: 0, High: 9}), nil, 0, last, 5, store.Range{Low: 0, High: 9})
	f("one offset", without(store.Range{Low: 4, High: 4}), nil, 0, last, 5, store.Range{Low: 4, High: 4})
	f("a hole beside a repeat", append(without(store.Range{Low: 4, High: 4}), 5), nil, 0, last, 5, store.Range{Low: 4, High: 4})
	f("repeats alone", append(slices.Clone(full), 5, 5, window), nil, 0, last, 5)
	f("a dead letter is there", without(store.Range{Low: 4, High: 4}), []uint64{4}, 0, last, 5)
	f("a dead letter written twice", without(store.Range{Low: 4, High: 5}), []uint64{4, 4}, 0, last, 5, store.Range{Low: 5, High: 5})
	f("across a window", without(store.Range{Low: window - 5, High: window + 5}), nil, 0, last, 5, store.Range{Low: window - 5, High: window + 5})
	end := long[len(long)-1]
	f("a whole window", lacking(long, store.Range{Low: window, High: 2*window - 1}), nil, 0, end, 5, store.Range{Low: window, High: 2*window - 1})
	f("a window and more", lacking(long, store.Range{Low: window - 1, High: 2 * window}), nil, 0, end, 5, store.Range{Low: window - 1, High: 2 * window})
	f("at most the limit", without(store.Range{Low: 1, High: 1}, store.Range{Low: 3, High: 4}, store.Range{Low: window, High: window}), nil, 0, last, 2,
		store.Range{Low: 1, High: 1}, store.Range{Low: 3, High: 4})
	f("the limit cuts no gap", lacking(long, store.Range{Low: window - 3, High: window + 3}, store.Range{Low: 2 * window, High: 2 * window}), nil, 0, end, 1,
		store.Range{Low: window - 3, High: window + 3})
	f("outside of what is asked", without(store.Range{Low: 4, High: 4}, store.Range{Low: 90, High: 99}), nil, 5, 95, 5, store.Range{Low: 90, High: 95})
}

func TestGapsBelongToOnePartitionAndLog(t *testing.T) {
	f := newFiler(t)
	f.messages(1, store.Range{}, 0, 2)
	f.messages(2, store.Range{}, 1)
	info, err := f.store.NewEpoch(t.Context(), "test", "another log")
	require.NoError(t, err)
	old := f.epoch
	f.epoch = info.Epoch
	f.messages(1, store.Range{}, 1)
	got, err := f.store.Gaps(t.Context(), old, 1, 0, 2, 9)
	require.NoError(t, err)
	require.Equal(t, []store.Range{{Low: 1, High: 1}}, got)
}

// Whatever is there, gaps are what a naive walk over the offsets finds.
func TestGapsAreThoseOfANaiveWalk(t *testing.T) {
	s, info := shared.Store(t)
	// Offsets around the border of a window, where mistakes would be.
	const base, span = 65536 - 8, 16
	var partition uint16
	rapid.Check(t, func(rt *rapid.T) {
		partition++
		f := &filer{t: t, store: s, epoch: info.Epoch, now: day(2026, 1, 8)}
		offset := rapid.Uint64Range(base, base+span)
		logged := rapid.SliceOfN(offset, 0, 2*span).Draw(rt, "logged")
		dead := rapid.SliceOfN(offset, 0, span/2).Draw(rt, "dead")
		from, to := offset.Draw(rt, "from"), offset.Draw(rt, "to")
		limit := rapid.IntRange(1, 5).Draw(rt, "limit")
		f.messages(partition, store.Range{}, logged...)
		f.deadLetters(partition, dead...)
		got, err := s.Gaps(t.Context(), info.Epoch, partition, from, to, limit)
		if err != nil {
			rt.Fatal(err)
		}
		want := naiveGaps(slices.Concat(logged, dead), from, to, limit)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			rt.Fatalf("gaps %v, want %v", got, want)
		}
	})
}

func naiveGaps(offsets []uint64, from, to uint64, limit int) (gaps []store.Range) {
	open := false
	for o := from; o <= to; o++ {
		switch {
		case slices.Contains(offsets, o):
			open = false
		case open:
			gaps[len(gaps)-1].High = o
		default:
			open = true
			gaps = append(gaps, store.Range{Low: o, High: o})
		}
	}
	return gaps[:min(limit, len(gaps))]
}

func TestPositions(t *testing.T) {
	f := newFiler(t)
	got, err := f.store.Positions(t.Context(), f.epoch)
	require.NoError(t, err)
	require.Empty(t, got)

	f.messages(0, store.Range{}, 5, 6, 7, 7)
	f.deadLetters(0, 3, 9, 9)
	f.messages(1, store.Range{}, 0)
	f.deadLetters(2, 4)
	got, err = f.store.Positions(t.Context(), f.epoch)
	require.NoError(t, err)
	require.Equal(t, map[uint16]store.StoredPosition{
		0: {Log: 7, Rejected: 9, LogRows: 4, RejectedRows: 2, Lowest: 3},
		1: {Log: 0, Rejected: -1, LogRows: 1, Lowest: 0},
		2: {Log: -1, Rejected: 4, RejectedRows: 1, Lowest: 4},
	}, got)
	require.Equal(t, int64(9), got[0].Highest())

	got, err = f.store.Positions(t.Context(), uuid.New())
	require.NoError(t, err)
	require.Empty(t, got)
}
