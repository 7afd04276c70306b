package grant

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

// TTL is how long a process goes by what it has read of a grantee. So long a grant that was
// made, ended or ran out may go unnoticed by the others; the process that recorded it knows
// at once.
const TTL = 5 * time.Second

// maxCached bounds the grantees that a process remembers.
const maxCached = 10_000

// Desk is where grants are made, ended and looked up. It is safe for concurrent use, also
// in several processes.
type Desk struct {
	store  *store.Store
	clock  func() time.Time
	flight singleflight.Group

	mu      sync.Mutex
	cache   map[string]cached
	changes uint64 // grants recorded here
}

type cached struct {
	granted access.Grants
	until   time.Time
}

// New makes a desk.
func New(s *store.Store) *Desk {
	return &Desk{store: s, clock: time.Now, cache: map[string]cached{}}
}

// Make records a grant for each of the units, in place of what the grantee had of it, and
// returns them. like holds what the grants have in common. access.ErrDenied if the caller
// has no say about one of the units; then nothing is recorded.
func (d *Desk) Make(ctx context.Context, like store.Grant, units []string) ([]store.Grant, error) {
	if err := d.record(ctx, like, units); err != nil {
		return nil, err
	}
	keys := make([]store.GrantKey, len(units))
	for i, unit := range units {
		keys[i] = store.GrantKey{Grantee: like.Grantee, Unit: unit}
	}
	made, _, err := d.store.Grants(ctx, store.GrantFilter{Grantee: like.Grantee, Keys: keys, Limit: len(keys)})
	return made, err
}

// End ends a grant, whatever it was worth, and returns it. To end it again changes
// nothing. The error is store.ErrNoGrant for one of a unit that is not the caller's.
func (d *Desk) End(ctx context.Context, id uuid.UUID, by, principal, reason string) (store.Grant, error) {
	g, err := d.store.Grant(ctx, id)
	if err != nil || g.Ended {
		return g, err
	}
	g.Ended, g.By, g.Principal, g.Reason = true, by, principal, reason
	if err := d.record(ctx, g, []string{g.Unit}); err != nil {
		return store.Grant{}, err
	}
	return d.store.Grant(ctx, id)
}

func (d *Desk) record(ctx context.Context, like store.Grant, units []string) error {
	err := d.store.RecordGrants(ctx, like, units)
	// Also after an error: it may be recorded all the same.
	d.forget(like.Grantee)
	return err
}

// forget makes the next question about a grantee one to the store, and keeps what is being
// read at this moment from being remembered.
func (d *Desk) forget(grantee string) {
	d.mu.Lock()
	d.changes++
	delete(d.cache, grantee)
	d.mu.Unlock()
	d.flight.Forget(grantee)
}

// List returns a page of the grants of the caller's units and whether more follow.
func (d *Desk) List(ctx context.Context, f store.GrantFilter) ([]store.Grant, bool, error) {
	return d.store.Grants(ctx, f)
}

// Of returns what a grantee may do now, for whom; see [access.Grantee] and [access.Caller.With].
// What cannot be read is an error: nobody files by what was granted once.
func (d *Desk) Of(ctx context.Context, grantee string) (access.Grants, error) {
	if _, ok := access.GranteeRole(grantee); !ok {
		return access.Grants{}, nil // nothing can be granted to it
	}
	now := d.clock()
	d.mu.Lock()
	known, ok := d.cache[grantee]
	d.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.granted, nil
	}
	granted, err, _ := d.flight.Do(grantee, func() (any, error) {
		// Shared, so it does not end with the one who asked first.
		return d.read(context.WithoutCancel(ctx), grantee, now)
	})
	if err != nil {
		return access.Grants{}, fmt.Errorf("look up grants: %w", err)
	}
	return granted.(access.Grants), nil
}

func (d *Desk) read(ctx context.Context, grantee string, now time.Time) (access.Grants, error) {
	d.mu.Lock()
	before := d.changes
	d.mu.Unlock()
	granted, err := d.store.GrantedUnits(ctx, grantee, now)
	if err != nil {
		return access.Grants{}, err
	}
	granted = granted.Sorted()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.changes != before {
		return granted, nil
	}
	if len(d.cache) >= maxCached {
		clear(d.cache)
	}
	d.cache[grantee] = cached{granted, now.Add(TTL)}
	return granted, nil
}
