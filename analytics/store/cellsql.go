package store

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"
)

// dimension gives the columns of a cell that a dimension needs.
var dimension = map[Dim][]string{
	ByYear:       nil, // always there
	ByMonth:      {"month"},
	ByProvince:   {"province_list", "province_code"},
	BySection:    {"vsic_version", "vsic_section"},
	ByCause:      {"cause"},
	ByEmployment: {"employment"},
}

var cellTemplates = sync.OnceValue(func() *template.Template {
	functions := template.FuncMap{"add": func(a, b int) int { return a + b }}
	return template.Must(template.New("cell").Funcs(functions).ParseFS(sqlFiles, "sql/cell/*.sql", "sql/obligation/filed.sql", "sql/obligation/decided.sql"))
})

// shape is what a source's SELECT depends on.
type shape struct {
	dims     []Dim
	measures []string
	byCause  bool
	// HalfYear, for closed cells: only the first half is asked for.
	HalfYear bool
	// Until, for closed cells: closings as of a later moment are not looked at.
	Until bool
	// sources are read for live cells.
	sources []source
	owing   owing
}

func (s shape) has(d Dim) bool { return slices.Contains(s.dims, d) }

// ByCause, BySection and Form are what the templates ask.
func (s shape) ByCause() bool   { return s.byCause }
func (s shape) BySection() bool { return s.has(BySection) }
func (s shape) Form() []string {
	var columns []string
	for _, f := range form {
		if slices.Contains(s.measures, f.measure) || slices.Contains(s.measures, Commuting(f.measure)) {
			columns = append(columns, f.column)
		}
	}
	return columns
}

// Kinds are the reports whose reporters are counted. Covers: branches may be reported for.
func (s shape) Kinds() []kindOwner { return s.owing.kinds }
func (s shape) Covers() bool       { return coversBranches(s.owing.kinds) }

// Facts are what the earliest declaration says of an accident.
func (s shape) Facts() []string {
	return []string{"stat_year", "month", "province_list", "province_code", "vsic_version", "vsic_section", "cause", "commuting"}
}

// Settings of every read of current tables. FINAL works on each partition alone, so all
// rows of a report must lie in one: see InsertCurrent. PREWHERE before FINAL would
// choose by values that an amendment has replaced. Compiling expressions takes a tenth of a second at the
// third use of a query, more than it ever saves.
const finalSettings = `
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0`

// cellSQL writes the query and its parameters. All values are parameters; the text
// depends only on which measures and dimensions are asked for. It is empty where no source
// says anything of the measures, as of a second half-year that nobody reports on.
func cellSQL(q CellQuery) (string, parameters, error) {
	s := shapeOf(q)
	from, settings, err := cellsFrom(q, s)
	if err != nil || from == "" {
		return "", nil, err
	}
	selected := []string{"measure"}
	grouped := []string{"measure"}
	for _, c := range answer(q) {
		expression := c.none
		if slices.Contains(q.GroupBy, c.dim) {
			expression = c.expression
			grouped = append(grouped, c.name)
		}
		selected = append(selected, expression+" AS "+c.name)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "SELECT\n    %s,\n    sum(value) AS total\nFROM\n(\n%s\n)\n", strings.Join(selected, ",\n    "), indent(from))
	if all := conditions(q, s); len(all) > 0 {
		fmt.Fprintf(&b, "WHERE %s\n", strings.Join(all, "\n    AND "))
	}
	fmt.Fprintf(&b, "GROUP BY %s", strings.Join(grouped, ", "))
	b.WriteString(settings)
	return b.String(), cellParameters(q), nil
}

func shapeOf(q CellQuery) shape {
	s := shape{dims: slices.Clone(q.GroupBy), measures: q.Measures, HalfYear: q.Span == FirstHalf, Until: q.Basis == Earlier, sources: sourcesOf(q.Span), owing: q.owing}
	if q.Span != Year && !s.has(ByMonth) {
		s.dims = append(s.dims, ByMonth)
	}
	s.byCause = s.has(ByCause)
	return s
}

// answerColumn is a column of the answer; none stands for a dimension not asked for.
type answerColumn struct {
	dim                    Dim
	name, none, expression string
}

// answer returns the columns between measure and value, in the order of Cell. Their
// names differ from those of cells: ClickHouse would take an alias for a column.
func answer(q CellQuery) []answerColumn {
	list, code := provinceExpressions(q.Geography)
	return []answerColumn{
		{ByYear, "of_year", "toUInt16(0)", "toUInt16(stat_year)"},
		{ByMonth, "of_month", "toUInt8(0)", "toUInt8(month)"},
		{ByProvince, "of_list", "''", list},
		{ByProvince, "of_province", "''", code},
		{BySection, "of_version", "''", "toString(vsic_version)"},
		{BySection, "of_section", "''", "toString(vsic_section)"},
		{ByCause, "of_cause", "''", "toString(cause)"},
		{ByEmployment, "of_employment", "''", "toString(employment)"},
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
func conditions(q CellQuery, s shape) []string {
	if q.Basis != Live {
		return closedConditions(q, s)
	}
	var all []string
	if q.Span != Year {
		all = append(all, "(period != 'E' OR "+inMonths(q.Span)+")")
	}
	if q.within != nil {
		all = append(all, placeReached)
	}
	return all
}

func closedConditions(q CellQuery, s shape) []string {
	all := []string{"measure IN {measures:Array(String)}", "stat_year BETWEEN {from:UInt16} AND {to:UInt16}"}
	if q.Span == Year {
		all = append(all, "period IN ('Y', 'E')")
	} else {
		all = append(all, fmt.Sprintf("(period = '%s' OR period = 'E' AND %s)", q.Span, inMonths(q.Span)))
	}
	// '*' cells hold every dimension at once; the others are stored once in total and
	// once by cause.
	if s.byCause {
		all = append(all, "split IN ('*', 'cause')")
	} else {
		all = append(all, "split IN ('*', '')")
	}
	if q.within != nil {
		all = append(all, placeReached)
	}
	return all
}

func inMonths(span Span) string {
	return fmt.Sprintf("month BETWEEN %d AND %d", months[span][0], months[span][1])
}

func cellParameters(q CellQuery) parameters {
	p := parameters{"measures": q.Measures, "from": q.From, "to": q.To, "periods": []string{string(q.Span)}}
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

func cellsFrom(q CellQuery, s shape) (from, settings string, err error) {
	if q.Basis != Live {
		from, err = execute("closed", s)
		return from, "", err
	}
	from, err = liveCells(s)
	return from, finalSettings, err
}

// liveCells returns the SELECTs of the sources that the measures need.
func liveCells(s shape) (string, error) {
	var all []string
	for _, src := range s.sources {
		columns := slices.DeleteFunc(src.columns, func(c column) bool { return !slices.Contains(s.measures, c.measure) })
		if len(columns) == 0 {
			continue
		}
		rows, err := execute(src.file, s)
		if err != nil {
			return "", err
		}
		all = append(all, unpivot(rows, columns, s.dims))
	}
	return strings.Join(all, "\nUNION ALL\n"), nil
}

// unpivot adds a source up per cell, all measures side by side, and then turns them
// into rows: thousands of cells are cheap to turn, millions of reports are not.
func unpivot(rows string, columns []column, dims []Dim) string {
	keys := []string{"stat_year", "period", "split"}
	for _, d := range []Dim{ByMonth, ByProvince, BySection, ByCause} {
		if slices.Contains(dims, d) {
			keys = append(keys, dimension[d]...)
		}
	}
	aggregates := make([]string, len(columns))
	tuples := make([]string, len(columns))
	for i, c := range columns {
		aggregates[i] = fmt.Sprintf("%s AS value_%d", c.expression, i)
		tuples[i] = fmt.Sprintf("('%s', '%s', toInt64(value_%d))", c.measure, c.employment, i)
	}
	list := strings.Join(keys, ", ")
	inner := fmt.Sprintf("SELECT %s,\n    %s\nFROM\n(\n%s\n)\nGROUP BY %s", list, strings.Join(aggregates, ",\n    "), indent(rows), list)
	return fmt.Sprintf("SELECT cell.1 AS measure, %s, cell.2 AS employment, cell.3 AS value\nFROM\n(\n%s\n)\nARRAY JOIN\n[\n    %s\n] AS cell\nWHERE cell.3 != 0",
		list, indent(inner), strings.Join(tuples, ",\n    "))
}

func execute(file string, s shape) (string, error) {
	var b bytes.Buffer
	if err := cellTemplates().ExecuteTemplate(&b, file+".sql", s); err != nil {
		return "", fmt.Errorf("write query %s: %w", file, err)
	}
	return strings.TrimSpace(b.String()), nil
}

func indent(text string) string { return "    " + strings.ReplaceAll(text, "\n", "\n    ") }
