package store

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Key names one revision of one report.
type Key struct {
	ReportID uuid.UUID
	Revision uint32
}

// Stored is the copy of a revision that counts: the first of its revision in the log.
type Stored struct {
	Revision   uint32
	SHA256     [32]byte
	Withdrawn  bool
	ReceivedAt time.Time // the legal time of receipt
	Tracking   string
}

// Known is what the store has of a report, seen from one revision that somebody wants
// to file.
type Known struct {
	// Kind, StatYear, Period and Unit can never be amended. They are those of the copy
	// that lies first in the log: as a rule the first copy of revision 1. Two that race
	// may differ in them; the later one is kept in the log and decides nothing, even if
	// its revision is lower.
	Kind         string
	StatYear     uint16
	Period, Unit string
	FiledAt      time.Time // first receipt of revision 1, as the lowest stored revision tells it
	Latest       Stored    // the highest revision
	// Same is the stored copy of the asked revision, nil if there is none.
	Same *Stored
}

// idsPerQuery keeps a query's parameters, which travel in the URL over HTTP, far below
// the server's limit of 1 MiB (http_max_uri_size).
const idsPerQuery = 2000

const knownSQL = `
SELECT report_id, revision, version, kind, stat_year, period, unit, filed_at, sha256, withdrawn, received_at, tracking
FROM report_log
WHERE report_id IN {ids:Array(UInt128)}
ORDER BY report_id, revision, version DESC, kafka_partition
LIMIT 1 BY report_id, revision`

const knownAtSQL = `
SELECT report_id, revision, version, kind, stat_year, period, unit, filed_at, sha256, withdrawn, received_at, tracking
FROM report_log
WHERE report_id IN {ids:Array(UInt128)}
    AND (epoch != {epoch:UUID} OR (kafka_partition = {partition:UInt16} AND kafka_offset < {offset:UInt64}))
ORDER BY report_id, revision, version DESC, kafka_partition
LIMIT 1 BY report_id, revision`

// Known returns what the store has of the reports of keys. A report of which it has
// nothing is missing from the result. Any number of keys may be asked for.
func (s *Store) Known(ctx context.Context, keys []Key) (map[Key]*Known, error) {
	return s.known(ctx, s.read, knownSQL, nil, keys)
}

// KnownAt is Known as of a position of the log: it sees only what lies before it. The
// answer does not depend on whether the messages from there on are stored already, so
// a sink that replays a batch decides as it did the first time. It reads through the
// pool that inserts: a storm of queries must not keep the sink waiting.
func (s *Store) KnownAt(ctx context.Context, at Position, keys []Key) (map[Key]*Known, error) {
	return s.known(ctx, s.write, knownAtSQL, parameters{"epoch": at.Epoch.String(), "partition": at.Partition, "offset": at.Offset}, keys)
}

type reportHistory struct {
	Known
	earliness uint64   // of the copy that Known's facts are of
	stored    []Stored // by revision, ascending
}

func (s *Store) known(ctx context.Context, conn driver.Conn, query string, params parameters, keys []Key) (map[Key]*Known, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	reports := map[uuid.UUID]*reportHistory{}
	for ids := range slices.Chunk(distinctIDs(keys), idsPerQuery) {
		err := each(ctx, conn, query, with(params, "ids", idNumbers(ids)), func(rows driver.Rows) error {
			return scanHistory(rows, reports)
		})
		if err != nil {
			return nil, fmt.Errorf("look up %d reports: %w", len(ids), err)
		}
	}
	known := make(map[Key]*Known, len(keys))
	for _, key := range keys {
		if report, ok := reports[key.ReportID]; ok {
			known[key] = report.seenFrom(key.Revision)
		}
	}
	return known, nil
}

func scanHistory(rows driver.Rows, reports map[uuid.UUID]*reportHistory) error {
	var (
		number  big.Int
		version uint64
		r       reportHistory
		copied  Stored
		sha     string
	)
	err := rows.Scan(&number, &copied.Revision, &version, &r.Kind, &r.StatYear, &r.Period, &r.Unit, &r.FiledAt,
		&sha, &copied.Withdrawn, &copied.ReceivedAt, &copied.Tracking)
	if err != nil {
		return err
	}
	copy(copied.SHA256[:], sha)
	r.earliness = version % revisionUnit
	id := idOf(&number)
	report, ok := reports[id]
	if !ok {
		report = &r
		reports[id] = report
	}
	if r.earliness > report.earliness {
		report.earliness = r.earliness
		report.Kind, report.StatYear, report.Period, report.Unit = r.Kind, r.StatYear, r.Period, r.Unit
	}
	report.stored = append(report.stored, copied)
	return nil
}

func (r *reportHistory) seenFrom(revision uint32) *Known {
	known := r.Known
	known.Latest = r.stored[len(r.stored)-1]
	for i := range r.stored {
		if r.stored[i].Revision == revision {
			known.Same = &r.stored[i]
		}
	}
	return &known
}

func distinctIDs(keys []Key) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(keys))
	ids := make([]uuid.UUID, 0, len(keys))
	for _, key := range keys {
		if !seen[key.ReportID] {
			seen[key.ReportID] = true
			ids = append(ids, key.ReportID)
		}
	}
	return ids
}

func with(params parameters, name string, value any) parameters {
	all := parameters{name: value}
	maps.Copy(all, params)
	return all
}

// Requested is a stored revision that was filed with an Idempotency-Key.
type Requested struct {
	Key
	Stored
	Kind string
}

const requestSQL = `
SELECT request_id, report_id, revision, kind, sha256, withdrawn, received_at, tracking
FROM report_log
WHERE request_id IN {ids:Array(UInt128)}
ORDER BY request_id, report_id, revision, version DESC, kafka_partition
LIMIT 1 BY request_id, report_id, revision`

// ByRequest returns what was filed under request ids (see LogEntry.RequestID). One
// request may have filed several reports.
func (s *Store) ByRequest(ctx context.Context, requestIDs []uuid.UUID) (map[uuid.UUID][]Requested, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	found := map[uuid.UUID][]Requested{}
	for ids := range slices.Chunk(requestIDs, idsPerQuery) {
		err := each(ctx, s.read, requestSQL, parameters{"ids": idNumbers(ids)}, func(rows driver.Rows) error {
			var (
				request, report big.Int
				r               Requested
				sha             string
			)
			err := rows.Scan(&request, &report, &r.Key.Revision, &r.Kind, &sha, &r.Withdrawn, &r.ReceivedAt, &r.Tracking)
			if err != nil {
				return err
			}
			r.ReportID = idOf(&report)
			r.Stored.Revision = r.Key.Revision
			copy(r.SHA256[:], sha)
			id := idOf(&request)
			found[id] = append(found[id], r)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("look up %d requests: %w", len(ids), err)
		}
	}
	return found, nil
}
