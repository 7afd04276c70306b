package identity

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	// askTimeout bounds a question to the store or to an issuer.
	askTimeout = 5 * time.Second
	// maxEntries bounds what is remembered; far more than are asked for within fresh.
	maxEntries = 50_000
)

// remembered keeps answers for a short time. Many who ask at once cause one question.
type remembered[V any] struct {
	clock  func() time.Time
	ask    func(ctx context.Context, key string) (V, error)
	flight singleflight.Group

	mu      sync.Mutex
	entries map[string]entry[V]
	// age counts forget, so that an answer that was on its way meanwhile is not kept.
	age int
}

type entry[V any] struct {
	value V
	at    time.Time
}

func remember[V any](clock func() time.Time, ask func(ctx context.Context, key string) (V, error)) *remembered[V] {
	return &remembered[V]{clock: clock, ask: ask, entries: map[string]entry[V]{}}
}

// get returns the answer for a key, at most fresh old, or at most stale old when the asked
// does not answer. An ErrToken is an answer, and is not remembered.
func (r *remembered[V]) get(ctx context.Context, key string) (V, error) {
	r.mu.Lock()
	known, there := r.entries[key]
	age := r.age
	r.mu.Unlock()
	if there && r.clock().Sub(known.at) < fresh {
		return known.value, nil
	}
	v, err, _ := r.flight.Do(strconv.Itoa(age)+" "+key, func() (any, error) {
		// Others wait for this answer, so it does not end with the one who asked first.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askTimeout)
		defer cancel()
		at := r.clock()
		value, err := r.ask(ctx, key)
		if err == nil {
			r.keep(key, age, entry[V]{value, at})
		}
		return value, err
	})
	if err != nil && !errors.Is(err, ErrToken) && there && r.clock().Sub(known.at) < stale {
		return known.value, nil
	}
	value, _ := v.(V)
	return value, err
}

func (r *remembered[V]) keep(key string, age int, e entry[V]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if age != r.age {
		return
	}
	if len(r.entries) >= maxEntries {
		clear(r.entries)
	}
	r.entries[key] = e
}

func (r *remembered[V]) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.entries)
	r.age++
}
