package conformance

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/ingest/sink"
	"atvsld/seeds"
)

// line is the way of a report: gateway, broker, sink, store.
type line struct {
	*suite
	gateway *intake.Gateway
	store   *store.Store
	info    store.Info
}

func (s *suite) newLine(t *testing.T) *line {
	t.Helper()
	l := &line{suite: s}
	l.store, l.info = s.Store.Store(t)
	keys, err := seal.Open(t.TempDir() + "/keys")
	require.NoError(t, err)
	signer, err := receipt.NewSigner("test", keys.ReceiptKey(), time.Now)
	require.NoError(t, err)
	l.gateway = intake.New(intake.Deps{
		Keys: keys, Signer: signer, Producer: s.producer(t, queue.DefaultProducer()), Ledger: l.store,
		Seeds: seeds.Default(), Log: discard(), Clock: reporttest.Now, StatusPath: "/v1/reports/",
	})
	return l
}

// startSink runs a sink until stop is called or the test ends.
func (l *line) startSink(t *testing.T) (stop func()) {
	t.Helper()
	c := sink.Default()
	c.Brokers, c.Partitions = l.Brokers, partitions
	s := sink.New(c, l.store, l.info.Epoch, discard(), prometheus.NewRegistry())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-done)
	})
	t.Cleanup(stop)
	return stop
}

func (l *line) accept(t *testing.T, raw []byte) intake.Outcome {
	t.Helper()
	out := l.gateway.Submit(t.Context(), intake.Principal{Caller: access.Caller{ID: "test", Role: access.Operator}}, []intake.Item{{Raw: raw}})[0]
	require.Equal(t, intake.Accepted, out.State, "%v", out.Findings)
	require.NotNil(t, out.Receipt)
	return out
}

// revisions waits until the report has so many.
func (l *line) revisions(t *testing.T, id uuid.UUID, n int) []store.Revision {
	t.Helper()
	var found []store.Revision
	l.eventually(t, "the report is stored", func() bool {
		var err error
		found, err = l.store.Revisions(access.System(t.Context()), id, store.Presented{})
		require.NoError(t, err)
		return len(found) >= n
	})
	require.Len(t, found, n)
	return found
}

func (s *suite) everyKind(t *testing.T) {
	l := s.newLine(t)
	l.startSink(t)
	for _, d := range report.Definitions() {
		out := l.accept(t, reporttest.Valid(d.Kind))
		found := l.revisions(t, out.ReportID, 1)
		require.Equal(t, store.StateStored, found[0].State, d.Kind)
		require.Equal(t, out.Receipt.TrackingNumber, found[0].Tracking, d.Kind)
	}
}

func (s *suite) repetition(t *testing.T) {
	l := s.newLine(t)
	stop := l.startSink(t)
	raw := reporttest.Valid(report.AnnexXII)
	first := l.accept(t, raw)
	again := l.accept(t, raw)
	require.True(t, again.Replayed)
	require.Equal(t, first.Receipt.TrackingNumber, again.Receipt.TrackingNumber)
	l.revisions(t, first.ReportID, 1)
	stop()
	// Another sink goes on; what was filed meanwhile is stored once.
	amended := reporttest.Set(reporttest.Set(raw, "/revision", "2"), "/reason", `"sai số lao động"`)
	amended = reporttest.Set(amended, "/content/damage/days_off", "77")
	l.accept(t, amended)
	l.startSink(t)
	l.revisions(t, first.ReportID, 2)
	l.committed(t)
	var rows, distinct uint64
	row := l.store.Conn().QueryRow(t.Context(), "SELECT count(), uniqExact(report_id, revision) FROM report_log")
	require.NoError(t, row.Scan(&rows, &distinct))
	require.Equal(t, uint64(2), rows)
	require.Equal(t, uint64(2), distinct)
}

// What no gateway writes becomes a dead letter, and the reports around it are stored.
func (s *suite) poison(t *testing.T) {
	l := s.newLine(t)
	l.startSink(t)
	before := l.accept(t, reporttest.Valid(report.AnnexXII))
	stranger, err := queue.Encode(withContent(event(), 10)) // no content of its kind
	require.NoError(t, err)
	poison := []kafka.Message{
		{Key: []byte("p"), Value: []byte("poison")},
		{Key: []byte("big"), Value: make([]byte, 900_000)},
		stranger,
	}
	transport := s.Brokers.Transport()
	defer transport.CloseIdleConnections()
	w := &kafka.Writer{
		Addr: s.Brokers.Addr(), Topic: queue.ReportsTopic, RequiredAcks: kafka.RequireAll, Transport: transport,
		Balancer: kafka.Murmur2Balancer{}, BatchTimeout: time.Millisecond, BatchBytes: 1 << 20,
	}
	for _, m := range poison {
		require.NoError(t, w.WriteMessages(t.Context(), m))
	}
	require.NoError(t, w.Close())
	after := l.accept(t, reporttest.Valid(report.DiseaseReport))
	l.revisions(t, before.ReportID, 1)
	l.revisions(t, after.ReportID, 1)
	l.committed(t)

	codes := make(map[string]int)
	for _, m := range s.log(t, queue.RejectedTopic) {
		for _, h := range m.Headers {
			if h.Key == "atvsld_reason" {
				codes[string(h.Value)]++
			}
		}
	}
	require.Equal(t, map[string]int{"EVT-001": 2, "EVT-003": 1}, codes)
}
