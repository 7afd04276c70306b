package intake

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// A dry run is held against what the unit itself reported a year before, whoever filed
// it, if the caller may read that.
func TestDryRunLooksAtTheYearBefore(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	raw := reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/workers/total", "1400")
	filed := &faultyLog{}
	before := newGateway(t, filed, &slowStore{})
	require.Equal(t, Accepted, submit(t, before, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/period", `"2024"`)).State)
	id := filed.events[0].ReportID
	past := &store.LatestRevision{Kind: "annex_xii", SubmittedBy: "a", Revision: 3, Payload: filed.events[0].Content}
	var failure error
	asked := 0
	g.Past = func(ctx context.Context, of uuid.UUID) (*store.LatestRevision, error) {
		asked++
		_, err := access.Of(ctx)
		require.NoError(t, err, "the store asks who asks")
		require.Equal(t, id, of)
		return past, failure
	}
	unit := []string{"0100109106"}
	own := access.Caller{ID: "a", Role: access.Enterprise, Units: unit}
	codes := func(by access.Caller, raw []byte) (all []string) {
		t.Helper()
		out := g.CheckAgainstPast(t.Context(), Principal{Caller: by}, Item{Raw: raw})
		require.Equal(t, Accepted, out.State)
		require.Equal(t, report.Kind("annex_xii"), out.Kind)
		for _, f := range out.Findings {
			all = append(all, f.Code)
		}
		if len(all) > 0 {
			require.Equal(t, &Against{ReportID: id, Revision: 3}, out.Against, "which report was looked at is told")
		} else {
			require.Nil(t, out.Against)
		}
		return all
	}
	require.Equal(t, []string{"AXII-060"}, codes(own, raw))
	require.Equal(t, []string{"AXII-060"}, codes(access.Caller{ID: "b", Role: access.Operator}, raw), "it may read everything")
	software := access.Caller{ID: "s", Role: access.Software}
	require.Equal(t, []string{"AXII-060"}, codes(software.With(access.Grants{File: unit, Read: unit}), raw))
	require.Empty(t, codes(software.With(access.Grants{File: unit}), raw), "it may file and not read")
	failure = errors.New("the store does not answer")
	require.Empty(t, codes(own, raw))
	failure, past.Withdrawn = nil, true
	require.Empty(t, codes(own, raw), "withdrawn")
	past = nil
	require.Empty(t, codes(own, raw), "none is stored")
	require.Equal(t, 7, asked)

	// Never on the way of what is filed, and not for events.
	require.Equal(t, Accepted, submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, raw).State)
	require.Equal(t, Accepted, g.CheckAgainstPast(t.Context(), Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, Item{Raw: reporttest.Valid(report.AccidentDeclaration)}).State)
	require.Equal(t, 7, asked)
	g.Past = nil
	require.Empty(t, codes(own, raw))
	require.Equal(t, Refused, g.CheckAgainstPast(t.Context(), Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, Item{Raw: []byte("{}")}).State)
}
