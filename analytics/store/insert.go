package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/analytics/store/native"
)

// Position is where a message lies in the log.
type Position struct {
	Epoch     uuid.UUID
	Partition uint16
	Offset    uint64
}

// Head is what every stored revision has.
type Head struct {
	ReportID  uuid.UUID
	Revision  uint32
	StatYear  uint16
	Period    string // "2025", "2025H1", "" for events
	Unit      string
	Withdrawn bool
	// FiledAt is the first receipt of revision 1, ReceivedAt that of this revision.
	FiledAt, ReceivedAt time.Time
	Position
}

// LogEntry is one message for report_log.
type LogEntry struct {
	Head
	Kind         string
	SubmittedBy  string
	SHA256       [32]byte
	Tracking     string
	RequestID    uuid.UUID
	RulesVersion string
	Warnings     []string
	Payload      []byte // stripped JSON
	Sealed       []byte // ciphertext of what is personal
	SealedKey    string
	// EnteredAt is when a report that came on paper was entered, otherwise zero.
	EnteredAt time.Time
}

// Range is a run of offsets of one partition, both ends included: what is stored together.
type Range struct{ Low, High uint64 }

// Bits of a version, from the lowest: offset, epoch, revision.
const (
	offsetBits   = 40
	epochBits    = 8
	maxOffset    = 1<<offsetBits - 1
	revisionUnit = 1 << (offsetBits + epochBits)
	// MaxRevision is the highest revision that a version can hold.
	MaxRevision = math.MaxUint16
)

// Version orders the copies of a report: a higher revision first, and of one
// revision the copy that lies first in the log, in the first epoch. Within epoch 0 it
// is revision·2^48 + (2^48 − 1 − offset). The error is ErrRow when a number does not fit.
func Version(revision uint32, epoch uint8, offset uint64) (uint64, error) {
	if revision < 1 || revision > MaxRevision {
		return 0, fmt.Errorf("%w: revision %d is not in 1..%d", ErrRow, revision, MaxRevision)
	}
	if offset > maxOffset {
		return 0, fmt.Errorf("%w: offset %d is above %d", ErrRow, offset, maxOffset)
	}
	return uint64(revision)*revisionUnit + (revisionUnit - 1 - uint64(epoch)<<offsetBits - offset), nil
}

// dedupSettings make an insert of rows rows safe to repeat with the same token.
func dedupSettings(token string, rows int) clickhouse.Settings {
	return clickhouse.Settings{
		"async_insert":               0,
		"insert_deduplicate":         1,
		"insert_deduplication_token": token,
		"deduplicate_blocks_in_dependent_materialized_views": 1,
		// Never cut a batch: each part takes an entry of the deduplication window.
		"max_insert_block_size": max(rows+1, 1<<20),
	}
}

// headColumns are the columns of Head. versions are those of the heads.
func headColumns(head func(row int) *Head, versions []uint64) []native.Column {
	return []native.Column{
		native.To("report_id", func(c *native.Cells, row int) { c.ID(head(row).ReportID) }),
		native.To("revision", func(c *native.Cells, row int) { c.Uint32(head(row).Revision) }),
		native.To("version", func(c *native.Cells, row int) { c.Uint64(versions[row]) }),
		native.To("withdrawn", func(c *native.Cells, row int) { c.Flag(head(row).Withdrawn) }),
		native.To("stat_year", func(c *native.Cells, row int) { c.Uint16(head(row).StatYear) }),
		native.To("period", func(c *native.Cells, row int) { c.Text(head(row).Period) }),
		native.To("unit", func(c *native.Cells, row int) { c.Text(head(row).Unit) }),
		native.To("filed_at", func(c *native.Cells, row int) { c.Time(head(row).FiledAt) }),
		native.To("received_at", func(c *native.Cells, row int) { c.Time(head(row).ReceivedAt) }),
		native.To("epoch", func(c *native.Cells, row int) { c.UUID(head(row).Epoch) }),
		native.To("kafka_partition", func(c *native.Cells, row int) { c.Uint16(head(row).Partition) }),
		native.To("kafka_offset", func(c *native.Cells, row int) { c.Uint64(head(row).Offset) }),
	}
}

// logColumns are those of report_log behind the head's.
func logColumns(entries []LogEntry, r Range) []native.Column {
	return []native.Column{
		native.To("kind", func(c *native.Cells, row int) { c.Text(entries[row].Kind) }),
		native.To("submitted_by", func(c *native.Cells, row int) { c.Text(entries[row].SubmittedBy) }),
		native.To("sha256", func(c *native.Cells, row int) { c.Hash(entries[row].SHA256) }),
		native.To("tracking", func(c *native.Cells, row int) { c.Text(entries[row].Tracking) }),
		native.To("request_id", func(c *native.Cells, row int) { c.ID(entries[row].RequestID) }),
		native.To("rules_version", func(c *native.Cells, row int) { c.Text(entries[row].RulesVersion) }),
		native.To("warnings", func(c *native.Cells, row int) {
			c.List(len(entries[row].Warnings))
			for _, code := range entries[row].Warnings {
				c.Text(code)
			}
		}),
		native.To("payload", func(c *native.Cells, row int) { c.Bytes(entries[row].Payload) }),
		native.To("sealed", func(c *native.Cells, row int) { c.Bytes(entries[row].Sealed) }),
		native.To("sealed_key", func(c *native.Cells, row int) { c.Text(entries[row].SealedKey) }),
		native.To("entered_at", func(c *native.Cells, row int) { c.Time(orEpoch(entries[row].EnteredAt)) }),
		native.To("range_low", func(c *native.Cells, _ int) { c.Uint64(r.Low) }),
		native.To("range_high", func(c *native.Cells, _ int) { c.Uint64(r.High) }),
	}
}

// orEpoch is how report_log says "no time": 1 January 1970, the default of its type.
func orEpoch(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(0, 0)
	}
	return t
}

// InsertCurrent stores revisions in the current table of their kind: the row i has
// heads[i] and what columns write for i; of a withdrawn revision they are not asked.
// All rows of a report must have the kind and StatYear of its first copy in the log
// (see KnownAt): the tables are partitioned by year and queries choose the newest
// revision within each partition, so that a copy of another year would count beside
// the first. The loser of such a race belongs into report_log alone. ClickHouse cannot
// check this.
//
// The token must be made of what the batch was cut from (epoch, topic, partition,
// offset range, schema) and of nothing else: with a token that was used before,
// ClickHouse drops the rows silently. After an error for which Retryable holds, call
// again with the same arguments; the effect is that of one call.
func (s *Store) InsertCurrent(ctx context.Context, token, table string, heads []Head, columns []native.Column) error {
	headOf := func(row int) *Head { return &heads[row] }
	versions, err := s.versions(ctx, len(heads), headOf)
	if err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	// A withdrawn revision has no content. Stored apart, its other columns take
	// ClickHouse's defaults.
	var live, withdrawn []int
	for row := range heads {
		if heads[row].Withdrawn {
			withdrawn = append(withdrawn, row)
		} else {
			live = append(live, row)
		}
	}
	common := headColumns(headOf, versions)
	token += "/" + table
	if err := s.insert(ctx, token, table, live, slices.Concat(common, columns)); err != nil {
		return err
	}
	return s.insert(ctx, token+"/withdrawn", table, withdrawn, common)
}

// InsertLog stores entries in report_log. It is the last insert of a batch: its rows
// are the proof that the batch is stored. r is the range of the log that the batch was
// cut from. On token and errors see InsertCurrent.
func (s *Store) InsertLog(ctx context.Context, token string, r Range, entries []LogEntry) error {
	headOf := func(row int) *Head { return &entries[row].Head }
	versions, err := s.versions(ctx, len(entries), headOf)
	if err != nil {
		return fmt.Errorf("insert into report_log: %w", err)
	}
	columns := slices.Concat(headColumns(headOf, versions), logColumns(entries, r))
	return s.insert(ctx, token+"/report_log", "report_log", first(len(entries)), columns)
}

// first are the rows 0 to n-1.
func first(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// versions of n heads: see Version.
func (s *Store) versions(ctx context.Context, n int, head func(row int) *Head) ([]uint64, error) {
	versions := make([]uint64, n)
	var number uint8
	for row := range versions {
		h := head(row)
		var err error
		if row == 0 || h.Epoch != head(row-1).Epoch {
			if number, err = s.epochNumber(ctx, h.Epoch); err != nil {
				return nil, err
			}
		}
		if versions[row], err = Version(h.Revision, number, h.Offset); err != nil {
			return nil, fmt.Errorf("report %s: %w", h.ReportID, err)
		}
	}
	return versions, nil
}

// insert stores rows of columns in one block.
func (s *Store) insert(ctx context.Context, token, table string, rows []int, columns []native.Column) error {
	if len(rows) == 0 {
		return nil
	}
	types, err := s.columnTypes(ctx, table, columns)
	if err != nil {
		return err
	}
	b := s.takeBlock()
	if err := b.Fill(columns, types, rows); err != nil {
		return fmt.Errorf("%w: insert into %s: %w", ErrRow, table, err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.InsertTimeout)
	defer cancel()
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(dedupSettings(token, len(rows))))
	if err := s.send(ctx, fmt.Sprintf("INSERT INTO %s (%s)", table, quoted(columns)), b); err != nil {
		// The block is lost with it: a request that was given up may still be read.
		return fmt.Errorf("insert %d rows into %s: %w", len(rows), table, err)
	}
	s.keepBlock(b)
	return nil
}

func quoted(columns []native.Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = "`" + c.Name + "`"
	}
	return strings.Join(names, ", ")
}

// columnTypes looks the columns up in the schema, which does not change while the
// program runs: Migrate comes first. So no name reaches a query that is not a column.
func (s *Store) columnTypes(ctx context.Context, table string, columns []native.Column) ([]string, error) {
	known, err := s.tableColumns(ctx, table)
	if err != nil {
		return nil, err
	}
	types := make([]string, len(columns))
	for i, column := range columns {
		columnType, ok := known[column.Name]
		if !ok {
			return nil, fmt.Errorf("%w: table %q has no column %q", ErrRow, table, column.Name)
		}
		types[i] = columnType
	}
	return types, nil
}

func (s *Store) tableColumns(ctx context.Context, table string) (map[string]string, error) {
	s.mu.Lock()
	known, ok := s.columns[table]
	s.mu.Unlock()
	if ok {
		return known, nil
	}
	known = map[string]string{}
	err := each(ctx, s.write, "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}",
		parameters{"table": table}, func(rows driver.Rows) error {
			var name, columnType string
			if err := rows.Scan(&name, &columnType); err != nil {
				return err
			}
			known[name] = columnType
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("read columns of %s: %w", table, err)
	}
	if len(known) == 0 {
		return nil, fmt.Errorf("%w: no table %q", ErrRow, table)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.columns[table] = known
	return known, nil
}
