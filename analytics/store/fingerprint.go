package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Fingerprint shortens an id to 63 bits: both its halves together, because one of a
// time-ordered id is mostly time. Two ids may share one, so it can rule an id out,
// never in.
func Fingerprint(id uuid.UUID) uint64 {
	return (binary.BigEndian.Uint64(id[:8]) ^ binary.BigEndian.Uint64(id[8:])) | topBit
}

// topBit is set in every fingerprint: ClickHouse drops zeros at the end of a
// FixedString when it makes a text of it.
const topBit = 1 << 63

// Fingerprints are those of the ids in a stretch of report_log.
type Fingerprints struct {
	// Reports has one for each revision, Requests one for each that was filed with an
	// Idempotency-Key. Both are empty after the end.
	Reports, Requests []uint64
	// Last is what the next stretch comes after.
	Last uuid.UUID
}

// An array would be read element by element by reflection: 8 bytes of text an id are
// one copy. All rows of a report come together, or its later request ids would be lost.
const fingerprintsSQL = `
WITH id -> reinterpret(bitOr(bitXor(toUInt64(bitShiftRight(id, 64)), toUInt64(bitAnd(id, toUInt128(18446744073709551615)))), bitShiftLeft(toUInt64(1), 63)), 'FixedString(8)') AS fingerprint
SELECT max(report_id),
    arrayStringConcat(groupArray(fingerprint(report_id))),
    arrayStringConcat(groupArrayIf(fingerprint(request_id), request_id != 0))
FROM
(
    SELECT report_id, request_id
    FROM report_log
    WHERE report_id > {after:UInt128}
    ORDER BY report_id
    LIMIT {most:UInt64} WITH TIES
)`

// Fingerprints returns the fingerprints of about most rows of report_log, in the order
// of report ids from after on. Read to the end it has everything that was stored before
// the first call, and perhaps some of what was stored since.
func (s *Store) Fingerprints(ctx context.Context, after uuid.UUID, most int) (Fingerprints, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var found Fingerprints
	params := parameters{"after": idNumber(after), "most": most}
	err := each(ctx, s.read, fingerprintsSQL, params, func(rows driver.Rows) error {
		var (
			last              big.Int
			reports, requests string
		)
		if err := rows.Scan(&last, &reports, &requests); err != nil {
			return err
		}
		found = Fingerprints{Reports: numbers(reports), Requests: numbers(requests), Last: idOf(&last)}
		return nil
	})
	if err != nil {
		return Fingerprints{}, fmt.Errorf("read the ids after %s: %w", after, err)
	}
	return found, nil
}

// numbers reads what reinterpret wrote: little-endian, as ClickHouse keeps numbers.
func numbers(text string) []uint64 {
	all := make([]uint64, len(text)/8)
	for i := range all {
		all[i] = binary.LittleEndian.Uint64([]byte(text[8*i : 8*i+8]))
	}
	return all
}
