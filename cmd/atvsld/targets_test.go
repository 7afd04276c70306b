package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

// A province's plan is imported into the folder of reference data: a file with mistakes and a
// dry run write nothing, and the same file twice is the same.
func TestTargetsAreImported(t *testing.T) {
	folder := t.TempDir()
	say := func(args ...string) (string, error) {
		t.Helper()
		var out bytes.Buffer
		cmd := root()
		cmd.Writer = &out
		err := cmd.Run(t.Context(), append([]string{"atvsld", "import", "targets", "--reference-data", folder}, args...))
		return out.String(), err
	}
	const file = "../../docs/examples/targets/ninh-thuan-2023.csv"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	wrong := filepath.Join(t.TempDir(), "wrong.csv")
	require.NoError(t, os.WriteFile(wrong, []byte(strings.NewReplacer("63:58", "58", ",up,level,50,", ",up,level,-50,").Replace(string(text))), 0o600))
	out, err := say(wrong)
	require.ErrorIs(t, err, errImport)
	require.Regexp(t, `2 +province +PLN-007`, out)
	require.Regexp(t, `3 +threshold_num +PLN-010`, out)

	out, err = say("--dry-run", file)
	require.NoError(t, err)
	require.Contains(t, out, "nothing was written")
	written, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, written)

	out, err = say(file)
	require.NoError(t, err)
	require.Equal(t, "P659-63-58 of 63/58: 8 targets, written\n", out)
	first, err := os.ReadFile(filepath.Join(folder, seeds.PlanFileName))
	require.NoError(t, err)
	_, err = say(file)
	require.NoError(t, err)
	again, err := os.ReadFile(filepath.Join(folder, seeds.PlanFileName))
	require.NoError(t, err)
	require.Equal(t, string(first), string(again))

	data, err := seeds.LoadOver(os.DirFS(folder))
	require.NoError(t, err)
	require.Len(t, data.TargetsOf("P659-63-58"), 8)
	_, ok := data.Plan("D31-63-60")
	require.True(t, ok, "the plans of others stay")

	require.NoError(t, os.WriteFile(wrong, text[:bytes.IndexByte(text, '\n')], 0o600))
	_, err = say(wrong)
	require.ErrorContains(t, err, "no targets")
	_, err = say()
	require.ErrorContains(t, err, "one file")
}
