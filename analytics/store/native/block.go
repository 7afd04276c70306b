// Package native builds batches column by column in ClickHouse's Native form: each
// value is written once, where it is sent from. The driver's own Append costs an
// allocation or two for each value.
package native

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
)

// ErrValue says that what was written does not fit the columns of the table.
var ErrValue = errors.New("native: value does not fit its column")

// Column is one column of an insert: its name in the table, and what writes the value
// of a row.
type Column struct {
	Name  string
	Write func(c *Cells, row int)
}

// To is the column that write writes to.
func To(name string, write func(c *Cells, row int)) Column { return Column{Name: name, Write: write} }

// Block is a batch of one table. The zero value is empty; a block that is filled again
// uses its memory again.
type Block struct {
	rows    int
	columns []Cells
	heads   [][]byte // what stands before the values of each column
}

// Fill writes rows of columns, of what was in the block nothing is left. types are
// those of the columns in the table. What does not fit them is ErrValue.
func (b *Block) Fill(columns []Column, types []string, rows []int) error {
	b.rows = len(rows)
	b.columns = slices.Grow(b.columns[:0], len(columns))[:len(columns)]
	b.heads = slices.Grow(b.heads[:0], len(columns))[:len(columns)]
	for i, column := range columns {
		c := &b.columns[i]
		if err := c.begin(column.Name, types[i]); err != nil {
			return err
		}
		for _, row := range rows {
			column.Write(c, row)
		}
		if err := c.end(len(rows)); err != nil {
			return err
		}
	}
	return nil
}

// Reader gives the block as the body of INSERT … FORMAT Native. It reads the block's own
// memory, so it ends with the next Fill.
func (b *Block) Reader() io.Reader {
	var parts net.Buffers
	for i := range b.columns {
		c, head := &b.columns[i], b.heads[i][:0]
		if i == 0 {
			head = binary.AppendUvarint(head, uint64(len(b.columns)))
			head = binary.AppendUvarint(head, uint64(b.rows))
		}
		for _, s := range []string{c.name, c.columnType} {
			head = append(binary.AppendUvarint(head, uint64(len(s))), s...)
		}
		b.heads[i] = head
		parts = append(append(parts, head), c.parts()...)
	}
	return &parts
}

// CopyTo fills the empty columns of a batch of the driver, which must be those of the
// block: the native protocol has its own framing and compression.
func (b *Block) CopyTo(columns []column.Interface) error {
	if len(columns) != len(b.columns) {
		return fmt.Errorf("%w: %d columns for a batch of %d", ErrValue, len(b.columns), len(columns))
	}
	for i, to := range columns {
		if err := b.columns[i].copyTo(to, b.rows); err != nil {
			return fmt.Errorf("fill column %s: %w", to.Name(), err)
		}
	}
	return nil
}

func (c *Cells) copyTo(to column.Interface, rows int) error {
	parts := net.Buffers(c.parts())
	reader := chproto.NewReader(&parts)
	if prefixed, ok := to.(column.CustomSerialization); ok && c.shape == word {
		if err := prefixed.ReadStatePrefix(reader); err != nil {
			return err
		}
	}
	return to.Decode(reader, rows)
}
