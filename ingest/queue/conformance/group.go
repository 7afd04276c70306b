package conformance

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
)

// place is where a message lies.
type place struct {
	partition int
	offset    int64
}

// handled counts what the handlers of a group were given.
type handled struct {
	mu    sync.Mutex
	times map[place]int
}

func newHandled() *handled { return &handled{times: make(map[place]int)} }

func (h *handled) add(r queue.Range) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range r.Messages {
		h.times[place{r.Partition, m.Offset}]++
	}
}

func (h *handled) len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.times)
}

// handler is given each range that a member has read, which commits it afterwards.
type handler func(ctx context.Context, r queue.Range) error

// work is the plainest way to carry a partition.
func (h handler) work(ctx context.Context, c *queue.Claim) error {
	m, err := c.Mark(ctx)
	if err != nil {
		return err
	}
	if err := c.GoTo(max(m.Offset, 0)); err != nil {
		return err
	}
	for ctx.Err() == nil {
		r, err := c.Next(ctx)
		if err == nil && len(r.Messages) > 0 {
			err = h.handle(ctx, c, r)
		}
		if err != nil && ctx.Err() == nil && !errors.Is(err, queue.ErrFenced) {
			return err
		}
	}
	return nil
}

func (h handler) handle(ctx context.Context, c *queue.Claim, r queue.Range) error {
	if err := h(ctx, r); err != nil {
		return err
	}
	return c.Commit(context.WithoutCancel(ctx), queue.Mark{Offset: r.High() + 1, Metadata: "the suite"})
}

// join adds a member to the group of the sinks until stop is called or the test ends.
func (s *suite) join(t *testing.T, handle handler) (stop func()) {
	t.Helper()
	consumer := queue.NewConsumer(s.Brokers, queue.DefaultConsumer(), handle.work, func() {}, discard())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- consumer.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-done)
	})
	t.Cleanup(stop)
	return stop
}

// committed blocks until the group has committed everything that the log holds.
func (s *suite) committed(t *testing.T) {
	t.Helper()
	all := make([]int, partitions)
	for i := range all {
		all[i] = i
	}
	s.eventually(t, "everything is committed", func() bool {
		ends, err := queue.Ends(t.Context(), s.Brokers, partitions)
		require.NoError(t, err)
		answer, err := s.client.OffsetFetch(t.Context(), &kafka.OffsetFetchRequest{
			GroupID: queue.SinkGroup, Topics: map[string][]int{queue.ReportsTopic: all},
		})
		if err != nil || answer.Error != nil || len(answer.Topics[queue.ReportsTopic]) != partitions {
			return false
		}
		for _, p := range answer.Topics[queue.ReportsTopic] {
			if p.Error != nil || max(p.CommittedOffset, 0) != ends[p.Partition] {
				return false
			}
		}
		return true
	})
}

func (s *suite) restartedConsumer(t *testing.T) {
	p := s.producer(t, queue.DefaultProducer())
	first := newHandled()
	stop := s.join(t, func(_ context.Context, r queue.Range) error { first.add(r); return nil })
	accepted(t, p.Produce(t.Context(), events(1000)))
	s.committed(t)
	stop()
	require.Equal(t, 1000, first.len())

	accepted(t, p.Produce(t.Context(), events(300)))
	second := newHandled()
	s.join(t, func(_ context.Context, r queue.Range) error { second.add(r); return nil })
	s.committed(t)
	require.Equal(t, 300, second.len())
	for at, times := range second.times {
		require.NotContains(t, first.times, at, "committed messages do not come back")
		require.Equal(t, 1, times)
	}
}

// A member that is working on a range when another one joins may finish it.
// Nothing is passed over, whoever gets the partition then.
func (s *suite) rebalance(t *testing.T) {
	p := s.producer(t, queue.DefaultProducer())
	accepted(t, p.Produce(t.Context(), events(400)))
	all, byB := newHandled(), newHandled()
	working := make(chan struct{}, partitions)
	var once sync.Once
	stopA := s.join(t, func(ctx context.Context, r queue.Range) error {
		once.Do(func() {
			working <- struct{}{}
			select { // until the group is rebalanced
			case <-ctx.Done():
			case <-time.After(30 * time.Second):
				t.Error("no rebalance while a range was in work")
			}
		})
		all.add(r)
		return nil
	})
	<-working
	s.join(t, func(_ context.Context, r queue.Range) error {
		all.add(r)
		byB.add(r)
		return nil
	})
	s.eventually(t, "both members have partitions", func() bool {
		accepted(t, p.Produce(t.Context(), events(20)))
		return byB.len() > 0
	})
	s.committed(t)
	stopA()
	accepted(t, p.Produce(t.Context(), events(400)))
	s.committed(t)
	log := s.log(t, queue.ReportsTopic)
	require.Equal(t, len(log), all.len(), "nothing is passed over")
}
