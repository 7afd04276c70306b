package store

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/analytics/access"
)

// ErrNoGrant says that there is no such grant, or none of a unit of the caller's.
var ErrNoGrant = errors.New("store: no such grant")

// GrantState is what a grant is worth at a moment.
type GrantState string

// The states of a grant.
const (
	GrantActive  GrantState = "active"
	GrantNotYet  GrantState = "not_yet"
	GrantExpired GrantState = "expired"
	GrantEnded   GrantState = "ended" // by somebody, before its time
)

// The acts on a grant.
const (
	actGranted = "granted"
	actEnded   = "ended"
)

// Grant is what a unit lets a grantee do for it: the newest event of theirs.
type Grant struct {
	// Grantee is written as in [access.Grantee], Unit as in [access.Caller].
	Grantee, Unit string
	Rights        []access.Right
	// ValidFrom is included, ValidTo is not; it is zero when the grant lasts until it is
	// ended.
	ValidFrom, ValidTo time.Time
	Ended              bool
	// By is the name that was given by who granted or ended it, Principal who was let in.
	By, Principal, Reason string
	// At is when it was recorded, by the clock of the store.
	At time.Time

	number uint32 // of the event
}

// grantNamespace is the UUIDv5 namespace of (grantee, unit).
var grantNamespace = uuid.MustParse("3c1b0f1e-58a1-4bd5-9a0f-6f0c2f7e5d21")

// ID names the one grant of the unit to the grantee, for all time.
func (g Grant) ID() uuid.UUID {
	return uuid.NewSHA1(grantNamespace, []byte(g.Grantee+"\n"+g.Unit))
}

// State tells what the grant is worth.
func (g Grant) State(at time.Time) GrantState {
	switch {
	case g.Ended:
		return GrantEnded
	case at.Before(g.ValidFrom):
		return GrantNotYet
	case !g.ValidTo.IsZero() && !at.Before(g.ValidTo):
		return GrantExpired
	default:
		return GrantActive
	}
}

// GrantFilter chooses grants. What is empty is not asked for.
type GrantFilter struct {
	Grantee string
	ID      uuid.UUID
	// Keys are grantees and units.
	Keys []GrantKey
	// After is the last grant of the page before.
	After *GrantKey
	// Limit is the length of a page.
	Limit int
}

// GrantKey is a place in the list of grants, which goes by grantee and unit.
type GrantKey struct{ Grantee, Unit string }

// Key is the place of a grant.
func (g Grant) Key() GrantKey { return GrantKey{g.Grantee, g.Unit} }

// String writes a key as [ParseGrantKey] reads it.
func (k GrantKey) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(k.Grantee + "\n" + k.Unit))
}

// ParseGrantKey reads what String wrote and nothing else.
func ParseGrantKey(text string) (GrantKey, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	grantee, unit, ok := strings.Cut(string(raw), "\n")
	key := GrantKey{grantee, unit}
	if err != nil || !ok || key.String() != text {
		return GrantKey{}, errors.New("not a place in the list of grants")
	}
	return key, nil
}

// newestGrants are the events that count. Whose they are {own} says, as Reach.HasUnit
// does; a grant names no site.
const newestGrants = `
SELECT grantee, unit, act, rights, valid_from, valid_to, by, principal, reason, at, number
FROM access_grant
WHERE ({grantee:String} = '' OR grantee = {grantee:String})
    AND ({any:Bool} OR grant_id = {id:UUID})
    AND (empty({grantees:Array(String)}) OR has(arrayZip({grantees:Array(String)}, {units:Array(String)}), (toString(grantee), unit)))
    AND ({first:Bool} OR (toString(grantee), unit) > ({after_grantee:String}, {after_unit:String}))
    AND ({everybody:Bool} OR arrayExists(own -> unit = own
        OR startsWith(unit, concat(own, '-')) AND position(own, '-') = 0 AND position(own, ':') = 0, {own:Array(String)}))
ORDER BY grantee, unit, number DESC, act = 'ended' DESC, at DESC, event_id
LIMIT 1 BY grantee, unit
LIMIT {limit:UInt32}`

// Grants returns a page of the grants of the caller's units, ended ones too, and whether
// more follow. access.ErrDenied if the caller has no say about any.
func (s *Store) Grants(ctx context.Context, f GrantFilter) (page []Grant, more bool, err error) {
	asked, err := s.ask(ctx, "Grants")
	if err != nil {
		return nil, false, err
	}
	params := f.parameters(asked)
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	// From the pool that writes them: who ends a grant must see what was granted.
	err = each(ctx, s.write, newestGrants, params, func(rows driver.Rows) error {
		g, err := scanGrant(rows)
		page = append(page, g)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("list grants: %w", err)
	}
	if len(page) > f.Limit {
		return page[:f.Limit], true, nil
	}
	return page, false, nil
}

func (f GrantFilter) parameters(asked scope) parameters {
	var after GrantKey
	if f.After != nil {
		after = *f.After
	}
	grantees, units := []string{}, []string{}
	for _, k := range f.Keys {
		grantees, units = append(grantees, k.Grantee), append(units, k.Unit)
	}
	return parameters{
		"grantee": f.Grantee, "any": f.ID == uuid.Nil, "id": f.ID.String(), "grantees": grantees, "units": units,
		"first": f.After == nil, "after_grantee": after.Grantee, "after_unit": after.Unit,
		"everybody": asked.Extent == access.All, "own": append([]string{}, asked.Units...), "limit": f.Limit + 1,
	}
}

func scanGrant(rows driver.Rows) (Grant, error) {
	var g Grant
	var act string
	var rights []string
	err := rows.Scan(&g.Grantee, &g.Unit, &act, &rights, &g.ValidFrom, &g.ValidTo, &g.By, &g.Principal, &g.Reason, &g.At, &g.number)
	for _, r := range rights {
		g.Rights = append(g.Rights, access.Right(r))
	}
	g.Ended = act == actEnded
	if g.ValidTo.Unix() == 0 {
		g.ValidTo = time.Time{}
	}
	return g, err
}

// Grant returns the grant of the id, or ErrNoGrant; that of a unit that is not the
// caller's is none.
func (s *Store) Grant(ctx context.Context, id uuid.UUID) (Grant, error) {
	page, _, err := s.Grants(ctx, GrantFilter{ID: id, Limit: 1})
	if err != nil {
		return Grant{}, err
	}
	if len(page) == 0 {
		return Grant{}, fmt.Errorf("%w: %s", ErrNoGrant, id)
	}
	return page[0], nil
}

// grantsAtOnce keeps a statement's parameters, which travel in the address over HTTP, far
// below the server's limit.
const grantsAtOnce = 500

const recordGrantsSQL = `
INSERT INTO access_grant (grantee, unit, number, event_id, grant_id, act, rights, valid_from, valid_to, principal, by, reason)
SELECT {grantee:String}, row.1, row.2, row.3, row.4, {act:String}, {rights:Array(String)},
    {valid_from:DateTime64(3)}, {valid_to:DateTime64(3)}, {principal:String}, {by:String}, {reason:String}
FROM (SELECT arrayJoin(arrayZip({units:Array(String)}, {numbers:Array(UInt32)}, {events:Array(UUID)}, {ids:Array(UUID)})) AS row)`

// RecordGrants records the same grant, or its end, for several units of one grantee. The
// caller must have a say about each: access.ErrDenied otherwise, and nothing is recorded.
// After any other error call again: it is the newest event that counts.
func (s *Store) RecordGrants(ctx context.Context, like Grant, units []string) error {
	reach, err := s.ask(ctx, "RecordGrants")
	if err != nil {
		return err
	}
	if reach.Extent != access.All && slices.ContainsFunc(units, func(u string) bool { return !reach.HasUnit(u) }) {
		return fmt.Errorf("record grants: %w", access.ErrDenied)
	}
	for some := range slices.Chunk(units, grantsAtOnce) {
		if err := s.recordGrants(ctx, like, some); err != nil {
			return fmt.Errorf("record %d grants: %w", len(some), err)
		}
	}
	return nil
}

func (s *Store) recordGrants(ctx context.Context, like Grant, units []string) error {
	var keys []GrantKey
	for _, unit := range units {
		keys = append(keys, GrantKey{like.Grantee, unit})
	}
	before, _, err := s.Grants(ctx, GrantFilter{Grantee: like.Grantee, Keys: keys, Limit: len(keys)})
	if err != nil {
		return err
	}
	newest := map[string]uint32{}
	for _, g := range before {
		newest[g.Unit] = g.number
	}
	var numbers []uint32
	var events, ids, rights []string
	for _, unit := range units {
		numbers = append(numbers, newest[unit]+1)
		events = append(events, uuid.NewString())
		ids = append(ids, Grant{Grantee: like.Grantee, Unit: unit}.ID().String())
	}
	for _, r := range like.Rights {
		rights = append(rights, string(r))
	}
	act, to := actGranted, like.ValidTo
	if like.Ended {
		act = actEnded
	}
	if to.IsZero() {
		to = time.Unix(0, 0)
	}
	return s.once(ctx, "access_grant/"+events[0], recordGrantsSQL, parameters{
		"grantee": like.Grantee, "act": act, "rights": rights, "valid_from": like.ValidFrom, "valid_to": to,
		"principal": like.Principal, "by": like.By, "reason": like.Reason,
		"units": units, "numbers": numbers, "events": events, "ids": ids,
	})
}

const grantedUnitsSQL = `
SELECT unit, rights
FROM
(
    SELECT unit, act, rights, valid_from, valid_to
    FROM access_grant
    WHERE grantee = {grantee:String}
    ORDER BY unit, number DESC, act = 'ended' DESC, at DESC, event_id
    LIMIT 1 BY unit
)
WHERE act = 'granted' AND valid_from <= {at:DateTime64(3)} AND (toUnixTimestamp64Milli(valid_to) = 0 OR valid_to > {at:DateTime64(3)})
ORDER BY unit`

// GrantedUnits returns the units that let a grantee file and read at a moment. It is the
// platform's own question, about the one who asks.
func (s *Store) GrantedUnits(ctx context.Context, grantee string, at time.Time) (access.Grants, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var granted access.Grants
	err := each(ctx, s.write, grantedUnitsSQL, parameters{"grantee": grantee, "at": at}, func(rows driver.Rows) error {
		var unit string
		var rights []string
		if err := rows.Scan(&unit, &rights); err != nil {
			return err
		}
		if slices.Contains(rights, string(access.RightFile)) {
			granted.File = append(granted.File, unit)
		}
		if slices.Contains(rights, string(access.RightRead)) {
			granted.Read = append(granted.Read, unit)
		}
		return nil
	})
	if err != nil {
		return access.Grants{}, fmt.Errorf("read what was granted to %s: %w", grantee, err)
	}
	return granted, nil
}
