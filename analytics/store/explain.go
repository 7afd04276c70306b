package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/analytics/access"
	"atvsld/seeds"
)

// Fate is what became of a filing in a figure. A filing is one revision of a report with one
// content, however often it was sent; each has one fate.
type Fate string

// The fates, in the order in which they are decided.
const (
	// Late: stored after the period was closed. Only in closed figures.
	Late Fate = "late"
	// Conflict: another content of the same revision, or another report of the same id,
	// came first.
	Conflict Fate = "conflict"
	// Superseded: a later revision of the report was filed.
	Superseded Fate = "superseded"
	// Withdrawn: the newest revision, which withdraws the report.
	Withdrawn Fate = "withdrawn"
	// Joined: another declaration of the same accident is earlier and tells of it.
	Joined Fate = "joined"
	// OutsidePeriod: of another part of the year.
	OutsidePeriod Fate = "outside_period"
	// Covered: the report of a branch whose parent reported for it.
	Covered Fate = "covered"
	// OnTheWay: an accident on the way to or from work.
	OnTheWay Fate = "commuting"
	// OtherEmployment: of workers that are not counted.
	OtherEmployment Fate = "other_employment"
	// Counted: the figure is made of it.
	Counted Fate = "counted"
	// Newest: the newest revision of a report when the period was closed. A closing keeps
	// no list of what it counted, so that of a closed figure no more is known.
	Newest Fate = "newest"

	// touched declarations are joined or else, which is decided by all of the accident's.
	touched Fate = "touched"
)

// fatesOfLog are those that report_log alone decides.
var fatesOfLog = []Fate{Late, Conflict, Superseded, Withdrawn, Newest}

// ErrNotClosed reports a period that was not closed.
var ErrNotClosed = errors.New("the period is not closed")

// FateQuery asks what became of all reports of some kinds and one year in the figures of a
// period of it.
type FateQuery struct {
	// Kinds are among those of [FateKinds].
	Kinds []string
	Year  int
	Span  Span
	Basis Basis
	// Province, on the Geography, limits to reports that lie there; zero for the nation.
	Province  seeds.ProvinceRef
	Geography Geography
	// Employment keeps only workers of the named relationships; empty is all.
	Employment []string
	// Commuting: accidents on the way to and from work are counted.
	Commuting bool
}

// FateCount is how many filings of a kind had one fate.
type FateCount struct {
	Kind    string
	Fate    Fate
	Filings int64
}

// FateKinds are the kinds of report that figures are made of.
func FateKinds() []string {
	return []string{"accident_declaration", "annex_xii", "commune_report", "disease_report", "monitoring_report"}
}

// Validate returns everything that is wrong with q.
func (q FateQuery) Validate() error {
	errs := []error{CellQuery{Measures: Measures(), From: q.Year, To: q.Year, Span: q.Span, Basis: q.Basis}.Validate()}
	for _, kind := range q.Kinds {
		if !slices.Contains(FateKinds(), kind) {
			errs = append(errs, fmt.Errorf("no figure is made of reports of kind %q", kind))
		}
	}
	if len(q.Kinds) == 0 {
		errs = append(errs, errors.New("no kind"))
	}
	return errors.Join(errs...)
}

// ReportFates counts the filings of the year by kind and fate, ordered by both; fates that
// nothing had are left out. Each filing lies where its own content says. Numbers of the nation
// are for who reaches it, those of a province for who reaches the province. It is ErrNotClosed
// when a closed figure is asked for that there is not.
func (s *Store) ReportFates(ctx context.Context, q FateQuery) ([]FateCount, error) {
	sc, err := s.ask(ctx, "ReportFates")
	if err == nil {
		err = q.within(sc)
	}
	if err != nil {
		return nil, fmt.Errorf("count what became of reports: %w", err)
	}
	// Every number is of the whole area: nothing of it is left out by the scope.
	ask := fateQuestion{FateQuery: q, scope: scope{Reach: access.Reach{Extent: access.All}}}
	if err := s.prepare(ctx, &ask); err != nil {
		return nil, err
	}
	counts := fateCounts{}
	if err := s.countFates(ctx, ask, ofLog, counts); err != nil {
		return nil, err
	}
	if q.Basis == Live {
		if err := s.countNewest(ctx, ask, counts); err != nil {
			return nil, err
		}
	}
	return counts.list(), nil
}

// countNewest decides about the newest filings by what they say.
func (s *Store) countNewest(ctx context.Context, q fateQuestion, counts fateCounts) error {
	newest := counts.take(Newest)
	if err := s.countFates(ctx, q, ofCurrent, counts); err != nil {
		return err
	}
	if len(counts.take(touched)) > 0 {
		rows, err := s.touchedFates(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range rows {
			counts.add(r.Kind, r.fate, 1)
		}
	}
	counts.addOutrun(newest)
	return nil
}

// within refuses what lies outside the scope: the nation for who reaches an area, another
// province, and everything for who reaches neither.
func (q FateQuery) within(sc scope) error {
	if err := sc.ofProvinces(); err != nil {
		return err
	}
	if q.Province == (seeds.ProvinceRef{}) {
		return sc.ofNation()
	}
	if !sc.hasPlaces(q.Province) {
		return sc.denied()
	}
	return nil
}

type fateCounts map[FateCount]int64 // Filings of the keys is 0

func (c fateCounts) add(kind string, fate Fate, n int64) { c[FateCount{Kind: kind, Fate: fate}] += n }

// take removes a fate and returns its numbers by kind.
func (c fateCounts) take(fate Fate) map[string]int64 {
	taken := map[string]int64{}
	for key, n := range c {
		if key.Fate == fate {
			taken[key.Kind] = n
			delete(c, key)
		}
	}
	return taken
}

// addOutrun finds the filings that are the newest of their id in this year, and yet no current
// table holds them: a report of another year with the same id came first. What was filed
// between the two readings may be missing from the first; then there is nothing to add.
func (c fateCounts) addOutrun(newest map[string]int64) {
	current := map[string]int64{}
	for key, n := range c {
		if !slices.Contains(fatesOfLog, key.Fate) {
			current[key.Kind] += n
		}
	}
	for kind, n := range newest {
		if outrun := n - current[kind]; outrun > 0 {
			c.add(kind, Conflict, outrun)
		}
	}
}

func (c fateCounts) list() []FateCount {
	all := make([]FateCount, 0, len(c))
	for key, n := range c {
		key.Filings = n
		all = append(all, key)
	}
	slices.SortFunc(all, func(a, b FateCount) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Fate, b.Fate)) })
	return all
}

var explainTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("explain").ParseFS(sqlFiles, "sql/explain/*.sql", "sql/cell/covered.sql"))
})

// fateQuestion is a question with what it needs to be written.
type fateQuestion struct {
	FateQuery
	scope
	// until is when the period was closed, in milliseconds.
	until int64
	// reached are the conditions of the scope by current table.
	reached map[string]string
}

// fateRows are what is read: all filings of the log, or the current rows of the kinds.
type fateRows string

const (
	ofLog     fateRows = "filings"
	ofCurrent fateRows = "current"
)

// prepare finds the closing that is asked about, and the conditions of the scope.
func (s *Store) prepare(ctx context.Context, q *fateQuestion) error {
	if err := q.Validate(); err != nil {
		return fmt.Errorf("what became of reports: %w", err)
	}
	q.reached = map[string]string{}
	for _, kind := range q.Kinds {
		table, err := s.scopedTable(ctx, kind)
		if err != nil {
			return err
		}
		q.reached[kind] = q.rows(table)
	}
	if q.Basis == Live {
		return nil
	}
	closings, err := s.closedPeriods(ctx)
	if err != nil {
		return err
	}
	closing, ok := closingOf(closings, q.Year, q.Span == FirstHalf)
	if !ok {
		return fmt.Errorf("what became of reports of %d: %w", q.Year, ErrNotClosed)
	}
	q.until = closing.ClosedAt.UnixMilli()
	return nil
}

// closingOf is the closing whose cells sql/cell/closed.sql reads.
func closingOf(closings []Closing, year int, half bool) (last Closing, ok bool) {
	for _, c := range closings {
		if c.Period[:4] != strconv.Itoa(year) || len(c.Period) > 4 && !half {
			continue
		}
		if !ok || cmp.Or(c.AsOf.Compare(last.AsOf), c.ClosedAt.Compare(last.ClosedAt)) > 0 {
			last, ok = c, true
		}
	}
	return last, ok
}

// fateShape is what the templates ask. None of it is a value of the question.
type fateShape struct {
	Place, PlaceOfContent, Reached string
	Closed, Commuting              bool
	employment                     []string
}

// Leaves tells whether workers of an employment relationship are left out.
func (s fateShape) Leaves(employment string) bool {
	return len(s.employment) > 0 && !slices.Contains(s.employment, employment)
}

// placeOfContent is where a filing lies, by its content: the columns province_list and
// province_code of its current table.
var placeOfContent = `multiIf(
            withdrawn, '',
            kind = 'accident_declaration', ` + provinceIn("payload", "place", "province") + `,
            kind = 'monitoring_report', ` + provinceIn("payload", "site_province") + `,
            ` + provinceIn("payload", "reporter", "province") + `)`

func (q fateQuestion) shape() fateShape {
	s := fateShape{Closed: q.Basis == Closed, Commuting: q.Commuting, employment: q.Employment}
	if q.Province != (seeds.ProvinceRef{}) {
		s.Place, s.PlaceOfContent = q.Geography.sql(), placeOfContent
	}
	return s
}

// from is the SELECT of the rows.
func (q fateQuestion) from(rows fateRows) (string, error) {
	shape := q.shape()
	if rows == ofLog {
		shape.Reached = q.andReports("SELECT report_id FROM report_log WHERE kind IN {kinds:Array(String)} AND stat_year = {year:UInt16}")
		return executeFates("filings", shape)
	}
	var all []string
	for _, kind := range q.Kinds {
		if q.reached[kind] == nothingReached {
			continue
		}
		shape.Reached = q.reached[kind]
		text, err := executeFates(kind, shape)
		if err != nil {
			return "", err
		}
		all = append(all, text)
	}
	return strings.Join(all, "\nUNION ALL\n"), nil
}

func executeFates(name string, s fateShape) (string, error) {
	var b bytes.Buffer
	if err := explainTemplates().ExecuteTemplate(&b, name+".sql", s); err != nil {
		return "", fmt.Errorf("write query %s: %w", name, err)
	}
	return strings.TrimSpace(b.String()), nil
}

// lying is the condition on filings that lie in the asked province. Current rows are chosen
// before.
func (q fateQuestion) lying(rows fateRows) string {
	if rows != ofLog || q.Province == (seeds.ProvinceRef{}) {
		return ""
	}
	if q.Geography.list == "" {
		return " AND lies_in = {province:String}"
	}
	return " AND transform(lies_in, {reported:Array(String)}, {units:Array(String)}, '') = {province:String}"
}

func (q fateQuestion) parameters() parameters {
	p := geographyParameters(q.Geography)
	p["kinds"], p["year"], p["from"], p["to"], p["span"], p["until"] = q.Kinds, q.Year, q.Year, q.Year, string(q.Span), q.until
	p["first"], p["last"] = months[q.Span][0], months[q.Span][1]
	p["province"] = q.Province.Code
	if q.Geography.list == "" {
		p["province"] = q.Province.String()
	}
	return q.bind(p)
}

func (s *Store) countFates(ctx context.Context, q fateQuestion, of fateRows, counts fateCounts) error {
	from, err := q.from(of)
	if err != nil || from == "" {
		return err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	query := "SELECT kind, fate, toInt64(count())\nFROM\n(\n" + indent(from) + "\n)\nWHERE 1" + q.lying(of) + "\nGROUP BY kind, fate" + finalSettings
	err = each(ctx, s.read, query, q.parameters(), func(rows driver.Rows) error {
		var kind, fate string
		var n int64
		if err := rows.Scan(&kind, &fate, &n); err != nil {
			return err
		}
		counts.add(kind, Fate(fate), n)
		return nil
	})
	if err != nil {
		return fmt.Errorf("count what became of reports: %w", err)
	}
	return nil
}
