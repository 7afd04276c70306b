package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/seal"
)

// Without a store there is no audit log: keys are neither destroyed nor rotated unless whoever
// does it says that it is to be done without a record.
func TestKeysAreNotTouchedWithoutARecord(t *testing.T) {
	data := t.TempDir()
	keys, err := seal.Open(filepath.Join(data, "keys"))
	require.NoError(t, err)
	slot := seal.Slot{Year: 2020, Class: "accident"}
	_, _, err = keys.Seal(slot, []byte("x"), []byte("aad"))
	require.NoError(t, err)
	destroyed := func() bool {
		all, err := keys.DataKeys()
		require.NoError(t, err)
		return all[0].Destroyed()
	}
	run := func(args ...string) (string, error) {
		var out bytes.Buffer
		root := keysCommand()
		root.Writer = &out
		err := root.Run(t.Context(), append([]string{"keys"}, append(args, "--data", data, "--by", "A", "--reason", "r")...))
		return out.String(), err
	}
	destroy := []string{"destroy", "--year", "2020", "--class", "accident", "--yes"}
	_, err = run(destroy...)
	require.ErrorContains(t, err, "--without-record")
	require.False(t, destroyed())
	_, err = run("rotate-master")
	require.ErrorContains(t, err, "--without-record")

	out, err := run("rotate-master", "--without-record")
	require.NoError(t, err)
	require.Contains(t, out, "The audit log does not have it")
	require.Contains(t, out, "1 data keys")
	out, err = run(append(destroy, "--without-record")...)
	require.NoError(t, err)
	require.Contains(t, out, "The audit log does not have it")
	require.True(t, destroyed())
	require.NoDirExists(t, filepath.Join(data, "clickhouse"), "no store is made up")
}
