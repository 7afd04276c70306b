package access

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/seeds"
)

var everyRole = []Role{Public, Enterprise, Software, Commune, Clinic, ServiceBody, ZoneBoard, LabourOfficer, HealthOfficer, Insurance,
	SectorMinistry, Ministry, Inspector, Auditor, Operator}

var everyAction = []Action{ReadPublic, ReadStatus, File, FilePaper, ReadReports, ReadNarratives, ReadPersonal, ReadCases, ReadFigures,
	ReadLive, ReadObligations, FollowUp, Grant, ManageKeys, RevokeTokens, ExportPerson, ReadAudit, ProveStore, RepairStore, HandleLetters, ReadMetrics}

// The tables and the program name the same things, and every cell says something.
func TestPolicyIsWhole(t *testing.T) {
	var named []Role
	for _, r := range Roles() {
		named = append(named, r.Role)
		require.NotEmpty(t, r.NameVI)
		require.NotEmpty(t, r.NameEN)
		require.Contains(t, []string{"*", "-", "labour", "health", "insurance"}, r.Domain)
	}
	require.Equal(t, everyRole, named)
	var actions []Action
	for _, a := range Actions() {
		actions = append(actions, a.Action)
		require.NotEmpty(t, a.NameVI)
		require.NotEmpty(t, a.NameEN)
	}
	require.Equal(t, everyAction, actions)
	require.Len(t, policy().extents, len(everyAction))
	header := table("policy.csv")[0]
	for i, name := range header[1:] {
		require.Equal(t, string(everyRole[i]), name)
	}
	for _, a := range everyAction {
		require.Len(t, policy().extents[a], len(everyRole))
		for r, e := range policy().extents[a] {
			require.Contains(t, []Extent{None, Own, Granted, Area, Sector, All}, e, "%s %s", a, r)
		}
	}
	for _, k := range Kinds() {
		require.NotEmpty(t, k.Domains, k.Kind)
		require.Contains(t, []string{"V", "UNVERIFIED"}, k.Status)
	}
}

// What is not in the table is denied.
func TestUnknownIsDenied(t *testing.T) {
	for _, c := range []Caller{{}, {Role: "boss"}, {Role: Ministry}} {
		_, err := c.Reach("read_everything", seeds.Default())
		require.ErrorIs(t, err, ErrDenied)
	}
	_, err := Caller{Role: "boss", Nation: true, Units: []string{"0100109106"}}.Reach(ReadReports, seeds.Default())
	require.ErrorIs(t, err, ErrDenied)
	require.False(t, FilesAs("boss", "establishment", ""))
	_, err = Of(t.Context())
	require.ErrorIs(t, err, ErrNoCaller)
}

// A role whose scope is empty reaches nothing, not everything.
func TestEmptyScopeReachesNothing(t *testing.T) {
	for _, r := range everyRole {
		for _, a := range everyAction {
			reach, err := Caller{Role: r}.Reach(a, seeds.Default())
			if err == nil {
				require.Equal(t, All, reach.Extent, "%s %s", r, a)
			}
		}
	}
}

// The public sees what is closed and nothing else; personal data are for few.
func TestThePublicIsDenied(t *testing.T) {
	for _, a := range everyAction {
		require.Equal(t, a == ReadPublic, Nobody().May(a), a)
	}
	for _, r := range []Role{Public, ZoneBoard, SectorMinistry, Ministry, Auditor} {
		require.False(t, Caller{Role: r}.May(ReadPersonal), r)
	}
}

func TestUnitsOfAReach(t *testing.T) {
	for _, c := range []struct {
		own, unit string
		want      bool
	}{
		{"0100109106", "0100109106/0", true},
		{"0100109106", "0100109106/12", true},
		{"0100109106", "0100109106-001/0", true},
		{"0100109106", "01001091060/0", false},
		{"0100109106", "0100109107/0", false},
		{"0100109106-001", "0100109106-001/3", true},
		{"0100109106-001", "0100109106/0", false},
		{"0100109106-001", "0100109106-0011/0", false},
		{"hb:ab12", "hb:ab12/0", true},
		{"hb:ab12", "hb:ab123/0", false},
		{"hb:ab12", "hb:ab12-001/0", false},
		{"commune:00001", "commune:00001@2025-07-01", true},
		{"commune:00001", "commune:000010@2025-07-01", false},
		// Before, the code was another commune's; who is named with the day is that one.
		{"commune:00001", "commune:00001@2004-07-01", false},
		{"commune:00001", "commune:00001@2025-06-30", false},
		{"commune:00001", "commune:00001@2030-01-01", true},
		{"commune:00001@2004-07-01", "commune:00001@2004-07-01", true},
		{"commune:00001@2004-07-01", "commune:00001@2025-07-01", false},
		{"", "0100109106/0", false},
	} {
		require.Equal(t, c.want, Reach{Units: []string{c.own}}.HasUnit(c.unit), "%s of %s", c.unit, c.own)
	}
}

// An officer of a merged province sees its former units, and no other.
func TestOfficerSeesFormerUnits(t *testing.T) {
	s := seeds.Default()
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfDistinct(rapid.SampledFrom(s.Provinces(seeds.List34)), func(p seeds.Province) string { return p.Code }).Draw(t, "provinces")
		c := Caller{Role: LabourOfficer}
		for _, p := range codes {
			c.Provinces = append(c.Provinces, p.Code)
		}
		reach, err := c.Reach(ReadReports, s)
		if len(codes) == 0 {
			require.ErrorIs(t, err, ErrDenied)
			return
		}
		require.NoError(t, err)
		for _, list := range []seeds.ProvinceList{seeds.List34, seeds.List63} {
			for _, p := range s.Provinces(list) {
				now, _ := s.To34(p.Ref())
				require.Equal(t, slices.Contains(c.Provinces, now), reach.HasPlace(p.Ref()))
			}
		}
	})
}

// Both branches of the state see what is theirs.
func TestKindsByBranch(t *testing.T) {
	labour, _ := Caller{Role: LabourOfficer, Nation: true}.Reach(ReadReports, seeds.Default())
	health, _ := Caller{Role: HealthOfficer, Nation: true}.Reach(ReadReports, seeds.Default())
	require.True(t, labour.HasKind("accident_declaration"))
	require.False(t, labour.HasKind("disease_case"))
	require.True(t, health.HasKind("disease_case"))
	require.False(t, health.HasKind("accident_declaration"))
	all, _ := Caller{Role: Inspector, Nation: true}.Reach(ReadReports, seeds.Default())
	require.True(t, all.HasKind("disease_case"))
}

func TestFilesAs(t *testing.T) {
	require.True(t, FilesAs(Enterprise, "establishment", ""))
	require.False(t, FilesAs(Enterprise, "commune", ""))
	require.False(t, FilesAs(Enterprise, "authority", "labour"))
	require.True(t, FilesAs(LabourOfficer, "authority", "labour"))
	require.False(t, FilesAs(LabourOfficer, "authority", "health"))
	require.False(t, FilesAs(LabourOfficer, "authority", ""))
	require.True(t, FilesAs(Operator, "authority", "insurance"))
	require.False(t, FilesAs(Public, "establishment", ""))
}
