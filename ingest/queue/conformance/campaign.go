package conformance

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
)

// Control kills and restarts brokers by their number.
type Control interface {
	Kill(id int) error
	Restart(ctx context.Context, id int) error
}

// patience is longer than any change of leader, on a busy machine too: a producer
// that is given so much time has no reason to leave an event without acknowledgement.
const patience = 2 * time.Minute

// DeadLeader kills the only replica of some partitions and requires that the events
// of one call are answered each for itself: accepted where there is a leader,
// unconfirmed within the deadline where there is none, and accepted again when the
// broker is back.
func DeadLeader(t *testing.T, target Target, control Control) {
	target.Replication = 1
	s := newSuite(target)
	s.fresh(t)
	c := queue.DefaultProducer()
	c.Deadline = 3 * time.Second
	p, patient := s.producer(t, c), s.producer(t, patientProducer())
	accepted(t, patient.Produce(t.Context(), events(100)))
	dead := s.leader(t, 0)
	led := make(map[int]bool)
	for _, partition := range s.partitionsOf(t) {
		led[partition.ID] = partition.Leader.ID == dead
	}
	require.NoError(t, control.Kill(dead))
	// The other brokers are ready when the dead one has been missed.
	s.eventually(t, "the others take reports", func() bool {
		batch := events(200)
		errs := p.Produce(t.Context(), batch)
		all := true
		for i, err := range errs {
			if led[queue.PartitionOf([]byte(batch[i].ReportID.String()), partitions)] {
				require.ErrorIs(t, err, queue.ErrUnconfirmed)
				continue
			}
			all = all && err == nil
		}
		return all
	})
	again := make(chan []error)
	go func() { again <- patient.Produce(t.Context(), events(200)) }()
	require.NoError(t, control.Restart(t.Context(), dead))
	accepted(t, <-again)
}

func patientProducer() queue.ProducerConfig {
	c := queue.DefaultProducer()
	c.Deadline = patience
	return c
}

// Campaign files without a pause while the leader of a random partition is killed
// with SIGKILL and comes back, faults times, and one of two sinks leaves and joins.
// It requires that nothing that was acknowledged is missing in the log or in the
// store, that filing goes on by itself while the broker is still dead, and that in
// the end every event was acknowledged.
func Campaign(t *testing.T, target Target, control Control, faults int) {
	s := newSuite(target)
	s.fresh(t)
	l := s.newLine(t)
	l.startSink(t)
	f := newFilers(s.producer(t, patientProducer()))
	ctx, cancel := context.WithCancel(t.Context())
	defer f.wg.Wait()
	defer cancel()
	f.start(ctx, 8)
	for fault := range faults {
		stopSink := l.startSink(t)
		f.await(t, "filing goes on")
		time.Sleep(rand.N(500 * time.Millisecond)) // some instant of a batch's life
		leader := s.leader(t, rand.N(partitions))
		begin := time.Now()
		require.NoError(t, control.Kill(leader))
		// In every partition, also in those that the dead broker led.
		f.await(t, "filing goes on without the broker")
		took := time.Since(begin)
		stopSink()
		require.NoError(t, control.Restart(t.Context(), leader))
		s.inSync(t)
		t.Logf("fault %d: broker %d killed, every partition took reports again after %s; back in sync after %s",
			fault+1, leader, took.Round(100*time.Millisecond), time.Since(begin).Round(100*time.Millisecond))
	}
	cancel()
	f.wg.Wait()
	f.check(t, l)
}

// filers file events and note their answers.
type filers struct {
	producer *queue.Producer
	wg       sync.WaitGroup

	mu      sync.Mutex
	acked   map[uuid.UUID]time.Time // when it was handed over
	open    map[uuid.UUID]bool      // no acknowledgement
	slowest time.Duration
	strange error // an answer that is neither accepted nor come again
}

func newFilers(p *queue.Producer) *filers {
	return &filers{producer: p, acked: make(map[uuid.UUID]time.Time), open: make(map[uuid.UUID]bool)}
}

func (f *filers) start(ctx context.Context, n int) {
	for range n {
		f.wg.Go(func() {
			for ctx.Err() == nil {
				f.file(ctx, events(1+rand.N(40)))
			}
		})
	}
}

func (f *filers) file(ctx context.Context, batch []queue.Event) {
	begin := time.Now()
	errs := f.producer.Produce(ctx, batch)
	took := time.Since(begin)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slowest = max(f.slowest, took)
	for i, err := range errs {
		switch {
		case err == nil:
			f.acked[batch[i].ReportID] = begin
		case errors.Is(err, queue.ErrUnconfirmed), errors.Is(err, queue.ErrBusy):
			f.open[batch[i].ReportID] = true
		default:
			f.strange = err
		}
	}
	time.Sleep(5 * time.Millisecond) // several brokers share this machine
}

// await blocks until every partition has acknowledged something handed over from now on.
func (f *filers) await(t *testing.T, what string) {
	t.Helper()
	from := time.Now()
	for end := from.Add(patience); ; time.Sleep(50 * time.Millisecond) {
		seen := make(map[int]bool)
		f.mu.Lock()
		for id, at := range f.acked {
			if !at.Before(from) {
				seen[queue.PartitionOf([]byte(id.String()), partitions)] = true
			}
		}
		f.mu.Unlock()
		if len(seen) == partitions {
			return
		}
		require.True(t, time.Now().Before(end), "%s: within %s only in %d of %d partitions", what, patience, len(seen), partitions)
	}
}

func (f *filers) check(t *testing.T, l *line) {
	t.Helper()
	require.NoError(t, f.strange)
	log := make(map[uuid.UUID]int)
	messages := l.log(t, queue.ReportsTopic)
	for _, m := range messages {
		e, err := queue.Decode(m)
		require.NoError(t, err)
		log[e.ReportID]++
	}
	lost, late := 0, 0
	for id := range f.acked {
		if log[id] == 0 {
			lost++
		}
	}
	for id := range f.open {
		if log[id] > 0 {
			late++
		}
	}
	l.committed(t)
	var places, reports uint64
	row := l.store.Conn().QueryRow(t.Context(), "SELECT uniqExact(kafka_partition, kafka_offset), uniqExact(report_id) FROM report_log")
	require.NoError(t, row.Scan(&places, &reports))
	t.Logf("%d acknowledged, %d not (%d of them in the log all the same), %d messages more than reports, slowest answer %s",
		len(f.acked), len(f.open), late, len(messages)-len(log), f.slowest.Round(100*time.Millisecond))
	t.Logf("%d lost between acknowledgement and log, %d between log and store", lost, uint64(len(messages))-places)
	require.Zero(t, lost)
	open := len(f.open)
	require.Zero(t, open, "a producer that outlasts the change of leader leaves nothing open")
	require.Len(t, messages, int(places), "every place of the log is in the store")
	require.Len(t, log, int(reports))
}

func (s *suite) leader(t *testing.T, partition int) int {
	t.Helper()
	for _, p := range s.partitionsOf(t) {
		if p.ID == partition {
			return p.Leader.ID
		}
	}
	t.Fatal("no such partition: ", partition)
	return 0
}

// inSync blocks until every replica has everything.
func (s *suite) inSync(t *testing.T) {
	t.Helper()
	s.eventually(t, "replicas are in sync", func() bool {
		for _, p := range s.partitionsOf(t) {
			if len(p.Isr) != s.Replication {
				return false
			}
		}
		return true
	})
}

func (s *suite) partitionsOf(t *testing.T) []kafka.Partition {
	t.Helper()
	var found []kafka.Partition
	s.eventually(t, "the cluster answers", func() bool {
		meta, err := s.client.Metadata(t.Context(), &kafka.MetadataRequest{Topics: []string{queue.ReportsTopic}})
		if err != nil || meta.Topics[0].Error != nil {
			return false
		}
		found = meta.Topics[0].Partitions
		return len(found) == partitions
	})
	return found
}
