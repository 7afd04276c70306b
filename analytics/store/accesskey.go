package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/analytics/access"
)

// The events of an API key.
const (
	KeyMade    = "made"
	KeyRotated = "rotated"
	KeyRevoked = "revoked"
)

// AccessKeyEvent is one thing that was done about an API key.
type AccessKeyEvent struct {
	// ID makes it safe to record the event again when the first attempt is unanswered.
	ID    uuid.UUID
	Event string
	// At is when it was recorded, by the clock of the store.
	At time.Time
	// By is who did it, Token the name of the token or key that he presented.
	By, Token string
	Reason    string
	// Hash of KeyMade and KeyRotated: SHA-256 of the secret from now on, in hex. The one
	// before it is valid until GraceUntil as well.
	Hash       string
	GraceUntil time.Time
}

// AccessKey is an API key with everything that was done about it. What it may do was fixed
// when it was made.
type AccessKey struct {
	ID string
	// Owner is the [access.Caller] ID of who presents the key.
	Owner     string
	Name      string
	Role      access.Role
	Units     []string
	Provinces []string
	Nation    bool
	Sections  []string
	// Expires is when it ends by itself; zero for never.
	Expires time.Time
	// Events are in the order in which they were recorded, KeyMade the first.
	Events []AccessKeyEvent
}

// Revoked returns when the key was revoked; zero if it was not.
func (k AccessKey) Revoked() time.Time {
	i := slices.IndexFunc(k.Events, func(e AccessKeyEvent) bool { return e.Event == KeyRevoked })
	if i < 0 {
		return time.Time{}
	}
	return k.Events[i].At
}

// Hashes returns the hashes of the secrets that are valid at a time: the newest, and those
// before it whose grace has not ended. None of a key that was revoked or has expired.
func (k AccessKey) Hashes(at time.Time) []string {
	if !k.Revoked().IsZero() || (!k.Expires.IsZero() && !at.Before(k.Expires)) {
		return nil
	}
	var valid []string
	// From the newest back: the rotation behind a secret says when it ends, and a later
	// rotation may only bring that forward.
	newest, until := true, time.Time{}
	for _, e := range slices.Backward(k.Events) {
		if newest || at.Before(until) {
			valid = append(valid, e.Hash)
		}
		if newest || e.GraceUntil.Before(until) {
			until = e.GraceUntil
		}
		newest = false
	}
	return valid
}

var (
	// ErrNoAccessKey says that there is no such key, or none of the caller's.
	ErrNoAccessKey = errors.New("store: no such API key")
	// ErrKeyTaken says that something else was done about the key since it was read.
	ErrKeyTaken = errors.New("store: something else was done about the key meanwhile")
)

const accessKeySQL = `
SELECT key_id, event_id, event, at, by, token, reason, owner, name, role, units, provinces, nation, sections, expires_at, hash, grace_until
FROM access_key_event
WHERE key_id IN (%s)
ORDER BY key_id, number`

// AccessKey returns a key. The error is ErrNoAccessKey also when it is not the caller's.
func (s *Store) AccessKey(ctx context.Context, id string) (AccessKey, error) {
	owner, err := s.ownerOfKeys(ctx, "AccessKey")
	if err != nil {
		return AccessKey{}, err
	}
	keys, err := s.accessKeys(ctx, "SELECT {id:String}", parameters{"id": id})
	if err != nil {
		return AccessKey{}, err
	}
	if len(keys) == 0 || (owner != "" && keys[0].Owner != owner) {
		return AccessKey{}, fmt.Errorf("%w: %q", ErrNoAccessKey, id)
	}
	return keys[0], nil
}

// AccessKeys returns a page of the caller's keys, an operator's of all, by id from behind
// after on. more says that others follow.
func (s *Store) AccessKeys(ctx context.Context, after string, limit int) (page []AccessKey, more bool, err error) {
	owner, err := s.ownerOfKeys(ctx, "AccessKeys")
	if err != nil {
		return nil, false, err
	}
	page, err = s.accessKeys(ctx, `
    SELECT key_id FROM access_key_event
    WHERE event = 'made' AND key_id > {after:String} AND ({owner:String} = '' OR owner = {owner:String})
    ORDER BY key_id LIMIT {limit:UInt32}`, parameters{"after": after, "owner": owner, "limit": limit + 1})
	if err != nil {
		return nil, false, err
	}
	more = len(page) > limit
	return page[:min(limit, len(page))], more, nil
}

// LivingAccessKeys counts the caller's keys, an operator's count is of all, that were neither
// revoked nor have expired at a time.
func (s *Store) LivingAccessKeys(ctx context.Context, at time.Time) (int, error) {
	owner, err := s.ownerOfKeys(ctx, "LivingAccessKeys")
	if err != nil {
		return 0, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var living uint64
	err = each(ctx, s.write, `
SELECT count() FROM
(
    SELECT key_id FROM access_key_event
    WHERE {owner:String} = '' OR owner = {owner:String}
    GROUP BY key_id
    HAVING countIf(event = 'revoked') = 0 AND (any(expires_at) = {never:DateTime64(3)} OR any(expires_at) > {at:DateTime64(3)})
)`, parameters{"owner": owner, "at": at, "never": orEpoch(time.Time{})}, func(rows driver.Rows) error { return rows.Scan(&living) })
	if err != nil {
		return 0, fmt.Errorf("count API keys: %w", err)
	}
	return int(living), nil
}

// ownerOfKeys is whose keys the caller reaches; empty for all.
func (s *Store) ownerOfKeys(ctx context.Context, method string) (string, error) {
	by, err := s.may(ctx, method)
	switch {
	case err != nil:
		return "", err
	case access.ExtentOf(by.Role, access.ManageKeys) == access.All:
		return "", nil
	case by.ID == "":
		return "", access.ErrDenied
	}
	return by.ID, nil
}

func (s *Store) accessKeys(ctx context.Context, which string, params parameters) ([]AccessKey, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var keys []AccessKey
	// From the pool that writes them: who revokes a key must see that it is.
	err := each(ctx, s.write, fmt.Sprintf(accessKeySQL, which), params, func(rows driver.Rows) error {
		var k AccessKey
		var e AccessKeyEvent
		var role string
		if err := rows.Scan(&k.ID, &e.ID, &e.Event, &e.At, &e.By, &e.Token, &e.Reason, &k.Owner, &k.Name, &role, &k.Units,
			&k.Provinces, &k.Nation, &k.Sections, &k.Expires, &e.Hash, &e.GraceUntil); err != nil {
			return err
		}
		k.Role = access.Role(role)
		k.Expires, e.GraceUntil = orNone(k.Expires), orNone(e.GraceUntil)
		if len(keys) == 0 || keys[len(keys)-1].ID != k.ID {
			keys = append(keys, k)
		}
		last := &keys[len(keys)-1]
		last.Events = append(last.Events, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read API keys: %w", err)
	}
	return keys, nil
}

// orNone is the zero time for that of 1970, which stands for none in the store.
func orNone(t time.Time) time.Time {
	if t.Unix() == 0 {
		return time.Time{}
	}
	return t
}

const recordKeySQL = `
INSERT INTO access_key_event
    (key_id, number, event_id, event, by, token, reason, owner, name, role, units, provinces, nation, sections, expires_at, hash, grace_until)
SELECT {key:String}, {number:UInt32}, {id:UUID}, {event:String}, {by:String}, {token:String}, {reason:String}, {owner:String},
    {name:String}, {role:String}, {units:Array(String)}, {provinces:Array(String)}, {nation:Bool}, {sections:Array(String)},
    {expires:DateTime64(3)}, {hash:String}, {grace:DateTime64(3)}`

// RecordAccessKey records the next event of a key, of which the caller knows those in it. It
// returns the key with the event. The error is ErrKeyTaken when there are others meanwhile.
// After any other error call again with the same arguments: an event is recorded once.
func (s *Store) RecordAccessKey(ctx context.Context, k AccessKey, e AccessKeyEvent) (AccessKey, error) {
	if _, err := s.may(ctx, "RecordAccessKey"); err != nil {
		return AccessKey{}, err
	}
	number := len(k.Events) + 1
	params := parameters{
		"key": k.ID, "number": number, "id": e.ID.String(), "event": e.Event, "by": e.By, "token": e.Token, "reason": e.Reason,
		"owner": k.Owner, "name": k.Name, "role": string(k.Role), "units": listed(k.Units), "provinces": listed(k.Provinces),
		"nation": k.Nation, "sections": listed(k.Sections), "expires": orEpoch(k.Expires), "hash": e.Hash, "grace": orEpoch(e.GraceUntil),
	}
	// A second event of the same number is dropped.
	if err := s.once(ctx, fmt.Sprintf("access_key_event/%s/%d", k.ID, number), recordKeySQL, params); err != nil {
		return AccessKey{}, err
	}
	keys, err := s.accessKeys(ctx, "SELECT {id:String}", parameters{"id": k.ID})
	if err != nil {
		return AccessKey{}, err
	}
	switch {
	case len(keys) == 0 || len(keys[0].Events) < number:
		return AccessKey{}, fmt.Errorf("record an event of API key %s: it cannot be read back", k.ID)
	case keys[0].Events[number-1].ID != e.ID:
		return AccessKey{}, fmt.Errorf("%w: %s", ErrKeyTaken, k.ID)
	}
	return keys[0], nil
}

// listed is never nil, which the driver would send as NULL.
func listed(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}
