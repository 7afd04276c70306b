package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

var (
	grantTime = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	both      = []access.Right{access.RightFile, access.RightRead}
)

func asOwner(t *testing.T, units ...string) context.Context {
	t.Helper()
	return access.With(t.Context(), access.Caller{ID: "e", Role: access.Enterprise, Units: units})
}

func grantOf(rights ...access.Right) store.Grant {
	return store.Grant{Grantee: "software:misa", Rights: rights, ValidFrom: grantTime, By: "A", Principal: "e", Reason: "r"}
}

func TestTheNewestGrantCounts(t *testing.T) {
	s, _ := shared.Store(t)
	ctx := asOwner(t, "0100109106", "hb:ab12")
	granted := func(at time.Time) access.Grants {
		t.Helper()
		g, err := s.GrantedUnits(t.Context(), "software:misa", at)
		require.NoError(t, err)
		return g
	}
	require.Empty(t, granted(grantTime))
	require.NoError(t, s.RecordGrants(ctx, grantOf(both...), []string{"hb:ab12", "0100109106-001", "0100109106"}))
	all := []string{"0100109106", "0100109106-001", "hb:ab12"}
	require.Equal(t, access.Grants{File: all, Read: all}, granted(grantTime), "in order")
	require.Empty(t, granted(grantTime.Add(-time.Millisecond)), "not yet")

	// To grant again replaces what was granted.
	narrower := grantOf(access.RightFile)
	narrower.ValidTo = grantTime.Add(time.Hour)
	require.NoError(t, s.RecordGrants(ctx, narrower, []string{"0100109106"}))
	require.Equal(t, access.Grants{File: all, Read: all[1:]}, granted(grantTime))
	require.Equal(t, access.Grants{File: all, Read: all[1:]}, granted(narrower.ValidTo.Add(-time.Millisecond)))
	require.Equal(t, access.Grants{File: all[1:], Read: all[1:]}, granted(narrower.ValidTo), "expired")

	end := grantOf(both...)
	end.Ended, end.Principal = true, "other"
	require.NoError(t, s.RecordGrants(ctx, end, []string{"0100109106-001"}))
	require.Equal(t, access.Grants{File: []string{"0100109106", "hb:ab12"}, Read: []string{"hb:ab12"}}, granted(grantTime))

	page, more, err := s.Grants(ctx, store.GrantFilter{Limit: 2})
	require.NoError(t, err)
	require.True(t, more)
	require.Equal(t, []store.GrantState{store.GrantExpired, store.GrantEnded}, []store.GrantState{page[0].State(narrower.ValidTo), page[1].State(grantTime)})
	require.Equal(t, "other", page[1].Principal)
	require.WithinDuration(t, time.Now(), page[1].At, time.Minute)
	after := page[1].Key()
	page, more, err = s.Grants(ctx, store.GrantFilter{Limit: 2, After: &after, Grantee: "software:misa"})
	require.NoError(t, err)
	require.False(t, more)
	require.Len(t, page, 1)
	require.Equal(t, "hb:ab12", page[0].Unit)
	require.Equal(t, store.GrantNotYet, page[0].State(grantTime.Add(-1)))
	require.Equal(t, both, page[0].Rights)

	// Ended and granted again: the newest counts, not the one that ended it.
	require.NoError(t, s.RecordGrants(ctx, grantOf(both...), []string{"0100109106-001"}))
	require.Contains(t, granted(grantTime).Read, "0100109106-001")
	others, err := s.GrantedUnits(t.Context(), "software:mis", grantTime)
	require.NoError(t, err)
	require.Empty(t, others)
}

// Grants are seen, made and ended by those whose units they are of; the context must say who asks.
func TestGrantsAreOfTheirUnits(t *testing.T) {
	s, _ := shared.Store(t)
	owner, other := asOwner(t, "0100109106"), asOwner(t, "0100112437", "0100109106-002")
	require.NoError(t, s.RecordGrants(owner, grantOf(both...), []string{"0100109106", "0100109106-001"}))
	grant := store.Grant{Grantee: "software:misa", Unit: "0100109106"}

	for name, ctx := range map[string]context.Context{"another": other, "nobody": access.With(t.Context(), access.Nobody()),
		"the grantee": access.With(t.Context(), access.Caller{ID: "misa", Role: access.Software, Units: []string{"0100109106"}})} {
		_, err := s.Grant(ctx, grant.ID())
		require.Error(t, err, name)
		require.ErrorIs(t, s.RecordGrants(ctx, grantOf(both...), []string{"0100109106"}), access.ErrDenied, name)
	}
	page, _, err := s.Grants(other, store.GrantFilter{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, page)
	// One unit that is not his refuses all of them.
	require.ErrorIs(t, s.RecordGrants(other, grantOf(both...), []string{"0100112437", "0100109106"}), access.ErrDenied)
	page, _, err = s.Grants(access.System(t.Context()), store.GrantFilter{Limit: 10})
	require.NoError(t, err)
	require.Len(t, page, 2)
	found, err := s.Grant(owner, grant.ID())
	require.NoError(t, err)
	require.Equal(t, "0100109106", found.Unit)
	_, err = s.Grant(owner, uuid.New())
	require.ErrorIs(t, err, store.ErrNoGrant)

	_, _, err = s.Grants(t.Context(), store.GrantFilter{Limit: 1})
	require.ErrorIs(t, err, access.ErrNoCaller)
	require.ErrorIs(t, s.RecordGrants(t.Context(), grantOf(both...), nil), access.ErrNoCaller)
}

// SQL and Go agree on whose a unit is.
func TestGrantsOfUnitsAsInGo(t *testing.T) {
	s, _ := shared.Store(t)
	units := []string{"0100109106", "0100109106-001", "0100109106-002", "01001091060", "hb:ab12", "hb:ab1", "commune:00004", "commune:000040"}
	require.NoError(t, s.RecordGrants(access.System(t.Context()), grantOf(both...), units))
	rapid.Check(t, func(r *rapid.T) {
		own := rapid.SliceOfNDistinct(rapid.SampledFrom(append(units, "0100112437")), 1, 4, rapid.ID).Draw(r, "own")
		page, _, err := s.Grants(access.With(t.Context(), access.Caller{ID: "e", Role: access.Enterprise, Units: own}), store.GrantFilter{Limit: 100})
		require.NoError(t, err)
		var found []string
		for _, g := range page {
			found = append(found, g.Unit)
		}
		var want []string
		for _, u := range units {
			if (access.Reach{Units: own}).HasUnit(u) {
				want = append(want, u)
			}
		}
		require.ElementsMatch(t, want, found)
	})
}

// Whatever comes as a cursor is read back as it is, or refused.
func FuzzParseGrantKey(f *testing.F) {
	f.Add(store.GrantKey{Grantee: "software:misa", Unit: "0100109106"}.String())
	f.Add("")
	f.Add("x\n")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := store.ParseGrantKey(text)
		if err == nil {
			require.Equal(t, text, key.String())
		}
	})
}
