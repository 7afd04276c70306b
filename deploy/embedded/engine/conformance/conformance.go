// Package conformance proves that a ClickHouse behind an address behaves as the
// product needs it: every column type, call, setting and error that it uses,
// through the product's own driver and, over HTTP, as curl would. The embedded
// engine must pass it, and so must the server that takes its place.
package conformance

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// Run runs the suite against the server that opts names. It creates tables with
// names of their own in the database of opts and drops them again.
func Run(t *testing.T, opts *clickhouse.Options) {
	t.Helper()
	for name, method := range map[string]clickhouse.CompressionMethod{
		"plain": clickhouse.CompressionNone, "lz4": clickhouse.CompressionLZ4, "zstd": clickhouse.CompressionZSTD,
	} {
		t.Run(name, func(t *testing.T) {
			s := &suite{opts: *opts}
			s.opts.Compression = &clickhouse.Compression{Method: method}
			s.run(t)
		})
	}
	if opts.Protocol == clickhouse.HTTP {
		t.Run("http", func(t *testing.T) { (&suite{opts: *opts}).runHTTP(t) })
	}
}

type suite struct{ opts clickhouse.Options }

func (s *suite) run(t *testing.T) {
	for _, test := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"ping and version", s.ping},
		{"column types", s.columnTypes},
		{"bare NULL and empty arrays", s.bareValues},
		{"empty answer", s.emptyAnswer},
		{"AppendStruct and Select", s.structs},
		{"columnar append", s.columnar},
		{"parameters", s.parameters},
		{"positional arguments", s.positional},
		{"settings", s.settings},
		{"query id", s.queryID},
		{"error codes", s.errorCodes},
		{"error in the middle of an answer", s.errorMidStream},
		{"cancelled context", s.cancelled},
		{"deadline", s.deadline},
		{"large batch", s.largeBatch},
		{"insert error leaves nothing", s.insertError},
		{"deduplication token", s.deduplication},
		{"deduplication of a materialised view", s.deduplicationOfView},
		{"ReplacingMergeTree FINAL", s.replacing},
		{"aggregate states", s.aggregates},
		{"concurrent queries", s.concurrent},
		{"statements", s.statements},
	} {
		t.Run(test.name, test.run)
	}
	if s.opts.Compression.Method == clickhouse.CompressionLZ4 {
		t.Run("ten million rows", s.tenMillion) // once is enough: it takes seconds
	}
}

// conn opens a connection of its own for the test.
func (s *suite) conn(t *testing.T) driver.Conn {
	t.Helper()
	opts := s.opts
	conn, err := clickhouse.Open(&opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn
}

// table creates a table with the given definition and returns its name.
func (s *suite) table(t *testing.T, conn driver.Conn, definition string) string {
	t.Helper()
	name := "conformance_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	require.NoError(t, conn.Exec(t.Context(), fmt.Sprintf("CREATE TABLE %s %s", name, definition)))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		require.NoError(t, conn.Exec(ctx, "DROP TABLE "+name+" SYNC"))
	})
	return name
}

func queryOne[T any](ctx context.Context, t *testing.T, conn driver.Conn, sql string, args ...any) T {
	t.Helper()
	var value T
	require.NoError(t, conn.QueryRow(ctx, sql, args...).Scan(&value), sql)
	return value
}

// exceptionCode is the code of ClickHouse's exception in err.
func exceptionCode(t *testing.T, err error) int32 {
	t.Helper()
	var ex *clickhouse.Exception
	require.ErrorAs(t, err, &ex)
	return ex.Code
}

func (s *suite) ping(t *testing.T) {
	conn := s.conn(t)
	require.NoError(t, conn.Ping(t.Context()))
	version, err := conn.ServerVersion()
	require.NoError(t, err)
	require.GreaterOrEqual(t, version.Version.Major, uint64(25))
	require.Equal(t, s.opts.Auth.Database, queryOne[string](t.Context(), t, conn, "SELECT currentDatabase()"))
	stats := conn.Stats()
	require.LessOrEqual(t, stats.Open, stats.MaxOpenConns)
}
