package store_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// annexFor is a report for a period.
func annexFor(taxCode, period string, accidents uint32, covers ...report.TaxCode) filing {
	c := annex(taxCode, accidents, covers...)
	c.Period = report.Period(period)
	return periodic(report.AnnexXII, c)
}

var secondHalf = store.CellQuery{
	Measures: []string{store.Accidents, store.Reports, store.WorkersReporting, store.YearBelowHalf, store.OtherBranches},
	From:     2025, To: 2025, Span: store.SecondHalf,
}

func (f *filer) secondHalf(basis store.Basis) map[string]int64 {
	f.t.Helper()
	q := secondHalf
	q.Basis = basis
	sums := map[string]int64{}
	for _, c := range f.cells(q) {
		sums[c.Measure] = c.Value
	}
	return sums
}

// The second half is the year less its first half, of who filed both and of nobody else.
func TestSecondHalfOfWhoFiledBoth(t *testing.T) {
	f := newFiler(t)
	f.file(
		annexFor("0100109101", "2025", 10), annexFor("0100109101", "2025H1", 4),
		// One report of the two, and a year below its half.
		annexFor("0100109102", "2025", 7), annexFor("0100109103", "2025H1", 5),
		annexFor("0100109104", "2025", 3), annexFor("0100109104", "2025H1", 5),
		// The parent speaks for its branch in the year's report alone.
		annexFor("0100109105", "2025", 9, "0100109105-001"), annexFor("0100109105", "2025H1", 1), annexFor("0100109105-001", "2025H1", 2),
		// This one does in both: its branch counts in it, and not again.
		annexFor("0100109106", "2025", 8, "0100109106-001"), annexFor("0100109106", "2025H1", 8, "0100109106-001"),
		annexFor("0100109106-001", "2025", 5), annexFor("0100109106-001", "2025H1", 1))
	want := map[string]int64{store.Accidents: 6, store.Reports: 2, store.WorkersReporting: 200, store.YearBelowHalf: 1, store.OtherBranches: 1}
	require.Equal(t, want, f.secondHalf(store.Live))

	// Closed with the year, and not moved by what comes later.
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025", "officer", "first", day(2026, 1, 25)))
	require.Equal(t, want, f.secondHalf(store.Closed))
	amended := annexFor("0100109101", "2025H1", 9)
	amended.revision = 2
	withdrawn := annexFor("0100109106", "2025H1", 8)
	withdrawn.revision, withdrawn.of, withdrawn.content = 2, withdrawn.content, nil
	f.file(amended, withdrawn)
	require.Equal(t, want, f.secondHalf(store.Closed))
	later := map[string]int64{store.Accidents: 1, store.Reports: 1, store.WorkersReporting: 100, store.YearBelowHalf: 1, store.OtherBranches: 1}
	require.Equal(t, later, f.secondHalf(store.Live))
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2025", "officer", "second", day(2026, 3, 1)))
	require.Equal(t, later, f.secondHalf(store.Closed))

	f.earlierClosings(want)
	f.halvesAddUp()
}

// earlierClosings: those who see live figures read what an earlier closing froze, the public
// does not, and an officer of another province is given none of it.
func (f *filer) earlierClosings(want map[string]int64) {
	t := f.t
	t.Helper()
	q := secondHalf
	q.Basis, q.Until, q.GroupBy = store.Earlier, day(2026, 2, 28), []store.Dim{store.ByProvince}
	sums := map[string]int64{}
	for _, c := range f.cells(q) {
		sums[c.Measure] += c.Value
	}
	require.Equal(t, want, sums)
	_, err := f.store.Cells(access.With(t.Context(), access.Nobody()), q)
	require.ErrorIs(t, err, access.ErrDenied)
	officer := func(province string) int {
		cells, err := f.store.Cells(access.With(t.Context(), access.Caller{ID: "o", Role: access.LabourOfficer, Provinces: []string{province}}), q)
		require.NoError(t, err)
		return len(cells)
	}
	require.Equal(t, len(want), officer("01"))
	require.Zero(t, officer("79"))
	q.Until = day(2026, 1, 24)
	require.Empty(t, f.cells(q), "nothing was closed by then")
	q.Basis = store.Closed
	_, err = f.store.Cells(access.System(t.Context()), q)
	require.ErrorContains(t, err, "until", "a moment is of earlier closings")

	all, err := f.store.Closings(access.With(t.Context(), access.Nobody()))
	require.NoError(t, err)
	var notes []string
	for _, c := range all {
		notes = append(notes, c.Period+" "+c.Note)
	}
	require.Equal(t, []string{"2025 second", "2025 first"}, notes)
}

// halvesAddUp: where everybody filed both and nothing fell, the halves are the year, in every
// measure, province and employment.
func (f *filer) halvesAddUp() {
	f.t.Helper()
	g := rand.New(rand.NewPCG(1, 2))
	var filings []filing
	for i := range 40 {
		at := province(seeds.List34, []string{"01", "04", "79"}[g.IntN(3)])
		first, rest := g.Uint32N(5), g.Uint32N(5)
		year, half := annex("02001091"+strconv.Itoa(10+i), first+rest), annex("02001091"+strconv.Itoa(10+i), first)
		year.Period, half.Period = "2024", "2024H1"
		year.Reporter.Province, half.Reporter.Province = at, at
		filings = append(filings, periodic(report.AnnexXII, year), periodic(report.AnnexXII, half))
		commune := func(period report.Period, n uint32) filing {
			return periodic(report.CommuneReport, &report.Commune{Period: period, Total: report.Measures{Accidents: n, Victims: 2 * n},
				Reporter: report.Reporter{Type: report.CommuneReporter, Province: at, Commune: &report.CommuneRef{Code: strconv.Itoa(10000 + i), ValidFrom: seeds.MustDate(2025, 7, 1)}}})
		}
		filings = append(filings, commune("2024", first+rest), commune("2024H1", first))
	}
	f.file(filings...)
	of := func(span store.Span) map[store.Cell]int64 {
		return keyed(f.cells(store.CellQuery{Measures: []string{store.Accidents, store.Victims}, From: 2024, To: 2024, Span: span,
			GroupBy: []store.Dim{store.ByProvince, store.ByEmployment}}))
	}
	sum := of(store.FirstHalf)
	for c, n := range of(store.SecondHalf) {
		sum[c] += n
	}
	require.Equal(f.t, of(store.Year), sum)
	require.Len(f.t, sum, 2*3*2)
}
