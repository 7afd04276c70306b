// Package conformance proves that the platform works on a broker: topics,
// producer, consumer group, dead letters, and the way of a report from the
// gateway through the sink into the store. Run is the same for the embedded
// broker and for Apache Kafka. Campaign kills brokers of a cluster.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store/storetest"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// Target is a running broker or cluster. The suite deletes the platform's topics
// on it, again and again.
type Target struct {
	Brokers queue.Brokers
	// Replication of the topics that the suite creates.
	Replication int
	// Store is where the sink writes.
	Store *storetest.Shared
}

const (
	partitions = 4
	retention  = 36 * time.Hour
)

type suite struct {
	Target
	client *kafka.Client
}

// Run runs the suite on target.
func Run(t *testing.T, target Target) {
	s := newSuite(target)
	for _, test := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"topics are made once and for all", s.topics},
		{"settings of topics", s.settings},
		{"one answer an event", s.oneAnswerAnEvent},
		{"what the broker refuses", s.refused},
		{"headers survive", s.headers},
		{"a key has its partition", s.partitionOfKey},
		{"order within a key", s.orderWithinKey},
		{"many callers", s.manyCallers},
		{"how far log and sinks are", s.extents},
		{"dead letters", s.deadLetters},
		{"replay of a dead letter", s.replay},
		{"a consumer goes on where it stopped", s.restartedConsumer},
		{"rebalance within a range", s.rebalance},
		{"marks are fenced", s.marksAreFenced},
		{"exact ranges", s.exactRanges},
		{"every kind reaches the store", s.everyKind},
		{"a repetition is stored once", s.repetition},
		{"poison delays nobody", s.poison},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.fresh(t)
			test.run(t)
		})
	}
}

func newSuite(target Target) *suite {
	return &suite{
		Target: target,
		client: &kafka.Client{Addr: target.Brokers.Addr(), Transport: forgetful{target.Brokers}, Timeout: 10 * time.Second},
	}
}

// forgetful asks the broker each time. The client's own transport would answer
// from what it knew before a topic was made anew or a leader died.
type forgetful struct{ brokers queue.Brokers }

func (f forgetful) RoundTrip(ctx context.Context, addr net.Addr, r kafka.Request) (kafka.Response, error) {
	transport := f.brokers.Transport()
	defer transport.CloseIdleConnections()
	return transport.RoundTrip(ctx, addr, r)
}

// fresh makes the platform's topics anew and forgets what the sinks have read.
func (s *suite) fresh(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	topics := []string{queue.ReportsTopic, queue.RejectedTopic}
	deleted, err := s.client.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: topics})
	require.NoError(t, err)
	for topic, err := range deleted.Errors {
		if err != nil {
			require.ErrorIs(t, err, kafka.UnknownTopicOrPartition, topic)
		}
	}
	s.eventually(t, "topics are gone", func() bool {
		meta, err := s.client.Metadata(ctx, &kafka.MetadataRequest{Topics: topics})
		return err == nil && errors.Is(meta.Topics[0].Error, kafka.UnknownTopicOrPartition) &&
			errors.Is(meta.Topics[1].Error, kafka.UnknownTopicOrPartition)
	})
	// A fresh cluster makes its coordinator when it is first asked for.
	s.eventually(t, "the group is gone", func() bool {
		groups, err := s.client.DeleteGroups(ctx, &kafka.DeleteGroupsRequest{GroupIDs: []string{queue.SinkGroup}})
		if err != nil {
			return false
		}
		err = groups.Errors[queue.SinkGroup]
		return err == nil || errors.Is(err, kafka.GroupIdNotFound)
	})
	require.NoError(t, s.ensure(ctx, partitions))
}

func (s *suite) ensure(ctx context.Context, partitions int) error {
	return queue.EnsureTopics(ctx, s.Brokers, queue.Topics(partitions, retention), s.Replication)
}

func (s *suite) eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not within a minute: ", what)
		}
	}
}

func (s *suite) producer(t *testing.T, c queue.ProducerConfig) *queue.Producer {
	t.Helper()
	p := queue.NewProducer(s.Brokers, c)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

// log reads a topic from its beginning to its present end, partition by partition.
func (s *suite) log(t *testing.T, topic string) []kafka.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	meta, err := s.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{topic}})
	require.NoError(t, err)
	var all []kafka.Message
	for p := range meta.Topics[0].Partitions {
		offsets, err := s.client.ListOffsets(ctx, &kafka.ListOffsetsRequest{
			Topics: map[string][]kafka.OffsetRequest{topic: {kafka.LastOffsetOf(p)}},
		})
		require.NoError(t, err)
		end := offsets.Topics[topic][0]
		require.NoError(t, end.Error)
		all = append(all, s.read(ctx, t, topic, p, end.LastOffset)...)
	}
	return all
}

func (s *suite) read(ctx context.Context, t *testing.T, topic string, partition int, end int64) []kafka.Message {
	t.Helper()
	r := kafka.NewReader(kafka.ReaderConfig{
		Brokers: s.Brokers.Addrs(), Dialer: s.Brokers.Dialer(), Topic: topic, Partition: partition, MaxBytes: 8 << 20, MaxWait: 100 * time.Millisecond,
	})
	defer func() { require.NoError(t, r.Close()) }()
	var messages []kafka.Message
	for next := int64(0); next < end; {
		m, err := r.FetchMessage(ctx)
		require.NoError(t, err, "partition %d, offset %d of %d", partition, next, end)
		messages = append(messages, m)
		next = m.Offset + 1
	}
	return messages
}

// event makes a report that the sink can store: a withdrawal needs no content.
func event() queue.Event {
	now := time.Now().Truncate(time.Millisecond)
	id := uuid.New()
	return queue.Event{
		ReportID: id, Revision: 1, Kind: report.AnnexXII, Withdrawn: true, StatYear: 2025, Period: "2025",
		Unit: "0100109106/0", SubmittedBy: "conformance", FiledAt: now, ReceivedAt: now,
		Tracking: "TN-" + id.String(), RulesVersion: "1",
	}
}

// withContent gives an event a content of about so many bytes that LZ4 cannot shrink.
func withContent(e queue.Event, size int) queue.Event {
	e.Withdrawn = false
	text := make([]byte, 0, size+40)
	for len(text) < size {
		id := uuid.New()
		text = append(text, id.String()...)
	}
	e.Content = fmt.Appendf(nil, `{"text":%q}`, text[:size])
	return e
}

func events(n int) []queue.Event {
	all := make([]queue.Event, n)
	for i := range all {
		all[i] = event()
	}
	return all
}

// accepted requires that every event was acknowledged.
func accepted(t *testing.T, errs []error) {
	t.Helper()
	for i, err := range errs {
		require.NoError(t, err, "event %d of %d", i, len(errs))
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Log reads a topic from its beginning to its present end, partition by partition.
func Log(t *testing.T, brokers []string, topic string) []kafka.Message {
	t.Helper()
	return newSuite(Target{Brokers: queue.At(brokers...)}).log(t, topic)
}
