package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Beginnings returns where each partition of a log began when the store began with it;
// one that no sink has taken up yet is missing.
func (s *Store) Beginnings(ctx context.Context, epoch uuid.UUID) (map[uint16]int64, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	const query = "SELECT kafka_partition, toInt64(min(first_offset)) FROM log_beginning WHERE epoch = {epoch:UUID} GROUP BY kafka_partition"
	beginnings := map[uint16]int64{}
	err := each(ctx, s.write, query, parameters{"epoch": epoch.String()}, func(rows driver.Rows) error {
		var partition uint16
		var first int64
		if err := rows.Scan(&partition, &first); err != nil {
			return err
		}
		beginnings[partition] = first
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the beginnings of log %s: %w", epoch, err)
	}
	return beginnings, nil
}

// RecordBeginning keeps where a partition of a log begins, unless that was recorded
// before: at first, the log's oldest offset, or the lowest that is stored. A proof counts
// from there, also when the log has forgotten its beginning and the store has lost it.
func (s *Store) RecordBeginning(ctx context.Context, epoch uuid.UUID, partition uint16, first int64) error {
	beginnings, err := s.Beginnings(ctx, epoch)
	if err != nil {
		return err
	}
	if _, recorded := beginnings[partition]; recorded {
		return nil
	}
	positions, err := s.Positions(ctx, epoch)
	if err != nil {
		return err
	}
	// A store that is older than this record has what the log has forgotten since.
	if p, stored := positions[partition]; stored {
		first = min(first, p.Lowest)
	}
	return s.once(ctx, fmt.Sprintf("beginning/%s/%d", epoch, partition),
		"INSERT INTO log_beginning (epoch, kafka_partition, first_offset) SELECT {epoch:UUID}, {partition:UInt16}, {first:UInt64}",
		parameters{"epoch": epoch.String(), "partition": partition, "first": first})
}
