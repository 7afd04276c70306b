package sink_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/sink"
)

// The messages of a few reports, each with its revisions, come in many orders and many
// times over, cut into ranges of every size: what counts in the end is always the same,
// and every message that was written is stored once, in its place.
func TestAnyRedeliveryGivesTheSameState(t *testing.T) {
	source := newLine(t)
	var messages [][]kafka.Message // by report, in order of revision
	for i := range 6 {
		first := reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/site", fmt.Sprintf("\"%d\"", i+1))
		id := source.accept(first).ReportID
		second := reporttest.Set(reporttest.Set(first, "/revision", "2"), "/reason", `"sai số"`)
		source.accept(reporttest.Set(second, "/content/damage/days_off", "77"))
		if i%3 == 0 {
			source.accept(fmt.Appendf(nil, `{"kind":"annex_xii","report_id":%q,"revision":3,"withdrawn":true,"reason":"nộp nhầm"}`, id))
		}
		messages = append(messages, source.messages(id))
	}
	source.wait()
	want := source.state()
	require.NotZero(t, want)
	for seed := range uint64(6) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 0))
			l := newLineWithoutSink(t)
			l.produce(delivery(rng, messages))
			c := sink.Default()
			c.Brokers, c.Partitions = queue.At(l.brokers...), partitions
			c.Consumer.MaxRecords, c.Consumer.MaxAge = 1+rng.IntN(9), time.Duration(1+rng.IntN(50))*time.Millisecond
			for range 1 + rng.IntN(3) { // sinks come and go
				s := l.startSinkWith(c)
				time.Sleep(time.Duration(rng.IntN(300)) * time.Millisecond)
				require.NoError(t, s.stop())
			}
			l.startSinkWith(c)
			l.wait()
			require.Equal(t, want, l.state())
			require.Equal(t, l.count("SELECT count() FROM report_log"), l.count("SELECT uniqExact(kafka_partition, kafka_offset) FROM report_log"))
		})
	}
}

// delivery shuffles the messages of all reports into one another, with repetitions. The
// first copy of a revision comes after the first copy of the one before, which the
// gateway sees to; repetitions come whenever they like.
func delivery(rng *rand.Rand, reports [][]kafka.Message) []kafka.Message {
	var out []kafka.Message
	next := make([]int, len(reports))
	for left := len(reports); left > 0; {
		i := rng.IntN(len(reports))
		if next[i] > 0 && rng.IntN(2) == 0 {
			out = append(out, reports[i][rng.IntN(next[i])])
			continue
		}
		if next[i] < len(reports[i]) {
			out = append(out, reports[i][next[i]])
			if next[i]++; next[i] == len(reports[i]) {
				left--
			}
		}
	}
	return out
}

// messages reads what the log has of a report.
func (l *line) messages(id uuid.UUID) []kafka.Message {
	l.t.Helper()
	partition := queue.PartitionOf([]byte(id.String()), partitions)
	ends, err := queue.Ends(l.t.Context(), queue.At(l.brokers...), partitions)
	require.NoError(l.t, err)
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: l.brokers, Topic: queue.ReportsTopic, Partition: partition, MaxWait: 50 * time.Millisecond})
	defer func() { require.NoError(l.t, reader.Close()) }()
	var found []kafka.Message
	for range ends[partition] {
		m, err := reader.FetchMessage(l.t.Context())
		require.NoError(l.t, err)
		if string(m.Key) == id.String() {
			found = append(found, kafka.Message{Key: m.Key, Value: m.Value, Headers: m.Headers})
		}
	}
	return found
}

// produce writes messages in their order.
func (l *line) produce(messages []kafka.Message) {
	l.t.Helper()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	writer := &kafka.Writer{
		Addr: kafka.TCP(l.brokers...), Topic: queue.ReportsTopic, RequiredAcks: kafka.RequireAll, Balancer: kafka.Murmur2Balancer{},
		BatchTimeout: time.Millisecond, Transport: transport,
	}
	require.NoError(l.t, writer.WriteMessages(l.t.Context(), messages...))
	require.NoError(l.t, writer.Close())
}

// state is everything that counts, apart from where in the log it came from.
func (l *line) state() uint64 {
	l.t.Helper()
	return l.count(`SELECT sum(cityHash64(report_id, revision, withdrawn, stat_year, period, unit, filed_at, received_at, workers, days_off, rows.victims)) FROM annex_xii FINAL`)
}
