package store

import (
	"bytes"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/obligation"
	"atvsld/seeds"
)

// registerYear is the stat_year of every registration.
const registerYear = 1900

// Obliged is an entry of the register with the facts that its obligations are judged by,
// and the revision that says so.
type Obliged struct {
	obligation.Unit
	ReportID uuid.UUID
	Revision uint32
}

// ObligedQuery chooses entries of the register.
type ObligedQuery struct {
	// Units chooses by key, Provinces by where a head office ever was, as in "34/01". What
	// is empty chooses all.
	Units     []string
	Provinces []seeds.ProvinceRef
	// Owed says which kinds and years the facts are wanted of.
	Owed []obligation.Owed
}

var obligedTemplate = sync.OnceValue(func() *template.Template {
	days := func(column string) string { return "arrayMap(d -> toUInt16(d), " + column + ")" }
	return template.Must(template.New("obliged").Funcs(template.FuncMap{"days": days}).ParseFS(sqlFiles, "sql/obligation/*.sql"))
})

// kindOwner is a table of filed reports and whose they are.
type kindOwner struct{ Table, Owner string }

func ownerOf(o seeds.Obligation) kindOwner {
	if o.Counts == seeds.CountsTaxpayer {
		return kindOwner{o.Kind, ownerTaxpayer}
	}
	return kindOwner{o.Kind, ownerUnit}
}

// Several tells whether an owner may have several reports on a period.
func (k kindOwner) Several() bool { return k.Owner == ownerTaxpayer }

// coversBranches tells whether a report of the kinds may name branches that it reports for.
func coversBranches(kinds []kindOwner) bool {
	return slices.ContainsFunc(kinds, func(k kindOwner) bool { return k.Table == "annex_xii" })
}

const (
	ownerUnit = "unit"
	// ownerTaxpayer: the unit itself and the place of the tax code, whose key ends in /0.
	ownerTaxpayer = "arrayJoin(arrayDistinct([unit, concat(splitByChar('/', unit)[1], '/0')]))"
)

// obligedSQL writes the query. Names of tables are those of the program only.
func obligedSQL(owed []obligation.Owed, sc scope) (string, error) {
	var shape struct {
		Kinds  []kindOwner
		Covers bool
		// Reached is the condition of the caller's scope, "" for none.
		Reached string
	}
	switch sc.Extent {
	case access.All:
	case access.Area:
		shape.Reached = officeReached("office_lists", "office_codes")
	case access.Own, access.Granted:
		shape.Reached = unitReached
	default:
		shape.Reached = nothingReached
	}
	for _, o := range owed {
		if one := ownerOf(o.Obligation); slices.Contains(currentTables, o.Kind) && !slices.Contains(shape.Kinds, one) {
			shape.Kinds = append(shape.Kinds, one)
		}
	}
	shape.Covers = coversBranches(shape.Kinds)
	var b bytes.Buffer
	if err := obligedTemplate().ExecuteTemplate(&b, "obliged.sql", shape); err != nil {
		return "", fmt.Errorf("write query of obligations: %w", err)
	}
	return strings.TrimSpace(b.String()) + finalSettings, nil
}

func (q ObligedQuery) parameters() parameters {
	years, provinces := []uint16{}, []string{}
	for _, o := range q.Owed {
		if year := uint16(o.Last.Year()); !slices.Contains(years, year) {
			years = append(years, year)
		}
	}
	for _, p := range q.Provinces {
		provinces = append(provinces, p.String())
	}
	return parameters{"register": registerYear, "units": append([]string{}, q.Units...), "provinces": provinces, "years": years}
}

// Obliged calls found with every chosen entry of the register that the caller reaches: by its
// unit, or by a province where its head office ever was. A filter that names a unit or a
// province outside the scope is denied. Entries come in the order of the bytes
// of its unit. Entries are read one by one; memory grows with none of them here, and in
// the store with the facts of those chosen. An error of found ends it.
func (s *Store) Obliged(ctx context.Context, q ObligedQuery, found func(*Obliged) error) error {
	sc, err := s.ask(ctx, "Obliged")
	if err == nil && (!sc.hasUnits(q.Units...) || !sc.hasPlaces(q.Provinces...)) {
		err = sc.denied()
	}
	if err != nil {
		return fmt.Errorf("list obligations: %w", err)
	}
	query, err := obligedSQL(q.Owed, sc)
	if err != nil {
		return err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var row obligedRow
	err = each(ctx, s.read, query, sc.bind(q.parameters()), func(rows driver.Rows) error {
		entry, err := row.scan(rows)
		if err != nil {
			return err
		}
		return found(entry)
	})
	if err != nil {
		return fmt.Errorf("list obligations: %w", err)
	}
	return nil
}

// obligedRow is what the driver fills. Days are counted from 1 January 1970.
type obligedRow struct {
	id                       big.Int
	activeFrom, activeTo     uint16
	officeLists, officeCodes []string
	officeFrom, officeTo     []uint16
	hazardFrom, hazardTo     []uint16
	strictFrom, strictTo     []uint16
	coveredBy                []string
	coveredFrom, coveredTo   []uint16
	whats, kinds, periods    []string
	moments                  []int64
	others                   []string
	dues                     []uint16
}

func (r *obligedRow) scan(rows driver.Rows) (*Obliged, error) {
	var o Obliged
	err := rows.Scan(&o.Unit.Unit, &r.id, &o.Revision, &o.Type, &o.Authority, &r.activeFrom, &r.activeTo,
		&r.officeLists, &r.officeCodes, &r.officeFrom, &r.officeTo, &r.hazardFrom, &r.hazardTo, &r.strictFrom, &r.strictTo,
		&o.Services, &r.coveredBy, &r.coveredFrom, &r.coveredTo,
		&r.whats, &r.kinds, &r.periods, &r.moments, &r.others, &r.dues)
	if err != nil {
		return nil, err
	}
	o.ReportID = idOf(&r.id)
	o.Active = obligation.Span{From: dayOf(r.activeFrom), To: dayOf(r.activeTo)}
	for i, list := range r.officeLists {
		ref := seeds.ProvinceRef{List: seeds.ProvinceList(list), Code: r.officeCodes[i]}
		o.HeadOffice = append(o.HeadOffice, obligation.Stay{Province: ref, Span: spanOf(r.officeFrom, r.officeTo, i)})
	}
	o.Hazard, o.StrictJobs = spansOf(r.hazardFrom, r.hazardTo), spansOf(r.strictFrom, r.strictTo)
	for i, by := range r.coveredBy {
		o.Covered = append(o.Covered, obligation.Cover{By: by, Span: spanOf(r.coveredFrom, r.coveredTo, i)})
	}
	for i, what := range r.whats {
		o.Facts = append(o.Facts, obligation.Fact{What: what, Kind: r.kinds[i], Period: r.periods[i],
			At: time.UnixMilli(r.moments[i]), By: r.others[i], DueBy: dayOf(r.dues[i])})
	}
	return &o, nil
}

var firstDay = seeds.MustDate(1970, time.January, 1)

// dayOf reads a Date; ClickHouse's zero is no day.
func dayOf(days uint16) seeds.Date {
	if days == 0 {
		return seeds.Date{}
	}
	return firstDay.AddDays(int(days))
}

func spanOf(from, to []uint16, i int) obligation.Span {
	return obligation.Span{From: dayOf(from[i]), To: dayOf(to[i])}
}

func spansOf(from, to []uint16) []obligation.Span {
	var spans []obligation.Span
	for i := range from {
		spans = append(spans, spanOf(from, to, i))
	}
	return spans
}

// SealedText is what is personal in one revision, as it was sealed, and the open content
// beside it, without which it cannot be read.
type SealedText struct {
	Text    []byte
	Key     string
	Content []byte
}

const sealedSQL = `
SELECT report_id, revision, sealed, sealed_key, payload
FROM report_log
WHERE (report_id, revision) IN arrayZip({ids:Array(UInt128)}, {revisions:Array(UInt32)})%s
ORDER BY report_id, revision, version DESC, kafka_partition
LIMIT 1 BY report_id, revision`

// Sealed returns the sealed texts of revisions; those that have none are missing from the
// result, and so are those of reports that the caller does not reach. Of several copies the
// one that counts is read.
func (s *Store) Sealed(ctx context.Context, keys []Key) (map[Key]SealedText, error) {
	sc, err := s.ask(ctx, "Sealed")
	if err != nil {
		return nil, fmt.Errorf("read %d sealed texts: %w", len(keys), err)
	}
	query := fmt.Sprintf(sealedSQL, sc.andReports("{ids:Array(UInt128)}"))
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	texts := make(map[Key]SealedText, len(keys))
	for some := range slices.Chunk(keys, idsPerQuery) {
		ids, revisions := make([]uuid.UUID, len(some)), make([]uint32, len(some))
		for i, key := range some {
			ids[i], revisions[i] = key.ReportID, key.Revision
		}
		err := each(ctx, s.read, query, sc.bind(parameters{"ids": idNumbers(ids), "revisions": revisions}), func(rows driver.Rows) error {
			var number big.Int
			var key Key
			var text, sealedBy, content string
			if err := rows.Scan(&number, &key.Revision, &text, &sealedBy, &content); err != nil {
				return err
			}
			if key.ReportID = idOf(&number); text != "" {
				texts[key] = SealedText{[]byte(text), sealedBy, []byte(content)}
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read %d sealed texts: %w", len(some), err)
		}
	}
	return texts, nil
}
