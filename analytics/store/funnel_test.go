package store_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// diseaseCase is a case that has come to a stage, 1 to 6.
func diseaseCase(year int, place seeds.ProvinceRef, person, name, factor, disease string, stage int) *report.DiseaseCase {
	on := func(month time.Month) seeds.Date { return seeds.MustDate(year, month, 1) }
	d := &report.DiseaseCase{
		Reporter: report.Reporter{Type: report.Clinic, TaxCode: "0100112437", Province: place}, FirstReportedOn: on(6), Industry: industry,
		Workplace: report.Workplace{TaxCode: "0100109106", Province: place}, Factor: factor, ExposedFrom: seeds.MustDate(2010, 1, 1),
		Worker: report.CaseWorker{Person: report.Pseudonym(person), NameKey: report.Pseudonym(name)},
	}
	if stage > 1 {
		d.ExaminedOn = on(1)
	}
	if stage > 2 {
		d.SuspectedOn = on(2)
	}
	if stage > 3 {
		d.Diagnosis = &report.CaseDiagnosis{On: on(3), Disease: disease, Status: report.NewCase}
	}
	if stage > 4 {
		d.Assessment = &report.CaseAssessment{On: on(4), LossPercent: 20}
	}
	if stage > 5 {
		d.Benefit = &report.CaseBenefit{Kind: report.Compensation, Amount: 1, PaidOn: on(5)}
	}
	return d
}

func (f *filer) funnel(q store.FunnelQuery) []store.Funnel {
	f.t.Helper()
	funnels, err := f.store.DiseaseFunnel(access.System(f.t.Context()), q)
	require.NoError(f.t, err)
	return funnels
}

func TestFunnelCountsCasesNotReports(t *testing.T) {
	f := newFiler(t)
	require.Empty(t, f.funnel(store.FunnelQuery{From: 2016, To: 2025}), "an empty store")
	hanoi, hcm := province(seeds.List63, "01"), province(seeds.List63, "79")
	file := func(at time.Time, d *report.DiseaseCase) uuid.UUID {
		id := uuid.New()
		f.file(filing{kind: report.DiseaseCaseReport, id: id, content: d, filed: at})
		return id
	}
	// One worker, reported by a clinic and a year later by the employer, who knows more.
	file(day(2024, 6, 1), diseaseCase(2024, hanoi, "p", "n", "noise", "", 3))
	late := file(day(2025, 2, 1), diseaseCase(2025, hcm, "p", "m", "noise", "18", 5))
	// The same worker and another factor: another case, the same person.
	file(day(2024, 7, 1), diseaseCase(2024, hanoi, "p", "n", "dust", "1", 4))
	// Without a number, the name tells persons apart within one workplace only.
	file(day(2024, 7, 1), diseaseCase(2024, hanoi, "", "n", "noise", "", 2))
	file(day(2024, 8, 1), diseaseCase(2024, hanoi, "", "n", "noise", "", 1))
	elsewhere := diseaseCase(2024, hanoi, "", "n", "noise", "", 1)
	elsewhere.Workplace.TaxCode = "0300109108"
	file(day(2024, 8, 1), elsewhere)
	nowhere := diseaseCase(2024, hanoi, "", "n", "noise", "", 1)
	nowhere.Workplace.TaxCode = ""
	file(day(2024, 8, 1), nowhere)
	dead := diseaseCase(2024, hanoi, "q", "q", "dust", "1", 4)
	dead.DiedOn = seeds.MustDate(2024, 9, 1)
	file(day(2024, 8, 1), dead)

	require.Equal(t, []store.Funnel{{
		Reached: [6]uint64{6, 4, 3, 3, 1, 0}, Now: [6]uint64{2, 1, 0, 2, 1, 0}, Persons: 5, Deaths: 1,
	}}, f.funnel(store.FunnelQuery{From: 2016, To: 2025}))
	on34 := store.On(seeds.List34, seeds.Default())
	require.Equal(t, []store.Funnel{{
		Year: 2024, Province: province(seeds.List34, "01"), Disease: "18", Factor: "noise",
		Reached: [6]uint64{1, 1, 1, 1, 1, 0}, Now: [6]uint64{0, 0, 0, 0, 1, 0}, Persons: 1,
	}}, f.funnel(store.FunnelQuery{From: 2024, To: 2025, Province: "01", Diseases: []string{"18"}, Stage: 5, Geography: on34,
		GroupBy: []store.Dim{store.ByYear, store.ByProvince, store.ByDisease, store.ByFactor}}))
	require.Empty(t, f.funnel(store.FunnelQuery{From: 2025, To: 2025}), "first reported in 2024")

	f.file(filing{kind: report.DiseaseCaseReport, id: late, of: diseaseCase(2025, hcm, "p", "m", "noise", "18", 5), revision: 2})
	require.Equal(t, [6]uint64{6, 4, 3, 2, 0, 0}, f.funnel(store.FunnelQuery{From: 2016, To: 2025})[0].Reached, "the employer withdrew")
}

func TestFunnelQueryIsChecked(t *testing.T) {
	f := func(want string, q store.FunnelQuery) {
		t.Helper()
		require.ErrorContains(t, q.Validate(), want)
	}
	f("years", store.FunnelQuery{From: 2025, To: 2024})
	f("stage 7", store.FunnelQuery{From: 2025, To: 2025, Stage: 7})
	f("needs a geography", store.FunnelQuery{From: 2025, To: 2025, Province: "01"})
	f("unknown dimension", store.FunnelQuery{From: 2025, To: 2025, GroupBy: []store.Dim{store.ByCause}})
}

// countFunnel counts in Go, one case after the other: the oracle of the SQL.
func countFunnel(current map[uuid.UUID]filing, on func(seeds.ProvinceRef) (string, bool)) []store.Funnel {
	type key struct{ who, factor string }
	cases := map[key][]filing{}
	for id, one := range current {
		d, ok := one.content.(*report.DiseaseCase)
		if !ok {
			continue
		}
		who := string(d.Worker.Person)
		switch {
		case who != "":
		case d.Worker.NameKey != "" && d.Workplace.TaxCode != "":
			who = "name " + string(d.Worker.NameKey) + string(d.Workplace.TaxCode)
		default:
			who = id.String()
		}
		cases[key{who, d.Factor}] = append(cases[key{who, d.Factor}], one)
	}
	groups, persons := map[string]*store.Funnel{}, map[string]map[string]bool{}
	for k, reports := range cases {
		slices.SortFunc(reports, func(a, b filing) int {
			return cmp.Or(a.filed.Compare(b.filed), cmp.Compare(a.id.String(), b.id.String()))
		})
		first := reports[0].content.(*report.DiseaseCase)
		furthest := first
		died := false
		for _, r := range reports {
			d := r.content.(*report.DiseaseCase)
			if d.Stage() >= furthest.Stage() {
				furthest = d
			}
			died = died || !d.DiedOn.IsZero()
		}
		disease := ""
		if furthest.Diagnosis != nil {
			disease = furthest.Diagnosis.Disease
		}
		code, _ := on(first.Workplace.Province)
		name := fmt.Sprint(first.FirstReportedOn.Year(), code, disease)
		if groups[name] == nil {
			groups[name] = &store.Funnel{Year: first.FirstReportedOn.Year(), Province: province(seeds.List34, code), Disease: disease}
			persons[name] = map[string]bool{}
		}
		g := groups[name]
		for stage := range int(furthest.Stage()) {
			g.Reached[stage]++
		}
		g.Now[furthest.Stage()-1]++
		persons[name][k.who] = true
		g.Persons = uint64(len(persons[name]))
		if died {
			g.Deaths++
		}
	}
	var all []store.Funnel
	for _, g := range groups {
		all = append(all, *g)
	}
	slices.SortFunc(all, func(a, b store.Funnel) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Province.Code, b.Province.Code), cmp.Compare(a.Disease, b.Disease))
	})
	return all
}

// Cases, amended and withdrawn at random, are counted by SQL as by hand.
func TestFunnelAgainstAnIndependentCount(t *testing.T) {
	f := newFiler(t)
	r := rand.New(rand.NewPCG(5, 7))
	places := []seeds.ProvinceRef{province(seeds.List63, "01"), province(seeds.List63, "79"), province(seeds.List63, "74"), province(seeds.List34, "79"), province(seeds.List34, "24")}
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	current := map[uuid.UUID]filing{}
	var batch []filing
	for range 150 {
		id := uuid.New()
		one := filing{kind: report.DiseaseCaseReport, id: id, filed: day(2024, 1, 1).Add(time.Duration(r.IntN(400)) * 12 * time.Hour)}
		year := 2023 + r.IntN(3)
		place := places[r.IntN(len(places))]
		for revision := range uint32(1 + r.IntN(3)) {
			d := diseaseCase(year, place, pick("", "p", "q", "r", "s", uuid.NewString()), pick("", "n", "m"), pick("noise", "dust"), pick("1", "18", "6"), 1+r.IntN(6))
			if r.IntN(5) == 0 {
				d.Workplace.TaxCode = ""
			}
			if r.IntN(9) == 0 {
				d.DiedOn = seeds.MustDate(year, 12, 1)
			}
			one.revision, one.content, one.of = revision+1, d, d
			if r.IntN(8) == 0 {
				one.content = nil
			}
			batch = append(batch, one)
		}
		current[id] = one
	}
	f.file(batch...)
	data := seeds.Default()
	got := f.funnel(store.FunnelQuery{From: 2020, To: 2030, GroupBy: []store.Dim{store.ByYear, store.ByProvince, store.ByDisease}, Geography: store.On(seeds.List34, data)})
	want := countFunnel(current, data.To34)
	require.Greater(t, len(want), 20)
	require.Equal(t, want, got)
}
