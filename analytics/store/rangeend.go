package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

const rangeEndSQL = `
SELECT max(range_high)
FROM report_log
WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset = {offset:UInt64}`

// RangeEnd returns the end of the range that a stored offset was stored with: up to
// there everything is stored, dead letters included, because a range's rows come into
// report_log last and all at once.
func (s *Store) RangeEnd(ctx context.Context, epoch uuid.UUID, partition uint16, offset uint64) (uint64, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var end uint64
	params := parameters{"epoch": epoch.String(), "partition": partition, "offset": offset}
	err := each(ctx, s.write, rangeEndSQL, params, func(rows driver.Rows) error { return rows.Scan(&end) })
	if err != nil {
		return 0, fmt.Errorf("read the range of offset %d of partition %d: %w", offset, partition, err)
	}
	return max(end, offset), nil
}
