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

// The four proportions of R. G. Newcombe, "Two-sided confidence intervals for the single
// proportion", Statistics in Medicine 17 (1998) 857-872, table I, method 3.
func TestScoreLimits(t *testing.T) {
	f := func(x, n int64, lower, upper float64) {
		t.Helper()
		gotLower, gotUpper := score(x, n)
		require.InDelta(t, lower, gotLower, 5e-5)
		require.InDelta(t, upper, gotUpper, 5e-5)
	}
	f(81, 263, 0.2553, 0.3662)
	f(15, 148, 0.0624, 0.1605)
	f(0, 20, 0, 0.1611)
	f(1, 29, 0.0061, 0.1718)
	f(20, 20, 0.8389, 1)

	i := shareInterval(81, 263, 100)
	require.InDelta(t, 25.53, i.Lower, 5e-3)
	require.InDelta(t, 36.62, *i.Upper, 5e-3)
	require.Equal(t, MethodScore, i.Method)
}

func TestScoreHoldsTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1_000_000_000).Draw(t, "n")
		x := rapid.Int64Range(0, n).Draw(t, "x")
		lower, upper := score(x, n)
		share := float64(x) / float64(n)
		if lower < 0 || lower > share || upper < share || upper > 1 {
			t.Fatalf("%d of %d: %g to %g", x, n, lower, upper)
		}
		fromAbove, fromBelow := score(n-x, n)
		if d := max(fromAbove-(1-upper), fromBelow-(1-lower)); d > 1e-9 || d < -1e-9 {
			t.Fatalf("%d of %d is not the mirror of %d", x, n, n-x)
		}
	})
}

// Which interval a value has, or why it has none.
func TestIntervalsOfValues(t *testing.T) {
	def := func(kind IntervalKind, missing string) *Definition {
		return &Definition{Interval: kind, IntervalMissing: missing}
	}
	figure := func(x, n int64) Figure {
		v := rate(exact{x, n}, 100)
		return Figure{Numerator: &x, Denominator: &n, Value: &v}
	}
	f := func(of Figure, def *Definition, method, reason string) {
		t.Helper()
		interval, why := of.interval(def, 100)
		if reason != "" {
			require.Nil(t, interval)
			require.Equal(t, reason, why.Code)
			return
		}
		require.Nil(t, why)
		require.Equal(t, method, interval.Method)
	}
	f(figure(3, 10), def(IntervalScore, ""), MethodScore, "")
	f(figure(11, 10), def(IntervalScore, ""), "", ReasonAboveWhole)
	f(figure(3, 10), def(IntervalPoisson, ""), MethodPoisson, "")
	f(figure(3, 10), def(IntervalNone, ""), "", ReasonAdministrative)
	f(figure(3, 10), def(IntervalNone, ReasonSumOfDays), "", ReasonSumOfDays)
	f(Figure{}, def(IntervalScore, ""), "", ReasonNoFigure)
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
