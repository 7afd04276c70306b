package api

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// maxExports is how many exports of a kind run at once: each reads a whole log of the store.
// More are told to come again at once: one takes minutes.
const maxExports = 2

// retryExport is when another place may be free.
const retryExport = 30 * time.Second

// exports bounds exports of each kind, so that those of one do not keep those of another away.
type exports struct{ persons, audit *semaphore.Weighted }

func newExports() exports {
	return exports{persons: semaphore.NewWeighted(maxExports), audit: semaphore.NewWeighted(maxExports)}
}

func tooManyExports() *Problem {
	return problemExports.new(ruleExports.finding(maxExports, maxExports)).after(retryExport)
}

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
