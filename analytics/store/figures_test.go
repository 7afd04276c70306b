package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// twin is the same store, whose figures may be behind it.
func (f *filer) twin(lag time.Duration) *store.Store {
	f.t.Helper()
	s, err := f.store.Twin(f.t.Context(), func(c *store.Config) { c.FiguresLag = lag })
	require.NoError(f.t, err)
	f.t.Cleanup(func() { require.NoError(f.t, s.Close()) })
	return s
}

// Figures are Cells and BaseFigures for whoever asks, however often and after whomever: what
// one caller was given is never given to another whose reach is another. A store that may be
// behind is not while nothing is filed, nor is one that may not be when something is.
func TestFiguresAreThoseOfCells(t *testing.T) {
	w := newWorld(t, 150)
	lagging := w.twin(time.Second)
	require.NoError(t, w.store.ClosePeriods(t.Context(), []string{"2023", "2024"}, "test", "", day(2026, 2, 1)))
	callers := []access.Caller{
		{Role: access.Operator}, officer(access.LabourOfficer, "01"), officer(access.LabourOfficer, "79"), officer(access.LabourOfficer, "01", "79"),
		access.Nobody(), {Role: access.Enterprise, Units: []string{"0100109106"}},
	}
	q := store.CellQuery{
		Measures: []string{store.Reports, store.Deaths, "victims"}, From: 2022, To: 2026, Span: store.Year,
		GroupBy: []store.Dim{store.ByYear, store.ByProvince}, Geography: store.On(seeds.List34, w.data),
	}
	given := 0
	// Each twice, so that what one was given is there when the next one asks.
	all := func(stores ...*store.Store) {
		t.Helper()
		for _, q.Basis = range []store.Basis{store.Live, store.Closed, store.Earlier} {
			if q.Until = (time.Time{}); q.Basis == store.Earlier {
				q.Until = day(2026, 3, 1)
			}
			for _, c := range callers {
				cells, refused := w.store.Cells(w.as(c), q)
				base, _ := w.store.BaseFigures(w.as(c), store.BaseQuery{From: q.From, To: q.To, Span: q.Span, Basis: q.Basis, Until: q.Until})
				closings, err := w.store.Closings(w.as(c))
				require.NoError(t, err)
				for _, s := range slices.Concat(stores, stores) {
					got, err := s.Figures(w.as(c), q)
					if refused != nil {
						require.ErrorIs(t, err, access.ErrDenied)
						require.Empty(t, got)
						continue
					}
					require.NoError(t, err)
					require.Equal(t, cells, got.Cells, "%s %v %v", q.Basis, c.Role, c.Provinces)
					require.Equal(t, base, got.Base)
					require.Equal(t, closings, got.Closings)
				}
				given += len(cells)
			}
		}
	}
	all(w.store, lagging)
	require.Positive(t, given)
	w.death(3)
	all(w.store)
	require.NoError(t, w.store.ClosePeriod(t.Context(), "2025", "test", "", day(2026, 2, 1)))
	all(w.store)
}

// Behind a store that moves, figures are those of the moment that they name, until they are
// those of the next. What is asked anew is of now, and so is then what is kept. A closing is seen in time.
func TestFiguresSayWhatTheyAreOf(t *testing.T) {
	f := newFiler(t)
	lagging := f.twin(300 * time.Millisecond)
	all := access.System(t.Context())
	q := store.CellQuery{Measures: []string{store.Deaths}, From: 2025, To: 2025, Span: store.Year, Basis: store.Live, GroupBy: []store.Dim{store.ByYear}}
	type told struct {
		deaths int64
		asOf   time.Time
	}
	ask := func(q store.CellQuery) told {
		t.Helper()
		figures, err := lagging.Figures(all, q)
		require.NoError(t, err)
		out := told{asOf: figures.AsOf.UTC()}
		for _, c := range figures.Cells {
			out.deaths += c.Value
		}
		return out
	}
	file := func(deaths int64) told {
		t.Helper()
		f.death(3)
		at, err := f.store.AsOf(all)
		require.NoError(t, err)
		return told{deaths, at.StoredAt.UTC()}
	}
	first := file(1)
	require.Equal(t, first, ask(q))
	second := file(2)
	require.Eventually(t, func() bool {
		got := ask(q)
		require.Contains(t, []told{first, second}, got)
		return got == second
	}, time.Minute, 20*time.Millisecond)

	third, anew := file(3), q
	anew.Anew = true
	require.Equal(t, third, ask(anew))
	require.Equal(t, third, ask(q))

	q.Basis = store.Closed
	require.Zero(t, ask(q))
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025", "test", "", day(2026, 2, 1)))
	require.Eventually(t, func() bool { return ask(q).deaths == 3 }, time.Minute, 20*time.Millisecond)
	// What is closed here is seen here at once.
	f.death(3)
	require.NoError(t, lagging.ClosePeriod(t.Context(), "2025", "test", "", day(2026, 3, 1)))
	require.Equal(t, int64(4), ask(q).deaths)
}

// An officer learns that somebody somewhere reported for a year that base figures are of, and
// not what: the year's figures are then those of reports for him as for everybody.
func TestYearsReportedElsewhere(t *testing.T) {
	f := newFiler(t)
	officer, all := f.as(officer(access.LabourOfficer, "01")), access.System(t.Context())
	q := store.CellQuery{
		Measures: []string{store.Accidents, store.Reports}, From: 2015, To: 2016, Span: store.Year, Basis: store.Live,
		GroupBy: []store.Dim{store.ByYear, store.ByProvince},
	}
	reported := func(ctx context.Context) []store.MeasureYear {
		t.Helper()
		figures, err := f.store.Figures(ctx, q)
		require.NoError(t, err)
		return figures.Reported
	}
	elsewhere := annex("0100109106", 3)
	elsewhere.Period, elsewhere.Reporter.Province = "2015", province(seeds.List34, "79")
	f.file(periodic(report.AnnexXII, elsewhere))
	require.Empty(t, reported(officer), "without base figures nobody has to know")
	hanoi := province(seeds.List63, "01")
	f.file(periodic(report.BaseFiguresReport, baseOf("2015", "yearbook", &hanoi, deaths(9, "S"))))
	require.Equal(t, []store.MeasureYear{{Measure: store.Accidents, Year: 2015}, {Measure: store.Reports, Year: 2015}}, reported(officer))
	require.Empty(t, reported(all))
}
