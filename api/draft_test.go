package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// in2025 is the example of a declaration, of an accident in 2025, with edits in turn.
func in2025(t *testing.T, edits ...string) []byte {
	t.Helper()
	raw := declaration(t)
	all := append([]string{
		"/content/occurred_at", `"2025-11-05T14:30:00+07:00"`, "/content/victims/0/died_on", `"2025-11-05"`, "/content/industry", `{"version":"2018","code":"F4210"}`,
	}, edits...)
	for i := 0; i < len(all); i += 2 {
		raw = reporttest.Set(raw, all[i], all[i+1])
	}
	return raw
}

func contentAt(t *testing.T, d PeriodicDraft, pointer string) any {
	t.Helper()
	return at(t, d.Submission, "/content"+pointer)
}

// The draft of Annex XII counts what the unit has declared, explains every number, and
// beside a filed matrix tells where the two disagree.
func TestDraftOfAnnexXII(t *testing.T) {
	p := newPlatform(t, func(d *Deps, _ *Config) { d.Clock = reporttest.Now })
	p.startLog()
	const draft = reportsPath + "/draft?kind=annex_xii&tax_code=0100109106&period="
	empty := read[PeriodicDraft](p.ask(http.MethodGet, draft+"2025", nil).ok())
	require.Nil(t, empty.HeadFrom)
	require.Empty(t, empty.Cells)
	require.NotEmpty(t, empty.Findings, "nobody knows who the unit is")

	own := p.accept(in2025(t))
	// The other employer of the same accident names its own worker, and knows that she died.
	other := p.accept(in2025(t, "/content/accident_id", `"`+own.ReportID.String()+`"`, "/content/reporter/tax_code", `"0100112437"`,
		"/content/victims/1/severity", `"dead"`, "/content/victims/1/died_on", `"2025-11-20"`))
	first := p.accept(in2025(t, "/content/occurred_at", `"2025-02-05T14:30:00+07:00"`, "/content/victims/0/died_on", `"2025-02-05"`,
		"/content/place/province", `{"list":"63","code":"27"}`, "/content/reporter/province", `{"list":"63","code":"01"}`, "/content/victims/0/under_management", "false"))
	p.awaitStored(own)
	p.awaitStored(other)
	p.awaitStored(first)
	got := read[PeriodicDraft](p.ask(http.MethodGet, draft+"2025", nil).ok())
	require.Equal(t, "Công ty Xây lắp Sông Hồng", contentAt(t, got, "/reporter/name"))
	require.Equal(t, string(report.AccidentDeclaration), got.HeadFrom.Kind)
	require.Equal(t, "2026-01-08", contentAt(t, got, "/report_date"))
	require.Nil(t, got.Filed)
	require.Empty(t, got.Differences)
	require.Len(t, got.Cases, 2)
	require.Equal(t, 1, got.Cases[1].Others)
	require.Equal(t, 2, got.Cases[1].Deaths, "one of them by the other employer's word")
	require.Equal(t, 1, got.Cases[0].Outside)
	require.Equal(t, map[string]any{"block": "1", "accidents": 2., "accidents_fatal": 2., "accidents_multi": 2., "victims": 4., "victims_outside": 1.,
		"women": 2., "deaths": 3., "deaths_outside": 1., "serious": 1.}, contentAt(t, got, "/rows/0"))
	for _, cell := range got.Cells {
		require.InDelta(t, float64(cell.Value), at(t, got.Submission, cell.Pointer), 0, cell.Pointer)
		require.Subset(t, []uuid.UUID{own.ReportID, first.ReportID}, cell.Declarations, "the unit's own")
	}
	for _, f := range got.Findings {
		require.False(t, strings.HasPrefix(f.Code, "AXII"), f.Message)
	}

	half := read[PeriodicDraft](p.ask(http.MethodGet, draft+"2025H1", nil).ok())
	require.Len(t, half.Cases, 1)
	require.Equal(t, first.ReportID, half.Cases[0].AccidentID)
	elsewhere := read[PeriodicDraft](p.ask(http.MethodGet, draft+"2025&site=2", nil).ok())
	require.Empty(t, elsewhere.Cases)

	// The example has one death where three were declared.
	matrix := p.accept(reporttest.Valid(report.AnnexXII))
	p.awaitStored(matrix)
	beside := read[PeriodicDraft](p.ask(http.MethodGet, draft+"2025", nil).ok())
	require.Equal(t, matrix.ReportID, beside.Filed.ReportID)
	require.Equal(t, beside.Filed, beside.HeadFrom)
	require.InDelta(t, 2, at(t, beside.Submission, "/revision"), 0)
	require.InDelta(t, 420, contentAt(t, beside, "/workers/total"), 0)
	require.Contains(t, beside.Differences, DraftDifference{Block: "1", Measure: "deaths", Declared: 3, Filed: 1, Contradiction: true,
		Accidents: []uuid.UUID{first.ReportID, own.ReportID}})
	require.Contains(t, beside.Differences, DraftDifference{Block: "1", Measure: "accidents", Declared: 2, Filed: 3, Accidents: []uuid.UUID{first.ReportID, own.ReportID}})

	// The head of another periodic kind comes from what the unit filed last.
	disease := read[PeriodicDraft](p.ask(http.MethodGet, reportsPath+"/draft?kind=disease_report&tax_code=0100109106&period=2025", nil).ok())
	require.InDelta(t, 420, contentAt(t, disease, "/workers/total"), 0)
	require.NotEmpty(t, disease.Findings)
}

// A household business drafts under its pseudonym, which is not what is filed: its number comes
// from its newest report, and from nowhere if it has none.
func TestDraftOfAHousehold(t *testing.T) {
	p := newPlatform(t, func(d *Deps, _ *Config) { d.Clock = reporttest.Now })
	p.startLog()
	draft := reportsPath + "/draft?kind=annex_xii&period=2025&tax_code=" + string(report.HouseholdCode(householdNumber, p.server.pseudonym))
	empty := read[PeriodicDraft](p.ask(http.MethodGet, draft, nil).ok())
	require.NotContains(t, contentAt(t, empty, "/reporter"), "tax_code")
	p.awaitStored(p.accept(in2025(t, "/content/reporter/tax_code", `"`+householdNumber+`"`)))
	got := read[PeriodicDraft](p.ask(http.MethodGet, draft, nil).ok())
	require.Equal(t, householdNumber, contentAt(t, got, "/reporter/tax_code"))
	require.Len(t, got.Cases, 1)
}
