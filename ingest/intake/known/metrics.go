package known

import "github.com/prometheus/client_golang/prometheus"

type metrics struct{ ruledOut, possible prometheus.Counter }

func (m metrics) asked(ruledOut bool) {
	if ruledOut {
		m.ruledOut.Inc()
		return
	}
	m.possible.Inc()
}

// register offers the metrics of the ids; sizes are computed when asked for.
func (k *IDs) register() {
	first := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "atvsld_gateway_first_revisions_total",
		Help: "First revisions by what the known ids say: unknown for sure, or possibly known, so that the store is asked.",
	}, []string{"known"})
	k.metrics = metrics{ruledOut: first.WithLabelValues("no"), possible: first.WithLabelValues("possible")}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	k.Registry.MustRegister(first,
		gauge("atvsld_gateway_known_ids", "Ids of reports and requests that this gateway keeps in memory.", func() float64 {
			ids, _ := k.filter.size()
			return float64(ids)
		}),
		gauge("atvsld_gateway_known_ids_bytes", "Memory of these ids.", func() float64 {
			_, bytes := k.filter.size()
			return float64(bytes)
		}),
		gauge("atvsld_gateway_known_ids_behind_seconds", "How long ago these ids were all that the log held; -1 while they are being built.", func() float64 {
			if !k.built.Load() {
				return -1
			}
			return k.behind().Seconds()
		}),
	)
}
