package store_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

var caseMeasures = []string{store.DeclaredAccidents, store.FatalAccidents, store.Deaths, store.DeclaredSerious}

func cases(declared, fatal, deaths, serious int64) map[string]int64 {
	return map[string]int64{store.DeclaredAccidents: declared, store.FatalAccidents: fatal, store.Deaths: deaths, store.DeclaredSerious: serious}
}

func TestAmendmentAndWithdrawal(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	f.file(event(id, accident(day(2025, 3, 1), id, victim("p", "n", report.Serious, report.Contract), victim("q", "m", report.Serious, report.Contract))))
	require.Equal(t, cases(1, 0, 0, 2), f.sums(2025, caseMeasures...))

	died := accident(day(2025, 3, 1), id, victim("p", "n", report.Dead, report.Contract), victim("q", "m", report.Serious, report.Contract))
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: died, revision: 2})
	require.Equal(t, cases(1, 1, 1, 1), f.sums(2025, caseMeasures...), "dead months later")

	f.file(filing{kind: report.AccidentDeclaration, id: id, of: died, revision: 3})
	require.Equal(t, cases(0, 0, 0, 0), f.sums(2025, caseMeasures...), "withdrawn")

	f.file(filing{kind: report.AccidentDeclaration, id: id, content: died, revision: 4})
	require.Equal(t, cases(1, 1, 1, 1), f.sums(2025, caseMeasures...), "filed anew")
}

func TestRevisionsArriveInAnyOrder(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	severe := accident(day(2025, 3, 1), id, victim("p", "n", report.Dead, report.Contract))
	mild := accident(day(2025, 3, 1), id, victim("p", "n", report.Minor, report.Contract))
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: severe, revision: 3})
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: mild, revision: 2})
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: mild, revision: 1})
	require.Equal(t, cases(1, 1, 1, 0), f.sums(2025, caseMeasures...))
}

func TestFirstContentOfARevisionCounts(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	f.file(event(id, accident(day(2025, 3, 1), id, victim("p", "n", report.Serious, report.Contract))))
	f.file(event(id, accident(day(2025, 3, 1), id, victim("p", "n", report.Dead, report.Contract))))
	require.Equal(t, cases(1, 0, 0, 1), f.sums(2025, caseMeasures...))
}

func TestTwoDeclarationsOfOneAccident(t *testing.T) {
	const p, q, n, m = "person-p", "person-q", "name-n", "name-m"
	dead, serious := report.Dead, report.Serious
	yes, no := report.Contract, report.NoContract
	// All in one store: accidents have nothing to do with one another.
	filer := newFiler(t)
	before := filer.sums(2025, caseMeasures...)
	f := func(name string, first, second []report.Victim, want map[string]int64) {
		t.Run(name, func(t *testing.T) {
			f := *filer
			f.t = t
			defer func() { filer.offset = f.offset }()
			added := func() map[string]int64 { return less(f.sums(2025, caseMeasures...), before) }
			a, b := uuid.New(), uuid.New()
			f.file(event(a, accident(day(2025, 3, 1), a, first...)))
			alone := added()
			f.file(event(b, accident(day(2025, 3, 1), a, second...)))
			require.Equal(t, want, added())
			f.file(filing{kind: report.AccidentDeclaration, id: b, of: accident(day(2025, 3, 1), a), revision: 2})
			after := f.sums(2025, caseMeasures...)
			require.Equal(t, alone, less(after, before), "the second withdrawn")
			before = after
		})
	}
	of := func(victims ...report.Victim) []report.Victim { return victims }
	f("same person", of(victim(p, n, dead, yes)), of(victim(p, n, dead, yes)), cases(1, 1, 1, 0))
	f("same name", of(victim("", n, dead, yes)), of(victim("", n, dead, yes)), cases(1, 1, 1, 0))
	f("person and name", of(victim(p, n, dead, yes)), of(victim("", n, dead, yes)), cases(1, 1, 1, 0))
	f("name and person", of(victim("", n, dead, yes)), of(victim(p, n, dead, yes)), cases(1, 1, 1, 0))
	f("same person, name written otherwise", of(victim(p, n, dead, yes)), of(victim(p, m, dead, yes)), cases(1, 1, 1, 0))
	f("two persons of one name", of(victim(p, n, dead, yes)), of(victim(q, n, dead, yes)), cases(1, 1, 2, 0))
	f("each knows another", of(victim(p, n, dead, yes)), of(victim(q, m, serious, yes)), cases(1, 1, 1, 1))
	f("worst severity", of(victim(p, n, serious, yes)), of(victim("", n, dead, yes)), cases(1, 1, 1, 0))
	f("worst severity comes first", of(victim(p, n, dead, yes)), of(victim(p, n, serious, no)), cases(1, 1, 1, 0))
	f("two of one name in one declaration", of(victim("", n, dead, yes), victim("", n, dead, yes)), of(victim("", n, dead, yes)), cases(1, 1, 2, 0))
	f("two of one name, one with a number", of(victim(p, n, dead, yes), victim("", n, dead, yes)), of(victim(p, n, dead, yes)), cases(1, 1, 2, 0))
	f("nameless are never joined", of(victim("", "", dead, no)), of(victim("", "", dead, no), victim("", "", dead, no)), cases(1, 1, 3, 0))
	f("no victims", of(victim(p, n, dead, yes)), nil, cases(1, 1, 1, 0))
}

// less is what sums have more than others of the same measures.
func less(sums, others map[string]int64) map[string]int64 {
	more := map[string]int64{}
	for measure, value := range sums {
		more[measure] = value - others[measure]
	}
	return more
}

func TestWithdrawingTheFirstDeclarationLeavesTheSecond(t *testing.T) {
	f := newFiler(t)
	a, b := uuid.New(), uuid.New()
	first := accident(day(2024, 12, 31), a, victim("p", "n", report.Dead, report.Contract))
	second := accident(day(2025, 1, 1), a, victim("p", "n", report.Dead, report.Contract))
	second.Place.Province, second.Cause = province(seeds.List63, "79"), "7"
	f.file(filing{kind: report.AccidentDeclaration, id: a, content: first, filed: day(2025, 1, 2)})
	f.file(filing{kind: report.AccidentDeclaration, id: b, content: second, filed: day(2025, 1, 3)})
	// The earliest declaration says when and where, over all years.
	require.Equal(t, cases(1, 1, 1, 0), f.sums(2024, caseMeasures...))
	require.Equal(t, cases(0, 0, 0, 0), f.sums(2025, caseMeasures...))
	f.file(filing{kind: report.AccidentDeclaration, id: a, of: first, revision: 2})
	require.Equal(t, cases(0, 0, 0, 0), f.sums(2024, caseMeasures...))
	require.Equal(t, cases(1, 1, 1, 0), f.sums(2025, caseMeasures...))
	cells := f.cells(store.CellQuery{Measures: []string{store.Deaths}, From: 2025, To: 2025, GroupBy: []store.Dim{store.ByProvince, store.ByCause, store.ByMonth}})
	require.Equal(t, []store.Cell{{Measure: store.Deaths, Month: 1, Province: province(seeds.List63, "79"), Member: "7", Value: 1}}, cells)
}

// Declarations that hang together by quoting are one accident, whatever they quote.
func TestChainsOfDeclarations(t *testing.T) {
	one := func(id, quoted uuid.UUID, year int) filing {
		return event(id, accident(day(year, 3, 1), quoted, victim("p", "n", report.Dead, report.Contract)))
	}
	amended := func(before filing, quoted uuid.UUID) filing {
		a := *before.content.(*report.Accident)
		a.AccidentID = report.UUID(quoted)
		before.content, before.revision = &a, before.revision+2
		return before
	}
	withdrawn := func(before filing) filing {
		before.of, before.content, before.revision = before.content, nil, before.revision+2
		return before
	}
	ids := func(n int) []uuid.UUID {
		all := make([]uuid.UUID, n)
		for i := range all {
			all[i] = uuid.New()
		}
		return all
	}
	// All in one store, each case with ids of its own: chains must not get into one another.
	filer := newFiler(t)
	var total int64
	f := func(name string, want int64, filings ...filing) {
		t.Run(name, func(t *testing.T) {
			filings := withOwnIDs(filings)
			rand.Shuffle(len(filings), func(i, j int) { filings[i], filings[j] = filings[j], filings[i] })
			f := *filer
			f.t = t
			f.file(filings...)
			filer.offset = f.offset
			found := f.cells(store.CellQuery{Measures: []string{store.DeclaredAccidents}, From: 2023, To: 2026})
			require.Len(t, found, 1)
			require.Equal(t, want, found[0].Value-total)
			total = found[0].Value
		})
	}
	id := ids(6)
	a, b, c := one(id[0], id[0], 2024), one(id[1], id[0], 2024), one(id[2], id[1], 2025)
	f("a third quotes the second", 1, a, b, c)
	f("without the first", 1, b, c)
	f("the second quotes nobody any more", 2, a, b, c, amended(b, id[1]))
	f("the second withdrawn takes its link along", 2, a, b, c, withdrawn(b))
	f("those who quoted it stay together", 2, a, b, c, one(id[3], id[1], 2026), withdrawn(b))
	f("and may amend", 1, a, b, c, withdrawn(b), amended(c, id[0]))
	f("the first withdrawn", 1, a, b, c, withdrawn(a))
	f("the last withdrawn", 1, a, b, c, withdrawn(c))
	f("withdrawn ones have nothing in common", 2, one(id[0], id[0], 2024), withdrawn(b), withdrawn(c), one(id[3], id[0], 2024), one(id[4], id[4], 2025))
	f("quoting each other", 1, one(id[0], id[1], 2024), one(id[1], id[0], 2025))
	f("each quoting another's ring", 1, one(id[0], id[1], 2023), one(id[1], id[2], 2024), one(id[2], id[0], 2025), one(id[3], id[2], 2026), one(id[4], id[3], 2026))
	f("two chains and one alone", 3, a, b, c, one(id[3], id[4], 2024), one(id[4], id[3], 2025), one(id[5], id[5], 2024))
	f("quoting what nobody filed", 1, one(id[1], id[0], 2024), one(id[2], id[1], 2024), one(id[3], id[0], 2024))

	chain := func(n int) []filing {
		id := ids(n)
		filings := []filing{one(id[0], id[0], 2024)}
		for i := range n - 1 {
			filings = append(filings, one(id[i+1], id[i], 2023+i%4))
		}
		return filings
	}
	f("a chain as long as is followed", 1, chain(34)...)
	ring := func(n int) []filing {
		filings := chain(n)
		filings[0].content.(*report.Accident).AccidentID = report.UUID(filings[n-1].id)
		return filings
	}
	f("a ring as long as is recognised", 1, ring(33)...)

	// Every accident has one year, so years asked alone are the years of all, and add up.
	var sum int64
	for _, c := range filer.cells(store.CellQuery{Measures: []string{store.DeclaredAccidents}, From: 2023, To: 2026, GroupBy: []store.Dim{store.ByYear}}) {
		require.Equal(t, c.Value, filer.sums(c.Year, store.DeclaredAccidents)[store.DeclaredAccidents], c.Year)
		sum += c.Value
	}
	require.Equal(t, total, sum)
}

// withOwnIDs are the same filings of other reports and accidents.
func withOwnIDs(filings []filing) []filing {
	own := map[uuid.UUID]uuid.UUID{}
	of := func(id uuid.UUID) uuid.UUID {
		if _, known := own[id]; !known {
			own[id] = uuid.New()
		}
		return own[id]
	}
	renamed := func(c report.Content) report.Content {
		if c == nil {
			return nil
		}
		a := *c.(*report.Accident)
		a.AccidentID = report.UUID(of(uuid.UUID(a.AccidentID)))
		return &a
	}
	filings = slices.Clone(filings)
	for i, one := range filings {
		filings[i].id, filings[i].content, filings[i].of = of(one.id), renamed(one.content), renamed(one.of)
	}
	return filings
}

// What the first and the third say of one person comes together.
func TestVictimsOfAChainCountOnce(t *testing.T) {
	f := newFiler(t)
	a, b, c := uuid.New(), uuid.New(), uuid.New()
	f.file(
		filing{kind: report.AccidentDeclaration, id: a, filed: day(2025, 1, 3), content: accident(day(2024, 12, 31), a, victim("p", "n", report.Serious, report.Contract))},
		filing{kind: report.AccidentDeclaration, id: b, filed: day(2025, 1, 4), content: accident(day(2025, 1, 1), a, victim("q", "m", report.Dead, report.Contract))},
		filing{kind: report.AccidentDeclaration, id: c, filed: day(2025, 1, 5), content: accident(day(2025, 1, 2), b, victim("", "n", report.Dead, report.Contract))})
	require.Equal(t, cases(1, 1, 2, 0), f.sums(2024, caseMeasures...))
	require.Equal(t, cases(0, 0, 0, 0), f.sums(2025, caseMeasures...))
}

func TestEmploymentAddsUp(t *testing.T) {
	f := newFiler(t)
	a, b := uuid.New(), uuid.New()
	f.file(event(a, accident(day(2025, 8, 1), a, victim("p", "n", report.Dead, report.Contract), victim("q", "m", report.Dead, report.NoContract))),
		event(b, accident(day(2025, 8, 1), b, victim("r", "o", report.Dead, report.NoContract))))
	got := map[string]int64{}
	for _, c := range f.cells(store.CellQuery{Measures: []string{store.FatalAccidents, store.Deaths}, From: 2025, To: 2025, GroupBy: []store.Dim{store.ByEmployment}}) {
		got[c.Measure+" "+c.Employment] = c.Value
	}
	require.Equal(t, map[string]int64{"fatal_accidents contract": 1, "fatal_accidents no_contract": 1, "deaths contract": 1, "deaths no_contract": 2}, got)
}

func TestCommutingStandsApart(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	a := accident(day(2025, 8, 1), id, victim("p", "n", report.Dead, report.Contract))
	a.Commuting = true
	f.file(event(id, a))
	require.Equal(t, map[string]int64{store.Deaths: 0, store.CommutingDeaths: 1, store.CommutingFatal: 1},
		f.sums(2025, store.Deaths, store.CommutingDeaths, store.CommutingFatal))
}

func annex(taxCode string, accidents uint32, covers ...report.TaxCode) *report.Annex {
	return &report.Annex{
		Reporter: establishment(taxCode, "0"), Period: "2025", Industry: industry, Workers: report.Workers{Total: 100}, CoversBranches: covers,
		Rows: []report.AnnexRow{
			{Block: report.BlockAccidents, Measures: report.Measures{Accidents: accidents, Victims: accidents}},
			{Block: report.BlockCause, Code: "1", Measures: report.Measures{Accidents: accidents, Victims: accidents}},
		},
	}
}

func TestParentReplacesItsBranches(t *testing.T) {
	f := newFiler(t)
	measures := []string{store.Accidents, store.Reports, store.WorkersReporting}
	want := func(accidents, reports int64) map[string]int64 {
		return map[string]int64{store.Accidents: accidents, store.Reports: reports, store.WorkersReporting: 100 * reports}
	}
	parent := annex("0100109106", 7, "0100109106-001")
	f.file(periodic(report.AnnexXII, parent), periodic(report.AnnexXII, annex("0100109106-001", 3)), periodic(report.AnnexXII, annex("0100109106-002", 1)))
	require.Equal(t, want(8, 2), f.sums(2025, measures...))

	other := annex("0100109106-001", 3)
	other.Reporter.Site = "2"
	half := annex("0100109106-001", 2)
	half.Period = "2025H1"
	f.file(periodic(report.AnnexXII, other), periodic(report.AnnexXII, half))
	require.Equal(t, want(8, 2), f.sums(2025, measures...), "every site of the branch, and a half-year is not the year")
	require.Equal(t, []store.Cell{{Measure: store.Accidents, Value: 2}},
		f.cells(store.CellQuery{Measures: []string{store.Accidents}, From: 2025, To: 2025, Span: store.FirstHalf}), "the parent reported for the year only")

	f.file(periodic(report.AnnexXII, annex("0200109107", 1, "0100109106-002", "0100109106", "0200109107")))
	require.Equal(t, want(9, 3), f.sums(2025, measures...), "nobody takes out somebody else's report, nor their own")

	withdrawn := filing{kind: report.AnnexXII, id: report.ReportID(report.AnnexXII, parent.Identity()), of: parent, revision: 2}
	f.file(withdrawn)
	require.Equal(t, want(8, 4), f.sums(2025, measures...), "without the parent the branch speaks for itself")
}

func TestSitesCountOnceAYear(t *testing.T) {
	f := newFiler(t)
	monitoring := func(site string, year report.Period, campaign uint32, body report.TaxCode) *report.Monitoring {
		return &report.Monitoring{
			Reporter: establishment("0100109106", site), SiteProvince: province(seeds.List34, "79"), Period: year, Campaign: campaign,
			Industry: industry, Body: report.Body{TaxCode: body}, Factors: []report.Factor{{Factor: "noise", Samples: 10, Over: 2}, {Factor: "dust", Samples: 5}},
		}
	}
	f.file(periodic(report.MonitoringReport, monitoring("0", "2025", 1, "0200109107")),
		periodic(report.MonitoringReport, monitoring("0", "2025", 2, "0200109107")),
		periodic(report.MonitoringReport, monitoring("0", "2025", 1, "0300109108")),
		periodic(report.MonitoringReport, monitoring("1", "2025", 1, "0200109107")),
		periodic(report.MonitoringReport, monitoring("0", "2024", 1, "0200109107")))
	require.Equal(t, map[string]int64{store.MonitoredSites: 2, store.Samples: 60, store.SamplesOver: 8, store.MonitoringReports: 4},
		f.sums(2025, store.MonitoredSites, store.Samples, store.SamplesOver, store.MonitoringReports))
	require.Empty(t, f.cells(store.CellQuery{Measures: []string{store.MonitoredSites}, From: 2025, To: 2025, Span: store.FirstHalf}))
}

func TestQueryIsChecked(t *testing.T) {
	f := newFiler(t)
	err := store.CellQuery{Measures: []string{"deaths", "x'"}, From: 2026, To: 2025, Span: "Q1", Basis: "?", GroupBy: []store.Dim{"shoe size"}}.Validate()
	for _, part := range []string{"x'", "2026 to 2025", "Q1", "?", "shoe size"} {
		require.ErrorContains(t, err, part)
	}
	_, err = f.store.Cells(access.System(t.Context()), store.CellQuery{From: 2025, To: 2025, Span: store.Year, Basis: store.Live})
	require.ErrorContains(t, err, "no measure")

	refused := func(want string, by store.Dim, measures ...string) {
		t.Helper()
		q := store.CellQuery{Measures: measures, From: 2025, To: 2025, Span: store.Year, Basis: store.Live, GroupBy: []store.Dim{store.ByYear, by}}
		require.ErrorContains(t, q.Validate(), want)
	}
	refused("fatal_accidents cannot be split by sex", store.BySex, store.FatalAccidents, store.Deaths)
	refused("fatal_accidents cannot be split by age_group", store.ByAgeGroup, store.FatalAccidents)
	refused("deaths cannot be split by size_class", store.BySizeClass, store.Deaths)
	refused("accidents cannot be split by sex", store.BySex, store.Victims, store.Accidents)
	refused("deaths_form cannot be split by sex", store.BySex, store.DeathsForm)
	refused("workers_reporting cannot be split by cause", store.ByCause, store.WorkersReporting)
	refused("examined_persons cannot be split by factor", store.ByFactor, store.ExaminedPersons)
	refused("samples cannot be split by size_class", store.BySizeClass, store.Samples)
	two := store.CellQuery{Measures: []string{store.Deaths}, From: 2025, To: 2025, Span: store.Year, Basis: store.Live, GroupBy: []store.Dim{store.BySex, store.ByCause}}
	require.ErrorContains(t, two.Validate(), "one of them at most")
}

// An officer finds that declarations which do not quote each other are one accident, and
// that a person with two names is one.
func TestFindingsJoinDeclarations(t *testing.T) {
	f := newFiler(t)
	a, b, c, id, other := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	link := func(same []report.SameVictim, declarations ...uuid.UUID) *report.Link {
		l := &report.Link{Reporter: report.Reporter{Type: report.AuthorityReporter, Authority: report.LabourAuthority, Province: province(seeds.List34, "24")},
			DecidedOn: seeds.MustDate(2026, 1, 5), SameVictims: same}
		for _, d := range declarations {
			l.Declarations = append(l.Declarations, report.UUID(d))
		}
		return l
	}
	dead, serious := report.Dead, report.Serious
	f.file(
		filing{kind: report.AccidentDeclaration, id: a, filed: day(2025, 1, 2), content: accident(day(2024, 12, 31), a, victim("p", "n", serious, report.Contract))},
		filing{kind: report.AccidentDeclaration, id: b, filed: day(2025, 1, 3), content: accident(day(2025, 1, 1), b, victim("", "m", dead, report.NoContract))},
		filing{kind: report.AccidentDeclaration, id: c, filed: day(2025, 1, 4), content: accident(day(2025, 1, 1), b, victim("q", "o", dead, report.NoContract))})
	require.Equal(t, cases(1, 0, 0, 1), f.sums(2024, caseMeasures...))
	require.Equal(t, cases(1, 1, 2, 0), f.sums(2025, caseMeasures...))

	one := link(nil, a, b)
	f.file(filing{kind: report.CaseLink, id: id, content: one})
	require.Equal(t, cases(1, 1, 2, 1), f.sums(2024, caseMeasures...), "with everybody who quotes either")
	require.Equal(t, cases(0, 0, 0, 0), f.sums(2025, caseMeasures...))

	same := link([]report.SameVictim{{Victim: "p", SameAs: "m"}}, a, b)
	f.file(filing{kind: report.CaseLink, id: id, content: same, revision: 2})
	require.Equal(t, cases(1, 1, 2, 0), f.sums(2024, caseMeasures...), "seriously injured in one, dead in the other")

	f.file(filing{kind: report.CaseLink, id: other, content: link([]report.SameVictim{{Victim: "o", SameAs: "p"}}, c, a)})
	require.Equal(t, cases(1, 1, 1, 0), f.sums(2024, caseMeasures...), "two findings add up, by name as by number")

	f.file(filing{kind: report.CaseLink, id: other, of: one, revision: 2}, filing{kind: report.CaseLink, id: id, of: one, revision: 3})
	require.Equal(t, cases(1, 0, 0, 1), f.sums(2024, caseMeasures...), "withdrawn, they are not one")
	require.Equal(t, cases(1, 1, 2, 0), f.sums(2025, caseMeasures...))
}
