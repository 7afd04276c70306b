package queue_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const partitions = 4

func startBroker(t *testing.T) *broker.Broker {
	t.Helper()
	c := broker.Default()
	c.DataDir, c.Logger = t.TempDir(), slog.New(slog.DiscardHandler)
	c.Topics = []broker.Topic{{Name: "other", Partitions: 1, Config: map[string]string{"retention.ms": "-1", "retention.bytes": "-1"}}}
	b, err := broker.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func event() queue.Event {
	return queue.Event{
		ReportID: uuid.New(), Revision: 1, Kind: report.AnnexXII, StatYear: 2025, Period: "2025", Unit: "0100109106/0",
		SubmittedBy: "t", FiledAt: time.Now(), ReceivedAt: time.Now(), Tracking: "TN", RulesVersion: "1", Content: []byte(`{}`),
	}
}

func TestTopicsAreMadeOnceAndForAll(t *testing.T) {
	b := startBroker(t)
	ctx := t.Context()
	require.NoError(t, queue.EnsureTopics(ctx, queue.At(b.Addrs()...), queue.Topics(partitions, time.Hour), 1))
	require.NoError(t, queue.EnsureTopics(ctx, queue.At(b.Addrs()...), queue.Topics(partitions, time.Hour), 1))
	err := queue.EnsureTopics(ctx, queue.At(b.Addrs()...), queue.Topics(partitions+1, time.Hour), 1)
	require.ErrorContains(t, err, "fixed for the life of a log")
}

func TestProduceAnswersEachEvent(t *testing.T) {
	b := startBroker(t)
	require.NoError(t, queue.EnsureTopics(t.Context(), queue.At(b.Addrs()...), queue.Topics(partitions, time.Hour), 1))
	p := queue.NewProducer(queue.At(b.Addrs()...), queue.DefaultProducer())
	defer func() { require.NoError(t, p.Close()) }()
	broken := event()
	broken.Content = []byte("{") // cannot be encoded
	errs := p.Produce(t.Context(), []queue.Event{event(), broken, event()})
	require.NoError(t, errs[0])
	require.Error(t, errs[1])
	require.NoError(t, errs[2])
	ends, err := queue.Ends(t.Context(), queue.At(b.Addrs()...), partitions)
	require.NoError(t, err)
	var sum int64
	for _, end := range ends {
		sum += end
	}
	require.Equal(t, int64(2), sum)
}

// A caller who hangs up does not take the report with him: it may be in the log.
func TestProduceOutlivesItsCaller(t *testing.T) {
	b := startBroker(t)
	require.NoError(t, queue.EnsureTopics(t.Context(), queue.At(b.Addrs()...), queue.Topics(partitions, time.Hour), 1))
	p := queue.NewProducer(queue.At(b.Addrs()...), queue.DefaultProducer())
	defer func() { require.NoError(t, p.Close()) }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, p.Produce(ctx, []queue.Event{event()})[0])
}

func TestProduceIsBounded(t *testing.T) {
	b := startBroker(t)
	require.NoError(t, queue.EnsureTopics(t.Context(), queue.At(b.Addrs()...), queue.Topics(partitions, time.Hour), 1))
	c := queue.DefaultProducer()
	c.MaxInFlight, c.Linger = 1, 300*time.Millisecond
	p := queue.NewProducer(queue.At(b.Addrs()...), c)
	defer func() { require.NoError(t, p.Close()) }()
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { errs[i] = p.Produce(context.Background(), []queue.Event{event()})[0] })
	}
	wg.Wait()
	require.Contains(t, errs, nil, "one at a time is taken")
	require.Contains(t, errs, queue.ErrBusy)
}

func TestWithoutABroker(t *testing.T) {
	nobody := []string{"127.0.0.1:1"}
	require.Error(t, queue.Reachable(t.Context(), queue.At(nobody...)))
	c := queue.DefaultProducer()
	c.Deadline = 300 * time.Millisecond
	p := queue.NewProducer(queue.At(nobody...), c)
	defer func() { require.NoError(t, p.Close()) }()
	require.ErrorIs(t, p.Produce(t.Context(), []queue.Event{event()})[0], queue.ErrUnconfirmed)
}

func TestBrokerAddresses(t *testing.T) {
	require.NoError(t, queue.CheckBrokers([]string{"kafka-1:9092", "[::1]:9092"}))
	require.Error(t, queue.CheckBrokers(nil))
	require.ErrorContains(t, queue.CheckBrokers([]string{"a", "b:1", "c:"}), `"c:"`)
}
