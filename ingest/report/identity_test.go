package report_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// These identifiers are stored: a change of any of them splits reports from
// their amendments.
func TestReportIDsNeverChange(t *testing.T) {
	f := func(kind report.Kind, want, unit string, extra ...string) {
		t.Helper()
		s, _, err := report.Decode(reporttest.Valid(kind))
		require.NoError(t, err)
		_, err = s.Strip(func(_, _ string) report.Pseudonym { return "p" })
		require.NoError(t, err)
		require.Empty(t, s.Identify())
		require.Equal(t, want, s.ReportID.String())
		id := s.Content.Identity()
		require.Equal(t, unit, id.Unit)
		require.Equal(t, "2025", id.Period)
		require.Equal(t, 2025, id.StatYear)
		require.Equal(t, extra, id.Extra)
		require.Equal(t, seeds.ProvinceRef{List: "34", Code: "01"}, id.Province)
		require.Equal(t, uuid.Version(5), s.ReportID.Version())
	}
	f(report.AnnexXII, "f4708b7c-4083-5510-b834-78d9a9de6739", "0100109106/0")
	f(report.CommuneReport, "95f86a5e-9062-5631-a9b6-63b6f9e2c356", "commune:00004@2025-07-01")
	f(report.DiseaseReport, "06dc2cda-b49f-5602-877d-546817bf2669", "0100109106/0")
	f(report.MonitoringReport, "76486d57-4ea2-50ee-b845-d79ae02ce5e1", "0100109106/2", "0100112437", "1")
	f(report.OSHReport, "a9542e0c-5aa3-5336-a5ed-6797a7179c95", "0100109106/0")
	f(report.TrainingReport, "90467c21-a59c-53fa-970f-0bba4e47e159", "0100112437/0")
	f(report.EquipmentReport, "784d5ec1-4f2c-51bd-87e6-67620ca66e23", "0100112437/0")
	f(report.InsuranceReport, "8f0c7da7-1f48-5f4f-abbd-0e87a356804a", "authority:insurance@34:01")
}

func TestReportIDsOfTheHealthSystem(t *testing.T) {
	f := func(kind report.Kind, want, unit string) {
		t.Helper()
		s, _, err := report.Decode(reporttest.Valid(kind))
		require.NoError(t, err)
		require.Empty(t, s.Identify())
		require.Equal(t, want, s.ReportID.String())
		require.Equal(t, unit, s.Content.Identity().Unit)
	}
	f(report.ExaminationReport, "b4247f6f-5fbc-511c-8067-c47f932bca73", "0100112437/0")
	f(report.ClinicReport, "59f8b990-8592-5cdd-84d4-08eef5807b0c", "0100112437/1")
	f(report.HealthSummary, "a4f526c9-60e6-5b7d-816f-c69e70674d70", "authority:health@34:01")
}

func TestIdentifyAfterStrip(t *testing.T) {
	household := reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/tax_code", `"001085012345"`)
	household = reporttest.Set(household, "/report_id", `"64d36efa-86cd-50e0-a3b6-2eb3a2b8b2a2"`)
	s, form, err := report.Decode(household)
	require.NoError(t, err)
	require.Empty(t, report.Check(ctx(), &s, form), "the identifier cannot be judged before stripping")
	_, err = s.Strip(func(domain, value string) report.Pseudonym {
		require.Equal(t, "household 001085012345", domain+" "+value)
		return "00112233445566778899aabbccddeeff"
	})
	require.NoError(t, err)
	require.Equal(t, "hb:00112233445566778899aabbccddeeff/0", s.Content.Identity().Unit)
	found := s.Identify()
	require.Equal(t, []string{"ENV-025 /report_id"}, codes(found))
	want := report.ReportID(report.AnnexXII, s.Content.Identity())
	require.Contains(t, found[0].Message, want.String())
	s.ReportID = want
	require.Empty(t, s.Identify())
}

func TestUnitHasOneSpelling(t *testing.T) {
	f := func(site, want string) {
		t.Helper()
		r := report.Reporter{Type: report.Establishment, TaxCode: "0100109106-001", Site: site}
		require.Equal(t, "0100109106-001/"+want, r.Unit())
	}
	f("", "0")
	f("0", "0")
	f("000", "0")
	f("7", "7")
	f("007", "7")
	f("kho-a", "KHO-A")
	f("0a", "0A")
	require.Empty(t, (&report.Reporter{Type: report.CommuneReporter}).Unit())
}

func TestReportIDPartsCannotRunTogether(t *testing.T) {
	a := report.ReportID("k", report.Identity{Unit: "u|2025", Period: "x"})
	b := report.ReportID("k", report.Identity{Unit: "u", Period: "2025|x"})
	c := report.ReportID("k", report.Identity{Unit: "u", Period: "2025", Extra: []string{"x"}})
	d := report.ReportID("k", report.Identity{Unit: "u%7C2025", Period: "x"})
	require.Len(t, map[uuid.UUID]bool{a: true, b: true, c: true, d: true}, 4)
}

// The identity of an event is its day in Viet Nam.
func TestStatYearIsLocal(t *testing.T) {
	s, _, err := report.Decode(reporttest.Set(reporttest.Valid(report.AccidentDeclaration), "/content/occurred_at", `"2025-12-31T17:00:00Z"`))
	require.NoError(t, err)
	require.Equal(t, 2026, s.Content.Identity().StatYear)
	require.Empty(t, s.Content.Identity().Period)
	s, _, err = report.Decode(reporttest.Set(reporttest.Valid(report.AccidentDeclaration), "/content/occurred_at", `"2025-12-31T16:59:59Z"`))
	require.NoError(t, err)
	require.Equal(t, 2025, s.Content.Identity().StatYear)
}

func TestCatalogue(t *testing.T) {
	tables := map[string]bool{}
	for _, d := range report.Definitions() {
		require.Equal(t, string(d.Kind), d.Table)
		require.False(t, tables[d.Table])
		tables[d.Table] = true
		require.NotEmpty(t, d.NameVI+d.NameEN+d.LegalRef)
		again, ok := report.Lookup(d.Kind)
		require.True(t, ok)
		require.Same(t, d, again)
		columns := map[string]bool{}
		for _, c := range d.Columns {
			require.False(t, columns[c.Name], "%s.%s twice", d.Kind, c.Name)
			columns[c.Name] = true
		}
		for _, name := range []string{"province_list", "province_code"} {
			require.True(t, columns[name], "%s.%s", d.Kind, name)
		}
		// An authority's finding has no industry of its own.
		for _, name := range []string{"vsic_section", "vsic_code"} {
			require.Equal(t, columns["vsic_version"], columns[name], "%s.%s", d.Kind, name)
		}
	}
	_, ok := report.Lookup("annex_xiii")
	require.False(t, ok)
}

func TestColumnsOfTheExamples(t *testing.T) {
	f := func(kind report.Kind, want map[string]string) {
		t.Helper()
		s, _, err := report.Decode(reporttest.Valid(kind))
		require.NoError(t, err)
		_, err = s.Strip(func(domain, _ string) report.Pseudonym { return report.Pseudonym(domain) })
		require.NoError(t, err)
		d, _ := report.Lookup(kind)
		for _, c := range d.Columns {
			if value, wanted := want[c.Name]; wanted {
				require.Equal(t, value, report.Written(c, s.Content), c.Name)
				delete(want, c.Name)
			}
		}
		require.Empty(t, want, "no such columns")
	}
	f(report.InvestigationFile, map[string]string{"province_code": "24", "accident_id": "019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f",
		"level": "province", "severity": "fatal", "extended": "2025-12-30", "extension_days": "10", "examination": "", "victims.days_off": "[0 31]"})
	f(report.TechnicalIncident, map[string]string{"province_code": "24", "equipment": "structure", "several_units": "true",
		"accidents": "[019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f]"})
	f(report.CaseLink, map[string]string{"province_code": "24", "same.victim": "[00112233445566778899aabbccddeeff]",
		"declarations": "[019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f 019b9b80-0000-7b11-8b01-223344556677]"})
	f(report.AccidentDeclaration, map[string]string{"province_code": "24", "reporter_province_code": "01", "month": "1",
		"accident_id": "019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f", "commuting": "false", "victims.severity": "[dead serious]",
		"victims.under_management": "[true true]", "victims.person": "[person ]", "victims.age_group": "[35-44 35-44]",
		"vsic_section": "F", "vsic_code": "F4210"})
	f(report.AnnexXII, map[string]string{"accidents": "3", "commuting_accidents": "1", "serious": "2", "workers": "420",
		"rows.block": "[1 1.1 1.1 1.2 1.3 2 3]", "rows.serious": "[2 1 1 2 2 0 2]", "covers_branches": "[]", "days_off": "310"})
	f(report.CommuneReport, map[string]string{"victims": "3", "causes.code": "[6 8]", "sectors.vsic_section": "[F A]",
		"workers_without_contract": "5200", "vsic_section": ""})
	f(report.DiseaseReport, map[string]string{"examined_persons": "150", "examined_cases": "220", "rows.factor": "[noise dust]"})
	f(report.OSHReport, map[string]string{"strict_jobs_trained": "108", "osh_staff": "4", "health_staff_trained": "1", "training.group": "[1 2 3 4 5 6]",
		"training.valid": "[11 4 108 250 1 12]", "equipment_overdue": "2", "health_class_5": "4", "benefits_amount": "86000", "spending": "1250000"})
	f(report.TrainingReport, map[string]string{"courses.province_code": "[01 24 01]", "courses.certified": "[842 305 138]", "local_officers.level": "[]", "vsic_section": ""})
	f(report.EquipmentReport, map[string]string{"items.type": "[lift boiler crane]", "items.failed": "[9 4 0]"})
	f(report.InsuranceReport, map[string]string{"accidents_entitled": "310", "diseases_paid": "66", "accidents_amount": "19670000", "province_code": "01"})
	f(report.InspectionReport, map[string]string{"tax_code": "0100109106", "site": "2", "serious": "true", "findings.code": "[equipment training]",
		"decision_number": "123/QĐ-XPHC", "measures": "[inspect train]", "handled": "true", "fine": "55000", "authority": "inspection"})
	f(report.MonitoringReport, map[string]string{"province_code": "24", "reporter_province_code": "01", "samples": "42", "samples_over": "3", "campaign": "1",
		"published_on": "2025-10-30", "body_kind": "enterprise", "factors.highest": "[91.5 ]", "factors.unit": "[dBA ]"})
	f(report.DiseaseCaseReport, map[string]string{"province_code": "24", "reporter_province_code": "01", "workplace": "0100109106/2", "person": "person",
		"name_key": "name", "age_group": "45-54", "factor": "dust", "stage": "6", "exposed_on": "2009-03-01", "diagnosed_on": "2025-11-14",
		"benefit_on": "2025-12-26", "died_on": "1970-01-01", "disease": "1", "case_status": "old", "loss_percent": "31", "benefit_vnd": "118800000"})
	f(report.ExaminationReport, map[string]string{"examined_persons": "2150", "examined_cases": "3020", "diagnosed_cases": "23", "rows.disease": "[18 1]"})
	f(report.ClinicReport, map[string]string{"victims": "214", "died": "5", "contract": "160", "factors.code": "[10]", "injuries.victims": "[12]"})
	f(report.HealthSummary, map[string]string{"victims": "1480", "reporting": "39", "facilities": "42", "province_code": "01"})
}
