package conformance

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// wide is a table with every column type that the product stores.
const wide = `(
	id UInt128,
	u8 UInt8, u16 UInt16, u32 UInt32, u64 UInt64, i8 Int8, i64 Int64, f64 Float64,
	flag Bool,
	day Date,
	at DateTime64(3, 'Asia/Ho_Chi_Minh'),
	sec DateTime('UTC'),
	text String,
	packed String CODEC(ZSTD(3)),
	hash FixedString(32),
	kind LowCardinality(String),
	maybe LowCardinality(Nullable(String)),
	state Enum8('received' = 1, 'stored' = 2),
	epoch UUID,
	opt_u32 Nullable(UInt32),
	opt_text Nullable(String),
	money Decimal(18, 4),
	numbers Array(UInt32),
	tags Array(LowCardinality(String)),
	matrix Array(Array(Int64)),
	labels Map(String, UInt64),
	pair Tuple(code String, n UInt32),
	victims Nested(name String, age UInt8, cause LowCardinality(String)),
	derived UInt32 MATERIALIZED u32 + 1,
	noted String DEFAULT 'none'
) ENGINE = ReplacingMergeTree(u64) PARTITION BY u16 ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000`

var (
	vietnam  = time.FixedZone("+07", 7*60*60)
	wideUUID = uuid.MustParse("018f3f2e-0000-7000-8000-00000000abcd")
	wideID   = func() *big.Int { return new(big.Int).SetBytes(wideUUID[:]) }
	wideAt   = time.Date(2026, 7, 4, 23, 59, 59, 999_000_000, vietnam)
)

const wideInsert = `(id, u8, u16, u32, u64, i8, i64, f64, flag, day, at, sec, text, packed, hash, kind, maybe, state, epoch,
	opt_u32, opt_text, money, numbers, tags, matrix, labels, pair, victims.name, victims.age, victims.cause)`

func wideRow() []any {
	number, text := uint32(7), "có"
	return []any{
		wideID(), uint8(255), uint16(2025), uint32(4_000_000_000), uint64(1) << 63, int8(-128), int64(-1) << 62, 0.1,
		true, time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), wideAt, time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC),
		"Tai nạn lao động\x00\t\n'\\", strings.Repeat("nội dung ", 1000), strings.Repeat("\xff\x00", 16), "accident", &text, "stored", wideUUID,
		&number, &text, decimal.RequireFromString("12345.6789"), []uint32{1, 2, 3}, []string{"a", "b", "a"}, [][]int64{{1}, {}, {2, 3}},
		map[string]uint64{"x": 1, "y": 2}, []any{"VSIC", uint32(41)}, []string{"An", "Bình"}, []uint8{20, 61}, []string{"fall", "fall"},
	}
}

func (s *suite) columnTypes(t *testing.T) {
	conn := s.conn(t)
	table := s.table(t, conn, wide)
	batch, err := conn.PrepareBatch(t.Context(), fmt.Sprintf("INSERT INTO %s %s", table, wideInsert))
	require.NoError(t, err)
	require.NoError(t, batch.Append(wideRow()...))
	row := wideRow() // the same with nothing in everything that can be empty
	row[0], row[16], row[19], row[20] = big.NewInt(1), nil, nil, nil
	row[22], row[23], row[24], row[25] = []uint32{}, []string{}, [][]int64{}, map[string]uint64{}
	row[27], row[28], row[29] = []string{}, []uint8{}, []string{}
	require.NoError(t, batch.Append(row...))
	require.NoError(t, batch.Send())

	checkWide(t, conn, table)
	require.Equal(t, uint64(1), queryOne[uint64](t.Context(), t, conn,
		fmt.Sprintf("SELECT count() FROM %s WHERE opt_u32 IS NULL AND maybe IS NULL AND empty(victims.name) AND empty(labels)", table)))
	require.Equal(t, "2026-07-04 23:59:59.999", queryOne[string](t.Context(), t, conn,
		fmt.Sprintf("SELECT toString(at) FROM %s WHERE id = {id:UInt128}", table), named("id", wideID().String())))
}

func checkWide(t *testing.T, conn driver.Conn, table string) {
	t.Helper()
	var (
		id                                     big.Int
		u8                                     uint8
		u16                                    uint16
		u32, derived                           uint32
		u64                                    uint64
		i8                                     int8
		i64                                    int64
		f64                                    float64
		flag                                   bool
		day, at, sec                           time.Time
		text, packed, hash, kind, state, noted string
		maybe, optText                         *string
		epoch                                  uuid.UUID
		optU32                                 *uint32
		money                                  decimal.Decimal
		numbers                                []uint32
		tags, names, causes                    []string
		matrix                                 [][]int64
		labels                                 map[string]uint64
		pair                                   map[string]any
		ages                                   []uint8
	)
	require.NoError(t, conn.QueryRow(t.Context(), fmt.Sprintf(`SELECT id, u8, u16, u32, u64, i8, i64, f64, flag, day, at, sec, text, packed, hash,
		kind, maybe, state, epoch, opt_u32, opt_text, money, numbers, tags, matrix, labels, pair, victims.name, victims.age, victims.cause, derived, noted
		FROM %s FINAL WHERE id = {id:UInt128}`, table), named("id", wideID().String())).Scan(
		&id, &u8, &u16, &u32, &u64, &i8, &i64, &f64, &flag, &day, &at, &sec, &text, &packed, &hash,
		&kind, &maybe, &state, &epoch, &optU32, &optText, &money, &numbers, &tags, &matrix, &labels, &pair, &names, &ages, &causes, &derived, &noted))
	want := wideRow()
	require.Equal(t, wideID().String(), id.String())
	numeric := []any{u8, u16, u32, u64, i8, i64, f64, flag}
	require.Equal(t, want[1:9], numeric)
	require.Equal(t, "2025-12-31", day.Format(time.DateOnly))
	require.True(t, at.Equal(wideAt), "%v", at)
	require.Equal(t, "2026-07-04T23:59:59.999+07:00", at.Format(time.RFC3339Nano), "the column's time zone is the reader's")
	require.True(t, sec.Equal(time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)))
	textual := []any{text, packed, hash, kind}
	require.Equal(t, want[12:16], textual)
	require.Equal(t, "có", *maybe)
	require.Equal(t, "có", *optText)
	require.Equal(t, []any{"stored", wideUUID, uint32(7)}, []any{state, epoch, *optU32})
	require.True(t, money.Equal(decimal.RequireFromString("12345.6789")))
	nested := []any{numbers, tags, matrix, labels}
	require.Equal(t, want[22:26], nested)
	require.Equal(t, map[string]any{"code": "VSIC", "n": uint32(41)}, pair)
	victims := []any{names, ages, causes}
	require.Equal(t, want[27:30], victims)
	require.Equal(t, u32+1, derived)
	require.Equal(t, "none", noted)
}

func (s *suite) bareValues(t *testing.T) {
	conn := s.conn(t)
	var nothing *string
	var one uint8
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT NULL, 1").Scan(&nothing, &one))
	require.Nil(t, nothing)
	require.Equal(t, uint8(1), one)
	require.Equal(t, []string{}, queryOne[[]string](t.Context(), t, conn, "SELECT emptyArrayString()"))
}

// An answer without rows is an answer.
func (s *suite) emptyAnswer(t *testing.T) {
	conn := s.conn(t)
	var rows []struct{ Number uint64 }
	require.NoError(t, conn.Select(t.Context(), &rows, "SELECT number AS Number FROM numbers(0)"))
	require.Empty(t, rows)
	found, err := conn.Query(t.Context(), "SELECT toLowCardinality('x') AS s FROM numbers(0)")
	require.NoError(t, err)
	require.False(t, found.Next())
	require.NoError(t, found.Err())
	require.NoError(t, found.Close())
}

type filed struct {
	ID     uint64    `ch:"id"`
	Name   string    `ch:"name"`
	At     time.Time `ch:"at"`
	Counts []uint32  `ch:"counts"`
	Note   *string   `ch:"note"`
}

func (s *suite) structs(t *testing.T) {
	conn := s.conn(t)
	table := s.table(t, conn, `(id UInt64, name LowCardinality(String), at DateTime64(3, 'Asia/Ho_Chi_Minh'), counts Array(UInt32), note Nullable(String)) ENGINE = MergeTree ORDER BY id`)
	batch, err := conn.PrepareBatch(t.Context(), "INSERT INTO "+table)
	require.NoError(t, err)
	note := "ghi chú"
	want := []filed{{1, "a", wideAt, []uint32{1, 2}, &note}, {2, "b", wideAt.Add(time.Millisecond), []uint32{}, nil}}
	for i := range want {
		require.NoError(t, batch.AppendStruct(&want[i]))
	}
	require.Equal(t, 2, batch.Rows())
	require.NoError(t, batch.Send())
	require.True(t, batch.IsSent())

	var got []filed
	require.NoError(t, conn.Select(t.Context(), &got, "SELECT * FROM "+table+" ORDER BY id"))
	require.Len(t, got, 2)
	for i := range got {
		require.True(t, got[i].At.Equal(want[i].At))
		got[i].At = want[i].At
	}
	require.Equal(t, want, got)

	rows, err := conn.Query(t.Context(), "SELECT * FROM "+table+" ORDER BY id")
	require.NoError(t, err)
	require.Equal(t, []string{"id", "name", "at", "counts", "note"}, rows.Columns())
	require.True(t, rows.Next())
	var first filed
	require.NoError(t, rows.ScanStruct(&first))
	require.Equal(t, uint64(1), first.ID)
	require.Equal(t, "DateTime64(3, 'Asia/Ho_Chi_Minh')", rows.ColumnTypes()[2].DatabaseTypeName())
	require.NoError(t, rows.Close())
}

func (s *suite) columnar(t *testing.T) {
	conn := s.conn(t)
	table := s.table(t, conn, `(id UInt32, s String, a Array(LowCardinality(String))) ENGINE = MergeTree ORDER BY id`)
	batch, err := conn.PrepareBatch(t.Context(), fmt.Sprintf("INSERT INTO %s (id, s, a)", table))
	require.NoError(t, err)
	ids, texts, arrays := make([]uint32, 5000), make([]string, 5000), make([][]string, 5000)
	for i := range ids {
		ids[i], texts[i], arrays[i] = uint32(i), strconv.Itoa(i), []string{strconv.Itoa(i % 300)}
	}
	require.NoError(t, batch.Column(0).Append(ids))
	require.NoError(t, batch.Column(1).Append(texts))
	require.NoError(t, batch.Column(2).Append(arrays))
	require.NoError(t, batch.Send())
	require.Equal(t, uint64(5000), queryOne[uint64](t.Context(), t, conn,
		"SELECT countIf(toString(id) = s AND a = [toString(id % 300)]) FROM "+table))
	rows, err := conn.Query(t.Context(), "SELECT id, a FROM "+table+" ORDER BY id")
	require.NoError(t, err)
	for i := 0; rows.Next(); i++ {
		var id uint32
		var a []string
		require.NoError(t, rows.Scan(&id, &a))
		require.Equal(t, arrays[id], a)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
}
