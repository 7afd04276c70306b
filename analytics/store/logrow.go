package store

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// LogRow is what report_log has of one copy of a revision and what its report's current
// row is made of.
type LogRow struct {
	Head
	Kind    string
	Payload []byte
	// Log is the number of the epoch.
	Log uint8
}

// Each report's copies come together, in the order of the log.
const logRowsSQL = `
SELECT report_id, revision, version, kind, stat_year, period, unit, withdrawn, filed_at, received_at, epoch, kafka_partition, kafka_offset, payload
FROM report_log
WHERE %s
    AND NOT (epoch = {epoch:UUID} AND toInt64(kafka_offset) > transform(kafka_partition, {partitions:Array(UInt16)}, {offsets:Array(Int64)}, toInt64(-1)))
ORDER BY report_id, bitAnd(version, 0xffffffffffff) DESC`

// LogRows returns the rows of report_log of the reports of scope, as far as positions of
// the log reach, and of what was stored until a moment, if one is given. Payloads come with
// them: ask for what Portions gives.
func (s *Store) LogRows(ctx context.Context, epoch uuid.UUID, scope Scope, positions map[uint16]StoredPosition, until time.Time) ([]LogRow, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var all []LogRow
	for _, part := range scope.chunks() {
		params := with(part.parameters(), "epoch", epoch.String())
		params["partitions"], params["offsets"] = upTo(positions)
		condition := part.condition()
		if !until.IsZero() {
			condition += " AND stored_at <= {until:DateTime64(3)}"
			params["until"] = until
		}
		err := each(ctx, s.write, fmt.Sprintf(logRowsSQL, condition), params, func(rows driver.Rows) error {
			r, err := scanLogRow(rows)
			all = append(all, r)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read report_log: %w", err)
		}
	}
	return all, nil
}

func scanLogRow(rows driver.Rows) (LogRow, error) {
	var r LogRow
	var number big.Int
	var version uint64
	var payload string
	err := rows.Scan(&number, &r.Revision, &version, &r.Kind, &r.StatYear, &r.Period, &r.Unit, &r.Withdrawn,
		&r.FiledAt, &r.ReceivedAt, &r.Epoch, &r.Partition, &r.Offset, &payload)
	r.ReportID, r.Payload = idOf(&number), []byte(payload)
	_, r.Log, _ = splitVersion(version)
	return r, err
}

// chunks divides a list that is too long for one query.
func (c Scope) chunks() []Scope {
	if c.IDs == nil {
		return []Scope{c}
	}
	var all []Scope
	for ids := range slices.Chunk(c.IDs, idsPerQuery) {
		all = append(all, Scope{IDs: ids})
	}
	return all
}

const payloadsSQL = `
SELECT report_id, toUInt64(sum(length(payload)))
FROM report_log
WHERE %s
GROUP BY report_id
ORDER BY report_id
SETTINGS optimize_aggregation_in_order = 1`

// Portions divides scope into parts whose payloads together are of at most so many
// bytes, but of at least one report each. A part holds every copy of its reports.
func (s *Store) Portions(ctx context.Context, scope Scope, bytes uint64) ([]Scope, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var portions []Scope
	for _, part := range scope.chunks() {
		cut := cutter{rest: part, most: bytes}
		err := each(ctx, s.write, fmt.Sprintf(payloadsSQL, part.condition()), part.parameters(), func(rows driver.Rows) error {
			var number big.Int
			var size uint64
			err := rows.Scan(&number, &size)
			cut.add(idOf(&number), size)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("measure payloads of report_log: %w", err)
		}
		portions = append(portions, cut.end()...)
	}
	return portions, nil
}

// cutter cuts a scope in front of each report that would be too much.
type cutter struct {
	rest Scope
	most uint64

	portions []Scope
	ids      []uuid.UUID // of the portion at work
	size     uint64
}

// add takes a report of rest, in the order of ids.
func (c *cutter) add(id uuid.UUID, size uint64) {
	if len(c.ids) > 0 && c.size+size > c.most {
		c.cut()
	}
	c.ids, c.size = append(c.ids, id), c.size+size
}

func (c *cutter) cut() {
	portion := Scope{IDs: c.ids}
	if c.rest.IDs == nil {
		portion = Scope{Low: c.rest.Low, High: c.ids[len(c.ids)-1]}
		c.rest.Low = portion.Next()
	}
	c.portions, c.ids, c.size = append(c.portions, portion), nil, 0
}

// end gives all portions. The last one reaches to the end of the scope.
func (c *cutter) end() []Scope {
	switch {
	case c.rest.IDs == nil:
		return append(c.portions, c.rest)
	case len(c.ids) > 0:
		c.cut()
	}
	return c.portions
}

const storedSinceSQL = `
SELECT DISTINCT report_id
FROM report_log
WHERE epoch = {epoch:UUID}
    AND toInt64(kafka_offset) > transform(kafka_partition, {partitions:Array(UInt16)}, {offsets:Array(Int64)}, toInt64(-1))`

// StoredSince chooses the reports of which something lies behind positions of the log.
func (s *Store) StoredSince(ctx context.Context, epoch uuid.UUID, positions map[uint16]StoredPosition) (Scope, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	partitions, offsets := upTo(positions)
	since := Scope{IDs: []uuid.UUID{}}
	err := each(ctx, s.write, storedSinceSQL, parameters{"epoch": epoch.String(), "partitions": partitions, "offsets": offsets},
		func(rows driver.Rows) error {
			var number big.Int
			if err := rows.Scan(&number); err != nil {
				return err
			}
			since.IDs = append(since.IDs, idOf(&number))
			return nil
		})
	if err != nil {
		return Scope{}, fmt.Errorf("list the reports stored meanwhile: %w", err)
	}
	return since, nil
}
