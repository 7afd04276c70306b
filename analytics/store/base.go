package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"text/template"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/seeds"
)

// BaseFigure is one imported number of a year before there were reports. It is never
// added to a cell.
type BaseFigure struct {
	Year int
	// Period is "2015" or "2015H1".
	Period string
	// Province is the zero reference for the nation.
	Province                 seeds.ProvinceRef
	Measure                  string
	Employment               string // "" for the total
	VSICVersion, VSICSection string // "" for all sections
	Value                    int64
	// Status is V, S or UNVERIFIED.
	Status  string
	Printed string
	// Where it comes from: the report, who filed it, what it cites.
	ReportID          uuid.UUID
	Unit              string
	Source, Reference string
	ReceivedAt        time.Time
	// Chosen: this one serves as a base; another import of the same number is Rivals.
	Chosen bool
	// Rivals counts imports of the same number from other reports with another value.
	Rivals int
}

// BaseQuery asks for base figures. Unlike cells they are not summed and not put on
// another geography: whoever does that must know which parts are there.
type BaseQuery struct {
	From, To int
	Span     Span
	Basis    Basis
	Until    time.Time // of Earlier
}

var baseTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("base").ParseFS(sqlFiles, "sql/base/*.sql"))
})

func baseSQL(basis Basis, span Span) (string, error) {
	var b bytes.Buffer
	file := "live.sql"
	if basis != Live {
		file = "closed.sql"
	}
	if err := baseTemplates().ExecuteTemplate(&b, file, shape{HalfYear: span == FirstHalf, Until: basis == Earlier}); err != nil {
		return "", fmt.Errorf("write query for base figures: %w", err)
	}
	text := string(bytes.TrimSpace(b.Bytes()))
	if basis == Live {
		text += finalSettings
	}
	return text, nil
}

// BaseFigures returns every import, the chosen one of each number marked. There are none
// for the second half-year.
func (s *Store) BaseFigures(ctx context.Context, q BaseQuery) ([]BaseFigure, error) {
	if _, err := s.ask(ctx, onBasis("BaseFigures", q.Basis)); err != nil {
		return nil, fmt.Errorf("base figures: %w", err)
	}
	return s.baseFigures(ctx, q)
}

func (s *Store) baseFigures(ctx context.Context, q BaseQuery) ([]BaseFigure, error) {
	if err := checkBasis(q.Basis, q.Until); err != nil {
		return nil, fmt.Errorf("base figures: %w", err)
	}
	if q.Span == SecondHalf {
		return nil, nil
	}
	query, err := baseSQL(q.Basis, q.Span)
	if err != nil {
		return nil, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var all []BaseFigure
	params := parameters{"from": q.From, "to": q.To, "periods": []string{string(q.Span)}}
	if q.Basis == Earlier {
		params["until"] = q.Until
	}
	err = each(ctx, s.read, query, params, func(rows driver.Rows) error {
		f, err := scanBase(rows)
		all = append(all, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("base figures: %w", err)
	}
	choose(all)
	return all, nil
}

func scanBase(rows driver.Rows) (BaseFigure, error) {
	var f BaseFigure
	var year uint16
	var list string
	var value uint64
	var id big.Int
	err := rows.Scan(&year, &f.Period, &list, &f.Province.Code, &f.Measure, &f.Employment, &f.VSICVersion, &f.VSICSection,
		&value, &f.Status, &f.Printed, &id, &f.Unit, &f.Source, &f.Reference, &f.ReceivedAt)
	if err != nil {
		return f, err
	}
	f.Year, f.Province.List, f.Value, f.ReportID = int(year), seeds.ProvinceList(list), int64(value), idOf(&id)
	if f.Value < 0 {
		return f, errors.New("a base figure is beyond 63 bits")
	}
	return f, nil
}

// statusRank orders how far a source was verified, the best first.
var statusRank = map[string]int{"V": 0, "S": 1, "UNVERIFIED": 2}

// choose sorts figures by what they are of and marks, among several imports of the same
// number, the one that serves: the best verified; of those the one received last, because
// later prints correct earlier ones; of those the higher report id. All stay listed.
func choose(all []BaseFigure) {
	slices.SortFunc(all, func(a, b BaseFigure) int {
		return cmp.Or(compareBase(a, b), cmp.Compare(statusRank[a.Status], statusRank[b.Status]),
			b.ReceivedAt.Compare(a.ReceivedAt), bytes.Compare(b.ReportID[:], a.ReportID[:]))
	})
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && compareBase(all[from], all[to]) == 0 {
			to++
		}
		all[from].Chosen = true
		for i := from; i < to; i++ {
			for j := from; j < to; j++ {
				if all[i].Value != all[j].Value {
					all[i].Rivals++
				}
			}
		}
		from = to
	}
}

func compareBase(a, b BaseFigure) int {
	return cmp.Or(
		cmp.Compare(a.Period, b.Period), cmp.Compare(a.Province.List, b.Province.List), cmp.Compare(a.Province.Code, b.Province.Code),
		cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Employment, b.Employment),
		cmp.Compare(a.VSICVersion, b.VSICVersion), cmp.Compare(a.VSICSection, b.VSICSection))
}

// freezeBase writes the base figures of years, or of a first half, under the ids of their
// closings.
func (s *Store) freezeBase(ctx context.Context, params parameters) error {
	rows, err := baseSQL(Live, Year)
	if err != nil {
		return err
	}
	query := "INSERT INTO closed_base_figure (close_id, " + baseColumns + ")\nSELECT " + idOfYear + ", " + baseColumns + "\nFROM\n(\n" +
		indent(rows[:len(rows)-len(finalSettings)]) + "\n)" + finalSettings
	if err := s.write.Exec(ctx, query, params.args()...); err != nil {
		return fmt.Errorf("freeze its base figures: %w", err)
	}
	return nil
}

const baseColumns = "stat_year, period, province_list, province_code, measure, employment, vsic_version, vsic_section, " +
	"value, status, printed, report_id, unit, source_code, reference, received_at"
