package store_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// generator makes random reports: chains and rings of declarations of an accident, amendments,
// withdrawals, repeats, branches with parents, half-years, old and new provinces.
type generator struct {
	*rand.Rand
	data     *seeds.Data
	filed    []filing
	logged   []filing // in the order of the log, repeats too
	accident []uuid.UUID
	clock    int
}

func (g *generator) id() (id uuid.UUID) {
	for i := range id {
		id[i] = byte(g.Uint32())
	}
	return id
}

func (g *generator) province() seeds.ProvinceRef {
	list := []seeds.ProvinceList{seeds.List34, seeds.List63}[g.IntN(2)]
	provinces := g.data.Provinces(list)
	return provinces[g.IntN(len(provinces))].Ref()
}

func (g *generator) industry() report.Industry {
	return report.Industry{Version: []string{"2018", "2025"}[g.IntN(2)], Code: string(rune('A' + g.IntN(6)))}
}

func (g *generator) period() report.Period {
	return report.Period(fmt.Sprint(2023+g.IntN(3), []string{"", "", "H1"}[g.IntN(3)]))
}

func (g *generator) year() report.Period { return report.Period(strconv.Itoa(2023 + g.IntN(3))) }

func (g *generator) measures() report.Measures {
	n := g.Uint32N(5)
	return report.Measures{Accidents: n, Victims: n + g.Uint32N(3), Women: g.Uint32N(2), Deaths: g.Uint32N(2), Serious: g.Uint32N(2),
		AccidentsFatal: g.Uint32N(2), AccidentsMulti: g.Uint32N(2), VictimsOutside: g.Uint32N(2)}
}

func (g *generator) reporter() report.Reporter {
	branch := []string{"", "-001", "-002", "-003"}[g.IntN(4)]
	r := establishment(fmt.Sprintf("01001091%02d%s", g.IntN(4), branch), strconv.Itoa(g.IntN(3)))
	r.Province = g.province()
	return r
}

// next returns a new report, a further revision, or the very same report again.
func (g *generator) next() filing {
	g.clock++
	if len(g.filed) > 0 && g.IntN(4) == 0 {
		before := g.filed[g.IntN(len(g.filed))]
		if g.IntN(3) == 0 {
			return before // repeated
		}
		return g.amend(before)
	}
	one := g.fresh()
	one.filed = day(2026, 1, 1+g.IntN(20))
	g.filed = append(g.filed, one)
	return one
}

func (g *generator) amend(before filing) filing {
	one := before
	one.revision = max(before.revision, 1) + 1
	if before.content == nil || g.IntN(3) == 0 {
		if before.content != nil {
			one.of, one.content = before.content, nil
		}
	} else if changed := g.changed(before.content); changed != nil {
		one.content = changed
	}
	g.filed = append(g.filed, one)
	return one
}

// changed returns a content of the same identity.
func (g *generator) changed(c report.Content) report.Content {
	switch c := c.(type) {
	case *report.Accident:
		n := *c
		n.Victims, n.Cause, n.Place.Province = g.victims(), strconv.Itoa(1+g.IntN(9)), g.province()
		if g.IntN(3) == 0 {
			// Also one that was filed later: declarations quote each other.
			n.AccidentID = report.UUID(g.accident[g.IntN(len(g.accident))])
		}
		return &n
	case *report.Link:
		n := *g.link()
		n.DecidedOn = c.DecidedOn
		return &n
	case *report.Annex:
		n := *c
		n.Rows, n.Reporter.Province, n.Industry, n.CoversBranches = g.rows(), g.province(), g.industry(), g.covers(&n.Reporter)
		return &n
	}
	return nil
}

func (g *generator) victims() []report.Victim {
	victims := make([]report.Victim, 1+g.IntN(4))
	for i := range victims {
		person := ""
		if g.IntN(2) == 0 {
			person = fmt.Sprint("person", g.IntN(6))
		}
		victims[i] = victim(person, fmt.Sprint("name", g.IntN(6)), []report.InjurySeverity{report.Dead, report.Serious, report.Minor}[g.IntN(3)],
			[]report.Employment{report.Contract, report.NoContract}[g.IntN(2)])
	}
	return victims
}

func (g *generator) rows() []report.AnnexRow {
	a, b := g.measures(), g.measures()
	total := a
	total.Add(b)
	return []report.AnnexRow{{Block: report.BlockAccidents, Measures: total}, {Block: report.BlockCause, Code: "1", Measures: a},
		{Block: report.BlockCause, Code: "9", Measures: b}, {Block: report.BlockFactor, Code: "1", Measures: total}, {Block: report.BlockCommuting, Measures: g.measures()}}
}

func (g *generator) covers(r *report.Reporter) []report.TaxCode {
	var covers []report.TaxCode
	for _, branch := range []report.TaxCode{"-001", "-002"} {
		if g.IntN(3) == 0 {
			covers = append(covers, r.TaxCode.Base()+branch)
		}
	}
	return covers
}

func (g *generator) fresh() filing {
	switch g.IntN(7) {
	case 6:
		return filing{kind: report.CaseLink, id: g.id(), content: g.link()}
	case 0, 1:
		id := g.id()
		a := accident(day(2023+g.IntN(3), 1+g.IntN(12), 1+g.IntN(28)), id, g.victims()...)
		a.Place.Province, a.Industry, a.Cause, a.Commuting = g.province(), g.industry(), strconv.Itoa(1+g.IntN(9)), g.IntN(8) == 0
		if len(g.accident) > 0 && g.IntN(3) == 0 {
			a.AccidentID = report.UUID(g.accident[g.IntN(len(g.accident))])
		}
		g.accident = append(g.accident, id)
		return event(id, a)
	case 2:
		c := &report.Annex{Reporter: g.reporter(), Period: g.period(), Industry: g.industry(), Workers: report.Workers{Total: g.Uint32N(1000)}, Rows: g.rows()}
		c.CoversBranches = g.covers(&c.Reporter)
		if c.Period.HalfYear() && g.IntN(2) == 0 {
			c.Rows = nil // nothing happened yet: the year is not below it
		}
		return periodic(report.AnnexXII, c)
	case 3:
		return periodic(report.CommuneReport, g.commune())
	case 4:
		return periodic(report.DiseaseReport, &report.Disease{Reporter: g.reporter(), Period: g.year(), Industry: g.industry(), Exposed: report.Workers{Total: g.Uint32N(50)},
			Examined: report.PersonsAndCases{Persons: g.Uint32N(50), Cases: g.Uint32N(90)}, Suspected: report.PersonsAndCases{Cases: g.Uint32N(9)}, Diagnosed: report.DiagnosedDisease{New: g.Uint32N(3)}})
	default:
		return periodic(report.MonitoringReport, &report.Monitoring{Reporter: g.reporter(), SiteProvince: g.province(), Period: g.year(), Campaign: 1 + g.Uint32N(3), Industry: g.industry(),
			Body: report.Body{TaxCode: "0200109107"}, Factors: []report.Factor{{Factor: "noise", Samples: g.Uint32N(20), Over: g.Uint32N(3)}}})
	}
}

// link joins declarations, also those that nobody filed, and victims of any of them.
func (g *generator) link() *report.Link {
	l := &report.Link{DecidedOn: seeds.MustDate(2023+g.IntN(3), 5, 1), Reporter: report.Reporter{Type: report.AuthorityReporter, Authority: report.LabourAuthority, Province: g.province()}}
	for range 2 + g.IntN(2) {
		id := g.id()
		if len(g.accident) > 0 && g.IntN(8) > 0 {
			id = g.accident[g.IntN(len(g.accident))]
		}
		l.Declarations = append(l.Declarations, report.UUID(id))
	}
	name := func() string { return fmt.Sprint([]string{"person", "name"}[g.IntN(2)], g.IntN(6)) }
	for range g.IntN(3) {
		l.SameVictims = append(l.SameVictims, report.SameVictim{Victim: name(), SameAs: name()})
	}
	return l
}

func (g *generator) commune() *report.Commune {
	c := &report.Commune{Period: g.period(), Reporter: report.Reporter{Type: report.CommuneReporter, Province: g.province(),
		Commune: &report.CommuneRef{Code: fmt.Sprintf("%05d", g.IntN(40)), ValidFrom: seeds.MustDate(2025, 7, 1)}}}
	a, b := g.measures(), g.measures()
	c.Total = a
	c.Total.Add(b)
	if c.Period.HalfYear() && g.IntN(2) == 0 {
		c.Total = report.Measures{}
		return c
	}
	if g.IntN(2) == 0 {
		c.Causes = []report.CauseRow{{Code: "2", Measures: a}, {Code: "3", Measures: b}}
	}
	if g.IntN(2) == 0 {
		c.Sectors = []report.SectorRow{{Industry: g.industry(), Measures: a}, {Industry: g.industry(), Measures: b}}
	}
	return c
}

var seed = flag.Uint64("seed", 0, "seed of the random reports; 0 takes another one each time")

var allDims = []store.Dim{store.ByYear, store.ByMonth, store.ByProvince, store.BySection, store.ByCause, store.ByEmployment}

// counted are the measures that are counted from reports alone: the generator registers
// nobody. TestObliged holds the others against what each unit owes.
func counted() []string {
	return slices.DeleteFunc(store.Measures(), store.IsDue)
}

// query is a random question about the generated years.
func (g *generator) query() (store.CellQuery, func(seeds.ProvinceRef) seeds.ProvinceRef) {
	q := store.CellQuery{Measures: counted(), From: 2022 + g.IntN(3), Basis: store.Live,
		Span: []store.Span{store.Year, store.Year, store.FirstHalf, store.SecondHalf}[g.IntN(4)]}
	q.To = q.From + g.IntN(4)
	for _, d := range allDims {
		if g.IntN(2) == 0 {
			q.GroupBy = append(q.GroupBy, d)
		}
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
	for range 12 {
		q, place := g.query()
		want := m.cells(q, place)
		q.Basis = store.Closed
		got, err := f.store.Cells(access.System(t.Context()), q)
		require.NoError(t, err)
		require.Equal(t, want, keyed(got), "%+v", q)
	}
	g.requireSameSums(t, f, store.Closed)
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
	q := store.CellQuery{Measures: counted(), From: 2022, To: 2026, Span: store.Year, Basis: store.Live, GroupBy: allDims}
	got, err := f.store.Cells(access.System(t.Context()), q)
	require.NoError(t, err)
	require.Equal(t, m.cells(q, func(ref seeds.ProvinceRef) seeds.ProvinceRef { return ref }), keyed(got))
}
