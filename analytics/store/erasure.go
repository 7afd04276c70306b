package store

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// SealedKinds tells of which kinds of report something is sealed under each data key, by the
// id of the key. It reads no text.
func (s *Store) SealedKinds(ctx context.Context) (map[string][]string, error) {
	if _, err := s.may(ctx, "SealedKinds"); err != nil {
		return nil, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	kinds := map[string][]string{}
	err := each(ctx, s.read, "SELECT DISTINCT sealed_key, kind FROM report_log WHERE sealed_key != '' ORDER BY sealed_key, kind", nil,
		func(rows driver.Rows) error {
			var key, kind string
			err := rows.Scan(&key, &kind)
			kinds[key] = append(kinds[key], kind)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read what is sealed under each key: %w", err)
	}
	return kinds, nil
}

// SealedCount counts what is sealed under some data keys.
type SealedCount struct {
	// Reports of each kind, all their revisions, and the persons of whom something is sealed.
	Reports   map[string]uint64
	Revisions uint64
	Persons   uint64
}

const sealedCountSQL = `
SELECT kind, uniqExact(report_id), uniqExact(report_id, revision)
FROM report_log
WHERE sealed_key IN {keys:Array(String)}
GROUP BY kind`

// SealedCount counts what is sealed under the given data keys. For the persons it reads the
// stripped content of every report under them.
func (s *Store) SealedCount(ctx context.Context, keys []string) (SealedCount, error) {
	count := SealedCount{Reports: map[string]uint64{}}
	if _, err := s.may(ctx, "SealedCount"); err != nil {
		return count, err
	}
	if len(keys) == 0 {
		return count, nil
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	params := parameters{"keys": keys}
	err := each(ctx, s.read, sealedCountSQL, params, func(rows driver.Rows) error {
		var kind string
		var reports, revisions uint64
		err := rows.Scan(&kind, &reports, &revisions)
		count.Reports[kind] = reports
		count.Revisions += revisions
		return err
	})
	if err == nil {
		err = each(ctx, s.read, sealedPersonsSQL, params, func(rows driver.Rows) error { return rows.Scan(&count.Persons) })
	}
	if err != nil {
		return count, fmt.Errorf("count what is sealed under %d keys: %w", len(keys), err)
	}
	return count, nil
}

// A person is a victim or patient, by the pseudonym of the citizen number or else of the name,
// or a household.
const sealedPersonsSQL = `
SELECT uniqExactArray(persons)
FROM
(
    SELECT arrayConcat(
        arrayMap(found -> if(found[1] = '', found[2], found[1]),
            extractAllGroupsVertical(payload, '(?:"person":"([0-9a-f]{32})",)?"name_key":"([0-9a-f]{32})"')),
        extractAll(payload, '"hb:([0-9a-f]{32})')) AS persons
    FROM report_log
    WHERE sealed_key IN {keys:Array(String)}
)`

// Erasure is a data key that was destroyed, and whom that concerned.
type Erasure struct {
	ID   uuid.UUID
	Year uint16
	// Class is empty when the whole year was destroyed.
	Class       string
	DestroyedAt time.Time
	By, Reason  string
	// SealedCount is what can no longer be opened.
	SealedCount
	RecordedAt time.Time
}

const recordErasureSQL = `
INSERT INTO erasure (erasure_id, year, class, destroyed_at, by, reason, kinds, reports, revisions, persons)
SELECT {id:UUID}, {year:UInt16}, {class:String}, fromUnixTimestamp64Milli({at:Int64}), {by:String}, {reason:String},
    {kinds:Array(String)}, {reports:Array(UInt64)}, {revisions:UInt64}, {persons:UInt64}`

// RecordErasure records an erasure once, whoever else does.
func (s *Store) RecordErasure(ctx context.Context, e Erasure) error {
	kinds, reports := []string{}, []uint64{}
	for kind, n := range e.Reports {
		kinds, reports = append(kinds, kind), append(reports, n)
	}
	return s.once(ctx, fmt.Sprintf("erasure/%d/%s", e.Year, e.Class), recordErasureSQL, parameters{
		"id": e.ID.String(), "year": e.Year, "class": e.Class, "at": e.DestroyedAt.UnixMilli(), "by": e.By, "reason": e.Reason,
		"kinds": kinds, "reports": reports, "revisions": e.Revisions, "persons": e.Persons,
	})
}

const erasuresSQL = `
SELECT erasure_id, year, class, destroyed_at, by, reason, kinds, reports, revisions, persons, recorded_at
FROM erasure
ORDER BY year, class, recorded_at
LIMIT 1 BY year, class`

// Erasures lists what was erased, by year and class.
func (s *Store) Erasures(ctx context.Context) ([]Erasure, error) {
	if _, err := s.may(ctx, "Erasures"); err != nil {
		return nil, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var all []Erasure
	// From the pool that writes them: the job must see what it has recorded.
	err := each(ctx, s.write, erasuresSQL, nil, func(rows driver.Rows) error {
		e := Erasure{SealedCount: SealedCount{Reports: map[string]uint64{}}}
		var kinds []string
		var reports []uint64
		if err := rows.Scan(&e.ID, &e.Year, &e.Class, &e.DestroyedAt, &e.By, &e.Reason, &kinds, &reports, &e.Revisions, &e.Persons, &e.RecordedAt); err != nil {
			return err
		}
		for i, kind := range kinds {
			e.Reports[kind] = reports[i]
		}
		all = append(all, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	return all, nil
}

// A pseudonym is found wherever it stands in a stripped content, whatever the kind. The log
// has no index of them: it is read whole.
const mentionsSQL = `
SELECT DISTINCT report_id
FROM report_log
WHERE multiSearchAny(payload, {pseudonyms:Array(String)}) OR multiSearchAny(unit, {pseudonyms:Array(String)})
ORDER BY report_id`

// Mentions returns the reports of which any revision holds one of the pseudonyms.
func (s *Store) Mentions(ctx context.Context, pseudonyms []string) ([]uuid.UUID, error) {
	if _, err := s.may(ctx, "Mentions"); err != nil {
		return nil, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var ids []uuid.UUID
	err := each(ctx, s.read, mentionsSQL, parameters{"pseudonyms": pseudonyms}, func(rows driver.Rows) error {
		var number big.Int
		if err := rows.Scan(&number); err != nil {
			return err
		}
		ids = append(ids, idOf(&number))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for a person: %w", err)
	}
	return ids, nil
}
