package intake

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// faultyLog stands for a broker in trouble, which a real one cannot be made to
// be at will; the whole path on real engines is tested in package sink.
type faultyLog struct {
	mu     sync.Mutex
	events []queue.Event
	err    error
}

func (l *faultyLog) Produce(_ context.Context, events []queue.Event) []error {
	l.mu.Lock()
	defer l.mu.Unlock()
	errs := make([]error, len(events))
	for i, e := range events {
		errs[i] = l.err
		if l.err == nil {
			l.events = append(l.events, e)
		}
	}
	return errs
}

// slowStore knows nothing and counts the questions.
type slowStore struct {
	mu    sync.Mutex
	asked int
	delay time.Duration
	err   error
}

func (s *slowStore) Known(context.Context, []store.Key) (map[store.Key]*store.Known, error) {
	s.mu.Lock()
	s.asked++
	s.mu.Unlock()
	time.Sleep(s.delay)
	return nil, s.err
}

func (s *slowStore) ByRequest(context.Context, []uuid.UUID) (map[uuid.UUID][]store.Requested, error) {
	return nil, s.err
}

func (s *slowStore) Filers(context.Context, []uuid.UUID) (map[uuid.UUID]store.Filer, error) {
	return nil, s.err
}

func newGateway(t *testing.T, log producer, ledger Ledger) *Gateway {
	t.Helper()
	keys, err := seal.Open(t.TempDir() + "/keys")
	require.NoError(t, err)
	signer, err := receipt.NewSigner("test", keys.ReceiptKey(), time.Now)
	require.NoError(t, err)
	return New(Deps{
		Keys: keys, Signer: signer, Producer: log, Ledger: ledger, Seeds: seeds.Default(),
		Log: slog.New(slog.DiscardHandler), Clock: reporttest.Now,
	})
}

func submit(t *testing.T, g *Gateway, by Principal, raw []byte) Outcome {
	t.Helper()
	return g.Submit(t.Context(), by, []Item{{Raw: raw}})[0]
}

func TestUnconfirmedIsWrittenAgain(t *testing.T) {
	log := &faultyLog{err: queue.ErrUnconfirmed}
	g := newGateway(t, log, &slowStore{})
	raw := reporttest.Valid(report.AnnexXII)
	out := submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, raw)
	require.Equal(t, Unconfirmed, out.State)
	require.Nil(t, out.Receipt)
	require.Positive(t, out.RetryAfter)

	other := reporttest.Set(raw, "/content/damage/days_off", "80")
	require.Equal(t, Conflict, submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, other).State, "the first may be in the log")

	log.err = nil
	again := submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, raw)
	require.Equal(t, Accepted, again.State)
	require.False(t, again.Replayed)
	require.Len(t, log.events, 1)
}

func TestBusyLeavesNothing(t *testing.T) {
	log := &faultyLog{err: queue.ErrBusy}
	g := newGateway(t, log, &slowStore{})
	raw := reporttest.Valid(report.AnnexXII)
	require.Equal(t, Busy, submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, raw).State)
	log.err = nil
	other := reporttest.Set(raw, "/content/damage/days_off", "80")
	require.Equal(t, Accepted, submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, other).State, "nothing was filed, so nothing contradicts")
}

func TestRefusedByTheLogIsNotBusy(t *testing.T) {
	for _, err := range []error{queue.ErrTooLarge, queue.ErrRefused} {
		g := newGateway(t, &faultyLog{err: err}, &slowStore{})
		out := submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, reporttest.Valid(report.AnnexXII))
		require.Equal(t, Failed, out.State)
		require.Zero(t, out.RetryAfter)
		require.Equal(t, "GWY-009", out.Findings[len(out.Findings)-1].Code)
	}
}

// The law wants a fatal accident declared at once, so an outage of the store must
// not refuse it; periodic reports wait.
func TestStoreOutage(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{err: errors.New("down")})
	require.Equal(t, Accepted, submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, reporttest.Valid(report.AccidentDeclaration)).State)
	require.Equal(t, Busy, submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, reporttest.Valid(report.AnnexXII)).State)
	amended := reporttest.Set(reporttest.Set(reporttest.Valid(report.AccidentDeclaration), "/revision", "2"), "/reason", `"x"`)
	require.Equal(t, Busy, submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, amended).State)
}

func TestReceivedAtIsForTheLoader(t *testing.T) {
	log := &faultyLog{}
	g := newGateway(t, log, &slowStore{})
	raw := reporttest.Set(reporttest.Valid(report.AnnexXII), "/received_at", `"2026-01-07T08:00:00+07:00"`)
	refused := submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, raw)
	require.Equal(t, Refused, refused.State)
	require.Equal(t, "GWY-003", refused.Findings[len(refused.Findings)-1].Code)
	accepted := submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}, MayDateBack: true}, raw)
	require.Equal(t, Accepted, accepted.State, "%v", accepted.Findings)
	require.Equal(t, 7, log.events[0].ReceivedAt.Day())
}

func TestErasedYear(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	raw := reporttest.Valid(report.AnnexXII)
	first := submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, raw)
	require.Equal(t, Accepted, first.State)
	s, _, err := report.Decode(raw)
	require.NoError(t, err)
	require.NoError(t, g.Keys.Destroy(seal.Slot{Year: s.Content.Identity().StatYear}, "A", "r"))
	amended := reporttest.Set(reporttest.Set(raw, "/revision", "2"), "/reason", `"x"`)
	out := submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, amended)
	require.Equal(t, Refused, out.State)
	require.Equal(t, "GWY-010", out.Findings[len(out.Findings)-1].Code)
}

func TestWithdrawalNeedsAnID(t *testing.T) {
	g := newGateway(t, &faultyLog{}, &slowStore{})
	out := submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, []byte(`{"kind":"annex_xii","revision":2,"withdrawn":true,"reason":"x"}`))
	require.Equal(t, Refused, out.State)
	out = submit(t, g, Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, []byte(`{"kind":"annex_xii","report_id":"0197d2a4-7c11-5abc-8def-001122334455","revision":2,"withdrawn":true,"reason":"x"}`))
	require.Equal(t, Stale, out.State, "never filed")
}

func TestBatchAnswersEveryRow(t *testing.T) {
	log := &faultyLog{}
	g := newGateway(t, log, &slowStore{})
	good := reporttest.Valid(report.AnnexXII)
	outs := g.Submit(t.Context(), Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, []Item{
		{Raw: []byte("{"), Row: 1},
		{Raw: good, Row: 2},
		{Raw: []byte(`{"kind":"gossip","content":{}}`), Row: 3},
		{Raw: good, Row: 4},
		{Raw: reporttest.Set(good, "/content/damage/days_off", "81"), Row: 5},
		{Raw: reporttest.Valid(report.DiseaseReport), Row: 6},
	})
	states := make([]State, len(outs))
	for i, o := range outs {
		require.Equal(t, i+1, o.Row)
		states[i] = o.State
		require.Equal(t, o.State == Accepted, o.Receipt != nil)
		if o.Receipt != nil {
			_, err := receipt.Verify(*o.Receipt, g.Signer.JWKS())
			require.NoError(t, err)
		}
	}
	require.Equal(t, []State{Unreadable, Accepted, Refused, Accepted, Conflict, Accepted}, states)
}

// Of many at once with one id and different contents exactly one content passes.
func TestOneOfMany(t *testing.T) {
	log := &faultyLog{}
	g := newGateway(t, log, &slowStore{delay: time.Millisecond})
	raw := reporttest.Valid(report.AnnexXII)
	var wg sync.WaitGroup
	states := make([]State, 64)
	for i := range states {
		wg.Go(func() {
			body := reporttest.Set(raw, "/content/damage/days_off", string(rune('1'+i%2)))
			states[i] = g.Submit(context.Background(), Principal{Caller: access.Caller{ID: "a", Role: access.Operator}}, []Item{{Raw: body}})[0].State
		})
	}
	wg.Wait()
	accepted := map[State]int{}
	for _, s := range states {
		accepted[s]++
	}
	require.Equal(t, map[State]int{Accepted: 32, Conflict: 32}, accepted)
	for _, e := range log.events {
		require.Equal(t, log.events[0].SHA256, e.SHA256)
	}
}

func TestQuestionsAreShared(t *testing.T) {
	ledger := &slowStore{delay: 20 * time.Millisecond}
	g := newGateway(t, &faultyLog{}, ledger)
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			_, err := g.lookup.get(context.Background(), question{reports: []store.Key{{ReportID: uuid.New(), Revision: 1}}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Less(t, ledger.asked, 20)
}

// Of two writers of one filing the one that fails must not take away what the
// other has a receipt for, in whatever order they end.
func TestMemoryKeepsWhatOneWriterKept(t *testing.T) {
	id, requestID := uuid.New(), uuid.New()
	sha := [32]byte{1}
	f := func(first, second result, stays bool) {
		t.Helper()
		m := newMemory(10)
		for range 2 {
			m.remember(id, facts{StatYear: 2025}, filer{}, time.Now(), filing{Revision: 1, SHA256: sha})
			m.rememberRequest(requestID, request{ReportID: id, SHA256: sha})
		}
		m.finish(id, 1, requestID, first)
		require.Equal(t, uint32(1), m.report(id).Newest, "the other writer is still on its way")
		m.finish(id, 1, requestID, second)
		_, used := m.request(requestID)
		require.Equal(t, stays, m.report(id).Newest == 1)
		require.Equal(t, stays, used)
	}
	f(kept, nothing, true)
	f(nothing, kept, true)
	f(unsure, nothing, true)
	f(nothing, unsure, true)
	f(nothing, nothing, false)
}

// A refiling that came to nothing leaves the withdrawal before it as it was.
func TestMemoryKnowsWhatIsWithdrawn(t *testing.T) {
	m, id := newMemory(10), uuid.New()
	m.remember(id, facts{}, filer{}, time.Now(), filing{Revision: 1})
	m.remember(id, facts{}, filer{}, time.Now(), filing{Revision: 2, Withdrawn: true})
	m.remember(id, facts{}, filer{}, time.Now(), filing{Revision: 3})
	m.finish(id, 3, uuid.Nil, nothing)
	require.Equal(t, uint32(2), m.report(id).Newest)
	require.True(t, m.report(id).Withdrawn)
}

func TestMemoryIsBounded(t *testing.T) {
	m := newMemory(10)
	var last uuid.UUID
	for range 1000 {
		last = uuid.New()
		m.remember(last, facts{}, filer{}, time.Now(), filing{Revision: 1})
		m.rememberRequest(last, request{})
	}
	require.LessOrEqual(t, len(m.reports)+len(m.older), 20)
	require.LessOrEqual(t, len(m.requests)+len(m.earlier), 20)
	require.Equal(t, uint32(1), m.report(last).Newest)
}
