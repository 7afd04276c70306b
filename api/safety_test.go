package api

import (
	"encoding/binary"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// publishing is a rule of an operator who has a source.
func publishing(days int, showTaxCode bool) func(*Deps, *Config) {
	return func(d *Deps, _ *Config) {
		d.Clock = reporttest.Now
		d.Seeds = seeds.Default().WithPublication(seeds.PublicationRule{
			Subject: seeds.PublicViolations, Enabled: true, Days: days, ShowTaxCode: showTaxCode, Source: "test", Status: seeds.StatusVerified,
		})
	}
}

// fileAndStore files a document and waits until it is stored.
func (p *platform) fileAndStore(raw []byte) Acceptance {
	p.t.Helper()
	filed := p.accept(raw)
	p.await(filed)
	return filed
}

func (p *platform) await(filed Acceptance) {
	p.t.Helper()
	status := read[ReportStatus](p.ask(http.MethodGet, filed.StatusURL, nil, "Receipt", encoded(p.t, filed.Signed), "Prefer", "wait=25").ok())
	require.Equal(p.t, "stored", status.State)
}

func (p *platform) safety(path string) map[string]map[string]SafetyValue {
	p.t.Helper()
	all := map[string]map[string]SafetyValue{}
	for _, item := range read[SafetyFigureList](p.ask(http.MethodGet, path, nil).ok()).Figures {
		require.NotEmpty(p.t, item.Name.VI+item.Numerator.VI+item.Denominator.VI+item.Source)
		all[item.ID] = map[string]SafetyValue{}
		for _, v := range item.Values {
			all[item.ID][v.Area] = v
		}
	}
	return all
}

// inspectionWith is the valid inspection under an id of its own.
func inspectionWith(edits ...string) []byte {
	id := uuid.New()
	binary.BigEndian.PutUint32(id[:], uint32(reporttest.Now().UnixMilli()>>16))
	binary.BigEndian.PutUint16(id[4:], uint16(reporttest.Now().UnixMilli()))
	id[6] = id[6]&0x0f | 0x70
	raw := reporttest.Set(reporttest.Valid(report.InspectionReport), "/report_id", `"`+id.String()+`"`)
	for i := 0; i < len(edits); i += 2 {
		if edits[i+1] == "" {
			raw = reporttest.Remove(raw, edits[i])
		} else {
			raw = reporttest.Set(raw, edits[i], edits[i+1])
		}
	}
	return raw
}

func amendment(raw []byte, edits ...string) []byte {
	raw = reporttest.Set(reporttest.Set(raw, "/revision", "2"), "/reason", `"test"`)
	for i := 0; i < len(edits); i += 2 {
		raw = reporttest.Set(raw, edits[i], edits[i+1])
	}
	return raw
}

func withdrawal(raw []byte, id uuid.UUID, revision string) []byte {
	raw = reporttest.Remove(reporttest.Set(raw, "/report_id", `"`+id.String()+`"`), "/content")
	return reporttest.Set(reporttest.Set(reporttest.Set(raw, "/revision", revision), "/reason", `"test"`), "/withdrawn", "true")
}

// Every kind goes over HTTP and the log into the store and comes back in a figure,
// amended and withdrawn.
func TestSafetyReportsFromFilingToFigure(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	officers := reporttest.Set(reporttest.Set(reporttest.Remove(reporttest.Valid(report.TrainingReport), "/content/courses"), "/content/reporter",
		`{"type":"authority","authority":"labour","name":"Sở Nội vụ","province":{"list":"34","code":"01"}}`),
		"/content/local_officers", `[{"level":"commune","total":126,"trained":110},{"level":"zone_board","total":14,"trained":12}]`)
	kinds := map[report.Kind][]byte{}
	filed := map[report.Kind]Acceptance{}
	for _, kind := range []report.Kind{report.OSHReport, report.TrainingReport, report.EquipmentReport, report.InsuranceReport, report.InspectionReport} {
		kinds[kind] = reporttest.Valid(kind)
		filed[kind] = p.accept(kinds[kind])
	}
	p.fileAndStore(officers)
	for _, f := range filed {
		p.await(f)
	}

	f := func(got map[string]map[string]SafetyValue, figure, area string, numerator, denominator uint64) {
		t.Helper()
		v := got[figure][area]
		require.NotNil(t, v.Numerator, "%s %s", figure, area)
		require.Equal(t, numerator, *v.Numerator, "%s %s", figure, area)
		require.Equal(t, denominator, *v.Denominator, "%s %s", figure, area)
		require.Equal(t, uint64(1), v.Reports)
		require.InDelta(t, 100*float64(numerator)/float64(denominator), *v.Percent, 1e-9)
	}
	got := p.safety("/v1/osh-figures?year=2025&by=province")
	for _, area := range []string{"VN", "34:01"} {
		f(got, "C1", area, 108, 120)
		f(got, "C2", area, 4, 4)
		f(got, "C3", area, 1, 2)
		f(got, "C4", area, 122, 140)
		f(got, "D1", area, 281+66, 310+84)
		f(got, "D1E", area, 2, 3)
		f(got, "Q1", area, 33, 35)
		f(got, "V1", area, 1, 1)
	}
	f(got, "Q2", "VN", 13, 523)
	f(got, "Q2", "34:24", 4, 103)
	f(got, "T1", "VN", 842+305+138, 860+310+140)
	f(got, "T1", "34:24", 305, 310)
	require.Equal(t, SafetyValue{Area: "34:24", NameVI: got["C1"]["34:24"].NameVI, NameEN: got["C1"]["34:24"].NameEN, Reason: "no_reports"}, got["C1"]["34:24"])
	require.Len(t, got["C1"], 35)

	// Amended …
	kinds[report.InspectionReport] = reporttest.Remove(kinds[report.InspectionReport], "/content/decision/handled_on")
	for kind, edits := range map[report.Kind][]string{
		report.OSHReport:        {"/content/strict_jobs/trained", "114", "/content/training/2/valid", "114"},
		report.TrainingReport:   {"/content/courses/1/certified", "300"},
		report.EquipmentReport:  {"/content/items/0/failed", "11"},
		report.InsuranceReport:  {"/content/accidents/decided", "300", "/content/accidents/paid", "290"},
		report.InspectionReport: nil,
	} {
		p.fileAndStore(amendment(kinds[kind], edits...))
	}
	got = p.safety("/v1/osh-figures?year=2025")
	f(got, "C1", "VN", 114, 120)
	f(got, "D1", "VN", 290+66, 310+84)
	f(got, "Q2", "VN", 15, 523)
	f(got, "T1", "VN", 842+300+138, 860+310+140)
	f(got, "V1", "VN", 0, 1)

	// … and withdrawn: nobody reported, which is not 0.
	for kind, raw := range kinds {
		p.fileAndStore(withdrawal(raw, filed[kind].ReportID, "3"))
	}
	got = p.safety("/v1/osh-figures?year=2025")
	for _, figure := range []string{"C1", "D1", "Q2", "T1", "V1"} {
		require.Equal(t, "no_reports", got[figure]["VN"].Reason, figure)
		require.Nil(t, got[figure]["VN"].Numerator, figure)
	}
	f(got, "C4", "VN", 122, 140)
	p.get("/v1/osh-figures?year=2025").problem(http.StatusUnauthorized, "API-001")
	p.ask(http.MethodGet, "/v1/osh-figures?year=2025&by=commune", nil).problem(http.StatusUnprocessableEntity, "API-006")
}

// As it comes, the platform publishes nothing.
func TestViolationsAreOffByDefault(t *testing.T) {
	p := newPlatform(t, func(d *Deps, _ *Config) { d.Clock = reporttest.Now })
	p.startLog()
	p.fileAndStore(inspectionWith())
	got := read[PublicViolations](p.get("/v1/violations").ok())
	require.Empty(t, got.Violations)
	require.False(t, got.Rule.Enabled)
	require.Equal(t, seeds.StatusUnverified, got.Rule.Status)
	require.Empty(t, read[PublicViolations](p.ask(http.MethodGet, "/v1/violations", nil).ok()).Violations, "a token opens nothing here")
}

// Nothing personal and nothing unhandled is ever public, whatever is filed and whatever
// the rule says.
func TestViolationsShowNothingPersonal(t *testing.T) {
	p := newPlatform(t, publishing(365, true))
	p.startLog()
	const household, written = "001085012345", "Nguyễn Văn Bí Mật"
	for _, raw := range [][]byte{
		inspectionWith("/content/establishment/tax_code", `"`+household+`"`),
		inspectionWith("/content/establishment/tax_code", `"`+household+`"`, "/content/establishment/name", `"`+written+`"`),
		inspectionWith("/content/decision/handled_on", ""),
		inspectionWith("/content/decision", ""),
		inspectionWith("/content/serious", "", "/content/findings/0/serious", ""),
	} {
		p.fileAndStore(raw)
	}
	require.Empty(t, read[PublicViolations](p.get("/v1/violations").ok()).Violations)

	shown := inspectionWith("/content/remarks", `"`+written+`"`, "/content/establishment/name", `"`+written+`"`, "/content/reporter/name", `"`+written+`"`,
		"/content/reporter/address", `"`+written+`"`, "/content/findings/-", `{"code":"NguyenVanBiMat","serious":true}`, "/content/decision/measures/-", `"NguyenVanBiMat"`)
	filed := p.fileAndStore(shown)
	a := p.get("/v1/violations").ok()
	require.Equal(t, publicFor, a.header.Get("Cache-Control"))
	got := read[PublicViolations](a)
	require.Equal(t, []PublicViolation{{
		TaxCode: "0100109106", Province: "34:01", VSICVersion: "2018", VSICSection: "F", InspectedOn: seeds.MustDate(2025, 10, 14),
		Violations:     []NamedCode{{"equipment", "Sử dụng thiết bị có yêu cầu nghiêm ngặt chưa kiểm định", "Equipment with strict requirements in use without inspection"}},
		DecisionNumber: "123/QĐ-XPHC", IssuedOn: seeds.MustDate(2025, 10, 30), Fine: 55_000,
		Measures:  []NamedCode{{"inspect", "Kiểm định thiết bị", "Equipment to be inspected"}, {"train", "Tổ chức huấn luyện", "Training to be held"}},
		HandledOn: seeds.MustDate(2025, 12, 15), PublicUntil: seeds.MustDate(2026, 12, 14),
	}}, got.Violations)
	for _, secret := range []string{household, "Nguyễn", "NguyenVanBiMat", "hb:", "Sông Hồng", filed.ReportID.String(), filed.TrackingNumber} {
		require.NotContains(t, string(a.body), secret)
	}
	require.Empty(t, read[PublicViolations](p.get("/v1/violations?province=34:24").ok()).Violations)
	p.get("/v1/violations?province=01").problem(http.StatusUnprocessableEntity, "API-008")

	// Taken back, it is gone.
	p.fileAndStore(withdrawal(shown, filed.ReportID, "2"))
	require.Empty(t, read[PublicViolations](p.get("/v1/violations").ok()).Violations)
}

// Outside its window nothing is shown, and without leave no tax code.
func TestViolationsHaveTheirTime(t *testing.T) {
	p := newPlatform(t, publishing(25, false)) // handled on 15 December: until 8 January
	p.startLog()
	p.fileAndStore(inspectionWith())
	a := p.get("/v1/violations").ok()
	require.Len(t, read[PublicViolations](a).Violations, 1)
	require.NotContains(t, string(a.body), "0100109106")
	p.server.Seeds = seeds.Default().WithPublication(seeds.PublicationRule{Subject: seeds.PublicViolations, Enabled: true, Days: 24})
	require.Empty(t, read[PublicViolations](p.get("/v1/violations").ok()).Violations)
}
