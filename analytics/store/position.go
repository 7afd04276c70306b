package store

import (
	"context"
	_ "embed" // the queries
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// StoredPosition is how far one partition of a log is stored.
type StoredPosition struct {
	// Log and Rejected are the highest offsets of report_log and of dead_letter, -1 for
	// none.
	Log, Rejected int64
	// LogRows counts all rows of report_log, repeats of an offset included; RejectedRows
	// the places in the log that have a dead letter.
	LogRows, RejectedRows uint64
	// Lowest is the lowest offset of either: what was before it had left the log when the
	// store began.
	Lowest int64
}

// Highest is the highest offset that is stored or has a dead letter.
func (p StoredPosition) Highest() int64 { return max(p.Log, p.Rejected) }

//go:embed sql/proof/positions.sql
var positionsSQL string

// Positions returns how far each partition of a log is stored; one that the store has
// nothing of is missing. It reads through the pool of the inserts and so sees every
// insert that was answered before.
func (s *Store) Positions(ctx context.Context, epoch uuid.UUID) (map[uint16]StoredPosition, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	positions := map[uint16]StoredPosition{}
	err := each(ctx, s.write, positionsSQL, parameters{"epoch": epoch.String()}, func(rows driver.Rows) error {
		var partition uint16
		var p StoredPosition
		if err := rows.Scan(&partition, &p.LogRows, &p.RejectedRows, &p.Log, &p.Rejected, &p.Lowest); err != nil {
			return err
		}
		positions[partition] = p
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the stored positions of log %s: %w", epoch, err)
	}
	return positions, nil
}
