package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
	"atvsld/ingest/report/example"
	"atvsld/ingest/report/reporttest"
)

// asFiledBy says who files what: by kind and type of reporter the roles, beside the
// operator, who files everything. It is written by hand from the forms and roles.csv; the
// program knows it only as a consequence of rules that are elsewhere.
var asFiledBy = map[report.Kind]map[string]string{
	report.AccidentDeclaration: {"establishment": "enterprise software", "commune": "commune"},
	report.AnnexXII:            {"establishment": "enterprise software"},
	report.CommuneReport:       {"commune": "commune"},
	report.DiseaseReport:       {"establishment": "enterprise software"},
	report.MonitoringReport:    {"establishment": "enterprise software"},
	report.OSHReport:           {"establishment": "enterprise software"},
	report.TrainingReport:      {"service_body": "service_body software", "authority:labour": "labour_officer ministry"},
	report.EquipmentReport:     {"service_body": "service_body software"},
	report.InsuranceReport:     {"authority:insurance": "insurance"},
	report.InspectionReport:    {"authority:inspection": "inspector", "authority:labour": "labour_officer ministry"},
	report.InvestigationFile: {"establishment": "enterprise software", "commune": "commune",
		"authority:labour": "labour_officer ministry"},
	report.TechnicalIncident: {"establishment": "enterprise software"},
	report.CaseLink:          {"authority:labour": "labour_officer ministry"},
	report.DiseaseCaseReport: {"clinic": "clinic software", "establishment": "enterprise software", "authority:health": "health_officer ministry"},
	report.ExaminationReport: {"clinic": "clinic software", "service_body": "service_body software"},
	report.ClinicReport:      {"clinic": "clinic software"},
	report.HealthSummary:     {"authority:health": "health_officer ministry"},
	report.BaseFiguresReport: {"authority:labour": "labour_officer ministry", "authority:health": "health_officer ministry",
		"authority:insurance": "insurance", "authority:inspection": "inspector"},
	report.RegistrationEntry: {"authority:labour": "labour_officer ministry", "authority:health": "health_officer ministry",
		"authority:insurance": "", "authority:inspection": "inspector"},
	report.ObligationRelief: {"authority:labour": "labour_officer ministry", "authority:health": "health_officer ministry",
		"authority:insurance": "", "authority:inspection": "inspector"},
}

// reporters are the reporters of the table above. All are of Hà Nội.
var reporters = map[string]string{
	"establishment": `{"type":"establishment","tax_code":"0100109106","name":"A","address":"B"%s}`,
	"clinic":        `{"type":"clinic","tax_code":"0100109106","name":"A","address":"B"%s}`,
	"service_body":  `{"type":"service_body","tax_code":"0100109106","name":"A","address":"B"%s}`,
	"commune":       `{"type":"commune","commune":{"code":"00004","valid_from":"2025-07-01"},"name":"A","address":"B"%s}`,
}

func reporterOf(as string) string {
	const place = `,"province":{"list":"34","code":"01"}`
	if branch, isAuthority := strings.CutPrefix(as, "authority:"); isAuthority {
		return fmt.Sprintf(`{"type":"authority","authority":%q,"name":"A","address":"B"%s}`, branch, place)
	}
	return fmt.Sprintf(reporters[as], place)
}

// fitting are the edits that a form needs when another than the reporter of its example
// makes the report.
var fitting = map[string][]example.Edit{
	"base_figures": {{Pointer: "/content/province/code", Value: `"01"`}},
	"training_report authority:labour": {{Pointer: "/content/courses"},
		{Pointer: "/content/local_officers", Value: `[{"level":"commune","total":5,"trained":5}]`}},
	"investigation establishment": {{Pointer: "/content/level", Value: `"facility"`}},
	"investigation commune":       {{Pointer: "/content/level", Value: `"commune"`}},
}

// document is a valid report of the kind by a reporter of Hà Nội.
func document(kind report.Kind, as string) []byte {
	raw := reporttest.Set(reporttest.Valid(kind), "/content/reporter", reporterOf(as))
	return reporttest.Apply(reporttest.Apply(raw, fitting[string(kind)]), fitting[string(kind)+" "+as])
}

// caller is one of the role in whose scope the reporters are, or are not.
func caller(role access.Role, within bool) access.Caller {
	c := access.Caller{ID: string(role), Role: role, Units: []string{"0100112437", "commune:00005"}, Provinces: []string{"48"}, Sections: []string{"2025:F"}}
	if within {
		c.Units, c.Provinces = []string{"0100109106", "commune:00004"}, []string{"01"}
	}
	if access.Grantee(role, "x") != "" {
		return c.With(access.Grants{File: c.Units, Read: c.Units})
	}
	return c
}

// Every kind and every role, within its scope and outside: each cell is asserted.
func TestWhoFilesWhat(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	cells := 0
	for _, d := range report.Definitions() {
		byReporter := asFiledBy[d.Kind]
		require.NotEmpty(t, byReporter, d.Kind)
		for as, roles := range byReporter {
			raw := document(d.Kind, as)
			for _, role := range access.Roles() {
				for _, within := range []bool{true, false} {
					cells++
					name := fmt.Sprintf("%s by %s as %s, within %v", d.Kind, role.Role, as, within)
					// Operator and ministry have no bounds in space.
					everywhere := role.Role == access.Operator || role.Role == access.Ministry
					files := role.Role == access.Operator || slices.Contains(strings.Fields(roles), string(role.Role))
					want := Forbidden
					if files && (within || everywhere) {
						want = Accepted
					}
					out := g.Check(Principal{Caller: caller(role.Role, within)}, Item{Raw: raw})
					require.Equal(t, want, out.State, "%s: %v", name, out.Findings)
					require.Equal(t, want == Forbidden, slices.ContainsFunc(codesOf(out), beyondScope), name)
				}
			}
		}
		// No reporter is left out of the table.
		for _, r := range d.Reporters() {
			require.True(t, slices.ContainsFunc(keys(byReporter), func(as string) bool {
				return strings.HasPrefix(as, string(r))
			}), "%s by %s", d.Kind, r)
		}
	}
	require.Len(t, asFiledBy, len(report.Definitions()))
	require.Greater(t, cells, 1000)
}

func keys(m map[string]string) (all []string) {
	for k := range m {
		all = append(all, k)
	}
	return all
}

func codesOf(out Outcome) (codes []string) {
	for _, f := range out.Findings {
		codes = append(codes, f.Code)
	}
	return codes
}

func beyondScope(code string) bool {
	return slices.Contains([]string{"GWY-020", "GWY-021", "GWY-022", "GWY-023", "GWY-025"}, code)
}

// Whatever is out of scope is told at once, with whatever is wrong with the content.
func TestOutOfScopeIsToldWithTheRest(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	raw := reporttest.Set(document(report.CommuneReport, "commune"), "/content/report_date", `"x"`)
	raw = reporttest.Set(reporttest.Set(raw, "/content/MARK", "1"), "/received_at", `"2026-01-07T08:00:00+07:00"`)
	out := submit(t, g, Principal{Caller: caller(access.Enterprise, false)}, raw)
	require.Equal(t, Forbidden, out.State)
	require.Nil(t, out.Receipt)
	codes := codesOf(out)
	for _, code := range []string{"GWY-020", "GWY-021", "GWY-003", "ENV-002", "ENV-005"} {
		require.Contains(t, codes, code)
	}
	for _, f := range out.Findings {
		require.NotContains(t, f.Message+f.MessageVI+f.Value, "00004", "whom it is about is not repeated")
	}
}

// What cannot be read is refused, and nobody is told that it is not his.
func TestUnreadReporterIsNotJudged(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	for pointer, value := range map[string]string{
		"/content/reporter/tax_code": "", "/content/reporter/type": "", "/content/reporter": "", "/content": "", "/kind": `"gossip"`,
		"/content/reporter/tax_code@": `"12"`, "/content/reporter/type@": `"x"`,
	} {
		raw := reporttest.Apply(document(report.AnnexXII, "establishment"), []example.Edit{{Pointer: strings.TrimSuffix(pointer, "@"), Value: value}})
		out := submit(t, g, Principal{Caller: caller(access.Enterprise, true)}, raw)
		require.Equal(t, Refused, out.State, "%s: %v", pointer, codesOf(out))
	}
	for _, pointer := range []string{"/content/reporter/province", "/content/reporter/province/code", "/content/reporter/province/list"} {
		out := submit(t, g, Principal{Caller: caller(access.HealthOfficer, true)}, reporttest.Remove(document(report.HealthSummary, "authority:health"), pointer))
		require.Equal(t, Refused, out.State, "%s: %v", pointer, codesOf(out))
	}
}

// A household business is known by its pseudonym, as the store names it.
func TestHouseholdIsInScopeByItsPseudonym(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	const number = "001085012345"
	raw := reporttest.Set(document(report.AnnexXII, "establishment"), "/content/reporter/tax_code", `"`+number+`"`)
	by := access.Caller{ID: "h", Role: access.Enterprise, Units: []string{"hb:" + g.Keys.Pseudonym(report.DomainHousehold, number)}}
	require.Equal(t, Accepted, submit(t, g, Principal{Caller: by}, raw).State)
	by.Units = []string{number}
	require.Equal(t, Forbidden, submit(t, g, Principal{Caller: by}, raw).State, "no token carries the number itself")
	by.Units = []string{"hb:" + g.Keys.Pseudonym(report.DomainHousehold, "001085012346")}
	require.Equal(t, Forbidden, submit(t, g, Principal{Caller: by}, raw).State)
}

// An officer of a merged province files for its former units; those of another stay out.
func TestFormerUnitsAreInTheArea(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	judge := func(list, code string) []string {
		raw := reporttest.Set(document(report.InspectionReport, "authority:inspection"), "/content/reporter/province", fmt.Sprintf(`{"list":%q,"code":%q}`, list, code))
		return codesOf(g.Check(Principal{Caller: access.Caller{ID: "i", Role: access.Inspector, Provinces: []string{"24"}}}, Item{Raw: raw}))
	}
	require.NotContains(t, judge("34", "24"), "GWY-022")
	require.NotContains(t, judge("63", "24"), "GWY-022", "Bắc Giang")
	require.NotContains(t, judge("63", "27"), "GWY-022", "Bắc Ninh")
	require.Contains(t, judge("63", "26"), "GWY-022")
	require.Contains(t, judge("34", "01"), "GWY-022")
	nation := access.Caller{ID: "i", Role: access.Inspector, Nation: true}
	require.Equal(t, Accepted, g.Check(Principal{Caller: nation}, Item{Raw: document(report.InspectionReport, "authority:inspection")}).State)
}

// An officer enters the paper of any reporter of his area, of the kinds of his branch.
func TestPaperIsEnteredWithinTheArea(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	paper := func(kind report.Kind, as string) []byte {
		return reporttest.Set(document(kind, as), "/paper", `{"received_on":"2026-01-07","entered_by":"A"}`)
	}
	check := func(role access.Role, within bool, raw []byte) Outcome {
		return g.Check(Principal{Caller: caller(role, within)}, Item{Raw: raw})
	}
	require.Equal(t, Accepted, check(access.LabourOfficer, true, paper(report.AnnexXII, "establishment")).State)
	require.Equal(t, Accepted, check(access.HealthOfficer, true, paper(report.ClinicReport, "clinic")).State)
	require.Equal(t, []string{"GWY-022"}, codesOf(check(access.LabourOfficer, false, paper(report.AnnexXII, "establishment"))))
	require.Equal(t, []string{"GWY-023"}, codesOf(check(access.HealthOfficer, true, paper(report.AnnexXII, "establishment"))))
	require.Equal(t, []string{"GWY-020"}, codesOf(check(access.LabourOfficer, true, document(report.AnnexXII, "establishment"))), "without the paper it is his own")
	out := check(access.Enterprise, true, paper(report.AnnexXII, "establishment"))
	require.Equal(t, Refused, out.State)
	require.Equal(t, []string{"GWY-011"}, codesOf(out))
}

// An integrator that the operator trusts files for everybody, but enters no paper.
func TestUnlimitedFilesForEverybody(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	by := Principal{Caller: access.Caller{ID: "integrator:x", Role: access.Software}, Unlimited: true}
	for kind, byReporter := range asFiledBy {
		for as := range byReporter {
			require.Equal(t, Accepted, g.Check(by, Item{Raw: document(kind, as)}).State)
		}
	}
	by.Unlimited = false
	require.Equal(t, Forbidden, g.Check(by, Item{Raw: document(report.AnnexXII, "establishment")}).State)
	require.Equal(t, Forbidden, g.Check(Principal{}, Item{Raw: document(report.AnnexXII, "establishment")}).State, "nobody")
}

// The kinds whose unit is not who makes the report are the two of the register: what a
// unit may withdraw is judged by that.
func TestUnitIsTheReporterExceptInTheRegister(t *testing.T) {
	for _, d := range report.Definitions() {
		s, _, err := report.Decode(reporttest.Valid(d.Kind))
		require.NoError(t, err)
		r := report.ReporterOf(s.Content)
		same := s.Content.Identity().Unit == r.Unit()
		require.Equal(t, d.Kind == report.RegistrationEntry || d.Kind == report.ObligationRelief, !same, d.Kind)
	}
}

// A report is taken from who files for units only if its unit belongs to one of them.
func TestNothingIsTakenBeyondUnits(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	codes := []string{"0100109106", "0100109106-001", "0100109106-002", "0100112437", "0100112437-001", "001085012345"}
	named := func(code string) string {
		if report.TaxCode(code).IsPerson() {
			return string(report.HouseholdCode(report.TaxCode(code), g.pseudonym))
		}
		return code
	}
	rapid.Check(t, func(r *rapid.T) {
		code := rapid.SampledFrom(codes).Draw(r, "reporter")
		site := rapid.SampledFrom([]string{"", "1", "A-1"}).Draw(r, "site")
		var units []string
		for _, own := range rapid.SliceOfDistinct(rapid.SampledFrom(codes), rapid.ID).Draw(r, "own") {
			units = append(units, named(own))
		}
		raw := reporttest.Set(document(report.AnnexXII, "establishment"), "/content/reporter/tax_code", `"`+code+`"`)
		raw = reporttest.Set(raw, "/content/reporter/site", `"`+site+`"`)
		want := Forbidden
		if slices.ContainsFunc(units, func(own string) bool { return own == named(code) || own == strings.Split(code, "-")[0] }) {
			want = Accepted
		}
		for _, by := range []access.Caller{{Role: access.Enterprise, Units: units}, access.Caller{Role: access.Software}.With(access.Grants{File: units}),
			access.Caller{Role: access.Software}.With(access.Grants{File: slices.Clone(units)}.Sorted())} {
			out := g.Check(Principal{Caller: by}, Item{Raw: raw})
			require.Equal(t, want, out.State, "%s of %v: %v", code, units, codesOf(out))
		}
	})
}
