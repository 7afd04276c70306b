package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

const deadRunSQL = `
SELECT DISTINCT kafka_offset
FROM dead_letter
WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset < {before:UInt64}
ORDER BY kafka_offset DESC
LIMIT {limit:UInt64}`

// DeadRun counts the dead letters that lie right before an offset, without anything
// between them, up to limit.
func (s *Store) DeadRun(ctx context.Context, epoch uuid.UUID, partition uint16, before uint64, limit int) (int, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	run, expected := 0, before
	params := parameters{"epoch": epoch.String(), "partition": partition, "before": before, "limit": limit}
	err := each(ctx, s.write, deadRunSQL, params, func(rows driver.Rows) error {
		var offset uint64
		if err := rows.Scan(&offset); err != nil {
			return err
		}
		if offset+1 == expected {
			run, expected = run+1, offset
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("count the last dead letters of partition %d: %w", partition, err)
	}
	return run, nil
}
