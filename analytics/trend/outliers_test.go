package trend

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
)

// filed are year reports up to 2025: workers and victims of each; every victim is an accident.
func filed(reports ...[2]int64) *store.Yearly {
	y := &store.Yearly{Unit: "0100109106/0", VSICVersion: "2025", VSICSection: "F"}
	for i, r := range reports {
		y.Years = append(y.Years, store.YearReport{Year: 2026 - len(reports) + i, Workers: r[0], Accidents: r[1], Victims: r[1]})
	}
	return y
}

func TestOutliers(t *testing.T) {
	rules := DefaultOutlierRules()
	rates := SectionRates{"2025:F": {10, 10_000}} // one victim in a thousand workers
	f := func(y *store.Yearly, want ...string) {
		t.Helper()
		names := []string{}
		for _, o := range rules.Judge(y, 2025, rates) {
			names = append(names, o.Rule)
		}
		require.Equal(t, append([]string{}, want...), names)
	}
	f(filed([2]int64{100, 0}, [2]int64{100, 0}, [2]int64{49, 0}), ruleShrank)
	f(filed([2]int64{100, 0}, [2]int64{100, 0}, [2]int64{50, 0})) // by half, and not more
	f(filed([2]int64{100, 0}, [2]int64{49, 0}, [2]int64{1, 0}))   // a small one before
	f(filed([2]int64{100, 1}, [2]int64{100, 0}, [2]int64{49, 0})) // it had an accident
	f(filed([2]int64{100, 0}, [2]int64{49, 0}))                   // not every year was reported
	f(filed([2]int64{300, 0}, [2]int64{300, 0}, [2]int64{300, 0}), ruleSilent)
	f(filed([2]int64{900, 0}, [2]int64{900, 0}, [2]int64{400, 0}), ruleShrank, ruleSilent)
	f(filed([2]int64{299, 0}, [2]int64{299, 0}, [2]int64{299, 0}))
	f(filed())

	registered := filed([2]int64{10, 0}, [2]int64{10, 0}, [2]int64{10, 0})
	registered.Registered = 1_000
	f(registered, ruleSilent)

	// Of 100 workers 0.1 victims are expected, P(X >= 3) = 0.00015; of 1,000 one is, 0.08.
	f(filed([2]int64{100, 3}), ruleSection)
	f(filed([2]int64{1_000, 3}))
	f(filed([2]int64{1, 2})) // too few to be compared
	elsewhere := filed([2]int64{100, 3})
	elsewhere.VSICSection = "C" // no rate is known of it
	f(elsewhere)

	odd := rules.Judge(filed([2]int64{100, 3}), 2025, rates)[0]
	require.InDelta(t, 0.1, *odd.Expected, 1e-12)
	require.Greater(t, 3.0, *odd.Limit)
}

func TestRatesOfSections(t *testing.T) {
	of := func(code string, v indicator.Value) indicator.Value {
		v.VSIC = &indicator.Section{Version: "2025", Code: code}
		return v
	}
	rates := RatesOf(rateSeries(of("F", rated("", "2025", 10, 1_000)), of("G", rated("", "2025", 0, 500)), of("H", gap("", "2025", indicator.ReasonNotClosed))))
	require.Equal(t, SectionRates{"2025:F": {10, 1_000}}, rates) // of no victim nothing can be told
}

func TestQueryChoosesTheYears(t *testing.T) {
	q := DefaultOutlierRules().Query(2025)
	require.Equal(t, 2023, q.From)
	require.Equal(t, 2025, q.To)
}
