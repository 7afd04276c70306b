package trend

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Garwood's limits of a count of 10 are 4.7954 and 18.390: a count of 10 is therefore just at
// the upper limit of a mean of 4.7954 and just at the lower limit of one of 18.390. The same
// with the other limits tabulated since 1936, and at 99.8 % with the tables of chi-squared.
func TestLimitsAreThoseOfTheTables(t *testing.T) {
	const warning, action = 0.025, 0.001
	upper := func(tail, mean, count float64) {
		t.Helper()
		require.InDelta(t, count, upperLimit(mean, tail), 2e-3)
	}
	lower := func(tail, mean, count float64) {
		t.Helper()
		require.InDelta(t, count, lowerLimit(mean, tail), 2e-3)
	}
	upper(warning, 0.025318, 1)
	upper(warning, 0.24221, 2)
	upper(warning, 1.62349, 5)
	upper(warning, 4.79539, 10)
	upper(warning, 12.21652, 20)
	upper(warning, 81.36400, 100)
	lower(warning, 3.68888, 0)
	lower(warning, 5.57164, 1)
	lower(warning, 7.22469, 2)
	lower(warning, 11.66833, 5)
	lower(warning, 18.39036, 10)
	lower(warning, 30.88838, 20)
	lower(warning, 121.62700, 100)
	upper(action, 5.92104/2, 10)  // chi-squared, 20 degrees of freedom, 0.001
	lower(action, 48.26794/2, 10) // 22 degrees of freedom, 0.999
	lower(action, 6.90776, 0)     // -ln 0.001
	// Nothing is improbably low of a small mean, and nothing is expected of none.
	lower(warning, 3.6, 0)
	lower(action, 6.9, 0)
	require.Zero(t, upperLimit(0, warning))
	require.Zero(t, lowerLimit(0, warning))
}

// A mean of 10 is left upwards with less than 2.5 % from 18 on (P = 0.0143; 17: 0.0270) and
// downwards below 4 (P(X <= 3) = 0.0103; 4: 0.0293). Garwood's interval of 10, 4.795 to 18.39,
// would let 18 pass and judge 4.
func TestPositionsAreByExactProbability(t *testing.T) {
	l := DefaultLevels()
	f := func(events int64, mean float64, want Position) {
		t.Helper()
		require.Equal(t, want, l.position(events, mean))
	}
	f(17, 10, Inside)
	f(18, 10, AboveWarning)
	f(21, 10, AboveWarning) // P(X >= 21) = 0.0016
	f(22, 10, AboveAction)  // 0.0007
	f(4, 10, Inside)
	f(3, 10, BelowWarning)
	f(2, 10, BelowWarning) // P(X <= 2) = 0.0028
	f(1, 10, BelowAction)  // 0.0005
	f(0, 3.6, Inside)
	f(0, 3.7, BelowWarning)
	f(0, 7, BelowAction)
	f(1, 0, AboveAction)
	f(0, 0, Inside)
}

// summed is P(X <= k) of a Poisson count, added up term by term.
func summed(k int, mean float64) float64 {
	term := math.Exp(-mean)
	sum := term
	for i := 1; i <= k; i++ {
		term *= mean / float64(i)
		sum += term
	}
	return sum
}

func TestLimitsHoldWhatTheySay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(0.01, 300).Draw(t, "mean")
		l := Levels{Warning: rapid.Float64Range(0.5, 0.99).Draw(t, "warning"), Action: 0.998}
		limits := l.limits(mean, 1)
		require.LessOrEqual(t, limits.ActionLower, limits.WarningLower)
		require.LessOrEqual(t, limits.WarningLower, mean)
		require.LessOrEqual(t, mean, limits.WarningUpper)
		require.LessOrEqual(t, limits.WarningUpper, limits.ActionUpper)

		k := rapid.IntRange(0, 600).Draw(t, "count")
		position, tail := l.position(int64(k), mean), l.actionTail()
		require.Equal(t, float64(k) > limits.ActionUpper, position == AboveAction)
		require.Equal(t, float64(k) < limits.ActionLower, position == BelowAction)
		atMostK, atLeastK := summed(k, mean), 1.0
		if k > 0 {
			atLeastK = 1 - summed(k-1, mean)
		}
		require.InDelta(t, atMostK, atMost(float64(k), mean), 1e-9)
		require.InDelta(t, atLeastK, atLeast(float64(k), mean), 1e-9)
		if math.Abs(atMostK-tail) > 1e-9 && math.Abs(atLeastK-tail) > 1e-9 {
			require.Equal(t, atLeastK < tail, position == AboveAction)
			require.Equal(t, atMostK < tail, position == BelowAction)
		}
	})
}

// As rates, limits close in on the centre as the exposure grows.
func TestFunnelNarrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, workers := rapid.Int64Range(1, 10_000).Draw(t, "events"), rapid.Int64Range(1, 100_000_000).Draw(t, "workers")
		small := rapid.Int64Range(1, 10_000_000).Draw(t, "smaller exposure")
		large := small + rapid.Int64Range(1, 10_000_000).Draw(t, "more")
		centre, l := counts{events, workers}, DefaultLevels()
		at := func(exposure int64) *Limits { return l.limits(centre.value(exposure), 1/float64(exposure)) }
		narrow, wide := at(large), at(small)
		// Limits have six digits.
		notAbove := func(a, b float64) {
			t.Helper()
			require.LessOrEqual(t, a, b*(1+1e-5)+1e-5/float64(small))
		}
		notAbove(narrow.ActionUpper, wide.ActionUpper)
		notAbove(narrow.WarningUpper, wide.WarningUpper)
		notAbove(wide.WarningLower, narrow.WarningLower)
		notAbove(wide.ActionLower, narrow.ActionLower)
	})
}

// Two counts of 10 and 20 at one rate: 15 expected of each, (25 + 25) / 15 = 3.333 with one
// degree of freedom, p = 0.0679.
func TestDispersion(t *testing.T) {
	d := dispersionOf([]counts{{10, 1}, {20, 1}}, counts{30, 2})
	require.InDelta(t, 3.3333, d.Ratio, 1e-4)
	require.Equal(t, 1, d.Degrees)
	require.InDelta(t, 0.0679, d.PValue, 1e-4)
	require.False(t, d.Overdispersed)
	require.True(t, dispersionOf([]counts{{10, 1}, {30, 1}}, counts{40, 2}).Overdispersed)
	require.Nil(t, dispersionOf([]counts{{10, 1}}, counts{10, 1}))
	require.Nil(t, dispersionOf([]counts{{0, 1}, {0, 1}}, counts{0, 2}))
}

func TestRatesAreComparedExactly(t *testing.T) {
	f := func(a, b counts, want int) {
		t.Helper()
		require.Equal(t, want, a.compare(b))
		require.Equal(t, -want, b.compare(a))
	}
	f(counts{1, 3}, counts{2, 6}, 0)
	f(counts{0, 5}, counts{0, 7}, 0)
	f(counts{1, 3}, counts{333_333_333, 1_000_000_000}, 1)
	// Beyond what a float64 or an int64 product can tell apart.
	f(counts{math.MaxInt64, math.MaxInt64 - 1}, counts{math.MaxInt64 - 1, math.MaxInt64 - 2}, -1)
}
