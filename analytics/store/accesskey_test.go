package store_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
)

func keyEvent(kind, hash string) store.AccessKeyEvent {
	return store.AccessKeyEvent{ID: uuid.New(), Event: kind, By: "local", Hash: hash}
}

func madeKey(t *testing.T, s *store.Store, id, owner string) store.AccessKey {
	t.Helper()
	k, err := s.RecordAccessKey(access.System(t.Context()), store.AccessKey{
		ID: id, Owner: owner, Name: "máy chủ ' \\ {x}", Role: access.Enterprise, Units: []string{"0100109106", "hb:ab'12"}, Provinces: []string{"01"},
		Sections: []string{"2025:F"}, Nation: true, Expires: day(2030, 1, 1),
	}, keyEvent(store.KeyMade, "h1"))
	require.NoError(t, err)
	return k
}

func TestAccessKeyIsKept(t *testing.T) {
	s, _ := shared.Store(t)
	ctx := access.System(t.Context())
	_, err := s.AccessKey(ctx, "k1")
	require.ErrorIs(t, err, store.ErrNoAccessKey)
	made := madeKey(t, s, "k1", "enterprise:1")
	got, err := s.AccessKey(ctx, "k1")
	require.NoError(t, err)
	require.Equal(t, made, got)
	require.Equal(t, "máy chủ ' \\ {x}", got.Name)
	require.Equal(t, []string{"0100109106", "hb:ab'12"}, got.Units)
	require.True(t, got.Nation)
	require.True(t, day(2030, 1, 1).Equal(got.Expires))
	require.True(t, got.Revoked().IsZero())
	require.WithinDuration(t, time.Now(), got.Events[0].At, time.Minute)

	rotation := keyEvent(store.KeyRotated, "h2")
	rotation.GraceUntil = day(2029, 1, 1)
	got, err = s.RecordAccessKey(access.System(t.Context()), got, rotation)
	require.NoError(t, err)
	require.Equal(t, []string{"h2", "h1"}, got.Hashes(day(2028, 1, 1)))
	require.Equal(t, []string{"h2"}, got.Hashes(day(2029, 1, 1)))
	require.Empty(t, got.Hashes(day(2030, 1, 1)), "expired")
	// The same event again, as after an answer that was lost.
	before := got
	before.Events = before.Events[:1]
	again, err := s.RecordAccessKey(access.System(t.Context()), before, rotation)
	require.NoError(t, err)
	require.Equal(t, got, again)

	got, err = s.RecordAccessKey(access.System(t.Context()), got, keyEvent(store.KeyRevoked, ""))
	require.NoError(t, err)
	require.False(t, got.Revoked().IsZero())
	require.Empty(t, got.Hashes(day(2028, 1, 1)))
	require.EqualValues(t, 3, count(t, s, "SELECT count() FROM access_key_event"))
}

// Of several who change a key at once one succeeds, and the others learn it.
func TestAccessKeyChangesOneByOne(t *testing.T) {
	config := shared.Config(t)
	first := storetest.Open(t, config)
	require.NoError(t, first.Migrate(t.Context()))
	_, err := first.Init(t.Context(), false)
	require.NoError(t, err)
	key := madeKey(t, first, "k1", "enterprise:1")
	const processes = 6
	errs := make([]error, processes)
	var group sync.WaitGroup
	for i := range processes {
		s := storetest.Open(t, config)
		group.Go(func() {
			_, errs[i] = s.RecordAccessKey(access.System(t.Context()), key, keyEvent(store.KeyRotated, strconv.Itoa(i)))
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.ErrorIs(t, err, store.ErrKeyTaken)
	}
	require.Equal(t, 1, won)
	require.EqualValues(t, 2, count(t, first, "SELECT count() FROM access_key_event"))
}

func TestAccessKeysOfWhom(t *testing.T) {
	s, _ := shared.Store(t)
	for i := range 5 {
		madeKey(t, s, fmt.Sprintf("k%d", i), fmt.Sprintf("enterprise:%d", i%2))
	}
	as := func(role access.Role, id string) context.Context {
		return access.With(t.Context(), access.Caller{ID: id, Role: role})
	}
	ids := func(ctx context.Context, after string, limit int) (ids []string, more bool) {
		t.Helper()
		page, more, err := s.AccessKeys(ctx, after, limit)
		require.NoError(t, err)
		for _, k := range page {
			require.Len(t, k.Events, 1)
			ids = append(ids, k.ID)
		}
		return ids, more
	}
	f := func(ctx context.Context, after string, limit int, want []string, wantMore bool) {
		t.Helper()
		got, more := ids(ctx, after, limit)
		require.Equal(t, want, got)
		require.Equal(t, wantMore, more)
	}
	f(access.System(t.Context()), "", 3, []string{"k0", "k1", "k2"}, true)
	f(access.System(t.Context()), "k2", 3, []string{"k3", "k4"}, false)
	f(as(access.Enterprise, "enterprise:0"), "", 10, []string{"k0", "k2", "k4"}, false)
	f(as(access.Enterprise, "enterprise:1"), "k1", 1, []string{"k3"}, false)
	f(as(access.Enterprise, "' OR 1 = 1 --"), "", 10, nil, false)
	_, err := s.AccessKey(as(access.Enterprise, "enterprise:0"), "k1")
	require.ErrorIs(t, err, store.ErrNoAccessKey)
	for ctx, want := range map[context.Context]error{
		t.Context(): access.ErrNoCaller, as(access.Public, "public"): access.ErrDenied, as(access.Ministry, "m"): access.ErrDenied, as(access.Enterprise, ""): access.ErrDenied,
	} {
		_, _, err := s.AccessKeys(ctx, "", 10)
		require.ErrorIs(t, err, want)
		_, err = s.AccessKey(ctx, "k1")
		require.ErrorIs(t, err, want)
	}
}

// However a key was rotated: the newest secret is valid, one before it until the earliest
// grace behind it has ended.
func TestHashesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "secrets")
		at := time.Unix(rapid.Int64Range(0, 20).Draw(t, "at"), 0)
		k := store.AccessKey{}
		var graces []time.Time
		for i := range n {
			grace := time.Unix(rapid.Int64Range(0, 20).Draw(t, "grace"), 0)
			graces = append(graces, grace)
			k.Events = append(k.Events, store.AccessKeyEvent{Event: store.KeyRotated, Hash: strconv.Itoa(i), GraceUntil: grace})
		}
		var want []string
		for i := n - 1; i >= 0; i-- {
			valid := true
			for _, grace := range graces[i+1:] {
				valid = valid && at.Before(grace)
			}
			if valid {
				want = append(want, strconv.Itoa(i))
			}
		}
		require.Equal(t, want, k.Hashes(at))
	})
}

func TestRevocationsAreKept(t *testing.T) {
	s, _ := shared.Store(t)
	r := store.Revocation{ID: uuid.New(), Kind: store.RevokedToken, Value: "jti' \\", IssuedBefore: day(2026, 1, 1), By: "local", Token: "t", Reason: "lộ"}
	recorded, err := s.RevokeTokens(access.System(t.Context()), r)
	require.NoError(t, err)
	_, err = s.RevokeTokens(access.System(t.Context()), r) // as after an answer that was lost
	require.NoError(t, err)
	list, err := s.Revocations(access.System(t.Context()), time.Time{}, 10)
	require.NoError(t, err)
	require.Equal(t, []store.Revocation{recorded}, list)
	require.True(t, r.IssuedBefore.Equal(recorded.IssuedBefore))
	recorded.IssuedBefore, recorded.At = r.IssuedBefore, time.Time{}
	require.Equal(t, r, recorded)

	list, err = s.Revocations(access.System(t.Context()), time.Now().Add(time.Hour), 10)
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = s.Revocations(t.Context(), time.Time{}, 10)
	require.ErrorIs(t, err, access.ErrNoCaller)
	_, err = s.Revocations(access.With(t.Context(), access.Caller{Role: access.Ministry}), time.Time{}, 10)
	require.ErrorIs(t, err, access.ErrDenied)
}
