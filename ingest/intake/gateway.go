package intake

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/intake/known"
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
	// retryBacklog is longer: the sinks have to catch up first.
	retryBacklog = 30 * time.Second
	// memoryLimit bounds what one gateway remembers, in reports and in requests,
	// for each of two generations: about 120 MB when full.
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
	// Known spares questions to the ledger; nil asks about every report.
	Known *known.IDs
	// Backlog refuses when too much in the log is not stored; nil never does.
	Backlog *Backlog
	// Past returns the newest revision of a report, nil if there is none, for dry runs
	// that look at the year before; nil never does. See store.Latest.
	Past  func(ctx context.Context, id uuid.UUID) (*store.LatestRevision, error)
	Seeds *seeds.Data
	Log   *slog.Logger
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
	within     *scope
	submission report.Submission
	sha        [32]byte // for the receipt only
	mark       [32]byte // what stands for it everywhere else, see seal.Keys.Mark
	requestID  uuid.UUID
	facts      facts
	filer      filer
	receivedAt time.Time
	filedAt    time.Time
	enteredAt  time.Time // when a paper was entered; zero of what came by itself
	content    []byte
	private    []byte
	asked      bool // the ledger's word is needed
	write      bool // the log has to have it
}

// Submit takes up to MaxChunk submissions of one principal and answers each, in
// their order. Nothing is accepted before every in-sync replica has it.
func (g *Gateway) Submit(ctx context.Context, by Principal, items []Item) []Outcome {
	return g.File(ctx, g.Read(by, items))
}

// File does the rest of Submit. A chunk is filed once.
func (g *Gateway) File(ctx context.Context, c *Chunk) []Outcome {
	open := c.open
	if g.Backlog.Level() != Open {
		open = urgent(open)
	}
	// What is on file is asked for as the platform: the caller's scope is judged with it.
	known, err := g.lookup.get(access.System(ctx), g.questions(open))
	if err != nil {
		g.Log.Error("looking up reports", "error", err)
		open = g.withoutHistory(open)
	}
	accepted := g.judge(open, known)
	g.write(ctx, c.by, accepted)
	if err := g.sign(accepted); err != nil {
		// Kept but without a receipt: the filer files the very same again.
		g.Log.Error("signing receipts", "error", err)
		for _, d := range accepted {
			d.out.State, d.out.Receipt, d.out.RetryAfter = Unconfirmed, nil, retryBusy
		}
	}
	return c.outcomes
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
		g.memory.remember(id, d.facts, d.filer, d.filedAt,
			filing{Revision: d.submission.Revision, SHA256: d.mark, ReceivedAt: d.receivedAt, Withdrawn: d.submission.Withdrawn})
		g.memory.rememberRequest(d.requestID, request{ReportID: id, SHA256: d.mark})
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
	same := func(r request) bool { return r.SHA256 == d.mark }
	return len(earlier) > 0 && !slices.ContainsFunc(earlier, same)
}

func (d *draft) key() store.Key {
	return store.Key{ReportID: d.submission.ReportID, Revision: d.submission.Revision}
}

func (d *draft) refuse(state State, f report.Finding) {
	d.out.State = state
	d.out.Findings = append(d.out.Findings, f)
}

// reopens tells whether the draft files anew what was withdrawn, under an id that is
// computed from what the report is about. Whoever may file it may do so: the register's
// entry of a unit that has moved is the next authority's once the last one has withdrawn it.
func (d *draft) reopens(h *history) bool {
	definition, known := report.Lookup(d.submission.Kind)
	return known && !definition.Event && h.Withdrawn && d.submission.Content != nil
}

// settle compares a draft with what is known of its report. It returns false
// when the draft is refused.
func (d *draft) settle(h history) bool {
	s := d.submission
	if h.Newest > 0 && !d.reopens(&h) && !d.within.holds(&h, &s) {
		// Somebody else's. It is answered as if nobody had filed it: that it is on file is
		// not told. Only the id itself cannot be given twice.
		if s.Revision == 1 {
			d.refuse(Conflict, ruleTaken.finding("/report_id"))
			return false
		}
		h = history{}
	}
	d.out.Current = h.Newest
	if before := h.filing(s.Revision); before != nil || s.Revision <= h.Newest {
		if before == nil || before.SHA256 != d.mark {
			d.refuse(Conflict, ruleConflict.finding("/revision", s.Revision, h.Newest+1, s.Revision, h.Newest+1))
			return false
		}
		d.facts, d.filer, d.filedAt, d.receivedAt = h.facts, h.filer, h.FiledAt, before.ReceivedAt
		d.out.Replayed, d.write = before.Kept, !before.Kept
		return true
	}
	if expected := d.item.Newest; expected != 0 && expected != h.Newest {
		d.refuse(Stale, ruleMeanwhile.finding("/revision", h.Newest, expected, h.Newest, expected))
		return false
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
		d.facts, d.filer = h.facts, h.filer
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
