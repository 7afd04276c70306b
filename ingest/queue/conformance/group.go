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
	return s.joinAs(t, handle.work)
}

func (s *suite) joinAs(t *testing.T, work queue.Work) (stop func()) {
	t.Helper()
	consumer := queue.NewConsumer(s.Brokers, queue.DefaultConsumer(), work, func() {}, discard())
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

// What a member writes beside an offset is there for the next owner, and who no longer
// has the partition cannot write any more.
func (s *suite) marksAreFenced(t *testing.T) {
	accepted(t, s.producer(t, queue.DefaultProducer()).Produce(t.Context(), events(200)))
	want := queue.Mark{Offset: 1, Metadata: "atvsld1 an intent 1-7 v1"}
	former := make(chan *queue.Claim, partitions)
	stop := s.joinAs(t, func(ctx context.Context, c *queue.Claim) error {
		m, err := c.Mark(ctx)
		if err == nil && m.Offset == -1 {
			err = c.Commit(ctx, want)
		}
		if err == nil {
			former <- c
		}
		<-ctx.Done()
		return err
	})
	claims := make(map[int]*queue.Claim)
	for range partitions {
		c := <-former
		claims[c.Partition] = c
	}
	found := make(chan queue.Mark, partitions)
	s.joinAs(t, func(ctx context.Context, c *queue.Claim) error {
		m, err := c.Mark(ctx)
		if err != nil {
			return err
		}
		if m.Offset == 8 { // a later generation
			<-ctx.Done()
			return nil
		}
		if err := c.Commit(ctx, queue.Mark{Offset: 8, Metadata: "the new owner"}); err != nil {
			return err
		}
		// The generation of the former owner is over. Not asked in ctx: the new one may
		// end meanwhile, when the former owner comes back.
		if err := claims[c.Partition].Commit(context.WithoutCancel(ctx), queue.Mark{Offset: 5}); !errors.Is(err, queue.ErrFenced) {
			t.Errorf("the former owner of partition %d is not fenced: %v", c.Partition, err)
		}
		found <- m
		<-ctx.Done()
		return nil
	})
	require.Equal(t, want, <-found)
	stop()
}

// A range that somebody recorded can be read again exactly, and reading goes on behind
// it where it is told to.
func (s *suite) exactRanges(t *testing.T) {
	accepted(t, s.producer(t, queue.DefaultProducer()).Produce(t.Context(), events(400)))
	read := make(chan []int64, 2*partitions)
	s.joinAs(t, func(ctx context.Context, c *queue.Claim) error {
		first, end, err := c.Bounds(ctx)
		if err != nil {
			return err
		}
		if first != 0 || end < 20 {
			t.Errorf("partition %d: bounds %d and %d", c.Partition, first, end)
		}
		exact, err := c.Exactly(ctx, 3, 12)
		if err != nil {
			return err
		}
		if err := c.GoTo(13); err != nil {
			return err
		}
		rest, err := c.Next(ctx)
		if err != nil {
			return err
		}
		read <- []int64{exact.Low(), exact.High(), int64(len(exact.Messages))}
		read <- []int64{rest.Low()}
		<-ctx.Done()
		return nil
	})
	for range partitions {
		require.Equal(t, []int64{3, 12, 10}, <-read)
		require.Equal(t, []int64{13}, <-read)
	}
}
