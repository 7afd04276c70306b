package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/api"
	"atvsld/ingest/grant"
	"atvsld/seeds"
)

// The operator imports the units of a zone, looks at them and ends one: a file with an
// error records nothing, a dry run neither, and the same file twice is the same.
func TestGrantsAreImported(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := start(t, data)
	at := []string{"--url", "http://" + p.address, "--token-file", filepath.Join(data, "keys", "local-token")}
	why := []string{"--by", "Sở Nội vụ", "--reason", "danh sách khu"}
	say := func(args ...string) (string, error) {
		t.Helper()
		return runOnce(t, append(append([]string{"grants"}, args...), at...)...)
	}
	load := func(text string, more ...string) (string, error) {
		t.Helper()
		name := filepath.Join(t.TempDir(), "f.csv")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return say(append(append([]string{"import", "--grantee", "zone:hanoi-1", "--file", name}, why...), more...)...)
	}
	listed := func() (all []api.Grant) {
		t.Helper()
		out, err := say("list", "--grantee", "zone:hanoi-1", "--output", "json")
		require.NoError(t, err, out)
		require.NoError(t, json.Unmarshal([]byte(out), &all))
		return all
	}
	out, err := load("unit,rights,valid_to\n0100109106,file,\n0100109107,,\n0100112437,,2020-01-01\n")
	require.Error(t, err)
	for _, want := range []string{"line 3, unit", "line 2, unit: API-116", "line 4, valid_to: API-118", "nothing was recorded: 3 findings"} {
		require.Contains(t, out, want)
	}
	const right = "unit,valid_from,valid_to\n0100109106,2026-01-01,2099-12-31\n001085012345,,\n0100112437,,\n"
	out, err = load(right, "--dry-run")
	require.NoError(t, err, out)
	require.Contains(t, out, "3 grants would be recorded")
	require.Empty(t, listed())
	for range 2 {
		out, err = load(right)
		require.NoError(t, err, out)
		require.Contains(t, out, "3 grants recorded")
		all := listed()
		require.Len(t, all, 3)
		for _, g := range all {
			require.Equal(t, "active", g.State)
			require.Equal(t, []string{"read"}, g.Rights)
			require.NotContains(t, g.Unit, "001085012345")
		}
		require.Equal(t, seeds.MustDate(2100, 1, 1).Start().Unix(), all[0].ValidTo.Unix(), "the last day is included")
	}
	first := listed()[0]
	out, err = say(append([]string{"end", first.ID.String(), "x"}, why...)...)
	require.Error(t, err, "one of them is none")
	require.Contains(t, out, "API-015")
	require.Equal(t, "ended", listed()[0].State)
	table, err := say("list")
	require.NoError(t, err)
	require.Equal(t, 4, strings.Count(table, "\n"))
	require.Contains(t, table, "Sở Nội vụ")
	_, err = load(right, "--rights", "all")
	require.Error(t, err)
	p.stop()
}

func TestPartsOfAFileOfGrants(t *testing.T) {
	var rows []grant.Row
	for range 2500 {
		rows = append(rows, grant.Row{Unit: "a"}, grant.Row{Unit: "b", From: seeds.MustDate(2026, 1, 1)})
	}
	var sizes []int
	for _, part := range partsOf(rows) {
		sizes = append(sizes, len(part))
		for _, r := range part {
			require.Equal(t, part[0], r)
		}
	}
	require.Equal(t, []int{1000, 1000, 1000, 1000, 500, 500}, sizes)
}
