package store

import (
	"bytes"
	"context"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"text/template"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/seeds"
)

// Yearly are the year reports (Annex XII) of one establishment, as they are today.
type Yearly struct {
	Unit string
	// Province and section are those of the last report.
	Province                 seeds.ProvinceRef
	VSICVersion, VSICSection string
	// Registered are the workers that the register has of the last asked year; 0 when it
	// does not say.
	Registered int64
	// Years are the reports, the earliest first, one a year.
	Years []YearReport
}

// YearReport is one year report.
type YearReport struct {
	Year                                int
	ReportID                            uuid.UUID
	Revision                            uint32
	Workers, Accidents, Victims, Deaths int64
}

// YearlyQuery chooses establishments whose year reports may be worth a look: those without an
// accident in every year from From to To that are large or shrank, and those with victims.
type YearlyQuery struct {
	From, To int // years, both included
	// Provinces of the reporters, as they were written; all when empty.
	Provinces []seeds.ProvinceRef
	// Large is from how many workers, reported or registered, an establishment is.
	Large int64
	// An establishment with Shrinking workers or more the year before shrank when more than
	// Fall percent of them are gone.
	Shrinking, Fall int64
	// Victims is from how many victims in the last year.
	Victims int64
	// After is the last unit of the page before.
	After string
	Limit int // at least 1
}

var yearlyTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("yearly").ParseFS(sqlFiles, "sql/report/yearly.sql", "sql/cell/covered.sql"))
})

// yearlySQL writes the query; reached is the condition of the caller's scope, "" for none.
func yearlySQL(reached string) (string, error) {
	var b bytes.Buffer
	if err := yearlyTemplates().ExecuteTemplate(&b, "yearly.sql", struct{ Reached string }{reached}); err != nil {
		return "", fmt.Errorf("write query of year reports: %w", err)
	}
	return strings.TrimSpace(b.String()) + finalSettings, nil
}

func (q YearlyQuery) parameters() parameters {
	return parameters{
		"provinces": references(q.Provinces), "from": q.From, "to": q.To, "large": q.Large, "shrinking": q.Shrinking, "fall": q.Fall, "victims": q.Victims,
		"after": q.After, "limit": q.Limit + 1, "register": registerYear,
	}
}

// Yearly returns a page of the establishments that q chooses among the reports that the caller
// reaches, in the order of their units, and whether there are more behind it. A filter that names
// a province outside the scope is denied.
func (s *Store) Yearly(ctx context.Context, q YearlyQuery) (page []Yearly, more bool, err error) {
	sc, err := s.ask(ctx, "Yearly")
	if err == nil && !sc.hasPlaces(q.Provinces...) {
		err = sc.denied()
	}
	if err != nil {
		return nil, false, fmt.Errorf("year reports: %w", err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	table, err := s.scopedTable(ctx, "annex_xii")
	if err != nil {
		return nil, false, fmt.Errorf("year reports: %w", err)
	}
	query, err := yearlySQL(sc.rows(table))
	if err != nil {
		return nil, false, err
	}
	err = each(ctx, s.read, query, sc.bind(q.parameters()), func(rows driver.Rows) error {
		one, err := scanYearly(rows)
		page = append(page, one)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("year reports: %w", err)
	}
	if len(page) > q.Limit {
		return page[:q.Limit], true, nil
	}
	return page, false, nil
}

func scanYearly(rows driver.Rows) (Yearly, error) {
	var y Yearly
	var list string
	var years, revisions []uint32
	var ids []string
	var figures [][]int64
	err := rows.Scan(&y.Unit, &list, &y.Province.Code, &y.VSICVersion, &y.VSICSection, &y.Registered, &years, &ids, &revisions, &figures)
	if err != nil {
		return y, err
	}
	y.Province.List = seeds.ProvinceList(list)
	for i, year := range years {
		number, ok := new(big.Int).SetString(ids[i], 10)
		if !ok {
			return y, fmt.Errorf("report %q is no number", ids[i])
		}
		f := figures[i]
		y.Years = append(y.Years, YearReport{Year: int(year), ReportID: idOf(number), Revision: revisions[i],
			Workers: f[0], Accidents: f[1], Victims: f[2], Deaths: f[3]})
	}
	return y, nil
}
