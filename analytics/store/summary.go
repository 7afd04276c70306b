package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"text/template"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/seeds"
)

// SummaryQuery chooses the periodic reports of one period and area, by the reporter's
// province.
type SummaryQuery struct {
	// Period is "2025" or "2025H1".
	Period string
	// Units are the provinces as reported that belong to the area.
	Units []seeds.ProvinceRef
	// Nation: every report, whatever its province.
	Nation bool
}

// FormSums are sums of the counts of table I of Annex XII, by measure (Accidents …
// SeriousOutside).
type FormSums map[string]int64

// Damage is table II of Annex XII; money in thousand đồng.
type Damage struct {
	DaysOff, CostTotal, CostMedical, CostWages, CostCompensation, Property int64
}

// ReportGroup are the Annex XII reports of one type of establishment and section.
type ReportGroup struct {
	EstablishmentType, VSICVersion, VSICSection string
	Reports, Workers, WorkersWomen              int64
	// Form is block 1, Commuting block 2.
	Form, Commuting FormSums
	Damage          Damage
}

// RowGroup is one row of table I, summed over reports: block and code.
type RowGroup struct {
	Block, Code string
	// Reports counts those that have the row.
	Reports int64
	Form    FormSums
}

// CommuneSums are the communes' reports on workers without a labour contract.
type CommuneSums struct {
	Reports int64
	// Unknown counts the reports that do not know how many workers there are.
	Unknown, Workers int64
	Form             FormSums
	Causes           []RowGroup
}

var summaryTemplates = sync.OnceValue(func() *template.Template {
	functions := template.FuncMap{"add": func(a, b int) int { return a + b }}
	return template.Must(template.New("summary").Funcs(functions).ParseFS(sqlFiles, "sql/summary/*.sql", "sql/cell/covered.sql"))
})

func summarySQL(name string) (string, error) {
	var columns []string
	for _, f := range form {
		columns = append(columns, f.column)
	}
	var b bytes.Buffer
	if err := summaryTemplates().ExecuteTemplate(&b, name+".sql", struct{ Form []string }{columns}); err != nil {
		return "", fmt.Errorf("write query %s: %w", name, err)
	}
	return strings.TrimSpace(b.String()) + finalSettings, nil
}

func (q SummaryQuery) parameters() (parameters, error) {
	match := periodForm.FindStringSubmatch(q.Period)
	if match == nil {
		return nil, fmt.Errorf("period %q: want a year like 2025 or a half-year like 2025H1", q.Period)
	}
	units := []string{}
	for _, unit := range q.Units {
		units = append(units, unit.String())
	}
	nation := 0
	if q.Nation {
		nation = 1
	}
	last := match[1] + "-12-31"
	if q.Period != match[1] {
		last = match[1] + "-06-30"
	}
	return parameters{"from": match[1], "to": match[1], "period": q.Period, "day": last, "register": registerYear, "nation": nation, "units": units}, nil
}

// summaryOf lets the caller ask for an area of his only, and for the nation if he reaches it.
func (s *Store) summaryOf(ctx context.Context, method string, q SummaryQuery) error {
	sc, err := s.ask(ctx, method)
	switch {
	case err != nil:
	case q.Nation:
		err = sc.ofNation()
	default:
		if err = sc.ofProvinces(); err == nil && !sc.hasPlaces(q.Units...) {
			err = sc.denied()
		}
	}
	if err != nil {
		return fmt.Errorf("summary of %s: %w", q.Period, err)
	}
	return nil
}

func (s *Store) summary(ctx context.Context, name string, q SummaryQuery, scan func(driver.Rows) error) error {
	query, err := summarySQL(name)
	if err != nil {
		return err
	}
	params, err := q.parameters()
	if err != nil {
		return err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	if err := each(ctx, s.read, query, params, scan); err != nil {
		return fmt.Errorf("summary %s of %s: %w", name, q.Period, err)
	}
	return nil
}

// SummaryReports sums Annex XII by type of establishment and section, in their order. A
// branch that its parent reported for is left out.
func (s *Store) SummaryReports(ctx context.Context, q SummaryQuery) ([]ReportGroup, error) {
	if err := s.summaryOf(ctx, "SummaryReports", q); err != nil {
		return nil, err
	}
	var groups []ReportGroup
	err := s.summary(ctx, "annex_groups", q, func(rows driver.Rows) error {
		var g ReportGroup
		var block1, block2, damage []int64
		err := rows.Scan(&g.EstablishmentType, &g.VSICVersion, &g.VSICSection, &g.Reports, &g.Workers, &g.WorkersWomen, &block1, &block2, &damage)
		if err != nil {
			return err
		}
		if len(damage) != 6 {
			return errors.New("table II has six columns")
		}
		g.Damage = Damage{damage[0], damage[1], damage[2], damage[3], damage[4], damage[5]}
		g.Form, g.Commuting = formSums(block1), formSums(block2)
		groups = append(groups, g)
		return nil
	})
	return groups, err
}

// RegisteredGroup are the establishments of the register of one type and section.
type RegisteredGroup struct {
	EstablishmentType, VSICVersion, VSICSection string
	// Workers are those of the year of the period; Unknown counts the establishments of
	// which the register does not say them.
	Establishments, Workers, Unknown int64
}

// registerHeldSQL tells whether there is a register at all.
const registerHeldSQL = "SELECT toUInt8(count() > 0) FROM registration FINAL WHERE stat_year = {register:UInt16}"

// SummaryRegister counts the establishments that the register holds on the last day of
// the period, in the order of type and section. held is false where nobody keeps one.
func (s *Store) SummaryRegister(ctx context.Context, q SummaryQuery) (groups []RegisteredGroup, held bool, err error) {
	if err := s.summaryOf(ctx, "SummaryRegister", q); err != nil {
		return nil, false, err
	}
	err = s.summary(ctx, "register", q, func(rows driver.Rows) error {
		var g RegisteredGroup
		err := rows.Scan(&g.EstablishmentType, &g.VSICVersion, &g.VSICSection, &g.Establishments, &g.Workers, &g.Unknown)
		groups = append(groups, g)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	err = each(ctx, s.read, registerHeldSQL+finalSettings, parameters{"register": registerYear}, func(rows driver.Rows) error { return rows.Scan(&held) })
	return groups, held, err
}

// SummaryRows sums the rows by cause (block 1.1), factor (1.2) and occupation (1.3) of
// the same reports.
func (s *Store) SummaryRows(ctx context.Context, q SummaryQuery) ([]RowGroup, error) {
	if err := s.summaryOf(ctx, "SummaryRows", q); err != nil {
		return nil, err
	}
	return s.rowGroups(ctx, "annex_rows", q)
}

// SummaryCommunes sums the communes' reports.
func (s *Store) SummaryCommunes(ctx context.Context, q SummaryQuery) (CommuneSums, error) {
	var sums CommuneSums
	if err := s.summaryOf(ctx, "SummaryCommunes", q); err != nil {
		return sums, err
	}
	err := s.summary(ctx, "communes", q, func(rows driver.Rows) error {
		var counts []int64
		err := rows.Scan(&sums.Reports, &sums.Unknown, &sums.Workers, &counts)
		sums.Form = formSums(counts)
		return err
	})
	if err != nil {
		return CommuneSums{}, err
	}
	sums.Causes, err = s.rowGroups(ctx, "commune_rows", q)
	return sums, err
}

func (s *Store) rowGroups(ctx context.Context, name string, q SummaryQuery) ([]RowGroup, error) {
	var groups []RowGroup
	err := s.summary(ctx, name, q, func(rows driver.Rows) error {
		var g RowGroup
		var counts []int64
		err := rows.Scan(&g.Block, &g.Code, &g.Reports, &counts)
		g.Form = formSums(counts)
		groups = append(groups, g)
		return err
	})
	return groups, err
}

func formSums(counts []int64) FormSums {
	sums := FormSums{}
	for i, n := range counts {
		sums[form[i].measure] = n
	}
	return sums
}
