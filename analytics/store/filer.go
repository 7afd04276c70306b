package store

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/seeds"
)

// Filer is who made a report. The unit of a report says nearly always the same; but that
// of an entry of the register is the unit that is registered, and no unit tells its
// province.
type Filer struct {
	// Type is a type of reporter, Authority the branch of a state body.
	Type, Authority string
	Province        seeds.ProvinceRef
}

// Withdrawals say nothing about who made a report, so the newest revision before counts.
const filersSQL = `
SELECT report_id,
    JSONExtractString(content, 'reporter', 'type'), JSONExtractString(content, 'reporter', 'authority'),
    JSONExtractString(content, 'reporter', 'province', 'list'), JSONExtractString(content, 'reporter', 'province', 'code')
FROM
(
    SELECT report_id, argMax(payload, version) AS content
    FROM report_log
    WHERE report_id IN {ids:Array(UInt128)} AND NOT withdrawn
    GROUP BY report_id
)`

// Filers tells who made reports, by their newest revisions that are not withdrawals. A
// report of which nothing is stored is missing from the result.
func (s *Store) Filers(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Filer, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	filers := map[uuid.UUID]Filer{}
	for some := range slices.Chunk(ids, idsPerQuery) {
		err := each(ctx, s.read, filersSQL, parameters{"ids": idNumbers(some)}, func(rows driver.Rows) error {
			var number big.Int
			var f Filer
			var list string
			err := rows.Scan(&number, &f.Type, &f.Authority, &list, &f.Province.Code)
			f.Province.List = seeds.ProvinceList(list)
			filers[idOf(&number)] = f
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read who made %d reports: %w", len(some), err)
		}
	}
	return filers, nil
}
