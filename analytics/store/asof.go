package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// AsOf says how much of the log the store holds.
type AsOf struct {
	// StoredAt is when the newest batch was stored; zero in an empty store.
	StoredAt time.Time
	// Messages counts all rows of report_log, repeats included.
	Messages uint64
	// Offsets is the highest stored offset of each partition, by epoch.
	Offsets map[uuid.UUID]map[uint16]uint64
}

// Answered by the projection "position" of report_log; an error is better than a scan.
const asOfSQL = `
SELECT epoch, kafka_partition, max(kafka_offset), max(stored_at), count()
FROM report_log
GROUP BY epoch, kafka_partition`

// AsOf returns how far the store is. Every figure is given with it.
func (s *Store) AsOf(ctx context.Context) (AsOf, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	asOf := AsOf{Offsets: map[uuid.UUID]map[uint16]uint64{}}
	err := each(ctx, s.read, asOfSQL, nil, func(rows driver.Rows) error {
		var (
			epoch            uuid.UUID
			partition        uint16
			offset, messages uint64
			storedAt         time.Time
		)
		if err := rows.Scan(&epoch, &partition, &offset, &storedAt, &messages); err != nil {
			return err
		}
		if asOf.Offsets[epoch] == nil {
			asOf.Offsets[epoch] = map[uint16]uint64{}
		}
		asOf.Offsets[epoch][partition] = offset
		asOf.Messages += messages
		if storedAt.After(asOf.StoredAt) {
			asOf.StoredAt = storedAt
		}
		return nil
	})
	if err != nil {
		return AsOf{}, fmt.Errorf("read the stored positions: %w", err)
	}
	return asOf, nil
}
