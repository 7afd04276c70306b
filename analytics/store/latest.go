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
	Revision    uint32
	Withdrawn   bool
	// Payload is the stripped content in JSON, unless the report is withdrawn.
	Payload []byte
}

const latestSQL = `
SELECT kind, submitted_by, revision, withdrawn, payload
FROM report_log
WHERE report_id = {id:UInt128}%s
ORDER BY version DESC
LIMIT 1`

// Latest returns the newest revision of a report, nil if none is stored, or none that the
// caller reaches.
func (s *Store) Latest(ctx context.Context, id uuid.UUID) (*LatestRevision, error) {
	sc, err := s.ask(ctx, "Latest")
	if err != nil {
		return nil, fmt.Errorf("read the newest revision of %s: %w", id, err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var latest *LatestRevision
	query := fmt.Sprintf(latestSQL, sc.andReports("{id:UInt128}"))
	err = each(ctx, s.read, query, sc.bind(parameters{"id": idNumber(id)}), func(rows driver.Rows) error {
		var r LatestRevision
		var payload string
		err := rows.Scan(&r.Kind, &r.SubmittedBy, &r.Revision, &r.Withdrawn, &payload)
		r.Payload = []byte(payload)
		latest = &r
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the newest revision of %s: %w", id, err)
	}
	return latest, nil
}
