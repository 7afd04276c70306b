package engine

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"
)

// testConfig is the default on a folder of the test; it skips where there is no
// engine at all, and fails where it is only not installed.
func testConfig(tb testing.TB) Config {
	tb.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		tb.Skip("there is no engine library for this platform")
	}
	if _, err := Locate(os.Getenv("ATVSLD_ENGINE_LIBRARY")); err != nil {
		tb.Fatal(err)
	}
	cfg := Default()
	cfg.Library = os.Getenv("ATVSLD_ENGINE_LIBRARY")
	cfg.DataDir = tb.TempDir()
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

func TestSmoke(t *testing.T) {
	e := openEngine(t, testConfig(t))
	conn := openConn(t, e)
	ctx := t.Context()
	require.NoError(t, conn.Ping(ctx))
	require.NoError(t, conn.Exec(ctx, "CREATE TABLE t (a UInt32, s LowCardinality(String)) ENGINE = MergeTree ORDER BY a"))
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO t")
	require.NoError(t, err)
	for i := range 1000 {
		require.NoError(t, batch.Append(uint32(i), "x"))
	}
	require.NoError(t, batch.Send())
	var n uint64
	require.NoError(t, conn.QueryRow(ctx, "SELECT sum(a) FROM t WHERE s = {s:String}", clickhouse.Named("s", "x")).Scan(&n))
	require.Equal(t, uint64(499500), n)
}
