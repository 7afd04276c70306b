package intake_test

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/intake"
	"atvsld/ingest/intake/known"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/ingest/sink"
	"atvsld/seeds"
)

var shared storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &shared) }

const partitions = 4

// engines are a real store and a real log, with gateways in front and a sink between.
type engines struct {
	t       *testing.T
	store   *store.Store
	info    store.Info
	brokers []string
	keys    *seal.Keys
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
	b, err := broker.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	e.brokers = b.Addrs()
	e.keys, err = seal.Open(t.TempDir() + "/keys")
	require.NoError(t, err)
	return e
}

// while runs a part until the test ends or it is called.
func (e *engines) while(run func(ctx context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { run(ctx) })
	stop = func() { cancel(); group.Wait() }
	e.t.Cleanup(stop)
	return stop
}

func (e *engines) startSink() {
	c := sink.Default()
	c.Brokers, c.Partitions = queue.At(e.brokers...), partitions
	s := sink.New(c, e.store, e.info.Epoch, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	e.while(func(ctx context.Context) {
		if err := s.Run(ctx); err != nil {
			e.t.Error(err)
		}
	})
}

// countingLedger is the store and counts the reports that it is asked about; while it
// is down it answers nothing.
type countingLedger struct {
	*store.Store
	asked atomic.Int64
	down  atomic.Bool
}

func (l *countingLedger) Known(ctx context.Context, keys []store.Key) (map[store.Key]*store.Known, error) {
	l.asked.Add(int64(len(keys)))
	if l.down.Load() {
		return nil, context.DeadlineExceeded
	}
	return l.Store.Known(ctx, keys)
}

// gateway starts a gateway that remembers nothing, with known ids that are current.
func (e *engines) gateway(backlog *intake.Backlog) (*intake.Gateway, *countingLedger) {
	e.t.Helper()
	signer, err := receipt.NewSigner("test", e.keys.ReceiptKey(), time.Now)
	require.NoError(e.t, err)
	producer := queue.NewProducer(queue.At(e.brokers...), queue.DefaultProducer())
	e.t.Cleanup(func() { require.NoError(e.t, producer.Close()) })
	follower := queue.NewFollower(queue.At(e.brokers...))
	e.t.Cleanup(follower.Close)
	ids := known.New(known.Config{
		Store: e.store, Log: follower, Epoch: e.info.Epoch, Partitions: partitions,
		Logger: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(),
	})
	e.while(ids.Run)
	require.Eventually(e.t, ids.Current, 2*time.Minute, 10*time.Millisecond)
	ledger := &countingLedger{Store: e.store}
	return intake.New(intake.Deps{
		Keys: e.keys, Signer: signer, Producer: producer, Ledger: ledger, Known: ids, Backlog: backlog, Seeds: seeds.Default(),
		Log: slog.New(slog.DiscardHandler), Clock: reporttest.Now, StatusPath: "/v1/reports/",
	}), ledger
}

func file(t *testing.T, g *intake.Gateway, raw []byte) intake.Outcome {
	t.Helper()
	return g.Submit(t.Context(), intake.Principal{Caller: access.Caller{ID: "test", Role: access.Operator}}, []intake.Item{{Raw: raw}})[0]
}

func (e *engines) settled(id uuid.UUID) []store.Revision {
	e.t.Helper()
	var revisions []store.Revision
	require.Eventually(e.t, func() bool {
		var err error
		revisions, err = e.store.Revisions(access.System(e.t.Context()), id, store.Presented{})
		return err == nil && len(revisions) > 0
	}, 2*time.Minute, 20*time.Millisecond)
	return revisions
}

// annex is the report of the n-th site of one employer.
func annex(n int) []byte {
	return reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/site", strconv.Quote(strconv.Itoa(n)))
}

func amended(raw []byte) []byte { return reporttest.Set(raw, "/content/workers/total", "991") }

func declaration() []byte {
	return reporttest.Set(reporttest.Valid(report.AccidentDeclaration), "/report_id", `"`+uuid.Must(uuid.NewV7()).String()+`"`)
}

func TestFirstRevisionsNeedNoStore(t *testing.T) {
	e := newEngines(t)
	e.startSink()
	first, ledger := e.gateway(nil)
	for n := range 20 {
		require.Equal(t, intake.Accepted, file(t, first, annex(n)).State)
	}
	require.Zero(t, ledger.asked.Load())

	before := file(t, first, annex(3))
	require.True(t, before.Replayed)
	require.Equal(t, intake.Conflict, file(t, first, amended(annex(3))).State)
	require.EqualValues(t, 2, ledger.asked.Load(), "what may be known is asked for")
	e.settled(before.ReportID)

	// After a restart there is no memory, only store and log.
	again, ledger := e.gateway(nil)
	require.Equal(t, intake.Conflict, file(t, again, amended(annex(3))).State)
	replayed := file(t, again, annex(3))
	require.True(t, replayed.Replayed)
	require.Equal(t, before.Receipt.TrackingNumber, replayed.Receipt.TrackingNumber)
	require.Equal(t, intake.Accepted, file(t, again, annex(100)).State)
	require.EqualValues(t, 2, ledger.asked.Load())
}

// What one gateway accepts, another knows of a moment later.
func TestGatewaysKnowOfEachOther(t *testing.T) {
	e := newEngines(t)
	e.startSink()
	one, _ := e.gateway(nil)
	other, _ := e.gateway(nil)
	accepted := file(t, one, annex(1))
	require.Equal(t, intake.Accepted, accepted.State)
	e.settled(accepted.ReportID)
	time.Sleep(time.Second) // as far as a follower may be behind
	require.Equal(t, intake.Conflict, file(t, other, amended(annex(1))).State)
}

// Without the store what is surely new is taken, and nothing else.
func TestWithoutTheStoreNewReportsAreTaken(t *testing.T) {
	e := newEngines(t)
	g, ledger := e.gateway(nil)
	require.Equal(t, intake.Accepted, file(t, g, annex(1)).State)
	ledger.down.Store(true)
	require.Equal(t, intake.Accepted, file(t, g, annex(2)).State)
	again := file(t, g, annex(1))
	require.True(t, again.Replayed, "a repetition of what the gateway itself has taken")
	require.NotNil(t, again.Receipt)
	out := file(t, g, amended(annex(1)))
	require.Equal(t, intake.Busy, out.State)
	require.Positive(t, out.RetryAfter)

	restarted, ledger := e.gateway(nil)
	ledger.down.Store(true)
	require.Equal(t, intake.Busy, file(t, restarted, annex(1)).State, "it remembers nothing")
}

// doubtful is a log that takes the reports, or not, and says what it is told to say.
type doubtful struct {
	log interface {
		Produce(ctx context.Context, events []queue.Event) []error
	}
	taken bool
	says  error
}

func (l *doubtful) Produce(ctx context.Context, events []queue.Event) []error {
	if l.says == nil {
		return l.log.Produce(ctx, events)
	}
	if l.taken {
		l.log.Produce(ctx, events)
	}
	return slices.Repeat([]error{l.says}, len(events))
}

// A first write that failed while the store was away is made good without the store,
// with an Idempotency-Key as every message of the second door has one.
func TestAFailedWriteNeedsNoStore(t *testing.T) {
	e := newEngines(t)
	g, ledger := e.gateway(nil)
	ledger.down.Store(true)
	log := &doubtful{log: g.Producer}
	g.Producer = log
	keyed := func(raw []byte, key string) intake.Outcome {
		return g.Submit(t.Context(), intake.Principal{Caller: access.Caller{ID: "test", Role: access.Operator}}, []intake.Item{{Raw: raw, IdempotencyKey: key}})[0]
	}
	f := func(what string, raw []byte, says error, taken bool, first intake.State) {
		t.Helper()
		log.says, log.taken = says, taken
		require.Equal(t, first, keyed(raw, what).State, what)
		time.Sleep(time.Second) // until the known ids have seen it, if it is there
		log.says = nil
		out := keyed(raw, what)
		require.Equal(t, intake.Accepted, out.State, what)
		require.NotNil(t, out.Receipt, what)
		require.Equal(t, intake.Busy, keyed(raw, "another key of "+what).State, "that key may have been used before")
	}
	f("nothing was sent", annex(1), queue.ErrBusy, false, intake.Busy)
	f("no answer, not taken", annex(2), queue.ErrUnconfirmed, false, intake.Unconfirmed)
	f("no answer, but taken", annex(3), queue.ErrUnconfirmed, true, intake.Unconfirmed)
	f("an event", declaration(), queue.ErrUnconfirmed, true, intake.Unconfirmed)
}

func TestABacklogIsRefusedAndDrains(t *testing.T) {
	e := newEngines(t)
	config := intake.BacklogConfig{MaxRecords: 40, MaxAge: 30 * time.Minute, Retention: time.Hour, Every: 20 * time.Millisecond}
	look := func(ctx context.Context) ([]queue.Unstored, error) {
		return queue.Backlog(ctx, queue.At(e.brokers...), partitions, e.info.Epoch)
	}
	backlog := intake.NewBacklog(config, look, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	e.while(backlog.Run)
	g, _ := e.gateway(backlog)
	var kept []uuid.UUID
	until := func(level intake.Level, form func(n int) []byte) {
		t.Helper()
		for n := range 1000 {
			if backlog.Level() >= level {
				return
			}
			out := file(t, g, form(n))
			if out.State == intake.Accepted {
				kept = append(kept, out.ReportID)
				continue
			}
			require.Equal(t, intake.Busy, out.State)
			time.Sleep(5 * time.Millisecond)
		}
		t.Fatal("the backlog was never noticed")
	}
	until(intake.Urgent, annex)
	out := file(t, g, annex(5000))
	require.Equal(t, intake.Busy, out.State)
	require.Equal(t, 30*time.Second, out.RetryAfter)
	until(intake.Closed, func(int) []byte { return declaration() })
	require.Equal(t, intake.Busy, file(t, g, declaration()).State, "not even what is urgent: the log might delete it")
	require.GreaterOrEqual(t, len(kept), 80)

	e.startSink() // the store is back
	require.Eventually(t, func() bool { return backlog.Level() == intake.Open }, time.Minute, 10*time.Millisecond)
	out = file(t, g, annex(5000))
	require.Equal(t, intake.Accepted, out.State, "it opens by itself")
	for _, id := range append(kept, out.ReportID) {
		require.Len(t, e.settled(id), 1)
	}
}
