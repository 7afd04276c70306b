package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// LatestRevision is the newest revision of a report with its content.
type LatestRevision struct {
	Kind        string
	SubmittedBy string
	Withdrawn   bool
	// Payload is the stripped content in JSON, unless the report is withdrawn.
	Payload []byte
}

const latestSQL = `
SELECT kind, submitted_by, withdrawn, payload
FROM report_log
WHERE report_id = {id:UInt128}
ORDER BY version DESC
LIMIT 1`

// Latest returns the newest revision of a report, nil if none is stored.
func (s *Store) Latest(ctx context.Context, id uuid.UUID) (*LatestRevision, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var latest *LatestRevision
	err := each(ctx, s.read, latestSQL, parameters{"id": idNumber(id)}, func(rows driver.Rows) error {
		var r LatestRevision
		var payload string
		err := rows.Scan(&r.Kind, &r.SubmittedBy, &r.Withdrawn, &payload)
		r.Payload = []byte(payload)
		latest = &r
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the newest revision of %s: %w", id, err)
	}
	return latest, nil
}
