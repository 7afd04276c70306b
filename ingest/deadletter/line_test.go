package deadletter_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/ingest/sink"
	"atvsld/seeds"
)

const partitions = 4

// line is a broker, a sink and a store with a desk beside them.
type line struct {
	t       *testing.T
	store   *store.Store
	epoch   uuid.UUID
	brokers []string
	desk    *deadletter.Desk
}

func newLine(t *testing.T) *line {
	t.Helper()
	s, info := shared.Store(t)
	l := &line{t: t, store: s, epoch: info.Epoch, brokers: startBroker(t)}
	l.desk = l.deskWith(queue.NewReplayer(queue.At(l.brokers...), partitions))
	return l
}

func (l *line) deskWith(r *queue.Replayer) *deadletter.Desk {
	return deadletter.New(l.store, r, slog.New(slog.DiscardHandler))
}

func startBroker(t *testing.T) []string {
	t.Helper()
	c := broker.Default()
	c.DataDir, c.Logger = t.TempDir(), slog.New(slog.DiscardHandler)
	for _, topic := range queue.Topics(partitions, time.Hour) {
		c.Topics = append(c.Topics, broker.Topic{Name: topic.Name, Partitions: int32(topic.Partitions), Config: topic.Config})
	}
	b, err := broker.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, b.Close())
		kafka.DefaultTransport.(*kafka.Transport).CloseIdleConnections()
	})
	return b.Addrs()
}

func (l *line) startSink() {
	l.t.Helper()
	c := sink.Default()
	c.Brokers, c.Partitions = queue.At(l.brokers...), partitions
	s := sink.New(c, l.store, l.epoch, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	l.t.Cleanup(func() { cancel(); require.NoError(l.t, <-done) })
}

// put writes a message to a partition, as a foreign producer may.
func (l *line) put(m kafka.Message, partition int) store.Position {
	l.t.Helper()
	client := &kafka.Client{Addr: kafka.TCP(l.brokers...), Timeout: 10 * time.Second}
	response, err := client.Produce(l.t.Context(), &kafka.ProduceRequest{
		Topic: queue.ReportsTopic, Partition: partition, RequiredAcks: kafka.RequireAll,
		Records: kafka.NewRecordReader(kafka.Record{Key: kafka.NewBytes(m.Key), Value: kafka.NewBytes(m.Value), Headers: m.Headers}),
	})
	require.NoError(l.t, err)
	require.NoError(l.t, response.Error)
	return store.Position{Epoch: l.epoch, Partition: uint16(partition), Offset: uint64(response.BaseOffset)}
}

// letter waits until the sink has rejected the message at a position.
func (l *line) letter(at store.Position) (letter store.StoredLetter) {
	l.t.Helper()
	l.wait(func() bool {
		var err error
		if letter, err = l.desk.Letter(access.System(l.t.Context()), at); err != nil {
			require.ErrorIs(l.t, err, store.ErrNoLetter)
		}
		return err == nil
	})
	return letter
}

// captured is what a gateway would have written.
type captured []queue.Event

func (c *captured) Produce(_ context.Context, events []queue.Event) []error {
	*c = append(*c, events...)
	return make([]error, len(events))
}

// accepted is the message of a report that a gateway has accepted.
func (l *line) accepted(raw []byte) (uuid.UUID, kafka.Message) {
	l.t.Helper()
	keys, err := seal.Open(filepath.Join(l.t.TempDir(), "keys"))
	require.NoError(l.t, err)
	signer, err := receipt.NewSigner("test", keys.ReceiptKey(), time.Now)
	require.NoError(l.t, err)
	var written captured
	gateway := intake.New(intake.Deps{
		Keys: keys, Signer: signer, Producer: &written, Ledger: l.store, Seeds: seeds.Default(),
		Log: slog.New(slog.DiscardHandler), Clock: reporttest.Now, StatusPath: "/v1/reports/",
	})
	out := gateway.Submit(l.t.Context(), intake.Principal{Caller: access.Caller{ID: "test", Role: access.Operator}}, []intake.Item{{Raw: raw}})[0]
	require.Equal(l.t, intake.Accepted, out.State)
	m, err := queue.Encode(written[0])
	require.NoError(l.t, err)
	return out.ReportID, m
}

func (l *line) revisions(id uuid.UUID) []store.Revision {
	l.t.Helper()
	revisions, err := l.store.Revisions(access.System(l.t.Context()), id, store.Presented{})
	require.NoError(l.t, err)
	return revisions
}

func (l *line) wait(what func() bool) {
	l.t.Helper()
	require.Eventually(l.t, what, 2*time.Minute, 20*time.Millisecond)
}

// keep puts a letter into the store without a log.
func (l *line) keep(offset uint64) store.Position {
	l.t.Helper()
	at := store.Position{Epoch: l.epoch, Partition: 1, Offset: offset}
	letter := store.DeadLetter{Position: at, Code: "EVT-001", Key: []byte("k"), Value: []byte("v"), LoggedAt: time.Now()}
	require.NoError(l.t, l.store.InsertDeadLetters(l.t.Context(), uuid.NewString(), []store.DeadLetter{letter}))
	return at
}

func acts(l store.StoredLetter) (names []string) {
	for _, a := range l.Acts {
		names = append(names, a.Act)
	}
	return names
}

var officer = deadletter.Decision{By: "Trần Thị B", Principal: "local", Reason: "đã sửa bộ định tuyến"}
