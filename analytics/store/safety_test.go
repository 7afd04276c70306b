package store_test

import (
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

// safetyGen makes reports that count in safety figures.
type safetyGen struct{ *rand.Rand }

func (g safetyGen) province() seeds.ProvinceRef {
	return []seeds.ProvinceRef{province(seeds.List34, "01"), province(seeds.List34, "24"), province(seeds.List63, "24"), province(seeds.List63, "27"), province(seeds.List63, "01")}[g.IntN(5)]
}

func (g safetyGen) part() report.TrainedOf {
	total := g.Uint32N(100)
	return report.TrainedOf{Total: total, Trained: g.Uint32N(total + 1)}
}

func (g safetyGen) authority(authority string) report.Reporter {
	return report.Reporter{Type: report.AuthorityReporter, Authority: authority, Province: g.province()}
}

func (g safetyGen) body() report.Reporter {
	return report.Reporter{Type: report.ServiceBody, TaxCode: "0100112437", Site: strconv.Itoa(g.IntN(4)), Province: g.province()}
}

func (g safetyGen) period() report.Period { return []report.Period{"2024", "2025"}[g.IntN(2)] }

func (g safetyGen) osh() *report.OSH {
	staff := g.part()
	return &report.OSH{
		Reporter: report.Reporter{Type: report.Establishment, TaxCode: "0100109106", Site: strconv.Itoa(g.IntN(6)), Province: g.province()}, Period: g.period(),
		StrictJobs: g.part(), Staff: staff, HealthStaff: g.part(), Benefits: report.OccupationalBenefit{Entitled: g.Uint32N(9), Paid: g.Uint32N(5)},
		Equipment: report.EquipmentStock{InUse: g.Uint32N(50), Inspected: g.Uint32N(50)},
	}
}

func (g safetyGen) training() *report.Training {
	t := &report.Training{Period: g.period()}
	if g.IntN(2) == 0 {
		t.Reporter = g.authority(report.LabourAuthority)
		for _, level := range []string{"district", "zone_board"} {
			t.LocalOfficers = append(t.LocalOfficers, report.LocalOfficers{Level: level, Total: g.Uint32N(40), Trained: g.Uint32N(40)})
		}
		return t
	}
	t.Reporter = g.body()
	for range g.IntN(4) {
		t.Courses = append(t.Courses, report.TrainingCourse{Province: g.province(), Group: "3", Courses: 1, Trained: g.Uint32N(90), Certified: g.Uint32N(90)})
	}
	return t
}

func (g safetyGen) equipment() *report.EquipmentInspection {
	e := &report.EquipmentInspection{Reporter: g.body(), Period: g.period()}
	for range g.IntN(4) {
		e.Items = append(e.Items, report.InspectedEquipment{Province: g.province(), Type: "lift", Inspected: g.Uint32N(90), Failed: g.Uint32N(9)})
	}
	return e
}

func (g safetyGen) insurance() *report.Insurance {
	return &report.Insurance{Reporter: g.authority(report.InsuranceAuthority), Period: g.period(),
		Accidents: report.InsuranceCases{Entitled: g.Uint32N(90), Paid: g.Uint32N(90)}, Diseases: report.InsuranceCases{Entitled: g.Uint32N(90), Paid: g.Uint32N(90)}}
}

func (g safetyGen) inspection() *report.Inspection {
	i := inspection("0100109106", seeds.MustDate(2024+g.IntN(2), 5, 1+g.IntN(28)))
	i.Establishment.Province, i.Serious = g.province(), g.IntN(2) == 0
	if g.IntN(2) == 0 {
		i.Decision.HandledOn = seeds.Date{}
	}
	return i
}

// inspection is of a serious violation, decided ten days and handled forty days after.
func inspection(taxCode string, on seeds.Date) *report.Inspection {
	return &report.Inspection{
		Reporter:      report.Reporter{Type: report.AuthorityReporter, Authority: report.InspectionAuthority, Province: province(seeds.List34, "01")},
		Establishment: report.Inspected{TaxCode: report.TaxCode(taxCode), Site: "2", Name: "Công ty Sông Hồng", Province: province(seeds.List34, "01")},
		InspectedOn:   on, Basis: "planned", Industry: industry, Serious: true,
		Findings: []report.ViolationFound{{Code: "equipment", Serious: true}, {Code: "training"}},
		Decision: &report.SanctionDecision{Number: "7/QĐ-XPHC", IssuedOn: on.AddDays(10), Fine: 55_000, Measures: []string{"inspect"}, HandledOn: on.AddDays(40)},
	}
}

func (g safetyGen) filing() filing {
	switch g.IntN(5) {
	case 0:
		return periodic(report.OSHReport, g.osh())
	case 1:
		return periodic(report.TrainingReport, g.training())
	case 2:
		return periodic(report.EquipmentReport, g.equipment())
	case 3:
		return periodic(report.InsuranceReport, g.insurance())
	default:
		return filing{kind: report.InspectionReport, id: uuid.New(), content: g.inspection()}
	}
}

// place of a sum: figure and unit of the 34, "" the nation.
type sumKey struct{ id, unit string }

type sum struct {
	numerator, denominator uint64
	reports                map[uuid.UUID]bool
}

// sums counts the slow way: report by report.
type safetySums map[sumKey]sum

func (s safetySums) add(id uuid.UUID, figure string, at seeds.ProvinceRef, numerator, denominator uint64) {
	unit, _ := seeds.Default().To34(at)
	for _, key := range []sumKey{{figure, unit}, {figure, ""}} {
		now := s[key]
		if now.reports == nil {
			now.reports = map[uuid.UUID]bool{}
		}
		now.numerator, now.denominator = now.numerator+numerator, now.denominator+denominator
		now.reports[id] = true
		s[key] = now
	}
}

func (s safetySums) count(id uuid.UUID, content report.Content) {
	n := func(x uint32) uint64 { return uint64(x) }
	switch c := content.(type) {
	case *report.OSH:
		at := c.Reporter.Province
		s.add(id, "C1", at, n(c.StrictJobs.Trained), n(c.StrictJobs.Total))
		s.add(id, "C2", at, n(c.Staff.Trained), n(c.Staff.Total))
		s.add(id, "C3", at, n(c.HealthStaff.Trained), n(c.HealthStaff.Total))
		s.add(id, "D1E", at, n(c.Benefits.Paid), n(c.Benefits.Entitled))
		s.add(id, "Q1", at, n(c.Equipment.Inspected), n(c.Equipment.InUse))
	case *report.Training:
		for _, o := range c.LocalOfficers {
			s.add(id, "C4", c.Reporter.Province, n(o.Trained), n(o.Total))
		}
		for _, course := range c.Courses {
			s.add(id, "T1", course.Province, n(course.Certified), n(course.Trained))
		}
	case *report.EquipmentInspection:
		for _, item := range c.Items {
			s.add(id, "Q2", item.Province, n(item.Failed), n(item.Inspected))
		}
	case *report.Insurance:
		s.add(id, "D1", c.Reporter.Province, n(c.Accidents.Paid)+n(c.Diseases.Paid), n(c.Accidents.Entitled)+n(c.Diseases.Entitled))
	case *report.Inspection:
		handled := uint64(0)
		if c.Serious && !c.Decision.HandledOn.IsZero() {
			handled = 1
		}
		serious := uint64(0)
		if c.Serious {
			serious = 1
		}
		s.add(id, "V1", c.Establishment.Province, handled, serious)
	}
}

// shareMeasures are the measures of those figures that are indicators too.
var shareMeasures = map[string]struct{ numerator, denominator string }{
	"C1": {store.StrictJobWorkersTrained, store.StrictJobWorkers},
	"C2": {store.OSHStaffTrained, store.OSHStaff},
	"C3": {store.HealthStaffWithTraining, store.HealthStaff},
	"C4": {store.LocalOfficersTrained, store.LocalOfficers},
	"D1": {store.VictimsEntitledPaid, store.VictimsEntitled},
}

type shareKey struct {
	measure string
	year    int
	unit    string
}

func (f *filer) shareCells(from, to int) map[shareKey]int64 {
	f.t.Helper()
	q := store.CellQuery{From: from, To: to, GroupBy: []store.Dim{store.ByYear, store.ByProvince}, Geography: store.On(seeds.List34, seeds.Default())}
	for _, m := range shareMeasures {
		q.Measures = append(q.Measures, m.numerator, m.denominator)
	}
	sums := map[shareKey]int64{}
	for _, c := range f.cells(q) {
		sums[shareKey{c.Measure, c.Year, c.Province.Code}] = c.Value
	}
	return sums
}

// The figures are those of a count of the newest revisions, one report after the other,
// after amendments and withdrawals, on the 34 units and in the nation.
func TestSafetyFiguresAreThoseOfACount(t *testing.T) {
	f := newFiler(t)
	g := safetyGen{rand.New(rand.NewPCG(1, 2))}
	newest := map[uuid.UUID]filing{}
	for range 8 {
		var batch []filing
		inBatch := map[uuid.UUID]bool{}
		for range 40 {
			one := g.filing()
			if inBatch[one.id] {
				continue
			}
			inBatch[one.id] = true
			one.revision = newest[one.id].revision + 1
			if one.revision > 1 && g.IntN(4) == 0 {
				one.of, one.content = one.content, nil
			}
			newest[one.id] = one
			batch = append(batch, one)
		}
		f.file(batch...)
	}
	cells := f.shareCells(2024, 2025)
	for _, year := range []int{2024, 2025} {
		want := safetySums{}
		for id, one := range newest {
			if one.content != nil && one.content.Identity().StatYear == year {
				want.count(id, one.content)
			}
		}
		got := map[sumKey]store.SafetyFigure{}
		for _, byProvince := range []bool{false, true} {
			figures, err := f.store.SafetyFigures(access.System(t.Context()), year, byProvince, store.On(seeds.List34, seeds.Default()))
			require.NoError(t, err)
			for _, figure := range figures {
				got[sumKey{figure.ID, figure.Province.Code}] = figure
			}
		}
		require.NotEmpty(t, want)
		require.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got)), year)
		for key, w := range want {
			require.Equal(t, w.numerator, got[key].Numerator, "%d %v", year, key)
			require.Equal(t, w.denominator, got[key].Denominator, "%d %v", year, key)
			require.Equal(t, len(w.reports), int(got[key].Reports), "%d %v", year, key)
			// The cells of indicators count the same of the provinces.
			if m, ok := shareMeasures[key.id]; ok && key.unit != "" {
				require.Equal(t, int64(w.numerator), cells[shareKey{m.numerator, year, key.unit}], "%d %v", year, key)
				require.Equal(t, int64(w.denominator), cells[shareKey{m.denominator, year, key.unit}], "%d %v", year, key)
			}
		}
	}
	none, err := f.store.SafetyFigures(access.System(t.Context()), 2023, false, store.AsReported())
	require.NoError(t, err)
	require.Empty(t, none, "a year without reports has no figures, not zeros")
}

func (f *filer) violations(filter store.ViolationFilter) []store.Violation {
	f.t.Helper()
	if filter.Limit == 0 {
		filter.Limit = 100
	}
	page, more, err := f.store.Violations(access.System(f.t.Context()), filter)
	require.NoError(f.t, err)
	require.False(f.t, more)
	return page
}

// Nothing unhandled, undecided, not serious, out of its window, withdrawn or of a person
// is ever chosen.
func TestViolationsShowOnlyWhatWasHandled(t *testing.T) {
	f := newFiler(t)
	on := seeds.MustDate(2025, 10, 1) // handled on 10 November
	with := func(taxCode string, change func(*report.Inspection)) filing {
		i := inspection(taxCode, on)
		change(i)
		return filing{kind: report.InspectionReport, id: uuid.New(), content: i}
	}
	nothing := func(*report.Inspection) {}
	shown, branch := with("0100109106", nothing), with("0100109106-001", func(i *report.Inspection) {
		i.Establishment.Province, i.Decision.Number = province(seeds.List34, "24"), "8/QĐ-XPHC"
	})
	withdrawn, reopened := with("0100109106", nothing), with("0100109106", nothing)
	f.file(shown, branch, withdrawn, reopened,
		with("0100109106", func(i *report.Inspection) { i.Decision.HandledOn = seeds.Date{} }),
		with("0100109106", func(i *report.Inspection) { i.Decision = nil }),
		with("0100109106", func(i *report.Inspection) { i.Serious, i.Findings[0].Serious = false, false }),
		with("0100109106", func(i *report.Inspection) { i.Decision.HandledOn = seeds.MustDate(2026, 1, 9) }),
		with("hb:00112233445566778899aabbccddeeff", nothing),
		with("001085012345", nothing),
		with("8100109106", nothing),
		with("", nothing))
	still := inspection("0100109106", on)
	still.Decision.HandledOn = seeds.Date{}
	f.file(filing{kind: report.InspectionReport, id: withdrawn.id, of: withdrawn.content, revision: 2},
		filing{kind: report.InspectionReport, id: reopened.id, content: still, revision: 2})

	today := seeds.MustDate(2026, 1, 8)
	all := f.violations(store.ViolationFilter{Today: today, Days: 365})
	require.Len(t, all, 2)
	require.Equal(t, store.Violation{
		Province: province(seeds.List34, "01"), VSICVersion: "2018", VSICSection: "F", TaxCode: "0100109106", InspectedOn: on,
		Codes: []string{"equipment"}, DecisionNumber: "7/QĐ-XPHC", IssuedOn: on.AddDays(10), Fine: 55_000, Measures: []string{"inspect"}, HandledOn: on.AddDays(40),
	}, all[0])
	require.Equal(t, "0100109106-001", all[1].TaxCode)
	require.Len(t, f.violations(store.ViolationFilter{Today: today, Days: 365, Provinces: []seeds.ProvinceRef{province(seeds.List34, "24")}}), 1)
	require.Empty(t, f.violations(store.ViolationFilter{Today: today, Days: 365, Provinces: []seeds.ProvinceRef{province(seeds.List63, "24")}}))

	// The window: handled on day 1 of it, gone after its last.
	handled := on.AddDays(40)
	require.Empty(t, f.violations(store.ViolationFilter{Today: handled.AddDays(-1), Days: 30}))
	require.Len(t, f.violations(store.ViolationFilter{Today: handled, Days: 30}), 2)
	require.Len(t, f.violations(store.ViolationFilter{Today: handled.AddDays(29), Days: 30}), 2)
	require.Empty(t, f.violations(store.ViolationFilter{Today: handled.AddDays(30), Days: 30}))
	require.Empty(t, f.violations(store.ViolationFilter{Today: today}), "no window, nothing")
	require.Len(t, f.violations(store.ViolationFilter{Today: today, Days: 1 << 20}), 2)

	page, more, err := f.store.Violations(access.System(t.Context()), store.ViolationFilter{Today: today, Days: 365, Limit: 1})
	require.NoError(t, err)
	require.True(t, more)
	require.Equal(t, all[:1], page)
	page, more, err = f.store.Violations(access.System(t.Context()), store.ViolationFilter{Today: today, Days: 365, Limit: 1, Offset: 1})
	require.NoError(t, err)
	require.False(t, more)
	require.Equal(t, all[1:], page)
}
