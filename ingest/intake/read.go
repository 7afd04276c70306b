package intake

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
)

// Chunk holds up to MaxChunk submissions of one principal that have been read.
type Chunk struct {
	by       Principal
	outcomes []Outcome
	open     []*draft
}

// Read does the part of Submit that is computing and depends on nothing that was filed
// before. So a chunk can be read while the one before it is filed.
func (g *Gateway) Read(by Principal, items []Item) *Chunk {
	c := &Chunk{by: by, outcomes: make([]Outcome, len(items))}
	drafts := make([]*draft, len(items))
	closed := g.Backlog.Level() == Closed
	within := g.scopeOf(by)
	inParallel(len(items), func(i int) {
		out := &c.outcomes[i]
		out.Row = items[i].Row
		if closed {
			out.State, out.RetryAfter = Busy, retryBacklog
			return
		}
		drafts[i] = g.read(within, items[i], out)
	})
	c.open = slices.DeleteFunc(drafts, func(d *draft) bool { return d == nil })
	return c
}

// inParallel calls do for 0 to n−1, on all cores if there is enough to do.
func inParallel(n int, do func(i int)) {
	const least = 64 // some milliseconds
	workers := max(1, min(runtime.GOMAXPROCS(0), n/least))
	var group sync.WaitGroup
	for w := range workers - 1 {
		group.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	for i := workers - 1; i < n; i += workers {
		do(i)
	}
	group.Wait()
}

// Check runs every rule on a submission and files nothing.
func (g *Gateway) Check(by Principal, item Item) Outcome {
	var out Outcome
	if d := g.read(g.scopeOf(by), item, &out); d != nil {
		out.State = Accepted
	}
	return out
}

// CheckAgainstPast is Check, with the rules on top that look at the unit's own report of
// the year before. The store is asked for it, which a filer who files need not wait for.
// It is left out where there is none, where the caller may not read it, or where the
// store does not answer.
func (g *Gateway) CheckAgainstPast(ctx context.Context, by Principal, item Item) Outcome {
	var out Outcome
	within := g.scopeOf(by)
	d := g.read(within, item, &out)
	if d == nil {
		return out
	}
	out.State = Accepted
	previous, against := g.previous(ctx, by, &d.submission)
	if previous == nil {
		return out
	}
	out = Outcome{Against: against}
	if g.readAgainst(previous, within, item, &out) != nil {
		out.State = Accepted
	}
	return out
}

// previous returns the content of the unit's report of the year before and which it is, nil if
// it is not to be had.
func (g *Gateway) previous(ctx context.Context, by Principal, s *report.Submission) (report.Content, *Against) {
	id, ok := s.PreviousID()
	if !ok || g.Past == nil {
		return nil, nil
	}
	latest, err := g.Past(access.With(ctx, by.Caller), id)
	if err != nil {
		g.Log.Warn("looking up the report of the year before", "error", err)
		return nil, nil
	}
	if latest == nil || latest.Withdrawn {
		return nil, nil
	}
	content, err := report.DecodeContent(s.Kind, latest.Payload)
	if err != nil {
		g.Log.Warn("reading the report of the year before", "report", id, "error", err)
		return nil, nil
	}
	if !g.mayRead(by, s.Kind, content) {
		return nil, nil
	}
	return content, &Against{ReportID: id, Revision: latest.Revision}
}

// read decodes, checks and strips one submission. It returns nil when the
// outcome is already decided.
func (g *Gateway) read(within *scope, item Item, out *Outcome) *draft {
	return g.readAgainst(nil, within, item, out)
}

// readAgainst is read with the report of the year before.
func (g *Gateway) readAgainst(previous report.Content, within *scope, item Item, out *Outcome) *draft {
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
	by := within.by
	out.Findings = report.Check(report.Context{Seeds: g.Seeds, Now: now, Previous: previous}, &s, form)
	beyond := within.judge(&s, g.pseudonym, out.Findings)
	if !s.ReceivedAt.IsZero() && !by.MayDateBack {
		out.Findings = append(out.Findings, ruleReceivedAt.finding("/received_at"))
	}
	if s.Paper != nil && !by.May(access.FilePaper) {
		out.Findings = append(out.Findings, rulePaper.finding("/paper"))
	}
	out.Findings = append(out.Findings, beyond...)
	if len(beyond) > 0 {
		out.State = Forbidden
		return nil
	}
	d := &draft{item: item, out: out, within: within, submission: s, receivedAt: now}
	switch {
	case !s.ReceivedAt.IsZero():
		d.receivedAt = s.ReceivedAt.Truncate(time.Millisecond)
	case s.Paper != nil:
		d.receivedAt, d.enteredAt = s.Paper.ReceivedAt(now), now
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
	d.mark = g.Keys.Mark(d.sha)
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
	d.filer = filerOf(s.Content)
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
