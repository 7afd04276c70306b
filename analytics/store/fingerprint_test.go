package store_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
)

// Ids that end or begin with zeros, and both halves of which are the same, are where a
// number that is sent as text could lose bytes.
func TestFingerprintsOfTheStoreAreThoseOfTheProgram(t *testing.T) {
	s, info := shared.Store(t)
	ids := []uuid.UUID{{15: 1}, {0: 1}, {7: 1}, {8: 1}, {0: 255, 8: 255}, {0: 127, 8: 127}, uuid.Max}
	for range 500 {
		ids = append(ids, uuid.New())
	}
	var entries []store.LogEntry
	var want, requests []uint64
	for i, id := range ids {
		for revision := range uint32(2) {
			e := store.LogEntry{Kind: "annex_xii", Payload: []byte(`{}`), Head: store.Head{
				ReportID: id, Revision: revision + 1, StatYear: 2025, Unit: "u", FiledAt: day(2025, 1, 1), ReceivedAt: day(2025, 1, 1),
				Position: store.Position{Epoch: info.Epoch, Offset: uint64(len(entries))},
			}}
			if i%3 == 0 {
				e.RequestID = ids[len(ids)-1-i]
				requests = append(requests, store.Fingerprint(e.RequestID))
			}
			entries = append(entries, e)
			want = append(want, store.Fingerprint(id))
		}
	}
	require.NoError(t, s.InsertLog(t.Context(), "one", store.Range{High: uint64(len(entries) - 1)}, entries))

	// 7 does not divide the revisions: a stretch would end between two of one report.
	for _, most := range []int{7, 10_000} {
		var got, gotRequests []uint64
		for after := uuid.Nil; ; {
			found, err := s.Fingerprints(t.Context(), after, most)
			require.NoError(t, err)
			if len(found.Reports) == 0 {
				break
			}
			got, gotRequests = append(got, found.Reports...), append(gotRequests, found.Requests...)
			after = found.Last
		}
		require.ElementsMatch(t, want, got)
		slices.Sort(gotRequests)
		slices.Sort(requests)
		require.Equal(t, requests, gotRequests)
	}
}
