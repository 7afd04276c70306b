package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/api/web/webtest"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
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
// not taken for the same, and is given nothing that was made for an entitled caller.
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
	// As browsers ask; the transport unpacks it.
	packed := func(path string, headers ...string) answer {
		return p.get(path, append([]string{"Accept-Encoding", ""}, headers...)...)
	}
	first := packed(series).ok()
	f := func(name string, want bool, ask func()) {
		t.Helper()
		require.Equal(t, want, asked(ask), name)
	}
	f("the same", false, func() {
		same := packed(series).ok()
		require.Equal(t, first.body, same.body)
		for name, values := range first.header {
			if !slices.Contains([]string{"Date", "X-Request-Id"}, name) {
				require.Equal(t, values, same.header[name], name)
			}
		}
	})
	f("compared", false, func() {
		tagged := packed(series, "If-None-Match", first.header.Get("ETag"))
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
	f("and nothing of that is for the public", false, func() { require.Equal(t, first.body, packed(series).ok().body) })
	f("refused", false, func() { p.get(series+"&view=live").problem(http.StatusForbidden, "API-021") })
	f("refused still", false, func() { p.get(series+"&view=live").problem(http.StatusForbidden, "API-021") })
	again.Store(true)
	f("after a closing", true, func() { packed(series).ok() })
	now = now.AddDate(0, 0, 1)
	f("on another day", true, func() { packed(series).ok() })
	p.get("/v1/attainment").ok()
	f("attainment", false, func() { p.get("/v1/attainment").ok() })
}

// A live answer is given again while its figures stand, to whoever sees as much and to nobody
// else, and every look at it is on record.
func TestLiveAnswersAreKeptWithTheirFigures(t *testing.T) {
	p := newAreas(t)
	var reads atomic.Int64
	catalogue, err := indicator.Default()
	require.NoError(t, err)
	p.server.Indicators, err = indicator.New(catalogue, countedCells{indicator.FromStore(p.store, seeds.Default()), &reads}, seeds.Default())
	require.NoError(t, err)
	kept := &memory{}
	p.server.Audit = recordTo(t, kept, p.deps.Keys)
	p.stored(reporttest.Valid(report.AnnexXII))

	ask := func(made bool, token, path string, headers ...string) answer {
		t.Helper()
		before := reads.Load()
		a := p.by(token, path, headers...)
		require.Equal(t, made, reads.Load() > before, "%s asks for %s", token, path)
		// What is shown again has its entry behind the answer, and so have refusals.
		var e audit.Entry
		require.Eventually(t, func() bool {
			all := kept.requests()
			i := slices.IndexFunc(all, func(one audit.Entry) bool { return one.RequestID.String() == a.header.Get("X-Request-Id") })
			if i >= 0 {
				e = all[i]
			}
			return i >= 0
		}, 10*time.Second, time.Millisecond)
		require.Equal(t, access.ReadLive, e.Action)
		require.Equal(t, audit.Allowed, e.Outcome)
		require.EqualValues(t, a.status, e.Status)
		return a
	}
	questions := []string{
		"/v1/attainment?year=2025&view=live", "/v1/indicators/N1/series?from=2024&to=2025&by=province&view=live", "/v1/indicators/N1/chart?from=2023&to=2026&view=live",
		"/v1/indicators/A3/funnel?from=2025&to=2025&view=live", "/v1/indicators/N4/movers?from=2024&to=2025&view=live",
	}
	for _, q := range questions {
		first := ask(true, "ministry", q).ok()
		same := ask(false, "ministry", q).ok()
		require.Equal(t, first.body, same.body)
		require.Equal(t, first.header.Get("ETag"), same.header.Get("ETag"))
		require.Equal(t, privateAnswer, same.header.Get("Cache-Control"))
		require.Equal(t, http.StatusNotModified, ask(false, "ministry", q, "If-None-Match", first.header.Get("ETag")).status)
	}
	const attainment = "/v1/attainment?year=2025&view=live"
	hanoi := ask(true, "hanoi", attainment).ok()
	hcm := ask(true, "hcm", attainment).ok()
	ask(true, "inspectors", attainment).ok()
	require.NotEqual(t, hanoi.body, hcm.body)
	require.Equal(t, hanoi.body, ask(false, "hanoi", attainment).ok().body)
	require.Equal(t, hcm.body, ask(false, "hcm", attainment).ok().body)
	p.get(attainment).problem(http.StatusForbidden, "API-021")

	ministry := ask(false, "ministry", attainment).ok()
	p.stored(reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/tax_code", `"0101248141"`))
	require.NotEqual(t, ministry.body, ask(true, "ministry", attainment).ok().body)
	ask(false, "ministry", attainment).ok()
	require.NoError(t, p.store.ClosePeriods(t.Context(), []string{"2024", "2025"}, "test", "", reporttest.Now()))
	ask(true, "ministry", attainment).ok()
}

// fullDisk is a record that cannot be written while it fails.
type fullDisk struct {
	memory
	fails atomic.Bool
}

func (f *fullDisk) AppendAudit(ctx context.Context, token string, entries []audit.Signed) error {
	if f.fails.Load() {
		return errors.New("the disk is full")
	}
	return f.memory.AppendAudit(ctx, token, entries)
}

// The first look of a caller at a kept answer waits for its entry like any other; only who is shown
// the very same again does not, and not even he once storing has failed.
func TestFirstLooksAtKeptAnswersWaitForTheirEntry(t *testing.T) {
	p := newAreas(t)
	kept := &fullDisk{}
	config := audit.DefaultConfig()
	config.Patience, config.Retry = time.Second, time.Millisecond
	p.server.Audit = audit.Start(kept, p.deps.Keys.AuditKey(), config, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		kept.fails.Store(false)
		require.NoError(t, p.server.Audit.Close(context.Background()))
	})
	p.stored(reporttest.Valid(report.AnnexXII))
	const path = "/v1/attainment?year=2025&view=live"
	look := func(headers ...string) answer {
		return p.ask(http.MethodGet, path, nil, append([]string{"Authorization", "Bearer ministry"}, headers...)...)
	}
	inspecting := []string{PurposeHeader, "inspection"}
	shown := look(inspecting...).ok()
	head := p.ask(http.MethodHead, path, nil, "Authorization", "Bearer ministry", PurposeHeader, "statistics")
	require.Equal(t, http.StatusOK, head.status)
	look(PurposeHeader, "operation", "If-None-Match", shown.header.Get("ETag"))

	kept.fails.Store(true)
	entries := len(kept.requests())
	require.Equal(t, shown.body, look(inspecting...).ok().body, "shown again: the entry follows")
	for _, purpose := range []string{"investigation", "statistics", "operation"} {
		look(PurposeHeader, purpose).problem(http.StatusServiceUnavailable, "API-128")
	}
	look(inspecting...).problem(http.StatusServiceUnavailable, "API-128")
	kept.fails.Store(false)
	require.Eventually(t, func() bool { return look(inspecting...).status == http.StatusOK }, 10*time.Second, 10*time.Millisecond)
	require.Eventually(t, func() bool { return len(kept.requests()) > entries+1 }, 10*time.Second, time.Millisecond)
	require.Equal(t, access.ReadLive, kept.requests()[entries].Action)
}
