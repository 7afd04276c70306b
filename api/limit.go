package api

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// limiter bounds how much is worked on at once. Whoever finds no free place waits
// for a bounded time among a bounded number of others. A body is read before a place
// is asked for, so a slow sender holds none.
type limiter struct {
	places  *semaphore.Weighted
	waiting atomic.Int64
	most    int64
	wait    time.Duration
}

func newLimiter(places, waiting int, wait time.Duration) *limiter {
	return &limiter{places: semaphore.NewWeighted(int64(places)), most: int64(waiting), wait: wait}
}

// acquire returns false when there is no place in time; else release must be called.
func (l *limiter) acquire(ctx context.Context) (release func(), ok bool) {
	release = func() { l.places.Release(1) }
	if l.places.TryAcquire(1) {
		return release, true
	}
	if l.waiting.Add(1) > l.most {
		l.waiting.Add(-1)
		return nil, false
	}
	defer l.waiting.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, l.wait)
	defer cancel()
	if l.places.Acquire(ctx, 1) != nil {
		return nil, false
	}
	return release, true
}
