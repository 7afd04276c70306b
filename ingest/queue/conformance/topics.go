package conformance

import (
	"errors"
	"testing"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
)

func (s *suite) topics(t *testing.T) {
	require.NoError(t, queue.Reachable(t.Context(), s.Brokers))
	require.NoError(t, s.ensure(t.Context(), partitions), "again")
	require.ErrorContains(t, s.ensure(t.Context(), partitions+1), "fixed for the life of a log")
	topics := queue.Topics(partitions, retention)
	require.NoError(t, queue.EnsureTopics(t.Context(), s.Brokers, topics, 0), "as many replicas as the cluster has room for")
	require.ErrorContains(t, queue.EnsureTopics(t.Context(), s.Brokers, topics, s.Replication+1), "replicas, configured are")
	meta, err := s.client.Metadata(t.Context(), &kafka.MetadataRequest{Topics: []string{queue.ReportsTopic}})
	require.NoError(t, err)
	require.Len(t, meta.Topics[0].Partitions, partitions)
	for _, p := range meta.Topics[0].Partitions {
		require.Len(t, p.Replicas, s.Replication)
	}
	// A broker leads a new partition a moment after it says so.
	s.eventually(t, "the ends are known", func() bool {
		ends, err := queue.Ends(t.Context(), s.Brokers, partitions)
		if errors.Is(err, kafka.NotLeaderForPartition) {
			return false
		}
		require.NoError(t, err)
		require.Equal(t, map[int]int64{0: 0, 1: 0, 2: 0, 3: 0}, ends)
		return true
	})
}

// What the broker says of the topics is what was asked for.
func (s *suite) settings(t *testing.T) {
	for _, topic := range queue.Topics(partitions, retention) {
		want := topic.Config
		if s.Replication >= 3 {
			want["min.insync.replicas"] = "2"
		}
		require.NotEmpty(t, want["retention.ms"])
		answer, err := s.client.DescribeConfigs(t.Context(), &kafka.DescribeConfigsRequest{
			Resources: []kafka.DescribeConfigRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic.Name}},
		})
		require.NoError(t, err)
		require.NoError(t, answer.Resources[0].Error)
		got := make(map[string]string)
		for _, entry := range answer.Resources[0].ConfigEntries {
			if _, asked := want[entry.ConfigName]; asked {
				got[entry.ConfigName] = entry.ConfigValue
			}
		}
		require.Equal(t, want, got, topic.Name)
	}
}

// alter changes one setting of a topic.
func (s *suite) alter(t *testing.T, topic, name, value string) {
	t.Helper()
	answer, err := s.client.IncrementalAlterConfigs(t.Context(), &kafka.IncrementalAlterConfigsRequest{
		Resources: []kafka.IncrementalAlterConfigsRequestResource{{
			ResourceType: kafka.ResourceTypeTopic, ResourceName: topic,
			Configs: []kafka.IncrementalAlterConfigsRequestConfig{{Name: name, Value: value, ConfigOperation: kafka.ConfigOperationSet}},
		}},
	})
	require.NoError(t, err)
	require.NoError(t, answer.Resources[0].Error)
}
