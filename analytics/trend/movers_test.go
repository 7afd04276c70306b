package trend

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/indicator"
)

// Ten against two of twelve tosses of a coin: P(X >= 10) = 79/4096. Of the example in the manual
// of R's poisson.test, 11 in 800 against 21 in 3011, the interval of the ratio contains 1.
func TestChangeIsTestedExactly(t *testing.T) {
	f := func(now, before counts, want float64) {
		t.Helper()
		require.InDelta(t, want, changeP(now, before), 1e-9)
		require.InDelta(t, want, changeP(before, now), 1e-9)
	}
	f(counts{10, 1}, counts{2, 1}, 2*79.0/4096)
	f(counts{5, 1}, counts{0, 1}, 2.0/32)
	f(counts{1, 1}, counts{0, 1}, 1)
	f(counts{4, 1}, counts{4, 1}, 1)
	f(counts{0, 5}, counts{0, 9}, 1)
	f(counts{3, 2}, counts{0, 1}, 2*8.0/27) // three events, all in the year with two thirds of the workers
	require.Greater(t, changeP(counts{11, 800}, counts{21, 3011}), 0.05)
}

// Ten against two is a rise of 400 % and may be chance; 1,200 against 1,000 is one of 20 % and
// is not.
func TestMoversAreRankedByProbability(t *testing.T) {
	m := RankMovers(countSeries(
		counted("01", "2024", 2), counted("01", "2025", 10),
		counted("24", "2024", 1_000), counted("24", "2025", 1_200),
		counted("44", "2024", 50), counted("44", "2025", 50),
		counted("79", "2024", 0), counted("79", "2025", 0),
		counted("96", "2024", 3), gap("96", "2025", indicator.ReasonNotClosed),
	), DefaultMoverRules())
	require.Equal(t, "2024", m.From)
	require.Equal(t, "2025", m.To)
	require.Equal(t, 4, m.Compared)
	codes := func(all []Mover) (codes []string) {
		for _, one := range all {
			codes = append(codes, one.Current.Area.Code)
		}
		return codes
	}
	require.Equal(t, []string{"24", "01", "44", "79"}, codes(m.Movers))
	require.Equal(t, []string{"96"}, codes(m.Unranked))
	require.Equal(t, indicator.ReasonNotClosed, m.Unranked[0].Reason.Code)

	first, second := m.Movers[0], m.Movers[1]
	require.InDelta(t, 20, *first.ChangePct, 1e-9)
	require.False(t, first.SmallNumbers)
	require.Equal(t, risen, first.Direction)
	require.Greater(t, first.Ratio.Lower, 1.0)
	require.InDelta(t, 4**first.PValue, *first.PHolm, 1e-12)
	require.InDelta(t, 400, *second.ChangePct, 1e-9)
	require.True(t, second.SmallNumbers)
	require.InDelta(t, 2*79.0/4096, *second.PValue, 1e-9)
	require.InDelta(t, 3*2*79.0/4096, *second.PHolm, 1e-9)
	require.Equal(t, []int{1, 2, 3, 3}, []int{m.Movers[0].Rank, m.Movers[1].Rank, m.Movers[2].Rank, m.Movers[3].Rank})
	require.Nil(t, m.Movers[3].ChangePct)
	require.Equal(t, unchanged, m.Movers[3].Direction)
}

// An administrative count is shown with its change, and ranked by nothing.
func TestAdministrativeCountsAreNotRanked(t *testing.T) {
	s := countSeries(counted("79", "2024", 100), counted("79", "2025", 200), counted("01", "2024", 100), counted("01", "2025", 150))
	s.Indicator.Interval = indicator.IntervalNone
	m := RankMovers(s, DefaultMoverRules())
	require.Empty(t, m.Movers)
	require.Equal(t, "01", m.Unranked[0].Current.Area.Code)
	require.Equal(t, indicator.ReasonAdministrative, m.Unranked[0].Reason.Code)
	require.InDelta(t, 50, *m.Unranked[0].ChangePct, 1e-9)
	require.Nil(t, m.Unranked[0].Ratio)
	require.Nil(t, m.Unranked[0].PValue)
}

// Changes too improbable for a float64 keep an order: the more distant one first.
func TestImprobableChangesKeepAnOrder(t *testing.T) {
	m := RankMovers(countSeries(
		counted("01", "2024", 100_000), counted("01", "2025", 200_000),
		counted("79", "2024", 100_000), counted("79", "2025", 300_000),
	), DefaultMoverRules())
	require.Zero(t, *m.Movers[0].PValue)
	require.Equal(t, "79", m.Movers[0].Current.Area.Code)
	require.Equal(t, 2, m.Movers[1].Rank)
}

func TestSplitsAreTiesByCode(t *testing.T) {
	split := func(section, period string) indicator.Value {
		v := counted("", period, 5)
		v.VSIC = &indicator.Section{Version: "2018", Code: section}
		return v
	}
	m := RankMovers(countSeries(split("F", "2024"), split("F", "2025"), split("C", "2024"), split("C", "2025")), DefaultMoverRules())
	require.Equal(t, "C", m.Movers[0].Current.VSIC.Code)
	require.Equal(t, 1, m.Movers[1].Rank)
}

// The ranking is one of probabilities, whole, and the same whatever order areas come in.
func TestRankingHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := drawRates(t, []string{"2024", "2025"})
		m := RankMovers(rateSeries(values...), DefaultMoverRules())
		require.Len(t, values, 2*(len(m.Movers)+len(m.Unranked)))
		for i, one := range m.Movers {
			require.NotNil(t, one.PValue)
			require.LessOrEqual(t, *one.PValue, 1.0)
			require.GreaterOrEqual(t, *one.PHolm, *one.PValue)
			if i > 0 {
				require.LessOrEqual(t, *m.Movers[i-1].PValue, *one.PValue)
				require.LessOrEqual(t, *m.Movers[i-1].PHolm, *one.PHolm)
				require.LessOrEqual(t, m.Movers[i-1].Rank, one.Rank)
			}
			// The same verdict as that of the interval beside it.
			if one.Ratio.Upper != nil && (*one.PValue < 0.0499 || *one.PValue > 0.0501) {
				require.Equal(t, *one.PValue > 0.05, one.Ratio.Lower <= 1 && *one.Ratio.Upper >= 1, "%+v", one)
			}
		}
		turned := rapid.Permutation(values).Draw(t, "in another order")
		require.Equal(t, m, RankMovers(rateSeries(turned...), DefaultMoverRules()))
	})
}
