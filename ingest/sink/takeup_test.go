package sink_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/sink"
)

// exec does to the store what no part of the platform does.
func (l *line) exec(statement string) {
	l.t.Helper()
	options, err := clickhouse.ParseDSN(l.dsn)
	require.NoError(l.t, err)
	conn, err := clickhouse.Open(options)
	require.NoError(l.t, err)
	require.NoError(l.t, conn.Exec(l.t.Context(), statement), statement)
	require.NoError(l.t, conn.Close())
}

// annexes files n reports of as many units.
func (l *line) annexes(first, n int) {
	l.t.Helper()
	for i := first; i < first+n; i++ {
		l.accept(reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/site", fmt.Sprintf("\"%d\"", i+1)))
	}
}

// forgetCommits makes the group forget what it was told.
func (l *line) forgetCommits() {
	l.t.Helper()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(l.brokers...), Transport: transport}
	require.Eventually(l.t, func() bool {
		answer, err := client.DeleteGroups(l.t.Context(), &kafka.DeleteGroupsRequest{GroupIDs: []string{queue.SinkGroup}})
		return err == nil && answer.Errors[queue.SinkGroup] == nil
	}, 2*time.Minute, 50*time.Millisecond, "the group has members as long as they may come back")
}

// whole requires that every message of the log is stored exactly once, and so many.
func (l *line) whole(messages int) {
	l.t.Helper()
	l.wait()
	var rows, places, current uint64
	row := l.store.Conn().QueryRow(l.t.Context(), "SELECT count(), uniqExact(kafka_partition, kafka_offset) FROM report_log")
	require.NoError(l.t, row.Scan(&rows, &places))
	current = l.rows(report.AnnexXII)
	require.Equal(l.t, [3]int{messages, messages, messages}, [3]int{int(rows), int(places), int(current)}, "rows, places in the log, reports that count")
	ends, err := queue.Ends(l.t.Context(), queue.At(l.brokers...), partitions)
	require.NoError(l.t, err)
	for partition, end := range ends {
		if end == 0 {
			continue
		}
		gaps, err := l.store.Gaps(l.t.Context(), l.info.Epoch, uint16(partition), 0, uint64(end-1), 10)
		require.NoError(l.t, err)
		require.Empty(l.t, gaps)
	}
}

// metric adds up a metric over its labels.
func (s *sinking) metric(name string) (sum float64) {
	s.t.Helper()
	families, err := s.registry.Gather()
	require.NoError(s.t, err)
	for _, f := range families {
		if f.GetName() == "atvsld_sink_"+name {
			for _, m := range f.GetMetric() {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return sum
}

// reaches waits until every partition has been taken up that adds to a metric, and
// requires that there is no more of it.
func (s *sinking) reaches(name string, want float64) {
	s.t.Helper()
	require.Eventually(s.t, func() bool { return s.metric(name) >= want }, 2*time.Minute, 20*time.Millisecond, name)
	require.InDelta(s.t, want, s.metric(name), 0, name)
}

// The broker forgets what was committed: the store knows better, and nothing is
// stored again.
func TestLostCommitsAreNoLoss(t *testing.T) {
	l := newLineWithoutSink(t)
	first := l.startSink()
	l.annexes(0, 40)
	l.whole(40)
	require.NoError(t, first.stop())
	l.forgetCommits()
	second := l.startSink()
	l.annexes(40, 10)
	l.whole(50)
	second.reaches("ahead_total", 40)
	require.Zero(t, second.metric("behind_total"))
}

// The store is set back by a backup, or by a power cut, while the log goes on: what it
// lost is noticed and stored again.
func TestStoreSetBackIsHealed(t *testing.T) {
	l := newLineWithoutSink(t)
	first := l.startSink()
	l.annexes(0, 15)
	l.whole(15)
	kept, err := queue.Ends(t.Context(), queue.At(l.brokers...), partitions)
	require.NoError(t, err)
	l.annexes(15, 15)
	l.whole(30)
	require.NoError(t, first.stop())
	for partition, end := range kept {
		l.lose(fmt.Sprintf("kafka_partition = %d AND kafka_offset >= %d", partition, end))
	}
	second := l.startSink()
	l.annexes(30, 5)
	l.whole(35)
	require.InDelta(t, 15, second.metric("behind_total"), 0)
	require.Zero(t, second.metric("gone_total"))
}

// The store loses a part from its middle.
func TestHolesAreFilled(t *testing.T) {
	l := newLineWithoutSink(t)
	first := l.startSink()
	l.annexes(0, 60)
	l.whole(60)
	require.NoError(t, first.stop())
	l.lose("kafka_offset IN (1, 2, 5)")
	second := l.startSink()
	l.annexes(60, 1)
	// The end of a partition does not say that its holes are filled.
	second.reaches("repaired_ranges_total", 2*partitions)
	l.whole(61)
	require.Zero(t, second.metric("behind_total"))
}

// A sink that gives up between the current tables and report_log leaves its intent;
// the next one does the very same range, and not what has come since.
func TestIntentIsReplayed(t *testing.T) {
	l := newLineWithoutSink(t)
	l.annexes(0, 30)
	l.exec("ALTER TABLE report_log ADD CONSTRAINT full CHECK 0")
	first := l.startSink()
	// Of every partition the first range: how much of it that is depends on how fast it came.
	require.Eventually(t, func() bool { return l.count("SELECT uniqExact(kafka_partition) FROM annex_xii") == partitions }, 2*time.Minute, 20*time.Millisecond)
	require.NoError(t, first.stop())
	l.exec("ALTER TABLE report_log DROP CONSTRAINT full")
	l.annexes(30, 20)
	second := l.startSink()
	l.whole(50)
	require.InDelta(t, partitions, second.metric("replays_total"), 0)
	var ranges, overlapping uint64
	row := l.store.Conn().QueryRow(t.Context(), `SELECT count(), countIf(low <= before) FROM (
		SELECT low, lagInFrame(toInt64(high), 1, toInt64(-1)) OVER (PARTITION BY kafka_partition ORDER BY low) AS before
		FROM (SELECT DISTINCT kafka_partition, toInt64(range_low) AS low, range_high AS high FROM report_log))`)
	require.NoError(t, row.Scan(&ranges, &overlapping))
	require.GreaterOrEqual(t, ranges, uint64(partitions))
	require.Zero(t, overlapping)
}

// A broker that was replaced by another one is refused, also when the new log has
// grown beyond what is stored of the old one.
func TestAnotherClusterIsRefused(t *testing.T) {
	l := newLineWithoutSink(t)
	first := l.startSink()
	l.annexes(0, 12)
	l.whole(12)
	require.NoError(t, first.stop())
	l.brokers = startBroker(t)
	l.restartGateway()
	l.annexes(20, 60)
	c := sink.Default()
	c.Brokers, c.Partitions = queue.At(l.brokers...), partitions
	refused := l.startSinkWith(c)
	require.Eventually(t, func() bool { return refused.ended() }, 2*time.Minute, 20*time.Millisecond)
	require.ErrorIs(t, refused.stop(), sink.ErrForeignLog)

	after, err := l.store.NewEpoch(t.Context(), "operator", "the broker was replaced")
	require.NoError(t, err)
	l.info = after
	l.startSink()
	require.Eventually(t, func() bool { return l.rows(report.AnnexXII) == 72 }, 2*time.Minute, 20*time.Millisecond)
}

// When everything of a partition is nonsense it stops, says so, and keeps the rest of
// the nonsense in the log; the other partitions go on.
func TestFloodHaltsItsPartition(t *testing.T) {
	l := newLineWithoutSink(t)
	var poison []kafka.Message
	for i := range 50 {
		poison = append(poison, kafka.Message{Key: []byte("p"), Value: fmt.Append(nil, "poison ", i)})
	}
	c := sink.Default()
	c.Brokers, c.Partitions, c.Limits.MaxRun = queue.At(l.brokers...), partitions, 20
	// Fewer than the limit are single mistakes.
	l.produce(poison[:15])
	s := l.startSinkWith(c)
	require.Eventually(t, func() bool { return l.count("SELECT count() FROM dead_letter FINAL WHERE code = 'EVT-001'") == 15 }, 2*time.Minute, 20*time.Millisecond)
	require.NoError(t, s.Check())
	require.NoError(t, s.stop())

	l.produce(poison[15:])
	again := l.startSinkWith(c)
	require.Eventually(t, func() bool { return again.Check() != nil }, 2*time.Minute, 20*time.Millisecond)
	require.ErrorIs(t, again.Check(), sink.ErrFlood)
	require.InDelta(t, 1, again.metric("halted"), 0)
	halted := queue.PartitionOf([]byte("p"), partitions)
	stored := 0
	for i := 0; stored < 5; i++ {
		raw := reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/site", fmt.Sprintf("\"%d\"", i+1))
		if queue.PartitionOf([]byte(l.accept(raw).ReportID.String()), partitions) != halted {
			stored++
		}
	}
	require.Eventually(t, func() bool { return l.rows(report.AnnexXII) == uint64(stored) }, 2*time.Minute, 20*time.Millisecond)
	require.EqualValues(t, 15, l.count("SELECT count() FROM dead_letter FINAL"), "the flood stays in the log")

	// An operator who has looked lets it pass.
	require.NoError(t, again.stop())
	c.Limits.MaxRun = 1000
	l.startSinkWith(c)
	require.Eventually(t, func() bool { return l.count("SELECT count() FROM dead_letter FINAL") == 50 }, 2*time.Minute, 20*time.Millisecond)
}

func (l *line) count(query string) (n uint64) {
	l.t.Helper()
	require.NoError(l.t, l.store.Conn().QueryRow(context.Background(), query).Scan(&n))
	return n
}

// The range in work was stored, and was lost with the power, while the store still knows
// its token: it would drop the replay in silence.
func TestRangeInWorkThatTheStoreLost(t *testing.T) {
	l := newLineWithoutSink(t)
	first := l.startSink()
	l.annexes(0, 40)
	l.whole(40)
	require.NoError(t, first.stop())
	for partition := range partitions {
		low := l.count(fmt.Sprintf("SELECT max(range_low) FROM report_log WHERE kafka_partition = %d", partition))
		high := l.count(fmt.Sprintf("SELECT max(range_high) FROM report_log WHERE kafka_partition = %d", partition))
		l.lose(fmt.Sprintf("kafka_partition = %d AND kafka_offset >= %d", partition, low))
		l.commit(partition, int64(low), fmt.Sprintf("atvsld1 %s %d-%d v1", l.info.Epoch, low, high))
	}
	second := l.startSink()
	l.annexes(40, 4)
	l.whole(44)
	require.InDelta(t, partitions, second.metric("replays_total"), 0)
	require.InDelta(t, partitions, second.metric("dropped_total"), 0)
	require.EqualValues(t, partitions, l.count("SELECT count() FROM store_loss"), "on record")
	require.NoError(t, second.stop())

	// The same again: the token of the first repair is known by now, too.
	l.lose("kafka_offset = 0")
	third := l.startSink()
	l.annexes(44, 1)
	l.whole(45)
	require.NoError(t, third.stop())
	l.lose("kafka_offset = 0")
	l.startSink()
	l.annexes(45, 1)
	l.whole(46)
}

// lose takes rows from the store that keeps their tokens.
func (l *line) lose(where string) {
	l.t.Helper()
	for _, table := range []string{"report_log", "annex_xii"} {
		l.exec("ALTER TABLE " + table + " DELETE WHERE " + where + " SETTINGS mutations_sync = 2")
	}
}

// commit puts a mark where nobody owns the partition.
func (l *line) commit(partition int, offset int64, text string) {
	l.t.Helper()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(l.brokers...), Transport: transport}
	require.Eventually(l.t, func() bool {
		answer, err := client.OffsetCommit(l.t.Context(), &kafka.OffsetCommitRequest{
			GroupID: queue.SinkGroup, GenerationID: -1,
			Topics: map[string][]kafka.OffsetCommit{queue.ReportsTopic: {{Partition: partition, Offset: offset, Metadata: text}}},
		})
		return err == nil && answer.Topics[queue.ReportsTopic][0].Error == nil
	}, 2*time.Minute, 50*time.Millisecond, "the group has members as long as they may come back")
}

// A log that was made anew on the same cluster and has grown beyond what is stored of
// the old one holds other messages where the store has its last ones.
func TestLogMadeAnewIsRefused(t *testing.T) {
	l := newLineWithoutSink(t)
	first := l.startSink()
	l.annexes(0, 20)
	l.whole(20)
	require.NoError(t, first.stop())
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(l.brokers...), Transport: transport}
	_, err := client.DeleteTopics(t.Context(), &kafka.DeleteTopicsRequest{Topics: []string{queue.ReportsTopic}})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		return queue.EnsureTopics(t.Context(), queue.At(l.brokers...), queue.Topics(partitions, time.Hour), 1) == nil
	}, 2*time.Minute, 100*time.Millisecond)
	l.restartGateway()
	require.Eventually(t, func() bool {
		out := l.file(reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/site", `"99"`))
		return out.State == intake.Accepted
	}, 2*time.Minute, 100*time.Millisecond, "the producer learns of the new topic")
	l.annexes(100, 60)
	refused := l.startSink()
	require.Eventually(t, refused.ended, 2*time.Minute, 20*time.Millisecond)
	require.ErrorIs(t, refused.stop(), sink.ErrForeignLog)
}

// A sink that was started before an operator opened a new epoch does not go on in the old
// one when it takes up a partition again.
func TestOvertakenEpochIsRefused(t *testing.T) {
	l := newLineWithoutSink(t)
	first := l.startSink()
	l.annexes(0, 8)
	l.whole(8)
	require.NoError(t, first.stop())
	_, err := l.store.NewEpoch(t.Context(), "operator", "the broker was replaced")
	require.NoError(t, err)
	late := l.startSink() // with the epoch that it read before
	require.Eventually(t, late.ended, 2*time.Minute, 20*time.Millisecond)
	require.ErrorIs(t, late.stop(), sink.ErrForeignLog)
}
