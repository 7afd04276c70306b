package api

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
)

// Names, numbers, birth dates and stories are planted in a report of every kind, twice, and
// every role has asked everything. They are then in no log line, metric, message and column,
// but in the ciphertext. What answers hold is TestEveryRoleOnEveryOperation's, whose world it is.
func plantedMarkersAreNowhere(t *testing.T, w *world) {
	t.Helper()
	markers := slices.Concat(w.personal(here), w.personal(there))
	require.Greater(t, len(markers), 40)
	nowhere := func(where string, text []byte) {
		t.Helper()
		for _, marker := range markers {
			if bytes.Contains(text, []byte(marker)) {
				t.Errorf("%s holds %q", where, marker)
			}
		}
	}
	require.NotEmpty(t, []byte(w.logged()))
	nowhere("the log", []byte(w.logged()))
	nowhere("a metric", w.ask("GET", "/metrics", nil).ok().body)
	messages := 0
	for _, topic := range queue.Topics(partitions, time.Hour) {
		for partition := range topic.Partitions {
			for _, m := range messagesOf(t, w.brokers[0], topic.Name, partition) {
				messages++
				nowhere("a key of "+topic.Name, m.Key)
				nowhere("a message of "+topic.Name, m.Value)
				for _, h := range m.Headers {
					nowhere("the header "+h.Key, h.Value)
				}
			}
		}
	}
	require.Greater(t, messages, 40)
	w.inNoColumn(markers)
	// What is no secret is found: the search works.
	require.NotZero(t, w.rowsWith("annex_xii", []string{"unit"}, []string{sides[there].texts.Replace("0100109106")})[0])
}

// Whoever guesses all that is personal in a report finds nothing in log and store that tells him
// he is right: neither the digest of the whole nor a number made of it.
func TestNothingStoredConfirmsAGuess(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	raw := declaration(t)
	filed := p.accept(raw)
	p.ask(http.MethodGet, filed.StatusURL, nil, "Prefer", "wait=30").ok()
	guess, err := report.SHA256(raw)
	require.NoError(t, err)
	require.Equal(t, receipt.Digest(guess), filed.SHA256, "the filer has it in the receipt")
	number := receipt.Tracking(filed.ReportID, filed.Revision, guess)
	require.NotEqual(t, number, filed.TrackingNumber)
	found := 0
	for partition := range partitions {
		for _, m := range messagesOf(t, p.brokers[0], queue.ReportsTopic, partition) {
			found++
			message := fmt.Sprintf("%s %s %s", m.Key, m.Value, m.Headers)
			require.NotContains(t, message, hex.EncodeToString(guess[:]))
			require.NotContains(t, message, string(guess[:]))
			require.NotContains(t, message, number)
		}
	}
	require.Positive(t, found)
	var rows, marked uint64
	mark := p.deps.Keys.Mark(guess)
	query := "SELECT countIf(hex(sha256) = {guess:String} OR tracking = {number:String}), countIf(hex(sha256) = {mark:String}) FROM report_log"
	require.NoError(t, p.store.Conn().QueryRow(t.Context(), query,
		clickhouse.Named("guess", strings.ToUpper(hex.EncodeToString(guess[:]))), clickhouse.Named("number", number),
		clickhouse.Named("mark", strings.ToUpper(hex.EncodeToString(mark[:])))).Scan(&rows, &marked))
	require.Zero(t, rows)
	require.Equal(t, uint64(1), marked, "the search finds what is there")
}

// messagesOf reads a partition as it is.
func messagesOf(t *testing.T, broker, topic string, partition int) (all []kafka.Message) {
	t.Helper()
	conn, err := kafka.DialLeader(t.Context(), "tcp", broker, topic, partition)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	first, last, err := conn.ReadOffsets()
	require.NoError(t, err)
	if first == last {
		return nil
	}
	_, err = conn.Seek(first, kafka.SeekAbsolute)
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	for offset := first; offset < last; offset++ {
		m, err := conn.ReadMessage(16 << 20)
		require.NoError(t, err)
		all = append(all, m)
	}
	return all
}

// inNoColumn looks for markers in every column of every table but those of ciphertext.
func (p *platform) inNoColumn(markers []string) {
	p.t.Helper()
	tables := map[string][]string{}
	for _, c := range p.columns() {
		if c.name != "sealed" {
			tables[c.table] = append(tables[c.table], c.name)
		}
	}
	searched := 0
	for table, names := range tables {
		for i, rows := range p.rowsWith(table, names, markers) {
			searched++
			require.Zero(p.t, rows, "%s.%s holds a marker", table, names[i])
		}
	}
	require.Greater(p.t, searched, 300)
}

// rowsWith counts, for each column of a table, the rows in which it holds any of the texts.
// Names of tables and columns are the store's own.
func (p *platform) rowsWith(table string, names, texts []string) (rows []uint64) {
	p.t.Helper()
	counts := make([]string, len(names))
	for i, name := range names {
		counts[i] = fmt.Sprintf("countIf(arrayExists(m -> position(toString(`%s`), m) > 0, {texts:Array(String)}))", name)
	}
	query := fmt.Sprintf("SELECT [%s] FROM `%s`", strings.Join(counts, ", "), table)
	require.NoError(p.t, p.store.Conn().QueryRow(p.t.Context(), query, clickhouse.Named("texts", texts)).Scan(&rows), table)
	require.Len(p.t, rows, len(names))
	return rows
}

type column struct{ table, name string }

func (p *platform) columns() (all []column) {
	p.t.Helper()
	rows, err := p.store.Conn().Query(context.Background(), "SELECT table, name FROM system.columns WHERE database = currentDatabase() AND type NOT LIKE '%AggregateFunction%' ORDER BY table, position")
	require.NoError(p.t, err)
	all = scanned(p.t, rows)
	return all
}

func scanned(t *testing.T, rows driver.Rows) (all []column) {
	t.Helper()
	for rows.Next() {
		var c column
		require.NoError(t, rows.Scan(&c.table, &c.name))
		if !strings.HasPrefix(c.table, ".inner") {
			all = append(all, c)
		}
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	return all
}
