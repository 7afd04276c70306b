package bench

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/deploy/embedded/engine"
)

// tiny is every phase, as small as it can be.
func tiny(t *testing.T) Config {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the engine library exists for linux/amd64 only")
	}
	library, err := engine.Locate("")
	require.NoError(t, err)
	c := Quick()
	c.Executable, c.EngineLibrary, c.Version, c.Data = executable, library, "atvsld test", t.TempDir()
	c.Duration, c.Connections, c.Streams, c.Backlog = 300*time.Millisecond, 4, []int{1, 2}, 2000
	c.Rates, c.Sizes, c.Requests, c.Establishments = []int{100}, []int{4000}, 2, 500
	c.Log = slog.New(slog.DiscardHandler)
	return c
}

// The long log is drained as well, and its reports are stored.
func TestLongDrain(t *testing.T) {
	c := tiny(t)
	c.Long = 30_000
	result, err := Run(t.Context(), c)
	require.NoError(t, err)
	require.Len(t, result.Phases, 1)
	require.Equal(t, "long", result.Phases[0].ID)
	var ids []string
	for _, f := range result.Phases[0].Figures {
		// So short a drain may be over before the engine merges anything.
		if !strings.Contains(f.ID, "_merges_") {
			require.Positive(t, f.Value, f.ID)
		}
		ids = append(ids, f.ID)
	}
	require.Equal(t, []string{"fill", "backlog", "m1", "m1_rss_sink", "m1_rss_engine", "m1_rss_broker", "m1_merges_rows", "m1_merges_time", "range"}, ids)
}

// Every phase runs against the real program, and nothing is left behind.
func TestEveryPhase(t *testing.T) {
	c := tiny(t)
	var out bytes.Buffer
	c.Out = &out
	result, err := Run(t.Context(), c)
	require.NoError(t, err)

	ids := map[string]Figure{}
	for _, p := range result.Phases {
		require.NotEmpty(t, p.Figures, p.ID)
		for _, f := range p.Figures {
			id := p.ID + "." + f.ID
			require.NotContains(t, ids, id)
			ids[id] = f
		}
	}
	positive := func(id string) {
		t.Helper()
		require.Contains(t, ids, id)
		require.Positive(t, ids[id].Value, id)
	}
	ordered := func(id string, atLeast int) {
		t.Helper()
		require.Contains(t, ids, id)
		s := ids[id].Spread
		require.NotNil(t, s, id)
		require.GreaterOrEqual(t, s.Count, atLeast, id)
		require.LessOrEqual(t, s.P50, s.P90, id)
		require.LessOrEqual(t, s.P90, s.P99, id)
		require.LessOrEqual(t, s.P99, s.Max, id)
		require.Positive(t, s.Max, id)
	}
	for _, id := range []string{
		"start.demonstration", "start.demonstration_again", "single.c1_rate", "single.c4_rate", "single.rss_run",
		"bulk.s1_rate", "bulk.s2_rate", "bulk.s2_stored_rate", "drain_small.log_bytes", "drain_small.report_log_bytes",
		"drain_annex.annex_xii_bytes", "drain_annex.total", "drain_small.plain_rate", "drain_small.limit_ratio", "drain_annex.plain_ratio", "visible.r100_rate", "visible.rss_engine",
		"figures_4000.load", "figures_4000.bytes_merged", "figures_4000.rss_api",
	} {
		positive(id)
	}
	for _, id := range []string{
		"start.empty", "start.again", "single.c1_latency", "single.c4_latency", "visible.r100_answer", "visible.r100_resolution",
		"figures_4000.attainment_closed", "figures_4000.sections_closed", "figures_4000.attainment_fresh",
		"figures_4000.attainment_merged", "figures_4000.provinces_merged", "figures_4000.sections_fresh",
		"figures_4000.attainment_public", "figures_4000.attainment_public_first", "figures_4000.sections_merged_first",
		"figures_4000.attainment_look_fresh", "figures_4000.attainment_look_r100", "figures_4000.attainment_public_r100", "figures_4000.attainment_r100", "figures_4000.attainment_r100_behind",
	} {
		ordered(id, 1)
	}
	// All thirty reports of the rate were seen in the store.
	ordered("visible.r100_visible", 30)
	require.InDelta(t, 4400, ids["figures_4000.rows_fresh"].Value, 0, "every tenth report is amended")
	require.InDelta(t, 4000, ids["figures_4000.rows_merged"].Value, 0)

	require.Contains(t, out.String(), "| single POST")
	require.Contains(t, out.String(), "share these cores")
	require.Contains(t, result.Machine.Engine, "26.")
	left, err := os.ReadDir(c.Data)
	require.NoError(t, err)
	require.Empty(t, left)
}

// The table is one that Markdown reads: as many cells in every line.
func TestTable(t *testing.T) {
	var out strings.Builder
	p := Phase{ID: "a", Title: "một pha"}
	p.number("n", "số lượng", 12345.6, "B/report")
	p.spread("s", "times", Spread{Count: 3, P50: 1, P90: 2.5, P99: 3, Max: 3})
	require.NoError(t, Result{Phases: []Phase{p}}.write(&out))
	_, table, _ := strings.Cut(out.String(), "\n\n")
	lines := strings.Split(strings.TrimSpace(table), "\n")
	require.Len(t, lines, 4)
	for _, line := range lines {
		require.Equal(t, 4, strings.Count(line, "|"), line)
		require.Len(t, []rune(line), len([]rune(lines[0])), line)
	}
	require.Contains(t, table, "12,346 B/report")
	require.Contains(t, table, "p50 1 · p90 2.50 · p99 3 · max 3 ms (n 3)")
}

// serveTest stands in for the program where only its answers matter.
func serveTest(t *testing.T, handle http.HandlerFunc) *program {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return &program{address: strings.TrimPrefix(server.URL, "http://"), exited: make(chan struct{})}
}
