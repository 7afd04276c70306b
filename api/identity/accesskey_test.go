package identity

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
)

// counted counts what is asked of a real store, and can keep it from answering.
type counted struct {
	*store.Store
	keys, revocations atomic.Int64
	down              atomic.Bool
}

var errDown = errors.New("the store does not answer")

func (c *counted) AccessKey(ctx context.Context, id string) (store.AccessKey, error) {
	c.keys.Add(1)
	if c.down.Load() {
		return store.AccessKey{}, errDown
	}
	return c.Store.AccessKey(ctx, id)
}

func (c *counted) Revocations(ctx context.Context, since time.Time, limit int) ([]store.Revocation, error) {
	c.revocations.Add(1)
	if c.down.Load() {
		return nil, errDown
	}
	return c.Store.Revocations(ctx, since, limit)
}

// house is two processes of one platform: the desk is in the first.
type house struct {
	t      *testing.T
	dsn    string
	at     *clock
	desk   *Desk
	here   *Verifier
	there  *Verifier
	record *counted
}

func newHouse(t *testing.T, p *provider) *house {
	t.Helper()
	config := engine.Config(t)
	st := storetest.Open(t, config)
	require.NoError(t, st.Migrate(t.Context()))
	_, err := st.Init(t.Context(), false)
	require.NoError(t, err)
	h := &house{t: t, dsn: config.DSN, at: &clock{}, record: &counted{Store: st}}
	c := Config{Keys: openKeys(t), Clock: h.at.now, Client: newClient(), Records: h.record}
	t.Cleanup(c.Client.CloseIdleConnections)
	if p != nil {
		c.Issuers = []string{p.url}
	}
	h.here, err = Open(c)
	require.NoError(t, err)
	h.there, err = Open(c)
	require.NoError(t, err)
	h.desk = NewDesk(h.here, st)
	return h
}

var operator = access.Caller{ID: LocalID, Role: access.Operator, Nation: true}

func (h *house) as(c access.Caller) context.Context { return access.With(h.t.Context(), c) }

func (h *house) make(by access.Caller, w Wish) (store.AccessKey, string) {
	h.t.Helper()
	key, token, faults, err := h.desk.MakeKey(h.as(by), w)
	require.NoError(h.t, err)
	require.Empty(h.t, faults)
	return key, token
}

func (h *house) accepted(v *Verifier, token string) access.Caller {
	h.t.Helper()
	caller, err := v.Identify(h.t.Context(), token)
	require.NoError(h.t, err)
	return caller
}

var acme = Wish{Name: "máy chủ", Scope: Scope{Role: "software", Software: "acme-ehs"}}

func TestAPIKeyIsItsHolder(t *testing.T) {
	h := newHouse(t, nil)
	key, token := h.make(operator, acme)
	require.True(t, strings.HasPrefix(token, KeyPrefix+key.ID+"_"))
	want := access.Caller{ID: "software:acme-ehs", Role: access.Software, Token: key.ID}
	require.Equal(t, want, zeroless(h.accepted(h.there, token)))
	// Only a hash is at rest.
	stored, err := h.record.AccessKey(h.as(operator), key.ID)
	require.NoError(t, err)
	secret := strings.TrimPrefix(token, KeyPrefix+key.ID+"_")
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	require.NoError(t, err)
	require.Equal(t, hashOf(raw), stored.Events[0].Hash)
	var found uint64
	require.NoError(t, h.record.Conn().QueryRow(t.Context(),
		"SELECT count() FROM access_key_event WHERE arrayExists(x -> position(toString(x), ?) > 0, [key_id, hash, name, owner, reason, token])", secret).Scan(&found))
	require.Zero(t, found)

	officer, token := h.make(operator, Wish{Name: "x", Scope: Scope{Role: "labour_officer", Provinces: []string{"34:01"}}})
	require.Equal(t, access.Caller{ID: "key:" + officer.ID, Role: access.LabourOfficer, Provinces: []string{"01"}, Token: officer.ID}, zeroless(h.accepted(h.here, token)))
}

// zeroless takes empty lists for none, as they come from the store.
func zeroless(c access.Caller) access.Caller {
	if len(c.Units) == 0 {
		c.Units = nil
	}
	if len(c.Provinces) == 0 {
		c.Provinces = nil
	}
	if len(c.Sections) == 0 {
		c.Sections = nil
	}
	return c
}

func TestAPIKeyWrongSecret(t *testing.T) {
	h := newHouse(t, nil)
	one, first := h.make(operator, acme)
	_, second := h.make(operator, acme)
	_, secret, _ := strings.Cut(strings.TrimPrefix(second, KeyPrefix), "_")
	requireRefused(t, h.here, KeyPrefix+one.ID+"_"+secret, "wrong secret")
	h.record.keys.Store(0)
	for _, wrong := range []string{
		KeyPrefix, KeyPrefix + one.ID, KeyPrefix + one.ID + "_", first + "A", first[:len(first)-1], KeyPrefix + "_" + secret,
		KeyPrefix + strings.ToUpper(one.ID) + "_" + secret, KeyPrefix + strings.Repeat("0", 24) + "_" + secret,
	} {
		requireRefused(t, h.here, wrong, "not")
	}
	for range 100 {
		requireRefused(t, h.here, KeyPrefix+strings.ReplaceAll(uuid.NewString(), "-", "")[:24]+"_"+secret, "not an API key of this installation")
	}
	require.Zero(t, h.record.keys.Load(), "made-up keys do not reach the store")
	// A key of another installation, and one that no store knows.
	other, err := newKeyID(h.here.config.Keys)
	require.NoError(t, err)
	requireRefused(t, h.here, KeyPrefix+other+"_"+secret, "there is no API key")
	none := New(h.here.config.Keys)
	requireRefused(t, none, first, "knows no API keys")
}

func TestAPIKeyAfterRevocation(t *testing.T) {
	h := newHouse(t, nil)
	key, token := h.make(operator, acme)
	h.accepted(h.here, token)
	h.accepted(h.there, token)
	_, faults, err := h.desk.RevokeKey(h.as(operator), key.ID, " ")
	require.NoError(t, err)
	require.Equal(t, []string{"reason"}, members(faults))
	_, faults, err = h.desk.RevokeKey(h.as(operator), key.ID, "bị lộ")
	require.NoError(t, err)
	require.Empty(t, faults)
	requireRefused(t, h.here, token, "revoked")
	// Every other process within the documented time.
	h.at.move(fresh)
	requireRefused(t, h.there, token, "revoked")
	// It is final, and doing it again changes nothing.
	again, _, err := h.desk.RevokeKey(h.as(operator), key.ID, "x")
	require.NoError(t, err)
	require.Len(t, again.Events, 2)
	_, _, _, err = h.desk.RotateKey(h.as(operator), key.ID, 0)
	require.ErrorIs(t, err, ErrEnded)
}

func TestAPIKeyAfterRotation(t *testing.T) {
	h := newHouse(t, nil)
	key, first := h.make(operator, acme)
	rotate := func(grace time.Duration) string {
		t.Helper()
		_, token, faults, err := h.desk.RotateKey(h.as(operator), key.ID, grace)
		require.NoError(t, err)
		require.Empty(t, faults)
		return token
	}
	second := rotate(time.Hour)
	require.NotEqual(t, first, second)
	h.accepted(h.here, first)
	h.accepted(h.here, second)
	h.at.move(time.Hour + time.Second)
	requireRefused(t, h.here, first, "wrong secret")
	requireRefused(t, h.there, first, "wrong secret")
	third := rotate(2 * time.Hour)
	fourth := rotate(0)
	for _, ended := range []string{first, second, third} {
		requireRefused(t, h.here, ended, "wrong secret")
	}
	h.accepted(h.here, fourth)
	for _, grace := range []time.Duration{-1, MaxGrace + 1} {
		_, _, faults, err := h.desk.RotateKey(h.as(operator), key.ID, grace)
		require.NoError(t, err)
		require.Equal(t, []string{"grace_seconds"}, members(faults))
	}
}

func TestAPIKeyExpires(t *testing.T) {
	h := newHouse(t, nil)
	w := acme
	w.Expires = time.Now().Add(time.Hour)
	_, token := h.make(operator, w)
	h.accepted(h.here, token)
	h.at.move(time.Hour + time.Second)
	requireRefused(t, h.here, token, "expired")
	_, _, faults, err := h.desk.MakeKey(h.as(operator), w)
	require.NoError(t, err)
	require.Equal(t, []string{"expires_at"}, members(faults))
}

// Nobody but an operator makes a key that reaches further than he does.
func TestAPIKeyIsNeverWiderThanItsMaker(t *testing.T) {
	h := newHouse(t, nil)
	enterprise := access.Caller{ID: "enterprise:1", Role: access.Enterprise, Units: []string{"0100109106"}, Token: "jti"}
	for _, c := range []struct {
		by    access.Caller
		scope Scope
		wider []string
	}{
		{enterprise, Scope{}, nil},
		{enterprise, Scope{Establishments: []string{"0100109106-001"}}, nil},
		{enterprise, Scope{Role: "enterprise", Establishment: household}, []string{"establishments"}},
		{enterprise, Scope{Role: "operator"}, []string{"role", "provinces"}},
		{enterprise, Scope{Role: "clinic", Establishment: "0100109106"}, []string{"role"}},
		{enterprise, Scope{Role: "software", Software: "acme"}, []string{"role", "software"}},
		{access.Caller{ID: "software:acme", Role: access.Software, Units: []string{"0100109106"}}, Scope{}, nil},
		{access.Caller{ID: "software:acme", Role: access.Software}, Scope{Software: "acme"}, nil},
		{access.Caller{ID: "software:acme", Role: access.Software}, Scope{Software: "other"}, []string{"software"}},
		{access.Caller{ID: "zone:vsip", Role: access.ZoneBoard}, Scope{Zone: "other"}, []string{"zone"}},
		{access.Caller{ID: "commune:1", Role: access.Commune, Units: []string{"commune:00001"}}, Scope{Communes: []string{"00004"}}, []string{"communes"}},
		{access.Caller{ID: "insurance:1", Role: access.Insurance, Provinces: []string{"01"}}, Scope{Provinces: []string{"34:01"}}, nil},
		{access.Caller{ID: "insurance:1", Role: access.Insurance, Provinces: []string{"01"}}, Scope{Provinces: []string{"34:04"}}, []string{"provinces"}},
		{access.Caller{ID: "insurance:1", Role: access.Insurance, Provinces: []string{"01"}}, Scope{Provinces: []string{"VN"}}, []string{"provinces"}},
		{access.Caller{ID: "insurance:1", Role: access.Insurance, Nation: true}, Scope{Provinces: []string{"34:04"}}, nil},
	} {
		key, token, faults, err := h.desk.MakeKey(h.as(c.by), Wish{Name: "x", Scope: c.scope})
		require.NoError(t, err)
		require.Equal(t, c.wider, members(faults), "%+v", c.scope)
		for _, f := range faults {
			require.True(t, f.Wider)
		}
		if c.wider == nil {
			caller := h.accepted(h.here, token)
			require.Equal(t, c.by.ID, caller.ID)
			require.Equal(t, c.by.Role, caller.Role)
			require.Equal(t, c.by.Token, key.Events[0].Token)
			if c.by.Role == access.Software {
				require.Empty(t, caller.Units, "what is granted is asked for at each use")
			}
		}
	}
	for _, role := range []access.Role{access.Public, access.Ministry, access.LabourOfficer, access.Auditor, access.Inspector} {
		_, _, _, err := h.desk.MakeKey(h.as(access.Caller{ID: "x", Role: role, Nation: true, Provinces: []string{"01"}}), Wish{Name: "x"})
		require.ErrorIs(t, err, access.ErrDenied, role)
	}
	_, _, _, err := h.desk.MakeKey(t.Context(), Wish{Name: "x"})
	require.ErrorIs(t, err, access.ErrNoCaller)
	_, _, faults, err := h.desk.MakeKey(h.as(operator), Wish{Name: "a\nb", Scope: Scope{Role: "boss", Sections: []string{"x"}}, Expires: time.Unix(1, 0)})
	require.NoError(t, err)
	require.Equal(t, []string{"role", "sections/0", "name", "expires_at"}, members(faults))
}

// A key ends with the key that it was made with, and makes no further ones.
func TestAPIKeyEndsWithItsMaker(t *testing.T) {
	h := newHouse(t, nil)
	parent, token := h.make(operator, acme)
	child, childToken := h.make(h.accepted(h.here, token), Wish{Name: "x"})
	require.Equal(t, parent.ID, child.Events[0].Token)
	caller := h.accepted(h.there, childToken)
	_, _, _, err := h.desk.MakeKey(h.as(caller), Wish{Name: "x"})
	require.ErrorIs(t, err, ErrKeyOfKey)
	_, _, err = h.desk.RevokeKey(h.as(operator), parent.ID, "bị lộ")
	require.NoError(t, err)
	requireRefused(t, h.here, childToken, "made with has ended")
}

// A holder sees and changes his own keys only; others are answered like none.
func TestAPIKeysOfOthers(t *testing.T) {
	h := newHouse(t, nil)
	key, token := h.make(operator, acme)
	own := h.accepted(h.here, token)
	other := access.Caller{ID: "software:other", Role: access.Software}
	for _, id := range []string{key.ID, strings.Repeat("0", 24), ""} {
		_, _, _, err := h.desk.RotateKey(h.as(other), id, 0)
		require.ErrorIs(t, err, store.ErrNoAccessKey)
		_, _, err = h.desk.RevokeKey(h.as(other), id, "x")
		require.ErrorIs(t, err, store.ErrNoAccessKey)
	}
	of := func(c access.Caller) (ids []string) {
		page, more, err := h.desk.Keys(h.as(c), "", 10)
		require.NoError(t, err)
		require.False(t, more)
		for _, k := range page {
			ids = append(ids, k.ID)
		}
		return ids
	}
	require.Equal(t, []string{key.ID}, of(own))
	require.Empty(t, of(other))
	require.Equal(t, []string{key.ID}, of(operator))
	_, _, err := h.desk.Keys(h.as(access.Nobody()), "", 10)
	require.ErrorIs(t, err, access.ErrDenied)
	_, _, faults, err := h.desk.RotateKey(h.as(own), key.ID, 0)
	require.NoError(t, err)
	require.Empty(t, faults)
}

// What is remembered: the store is asked once in a while, and goes on counting when it does
// not answer, but not for ever.
func TestStoreIsAskedOnceInAWhile(t *testing.T) {
	p := newProvider(t)
	h := newHouse(t, p)
	_, key := h.make(operator, acme)
	token := p.forge(func(c map[string]any) { c["exp"] = time.Now().Add(time.Hour).Unix() })
	for range 20 {
		h.accepted(h.there, key)
		h.accepted(h.there, token)
	}
	require.EqualValues(t, 1, h.record.keys.Load())
	require.EqualValues(t, 1, h.record.revocations.Load())
	h.record.down.Store(true)
	h.at.move(stale - time.Second)
	h.accepted(h.there, key)
	h.accepted(h.there, token)
	h.at.move(2 * time.Second)
	for _, v := range []*Verifier{h.here, h.there} { // the first has asked for nothing yet
		for _, text := range []string{key, token} {
			_, err := v.Identify(t.Context(), text)
			require.ErrorIs(t, err, errDown)
			require.NotErrorIs(t, err, ErrToken)
		}
	}
	h.accepted(h.there, h.here.config.Keys.LocalToken())
}

func TestTokenReplayedAfterRevocation(t *testing.T) {
	p := newProvider(t)
	h := newHouse(t, p)
	token, another := p.token(), p.token()
	caller := h.accepted(h.here, token)
	h.accepted(h.there, token)
	revoke := func(w Revoking) {
		t.Helper()
		w.Reason = "mất máy"
		_, faults, err := h.desk.RevokeTokens(h.as(operator), w)
		require.NoError(t, err)
		require.Empty(t, faults)
	}
	revoke(Revoking{Token: caller.Token})
	requireRefused(t, h.here, token, "revoked")
	h.accepted(h.here, another)
	h.at.move(fresh)
	requireRefused(t, h.there, token, "revoked")

	// All tokens of a subject that were issued before now; those of others, and later ones,
	// are accepted.
	h.at.move(2 * time.Second)
	later := p.forge(func(c map[string]any) { c["iat"] = h.at.now().Add(time.Second).Unix() })
	other := p.forge(func(c map[string]any) { c["sub"] = "somebody.else" })
	revoke(Revoking{Issuer: p.url, Subject: p.subject})
	requireRefused(t, h.here, another, "revoked")
	h.accepted(h.here, later)
	revoke(Revoking{Principal: h.accepted(h.here, other).ID})
	requireRefused(t, h.here, other, "revoked")

	// The subject stands nowhere.
	list, err := h.desk.Revocations(h.as(operator), time.Time{}, 10)
	require.NoError(t, err)
	require.Len(t, list, 3)
	for _, r := range list {
		require.NotContains(t, r.Value, p.subject)
		require.Equal(t, LocalID, r.By)
	}
	_, err = h.desk.Revocations(h.as(access.Caller{Role: access.Ministry}), time.Time{}, 10)
	require.ErrorIs(t, err, access.ErrDenied)
}

// Also a token of the local issuer.
func TestLocalTokenOfTheIssuerIsRevoked(t *testing.T) {
	h := newHouse(t, nil)
	token, _, err := Issue(h.here.config.Keys, h.here.config.Seeds, Order{Scope: Scope{Role: "ministry"}, Subject: "bo-noi-vu", For: time.Hour}, time.Now())
	require.NoError(t, err)
	h.accepted(h.here, token)
	h.at.move(time.Second)
	_, faults, err := h.desk.RevokeTokens(h.as(operator), Revoking{Issuer: LocalIssuer, Subject: "bo-noi-vu", Reason: "x"})
	require.NoError(t, err)
	require.Empty(t, faults)
	requireRefused(t, h.here, token, "revoked")
}

func TestRevokingNamesEverythingWrong(t *testing.T) {
	h := newHouse(t, nil)
	for _, c := range []struct {
		w    Revoking
		want []string
	}{
		{Revoking{}, []string{"token", "reason"}},
		{Revoking{Token: "x", Principal: "y", Reason: "r"}, []string{"token"}},
		{Revoking{Subject: "x", Reason: "r"}, []string{"issuer"}},
		{Revoking{Subject: "x", Issuer: "https://unknown.vn", Reason: "r"}, []string{"issuer"}},
		{Revoking{Token: "x", IssuedBefore: time.Now().Add(time.Hour), Reason: "\x00"}, []string{"issued_before", "issued_before", "reason"}},
		{Revoking{Token: strings.Repeat("x", 256), Reason: "r"}, []string{"token"}},
	} {
		_, faults, err := h.desk.RevokeTokens(h.as(operator), c.w)
		require.NoError(t, err)
		require.Equal(t, c.want, members(faults), "%+v", c.w)
	}
	_, _, err := h.desk.RevokeTokens(h.as(access.Caller{Role: access.Ministry}), Revoking{Token: "x", Reason: "r"})
	require.ErrorIs(t, err, access.ErrDenied)
}
