package store

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/seeds"
)

// Investigation is the newest revision of the file of an investigation. Its stages are
// days, zero for those not reached.
type Investigation struct {
	ReportID, AccidentID                uuid.UUID
	Revision                            uint32
	FiledAt                             time.Time
	Unit                                string
	Province                            seeds.ProvinceRef
	AccidentOn                          time.Time
	Level, Severity                     string
	NewsReceived, Opened, Extended      seeds.Date
	ExtensionDays                       uint32
	Examination, FileReturned           seeds.Date
	Published, Closed                   seeds.Date
	Cause, FactorList, FactorCode       string
	Medical, Wages, Compensation        uint64 // 1,000 VND
	Property                            uint64 // 1,000 VND
	VictimSeverities, VictimOccupations []string
	VictimDaysOff                       []uint32
}

// Cursor is the place behind the investigation in the list.
func (i *Investigation) Cursor() InvestigationCursor {
	return InvestigationCursor{i.AccidentOn, i.ReportID}
}

// InvestigationCursor is a place in the list of investigations: the newest accidents
// first. Neither part of it changes by an amendment of the stages.
type InvestigationCursor struct {
	AccidentOn time.Time
	ReportID   uuid.UUID
}

// ErrCursor tells that a text is no cursor.
var ErrCursor = errors.New("no cursor of this list")

// String writes the cursor for ParseInvestigationCursor.
func (c InvestigationCursor) String() string {
	return seeds.DateOf(c.AccidentOn).String() + "." + c.ReportID.String()
}

// ParseInvestigationCursor reads what String wrote. The error is ErrCursor.
func ParseInvestigationCursor(text string) (InvestigationCursor, error) {
	day, id, _ := strings.Cut(text, ".")
	on, err := seeds.ParseDate(day)
	if err != nil {
		return InvestigationCursor{}, fmt.Errorf("%w: it begins with a day", ErrCursor)
	}
	c := InvestigationCursor{AccidentOn: on.Start()}
	if c.ReportID, err = uuid.Parse(id); err != nil || c.String() != text {
		return InvestigationCursor{}, fmt.Errorf("%w: it ends with a report_id", ErrCursor)
	}
	return c, nil
}

// InvestigationFilter chooses investigations. What is empty chooses all.
type InvestigationFilter struct {
	// Provinces of the accidents, as they are written in the reports.
	Provinces []seeds.ProvinceRef
	// Year of the accident.
	Year  int
	After *InvestigationCursor
	Limit int // at least 1
}

const investigationColumns = `
SELECT
    report_id, accident_id, revision, filed_at, unit, province_list, province_code, accident_on, level, severity,
    [news_received, opened, extended, examination, file_returned, published, closed], extension_days, cause, factor_list, factor_code,
    cost_medical, cost_wages, cost_compensation, property_damage, ` + "`victims.severity`, `victims.occupation`, `victims.days_off`" + `
FROM investigation FINAL`

const listInvestigationsSQL = investigationColumns + `
WHERE (empty({provinces:Array(String)}) OR has({provinces:Array(String)}, concat(province_list, ':', province_code)))
    AND ({year:UInt16} = 0 OR stat_year = {year:UInt16})
    AND ({first:Bool} OR (accident_on, report_id) < (toDate({after_day:String}), {after_id:UInt128}))%s
ORDER BY accident_on DESC, report_id DESC
LIMIT {limit:UInt32}` + finalSettings

const investigationsOfSQL = investigationColumns + `
WHERE accident_id IN {ids:Array(UInt128)}%s
ORDER BY filed_at, report_id` + finalSettings

// investigationReached is the condition on investigations; "" where everything is reached. One
// is reached by its own provinces, or by a declaration of its accident.
func (sc scope) investigationReached() string {
	own := sc.rows(scopedTable{places: []string{"province", "reporter_province"}})
	if own == "" {
		return ""
	}
	return "\n    AND (" + own + " OR accident_id IN\n    (\n        SELECT arrayJoin([report_id, accident_id]) FROM accident_declaration FINAL WHERE " +
		sc.rows(declarations) + "\n    ))"
}

// Investigations returns a page of the investigations that the caller reaches, and whether
// more follow. A filter that names a province outside the scope is denied.
func (s *Store) Investigations(ctx context.Context, f InvestigationFilter) (page []Investigation, more bool, err error) {
	sc, err := s.ask(ctx, "Investigations")
	if err == nil && !sc.hasPlaces(f.Provinces...) {
		err = sc.denied()
	}
	if err != nil {
		return nil, false, fmt.Errorf("list investigations: %w", err)
	}
	page, err = s.investigations(ctx, fmt.Sprintf(listInvestigationsSQL, sc.investigationReached()), sc.bind(f.parameters()))
	if err == nil && len(page) > f.Limit {
		return page[:f.Limit], true, nil
	}
	return page, false, err
}

// InvestigationsOf returns the investigations that name any of the ids as their accident,
// the first filed first, as far as the caller reaches them.
func (s *Store) InvestigationsOf(ctx context.Context, ids []uuid.UUID) ([]Investigation, error) {
	sc, err := s.ask(ctx, "InvestigationsOf")
	if err != nil {
		return nil, fmt.Errorf("list investigations: %w", err)
	}
	reached, params, err := s.aboutCases(ctx, sc, ids, scopedTable{places: []string{"province", "reporter_province"}}, "has({cases:Array(UInt128)}, accident_id)")
	if err != nil {
		return nil, fmt.Errorf("list investigations: %w", err)
	}
	return s.investigations(ctx, fmt.Sprintf(investigationsOfSQL, reached), params)
}

// aboutCases is the condition on rows of a table about accidents, and its parameters: a row
// is reached by itself, or when it is about a case that is. about says which cases those
// are, by the parameter cases.
func (s *Store) aboutCases(ctx context.Context, sc scope, ids []uuid.UUID, table scopedTable, about string) (string, parameters, error) {
	params := parameters{"ids": idNumbers(ids)}
	own := sc.rows(table)
	if own == "" {
		return "", params, nil
	}
	cases, err := s.reachedCases(ctx, sc, ids)
	if err != nil {
		return "", nil, err
	}
	params["cases"] = idNumbers(cases)
	return "\n    AND (" + own + " OR " + about + ")", sc.bind(params), nil
}

func (s *Store) investigations(ctx context.Context, query string, params parameters) ([]Investigation, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var all []Investigation
	err := each(ctx, s.read, query, params, func(rows driver.Rows) error {
		i, err := scanInvestigation(rows)
		all = append(all, i)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list investigations: %w", err)
	}
	return all, nil
}

// parameters asks for one more than the page holds, which tells whether there is another.
func (f InvestigationFilter) parameters() parameters {
	provinces := make([]string, len(f.Provinces))
	for i, p := range f.Provinces {
		provinces[i] = string(p.List) + ":" + p.Code
	}
	var after InvestigationCursor
	day := "1970-01-01"
	if f.After != nil {
		after, day = *f.After, seeds.DateOf(f.After.AccidentOn).String()
	}
	return parameters{"provinces": provinces, "year": f.Year, "first": f.After == nil, "after_day": day,
		"after_id": idNumber(after.ReportID), "limit": f.Limit + 1}
}

func scanInvestigation(rows driver.Rows) (Investigation, error) {
	var i Investigation
	var id, accident big.Int
	var list string
	var days []string
	err := rows.Scan(&id, &accident, &i.Revision, &i.FiledAt, &i.Unit, &list, &i.Province.Code, &i.AccidentOn, &i.Level, &i.Severity,
		&days, &i.ExtensionDays, &i.Cause, &i.FactorList, &i.FactorCode,
		&i.Medical, &i.Wages, &i.Compensation, &i.Property, &i.VictimSeverities, &i.VictimOccupations, &i.VictimDaysOff)
	if err != nil {
		return i, err
	}
	i.ReportID, i.AccidentID, i.Province.List = idOf(&id), idOf(&accident), seeds.ProvinceList(list)
	i.AccidentOn = localDay(i.AccidentOn)
	for n, stage := range []*seeds.Date{&i.NewsReceived, &i.Opened, &i.Extended, &i.Examination, &i.FileReturned, &i.Published, &i.Closed} {
		if err := stage.UnmarshalText([]byte(days[n])); err != nil {
			return i, fmt.Errorf("investigation %s: %w", i.ReportID, err)
		}
	}
	return i, nil
}

// localDay is the day of a Date column, which the driver reads in UTC, in Viet Nam.
func localDay(day time.Time) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, seeds.Local())
}

// Incident is the newest revision of the report on a serious technical incident.
type Incident struct {
	ReportID                        uuid.UUID
	FiledAt, OccurredAt             time.Time
	Unit                            string
	Province                        seeds.ProvinceRef
	Equipment, Release              string
	Strict, Control, Several        bool
	Evacuated, Dead, Injured, Hours uint32
	Property                        uint64 // 1,000 VND
}

const incidentsSQL = `
SELECT report_id, filed_at, occurred_at, unit, province_list, province_code, equipment, harmful_release, strict_requirements, beyond_control, several_units,
    evacuated, dead, injured, stopped_hours, property_damage
FROM technical_incident FINAL
WHERE hasAny(accidents, {ids:Array(UInt128)})%s
ORDER BY filed_at, report_id` + finalSettings

// IncidentsOf returns the serious technical incidents that name any of the ids among the
// accidents that they caused, the first filed first, as far as the caller reaches them.
func (s *Store) IncidentsOf(ctx context.Context, ids []uuid.UUID) ([]Incident, error) {
	sc, err := s.ask(ctx, "IncidentsOf")
	if err != nil {
		return nil, fmt.Errorf("list technical incidents: %w", err)
	}
	reached, params, err := s.aboutCases(ctx, sc, ids, declarations, "hasAny(accidents, {cases:Array(UInt128)})")
	if err != nil {
		return nil, fmt.Errorf("list technical incidents: %w", err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var all []Incident
	err = each(ctx, s.read, fmt.Sprintf(incidentsSQL, reached), params, func(rows driver.Rows) error {
		var n Incident
		var id big.Int
		var list string
		err := rows.Scan(&id, &n.FiledAt, &n.OccurredAt, &n.Unit, &list, &n.Province.Code, &n.Equipment, &n.Release, &n.Strict, &n.Control, &n.Several,
			&n.Evacuated, &n.Dead, &n.Injured, &n.Hours, &n.Property)
		n.ReportID, n.Province.List = idOf(&id), seeds.ProvinceList(list)
		all = append(all, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list technical incidents: %w", err)
	}
	return all, nil
}
