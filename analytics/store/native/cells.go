package native

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Cells takes the values of one column in the order of its rows, for each row one call
// of the method that the column's type needs; for an array List and then a call for
// each element. Values are kept in ClickHouse's own form (Native), so that nothing is
// converted or copied again on the way to the server. A call that does not fit the
// type makes Fill fail with ErrValue; what follows it is ignored.
type Cells struct {
	name, columnType string
	shape            shape
	array            bool

	rows    int    // complete, or begun by List
	missing int    // elements of the list that were announced and did not come
	length  uint64 // elements of all lists
	offsets []byte // of arrays: length after each row
	nulls   []byte // of Nullable
	data    []byte
	words   dictionary // of LowCardinality
	err     error
}

// shape is how values lie in a column.
type shape uint8

const (
	text shape = iota + 1
	word       // text, each distinct value once
	flag
	number8
	number16
	number32
	number64
	maybe32
	id128
	uuidHalves
	milliseconds
	date
	hash256
)

var shapes = map[string]shape{
	"String": text, "LowCardinality(String)": word, "Bool": flag, "UInt8": number8, "UInt16": number16, "UInt32": number32,
	"UInt64": number64, "Nullable(UInt32)": maybe32, "UInt128": id128, "UUID": uuidHalves, "FixedString(32)": hash256,
	"Date": date, "DateTime64(3)": milliseconds,
}

// begin makes the cells ready for a column, keeping their memory.
func (c *Cells) begin(name, columnType string) error {
	element, array := strings.CutPrefix(columnType, "Array(")
	if array {
		element = strings.TrimSuffix(element, ")")
	}
	if strings.HasPrefix(element, "DateTime64(3,") {
		element = "DateTime64(3)" // a time zone is for display only
	}
	known, ok := shapes[element]
	if !ok {
		return fmt.Errorf("%w: column %s is of type %s, which nothing writes", ErrValue, name, columnType)
	}
	c.name, c.columnType, c.shape, c.array = name, columnType, known, array
	c.rows, c.missing, c.length, c.err = 0, 0, 0, nil
	c.offsets, c.nulls, c.data = c.offsets[:0], c.nulls[:0], c.data[:0]
	c.words.reset()
	return nil
}

// takes counts a value and tells whether the column can hold it.
func (c *Cells) takes(s shape) bool {
	if c.err != nil {
		return false
	}
	if c.shape != s {
		c.refuse("a value does not fit")
		return false
	}
	if !c.array {
		c.rows++
		return true
	}
	if c.missing == 0 {
		c.refuse("an element is not part of a list")
		return false
	}
	c.missing--
	return true
}

func (c *Cells) refuse(why string) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: column %s %s, row %d: %s", ErrValue, c.name, c.columnType, c.rows, why)
	}
}

// List begins an array of n elements.
func (c *Cells) List(n int) {
	switch {
	case c.err != nil:
	case !c.array:
		c.refuse("it holds no lists")
	case c.missing > 0:
		c.refuse("a list is too short")
	default:
		c.length += uint64(n)
		c.offsets = binary.LittleEndian.AppendUint64(c.offsets, c.length)
		c.missing = n
		c.rows++
	}
}

// Text is for String and LowCardinality(String).
func (c *Cells) Text(s string) {
	if c.shape == word {
		if c.takes(word) {
			c.words.add(s)
		}
		return
	}
	if c.takes(text) {
		c.data = binary.AppendUvarint(c.data, uint64(len(s)))
		c.data = append(c.data, s...)
	}
}

// Bytes is for String.
func (c *Cells) Bytes(b []byte) {
	if c.takes(text) {
		c.data = binary.AppendUvarint(c.data, uint64(len(b)))
		c.data = append(c.data, b...)
	}
}

// Flag is for Bool and for UInt8.
func (c *Cells) Flag(b bool) {
	fits := number8
	if c.shape == flag {
		fits = flag
	}
	if c.takes(fits) {
		c.data = append(c.data, bit(b))
	}
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// Uint8 is for UInt8.
func (c *Cells) Uint8(n uint8) {
	if c.takes(number8) {
		c.data = append(c.data, n)
	}
}

// Uint16 is for UInt16.
func (c *Cells) Uint16(n uint16) {
	if c.takes(number16) {
		c.data = binary.LittleEndian.AppendUint16(c.data, n)
	}
}

// Uint32 is for UInt32.
func (c *Cells) Uint32(n uint32) {
	if c.takes(number32) {
		c.data = binary.LittleEndian.AppendUint32(c.data, n)
	}
}

// Uint64 is for UInt64.
func (c *Cells) Uint64(n uint64) {
	if c.takes(number64) {
		c.data = binary.LittleEndian.AppendUint64(c.data, n)
	}
}

// Optional is for Nullable(UInt32); nil is NULL.
func (c *Cells) Optional(n *uint32) {
	if !c.takes(maybe32) {
		return
	}
	c.nulls = append(c.nulls, bit(n == nil))
	if n == nil {
		n = new(uint32)
	}
	c.data = binary.LittleEndian.AppendUint32(c.data, *n)
}

// ID is for UInt128, the first byte being the most significant.
func (c *Cells) ID(id [16]byte) {
	if c.takes(id128) {
		c.data = binary.LittleEndian.AppendUint64(c.data, binary.BigEndian.Uint64(id[8:]))
		c.data = binary.LittleEndian.AppendUint64(c.data, binary.BigEndian.Uint64(id[:8]))
	}
}

// UUID is for UUID, which ClickHouse keeps as two numbers, the upper half first.
func (c *Cells) UUID(id uuid.UUID) {
	if c.takes(uuidHalves) {
		c.data = binary.LittleEndian.AppendUint64(c.data, binary.BigEndian.Uint64(id[:8]))
		c.data = binary.LittleEndian.AppendUint64(c.data, binary.BigEndian.Uint64(id[8:]))
	}
}

// Time is for DateTime64(3). The zero time is ClickHouse's own zero, 1970.
func (c *Cells) Time(t time.Time) {
	if !c.takes(milliseconds) {
		return
	}
	var ms int64
	if !t.IsZero() {
		ms = t.UnixMilli()
	}
	c.data = binary.LittleEndian.AppendUint64(c.data, uint64(ms))
}

// Date is for Date: the day of t where t is, or the nearest that a Date can hold, from
// 1970 to mid-2149. A range of the log must not stand still for an odd date, which the
// payload keeps.
func (c *Cells) Date(t time.Time) {
	if !c.takes(date) {
		return
	}
	_, offset := t.Zone()
	day := (t.Unix() + int64(offset)) / secondsPerDay
	c.data = binary.LittleEndian.AppendUint16(c.data, uint16(min(max(day, 0), math.MaxUint16)))
}

const secondsPerDay = 24 * 60 * 60

// Hash is for FixedString(32).
func (c *Cells) Hash(sum [32]byte) {
	if c.takes(hash256) {
		c.data = append(c.data, sum[:]...)
	}
}

// end checks that there is a value for each row.
func (c *Cells) end(rows int) error {
	if c.missing > 0 {
		c.refuse("a list is too short")
	}
	if c.rows != rows {
		c.refuse(fmt.Sprintf("%d values for %d rows", c.rows, rows))
	}
	return c.err
}

// parts are the column's bytes in Native form, behind its name and type. They are
// valid until the cells begin anew.
func (c *Cells) parts() [][]byte {
	var parts [][]byte
	if c.shape == word {
		parts = append(parts, dictionaryVersion)
	}
	if c.array {
		parts = append(parts, c.offsets)
	}
	if c.shape == maybe32 {
		parts = append(parts, c.nulls)
	}
	if c.shape == word {
		return append(parts, c.words.parts()...)
	}
	return append(parts, c.data)
}
