package torture

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// Whatever is filed breaks no rule: an answer other than accepted is news.
func TestEveryLifeIsValid(t *testing.T) {
	kinds := make(map[report.Kind]bool)
	for n := range 300 {
		l, same := newLife(7, n), newLife(7, n)
		require.Equal(t, same, l, "a life follows from seed and number")
		for _, s := range l.steps {
			for _, c := range s.contents {
				kinds[c.state.kind] = true
				submission, form, err := report.Decode(c.raw)
				require.NoError(t, err, "%s", c.raw)
				findings := report.Check(report.Context{Seeds: seeds.Default(), Now: time.Now()}, &submission, form)
				require.Empty(t, report.Blocking(findings, submission.Acknowledge), "%s", c.raw)
			}
		}
	}
	require.Equal(t, map[report.Kind]bool{
		report.AccidentDeclaration: true, report.AnnexXII: true, report.CommuneReport: true, report.DiseaseReport: true, report.MonitoringReport: true,
	}, kinds, "the kinds that a life is made of")
}
