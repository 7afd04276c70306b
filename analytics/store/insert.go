package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
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

// Row is one revision for its kind's current table. Values are those of the batch's
// Columns, in that order; a withdrawn revision has none.
type Row struct {
	Head
	Values []any
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

var headColumns = []string{
	"report_id", "revision", "version", "withdrawn", "stat_year", "period", "unit",
	"filed_at", "received_at", "epoch", "kafka_partition", "kafka_offset",
}

var logColumns = slices.Concat(headColumns, []string{
	"kind", "submitted_by", "sha256", "tracking", "request_id", "rules_version", "warnings",
	"payload", "sealed", "sealed_key", "range_low", "range_high",
})

// InsertCurrent stores rows in the current table of their kind. All rows of a report
// must have the kind and StatYear of its first copy in the log (see KnownAt): the
// tables are partitioned by year and queries choose the newest revision within each
// partition, so that a copy of another year would count beside the first. The loser of
// such a race belongs into report_log alone. ClickHouse cannot check this.
//
// The token must be
// made of what the batch was cut from (epoch, topic, partition, offset range, schema)
// and of nothing else: with a token that was used before, ClickHouse drops the rows
// silently. After an error for which Retryable holds, call again with the same
// arguments; the effect is that of one call.
func (s *Store) InsertCurrent(ctx context.Context, token, table string, columns []string, rows []Row) error {
	// A withdrawn revision has no content. Stored apart, its other columns take
	// ClickHouse's defaults.
	var live, withdrawn [][]any
	for i := range rows {
		values, err := s.head(ctx, &rows[i].Head)
		if err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		if rows[i].Withdrawn {
			withdrawn = append(withdrawn, values)
			continue
		}
		if len(rows[i].Values) != len(columns) {
			return fmt.Errorf("%w: report %s has %d values for %d columns of %s", ErrRow, rows[i].ReportID, len(rows[i].Values), len(columns), table)
		}
		live = append(live, append(values, rows[i].Values...))
	}
	token += "/" + table
	if err := s.insert(ctx, token, table, slices.Concat(headColumns, columns), live); err != nil {
		return err
	}
	return s.insert(ctx, token+"/withdrawn", table, headColumns, withdrawn)
}

// InsertLog stores entries in report_log. It is the last insert of a batch: its rows
// are the proof that the batch is stored. r is the range of the log that the batch was
// cut from. On token and errors see InsertCurrent.
func (s *Store) InsertLog(ctx context.Context, token string, r Range, entries []LogEntry) error {
	rows := make([][]any, len(entries))
	for i := range entries {
		e := &entries[i]
		values, err := s.head(ctx, &e.Head)
		if err != nil {
			return fmt.Errorf("insert into report_log: %w", err)
		}
		rows[i] = append(values, e.Kind, e.SubmittedBy, string(e.SHA256[:]), e.Tracking, idNumber(e.RequestID),
			e.RulesVersion, e.Warnings, string(e.Payload), string(e.Sealed), e.SealedKey, r.Low, r.High)
	}
	return s.insert(ctx, token+"/report_log", "report_log", logColumns, rows)
}

func (s *Store) head(ctx context.Context, h *Head) ([]any, error) {
	number, err := s.epochNumber(ctx, h.Epoch)
	if err != nil {
		return nil, err
	}
	version, err := Version(h.Revision, number, h.Offset)
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", h.ReportID, err)
	}
	values := make([]any, 0, len(headColumns)+40)
	return append(values, idNumber(h.ReportID), h.Revision, version, h.Withdrawn, h.StatYear, h.Period, h.Unit,
		h.FiledAt, h.ReceivedAt, h.Epoch, h.Partition, h.Offset), nil
}

func (s *Store) insert(ctx context.Context, token, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	types, err := s.columnTypes(ctx, table, columns)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.InsertTimeout)
	defer cancel()
	// Over HTTP the driver would ask for the types on every insert.
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(dedupSettings(token, len(rows))), clickhouse.WithColumnNamesAndTypes(types))
	query := fmt.Sprintf("INSERT INTO %s (%s)", table, quoted(columns))
	// Prepared only now that all rows are there: a batch holds a connection.
	batch, err := s.write.PrepareBatch(ctx, query)
	if err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	for i, row := range rows {
		if err := batch.Append(row...); err != nil {
			return errors.Join(fmt.Errorf("%w: %s, row %d of %d: %w", ErrRow, table, i, len(rows), err), batch.Abort())
		}
	}
	// Once per batch: a second Send of the driver inserts again.
	if err := batch.Send(); err != nil {
		return fmt.Errorf("insert %d rows into %s: %w", len(rows), table, err)
	}
	return nil
}

func quoted(columns []string) string { return "`" + strings.Join(columns, "`, `") + "`" }

// columnTypes looks the columns up in the schema, which does not change while the
// program runs: Migrate comes first. So no name reaches a query that is not a column.
func (s *Store) columnTypes(ctx context.Context, table string, columns []string) ([]clickhouse.ColumnNameAndType, error) {
	known, err := s.tableColumns(ctx, table)
	if err != nil {
		return nil, err
	}
	types := make([]clickhouse.ColumnNameAndType, len(columns))
	for i, column := range columns {
		columnType, ok := known[column]
		if !ok {
			return nil, fmt.Errorf("%w: table %q has no column %q", ErrRow, table, column)
		}
		types[i] = clickhouse.ColumnNameAndType{Name: column, Type: columnType}
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
