package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"atvsld/ingest/intake"
)

// metrics count requests and outcomes. No label holds anything a caller can choose.
type metrics struct {
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
	rejected prometheus.Counter
	outcomes *prometheus.CounterVec
	rows     prometheus.Counter
}

func newMetrics(registry *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "atvsld_http_request_duration_seconds", Help: "Time from a request's head to the end of its answer.",
			Buckets:                     []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
			NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 100, NativeHistogramMinResetDuration: time.Hour,
		}, []string{"method", "route", "status"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "atvsld_http_requests_in_flight", Help: "Requests being answered."}),
		rejected: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "atvsld_http_unavailable_total", Help: "Requests answered 503."}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_intake_submissions_total",
			Help: "Submissions by kind (known once accepted) and by what became of them.",
		}, []string{"kind", "state"}),
		rows: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "atvsld_intake_batch_rows_total", Help: "Rows of batches that were answered."}),
	}
	for _, c := range []prometheus.Collector{m.duration, m.inFlight, m.rejected, m.outcomes, m.rows} {
		if err := registry.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) outcome(o intake.Outcome) {
	state := string(o.State)
	if o.Replayed {
		state = "replayed"
	}
	m.outcomes.WithLabelValues(string(o.Kind), state).Inc()
}

func (m *metrics) request(method, route string, status int, took time.Duration) {
	// A caller may invent methods; each would be a new series.
	if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions}, method) {
		method = "other"
	}
	m.duration.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}
