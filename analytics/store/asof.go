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
	// StoredAt is when the newest row of all was stored, zero in an empty store: when
	// the store changed last. It does not say that everything older is there: one
	// partition may stand still while another goes on.
	StoredAt time.Time
	// PartitionStoredAt is when the newest row of each partition was stored, by epoch;
	// it has the keys of Offsets. A partition that nothing was sent to stays old without
	// being behind. So to say up to when figures are complete, compare Offsets with the
	// ends of the log and take the earliest of the partitions that are behind: what they
	// lack was not stored by then. When none is behind, nothing is missing.
	PartitionStoredAt map[uuid.UUID]map[uint16]time.Time
	// Messages counts all rows of report_log, repeats included.
	Messages uint64
	// Offsets is the highest stored offset of each partition, by epoch.
	Offsets map[uuid.UUID]map[uint16]uint64
}

// Answered by the projection "offset_window" of report_log; an error is better than a scan.
const asOfSQL = `
SELECT epoch, kafka_partition, max(kafka_offset), max(stored_at), count()
FROM report_log
GROUP BY epoch, kafka_partition`

// AsOf returns how far the store is. Every figure is given with it.
func (s *Store) AsOf(ctx context.Context) (AsOf, error) {
	if _, err := s.ask(ctx, "AsOf"); err != nil {
		return AsOf{}, fmt.Errorf("read the stored positions: %w", err)
	}
	return s.asOf(ctx)
}

func (s *Store) asOf(ctx context.Context) (AsOf, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	asOf := AsOf{Offsets: map[uuid.UUID]map[uint16]uint64{}, PartitionStoredAt: map[uuid.UUID]map[uint16]time.Time{}}
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
			asOf.PartitionStoredAt[epoch] = map[uint16]time.Time{}
		}
		asOf.Offsets[epoch][partition] = offset
		asOf.PartitionStoredAt[epoch][partition] = storedAt
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
