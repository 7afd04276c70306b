package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
)

// Every field of every kind is explained in both languages, with its source.
func TestDictionaryIsComplete(t *testing.T) {
	of := map[report.Kind]int{}
	seen := map[string]bool{}
	for _, f := range report.Dictionary() {
		at := string(f.Kind) + " " + f.Pointer
		require.False(t, seen[at], at)
		seen[at] = true
		of[f.Kind]++
		require.NotEmpty(t, f.MeaningVI, `%s has no tag doc:"<tiếng Việt> / <English>"`, at)
		require.NotEmpty(t, f.MeaningEN, `%s has no tag doc:"<tiếng Việt> / <English>"`, at)
		require.NotContains(t, f.MeaningEN, " / ", "%s: one “ / ” parts the languages", at)
		require.NotEqual(t, f.MeaningVI, f.MeaningEN, at)
		require.NotEmpty(t, f.Source, at)
		require.Contains(t, []string{report.Verified, report.Secondary, report.Unverified}, f.Status, "%s: the Definition needs a Status", at)
		require.False(t, f.Private && f.Columns[0] != "report_log.sealed", at)
		if f.Type == "text" {
			require.True(t, f.MaxLength > 0 || f.Values != nil || f.Computed, "%s: a text without a limit", at)
		}
	}
	for _, d := range report.Definitions() {
		require.Greater(t, of[d.Kind], 8, d.Kind)
	}
	require.Greater(t, of[""], 6)
}

// The dictionary says where a field is stored by looking, so that every column of every
// table must come from some field.
func TestEveryColumnComesFromAField(t *testing.T) {
	for _, d := range report.Definitions() {
		from := map[string]bool{}
		for _, f := range report.Dictionary() {
			for _, c := range f.Columns {
				if f.Kind == d.Kind {
					from[c] = true
				}
			}
		}
		for _, c := range d.Columns {
			assert.True(t, from[c.Name] || sometimesEmpty(d.Kind, c.Name), "no field of %s changes the column %s", d.Kind, c.Name)
		}
		require.True(t, (from["stat_year"] || d.Kind == report.RegistrationEntry) && from["unit"], d.Kind)
	}
}

// sometimesEmpty are columns that one kind never fills, because the tables share their
// head, and what only an optional object that the example lacks or the last of several
// dates would change.
func sometimesEmpty(kind report.Kind, column string) bool {
	switch column {
	case "stage":
		return kind == report.DiseaseCaseReport
	case "decided", "handled":
		return kind == report.InspectionReport
	}
	without := []report.Kind{report.CommuneReport, report.BaseFiguresReport, report.ClinicReport, report.EquipmentReport,
		report.ExaminationReport, report.HealthSummary, report.InsuranceReport, report.ObligationRelief, report.TrainingReport}
	return strings.HasPrefix(column, "vsic_") && slices.Contains(without, kind)
}

func TestDictionaryOfSomeFields(t *testing.T) {
	f := func(kind report.Kind, pointer string, want report.Field) {
		t.Helper()
		for _, field := range report.Dictionary() {
			if field.Kind == kind && field.Pointer == pointer {
				want.Kind, want.Pointer, want.MeaningVI, want.MeaningEN = kind, pointer, field.MeaningVI, field.MeaningEN
				require.Equal(t, want, field)
				return
			}
		}
		t.Errorf("no field %s", pointer)
	}
	f(report.AnnexXII, "/content/rows/*/victims", report.Field{Type: "number", Maximum: 4294967295,
		Columns: []string{"victims", "commuting_victims", "rows.victims"},
		Source:  "Law 84/2015/QH13 Art. 36(1); Decree 39/2016/ND-CP Art. 24(1), Annex XII", Status: "S"})
	f(report.AccidentDeclaration, "/content/victims/*/injuries", report.Field{Type: "list of texts", MaxItems: 50, MaxLength: 10,
		Lists: []string{"serious-injuries"}, Columns: []string{"report_log.payload"}, Source: "Decree 39/2016/ND-CP Annex II", Status: "V"})
	f(report.AccidentDeclaration, "/content/victims/*/name", report.Field{Type: "text", Required: true, MaxLength: 200, Private: true,
		Columns: []string{"report_log.sealed"},
		Source:  "Law 84/2015/QH13 Art. 34(1); Decree 39/2016/ND-CP Art. 10, Annex III; Decree 129/2025/ND-CP", Status: "UNVERIFIED"})
	f(report.MonitoringReport, "/content/performed_on", report.Field{Type: "date", Required: true, Columns: []string{"performed_on"},
		Source: "Law 84/2015/QH13 Art. 18(2); Decree 44/2016/ND-CP Art. 33-45; Directive 31-CT/TW", Status: "S"})
	f(report.DiseaseReport, "/content/reporter/province/code", report.Field{Type: "text", Required: true, MaxLength: 2,
		Lists: []string{"provinces"}, Columns: []string{"province_code"},
		Source: "Resolution 202/2025/QH15; Decision 19/2025/QD-TTg; Decision 124/2004/QD-TTg", Status: "V"})
	f("", "/reason", report.Field{Type: "text", MaxLength: 5000, Private: true, Columns: []string{"report_log.sealed"},
		Source: "The platform's rules of filing", Status: "V"})
}
