package intake

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/store"
)

// lookupTimeout bounds one question to the store; filers wait for it.
const lookupTimeout = 5 * time.Second

// sharedLookup asks the store what it knows. While one question is on its way,
// everybody who comes meanwhile shares the next one: a thousand single reports
// at once cost a handful of queries.
type sharedLookup struct {
	ask func(ctx context.Context, q question) (answer, error)

	mu      sync.Mutex
	next    *pending
	running bool
}

type question struct {
	reports  []store.Key
	requests []uuid.UUID
	// filers are the reports of which it matters who made them.
	filers []uuid.UUID
}

type answer struct {
	reports  map[store.Key]history
	requests map[uuid.UUID][]request
}

type pending struct {
	asked    question
	answered answer
	err      error
	done     chan struct{}
}

// get answers q, or more than q: the answer may be shared.
func (l *sharedLookup) get(ctx context.Context, q question) (answer, error) {
	if len(q.reports)+len(q.requests) == 0 {
		return answer{}, nil
	}
	l.mu.Lock()
	if l.next == nil {
		l.next = &pending{done: make(chan struct{})}
	}
	p := l.next
	p.asked.reports = append(p.asked.reports, q.reports...)
	p.asked.requests = append(p.asked.requests, q.requests...)
	p.asked.filers = append(p.asked.filers, q.filers...)
	if !l.running {
		l.running = true
		go l.run(context.WithoutCancel(ctx))
	}
	l.mu.Unlock()

	select {
	case <-p.done:
		return p.answered, p.err
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
}

// run asks until nobody waits.
func (l *sharedLookup) run(ctx context.Context) {
	for {
		l.mu.Lock()
		p := l.next
		l.next = nil
		if p == nil {
			l.running = false
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		bounded, cancel := context.WithTimeout(ctx, lookupTimeout)
		p.answered, p.err = l.ask(bounded, p.asked)
		cancel()
		close(p.done)
	}
}
