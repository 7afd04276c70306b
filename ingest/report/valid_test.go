package report_test

import (
	"testing"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

func TestValidExamplesHaveNoFindings(t *testing.T) {
	for _, d := range report.Definitions() {
		s, form, err := report.Decode(reporttest.Valid(d.Kind))
		if err != nil || len(form) > 0 {
			t.Fatalf("%s: %v %+v", d.Kind, err, form)
		}
		for _, f := range report.Check(report.Context{Seeds: seeds.Default(), Now: reporttest.Now()}, &s, form) {
			t.Errorf("%s: %s %s %s", d.Kind, f.Code, f.Pointer, f.Message)
		}
	}
}
