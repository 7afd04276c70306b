package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/analytics/access"
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
    WHERE report_id = {id:UInt128}%s
    GROUP BY revision, sha256
)
ORDER BY revision, position`

// Presented is what somebody shows of a report: it stands in for a right to its state.
type Presented struct {
	// Tracking is a tracking number. It counts when a stored revision of the report has it.
	Tracking string
	// Receipt: a whole receipt of the report was shown, and the platform's signature on it
	// was verified.
	Receipt bool
}

// Revisions returns everything that is stored of a report, by revision; of one
// revision the content that counts comes first. It is empty for an unknown report, and in
// the same way for one that the caller neither reaches nor presents anything of.
func (s *Store) Revisions(ctx context.Context, id uuid.UUID, shown Presented) ([]Revision, error) {
	query, params, err := s.revisionsSQL(ctx, shown)
	if err != nil {
		return nil, fmt.Errorf("read revisions of report %s: %w", id, err)
	}
	params["id"] = idNumber(id)
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var revisions []Revision
	err = each(ctx, s.read, query, params, func(rows driver.Rows) error {
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

// revisionsSQL adds who may see it: who shows a receipt; else who reaches the report, or
// shows the number of one of its revisions.
func (s *Store) revisionsSQL(ctx context.Context, shown Presented) (string, parameters, error) {
	params := parameters{}
	sc, err := s.ask(ctx, "Revisions")
	switch denied := errors.Is(err, access.ErrDenied); {
	case err != nil && (!denied || shown == Presented{}):
		return "", nil, err
	case shown.Receipt || !denied && sc.everything():
		return fmt.Sprintf(revisionsSQL, ""), params, nil
	}
	var ways []string
	if err == nil {
		ways, params = append(ways, sc.reports("{id:UInt128}")), sc.bind(params)
	}
	if shown.Tracking != "" {
		ways = append(ways, "{tracking:String} IN (SELECT tracking FROM report_log WHERE report_id = {id:UInt128})")
		params["tracking"] = shown.Tracking
	}
	return fmt.Sprintf(revisionsSQL, "\n        AND ("+strings.Join(ways, " OR ")+")"), params, nil
}
