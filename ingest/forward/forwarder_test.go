package forward_test

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/forward"
	"atvsld/ingest/forward/forwardtest"
	"atvsld/ingest/grant"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/ingest/sink"
	"atvsld/seeds"
)

// line is the whole way on real engines: inbox, forwarder, gateway, log, sink, store.
type line struct {
	t        *testing.T
	keys     *seal.Keys
	store    *store.Store
	info     store.Info
	brokers  []string
	sender   forwardtest.Sender
	registry *prometheus.Registry
	log      *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

func newLine(t *testing.T) *line {
	t.Helper()
	c := broker.Default()
	c.DataDir, c.Logger = t.TempDir(), slog.New(slog.DiscardHandler)
	for _, topic := range append(queue.Topics(partitions, time.Hour), forward.Topics([]string{"a", "b"}, partitions, time.Hour)...) {
		c.Topics = append(c.Topics, broker.Topic{Name: topic.Name, Partitions: int32(topic.Partitions), Config: topic.Config})
	}
	b, err := broker.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return lineOn(t, b.Addrs())
}

// lineOn is a line on brokers that have the topics.
func lineOn(t *testing.T, brokers []string) *line {
	t.Helper()
	l := &line{t: t, keys: openKeys(t), registry: prometheus.NewRegistry(), log: &lockedBuffer{}, brokers: brokers}
	l.sender = sender("a", l.keys)
	l.store, l.info = shared.Store(t)
	return l
}

func (l *line) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (l *line) gateway(ledger intake.Ledger) *intake.Gateway {
	l.t.Helper()
	signer, err := receipt.NewSigner("test", l.keys.ReceiptKey(), time.Now)
	require.NoError(l.t, err)
	producer := queue.NewProducer(queue.At(l.brokers...), queue.DefaultProducer())
	l.t.Cleanup(func() { require.NoError(l.t, producer.Close()) })
	return intake.New(intake.Deps{
		Keys: l.keys, Signer: signer, Producer: producer, Ledger: ledger, Seeds: seeds.Default(),
		Log: l.logger(), Clock: reporttest.Now, StatusPath: "/v1/reports/",
	})
}

// submitter is what forward.Deps.Gateway takes.
type submitter interface {
	Submit(ctx context.Context, by intake.Principal, items []intake.Item) []intake.Outcome
}

// start runs a forwarder with an empty memory; stop ends it in order.
func (l *line) start(g submitter, change ...func(*forward.Config)) (stop func()) {
	l.t.Helper()
	c := forward.Default()
	c.Brokers, c.Integrators, c.Partitions = queue.At(l.brokers...), []string{"a", "b"}, partitions
	c.Unlimited = c.Integrators
	for _, f := range change {
		f(&c)
	}
	l.registry = prometheus.NewRegistry()
	f, err := forward.New(c, forward.Deps{Gateway: g, Keys: l.keys, Grants: grant.New(l.store).Of, Log: l.logger(), Registry: l.registry})
	require.NoError(l.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); require.NoError(l.t, <-done); require.NoError(l.t, f.Check()) })
	l.t.Cleanup(stop)
	return stop
}

func (l *line) startSink() {
	l.t.Helper()
	c := sink.Default()
	c.Brokers, c.Partitions = queue.At(l.brokers...), partitions
	s := sink.New(c, l.store, l.info.Epoch, l.logger(), prometheus.NewRegistry())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	l.t.Cleanup(func() { cancel(); require.NoError(l.t, <-done) })
}

// send produces as an integrator does.
func (l *line) send(messages ...kafka.Message) {
	l.t.Helper()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	w := &kafka.Writer{Addr: kafka.TCP(l.brokers...), Transport: transport, Balancer: kafka.Murmur2Balancer{}, RequiredAcks: kafka.RequireAll, BatchTimeout: time.Millisecond}
	defer func() { require.NoError(l.t, w.Close()) }()
	require.NoError(l.t, w.WriteMessages(l.t.Context(), messages...))
}

// answered is an outcome as an integrator reads it.
type answered struct {
	forward.Outcome
	id      string
	message kafka.Message
}

func (a answered) codes() (codes []string) {
	for _, f := range append(a.Errors, a.Warnings...) {
		codes = append(codes, f.Code)
	}
	return codes
}

// outcomes waits for n outcomes of an integrator in all.
func (l *line) outcomes(id string, n int) (all []answered) {
	l.t.Helper()
	for _, m := range l.read(forward.OutcomeTopic(id), n) {
		a := answered{message: m}
		require.NoError(l.t, json.Unmarshal(m.Value, &a.Outcome), string(m.Value))
		a.id = header(m, "ce_id")
		require.Equal(l.t, string(a.State), header(m, "ce_state"))
		require.Equal(l.t, a.Cause.ID, header(m, "ce_causeid"))
		require.Equal(l.t, forward.OutcomeType, header(m, "ce_type"))
		all = append(all, a)
	}
	return all
}

func header(m kafka.Message, name string) string {
	for _, h := range m.Headers {
		if h.Key == name {
			return string(h.Value)
		}
	}
	return ""
}

// read waits until a topic holds n messages and returns all of them.
func (l *line) read(topic string, n int) (all []kafka.Message) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), time.Minute)
	defer cancel()
	client := &kafka.Client{Addr: kafka.TCP(l.brokers...), Transport: &kafka.Transport{}}
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	require.Eventually(l.t, func() bool {
		total := int64(0)
		for _, end := range l.ends(ctx, client, topic) {
			total += end
		}
		return total >= int64(n)
	}, time.Minute, 20*time.Millisecond, "%d messages in %s", n, topic)
	for p, end := range l.ends(ctx, client, topic) {
		if end == 0 {
			continue
		}
		r := kafka.NewReader(kafka.ReaderConfig{Brokers: l.brokers, Topic: topic, Partition: p, MaxWait: 50 * time.Millisecond})
		for range end {
			m, err := r.ReadMessage(ctx)
			require.NoError(l.t, err)
			all = append(all, m)
		}
		require.NoError(l.t, r.Close())
	}
	return all
}

func (l *line) ends(ctx context.Context, client *kafka.Client, topic string) map[int]int64 {
	l.t.Helper()
	var ask []kafka.OffsetRequest
	of := partitions
	if topic == queue.RejectedTopic {
		of = 1
	}
	for p := range of {
		ask = append(ask, kafka.LastOffsetOf(p))
	}
	response, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{topic: ask}})
	require.NoError(l.t, err)
	ends := map[int]int64{}
	for _, p := range response.Topics[topic] {
		ends[p.Partition] = p.LastOffset
	}
	return ends
}

func (l *line) revisions(id uuid.UUID, n int) (found []store.Revision) {
	l.t.Helper()
	require.Eventually(l.t, func() bool {
		var err error
		found, err = l.store.Revisions(access.System(l.t.Context()), id, store.Presented{})
		require.NoError(l.t, err)
		return len(found) >= n
	}, 2*time.Minute, 20*time.Millisecond)
	return found
}

// count gives the number of series of a metric.
func (l *line) count(name string) int {
	l.t.Helper()
	families, err := l.registry.Gather()
	require.NoError(l.t, err)
	for _, family := range families {
		if family.GetName() == name {
			return len(family.GetMetric())
		}
	}
	return 0
}
