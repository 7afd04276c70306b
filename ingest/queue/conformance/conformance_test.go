package conformance_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kmsg"

	"atvsld/analytics/store/storetest"
	"atvsld/deploy/embedded/broker"
	"atvsld/deploy/local"
	"atvsld/ingest/queue"
	"atvsld/ingest/queue/conformance"
	"atvsld/ingest/report"
)

var shared storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &shared) }

// Variables of the environment: whether Apache Kafka is tested ("no": it is not;
// "1" or "3": it has to be, on so many brokers; empty: on one if it can be had),
// how many faults the campaign on three brokers has (3), and the folder where each
// test leaves a line on what it ran on, for `make`.
const (
	apacheVariable = "ATVSLD_TEST_KAFKA"
	faultsVariable = "ATVSLD_TEST_FAULTS"
	ranOnVariable  = "ATVSLD_TEST_RAN_ON"
)

// ranOn says which broker a test ran on, or why it did not.
func ranOn(t *testing.T, line string) {
	t.Helper()
	t.Log("broker:", line)
	if dir := os.Getenv(ranOnVariable); dir != "" {
		require.NoError(t, os.MkdirAll(dir, 0o750))
		require.NoError(t, os.WriteFile(filepath.Join(dir, t.Name()), []byte(line+"\n"), 0o600))
	}
}

func startEmbedded(t *testing.T) *broker.Broker {
	t.Helper()
	c := broker.Default()
	c.DataDir, c.Logger = t.TempDir(), slog.New(slog.DiscardHandler)
	c.Topics = []broker.Topic{{Name: "other", Partitions: 1, Config: map[string]string{"retention.ms": "-1", "retention.bytes": "-1"}}}
	b, err := broker.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func TestEmbedded(t *testing.T) {
	ranOn(t, "the embedded broker (kfake)")
	b := startEmbedded(t)
	conformance.Run(t, conformance.Target{Brokers: queue.At(b.Addrs()...), Replication: 1, Store: &shared})
}

// Only with acks=all is an answer the answer of every replica. On the wire, because
// a single broker would answer the same to acks=1.
func TestEveryWriteAsksForAllReplicas(t *testing.T) {
	b := startEmbedded(t)
	require.NoError(t, queue.EnsureTopics(t.Context(), queue.At(b.Addrs()...), queue.Topics(4, time.Hour), 1))
	var mu sync.Mutex
	var acks []int16
	b.Cluster().ControlKey(int16(kmsg.Produce), func(r kmsg.Request) (kmsg.Response, error, bool) {
		b.Cluster().KeepControl()
		mu.Lock()
		defer mu.Unlock()
		acks = append(acks, r.(*kmsg.ProduceRequest).Acks)
		return nil, nil, false
	})
	p := queue.NewProducer(queue.At(b.Addrs()...), queue.DefaultProducer())
	defer func() { require.NoError(t, p.Close()) }()
	now := time.Now()
	require.NoError(t, p.Produce(t.Context(), []queue.Event{{
		ReportID: uuid.New(), Revision: 1, Kind: report.AnnexXII, Withdrawn: true, StatYear: 2025, Unit: "x/0",
		SubmittedBy: "t", FiledAt: now, ReceivedAt: now, Tracking: "TN", RulesVersion: "1",
	}})[0])
	letters := queue.NewDeadLetters(queue.At(b.Addrs()...))
	defer func() { require.NoError(t, letters.Close()) }()
	require.NoError(t, letters.Write(t.Context(), []queue.DeadLetter{{Code: "EVT-001"}}))
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, []int16{-1, -1}, acks)
}

// startApache starts Apache Kafka, or skips the test and says why.
func startApache(t *testing.T, brokers int, wanted bool) *local.Cluster {
	t.Helper()
	begin := time.Now()
	c, err := local.Start(t.Context(), t.TempDir(), brokers)
	if !wanted && (errors.Is(err, local.ErrNoJava) || errors.Is(err, local.ErrNoMaven)) {
		ranOn(t, "not Apache Kafka: "+err.Error())
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	ranOn(t, fmt.Sprintf("Apache Kafka %s, brokers: %d, up after %s", local.Version, brokers, time.Since(begin).Round(100*time.Millisecond)))
	return c
}

func TestApacheKafka(t *testing.T) {
	mode := os.Getenv(apacheVariable)
	if mode == "no" {
		ranOn(t, "not Apache Kafka: "+apacheVariable+"=no")
		t.Skip(apacheVariable + "=no")
	}
	c := startApache(t, 1, mode != "")
	conformance.Run(t, conformance.Target{Brokers: queue.At(c.Addrs()...), Replication: 1, Store: &shared})
	t.Run("a key has the partition that Java gives it", func(t *testing.T) { javaPartitions(t, c) })
}

// javaPartitions has Kafka's own producer write the same keys.
func javaPartitions(t *testing.T, c *local.Cluster) {
	const partitions = 16
	topic := queue.Topic{Name: "java.partitions", Partitions: partitions}
	require.NoError(t, queue.EnsureTopics(t.Context(), queue.At(c.Addrs()...), []queue.Topic{topic}, 1))
	var input strings.Builder
	keys := []string{"a", "khoá", "21", "foobar"}
	for range 200 {
		keys = append(keys, uuid.NewString())
	}
	for _, key := range keys {
		fmt.Fprintf(&input, "%s\tvalue\n", key)
	}
	_, err := c.Java(t.Context(), input.String(), "org.apache.kafka.tools.ConsoleProducer",
		"--bootstrap-server", c.Addrs()[0], "--topic", topic.Name, "--reader-property", "parse.key=true")
	require.NoError(t, err)
	log := conformance.Log(t, c.Addrs(), topic.Name)
	require.Len(t, log, len(keys))
	for _, m := range log {
		require.Equal(t, queue.PartitionOf(m.Key, partitions), m.Partition, "%q", m.Key)
	}
}

// TestThreeBrokers runs the suite on three brokers and then kills them one by one.
func TestThreeBrokers(t *testing.T) {
	if os.Getenv(apacheVariable) != "3" {
		t.Skipf("three brokers take minutes: `make test-kafka` (%s=3)", apacheVariable)
	}
	faults := 3
	if given := os.Getenv(faultsVariable); given != "" {
		var err error
		faults, err = strconv.Atoi(given)
		require.NoError(t, err, faultsVariable)
	}
	c := startApache(t, 3, true)
	target := conformance.Target{Brokers: queue.At(c.Addrs()...), Replication: 3, Store: &shared}
	conformance.Run(t, target)
	t.Run("dead leader", func(t *testing.T) { conformance.DeadLeader(t, target, c) })
	t.Run("campaign", func(t *testing.T) { conformance.Campaign(t, target, c, faults) })
}
