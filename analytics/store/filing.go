package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Filing is a revision of a report with what was filed, stripped and sealed. It is the
// copy that counts: the first of its revision in the log.
type Filing struct {
	Stored
	Kind        string
	StatYear    uint16
	Period      string
	Unit        string
	SubmittedBy string
	StoredAt    time.Time
	// EnteredAt is when a report that came on paper was entered, otherwise zero.
	EnteredAt time.Time
	Rules     string
	Warnings  []string
	Payload   []byte // stripped JSON, empty of a withdrawal
	Sealed    []byte
	SealedKey string
}

const filingsSQL = `
SELECT
    revision, sha256, withdrawn, received_at, tracking, kind, stat_year, period, unit, submitted_by, stored_at,
    entered_at, rules_version, warnings, payload, sealed, sealed_key
FROM report_log
WHERE report_id = {id:UInt128} AND revision BETWEEN {low:UInt32} AND {high:UInt32}%s
ORDER BY revision DESC, version DESC, kafka_partition
LIMIT 1 BY revision
LIMIT {limit:UInt32}`

// Filings returns the revisions of a report from low to high, both included, the newest
// first and at most so many. It is empty for an unknown report, and in the same way for one
// that the caller does not reach.
func (s *Store) Filings(ctx context.Context, id uuid.UUID, low, high uint32, limit int) ([]Filing, error) {
	sc, err := s.ask(ctx, "Filings")
	if err != nil {
		return nil, fmt.Errorf("read filings of report %s: %w", id, err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var filings []Filing
	params := sc.bind(parameters{"id": idNumber(id), "low": low, "high": high, "limit": limit})
	err = each(ctx, s.read, fmt.Sprintf(filingsSQL, sc.andReports("{id:UInt128}")), params, func(rows driver.Rows) error {
		var f Filing
		var sha, payload, sealed string
		err := rows.Scan(&f.Revision, &sha, &f.Withdrawn, &f.ReceivedAt, &f.Tracking, &f.Kind, &f.StatYear, &f.Period, &f.Unit,
			&f.SubmittedBy, &f.StoredAt, &f.EnteredAt, &f.Rules, &f.Warnings, &payload, &sealed, &f.SealedKey)
		if err != nil {
			return err
		}
		copy(f.SHA256[:], sha)
		f.Payload, f.Sealed = []byte(payload), []byte(sealed)
		if f.EnteredAt.Unix() == 0 {
			f.EnteredAt = time.Time{}
		}
		filings = append(filings, f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read filings of report %s: %w", id, err)
	}
	return filings, nil
}
