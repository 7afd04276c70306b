package identity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

func ref(text string) seeds.ProvinceRef {
	list, code, _ := strings.Cut(text, ":")
	return seeds.ProvinceRef{List: seeds.ProvinceList(list), Code: code}
}

const household = "001099012345"

func TestClaimsBecomeACaller(t *testing.T) {
	keys := openKeys(t)
	hb := householdPrefix + keys.Pseudonym(report.DomainHousehold, household)
	for _, c := range []struct {
		scope Scope
		want  access.Caller
	}{
		{Scope{Role: "enterprise", Establishment: "0100109106"}, access.Caller{Role: access.Enterprise, Units: []string{"0100109106"}}},
		{Scope{Role: "enterprise", Establishments: []string{"0100109106-001", household}}, access.Caller{Role: access.Enterprise, Units: []string{"0100109106-001", hb}}},
		{Scope{Role: "clinic", Establishments: []string{"0100109106"}, Establishment: "0100109106"}, access.Caller{Role: access.Clinic, Units: []string{"0100109106"}}},
		{Scope{Role: "commune", Communes: []string{"00001"}}, access.Caller{Role: access.Commune, Units: []string{"commune:00001"}}},
		{Scope{Role: "labour_officer", Provinces: []string{"34:01", "63:01"}}, access.Caller{Role: access.LabourOfficer, Provinces: []string{"01"}}},
		{Scope{Role: "inspector", Provinces: []string{"VN"}}, access.Caller{Role: access.Inspector, Nation: true}},
		{Scope{Role: "sector_ministry", Sections: []string{"2025:F"}}, access.Caller{Role: access.SectorMinistry, Sections: []string{"2025:F"}}},
		{Scope{Role: "software", Software: "acme-ehs"}, access.Caller{ID: "software:acme-ehs", Role: access.Software}},
		{Scope{Role: "zone_board", Zone: "vsip-1"}, access.Caller{ID: "zone:vsip-1", Role: access.ZoneBoard}},
		{Scope{Role: "ministry"}, access.Caller{Role: access.Ministry, Nation: true}},
		{Scope{Role: "auditor", Provinces: []string{"VN"}}, access.Caller{Role: access.Auditor, Nation: true}},
	} {
		got, faults := c.scope.caller(keys, seeds.Default())
		require.Empty(t, faults, c.scope.Role)
		require.Equal(t, c.want, got)
	}
}

// A household business is the unit that stands in its reports.
func TestHouseholdIsTheUnitOfItsReports(t *testing.T) {
	keys := openKeys(t)
	raw := reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/tax_code", `"`+household+`"`)
	s, findings, err := report.Decode(raw)
	require.NoError(t, err)
	require.Empty(t, findings)
	_, err = s.Strip(func(domain, value string) report.Pseudonym { return report.Pseudonym(keys.Pseudonym(domain, value)) })
	require.NoError(t, err)
	unit := s.Content.(*report.Annex).Reporter.Unit()
	caller, faults := Scope{Role: "enterprise", Establishment: household}.caller(keys, seeds.Default())
	require.Empty(t, faults)
	require.True(t, access.Reach{Units: caller.Units}.HasUnit(unit), "%s is not of %s", unit, caller.Units)
	require.NotContains(t, caller.Units[0], household)
}

// Every role of the policy but the public one can be claimed, and needs what it reaches by.
func TestRolesNeedTheirScope(t *testing.T) {
	keys := openKeys(t)
	for _, info := range access.Roles() {
		needed, known := scopeOf[info.Role]
		require.Equal(t, info.Role != access.Public, known, info.Role)
		_, faults := Scope{Role: string(info.Role)}.caller(keys, seeds.Default())
		if known && needed == "" {
			require.Empty(t, faults, info.Role)
		} else {
			require.NotEmpty(t, faults, info.Role)
		}
	}
}

func TestMalformedScopesAreRefused(t *testing.T) {
	keys := openKeys(t)
	for _, c := range []struct {
		scope Scope
		want  string
	}{
		{Scope{}, "role"}, {Scope{Role: "public"}, "role"}, {Scope{Role: "Operator"}, "role"}, {Scope{Role: "boss"}, "role"},
		{Scope{Role: "labour_officer", Provinces: []string{"01"}}, "provinces/0"},
		{Scope{Role: "labour_officer", Provinces: []string{"34:01", "34:99"}}, "provinces/1"},
		{Scope{Role: "labour_officer", Provinces: []string{"*"}}, "provinces/0"},
		{Scope{Role: "labour_officer", Provinces: []string{"vn"}}, "provinces/0"},
		{Scope{Role: "enterprise", Establishments: []string{"0100109107"}}, "establishments/0"},
		{Scope{Role: "enterprise", Establishments: []string{""}}, "establishments/0"},
		{Scope{Role: "enterprise", Establishments: []string{"hb:" + strings.Repeat("a", 32)}}, "establishments/0"},
		{Scope{Role: "commune", Communes: []string{"1"}}, "communes/0"},
		{Scope{Role: "commune", Communes: []string{"00001\n"}}, "communes/0"},
		{Scope{Role: "sector_ministry", Sections: []string{"F"}}, "sections/0"},
		{Scope{Role: "sector_ministry", Sections: []string{"2025:f"}}, "sections/0"},
		{Scope{Role: "software", Software: "ACME"}, "software"}, {Scope{Role: "software", Software: "a"}, "software"},
		{Scope{Role: "software", Software: "acme", Establishments: []string{"0100109106"}}, "establishments"},
		{Scope{Role: "enterprise", Establishment: "0100109106", Provinces: []string{"34:01"}}, "provinces"},
		{Scope{Role: "enterprise", Establishment: "0100109106", Software: "acme"}, "software"},
		{Scope{Role: "ministry", Provinces: []string{"34:01"}}, "provinces"},
	} {
		_, faults := c.scope.caller(keys, seeds.Default())
		require.True(t, slices.ContainsFunc(faults, func(f Fault) bool { return f.Member == c.want }), "%+v: %+v", c.scope, faults)
		require.NotContains(t, joined(faults), "0100109107")
	}
}

// Whatever a scope says, its caller reaches no more than it says.
func TestCallersReachNoMoreThanTheyClaim(t *testing.T) {
	keys := openKeys(t)
	data := seeds.Default()
	rapid.Check(t, func(t *rapid.T) {
		list := func(name string, from ...string) []string {
			return rapid.SliceOfN(rapid.SampledFrom(from), 0, 3).Draw(t, name)
		}
		s := Scope{
			Role:      string(rapid.SampledFrom(append(access.Roles(), access.RoleInfo{Role: "boss"})).Draw(t, "role").Role),
			Provinces: list("provinces", "34:01", "63:15", "VN", "x"), Establishments: list("establishments", "0100109106", household, ""),
			Communes: list("communes", "00001", "1"), Sections: list("sections", "2025:F", "F"),
			Software: rapid.SampledFrom([]string{"", "acme", "A"}).Draw(t, "software"),
		}
		caller, faults := s.caller(keys, data)
		if len(faults) > 0 {
			return
		}
		if caller.Nation {
			require.True(t, slices.Contains(s.Provinces, nation) || scopeOf[caller.Role] == "")
		}
		require.LessOrEqual(t, len(caller.Provinces), len(s.Provinces))
		require.Len(t, caller.Units, len(s.Establishments)+len(s.Communes))
		require.Len(t, caller.Sections, len(s.Sections))
	})
}

// The local issuer's tokens are read by the very same rules.
func TestLocalIssuer(t *testing.T) {
	keys := openKeys(t)
	v := New(keys)
	order := Order{Scope: Scope{Role: "labour_officer", Provinces: []string{"34:01"}}, Subject: "so-noi-vu.hn", For: 8 * time.Hour}
	token, faults, err := Issue(keys, seeds.Default(), order, time.Now())
	require.NoError(t, err)
	require.Empty(t, faults)
	caller, err := v.Identify(t.Context(), token)
	require.NoError(t, err)
	require.NoError(t, uuid.Validate(caller.Token))
	caller.Token = ""
	require.Equal(t, access.Caller{ID: "so-noi-vu.hn", Role: access.LabourOfficer, Provinces: []string{"01"}}, caller)

	// Another audience for the tokens of providers does not concern it.
	other, err := Open(Config{Keys: keys, Audience: "https://atvsld.example.vn"})
	require.NoError(t, err)
	_, err = other.Identify(t.Context(), token)
	require.NoError(t, err)

	_, faults, err = Issue(keys, seeds.Default(), Order{Scope: Scope{Role: "boss", Communes: []string{"x"}}, Subject: "Nguyễn Văn A", For: 25 * time.Hour}, time.Now())
	require.NoError(t, err)
	require.Equal(t, []string{"role", "communes/0", "subject", "for"}, members(faults))
	for _, subject := range []string{"", "local", "system", "public", "software:acme", "zone:x", "key:1", "ministry:0123", strings.Repeat("a", 65), "A"} {
		order.Subject = subject
		_, faults, err := Issue(keys, seeds.Default(), order, time.Now())
		require.NoError(t, err)
		require.Equal(t, []string{"subject"}, members(faults), subject)
		// Nor is it accepted if somebody signs it all the same.
		forged, err := sign(keys, claimsOf(order, time.Now()))
		require.NoError(t, err)
		requireRefused(t, v, forged, "")
	}
}

func members(faults []Fault) (names []string) {
	for _, f := range faults {
		names = append(names, f.Member)
	}
	return names
}

// The token of this machine works as before.
func TestLocalToken(t *testing.T) {
	keys := openKeys(t)
	v := New(keys)
	caller, err := v.Identify(t.Context(), keys.LocalToken())
	require.NoError(t, err)
	require.Equal(t, access.Caller{ID: LocalID, Role: access.Operator, Nation: true}, caller)
	requireRefused(t, v, keys.LocalToken()+"x", "local token")
	requireRefused(t, v, openKeys(t).LocalToken(), "local token")
}

// Units of software are what others granted to it, whatever its token says, filing apart
// from reading; they are asked for at each use.
func TestGrantedUnits(t *testing.T) {
	p := newProvider(t)
	p.claims = map[string]any{"role": "software", "software": "acme-ehs"}
	granted, failure := access.Grants{File: []string{"0100109106"}, Read: []string{"0100112437"}}, error(nil)
	v, _ := newVerifier(t, p, func(c *Config) {
		c.Granted = func(ctx context.Context, grantee string) (access.Grants, error) {
			_, err := access.Of(ctx)
			require.NoError(t, err)
			require.Equal(t, "software:acme-ehs", grantee)
			return granted, failure
		}
	})
	caller, err := v.Identify(t.Context(), p.token())
	require.NoError(t, err)
	require.Equal(t, "software:acme-ehs", caller.ID)
	require.Equal(t, granted.File, caller.FileUnits)
	require.Equal(t, granted.Read, caller.Units)
	granted = access.Grants{}
	caller, err = v.Identify(t.Context(), p.token())
	require.NoError(t, err)
	require.Empty(t, caller.Units)
	failure = errors.New("the store does not answer")
	_, err = v.Identify(t.Context(), p.token())
	require.ErrorIs(t, err, failure)

	none, _ := newVerifier(t, p)
	caller, err = none.Identify(t.Context(), p.token())
	require.NoError(t, err)
	require.Empty(t, caller.Units)
}
