package report_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/example"
	"atvsld/ingest/report/reporttest"
)

// The furthest stage that is dated counts, whatever is missing before it.
func TestStageOfACase(t *testing.T) {
	f := func(want uint8, edits ...string) {
		t.Helper()
		s, form, err := report.Decode(edited(string(report.DiseaseCaseReport), example.Edits(edits...)))
		require.NoError(t, err)
		require.Empty(t, form)
		require.Equal(t, want, s.Content.(*report.DiseaseCase).Stage())
	}
	f(6)
	f(5, "/content/benefit/paid_on -")
	f(5, "/content/benefit -")
	f(5, "/content/benefit -", "/content/diagnosis -")
	f(4, "/content/benefit -", "/content/assessment -")
	f(3, "/content/benefit -", "/content/assessment -", "/content/diagnosis -")
	f(2, "/content/benefit -", "/content/assessment -", "/content/diagnosis -", "/content/suspected_on -")
	f(1, "/content/benefit -", "/content/assessment -", "/content/diagnosis -", "/content/suspected_on -", "/content/examined_on -")
}

// A case belongs to the year of its first report, whatever is added later.
func TestYearOfACase(t *testing.T) {
	s, _, err := report.Decode(reporttest.Set(reporttest.Valid(report.DiseaseCaseReport), "/content/first_reported_on", `"2025-11-20"`))
	require.NoError(t, err)
	require.Equal(t, 2025, s.Content.Identity().StatYear)
	require.Empty(t, s.Content.Identity().Period)
}

// Up to 14 February 2026 a diagnosis is of the list of 2016, which had COVID-19 from 2023
// on.
func TestDiseaseOfTheDatedList(t *testing.T) {
	f := func(disease, day string, want bool) {
		t.Helper()
		_, found := answer(t, edited(string(report.DiseaseCaseReport), example.Edits(
			`/content/diagnosis/disease = "`+disease+`"`, `/content/diagnosis/on = "`+day+`"`,
			"/content/examined_on -", "/content/suspected_on -")))
		require.Equal(t, want, holds(found, "CAD-007"), "%s on %s: %v", disease, day, codes(found))
	}
	f("35", "2022-12-31", true)
	f("35", "2025-11-14", false)
	f("34", "2025-11-14", false)
	f("1", "2016-06-30", false) // no earlier list is held: CAD-030 says so
	f("x", "2016-06-30", true)
	f("1", "2016-07-01", false)
}

func holds(found []report.Finding, code string) bool {
	for _, f := range found {
		if f.Code == code {
			return true
		}
	}
	return false
}

// Who files what in the health system.
func TestReportersOfTheHealthSystem(t *testing.T) {
	reporters := map[string]string{
		"clinic":        `{"type":"clinic","tax_code":"0100112437","name":"A","province":{"list":"34","code":"01"}}`,
		"establishment": `{"type":"establishment","tax_code":"0100109106","name":"A","province":{"list":"34","code":"01"}}`,
		"service_body":  `{"type":"service_body","tax_code":"0100112437","name":"A","province":{"list":"34","code":"01"}}`,
		"authority":     `{"type":"authority","authority":"health","name":"A","province":{"list":"34","code":"01"}}`,
	}
	f := func(kind report.Kind, allowed ...string) {
		t.Helper()
		for name, reporter := range reporters {
			_, found := answer(t, reporttest.Set(reporttest.Valid(kind), "/content/reporter", reporter))
			if slices.Contains(allowed, name) {
				require.Empty(t, found, "%s by %s", kind, name)
			} else {
				require.Equal(t, []string{"REP-008 /content/reporter/type"}, codes(found), "%s by %s", kind, name)
			}
		}
	}
	f(report.DiseaseCaseReport, "clinic", "establishment", "authority")
	f(report.ExaminationReport, "clinic", "service_body")
	f(report.ClinicReport, "clinic")
	f(report.HealthSummary, "authority")
}
