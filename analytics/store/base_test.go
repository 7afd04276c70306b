package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// Base figures are of measures that reports are counted by, or they could not be
// compared with them.
func TestBaseMeasuresAreMeasures(t *testing.T) {
	known := store.Measures()
	for _, m := range report.BaseMeasures() {
		require.Contains(t, known, m.Name)
	}
}

func baseOf(period, source string, at *seeds.ProvinceRef, figures ...report.BaseFigure) *report.BaseFigures {
	return &report.BaseFigures{
		Reporter: report.Reporter{Type: report.AuthorityReporter, Authority: report.LabourAuthority, Province: province(seeds.List34, "79")},
		Province: at, Nation: at == nil, Period: report.Period(period),
		Source: report.BaseSource{Code: source, Reference: "Niên giám " + source}, Figures: figures,
	}
}

func deaths(value uint64, status string) report.BaseFigure {
	return report.BaseFigure{Measure: "deaths", Value: value, Status: status}
}

func (f *filer) base(q store.BaseQuery) []store.BaseFigure {
	f.t.Helper()
	if q.Span == "" {
		q.Span = store.Year
	}
	if q.Basis == "" {
		q.Basis = store.Live
	}
	got, err := f.store.BaseFigures(access.System(f.t.Context()), q)
	require.NoError(f.t, err)
	return got
}

type baseRow struct {
	value  int64
	source string
	chosen bool
	rivals int
}

func baseRows(all []store.BaseFigure) []baseRow {
	var rows []baseRow
	for _, f := range all {
		rows = append(rows, baseRow{f.Value, f.Source, f.Chosen, f.Rivals})
	}
	return rows
}

// Several imports of one number are all listed; the best verified serves, of equals the
// one received last. A zero is a figure like any other.
func TestBaseFiguresChooseOneSource(t *testing.T) {
	f := newFiler(t)
	binhDuong := province(seeds.List63, "74")
	press := periodic(report.BaseFiguresReport, baseOf("2015", "press", &binhDuong, deaths(9, "S")))
	f.file(press, periodic(report.BaseFiguresReport, baseOf("2015", "notes", &binhDuong, deaths(7, "UNVERIFIED"))))
	f.now = f.now.Add(time.Hour)
	f.file(periodic(report.BaseFiguresReport, baseOf("2015", "later", &binhDuong, deaths(8, "S"))),
		periodic(report.BaseFiguresReport, baseOf("2015", "nation", nil, deaths(0, "V"), report.BaseFigure{
			Measure: "deaths", Employment: "contract", Sector: &report.Industry{Version: "2018", Code: "F"}, Value: 0, Status: "V"})))
	q := store.BaseQuery{From: 2015, To: 2015}
	require.Equal(t, []baseRow{
		{0, "nation", true, 0}, {0, "nation", true, 0},
		{8, "later", true, 2}, {9, "press", false, 2}, {7, "notes", false, 2},
	}, baseRows(f.base(q)))
	got := f.base(q)[1]
	require.Equal(t, "F", got.VSICSection)
	require.Equal(t, "contract", got.Employment)
	require.Equal(t, seeds.ProvinceRef{}, got.Province)
	require.Equal(t, "Niên giám nation", got.Reference)

	// Withdrawing the chosen one brings the other back; closing froze the former.
	at := f.now
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2015", "statistician", "", at))
	later := periodic(report.BaseFiguresReport, baseOf("2015", "later", &binhDuong))
	later.of, later.content, later.revision = later.content, nil, 2
	f.file(later)
	require.Equal(t, []baseRow{{9, "press", true, 1}, {7, "notes", false, 1}}, baseRows(f.base(q))[2:])
	q.Basis = store.Closed
	require.Equal(t, baseRow{8, "later", true, 2}, baseRows(f.base(q))[2])
	require.Empty(t, f.base(store.BaseQuery{From: 2014, To: 2014, Basis: store.Closed}))
}

// A half-year and a year are different figures, and none is derived from another.
func TestBaseFiguresOfHalfYears(t *testing.T) {
	f := newFiler(t)
	f.file(periodic(report.BaseFiguresReport, baseOf("2015", "a", nil, deaths(600, "V"))),
		periodic(report.BaseFiguresReport, baseOf("2015H1", "a", nil, deaths(277, "V"))))
	values := func(span store.Span, basis store.Basis) []int64 {
		var out []int64
		for _, b := range f.base(store.BaseQuery{From: 2010, To: 2015, Span: span, Basis: basis}) {
			out = append(out, b.Value)
		}
		return slices.Clip(out)
	}
	require.Equal(t, []int64{600}, values(store.Year, store.Live))
	require.Equal(t, []int64{277}, values(store.FirstHalf, store.Live))
	require.Empty(t, values(store.SecondHalf, store.Live))
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2015H1", "statistician", "", f.now))
	require.Equal(t, []int64{277}, values(store.FirstHalf, store.Closed))
	require.Empty(t, values(store.Year, store.Closed), "the half-year closed alone is not the year")
	require.NoError(t, f.store.ClosePeriod(t.Context(), "2015", "statistician", "", f.now.Add(time.Hour)))
	require.Equal(t, []int64{600}, values(store.Year, store.Closed))
}
