package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strconv"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"
)

// reportRSS adds the resident memory of the whole process, in MB.
func reportRSS(b *testing.B, unit string) {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(b, err)
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) > 1 && string(fields[0]) == "VmRSS:" {
			kb, err := strconv.Atoi(string(fields[1]))
			require.NoError(b, err)
			b.ReportMetric(float64(kb)/1024, unit)
		}
	}
}

func BenchmarkOpenClose(b *testing.B) {
	cfg := testConfig(b)
	for b.Loop() {
		e, err := Open(context.Background(), cfg)
		require.NoError(b, err)
		closeEngine(b, e)
	}
	reportRSS(b, "MB-rss")
}

func BenchmarkInsert(b *testing.B) {
	for _, rows := range []int{1, 1_000, 100_000} {
		for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionNone, clickhouse.CompressionLZ4} {
			b.Run(fmt.Sprintf("rows=%d/%s", rows, method), func(b *testing.B) { benchmarkInsert(b, rows, method) })
		}
	}
}

func benchmarkInsert(b *testing.B, rows int, method clickhouse.CompressionMethod) {
	e := openEngine(b, testConfig(b))
	opts := e.Options()
	opts.Compression.Method = method
	conn, err := clickhouse.Open(opts)
	require.NoError(b, err)
	ctx := context.Background()
	require.NoError(b, conn.Exec(ctx, `CREATE TABLE r (id UInt128, kind LowCardinality(String), year UInt16, at DateTime64(3, 'Asia/Ho_Chi_Minh'),
		payload String CODEC(ZSTD(3)), cells Array(UInt32)) ENGINE = ReplacingMergeTree PARTITION BY year ORDER BY id
		SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000`))
	cells := make([]uint32, 40)
	next := uint64(0)
	for b.Loop() {
		batch, err := conn.PrepareBatch(ctx, "INSERT INTO r")
		require.NoError(b, err)
		for range rows {
			next++
			require.NoError(b, batch.Append(new(big.Int).SetUint64(next), "annex_xii", uint16(2025), int64(next), `{"report":"of some five hundred bytes"}`, cells))
		}
		require.NoError(b, batch.Send())
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	reportRSS(b, "MB-rss")
	require.NoError(b, conn.Close())
}

func BenchmarkQuery(b *testing.B) {
	e := openEngine(b, testConfig(b))
	conn, err := clickhouse.Open(e.Options())
	require.NoError(b, err)
	ctx := context.Background()
	require.NoError(b, conn.Exec(ctx, "CREATE TABLE c (province UInt8, year UInt16, n UInt64) ENGINE = MergeTree ORDER BY (year, province)"))
	require.NoError(b, conn.Exec(ctx, "INSERT INTO c SELECT number % 34, 2016 + number % 10, number FROM numbers(1000000)"))
	for name, sql := range map[string]string{
		"one":       "SELECT 1",
		"provinces": "SELECT province, sum(n) FROM c WHERE year = 2025 GROUP BY province ORDER BY province",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, discard(ctx, conn.Query, sql))
			}
		})
	}
	b.Run("ten million numbers", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, discard(ctx, conn.Query, "SELECT number FROM numbers(10000000)"))
		}
		b.ReportMetric(10e6*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		reportRSS(b, "MB-rss")
	})
	require.NoError(b, conn.Close())
}

type queryFunc func(ctx context.Context, query string, args ...any) (driver.Rows, error)

func discard(ctx context.Context, query queryFunc, sql string) error {
	rows, err := query(ctx, sql)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return errors.Join(rows.Err(), rows.Close())
}

// What a request costs before the driver and HTTP come in.
func BenchmarkSession(b *testing.B) {
	e := openEngine(b, testConfig(b))
	b.Run("open and close", func(b *testing.B) {
		for b.Loop() {
			s, err := e.openSession("id")
			require.NoError(b, err)
			s.close()
		}
	})
	s, err := e.openSession("id")
	require.NoError(b, err)
	defer s.close()
	for _, sql := range []string{"USE atvsld", "SET max_threads = 1", "SELECT 1"} {
		b.Run(sql, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, s.exec(sql))
			}
		})
	}
	b.Run("stream of SELECT 1", func(b *testing.B) {
		for b.Loop() {
			st, err := s.stream("SELECT 1", "Native")
			require.NoError(b, err)
			for _, err := range st.chunks() {
				require.NoError(b, err)
			}
			st.close()
		}
	})
}
