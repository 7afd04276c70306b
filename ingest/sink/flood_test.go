package sink

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// letters reads "d" as a dead letter and anything else as stored.
func letters(text string) []bool {
	dead := make([]bool, len(text))
	for i := range text {
		dead[i] = text[i] == 'd'
	}
	return dead
}

func TestFlood(t *testing.T) {
	f := func(l Limits, flood bool, ranges ...string) {
		t.Helper()
		var sum tally
		for i, r := range ranges {
			next, err := sum.add(l, letters(r))
			if last := i == len(ranges)-1; last && flood {
				require.ErrorIs(t, err, ErrFlood)
				require.Equal(t, sum, next, "a refused range leaves no trace")
				return
			}
			require.NoError(t, err, "range %d", i)
			sum = next
		}
	}
	run := Limits{MaxRun: 3, MaxRatio: 1, Window: 100}
	f(run, false, "ddd")
	f(run, true, "dddd")
	f(run, true, "dd", "dd")
	f(run, false, "dd", "s", "ddd")
	f(run, true, "sddds", "dddd")
	ratio := Limits{MaxRun: 100, MaxRatio: 0.5, Window: 10}
	f(ratio, false, "ddddd") // not enough to judge by
	f(ratio, false, "ddddd", "sssss")
	f(ratio, true, "ddddd", "dssss")
	f(ratio, false, "ddddd", "ssssssssss", "ddddd") // the first range is forgotten
	f(ratio, true, "ssssssssss", "ddddd", "ddddd")
	f(Limits{MaxRun: 1 << 30, MaxRatio: 1, Window: 1}, false, "dddddddddd")
}

// Cutting the same messages into other ranges can make the sink look later or
// earlier, but never lets a run pass that is too long.
func TestRunIsSeenAcrossRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Limits{MaxRun: rapid.IntRange(1, 5).Draw(t, "most"), MaxRatio: 1, Window: 1000}
		all := rapid.SliceOfN(rapid.Bool(), 1, 40).Draw(t, "messages")
		longest, run := 0, 0
		for _, dead := range all {
			if run++; !dead {
				run = 0
			}
			longest = max(longest, run)
		}
		var sum tally
		var err error
		for len(all) > 0 && err == nil {
			n := rapid.IntRange(1, len(all)).Draw(t, "cut")
			sum, err = sum.add(l, all[:n])
			all = all[n:]
		}
		require.Equal(t, longest > l.MaxRun, err != nil)
	})
}

func TestLimitsAreChecked(t *testing.T) {
	require.NoError(t, DefaultLimits().Validate())
	for _, l := range []Limits{{}, {MaxRun: 1, MaxRatio: 1.1, Window: 1}, {MaxRun: 1, Window: 1}, {MaxRun: 0, MaxRatio: 1, Window: 1}} {
		require.Error(t, l.Validate())
	}
}
