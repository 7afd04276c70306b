package store

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"text/template"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/seeds"
)

// Ids of the figures of [Store.SafetyFigures]: C1 to C4 and D1 as in the catalogue of
// indicators, the others beside them.
const (
	StrictJobsTrained    = "C1"  // workers in jobs with strict requirements
	StaffTrained         = "C2"  // safety and health staff of establishments
	HealthStaffTrained   = "C3"  // workplace health staff
	OfficersTrained      = "C4"  // local officers
	VictimsPaid          = "D1"  // by the social insurance
	VictimsPaidEmployer  = "D1E" // by employers
	EquipmentInspected   = "Q1"  // of the equipment in use
	EquipmentFailed      = "Q2"  // of the inspections
	TraineesCertified    = "T1"  // of the persons at courses
	SeriousCasesHandled  = "V1"  // of the inspections with a serious violation
	safetyQueries        = "sql/safety/"
	violationsPerRequest = 500
)

// SafetyFigure is one sum of a year: of a province, or of the nation where Province is the
// zero value. Nothing was reported where it is missing; it is never 0 for that reason.
type SafetyFigure struct {
	ID                     string
	Province               seeds.ProvinceRef
	Numerator, Denominator uint64
	// Reports counts the reports that the sums are of, each once.
	Reports uint64
}

// figuresTemplate holds the query whose columns of place depend on the geography.
var figuresTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("figures.sql").ParseFS(sqlFiles, safetyQueries+"figures.sql"))
})

func safetyFiguresSQL(list, code, reached string) (string, error) {
	var b bytes.Buffer
	if err := figuresTemplate().Execute(&b, struct{ List, Code, Reached string }{list, code, reached}); err != nil {
		return "", fmt.Errorf("write query figures: %w", err)
	}
	return string(bytes.TrimSpace(b.Bytes())) + finalSettings, nil
}

// SafetyFigures adds up the newest revisions of a year's safety, training, equipment,
// insurance and inspection reports for the whole nation, or with byProvince for each
// province of the geography. A report counts in the province of its reporter, a course and
// a piece of equipment where they are, an inspection where it was made. Reports that on
// the asked list have no single unit stand under the code "". Whoever reaches an area is
// given its provinces, and is denied the nation.
func (s *Store) SafetyFigures(ctx context.Context, year int, byProvince bool, g Geography) ([]SafetyFigure, error) {
	sc, err := s.ask(ctx, "SafetyFigures")
	if err == nil && byProvince {
		err = sc.ofProvinces()
	} else if err == nil {
		err = sc.ofNation()
	}
	if err != nil {
		return nil, fmt.Errorf("add up the safety figures of %d: %w", year, err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	list, code, params := "''", "''", sc.bind(parameters{"year": year})
	if byProvince {
		list, code = provinceExpressions(g)
		if g.list != "" {
			params["list"], params["reported"], params["units"] = string(g.list), g.from, g.to
		}
	}
	query, err := safetyFiguresSQL(list, code, sc.rows(scopedTable{places: []string{"province"}}))
	if err != nil {
		return nil, err
	}
	var figures []SafetyFigure
	err = each(ctx, s.read, query, params, func(rows driver.Rows) error {
		var f SafetyFigure
		var list string
		err := rows.Scan(&f.ID, &list, &f.Province.Code, &f.Numerator, &f.Denominator, &f.Reports)
		f.Province.List = seeds.ProvinceList(list)
		figures = append(figures, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add up the safety figures of %d: %w", year, err)
	}
	return figures, nil
}

// Violation is a serious violation of an organisation that was handled.
type Violation struct {
	Province    seeds.ProvinceRef
	VSICVersion string
	VSICSection string
	// TaxCode is an organisation's, never a person's.
	TaxCode        string
	InspectedOn    seeds.Date
	Codes          []string // of the serious findings
	DecisionNumber string
	IssuedOn       seeds.Date
	Fine           uint64 // 1,000 VND
	Measures       []string
	HandledOn      seeds.Date
}

// ViolationFilter chooses among the violations that may be public.
type ViolationFilter struct {
	// Today is the local day of the question. A violation is chosen from the day it was
	// handled on, for Days days.
	Today seeds.Date
	Days  int
	// Provinces are those where the inspection was made, as reported; none: all.
	Provinces []seeds.ProvinceRef
	// Limit is the length of the page, at most 500, and Offset where it begins.
	Limit, Offset int
}

// Violations returns a page of the serious violations that were decided and handled
// within the window, the newest first, and whether more follow. Whether anything is
// public at all the caller decides: see [seeds.PublicationRule]. Nothing is returned
// about households and other natural persons.
func (s *Store) Violations(ctx context.Context, f ViolationFilter) (page []Violation, more bool, err error) {
	if _, err := s.ask(ctx, "Violations"); err != nil {
		return nil, false, fmt.Errorf("list violations: %w", err)
	}
	if f.Days < 1 || f.Limit < 1 {
		return nil, false, nil
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	query, err := sqlFiles.ReadFile(safetyQueries + "violations.sql")
	if err != nil {
		return nil, false, fmt.Errorf("read the query of violations: %w", err)
	}
	limit := min(f.Limit, violationsPerRequest)
	err = each(ctx, s.read, string(bytes.TrimSpace(query))+finalSettings, f.parameters(limit), func(rows driver.Rows) error {
		v, err := scanViolation(rows)
		page = append(page, v)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("list violations: %w", err)
	}
	if len(page) > limit {
		return page[:limit], true, nil
	}
	return page, false, nil
}

// parameters asks for one violation more than the page holds.
func (f ViolationFilter) parameters(limit int) parameters {
	units := []string{}
	for _, p := range f.Provinces {
		units = append(units, p.String())
	}
	return parameters{
		"today": f.Today.String(), "since": f.since().String(), "units": units,
		"limit": limit + 1, "offset": max(f.Offset, 0),
	}
}

// since is the first day of the window; the store has no days before 1970.
func (f ViolationFilter) since() seeds.Date {
	first := seeds.MustDate(1970, time.January, 2)
	if since := f.Today.AddDays(1 - f.Days); since.After(first) {
		return since
	}
	return first
}

func scanViolation(rows driver.Rows) (Violation, error) {
	var v Violation
	var list string
	var inspected, issued, handled time.Time
	err := rows.Scan(&list, &v.Province.Code, &v.VSICVersion, &v.VSICSection, &v.TaxCode, &inspected, &v.Codes,
		&v.DecisionNumber, &issued, &v.Fine, &v.Measures, &handled)
	v.Province.List = seeds.ProvinceList(list)
	v.InspectedOn, v.IssuedOn, v.HandledOn = dateOf(inspected), dateOf(issued), dateOf(handled)
	return v, err
}

// dateOf reads a Date column: the day in the time's own zone.
func dateOf(t time.Time) seeds.Date {
	year, month, day := t.Date()
	return seeds.MustDate(year, month, day)
}
