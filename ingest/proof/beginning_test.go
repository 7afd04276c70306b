package proof_test

import (
	"testing"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/proof"
	"atvsld/ingest/queue"
)

// forget makes retention take everything that is in the log.
func (l *line) forget() {
	l.t.Helper()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := kafka.Client{Addr: kafka.TCP(l.brokers...), Transport: transport}
	answer, err := client.IncrementalAlterConfigs(l.t.Context(), &kafka.IncrementalAlterConfigsRequest{
		Resources: []kafka.IncrementalAlterConfigsRequestResource{{
			ResourceType: kafka.ResourceTypeTopic, ResourceName: queue.ReportsTopic,
			Configs: []kafka.IncrementalAlterConfigsRequestConfig{{Name: "retention.bytes", Value: "1", ConfigOperation: kafka.ConfigOperationSet}},
		}},
	})
	require.NoError(l.t, err)
	require.NoError(l.t, answer.Resources[0].Error)
	l.broker.Cluster().ApplyRetention()
}

// The oldest part of report_log is lost, and the log has forgotten what was in it.
func TestALostBeginningIsMissing(t *testing.T) {
	l := newLine(t)
	l.startSink()
	_, messages := l.life()
	l.forget()
	for _, p := range l.verify(proof.Request{}).Partitions {
		require.Positive(t, p.First, "the log has forgotten")
		require.Zero(t, p.From)
		require.Zero(t, p.Missing)
	}
	l.exec("ALTER TABLE report_log DELETE WHERE kafka_offset < 2")
	found := l.verify(proof.Request{})
	require.Equal(t, uint64(2*partitions), found.Totals.Missing)
	var accepted uint64
	for _, p := range found.Partitions {
		require.Equal(t, []proof.Offsets{{Low: 0, High: 1}}, p.Gaps)
		accepted += p.Accepted
	}
	require.Equal(t, messages, accepted)
}
