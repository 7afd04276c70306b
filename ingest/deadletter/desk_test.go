package deadletter_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
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
	l.desk = l.deskWith(queue.NewReplayer(l.brokers, partitions))
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
	c.Brokers, c.Partitions = l.brokers, partitions
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

// letter waits until the sink has rejected the message at a position, and sees to it
// that the store has the letter.
func (l *line) letter(at store.Position) store.StoredLetter {
	l.t.Helper()
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: l.brokers, Topic: queue.RejectedTopic, MaxBytes: 4 << 20, MaxWait: 100 * time.Millisecond})
	defer func() { require.NoError(l.t, r.Close()) }()
	for {
		m, err := r.ReadMessage(l.t.Context())
		require.NoError(l.t, err)
		if letter := rejected(m); letter.Partition == at.Partition && letter.Offset == at.Offset {
			letter.Epoch = l.epoch
			require.NoError(l.t, l.store.InsertDeadLetters(l.t.Context(), uuid.NewString(), []store.DeadLetter{letter}))
			break
		}
	}
	stored, err := l.desk.Letter(l.t.Context(), at)
	require.NoError(l.t, err)
	return stored
}

// rejected reads a dead letter of the topic.
func rejected(m kafka.Message) store.DeadLetter {
	l := store.DeadLetter{Key: m.Key, Value: m.Value, LoggedAt: time.UnixMilli(m.Time.UnixMilli())}
	for _, h := range m.Headers {
		value := string(h.Value)
		switch h.Key {
		case "atvsld_reason":
			l.Code = value
		case "atvsld_detail":
			l.Detail = value
		case "atvsld_partition":
			n, _ := strconv.ParseUint(value, 10, 16)
			l.Partition = uint16(n)
		case "atvsld_offset":
			l.Offset, _ = strconv.ParseUint(value, 10, 64)
		case "atvsld_topic":
		default:
			l.HeaderNames, l.HeaderValues = append(l.HeaderNames, h.Key), append(l.HeaderValues, value)
		}
	}
	return l
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
	out := gateway.Submit(l.t.Context(), intake.Principal{ID: "test"}, []intake.Item{{Raw: raw}})[0]
	require.Equal(l.t, intake.Accepted, out.State)
	m, err := queue.Encode(written[0])
	require.NoError(l.t, err)
	return out.ReportID, m
}

func (l *line) revisions(id uuid.UUID) []store.Revision {
	l.t.Helper()
	revisions, err := l.store.Revisions(l.t.Context(), id)
	require.NoError(l.t, err)
	return revisions
}

func (l *line) wait(what func() bool) {
	l.t.Helper()
	require.Eventually(l.t, what, 30*time.Second, 20*time.Millisecond)
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

// A report that lay on the wrong partition is found, replayed, gets home and counts
// once, however often it is replayed.
func TestALetterGetsHome(t *testing.T) {
	l := newLine(t)
	l.startSink()
	id, m := l.accepted(reporttest.Valid(report.DiseaseReport))
	home := queue.PartitionOf(m.Key, partitions)
	at := l.put(m, (home+1)%partitions)
	letter := l.letter(at)
	require.Equal(t, "EVT-002", letter.Code)
	require.Equal(t, m.Value, letter.Value)
	require.Empty(t, l.revisions(id))

	page, more, err := l.desk.List(t.Context(), store.LetterFilter{States: []store.LetterState{store.LetterOpen}, Limit: 10})
	require.NoError(t, err)
	require.False(t, more)
	require.Len(t, page, 1)
	require.Equal(t, at, page[0].Position)
	require.Equal(t, id.String(), page[0].ReportID)

	letter, err = l.desk.Replay(t.Context(), at, officer)
	require.NoError(t, err)
	require.Equal(t, store.LetterReplayed, letter.State)
	require.Equal(t, []string{store.ActReplay, store.ActReplayed}, acts(letter))
	to := letter.Acts[1].To
	require.Equal(t, uint16(home), to.Partition)
	l.wait(func() bool { return len(l.revisions(id)) == 1 })
	stored := l.revisions(id)[0]
	require.Equal(t, store.StateStored, stored.State)
	require.Equal(t, *to, stored.Position, "it lies where the record says")

	again, err := l.desk.Replay(t.Context(), at, officer)
	require.NoError(t, err)
	require.Len(t, again.Acts, 4)
	require.Greater(t, again.Acts[3].To.Offset, to.Offset)
	l.wait(func() bool { return l.revisions(id)[0].Copies == 2 })
	require.Len(t, l.revisions(id), 1)
	require.Equal(t, stored.Position, l.revisions(id)[0].Position, "the first copy is the one that counts")
	_, err = l.desk.Discard(t.Context(), at, officer)
	require.ErrorIs(t, err, deadletter.ErrDecided)

	counts, err := l.desk.Counts(t.Context())
	require.NoError(t, err)
	require.Equal(t, []store.LetterCount{{Code: "EVT-002", State: store.LetterReplayed, Letters: 1}}, counts)
}

// What cannot be stored after a replay either is a letter of its own that names the
// one it came from; and that one can be replayed in its turn, or discarded.
func TestPoisonStaysPoison(t *testing.T) {
	l := newLine(t)
	l.startSink()
	_, m := l.accepted(reporttest.Valid(report.DiseaseReport))
	m.Value = []byte("\xff no JSON")
	first := l.letter(l.put(m, queue.PartitionOf(m.Key, partitions)))
	require.Equal(t, "EVT-001", first.Code)
	came := first
	for range 2 {
		replayed, err := l.desk.Replay(t.Context(), came.Position, officer)
		require.NoError(t, err)
		next := l.letter(*replayed.Acts[1].To)
		require.Equal(t, "EVT-001", next.Code)
		require.Equal(t, first.Value, next.Value)
		last := len(next.HeaderNames) - 1
		require.Equal(t, queue.HeaderReplayOf, next.HeaderNames[last])
		require.Equal(t, came.ID(), next.HeaderValues[last])
		require.Len(t, next.HeaderNames, len(m.Headers)+1)
		came = next
	}
	discarded, err := l.desk.Discard(t.Context(), came.Position, officer)
	require.NoError(t, err)
	require.Equal(t, store.LetterDiscarded, discarded.State)
	require.Equal(t, officer.Reason, discarded.Acts[0].Reason)
	stored, err := l.desk.Letter(t.Context(), came.Position)
	require.NoError(t, err)
	require.Equal(t, discarded, stored)

	_, err = l.desk.Replay(t.Context(), came.Position, officer)
	require.ErrorIs(t, err, deadletter.ErrDecided)
	_, err = l.desk.Discard(t.Context(), came.Position, officer)
	require.ErrorIs(t, err, deadletter.ErrDecided)
	_, err = l.desk.Discard(t.Context(), store.Position{Epoch: l.epoch}, officer)
	require.ErrorIs(t, err, store.ErrNoLetter)
}

// A replay that did not come to its end leaves the decision on record and the letter
// as it was.
func TestReplayThatDoesNotEnd(t *testing.T) {
	l := newLine(t)
	at := l.keep(7)
	_, err := l.deskWith(nil).Replay(t.Context(), at, officer)
	require.ErrorIs(t, err, deadletter.ErrNoBroker)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err = l.deskWith(queue.NewReplayer([]string{"127.0.0.1:1"}, partitions)).Replay(ctx, at, officer)
	require.ErrorIs(t, err, queue.ErrUnconfirmed)
	letter, err := l.desk.Letter(t.Context(), at)
	require.NoError(t, err)
	require.Equal(t, store.LetterOpen, letter.State)
	require.Equal(t, []string{store.ActReplay}, acts(letter))
	require.Equal(t, officer.By, letter.Acts[0].By)

	letter, err = l.desk.Replay(t.Context(), at, officer)
	require.NoError(t, err)
	require.Equal(t, []string{store.ActReplay, store.ActReplay, store.ActReplayed}, acts(letter))
}

// A letter outlives its log: it is replayed into the one that is written to now.
func TestReplayIntoTheNextLog(t *testing.T) {
	l := newLine(t)
	now := l.epoch
	l.epoch = uuid.New() // of a log before
	at := l.keep(3)
	letter, err := l.desk.Replay(t.Context(), at, officer)
	require.NoError(t, err)
	require.Equal(t, now, letter.Acts[1].To.Epoch)
}

// Of officers who decide at the same moment each is told the truth, and the record
// holds what happened.
func TestOfficersAtOnce(t *testing.T) {
	l := newLine(t)
	for round := range 5 {
		at := l.keep(uint64(round))
		var wg sync.WaitGroup
		var replayed, discarded [3]error
		for i := range 3 {
			wg.Go(func() { _, replayed[i] = l.desk.Replay(t.Context(), at, officer) })
			wg.Go(func() { _, discarded[i] = l.desk.Discard(t.Context(), at, officer) })
		}
		wg.Wait()
		letter, err := l.desk.Letter(t.Context(), at)
		require.NoError(t, err)
		want := map[string]int{}
		for i := range 3 {
			want[store.ActReplayed] += won(t, replayed[i])
			want[store.ActDiscarded] += won(t, discarded[i])
		}
		got := map[string]int{store.ActReplayed: 0, store.ActDiscarded: 0}
		for _, act := range acts(letter) {
			if act != store.ActReplay {
				got[act]++
			}
		}
		require.Equal(t, want, got)
		require.LessOrEqual(t, got[store.ActDiscarded], 1)
		if got[store.ActReplayed] > 0 {
			require.Equal(t, store.LetterReplayed, letter.State, "what has happened has the last word")
		}
	}
}

func won(t *testing.T, err error) int {
	if err == nil {
		return 1
	}
	if !errors.Is(err, store.ErrActTaken) {
		require.ErrorIs(t, err, deadletter.ErrDecided)
	}
	return 0
}

func TestDecision(t *testing.T) {
	f := func(by, reason string, wrong ...string) {
		t.Helper()
		require.Equal(t, wrong, deadletter.Decision{By: by, Reason: reason}.Tidy().Wrong())
	}
	f("Trần Thị B", "dòng một\n\tdòng hai")
	f("", "", "by", "reason")
	f(" \n", "\t", "by", "reason")
	f("a\nb", "a\x00b", "by", "reason")
	f("\xff", "\xff", "by", "reason")
	f(strings.Repeat("ạ", deadletter.MaxName), strings.Repeat("ạ", deadletter.MaxReason))
	f(strings.Repeat("ạ", deadletter.MaxName+1), strings.Repeat("ạ", deadletter.MaxReason+1), "by", "reason")
	// Three ways to write the same.
	require.Equal(t, "\u1ea1", deadletter.Decision{By: " a\u0323 "}.Tidy().By)
}
