package store_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/store"
)

func TestHolding(t *testing.T) {
	const window = 65536
	f := newFiler(t)
	var logged []uint64
	for _, o := range run(0, window+9) {
		if o != 7 && o != 8 && o != window {
			logged = append(logged, o)
		}
	}
	f.messages(0, store.Range{}, append(logged, 3, 3, window+1)...) // three repeats
	f.deadLetters(0, 8, 8, 5)                                       // 8 twice is one; 5 is stored as well
	holds := func(from, to uint64, limit int) store.Holding {
		t.Helper()
		h, err := f.store.Holding(t.Context(), f.epoch, 0, from, to, limit)
		require.NoError(t, err)
		return h
	}
	require.Equal(t, store.Holding{
		Logged: window + 10 - 4, Rejected: 2, Missing: 2, Gaps: []store.Range{{Low: 7, High: 7}, {Low: window, High: window}}, Duplicate: 4,
	}, holds(0, window+9, 9))
	require.Equal(t, []store.Range{{Low: 7, High: 7}}, holds(0, window+9, 1).Gaps)
	require.Equal(t, store.Holding{Logged: 3, Duplicate: 2}, holds(2, 4, 9))
	require.Equal(t, store.Holding{Missing: 4, Gaps: []store.Range{{Low: 5 * window, High: 5*window + 3}}}, holds(5*window, 5*window+3, 9))
	require.Equal(t, store.Holding{}, holds(4, 2, 9))
}

// Whatever is there, a holding is what a naive count gives, in any part of it.
func TestHoldingIsThatOfANaiveCount(t *testing.T) {
	s, info := shared.Store(t)
	const base, span = 65536 - 8, 16
	var partition uint16
	rapid.Check(t, func(rt *rapid.T) {
		partition++
		f := &filer{t: t, store: s, epoch: info.Epoch, now: day(2026, 1, 8)}
		offset := rapid.Uint64Range(base, base+span)
		logged := rapid.SliceOfN(offset, 0, 2*span).Draw(rt, "logged")
		dead := rapid.SliceOfN(offset, 0, span/2).Draw(rt, "dead")
		from, to := offset.Draw(rt, "from"), offset.Draw(rt, "to")
		f.messages(partition, store.Range{}, logged...)
		f.deadLetters(partition, dead...)
		got, err := s.Holding(t.Context(), info.Epoch, partition, from, to, 99)
		if err != nil {
			rt.Fatal(err)
		}
		want := naiveHolding(logged, dead, from, to)
		if got.Logged != want.Logged || got.Rejected != want.Rejected || got.Missing != want.Missing || got.Duplicate != want.Duplicate ||
			!slices.Equal(got.Gaps, want.Gaps) {
			rt.Fatalf("holding %+v, want %+v", got, want)
		}
	})
}

func naiveHolding(logged, dead []uint64, from, to uint64) (h store.Holding) {
	for o := from; o <= to; o++ {
		copies := uint64(0)
		for _, l := range logged {
			if l == o {
				copies++
			}
		}
		rejected := slices.Contains(dead, o)
		switch {
		case rejected:
			h.Rejected++
			h.Duplicate += copies
		case copies == 0:
			h.Missing++
		default:
			h.Logged++
			h.Duplicate += copies - 1
		}
	}
	h.Gaps = naiveGaps(slices.Concat(logged, dead), from, to, 99)
	return h
}

func TestOverlaps(t *testing.T) {
	f := func(name string, ranges []store.Range, wantTotal uint64, want ...store.Range) {
		t.Run(name, func(t *testing.T) {
			f := newFiler(t)
			for _, r := range ranges {
				f.messages(3, r, run(r.Low, r.High)...)
			}
			total, first, err := f.store.Overlaps(t.Context(), f.epoch, 3, 0, 99, 2)
			require.NoError(t, err)
			require.Equal(t, wantTotal, total)
			require.Equal(t, want, first)
		})
	}
	f("none", nil, 0)
	f("side by side", []store.Range{{Low: 0, High: 4}, {Low: 5, High: 5}, {Low: 6, High: 9}}, 0)
	f("identical", []store.Range{{Low: 0, High: 4}, {Low: 0, High: 4}}, 0)
	f("one inside another", []store.Range{{Low: 0, High: 9}, {Low: 2, High: 3}, {Low: 5, High: 5}}, 2, store.Range{Low: 2, High: 3}, store.Range{Low: 5, High: 5})
	f("same beginning", []store.Range{{Low: 0, High: 4}, {Low: 0, High: 6}}, 1, store.Range{Low: 0, High: 6})
	f("touching by one", []store.Range{{Low: 0, High: 4}, {Low: 4, High: 6}}, 1, store.Range{Low: 4, High: 6})
	f("more than asked for", []store.Range{{Low: 0, High: 9}, {Low: 1, High: 1}, {Low: 2, High: 2}, {Low: 3, High: 3}}, 3, store.Range{Low: 1, High: 1}, store.Range{Low: 2, High: 2})
}

func TestHoldingOfAnUnknownLogIsNothing(t *testing.T) {
	f := newFiler(t)
	f.messages(0, store.Range{}, 0, 1)
	h, err := f.store.Holding(t.Context(), uuid.New(), 0, 0, 1, 5)
	require.NoError(t, err)
	require.Equal(t, uint64(2), h.Missing)
}
