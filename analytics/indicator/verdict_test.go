package indicator

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/seeds"
)

var (
	falling = Threshold{Num: 96, Den: 100}
	rising  = Threshold{Num: 105, Den: 100, rising: true}
)

// judgeYears judges a year by the one before.
func judgeYears(threshold Threshold, current, previous exact) (Verdict, *Reason) {
	o := trajectory{PathYearly, threshold}.judge([]*big.Rat{previous.rat(), current.rat()})
	return o.verdict, o.why
}

// limitAfter is the limit of the year after a figure.
func limitAfter(threshold Threshold, previous exact, exposure int64) (int64, bool) {
	return threshold.limit(new(big.Rat).Mul(threshold.rat(), previous.rat()), exposure)
}

func TestJudgeCounts(t *testing.T) {
	f := func(threshold Threshold, previous, current int64, want Verdict, reason string) {
		t.Helper()
		got, why := judgeYears(threshold, exact{current, 1}, exact{previous, 1})
		require.Equal(t, want, got)
		if reason == "" {
			require.Nil(t, why)
			return
		}
		require.Equal(t, reason, why.Code)
	}
	f(falling, 1000, 961, NotMet, "")
	f(falling, 1000, 960, Met, "")
	f(falling, 1000, 959, Met, "")
	f(falling, 25, 24, Met, "") // exactly 4 %
	f(falling, 24, 24, NotMet, "")
	f(falling, 1, 1, NotMet, "")
	f(falling, 1, 0, Met, "")
	f(falling, 0, 0, Met, ReasonHeldAtZero)
	f(falling, 0, 1, NotMet, ReasonRiseFromZero)
	f(rising, 100, 104, NotMet, "")
	f(rising, 100, 105, Met, "")
	f(rising, 101, 106, NotMet, "") // 106.05 needed
	f(rising, 101, 107, Met, "")
	f(rising, 5, 0, NotMet, "")
	f(rising, 0, 0, NotAssessable, ReasonBaseZero)
	f(rising, 0, 50, NotAssessable, ReasonBaseZero)

	// One apart, where float64 sees no difference.
	const hundreds = math.MaxInt64 / 100 * 100
	f(falling, hundreds, hundreds/100*96, Met, "")
	f(falling, hundreds, hundreds/100*96+1, NotMet, "")
	f(rising, 8_000_000_000_000_000_000, 8_400_000_000_000_000_000, Met, "")
	f(rising, 8_000_000_000_000_000_000, 8_399_999_999_999_999_999, NotMet, "")
	f(falling, math.MaxInt64, math.MaxInt64, NotMet, "")
}

func TestJudgeStrictly(t *testing.T) {
	f := func(threshold Threshold, previous, current int64, want Verdict, wantLimit int64) {
		t.Helper()
		threshold.strict = true
		got, _ := judgeYears(threshold, exact{current, 1}, exact{previous, 1})
		require.Equal(t, want, got)
		n, ok := limitAfter(threshold, exact{previous, 1}, 1)
		require.True(t, ok)
		require.Equal(t, wantLimit, n)
	}
	f(falling, 1000, 960, NotMet, 959)
	f(falling, 1000, 959, Met, 959)
	f(falling, 28, 26, Met, 26) // less than 26.88
	f(rising, 100, 105, NotMet, 106)
	f(rising, 100, 106, Met, 106)
	f(rising, 101, 107, Met, 107) // more than 106.05
}

func TestJudgeRates(t *testing.T) {
	f := func(previous, current exact, want Verdict) {
		t.Helper()
		got, _ := judgeYears(falling, current, previous)
		require.Equal(t, want, got)
	}
	f(exact{1000, 500_000}, exact{961, 500_000}, NotMet) // -3.9 %
	f(exact{1000, 500_000}, exact{960, 500_000}, Met)    // -4.0 %
	f(exact{1000, 500_000}, exact{959, 500_000}, Met)    // -4.1 %
	// The same rates by other denominators: -4 % exactly, and one worker fewer.
	f(exact{100, 960_000}, exact{100, 1_000_000}, Met)
	f(exact{100, 960_000}, exact{100, 999_999}, NotMet)
	// Counts fall, the rate rises, and the other way round.
	f(exact{100, 1_000_000}, exact{90, 800_000}, NotMet)
	f(exact{90, 800_000}, exact{100, 1_000_000}, Met)
	// 1/3 and 8/25 of it differ by exactly 4 %: no decimal fraction holds them.
	f(exact{1, 3}, exact{8, 25}, Met)
	f(exact{1, 3}, exact{8_000_000_001, 25_000_000_000}, NotMet)
	f(exact{0, 5}, exact{0, 7}, Met)
	f(exact{0, 5}, exact{1, 1_000_000_000}, NotMet)
	// Products beyond 64 bits.
	f(exact{math.MaxInt64 - 7, math.MaxInt64}, exact{math.MaxInt64 - 7, math.MaxInt64}, NotMet)
	f(exact{100_000_000_000_000, math.MaxInt64}, exact{96_000_000_000_000, math.MaxInt64}, Met)
	f(exact{100_000_000_000_000, math.MaxInt64}, exact{96_000_000_000_001, math.MaxInt64}, NotMet)
}

func TestLimitBeyond64Bits(t *testing.T) {
	_, ok := limitAfter(rising, exact{math.MaxInt64, 1}, 1)
	require.False(t, ok)
	require.Nil(t, limitOf(rising, big.NewRat(math.MaxInt64, 1), 2))
	require.Nil(t, limitOf(falling, big.NewRat(-1, 3), 1), "no count is below zero")
}

func TestChange(t *testing.T) {
	require.Nil(t, changePct(exact{5, 1}, exact{0, 1}))
	require.InDelta(t, -4, *changePct(exact{96, 1}, exact{100, 1}), 0)
	require.InDelta(t, -100, *changePct(exact{0, 1}, exact{3, 1}), 0)
	require.InDelta(t, -18.4984, *changePct(exact{749, 1}, exact{919, 1}), 5e-5)
	require.InDelta(t, 12.5, *changePct(exact{90, 400_000}, exact{100, 500_000}), 1e-12)
}

// The published national figures, straight from the reference data: fatal accidents and
// deaths give the same verdicts.
func TestPublishedVerdicts(t *testing.T) {
	want := map[int]Verdict{2017: NotMet, 2018: NotMet, 2019: Met, 2020: NotMet, 2021: Met}
	for _, metric := range []string{"fatal_accidents_all", "deaths_all"} {
		for year, verdict := range want {
			got, _ := judgeYears(falling, exact{published(t, metric, year), 1}, exact{published(t, metric, year-1), 1})
			require.Equal(t, verdict, got, "%s %d", metric, year)
		}
	}
}

func published(t *testing.T, metric string, year int) int64 {
	t.Helper()
	s, ok := seeds.Default().Statistic(year, "Y", metric, seeds.AreaNational)
	require.True(t, ok, "%s of %d is not in the reference data", metric, year)
	n, ok := s.Int()
	require.True(t, ok)
	return n
}

func drawExact(t *rapid.T, label string) exact {
	return exact{
		rapid.Int64Range(0, math.MaxInt64/2).Draw(t, label),
		rapid.Int64Range(1, math.MaxInt64/2).Draw(t, label+" per"),
	}
}

// More accidents never turn not met into met; more examinations never the other way round.
func TestVerdictIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		previous, current := drawExact(t, "previous"), drawExact(t, "current")
		more := current
		more.events += rapid.Int64Range(0, math.MaxInt64/2).Draw(t, "more")

		few, _ := judgeYears(falling, current, previous)
		many, _ := judgeYears(falling, more, previous)
		require.False(t, few == NotMet && many == Met)

		few, _ = judgeYears(rising, current, previous)
		many, _ = judgeYears(rising, more, previous)
		require.False(t, few == Met && many == NotMet)
	})
}

// The limit that is shown is where the verdict turns.
func TestLimitIsWhereTheVerdictTurns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		previous := exact{rapid.Int64Range(1, 1e12).Draw(t, "previous"), rapid.Int64Range(1, 1e9).Draw(t, "per")}
		exposure := rapid.Int64Range(1, 1e9).Draw(t, "current per")
		strict := rapid.Bool().Draw(t, "strict")
		for _, threshold := range []Threshold{falling, rising} {
			threshold.strict = strict
			n, ok := limitAfter(threshold, previous, exposure)
			if !ok {
				continue
			}
			step := int64(1)
			if threshold.rising {
				step = -1
			}
			at, _ := judgeYears(threshold, exact{n, exposure}, previous)
			beyond, _ := judgeYears(threshold, exact{n + step, exposure}, previous)
			require.Equal(t, Met, at)
			require.Equal(t, NotMet, beyond)
		}
	})
}
