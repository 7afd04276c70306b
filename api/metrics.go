package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"atvsld/analytics/access"
	"atvsld/ingest/intake"
)

// metrics count requests and outcomes. No label holds anything a caller can choose.
type metrics struct {
	duration    *prometheus.HistogramVec
	inFlight    prometheus.Gauge
	unavailable prometheus.Counter
	outcomes    *prometheus.CounterVec
	rows        prometheus.Counter
	limited     *prometheus.CounterVec
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
		unavailable: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "atvsld_http_unavailable_total", Help: "Requests answered 503, those of /readyz included."}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_intake_submissions_total",
			Help: "Submissions by kind (known once accepted) and by what became of them.",
		}, []string{"kind", "state"}),
		rows: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "atvsld_intake_batch_rows_total", Help: "Rows of batches that were answered."}),
		limited: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_http_limited_total", Help: "Requests answered 429, by the budget that was used up."}, []string{"budget"}),
	}
	for _, c := range []prometheus.Collector{m.duration, m.inFlight, m.unavailable, m.outcomes, m.rows, m.limited} {
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
	if status == http.StatusServiceUnavailable {
		m.unavailable.Inc()
	}
	m.duration.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// knownMethod is the method, or one word for all that callers invent.
func knownMethod(method string) string {
	if slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions}, method) {
		return method
	}
	return "other"
}

// scraper lets everybody read the metrics of a demonstration or of a process without
// keys, otherwise only who has the token: the counts by kind move with each filing, so
// that they tell when somebody files what.
func (s *Server) scraper(c *gin.Context) {
	if by := callOf(c.Request.Context()).by; !s.Demonstration && s.Identity != nil && !by.May(access.ReadMetrics) {
		if by.Role == access.Public {
			s.refuse(c, unauthorized(""))
			return
		}
		s.refuse(c, denied(access.ReadMetrics))
	}
}
