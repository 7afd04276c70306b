package intake

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// A dry run is held against what the unit itself reported a year before, and nobody else.
func TestDryRunLooksAtTheYearBefore(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	raw := reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/workers/total", "1400")
	filed := &faultyLog{}
	before := newGateway(t, filed, &slowStore{})
	require.Equal(t, Accepted, submit(t, before, Principal{ID: "a"}, reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/period", `"2024"`)).State)
	id := filed.events[0].ReportID
	past := &store.LatestRevision{Kind: "annex_xii", SubmittedBy: "a", Payload: filed.events[0].Content}
	var failure error
	asked := 0
	g.Past = func(_ context.Context, of uuid.UUID) (*store.LatestRevision, error) {
		asked++
		require.Equal(t, id, of)
		return past, failure
	}
	codes := func(by string, raw []byte) (all []string) {
		t.Helper()
		out := g.CheckAgainstPast(t.Context(), Principal{ID: by}, Item{Raw: raw})
		require.Equal(t, Accepted, out.State)
		require.Equal(t, report.Kind("annex_xii"), out.Kind)
		for _, f := range out.Findings {
			all = append(all, f.Code)
		}
		return all
	}
	require.Equal(t, []string{"AXII-060"}, codes("a", raw))
	require.Empty(t, codes("b", raw), "figures of another filer")
	failure = errors.New("the store does not answer")
	require.Empty(t, codes("a", raw))
	failure, past.Withdrawn = nil, true
	require.Empty(t, codes("a", raw), "withdrawn")
	past = nil
	require.Empty(t, codes("a", raw), "none is stored")
	require.Equal(t, 5, asked)

	// Never on the way of what is filed, and not for events.
	require.Equal(t, Accepted, submit(t, g, Principal{ID: "a"}, raw).State)
	require.Equal(t, Accepted, g.CheckAgainstPast(t.Context(), Principal{ID: "a"}, Item{Raw: reporttest.Valid(report.AccidentDeclaration)}).State)
	require.Equal(t, 5, asked)
	g.Past = nil
	require.Empty(t, codes("a", raw))
	require.Equal(t, Refused, g.CheckAgainstPast(t.Context(), Principal{ID: "a"}, Item{Raw: []byte("{}")}).State)
}
