package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

func named(name string, value any) driver.NamedValue { return clickhouse.Named(name, value) }

func (s *suite) parameters(t *testing.T) {
	conn, ctx := s.conn(t), t.Context()
	for _, text := range []string{"", "plain", "it's", `back\slash`, "tab\tline\nreturn\r", "Việt Nam", `\N`, "'; DROP TABLE t; --", "{x:String}", "a&b=c%20+?#"} {
		require.Equal(t, text, queryOne[string](ctx, t, conn, "SELECT {text:String}", named("text", text)), "%q", text)
	}
	require.Equal(t, uint32(7), queryOne[uint32](ctx, t, conn, "SELECT toUInt32({n:UInt32} + {n:UInt32} - 7)", named("n", 7)))
	require.Equal(t, []string{"a'b", "c"}, queryOne[[]string](ctx, t, conn, "SELECT {a:Array(String)}", named("a", []string{"a'b", "c"})))
	require.Equal(t, wideUUID, queryOne[uuid.UUID](ctx, t, conn, "SELECT {u:UUID}", named("u", wideUUID)))
	require.Nil(t, queryOne[*string](ctx, t, conn, "SELECT {x:Nullable(String)}", named("x", nil)))
	require.True(t, wideAt.Equal(queryOne[time.Time](ctx, t, conn, "SELECT {at:DateTime64(3, 'Asia/Ho_Chi_Minh')}", clickhouse.DateNamed("at", wideAt, clickhouse.MilliSeconds))))
	require.Equal(t, uint64(1), queryOne[uint64](ctx, t, conn, "SELECT count() FROM system.{t:Identifier}", named("t", "one")))
	viaContext := clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{"n": "42"}))
	require.Equal(t, uint8(42), queryOne[uint8](viaContext, t, conn, "SELECT {n:UInt8}"))
	err := conn.QueryRow(ctx, "SELECT {missing:UInt8}").Err()
	require.Equal(t, int32(456), exceptionCode(t, err), "%v", err)
	ids := make([]uint64, 2000)
	for i := range ids {
		ids[i] = uint64(i)
	}
	require.Equal(t, uint64(2000), queryOne[uint64](ctx, t, conn, "SELECT count() FROM numbers(5000) WHERE number IN {ids:Array(UInt64)}", named("ids", ids)))
}

func (s *suite) positional(t *testing.T) {
	conn, ctx := s.conn(t), t.Context()
	table := s.table(t, conn, "(id UInt32, s String) ENGINE = MergeTree ORDER BY id")
	require.NoError(t, conn.Exec(ctx, "INSERT INTO "+table+" (id, s) VALUES (?, ?), (?, ?)", 1, "a'b", 2, `c\d`))
	require.Equal(t, `c\d`, queryOne[string](ctx, t, conn, "SELECT s FROM "+table+" WHERE id = ?", 2))
	require.Equal(t, "a'b", queryOne[string](ctx, t, conn, "SELECT s FROM "+table+" WHERE id = $1 AND s = $2", 1, "a'b"))
}

func (s *suite) settings(t *testing.T) {
	conn, ctx := s.conn(t), t.Context()
	with := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_threads": 1, "max_block_size": 123, "readonly": 2}))
	require.Equal(t, uint64(123), queryOne[uint64](with, t, conn, "SELECT toUInt64(getSetting('max_block_size'))"))
	require.NotEqual(t, uint64(123), queryOne[uint64](ctx, t, conn, "SELECT toUInt64(getSetting('max_block_size'))"), "a setting must not outlive its request")
	unknown := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"no_such_setting": 1}))
	require.Equal(t, int32(115), exceptionCode(t, conn.Exec(unknown, "SELECT 1")))
	bad := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_threads": "many"}))
	require.Error(t, conn.Exec(bad, "SELECT 1"))
	require.Equal(t, int32(164), exceptionCode(t, conn.Exec(with, "CREATE TABLE conformance_never (a UInt8) ENGINE = Memory")))
	memory := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_memory_usage": 10_000_000, "max_bytes_before_external_group_by": 0, "max_bytes_ratio_before_external_group_by": 0}))
	require.Equal(t, int32(241), exceptionCode(t, conn.Exec(memory, "SELECT groupArray(number) FROM numbers(10000000) FORMAT Null")))
}

func (s *suite) queryID(t *testing.T) {
	conn := s.conn(t)
	id := uuid.NewString()
	ctx := clickhouse.Context(t.Context(), clickhouse.WithQueryID(id))
	require.Equal(t, uint8(1), queryOne[uint8](ctx, t, conn, "SELECT 1"))
}

func (s *suite) errorCodes(t *testing.T) {
	conn := s.conn(t)
	for _, c := range []struct {
		code   int32
		status int
		sql    string
	}{
		{60, http.StatusNotFound, "SELECT * FROM conformance_no_such_table"},
		{47, http.StatusNotFound, "SELECT no_such_column FROM system.one"},
		{46, http.StatusNotFound, "SELECT noSuchFunction(1)"},
		{62, http.StatusBadRequest, "SELEC 1"},
		{62, http.StatusBadRequest, "SELECT 1 FROM"},
		{81, http.StatusNotFound, "SELECT * FROM no_such_database.t"},
		{395, http.StatusInternalServerError, "SELECT throwIf(1)"},
		{153, http.StatusInternalServerError, "SELECT intDiv(1, 0)"},
		{6, http.StatusBadRequest, "SELECT toUInt8('x')"},
		{50, http.StatusNotFound, "CREATE TABLE conformance_never (a NoSuchType) ENGINE = Memory"},
		{159, http.StatusRequestTimeout, "SELECT sum(sipHash64(number)) FROM numbers(100000000000) SETTINGS max_execution_time = 0.2"},
	} {
		err := conn.Exec(t.Context(), c.sql)
		require.Equal(t, c.code, exceptionCode(t, err), "%s: %v", c.sql, err)
		var httpErr *clickhouse.HTTPError
		if s.opts.Protocol == clickhouse.HTTP && errors.As(err, &httpErr) {
			require.Equal(t, c.status, httpErr.StatusCode, c.sql)
		}
		require.Equal(t, c.code, exceptionCode(t, conn.QueryRow(t.Context(), c.sql).Err()), c.sql)
	}
}

func (s *suite) errorMidStream(t *testing.T) {
	conn := s.conn(t)
	ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"max_threads": 1, "max_block_size": 10000}))
	rows, err := conn.Query(ctx, "SELECT number, throwIf(number = 5000000, 'broken half way') FROM numbers(10000000)")
	n := 0
	if err == nil {
		for rows.Next() {
			n++
		}
		err = errors.Join(rows.Err(), rows.Close())
	}
	require.Equal(t, int32(395), exceptionCode(t, err), "%v", err)
	require.ErrorContains(t, err, "broken half way")
	require.Positive(t, n, "the answer was not streamed")
	require.Less(t, n, 5_000_001)
}

const endless = "SELECT max(sipHash64(number)) FROM numbers(1000000000000)"

// runningQueries counts the running ones with a mark in their text.
func runningQueries(t *testing.T, conn driver.Conn, mark string) uint64 {
	t.Helper()
	return queryOne[uint64](context.WithoutCancel(t.Context()), t, conn,
		"SELECT count() FROM system.processes WHERE position(query, {mark:String}) > 0 AND position(query, 'system.processes') = 0", named("mark", mark))
}

func (s *suite) cancelled(t *testing.T) {
	conn, observer := s.conn(t), s.conn(t)
	for name, sql := range map[string]string{
		"aggregate": endless, "stream": "SELECT number FROM numbers(1000000000000)", "insert": "INSERT INTO FUNCTION null('n UInt64') SELECT number FROM numbers(1000000000000)",
	} {
		mark := uuid.NewString()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- drain(ctx, conn, sql+" /* "+mark+" */", nil) }()
		require.Eventually(t, func() bool { return runningQueries(t, observer, mark) == 1 }, 10*time.Second, 10*time.Millisecond, name)
		cancel()
		select {
		case err := <-done:
			require.ErrorIs(t, err, context.Canceled, name)
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: the call did not return after cancel", name)
		}
		require.Eventually(t, func() bool { return runningQueries(t, observer, mark) == 0 }, 10*time.Second, 10*time.Millisecond, "%s goes on without its client", name)
	}
}

// drain reads a whole answer and calls each for every row.
func drain(ctx context.Context, conn driver.Conn, sql string, each func(uint64)) error {
	rows, err := conn.Query(ctx, sql)
	if err != nil {
		return err
	}
	var n uint64
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return err
		}
		if each != nil {
			each(n)
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

func (s *suite) deadline(t *testing.T) {
	conn, observer := s.conn(t), s.conn(t)
	mark := uuid.NewString()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := conn.Exec(ctx, endless+" /* "+mark+" */ FORMAT Null")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 5*time.Second)
	require.Eventually(t, func() bool { return runningQueries(t, observer, mark) == 0 }, 10*time.Second, 10*time.Millisecond)
}

func (s *suite) concurrent(t *testing.T) {
	conn := s.conn(t)
	table := s.table(t, conn, "(worker UInt32, n UInt32) ENGINE = MergeTree ORDER BY n")
	const workers, rounds = 8, 20
	group, ctx := errgroup.WithContext(t.Context())
	for worker := range workers {
		group.Go(func() error {
			for n := range rounds {
				if err := oneInsertOneQuery(ctx, conn, table, worker, n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
	require.Equal(t, uint64(workers*rounds), queryOne[uint64](t.Context(), t, conn, "SELECT count() FROM "+table))
}

func oneInsertOneQuery(ctx context.Context, conn driver.Conn, table string, worker, n int) error {
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO "+table)
	if err != nil {
		return err
	}
	if err := batch.Append(uint32(worker), uint32(n)); err != nil {
		return err
	}
	if err := batch.Send(); err != nil {
		return err
	}
	var count uint64
	query := "SELECT count() FROM " + table + " WHERE worker = {w:UInt32}"
	if err := conn.QueryRow(ctx, query, named("w", worker)).Scan(&count); err != nil {
		return err
	}
	if count != uint64(n+1) {
		return fmt.Errorf("worker %d sees %d of its %d rows", worker, count, n+1)
	}
	return nil
}

// tenMillion reads 80 MB and checks that neither side gathers it.
func (s *suite) tenMillion(t *testing.T) {
	conn := s.conn(t)
	const rows = 10_000_000
	var sum, count, peak uint64
	var once sync.Once
	var before runtime.MemStats
	require.NoError(t, drain(t.Context(), conn, fmt.Sprintf("SELECT number FROM numbers(%d)", rows), func(n uint64) {
		once.Do(func() { runtime.GC(); runtime.ReadMemStats(&before) })
		sum += n
		if count++; count%2_000_000 == 0 {
			runtime.GC()
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc)
		}
	}))
	require.Equal(t, uint64(rows), count)
	require.Equal(t, uint64(rows)*(rows-1)/2, sum)
	require.Less(t, peak, before.HeapAlloc+48<<20, "the answer is gathered in memory")
}

func (s *suite) statements(t *testing.T) {
	conn, ctx := s.conn(t), t.Context()
	table := s.table(t, conn, "(id UInt32, s String DEFAULT 'd') ENGINE = MergeTree ORDER BY id")
	require.NoError(t, conn.Exec(ctx, "INSERT INTO "+table+" (id) SELECT number FROM numbers(10)"))
	require.NoError(t, conn.Exec(ctx, "INSERT INTO "+table+" WITH 5 AS five SELECT number + 10 + five, 'w' FROM numbers(5)"))
	require.Equal(t, uint64(15), queryOne[uint64](ctx, t, conn, "WITH (SELECT count() FROM "+table+") AS n SELECT n"))
	require.Equal(t, uint64(15), queryOne[uint64](ctx, t, conn, "(SELECT count() FROM "+table+")"))
	require.NoError(t, conn.Exec(ctx, "ALTER TABLE "+table+" ADD COLUMN x UInt8 DEFAULT 3"))
	require.NoError(t, conn.Exec(ctx, "ALTER TABLE "+table+" DELETE WHERE id < 5 SETTINGS mutations_sync = 2"))
	require.NoError(t, conn.Exec(ctx, "OPTIMIZE TABLE "+table+" FINAL"))
	require.Equal(t, uint64(30), queryOne[uint64](ctx, t, conn, "SELECT sum(x) FROM "+table))
	var names []struct {
		Name string `ch:"name"`
	}
	require.NoError(t, conn.Select(ctx, &names, "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {t:String} ORDER BY position", named("t", table)))
	require.Len(t, names, 3)
	require.Contains(t, queryOne[string](ctx, t, conn, "SHOW CREATE TABLE "+table), "CREATE TABLE")
	require.Equal(t, uint8(1), queryOne[uint8](ctx, t, conn, "EXISTS TABLE "+table))
	renamed := table + "_renamed"
	require.NoError(t, conn.Exec(ctx, "RENAME TABLE "+table+" TO "+renamed))
	require.NoError(t, conn.Exec(ctx, "CREATE TABLE "+table+" AS "+renamed))
	require.NoError(t, conn.Exec(ctx, "EXCHANGE TABLES "+table+" AND "+renamed))
	require.NoError(t, conn.Exec(ctx, "DROP TABLE "+renamed))
	require.Equal(t, uint64(10), queryOne[uint64](ctx, t, conn, "SELECT count() FROM "+table+" -- trailing comment"))
	require.Equal(t, "FORMAT", queryOne[string](ctx, t, conn, "SELECT 'FORMAT' AS format;"))
	require.NoError(t, conn.Exec(ctx, "TRUNCATE TABLE "+table))
	rows, err := conn.Query(ctx, "EXPLAIN indexes = 1 SELECT * FROM "+table+" WHERE id = 3")
	require.NoError(t, err)
	require.True(t, rows.Next())
	require.NoError(t, rows.Close())
}
