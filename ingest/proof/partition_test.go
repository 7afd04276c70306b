package proof

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
)

func TestBounds(t *testing.T) {
	of := func(n int64) *int64 { return &n }
	f := func(e queue.Extent, beginning int64, stored *store.StoredPosition, asked Request, wantFrom, wantTo int64) {
		t.Helper()
		var p store.StoredPosition
		if stored != nil {
			p = *stored
		}
		from, to := bounds(e, beginning, p, stored != nil, asked)
		require.Equal(t, [2]int64{wantFrom, wantTo}, [2]int64{from, to})
	}
	f(queue.Extent{}, 0, nil, Request{}, 0, -1)
	f(queue.Extent{First: 5, End: 9}, 5, nil, Request{}, 5, 8)
	// The log has forgotten what the store has.
	f(queue.Extent{First: 5, End: 9}, 5, &store.StoredPosition{Lowest: 2, Log: 6, Rejected: -1}, Request{}, 2, 8)
	// The store lacks the beginning, which the log still has.
	f(queue.Extent{First: 0, End: 9}, 0, &store.StoredPosition{Lowest: 2, Log: 6, Rejected: -1}, Request{}, 0, 8)
	// The store is ahead of the log.
	f(queue.Extent{First: 0, End: 4}, 0, &store.StoredPosition{Lowest: 0, Log: 6, Rejected: 7}, Request{}, 0, 7)
	f(queue.Extent{First: 0, End: 9}, 0, nil, Request{From: of(3), To: of(5)}, 3, 5)
	f(queue.Extent{First: 0, End: 9}, 0, nil, Request{From: of(20)}, 20, 8)
	// The log has forgotten its beginning and the store has lost it.
	f(queue.Extent{First: 5, End: 9}, 1, &store.StoredPosition{Lowest: 4, Log: 8, Rejected: -1}, Request{}, 1, 8)
	f(queue.Extent{First: 5, End: 9}, 1, nil, Request{}, 1, 8)
	// Nothing was recorded before the store had something.
	f(queue.Extent{First: 5, End: 9}, 5, &store.StoredPosition{Lowest: 4, Log: 8, Rejected: -1}, Request{}, 4, 8)
}
