package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/example"
)

// A severity changes by an amendment with a reason, and a death needs its day (Decree
// 39/2016/ND-CP Art. 9: no time limit on a death from the same wound).
func TestSeverityIsRevised(t *testing.T) {
	f := func(want []string, edits ...string) {
		t.Helper()
		_, found := answer(t, edited(string(report.AccidentDeclaration), example.Edits(edits...)))
		var errors []string
		for _, f := range found {
			if f.Severity == report.Error {
				errors = append(errors, f.Code)
			}
		}
		require.Equal(t, want, errors)
	}
	died := "/content/victims/1/severity = \"dead\""
	f(nil, "/revision = 2", "/reason = \"Tử vong sau điều trị\"", died, "/content/victims/1/died_on = \"2026-01-07\"")
	f([]string{"ENV-022"}, "/revision = 2", died, "/content/victims/1/died_on = \"2026-01-07\"")
	f([]string{"ACC-003"}, "/revision = 2", "/reason = \"Tử vong\"", died)
	f([]string{"ACC-005"}, "/revision = 2", "/reason = \"Tử vong\"", died, "/content/victims/1/died_on = \"2026-01-04\"")
	f([]string{"ACC-006"}, "/revision = 2", "/reason = \"Tử vong\"", died, "/content/victims/1/died_on = \"2026-01-09\"")
	f([]string{"ACC-004"}, "/revision = 2", "/reason = \"Không chết\"", "/content/victims/0/severity = \"serious\"")
	f(nil, "/revision = 2", "/reason = \"Không chết\"", "/content/victims/0/severity = \"serious\"", "/content/victims/0/died_on -")
}
