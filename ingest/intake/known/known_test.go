package known_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/intake/known"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

var shared storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &shared) }

const partitions = 4

// engines are a real store and a real log.
type engines struct {
	t        *testing.T
	store    *store.Store
	info     store.Info
	broker   *broker.Broker
	producer *queue.Producer
}

func newEngines(t *testing.T) *engines {
	t.Helper()
	e := &engines{t: t}
	e.store, e.info = shared.Store(t)
	c := broker.Default()
	c.DataDir, c.Logger = t.TempDir(), slog.New(slog.DiscardHandler)
	for _, topic := range queue.Topics(partitions, time.Hour) {
		c.Topics = append(c.Topics, broker.Topic{Name: topic.Name, Partitions: int32(topic.Partitions), Config: topic.Config})
	}
	var err error
	e.broker, err = broker.Open(t.Context(), c)
	require.NoError(t, err)
	e.producer = queue.NewProducer(queue.At(e.broker.Addrs()...), queue.DefaultProducer())
	t.Cleanup(func() {
		require.NoError(t, e.producer.Close())
		require.NoError(t, e.broker.Close())
	})
	return e
}

// filed is a report and the request that it came with.
type filed struct{ report, request uuid.UUID }

// log brings n reports into the log.
func (e *engines) log(n int) []filed {
	e.t.Helper()
	all, events := make([]filed, n), make([]queue.Event, n)
	for i := range all {
		all[i] = filed{uuid.New(), uuid.New()}
		events[i] = queue.Event{
			ReportID: all[i].report, RequestID: all[i].request, Revision: 1, Kind: report.AnnexXII, StatYear: 2025, Period: "2025",
			Unit: "0100109106/0", SubmittedBy: "t", FiledAt: time.Now(), ReceivedAt: time.Now(), Tracking: "TN", RulesVersion: "1", Content: []byte(`{}`),
		}
	}
	for _, err := range e.producer.Produce(e.t.Context(), events) {
		require.NoError(e.t, err)
	}
	return all
}

// stored brings n reports into the store alone, at the offsets from low on of a
// partition, as if they had been in the log.
func (e *engines) stored(partition uint16, low, n int) []filed {
	e.t.Helper()
	all, entries := make([]filed, n), make([]store.LogEntry, n)
	for i := range all {
		all[i] = filed{report: uuid.New()}
		if i%2 == 0 {
			all[i].request = uuid.New()
		}
		entries[i] = store.LogEntry{
			Head: store.Head{
				ReportID: all[i].report, Revision: 1, StatYear: 2025, Period: "2025", Unit: "u", FiledAt: time.Now(), ReceivedAt: time.Now(),
				Position: store.Position{Epoch: e.info.Epoch, Partition: partition, Offset: uint64(low + i)},
			},
			RequestID: all[i].request, Kind: "annex_xii", Payload: []byte(`{}`),
		}
	}
	r := store.Range{Low: uint64(low), High: uint64(low + n - 1)}
	require.NoError(e.t, e.store.InsertLog(e.t.Context(), fmt.Sprintf("%d/%d", partition, low), r, entries))
	return all
}

// ids runs known ids until the test ends.
func (e *engines) ids() *known.IDs {
	follower := queue.NewFollower(queue.At(e.broker.Addrs()...))
	ids := known.New(known.Config{
		Store: e.store, Log: follower, Epoch: e.info.Epoch, Partitions: partitions,
		Logger: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(), Pause: 500 * time.Millisecond,
	})
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { ids.Run(ctx) })
	e.t.Cleanup(func() {
		cancel()
		group.Wait()
		follower.Close()
	})
	return ids
}

func requirePossible(t *testing.T, ids *known.IDs, all []filed) {
	t.Helper()
	for _, f := range all {
		require.False(t, ids.RulesOut(f.report, uuid.Nil))
		if f.request != uuid.Nil {
			require.False(t, ids.RulesOut(uuid.New(), f.request))
		}
	}
}

func TestWhatIsInStoreAndLogIsNotRuledOut(t *testing.T) {
	e := newEngines(t)
	old := e.stored(0, 0, 700) // of an earlier log, long deleted: offsets are not looked at
	e.log(300)
	ids := e.ids()
	require.False(t, ids.RulesOut(uuid.New(), uuid.Nil), "nothing is ruled out before it is built")
	// The store is ahead of this log, which has fewer messages in partition 0.
	require.Never(t, ids.Current, 2*time.Second, 20*time.Millisecond, "the store knows more of the log than there is")

	e.log(4000) // now it is as long
	require.Eventually(t, ids.Current, time.Minute, 20*time.Millisecond)
	require.True(t, ids.RulesOut(uuid.New(), uuid.New()))
	requirePossible(t, ids, old)

	// What another gateway writes from now on.
	others := e.log(100)
	require.Eventually(t, func() bool {
		for _, f := range others {
			if ids.RulesOut(f.report, uuid.Nil) || ids.RulesOut(uuid.New(), f.request) {
				return false
			}
		}
		return true
	}, 2*time.Minute, 10*time.Millisecond)

	own := filed{uuid.New(), uuid.New()}
	ids.Add(own.report, own.request)
	requirePossible(t, ids, []filed{own})
}

func TestWhatIsNotStoredYetIsRead(t *testing.T) {
	e := newEngines(t)
	unstored := e.log(300)
	ids := e.ids()
	require.Eventually(t, ids.Current, 2*time.Minute, 20*time.Millisecond)
	requirePossible(t, ids, unstored)
	require.True(t, ids.RulesOut(uuid.New(), uuid.New()))
}

// reports gives the reports at the first n offsets of a partition.
func (e *engines) reports(partition, n int) (all []filed) {
	e.t.Helper()
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: e.broker.Addrs(), Topic: queue.ReportsTopic, Partition: partition, MaxWait: 50 * time.Millisecond})
	defer func() { require.NoError(e.t, r.Close()) }()
	for range n {
		m, err := r.ReadMessage(e.t.Context())
		require.NoError(e.t, err)
		all = append(all, filed{report: uuid.MustParse(string(m.Key))})
	}
	return all
}

// What the store has lost, or not got yet, below what it has is read from the log. The
// store has other ids than the log here, so that it shows what is read from where.
func TestAHoleInTheStoreIsReadFromTheLog(t *testing.T) {
	e := newEngines(t)
	e.log(400)
	const partition, hole, behind = 1, 10, 15
	logged := e.reports(partition, 30)
	e.stored(partition, 0, 4)
	var dead []store.DeadLetter
	for offset := uint64(4); offset < 7; offset++ {
		dead = append(dead, store.DeadLetter{Position: store.Position{Epoch: e.info.Epoch, Partition: partition, Offset: offset}, Code: "EVT-001", LoggedAt: time.Now()})
	}
	require.NoError(t, e.store.InsertDeadLetters(t.Context(), "dead", dead))
	e.stored(partition, 7, hole-7)
	e.stored(partition, behind, len(logged)-behind)

	ids := e.ids()
	require.Eventually(t, ids.Current, 2*time.Minute, 20*time.Millisecond)
	requirePossible(t, ids, logged[hole:])
	for offset, f := range logged[:hole] {
		require.True(t, ids.RulesOut(f.report, uuid.Nil), "offset %d is stored or a dead letter, so it is not read again", offset)
	}
}

func TestWithoutALogNothingIsRuledOut(t *testing.T) {
	e := newEngines(t)
	ids := e.ids()
	require.Eventually(t, ids.Current, 2*time.Minute, 20*time.Millisecond)
	require.NoError(t, e.broker.Close())
	require.Eventually(t, func() bool { return !ids.Current() }, 2*time.Minute, 20*time.Millisecond)
	require.False(t, ids.RulesOut(uuid.New(), uuid.New()))
}
