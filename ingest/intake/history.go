package intake

import (
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"

	"atvsld/ingest/report"
)

// facts is what no revision of a report may change.
type facts struct {
	Kind     report.Kind
	StatYear int
	Period   string
	Unit     string
}

// filing is one revision as it was first received.
type filing struct {
	SHA256     [32]byte
	ReceivedAt time.Time
	// Kept: the log has acknowledged it. Until then an identical submission is
	// written again rather than answered from memory.
	Kept bool
}

// history is what is known of one report: from the store, and from memory for
// what this gateway accepted and the store may not show yet.
type history struct {
	facts
	FiledAt   time.Time
	Newest    uint32
	Withdrawn bool // the newest revision is a withdrawal
	Filings   map[uint32]filing
}

// merge adds what the other source knows. The store's word on a revision wins:
// its first offset is what counts.
func (h history) merge(memory history) history {
	if h.Newest == 0 {
		return memory
	}
	if memory.Newest > h.Newest {
		h.Newest, h.Withdrawn = memory.Newest, memory.Withdrawn
	}
	all := make(map[uint32]filing, len(h.Filings)+len(memory.Filings))
	maps.Copy(all, memory.Filings)
	maps.Copy(all, h.Filings)
	h.Filings = all
	return h
}

// request is what was filed under an Idempotency-Key.
type request struct {
	ReportID uuid.UUID
	SHA256   [32]byte
}

// memory remembers what this gateway accepted lately, so that the seconds until
// the store shows it leave no gap. It is bounded by turning over two
// generations, and it is only an aid: after a restart the store knows.
type memory struct {
	mu                sync.Mutex
	limit             int
	reports, older    map[uuid.UUID]history
	requests, earlier map[uuid.UUID]request
}

func newMemory(limit int) *memory {
	return &memory{
		limit: limit, reports: make(map[uuid.UUID]history), requests: make(map[uuid.UUID]request),
	}
}

// The methods below need the lock: judging a submission and remembering it must
// be one step, or two of the same id could both pass.

func (m *memory) report(id uuid.UUID) history {
	if h, ok := m.reports[id]; ok {
		return h
	}
	return m.older[id]
}

func (m *memory) request(id uuid.UUID) (request, bool) {
	r, ok := m.requests[id]
	if !ok {
		r, ok = m.earlier[id]
	}
	return r, ok
}

func (m *memory) remember(id uuid.UUID, f facts, filedAt time.Time, revision uint32, withdrawn bool, one filing) {
	h := m.report(id)
	filings := make(map[uint32]filing, len(h.Filings)+1)
	maps.Copy(filings, h.Filings)
	filings[revision] = one
	if revision >= h.Newest {
		h.Newest, h.Withdrawn = revision, withdrawn
	}
	h.facts, h.FiledAt, h.Filings = f, filedAt, filings
	if len(m.reports) >= m.limit {
		m.older, m.reports = m.reports, make(map[uuid.UUID]history)
	}
	m.reports[id] = h
}

func (m *memory) rememberRequest(id uuid.UUID, r request) {
	if id == uuid.Nil {
		return
	}
	if len(m.requests) >= m.limit {
		m.earlier, m.requests = m.requests, make(map[uuid.UUID]request)
	}
	m.requests[id] = r
}

// confirm marks a filing as kept by the log.
func (m *memory) confirm(id uuid.UUID, revision uint32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.report(id)
	f, ok := h.Filings[revision]
	if !ok || f.Kept {
		return
	}
	f.Kept = true
	h.Filings[revision] = f
}

// forget takes back a filing of which nothing was written.
func (m *memory) forget(id uuid.UUID, revision uint32, requestID uuid.UUID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.report(id)
	delete(h.Filings, revision)
	if h.Newest == revision {
		h.Newest, h.Withdrawn = 0, false
		for r := range h.Filings {
			h.Newest = max(h.Newest, r)
		}
	}
	for _, generation := range []map[uuid.UUID]history{m.reports, m.older} {
		if _, ok := generation[id]; !ok {
			continue
		}
		if h.Newest == 0 {
			delete(generation, id)
		} else {
			generation[id] = h
		}
	}
	delete(m.requests, requestID)
	delete(m.earlier, requestID)
}
