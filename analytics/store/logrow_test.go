package store_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

// payloads writes copies of reports, each with payloads of the sizes given for it.
func (f *filer) payloads(sizes map[uuid.UUID][]int) {
	f.t.Helper()
	var entries []store.LogEntry
	for id, copies := range sizes {
		for i, size := range copies {
			entries = append(entries, store.LogEntry{Kind: string(report.AnnexXII), Payload: bytes.Repeat([]byte{'x'}, size), Head: store.Head{
				ReportID: id, Revision: uint32(i + 1), StatYear: 2025, FiledAt: f.now, ReceivedAt: f.now,
				Position: store.Position{Epoch: f.epoch, Offset: uint64(len(entries))},
			}})
		}
	}
	require.NoError(f.t, f.store.InsertLog(f.t.Context(), uuid.NewString(), store.Range{High: uint64(len(entries)) - 1}, entries))
}

// Portions of a scope hold every row once, all copies of a report together, and no more
// bytes than asked for unless one report has more.
func TestPortionsFitIntoMemory(t *testing.T) {
	f := newFiler(t)
	sizes := map[uuid.UUID][]int{}
	for i := range 40 {
		sizes[uuid.New()] = [][]int{{100}, {0}, {100, 250, 30}, {900, 900}}[i%4]
	}
	f.payloads(sizes)
	positions, err := f.store.Positions(t.Context(), f.epoch)
	require.NoError(t, err)
	var ids []uuid.UUID
	for id := range sizes {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	rapid.Check(t, func(rt *rapid.T) {
		most := rapid.IntRange(1, 3000).Draw(rt, "bytes")
		low := rapid.IntRange(0, len(ids)-1).Draw(rt, "low")
		high := rapid.IntRange(low, len(ids)-1).Draw(rt, "high")
		want := ids[low : high+1]
		scope := store.Scope{Low: want[0], High: want[len(want)-1]}
		if rapid.Bool().Draw(rt, "list") {
			scope = store.Scope{IDs: slices.Clone(want)}
		}
		portions, err := f.store.Portions(t.Context(), scope, uint64(most))
		require.NoError(rt, err)
		seen := map[uuid.UUID]int{}
		for _, portion := range portions {
			rows, err := f.store.LogRows(t.Context(), f.epoch, portion, positions, time.Time{})
			require.NoError(rt, err)
			size, reports := 0, map[uuid.UUID]bool{}
			for _, r := range rows {
				size, reports[r.ReportID] = size+len(r.Payload), true
				seen[r.ReportID]++
			}
			require.True(rt, size <= most || len(reports) == 1, "%d bytes of %d reports, at most %d", size, len(reports), most)
			for id := range reports {
				require.Equal(rt, len(sizes[id]), seen[id], "all copies in one portion")
			}
		}
		require.Len(rt, seen, len(want))
	})
	all, err := f.store.Portions(t.Context(), store.All(), 1<<30)
	require.NoError(t, err)
	require.Equal(t, []store.Scope{store.All()}, all, "also ids that the log does not have")
}
