package demo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo"
	"atvsld/seeds/demo/count"
)

// safetyYear is what the safety reports of a year say, newest revisions only.
type safetyYear struct {
	kinds                              map[report.Kind]int
	strict, staff, health, local, paid report.TrainedOf
	insured                            uint64
	handled                            int
}

func addTo(sum *report.TrainedOf, trained, total uint32) {
	sum.Trained, sum.Total = sum.Trained+trained, sum.Total+total
}

func safetyYears(t *testing.T) map[int]*safetyYear {
	t.Helper()
	newest := map[string]filed{}
	for _, f := range wholeSet(t).filed {
		id := f.read.ReportID.String()
		if f.read.Content != nil && f.Kind != report.InspectionReport && f.Kind != report.AccidentDeclaration {
			id = report.ReportID(f.Kind, f.read.Content.Identity()).String()
		}
		newest[id] = f
	}
	years := map[int]*safetyYear{}
	for of := demo.FirstYear; of <= demo.LastYear; of++ {
		years[of] = &safetyYear{kinds: map[report.Kind]int{}}
	}
	for _, f := range newest {
		y := years[f.Year]
		switch c := f.read.Content.(type) {
		case *report.OSH:
			addTo(&y.strict, c.StrictJobs.Trained, c.StrictJobs.Total)
			addTo(&y.staff, c.Staff.Trained, c.Staff.Total)
			addTo(&y.health, c.HealthStaff.Trained, c.HealthStaff.Total)
		case *report.Training:
			for _, o := range c.LocalOfficers {
				addTo(&y.local, o.Trained, o.Total)
			}
		case *report.Insurance:
			addTo(&y.paid, c.Accidents.Paid+c.Diseases.Paid, c.Accidents.Entitled+c.Diseases.Entitled)
			y.insured += uint64(c.Accidents.Entitled)
		case *report.Inspection:
			if c.Serious && c.Decision != nil && !c.Decision.HandledOn.IsZero() {
				y.handled++
			}
		case *report.EquipmentInspection:
		default:
			continue
		}
		y.kinds[f.Kind]++
	}
	return years
}

// Shares rise past the targets of Resolution 19/NQ-CP within the ten years, every kind is
// there in every year, and the victims insured are those of the accidents.
func TestSafetyReportsTellAStory(t *testing.T) {
	years := safetyYears(t)
	percent := func(s report.TrainedOf) uint32 { return 100 * s.Trained / s.Total }
	for of, y := range years {
		for _, kind := range []report.Kind{report.OSHReport, report.TrainingReport, report.EquipmentReport, report.InsuranceReport, report.InspectionReport} {
			require.Positive(t, y.kinds[kind], "%d %s", of, kind)
		}
		require.Positive(t, y.handled, of)
		totals := wholeSet(t).totals
		dead := totals[count.Cell{Measure: count.Deaths, Year: of, Part: count.WithContract}] + totals.National(count.CommutingDeaths, of)
		serious := totals[count.Cell{Measure: count.Serious, Year: of, Part: count.WithContract}]
		require.EqualValues(t, dead+serious, y.insured, "%d: the insured are the dead and the seriously injured", of)
	}
	first, last := years[demo.FirstYear], years[demo.LastYear]
	f := func(name string, before, after report.TrainedOf, target uint32) {
		t.Helper()
		require.Less(t, percent(before), target, name)
		require.GreaterOrEqual(t, percent(after), target, name)
	}
	f("C1", first.strict, last.strict, 80)
	f("C2", first.staff, last.staff, 80)
	f("C3", first.health, last.health, 80)
	f("C4", first.local, last.local, 90)
	f("D1", first.paid, last.paid, 80)
	require.Equal(t, 63, years[2024].kinds[report.InsuranceReport])
	require.Equal(t, 34, last.kinds[report.InsuranceReport])
}

// Every name is marked, provinces are those of the day, and there is a person to leave out.
func TestInspectionsAreMarked(t *testing.T) {
	households := 0
	for _, f := range wholeSet(t).filed {
		i, ok := f.read.Content.(*report.Inspection)
		if !ok {
			continue
		}
		require.Contains(t, i.Establishment.Name.Reveal(), "(mẫu)")
		if i.Establishment.TaxCode.IsPerson() && i.Serious && f.Revision == 3 {
			households++
		}
		require.Equal(t, i.Reporter.Province, i.Establishment.Province)
		require.Equal(t, seeds.Default().ProvinceListOn(i.InspectedOn), i.Establishment.Province.List)
	}
	require.Positive(t, households, "a handled case that may never be public")
}
