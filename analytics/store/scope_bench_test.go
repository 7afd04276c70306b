package store_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// scopedReports is how many reports of either kind the benchmarks of scopes read.
const scopedReports = "300000"

// newScopedStore holds Annex XII reports and declarations spread over all provinces.
func newScopedStore(b *testing.B) *store.Store {
	s, _ := shared.Store(b)
	const head = "report_id, revision, version, stat_year, period, unit, filed_at, received_at, province_list, province_code, vsic_version, vsic_section"
	for _, statement := range []string{
		"INSERT INTO annex_xii (" + head + ", accidents, victims) SELECT reinterpretAsUInt128(sipHash128(number)), 1, number + 1, 2023 + number % 3, toString(2023 + number % 3)," +
			" concat(leftPad(toString(number), 10, '0'), '/0'), toDateTime64('2026-01-01 00:00:00', 3) + number, toDateTime64('2026-01-01 00:00:00', 3) + number," +
			" '63', leftPad(toString(number % 96 + 1), 2, '0'), '2025', char(65 + number % 20), 1, 1 FROM numbers(" + scopedReports + ")",
		"INSERT INTO accident_declaration (" + head + ", reporter_province_list, reporter_province_code, accident_id, month, victims.severity)" +
			" SELECT reinterpretAsUInt128(sipHash128(number, 'a')) AS id, 1, number + 1, 2023 + number % 3, ''," +
			" concat(leftPad(toString(number), 10, '0'), '/0'), toDateTime64('2026-01-01 00:00:00', 3) + number, toDateTime64('2026-01-01 00:00:00', 3) + number," +
			" '63', leftPad(toString(number % 96 + 1), 2, '0'), '2025', char(65 + number % 20), '63', '01', id, number % 12 + 1, ['dead'] FROM numbers(" + scopedReports + ")",
	} {
		require.NoError(b, s.Exec(b.Context(), statement))
	}
	return s
}

var benchedCallers = []struct {
	name string
	by   access.Caller
}{
	{"all", access.Caller{Role: access.Operator}},
	{"area", access.Caller{Role: access.LabourOfficer, Provinces: []string{"24"}}},
	{"own", access.Caller{Role: access.Enterprise, Units: []string{"0000000077"}}},
	{"sector", access.Caller{Role: access.SectorMinistry, Sections: []string{"2025:F"}}},
}

// What a scope adds to a page of the list; who reaches all has the query without one.
func BenchmarkReportsWithinAScope(b *testing.B) {
	s := newScopedStore(b)
	for _, c := range benchedCallers {
		b.Run(c.name, func(b *testing.B) {
			ctx := access.With(b.Context(), c.by)
			for b.Loop() {
				_, _, err := s.Reports(ctx, store.ReportFilter{Limit: 50})
				require.NoError(b, err)
			}
		})
	}
}

// What a scope adds to the attainment of the provinces.
func BenchmarkCellsWithinAScope(b *testing.B) {
	s := newScopedStore(b)
	q := store.CellQuery{Measures: []string{store.Deaths, store.FatalAccidents, store.Accidents}, From: 2024, To: 2025, Span: store.Year, Basis: store.Live,
		GroupBy: []store.Dim{store.ByYear, store.ByProvince}, Geography: store.On(seeds.List34, seeds.Default())}
	for _, c := range benchedCallers[:2] {
		b.Run(c.name, func(b *testing.B) { benchCells(b, access.With(b.Context(), c.by), s, q) })
	}
}

func benchCells(b *testing.B, ctx context.Context, s *store.Store, q store.CellQuery) {
	for b.Loop() {
		_, err := s.Cells(ctx, q)
		require.NoError(b, err)
	}
}
