package conformance_test

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"atvsld/deploy/embedded/engine"
	"atvsld/deploy/embedded/engine/conformance"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestEmbedded runs the suite against the engine of this repository.
func TestEmbedded(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("there is no engine library for this platform")
	}
	cfg := engine.Default()
	cfg.DataDir = t.TempDir()
	cfg.Library = os.Getenv("ATVSLD_ENGINE_LIBRARY")
	e, err := engine.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, e.Close(ctx))
	})
	conformance.Run(t, e.Options())
}

// TestServer runs the suite against a server, if its address is given, for
// example http://default:secret@127.0.0.1:8123/default or clickhouse://… for the
// native protocol.
func TestServer(t *testing.T) {
	dsn := os.Getenv("ATVSLD_TEST_CLICKHOUSE")
	if dsn == "" {
		t.Skip("ATVSLD_TEST_CLICKHOUSE does not name a ClickHouse server")
	}
	opts, err := clickhouse.ParseDSN(dsn)
	require.NoError(t, err)
	conformance.Run(t, opts)
}
