package api

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/api/web/webtest"
	"atvsld/seeds"
)

// countedCells counts how often figures are read.
type countedCells struct {
	indicator.CellReader
	reads *atomic.Int64
}

func (c countedCells) Cells(ctx context.Context, q indicator.CellQuery) (indicator.CellSet, error) {
	c.reads.Add(1)
	return c.CellReader.Cells(ctx, q)
}

// closingLater is a store in which a year is closed again.
type closingLater struct {
	closings
	again *atomic.Bool
}

func (c closingLater) Closings(ctx context.Context) ([]store.Closing, error) {
	all, err := c.closings.Closings(ctx)
	if c.again.Load() {
		all = append(all, store.Closing{Period: "2025", AsOf: webtest.ClosedAt(2026), ClosedAt: webtest.ClosedAt(2026), ClosedBy: "test"})
	}
	return all, err
}

// The public is given the same answer until something is closed; what differs in anything is
// not taken for the same, and nothing of an entitled caller is kept.
func TestPublicAnswersAreKept(t *testing.T) {
	var reads atomic.Int64
	var again atomic.Bool
	now := time.Date(2026, 11, 29, 8, 0, 0, 0, seeds.Local())
	figures := webtest.Figures{Seeds: seeds.Default()}
	catalogue, err := indicator.Default()
	require.NoError(t, err)
	engine, err := indicator.New(catalogue, countedCells{figures, &reads}, seeds.Default())
	require.NoError(t, err)
	p := newReader(t, func(d *Deps, _ *Config) {
		d.Store, d.Indicators, d.Clock = closingLater{closings{"2024", "2025"}, &again}, engine, func() time.Time { return now }
	})
	asked := func(ask func()) bool {
		before := reads.Load()
		ask()
		return reads.Load() > before
	}
	const series = "/v1/indicators/N4/series?from=2024&to=2025"
	first := p.get(series).ok()
	f := func(name string, want bool, ask func()) {
		t.Helper()
		require.Equal(t, want, asked(ask), name)
	}
	f("the same", false, func() {
		same := p.get(series).ok()
		require.Equal(t, first.body, same.body)
		for name, values := range first.header {
			if !slices.Contains([]string{"Date", "X-Request-Id"}, name) {
				require.Equal(t, values, same.header[name], name)
			}
		}
	})
	f("compared", false, func() {
		tagged := p.get(series, "If-None-Match", first.header.Get("ETag"))
		require.Equal(t, http.StatusNotModified, tagged.status)
		require.Empty(t, tagged.body)
	})
	f("head alone", false, func() {
		require.Empty(t, p.ask(http.MethodHead, series, nil, "Authorization", "", "Accept-Encoding", "gzip").ok().body)
	})
	const other = "/v1/indicators/N4/series?from=2022&to=2025"
	f("head first", true, func() { p.ask(http.MethodHead, other, nil, "Authorization", "", "Accept-Encoding", "identity").ok() })
	f("and then the rest", false, func() {
		require.Len(t, read[indicator.Series](p.get(other, "Accept-Encoding", "identity").ok()).Values, 4)
	})
	f("another year", true, func() { p.get("/v1/indicators/N4/series?from=2023&to=2025").ok() })
	f("as CSV", true, func() { p.get(series, "Accept", "text/csv").ok().is("text/csv; charset=utf-8") })
	f("as CSV again", false, func() { p.get(series, "Accept", "text/csv").ok().is("text/csv; charset=utf-8") })
	f("plain", true, func() {
		require.Empty(t, p.get(series, "Accept-Encoding", "identity").ok().header.Get("Content-Encoding"))
	})
	f("with a token", true, func() {
		require.Equal(t, indicator.Live, read[indicator.Series](p.ask(http.MethodGet, series, nil).ok()).View)
	})
	f("with a token again", true, func() { p.ask(http.MethodGet, series+"&view=closed", nil).ok() })
	f("and nothing of that is for the public", false, func() { require.Equal(t, first.body, p.get(series).ok().body) })
	f("refused", false, func() { p.get(series+"&view=live").problem(http.StatusForbidden, "API-021") })
	f("refused still", false, func() { p.get(series+"&view=live").problem(http.StatusForbidden, "API-021") })
	again.Store(true)
	f("after a closing", true, func() { p.get(series).ok() })
	now = now.AddDate(0, 0, 1)
	f("on another day", true, func() { p.get(series).ok() })
	p.get("/v1/attainment").ok()
	f("attainment", false, func() { p.get("/v1/attainment").ok() })
}
