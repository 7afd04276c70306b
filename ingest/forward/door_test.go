package forward_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/forward"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// Every kind goes the whole way: filed through the inbox, stored, answered with a
// receipt of the undivided submission.
func TestEveryKindGoesThrough(t *testing.T) { newLine(t).carriesEveryKind() }

func (l *line) carriesEveryKind() {
	t := l.t
	t.Helper()
	l.start(l.gateway(l.store))
	l.startSink()
	var messages []kafka.Message
	for _, d := range report.Definitions() {
		messages = append(messages, l.sender.Message("file-"+string(d.Kind), keyOf(d.Kind), reporttest.Valid(d.Kind)))
	}
	l.send(messages...)
	for _, o := range l.outcomes("a", len(messages)) {
		require.Equal(t, forward.Accepted, o.State, o.codes())
		require.Equal(t, "file-"+string(o.Kind), o.Cause.ID)
		require.Equal(t, keyOf(o.Kind), string(o.message.Key))
		sum, err := report.SHA256(reporttest.Valid(o.Kind))
		require.NoError(t, err)
		require.Equal(t, receipt.Digest(sum), o.Receipt.SHA256)
		found := l.revisions(*o.ReportID, 1)
		require.Equal(t, o.Receipt.TrackingNumber, found[0].Tracking)
		require.Equal(t, store.StateStored, found[0].State)
	}
	require.Equal(t, 1, l.count("atvsld_forwarder_outcomes_total"))
}

// The outcomes of one report are in the order of its revisions, and each says what the
// HTTP interface would say.
func TestOutcomes(t *testing.T) {
	l := newLine(t)
	l.start(l.gateway(l.store), func(c *forward.Config) { c.Patience = 500 * time.Millisecond })
	l.startSink()
	whole, key := reporttest.Valid(report.AnnexXII), keyOf(report.AnnexXII)
	amended := func(revision int, daysOff string) []byte {
		raw := reporttest.Set(whole, "/revision", strconv.Itoa(revision))
		return reporttest.Set(reporttest.Set(raw, "/reason", `"sai số"`), "/content/damage/days_off", daysOff)
	}
	steps := []struct {
		id    string
		raw   []byte
		state forward.State
		codes string
	}{
		{"1", whole, forward.Accepted, ""},
		{"2", amended(2, "77"), forward.Accepted, ""},
		{"2", amended(2, "77"), forward.Accepted, ""},      // sent again
		{"again", amended(2, "77"), forward.Accepted, ""},  // filed again
		{"2", amended(3, "78"), forward.Reused, "GWY-008"}, // the name of another
		{"3", amended(2, "78"), forward.Conflict, "GWY-004"},
		{"4", amended(9, "78"), forward.Stale, "GWY-005"},
		{"5", amended(3, "1.5"), forward.Refused, "ENV-007"},
		{"6", reporttest.Set(amended(3, "78"), "/content/MARK", "1"), forward.Refused, "*"},
		{"paper", reporttest.Set(amended(3, "78"), "/paper", `{"received_on":"2026-01-07","entered_by":"MARK"}`), forward.Refused, "GWY-011"},
		{"7", amended(3, "78"), forward.Accepted, ""},
	}
	for _, s := range steps {
		l.send(l.sender.Message(s.id, key, s.raw))
	}
	all := l.outcomes("a", len(steps))
	require.Len(t, all, len(steps))
	for i, s := range steps {
		o := all[i]
		require.Equal(t, s.id, o.Cause.ID)
		require.Equal(t, s.state, o.State, "%s: %v", s.id, o.Errors)
		if s.state == forward.Accepted {
			require.NotNil(t, o.Receipt)
			require.Empty(t, o.Errors)
			continue
		}
		require.Nil(t, o.Receipt)
		if strings.HasPrefix(s.codes, "GWY") {
			require.Equal(t, s.codes, strings.Join(o.codes(), " "), s.id)
		}
		require.NotEmpty(t, o.Errors, s.id)
	}
	require.False(t, all[1].Replayed)
	require.True(t, all[2].Replayed)
	require.Equal(t, all[1].Receipt.TrackingNumber, all[3].Receipt.TrackingNumber)
	require.NotEqual(t, all[1].id, all[2].id, "two messages, two answers")
	require.EqualValues(t, 2, all[5].CurrentRevision)
	require.Len(t, l.revisions(*all[0].ReportID, 3), 3)
}

// Nothing that an integrator sends wrongly stops those behind it.
func TestMalformedMessagesDoNotBlock(t *testing.T) {
	l := newLine(t)
	l.start(l.gateway(l.store))
	whole, key := reporttest.Valid(report.AccidentDeclaration), keyOf(report.AccidentDeclaration)
	b := sender("b", l.keys)
	broken := []kafka.Message{
		{Topic: forward.InboxTopic("a")}, {Topic: forward.InboxTopic("a"), Key: []byte(key)},
		{Topic: forward.InboxTopic("a"), Key: []byte("x"), Value: []byte("{")},
		l.sender.Open("x", key, whole), l.sender.Open("y", key, []byte("{}")),
		l.sender.Open("z", key, []byte(strings.Repeat("[", 100_000))),
		l.sender.Open("names", key, manyNames(key)),
	}
	moved := b.Message("1", key, whole)
	moved.Topic = forward.InboxTopic("a")
	l.send(append(broken, moved, l.sender.Message("good", key, whole))...)
	all := l.outcomes("a", len(broken)+2)
	states := map[forward.State]int{}
	for _, o := range all {
		require.Equal(t, o.Cause.Partition, o.message.Partition, "beside its cause")
		states[o.State]++
		if o.Cause.ID == "good" {
			require.Equal(t, forward.Accepted, o.State, o.codes())
		}
	}
	require.Equal(t, map[forward.State]int{forward.Refused: len(broken) + 1, forward.Accepted: 1}, states)
	l.send(b.Message("1", key, reporttest.Set(whole, "/content/summary", `"khác"`)))
	require.Equal(t, forward.Conflict, l.outcomes("b", 1)[0].State, "the other integrator has its own door to the same reports")
}

// manyNames is a document whose findings quote as much as they can.
func manyNames(key string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `{"kind":"accident_declaration","report_id":%q,"content":{"victims":[{`, key)
	for i := range 150 {
		fmt.Fprintf(&b, `"%d%s":1,`, i, strings.Repeat(`\u0001`, 250))
	}
	b.WriteString(`"name":null}]}}`)
	return []byte(b.String())
}

// marks are personal texts that must be found nowhere but in the letter.
var marks = map[string]string{
	"/content/reporter/name": "MARKCONGTY", "/content/reporter/address": "MARKDIACHI", "/content/reporter/phone": "MARKPHONE",
	"/content/summary": "MARKSUMMARY", "/content/place/text": "MARKPLACE", "/content/victims/0/name": "MARKVICTIM",
	"/content/victims/0/id_number": "001085099999", "/content/victims/1/name": "MARKSECOND", "/reason": "MARKREASON",
}

// Personal texts are in no topic, table or log, whether the message was right or wrong.
func TestNothingPersonalGetsOut(t *testing.T) {
	l := newLine(t)
	l.start(l.gateway(l.store))
	l.startSink()
	whole, key := reporttest.Valid(report.AccidentDeclaration), keyOf(report.AccidentDeclaration)
	for pointer, mark := range marks {
		whole = reporttest.Set(whole, pointer, `"`+mark+`"`)
	}
	messages := []kafka.Message{
		l.sender.Message("good", key, whole),
		l.sender.Open("clear", key, whole),
		l.sender.Open("clear", "MARKVICTIM", whole),
		l.sender.Open("MARK VICTIM", key, whole),
		l.sender.Open("broken", key, whole[:len(whole)-2]),
		l.sender.Message("refused", key, reporttest.Set(whole, "/content/victims/0/id_number", `"MARKVICTIM"`)),
		l.sender.Message("kind", key, reporttest.Set(whole, "/kind", `"MARKVICTIM"`)),
		l.sender.Open("letter", key, reporttest.Set(reporttest.Valid(report.AnnexXII), "/private", `"MARKVICTIM"`)),
	}
	// A name where a code belongs: refused or not, it is not repeated.
	for _, pointer := range []string{
		"/content/cause", "/content/reporter/type", "/content/reporter/tax_code", "/content/reporter/province/code", "/content/occurred_at",
		"/content/industry/code", "/content/victims/0/sex", "/content/victims/0/died_on", "/content/victims/0/employment", "/content/place/province/list",
		"/report_id", "/revision", "/acknowledge", "/withdrawn", "/received_at",
	} {
		messages = append(messages, l.sender.Message("at"+pointer, key, reporttest.Set(whole, pointer, `"MARKVICTIM"`)))
	}
	l.send(messages...)
	found := l.outcomes("a", len(messages))
	require.Len(t, found, len(messages))
	var reportID uuid.UUID
	for _, o := range found {
		text := string(o.message.Key) + string(o.message.Value) + fmt.Sprint(o.message.Headers)
		for _, mark := range marks {
			require.NotContains(t, text, mark, o.Cause.ID)
		}
		if o.Cause.ID == "good" {
			require.Equal(t, forward.Accepted, o.State, o.codes())
			reportID = *o.ReportID
			continue
		}
		require.NotEqual(t, forward.Accepted, o.State, o.Cause.ID)
	}
	l.revisions(reportID, 1)
	var logged strings.Builder
	logged.WriteString(l.log.text())
	for _, topic := range []string{queue.ReportsTopic, queue.RejectedTopic} {
		n := map[string]int{queue.ReportsTopic: 1}[topic]
		for _, m := range l.read(topic, n) {
			fmt.Fprintf(&logged, "%s %s %s", m.Key, m.Value, m.Headers)
		}
	}
	var stored string
	row := l.store.Conn().QueryRow(t.Context(), "SELECT toString(groupArray(tuple(*))) FROM report_log")
	require.NoError(t, row.Scan(&stored))
	row = l.store.Conn().QueryRow(t.Context(), "SELECT toString(groupArray(tuple(*))) FROM accident_declaration")
	var current string
	require.NoError(t, row.Scan(&current))
	require.NotEmpty(t, stored)
	require.NotEmpty(t, current)
	for pointer, mark := range marks {
		for _, place := range []string{logged.String(), stored, current} {
			require.NotContains(t, place, mark, pointer)
		}
	}
}

// Whatever is delivered again, after whichever crash, gets the same receipt under the
// same outcome id, and nothing is stored twice.
func TestRedelivery(t *testing.T) {
	l := newLine(t)
	l.startSink()
	stop := l.start(l.gateway(l.store))
	whole, key := reporttest.Valid(report.AccidentDeclaration), keyOf(report.AccidentDeclaration)
	second := reporttest.Set(reporttest.Set(whole, "/revision", "2"), "/reason", `"bổ sung"`)
	l.send(l.sender.Message("1", key, whole), l.sender.Message("2", key, second), l.sender.Open("3", key, whole))
	l.outcomes("a", 3)
	l.revisions(uuid.MustParse(key), 2)
	stop()
	l.rewind()
	l.start(l.gateway(l.store)) // remembers nothing
	all := l.outcomes("a", 6)
	require.Len(t, all, 6)
	for i := range 3 {
		first, again := all[i], all[i+3]
		require.Equal(t, first.id, again.id)
		require.Equal(t, first.State, again.State)
		require.Equal(t, first.Cause, again.Cause)
		if first.State != forward.Accepted {
			continue
		}
		require.Equal(t, first.Receipt.TrackingNumber, again.Receipt.TrackingNumber)
		require.True(t, first.Receipt.ReceivedAt.Equal(again.Receipt.ReceivedAt))
		require.True(t, again.Replayed)
	}
	require.Len(t, l.revisions(uuid.MustParse(key), 2), 2)
}

// rewind takes back every commit, as if nobody had come to it.
func (l *line) rewind() {
	l.t.Helper()
	offsets := map[int]int64{}
	for p := range partitions {
		offsets[p] = 0
	}
	l.commit(offsets)
}

// commit sets the committed offsets of partitions of the inbox while nobody reads it.
func (l *line) commit(offsets map[int]int64) {
	l.t.Helper()
	client := &kafka.Client{Addr: kafka.TCP(l.brokers...), Transport: &kafka.Transport{}}
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	var commits []kafka.OffsetCommit
	for p, offset := range offsets {
		commits = append(commits, kafka.OffsetCommit{Partition: p, Offset: offset})
	}
	response, err := client.OffsetCommit(l.t.Context(), &kafka.OffsetCommitRequest{
		GroupID: forward.Group, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{forward.InboxTopic("a"): commits},
	})
	require.NoError(l.t, err)
	for _, p := range response.Topics[forward.InboxTopic("a")] {
		require.NoError(l.t, p.Error)
	}
}

// An inbox that does not hold what comes next is read from its first message on, and no
// other partition hears of it.
func TestAnOffsetOutOfRange(t *testing.T) {
	l := newLine(t)
	var messages []kafka.Message
	whole := reporttest.Valid(report.AccidentDeclaration)
	for i := range 40 {
		key := uuid.Must(uuid.NewV7()).String()
		messages = append(messages, l.sender.Message(strconv.Itoa(i), key, reporttest.Set(whole, "/report_id", strconv.Quote(key))))
	}
	l.commit(map[int]int64{1: 1000})
	l.start(l.gateway(l.store))
	l.send(messages...)
	of := map[int]int{}
	for _, o := range l.outcomes("a", len(messages)) {
		require.Equal(t, forward.Accepted, o.State, o.codes())
		of[o.Cause.Partition]++
	}
	require.Positive(t, of[1])
	require.Equal(t, 1, l.count("atvsld_forwarder_out_of_range_total"))
	require.Contains(t, l.log.text(), "does not hold the offset that comes next")
	require.NotContains(t, l.log.text(), "giving a partition back")
}

// troubled is a gateway that fails as it is told.
type troubled struct {
	submitter
	mu     sync.Mutex
	states []intake.State
	calls  atomic.Int64
}

func (g *troubled) Submit(ctx context.Context, by intake.Principal, items []intake.Item) []intake.Outcome {
	g.calls.Add(1)
	g.mu.Lock()
	if len(g.states) == 0 {
		g.mu.Unlock()
		return g.submitter.Submit(ctx, by, items)
	}
	state := g.states[0]
	g.states = g.states[1:]
	g.mu.Unlock()
	out := make([]intake.Outcome, len(items))
	for i := range out {
		out[i].State = state
	}
	return out
}

// What is not decided is tried again, in order, and never answered wrongly.
func TestTroubleIsWaitedOut(t *testing.T) {
	l := newLine(t)
	g := &troubled{submitter: l.gateway(l.store), states: []intake.State{
		intake.Busy, intake.Unconfirmed, intake.Stale, intake.Failed, intake.Busy,
	}}
	l.start(g)
	whole, key := reporttest.Valid(report.AccidentDeclaration), keyOf(report.AccidentDeclaration)
	second := reporttest.Set(reporttest.Set(whole, "/revision", "2"), "/reason", `"bổ sung"`)
	l.send(l.sender.Message("1", key, whole), l.sender.Message("2", key, second))
	all := l.outcomes("a", 2)
	require.Len(t, all, 2)
	for i, o := range all {
		require.Equal(t, forward.Accepted, o.State, o.codes())
		require.Equal(t, strconv.Itoa(i+1), o.Cause.ID)
		require.False(t, o.Replayed)
	}
	require.EqualValues(t, 7, g.calls.Load(), "the second revision waits for the first")
	require.Equal(t, 4, l.count("atvsld_forwarder_retries_total"))
}

func TestFaultsAreAnsweredInTheEnd(t *testing.T) {
	l := newLine(t)
	g := &troubled{submitter: l.gateway(l.store), states: []intake.State{intake.Failed, intake.Failed, intake.Failed}}
	l.start(g, func(c *forward.Config) { c.Patience = 50 * time.Millisecond })
	l.send(l.sender.Message("1", keyOf(report.AccidentDeclaration), reporttest.Valid(report.AccidentDeclaration)))
	require.Equal(t, forward.Failed, l.outcomes("a", 1)[0].State)
}

// However long the platform was busy, what it says afterwards is waited out from then on.
func TestPatienceBeginsWithTheTrouble(t *testing.T) {
	l := newLine(t)
	g := &troubled{submitter: l.gateway(l.store), states: []intake.State{intake.Busy, intake.Busy, intake.Busy, intake.Stale}}
	l.start(g, func(c *forward.Config) { c.Patience = 300 * time.Millisecond })
	l.send(l.sender.Message("1", keyOf(report.AccidentDeclaration), reporttest.Valid(report.AccidentDeclaration)))
	require.Equal(t, forward.Accepted, l.outcomes("a", 1)[0].State)
}

// What the log may have is never answered as if nothing was filed.
func TestAFaultAfterDoubtIsNotAnswered(t *testing.T) {
	l := newLine(t)
	g := &troubled{submitter: l.gateway(l.store), states: []intake.State{intake.Unconfirmed, intake.Failed, intake.Failed, intake.Failed}}
	l.start(g, func(c *forward.Config) { c.Patience = 50 * time.Millisecond })
	l.send(l.sender.Message("1", keyOf(report.AccidentDeclaration), reporttest.Valid(report.AccidentDeclaration)))
	require.Equal(t, forward.Accepted, l.outcomes("a", 1)[0].State)
}

// absent is a store that does not answer until it is told.
type absent struct {
	intake.Ledger
	back atomic.Bool
}

func (s *absent) Known(ctx context.Context, keys []store.Key) (map[store.Key]*store.Known, error) {
	if !s.back.Load() {
		return nil, errors.New("no store")
	}
	return s.Ledger.Known(ctx, keys)
}

// Without the store nothing is decided, nothing is lost, and everything goes on by itself.
func TestTheStoreIsAway(t *testing.T) {
	l := newLine(t)
	ledger := &absent{Ledger: l.store}
	stop := l.start(l.gateway(ledger))
	var messages []kafka.Message
	for _, d := range report.Definitions() {
		messages = append(messages, l.sender.Message(string(d.Kind), keyOf(d.Kind), reporttest.Valid(d.Kind)))
	}
	l.send(messages...)
	require.Eventually(t, func() bool { return l.count("atvsld_forwarder_retries_total") > 0 }, 2*time.Minute, 10*time.Millisecond)
	require.Empty(t, l.outcomes("a", 0))
	stop() // and another one takes over
	l.start(l.gateway(ledger))
	require.Empty(t, l.outcomes("a", 0))
	ledger.back.Store(true)
	for _, o := range l.outcomes("a", len(messages)) {
		require.Equal(t, forward.Accepted, o.State, o.codes())
	}
}
