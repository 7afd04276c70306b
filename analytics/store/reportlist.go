package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/seeds"
)

// ReportFilter chooses current reports. What is empty is not asked for.
type ReportFilter struct {
	// Kinds are names of current tables; all when empty.
	Kinds []string
	// Unit is the whole unit; UnitPrefix its beginning, for all sites of a tax code.
	Unit, UnitPrefix string
	Year             uint16
	Period           string
	// Provinces are of the place or the reporter, as they were written: a province is not
	// put into another list. Withdrawn reports have none, so nothing is found of them.
	Provinces []seeds.ProvinceRef
	// Withdrawn asks for the reports that are withdrawn instead of those that count.
	Withdrawn bool
	// ReceivedFrom and ReceivedTo bound the receipt of the newest revision: from the one
	// on, before the other.
	ReceivedFrom, ReceivedTo time.Time
	// After is the last report of the page before.
	After *ReportCursor
	// Limit is the length of a page.
	Limit int
}

// ListedReport is the newest revision of a report in a list.
type ListedReport struct {
	Kind                string
	ReportID            uuid.UUID
	Revision            uint32
	Withdrawn           bool
	StatYear            uint16
	Period, Unit        string
	FiledAt, ReceivedAt time.Time
	// ProvinceList and ProvinceCode are of the place, where the kind has one, otherwise
	// of the reporter; empty of a withdrawn report.
	ProvinceList, ProvinceCode string
}

// ReportCursor is a place in the list: reports are in the order of their first receipt,
// the newest first, which no amendment changes.
type ReportCursor struct {
	FiledAt  time.Time
	ReportID uuid.UUID
}

// Cursor is the place of a listed report.
func (r ListedReport) Cursor() ReportCursor { return ReportCursor{r.FiledAt, r.ReportID} }

// String writes a cursor as [ParseReportCursor] reads it.
func (c ReportCursor) String() string {
	text := strconv.FormatInt(c.FiledAt.UnixMilli(), 10) + "." + c.ReportID.String()
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// ParseReportCursor reads a cursor.
func ParseReportCursor(text string) (ReportCursor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ReportCursor{}, errors.New("not a cursor")
	}
	at, id, _ := strings.Cut(string(raw), ".")
	ms, numberErr := strconv.ParseInt(at, 10, 64)
	report, idErr := uuid.Parse(id)
	if numberErr != nil || idErr != nil {
		return ReportCursor{}, errors.New("not a cursor")
	}
	return ReportCursor{time.UnixMilli(ms), report}, nil
}

// reportListTemplate asks every current table for what could stand on the page, so that
// only that much is sorted together.
var reportListTemplate = sync.OnceValue(func() *template.Template {
	text, err := sqlFiles.ReadFile("sql/report/list.sql")
	if err != nil {
		panic(err) // a file of the program itself
	}
	return template.Must(template.New("list").Parse(string(bytes.TrimSpace(text))))
})

// listTable is a current table in the query of the list: names of columns are those of
// the schema, never a caller's.
type listTable struct {
	Name string
	// Places are the prefixes of its provinces, that of the place first.
	Places []string
	// Reached is the condition of the caller's scope, "" for none.
	Reached string
}

// Reports returns a page of the reports that the caller reaches, and whether there are more
// behind it. A filter that names a unit, a province or a kind outside the scope is denied.
func (s *Store) Reports(ctx context.Context, f ReportFilter) (page []ListedReport, more bool, err error) {
	sc, err := s.ask(ctx, "Reports")
	if err == nil {
		err = f.within(sc)
	}
	if err != nil {
		return nil, false, fmt.Errorf("list reports: %w", err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	query, err := s.reportListSQL(ctx, f, sc)
	if err != nil || query == "" {
		return nil, false, err
	}
	err = each(ctx, s.read, query, sc.bind(f.parameters()), func(rows driver.Rows) error {
		var r ListedReport
		var number big.Int
		err := rows.Scan(&r.Kind, &number, &r.Revision, &r.Withdrawn, &r.StatYear, &r.Period, &r.Unit, &r.FiledAt, &r.ReceivedAt,
			&r.ProvinceList, &r.ProvinceCode)
		r.ReportID = idOf(&number)
		page = append(page, r)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("list reports: %w", err)
	}
	if len(page) > f.Limit {
		return page[:f.Limit], true, nil
	}
	return page, false, nil
}

// within leaves the kinds that the caller sees.
func (f *ReportFilter) within(sc scope) error {
	foreign := func(kind string) bool { return !sc.HasKind(kind) }
	if !sc.hasUnits(f.Unit, f.UnitPrefix) || !sc.hasPlaces(f.Provinces...) || slices.ContainsFunc(f.Kinds, foreign) {
		return sc.denied()
	}
	if len(f.Kinds) > 0 || sc.Kinds == nil {
		return nil
	}
	if f.Kinds = sc.Kinds; len(f.Kinds) == 0 {
		return sc.denied()
	}
	return nil
}

// reportListSQL writes the query; "" when nothing that is asked for can lie in the scope.
func (s *Store) reportListSQL(ctx context.Context, f ReportFilter, sc scope) (string, error) {
	var tables []listTable
	known := false
	for _, name := range currentTables {
		if len(f.Kinds) > 0 && !slices.Contains(f.Kinds, name) {
			continue
		}
		known = true
		table, err := s.scopedTable(ctx, name)
		if err != nil {
			return "", err
		}
		reached := sc.rows(table)
		if reached == nothingReached {
			continue
		}
		if f.Withdrawn && (sc.Extent == access.Area || sc.Extent == access.Sector) {
			// A withdrawn row says nothing of where it was.
			reached = sc.reports("SELECT report_id FROM " + name + " WHERE withdrawn = 1")
		}
		tables = append(tables, listTable{name, table.places, reached})
	}
	if !known {
		return "", fmt.Errorf("%w: no table of the kinds asked for", ErrRow)
	}
	if len(tables) == 0 {
		return "", nil
	}
	var b bytes.Buffer
	if err := reportListTemplate().Execute(&b, map[string]any{"Tables": tables, "Filter": f}); err != nil {
		return "", fmt.Errorf("write query of the list: %w", err)
	}
	return b.String() + finalSettings, nil
}

func (f ReportFilter) parameters() parameters {
	p := parameters{"limit": f.Limit + 1}
	text := func(name, value string) {
		if value != "" {
			p[name] = value
		}
	}
	text("unit", f.Unit)
	text("prefix", f.UnitPrefix)
	text("period", f.Period)
	if len(f.Provinces) > 0 {
		p["provinces"] = references(f.Provinces)
	}
	if f.Year != 0 {
		p["year"] = f.Year
	}
	if !f.ReceivedFrom.IsZero() {
		p["from"] = f.ReceivedFrom.UnixMilli()
	}
	if !f.ReceivedTo.IsZero() {
		p["to"] = f.ReceivedTo.UnixMilli()
	}
	if f.After != nil {
		p["after"], p["after_id"] = f.After.FiledAt.UnixMilli(), idNumber(f.After.ReportID)
	}
	return p
}
