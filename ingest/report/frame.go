package report

import (
	"reflect"
	"slices"
	"strconv"
)

// frame holds the numbers of one report that a program needs.
type frame struct{ tables []filled }

// filled is a table with its values.
type filled struct {
	rows  int
	width int
	cells []int64 // row by row
	masks []mask  // of every row: the filters that admit it
	sums  []int64 // filter by filter
	first []int   // of every filter: the first row it admits, −1: none
}

// mask is a set of filters.
type mask uint32

const maxFilters = 32

func newFrame(p *program) *frame {
	f := &frame{tables: make([]filled, len(p.tables))}
	for i := range p.tables {
		t := &p.tables[i]
		f.tables[i] = filled{width: len(t.columns), sums: make([]int64, len(t.columns)*len(t.filters)), first: make([]int, len(t.filters))}
	}
	return f
}

// run makes every check of the program on a content.
func (p *program) run(c *check, content reflect.Value) {
	if len(p.checks) == 0 {
		return
	}
	f := p.frames.Get().(*frame)
	defer p.frames.Put(f)
	for i := range p.tables {
		f.tables[i].fill(&p.tables[i], content)
	}
	for i := range p.checks {
		k := &p.checks[i]
		if k.only != none && f.tables[k.only].rows == 0 {
			continue
		}
		if k.each == once {
			p.hold(c, f, k, 0)
			continue
		}
		rows := &f.tables[k.each]
		for row := range rows.rows {
			if rows.masks[row]&(1<<k.where) != 0 {
				p.hold(c, f, k, row)
			}
		}
	}
}

func (t *filled) fill(of *table, content reflect.Value) {
	clear(t.sums)
	for i := range t.first {
		t.first[i] = -1
	}
	t.rows, t.cells, t.masks = 0, t.cells[:0], t.masks[:0]
	v := follow(content, of.path)
	switch {
	case !v.IsValid():
	case of.list:
		for i := range v.Len() {
			t.add(of, v.Index(i))
		}
	default:
		t.add(of, v)
	}
}

// add reads one row.
func (t *filled) add(of *table, v reflect.Value) {
	start := len(t.cells)
	for i := range of.columns {
		t.cells = append(t.cells, of.columns[i].read(v))
	}
	admitted := mask(1)
	for i, f := range of.filters[1:] {
		if f.admits(v) {
			admitted |= 1 << (i + 1)
		}
	}
	t.masks = append(t.masks, admitted)
	row := t.cells[start:]
	for i := range t.first {
		if admitted&(1<<i) == 0 {
			continue
		}
		if t.first[i] < 0 {
			t.first[i] = t.rows
		}
		sums := t.sums[i*t.width:][:len(row)]
		for j, n := range row {
			sums[j] += n
		}
	}
	t.rows++
}

func (c *cell) read(v reflect.Value) int64 {
	if c.name == "" {
		return 1
	}
	v = follow(v, c.path)
	switch {
	case !v.IsValid():
		return 0
	case c.given:
		return 1
	default:
		return int64(v.Uint()) // at most MaxNumber
	}
}

func (f *rowFilter) admits(v reflect.Value) bool {
	text := ""
	if v = follow(v, f.path); v.IsValid() {
		text = v.String()
	}
	if len(f.Is) > 0 {
		return slices.Contains(f.Is, text)
	}
	return !slices.Contains(f.Not, text)
}

func (f *frame) sum(operands []operand, row int) (sum int64) {
	for i := range operands {
		sum += operands[i].times * f.value(&operands[i], row)
	}
	return sum
}

func (f *frame) value(o *operand, row int) int64 {
	if o.table == none {
		return o.number
	}
	t := &f.tables[o.table]
	if o.filter == ofRow {
		return t.cells[row*t.width+o.column]
	}
	return t.sums[o.filter*t.width+o.column]
}

func (f *frame) holds(when *condition, row int) bool {
	switch n := f.sum(when.sum, row); when.is {
	case Zero:
		return n == 0
	case Positive:
		return n > 0
	default:
		return n == int64(len(when.sum))
	}
}

// hold makes a check for a row and reports its breach.
func (p *program) hold(c *check, f *frame, k *tested, row int) {
	for i := range k.when {
		if !f.holds(&k.when[i], row) {
			return
		}
	}
	left, right := f.sum(k.left, row), f.sum(k.right, row)
	if k.per != nil {
		per := f.sum(k.per, row)
		if per == 0 {
			return
		}
		left /= per
	}
	if k.is == Equal && left == right || k.is == AtMost && left <= right || k.is == AtLeast && left >= right {
		return
	}
	c.rule = k.rule
	at, ok := p.pointer(f, &k.at, row)
	if !ok || !c.inForce() || p.unread(c, k, row) {
		return
	}
	c.hit(at, k.arguments(f, row, left, right)...)
}

func (p *program) pointer(f *frame, at *target, row int) (string, bool) {
	t := &p.tables[at.table]
	if at.filter != ofRow {
		row = f.tables[at.table].first[at.filter]
	}
	if row < 0 {
		return "", false
	}
	return t.pointer(row, at.member), true
}

// pointer returns that of a member of a row; of the row itself without one.
func (t *table) pointer(row int, member string) string {
	at := t.at
	if t.list {
		at = pointerIndex(at, row)
	}
	if member == "" {
		return at
	}
	return at + "/" + member
}

// arguments fill the messages. What no filer has sent is the platform's.
func (k *tested) arguments(f *frame, row int, left, right int64) []any {
	given := func(n int64, side []operand) any {
		for i := range side {
			if side[i].table != none {
				return n
			}
		}
		return ours{n}
	}
	args := make([]any, len(k.args))
	for i, name := range k.args {
		switch name {
		case "column":
			args[i] = k.term
		case "left":
			args[i] = given(left, k.left)
		case "right":
			args[i] = given(right, k.right)
		default: // left.0
			n, _ := strconv.Atoi(name[len("left."):])
			args[i] = f.value(&k.left[n], row)
		}
	}
	return args
}

// unread tells whether a value that the check uses was not read.
func (p *program) unread(c *check, k *tested, row int) bool {
	if len(c.damaged) == 0 {
		return false
	}
	for _, side := range [...][]operand{k.left, k.per, k.right} {
		if p.anyUnread(c, side, row) {
			return true
		}
	}
	for i := range k.when {
		if p.anyUnread(c, k.when[i].sum, row) {
			return true
		}
	}
	return false
}

func (p *program) anyUnread(c *check, operands []operand, row int) bool {
	for i := range operands {
		if o := &operands[i]; o.table != none && p.operandUnread(c, o, row) {
			return true
		}
	}
	return false
}

// operandUnread: a sum over a list needs every element of it, because one that was not
// read may belong to the sum.
func (p *program) operandUnread(c *check, o *operand, row int) bool {
	t := &p.tables[o.table]
	name := t.columns[o.column].name
	if o.filter == ofRow || !t.list {
		return c.broken(t.pointer(row, name))
	}
	for _, d := range c.damaged {
		if below(t.at, d) {
			return true
		}
		if !below(d, t.at) {
			continue
		}
		switch _, member := cutRow(d[len(t.at):]); {
		case member == "", name != "" && related(member, name):
			return true
		case o.filter > 0 && related(member, t.filters[o.filter].Member):
			return true
		}
	}
	return false
}

// cutRow splits "/3/victims" into "3" and "victims".
func cutRow(rest string) (row, member string) {
	rest = rest[1:]
	for i := range len(rest) {
		if rest[i] == '/' {
			return rest[:i], rest[i+1:]
		}
	}
	return rest, ""
}

// related tells whether one name is at or below the other.
func related(a, b string) bool { return below(a, b) || below(b, a) }
