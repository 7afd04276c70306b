package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/rebuild"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// Figures of a moment are those of a store that stopped then, whatever came later: more
// reports, amendments, withdrawals.
func TestAsOfIsAStoreThatStopped(t *testing.T) {
	p := newAreas(t)
	past := rebuild.NewPast(p.store, p.epoch, p.server.Log)
	t.Cleanup(func() { require.NoError(t, past.Close(context.Background())) })
	p.server.Past, p.server.Clock = past, func() time.Time { return time.Now().Add(2 * settled) }
	questions := []string{
		"/v1/indicators/N4/series?from=2025&to=2026&by=province&view=live",
		"/v1/indicators/A3/series?from=2025&to=2026&view=live",
		"/v1/indicators/B1/series?from=2024&to=2025&by=vsic&view=live",
		"/v1/attainment?year=2026&area=VN,34:24&view=live",
	}
	var moments []time.Time
	var told [][]any
	remember := func() {
		moments = append(moments, time.Now())
		var answers []any
		for _, q := range questions {
			answers = append(answers, timeless(read[any](p.by("ministry", q).ok())))
		}
		told = append(told, answers)
	}
	remember()
	annex := p.stored(reporttest.Valid(report.AnnexXII))
	declared := p.stored(declaration(t))
	remember()
	amended := reporttest.Set(reporttest.Set(reporttest.Valid(report.AnnexXII), "/revision", "2"), "/reason", `"sai"`)
	p.stored(reporttest.Set(amended, "/content/workers/total", "4000"))
	p.stored(reporttest.Valid(report.DiseaseReport))
	remember()
	for id, kind := range map[string]report.Kind{annex.ReportID.String(): report.AnnexXII, declared.ReportID.String(): report.AccidentDeclaration} {
		revision := map[report.Kind]int{report.AnnexXII: 3, report.AccidentDeclaration: 2}[kind]
		p.stored(fmt.Appendf(nil, `{"kind":%q,"report_id":%q,"revision":%d,"withdrawn":true,"reason":"nộp nhầm"}`, kind, id, revision))
	}
	remember()

	for i := range moments {
		for j := range moments {
			require.Equal(t, i == j, fmt.Sprint(told[i]) == fmt.Sprint(told[j]), "figures move between %d and %d", i, j)
		}
	}
	for i, at := range moments {
		for j, q := range questions {
			asOf := read[any](p.by("ministry", q+"&as_of="+url.QueryEscape(at.Format(time.RFC3339Nano))).ok())
			require.Equal(t, told[i][j], timeless(asOf), "moment %d: %s", i, q)
		}
	}

	before := url.QueryEscape(moments[1].Format(time.RFC3339Nano))
	later := url.QueryEscape(time.Now().Add(2 * settled).Format(time.RFC3339))
	p.by("ministry", questions[0]+"&as_of="+later).problem(http.StatusUnprocessableEntity, "API-150")
	p.by("ministry", "/v1/attainment?year=2025&view=closed&as_of="+before).problem(http.StatusUnprocessableEntity, "API-125")
	p.get("/v1/attainment?year=2025&as_of="+before).problem(http.StatusForbidden, "API-021")
	p.by("hanoi", "/v1/indicators/N4/series?to=2026&area=34:79&as_of="+before).problem(http.StatusForbidden, "API-085")
	p.by("hanoi", "/v1/indicators/N4/series?to=2026&area=34:01&as_of="+before).ok()
	p.server.Past = nil
	p.by("ministry", "/v1/attainment?year=2026&as_of="+before).problem(http.StatusNotImplemented, "API-016")
}

// timeless is an answer without the moments that it names.
func timeless(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "as_of")
		for name, member := range v {
			v[name] = timeless(member)
		}
	case []any:
		for i := range v {
			v[i] = timeless(v[i])
		}
	}
	return v
}
