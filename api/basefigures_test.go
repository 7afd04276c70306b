package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/analytics/summary"
	"atvsld/ingest/report"
	"atvsld/ingest/report/example"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// stored files a document and waits until the store shows its revision.
func (p *platform) stored(raw []byte) Acceptance {
	p.t.Helper()
	accepted := p.accept(raw)
	status := read[ReportStatus](p.ask(http.MethodGet, accepted.StatusURL, nil, "Prefer", "wait=30", "Receipt", accepted.TrackingNumber).ok())
	require.Equal(p.t, "stored", status.State)
	return accepted
}

func baseListed(p *platform, query string) []BaseFigure {
	return read[BaseFigureList](p.ask(http.MethodGet, "/v1/base-figures"+query, nil).ok()).BaseFigures
}

// Base figures go in over HTTP and the log, come out of the store, serve an indicator, and
// can be amended and withdrawn.
func TestBaseFiguresThereAndBack(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	catalogue, err := indicator.Default()
	require.NoError(t, err)
	engine, err := indicator.New(catalogue, indicator.FromStore(p.store, seeds.Default()), seeds.Default())
	require.NoError(t, err)
	raw := reporttest.Valid(report.BaseFiguresReport)
	filed := p.stored(raw)

	binhDuong := "?area=63:74"
	all := baseListed(p, binhDuong)
	require.Len(t, all, 6)
	require.Equal(t, "accidents", all[0].Measure)
	require.EqualValues(t, 420, all[0].Value)
	require.True(t, all[0].Chosen)
	require.Equal(t, "authority:labour@34:79", all[0].Unit)
	require.Equal(t, filed.ReportID.String(), all[0].ReportID)
	require.NotContains(t, string(p.ask(http.MethodGet, "/v1/base-figures", nil).ok().body), "chỉ khu vực", "the note is free text")

	value := func() indicator.Value {
		got, err := engine.Series(access.System(t.Context()), indicator.SeriesRequest{Indicator: "N1", From: 2015, To: 2015, View: indicator.Live,
			Geography: indicator.Geography63, Area: seeds.ProvinceRef{List: "63", Code: "74"}})
		require.NoError(t, err)
		return got.Values[0]
	}
	require.Equal(t, indicator.FromBaseFigures, value().Source)
	require.EqualValues(t, 420, *value().Numerator)

	// The public sees what was closed, and only that.
	require.Empty(t, read[BaseFigureList](p.get("/v1/base-figures").ok()).BaseFigures)
	require.NoError(t, p.store.ClosePeriod(t.Context(), "2015", "test", "", time.Now()))
	require.Len(t, read[BaseFigureList](p.get("/v1/base-figures").ok()).BaseFigures, 6)

	amended := reporttest.Set(reporttest.Set(raw, "/revision", "2"), "/reason", `"in lại"`)
	for _, e := range example.Edits("/content/figures/0/value = 421", `/content/source/reference = "Niên giám, bản sửa"`) {
		amended = reporttest.Set(amended, e.Pointer, e.Value)
	}
	require.Equal(t, filed.ReportID, p.stored(amended).ReportID)
	require.EqualValues(t, 421, *value().Numerator)
	require.EqualValues(t, 420, read[BaseFigureList](p.get("/v1/base-figures" + binhDuong).ok()).BaseFigures[0].Value, "frozen")

	p.stored([]byte(`{"kind":"base_figures","report_id":"` + filed.ReportID.String() + `","revision":3,"withdrawn":true,"reason":"nhập nhầm"}`))
	require.Empty(t, baseListed(p, ""))
	require.Equal(t, indicator.ReasonNoReports, value().NumeratorReason.Code)
}

// Two sources of one number are both listed, with the one that serves.
func TestBaseFiguresListConflicts(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	raw := reporttest.Valid(report.BaseFiguresReport)
	p.stored(raw)
	other := reporttest.Set(reporttest.Set(raw, "/content/source/code", `"notice"`), "/content/figures/3/value", "41")
	p.stored(reporttest.Set(other, "/content/figures/3/status", `"V"`))
	conflicts := baseListed(p, "?conflict=true")
	require.Len(t, conflicts, 2)
	require.Equal(t, []bool{true, false}, []bool{conflicts[0].Chosen, conflicts[1].Chosen})
	require.EqualValues(t, 41, conflicts[0].Value, "read in the text, not in the press")
	lines := strings.Split(strings.TrimSpace(string(p.ask(http.MethodGet, "/v1/base-figures?conflict=true", nil, "Accept", csvType).ok().body)), "\r\n")
	require.Len(t, lines, 3)
}

// An establishment may not file them.
func TestBaseFiguresAreFiledByAuthorities(t *testing.T) {
	p := newPlatform(t)
	a := p.post("/v1/reports", reporttest.Set(reporttest.Valid(report.BaseFiguresReport), "/content/reporter",
		`{"type":"establishment","tax_code":"0100109106","name":"A","province":{"list":"34","code":"79"}}`))
	a.problem(http.StatusUnprocessableEntity, "REP-008")
}

// A filed Annex XII is in its province's summary, with its type of establishment.
func TestSummaryOverHTTP(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	p.stored(reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/establishment_type", `"TNHH"`))
	s := read[summary.Summary](p.ask(http.MethodGet, "/v1/summaries/34:01?period=2025", nil).ok())
	require.EqualValues(t, 1, s.Contract.Reports)
	require.Equal(t, "TNHH", s.Contract.ByType[0].Code)
	require.EqualValues(t, 420, *s.Contract.Total.WorkersReported.Value)
	require.NotNil(t, s.AsOf)
	sheet := p.ask(http.MethodGet, "/v1/summaries/34:01?period=2025", nil, "Accept", sheetType).ok()
	sheet.is(sheetType)
	require.Equal(t, "PK", string(sheet.body[:2]))
	p.get("/v1/summaries/34:01?period=2025").problem(http.StatusUnauthorized, "API-001")
}
