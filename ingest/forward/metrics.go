package forward

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
)

type metrics struct {
	outcomes *prometheus.CounterVec
	retries  *prometheus.CounterVec
	// outOfRange counts what needs a look: messages may have gone unanswered.
	outOfRange *prometheus.CounterVec
	lag        *prometheus.GaugeVec
	seconds    prometheus.Histogram
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_forwarder_outcomes_total", Help: "Messages of integrators that were answered, by what became of them; redelivered ones count again."}, []string{"integrator", "state"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_forwarder_retries_total", Help: "Messages that could not be decided or answered and were tried again, by why."}, []string{"integrator", "why"}),
		outOfRange: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_forwarder_out_of_range_total", Help: "Times that an inbox partition did not hold the offset that came next and was read from its first message on."}, []string{"integrator"}),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "atvsld_forwarder_lag_records", Help: "Messages of an inbox partition that are not answered yet."}, []string{"integrator", "partition"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "atvsld_forwarder_batch_seconds", Help: "Time from reading a batch to the last of its outcomes.", Buckets: prometheus.ExponentialBuckets(0.004, 2, 14)}),
	}
	for _, c := range []prometheus.Collector{m.outcomes, m.retries, m.outOfRange, m.lag, m.seconds} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// observe counts an answered batch.
func (m *metrics) observe(integrator string, batch []kafka.Message, took time.Duration) {
	last := batch[len(batch)-1]
	m.lag.WithLabelValues(integrator, strconv.Itoa(last.Partition)).Set(float64(max(0, last.HighWaterMark-last.Offset-1)))
	m.seconds.Observe(took.Seconds())
}
