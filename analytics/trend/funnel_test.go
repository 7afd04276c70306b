package trend

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/indicator"
)

// Three provinces with 10 victims per 1,000 workers together: 100,000, 10,000 and 1,000 workers.
func TestFunnel(t *testing.T) {
	f := NewFunnel(rateSeries(
		rated("01", "2025", 980, 100_000), rated("79", "2025", 125, 10_000), rated("96", "2025", 5, 1_000),
		gap("44", "2025", indicator.ReasonNoReports),
	), DefaultLevels())
	require.Equal(t, "2025", f.From)
	require.Equal(t, "2025", f.To)
	require.Equal(t, 3, f.Assessed)
	require.Equal(t, int64(1_110), f.Events)
	require.Equal(t, int64(111_000), f.Exposure)
	require.InDelta(t, 10, *f.Centre, 1e-12)
	require.InDelta(t, 0.15, f.ByChance.Warning, 1e-12)

	require.Equal(t, Inside, f.Points[0].Position)       // 980 of 1,000
	require.Equal(t, AboveWarning, f.Points[1].Position) // 125 of 100: P = 0.0089
	require.Equal(t, Inside, f.Points[2].Position)       // 5 of 10
	require.InDelta(t, upperLimit(10, 0.025), f.Points[2].Limits.WarningUpper, 1e-6)
	require.Less(t, f.Points[0].Limits.ActionUpper, f.Points[1].Limits.ActionUpper)
	require.Equal(t, indicator.ReasonNoReports, f.Points[3].LimitsReason.Code)
	require.Nil(t, f.Points[3].Limits)
}

func TestFunnelAddsUpYears(t *testing.T) {
	open := rated("79", "2025", 4, 500)
	open.Status, open.Source = indicator.Provisional, indicator.FromBaseFigures
	closed := rated("79", "2024", 6, 500)
	at := time.Date(2025, time.March, 31, 17, 0, 0, 0, time.UTC)
	closed.AsOf = &at
	f := NewFunnel(rateSeries(
		rated("01", "2024", 10, 1_000), rated("01", "2025", 20, 2_000), closed, open,
		rated("96", "2024", 1, 100), gap("96", "2025", indicator.ReasonNotClosed),
	), DefaultLevels())
	require.Equal(t, "2024", f.From)
	require.Equal(t, "2025", f.To)
	require.Equal(t, int64(30), *f.Points[0].Numerator)
	require.Equal(t, int64(3_000), *f.Points[0].Denominator)
	require.InDelta(t, 10, *f.Points[0].Value, 1e-12)
	require.Equal(t, indicator.Provisional, f.Points[1].Status)
	require.True(t, f.Points[1].MixedSources)
	require.Nil(t, f.Points[1].AsOf)
	// A part is not told as the whole.
	require.Nil(t, f.Points[2].Numerator)
	require.Nil(t, f.Points[2].Value)
	require.Equal(t, indicator.ReasonNotClosed, f.Points[2].LimitsReason.Code)
	require.Equal(t, 2, f.Assessed)
}

func TestFunnelSaysWhyItIsNone(t *testing.T) {
	f := func(s *indicator.Series, code string) {
		t.Helper()
		got := NewFunnel(s, DefaultLevels())
		require.Nil(t, got.Centre)
		require.Equal(t, code, got.CentreReason.Code)
		for _, p := range got.Points {
			require.Empty(t, p.Position)
			require.NotNil(t, p.LimitsReason)
		}
	}
	// Fatal accidents lie where they happened, workers at the head office.
	f(rateSeries(gap("01", "2025", indicator.ReasonWorkersBySite), gap("79", "2025", indicator.ReasonWorkersBySite)), indicator.ReasonWorkersBySite)
	f(countSeries(counted("01", "2025", 3), counted("79", "2025", 9)), indicator.ReasonCount)
	f(rateSeries(rated("01", "2025", 0, 100), rated("79", "2025", 0, 300)), indicator.ReasonNoEvents)
	f(rateSeries(gap("01", "2025", indicator.ReasonNoReports), gap("79", "2025", indicator.ReasonDenominatorMissing)), indicator.ReasonNoFigure)
	f(rateSeries(), indicator.ReasonNoFigure)
	administrative := rateSeries(rated("01", "2025", 3, 100))
	administrative.Indicator.Interval = indicator.IntervalNone
	f(administrative, indicator.ReasonAdministrative)
}

// Records whose former province is not known are no province.
func TestUnknownUnitIsNoProvince(t *testing.T) {
	unknown := rated("", "2025", 50, 100)
	unknown.Area = indicator.Area{Level: indicator.LevelUnknown}
	f := NewFunnel(rateSeries(rated("01", "2025", 3, 100), unknown), DefaultLevels())
	require.Equal(t, 1, f.Assessed)
	require.Equal(t, int64(3), f.Events)
	require.Equal(t, indicator.ReasonFormerUnitUnknown, f.Points[1].LimitsReason.Code)
}

// Whatever order provinces come in, each is judged the same.
func TestFunnelDoesNotDependOnTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := drawRates(t, []string{"2025"})
		judged := func(values []indicator.Value) map[string]Judgement {
			all := map[string]Judgement{}
			for _, p := range NewFunnel(rateSeries(values...), DefaultLevels()).Points {
				all[p.Area.Code] = p.Judgement
			}
			return all
		}
		require.Equal(t, judged(values), judged(rapid.Permutation(values).Draw(t, "in another order")))
	})
}

// drawRates makes a rate for some provinces and periods.
func drawRates(t *rapid.T, periods []string) (values []indicator.Value) {
	codes := rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9]{2}`), 2, 12, rapid.ID[string]).Draw(t, "provinces")
	for _, code := range codes {
		for _, period := range periods {
			if rapid.IntRange(0, 9).Draw(t, "gap") == 0 {
				values = append(values, gap(code, period, indicator.ReasonNoReports))
				continue
			}
			values = append(values, rated(code, period, rapid.Int64Range(0, 300).Draw(t, "events"), rapid.Int64Range(1, 100_000).Draw(t, "workers")))
		}
	}
	return values
}
