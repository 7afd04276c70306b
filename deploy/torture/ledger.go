package torture

import (
	"encoding/hex"
	"fmt"
	"maps"
	"sync"

	"github.com/google/uuid"

	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
)

// key names one content of one revision.
type key struct {
	id       uuid.UUID
	revision uint32
	sha256   [32]byte
}

func (k key) String() string {
	return fmt.Sprintf("report %s revision %d content %s", k.id, k.revision, hex.EncodeToString(k.sha256[:6]))
}

// acceptance is what the platform promised with a receipt.
type acceptance struct {
	tracking string // empty while there is no receipt
	state    state
	// raced: another content of the same revision was filed at the same time, so that
	// this one may have lost.
	raced bool
}

// ledger is the filers' own record of what was accepted: what the store and the
// figures are held against.
type ledger struct {
	mu       sync.Mutex
	accepted map[key]acceptance
	newest   map[uuid.UUID]uint32
	// strange are answers that a careful client could not expect.
	strange []string
	// answers counts by status; 0 is no answer. outcomes counts those to the integrator.
	answers  map[int]int
	outcomes int
}

func newLedger() *ledger {
	return &ledger{accepted: make(map[key]acceptance), newest: make(map[uuid.UUID]uint32), answers: make(map[int]int)}
}

// accept notes a receipt. It returns an error when it is not the receipt of what was
// filed, or not the one that the same content got before.
func (l *ledger) accept(c content, raced bool, r receipt.Receipt) error {
	sum, err := report.SHA256(c.raw)
	if err != nil {
		return err
	}
	if sum != [32]byte(r.SHA256) {
		return fmt.Errorf("the receipt of report %s revision %d is for another content", r.ReportID, r.Revision)
	}
	k := key{r.ReportID, r.Revision, sum}
	l.mu.Lock()
	defer l.mu.Unlock()
	if before := l.accepted[k]; before.tracking != "" && before.tracking != r.TrackingNumber {
		return fmt.Errorf("%s: tracking number %s, before it was %s", k, r.TrackingNumber, before.tracking)
	}
	l.accepted[k] = acceptance{tracking: r.TrackingNumber, state: c.state, raced: raced}
	l.newest[k.id] = max(l.newest[k.id], k.revision)
	return nil
}

// contend notes a first revision that races with another one. Even without a receipt it
// may be the one that counts: a filer who is told that he lost may have been written
// before, by an attempt that nobody answered.
func (l *ledger) contend(c content) error {
	sum, err := report.SHA256(c.raw)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	k := key{c.id, 1, sum}
	if _, known := l.accepted[k]; !known {
		l.accepted[k] = acceptance{state: c.state, raced: true}
		l.newest[c.id] = max(l.newest[c.id], 1)
	}
	return nil
}

func (l *ledger) answered(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers[status]++
}

// outcome counts an answer to the integrator.
func (l *ledger) outcome() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outcomes++
}

func (l *ledger) note(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.strange = append(l.strange, fmt.Sprintf(format, args...))
}

// receipts gives what has one.
func (l *ledger) receipts() map[key]acceptance {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := maps.Clone(l.accepted)
	maps.DeleteFunc(all, func(_ key, a acceptance) bool { return a.tracking == "" })
	return all
}

// expectation is what the figures must be.
type expectation struct {
	figures map[figure]int64
	// reports counts by kind and year what is not withdrawn.
	reports map[kindYear]int64
}

type kindYear struct {
	kind report.Kind
	year int
}

// expected computes the figures from what was accepted. Of contents that raced, counts
// tells the one that came first in the log.
func (l *ledger) expected(counts func(key) bool) expectation {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := expectation{figures: make(map[figure]int64), reports: make(map[kindYear]int64)}
	for k, a := range l.accepted {
		if k.revision != l.newest[k.id] || a.state.gone || a.raced && !counts(k) {
			continue
		}
		e.reports[kindYear{a.state.kind, a.state.year}]++
		for f, n := range a.state.figures {
			e.figures[f] += n
		}
	}
	return e
}
