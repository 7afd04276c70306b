package store

import (
	"context"
	"time"

	"atvsld/analytics/store/native"
)

// DeadLetter is a message that could not be stored, as the sink found it.
type DeadLetter struct {
	Position
	// Code is stable, for example EVT-001; Detail explains it.
	Code, Detail string
	Key, Value   []byte
	// HeaderNames and HeaderValues are of the same length, in the message's order.
	HeaderNames  []string
	HeaderValues []string
	// LoggedAt is Kafka's own timestamp.
	LoggedAt time.Time
}

func deadLetterColumns(letters []DeadLetter) []native.Column {
	list := func(of func(*DeadLetter) []string) func(*native.Cells, int) {
		return func(c *native.Cells, row int) {
			values := of(&letters[row])
			c.List(len(values))
			for _, v := range values {
				c.Text(v)
			}
		}
	}
	return []native.Column{
		native.To("epoch", func(c *native.Cells, row int) { c.UUID(letters[row].Epoch) }),
		native.To("kafka_partition", func(c *native.Cells, row int) { c.Uint16(letters[row].Partition) }),
		native.To("kafka_offset", func(c *native.Cells, row int) { c.Uint64(letters[row].Offset) }),
		native.To("code", func(c *native.Cells, row int) { c.Text(letters[row].Code) }),
		native.To("detail", func(c *native.Cells, row int) { c.Text(letters[row].Detail) }),
		native.To("key", func(c *native.Cells, row int) { c.Bytes(letters[row].Key) }),
		native.To("header_names", list(func(l *DeadLetter) []string { return l.HeaderNames })),
		native.To("header_values", list(func(l *DeadLetter) []string { return l.HeaderValues })),
		native.To("value", func(c *native.Cells, row int) { c.Bytes(letters[row].Value) }),
		native.To("logged_at", func(c *native.Cells, row int) { c.Time(letters[row].LoggedAt) }),
	}
}

// InsertDeadLetters keeps letters. It can be repeated: a place in the log is one row.
func (s *Store) InsertDeadLetters(ctx context.Context, token string, letters []DeadLetter) error {
	return s.insert(ctx, token+"/dead_letter", "dead_letter", first(len(letters)), deadLetterColumns(letters))
}
