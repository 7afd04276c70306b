package proof

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

var byPartition = []string{"partition"}

// What is exported of the latest round. Nothing is exported before the first one: 0
// missing would be a claim.
var (
	descMissing = prometheus.NewDesc("atvsld_proof_missing_offsets",
		"Offsets below the committed one that are neither stored nor rejected.", byPartition, nil)
	descDuplicate = prometheus.NewDesc("atvsld_proof_duplicate_offsets",
		"Rows beyond one for each offset.", byPartition, nil)
	descOverlapping = prometheus.NewDesc("atvsld_proof_overlapping_ranges",
		"Ranges that begin inside another one.", byPartition, nil)
	descDrift = prometheus.NewDesc("atvsld_proof_drift_reports",
		"Reports whose current row is not the one that the log of revisions asks for.", nil, nil)
	descAccepted = prometheus.NewDesc("atvsld_proof_accepted",
		"Messages that the log took.", byPartition, nil)
	descStored = prometheus.NewDesc("atvsld_proof_stored",
		"Messages of the log that are stored or rejected.", byPartition, nil)
	descUnstored = prometheus.NewDesc("atvsld_proof_unstored",
		"Messages of the log that are neither stored nor rejected: the lag in records.", byPartition, nil)
	descLag = prometheus.NewDesc("atvsld_proof_lag_seconds",
		"Age, by the log's clock, of the oldest message that is neither stored nor rejected; 0 when all are.", byPartition, nil)
	descSuccess = prometheus.NewDesc("atvsld_proof_last_success_timestamp_seconds",
		"When log and store were last compared, whatever was found.", nil, nil)
)

// collector exports the latest round.
type collector struct{ prover *Prover }

// Describe implements prometheus.Collector.
func (*collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		descMissing, descDuplicate, descOverlapping, descDrift, descAccepted, descStored, descUnstored, descLag, descSuccess,
	} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	latest := c.prover.Latest()
	if latest.ProvenAt.IsZero() {
		return
	}
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for _, p := range latest.Partitions {
		partition := strconv.Itoa(p.Partition)
		gauge(descMissing, float64(p.Missing), partition)
		gauge(descDuplicate, float64(p.Duplicate), partition)
		gauge(descOverlapping, float64(p.Overlapping), partition)
		gauge(descAccepted, float64(p.Accepted), partition)
		gauge(descStored, float64(p.Stored+p.Rejected), partition)
		gauge(descUnstored, float64(p.Unstored), partition)
		gauge(descLag, p.LagSeconds, partition)
	}
	gauge(descDrift, float64(latest.Drifting))
	gauge(descSuccess, float64(latest.ProvenAt.UnixMilli())/1000)
}
