package api

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/api/web/webtest"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// BenchmarkSubmit files single declarations without a network and without engines:
// what the interface and the gateway cost by themselves, for several bounds on how
// many are worked on at once and a log that takes 5 ms to acknowledge.
func BenchmarkSubmit(b *testing.B) {
	for _, acknowledge := range []time.Duration{0, 5 * time.Millisecond} {
		for _, singles := range []int{4, 256} {
			b.Run("ack="+acknowledge.String()+"/singles="+strconv.Itoa(singles), func(b *testing.B) {
				benchmarkSubmit(b, singles, acknowledge)
			})
		}
	}
}

func benchmarkSubmit(b *testing.B, singles int, acknowledge time.Duration) {
	keys, err := seal.Open(filepath.Join(b.TempDir(), "keys"))
	if err != nil {
		b.Fatal(err)
	}
	signer, err := receipt.NewSigner("bench", keys.ReceiptKey(), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	log := &troubledLog{func(events []queue.Event) []error {
		time.Sleep(acknowledge)
		return make([]error, len(events))
	}}
	config := Default()
	config.Singles, config.Waiting, config.Wait = singles, 10_000, time.Minute
	config.WriteTimeout = 2 * time.Minute
	s, err := New(Deps{
		Keys: keys, Seeds: seeds.Default(), Registry: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler),
		Gateway: intake.New(intake.Deps{
			Keys: keys, Signer: signer, Producer: log, Ledger: emptyLedger{}, Seeds: seeds.Default(),
			Log: slog.New(slog.DiscardHandler), Clock: reporttest.Now, StatusPath: "/v1/reports/",
		}),
	}, config)
	if err != nil {
		b.Fatal(err)
	}
	handler := s.Handler()
	valid := reporttest.Valid(report.AccidentDeclaration)
	b.SetParallelism(128)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			raw := reporttest.Set(valid, "/report_id", `"`+uuid.Must(uuid.NewV7()).String()+`"`)
			r := httptest.NewRequest(http.MethodPost, "/v1/reports", bytes.NewReader(raw))
			r.Header.Set("Authorization", "Bearer "+keys.LocalToken())
			r.Header.Set("Content-Type", jsonType)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != http.StatusAccepted {
				b.Error(w.Code, w.Body.String())
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
}

// BenchmarkAttainmentMade makes the answer of a live board: computed, encoded and tagged, with and
// without compression. Neither the store nor the record has a part in it.
func BenchmarkAttainmentMade(b *testing.B) {
	keys, err := seal.Open(filepath.Join(b.TempDir(), "keys"))
	if err != nil {
		b.Fatal(err)
	}
	engine, err := webtest.Figures{Seeds: seeds.Default()}.Engine()
	if err != nil {
		b.Fatal(err)
	}
	record := audit.Start(&memory{}, keys.AuditKey(), audit.DefaultConfig(), slog.New(slog.DiscardHandler))
	defer func() { _ = record.Close(context.Background()) }()
	s, err := New(Deps{
		Identity: roles{}, Audit: record, Keys: keys, Seeds: seeds.Default(), Registry: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler),
		Store: closings{"2024"}, Indicators: engine,
	}, Default())
	if err != nil {
		b.Fatal(err)
	}
	handler := s.Handler()
	for _, coding := range []string{"identity", "gzip"} {
		b.Run(coding, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, "/v1/attainment?view=live&year=2024", nil)
				r.Header.Set("Authorization", "Bearer "+string(access.Ministry))
				r.Header.Set("Accept-Encoding", coding)
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body.String())
				}
				b.ReportMetric(float64(w.Body.Len()), "B/answer")
			}
		})
	}
}
