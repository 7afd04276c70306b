package trend

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
	"atvsld/seeds"
)

// rateSeries is a series of a rate: A3, per 1,000 workers.
func rateSeries(values ...indicator.Value) *indicator.Series {
	return &indicator.Series{
		Indicator:   indicator.Definition{ID: "A3", Interval: indicator.IntervalPoisson},
		Denominator: indicator.WorkersReporting, View: indicator.Closed, Values: values,
	}
}

// countSeries is a series of a count: N4.
func countSeries(values ...indicator.Value) *indicator.Series {
	return &indicator.Series{Indicator: indicator.Definition{ID: "N4", Interval: indicator.IntervalPoisson}, View: indicator.Closed, Values: values}
}

// rated is the value of a rate in a province.
func rated(code, period string, events, workers int64) indicator.Value {
	v := counted(code, period, events)
	rate := float64(events) * 1000 / float64(workers)
	v.Factor, v.Denominator, v.DenominatorReason, v.Value = 1000, &workers, nil, &rate
	return v
}

// counted is the value of a count in a province; "" is the nation.
func counted(code, period string, events int64) indicator.Value {
	v := gap(code, period, "")
	value := float64(events)
	v.Numerator, v.NumeratorReason, v.Value, v.ValueReason = &events, nil, &value, nil
	v.DenominatorReason, v.Source = indicator.ReasonOf(indicator.ReasonCount), indicator.FromReports
	return v
}

// gap is a value without a figure.
func gap(code, period, reason string) indicator.Value {
	v := indicator.Value{Period: period, Area: indicator.Area{Level: indicator.LevelProvince, List: seeds.List34, Code: code}, Factor: 1, Status: indicator.Final}
	if code == "" {
		v.Area = indicator.Area{Level: indicator.LevelNation, Code: "VN"}
	}
	v.NumeratorReason, v.ValueReason = indicator.ReasonOf(reason), indicator.ReasonOf(reason)
	v.DenominatorReason = v.ValueReason
	return v
}

// counts of the years from 2010 on, "-" for a year without a figure.
func years(text string) []indicator.Value {
	var values []indicator.Value
	for i, field := range strings.Fields(text) {
		period := strconv.Itoa(2010 + i)
		if field == "-" {
			values = append(values, gap("", period, indicator.ReasonNotClosed))
			continue
		}
		var n int64
		fmt.Sscan(field, &n)
		values = append(values, counted("", period, n))
	}
	return values
}

func from(first, last int) (all []int) {
	for year := first; year <= last; year++ {
		all = append(all, year)
	}
	return all
}

func TestChart(t *testing.T) {
	set := Charts(rateSeries(
		rated("01", "2021", 10, 1_000), rated("01", "2022", 20, 1_000), rated("01", "2023", 30, 2_000),
		rated("01", "2024", 25, 1_000), gap("01", "2025", indicator.ReasonNotClosed),
	), from(2021, 2023), DefaultChartRules())
	require.Equal(t, "u", set.Kind)
	require.Len(t, set.Charts, 1)
	c := set.Charts[0]
	require.Equal(t, Baseline{Periods: []string{"2021", "2022", "2023"}, Events: 60, Exposure: 4_000, Dispersion: c.Baseline.Dispersion}, c.Baseline)
	require.InDelta(t, 15, *c.Centre, 1e-12) // 60 of 4,000 are 15 of 1,000
	require.False(t, c.SmallNumbers)

	last := c.Points[3]
	require.False(t, last.InBaseline)
	require.InDelta(t, 15, *last.Expected, 1e-12)
	require.Equal(t, AboveWarning, last.Position) // P(X >= 25 | 15) = 0.0112
	require.InDelta(t, 2*0.01116, *last.PValue, 1e-4)
	require.Equal(t, Inside, c.Points[1].Position) // P(X >= 20 | 15) = 0.125
	// The limits are in the unit of the value: twice the workers, the same rate, narrower.
	require.InDelta(t, upperLimit(15, 0.025), c.Points[0].Limits.WarningUpper, 1e-6)
	require.InDelta(t, upperLimit(30, 0.025)/2, c.Points[2].Limits.WarningUpper, 1e-6)

	missing := c.Points[4]
	require.Nil(t, missing.Limits)
	require.Empty(t, missing.Position)
	require.Equal(t, indicator.ReasonNotClosed, missing.LimitsReason.Code)
	require.Empty(t, c.Signals)
}

func TestChartsOfAreasStandApart(t *testing.T) {
	set := Charts(countSeries(
		counted("01", "2021", 4), counted("01", "2022", 6), counted("01", "2023", 5),
		counted("79", "2021", 40), counted("79", "2022", 60), counted("79", "2023", 50),
	), from(2021, 2023), DefaultChartRules())
	require.Equal(t, "c", set.Kind)
	require.Len(t, set.Charts, 2)
	require.InDelta(t, 5, *set.Charts[0].Centre, 0)
	require.InDelta(t, 50, *set.Charts[1].Centre, 0)
}

func TestChartWithoutACentreSaysWhy(t *testing.T) {
	f := func(s *indicator.Series, baseline []int, code string) {
		t.Helper()
		c := Charts(s, baseline, DefaultChartRules()).Charts[0]
		require.Nil(t, c.Centre)
		require.Equal(t, code, c.CentreReason.Code)
		require.NotEmpty(t, c.CentreReason.VI)
		require.Empty(t, c.Signals)
		for _, p := range c.Points {
			require.Nil(t, p.Limits)
			require.NotNil(t, p.LimitsReason)
		}
	}
	f(countSeries(years("9 8 7 6")...), nil, indicator.ReasonBaselineShort)
	f(countSeries(years("9 8 - 6")...), from(2010, 2012), indicator.ReasonBaselineShort)
	f(countSeries(years("0 0 0 1")...), from(2010, 2012), indicator.ReasonNoEvents)
	administrative := countSeries(years("9 8 7 6")...)
	administrative.Indicator.Interval = indicator.IntervalNone
	f(administrative, from(2010, 2012), indicator.ReasonAdministrative)
	share := countSeries(years("9 8 7 6")...)
	share.Indicator.Interval = "score"
	f(share, from(2010, 2012), indicator.ReasonNotPoisson)
}

func TestBaselineTellsWhatItIsMadeOf(t *testing.T) {
	values := years("3 0 0 0 9")
	values[0].Source = indicator.FromBaseFigures
	c := Charts(countSeries(values...), from(2010, 2013), DefaultChartRules()).Charts[0]
	require.True(t, c.Baseline.MixedSources)
	require.True(t, c.SmallNumbers) // three events in four years
	require.Equal(t, AboveAction, c.Points[4].Position)
	require.Equal(t, []Signal{{ruleAction, above, []string{"2014"}}}, c.Signals)
}

// The counts begin in 2010; the centre line is that of 2010-2013, 10 a year.
func TestSignals(t *testing.T) {
	f := func(counts string, want ...Signal) {
		t.Helper()
		c := Charts(countSeries(years("8 12 9 11 "+counts)...), from(2010, 2013), DefaultChartRules()).Charts[0]
		require.InDelta(t, 10, *c.Centre, 0)
		require.Equal(t, append([]Signal{}, want...), c.Signals)
	}
	f("10 10 10")
	f("22 10 1", Signal{ruleAction, above, []string{"2014"}}, Signal{ruleAction, below, []string{"2016"}})
	f("18 10 18", Signal{ruleTwoOfThree, above, []string{"2014", "2016"}})
	f("18 3 10")
	f("18 - 18") // where the point between them lay nobody knows
	f("10 18 18", Signal{ruleTwoOfThree, above, []string{"2015", "2016"}})
	f("9 8 9 8 9 8 9 8", Signal{ruleRun, below, []string{"2014", "2015", "2016", "2017", "2018", "2019", "2020", "2021"}})
	f("9 8 9 8 10 8 9 8 9") // the point on the line ends the run
	f("9 8 9 8 - 8 9 8 9")  // and so does a gap
	f("9 8 9 8 9 8 9")
	f("8 9 10 11 12 13", Signal{ruleTrend, rising, []string{"2014", "2015", "2016", "2017", "2018", "2019"}})
	f("10 9 8 7 6 5", Signal{ruleTrend, falling, []string{"2013", "2014", "2015", "2016", "2017", "2018", "2019"}})
	f("8 9 10 - 12 13")
	f("8 9 10 10 12 13")
}

// The order that values come in does not matter within a chart.
func TestChartIsByTime(t *testing.T) {
	line := years("8 12 9 11 22")
	turned := []indicator.Value{line[3], line[0], line[4], line[2], line[1]}
	rules, baseline := DefaultChartRules(), from(2010, 2013)
	require.Equal(t, Charts(countSeries(line...), baseline, rules), Charts(countSeries(turned...), baseline, rules))
}

// Of a year that is not over only a part has happened: it is shown, and not compared.
func TestRunningPeriodsAreNotCompared(t *testing.T) {
	at := time.Date(2025, time.December, 31, 23, 59, 59, 0, seeds.Local())
	running := rated("01", "2025", 1, 1_000)
	running.AsOf, running.Status = &at, indicator.Provisional
	values := []indicator.Value{rated("01", "2022", 10, 1_000), rated("01", "2023", 11, 1_000), rated("01", "2024", 9, 1_000), running}
	c := Charts(rateSeries(values...), from(2022, 2025), DefaultChartRules()).Charts[0]
	require.Equal(t, []string{"2022", "2023", "2024"}, c.Baseline.Periods)
	require.Equal(t, indicator.ReasonPeriodRunning, c.Points[3].LimitsReason.Code)
	require.NotNil(t, c.Points[3].Value.Value)
	require.Empty(t, c.Signals)
	require.Equal(t, indicator.ReasonPeriodRunning, NewFunnel(rateSeries(running), DefaultLevels()).CentreReason.Code)
	m := RankMovers(rateSeries(values...), DefaultMoverRules())
	require.Equal(t, indicator.ReasonPeriodRunning, m.Unranked[0].Reason.Code)
	require.Nil(t, m.Unranked[0].ChangePct)

	over := at.Add(time.Second)
	running.AsOf = &over
	require.Equal(t, 1, NewFunnel(rateSeries(running), DefaultLevels()).Assessed)
	for period, end := range map[string]string{"2025H1": "2025-07-01", "2025H2": "2026-01-01", "2025": "2026-01-01"} {
		got, ok := endOf(period)
		require.True(t, ok)
		require.Equal(t, end, seeds.DateOf(got).String())
	}
}

// Values of different subjects must never be put into one line: whoever adds a member to a value
// decides here whether it says what the value is of (subjectOf), and when.
func TestEveryMemberOfAValueIsDecided(t *testing.T) {
	subject, period := []string{"Area", "Month", "VSIC", "Members", "Employment"}, []string{"Period"}
	figure := []string{"Figure", "Interval", "IntervalReason", "Factor", "Unit", "Definition", "Geography", "Coverage", "AsOf", "Status", "ClosedAsOf", "SecondHalf", "Compared", "Rank"}
	var members []string
	for field := range reflect.TypeFor[indicator.Value]().Fields() {
		members = append(members, field.Name)
	}
	require.ElementsMatch(t, members, slices.Concat(subject, period, figure))

	for i := range reflect.TypeFor[indicator.Members]().NumField() {
		var one indicator.Members
		name := reflect.TypeFor[indicator.Members]().Field(i).Name
		reflect.ValueOf(&one).Elem().Field(i).Set(reflect.ValueOf(&name))
		require.Equal(t, name, one.Member())
	}
}

func TestHalfYearsLieInTheirYear(t *testing.T) {
	require.True(t, inYears("2021H1", []int{2020, 2021}))
	require.False(t, inYears("2021H1", []int{2020}))
	require.False(t, inYears("2021", nil))
}
