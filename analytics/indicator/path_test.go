package indicator

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const noFigure = -1

func courseOf(counts ...int64) []*big.Rat {
	out := make([]*big.Rat, len(counts))
	for i, n := range counts {
		if n != noFigure {
			out[i] = big.NewRat(n, 1)
		}
	}
	return out
}

func TestPaths(t *testing.T) {
	f := func(kind PathKind, threshold Threshold, wantBound string, want Verdict, reason string, counts ...int64) {
		t.Helper()
		got := trajectory{kind, threshold}.judge(courseOf(counts...))
		if wantBound == "" {
			require.Nil(t, got.bound)
		} else {
			require.NotNil(t, got.bound, got.why)
			require.Equal(t, wantBound, got.bound.RatString())
		}
		require.Equal(t, want, got.verdict)
		if reason == "" {
			require.Nil(t, got.why)
			return
		}
		require.Equal(t, reason, got.why.Code)
	}
	// From one year to the next every path is the same.
	for _, kind := range []PathKind{PathYearly, PathCompounded, PathMean} {
		f(kind, falling, "96", Met, "", 100, 96)
		f(kind, falling, "96", NotMet, "", 100, 97)
		f(kind, rising, "105", Met, "", 100, 105)
		f(kind, rising, "105", NotMet, "", 100, 104)
		f(kind, falling, "96", NotAssessable, ReasonNoFigure, 100, noFigure)
		f(kind, rising, "105", NotMet, "", 100, 0)
	}
	// Two years: 96/100 of the year before; 0.96² of the base; 1.92 less the ratio of the first year.
	f(PathYearly, falling, "48", NotMet, "", 100, 50, 90)
	f(PathCompounded, falling, "2304/25", Met, "", 100, 50, 90) // 92.16
	f(PathMean, falling, "71", NotMet, "", 100, 50, 90)         // (-50 % + 80 %) / 2
	f(PathMean, falling, "71", Met, "", 100, 50, 71)
	f(PathYearly, rising, "210", NotMet, "", 100, 200, 100)
	f(PathCompounded, rising, "441/4", NotMet, "", 100, 200, 100) // 110.25
	f(PathMean, rising, "20", Met, "", 100, 200, 100)             // (+100 % - 50 %) / 2
	// Exactly on the compounded path, where no decimal fraction of the base is whole.
	f(PathCompounded, falling, "13824", Met, "", 15625, 15625, 15625, 13824)
	f(PathCompounded, falling, "13824", NotMet, "", 15625, 0, 0, 13825)
	// After a rise of 200 % no fall of 100 % makes the mean -4 %.
	f(PathMean, falling, "-162/5", NotMet, "", 10, 30, 0)
	f(PathMean, falling, "0", Met, "", 25, 48, 0) // (+92 % - 100 %) / 2
	f(PathMean, falling, "0", NotMet, "", 25, 48, 1)

	// Zero.
	f(PathYearly, falling, "0", Met, ReasonHeldAtZero, 5, 0, 0)
	f(PathYearly, falling, "0", NotMet, ReasonRiseFromZero, 5, 0, 1)
	f(PathCompounded, falling, "576/125", Met, "", 5, 0, 1)
	f(PathCompounded, falling, "0", Met, ReasonHeldAtZero, 0, 7, 0)
	f(PathCompounded, falling, "0", NotMet, ReasonRiseFromZero, 0, 0, 1)
	f(PathMean, falling, "", NotAssessable, ReasonZeroInPeriod, 5, 0, 0)
	f(PathMean, rising, "", NotAssessable, ReasonZeroInPeriod, 0, 5)
	f(PathCompounded, rising, "", NotAssessable, ReasonBaseZero, 0, 5, 9)
	f(PathYearly, rising, "", NotAssessable, ReasonBaseZero, 5, 0, 0)
	f(PathCompounded, rising, "441/80", NotMet, "", 5, 0, 0)

	// A year without a figure stops the mean, not the path from the base.
	f(PathCompounded, falling, "2304/25", Met, "", 100, noFigure, 92)
	f(PathMean, falling, "", NotAssessable, ReasonYearMissing, 100, noFigure, 92)
	f(PathYearly, falling, "", NotAssessable, ReasonNoBaseYear, 100, noFigure, 92)
	f(PathCompounded, falling, "", NotAssessable, ReasonNoBaseYear, noFigure, 100, 92)

	strictly := falling
	strictly.strict = true
	f(PathYearly, strictly, "96", NotMet, "", 100, 96)
	f(PathCompounded, strictly, "0", Met, ReasonHeldAtZero, 0, 0)
	f(PathMean, strictly, "71", NotMet, "", 100, 50, 71)
}

// The published fatal accidents and deaths of 2016 to 2021: three of five years rise, and no
// reading of "4 % a year" is met from 2016 on.
func TestPublishedPaths(t *testing.T) {
	f := func(metric string, kind PathKind, to int, want Verdict) {
		t.Helper()
		var counts []int64
		for year := 2016; year <= to; year++ {
			counts = append(counts, published(t, metric, year))
		}
		got := trajectory{kind, falling}.judge(courseOf(counts...))
		require.Equal(t, want, got.verdict, "%s %s 2016 to %d", metric, kind, to)
	}
	for _, metric := range []string{"fatal_accidents_all", "deaths_all"} {
		for _, kind := range []PathKind{PathCompounded, PathMean} {
			for year := 2017; year <= 2021; year++ {
				f(metric, kind, year, NotMet)
			}
		}
		f(metric, PathYearly, 2021, Met)
	}
	mean := meanChangePct(courseOf(799, 898, 972, 927, 919, 749))
	require.InDelta(t, -0.6720, *mean, 5e-5)
	require.Nil(t, meanChangePct(courseOf(5, 0, 3)))
	require.Nil(t, meanChangePct(courseOf(5, noFigure)))
}

func drawCourse(t *rapid.T) []*big.Rat {
	return courseOf(rapid.SliceOfN(rapid.Int64Range(1, 1e6), 2, 8).Draw(t, "course")...)
}

// An arithmetic mean is at least the geometric one: a falling target met by the mean is met
// compounded, and a rising one met compounded is met by the mean.
func TestMeanAgainstCompounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		course := drawCourse(t)
		f := func(threshold Threshold, stricter, laxer PathKind) {
			one, other := trajectory{stricter, threshold}.judge(course), trajectory{laxer, threshold}.judge(course)
			require.False(t, one.verdict == Met && other.verdict == NotMet)
		}
		f(falling, PathMean, PathCompounded)
		f(rising, PathCompounded, PathMean)
	})
}

// Whoever keeps every yearly path keeps all; whoever keeps none keeps none.
func TestEveryYearKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		course := drawCourse(t)
		for _, threshold := range []Threshold{falling, rising} {
			years := map[Verdict]int{}
			for _, o := range (trajectory{PathYearly, threshold}).judgeAll(course) {
				years[o.verdict]++
			}
			for _, kind := range []PathKind{PathCompounded, PathMean} {
				v := trajectory{kind, threshold}.judge(course).verdict
				require.False(t, years[NotMet] == 0 && v != Met)
				require.False(t, years[Met] == 0 && v != NotMet)
			}
		}
	})
}

// The bound is where the verdict turns, and the mean change of a figure on it is the target's.
func TestBoundIsWhereTheVerdictTurns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		course := drawCourse(t)
		last := len(course) - 1
		kind := rapid.SampledFrom([]PathKind{PathYearly, PathCompounded, PathMean}).Draw(t, "kind")
		for _, threshold := range []Threshold{falling, rising} {
			p := trajectory{kind, threshold}
			bound, why := p.bound(course)
			require.Nil(t, why)
			course[last] = bound
			require.Equal(t, Met, p.judge(course).verdict)
			if kind == PathMean {
				require.InDelta(t, *percentOver1(threshold.rat()), *meanChangePct(course), 1e-9)
			}
			beyond := big.NewRat(1, 1e9)
			if threshold.rising {
				beyond.Neg(beyond)
			}
			course[last] = new(big.Rat).Add(bound, beyond)
			require.Equal(t, NotMet, p.judge(course).verdict)
		}
	})
}
