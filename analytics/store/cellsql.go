package store

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"

	"atvsld/seeds"
)

// dimension gives the columns of a cell that a dimension needs.
var dimension = map[Dim][]string{
	ByYear:       nil, // always there
	ByMonth:      {"month"},
	ByProvince:   {"province_list", "province_code"},
	BySection:    {"vsic_version", "vsic_section"},
	ByEmployment: {"employment"},
	ByCause:      {"member"},
	ByFactor:     {"member"},
	BySex:        {"member"},
	ByAgeGroup:   {"member"},
	BySizeClass:  {"member"},
}

// whole is the split of totals.
const whole Dim = ""

var cellTemplates = sync.OnceValue(func() *template.Template {
	functions := template.FuncMap{"add": func(a, b int) int { return a + b }}
	return template.Must(template.New("cell").Funcs(functions).ParseFS(sqlFiles, "sql/cell/*.sql", "sql/obligation/filed.sql", "sql/obligation/decided.sql"))
})

// shape is what a source's SELECT depends on.
type shape struct {
	dims     []Dim
	measures []string
	// splits are whole, or cuts: each thing that is counted stands once in each of them.
	splits []Dim
	// HalfYear, for closed cells: only the first half is asked for.
	HalfYear bool
	// Until, for closed cells: closings as of a later moment are not looked at.
	Until bool
	// sources are read for live cells.
	sources []source
	owing   owing
}

func (s shape) has(d Dim) bool { return slices.Contains(s.dims, d) }

// of limits a shape to the splits that a source's measures have.
func (s shape) of(columns []column) shape {
	s.splits = slices.DeleteFunc(slices.Clone(s.splits), func(d Dim) bool {
		return d != whole && !slices.ContainsFunc(columns, func(c column) bool { return slices.Contains(c.cuts, d) })
	})
	return s
}

// What the templates ask.

// BySection tells whether parts of a report by section are asked for.
func (s shape) BySection() bool { return s.has(BySection) }

// Cut is the one cut that is asked for, empty if there is none.
func (s shape) Cut() Dim { return s.splits[0] }

// Whole tells that nothing but totals is asked for.
func (s shape) Whole() bool { return slices.Equal(s.splits, []Dim{whole}) }

// Splits are whole, or the cuts that are asked for.
func (s shape) Splits() []Dim { return s.splits }

// Several tells that more than one split is asked for.
func (s shape) Several() bool { return len(s.splits) > 1 }

// ByPerson tells that accidents are split by something of their victims.
func (s shape) ByPerson() bool {
	return slices.Contains(s.splits, BySex) || slices.Contains(s.splits, ByAgeGroup)
}

// Facts are the columns that the earliest declaration of an accident gives: no more than are
// asked for, because the engine takes longer over a query the more it names.
func (s shape) Facts() []string {
	facts := []string{"stat_year", "commuting"}
	for _, d := range []Dim{ByMonth, ByProvince, BySection} {
		if s.has(d) {
			facts = append(facts, dimension[d]...)
		}
	}
	for _, d := range []Dim{ByCause, ByFactor} {
		if slices.Contains(s.splits, d) {
			facts = append(facts, string(d))
		}
	}
	if s.Inquired() {
		facts = append(facts, "filed_at")
	}
	return facts
}

// Parts are the splits of a form in the order asked for; by sex there are two of each.
func (s shape) Parts() []part {
	var parts []part
	for _, d := range s.splits {
		if d == BySex {
			parts = append(parts, part{d, Female}, part{d, Rest})
			continue
		}
		parts = append(parts, part{d, ""})
	}
	return parts
}

// part is a split of a form, or one member of it.
type part struct {
	Split  Dim
	Member string
}

// Block is the block of Annex XII that has the rows of the split; empty if it has none.
func (p part) Block() string { return map[Dim]string{ByCause: "1.1", ByFactor: "1.2"}[p.Split] }

// Form are the asked columns of the forms.
func (s shape) Form() []formColumn {
	var columns []formColumn
	for _, f := range form {
		if slices.Contains(s.measures, f.measure) {
			columns = append(columns, formColumn{f, true})
		}
	}
	return columns
}

// Annex are the asked columns of Annex XII: those of the forms, those of its block 2, which
// has no rows by cause or factor, and the workers.
func (s shape) Annex() []formColumn {
	columns := s.Form()
	for _, f := range form {
		if c := f.commuting(); slices.Contains(s.measures, c.measure) {
			columns = append(columns, formColumn{c, false})
		}
	}
	if slices.Contains(s.measures, workers.measure) {
		columns = append(columns, formColumn{workers, false})
	}
	return columns
}

// formColumn is a column of a form; Rows tells that its rows have it too.
type formColumn struct {
	counted
	Rows bool
}

func (c formColumn) String() string { return c.column }

// Of writes a column within a part, in a format like "toInt64(%s)": all of it, the women of
// it, or the rest.
func (c formColumn) Of(p part, format string) string {
	write := func(column string) string { return fmt.Sprintf(format, column) }
	switch {
	case p.Split != BySex:
		return write(c.column)
	case c.women == "":
		return "toInt64(0)"
	case p.Member == Female:
		return write(c.women)
	}
	return write(c.column) + " - " + write(c.women)
}

// Kinds are the reports whose reporters are counted.
func (s shape) Kinds() []kindOwner { return s.owing.kinds }

// Covers tells that branches may be reported for.
func (s shape) Covers() bool {
	return coversBranches(s.owing.kinds)
}

// Settings of every read of current tables. FINAL works on each partition alone, so all
// rows of a report must lie in one: see InsertCurrent. PREWHERE before FINAL would
// choose by values that an amendment has replaced. Compiling expressions takes a tenth of a second at the
// third use of a query, more than it ever saves.
const finalSettings = `
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0`

// cellSQL writes the query. All values are parameters; the text depends only on which
// measures and dimensions are asked for. Several rows may be of one cell. It is empty where no
// source says anything of the measures, as of a second half-year that nobody reports on.
func cellSQL(q CellQuery) (string, error) {
	if q.Basis != Live {
		return closedSQL(q)
	}
	employment := field{name: "of_employment", expression: "''"}
	if slices.Contains(q.GroupBy, ByEmployment) {
		employment.expression = "cell.2"
	}
	cells, err := liveCells(shapeOf(q), append(answer(q), employment, field{name: "total", expression: "cell.3"}), conditions(q))
	if err != nil || cells == "" {
		return "", err
	}
	return cells + finalSettings, nil
}

func closedSQL(q CellQuery) (string, error) {
	cells, err := execute("closed", shapeOf(q))
	if err != nil {
		return "", err
	}
	fields := append([]field{{"measure", "measure", true}}, answer(q)...)
	fields = append(fields, q.field(ByEmployment, "of_employment", "''", "toString(employment)"), field{name: "total", expression: "sum(value)"})
	return selectFrom(cells, fields, closedConditions(q)), nil
}

// field is a column of an answer; grouped tells that rows are added up by it. Without an
// expression they are, and the answer does not say it.
type field struct {
	name, expression string
	grouped          bool
}

func (f field) String() string {
	if f.name == f.expression {
		return f.name
	}
	return f.expression + " AS " + f.name
}

// selectFrom writes a SELECT of fields.
func selectFrom(rows string, fields []field, where []string) string {
	var selected, grouped []string
	for _, f := range fields {
		if f.expression != "" {
			selected = append(selected, f.String())
		}
		if f.grouped {
			grouped = append(grouped, f.name)
		}
	}
	text := fmt.Sprintf("SELECT\n    %s\nFROM\n(\n%s\n)", strings.Join(selected, ",\n    "), indent(rows))
	if len(where) > 0 {
		text += "\nWHERE " + strings.Join(where, "\n    AND ")
	}
	if len(grouped) > 0 {
		text += "\nGROUP BY " + strings.Join(grouped, ", ")
	}
	return text
}

func shapeOf(q CellQuery) shape {
	s := shape{
		dims: slices.Clone(q.GroupBy), measures: q.Measures, splits: []Dim{q.Cut()}, HalfYear: q.Span == FirstHalf, Until: q.Basis == Earlier,
		sources: sourcesOf(q.Span), owing: q.owing,
	}
	if q.Span != Year && !s.has(ByMonth) {
		s.dims = append(s.dims, ByMonth)
	}
	return s
}

// field is a dimension's column in the answer; none stands for one not asked for.
func (q CellQuery) field(d Dim, name, none, expression string) field {
	if slices.Contains(q.GroupBy, d) {
		return field{name, expression, true}
	}
	return field{name: name, expression: none}
}

// answer returns the columns between measure and employment, in the order of Cell. Their
// names differ from those of cells: ClickHouse would take an alias for a column.
func answer(q CellQuery) []field {
	list, code := provinceExpressions(q.Geography)
	return []field{
		q.field(ByYear, "of_year", "toUInt16(0)", "toUInt16(stat_year)"),
		q.field(ByMonth, "of_month", "toUInt8(0)", "toUInt8(month)"),
		q.field(ByProvince, "of_list", "''", list),
		q.field(ByProvince, "of_province", "''", code),
		q.field(BySection, "of_version", "''", "toString(vsic_version)"),
		q.field(BySection, "of_section", "''", "toString(vsic_section)"),
		q.field(q.Cut(), "of_member", "''", "toString(member)"),
	}
}

func provinceExpressions(g Geography) (list, code string) {
	if g.list == "" {
		return "toString(province_list)", "toString(province_code)"
	}
	return "{list:String}", "transform(concat(province_list, '/', province_code), {reported:Array(String)}, {units:Array(String)}, '')"
}

// months of a span, for events.
var months = map[Span][2]int{Year: {1, 12}, FirstHalf: {1, 6}, SecondHalf: {7, 12}}

// conditions choose among the cells. Live cells are made for the question; every
// condition that they need not meet again saves milliseconds of analysis.
func conditions(q CellQuery) []string {
	var all []string
	if q.Span != Year {
		all = append(all, "(period != 'E' OR "+inMonths(q.Span)+")")
	}
	if q.within != nil {
		all = append(all, placeReached)
	}
	return all
}

func closedConditions(q CellQuery) []string {
	all := []string{"measure IN {measures:Array(String)}", "stat_year BETWEEN {from:UInt16} AND {to:UInt16}"}
	if q.Span == Year {
		all = append(all, "period IN ('Y', 'E')")
	} else {
		all = append(all, fmt.Sprintf("(period = '%s' OR period = 'E' AND %s)", q.Span, inMonths(q.Span)))
	}
	// Every thing counted is stored once in total and once in each cut, or once for all in
	// '*' cells: what is left of a year, and what closings of before there were other cuts than
	// the cause hold.
	all = append(all, fmt.Sprintf("split IN ('*', '%s')", q.Cut()))
	if q.within != nil {
		all = append(all, placeReached)
	}
	return all
}

func inMonths(span Span) string {
	return fmt.Sprintf("month BETWEEN %d AND %d", months[span][0], months[span][1])
}

func (s *Store) cellParameters(q CellQuery) parameters {
	p := parameters{"measures": q.Measures, "from": q.From, "to": q.To, "periods": []string{string(q.Span)}, "today": dayText(q.moment())}
	s.addLists(p)
	if q.Geography.list != "" {
		p["list"], p["reported"], p["units"] = string(q.Geography.list), q.Geography.from, q.Geography.to
	}
	if q.within != nil {
		p["reach"] = q.within
	}
	if q.Basis == Earlier {
		p["until"] = q.Until
	}
	q.owing.bind(p)
	return p
}

// addLists adds the code lists that cuts need: where the classes of establishments begin,
// and the lists of injury factors whose codes are those of Annex XII. Whoever reports no
// workers is in no class.
func (s *Store) addLists(p parameters) {
	least, classes := []int64{0}, []string{""}
	for _, c := range s.config.Seeds.WorkerClasses() {
		least, classes = append(least, c.Least), append(classes, c.Code)
	}
	p["class_from"], p["classes"] = least, classes
	p["factor_lists"] = []string{seeds.FactorListAnnexXII, seeds.FactorListProposed}
}

func execute(file string, s shape) (string, error) {
	var b bytes.Buffer
	if err := cellTemplates().ExecuteTemplate(&b, file+".sql", s); err != nil {
		return "", fmt.Errorf("write query %s: %w", file, err)
	}
	return strings.TrimSpace(b.String()), nil
}

func indent(text string) string { return "    " + strings.ReplaceAll(text, "\n", "\n    ") }
