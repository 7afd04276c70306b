package api

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/analytics/trend"
	"atvsld/api/identity"
)

// newTrends is the interface with made-up figures and some callers.
func newTrends(t *testing.T, change ...func(*Deps, *Config)) *platform {
	t.Helper()
	return newReader(t, append(change, func(d *Deps, _ *Config) {
		d.Identity = known{identity.New(d.Keys), map[string]access.Caller{
			"hanoi":    {ID: "2", Role: access.LabourOfficer, Provinces: []string{"01"}},
			"health":   {ID: "3", Role: access.HealthOfficer, Provinces: []string{"01"}},
			"ministry": {ID: "4", Role: access.Ministry, Nation: true},
			"auditor":  {ID: "7", Role: access.Auditor},
		}}
	})...)
}

func TestChart(t *testing.T) {
	p := newTrends(t)
	set := read[trend.ChartSet](p.get("/v1/indicators/A3/chart?from=2020&to=2025").ok())
	require.Len(t, set.Charts, 1)
	c := set.Charts[0]
	// Of the made-up years these are closed, and before the last.
	require.Equal(t, []string{"2023", "2024"}, c.Baseline.Periods)
	require.Equal(t, indicator.ReasonBaselineShort, c.CentreReason.Code)
	require.Len(t, c.Points, 6)

	c = read[trend.ChartSet](p.get("/v1/indicators/A3/chart?from=2020&to=2026&baseline_from=2020&action_level=99.73").ok()).Charts[0]
	require.Equal(t, []string{"2020", "2021", "2022", "2023", "2024", "2025"}, c.Baseline.Periods)
	require.NotNil(t, c.Centre)
	require.NotNil(t, c.Points[0].Limits)
	require.Equal(t, indicator.ReasonNotClosed, c.Points[6].LimitsReason.Code, "a gap keeps its reason")
	c = read[trend.ChartSet](p.by("ministry", "/v1/indicators/A3/chart?from=2020&to=2026&baseline_from=2020").ok()).Charts[0]
	require.Equal(t, indicator.ReasonPeriodRunning, c.Points[6].LimitsReason.Code, "of a running year a part has happened")
	require.Len(t, read[trend.ChartSet](p.get("/v1/indicators/N4/chart?from=2023&to=2025&by=province").ok()).Charts, 34)

	p.get("/v1/indicators/A3/chart?from=2020&to=2024&baseline_from=2023&baseline_to=2022").problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/indicators/A3/chart?run=1").problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/indicators/A3/chart?action_level=50").problem(http.StatusUnprocessableEntity, "API-006")
}

func TestProvinceFunnel(t *testing.T) {
	p := newTrends(t)
	f := read[trend.Funnel](p.get("/v1/indicators/A3/funnel").ok())
	require.Equal(t, "2025", f.From)
	require.Equal(t, 34, f.Assessed)
	require.NotNil(t, f.Centre)
	require.Len(t, f.Points, 34)
	one, three := f.Points[0], read[trend.Funnel](p.get("/v1/indicators/A3/funnel?from=2023&to=2025").ok()).Points[0]
	require.Greater(t, *three.Denominator, 2**one.Denominator)
	require.Equal(t, "2023", read[trend.Funnel](p.get("/v1/indicators/A3/funnel?to=2023").ok()).From)

	// Fatal accidents lie where they happened, workers at the head office.
	f = read[trend.Funnel](p.get("/v1/indicators/A1/funnel").ok())
	require.Equal(t, indicator.ReasonWorkersBySite, f.CentreReason.Code)
	require.Zero(t, f.Assessed)
	require.Equal(t, indicator.ReasonCount, read[trend.Funnel](p.get("/v1/indicators/N4/funnel").ok()).CentreReason.Code)
}

func TestMovers(t *testing.T) {
	p := newTrends(t)
	m := read[trend.Movers](p.get("/v1/indicators/N4/movers?limit=5").ok())
	require.Equal(t, "2024", m.From)
	require.Equal(t, "2025", m.To)
	require.Equal(t, 34, m.Compared)
	require.Len(t, m.Movers, 5)
	require.True(t, slices.IsSortedFunc(m.Movers, func(a, b trend.Mover) int { return a.Rank - b.Rank }))
	require.Equal(t, 1, m.Movers[0].Rank)
	p.get("/v1/indicators/N4/movers?from=2025&to=2024").problem(http.StatusUnprocessableEntity, "API-006")
}

// What is made of a series is for whom the series is.
func TestTrendsShowNoMoreThanTheSeries(t *testing.T) {
	p := newTrends(t)
	const years = "?from=2024&to=2025"
	for _, of := range []string{"chart", "movers"} {
		at := "/v1/indicators/N4/" + of + years
		p.get(at+"&area=34:01&by=vsic").problem(http.StatusForbidden, "API-026")
		p.get(at+"&by=province&include_commuting=true").problem(http.StatusForbidden, "API-026")
		p.get(at+"&by=province&view=live").problem(http.StatusForbidden, "API-021")
		p.by("hanoi", at+"&by=province").ok()
		p.by("hanoi", at+"&area=34:79&view=live").problem(http.StatusForbidden, "API-085")
	}
	p.get("/v1/indicators/N4/movers"+years+"&area=34:01").problem(http.StatusForbidden, "API-026")
	p.get("/v1/indicators/A3/funnel?period=H1").problem(http.StatusForbidden, "API-026")
	p.get("/v1/indicators/A3/funnel?view=live").problem(http.StatusForbidden, "API-021")
	p.by("hanoi", "/v1/indicators/A3/funnel?view=live").problem(http.StatusForbidden, "API-085")
	require.Equal(t, indicator.Closed, read[trend.Funnel](p.by("hanoi", "/v1/indicators/A3/funnel").ok()).View)
	require.Equal(t, indicator.Live, read[trend.Funnel](p.by("ministry", "/v1/indicators/A3/funnel").ok()).View)

	own := read[trend.Movers](p.by("hanoi", "/v1/indicators/N4/movers"+years+"&view=live").ok())
	require.Equal(t, 1, own.Compared)
	require.Equal(t, "01", own.Movers[0].Current.Area.Code)
	require.Len(t, read[trend.ChartSet](p.by("hanoi", "/v1/indicators/N4/chart"+years+"&by=province&view=live").ok()).Charts, 1)
}

// A figure leads to the records behind it, for whoever may read them.
func TestFiguresLeadToTheirRecords(t *testing.T) {
	p := newTrends(t)
	last := func(token, indicator, query string) (records, investigations string) {
		t.Helper()
		headers := []string{"Authorization", "Bearer " + token}
		if token == "" {
			headers[1] = ""
		}
		set := read[trend.ChartSet](p.ask(http.MethodGet, "/v1/indicators/"+indicator+"/chart?from=2025&to=2026"+query, nil, headers...).ok())
		points := set.Charts[0].Points
		return points[0].Records, set.Investigations
	}
	f := func(token, indicator, query, want, clocks string) {
		t.Helper()
		records, investigations := last(token, indicator, query)
		records, err := url.QueryUnescape(records)
		require.NoError(t, err)
		investigations, err = url.QueryUnescape(investigations)
		require.NoError(t, err)
		require.Equal(t, want, records)
		require.Equal(t, clocks, investigations)
	}
	const accidents, periodic = "/v1/reports?kind=accident_declaration&", "/v1/reports?kind=annex_xii,commune_report&period=2025"
	f("", "N4", "&area=34:01", "", "")
	f("auditor", "N4", "&area=34:01", "", "")
	f("ministry", "N4", "", accidents+"year=2025", "/v1/investigations")
	f("hanoi", "N4", "", "", "/v1/investigations")
	f("hanoi", "N4", "&area=34:01", accidents+"province=34:01,63:01&year=2025", "/v1/investigations?province=34:01")
	f("hanoi", "N4", "&area=34:79", "", "")
	f("ministry", "N4", "&area=34:24", accidents+"province=34:24,63:24,63:27&year=2025", "/v1/investigations?province=34:24")
	f("ministry", "N4", "&period=H1", "", "/v1/investigations")
	f("ministry", "N4", "&geography=63&area=63:27", "", "/v1/investigations?province=63:27")
	f("ministry", "N2", "", periodic, "/v1/investigations")
	f("ministry", "N2", "&period=H1", periodic+"H1", "/v1/investigations")
	f("ministry", "A3", "", "/v1/reports?kind=annex_xii&period=2025", "/v1/investigations")
	f("ministry", "B1", "", "/v1/reports?kind=disease_report&year=2025", "")
	f("ministry", "B2", "", "/v1/reports?kind=monitoring_report&year=2025", "")
	f("health", "N2", "&area=34:01", "", "")
	f("ministry", "N2", "&by=employment", "/v1/reports?kind=annex_xii&period=2025", "/v1/investigations")
	f("ministry", "N4", "&by=employment", "", "/v1/investigations")
}
