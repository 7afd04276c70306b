package sink

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// Whatever lies in the log becomes a row or a dead letter with a code, and the letter does
// not repeat what stands in the message.
func FuzzDecodeMessage(f *testing.F) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m, err := queue.Encode(queue.Event{
		ReportID: uuid.UUID{1}, Revision: 1, Kind: report.AnnexXII, StatYear: 2025, Period: "2025", Unit: "0100109106/0", SubmittedBy: "t",
		FiledAt: at, ReceivedAt: at, Tracking: "TN", RulesVersion: "1", Content: []byte(`{"reporter":{"type":"establishment"},"period":"2025"}`),
	})
	require.NoError(f, err)
	f.Add(m.Value, string(m.Key))
	f.Add([]byte(`{"content":{"reporter":{"name":"GEHEIM"}}}`), "")
	f.Fuzz(func(t *testing.T, value []byte, key string) {
		spoiled := m
		spoiled.Value, spoiled.Key = value, []byte(key)
		d := decode(queue.Range{Messages: []kafka.Message{spoiled}}, onePartition)
		require.Equal(t, 1, len(d.events)+len(d.dead))
		for _, letter := range d.dead {
			require.NotEmpty(t, letter.Code)
			require.NotContains(t, letter.Detail, "GEHEIM")
		}
	})
}
