package demo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo"
)

type provinceYear struct {
	province string // of the list of 34
	year     int
}

func inProvince(t *testing.T, ref seeds.ProvinceRef, of int) provinceYear {
	t.Helper()
	code, ok := seeds.Default().To34(ref)
	require.True(t, ok)
	return provinceYear{code, of}
}

// newest returns the reports that stand in the end, by kind.
func newest(t *testing.T) map[report.Kind][]report.Content {
	t.Helper()
	latest := map[string]filed{}
	for _, f := range wholeSet(t).filed {
		id := f.read.ReportID.String()
		if f.read.Content != nil && f.Kind != report.DiseaseCaseReport && f.Kind != report.AccidentDeclaration {
			id = report.ReportID(f.Kind, f.read.Content.Identity()).String()
		}
		latest[id] = f
	}
	all := map[report.Kind][]report.Content{}
	for _, f := range latest {
		if f.read.Content != nil {
			all[f.Kind] = append(all[f.Kind], f.read.Content)
		}
	}
	return all
}

// Cases of a province and year that were diagnosed are some of those that its
// establishments report; facilities see nearly the victims that are reported, and not
// exactly.
func TestHealthSystemAgreesWithTheReports(t *testing.T) {
	all := newest(t)
	reported, cases := map[provinceYear]int{}, map[provinceYear]map[string]bool{}
	for _, c := range all[report.DiseaseReport] {
		d := c.(*report.Disease)
		reported[inProvince(t, d.Reporter.Province, d.Period.Year())] += int(d.Diagnosed.New)
	}
	stages := map[uint8]int{}
	twice := 0
	for _, c := range all[report.DiseaseCaseReport] {
		d := c.(*report.DiseaseCase)
		stages[d.Stage()]++
		if d.Diagnosis == nil {
			continue
		}
		require.Equal(t, d.FirstReportedOn.Year(), d.Diagnosis.On.Year())
		at := inProvince(t, d.Workplace.Province, d.Diagnosis.On.Year())
		if cases[at] == nil {
			cases[at] = map[string]bool{}
		}
		who := d.Worker.Name.Reveal() + d.Worker.BirthYear.Reveal() + string(d.Workplace.TaxCode) + d.Factor
		if cases[at][who] {
			twice++
		}
		cases[at][who] = true
	}
	for at, persons := range cases {
		require.LessOrEqual(t, len(persons), reported[at], at)
	}
	require.Positive(t, twice, "cases that a clinic and the employer report")
	for stage := uint8(3); stage <= 6; stage++ {
		require.Greater(t, stages[stage], 50, "stage %d", stage)
	}

	victims, seen, summed := map[int]int{}, map[int]int{}, map[int]int{}
	for _, c := range all[report.AnnexXII] {
		if a := c.(*report.Annex); !a.Period.HalfYear() && !a.Reporter.TaxCode.IsBranch() {
			victims[a.Period.Year()] += int(a.Total(report.BlockAccidents).Victims)
		}
	}
	for _, c := range all[report.CommuneReport] {
		if m := c.(*report.Commune); !m.Period.HalfYear() {
			victims[m.Period.Year()] += int(m.Total.Victims)
		}
	}
	for _, c := range all[report.ClinicReport] {
		if r := c.(*report.Clinical); !r.Period.HalfYear() {
			seen[r.Period.Year()] += int(r.Treated.Victims)
		}
	}
	for _, c := range all[report.HealthSummary] {
		if r := c.(*report.Summary); !r.Period.HalfYear() {
			summed[r.Period.Year()] += int(r.Treated.Victims)
		}
	}
	for of := demo.FirstYear; of <= demo.LastYear; of++ {
		require.NotEqual(t, victims[of], seen[of], of)
		require.InEpsilon(t, victims[of], seen[of], 0.25, of)
		require.NotEqual(t, seen[of], summed[of], of)
		require.InEpsilon(t, seen[of], summed[of], 0.35, of) // a large department may be missing
	}
	require.Len(t, all[report.ExaminationReport], 630, "63 a year")
}

// Every year has what the second count is for.
func TestHealthSystemReportsEveryYear(t *testing.T) {
	n := map[int]map[report.Kind]int{}
	for _, f := range wholeSet(t).filed {
		if n[f.Year] == nil {
			n[f.Year] = map[report.Kind]int{}
		}
		n[f.Year][f.Kind]++
	}
	all := 0
	for of := demo.FirstYear; of <= demo.LastYear; of++ {
		for _, kind := range []report.Kind{report.DiseaseCaseReport, report.ExaminationReport, report.ClinicReport, report.HealthSummary} {
			require.Greater(t, n[of][kind], 25, "%d: %s", of, kind)
			all += n[of][kind]
		}
	}
	require.Less(t, all, 8000)
	t.Log(all, "submissions of the health system", n[2024])
}
