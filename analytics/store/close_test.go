package store_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

func (f *filer) closedDeaths(span store.Span) int64 {
	f.t.Helper()
	cells := f.cells(store.CellQuery{Measures: []string{store.Deaths}, From: 2025, To: 2025, Span: span, Basis: store.Closed})
	if len(cells) == 0 {
		return 0
	}
	return cells[0].Value
}

func (f *filer) death(month int) {
	f.t.Helper()
	id := uuid.New()
	f.file(event(id, accident(day(2025, month, 1), id, victim(id.String(), id.String(), report.Dead, report.Contract))))
}

func TestLateReportsDoNotMoveClosedFigures(t *testing.T) {
	f := newFiler(t)
	f.death(3)
	require.Equal(t, int64(0), f.closedDeaths(store.Year), "never closed")
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025", "officer", "first", day(2026, 1, 25)))
	require.Equal(t, int64(1), f.closedDeaths(store.Year))
	f.death(9)
	require.Equal(t, int64(1), f.closedDeaths(store.Year))
	require.Equal(t, int64(2), f.sums(2025, store.Deaths)[store.Deaths])

	// The same closing again changes nothing; a later one replaces it.
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025", "officer", "first", day(2026, 1, 25)))
	require.Equal(t, int64(1), f.closedDeaths(store.Year))
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025", "officer", "second", day(2026, 3, 1)))
	require.Equal(t, int64(2), f.closedDeaths(store.Year))
	require.Equal(t, int64(1), f.closedDeaths(store.FirstHalf))
	require.Equal(t, int64(1), f.closedDeaths(store.SecondHalf))
	require.ErrorContains(t, f.store.ClosePeriod(t.Context(), "2025", "officer", "", day(2026, 2, 1)), "already closed")

	closings, err := f.store.ClosedPeriods(access.System(t.Context()))
	require.NoError(t, err)
	require.Len(t, closings, 1)
	require.Equal(t, "2025", closings[0].Period)
	require.Equal(t, "second", closings[0].Note)
	require.Equal(t, "officer", closings[0].ClosedBy)
	require.True(t, closings[0].AsOf.Equal(day(2026, 3, 1)))
	require.Equal(t, store.Measures(), closings[0].Measures)
}

func TestHalfYearClosesAlone(t *testing.T) {
	f := newFiler(t)
	f.death(3)
	f.death(9)
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025H1", "officer", "", day(2025, 7, 15)))
	require.Equal(t, int64(1), f.closedDeaths(store.FirstHalf))
	require.Equal(t, int64(0), f.closedDeaths(store.Year))
	f.death(4)
	require.Equal(t, int64(1), f.closedDeaths(store.FirstHalf))
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025", "officer", "", day(2026, 1, 25)))
	require.Equal(t, int64(2), f.closedDeaths(store.FirstHalf), "the year's closing covers its first half")
	require.Equal(t, int64(3), f.closedDeaths(store.Year))
}

func TestPeriodsToClose(t *testing.T) {
	f := newFiler(t)
	for _, period := range []string{"", "25", "2025H2", "2025h1", "20255", "2025 "} {
		require.ErrorContains(t, f.store.ClosePeriod(t.Context(), period, "officer", "", day(2026, 1, 25)), "want a year")
	}
}

func TestClosingAtOnceClosesOnce(t *testing.T) {
	f := newFiler(t)
	f.death(3)
	errs := make([]error, 4)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() { errs[i] = f.store.ClosePeriod(t.Context(), "2025", "officer", "", day(2026, 1, 25)) })
	}
	wait.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, uint64(1), count(t, f.store, "SELECT count() FROM period_close"))
	require.Equal(t, int64(1), f.closedDeaths(store.Year))
}

// Years that are closed together are each what they are alone, with the base figures of years
// that nothing was owed for.
func TestYearsClosedTogether(t *testing.T) {
	w := newWorld(t, 150)
	hanoi := province(seeds.List63, "01")
	w.file(periodic(report.BaseFiguresReport, baseOf("2013", "yearbook", &hanoi, deaths(9, "S"))))
	var years []string
	for year := 2012; year <= 2026; year++ {
		years = append(years, strconv.Itoa(year))
	}
	require.NoError(t, w.store.ClosePeriods(t.Context(), years, "officer", "", time.Now()))
	told := 0
	for year := 2022; year <= 2026; year++ {
		q := store.CellQuery{Measures: []string{store.Reports, store.Accidents, store.Deaths}, From: year, To: year, Span: store.Year, Basis: store.Live}
		live, err := w.store.Cells(access.System(t.Context()), q)
		require.NoError(t, err)
		q.Basis = store.Closed
		closed, err := w.store.Cells(access.System(t.Context()), q)
		require.NoError(t, err)
		require.Equal(t, live, closed, year)
		told += len(closed)
	}
	require.Positive(t, told)
	require.Len(t, w.base(store.BaseQuery{From: 2013, To: 2013, Basis: store.Closed}), 1)
	require.Empty(t, w.base(store.BaseQuery{From: 2014, To: 2014, Basis: store.Closed}))
	require.Equal(t, uint64(0), count(t, w.store, "SELECT countIf(close_id NOT IN (SELECT close_id FROM period_close)) FROM closed_cell"))
}

// A closing that died between the cells and its row is not there.
func TestUnfinishedClosingIsNotRead(t *testing.T) {
	f := newFiler(t)
	f.death(3)
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2024", "officer", "", day(2026, 1, 25)))
	require.Equal(t, uint64(0), count(t, f.store, "SELECT count() FROM closed_cell"))
	require.NoError(t, f.store.Freeze(t.Context(), uuid.NewString(), 2025))
	require.Positive(t, count(t, f.store, "SELECT count() FROM closed_cell"))
	require.Equal(t, int64(0), f.closedDeaths(store.Year))
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025", "officer", "", day(2026, 1, 25)))
	require.Equal(t, int64(1), f.closedDeaths(store.Year))
}

// A closing of before there were cuts has cells that are the total and the cause at once. Of
// other cuts it says nothing.
func TestClosingsOfBefore(t *testing.T) {
	f := newFiler(t)
	id := uuid.NewString()
	require.NoError(t, f.store.Exec(t.Context(), `INSERT INTO closed_cell (close_id, measure, stat_year, period, month, member, employment, split, value)
		VALUES ('`+id+`', 'deaths', 2025, 'E', 3, '7', 'contract', '*', 2), ('`+id+`', 'deaths', 2025, 'E', 9, '', 'contract', '*', 1),
			('`+id+`', 'victims', 2025, 'Y', 0, '', 'contract', '', 5), ('`+id+`', 'victims', 2025, 'Y', 0, '7', 'contract', 'cause', 5)`))
	require.NoError(t, f.store.Exec(t.Context(), `INSERT INTO period_close (period, as_of, close_id, measures, closed_by)
		VALUES ('2025', '2026-01-25 00:00:00', '`+id+`', ['deaths', 'victims'], 'officer')`))
	q := store.CellQuery{Measures: []string{store.Deaths, store.Victims}, From: 2025, To: 2025, Basis: store.Closed}
	require.Equal(t, []store.Cell{{Measure: store.Deaths, Value: 3}, {Measure: store.Victims, Value: 5}}, f.cells(q))
	q.GroupBy = []store.Dim{store.ByCause}
	require.Equal(t, []store.Cell{{Measure: store.Deaths, Value: 1}, {Measure: store.Deaths, Member: "7", Value: 2}, {Measure: store.Victims, Member: "7", Value: 5}}, f.cells(q))
	q.GroupBy = []store.Dim{store.BySex}
	require.Empty(t, f.cells(q))
	closings, err := f.store.ClosedPeriods(access.System(t.Context()))
	require.NoError(t, err)
	require.Equal(t, []store.Dim{store.ByCause}, closings[0].Cuts)
}
