package queue_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/queue"
)

// answerWith makes the broker answer the next writes with code, without writing.
func answerWith(b *broker.Broker, times int, code int16) (asked func() int) {
	var mu sync.Mutex
	n := 0
	b.Cluster().ControlKey(int16(kmsg.Produce), func(r kmsg.Request) (kmsg.Response, error, bool) {
		b.Cluster().KeepControl()
		mu.Lock()
		defer mu.Unlock()
		if n++; n > times {
			return nil, nil, false
		}
		request := r.(*kmsg.ProduceRequest)
		response := request.ResponseKind().(*kmsg.ProduceResponse)
		for _, topic := range request.Topics {
			t := kmsg.ProduceResponseTopic{Topic: topic.Topic}
			for _, p := range topic.Partitions {
				t.Partitions = append(t.Partitions, kmsg.ProduceResponseTopicPartition{Partition: p.Partition, ErrorCode: code})
			}
			response.Topics = append(response.Topics, t)
		}
		return response, nil, true
	})
	return func() int { mu.Lock(); defer mu.Unlock(); return n }
}

func withTopics(t *testing.T) *broker.Broker {
	t.Helper()
	b := startBroker(t)
	require.NoError(t, queue.EnsureTopics(t.Context(), queue.At(b.Addrs()...), queue.Topics(partitions, time.Hour), 1))
	return b
}

func newProducer(t *testing.T, b *broker.Broker, c queue.ProducerConfig) *queue.Producer {
	t.Helper()
	p := queue.NewProducer(queue.At(b.Addrs()...), c)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

func written(t *testing.T, b *broker.Broker) (sum int64) {
	t.Helper()
	ends, err := queue.Ends(t.Context(), queue.At(b.Addrs()...), partitions)
	require.NoError(t, err)
	for _, end := range ends {
		sum += end
	}
	return sum
}

// While leaders change, brokers answer with errors of many kinds; each passes.
func TestProduceRepeatsWhatMayPass(t *testing.T) {
	for _, code := range []*kerr.Error{
		kerr.NotLeaderForPartition, kerr.LeaderNotAvailable, kerr.NotEnoughReplicas, kerr.NotEnoughReplicasAfterAppend,
		kerr.RequestTimedOut, kerr.BrokerNotAvailable, kerr.UnknownTopicOrPartition, kerr.UnknownServerError,
	} {
		t.Run(code.Message, func(t *testing.T) {
			b := withTopics(t)
			asked := answerWith(b, 2, code.Code)
			require.NoError(t, newProducer(t, b, queue.DefaultProducer()).Produce(t.Context(), []queue.Event{event()})[0])
			require.Equal(t, 3, asked())
			require.Equal(t, int64(1), written(t, b))
		})
	}
}

// What will never pass is not tried again, and is not called perhaps written.
func TestProduceGivesUpWhatIsRefused(t *testing.T) {
	b := withTopics(t)
	asked := answerWith(b, 1, kerr.TopicAuthorizationFailed.Code)
	err := newProducer(t, b, queue.DefaultProducer()).Produce(t.Context(), []queue.Event{event()})[0]
	require.ErrorIs(t, err, queue.ErrRefused)
	require.NotErrorIs(t, err, queue.ErrUnconfirmed)
	require.Equal(t, 1, asked())
}

// Repetitions end with the deadline.
func TestProduceEndsWithItsDeadline(t *testing.T) {
	b := withTopics(t)
	asked := answerWith(b, 1_000_000, kerr.NotLeaderForPartition.Code)
	c := queue.DefaultProducer()
	c.Deadline = 500 * time.Millisecond
	begin := time.Now()
	require.ErrorIs(t, newProducer(t, b, c).Produce(t.Context(), []queue.Event{event()})[0], queue.ErrUnconfirmed)
	require.Greater(t, time.Since(begin), c.Deadline/2)
	require.Greater(t, asked(), 1)
	n := asked()
	time.Sleep(time.Second)
	require.LessOrEqual(t, asked(), n+1, "nothing is sent for a caller who has his answer")
}

// A broker that hangs fills neither the memory nor the patience of callers: each
// has his answer at the deadline, what is in its hands counts as in flight, and
// when it goes on, so does everything.
func TestABrokerThatHangs(t *testing.T) {
	b := withTopics(t)
	hang := make(chan struct{})
	b.Cluster().ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
		b.Cluster().SleepControl(func() { <-hang })
		return nil, nil, false
	})
	c := queue.DefaultProducer()
	c.MaxInFlight, c.Deadline = 1, 300*time.Millisecond
	p := newProducer(t, b, c)
	require.ErrorIs(t, p.Produce(t.Context(), []queue.Event{event()})[0], queue.ErrUnconfirmed)
	require.ErrorIs(t, p.Produce(t.Context(), []queue.Event{event()})[0], queue.ErrBusy)
	close(hang)
	require.Eventually(t, func() bool {
		return p.Produce(t.Context(), []queue.Event{event()})[0] == nil
	}, 2*time.Minute, 10*time.Millisecond)
	require.Equal(t, int64(2), written(t, b), "what was unconfirmed came through")
}

func TestTooLargeForTheLog(t *testing.T) {
	b := withTopics(t)
	p := newProducer(t, b, queue.DefaultProducer())
	large, wordy := event(), event()
	large.Content = append(append([]byte{'"'}, make([]byte, queue.MaxEventBytes)...), '"')
	for i := range large.Content[1 : len(large.Content)-1] {
		large.Content[i+1] = 'x'
	}
	wordy.Warnings = make([]string, 100_000)
	errs := p.Produce(t.Context(), []queue.Event{event(), large, wordy, event()})
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], queue.ErrTooLarge)
	require.ErrorIs(t, errs[2], queue.ErrTooLarge)
	require.NoError(t, errs[3])
	require.Equal(t, int64(2), written(t, b))
}
