package sink

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"atvsld/ingest/queue"
)

type metrics struct {
	stored     *prometheus.CounterVec
	dead       *prometheus.CounterVec
	retries    *prometheus.CounterVec
	lag        *prometheus.GaugeVec
	lagSeconds *prometheus.GaugeVec
	rows       prometheus.Histogram
	seconds    prometheus.Histogram

	generations, replays, behind, ahead, repaired, gone, dropped prometheus.Counter
	halted                                                       *prometheus.GaugeVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		stored: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_sink_stored_total", Help: "Revisions stored, by kind of report."}, []string{"kind"}),
		dead: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_sink_dead_letters_total", Help: "Messages that could not be stored, by reason."}, []string{"code"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_sink_retries_total", Help: "Repeated calls of the store, by its error code (0: network)."}, []string{"code"}),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "atvsld_sink_lag_records", Help: "Messages of a partition that are not stored yet."}, []string{"partition"}),
		lagSeconds: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "atvsld_sink_lag_seconds", Help: "Age in the log of the newest stored message of a partition when it was stored."}, []string{"partition"}),
		rows: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "atvsld_sink_range_messages", Help: "Messages in a range.", Buckets: prometheus.ExponentialBuckets(1, 4, 9)}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "atvsld_sink_range_seconds", Help: "Time to store a range.", Buckets: prometheus.ExponentialBuckets(0.002, 2, 14)}),
		generations: counter("generations_total", "Times that this sink joined the group, which is also each rebalance."),
		replays:     counter("replays_total", "Ranges that were in work when a sink died and were stored again with the same token."),
		behind: counter("behind_total", "Messages that were committed and that the store had lost; they are stored again. "+
			"Not 0: the store loses what it acknowledges, or a backup was restored."),
		ahead:    counter("ahead_total", "Messages that were stored and not committed; they are not stored again."),
		repaired: counter("repaired_ranges_total", "Holes in what was stored that were filled again. Not 0: as behind_total."),
		dropped:  counter("dropped_total", "Ranges that the store dropped for the sake of a token whose rows it had lost; they were stored under another one. Not 0: as behind_total."),
		gone:     counter("gone_total", "Messages that neither the store nor the log has any more: lost."),
		halted: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "atvsld_sink_halted", Help: "1 for a partition that stands still because too many messages cannot be stored."}, []string{"partition"}),
	}
	r.MustRegister(m.stored, m.dead, m.retries, m.lag, m.lagSeconds, m.rows, m.seconds,
		m.generations, m.replays, m.behind, m.ahead, m.repaired, m.gone, m.dropped, m.halted)
	return m
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: "atvsld_sink_" + name, Help: help})
}

// observe counts a stored range. Kafka's own timestamp tells the age in the log:
// a report's received_at may be back-dated.
func (m *metrics) observe(r queue.Range, p plan, took time.Duration) {
	for kind, reports := range p.current {
		m.stored.WithLabelValues(string(kind)).Add(float64(len(reports)))
	}
	partition := label(r.Partition)
	last := r.Messages[len(r.Messages)-1]
	m.lag.WithLabelValues(partition).Set(float64(max(0, r.End-r.High()-1)))
	m.lagSeconds.WithLabelValues(partition).Set(time.Since(last.Time).Seconds())
	m.rows.Observe(float64(len(r.Messages)))
	m.seconds.Observe(took.Seconds())
}

// rest tells of a log without news; what is left of it holds no messages.
func (m *metrics) rest(partition int, left int64) {
	m.lag.WithLabelValues(label(partition)).Set(float64(left))
	m.lagSeconds.WithLabelValues(label(partition)).Set(0)
}
