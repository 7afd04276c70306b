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
}

// ask puts a question to the ledger.
func (g *Gateway) ask(ctx context.Context, q question) (answer, error) {
	known, err := g.Ledger.Known(ctx, q.reports)
	if err != nil {
		return answer{}, fmt.Errorf("look up %d reports: %w", len(q.reports), err)
	}
	a := answer{reports: make(map[store.Key]history, len(known)), requests: make(map[uuid.UUID][]request)}
	for key, k := range known {
		a.reports[key] = historyOf(k)
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
