package conformance

import (
	"io"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
)

// What a proof asks the broker: how far the log reaches, how far the sinks say they are,
// and how old a message is.
func (s *suite) extents(t *testing.T) {
	before := time.Now()
	accepted(t, s.producer(t, queue.DefaultProducer()).Produce(t.Context(), events(200)))
	extents, err := queue.Extents(t.Context(), s.Brokers, partitions)
	require.NoError(t, err)
	ends, err := queue.Ends(t.Context(), s.Brokers, partitions)
	require.NoError(t, err)
	for p, e := range extents {
		require.Equal(t, queue.Extent{Committed: -1, End: ends[p]}, e)
		// Batches come as a whole, wherever in them one begins to read.
		for _, offset := range []int64{0, e.End / 2, e.End - 1} {
			at, err := queue.LoggedAt(t.Context(), s.Brokers, p, offset)
			require.NoError(t, err)
			require.WithinRange(t, at, before.Add(-time.Second), time.Now().Add(time.Second))
		}
		_, err := queue.LoggedAt(t.Context(), s.Brokers, p, e.End)
		require.ErrorIs(t, err, io.EOF)
	}
	_, err = s.client.OffsetCommit(t.Context(), &kafka.OffsetCommitRequest{
		GroupID: queue.SinkGroup, GenerationID: -1,
		Topics: map[string][]kafka.OffsetCommit{queue.ReportsTopic: {{Partition: 1, Offset: 3, Metadata: "a note"}}},
	})
	require.NoError(t, err)
	extents, err = queue.Extents(t.Context(), s.Brokers, partitions)
	require.NoError(t, err)
	require.Equal(t, queue.Extent{Committed: 3, Note: "a note", End: ends[1]}, extents[1])
	require.Equal(t, int64(-1), extents[0].Committed)
}
