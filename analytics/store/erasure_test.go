package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

const (
	personA, nameA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
	personB, nameB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"
	nameC          = "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1"
	household      = "dddddddddddddddddddddddddddddddd"
)

// sealedUnder stores a declaration whose personal part is sealed under a key.
func (f *filer) sealedUnder(key string, repeat int, victims ...report.Victim) uuid.UUID {
	f.t.Helper()
	id := uuid.New()
	content := accident(day(2019, 3, 1), id, victims...)
	content.Reporter.TaxCode = "hb:" + household
	_, entry := f.row(event(id, content), f.offset)
	entry.Sealed, entry.SealedKey = []byte("\x01secret"), key
	var entries []store.LogEntry
	for range repeat { // repeats count once
		entry.Offset = f.offset
		f.offset++
		entries = append(entries, entry)
	}
	require.NoError(f.t, f.store.InsertLog(f.t.Context(), uuid.NewString(), store.Range{Low: f.offset, High: f.offset}, entries))
	return id
}

func TestWhatIsSealedUnderAKey(t *testing.T) {
	f := newFiler(t)
	const first, second = "2019-accident-0123456789abcdef", "2020-accident-0123456789abcdef"
	a := f.sealedUnder(first, 2, victim(personA, nameA, report.Dead, report.Contract), victim("", nameC, report.Minor, report.Contract))
	b := f.sealedUnder(first, 1, victim(personA, nameA, report.Dead, report.Contract), victim(personB, nameB, report.Dead, report.Contract))
	c := f.sealedUnder(second, 1, victim(personB, nameB, report.Dead, report.Contract))
	ctx := access.System(t.Context())

	kinds, err := f.store.SealedKinds(ctx)
	require.NoError(t, err)
	require.Equal(t, map[string][]string{first: {"accident_declaration"}, second: {"accident_declaration"}}, kinds)
	count, err := f.store.SealedCount(ctx, []string{first})
	require.NoError(t, err)
	require.Equal(t, store.SealedCount{Reports: map[string]uint64{"accident_declaration": 2}, Revisions: 2, Persons: 4}, count, "A, B, C and the household")
	count, err = f.store.SealedCount(ctx, nil)
	require.NoError(t, err)
	require.Zero(t, count.Persons)

	f2 := func(want []uuid.UUID, pseudonyms ...string) {
		t.Helper()
		ids, err := f.store.Mentions(ctx, pseudonyms)
		require.NoError(t, err)
		require.ElementsMatch(t, want, ids)
	}
	f2([]uuid.UUID{a, b}, personA)
	f2([]uuid.UUID{b, c}, personB)
	f2([]uuid.UUID{a, b, c}, household)
	f2([]uuid.UUID{a}, nameC, "ffffffffffffffffffffffffffffffff")
	f2(nil, "ffffffffffffffffffffffffffffffff")
}

func TestErasuresAreRecordedOnce(t *testing.T) {
	f := newFiler(t)
	ctx := access.System(t.Context())
	e := store.Erasure{
		ID: uuid.New(), Year: 2019, Class: "accident", DestroyedAt: time.UnixMilli(1_790_000_000_123), By: "cán bộ A", Reason: "hết 'thời hạn'",
		SealedCount: store.SealedCount{Reports: map[string]uint64{"accident_declaration": 2, "investigation": 1}, Revisions: 4, Persons: 5},
	}
	require.NoError(t, f.store.RecordErasure(ctx, e))
	again := e
	again.ID, again.By = uuid.New(), "B"
	require.NoError(t, f.store.RecordErasure(ctx, again))
	whole := store.Erasure{ID: uuid.New(), Year: 2019, DestroyedAt: e.DestroyedAt, By: "C", Reason: "r", SealedCount: store.SealedCount{Reports: map[string]uint64{}}}
	require.NoError(t, f.store.RecordErasure(ctx, whole))

	got, err := f.store.Erasures(ctx)
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Equal(t, "C", got[0].By)
	require.WithinDuration(t, time.Now(), got[1].RecordedAt, time.Minute)
	require.True(t, e.DestroyedAt.Equal(got[1].DestroyedAt))
	got[1].RecordedAt, got[1].DestroyedAt = time.Time{}, e.DestroyedAt
	require.Equal(t, e, got[1])
}

// Who asks must be somebody, and somebody who may.
func TestErasureAsksWho(t *testing.T) {
	f := newFiler(t)
	all := func(ctx context.Context) []error {
		_, kinds := f.store.SealedKinds(ctx)
		_, count := f.store.SealedCount(ctx, []string{"x"})
		_, erased := f.store.Erasures(ctx)
		_, mentions := f.store.Mentions(ctx, []string{"x"})
		return []error{kinds, count, erased, mentions}
	}
	for _, err := range all(t.Context()) {
		require.ErrorIs(t, err, access.ErrNoCaller)
	}
	for _, err := range all(access.With(t.Context(), access.Caller{Role: access.Enterprise, Units: []string{"0100109106"}})) {
		require.ErrorIs(t, err, access.ErrDenied)
	}
}
