package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// RecordLoss keeps on record that the store has dropped a range as a repetition of rows
// that it has lost, and gives the loss a name; see LastLoss.
func (s *Store) RecordLoss(ctx context.Context, epoch uuid.UUID, partition uint16, r Range) (uuid.UUID, error) {
	loss := uuid.New()
	err := s.once(ctx, "loss/"+loss.String(),
		"INSERT INTO store_loss (epoch, kafka_partition, loss, range_low, range_high) "+
			"SELECT {epoch:UUID}, {partition:UInt16}, {loss:UUID}, {low:UInt64}, {high:UInt64}",
		parameters{"epoch": epoch.String(), "partition": partition, "loss": loss.String(), "low": r.Low, "high": r.High})
	return loss, err
}

const logHasSQL = `
SELECT count()
FROM report_log
WHERE report_id = {report:UInt128} AND revision = {revision:UInt32} AND kafka_partition = {partition:UInt16}
    AND kafka_offset = {offset:UInt64} AND epoch = {epoch:UUID}`

// LogHas tells whether report_log has the row of a message: by its key, and through the
// pool that inserts.
func (s *Store) LogHas(ctx context.Context, h Head) (bool, error) {
	return s.has(ctx, logHasSQL, parameters{
		"report": idNumber(h.ReportID).String(), "revision": h.Revision, "partition": h.Partition, "offset": h.Offset, "epoch": h.Epoch.String(),
	})
}

const deadLetterHasSQL = `
SELECT count()
FROM dead_letter
WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset = {offset:UInt64}`

// HasDeadLetter is LogHas of a dead letter.
func (s *Store) HasDeadLetter(ctx context.Context, p Position) (bool, error) {
	return s.has(ctx, deadLetterHasSQL, parameters{"epoch": p.Epoch.String(), "partition": p.Partition, "offset": p.Offset})
}

func (s *Store) has(ctx context.Context, query string, params parameters) (bool, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var rows uint64
	err := each(ctx, s.write, query, params, func(r driver.Rows) error { return r.Scan(&rows) })
	if err != nil {
		return false, fmt.Errorf("look for a stored message: %w", err)
	}
	return rows > 0, nil
}

// LastLoss returns the name of the last loss of a partition, Nil without one. It has to
// be part of every token from then on: ClickHouse may still know the tokens of rows
// that it has lost, and would drop what is stored again in silence.
func (s *Store) LastLoss(ctx context.Context, epoch uuid.UUID, partition uint16) (loss uuid.UUID, err error) {
	const query = "SELECT argMax(loss, noticed_at) FROM store_loss WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16}"
	params := parameters{"epoch": epoch.String(), "partition": partition}
	err = each(ctx, s.write, query, params, func(rows driver.Rows) error { return rows.Scan(&loss) })
	if err != nil {
		return uuid.Nil, fmt.Errorf("read the last loss of partition %d: %w", partition, err)
	}
	return loss, nil
}
