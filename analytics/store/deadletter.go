package store

import (
	"context"
	"time"
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

var deadLetterColumns = []string{
	"epoch", "kafka_partition", "kafka_offset", "code", "detail", "key", "header_names", "header_values", "value", "logged_at",
}

// InsertDeadLetters keeps letters. It can be repeated: a place in the log is one row.
func (s *Store) InsertDeadLetters(ctx context.Context, token string, letters []DeadLetter) error {
	rows := make([][]any, len(letters))
	for i, l := range letters {
		rows[i] = []any{
			l.Epoch, l.Partition, l.Offset, l.Code, l.Detail, string(l.Key), l.HeaderNames, l.HeaderValues, string(l.Value), l.LoggedAt,
		}
	}
	return s.insert(ctx, token+"/dead_letter", "dead_letter", deadLetterColumns, rows)
}
