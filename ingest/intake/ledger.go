package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

// Ledger tells what is stored; see [store.Store].
type Ledger interface {
	Known(ctx context.Context, keys []store.Key) (map[store.Key]*store.Known, error)
	ByRequest(ctx context.Context, requestIDs []uuid.UUID) (map[uuid.UUID][]store.Requested, error)
	Filers(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]store.Filer, error)
}

// questions asks for the reports and requests that may have been filed before: only
// the store can tell a repetition from a contradiction after a restart.
func (g *Gateway) questions(drafts []*draft) question {
	var q question
	for _, d := range drafts {
		if d.submission.Revision == 1 && g.Known != nil && g.Known.RulesOut(d.submission.ReportID, d.requestID) {
			continue
		}
		d.asked = true
		q.reports = append(q.reports, d.key())
		if !d.within.anybody && !d.within.byUnits() {
			q.filers = append(q.filers, d.submission.ReportID)
		}
		if d.requestID != uuid.Nil {
			q.requests = append(q.requests, d.requestID)
		}
	}
	return q
}

// withoutHistory is for the time when the store does not answer. Who needs no answer
// is not touched by that. The first declaration of an event is taken all the same,
// because the law wants it at once (Law 84/2015/QH13, Art. 34(1)) and its id was made up
// by the filer: should it contradict an earlier one, the earlier one counts and the
// status says conflict. So is what this gateway has taken itself with the very same
// content: it can only be a repetition, for which it gives the same receipt again or
// brings into the log what that has not confirmed. Everybody else is asked to come again,
// and so is who would amend or withdraw what only the store knows to be his.
func (g *Gateway) withoutHistory(drafts []*draft) []*draft {
	g.memory.mu.Lock()
	defer g.memory.mu.Unlock()
	var open []*draft
	for _, d := range drafts {
		if !d.asked || d.firstOfEvent() && d.requestID == uuid.Nil || g.memory.holds(d) {
			open = append(open, d)
			continue
		}
		d.out.State, d.out.RetryAfter = Busy, retryBusy
	}
	return open
}

// urgent is for the time when the log holds much that is not stored: it lets pass what
// the law wants at once.
func urgent(drafts []*draft) []*draft {
	var open []*draft
	for _, d := range drafts {
		if d.firstOfEvent() {
			open = append(open, d)
			continue
		}
		d.out.State, d.out.RetryAfter = Busy, retryBacklog
	}
	return open
}

func (d *draft) firstOfEvent() bool {
	definition, _ := report.Lookup(d.submission.Kind)
	return definition.Event && d.submission.Revision == 1
}

// ask puts a question to the ledger.
func (g *Gateway) ask(ctx context.Context, q question) (answer, error) {
	known, err := g.Ledger.Known(ctx, q.reports)
	if err != nil {
		return answer{}, fmt.Errorf("look up %d reports: %w", len(q.reports), err)
	}
	a := answer{reports: make(map[store.Key]history, len(known)), requests: make(map[uuid.UUID][]request)}
	filers, err := g.filers(ctx, q.filers)
	if err != nil {
		return answer{}, err
	}
	for key, k := range known {
		h := historyOf(k)
		h.filer = filers[key.ReportID]
		a.reports[key] = h
	}
	if len(q.requests) == 0 {
		return a, nil
	}
	requested, err := g.Ledger.ByRequest(ctx, q.requests)
	if err != nil {
		return answer{}, fmt.Errorf("look up %d requests: %w", len(q.requests), err)
	}
	for id, filed := range requested {
		for _, r := range filed {
			a.requests[id] = append(a.requests[id], request{ReportID: r.ReportID, SHA256: r.SHA256})
		}
	}
	return a, nil
}

func (g *Gateway) filers(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]filer, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	stored, err := g.Ledger.Filers(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look up who made %d reports: %w", len(ids), err)
	}
	filers := make(map[uuid.UUID]filer, len(stored))
	for id, f := range stored {
		filers[id] = filer{report.ReporterType(f.Type), f.Authority, f.Province}
	}
	return filers, nil
}

// historyOf takes over what the store knows: its newest revision and the one
// that was asked for.
func historyOf(k *store.Known) history {
	h := history{
		facts:   facts{Kind: report.Kind(k.Kind), StatYear: int(k.StatYear), Period: k.Period, Unit: k.Unit},
		FiledAt: k.FiledAt, Newest: k.Latest.Revision, Withdrawn: k.Latest.Withdrawn,
		Filings: []filing{filingOf(&k.Latest)},
	}
	if k.Same != nil && k.Same.Revision != k.Latest.Revision {
		h.Filings = append(h.Filings, filingOf(k.Same))
	}
	return h
}

func filingOf(s *store.Stored) filing {
	return filing{Revision: s.Revision, SHA256: s.SHA256, ReceivedAt: s.ReceivedAt, Kept: true}
}
