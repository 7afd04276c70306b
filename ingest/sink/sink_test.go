package sink_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/intake"
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

// line is a whole path on real engines: gateway, broker, sink, store.
type line struct {
	t       *testing.T
	gateway *intake.Gateway
	dsn     string
	store   *store.Store
	info    store.Info
	brokers []string
	keys    *seal.Keys
}

var filer = intake.Principal{Caller: access.Caller{ID: "test", Role: access.Operator}}

func newLine(t *testing.T) *line {
	t.Helper()
	l := newLineWithoutSink(t)
	l.startSink()
	return l
}

func newLineWithoutSink(t *testing.T) *line {
	t.Helper()
	l := &line{t: t}
	config := shared.Config(t)
	l.dsn, l.store = config.DSN, storetest.Open(t, config)
	require.NoError(t, l.store.Migrate(t.Context()))
	var err error
	l.info, err = l.store.Init(t.Context(), false)
	require.NoError(t, err)
	l.brokers = startBroker(t)
	l.keys, err = seal.Open(t.TempDir() + "/keys")
	require.NoError(t, err)
	l.restartGateway()
	return l
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
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b.Addrs()
}

// restartGateway makes a gateway that remembers nothing.
func (l *line) restartGateway() {
	l.t.Helper()
	signer, err := receipt.NewSigner("test", l.keys.ReceiptKey(), time.Now)
	require.NoError(l.t, err)
	producer := queue.NewProducer(queue.At(l.brokers...), queue.DefaultProducer())
	l.t.Cleanup(func() { require.NoError(l.t, producer.Close()) })
	l.gateway = intake.New(intake.Deps{
		Keys: l.keys, Signer: signer, Producer: producer, Ledger: l.store, Seeds: seeds.Default(),
		Log: slog.New(slog.DiscardHandler), Clock: reporttest.Now, StatusPath: "/v1/reports/",
	})
}

// sinking is a sink at work.
type sinking struct {
	*sink.Sink
	t        *testing.T
	registry *prometheus.Registry
	// stop ends it and returns what Run returned; refused sinks have ended before.
	stop func() error
	over chan struct{}
}

func (s *sinking) ended() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

// startSink runs a sink until it is stopped or the test ends.
func (l *line) startSink() *sinking {
	l.t.Helper()
	c := sink.Default()
	c.Brokers, c.Partitions = queue.At(l.brokers...), partitions
	return l.startSinkWith(c)
}

func (l *line) startSinkWith(c sink.Config) *sinking {
	l.t.Helper()
	s := &sinking{t: l.t, registry: prometheus.NewRegistry(), over: make(chan struct{})}
	s.Sink = sink.New(c, l.store, l.info.Epoch, slog.New(slog.DiscardHandler), s.registry)
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	go func() { defer close(s.over); err = s.Run(ctx) }()
	s.stop = func() error { cancel(); <-s.over; return err }
	l.t.Cleanup(func() { _ = s.stop() })
	return s
}

func (l *line) file(raw []byte) intake.Outcome {
	l.t.Helper()
	return l.gateway.Submit(l.t.Context(), filer, []intake.Item{{Raw: raw}})[0]
}

func (l *line) fileAs(raw []byte, key string) intake.Outcome {
	l.t.Helper()
	return l.gateway.Submit(l.t.Context(), filer, []intake.Item{{Raw: raw, IdempotencyKey: key}})[0]
}

func (l *line) accept(raw []byte) intake.Outcome {
	l.t.Helper()
	out := l.file(raw)
	require.Equal(l.t, intake.Accepted, out.State, "%v", out.Findings)
	require.NotNil(l.t, out.Receipt)
	return out
}

// settled waits until everything in the log is stored and returns the revisions of id.
func (l *line) settled(id uuid.UUID) []store.Revision {
	l.t.Helper()
	l.wait()
	revisions, err := l.store.Revisions(access.System(l.t.Context()), id, store.Presented{})
	require.NoError(l.t, err)
	return revisions
}

func (l *line) wait() {
	l.t.Helper()
	require.Eventually(l.t, func() bool {
		ends, err := queue.Ends(l.t.Context(), queue.At(l.brokers...), partitions)
		require.NoError(l.t, err)
		asOf, err := l.store.AsOf(access.System(l.t.Context()))
		require.NoError(l.t, err)
		for p, end := range ends {
			stored, ok := asOf.Offsets[l.info.Epoch][uint16(p)]
			if end > 0 && (!ok || stored < uint64(end-1)) {
				return false
			}
		}
		return true
	}, 2*time.Minute, 20*time.Millisecond)
}

// rows counts the current rows of a kind.
func (l *line) rows(kind report.Kind) (n uint64) {
	l.t.Helper()
	row := l.store.Conn().QueryRow(l.t.Context(), "SELECT count() FROM "+string(kind)+" FINAL")
	require.NoError(l.t, row.Scan(&n))
	return n
}

func TestEveryKindReachesTheStore(t *testing.T) {
	l := newLine(t)
	for _, d := range report.Definitions() {
		out := l.accept(reporttest.Valid(d.Kind))
		revisions := l.settled(out.ReportID)
		require.Len(t, revisions, 1, d.Kind)
		require.Equal(t, store.StateStored, revisions[0].State)
		require.Equal(t, out.Receipt.TrackingNumber, revisions[0].Tracking)
		require.Equal(t, uint64(1), l.rows(d.Kind), d.Kind)
	}
}

func TestAmendAndWithdraw(t *testing.T) {
	l := newLine(t)
	first := l.accept(reporttest.Valid(report.AnnexXII))
	amended := reporttest.Set(reporttest.Valid(report.AnnexXII), "/revision", "2")
	amended = reporttest.Set(amended, "/reason", `"sai số lao động"`)
	amended = reporttest.Set(amended, "/content/damage/days_off", "77")
	second := l.accept(amended)
	require.Equal(t, first.ReportID, second.ReportID)

	withdrawal := fmt.Appendf(nil, `{"kind":"annex_xii","report_id":%q,"revision":3,"withdrawn":true,"reason":"nộp nhầm"}`, first.ReportID)
	l.accept(withdrawal)
	require.Len(t, l.settled(first.ReportID), 3)
	require.Zero(t, l.rows(report.AnnexXII), "withdrawn")

	require.Equal(t, intake.Refused, l.file(reporttest.Set(withdrawal, "/revision", "4")).State, "twice")
	again := l.accept(reporttest.Set(amended, "/revision", "4"))
	l.settled(again.ReportID)
	require.Equal(t, uint64(1), l.rows(report.AnnexXII), "filed anew")
}

func TestRepetitionAndContradiction(t *testing.T) {
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprintf("restart=%t", restart), func(t *testing.T) {
			l := newLine(t)
			between := func() {
				if restart {
					l.wait()
					l.restartGateway()
				}
			}
			raw := reporttest.Valid(report.AnnexXII)
			first := l.accept(raw)
			between()

			again := l.accept(raw)
			require.True(t, again.Replayed)
			require.Equal(t, first.Receipt.TrackingNumber, again.Receipt.TrackingNumber)
			require.True(t, first.Receipt.ReceivedAt.Equal(again.Receipt.ReceivedAt))

			other := reporttest.Set(raw, "/content/damage/days_off", "78")
			contradiction := l.file(other)
			require.Equal(t, intake.Conflict, contradiction.State)
			require.Nil(t, contradiction.Receipt)
			require.Equal(t, uint32(1), contradiction.Current)

			stale := reporttest.Set(reporttest.Set(other, "/revision", "3"), "/reason", `"x"`)
			require.Equal(t, intake.Stale, l.file(stale).State)

			require.Len(t, l.settled(first.ReportID), 1)
			require.Equal(t, uint64(1), l.rows(report.AnnexXII))
		})
	}
}

func TestIdempotencyKey(t *testing.T) {
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprintf("restart=%t", restart), func(t *testing.T) {
			l := newLine(t)
			raw := reporttest.Remove(reporttest.Valid(report.AccidentDeclaration), "/report_id")
			require.Equal(t, intake.Refused, l.file(raw).State, "neither id nor key")
			first := l.fileAs(raw, "k-1")
			require.Equal(t, intake.Accepted, first.State, "%v", first.Findings)
			if restart {
				l.wait()
				l.restartGateway()
			}
			again := l.fileAs(raw, "k-1")
			require.Equal(t, intake.Accepted, again.State)
			require.Equal(t, first.Receipt.TrackingNumber, again.Receipt.TrackingNumber)
			require.Equal(t, intake.KeyReused, l.fileAs(reporttest.Set(raw, "/content/commuting", "true"), "k-1").State)
			second := l.fileAs(raw, "k-2")
			require.Equal(t, intake.Accepted, second.State)
			require.NotEqual(t, first.ReportID, second.ReportID, "another key is another report")
		})
	}
}

// A race that two gateways both let pass: the first message in the log counts,
// whatever order the store gets them in, and the other one is shown as conflict.
func TestFirstOfARaceCounts(t *testing.T) {
	l := newLine(t)
	raw := reporttest.Valid(report.AnnexXII)
	first := l.accept(raw)
	l.restartGateway() // remembers nothing, and the store may not have it yet
	other := l.file(reporttest.Set(raw, "/content/damage/days_off", "79"))
	revisions := l.settled(first.ReportID)
	require.Equal(t, first.Receipt.TrackingNumber, revisions[0].Tracking)
	require.Equal(t, store.StateStored, revisions[0].State)
	if other.State == intake.Accepted {
		require.Len(t, revisions, 2)
		require.Equal(t, store.StateConflict, revisions[1].State)
	}
	var days uint64
	require.NoError(t, l.store.Conn().QueryRow(t.Context(), "SELECT days_off FROM annex_xii FINAL").Scan(&days))
	require.NotEqual(t, uint64(79), days)
}

// The same race with another year: the loser would lie in another partition of
// its table, where the version decides nothing.
func TestLoserOfAnotherYearCountsNowhere(t *testing.T) {
	l := newLine(t)
	raw := reporttest.Valid(report.AccidentDeclaration)
	first := l.accept(raw)
	l.wait()
	l.restartGateway()
	l.gateway.Ledger = outage{}
	l.accept(earlier(raw))
	revisions := l.settled(first.ReportID)
	require.Len(t, revisions, 2)
	require.Equal(t, store.StateStored, revisions[0].State)
	require.Equal(t, first.Receipt.TrackingNumber, revisions[0].Tracking)
	require.Equal(t, store.StateConflict, revisions[1].State)
	cells, err := l.store.Cells(access.System(t.Context()), store.CellQuery{
		Measures: []string{"declared_accidents"}, From: 2020, To: 2026, Span: store.Span("Y"), Basis: store.Live,
		GroupBy: []store.Dim{store.ByYear}, Geography: store.AsReported(),
	})
	require.NoError(t, err)
	require.Len(t, cells, 1)
	require.Equal(t, 2026, cells[0].Year)
	require.Equal(t, int64(1), cells[0].Value)
}

// earlier moves the example accident to 2024, with the lists of that time.
func earlier(raw []byte) []byte {
	for pointer, value := range map[string]string{
		"/content/occurred_at": `"2024-05-05T14:30:00+07:00"`, "/content/victims/0/died_on": `"2024-05-05"`,
		"/content/reporter/province": `{"list":"63","code":"01"}`, "/content/place/province": `{"list":"63","code":"27"}`,
		"/content/industry": `{"version":"2018","code":"F4210"}`,
	} {
		raw = reporttest.Set(raw, pointer, value)
	}
	return raw
}

// outage is a store that does not answer.
type outage struct{}

func (outage) Known(context.Context, []store.Key) (map[store.Key]*store.Known, error) {
	return nil, errors.New("down")
}

func (outage) ByRequest(context.Context, []uuid.UUID) (map[uuid.UUID][]store.Requested, error) {
	return nil, errors.New("down")
}

func (outage) Filers(context.Context, []uuid.UUID) (map[uuid.UUID]store.Filer, error) {
	return nil, errors.New("down")
}

// A report near the limit of bytes grows when pseudonyms are added; what was
// accepted must still be stored.
func TestLargestReportIsStored(t *testing.T) {
	l := newLine(t)
	raw := reporttest.Valid(report.AccidentDeclaration)
	for i := 2; len(raw) < report.MaxBytes-2000 && i < 500; i++ {
		raw = reporttest.Set(raw, "/content/victims/-", fmt.Sprintf(
			`{"name":"Nguyễn Thị %d","birth_year":"1990","sex":"female","employment":"contract","under_management":true,"severity":"serious","injuries":[%s"011"]}`,
			i, strings.Repeat(`"011",`, 45)))
	}
	require.Greater(t, len(raw), 200_000)
	out := l.accept(raw)
	require.Len(t, l.settled(out.ReportID), 1)
}

// Nothing that a person could be known by is in a message or a row outside the
// ciphertext.
func TestNothingPersonalOnTheWay(t *testing.T) {
	l := newLine(t)
	raw := reporttest.Valid(report.AccidentDeclaration)
	raw = reporttest.Set(raw, "/content/victims/0/name", `"MARKERNAME Văn A"`)
	raw = reporttest.Set(raw, "/content/summary", `"MARKERSUMMARY ngã từ giàn giáo"`)
	out := l.accept(raw)
	l.settled(out.ReportID)

	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: l.brokers, Topic: queue.ReportsTopic,
		Partition: queue.PartitionOf([]byte(out.ReportID.String()), partitions), MaxWait: 50 * time.Millisecond,
	})
	defer func() { require.NoError(t, reader.Close()) }()
	m, err := reader.FetchMessage(t.Context())
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprintf("%s %s %v", m.Key, m.Value, m.Headers), "MARKER")

	var payload, sealed, key string
	row := l.store.Conn().QueryRow(t.Context(), "SELECT payload, sealed, sealed_key FROM report_log")
	require.NoError(t, row.Scan(&payload, &sealed, &key))
	require.NotContains(t, payload+sealed, "MARKER")
	text, err := l.keys.Unseal(key, []byte(sealed), seal.AAD(out.ReportID, 1))
	require.NoError(t, err)
	back, err := report.Stored{Kind: report.AccidentDeclaration, Content: []byte(payload), Opened: text}.Read()
	require.NoError(t, err)
	require.Contains(t, string(back.Document), "MARKERSUMMARY", "those entitled can read it")
}

// What nobody but a faulty program writes into the topic becomes a dead letter
// with its reason and its bytes, and the reports around it are stored.
func TestPoisonDelaysNobody(t *testing.T) {
	l := newLine(t)
	before := l.accept(reporttest.Valid(report.AnnexXII))
	l.wait()

	event := queue.Event{
		ReportID: uuid.Must(uuid.NewV7()), Revision: 1, Kind: report.AnnexXII, StatYear: 2026, Period: "2026H1",
		Unit: "x/0", SubmittedBy: "test", FiledAt: time.Now(), ReceivedAt: time.Now(), Tracking: "TN-X",
		RulesVersion: "1", Content: []byte(`{"period":"2026H1","unknown":1}`),
	}
	wrongSchema := mustEncode(t, event)
	bomb := mustEncode(t, event)
	bomb.Value = []byte(`{"content":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + `}`)
	invalid := mustEncode(t, event)
	invalid.Value = []byte("{\"content\":{\"period\":\"\xff\xfe\"}}")
	oversized := kafka.Message{Key: []byte("big"), Value: bytes.Repeat([]byte("x"), 900_000)}
	astray := mustEncode(t, event)
	home := queue.PartitionOf(astray.Key, partitions)
	stolen := event
	stolen.ReportID, stolen.Revision, stolen.Period = before.ReportID, 2, "2024"
	stolen.Content = []byte("{}")
	stolen.Kind = report.DiseaseReport

	poison := []kafka.Message{{Key: []byte("p"), Value: []byte("poison")}, oversized, invalid, bomb, wrongSchema, mustEncode(t, stolen)}
	for i := range poison {
		poison[i].Partition = queue.PartitionOf(poison[i].Key, partitions)
	}
	astray.Partition = (home + 1) % partitions
	poison = append(poison, astray)
	writer := &kafka.Writer{
		Addr: kafka.TCP(l.brokers...), Topic: queue.ReportsTopic, RequiredAcks: kafka.RequireAll, BatchSize: 1, BatchBytes: 1 << 20,
		Balancer: kafka.BalancerFunc(func(m kafka.Message, _ ...int) int { return m.Partition }),
	}
	defer func() {
		require.NoError(t, writer.Close())
		kafka.DefaultTransport.(*kafka.Transport).CloseIdleConnections()
	}()
	for _, m := range poison {
		partition := m.Partition
		writer.Balancer = kafka.BalancerFunc(func(kafka.Message, ...int) int { return partition })
		m.Partition = 0
		require.NoError(t, writer.WriteMessages(t.Context(), m))
	}
	after := l.accept(reporttest.Valid(report.DiseaseReport))
	require.Eventually(t, func() bool {
		revisions, err := l.store.Revisions(access.System(t.Context()), after.ReportID, store.Presented{})
		require.NoError(t, err)
		return len(revisions) == 1
	}, 2*time.Minute, 20*time.Millisecond)

	dead := kafka.NewReader(kafka.ReaderConfig{Brokers: l.brokers, Topic: queue.RejectedTopic, MaxWait: 50 * time.Millisecond, MaxBytes: 4 << 20})
	defer func() { require.NoError(t, dead.Close()) }()
	codes := map[string]int{}
	for range poison {
		m, err := dead.FetchMessage(t.Context())
		require.NoError(t, err)
		for _, h := range m.Headers {
			if h.Key == "atvsld_reason" {
				codes[string(h.Value)]++
			}
		}
		known := false
		for _, p := range poison {
			known = known || bytes.Equal(p.Value, m.Value)
		}
		require.True(t, known, "the original bytes are kept")
	}
	require.Equal(t, map[string]int{"EVT-001": 4, "EVT-002": 1, "EVT-003": 2}, codes)
	require.Len(t, l.settledLoosely(before.ReportID), 1)
}

func (l *line) settledLoosely(id uuid.UUID) []store.Revision {
	l.t.Helper()
	revisions, err := l.store.Revisions(access.System(l.t.Context()), id, store.Presented{})
	require.NoError(l.t, err)
	return revisions
}

func mustEncode(t *testing.T, e queue.Event) kafka.Message {
	t.Helper()
	m, err := queue.Encode(e)
	require.NoError(t, err)
	return m
}
