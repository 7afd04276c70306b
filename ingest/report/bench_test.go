package report_test

import (
	"testing"

	"github.com/go-json-experiment/json"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// small is an Annex XII without accidents: nine of ten reports.
func small() []byte {
	return reporttest.Remove(reporttest.Remove(reporttest.Valid(report.AnnexXII), "/content/rows"), "/content/damage")
}

func benchmarkDocuments(b *testing.B, f func(b *testing.B, data []byte)) {
	documents := map[string][]byte{
		"annex_nil": small(),
		// A required number that is zero is looked for the slow way.
		"annex_nil_no_women": reporttest.Set(small(), "/content/workers/women", "0"),
	}
	for _, d := range report.Definitions() {
		documents[string(d.Kind)] = reporttest.Valid(d.Kind)
	}
	for name, data := range documents {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			f(b, data)
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	benchmarkDocuments(b, func(b *testing.B, data []byte) {
		for b.Loop() {
			if _, form, err := report.Decode(data); err != nil || form != nil {
				b.Fatal(err, form)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	ctx := report.Context{Seeds: seeds.Default(), Now: reporttest.Now()}
	benchmarkDocuments(b, func(b *testing.B, data []byte) {
		s, _, err := report.Decode(data)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if found := report.Check(ctx, &s, nil); found != nil {
				b.Fatal(found)
			}
		}
	})
}

func BenchmarkStrip(b *testing.B) {
	pseudonym := func(_, _ string) report.Pseudonym { return "00112233445566778899aabbccddeeff" }
	benchmarkDocuments(b, func(b *testing.B, data []byte) {
		for b.Loop() {
			b.StopTimer()
			s, _, err := report.Decode(data)
			if err != nil {
				b.Fatal(err)
			}
			s.ReportID = report.ReportID("bench", report.Identity{})
			b.StartTimer()
			if _, err := s.Strip(pseudonym); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSHA256(b *testing.B) {
	benchmarkDocuments(b, func(b *testing.B, data []byte) {
		for b.Loop() {
			if _, err := report.SHA256(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkAll is the whole hot path of the gateway but for the encryption.
func BenchmarkAll(b *testing.B) {
	ctx := report.Context{Seeds: seeds.Default(), Now: reporttest.Now()}
	pseudonym := func(_, _ string) report.Pseudonym { return "00112233445566778899aabbccddeeff" }
	benchmarkDocuments(b, func(b *testing.B, data []byte) {
		for b.Loop() {
			s, form, err := report.Decode(data)
			if err != nil {
				b.Fatal(err)
			}
			if found := report.Check(ctx, &s, form); found != nil {
				b.Fatal(found)
			}
			if _, err := report.SHA256(data); err != nil {
				b.Fatal(err)
			}
			if _, err := s.Strip(pseudonym); err != nil {
				b.Fatal(err)
			}
			s.Identify()
			if _, err := json.Marshal(s.Content); err != nil {
				b.Fatal(err)
			}
		}
	})
}
