package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/example"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

func ctx() report.Context { return report.Context{Seeds: seeds.Default(), Now: reporttest.Now()} }

// answer returns every finding of a document.
func answer(t *testing.T, data []byte) (report.Submission, []report.Finding) {
	t.Helper()
	return answerIn(t, ctx(), data)
}

func answerIn(t *testing.T, ctx report.Context, data []byte) (report.Submission, []report.Finding) {
	t.Helper()
	s, form, err := report.Decode(data)
	require.NoError(t, err)
	return s, report.Check(ctx, &s, form)
}

// ctxOf is the context of an example: some have a report of the year before.
func ctxOf(t *testing.T, e example.Rule) report.Context {
	t.Helper()
	c := ctx()
	if e.Previous != nil {
		s, form, err := report.Decode(edited(e.Kind, e.Previous))
		require.NoError(t, err)
		require.Empty(t, form)
		c.Previous = s.Content
	}
	return c
}

func edited(kind string, edits []example.Edit) []byte {
	document := reporttest.Valid(report.Kind(kind))
	for _, e := range edits {
		if e.Value == "" {
			document = reporttest.Remove(document, e.Pointer)
		} else {
			document = reporttest.Set(document, e.Pointer, e.Value)
		}
	}
	return document
}

func TestValidExamplesBreakNothing(t *testing.T) {
	for _, d := range report.Definitions() {
		_, found := answer(t, reporttest.Valid(d.Kind))
		require.Empty(t, found, d.Kind)
	}
}

func TestExamplesOfRules(t *testing.T) {
	for _, e := range example.Rules() {
		name := e.At + " " + e.Code
		_, found := answerIn(t, ctxOf(t, e), edited(e.Kind, e.Breaks))
		require.True(t, slices.ContainsFunc(found, func(f report.Finding) bool {
			return f.Code == e.Code && f.Pointer == e.Pointer
		}), "%s: want a finding at %s, got %+v", name, e.Pointer, codes(found))

		_, found = answerIn(t, ctxOf(t, e), edited(e.Kind, e.Holds))
		require.False(t, slices.ContainsFunc(found, func(f report.Finding) bool { return f.Code == e.Code }),
			"%s: the other example breaks it too: %+v", name, codes(found))
	}
}

func codes(found []report.Finding) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.Code+" "+f.Pointer)
	}
	return all
}

// tooMany is the one rule without an example in package example: its example has a
// thousand lines and is TestTooManyFindings.
const tooMany = "ENV-014"

func TestEveryRuleHasAnExample(t *testing.T) {
	shown := map[string]bool{tooMany: true}
	for _, e := range example.Rules() {
		require.False(t, shown[e.Code], "%s has two entries", e.Code)
		shown[e.Code] = true
	}
	for _, r := range report.AllRules() {
		require.True(t, shown[r.Code], "no example of %s", r.Code)
		delete(shown, r.Code)
	}
	require.Empty(t, shown, "examples of rules that do not exist")
}

func TestTooManyFindings(t *testing.T) {
	var members strings.Builder
	members.WriteString(`{"kind":"annex_xii"`)
	for i := range report.MaxFindings + 50 {
		fmt.Fprintf(&members, `,"m%d":0`, i)
	}
	members.WriteByte('}')
	_, found := answer(t, []byte(members.String()))
	require.Contains(t, codes(found), tooMany+" ")
	require.Less(t, len(found), report.MaxFindings+20)

	// 500 victims that break several rules each.
	victim := `{"name":"A","id_number":"1","birth_date":"x","birth_year":"y","occupation":"?","employment":"contract","under_management":true,"severity":"dead"}`
	document := reporttest.Set(reporttest.Valid(report.AccidentDeclaration), "/content/victims", "["+strings.Repeat(victim+",", 499)+victim+"]")
	_, found = answer(t, document)
	require.Contains(t, codes(found), tooMany+" ")
	require.Len(t, found, report.MaxFindings+1)
}

func TestCatalogueOfRules(t *testing.T) {
	code := regexp.MustCompile(`^(ENV|REP|ACC|AXII|COM|DIS|MON|OSH|TRA|EQU|INS|SAN|INV|TEC|CAS|CAD|EXA|CLI|HEA|BAS|REG|REL)-\d{3}$`)
	verb := regexp.MustCompile(`%(\[\d+\])?[0-9]*[a-zA-Z]`)
	prefix := map[string]report.Kind{"ACC": report.AccidentDeclaration, "AXII": report.AnnexXII,
		"COM": report.CommuneReport, "DIS": report.DiseaseReport, "MON": report.MonitoringReport,
		"OSH": report.OSHReport, "TRA": report.TrainingReport, "EQU": report.EquipmentReport, "INS": report.InsuranceReport, "SAN": report.InspectionReport,
		"INV": report.InvestigationFile, "TEC": report.TechnicalIncident, "CAS": report.CaseLink,
		"CAD": report.DiseaseCaseReport, "EXA": report.ExaminationReport, "CLI": report.ClinicReport, "HEA": report.HealthSummary,
		"BAS": report.BaseFiguresReport,
		"REG": report.RegistrationEntry, "REL": report.ObligationRelief}
	seen := map[string]bool{}
	for _, r := range report.AllRules() {
		require.Regexp(t, code, r.Code)
		require.False(t, seen[r.Code], "%s is given twice", r.Code)
		seen[r.Code] = true
		require.Equal(t, prefix[strings.Split(r.Code, "-")[0]], r.Kind, r.Code)
		require.NotEmpty(t, r.MessageVI, r.Code)
		require.NotEmpty(t, r.MessageEN, r.Code)
		require.NotEmpty(t, r.LegalRef, r.Code)
		require.Contains(t, []string{report.Verified, report.Secondary, report.Unverified}, r.Status, r.Code)
		require.Contains(t, []report.Severity{report.Error, report.Warning, report.Hint}, r.Severity, r.Code)
		require.Equal(t, verb.FindAllString(r.MessageVI, -1), verb.FindAllString(r.MessageEN, -1), r.Code)
		if r.Status == report.Unverified {
			require.NotEqual(t, report.Error, r.Severity, "%s refuses without a source", r.Code)
		}
		if r.Acknowledge {
			require.Equal(t, report.Warning, r.Severity, r.Code)
		}
	}
}

func TestMessagesAreFilled(t *testing.T) {
	for _, e := range example.Rules() {
		_, found := answer(t, edited(e.Kind, e.Breaks))
		for _, f := range found {
			require.NotContains(t, f.Message, "%!", e.Code)
			require.NotContains(t, f.MessageVI, "%!", e.Code)
			require.NotContains(t, f.Message, "•", e.Code)
		}
	}
}

func TestMessageNamesTheNumbers(t *testing.T) {
	_, found := answer(t, edited(string(report.AnnexXII), example.Edits("/content/rows/5/women = 4", "/content/rows/5/victims = 3", "/content/rows/5/accidents_multi = 1")))
	i := slices.IndexFunc(found, func(f report.Finding) bool { return f.Code == "AXII-017" })
	require.GreaterOrEqual(t, i, 0)
	require.Equal(t, "Số nữ (4) nhiều hơn tổng số (3).", found[i].MessageVI)
	require.Equal(t, "4", found[i].Value)
	require.Equal(t, 5, *found[i].Row)
	require.Equal(t, "women", found[i].Column)
	require.NotEmpty(t, found[i].LegalRef)
}

// The store merges victims of an accident by citizen number, else by name, year
// of birth and sex; what it would merge within one declaration is refused.
func TestNamesakesNeedCitizenNumbers(t *testing.T) {
	victim := func(number string) string {
		if number != "" {
			number = `"id_number":"` + number + `",`
		}
		return `{"name":"Lê Văn C",` + number + `"birth_year":"1985","sex":"male","employment":"contract","under_management":true,"severity":"dead","died_on":"2026-01-05"}`
	}
	f := func(one, two string, want ...string) {
		t.Helper()
		_, found := answer(t, edited(string(report.AccidentDeclaration), example.Edits("/content/victims = ["+victim(one)+","+victim(two)+"]")))
		var got []string
		for _, f := range found {
			if f.Severity == report.Error {
				got = append(got, f.Code)
			}
		}
		require.Equal(t, want, got)
	}
	f("001085000001", "001085000002")
	f("001085000001", "001085000001", "ACC-011")
	f("001085000001", "", "ACC-012")
	f("", "001085000001", "ACC-012")
	f("", "", "ACC-012")
	f("123456789", "987654321", "ACC-012")
	f("123456789", "123456789", "ACC-011")
}

func TestBlocking(t *testing.T) {
	_, found := answer(t, edited(string(report.AccidentDeclaration), example.Edits(
		"/content/victims/0/severity = \"minor\"", "/content/victims/0/died_on -", "/content/victims/0/id_number = \"12\"")))
	require.Len(t, report.Blocking(found, nil), 1)
	require.Equal(t, "ACC-031", report.Blocking(found, nil)[0].Code)
	require.Empty(t, report.Blocking(found, []string{"ACC-031"}))
	_, found = answer(t, edited(string(report.AnnexXII), example.Edits("/content/period -")))
	require.Len(t, report.Blocking(found, []string{"ENV-001"}), 1, "an error cannot be acknowledged away")
}

func TestErrorsComeFirstInOrderOfTheForm(t *testing.T) {
	_, found := answer(t, edited(string(report.AnnexXII), example.Edits(
		"/content/industry/version = \"2018\"", "/content/damage/cost_total = 1", "/content/rows/4/women = 7", "/content/reporter/tax_code = \"1\"")))
	require.Equal(t, []string{"REP-002 /content/reporter/tax_code", "AXII-033 /content/rows/0/women", "AXII-017 /content/rows/4/women",
		"AXII-024 /content/rows/4/women", "AXII-040 /content/damage/cost_total", "REP-014 /content/industry/version",
		"AXII-046 /content/damage/cost_total"}, codes(found))
}

func TestFormAndRulesInOneAnswer(t *testing.T) {
	_, found := answer(t, edited(string(report.AnnexXII), example.Edits(
		"/content/workers/total = \"many\"", "/content/rows/1/victims = 3.5", "/content/rows/6/women = 1", "/content/damage/cost_total = 1")))
	require.Equal(t, []string{"ENV-003 /content/workers/total", "ENV-004 /content/rows/1/victims",
		"AXII-030 /content/rows/6/women", "AXII-040 /content/damage/cost_total"}, codes(found),
		"what hangs on a value that was not read is left out, everything else is there")
}
