package seeds_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

// An operator gives a table of his own, and everything else stays.
func TestLoadOver(t *testing.T) {
	text, err := os.ReadFile("data/harmful_factors.csv")
	require.NoError(t, err)
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
	fewer := fstest.MapFS{"harmful_factors.csv": {Data: []byte(strings.Join(lines[:len(lines)-1], ""))}}
	d, err := seeds.LoadOver(fewer)
	require.NoError(t, err)
	require.Len(t, d.HarmfulFactors(), len(seeds.Default().HarmfulFactors())-1)
	require.Equal(t, seeds.Default().Targets(), d.Targets())
}

func TestLoadOverRefuses(t *testing.T) {
	f := func(folder fs.FS, want string) {
		t.Helper()
		_, err := seeds.LoadOver(folder)
		require.ErrorContains(t, err, want)
	}
	f(fstest.MapFS{"harmful_factor.csv": {Data: []byte("x\n")}}, `there is no table "harmful_factor.csv"`)
	f(fstest.MapFS{"harmful_factors.csv": {Data: []byte("code\nx\n")}}, "harmful_factors.csv")
	f(os.DirFS("no such folder"), "reference data")
}
