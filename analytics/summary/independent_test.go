package summary_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/analytics/summary"
	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo"
	"atvsld/seeds/demo/count"
)

// small is a year of the demonstration data in both lists of provinces.
func small() demo.Config {
	c := demo.Default()
	c.FromYear, c.ToYear, c.Establishments, c.Communes = 2025, 2025, demo.MinEstablishments, demo.MinCommunes
	return c
}

// newest reads the demonstration data and keeps the newest revision of each report that
// was not withdrawn, as it is stored.
func newest(t *testing.T) (map[uuid.UUID]report.Submission, count.Totals) {
	t.Helper()
	counter := count.New(seeds.Default())
	all := map[uuid.UUID]report.Submission{}
	for raw, err := range demo.Generate(context.Background(), small()) {
		require.NoError(t, err)
		s, form, err := report.Decode(raw.Raw)
		require.NoError(t, err)
		require.Empty(t, form)
		require.NoError(t, counter.Add(s))
		s, _, err = report.Decode(raw.Raw)
		require.NoError(t, err)
		_, err = s.Strip(func(domain, value string) report.Pseudonym { return report.Pseudonym(domain + value) })
		require.NoError(t, err)
		if s.Content != nil {
			s.Identify()
		}
		if s.Revision == 0 {
			s.Revision = 1
		}
		if known, ok := all[s.ReportID]; !ok || s.Revision > known.Revision {
			all[s.ReportID] = s
		}
	}
	maps.DeleteFunc(all, func(_ uuid.UUID, s report.Submission) bool { return s.Withdrawn })
	return all, counter.Totals()
}

// tally is what the test counts by itself.
type tally struct {
	reports, workers, victims, deaths, serious, days int64
	bySection, byType, byCause                       map[string]int64
	registered                                       int64
	communes, communeVictims                         int64
}

// tallyOf counts the reports of one period on one list: the nation under the zero
// reference, and what has no place there not at all.
func tallyOf(all map[uuid.UUID]report.Submission, period string, list seeds.ProvinceList) map[seeds.ProvinceRef]*tally {
	covered := map[string]bool{}
	for _, s := range all {
		if a, ok := s.Content.(*report.Annex); ok && string(a.Period) == period {
			for _, branch := range a.CoversBranches {
				covered[string(branch)] = true
			}
		}
	}
	tallies := map[seeds.ProvinceRef]*tally{}
	at := func(of seeds.ProvinceRef) []*tally {
		on := seeds.Default().To34
		if list == seeds.List63 {
			on = seeds.Default().To63
		}
		places := []seeds.ProvinceRef{{}}
		if code, ok := on(of); ok {
			places = append(places, ref(list, code))
		}
		var out []*tally
		for _, p := range places {
			if tallies[p] == nil {
				tallies[p] = &tally{bySection: map[string]int64{}, byType: map[string]int64{}, byCause: map[string]int64{}}
			}
			out = append(out, tallies[p])
		}
		return out
	}
	for _, s := range all {
		switch c := s.Content.(type) {
		case *report.Annex:
			if string(c.Period) != period || covered[string(c.Reporter.TaxCode)] {
				continue
			}
			for _, t := range at(c.Reporter.Province) {
				t.addAnnex(c)
			}
		case *report.Commune:
			if string(c.Period) != period {
				continue
			}
			for _, t := range at(c.Reporter.Province) {
				t.communes++
				t.communeVictims += int64(c.Total.Victims)
			}
		case *report.Registration:
			if office, expected := expectedOn(c, period); expected {
				for _, t := range at(office) {
					t.registered++
				}
			}
		}
	}
	return tallies
}

// expectedOn tells whether an establishment answers for itself on the last day of a
// period, and where its head office is then.
func expectedOn(r *report.Registration, period string) (office seeds.ProvinceRef, expected bool) {
	day := report.Period(period).End()
	on := func(from, to seeds.Date) bool { return !from.After(day) && (to.IsZero() || !to.Before(day)) }
	if r.Registered.Type != report.Establishment || !on(r.Active.From, r.Active.To) {
		return office, false
	}
	for _, c := range r.Covered {
		if on(c.From, c.To) {
			return office, false
		}
	}
	for _, o := range r.HeadOffice {
		if on(o.From, o.To) {
			return o.Province, true
		}
	}
	return office, false
}

func (t *tally) addAnnex(a *report.Annex) {
	one := a.Total(report.BlockAccidents)
	t.reports++
	t.workers += int64(a.Workers.Total)
	t.victims += int64(one.Victims)
	t.deaths += int64(one.Deaths)
	t.serious += int64(one.Serious)
	t.days += int64(a.Damage.DaysOff)
	t.bySection[a.Industry.Version+a.Industry.Section()] += int64(one.Victims)
	t.byType[a.Reporter.EstablishmentType] += int64(a.Workers.Total)
	for _, r := range a.Rows {
		if r.Block == report.BlockCause {
			t.byCause[r.Code] += int64(r.Accidents)
		}
	}
}

// Every province on both lists, and of the new ones also the half-year, counted by hand from the
// generator's reports; and the parts add up to the nation.
func TestSummariesAgainstAnIndependentCount(t *testing.T) {
	all, totals := newest(t)
	f := newFiler(t)
	byKind := map[report.Kind][]report.Submission{}
	for _, id := range slices.SortedFunc(maps.Keys(all), func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }) {
		s := all[id]
		byKind[s.Kind] = append(byKind[s.Kind], s)
	}
	for _, kind := range []report.Kind{report.AnnexXII, report.CommuneReport, report.AccidentDeclaration, report.CaseLink, report.RegistrationEntry} {
		require.NotEmpty(t, byKind[kind])
		f.file(kind, byKind[kind])
	}
	for _, period := range []string{"2025", "2025H1"} {
		for _, list := range []seeds.ProvinceList{seeds.List34, seeds.List63} {
			if list == seeds.List63 && period == "2025H1" {
				continue // a hundred provinces are enough
			}
			want := tallyOf(all, period, list)
			require.Greater(t, len(want), 10)
			var reports, victims int64
			for _, area := range slices.SortedFunc(maps.Keys(want), func(a, b seeds.ProvinceRef) int { return slices.Compare([]byte(a.Code), []byte(b.Code)) }) {
				s := f.summary(area, period)
				requireTally(t, *want[area], s)
				requireDeclared(t, totals, area, period, s)
				if area != (seeds.ProvinceRef{}) && s.Contract.Reports > 0 {
					reports += s.Contract.Reports
					victims += *s.Contract.Details[0].Victims.Value
				}
			}
			if list == seeds.List34 {
				require.Equal(t, want[seeds.ProvinceRef{}].reports, reports)
				require.Equal(t, want[seeds.ProvinceRef{}].victims, victims)
			}
		}
	}
}

func requireTally(t *testing.T, want tally, s *summary.Summary) {
	t.Helper()
	total := s.Contract.Total
	require.Equal(t, want.reports, s.Contract.Reports, "%v", s.Area)
	require.Equal(t, want.registered, *total.Establishments.Value, "%v", s.Area)
	require.Equal(t, want.communes, s.NoContract.Reports)
	if want.communes > 0 {
		require.Equal(t, want.communeVictims, *s.NoContract.Details[0].Victims.Value)
	}
	if want.reports == 0 {
		return
	}
	require.Equal(t, []int64{want.workers, want.victims, want.deaths, want.serious},
		[]int64{*total.WorkersReported.Value, *total.Victims.Value, *total.Deaths.Value, *total.Serious.Value})
	sections, types, causes := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, r := range s.Contract.ByIndustry {
		if s.Period == "2025" { // filed in VSIC 2025, registered in VSIC 2018
			require.Equal(t, "registered_in_another_version", r.Establishments.Reason.Code)
			require.Nil(t, r.KDeathsAll.Value)
		}
		if r.Reports == 0 {
			require.Positive(t, *r.Establishments.Value, "nobody reported")
			continue
		}
		sections[r.Version+r.Code] = *r.Victims.Value
	}
	for _, r := range s.Contract.ByType {
		if r.Reports == 0 {
			continue
		}
		types[r.Code] = *r.WorkersReported.Value
	}
	for _, r := range s.Contract.Details {
		if r.Group == "cause" && r.Code != "" {
			causes[r.Code] = *r.Accidents.Value
		}
		if r.Group == "total" {
			require.Equal(t, want.days, *r.DaysOff.Value)
		}
	}
	require.Equal(t, want.bySection, sections)
	require.Equal(t, want.byType, types)
	require.Equal(t, want.byCause, causes)
}

// requireDeclared holds the declared cases of the difference table against the count of
// the generator's cases.
func requireDeclared(t *testing.T, totals count.Totals, area seeds.ProvinceRef, period string, s *summary.Summary) {
	t.Helper()
	for _, d := range s.Differences {
		cell := count.Cell{Measure: count.Measure(d.Measure), Year: 2025, Half: period == "2025H1", Geography: string(area.List), Code: area.Code, Part: d.Employment}
		if d.Declared.Value == nil {
			require.Zero(t, totals[cell])
			continue
		}
		require.Equal(t, totals[cell], *d.Declared.Value, "%v %v", s.Area, cell)
		if d.Difference.Value != nil {
			require.Equal(t, *d.Declared.Value-*d.Periodic.Value, *d.Difference.Value)
		}
	}
	require.Equal(t, store.Contract, s.Differences[0].Employment)
}
