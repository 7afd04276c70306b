package identity

import (
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

// company is who presents a token for a whole tax code.
var company = access.Caller{ID: "dn-1", Role: access.Enterprise, Units: []string{"0100109106"}, Token: "jti-1"}

const branch = "0100109106-001"

func (h *house) rotate(by access.Caller, id string, grace time.Duration) (string, error) {
	h.t.Helper()
	_, token, faults, err := h.desk.RotateKey(h.as(by), id, grace)
	require.Empty(h.t, faults)
	return token, err
}

func (h *house) revoke(w Revoking) {
	h.t.Helper()
	w.Reason = "mất máy"
	_, faults, err := h.desk.RevokeTokens(h.as(operator), w)
	require.NoError(h.t, err)
	require.Empty(h.t, faults)
}

func (h *house) listed(by access.Caller) (ids []string) {
	h.t.Helper()
	for after, more := "", true; more; {
		var page []store.AccessKey
		var err error
		page, more, err = h.desk.Keys(h.as(by), after, 1)
		require.NoError(h.t, err)
		for _, k := range page {
			ids, after = append(ids, k.ID), k.ID
		}
	}
	return ids
}

// A key for a branch does not become its maker by giving that another secret.
func TestKeyDoesNotRotateAWiderKey(t *testing.T) {
	h := newHouse(t, nil)
	whole, token := h.make(company, Wish{Name: "x"})
	sibling, _ := h.make(company, Wish{Name: "x", Scope: Scope{Establishments: []string{branch}}})
	part, partToken := h.make(h.accepted(h.here, token), Wish{Name: "x", Scope: Scope{Establishments: []string{branch}}})
	by := h.accepted(h.here, partToken)
	for _, id := range []string{whole.ID, sibling.ID} {
		_, err := h.rotate(by, id, 0)
		require.ErrorIs(t, err, store.ErrNoAccessKey)
		_, _, err = h.desk.RevokeKey(h.as(by), id, "x")
		require.ErrorIs(t, err, store.ErrNoAccessKey)
	}
	require.Equal(t, []string{part.ID}, h.listed(by))
	require.ElementsMatch(t, []string{whole.ID, sibling.ID, part.ID}, h.listed(company))
	require.ElementsMatch(t, []string{whole.ID, part.ID}, h.listed(h.accepted(h.here, token)))
	_, err := h.rotate(h.accepted(h.here, token), part.ID, 0)
	require.NoError(t, err, "what was made with it")
	_, err = h.rotate(company, whole.ID, 0)
	require.NoError(t, err)
}

// Nor does a token of the same subject, for less or with another role.
func TestTokenOfLessDoesNotReachAWiderKey(t *testing.T) {
	h := newHouse(t, nil)
	whole, _ := h.make(company, Wish{Name: "x"})
	narrowed, other := company, company
	narrowed.Units = []string{branch}
	other.Role = access.Clinic
	for _, by := range []access.Caller{narrowed, other} {
		_, err := h.rotate(by, whole.ID, 0)
		require.ErrorIs(t, err, store.ErrNoAccessKey)
		_, _, err = h.desk.RevokeKey(h.as(by), whole.ID, "x")
		require.ErrorIs(t, err, store.ErrNoAccessKey)
		require.Empty(t, h.listed(by))
	}
}

func TestOperatorKeyRotatesNoOtherKey(t *testing.T) {
	h := newHouse(t, nil)
	foreign, _ := h.make(operator, acme)
	own, token := h.make(operator, Wish{Name: "x", Scope: Scope{Role: "operator"}})
	by := h.accepted(h.here, token)
	_, err := h.rotate(by, foreign.ID, 0)
	require.ErrorIs(t, err, access.ErrDenied)
	_, err = h.rotate(by, own.ID, time.Hour)
	require.NoError(t, err)
	_, _, err = h.desk.RevokeKey(h.as(by), foreign.ID, "x")
	require.NoError(t, err)
}

// An operator's key makes no keys that make keys; and where such a row is on record from
// before, all of it ends with the first.
func TestKeysOfOperatorsMakeNoChains(t *testing.T) {
	h := newHouse(t, nil)
	wish := Wish{Name: "x", Scope: Scope{Role: "operator"}}
	first, token := h.make(operator, wish)
	second, token := h.make(h.accepted(h.here, token), wish)
	by := h.accepted(h.here, token)
	_, _, _, err := h.desk.MakeKey(h.as(by), wish)
	require.ErrorIs(t, err, ErrKeyOfKey)

	id, err := newKeyID(h.here.config.Keys)
	require.NoError(t, err)
	_, token, err = h.desk.record(h.as(by), by, store.AccessKey{ID: id, Owner: "key:" + id, Role: access.Operator, Nation: true}, store.AccessKeyEvent{Event: store.KeyMade})
	require.NoError(t, err)
	require.Equal(t, second.ID, by.Token)
	h.accepted(h.here, token)
	_, _, err = h.desk.RevokeKey(h.as(operator), first.ID, "bị lộ")
	require.NoError(t, err)
	requireRefused(t, h.here, token, "made with has ended")
}

// What was made with a secret ends with it, after the grace.
func TestAPIKeyEndsWithTheSecretItWasMadeWith(t *testing.T) {
	h := newHouse(t, nil)
	parent, token := h.make(operator, acme)
	by := h.accepted(h.here, token)
	_, before := h.make(by, Wish{Name: "x"})
	_, err := h.rotate(operator, parent.ID, time.Hour)
	require.NoError(t, err)
	_, within := h.make(by, Wish{Name: "x"})
	h.accepted(h.here, before)
	h.accepted(h.here, within)
	h.at.move(time.Hour + time.Second)
	requireRefused(t, h.here, before, "its secret of then")
	requireRefused(t, h.here, within, "its secret of then")

	h = newHouse(t, nil)
	parent, _ = h.make(operator, acme)
	token, err = h.rotate(operator, parent.ID, 0)
	require.NoError(t, err)
	time.Sleep(2 * time.Millisecond) // the store counts them
	_, after := h.make(h.accepted(h.here, token), Wish{Name: "x"})
	h.accepted(h.here, after)
}

// However long ago a key was made: a later revocation of who made it ends it.
func TestAPIKeyEndsWithTheRevocationOfWhoMadeIt(t *testing.T) {
	p := newProvider(t)
	h := newHouse(t, p)
	officer := h.accepted(h.here, p.forge(func(c map[string]any) {
		c["role"], c["establishments"] = "enterprise", []string{"0100109106"}
		delete(c, "provinces")
	}))
	software := access.Caller{ID: "software:acme-ehs", Role: access.Software, Token: "jti-2"}
	for _, c := range []struct {
		name    string
		by      access.Caller
		revoked Revoking
	}{
		{"principal", company, Revoking{Principal: company.ID}},
		{"local subject", company, Revoking{Issuer: LocalIssuer, Subject: company.ID}},
		{"foreign principal", officer, Revoking{Principal: officer.ID}},
		{"foreign subject", officer, Revoking{Issuer: p.url, Subject: p.subject}},
		{"token", company, Revoking{Token: company.Token}},
		{"software", software, Revoking{Principal: software.ID}},
	} {
		c.by.Token = uuid.NewString()
		if c.revoked.Token != "" {
			c.revoked.Token = c.by.Token
		}
		key, token := h.make(c.by, Wish{Name: c.name})
		_, childToken := h.make(h.accepted(h.here, token), Wish{Name: "x"})
		h.accepted(h.there, token)
		if c.revoked.Token == "" {
			early := c.revoked
			early.IssuedBefore = key.Events[0].At
			h.revoke(early)
			h.accepted(h.here, token)
			time.Sleep(2 * time.Millisecond)
		}
		h.revoke(c.revoked)
		for _, ended := range []string{token, childToken} {
			requireRefused(t, h.here, ended, "revoked after that")
		}
		_, err := h.rotate(operator, key.ID, 0)
		require.ErrorIs(t, err, ErrEnded)
		if c.revoked.Token == "" {
			time.Sleep(2 * time.Millisecond)
			_, later := h.make(c.by, Wish{Name: "later"})
			h.accepted(h.here, later)
		}
	}
	// One that an operator made, rotated with a stolen token.
	key, _ := h.make(operator, Wish{Name: "x", Scope: Scope{Role: "software", Software: "other"}})
	stolen, err := h.rotate(access.Caller{ID: "software:other", Role: access.Software, Token: "stolen"}, key.ID, 0)
	require.NoError(t, err)
	h.accepted(h.here, stolen)
	h.revoke(Revoking{Token: "stolen"})
	requireRefused(t, h.here, stolen, "revoked after that")
	// Long ago: revocations of tokens are looked at for a day, those of keys for ever.
	key, token := h.make(company, Wish{Name: "old"})
	time.Sleep(2 * time.Millisecond)
	h.revoke(Revoking{Principal: company.ID})
	h.at.move(30 * 24 * time.Hour)
	require.True(t, h.at.now().Before(key.Expires))
	requireRefused(t, h.there, token, "revoked after that")
}

func TestAPIKeyOfOthersExpiresWithinAYear(t *testing.T) {
	h := newHouse(t, nil)
	key, _ := h.make(company, Wish{Name: "x"})
	require.WithinDuration(t, time.Now().AddDate(1, 0, 0), key.Expires, time.Minute)
	late := Wish{Name: "x", Expires: time.Now().AddDate(1, 0, 1)}
	_, _, faults, err := h.desk.MakeKey(h.as(company), late)
	require.NoError(t, err)
	require.Equal(t, []string{"expires_at"}, members(faults))
	late.Expires = time.Now().AddDate(0, 11, 0)
	h.make(company, late)
	w := acme
	key, _ = h.make(operator, w)
	require.True(t, key.Expires.IsZero())
	w.Expires = time.Now().AddDate(5, 0, 0)
	h.make(operator, w)
}

// stored writes keys as if they had been made, without asking for each of them.
func (h *house) stored(n int, owner string, events ...store.AccessKeyEvent) string {
	h.t.Helper()
	prefix := uuid.NewString()
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, e.Event)
	}
	options, err := clickhouse.ParseDSN(h.dsn)
	require.NoError(h.t, err)
	conn, err := clickhouse.Open(options)
	require.NoError(h.t, err)
	require.NoError(h.t, conn.Exec(h.t.Context(), `
INSERT INTO access_key_event (key_id, number, event_id, event, owner, role, hash, expires_at)
SELECT concat(?, '-', toString(k.number)), e.1, generateUUIDv4(), e.2, ?, 'enterprise', 'h', toDateTime64(0, 3)
FROM numbers(?) AS k ARRAY JOIN arrayZip(arrayEnumerate(?), ?) AS e`, prefix, owner, n, kinds, kinds))
	require.NoError(h.t, conn.Close())
	return prefix + "-0"
}

// However many keys a holder has ended: only those that live are counted.
func TestLivingKeysAreCounted(t *testing.T) {
	h := newHouse(t, nil)
	made, revoked := store.AccessKeyEvent{Event: store.KeyMade}, store.AccessKeyEvent{Event: store.KeyRevoked}
	h.stored(maxList+50, company.ID, made, revoked)
	h.make(company, Wish{Name: "x", Expires: time.Now().Add(time.Hour)})
	h.stored(maxLiving-2, company.ID, made)
	h.stored(maxLiving, "dn-2", made)
	h.make(company, Wish{Name: "x"})
	_, _, _, err := h.desk.MakeKey(h.as(company), Wish{Name: "x"})
	require.ErrorIs(t, err, ErrTooMany)
	h.at.move(time.Hour + time.Second)
	h.make(company, Wish{Name: "x"})
}

func TestRotationsAreBounded(t *testing.T) {
	h := newHouse(t, nil)
	events := []store.AccessKeyEvent{{Event: store.KeyMade}}
	for len(events) < maxRotations {
		events = append(events, store.AccessKeyEvent{Event: store.KeyRotated})
	}
	id := h.stored(1, "software:acme-ehs", events...)
	_, err := h.rotate(operator, id, 0)
	require.NoError(t, err, "the thousandth")
	_, err = h.rotate(operator, id, 0)
	require.ErrorIs(t, err, ErrRotations)
	_, _, err = h.desk.RevokeKey(h.as(operator), id, "x")
	require.NoError(t, err)
}

func TestDeniedNamesTheAction(t *testing.T) {
	h := newHouse(t, nil)
	_, _, err := h.desk.RevokeTokens(h.as(company), Revoking{Token: "x", Reason: "r"})
	var denied *access.DeniedError
	require.ErrorAs(t, err, &denied)
	require.Equal(t, access.RevokeTokens, denied.Action)
}
