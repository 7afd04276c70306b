package demo_test

import (
	"testing"

	"atvsld/seeds/demo"
)

// BenchmarkGenerate makes a set of about a million reports.
func BenchmarkGenerate(b *testing.B) {
	c := demo.Sized(1_000_000)
	reports, size := 0, 0
	for b.Loop() {
		each(b, c, func(_ int, s demo.Submission) { reports, size = reports+1, size+len(s.Raw) })
	}
	b.ReportMetric(float64(reports)/b.Elapsed().Seconds(), "reports/s")
	b.ReportMetric(float64(size)/float64(reports), "B/report")
}
