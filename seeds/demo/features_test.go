package demo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo"
	"atvsld/seeds/demo/count"
)

// What makes a demonstration instructive is there in every year.
func TestEveryYearHasItsSpecialCases(t *testing.T) {
	type feature struct {
		name string
		year int
	}
	seen := map[feature]int{}
	sites := map[string]int{}
	open := map[uuid.UUID]int{} // investigations, by the last revision
	for _, f := range wholeSet(t).filed {
		note := func(name string, is bool) {
			if is {
				seen[feature{name, f.Year}]++
			}
		}
		note("declaration amended", f.Kind == report.AccidentDeclaration && f.Revision > 1 && !f.Withdrawn)
		note("declaration withdrawn", f.Kind == report.AccidentDeclaration && f.Withdrawn)
		note("link withdrawn", f.Kind == report.CaseLink && f.Withdrawn)
		note("monitoring withdrawn", f.Kind == report.MonitoringReport && f.Withdrawn)
		note("annex amended", f.Kind == report.AnnexXII && f.Revision > 1)
		note("disease report amended", f.Kind == report.DiseaseReport && f.Revision > 1)
		switch c := f.read.Content.(type) {
		case *report.Accident:
			note("second employer", !c.AccidentID.IsZero())
			note("commuting", c.Commuting)
			note("commune declares", c.Reporter.Type == report.CommuneReporter)
			note("accident away from the head office", c.Place.Province != c.Reporter.Province)
			note("several victims", len(c.Victims) > 1)
		case *report.Investigation:
			clock := report.InvestigationClock(c.Severity, c.Stages, seeds.MustDate(2026, 2, 1))
			note("investigation "+string(clock.State), true)
			open[f.read.ReportID] = 0
			if clock.State == report.ClockOverdue || clock.State == report.ClockRunning {
				open[f.read.ReportID] = f.Year
			}
			note("investigation extended", !c.Stages.Extended.IsZero())
		case *report.Link:
			note("declarations linked", true)
		case *report.Incident:
			note("technical incident", true)
		case *report.Annex:
			note("nil report", len(c.Rows) == 0)
			note("branch covered", len(c.CoversBranches) > 0)
			note("branch", c.Reporter.TaxCode.IsBranch())
			note("late", late(f))
		case *report.Monitoring:
			note("second site", c.Reporter.Site == "1")
			note("site away from the head office", c.SiteProvince != c.Reporter.Province)
			sites[c.Reporter.Unit()+string(c.Period)]++
			note("site monitored again", sites[c.Reporter.Unit()+string(c.Period)] == 2)
		}
	}
	for of := demo.FirstYear; of <= demo.LastYear; of++ {
		for _, name := range []string{
			"declaration amended", "declaration withdrawn", "monitoring withdrawn", "disease report amended", "second employer",
			"commuting", "commune declares", "accident away from the head office", "several victims", "nil report", "branch covered",
			"branch", "late", "investigation published_in_time", "investigation published_late", "investigation extended",
			"declarations linked", "link withdrawn", "technical incident", "second site", "site away from the head office", "site monitored again",
		} {
			require.Positive(t, seen[feature{name, of}], "%d: %s", of, name)
		}
		// No second form is due when the injury became a death before the first.
		require.Positive(t, seen[feature{"annex amended", of}]+seen[feature{"annex amended", of - 1}], "%d: annex amended", of)
	}
	years := map[int]int{}
	for _, of := range open {
		years[of]++
	}
	require.Greater(t, years[demo.LastYear], 10, "open investigations")
	require.Len(t, years, 2, "of the last year only")
}

func late(f filed) bool {
	month, day := f.ReceivedAt.Month(), f.ReceivedAt.Day()
	return month == 7 && day >= 5 || month == 8 || month == 1 && day >= 10 || month == 2
}

// Amendments matter: the first revisions alone give other deaths, and leaving
// withdrawals out gives other fatal accidents.
func TestAmendmentsAndWithdrawalsMoveFigures(t *testing.T) {
	first, standing := count.New(seeds.Default()), count.New(seeds.Default())
	for _, f := range wholeSet(t).filed {
		if f.Revision == 1 || f.Withdrawn {
			require.NoError(t, first.Add(f.read))
		}
		if !f.Withdrawn {
			require.NoError(t, standing.Add(f.read))
		}
	}
	want, unamended, unwithdrawn := wholeSet(t).totals, first.Totals(), standing.Totals()
	for of := demo.FirstYear; of <= demo.LastYear; of++ {
		require.Greater(t, want.National(count.Deaths, of), unamended.National(count.Deaths, of), of)
		require.Greater(t, want.National(count.ExaminedPersons, of), unamended.National(count.ExaminedPersons, of), of)
		require.Greater(t, unwithdrawn.National(count.FatalAccidents, of), want.National(count.FatalAccidents, of), of)
		require.Greater(t, unwithdrawn.National(count.MonitoredSites, of), want.National(count.MonitoredSites, of), of)
	}
}

// The order in which reports are counted changes nothing.
func TestCountDoesNotDependOnOrder(t *testing.T) {
	s := wholeSet(t)
	backwards := count.New(seeds.Default())
	for _, f := range slices.Backward(s.filed) {
		require.NoError(t, backwards.Add(f.read))
		require.NoError(t, backwards.Add(f.read), "twice")
	}
	require.Equal(t, s.totals, backwards.Totals())
	require.Equal(t, s.reports, backwards.Reports())
}

// The year 2025 is filed in both lists of provinces and both classifications.
func TestReformOf2025(t *testing.T) {
	lists := map[string]map[seeds.ProvinceList]bool{}
	versions := map[string]bool{}
	households, reused := 0, 0
	for _, f := range wholeSet(t).filed {
		if f.read.Content == nil || f.Year != 2025 {
			continue
		}
		if m, ok := f.read.Content.(*report.Monitoring); ok {
			unit := m.Reporter.Unit()
			if lists[unit] == nil {
				lists[unit] = map[seeds.ProvinceList]bool{}
			}
			lists[unit][m.SiteProvince.List] = true
		}
		if a, ok := f.read.Content.(*report.Annex); ok {
			versions[string(a.Period)+a.Industry.Version] = true
			if a.Reporter.TaxCode.IsPerson() {
				households++
			}
		}
		if c, ok := f.read.Content.(*report.Commune); ok {
			require.Equal(t, "2025-07-01", c.Reporter.Commune.ValidFrom.String())
			reused++
		}
	}
	both := 0
	for _, l := range lists {
		if len(l) == 2 {
			both++
		}
	}
	require.Greater(t, both, 20, "sites under both lists")
	require.Equal(t, map[string]bool{"2025H12018": true, "20252025": true}, versions)
	require.Positive(t, households)
	require.Positive(t, reused)
}

// fell and rose are the rules of D31-1, and of D31-2 and D31-3.
func fell(now, before int64) bool { return 100*now <= 96*before }
func rose(now, before int64) bool { return 100*now >= 105*before }

// The chosen years show every kind of verdict.
func TestVerdictsDiffer(t *testing.T) {
	got := wholeSet(t).totals
	for of, want := range map[int][2]bool{ // fatal accidents, deaths
		2017: {false, false}, 2018: {false, false}, 2019: {true, true}, 2020: {false, false}, 2021: {true, true},
		2022: {false, true}, 2023: {true, false}, 2024: {true, false}, 2025: {false, true},
	} {
		n := func(m count.Measure) bool { return fell(got.National(m, of), got.National(m, of-1)) }
		require.Equal(t, want, [2]bool{n(count.FatalAccidents), n(count.Deaths)}, of)
	}
	require.Greater(t, got.National(count.Deaths, 2023), got.National(count.Deaths, 2022), "deaths rise while accidents fall")
	require.Equal(t, 96*got.National(count.FatalAccidents, 2023), 100*got.National(count.FatalAccidents, 2024), "just −4.0 %")
	require.Equal(t, 105*got.National(count.ExaminedPersons, 2024), 100*got.National(count.ExaminedPersons, 2025), "just +5.0 %")

	for _, m := range []count.Measure{count.ExaminedPersons, count.ExaminedCases, count.MonitoredSites} {
		nation, mixed := map[bool]int{}, 0
		for of := 2017; of <= 2025; of++ {
			nation[rose(got.National(m, of), got.National(m, of-1))]++
			provinces := map[bool]int{}
			for _, p := range seeds.Default().Provinces(seeds.List34) {
				provinces[rose(got.Province(m, of, p.Ref()), got.Province(m, of-1, p.Ref()))]++
			}
			if len(provinces) == 2 {
				mixed++
			}
		}
		require.GreaterOrEqual(t, mixed, 5, "years in which some provinces meet %s and some do not", m)
		require.Positive(t, nation[true], m)
		require.Positive(t, nation[false], m)
	}
}

// The ten provinces printed for 2017 are those with the most deaths.
func TestNoProvinceExceedsThePrintedTen(t *testing.T) {
	data, got := seeds.Default(), wholeSet(t).totals
	for _, p := range data.Provinces(seeds.List63) {
		if _, printed := data.Statistic(2017, "Y", "deaths_all", p.NameVI); !printed {
			require.Less(t, got.Province(count.Deaths, 2017, p.Ref()), int64(25), p.NameVI)
		}
	}
}

func TestProvincesAtZero(t *testing.T) {
	got := wholeSet(t).totals
	f := func(code string, of int, want int64) {
		t.Helper()
		require.Equal(t, want, got.Province(count.FatalAccidents, of, seeds.ProvinceRef{List: seeds.List34, Code: code}))
	}
	f("12", 2022, 0) // Lai Châu: 0 → 0 is met, 0 → 2 is not
	f("12", 2023, 0)
	f("12", 2024, 2)
	f("04", 2023, 0) // Cao Bằng: held at zero
	f("04", 2024, 0)
	f("04", 2025, 0)
	f("11", 2024, 0) // Điện Biên: 0 → 1
	f("11", 2025, 1)
}

// Everything personal is recognisably invented.
func TestPersonsAreMarked(t *testing.T) {
	for _, f := range wholeSet(t).filed {
		a, ok := f.read.Content.(*report.Accident)
		if !ok {
			continue
		}
		require.True(t, strings.HasSuffix(a.Reporter.Name.Reveal(), "(mẫu)"))
		for i := range a.Victims {
			require.True(t, strings.HasSuffix(a.Victims[i].Name.Reveal(), "(mẫu)"))
		}
	}
}
