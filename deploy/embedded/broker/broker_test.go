package broker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"

	"atvsld/deploy/embedded/datadir"
)

// childFolder tells the test binary to be the process that is killed.
const childFolder = "ATVSLD_TEST_BROKER_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		child(dir)
	}
	goleak.VerifyTestMain(m)
}

const topicName = "reports"

func testConfig(dir string) Config {
	cfg := Default()
	cfg.DataDir = dir
	cfg.Logger = slog.New(slog.DiscardHandler)
	cfg.Topics = []Topic{{Name: topicName, Partitions: 4, Config: map[string]string{
		"retention.ms": "-1", "retention.bytes": "-1", "message.timestamp.type": "LogAppendTime",
	}}}
	return cfg
}

func open(t *testing.T, cfg Config) *Broker {
	t.Helper()
	b, err := Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func newWriter(t *testing.T, b *Broker) *kafka.Writer {
	t.Helper()
	transport := &kafka.Transport{}
	w := &kafka.Writer{
		Addr: kafka.TCP(b.Addrs()...), Topic: topicName, RequiredAcks: kafka.RequireAll, Transport: transport,
		Balancer: kafka.Murmur2Balancer{}, BatchTimeout: 5 * time.Millisecond, BatchBytes: 900_000,
	}
	t.Cleanup(func() {
		require.NoError(t, w.Close())
		transport.CloseIdleConnections()
	})
	return w
}

func messages(from, to int) []kafka.Message {
	var out []kafka.Message
	for i := from; i < to; i++ {
		out = append(out, kafka.Message{Key: fmt.Appendf(nil, "key-%d", i), Value: fmt.Appendf(nil, "value-%d", i)})
	}
	return out
}

// consume reads n messages as a member of the group, commits behind the last of
// each partition, and returns the values.
func consume(t *testing.T, b *Broker, group string, n int) map[string]int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cg, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: group, Brokers: b.Addrs(), Topics: []string{topicName}, StartOffset: kafka.FirstOffset,
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, cg.Close()) }()
	gen, err := cg.Next(ctx)
	require.NoError(t, err)
	values := make(map[string]int)
	commits := make(map[int]int64)
	for _, assignment := range gen.Assignments[topicName] {
		commits[assignment.ID] = readPartition(ctx, t, b, assignment, values)
	}
	require.Len(t, values, n)
	require.NoError(t, gen.CommitOffsets(map[string]map[int]int64{topicName: commits}))
	return values
}

func readPartition(ctx context.Context, t *testing.T, b *Broker, at kafka.PartitionAssignment, values map[string]int) int64 {
	t.Helper()
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: b.Addrs(), Topic: topicName, Partition: at.ID, MaxWait: 100 * time.Millisecond})
	defer func() { require.NoError(t, r.Close()) }()
	require.NoError(t, r.SetOffset(at.Offset))
	end := b.Cluster().PartitionInfo(topicName, int32(at.ID)).HighWatermark
	next := max(at.Offset, 0) // a group without a commit starts at FirstOffset, which is negative
	for next < end {
		m, err := r.ReadMessage(ctx)
		require.NoError(t, err)
		values[string(m.Value)]++
		next = m.Offset + 1
	}
	return next
}

func TestOffsetsAndMessagesSurviveRestart(t *testing.T) {
	cfg := testConfig(t.TempDir())
	b := open(t, cfg)
	require.NoError(t, newWriter(t, b).WriteMessages(t.Context(), messages(0, 1000)...))
	values := consume(t, b, "sink", 1000)
	for value, count := range values {
		require.Equal(t, 1, count, value)
	}
	id := clusterID(t, b)
	require.NoError(t, b.Close())

	again := open(t, cfg)
	require.Equal(t, id, clusterID(t, again), "the log keeps its id")
	require.NoError(t, newWriter(t, again).WriteMessages(t.Context(), messages(1000, 1100)...))
	values = consume(t, again, "sink", 100) // committed offsets are kept: nothing twice
	require.Contains(t, values, "value-1000")
	require.Len(t, consume(t, again, "other", 1100), 1100)
}

func clusterID(t *testing.T, b *Broker) string {
	t.Helper()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(b.Addrs()...), Transport: transport}
	meta, err := client.Metadata(t.Context(), &kafka.MetadataRequest{Topics: []string{topicName}})
	require.NoError(t, err)
	require.Len(t, meta.Brokers, 1)
	require.Equal(t, "127.0.0.1", meta.Brokers[0].Host)
	return meta.ClusterID
}

// child produces until it is killed and says after every acknowledged batch how
// much is safe.
func child(dir string) {
	b, err := Open(context.Background(), testConfig(dir))
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	w := &kafka.Writer{Addr: kafka.TCP(b.Addrs()...), Topic: topicName, RequiredAcks: kafka.RequireAll, Balancer: kafka.Murmur2Balancer{}, BatchTimeout: time.Millisecond}
	for n := 0; ; n += 50 {
		if err := w.WriteMessages(context.Background(), messages(n, n+50)...); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println("safe", n+50)
	}
}

func TestAcknowledgedMessagesSurviveKill(t *testing.T) {
	dir := t.TempDir()
	safe := runChildAndKill(t, dir, 2000)
	b := open(t, testConfig(dir))
	var have int64
	for _, p := range b.Cluster().PartitionInfos(topicName) {
		have += p.HighWatermark
	}
	require.GreaterOrEqual(t, have, int64(safe))
	values := consume(t, b, "sink", int(have))
	for i := range safe {
		require.Equal(t, 1, values[fmt.Sprintf("value-%d", i)], "acknowledged message %d", i)
	}
	require.NoError(t, newWriter(t, b).WriteMessages(t.Context(), messages(0, 10)...))
}

// runChildAndKill starts this binary as a producer, kills it with SIGKILL once at
// least so many messages are acknowledged, and returns the number it had confirmed.
func runChildAndKill(t *testing.T, dir string, atLeast int) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	safe := 0
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		_, err := fmt.Sscanf(lines.Text(), "safe %d", &safe)
		require.NoError(t, err, lines.Text())
		if safe >= atLeast {
			break
		}
	}
	_, err = Open(t.Context(), testConfig(dir))
	require.ErrorIs(t, err, datadir.ErrInUse)
	require.NoError(t, cmd.Process.Kill())
	for lines.Scan() { // what it still said before it died counts
		if !strings.HasPrefix(lines.Text(), "safe ") {
			continue
		}
		_, err := fmt.Sscanf(lines.Text(), "safe %d", &safe)
		require.NoError(t, err)
	}
	require.Error(t, cmd.Wait())
	require.GreaterOrEqual(t, safe, atLeast)
	return safe
}

func TestFolderIsHeldOnce(t *testing.T) {
	cfg := testConfig(t.TempDir())
	open(t, cfg)
	_, err := Open(t.Context(), cfg)
	require.ErrorIs(t, err, datadir.ErrInUse)
	require.ErrorContains(t, err, cfg.DataDir)
}

func TestOpenAfterItsContextEnded(t *testing.T) {
	cfg := testConfig(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Open(ctx, cfg)
	require.ErrorIs(t, err, context.Canceled)
	open(t, cfg) // the failed Open left nothing behind
}

// The context of Open is for the start: the end of it does not end the broker.
func TestBrokerOutlivesTheContextOfOpen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b, err := Open(ctx, testConfig(t.TempDir()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	cancel()
	require.NoError(t, newWriter(t, b).WriteMessages(t.Context(), messages(0, 10)...))
}

func TestSettingsOfExistingTopicFollow(t *testing.T) {
	cfg := testConfig(t.TempDir())
	require.NoError(t, open(t, cfg).Close())
	cfg.Topics[0].Config["retention.bytes"] = "1000000"
	b := open(t, cfg)
	require.Equal(t, "1000000", *b.Cluster().TopicInfo(topicName).Configs["retention.bytes"])
	require.NoError(t, b.Close())
	cfg.Topics[0].Partitions = 8
	_, err := Open(t.Context(), cfg)
	require.ErrorContains(t, err, "holds 4 partitions, the configuration says 8")
}

func TestRetentionDropsOldest(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.Topics[0].Partitions = 1
	cfg.Topics[0].Config["retention.bytes"] = "20000"
	b := open(t, cfg)
	w := newWriter(t, b)
	for i := range 20 {
		require.NoError(t, w.WriteMessages(t.Context(), kafka.Message{Value: make([]byte, 2000), Key: fmt.Append(nil, i)}))
	}
	b.Cluster().ApplyRetention()
	info := b.Cluster().PartitionInfo(topicName, 0)
	require.Positive(t, info.LogStartOffset)
	require.Equal(t, int64(20), info.HighWatermark)
	require.LessOrEqual(t, info.NumBytes, int64(20000))
}

func TestTooLargeBatchIsRefused(t *testing.T) {
	b := open(t, testConfig(t.TempDir()))
	w := newWriter(t, b)
	w.BatchBytes = 8 << 20
	err := w.WriteMessages(t.Context(), kafka.Message{Value: make([]byte, 2<<20)})
	var perMessage kafka.WriteErrors
	require.ErrorAs(t, err, &perMessage)
	require.ErrorIs(t, perMessage[0], kafka.MessageSizeTooLarge)
}

// A broker that refuses to write must not look like one that has written.
func TestInjectedProduceErrorReachesTheWriter(t *testing.T) {
	b := open(t, testConfig(t.TempDir()))
	b.Cluster().ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
		b.Cluster().KeepControl()
		return nil, errors.New("injected"), true
	})
	w := newWriter(t, b)
	w.MaxAttempts = 2
	require.Error(t, w.WriteMessages(t.Context(), messages(0, 1)...))
	b.Cluster().DropControl()
	require.Zero(t, b.Cluster().PartitionInfo(topicName, 0).HighWatermark)
}

func TestValidateReportsEverything(t *testing.T) {
	err := Config{Addr: "0.0.0.0:9092", Topics: []Topic{{Name: "a b"}, {Name: "a b"}}}.Validate()
	require.Error(t, err)
	for _, want := range []string{"data folder", "not a loopback", "max message bytes", "logger", "not allowed by Kafka", "given twice", "0 partitions", "retention.ms", "retention.bytes"} {
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, testConfig(t.TempDir()).Validate())
	require.ErrorContains(t, Default().Validate(), "no topic is given")
}

func BenchmarkProduceAcksAll(b *testing.B) {
	cfg := testConfig(b.TempDir())
	broker, err := Open(b.Context(), cfg)
	require.NoError(b, err)
	transport := &kafka.Transport{}
	w := &kafka.Writer{Addr: kafka.TCP(broker.Addrs()...), Topic: topicName, RequiredAcks: kafka.RequireAll, Transport: transport,
		Balancer: kafka.Murmur2Balancer{}, BatchTimeout: 5 * time.Millisecond, BatchSize: 1000}
	batch := make([]kafka.Message, 1000)
	for i := range batch {
		batch[i] = kafka.Message{Key: fmt.Append(nil, i), Value: make([]byte, 600)}
	}
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, w.WriteMessages(context.Background(), batch...))
	}
	b.ReportMetric(float64(b.N)*float64(len(batch))/b.Elapsed().Seconds(), "msg/s")
	require.NoError(b, w.Close())
	transport.CloseIdleConnections()
	require.NoError(b, broker.Close())
}
