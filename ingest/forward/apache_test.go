package forward_test

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/deploy/local"
	"atvsld/ingest/forward"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// apacheKafka starts a broker with the topics, unless it cannot be had here.
func apacheKafka(t *testing.T) []string {
	t.Helper()
	mode := os.Getenv("ATVSLD_TEST_KAFKA")
	if mode == "no" {
		t.Skip("ATVSLD_TEST_KAFKA=no")
	}
	c, err := local.Start(t.Context(), t.TempDir(), 1)
	if mode == "" && (errors.Is(err, local.ErrNoJava) || errors.Is(err, local.ErrNoMaven)) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	topics := append(queue.Topics(partitions, time.Hour), forward.Topics([]string{"a", "b"}, partitions, time.Hour)...)
	require.Eventually(t, func() bool { return queue.EnsureTopics(t.Context(), queue.At(c.Addrs()...), topics, 1) == nil }, time.Minute, 100*time.Millisecond)
	return c.Addrs()
}

// The same way on Apache Kafka, which also holds its limit against a small batch that
// would be a huge one once it is read.
func TestApacheKafka(t *testing.T) {
	l := lineOn(t, apacheKafka(t))
	l.carriesEveryKind()

	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	w := &kafka.Writer{
		Addr: kafka.TCP(l.brokers...), Transport: transport, Compression: kafka.Gzip,
		RequiredAcks: kafka.RequireAll, BatchBytes: 64 << 20, MaxAttempts: 1, BatchTimeout: time.Millisecond,
	}
	defer func() { require.NoError(t, w.Close()) }()
	bomb := l.sender.Open("bomb", keyOf(report.AnnexXII), bytes.Repeat([]byte("a"), 8<<20))
	require.ErrorContains(t, w.WriteMessages(t.Context(), bomb), "Message Size Too Large")
	l.send(l.sender.Open("after", keyOf(report.AnnexXII), []byte("{}")))
	require.Len(t, l.outcomes("a", len(report.Definitions())+1), len(report.Definitions())+1)
}
