package seeds_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

func TestWorkers(t *testing.T) {
	w, ok := seeds.Default().WorkersOf(2022, seeds.ProvinceRef{}, "", "")
	require.True(t, ok)
	require.EqualValues(t, 50_600_000, w.Value)
	require.Equal(t, seeds.StatusSecondary, w.Verified)
	before, ok := seeds.Default().WorkersOf(2020, seeds.ProvinceRef{}, "", "")
	require.True(t, ok)
	require.NotEqual(t, w.Series, before.Series, "the concept of employment changed in 2021")
	_, ok = seeds.Default().WorkersOf(2021, seeds.ProvinceRef{}, "", "")
	require.False(t, ok, "no source was found")
}

const workersHeader = "year,list,province,vsic_version,vsic_section,value,series,source,status,note\n"

// An operator's table of provinces and sections.
func TestWorkersOfAnOperator(t *testing.T) {
	d, err := seeds.LoadOver(fstest.MapFS{"workers.csv": {Data: []byte(workersHeader +
		"2024,63,45,,,336317,YEARBOOK,Niên giám,S,\n2024,63,45,2018,C,60000,YEARBOOK,Niên giám,S,\n")}})
	require.NoError(t, err)
	w, ok := d.WorkersOf(2024, seeds.ProvinceRef{List: seeds.List63, Code: "45"}, seeds.VSIC2018, "C")
	require.True(t, ok)
	require.EqualValues(t, 60_000, w.Value)
}

func TestWorkersAreChecked(t *testing.T) {
	f := func(rows, want string) {
		t.Helper()
		_, err := seeds.LoadOver(fstest.MapFS{"workers.csv": {Data: []byte(workersHeader + rows)}})
		require.ErrorContains(t, err, want)
	}
	f("2024,,45,,,1,A,B,S,\n", `no province "/45"`)
	f("2024,63,00,,,1,A,B,S,\n", "no province")
	f("2024,,,2018,Z,1,A,B,S,\n", `no section "Z" of VSIC "2018"`)
	f("2024,,,,,0,A,B,S,\n", "0 is not a number of persons")
	f("2024,,,,,1,A,B,S,\n2024,,,,,2,A,B,S,\n", "repeats line 2")
}
