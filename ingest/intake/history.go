package intake

import (
	"slices"
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
	Revision   uint32
	SHA256     [32]byte
	ReceivedAt time.Time
	Withdrawn  bool
	// Kept: the log has acknowledged it. Until then an identical submission is
	// written again rather than answered from memory.
	Kept bool
	// Unsure: the log did not answer a writer; it may have the filing.
	Unsure bool
	// writers counts the submissions of it that are on their way to the log.
	writers int
}

// history is what is known of one report: from the store, and from memory for
// what this gateway accepted and the store may not show yet.
type history struct {
	facts
	// filer is who made the newest revision that is no withdrawal. Of the store it is
	// known only where a scope by province asks for it.
	filer     filer
	FiledAt   time.Time
	Newest    uint32
	Withdrawn bool // the newest revision is a withdrawal
	// Filings holds each revision once. Nearly always it is one or two, and the memory
	// keeps very many of them: a map would take five times the space.
	Filings []filing
}

// filing returns the revision, nil if it is not known.
func (h history) filing(revision uint32) *filing {
	at := slices.IndexFunc(h.Filings, func(f filing) bool { return f.Revision == revision })
	if at < 0 {
		return nil
	}
	return &h.Filings[at]
}

// merge adds what the other source knows. The store's word on a revision wins:
// its first offset is what counts.
func (h history) merge(memory history) history {
	if h.Newest == 0 {
		return memory
	}
	if memory.Newest > h.Newest {
		h.Newest, h.Withdrawn, h.filer = memory.Newest, memory.Withdrawn, memory.filer
	}
	all := slices.Clone(h.Filings)
	for _, f := range memory.Filings {
		if h.filing(f.Revision) == nil {
			all = append(all, f)
		}
	}
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

// holds tells whether the very same was taken under the same request, and is within the
// scope of who brings it now: of anybody else's nothing may be told, not even that it is
// here.
func (m *memory) holds(d *draft) bool {
	h := m.report(d.submission.ReportID)
	f := h.filing(d.submission.Revision)
	if f == nil || f.SHA256 != d.mark || !d.within.holds(&h, &d.submission) {
		return false
	}
	if d.requestID == uuid.Nil {
		return true
	}
	r, used := m.request(d.requestID)
	return used && r == request{ReportID: d.submission.ReportID, SHA256: d.mark}
}

// remember notes that one more writer of a filing is on its way.
func (m *memory) remember(id uuid.UUID, f facts, by filer, filedAt time.Time, one filing) {
	h := history{facts: f, filer: by, FiledAt: filedAt, Filings: slices.Clone(m.report(id).Filings)}
	if before := h.filing(one.Revision); before != nil {
		before.writers++
	} else {
		one.writers = 1
		h.Filings = append(h.Filings, one)
	}
	if len(m.reports) >= m.limit {
		m.older, m.reports = m.reports, make(map[uuid.UUID]history)
	}
	m.reports[id] = h.newest()
}

// newest fills in what follows from the filings.
func (h history) newest() history {
	h.Newest, h.Withdrawn = 0, false
	for _, f := range h.Filings {
		if f.Revision > h.Newest {
			h.Newest, h.Withdrawn = f.Revision, f.Withdrawn
		}
	}
	return h
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

// result is what became of one writer of a filing.
type result int

const (
	kept    result = iota // the log acknowledged it
	unsure                // the log did not answer
	nothing               // nothing was sent
)

// finish ends one writer. A filing of which nothing was ever sent is forgotten,
// but never one that another writer has brought into the log or still may.
func (m *memory) finish(id uuid.UUID, revision uint32, requestID uuid.UUID, r result) {
	m.mu.Lock()
	defer m.mu.Unlock()
	generation := m.reports
	if _, ok := generation[id]; !ok {
		generation = m.older
	}
	h, ok := generation[id]
	f := h.filing(revision)
	if !ok || f == nil {
		return
	}
	f.writers--
	f.Kept = f.Kept || r == kept
	f.Unsure = f.Unsure || r == unsure
	if f.writers > 0 || f.Kept || f.Unsure {
		return
	}
	h.Filings = slices.DeleteFunc(slices.Clone(h.Filings), func(f filing) bool { return f.Revision == revision })
	delete(m.requests, requestID)
	delete(m.earlier, requestID)
	if len(h.Filings) > 0 {
		generation[id] = h.newest()
		return
	}
	delete(m.reports, id)
	delete(m.older, id)
}
