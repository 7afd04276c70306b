package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
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

const ownDeclarationsSQL = `
SELECT report_id FROM accident_declaration FINAL
WHERE unit = {unit:String} AND stat_year = {year:UInt16} AND month <= {month:UInt8}
ORDER BY report_id
LIMIT {limit:UInt32}`

const declaredSQL = `
SELECT
    report_id, accident_id, unit, filed_at, occurred_at, cause, factor_code, commuting,
    victims.person, victims.name_key, victims.severity, victims.sex, victims.occupation, victims.under_management,
    %s
FROM accident_declaration FINAL
WHERE report_id IN {ids:Array(UInt128)}`

// maxDeclared bounds the declarations of one unit and year: more is no form that a person
// fills in.
const maxDeclared = 10_000

// declaredStep is how many declarations are put into cases at once; quotes and findings
// may add some to each.
const declaredStep = idsPerQuery / 10

// Declared returns the current declarations of the accidents that a unit declared in
// the first months of a year, in the order of their first receipt, with those of others
// about the same accidents: others may have told since that a victim died. What quotes
// and officers' findings join has one AccidentID, as in [Store.Cases]. Of a
// declaration that the caller does not reach he learns one thing: how badly those are hurt
// whom he reaches by another. A unit that is not his is denied.
func (s *Store) Declared(ctx context.Context, unit string, year, months int) ([]Declared, error) {
	sc, err := s.ask(ctx, "Declared")
	if err == nil && (!sc.hasUnits(unit) || !sc.HasKind("accident_declaration")) {
		err = sc.denied()
	}
	if err != nil {
		return nil, fmt.Errorf("read the declarations of a unit in %d: %w", year, err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	own, err := s.ownDeclarations(ctx, unit, year, months)
	if err != nil {
		return nil, fmt.Errorf("read the declarations of a unit in %d: %w", year, err)
	}
	accidents := map[uuid.UUID]uuid.UUID{}
	for ids := range slices.Chunk(own, declaredStep) {
		cases, err := s.cases(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			c.nameIn(accidents)
		}
	}
	all, err := s.declarationsOf(ctx, accidents, sc)
	if err != nil {
		return nil, fmt.Errorf("read the declarations of a unit's accidents in %d: %w", year, err)
	}
	return all, nil
}

// nameIn gives the declarations of a case one name: the accident that the earliest
// names, under which its filer knows it.
func (c *Case) nameIn(accidents map[uuid.UUID]uuid.UUID) {
	for _, d := range c.Declarations {
		accidents[d.ReportID] = c.Declarations[0].AccidentID
	}
}

func (s *Store) ownDeclarations(ctx context.Context, unit string, year, months int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	params := parameters{"unit": unit, "year": year, "month": months, "limit": maxDeclared + 1}
	err := each(ctx, s.read, ownDeclarationsSQL+finalSettings, params, func(rows driver.Rows) error {
		var id big.Int
		err := rows.Scan(&id)
		ids = append(ids, idOf(&id))
		return err
	})
	if err == nil && len(ids) > maxDeclared {
		err = fmt.Errorf("more than %d", maxDeclared)
	}
	return ids, err
}

// declarationsOf reads declarations within a scope, each with the name of its accident.
func (s *Store) declarationsOf(ctx context.Context, accidents map[uuid.UUID]uuid.UUID, sc scope) ([]Declared, error) {
	var all []Declared
	foreign := map[uuid.UUID]bool{}
	query := fmt.Sprintf(declaredSQL, "toUInt8("+cmp.Or(sc.rows(declarations), "1")+")") + finalSettings
	for ids := range slices.Chunk(slices.Collect(maps.Keys(accidents)), idsPerQuery) {
		err := each(ctx, s.read, query, sc.bind(parameters{"ids": idNumbers(ids)}), func(rows driver.Rows) error {
			d, reached, err := scanDeclared(rows)
			d.AccidentID, foreign[d.ReportID] = accidents[d.ReportID], !reached
			all = append(all, d)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b Declared) int {
		return cmp.Or(a.FiledAt.Compare(b.FiledAt), slices.Compare(a.ReportID[:], b.ReportID[:]))
	})
	return worstOf(all, func(d Declared) bool { return foreign[d.ReportID] }), nil
}

// worstOf leaves of foreign declarations how badly those are hurt whom others name as well.
func worstOf(all []Declared, foreign func(Declared) bool) []Declared {
	own := map[string]bool{}
	for _, d := range all {
		for _, v := range d.Victims {
			if !foreign(d) {
				own[v.Person], own[v.NameKey] = true, true
			}
		}
	}
	delete(own, "")
	var left []Declared
	for _, d := range all {
		if !foreign(d) {
			left = append(left, d)
			continue
		}
		told := Declared{AccidentID: d.AccidentID}
		for _, v := range d.Victims {
			if own[v.Person] || own[v.NameKey] {
				told.Victims = append(told.Victims, DraftVictim{Person: v.Person, NameKey: v.NameKey, Severity: v.Severity})
			}
		}
		if len(told.Victims) > 0 {
			left = append(left, told)
		}
	}
	return left
}

func scanDeclared(rows driver.Rows) (Declared, bool, error) {
	var (
		reached                                    uint8
		d                                          Declared
		report, accident                           big.Int
		person, nameKey, severity, sex, occupation []string
		management                                 []uint8
	)
	err := rows.Scan(&report, &accident, &d.Unit, &d.FiledAt, &d.OccurredAt, &d.Cause, &d.FactorCode, &d.Commuting,
		&person, &nameKey, &severity, &sex, &occupation, &management, &reached)
	d.ReportID, d.AccidentID = idOf(&report), idOf(&accident)
	for i := range severity {
		d.Victims = append(d.Victims, DraftVictim{
			Person: person[i], NameKey: nameKey[i], Severity: severity[i], Sex: sex[i], Occupation: occupation[i], UnderManagement: management[i] == 1,
		})
	}
	return d, reached == 1, err
}
