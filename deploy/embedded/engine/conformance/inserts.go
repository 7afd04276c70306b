package conformance

import (
	"context"
	"fmt"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (s *suite) largeBatch(t *testing.T) {
	conn := s.conn(t)
	table := s.table(t, conn, "(id UInt64, kind LowCardinality(String), payload String CODEC(ZSTD(3)), cells Array(UInt32)) ENGINE = MergeTree ORDER BY id")
	const rows = 100_000
	batch, err := conn.PrepareBatch(t.Context(), "INSERT INTO "+table)
	require.NoError(t, err)
	for i := range rows {
		require.NoError(t, batch.Append(uint64(i), fmt.Sprint("kind", i%5), fmt.Sprintf(`{"report":%d}`, i), []uint32{uint32(i), 1}))
	}
	require.NoError(t, batch.Send())
	require.Equal(t, uint64(rows), queryOne[uint64](t.Context(), t, conn,
		`SELECT countIf(payload = '{"report":' || toString(id) || '}' AND cells[1] = id) FROM `+table))
	require.Equal(t, uint64(1), queryOne[uint64](t.Context(), t, conn,
		"SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table = {t:String}", named("t", table)), "one batch is one part")
}

func (s *suite) insertError(t *testing.T) {
	conn, ctx := s.conn(t), t.Context()
	table := s.table(t, conn, "(id UInt32, s String, CONSTRAINT small CHECK id < 1000) ENGINE = MergeTree ORDER BY id")
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO "+table)
	require.NoError(t, err)
	for i := range 1001 {
		require.NoError(t, batch.Append(uint32(i), "x"))
	}
	err = batch.Send()
	require.Equal(t, int32(469), exceptionCode(t, err), "%v", err)
	require.Zero(t, queryOne[uint64](ctx, t, conn, "SELECT count() FROM "+table))

	_, err = conn.PrepareBatch(ctx, "INSERT INTO conformance_no_such_table")
	require.Equal(t, int32(60), exceptionCode(t, err))
	require.Equal(t, int32(16), exceptionCode(t, conn.Exec(ctx, "INSERT INTO "+table+" (nope) VALUES (1)")))
	require.Error(t, conn.Exec(ctx, "INSERT INTO "+table+" VALUES (1, 'a'), ('x', 'b')"))
	require.Zero(t, queryOne[uint64](ctx, t, conn, "SELECT count() FROM "+table))
	require.NoError(t, conn.Exec(ctx, "INSERT INTO "+table+" VALUES (1, 'a')"), "the table still takes rows")
}

// insertNumbers inserts the numbers [from, to) under a deduplication token.
func insertNumbers(t *testing.T, conn driver.Conn, table, token string, from, to int) {
	t.Helper()
	ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{
		"insert_deduplication_token": token, "insert_deduplicate": 1, "async_insert": 0,
		"deduplicate_blocks_in_dependent_materialized_views": 1,
	}))
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO "+table)
	require.NoError(t, err)
	for i := from; i < to; i++ {
		require.NoError(t, batch.Append(uint32(i), "text"))
	}
	require.NoError(t, batch.Send())
}

const deduplicated = "SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1"

func (s *suite) deduplication(t *testing.T) {
	conn := s.conn(t)
	table := s.table(t, conn, "(id UInt32, s String) ENGINE = MergeTree ORDER BY id "+deduplicated)
	count := func() uint64 { return queryOne[uint64](t.Context(), t, conn, "SELECT count() FROM "+table) }
	token := "epoch'/t/0/" + uuid.NewString()
	insertNumbers(t, conn, table, token, 0, 3)
	require.Equal(t, uint64(3), count())
	insertNumbers(t, conn, table, token, 0, 3)
	require.Equal(t, uint64(3), count(), "the same token is stored once")
	insertNumbers(t, conn, table, token, 100, 105)
	require.Equal(t, uint64(3), count(), "a token is a promise about content")
	insertNumbers(t, conn, table, token+"/next", 0, 3)
	require.Equal(t, uint64(6), count(), "another token is stored again")
}

func (s *suite) deduplicationOfView(t *testing.T) {
	conn := s.conn(t)
	base := s.table(t, conn, "(id UInt32, s String) ENGINE = MergeTree ORDER BY id "+deduplicated)
	cube := s.table(t, conn, "(s String, n UInt64) ENGINE = SummingMergeTree ORDER BY s "+deduplicated)
	view := base + "_view"
	require.NoError(t, conn.Exec(t.Context(), fmt.Sprintf("CREATE MATERIALIZED VIEW %s TO %s AS SELECT s, count() AS n FROM %s GROUP BY s", view, cube, base)))
	t.Cleanup(func() { require.NoError(t, conn.Exec(context.Background(), "DROP VIEW "+view)) })
	token := uuid.NewString()
	for range 2 {
		insertNumbers(t, conn, base, token, 0, 3)
	}
	require.Equal(t, uint64(3), queryOne[uint64](t.Context(), t, conn, "SELECT count() FROM "+base))
	require.Equal(t, uint64(3), queryOne[uint64](t.Context(), t, conn, "SELECT sum(n) FROM "+cube))
}

func (s *suite) replacing(t *testing.T) {
	conn, ctx := s.conn(t), t.Context()
	table := s.table(t, conn, "(report_id UInt128, version UInt64, withdrawn UInt8, stat_year UInt16, deaths UInt32) ENGINE = ReplacingMergeTree(version, withdrawn) PARTITION BY stat_year ORDER BY report_id "+deduplicated)
	insert := func(values string) {
		require.NoError(t, conn.Exec(ctx, "INSERT INTO "+table+" VALUES "+values))
	}
	final := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"do_not_merge_across_partitions_select_final": 1}))
	deaths := func() uint64 { return queryOne[uint64](final, t, conn, "SELECT sum(deaths) FROM "+table+" FINAL") }
	insert("(1, 1, 0, 2024, 1), (2, 1, 0, 2024, 2), (3, 1, 0, 2025, 4)")
	require.Equal(t, uint64(7), deaths())
	insert("(2, 2, 0, 2024, 10)") // an amendment
	require.Equal(t, uint64(15), deaths())
	insert("(2, 1, 0, 2024, 99)") // an older revision, late
	require.Equal(t, uint64(15), deaths())
	insert("(3, 2, 1, 2025, 0)") // a withdrawal
	require.Equal(t, uint64(11), deaths())
	require.Equal(t, uint64(2), queryOne[uint64](final, t, conn, "SELECT count() FROM "+table+" FINAL"))
	require.NoError(t, conn.Exec(ctx, "OPTIMIZE TABLE "+table+" FINAL"))
	require.Equal(t, uint64(11), deaths())
}

func (s *suite) aggregates(t *testing.T) {
	conn, ctx := s.conn(t), t.Context()
	table := s.table(t, conn, "(k LowCardinality(String), n AggregateFunction(uniqExact, UInt64), total SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY k")
	require.NoError(t, conn.Exec(ctx, "INSERT INTO "+table+" SELECT toString(number % 3) AS k, uniqExactState(number), sum(1) FROM numbers(300) GROUP BY k"))
	require.Equal(t, uint64(300), queryOne[uint64](ctx, t, conn, "SELECT sum(n) FROM (SELECT uniqExactMerge(n) AS n FROM "+table+" GROUP BY k)"))
	require.Equal(t, uint64(300), queryOne[uint64](ctx, t, conn, "SELECT sum(total) FROM "+table))
	var rows []struct {
		K     string  `ch:"k"`
		Mean  float64 `ch:"mean"`
		Worst uint64  `ch:"worst"`
		Codes []uint8 `ch:"codes"`
		Share *float64
	}
	require.NoError(t, conn.Select(ctx, &rows, "SELECT toString(number % 2) AS k, avg(number) AS mean, argMax(number, number) AS worst, groupUniqArray(toUInt8(number % 2)) AS codes, if(k = '0', NULL, 1.5) AS Share FROM numbers(10) GROUP BY GROUPING SETS ((k)) ORDER BY k"))
	require.Len(t, rows, 2)
	require.InDelta(t, 4, rows[0].Mean, 0)
	require.Equal(t, uint64(9), rows[1].Worst)
	require.Equal(t, []uint8{1}, rows[1].Codes)
	require.Nil(t, rows[0].Share)
}
