package conformance

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
)

// A dead letter keeps the bytes and headers of its message and says why it is
// one and where it came from; also when the message was as large as the log takes.
func (s *suite) deadLetters(t *testing.T) {
	letters := queue.NewDeadLetters(s.Brokers)
	defer func() { require.NoError(t, letters.Close()) }()
	var batch []queue.DeadLetter
	for i := range 40 {
		origin := kafka.Message{
			Topic: queue.ReportsTopic, Partition: i % partitions, Offset: int64(1000 + i), Key: fmt.Append(nil, i),
			Value: fmt.Appendf(nil, "letter %d", i), Headers: []kafka.Header{{Key: "ce_id", Value: []byte("TN")}},
		}
		batch = append(batch, queue.DeadLetter{Code: "EVT-001", Detail: "vì sao", Origin: origin})
	}
	batch[5].Origin.Value = bytes.Repeat([]byte("x\x00\xff"), 340_000)
	require.NoError(t, letters.Write(t.Context(), batch))

	log := s.log(t, queue.RejectedTopic)
	require.Len(t, log, len(batch))
	for i, m := range log {
		want := batch[i]
		require.True(t, bytes.Equal(want.Origin.Value, m.Value), "letter %d", i)
		require.Equal(t, want.Origin.Key, m.Key)
		headers := make(map[string]string)
		for _, h := range m.Headers {
			headers[h.Key] = string(h.Value)
		}
		require.Equal(t, map[string]string{
			"ce_id": "TN", "atvsld_reason": "EVT-001", "atvsld_detail": "vì sao", "atvsld_topic": queue.ReportsTopic,
			"atvsld_partition": strconv.Itoa(i % partitions), "atvsld_offset": strconv.Itoa(1000 + i),
		}, headers)
	}
}
