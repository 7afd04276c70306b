package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"atvsld/api/identity"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// BenchmarkChain is what every request pays before its address looks at it: headers, log
// line, who asks, budgets, gate.
func BenchmarkChain(b *testing.B) {
	keys, err := seal.Open(filepath.Join(b.TempDir(), "keys"))
	if err != nil {
		b.Fatal(err)
	}
	config := Default()
	for _, rate := range config.Rates.Named() {
		*rate = Rate{PerSecond: 1e6, Burst: 1e9} // counted, and never used up
	}
	s, err := New(Deps{
		Keys: keys, Identity: identity.New(keys), Seeds: seeds.Default(), Registry: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler),
	}, config)
	if err != nil {
		b.Fatal(err)
	}
	handler := s.Handler()
	f := func(name, header, value string) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, "/livez", nil)
				if header != "" {
					r.Header.Set(header, value)
				}
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
	f("public", "", "")
	f("token", "Authorization", "Bearer "+keys.LocalToken())
}
