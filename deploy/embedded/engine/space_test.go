package engine

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMergesStopWhileTheDiskIsNearlyFull(t *testing.T) {
	var free int64
	var failure error
	var did []bool
	told := 0
	g := &spaceGuard{
		keep: 100,
		free: func() (int64, error) { return free, nil },
		merges: func(on bool) error {
			if failure == nil {
				did = append(did, on)
			}
			return failure
		},
		warn: func(string, ...any) { told++ },
	}
	f := func(now int64, want ...bool) {
		t.Helper()
		free = now
		g.look()
		require.Equal(t, want, did)
	}
	f(500)
	f(100)
	f(99, false)
	f(0, false)
	f(110, false)
	f(125, false, true)
	f(110, false, true)
	require.Equal(t, 2, told)

	// What fails is tried again, and told once.
	failure = errors.New("no")
	f(10, false, true)
	f(10, false, true)
	require.Equal(t, 3, told)
	failure = nil
	f(10, false, true, false)
}
