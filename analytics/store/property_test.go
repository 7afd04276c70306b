package store_test

import (
	"flag"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

var seed = flag.Uint64("seed", 0, "seed of the random reports; 0 takes another one each time")

// allDims are the dimensions that may be asked for together, and beside a cut.
var allDims = []store.Dim{store.ByYear, store.ByMonth, store.ByProvince, store.BySection, store.ByEmployment}

// counted are the measures that are counted from reports alone: the generator registers
// nobody. TestObliged holds the others against what each unit owes.
func counted() []string {
	return slices.DeleteFunc(store.Measures(), store.IsDue)
}

// query is a random question about the generated years, every third one without a cut.
func (g *generator) query() (store.CellQuery, func(seeds.ProvinceRef) seeds.ProvinceRef) {
	q := store.CellQuery{Measures: generated(), From: 2022 + g.IntN(3), Basis: store.Live,
		Span: []store.Span{store.Year, store.Year, store.FirstHalf, store.SecondHalf}[g.IntN(4)]}
	q.To = q.From + g.IntN(4)
	for _, d := range allDims {
		if g.IntN(2) == 0 {
			q.GroupBy = append(q.GroupBy, d)
		}
	}
	if g.IntN(3) > 0 {
		cut := store.Cuts()[g.IntN(len(store.Cuts()))]
		q.GroupBy, q.Measures = append(q.GroupBy, cut), store.MeasuresBy(cut)
	}
	if g.IntN(2) == 0 {
		g.Shuffle(len(q.Measures), func(i, j int) { q.Measures[i], q.Measures[j] = q.Measures[j], q.Measures[i] })
		q.Measures = q.Measures[:1+g.IntN(4)]
	}
	place := func(ref seeds.ProvinceRef) seeds.ProvinceRef { return ref }
	switch g.IntN(3) {
	case 0:
		q.Geography, place = store.On(seeds.List34, g.data), g.on(seeds.List34)
	case 1:
		q.Geography, place = store.On(seeds.List63, g.data), g.on(seeds.List63)
	}
	return q, place
}

func (g *generator) on(list seeds.ProvinceList) func(seeds.ProvinceRef) seeds.ProvinceRef {
	return func(ref seeds.ProvinceRef) seeds.ProvinceRef {
		code, _ := g.data.To34(ref)
		if list == seeds.List63 {
			code, _ = g.data.To63(ref)
		}
		return seeds.ProvinceRef{List: list, Code: code}
	}
}

func keyed(cells []store.Cell) map[store.Cell]int64 {
	sums := map[store.Cell]int64{}
	for _, c := range cells {
		value := c.Value
		c.Value = 0
		sums[c] += value
	}
	return sums
}

// Whatever is filed, in whatever order and however often: the cells are what counting
// one by one gives, on every geography and for every question.
func TestCellsAreWhatCountingGives(t *testing.T) {
	f := newFiler(t)
	seed := *seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("again with -seed %d", seed)
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1)), data: seeds.Default()}
	m := newModel()
	const questions = 12
	for range 3 {
		var batch []filing
		for range 250 {
			batch = append(batch, g.next())
		}
		g.arrive(f, batch)
		for _, one := range batch {
			m.file(one)
		}
		for range questions {
			q, place := g.query()
			got, err := f.store.Cells(access.System(t.Context()), q)
			require.NoError(t, err)
			require.Equal(t, m.cells(q, place), keyed(got), "%+v", q)
		}
	}
	g.requireSameSums(t, f, store.Live)
	g.requireCutsAddUp(t, f, store.Live)
	g.requireFates(t, f)
	g.requireCasesCountTheSame(t, f)
	g.requireClosingFreezes(t, f, m)
}

// arrive stores a batch in any order: later revisions before earlier ones, branches before their
// parents, findings before what they are about.
func (g *generator) arrive(f *filer, batch []filing) {
	f.t.Helper()
	g.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
	f.file(batch...)
	g.logged = append(g.logged, batch...)
}

// requireCasesCountTheSame: accidents put together one by one add up to what is counted.
func (g *generator) requireCasesCountTheSame(t *testing.T, f *filer) {
	t.Helper()
	all, err := f.store.Cases(access.System(t.Context()), g.accident)
	require.NoError(t, err)
	got := map[string]int64{}
	counted := map[*store.Case]bool{}
	for _, c := range all {
		if counted[c] {
			continue
		}
		counted[c] = true
		prefix := ""
		if c.Declarations[0].Commuting {
			prefix = "commuting_"
		}
		severities := map[string]int64{}
		for _, p := range c.Persons() {
			severities[p.Severity]++
		}
		got[prefix+store.DeclaredAccidents]++
		got[prefix+store.FatalAccidents] += min(1, severities["dead"])
		got[prefix+store.Deaths] += severities["dead"]
		got[prefix+store.DeclaredSerious] += severities["serious"]
	}
	measures := []string{store.DeclaredAccidents, store.FatalAccidents, store.Deaths, store.DeclaredSerious}
	for _, m := range slices.Clone(measures) {
		measures = append(measures, store.Commuting(m))
	}
	measures = slices.DeleteFunc(measures, func(m string) bool { return !slices.Contains(store.Measures(), m) })
	want := map[string]int64{}
	for _, c := range f.cells(store.CellQuery{Measures: measures, From: 2022, To: 2026}) {
		want[c.Measure] = c.Value
	}
	maps.DeleteFunc(got, func(m string, n int64) bool { return n == 0 || !slices.Contains(measures, m) })
	require.Equal(t, want, got)
}

func (g *generator) requireClosingFreezes(t *testing.T, f *filer, m *model) {
	t.Helper()
	for year := 2023; year <= 2025; year++ {
		require.NoError(t, f.store.ClosePeriod(t.Context(), strconv.Itoa(year), "test", "", day(2026, 2, 1)))
	}
	// What is due then is not what is due today.
	today := m.today
	m.on(seeds.MustDate(2026, 2, 1))
	for range 12 {
		q, place := g.query()
		want := m.cells(q, place)
		q.Basis = store.Closed
		got, err := f.store.Cells(access.System(t.Context()), q)
		require.NoError(t, err)
		require.Equal(t, want, keyed(got), "%+v", q)
	}
	g.requireSameSums(t, f, store.Closed)
	g.requireCutsAddUp(t, f, store.Closed)
	there := len(g.logged)
	late := make([]filing, 0, 100)
	for range 100 {
		late = append(late, g.next())
	}
	before := f.cells(store.CellQuery{Measures: counted(), From: 2022, To: 2026, GroupBy: allDims, Basis: store.Closed})
	g.arrive(f, late)
	require.Equal(t, before, f.cells(store.CellQuery{Measures: counted(), From: 2022, To: 2026, GroupBy: allDims, Basis: store.Closed}))
	g.requireClosedFates(t, f, there)
	for _, one := range late {
		m.file(one)
	}
	m.on(today)
	q := store.CellQuery{Measures: generated(), From: 2022, To: 2026, Span: store.Year, Basis: store.Live, GroupBy: allDims}
	got, err := f.store.Cells(access.System(t.Context()), q)
	require.NoError(t, err)
	require.Equal(t, m.cells(q, func(ref seeds.ProvinceRef) seeds.ProvinceRef { return ref }), keyed(got))
}
