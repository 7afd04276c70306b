package store

import (
	"context"
	"sync"
)

// Sources are the figures that an answer is made of. Whoever keeps the answer asks them whether
// the same question would be given the same figures again.
type Sources struct {
	mu   sync.Mutex
	read []givenFigures
	// passing: something was read that is of its moment only.
	passing bool
}

// givenFigures are one answer of Figures.
type givenFigures struct {
	store  *Store
	q      CellQuery // with the caller's reach
	number uint64    // of the figures
	closed closedMark
}

type sourcesKey struct{}

// WithSources notes what Figures gives under the context.
func WithSources(ctx context.Context) (context.Context, *Sources) {
	r := &Sources{}
	return context.WithValue(ctx, sourcesKey{}, r), r
}

// note adds what was given to those who keep account of it.
func (s *Store) note(ctx context.Context, q CellQuery, f Figures) {
	r, asked := ctx.Value(sourcesKey{}).(*Sources)
	if !asked {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passing = r.passing || q.Anew
	r.read = append(r.read, givenFigures{s, q, f.number, f.closed})
}

// Stand tells whether Figures would give the very same again, for whoever has the same reach. It
// is false where nothing was read, and where figures are asked for anew each time. Figures that
// are behind the store are renewed by it as by a question for them.
func (r *Sources) Stand(ctx context.Context) bool {
	r.mu.Lock()
	read, passing := r.read, r.passing
	r.mu.Unlock()
	if passing || len(read) == 0 {
		return false
	}
	for _, one := range read {
		now, err := one.store.state(ctx)
		if err != nil || now.closed != one.closed {
			return false
		}
		held := one.store.held(one.q, now) //nolint:contextcheck // it renews beside the question
		if held == nil || held.number != one.number {
			return false
		}
	}
	return true
}
