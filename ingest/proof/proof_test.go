package proof_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/intake"
	"atvsld/ingest/proof"
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

// line is a whole path on real engines, and a prover of it.
type line struct {
	t       *testing.T
	gateway *intake.Gateway
	store   *store.Store
	info    store.Info
	broker  *broker.Broker
	brokers []string
	admin   driver.Conn
	prover  *proof.Prover
	config  proof.Config
}

func newLine(t *testing.T) *line {
	t.Helper()
	l := &line{t: t, broker: startBroker(t)}
	l.brokers = l.broker.Addrs()
	config := shared.Config(t)
	l.store = storetest.Open(t, config)
	require.NoError(t, l.store.Migrate(t.Context()))
	var err error
	l.info, err = l.store.Init(t.Context(), false)
	require.NoError(t, err)
	options, err := clickhouse.ParseDSN(config.DSN)
	require.NoError(t, err)
	l.admin, err = clickhouse.Open(options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.admin.Close()) })
	l.startGateway()
	l.config = proof.Default()
	l.config.Brokers, l.config.Partitions = queue.At(l.brokers...), partitions
	l.prover = proof.New(l.config, l.store, l.info.Epoch, slog.New(slog.DiscardHandler))
	return l
}

func startBroker(t *testing.T) *broker.Broker {
	t.Helper()
	c := broker.Default()
	c.DataDir, c.Logger = t.TempDir(), slog.New(slog.DiscardHandler)
	for _, topic := range queue.Topics(partitions, time.Hour) {
		c.Topics = append(c.Topics, broker.Topic{Name: topic.Name, Partitions: int32(topic.Partitions), Config: topic.Config})
	}
	b, err := broker.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func (l *line) startGateway() {
	l.t.Helper()
	keys, err := seal.Open(l.t.TempDir() + "/keys")
	require.NoError(l.t, err)
	signer, err := receipt.NewSigner("test", keys.ReceiptKey(), time.Now)
	require.NoError(l.t, err)
	producer := queue.NewProducer(queue.At(l.brokers...), queue.DefaultProducer())
	l.t.Cleanup(func() { require.NoError(l.t, producer.Close()) })
	l.gateway = intake.New(intake.Deps{
		Keys: keys, Signer: signer, Producer: producer, Ledger: l.store, Seeds: seeds.Default(),
		Log: slog.New(slog.DiscardHandler), Clock: reporttest.Now, StatusPath: "/v1/reports/",
	})
}

func (l *line) startSink() {
	l.t.Helper()
	c := sink.Default()
	c.Brokers, c.Partitions = queue.At(l.brokers...), partitions
	s := sink.New(c, l.store, l.info.Epoch, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	l.t.Cleanup(func() { cancel(); require.NoError(l.t, <-done) })
}

func (l *line) file(raw []byte) uuid.UUID {
	l.t.Helper()
	out := l.gateway.Submit(l.t.Context(), intake.Principal{Caller: access.Caller{ID: "test", Role: access.Operator}}, []intake.Item{{Raw: raw}})[0]
	require.Equal(l.t, intake.Accepted, out.State, "%v", out.Findings)
	return out.ReportID
}

// annex is Annex XII of the n-th site of an enterprise.
func annex(n int) []byte {
	return reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/site", strconv.Quote(strconv.Itoa(n)))
}

// committed waits until everything in the log is stored and committed.
func (l *line) committed() {
	l.t.Helper()
	require.Eventually(l.t, func() bool {
		extents, err := queue.Extents(l.t.Context(), queue.At(l.brokers...), partitions)
		require.NoError(l.t, err)
		for _, e := range extents {
			if e.End > 0 && e.Committed != e.End {
				return false
			}
		}
		return true
	}, 2*time.Minute, 20*time.Millisecond)
}

func (l *line) verify(r proof.Request) proof.Report {
	l.t.Helper()
	found, err := l.prover.Verify(l.t.Context(), r)
	require.NoError(l.t, err)
	return found
}

func (l *line) exec(statement string) {
	l.t.Helper()
	l.run(statement + " SETTINGS mutations_sync = 2, async_insert = 0")
}

func (l *line) run(statement string) {
	l.t.Helper()
	require.NoError(l.t, l.admin.Exec(l.t.Context(), statement))
}

func (l *line) delete(table string, id uuid.UUID) {
	l.t.Helper()
	l.exec(fmt.Sprintf("ALTER TABLE %s DELETE WHERE report_id = %s", table, number(id)))
}

func number(id uuid.UUID) string {
	return fmt.Sprintf("reinterpretAsUInt128(reverse(unhex('%x')))", id[:])
}

// life files a life of reports: every kind, an amendment, a withdrawal, a repeat, and
// enough of one kind for every partition.
func (l *line) life() (annexes []uuid.UUID, messages uint64) {
	l.t.Helper()
	for _, d := range report.Definitions() {
		l.file(reporttest.Valid(d.Kind))
		messages++
	}
	for n := range 12 {
		annexes = append(annexes, l.file(annex(n+1)))
		messages++
	}
	l.committed()
	amended := reporttest.Set(reporttest.Set(annex(1), "/revision", "2"), "/reason", `"sai"`)
	l.file(reporttest.Set(amended, "/content/damage/days_off", "77"))
	l.file(fmt.Appendf(nil, `{"kind":"annex_xii","report_id":%q,"revision":2,"withdrawn":true,"reason":"nộp nhầm"}`, annexes[1]))
	l.committed()
	return annexes, messages + 2
}

func TestWholePathIsClean(t *testing.T) {
	l := newLine(t)
	empty := l.verify(proof.Request{Figures: true})
	require.True(t, empty.Totals.Clean())
	require.Equal(t, "0 missing, 0 duplicate, 0 overlapping, 0 drifting", empty.Totals.String())

	l.startSink()
	_, messages := l.life()
	found := l.verify(proof.Request{Figures: true})
	require.True(t, found.Totals.Clean(), "%+v", found)
	require.Len(t, found.Partitions, partitions)
	var accepted, stored uint64
	for _, p := range found.Partitions {
		accepted += p.Accepted
		stored += p.Stored
		require.Zero(t, p.Unstored)
		require.Zero(t, p.LagSeconds)
		require.Equal(t, p.End, p.Committed)
	}
	require.Equal(t, messages, accepted)
	require.Equal(t, messages, stored)
	require.NotZero(t, found.Figures.Cells)
	require.Zero(t, l.databases("scratch"), "the scratch database is dropped")
}

func (l *line) databases(name string) (n uint64) {
	l.t.Helper()
	row := l.admin.QueryRow(l.t.Context(), "SELECT count() FROM system.databases WHERE startsWith(name, concat(currentDatabase(), '_')) AND position(name, '"+name+"') > 0")
	require.NoError(l.t, row.Scan(&n))
	return n
}

// What has gone wrong in a real store is found, whatever it is.
func TestFaultsAreFound(t *testing.T) {
	// One line for all: what was spoilt is put back, for another line would be stored and filed again.
	whole := newLine(t)
	whole.startSink()
	annexes, _ := whole.life()
	tables := []string{"report_log", "annex_xii"}
	for _, table := range tables {
		whole.run("CREATE TABLE kept_" + table + " AS " + table)
		whole.run("INSERT INTO kept_" + table + " SELECT * FROM " + table)
	}
	f := func(name string, spoil func(l *line, id uuid.UUID), want proof.Totals, figures bool) {
		t.Run(name, func(t *testing.T) {
			l := *whole
			l.t = t
			spoil(&l, annexes[5])
			found := l.verify(proof.Request{Figures: true})
			require.Equal(t, figures, found.Figures.Different > 0, "%+v", found.Figures)
			require.Equal(t, want.Drifting, found.Drifting)
			want.Drifting += found.Figures.Different
			if want.Overlapping > 0 {
				want.Overlapping = max(want.Overlapping, found.Totals.Overlapping) // the next range may begin in it as well
			}
			require.Equal(t, want, found.Totals)
			for _, table := range tables {
				l.run("TRUNCATE TABLE " + table)
				l.run("INSERT INTO " + table + " SELECT * FROM kept_" + table + " SETTINGS insert_deduplicate = 0")
			}
			require.True(t, l.verify(proof.Request{}).Totals.Clean(), "the line is whole again")
		})
	}
	f("a revision is gone", func(l *line, id uuid.UUID) { l.delete("report_log", id) }, proof.Totals{Missing: 1, Drifting: 1}, true)
	f("a current row is gone", func(l *line, id uuid.UUID) { l.delete("annex_xii", id) }, proof.Totals{Drifting: 1}, true)
	f("a current row has other content", func(l *line, id uuid.UUID) {
		l.exec("ALTER TABLE annex_xii UPDATE accidents = accidents + 7 WHERE report_id = " + number(id))
	}, proof.Totals{}, true)
	f("a row twice", func(l *line, id uuid.UUID) {
		l.exec("INSERT INTO report_log SELECT * FROM report_log WHERE report_id = " + number(id))
	}, proof.Totals{Duplicate: 1}, false)
	f("a row twice, in ranges that overlap", func(l *line, id uuid.UUID) {
		l.exec("INSERT INTO report_log SELECT * REPLACE (range_high + 1 AS range_high) FROM report_log WHERE report_id = " + number(id))
	}, proof.Totals{Duplicate: 1, Overlapping: 1}, false)
}

func TestAPartOfTheLog(t *testing.T) {
	l := newLine(t)
	l.startSink()
	annexes, _ := l.life()
	var partition uint16
	var offset uint64
	row := l.admin.QueryRow(t.Context(), "SELECT kafka_partition, kafka_offset FROM report_log WHERE report_id = "+number(annexes[5]))
	require.NoError(t, row.Scan(&partition, &offset))
	l.delete("report_log", annexes[5])

	number, at := int(partition), int64(offset)
	found := l.verify(proof.Request{Partition: &number, From: &at, To: &at})
	require.Len(t, found.Partitions, 1)
	require.Equal(t, uint64(1), found.Partitions[0].Missing)
	require.Equal(t, []proof.Offsets{{Low: offset, High: offset}}, found.Partitions[0].Gaps)
	require.Equal(t, annexes[5], found.Drifts[0].ReportID)
	require.Empty(t, found.Drifts[0].Logged)
	require.Equal(t, offset, found.Drifts[0].Current[0].Offset)

	other := (number + 1) % partitions
	require.Zero(t, l.verify(proof.Request{Partition: &other}).Totals.Missing)
	behind := at + 1
	require.Zero(t, l.verify(proof.Request{Partition: &number, From: &behind}).Totals.Missing)
	beyond := int64(1 << 30)
	require.Zero(t, l.verify(proof.Request{From: &beyond}).Partitions[0].Accepted)
}

func TestWhatIsNotStoredYetIsNoFault(t *testing.T) {
	l := newLine(t)
	for n := range 5 {
		l.file(annex(n + 1))
	}
	time.Sleep(20 * time.Millisecond)
	found := l.verify(proof.Request{})
	require.True(t, found.Totals.Clean())
	var unstored uint64
	var oldest float64
	for _, p := range found.Partitions {
		unstored += p.Unstored
		oldest = max(oldest, p.LagSeconds)
	}
	require.Equal(t, uint64(5), unstored)
	require.InDelta(t, 1, oldest, 0.999)
}

// A dead letter stands for its message.
func TestRejectedIsNotMissing(t *testing.T) {
	l := newLine(t)
	l.startSink()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	w := &kafka.Writer{Transport: transport, Addr: kafka.TCP(l.brokers...), Topic: queue.ReportsTopic, Balancer: kafka.BalancerFunc(func(kafka.Message, ...int) int { return 2 }), BatchSize: 1}
	require.NoError(t, w.WriteMessages(t.Context(), kafka.Message{Key: []byte("x"), Value: []byte("nothing")}))
	require.NoError(t, w.Close())
	l.committed()
	letter := store.DeadLetter{Position: store.Position{Epoch: l.info.Epoch, Partition: 2}, Code: "EVT-001", LoggedAt: time.Now()}
	require.NoError(t, l.store.InsertDeadLetters(t.Context(), "test", []store.DeadLetter{letter}))
	found := l.verify(proof.Request{})
	require.True(t, found.Totals.Clean(), "%+v", found)
	require.Equal(t, uint64(1), found.Partitions[2].Rejected)
}

func TestRequestsAreChecked(t *testing.T) {
	l := newLine(t)
	seven, three, negative := int64(7), int64(3), int64(-1)
	nine := 9
	_, err := l.prover.Verify(t.Context(), proof.Request{Partition: &nine, From: &seven, To: &three})
	require.ErrorIs(t, err, proof.ErrRequest)
	require.ErrorContains(t, err, "partition 9 is not from 0 to 3")
	require.ErrorContains(t, err, "from 7 is behind to 3")
	_, err = l.prover.Verify(t.Context(), proof.Request{From: &negative})
	require.ErrorIs(t, err, proof.ErrRequest)
	require.Error(t, proof.Config{}.Validate())
	require.NoError(t, l.config.Validate())
}

// In service: a fault shows in health and metrics, and is gone when it is mended.
func TestRunFindsAndForgets(t *testing.T) {
	l := newLine(t)
	l.startSink()
	annexes, messages := l.life()
	c := l.config
	c.Every, c.SliceRows, c.SliceOffsets = 20*time.Millisecond, 7, 3
	p := proof.New(c, l.store, l.info.Epoch, slog.New(slog.DiscardHandler))
	registry := prometheus.NewRegistry()
	p.Register(registry)
	families, err := registry.Gather()
	require.NoError(t, err)
	require.Empty(t, families, "nothing is claimed before the first round")
	require.NoError(t, p.Check())
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { p.Run(ctx) })
	defer running.Wait()
	defer cancel()
	eventually := func(want error) {
		t.Helper()
		require.Eventually(t, func() bool {
			err := p.Check()
			return !p.Latest().ProvenAt.IsZero() && (want == nil && err == nil || want != nil && errors.Is(err, want))
		}, time.Minute, 20*time.Millisecond)
	}
	eventually(nil)
	require.InDelta(t, messages, sum(t, registry, "atvsld_proof_stored"), 0)
	require.InDelta(t, messages, sum(t, registry, "atvsld_proof_accepted"), 0)
	require.Zero(t, sum(t, registry, "atvsld_proof_missing_offsets"))
	require.InDelta(t, float64(time.Now().Unix()), sum(t, registry, "atvsld_proof_last_success_timestamp_seconds"), 60)

	l.exec("CREATE TABLE kept AS annex_xii")
	l.exec("INSERT INTO kept SELECT * FROM annex_xii WHERE report_id = " + number(annexes[3]))
	l.delete("annex_xii", annexes[3])
	eventually(proof.ErrDrift)
	require.NotZero(t, sum(t, registry, "atvsld_proof_drift_reports"))
	l.exec("INSERT INTO annex_xii SELECT * FROM kept")
	eventually(nil)

	l.exec("INSERT INTO report_log SELECT * REPLACE (range_high + 1 AS range_high) FROM report_log WHERE report_id = " + number(annexes[4]))
	eventually(proof.ErrDuplicate)
	require.Eventually(t, func() bool { return sum(t, registry, "atvsld_proof_overlapping_ranges") > 0 }, time.Minute, 20*time.Millisecond)
	l.delete("report_log", annexes[4])
	eventually(proof.ErrMissing)
}

func sum(t *testing.T, registry *prometheus.Registry, name string) (total float64) {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			total += m.GetGauge().GetValue()
		}
	}
	return total
}

// Reports that come while figures are recomputed are no difference.
func TestFiguresWhileReportsAreStored(t *testing.T) {
	l := newLine(t)
	l.startSink()
	l.life()
	var filing sync.WaitGroup
	filing.Go(func() {
		for n := range 40 {
			l.file(annex(100 + n))
		}
	})
	found, err := l.prover.Verify(t.Context(), proof.Request{Figures: true})
	filing.Wait()
	if !errors.Is(err, proof.ErrMoving) {
		require.NoError(t, err)
		require.True(t, found.Totals.Clean(), "%+v", found.Figures)
	}
	l.committed()
	require.True(t, l.verify(proof.Request{Figures: true}).Totals.Clean())
}
