package api

import (
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
)

// requireExplained asks how the one report of Hà Nội comes into its figure: officers of the
// place are told and led to it, an auditor is told, and the public no more than the value shows.
func (p *platform) requireExplained(annexed uuid.UUID) {
	p.t.Helper()
	explained := func(token, query string) indicator.Counting {
		p.t.Helper()
		e := read[indicator.Explanation](p.by(token, "/v1/indicators/N1/explain?year=2025"+query).ok())
		require.NotEmpty(p.t, e.Indicator.Version)
		require.Len(p.t, e.Sources, 1)
		return e.Sources[0]
	}
	own := explained("hanoi", "&area=34:01")
	require.EqualValues(p.t, 1, *own.Counted)
	require.EqualValues(p.t, 1, *own.Filed)
	require.Empty(p.t, own.Left)
	list := read[FiledList](p.by("hanoi", own.Reports).ok())
	require.Len(p.t, list.Reports, 1)
	require.Equal(p.t, annexed, list.Reports[0].ReportID)
	withdrawn := strings.Replace(own.Reports, "code=counted", "code=withdrawn", 1)
	require.Empty(p.t, read[FiledList](p.by("hanoi", withdrawn).ok()).Reports)

	nation := explained("auditor", "&view=live")
	require.EqualValues(p.t, 1, *nation.Counted)
	require.Empty(p.t, nation.Reports, "an auditor reads no reports")

	for _, path := range []string{"/v1/indicators/N1/explain?year=2025&area=34:01", "/v1/indicators/N1/explain?year=2025"} {
		public := read[indicator.Explanation](p.get(path).ok())
		require.Equal(p.t, indicator.Closed, public.View)
		require.Nil(p.t, public.Value.Value)
		require.Nil(p.t, public.Sources[0].Counted, "2025 is not closed")
		require.Nil(p.t, public.Sources[0].Filed)
	}
	p.get("/v1/indicators/N1/explain?year=2025&area=34:01&period=H1").problem(http.StatusForbidden, "API-026")
}
