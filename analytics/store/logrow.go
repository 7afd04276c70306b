package store

import (
	"context"
	"fmt"
	"math/big"
	"slices"

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
// the log reach. Ask for slices that fit into memory: payloads come with them.
func (s *Store) LogRows(ctx context.Context, epoch uuid.UUID, scope Scope, positions map[uint16]StoredPosition) ([]LogRow, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var all []LogRow
	for _, part := range scope.chunks() {
		params := with(part.parameters(), "epoch", epoch.String())
		params["partitions"], params["offsets"] = upTo(positions)
		err := each(ctx, s.write, fmt.Sprintf(logRowsSQL, part.condition()), params, func(rows driver.Rows) error {
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
