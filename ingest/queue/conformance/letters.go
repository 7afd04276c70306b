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

// A replay tells where the message lies, which is where its key belongs, and the
// message is the same but for the mark.
func (s *suite) replay(t *testing.T) {
	const letter = "5f2d1c5e-6f0a-4e0c-9b6e-0a1b2c3d4e5f.3.1042"
	replayer := queue.NewReplayer(s.Brokers, partitions)
	type place struct {
		partition int
		offset    int64
	}
	want := make(map[place]kafka.Message)
	for _, e := range append(events(20), withContent(event(), queue.MaxEventBytes-100)) {
		m, err := queue.Encode(e)
		require.NoError(t, err)
		partition, offset, err := replayer.Replay(t.Context(), m, letter)
		require.NoError(t, err)
		require.Equal(t, queue.PartitionOf(m.Key, partitions), partition)
		want[place{partition, offset}] = m
	}
	log := s.log(t, queue.ReportsTopic)
	require.Len(t, log, len(want))
	for _, m := range log {
		original, ok := want[place{m.Partition, m.Offset}]
		require.True(t, ok, "partition %d, offset %d", m.Partition, m.Offset)
		require.Equal(t, original.Key, m.Key)
		require.True(t, bytes.Equal(original.Value, m.Value))
		require.Equal(t, append(original.Headers, kafka.Header{Key: queue.HeaderReplayOf, Value: []byte(letter)}), m.Headers)
	}
}
