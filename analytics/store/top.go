package store

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Top is a row of report_log as a place in the log, for a sink that takes up a partition.
type Top struct {
	ReportID uuid.UUID
	Revision uint32
	SHA256   [32]byte
	// RangeEnd is the end of the range that it was stored with: up to there everything is
	// stored, dead letters included, because a range's rows come into report_log last and
	// all at once.
	RangeEnd uint64
}

const topSQL = `
SELECT report_id, revision, sha256, range_high
FROM report_log
WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset = {offset:UInt64}
LIMIT 1`

// Top returns what report_log has of an offset. It must have something.
func (s *Store) Top(ctx context.Context, epoch uuid.UUID, partition uint16, offset uint64) (top Top, err error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	found := false
	params := parameters{"epoch": epoch.String(), "partition": partition, "offset": offset}
	err = each(ctx, s.write, topSQL, params, func(rows driver.Rows) error {
		var number big.Int
		var sha string
		if err := rows.Scan(&number, &top.Revision, &sha, &top.RangeEnd); err != nil {
			return err
		}
		found, top.ReportID = true, idOf(&number)
		copy(top.SHA256[:], sha)
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("%w: nothing is stored there", ErrRow)
	}
	if err != nil {
		return Top{}, fmt.Errorf("read offset %d of partition %d: %w", offset, partition, err)
	}
	top.RangeEnd = max(top.RangeEnd, offset)
	return top, nil
}
