package api

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// figureQuestions are one of each kind that figures can be asked in, of the nation, of
// provinces, of one of them; live wherever the asker is shown live figures.
func figureQuestions() []string {
	var all []string
	for _, province := range []string{"34:01", "34:79"} {
		all = append(all,
			"/v1/indicators/N4/series?from=2024&to=2026&area="+province,
			"/v1/indicators/A3/series?from=2025&to=2025&by=vsic&area="+province,
			"/v1/indicators/N2/explain?year=2025&area="+province,
			"/v1/indicators/N4/explain/reports?year=2026&area="+province,
			"/v1/indicators/B1/movers?from=2024&to=2025&area="+province,
			"/v1/outliers?year=2025&province="+province,
			"/v1/summaries/"+province+"?period=2025",
			"/v1/disease-cases/funnel?from=2024&to=2026&area="+province,
			"/v1/obligations?year=2025&kind=annex_xii&province="+province,
			"/v1/reports?province="+province,
			"/v1/investigations?province="+province,
		)
	}
	return append(all,
		"/v1/attainment?year=2026", "/v1/attainment?year=2025&geography=63", "/v1/attainment?year=2025&view=live&area=VN",
		"/v1/indicators/N4/series?from=2024&to=2026", "/v1/indicators/N1/series?from=2024&to=2026&by=province",
		"/v1/indicators/B1/series?from=2024&to=2026&by=province&view=live",
		"/v1/indicators/N1/chart?from=2023&to=2026", "/v1/indicators/A3/funnel?from=2025&to=2025", "/v1/indicators/N4/movers?from=2024&to=2026",
		"/v1/indicators/N1/explain?year=2025", "/v1/outliers?year=2025", "/v1/osh-figures?year=2025",
		"/v1/treated-victims?period=2025&by=province", "/v1/disease-cases/funnel?from=2024&to=2026&by=province", "/v1/reports",
	)
}

// Whoever has no right to what is filed in another province cannot tell whether anything was:
// every answer to him stays the same, byte for byte. The ministry's do not.
func TestTheSameQuestionUnderEachRole(t *testing.T) {
	p := newAreas(t)
	in := func(province, taxCode string) {
		for _, kind := range []report.Kind{report.AnnexXII, report.AccidentDeclaration, report.DiseaseReport, report.OSHReport} {
			document := reporttest.Valid(kind)
			if kind == report.AccidentDeclaration {
				document = reporttest.Set(declaration(t), "/content/place/province", `{"list":"34","code":"`+province+`"}`)
			}
			document = reporttest.Set(document, "/content/reporter/province", `{"list":"34","code":"`+province+`"}`)
			p.stored(reporttest.Set(document, "/content/reporter/tax_code", `"`+taxCode+`"`))
		}
	}
	in("01", "0100109106")
	require.NoError(t, p.store.ClosePeriods(t.Context(), []string{"2024", "2025"}, "test", "", reporttest.Now()))
	told := func(token string, questions ...string) (answers []string) {
		for _, q := range questions {
			headers := []string{"Authorization", ""}
			if token != "" {
				headers = []string{"Authorization", "Bearer " + token, PurposeHeader, "inspection"}
			}
			a := p.ask(http.MethodGet, q, nil, headers...)
			require.Less(t, a.status, http.StatusInternalServerError, "%s: %s", q, a.body)
			said := a.body
			if a.status == http.StatusOK {
				said = fmt.Append(nil, timeless(read[any](a)))
			} else {
				said = bytes.ReplaceAll(said, []byte(a.header.Get("X-Request-Id")), nil)
			}
			answers = append(answers, fmt.Sprintf("%s: %d %s", q, a.status, said))
		}
		return answers
	}
	outside := []string{"", "hanoi", "filer"}
	all, nation := figureQuestions(), "/v1/indicators/N1/series?from=2025&to=2025"
	before := map[string][]string{"ministry": told("ministry", nation)}
	for _, token := range outside {
		before[token] = told(token, all...)
	}
	in("79", "0300588569")
	for _, token := range outside {
		require.Equal(t, before[token], told(token, all...), "shown to %q", token)
	}
	require.NotEqual(t, before["ministry"], told("ministry", nation))
	in("01", "0101248141")
	require.NotEqual(t, before["hanoi"][:1], told("hanoi", all[0]))
	require.Equal(t, before[""], told("", all...), "what is closed does not move")
}
