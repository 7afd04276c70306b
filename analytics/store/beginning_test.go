package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
)

// Where a partition began is recorded once, and not above what the store has of it.
func TestBeginnings(t *testing.T) {
	f := newFiler(t)
	record := func(epoch uuid.UUID, partition uint16, first int64) {
		t.Helper()
		require.NoError(t, f.store.RecordBeginning(t.Context(), epoch, partition, first))
	}
	record(f.epoch, 0, 7)
	record(f.epoch, 0, 9)
	record(f.epoch, 0, 3)
	f.messages(1, store.Range{Low: 4, High: 6}, 4, 5, 6)
	record(f.epoch, 1, 6)
	f.messages(2, store.Range{Low: 4, High: 6}, 4, 5, 6)
	record(f.epoch, 2, 0)
	record(uuid.New(), 3, 5)
	beginnings, err := f.store.Beginnings(t.Context(), f.epoch)
	require.NoError(t, err)
	require.Equal(t, map[uint16]int64{0: 7, 1: 4, 2: 0}, beginnings)
}
