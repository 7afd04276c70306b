package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"atvsld/analytics/store"
	"atvsld/ingest/fault"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// MaxChunk is the number of submissions that are looked up, written and signed
// together. A longer batch is cut into chunks of this size.
const MaxChunk = 1000

const (
	retryBusy  = 2 * time.Second
	retryStale = 2 * time.Second
	// memoryLimit bounds what one gateway remembers, in reports and in requests,
	// for each of two generations: about 100 MB when full.
	memoryLimit = 100_000
)

// producer writes events to the log; see queue.Producer.
type producer interface {
	Produce(ctx context.Context, events []queue.Event) []error
}

// Deps is what a Gateway works with.
type Deps struct {
	Keys     *seal.Keys
	Signer   *receipt.Signer
	Producer producer
	Ledger   Ledger
	Seeds    *seeds.Data
	Log      *slog.Logger
	// Clock gives the time of receipt; time.Now if nil.
	Clock func() time.Time
	// StatusPath is put before the report id in a receipt's status_url.
	StatusPath string
}

// Gateway takes in submissions. It is safe for concurrent use.
type Gateway struct {
	Deps
	lookup *sharedLookup
	memory *memory
}

// New makes a gateway.
func New(d Deps) *Gateway {
	if d.Clock == nil {
		d.Clock = time.Now
	}
	g := &Gateway{Deps: d, memory: newMemory(memoryLimit)}
	g.lookup = &sharedLookup{ask: g.ask}
	return g
}

// draft is a submission on its way through the gateway.
type draft struct {
	item       Item
	out        *Outcome
	submission report.Submission
	sha        [32]byte
	requestID  uuid.UUID
	facts      facts
	receivedAt time.Time
	filedAt    time.Time
	content    []byte
	private    []byte
	write      bool // the log has to have it
}

// Submit takes up to MaxChunk submissions of one principal and answers each, in
// their order. Nothing is accepted before every in-sync replica has it.
func (g *Gateway) Submit(ctx context.Context, by Principal, items []Item) []Outcome {
	outcomes := make([]Outcome, len(items))
	var open []*draft
	for i, item := range items {
		outcomes[i] = Outcome{Row: item.Row}
		if d := g.read(by, item, &outcomes[i]); d != nil {
			open = append(open, d)
		}
	}
	known, err := g.lookup.get(ctx, questions(open))
	if err != nil {
		g.Log.Error("looking up reports", "error", err)
		open = withoutHistory(open)
	}
	accepted := g.judge(open, known)
	g.write(ctx, by, accepted)
	if err := g.sign(accepted); err != nil {
		// Kept but without a receipt: the filer files the very same again.
		g.Log.Error("signing receipts", "error", err)
		for _, d := range accepted {
			d.out.State, d.out.Receipt, d.out.RetryAfter = Unconfirmed, nil, retryBusy
		}
	}
	return outcomes
}

// Check runs every rule on a submission and files nothing.
func (g *Gateway) Check(by Principal, item Item) Outcome {
	var out Outcome
	if d := g.read(by, item, &out); d != nil {
		out.State = Accepted
	}
	return out
}

// read decodes, checks and strips one submission. It returns nil when the
// outcome is already decided.
func (g *Gateway) read(by Principal, item Item, out *Outcome) *draft {
	s, form, err := report.Decode(item.Raw)
	if err != nil {
		out.State, out.Findings = Unreadable, []report.Finding{ruleUnreadable.finding("", err.Error(), err.Error())}
		return nil
	}
	now := g.Clock().Truncate(time.Millisecond)
	out.Revision, out.ReportID = s.Revision, s.ReportID
	if definition, known := report.Lookup(s.Kind); known {
		out.Kind = definition.Kind
	}
	out.Findings = report.Check(report.Context{Seeds: g.Seeds, Now: now}, &s, form)
	if !s.ReceivedAt.IsZero() && !by.MayDateBack {
		out.Findings = append(out.Findings, ruleReceivedAt.finding("/received_at"))
	}
	d := &draft{item: item, out: out, submission: s, receivedAt: now}
	if !s.ReceivedAt.IsZero() {
		d.receivedAt = s.ReceivedAt.Truncate(time.Millisecond)
	}
	if item.IdempotencyKey != "" {
		d.requestID = requestID(by, item)
	}
	if len(report.Blocking(out.Findings, s.Acknowledge)) == 0 {
		g.complete(d)
	}
	if out.State == Failed {
		return nil
	}
	if len(report.Blocking(out.Findings, s.Acknowledge)) > 0 {
		out.State = Refused
		return nil
	}
	return d
}

// complete computes what the platform adds to a submission without errors:
// pseudonyms, the report id, the stripped content and the hash.
func (g *Gateway) complete(d *draft) {
	s := &d.submission
	fail := func(err error) {
		g.Log.Error("completing a report", "kind", s.Kind, "error", err)
		d.out.State, d.out.Findings = Failed, append(d.out.Findings, ruleInternal.finding(""))
	}
	var err error
	if d.sha, err = report.SHA256(d.item.Raw); err != nil {
		fail(err)
		return
	}
	definition, _ := report.Lookup(s.Kind)
	if definition.Event && s.ReportID == uuid.Nil {
		s.ReportID = d.requestID
	}
	d.private, err = s.Strip(g.pseudonym)
	if errors.Is(err, report.ErrNoReportID) {
		d.out.Findings = append(d.out.Findings, ruleNoID.finding("/report_id"))
		return
	}
	if err != nil {
		fail(err)
		return
	}
	d.out.Findings = append(d.out.Findings, s.Identify()...)
	if s.ReportID == uuid.Nil {
		d.out.Findings = append(d.out.Findings, ruleNoID.finding("/report_id"))
		return
	}
	d.out.ReportID = s.ReportID
	if s.Withdrawn {
		return
	}
	id := s.Content.Identity()
	d.facts = facts{Kind: s.Kind, StatYear: id.StatYear, Period: id.Period, Unit: id.Unit}
	if d.content, err = json.Marshal(s.Content, json.Deterministic(true)); err != nil {
		fail(err)
	}
}

func (g *Gateway) pseudonym(domain, value string) report.Pseudonym {
	return report.Pseudonym(g.Keys.Pseudonym(domain, value))
}

// requestNamespace is the UUIDv5 namespace of (principal, Idempotency-Key).
var requestNamespace = uuid.MustParse("8f6f2a0e-6d0c-4b53-9a3b-6a1d4c0f9b11")

// requestID names a request for all time: the same principal, key and row give
// the same id, whichever gateway and however often.
func requestID(by Principal, item Item) uuid.UUID {
	return uuid.NewSHA1(requestNamespace, fmt.Appendf(nil, "%s\n%s\n%d", by.ID, item.IdempotencyKey, item.Row))
}

// questions asks for every report and every request: only the store can tell a
// repetition from a contradiction after a restart.
func questions(drafts []*draft) question {
	var q question
	for _, d := range drafts {
		q.reports = append(q.reports, d.key())
		if d.requestID != uuid.Nil {
			q.requests = append(q.requests, d.requestID)
		}
	}
	return q
}

// withoutHistory is for the time when the store does not answer. The first
// declaration of an event is taken all the same, because the law wants it at
// once (Law 84/2015/QH13, Art. 34(1)) and its id was made up by the filer: should
// it contradict an earlier one, the earlier one counts and the status says
// conflict. Everybody else is asked to come again.
func withoutHistory(drafts []*draft) []*draft {
	var open []*draft
	for _, d := range drafts {
		definition, _ := report.Lookup(d.submission.Kind)
		if definition.Event && d.submission.Revision == 1 && d.requestID == uuid.Nil {
			open = append(open, d)
			continue
		}
		d.out.State, d.out.RetryAfter = Busy, retryBusy
	}
	return open
}

// judge decides on every draft and remembers what will be written, in one step,
// so that of two submissions of the same id only one can pass.
func (g *Gateway) judge(drafts []*draft, known answer) []*draft {
	g.memory.mu.Lock()
	defer g.memory.mu.Unlock()
	var accepted []*draft
	for _, d := range drafts {
		id := d.submission.ReportID
		if g.reused(d, known.requests[d.requestID]) {
			d.refuse(KeyReused, ruleKeyReused.finding(""))
			continue
		}
		h := known.reports[d.key()].merge(g.memory.report(id))
		if !d.settle(h) {
			continue
		}
		accepted = append(accepted, d)
		if !d.write {
			continue
		}
		g.memory.remember(id, d.facts, d.filedAt, d.submission.Revision,
			filing{SHA256: d.sha, ReceivedAt: d.receivedAt, Withdrawn: d.submission.Withdrawn})
		g.memory.rememberRequest(d.requestID, request{ReportID: id, SHA256: d.sha})
	}
	return accepted
}

// reused tells whether the draft's Idempotency-Key was used, and only for other
// contents. It needs the memory's lock.
func (g *Gateway) reused(d *draft, earlier []request) bool {
	if d.requestID == uuid.Nil {
		return false
	}
	if r, used := g.memory.request(d.requestID); used {
		earlier = append(slices.Clip(earlier), r)
	}
	same := func(r request) bool { return r.SHA256 == d.sha }
	return len(earlier) > 0 && !slices.ContainsFunc(earlier, same)
}

func (d *draft) key() store.Key {
	return store.Key{ReportID: d.submission.ReportID, Revision: d.submission.Revision}
}

func (d *draft) refuse(state State, f report.Finding) {
	d.out.State = state
	d.out.Findings = append(d.out.Findings, f)
}

// settle compares a draft with what is known of its report. It returns false
// when the draft is refused.
func (d *draft) settle(h history) bool {
	s := d.submission
	d.out.Current = h.Newest
	if before, filed := h.Filings[s.Revision]; filed || s.Revision <= h.Newest {
		if !filed || before.SHA256 != d.sha {
			d.refuse(Conflict, ruleConflict.finding("/revision", s.Revision, h.Newest+1, s.Revision, h.Newest+1))
			return false
		}
		d.facts, d.filedAt, d.receivedAt = h.facts, h.FiledAt, before.ReceivedAt
		d.out.Replayed, d.write = before.Kept, !before.Kept
		return true
	}
	if s.Revision != h.Newest+1 {
		d.refuse(Stale, ruleStale.finding("/revision", s.Revision, h.Newest+1, s.Revision, h.Newest+1))
		d.out.RetryAfter = retryStale
		return false
	}
	d.write, d.filedAt = true, d.receivedAt
	if h.Newest == 0 {
		return true
	}
	d.filedAt = h.FiledAt
	if s.Withdrawn {
		if h.Withdrawn {
			d.refuse(Refused, ruleWithdrawnTwice.finding("/withdrawn"))
			return false
		}
		kind := d.submission.Kind
		d.facts = h.facts
		if kind == h.Kind {
			return true
		}
	}
	if d.facts != h.facts || s.Kind != h.Kind {
		d.refuse(Refused, ruleIdentity.finding("/content"))
		return false
	}
	return true
}

// write puts the accepted drafts into the log.
func (g *Gateway) write(ctx context.Context, by Principal, drafts []*draft) {
	var events []queue.Event
	var written []*draft
	for _, d := range drafts {
		if !d.write {
			continue
		}
		e, err := g.event(by, d)
		if errors.Is(err, seal.ErrKeyDestroyed) {
			g.giveUp(d, Refused)
			d.out.Findings, d.out.RetryAfter = append(d.out.Findings, ruleErased.finding("", d.facts.StatYear, d.facts.StatYear)), 0
			continue
		}
		if err != nil {
			g.Log.Error("sealing a report", "report_id", d.submission.ReportID, "error", err)
			g.giveUp(d, Busy)
			continue
		}
		events = append(events, e)
		written = append(written, d)
	}
	if len(events) == 0 {
		return
	}
	fault.At(fault.GatewayBeforeWrite)
	answers := g.Producer.Produce(ctx, events)
	fault.At(fault.GatewayAfterWrite)
	for i, err := range answers {
		d := written[i]
		switch {
		case err == nil:
			g.finish(d, kept)
		case errors.Is(err, queue.ErrUnconfirmed):
			g.Log.Warn("a report is unconfirmed", "report_id", d.submission.ReportID, "error", err)
			g.finish(d, unsure)
			d.out.State, d.out.RetryAfter = Unconfirmed, retryBusy
		case errors.Is(err, queue.ErrTooLarge), errors.Is(err, queue.ErrRefused):
			// It would be refused again: asking the filer to come back would be a lie.
			g.Log.Error("the log refuses a report", "report_id", d.submission.ReportID, "error", err)
			g.giveUp(d, Failed)
			d.out.Findings, d.out.RetryAfter = append(d.out.Findings, ruleInternal.finding("")), 0
		default:
			g.Log.Warn("a report was not written", "report_id", d.submission.ReportID, "error", err)
			g.giveUp(d, Busy)
		}
	}
}

func (g *Gateway) finish(d *draft, r result) {
	g.memory.finish(d.submission.ReportID, d.submission.Revision, d.requestID, r)
}

// giveUp takes back a draft of which nothing reached the log.
func (g *Gateway) giveUp(d *draft, state State) {
	g.finish(d, nothing)
	d.out.State, d.out.RetryAfter = state, retryBusy
}

func (g *Gateway) event(by Principal, d *draft) (queue.Event, error) {
	s := d.submission
	e := queue.Event{
		ReportID: s.ReportID, Revision: s.Revision, Kind: s.Kind, Withdrawn: s.Withdrawn,
		StatYear: d.facts.StatYear, Period: d.facts.Period, Unit: d.facts.Unit,
		SubmittedBy: by.ID, FiledAt: d.filedAt, ReceivedAt: d.receivedAt, SHA256: d.sha,
		Tracking: receipt.Tracking(s.ReportID, s.Revision, d.sha), RequestID: d.requestID,
		RulesVersion: report.RulesVersion, Content: d.content,
	}
	for _, f := range d.out.Findings {
		if f.Severity == report.Warning {
			e.Warnings = append(e.Warnings, f.Code)
		}
	}
	if len(d.private) == 0 {
		return e, nil
	}
	// The key of the year that the report counts for: it is the same for every
	// revision, so destroying it erases the whole report's personal text.
	var err error
	e.Sealed, e.SealedKey, err = g.Keys.Seal(d.facts.StatYear, d.private, seal.AAD(s.ReportID, s.Revision))
	return e, err
}

// sign gives receipts to what is kept now.
func (g *Gateway) sign(drafts []*draft) error {
	var claims []receipt.Receipt
	var kept []*draft
	for _, d := range drafts {
		if d.out.State != "" {
			continue
		}
		s := d.submission
		claims = append(claims, receipt.New(s.ReportID, s.Revision, string(d.facts.Kind),
			d.receivedAt, d.sha, g.StatusPath+s.ReportID.String()))
		kept = append(kept, d)
	}
	if len(claims) == 0 {
		return nil
	}
	signed, err := g.Signer.Sign(claims)
	if err != nil {
		return fmt.Errorf("sign %d receipts: %w", len(claims), err)
	}
	for i, d := range kept {
		d.out.State, d.out.Receipt = Accepted, &signed[i]
	}
	return nil
}
