package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/seeds"
)

// Rights do not hold each other: who may file may not read what others filed, and the
// other way round.
func TestGrantedRightsAreApart(t *testing.T) {
	const files, reads = "0100109106", "0100112437"
	c := Caller{ID: "software:misa", Role: Software, Units: []string{"0999999999"}}.With(Grants{File: []string{files}, Read: []string{reads}})
	for _, a := range everyAction {
		reach, err := c.Reach(a, seeds.Default())
		if ExtentOf(Software, a) != Granted {
			continue
		}
		require.NoError(t, err)
		require.Equal(t, a == File, reach.HasUnit(files+"/0"), a)
		require.Equal(t, a != File, reach.HasUnit(reads+"/0"), a)
		require.False(t, reach.HasUnit("0999999999/0"), "what a token claims is not granted")
	}
	many := Caller{Role: Software}.With(Grants{File: []string{"b", files, "a"}, Read: []string{"z", reads}}.Sorted())
	for a, unit := range map[Action]string{File: files, ReadReports: reads} {
		reach, err := many.Reach(a, seeds.Default())
		require.NoError(t, err)
		require.True(t, reach.sorted)
		require.True(t, slices.IsSorted(reach.Units))
		require.True(t, reach.HasUnit(unit+"/0"))
	}
	_, err := Caller{Role: Software}.With(Grants{File: []string{files}}).Reach(ReadReports, seeds.Default())
	require.ErrorIs(t, err, ErrDenied)
	_, err = Caller{Role: Software}.With(Grants{Read: []string{files}}).Reach(File, seeds.Default())
	require.ErrorIs(t, err, ErrDenied)
	// Who files for himself needs no grant, and gets nothing by one.
	_, err = Caller{Role: Enterprise, FileUnits: []string{files}}.Reach(File, seeds.Default())
	require.ErrorIs(t, err, ErrDenied)
}

func TestGrantees(t *testing.T) {
	for _, c := range []struct {
		role     Role
		id, want string
	}{
		{Software, "misa", "software:misa"},
		{Software, "software:misa", "software:misa"},
		{Software, "0197d2a4-7c11-7abc-8def-001122334455", "software:0197d2a4-7c11-7abc-8def-001122334455"},
		{ZoneBoard, "hanoi-1", "zone:hanoi-1"},
		{ZoneBoard, "zone:hanoi-1", "zone:hanoi-1"},
		{ZoneBoard, "zone_board:ab12", "zone:ab12"},
		{Enterprise, "x", ""}, {Operator, "local", ""},
	} {
		got := Grantee(c.role, c.id)
		require.Equal(t, c.want, got)
		role, ok := GranteeRole(got)
		require.Equal(t, c.want != "", ok)
		if ok {
			require.Equal(t, c.role, role)
		}
	}
	for _, wrong := range []string{"", "software:", "zone:", "misa", "software:A", "software:a b", "software:-a", "software:a-", "enterprise:a", "software:" + strings.Repeat("a", 65), "software:a\n"} {
		_, ok := GranteeRole(wrong)
		require.False(t, ok, wrong)
	}
}

// Looking up a long list gives what going through it gives.
func TestSortedUnitsAreFoundAlike(t *testing.T) {
	unit := rapid.Custom(func(t *rapid.T) string {
		base := rapid.SampledFrom([]string{"0100109106", "010010910", "01001091060", "hb:ab12", "hb:ab1", "commune:00001", ""}).Draw(t, "base")
		return base + rapid.SampledFrom([]string{"", "-001", "-0011", "/0", "/A-1", "-001/3", "@2025-07-01", "@2004-07-01", "-"}).Draw(t, "rest")
	})
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.SliceOf(unit).Draw(t, "own")
		asked := unit.Draw(t, "asked")
		slices.Sort(units)
		require.Equal(t, Reach{Units: units}.HasUnit(asked), Reach{Units: units, sorted: true}.HasUnit(asked), "%v in %v", asked, units)
	})
}
