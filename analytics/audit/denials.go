package audit

import (
	"sync"
	"time"

	"github.com/jellydator/ttlcache/v3"
	"golang.org/x/time/rate"

	"atvsld/analytics/access"
)

// How many denials and failures are recorded: for each second, and at once. Whoever has no
// token that holds can try as often as he likes; a caller who is known has only so many
// reasons to, and cannot use up what the others have.
const (
	strangersASecond, strangersAtOnce = 1, 100
	callerASecond, callerAtOnce       = 1, 50
	callersASecond, callersAtOnce     = 20, 1000 // all who are known together
	failuresASecond, failuresAtOnce   = 10, 200
)

// Known callers who are remembered: the one that was away longest is forgotten first. By
// callerFor a budget is full again, so that forgetting it changes nothing.
const (
	maxCallers = 1 << 14
	callerFor  = 2 * time.Minute
)

// denials bounds the denials and failures that are recorded.
type denials struct {
	// Whoever is refused, and the platform's own failures, do not use up each other's.
	strangers, callers, failures *rate.Limiter
	each                         *ttlcache.Cache[string, *rate.Limiter]

	mu      sync.Mutex
	dropped uint32
}

func newDenials() *denials {
	return &denials{
		strangers: rate.NewLimiter(strangersASecond, strangersAtOnce),
		callers:   rate.NewLimiter(callersASecond, callersAtOnce),
		failures:  rate.NewLimiter(failuresASecond, failuresAtOnce),
		each:      ttlcache.New(ttlcache.WithTTL[string, *rate.Limiter](callerFor), ttlcache.WithCapacity[string, *rate.Limiter](maxCallers)),
	}
}

// admit tells whether a denial or failure is recorded, and how many were not since the last one.
func (d *denials) admit(e *Entry, now time.Time) (dropped uint32, record bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.allowed(e, now) {
		d.dropped++
		return 0, false
	}
	dropped, d.dropped = d.dropped, 0
	return dropped, true
}

func (d *denials) allowed(e *Entry, now time.Time) bool {
	switch {
	case e.Outcome == Failed:
		return d.failures.AllowN(now, 1)
	case e.Who.Role == access.Public:
		return d.strangers.AllowN(now, 1)
	}
	// The caller's own comes first: who has used it up takes nothing from all.
	return d.of(e.Who.ID).AllowN(now, 1) && d.callers.AllowN(now, 1)
}

// of returns the budget of a caller.
func (d *denials) of(id string) *rate.Limiter {
	item, _ := d.each.GetOrSetFunc(id, func() *rate.Limiter { return rate.NewLimiter(callerASecond, callerAtOnce) })
	return item.Value()
}

// drop counts denials that were admitted and found no place.
func (d *denials) drop(n uint32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dropped += n
}
