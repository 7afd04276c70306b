package report

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// program is the arithmetic of a kind, worked out once for its Go type: every number
// that a check uses is read once a report, and every sum over a list is made once.
type program struct {
	tables []table
	checks []tested
	frames sync.Pool
}

// table is an object or a list that checks look into. An object is a list of one.
type table struct {
	at      string // pointer
	path    []*form
	object  *form // of a row
	list    bool
	columns []cell
	filters []*rowFilter // the first admits every row
}

// cell is one number of every row.
type cell struct {
	name string // within the row; "" counts rows
	path []*form
	// given is whether it is there, as 1 or 0, in place of the number.
	given bool
}

type rowFilter struct {
	*Filter
	path []*form
}

// tested is one check at one place and of one column.
type tested struct {
	rule  *RuleInfo
	each  int // table whose rows it is made for; once: of the report
	where int // filter of that table
	when  []condition
	left  []operand
	per   []operand
	right []operand
	is    Relation
	at    target
	args  []string
	// only is the list that all numbers are from: the check holds if that is empty, as in
	// most reports. none: it must always be made.
	only int
	term term // the column's name
}

type condition struct {
	sum []operand
	is  SumState
}

// operand is a number of the frame.
type operand struct {
	table, column int
	filter        int // ofRow: the number of the row that the check is made for
	times         int64
	number        int64 // where table is none
}

// target is where a finding points.
type target struct {
	table, filter int // filter ofRow: the row that the check is made for
	member        string
}

const (
	once  = -1 // in place of a table: the report as a whole
	none  = -1 // in place of a table: a given number
	ofRow = -1 // in place of a filter
)

// compile works the arithmetic of some rules out for the form of a content. It panics
// on a pointer that leads nowhere: a mistake in a table of rules.
func compile(content *form, rules []*RuleInfo) *program {
	p := &program{}
	for _, r := range rules {
		for _, each := range orOnce(r.Arithmetic.Each) {
			for _, column := range orNone(r.Arithmetic.Columns) {
				p.add(content, r, each, column)
			}
		}
	}
	p.frames.New = func() any { return newFrame(p) }
	return p
}

func orOnce(each []string) []string {
	if len(each) == 0 {
		return []string{""}
	}
	return each
}

func orNone(columns []ColumnName) []ColumnName {
	if len(columns) == 0 {
		return []ColumnName{{}}
	}
	return columns
}

func (p *program) add(content *form, r *RuleInfo, each string, column ColumnName) {
	a := r.Arithmetic
	at := compiler{p: p, content: content, column: column.Name, each: once}
	k := tested{rule: r, each: once, is: a.Relation, args: a.Arguments, term: term{column.NameVI, column.NameEN}}
	if each != "" {
		at.each = p.table(content, strings.TrimSuffix(each, "/*"), strings.HasSuffix(each, "/*"))
		k.each, k.where = at.each, p.filter(at.each, a.Where)
	}
	for _, w := range a.When {
		k.when = append(k.when, condition{at.operands(w.Sum, w.Is == Given), w.Is})
	}
	k.left, k.per, k.right = at.operands(a.Left, false), at.operands(a.Per, false), at.operands(a.Right, false)
	k.at = at.target(a.At)
	k.only = p.only(&k)
	p.checks = append(p.checks, k)
}

// only returns the list that all numbers of a check are from, none where there are
// others. With an empty list both sides are zero, and zero stands in every relation to
// zero.
func (p *program) only(k *tested) int {
	list := none
	sides := [][]operand{k.left, k.right, k.per}
	for _, when := range k.when {
		sides = append(sides, when.sum)
	}
	for _, o := range slices.Concat(sides...) {
		if o.table == none || !p.tables[o.table].list || list != none && list != o.table {
			return none
		}
		list = o.table
	}
	return list
}

// compiler resolves the pointers of one check.
type compiler struct {
	p       *program
	content *form
	column  string
	each    int
}

func (c *compiler) operands(terms []Term, given bool) []operand {
	var all []operand
	for _, t := range terms {
		o := operand{table: none, number: t.Number, times: t.Times}
		if o.times == 0 {
			o.times = 1
		}
		if t.Pointer != "" {
			table, member, list := c.resolve(t.Pointer)
			o.table, o.column, o.filter = table, c.p.cell(table, member, given), ofRow
			if list {
				o.filter = c.p.filter(table, t.Where)
			}
		}
		all = append(all, o)
	}
	return all
}

func (c *compiler) target(place Spot) target {
	table, member, list := c.resolve(place.Pointer)
	if !list {
		return target{table, ofRow, member}
	}
	return target{table, c.p.filter(table, place.Where), member}
}

// resolve returns the table of a pointer and the member within its rows. list tells
// that the pointer goes over a list of its own, or over the report as a whole, and not
// into the row that the check is made for.
func (c *compiler) resolve(pointer string) (table int, member string, list bool) {
	pointer = strings.ReplaceAll(pointer, "{column}", c.column)
	if !strings.HasPrefix(pointer, "/") {
		return c.each, pointer, false
	}
	if place, rest, over := strings.Cut(pointer, "/*"); over {
		return c.p.table(c.content, place, true), strings.TrimPrefix(rest, "/"), true
	}
	return c.p.table(c.content, "/content", false), strings.TrimPrefix(pointer, "/content/"), true
}

// table returns the number of the table at a pointer.
func (p *program) table(content *form, at string, list bool) int {
	for i := range p.tables {
		if p.tables[i].at == at && p.tables[i].list == list {
			return i
		}
	}
	path := content.path(at, segments(at)[1:])
	t := table{at: at, path: path, object: content, list: list, filters: []*rowFilter{nil}}
	if len(path) > 0 {
		t.object = path[len(path)-1]
	}
	if list {
		t.object = t.object.elem
	}
	p.tables = append(p.tables, t)
	return len(p.tables) - 1
}

// cell returns the number of a column of a table.
func (p *program) cell(table int, name string, given bool) int {
	t := &p.tables[table]
	for i, c := range t.columns {
		if c.name == name && c.given == given {
			return i
		}
	}
	c := cell{name: name, given: given}
	if name != "" {
		c.path = t.object.path(t.at+"/"+name, strings.Split(name, "/"))
	}
	if name != "" && !given && c.path[len(c.path)-1].kind != numberForm {
		panic("report: no number at " + t.at + " " + name)
	}
	t.columns = append(t.columns, c)
	return len(t.columns) - 1
}

// filter returns the number of a filter of a table.
func (p *program) filter(table int, f *Filter) int {
	if f == nil {
		return 0
	}
	t := &p.tables[table]
	for i, known := range t.filters[1:] {
		if known.Member == f.Member && slices.Equal(known.Is, f.Is) && slices.Equal(known.Not, f.Not) {
			return i + 1
		}
	}
	path := t.object.path(t.at+"/"+f.Member, strings.Split(f.Member, "/"))
	if path[len(path)-1].kind != textForm {
		panic("report: no text at " + t.at + " " + f.Member)
	}
	t.filters = append(t.filters, &rowFilter{f, path})
	if len(t.filters) > maxFilters {
		panic("report: too many filters on " + t.at)
	}
	return len(t.filters) - 1
}

// path returns the forms of the members that lead to a place.
func (f *form) path(pointer string, segments []string) []*form {
	path, ok := f.locate(segments)
	if !ok {
		panic(fmt.Sprintf("report: arithmetic on %s, which does not exist", pointer))
	}
	return path
}

// locate is path for names that may not exist.
func (f *form) locate(segments []string) ([]*form, bool) {
	var path []*form
	for _, s := range segments {
		if f.kind != objectForm || f.byName[s] == nil {
			return nil, false
		}
		f = f.byName[s]
		path = append(path, f)
	}
	return path, true
}

// follow returns the value at the end of a path; not valid where a pointer is nil.
func follow(v reflect.Value, path []*form) reflect.Value {
	for _, m := range path {
		if !v.IsValid() {
			return v
		}
		v = m.value(v)
	}
	return v
}
