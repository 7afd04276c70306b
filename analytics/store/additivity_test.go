package store_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/seeds"
)

// requireSameSums: no geography and no split loses or invents anything. The provinces of today,
// the former ones and those as reported have the nation's sum of every measure and span.
func (g *generator) requireSameSums(t *testing.T, f *filer, basis store.Basis) {
	t.Helper()
	splits := [][]store.Dim{
		{store.ByYear}, {store.ByMonth}, {store.BySection}, {store.ByEmployment},
		{store.ByMonth, store.BySection, store.ByEmployment},
	}
	asked := 0
	for _, span := range []store.Span{store.Year, store.FirstHalf, store.SecondHalf} {
		want := map[string]int64{}
		for _, c := range f.cells(store.CellQuery{Measures: generated(), From: 2023, To: 2025, Span: span, Basis: basis}) {
			want[c.Measure] = c.Value
		}
		require.NotEmpty(t, want)
		for _, geography := range []store.Geography{store.AsReported(), store.On(seeds.List34, g.data), store.On(seeds.List63, g.data)} {
			by := append([]store.Dim{store.ByProvince}, splits[asked%len(splits)]...)
			asked++
			got := map[string]int64{}
			for _, c := range f.cells(store.CellQuery{Measures: generated(), From: 2023, To: 2025, Span: span, Basis: basis, Geography: geography, GroupBy: by}) {
				got[c.Measure] += c.Value
				if geography.String() == "34" {
					require.NotEmpty(t, c.Province.Code, "every record has its place on the 34 units")
				}
			}
			maps.DeleteFunc(got, func(_ string, sum int64) bool { return sum == 0 })
			require.Equal(t, want, got, "%s of %s by %v", basis, span, by)
		}
	}
}

// requireCutsAddUp: every cut of every measure adds up to its total, wherever its parts lie.
func (g *generator) requireCutsAddUp(t *testing.T, f *filer, basis store.Basis) {
	t.Helper()
	total := map[string]int64{}
	for _, c := range f.cells(store.CellQuery{Measures: store.Measures(), From: 2023, To: 2025, Basis: basis}) {
		total[c.Measure] = c.Value
	}
	require.NotEmpty(t, total)
	for _, cut := range store.Cuts() {
		measures := store.MeasuresBy(cut)
		got, members := map[string]int64{}, map[string]bool{}
		for _, c := range f.cells(store.CellQuery{Measures: measures, From: 2023, To: 2025, Basis: basis,
			Geography: store.On(seeds.List63, g.data), GroupBy: []store.Dim{store.ByProvince, cut}}) {
			got[c.Measure] += c.Value
			members[c.Member] = true
		}
		want := maps.Clone(total)
		maps.DeleteFunc(want, func(m string, _ int64) bool { return !slices.Contains(measures, m) })
		maps.DeleteFunc(got, func(_ string, sum int64) bool { return sum == 0 })
		require.Equal(t, want, got, "%s by %s", basis, cut)
		require.Greater(t, len(members), 2, cut)
	}
}
