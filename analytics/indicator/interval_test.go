package indicator

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Limits tabulated since Garwood (1936) and used by health statistics offices.
func TestPoissonLimits(t *testing.T) {
	f := func(k int64, lower, upper float64) {
		t.Helper()
		gotLower, gotUpper := poisson(k)
		require.InDelta(t, lower, gotLower, 5e-4)
		require.InDelta(t, upper, gotUpper, 5e-4)
	}
	f(0, 0, 3.689)
	f(1, 0.0253, 5.572)
	f(2, 0.2422, 7.225)
	f(5, 1.6235, 11.668)
	f(10, 4.7954, 18.390)
	f(20, 12.2165, 30.888)
	f(100, 81.3640, 121.627)
}

// poisson.test(42) of R, as printed at stats.stackexchange.com/questions/10926.
func TestPoissonRateLimits(t *testing.T) {
	lower, upper := poisson(42)
	require.InDelta(t, 30.26991, lower, 5e-6)
	require.InDelta(t, 56.77180, upper, 5e-6)

	i := countInterval(42, 100_000, 1_000_000)
	require.InDelta(t, 3.026991, i.Lower, 5e-7)
	require.InDelta(t, 5.677180, *i.Upper, 5e-7)
}

func TestClopperPearson(t *testing.T) {
	f := func(x, n int64, lower, upper float64) {
		t.Helper()
		gotLower, gotUpper := clopperPearson(x, n)
		require.InDelta(t, lower, gotLower, 5e-5)
		require.InDelta(t, upper, gotUpper, 5e-5)
	}
	f(0, 10, 0, 0.3085)
	f(1, 10, 0.0025, 0.4450)
	f(5, 10, 0.1871, 0.8129)
	f(10, 10, 0.6915, 1)
	f(9, 24, 0.1879929, 0.5940636) // binom.test(9, 24) of R
}

// The example of two rates in the manual of R's poisson.test: 11 in 800 against 21 in 3011.
func TestRatioOfRates(t *testing.T) {
	i := ratioInterval(11, 21, 800, 3011)
	require.InDelta(t, 0.8584264, i.Lower, 1e-6)
	require.InDelta(t, 4.2772659, *i.Upper, 1e-6)
	require.True(t, i.containsOne())
}

func TestRatioWithZeros(t *testing.T) {
	both := ratioInterval(0, 0, 1, 1)
	require.Zero(t, both.Lower)
	require.Nil(t, both.Upper)
	require.True(t, both.containsOne())

	risen := ratioInterval(7, 0, 1, 1)
	require.Nil(t, risen.Upper)
	// One sided: 0.025^(1/7) = 0.5904 of the sum at least, odds 1.4415.
	require.InDelta(t, 1.4415, risen.Lower, 1e-3)
	require.False(t, risen.containsOne())

	fallen := ratioInterval(0, 7, 1, 1)
	require.Zero(t, fallen.Lower)
	require.InDelta(t, 1/1.4415, *fallen.Upper, 1e-3)
}

func TestIntervalsHoldTheEstimate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.Int64Range(0, 1_000_000_000)
		exposures := rapid.Int64Range(1, 1_000_000_000)
		a, b := counts.Draw(t, "current"), counts.Draw(t, "previous")
		ea, eb := exposures.Draw(t, "exposure of current"), exposures.Draw(t, "exposure of previous")

		lower, upper := poisson(a)
		require.LessOrEqual(t, lower, float64(a))
		require.GreaterOrEqual(t, upper, float64(a))

		i := ratioInterval(a, b, ea, eb)
		if b == 0 {
			require.Nil(t, i.Upper)
			return
		}
		estimate := float64(a) / float64(ea) / (float64(b) / float64(eb))
		require.LessOrEqual(t, i.Lower, estimate*(1+1e-12))
		require.GreaterOrEqual(t, *i.Upper, estimate*(1-1e-12))
	})
}
