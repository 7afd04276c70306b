package native_test

import (
	"bytes"
	"fmt"
	"io"
	"math/big"
	"testing"
	"time"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/store/native"
)

// kind is a column type with how a value is drawn and written, and what the driver's
// Append takes for it.
type kind struct {
	columnType string
	draw       func(*rapid.T) any
	write      func(*native.Cells, any)
	driver     func(any) any
}

func same(v any) any { return v }

func kinds() []kind {
	words := rapid.SampledFrom([]string{"", "a", "1.1", "Khánh Hòa", "\x00"})
	id := func(v any) any { u := v.([16]byte); return new(big.Int).SetBytes(u[:]) }
	return []kind{
		{"String", func(t *rapid.T) any { return rapid.String().Draw(t, "v") }, func(c *native.Cells, v any) { c.Text(v.(string)) }, same},
		{"String", func(t *rapid.T) any { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "v")) }, func(c *native.Cells, v any) { c.Bytes([]byte(v.(string))) }, same},
		{"LowCardinality(String)", func(t *rapid.T) any { return words.Draw(t, "v") }, func(c *native.Cells, v any) { c.Text(v.(string)) }, same},
		{"Bool", func(t *rapid.T) any { return rapid.Bool().Draw(t, "v") }, func(c *native.Cells, v any) { c.Flag(v.(bool)) }, same},
		{"UInt8", func(t *rapid.T) any { return rapid.Bool().Draw(t, "v") }, func(c *native.Cells, v any) { c.Flag(v.(bool)) }, same},
		{"UInt8", func(t *rapid.T) any { return rapid.Uint8().Draw(t, "v") }, func(c *native.Cells, v any) { c.Uint8(v.(uint8)) }, same},
		{"UInt16", func(t *rapid.T) any { return rapid.Uint16().Draw(t, "v") }, func(c *native.Cells, v any) { c.Uint16(v.(uint16)) }, same},
		{"UInt32", func(t *rapid.T) any { return rapid.Uint32().Draw(t, "v") }, func(c *native.Cells, v any) { c.Uint32(v.(uint32)) }, same},
		{"UInt64", func(t *rapid.T) any { return rapid.Uint64().Draw(t, "v") }, func(c *native.Cells, v any) { c.Uint64(v.(uint64)) }, same},
		{"Nullable(UInt32)", func(t *rapid.T) any { return rapid.Ptr(rapid.Uint32(), true).Draw(t, "v") }, func(c *native.Cells, v any) { c.Optional(v.(*uint32)) }, same},
		{"UInt128", drawID, func(c *native.Cells, v any) { c.ID(v.([16]byte)) }, id},
		{"UUID", drawID, func(c *native.Cells, v any) { c.UUID(v.([16]byte)) }, func(v any) any { return uuid.UUID(v.([16]byte)) }},
		{"FixedString(32)", func(t *rapid.T) any { return [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "v")) },
			func(c *native.Cells, v any) { c.Hash(v.([32]byte)) }, func(v any) any { h := v.([32]byte); return string(h[:]) }},
		{"DateTime64(3, 'Asia/Ho_Chi_Minh')", drawTime, func(c *native.Cells, v any) { c.Time(v.(time.Time)) }, same},
		{"Date", drawTime, func(c *native.Cells, v any) { c.Date(v.(time.Time)) }, same},
	}
}

func drawID(t *rapid.T) any { return [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "v")) }

func drawTime(t *rapid.T) any {
	zone := time.FixedZone("z", rapid.IntRange(-12, 14).Draw(t, "zone")*3600)
	return time.UnixMilli(rapid.Int64Range(24*3600_000, 4_000_000_000_000).Draw(t, "v")).In(zone)
}

// drawn is a column with its values; lists is nil when it is no array.
type drawn struct {
	kind
	values []any
	lists  [][]any
}

func (d drawn) columnType() string {
	if d.lists != nil {
		return "Array(" + d.kind.columnType + ")"
	}
	return d.kind.columnType
}

func (d drawn) write(c *native.Cells, row int) {
	if d.lists == nil {
		d.kind.write(c, d.values[row])
		return
	}
	c.List(len(d.lists[row]))
	for _, v := range d.lists[row] {
		d.kind.write(c, v)
	}
}

func drawColumn(t *rapid.T, rows int) drawn {
	all := kinds()
	d := drawn{kind: all[rapid.IntRange(0, len(all)-1).Draw(t, "kind")]}
	if rapid.Bool().Draw(t, "array") {
		d.lists = make([][]any, rows)
	}
	for row := range rows {
		if d.lists == nil {
			d.values = append(d.values, d.draw(t))
			continue
		}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			d.lists[row] = append(d.lists[row], d.draw(t))
		}
	}
	return d
}

var utc = &column.ServerContext{Timezone: time.UTC}

// readBack reads a block with the driver, to its last byte.
func readBack(t require.TestingT, body io.Reader) []column.Interface {
	block := proto.Block{ServerContext: utc}
	reader := chproto.NewReader(body)
	require.NoError(t, block.Decode(reader, 0))
	_, err := reader.ReadByte()
	require.ErrorIs(t, err, io.EOF)
	return block.Columns
}

// What the driver reads from a block, in both ways that a block is sent, is what was
// written. A block is used for several batches, as in service.
func TestTheDriverReadsWhatWasWritten(t *testing.T) {
	var block native.Block
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 6).Draw(t, "rows")
		var (
			drawns  []drawn
			columns []native.Column
			types   []string
		)
		for i := range rapid.IntRange(1, 5).Draw(t, "columns") {
			d := drawColumn(t, rows)
			drawns = append(drawns, d)
			columns = append(columns, native.To(fmt.Sprint("c", i), d.write))
			types = append(types, d.columnType())
		}
		kept := rapid.SliceOfNDistinct(rapid.IntRange(0, rows-1), 1, rows, rapid.ID).Draw(t, "kept")
		require.NoError(t, block.Fill(columns, types, kept))

		read := readBack(t, block.Reader())
		var copied []column.Interface
		for i, columnType := range types {
			c, err := column.Type(columnType).Column(columns[i].Name, utc)
			require.NoError(t, err)
			copied = append(copied, c)
		}
		require.NoError(t, block.CopyTo(copied))
		for i, d := range drawns {
			requireSame(t, d, read[i], kept)
			requireSame(t, d, copied[i], kept)
		}
	})
}

// requireSame compares a column with one that the driver's own Append made.
func requireSame(t *rapid.T, d drawn, got column.Interface, kept []int) {
	want, err := column.Type(d.columnType()).Column("want", utc)
	require.NoError(t, err)
	for _, row := range kept {
		if d.lists == nil {
			require.NoError(t, want.AppendRow(d.driver(d.values[row])))
			continue
		}
		list := []any{}
		for _, v := range d.lists[row] {
			list = append(list, d.driver(v))
		}
		require.NoError(t, want.AppendRow(list))
	}
	// The driver cannot tell rows of what it has not read.
	var buffer chproto.Buffer
	require.NoError(t, (&proto.Block{Columns: []column.Interface{want}}).Encode(&buffer, 0))
	want = readBack(t, bytes.NewReader(buffer.Buf))[0]
	require.Equal(t, len(kept), got.Rows())
	for i := range kept {
		require.Equal(t, want.Row(i, false), got.Row(i, false), d.columnType())
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	f := func(columnType string, write func(*native.Cells, int)) {
		t.Helper()
		var b native.Block
		require.ErrorIs(t, b.Fill([]native.Column{native.To("c", write)}, []string{columnType}, []int{0, 1}), native.ErrValue)
		require.NoError(t, b.Fill([]native.Column{native.To("c", func(c *native.Cells, _ int) { c.Uint8(1) })}, []string{"UInt8"}, []int{0}), "the block can be used again")
	}
	f("Float64", func(*native.Cells, int) {})
	f("Array(Array(String))", func(*native.Cells, int) {})
	f("UInt8", func(*native.Cells, int) {})
	f("UInt8", func(c *native.Cells, _ int) { c.Uint16(1) })
	f("UInt8", func(c *native.Cells, _ int) { c.Uint8(1); c.Uint8(1) })
	f("UInt8", func(c *native.Cells, row int) { c.Text("x"); c.Uint8(1) })
	f("String", func(c *native.Cells, _ int) { c.List(0) })
	f("Array(String)", func(c *native.Cells, _ int) { c.Text("x") })
	f("Array(String)", func(c *native.Cells, _ int) { c.List(2); c.Text("x") })
	f("Array(String)", func(c *native.Cells, _ int) { c.List(0); c.Text("x") })
	f("LowCardinality(String)", func(c *native.Cells, _ int) { c.Bytes(nil) })
}

// More words than one byte can number, and than two can.
func TestDictionariesOfEverySize(t *testing.T) {
	for _, words := range []int{1, 255, 256, 257, 65535, 65536, 65537} {
		rows := make([]int, words)
		for i := range rows {
			rows[i] = i
		}
		var b native.Block
		column := native.To("c", func(c *native.Cells, row int) { c.Text(fmt.Sprint(row)) })
		require.NoError(t, b.Fill([]native.Column{column}, []string{"LowCardinality(String)"}, rows))
		read := readBack(t, b.Reader())[0]
		for i := range rows {
			require.Equal(t, fmt.Sprint(i), read.Row(i, false))
		}
	}
}

func TestDaysOutOfRangeAreTheNearest(t *testing.T) {
	f := func(want string, at time.Time) {
		t.Helper()
		var b native.Block
		require.NoError(t, b.Fill([]native.Column{native.To("c", func(c *native.Cells, _ int) { c.Date(at) })}, []string{"Date"}, []int{0}))
		require.Equal(t, want, readBack(t, b.Reader())[0].Row(0, false).(time.Time).Format(time.DateOnly))
	}
	vietnam := time.FixedZone("+07", 7*3600)
	f("1970-01-01", time.Time{})
	f("1970-01-01", time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC))
	f("2026-03-05", time.Date(2026, 3, 5, 0, 0, 0, 0, vietnam))
	f("2149-06-06", time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
}
