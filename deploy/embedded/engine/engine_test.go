package engine

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"atvsld/deploy/embedded/datadir"
)

// childFolder tells the test binary to be the process that is killed.
const childFolder = "ATVSLD_TEST_ENGINE_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		child(dir)
	}
	goleak.VerifyTestMain(m)
}

// testConfig is the default on a folder of the test; it skips where there is no
// engine at all, and fails where it is only not installed.
func testConfig(tb testing.TB) Config {
	tb.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		tb.Skip("there is no engine library for this platform")
	}
	cfg := childConfig(tb.TempDir())
	if _, err := Locate(cfg.Library); err != nil {
		tb.Fatal(err)
	}
	return cfg
}

func childConfig(dir string) Config {
	cfg := Default()
	cfg.Library = os.Getenv("ATVSLD_ENGINE_LIBRARY")
	cfg.DataDir = dir
	cfg.Logger = slog.New(slog.DiscardHandler)
	return cfg
}

func openEngine(tb testing.TB, cfg Config) *Engine {
	tb.Helper()
	e, err := Open(context.Background(), cfg)
	require.NoError(tb, err)
	tb.Cleanup(func() { closeEngine(tb, e) })
	return e
}

func closeEngine(tb testing.TB, e *Engine) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	require.NoError(tb, e.Close(ctx))
}

func openConn(tb testing.TB, e *Engine) driver.Conn {
	tb.Helper()
	conn, err := clickhouse.Open(e.Options())
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, conn.Close()) })
	return conn
}

func count(tb testing.TB, conn driver.Conn, sql string) uint64 {
	tb.Helper()
	var n uint64
	require.NoError(tb, conn.QueryRow(context.Background(), sql).Scan(&n), sql)
	return n
}

const reports = "CREATE TABLE IF NOT EXISTS reports (id UInt64, payload String) ENGINE = MergeTree ORDER BY id SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"

func insertReports(ctx context.Context, conn driver.Conn, from, to int) error {
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO reports")
	if err != nil {
		return err
	}
	for i := from; i < to; i++ {
		if err := batch.Append(uint64(i), fmt.Sprintf("payload %d", i)); err != nil {
			return err
		}
	}
	return batch.Send()
}

// One process: the same folder again, another one, and the first once more.
func TestOpenAfterClose(t *testing.T) {
	first, second := testConfig(t), testConfig(t)
	for i := range 3 {
		e := openEngine(t, first)
		conn := openConn(t, e)
		require.NoError(t, conn.Exec(t.Context(), reports))
		require.NoError(t, insertReports(t.Context(), conn, i*100, i*100+100))
		require.Equal(t, uint64(i*100+100), count(t, conn, "SELECT count() FROM reports"))
		_, err := Open(t.Context(), second)
		require.ErrorIs(t, err, ErrAlreadyOpen)
		closeEngine(t, e)

		other := openEngine(t, second)
		require.Zero(t, count(t, openConn(t, other), "SELECT count() FROM system.tables WHERE name = 'reports'"))
		closeEngine(t, other)
		closeEngine(t, other) // a second Close does nothing
	}
}

func TestFolderInUse(t *testing.T) {
	cfg := testConfig(t)
	lock, err := datadir.Acquire(cfg.DataDir)
	require.NoError(t, err)
	_, err = Open(t.Context(), cfg)
	require.ErrorIs(t, err, datadir.ErrInUse)
	require.ErrorContains(t, err, "data folder "+cfg.DataDir+" is in use by another atvsld")
	require.NoError(t, lock.Release())
	openEngine(t, cfg) // the failed Open left nothing behind
}

// child inserts until it is killed and says after every batch how much is safe.
func child(dir string) {
	e, err := Open(context.Background(), childConfig(dir))
	exitOn(err)
	conn, err := clickhouse.Open(e.Options())
	exitOn(err)
	exitOn(conn.Exec(context.Background(), reports))
	for n := 0; ; n += 100 {
		exitOn(insertReports(context.Background(), conn, n, n+100))
		fmt.Println("safe", n+100)
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

func TestAcknowledgedRowsSurviveKill(t *testing.T) {
	cfg := testConfig(t)
	for round := range 3 {
		safe := killChild(t, cfg, 2000)
		e := openEngine(t, cfg)
		conn := openConn(t, e)
		require.GreaterOrEqual(t, count(t, conn, "SELECT count() FROM reports"), uint64(safe), "round %d", round)
		require.Equal(t, uint64(safe), count(t, conn, fmt.Sprintf("SELECT uniqExact(id) FROM reports WHERE id < %d AND payload = 'payload ' || toString(id)", safe)))
		require.Zero(t, count(t, conn, "SELECT toUInt64(count() % 100) FROM reports"), "half a batch is stored")
		require.NoError(t, conn.Exec(t.Context(), "TRUNCATE TABLE reports"))
		closeEngine(t, e)
	}
}

// killChild starts this binary on the folder, kills it with SIGKILL once at least
// so many rows are acknowledged, and returns the number it had confirmed.
func killChild(t *testing.T, cfg Config, atLeast int) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+cfg.DataDir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines, safe := bufio.NewScanner(out), 0
	for safe < atLeast && lines.Scan() {
		_, err := fmt.Sscanf(lines.Text(), "safe %d", &safe)
		require.NoError(t, err, lines.Text())
	}
	_, err = Open(t.Context(), cfg)
	require.ErrorIs(t, err, datadir.ErrInUse, "the other process has the folder")
	require.NoError(t, cmd.Process.Kill())
	for lines.Scan() { // what it still said before it died counts
		_, err := fmt.Sscanf(lines.Text(), "safe %d", &safe)
		require.NoError(t, err, lines.Text())
	}
	require.Error(t, cmd.Wait())
	require.GreaterOrEqual(t, safe, atLeast)
	return safe
}

// The engine can be closed while inserts, merges and queries run.
func TestCloseUnderLoad(t *testing.T) {
	cfg := testConfig(t)
	e, err := Open(t.Context(), cfg)
	require.NoError(t, err)
	conn := openConn(t, e)
	require.NoError(t, conn.Exec(t.Context(), reports))
	stored := make(chan int)
	for worker := range 4 {
		go func() {
			n := 0
			for insertReports(context.Background(), conn, worker*1_000_000+n, worker*1_000_000+n+500) == nil {
				n += 500
			}
			stored <- n
		}()
	}
	endless := make(chan error, 1)
	go func() {
		endless <- conn.Exec(context.Background(), "SELECT max(sipHash64(number)) FROM numbers(1000000000000) FORMAT Null")
	}()
	require.Eventually(t, func() bool { return count(t, conn, "SELECT count() FROM reports") > 20_000 }, 2*time.Minute, 10*time.Millisecond)

	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	require.ErrorIs(t, e.Close(ctx), context.DeadlineExceeded, "Close reports that it had to cancel")
	require.Less(t, time.Since(start), 8*time.Second)
	require.Error(t, <-endless)
	total := 0
	for range 4 {
		total += <-stored
	}
	again := openEngine(t, cfg)
	require.GreaterOrEqual(t, count(t, openConn(t, again), "SELECT count() FROM reports"), uint64(total))
}

func TestCloseLetsRunningQueriesFinish(t *testing.T) {
	e, err := Open(t.Context(), testConfig(t))
	require.NoError(t, err)
	conn := openConn(t, e)
	answer := make(chan error, 1)
	go func() {
		var n uint8
		answer <- conn.QueryRow(context.Background(), "SELECT sleep(1) /* slow */").Scan(&n)
	}()
	require.Eventually(t, func() bool {
		return count(t, conn, "SELECT count() FROM system.processes WHERE query LIKE '%slow%' AND query NOT LIKE '%processes%'") == 1
	}, 2*time.Minute, 5*time.Millisecond)
	closeEngine(t, e)
	require.NoError(t, <-answer)
}

func TestCredentialsAreRandom(t *testing.T) {
	cfg := testConfig(t)
	e := openEngine(t, cfg)
	host, _, err := net.SplitHostPort(e.Addr())
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1", host)
	opts, err := clickhouse.ParseDSN(e.DSN())
	require.NoError(t, err)
	require.Equal(t, e.Options().Auth, opts.Auth)
	require.Len(t, opts.Auth.Password, 26)
	conn, err := clickhouse.Open(opts)
	require.NoError(t, err)
	require.NoError(t, conn.Ping(t.Context()))
	require.NoError(t, conn.Close())
	closeEngine(t, e)
	again := openEngine(t, cfg)
	require.NotEqual(t, opts.Auth.Password, again.Options().Auth.Password)
}

func TestLocate(t *testing.T) {
	cfg := testConfig(t)
	path, err := Locate(cfg.Library)
	require.NoError(t, err)
	require.True(t, filepath.IsAbs(path))
	missing := filepath.Join(t.TempDir(), libraryName)
	_, err = Locate(missing)
	require.ErrorIs(t, err, ErrNoLibrary)
	require.ErrorContains(t, err, "make engine")
	require.ErrorContains(t, err, missing)
	t.Chdir(t.TempDir())
	if os.Getenv("ATVSLD_ENGINE_LIBRARY") == "" {
		_, err = Locate("")
		require.ErrorIs(t, err, ErrNoLibrary, "a library outside of the repository is not picked up")
	}
}

func TestValidateReportsEverything(t *testing.T) {
	cfg := Config{Addr: "0.0.0.0:8123", Database: "a`b", User: "a:b", MaxMemory: 1, MarkCache: -1, SpoolMemory: -1}
	err := cfg.Validate()
	for _, want := range []string{"data folder", "loopback", "identifier", "colon", "max queries", "queue timeout", "max query bytes", "spool memory", "max memory", "cache size", "background threads", "logger"} {
		require.ErrorContains(t, err, want)
	}
	cfg = Default()
	cfg.DataDir = "x"
	require.NoError(t, cfg.Validate())
}
