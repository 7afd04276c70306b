package trend

import (
	"testing"

	"atvsld/analytics/indicator"
)

// BenchmarkCharts draws ten years of 34 provinces.
func BenchmarkCharts(b *testing.B) {
	var values []indicator.Value
	for i := range int64(34) {
		for year := range int64(10) {
			v := rated(string(rune('A'+i)), string(rune('0'+year)), 20*(i+1)+year, 90_000*(i+1))
			v.Period = "201" + v.Period
			values = append(values, v)
		}
	}
	s := rateSeries(values...)
	for b.Loop() {
		Charts(s, from(2010, 2018), DefaultChartRules())
	}
}
