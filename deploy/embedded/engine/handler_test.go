package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// post sends a statement as curl would and expects an answer.
func post(t *testing.T, e *Engine, query url.Values, body io.Reader) (*http.Response, string) {
	t.Helper()
	res, text, err := tryPost(t.Context(), e, query, body)
	require.NoError(t, err)
	return res, text
}

func tryPost(ctx context.Context, e *Engine, query url.Values, body io.Reader) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+e.Addr()+"/?"+query.Encode(), body)
	if err != nil {
		return nil, "", err
	}
	req.SetBasicAuth(e.cfg.User, e.cfg.Password)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return nil, "", err
	}
	text, err := io.ReadAll(res.Body)
	return res, string(text), errors.Join(err, res.Body.Close())
}

func TestLimits(t *testing.T) {
	cfg := testConfig(t)
	cfg.MaxQueryBytes, cfg.MaxBodyBytes = 64*kib, 128*kib
	cfg.MaxQueries, cfg.QueueTimeout = 1, 200*time.Millisecond
	e := openEngine(t, cfg)

	res, text := post(t, e, nil, strings.NewReader("SELECT '"+strings.Repeat("x", 70_000)+"'"))
	require.Equal(t, http.StatusRequestEntityTooLarge, res.StatusCode, text)
	res, text = post(t, e, url.Values{"query": {"INSERT INTO FUNCTION null('a String') FORMAT TSV"}}, strings.NewReader(strings.Repeat("x", 200_000)))
	require.Equal(t, http.StatusRequestEntityTooLarge, res.StatusCode, text)
	res, _ = post(t, e, url.Values{"query_id": {strings.Repeat("x", 300)}}, strings.NewReader("SELECT 1"))
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	res, _ = post(t, e, url.Values{"session_id": {"s"}}, strings.NewReader("SELECT 1"))
	require.Equal(t, http.StatusNotImplemented, res.StatusCode)

	slow := make(chan error, 1)
	go func() {
		res, text, err := tryPost(t.Context(), e, url.Values{"query_id": {"one"}}, strings.NewReader("SELECT sleep(1)"))
		if err == nil && res.StatusCode != http.StatusOK {
			err = errors.New(text)
		}
		slow <- err
	}()
	require.Eventually(t, func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return len(e.running) == 1
	}, 5*time.Second, time.Millisecond)
	res, text = post(t, e, url.Values{"query_id": {"one"}}, strings.NewReader("SELECT 1"))
	require.Equal(t, "216", res.Header.Get("X-ClickHouse-Exception-Code"), text)
	res, text = post(t, e, nil, strings.NewReader("SELECT 1"))
	require.Equal(t, "202", res.Header.Get("X-ClickHouse-Exception-Code"), text)
	require.NoError(t, <-slow, "the running query is not disturbed")
}

// The limits of the configuration reach the library, and a table still merges
// and mutates with a small background pool.
func TestConfigurationReachesTheLibrary(t *testing.T) {
	cfg := testConfig(t)
	cfg.MaxMemory, cfg.MarkCache, cfg.BackgroundThreads = gib, 64*mib, 2
	conn := openConn(t, openEngine(t, cfg))
	setting := func(name string) uint64 {
		return count(t, conn, "SELECT toUInt64(value) FROM system.server_settings WHERE name = '"+name+"'")
	}
	require.Equal(t, uint64(gib), setting("max_server_memory_usage"))
	require.Equal(t, uint64(64*mib), setting("mark_cache_size"))
	require.Equal(t, uint64(2), setting("background_pool_size"))
	require.NoError(t, conn.Exec(t.Context(), reports))
	for i := range 12 {
		require.NoError(t, insertReports(t.Context(), conn, i*10, i*10+10))
	}
	require.NoError(t, conn.Exec(t.Context(), "ALTER TABLE reports DELETE WHERE id % 2 = 0 SETTINGS mutations_sync = 2"))
	require.NoError(t, conn.Exec(t.Context(), "OPTIMIZE TABLE reports FINAL"))
	require.Equal(t, uint64(60), count(t, conn, "SELECT count() FROM reports"))
}

func TestRefusedStatements(t *testing.T) {
	e := openEngine(t, testConfig(t))
	file := filepath.Join(t.TempDir(), "out.csv")
	for sql, code := range map[string]string{
		"SELECT 1 INTO OUTFILE '" + file + "'":                                      "48",
		"INSERT INTO FUNCTION null('a UInt8') FROM INFILE '/etc/passwd' FORMAT CSV": "48",
		"SYSTEM SHUTDOWN":  "497",
		"SYSTEM KILL":      "497",
		"":                 "62",
		" -- only remarks": "62",
	} {
		res, text := post(t, e, nil, strings.NewReader(sql))
		require.Equal(t, code, res.Header.Get("X-ClickHouse-Exception-Code"), "%s: %s", sql, text)
	}
	require.NoFileExists(t, file)
}

// A statement may change its session; the next request gets another.
func TestSessionsDoNotLeak(t *testing.T) {
	e := openEngine(t, testConfig(t))
	for _, sql := range []string{"SET max_threads = 7", "USE system", "CREATE TEMPORARY TABLE passing (a UInt8)"} {
		res, text := post(t, e, nil, strings.NewReader(sql))
		require.Equal(t, http.StatusOK, res.StatusCode, text)
	}
	_, text := post(t, e, nil, strings.NewReader("SELECT getSetting('max_threads') != 7, currentDatabase(), getSetting('async_insert'), (SELECT count() FROM system.tables WHERE name = 'passing')"))
	require.Equal(t, "true\tatvsld\tfalse\t0\n", strings.Replace(text, "1\t", "true\t", 1))
}

// The library must leave Go's own signal handling alone, or this hangs.
func TestNilDereferenceIsRecovered(t *testing.T) {
	e := openEngine(t, testConfig(t))
	for range 3 {
		_, text := post(t, e, nil, strings.NewReader("SELECT 1"))
		require.Equal(t, "1\n", text)
		engines := map[string]*Engine{}
		require.PanicsWithError(t, "runtime error: invalid memory address or nil pointer dereference", func() {
			engines["nobody"].timezone = "x"
		})
	}
}

func TestPanicInARequestEndsOnlyThatRequest(t *testing.T) {
	e := openEngine(t, testConfig(t))
	server := http.Server{Handler: e.recovered(func(http.ResponseWriter, *http.Request) { panic("broken") }), ReadHeaderTimeout: time.Second}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String(), nil)
		require.NoError(t, err)
		_, err = client.Do(req)
		require.ErrorIs(t, err, io.EOF)
	}
	require.NoError(t, server.Close())
	require.ErrorIs(t, <-served, http.ErrServerClosed)
}

// A large INSERT is fed through, not gathered.
func TestInsertIsStreamed(t *testing.T) {
	e := openEngine(t, testConfig(t))
	conn := openConn(t, e)
	require.NoError(t, conn.Exec(t.Context(), reports))
	const rows = 2_000_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	res, text := post(t, e, url.Values{"query": {"INSERT INTO reports FORMAT TSV"}}, &rowSource{left: rows})
	require.Equal(t, http.StatusOK, res.StatusCode, text)
	runtime.ReadMemStats(&after)
	require.Less(t, after.HeapSys-min(after.HeapSys, before.HeapSys), uint64(32*mib))
	require.Contains(t, res.Header.Get("X-ClickHouse-Summary"), fmt.Sprintf(`"written_rows":"%d"`, rows))
	require.Equal(t, uint64(rows), count(t, conn, "SELECT count() FROM reports"))
}

// rowSource makes TSV rows as they are read.
type rowSource struct {
	left int
	rest []byte
}

func (r *rowSource) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		r.rest = fmt.Appendf(nil, "%d\tpayload of a report with some text %d\n", r.left, r.left)
		r.left--
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
