package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// What was made of figures stands as long as they would be given again: until something is
// stored that live ones are of, or something is closed. What was asked anew never does.
func TestSourcesStand(t *testing.T) {
	f := newFiler(t)
	f.death(3)
	ministry, hanoi := f.as(access.Caller{Role: access.Ministry}), f.as(officer(access.LabourOfficer, "01"))
	live := store.CellQuery{
		Measures: []string{store.Deaths}, From: 2025, To: 2025, Span: store.Year, Basis: store.Live,
		GroupBy: []store.Dim{store.ByYear, store.ByProvince}, Geography: store.On(seeds.List34, seeds.Default()),
	}
	closed := live
	closed.Basis = store.Closed
	made := func(ctx context.Context, questions ...store.CellQuery) *store.Sources {
		t.Helper()
		ctx, sources := store.WithSources(ctx)
		for _, q := range questions {
			_, err := f.store.Figures(ctx, q)
			require.NoError(t, err)
		}
		return sources
	}
	stand := func(want bool, all ...*store.Sources) {
		t.Helper()
		for _, sources := range all {
			require.Equal(t, want, sources.Stand(t.Context()))
		}
	}
	anew := live
	anew.Anew = true
	stand(false, made(ministry), made(ministry, live, anew))
	ofLive, ofClosed, ofBoth, ofHanoi := made(ministry, live), made(ministry, closed), made(ministry, live, closed), made(hanoi, live)
	stand(true, ofLive, ofClosed, ofBoth, ofHanoi)

	f.death(2)
	stand(false, ofLive, ofBoth, ofHanoi)
	stand(true, ofClosed)
	ofLive, ofHanoi = made(ministry, live), made(hanoi, live)
	stand(true, ofLive, ofHanoi)

	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025", "test", "", day(2026, 2, 1)))
	stand(false, ofLive, ofClosed, ofHanoi)
	stand(true, made(ministry, live, closed))
}

// A store that may be behind renews what is kept by the question alone whether it stands.
func TestSourcesOfALaggingStore(t *testing.T) {
	f := newFiler(t)
	lagging := f.twin(100 * time.Millisecond)
	f.death(3)
	q := store.CellQuery{Measures: []string{store.Deaths}, From: 2025, To: 2025, Span: store.Year, Basis: store.Live, GroupBy: []store.Dim{store.ByYear}}
	ctx, sources := store.WithSources(access.System(t.Context()))
	first, err := lagging.Figures(ctx, q)
	require.NoError(t, err)
	require.Len(t, first.Cells, 1)
	f.death(2)
	require.Eventually(t, func() bool { return !sources.Stand(t.Context()) }, time.Minute, 10*time.Millisecond)
	then, err := lagging.Figures(access.System(t.Context()), q)
	require.NoError(t, err)
	require.True(t, then.AsOf.After(first.AsOf))
}
