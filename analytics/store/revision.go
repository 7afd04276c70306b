package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// The states of a stored revision.
const (
	StateStored   = "stored"
	StateConflict = "conflict" // another content of the same revision came first
)

// Revision is one content of one revision of a report. Repeats are folded into it.
type Revision struct {
	Stored
	State       string
	Kind        string
	StatYear    uint16
	Period      string
	Unit        string
	SubmittedBy string
	StoredAt    time.Time
	Rules       string
	Warnings    []string
	// Copies counts how often the log holds this content: 1 without repeats.
	Copies uint64
	Position
}

// Of each content the copy that lies first in the log is described.
const revisionsSQL = `
SELECT
    revision, sha256, first.1, first.2, first.3, first.4, first.5, first.6, first.7, first.8, first.9, first.10, first.11,
    first.12, first.13, first.14, copies, position = 1
FROM
(
    SELECT
        revision, sha256,
        argMax((withdrawn, received_at, tracking, kind, stat_year, period, unit, submitted_by, stored_at, rules_version,
            warnings, epoch, kafka_partition, kafka_offset), version) AS first,
        count() AS copies,
        row_number() OVER (PARTITION BY revision ORDER BY max(version) DESC) AS position
    FROM report_log
    WHERE report_id = {id:UInt128}
    GROUP BY revision, sha256
)
ORDER BY revision, position`

// Revisions returns everything that is stored of a report, by revision; of one
// revision the content that counts comes first. It is empty for an unknown report.
func (s *Store) Revisions(ctx context.Context, id uuid.UUID) ([]Revision, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var revisions []Revision
	err := each(ctx, s.read, revisionsSQL, parameters{"id": idNumber(id)}, func(rows driver.Rows) error {
		var r Revision
		var sha string
		var counts bool
		err := rows.Scan(&r.Revision, &sha, &r.Withdrawn, &r.ReceivedAt, &r.Tracking, &r.Kind, &r.StatYear, &r.Period, &r.Unit,
			&r.SubmittedBy, &r.StoredAt, &r.Rules, &r.Warnings, &r.Epoch, &r.Partition, &r.Offset, &r.Copies, &counts)
		if err != nil {
			return err
		}
		copy(r.SHA256[:], sha)
		r.State = StateConflict
		if counts {
			r.State = StateStored
		}
		revisions = append(revisions, r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read revisions of report %s: %w", id, err)
	}
	return revisions, nil
}
