package queue_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
)

// seen collects what a follower tells.
type seen struct {
	mu       sync.Mutex
	reports  map[uuid.UUID]uuid.UUID
	current  map[int]time.Time
	messages int
}

func newSeen() *seen {
	return &seen{reports: make(map[uuid.UUID]uuid.UUID), current: make(map[int]time.Time)}
}

func (s *seen) Saw(report, request uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reports[report] = request
	s.messages++
}

func (s *seen) Current(partition int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current[partition] = at
}

// since tells whether every partition was seen to its end after a moment.
func (s *seen) since(t time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range partitions {
		if !s.current[p].After(t) {
			return false
		}
	}
	return true
}

func follow(t *testing.T, brokers []string, w queue.Watcher) {
	t.Helper()
	f := queue.NewFollower(queue.At(brokers...))
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	for p := range partitions {
		group.Go(func() {
			if _, err := f.Follow(ctx, p, 0, w); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() { cancel(); group.Wait(); f.Close() })
}

func TestFollowSeesEverythingOnce(t *testing.T) {
	b := startBroker(t)
	require.NoError(t, queue.EnsureTopics(t.Context(), queue.At(b.Addrs()...), queue.Topics(partitions, time.Hour), 1))
	p := queue.NewProducer(queue.At(b.Addrs()...), queue.DefaultProducer())
	defer func() { require.NoError(t, p.Close()) }()
	w := newSeen()
	want := make(map[uuid.UUID]uuid.UUID)
	produce := func(n int) {
		t.Helper()
		events := make([]queue.Event, n)
		for i := range events {
			events[i] = event()
			if i%2 == 0 {
				events[i].RequestID = uuid.New()
			}
			want[events[i].ReportID] = events[i].RequestID
		}
		for _, err := range p.Produce(t.Context(), events) {
			require.NoError(t, err)
		}
	}
	produce(3000)
	follow(t, b.Addrs(), w)
	produce(50)
	written := time.Now()
	require.Eventually(t, func() bool { return w.since(written) }, 2*time.Minute, 10*time.Millisecond)
	w.mu.Lock()
	defer w.mu.Unlock()
	require.Equal(t, want, w.reports, "when it is current, everything that was acknowledged before has been seen")
	require.Equal(t, len(want), w.messages)
}

func TestFollowRefusesAnotherLog(t *testing.T) {
	b := startBroker(t)
	require.NoError(t, queue.EnsureTopics(t.Context(), queue.At(b.Addrs()...), queue.Topics(partitions, time.Hour), 1))
	f := queue.NewFollower(queue.At(b.Addrs()...))
	defer f.Close()
	next, err := f.Follow(t.Context(), 0, 1000, newSeen())
	require.ErrorIs(t, err, queue.ErrOtherLog)
	require.EqualValues(t, 1000, next)
}

func TestFollowSaysWhenTheLogIsGone(t *testing.T) {
	b := startBroker(t)
	f := queue.NewFollower(queue.At(b.Addrs()...))
	defer f.Close()
	require.NoError(t, b.Close())
	_, err := f.Follow(t.Context(), 0, 0, newSeen())
	require.ErrorContains(t, err, "follow partition 0 from 0")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = f.Follow(ctx, 0, 0, newSeen())
	require.NoError(t, err)
}

func TestBacklogCountsWhatIsNotCommitted(t *testing.T) {
	b := startBroker(t)
	require.NoError(t, queue.EnsureTopics(t.Context(), queue.At(b.Addrs()...), queue.Topics(partitions, time.Hour), 1))
	epoch := uuid.New()
	sum := func() (records int64) {
		t.Helper()
		all, err := queue.Backlog(t.Context(), queue.At(b.Addrs()...), partitions, epoch)
		require.NoError(t, err)
		for _, u := range all {
			records += u.Records
			require.Equal(t, u.Records == 0, u.Oldest.IsZero(), fmt.Sprint(u))
			if u.Records > 0 {
				require.WithinDuration(t, time.Now(), u.Oldest, time.Minute)
			}
		}
		return records
	}
	require.Zero(t, sum(), "no group, no records")
	p := queue.NewProducer(queue.At(b.Addrs()...), queue.DefaultProducer())
	defer func() { require.NoError(t, p.Close()) }()
	events := make([]queue.Event, 100)
	for i := range events {
		events[i] = event()
	}
	for _, err := range p.Produce(t.Context(), events) {
		require.NoError(t, err)
	}
	require.EqualValues(t, 100, sum())

	commit := func(offset int64, note string) {
		t.Helper()
		commits := make([]kafka.OffsetCommit, partitions)
		for i := range commits {
			commits[i] = kafka.OffsetCommit{Partition: i, Offset: offset, Metadata: note}
		}
		transport := &kafka.Transport{}
		defer transport.CloseIdleConnections()
		client := kafka.Client{Addr: kafka.TCP(b.Addrs()...), Transport: transport}
		_, err := client.OffsetCommit(t.Context(), &kafka.OffsetCommitRequest{
			GroupID: queue.SinkGroup, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{queue.ReportsTopic: commits},
		})
		require.NoError(t, err)
	}
	commit(1_000_000, "atvsld1 "+uuid.NewString())
	require.EqualValues(t, 100, sum(), "a commit of the log before this one says nothing about it")
	commit(1, "atvsld1 "+epoch.String()+" 1-9 v1")
	require.EqualValues(t, 100-partitions, sum())
	commit(2, "")
	require.EqualValues(t, 100-2*partitions, sum())
}

// A commit counts for the log that it is of.
func TestNotesOfCommits(t *testing.T) {
	epoch := uuid.New()
	f := func(note string, want int64) {
		t.Helper()
		require.Equal(t, queue.Extent{Committed: want, Note: note, End: 9}, queue.Extent{Committed: 5, Note: note, End: 9}.Of(epoch))
	}
	f("", 5)
	f("atvsld1 "+epoch.String(), 5)
	f("atvsld1 "+epoch.String()+" 5-9 v1", 5)
	f("atvsld1 "+uuid.NewString(), -1)
	f("another program's", -1)
}
