package store

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Declared is a current declaration of an accident as a draft of Annex XII counts it.
type Declared struct {
	ReportID, AccidentID uuid.UUID
	Unit                 string
	FiledAt, OccurredAt  time.Time
	Cause                string
	FactorCode           string
	Commuting            bool
	Victims              []DraftVictim
}

// DraftVictim is one person harmed. Person and NameKey are pseudonyms.
type DraftVictim struct {
	Person, NameKey, Severity, Sex, Occupation string
	UnderManagement                            bool
}

// Of each accident that the unit declared in the year all declarations are read: others
// may have told since that a victim died.
const declaredSQL = `
SELECT
    report_id, accident_id, unit, filed_at, occurred_at, cause, factor_code, commuting,
    victims.person, victims.name_key, victims.severity, victims.sex, victims.occupation, victims.under_management
FROM accident_declaration FINAL
WHERE accident_id IN
(
    SELECT accident_id FROM accident_declaration FINAL
    WHERE unit = {unit:String} AND stat_year = {year:UInt16} AND month <= {month:UInt8}
)
ORDER BY filed_at, report_id
LIMIT {limit:UInt32}`

// maxDeclared bounds the declarations of one unit and year.
const maxDeclared = 10_000

// Declared returns the current declarations of the accidents that a unit declared in
// the first months of a year, in the order of their first receipt, with those of others
// about the same accidents.
func (s *Store) Declared(ctx context.Context, unit string, year, months int) ([]Declared, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var all []Declared
	params := parameters{"unit": unit, "year": year, "month": months, "limit": maxDeclared}
	err := each(ctx, s.read, declaredSQL+finalSettings, params, func(rows driver.Rows) error {
		d, err := scanDeclared(rows)
		all = append(all, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the declarations of a unit in %d: %w", year, err)
	}
	return all, nil
}

func scanDeclared(rows driver.Rows) (Declared, error) {
	var (
		d                                          Declared
		report, accident                           big.Int
		person, nameKey, severity, sex, occupation []string
		management                                 []uint8
	)
	err := rows.Scan(&report, &accident, &d.Unit, &d.FiledAt, &d.OccurredAt, &d.Cause, &d.FactorCode, &d.Commuting,
		&person, &nameKey, &severity, &sex, &occupation, &management)
	d.ReportID, d.AccidentID = idOf(&report), idOf(&accident)
	for i := range severity {
		d.Victims = append(d.Victims, DraftVictim{
			Person: person[i], NameKey: nameKey[i], Severity: severity[i], Sex: sex[i], Occupation: occupation[i], UnderManagement: management[i] == 1,
		})
	}
	return d, err
}
