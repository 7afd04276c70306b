package demo

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// errInfeasible: no whole numbers meet all the given sums and bounds.
var errInfeasible = errors.New("no such table")

// table asks for a two-way table of whole numbers with exact column sums, exact
// sums of some rows and an upper bound for every cell. It is a transport
// problem, so that a maximum flow finds a solution whenever there is one.
type table struct {
	cols []int
	// rows holds the exact sum of a fixed row, and the wished sum of a free one.
	rows  []int
	fixed []bool
	// most bounds the sum of a free row; nil: no bound.
	most []int
	// cell bounds a cell; nil: no bound.
	cell func(r, c int) int
}

const unbounded = math.MaxInt / 4

// solve fills the table close to proportion. It returns errInfeasible if, and
// only if, no table fits.
func (t table) solve() ([][]int, error) {
	f := newFill(t)
	f.proportional(true)
	f.augment(func(r int) int { return f.fixedRoom(r) })
	for r := range t.rows {
		if f.fixedRoom(r) > 0 {
			return nil, fmt.Errorf("row %d misses %d of %d: %w", r, f.fixedRoom(r), t.rows[r], errInfeasible)
		}
	}
	// From here on a path may pass through a fixed row but never ends in one, so
	// that the rows stay full.
	f.proportional(false)
	f.augment(func(r int) int { return f.freeRoom(r, t.rows[r]) })
	f.augment(func(r int) int { return min(f.freeRoom(r, unbounded), 1) })
	for c, left := range f.left {
		if left > 0 {
			return nil, fmt.Errorf("column %d misses %d of %d: %w", c, left, t.cols[c], errInfeasible)
		}
	}
	return f.x, nil
}

type fill struct {
	table
	x    [][]int
	left []int // of each column
	sum  []int // of each row
}

func newFill(t table) *fill {
	f := &fill{table: t, left: slices.Clone(t.cols), sum: make([]int, len(t.rows)), x: make([][]int, len(t.rows))}
	for r := range f.x {
		f.x[r] = make([]int, len(t.cols))
	}
	return f
}

func (f *fill) room(r, c int) int {
	if f.cell == nil {
		return unbounded
	}
	return f.cell(r, c) - f.x[r][c]
}

func (f *fill) fixedRoom(r int) int {
	if !f.fixed[r] {
		return 0
	}
	return f.rows[r] - f.sum[r]
}

func (f *fill) freeRoom(r, wish int) int {
	if f.fixed[r] {
		return 0
	}
	if f.most != nil {
		wish = min(wish, f.most[r])
	}
	return wish - f.sum[r]
}

func (f *fill) put(r, c, n int) {
	f.x[r][c] += n
	f.sum[r] += n
	f.left[c] -= n
}

// proportional fills the fixed or the free rows, rounding down.
func (f *fill) proportional(fixed bool) {
	open := slices.Clone(f.left)
	total := sum(open)
	if total == 0 {
		return
	}
	for r := range f.rows {
		if f.fixed[r] != fixed {
			continue
		}
		for c := range f.cols {
			rowRoom := f.rows[r] - f.sum[r]
			if !fixed {
				rowRoom = f.freeRoom(r, f.rows[r])
			}
			share := int(mulDiv(uint64(f.rows[r]), uint64(open[c]), uint64(total)))
			if n := min(share, f.left[c], f.room(r, c), rowRoom); n > 0 {
				f.put(r, c, n)
			}
		}
	}
}

// augment sends what is left of the columns to rows with room, moving what lies
// in the way, until no path is left.
func (f *fill) augment(room func(r int) int) {
	for start := 0; ; start++ {
		path := f.path(room, start%max(len(f.rows), 1))
		if path == nil {
			return
		}
		last := path[len(path)-1]
		n := min(f.left[path[0].col], room(last.row))
		for i, s := range path {
			n = min(n, f.room(s.row, s.col))
			if i > 0 {
				n = min(n, f.x[path[i-1].row][s.col])
			}
		}
		for i, s := range path {
			if i > 0 {
				f.x[path[i-1].row][s.col] -= n
			}
			f.x[s.row][s.col] += n
		}
		f.left[path[0].col] -= n
		f.sum[last.row] += n
	}
}

// step moves units of a column into a row.
type step struct{ col, row int }

// path finds a shortest alternating path from a column with something left to a
// row with room, looking at the rows from the given one on.
func (f *fill) path(room func(r int) int, from int) []step {
	colBefore := make([]int, len(f.cols)) // row the column was reached from
	rowBefore := make([]int, len(f.rows)) // column the row was reached from
	for c := range colBefore {
		colBefore[c] = -2
	}
	for r := range rowBefore {
		rowBefore[r] = -1
	}
	var queue []int
	for c := range f.cols {
		if f.left[c] > 0 {
			colBefore[c] = -1
			queue = append(queue, c)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		c := queue[0]
		for i := range f.rows {
			r := (from + i) % len(f.rows)
			if rowBefore[r] >= 0 || f.room(r, c) <= 0 {
				continue
			}
			rowBefore[r] = c
			if room(r) > 0 {
				return trace(rowBefore, colBefore, r)
			}
			for next := range f.cols {
				if colBefore[next] == -2 && f.x[r][next] > 0 {
					colBefore[next] = r
					queue = append(queue, next)
				}
			}
		}
	}
	return nil
}

func trace(rowBefore, colBefore []int, r int) []step {
	var path []step
	for r >= 0 {
		c := rowBefore[r]
		path = append(path, step{c, r})
		r = colBefore[c]
	}
	slices.Reverse(path)
	return path
}

// apportion splits a total in proportion to weights by largest remainder, no
// part beyond its bound (nil: no bounds), none below least. Ties go to the
// earlier part.
func apportion(total int, weights []int, least int, most []int) ([]int, error) {
	parts := make([]int, len(weights))
	for i := range parts {
		parts[i] = least
		if most != nil && most[i] < least {
			return nil, fmt.Errorf("part %d: bound %d is below %d: %w", i, most[i], least, errInfeasible)
		}
	}
	left := total - least*len(weights)
	if left < 0 {
		return nil, fmt.Errorf("total %d is below %d parts of %d: %w", total, len(weights), least, errInfeasible)
	}
	for left > 0 {
		spent := spread(left, weights, parts, most)
		if spent == 0 {
			return nil, fmt.Errorf("total %d exceeds the bounds by %d: %w", total, left, errInfeasible)
		}
		left -= spent
	}
	return parts, nil
}

// spread gives out at most n to the parts that have room, and returns how much.
func spread(n int, weights, parts, most []int) int {
	room := func(i int) int {
		if most == nil {
			return unbounded
		}
		return most[i] - parts[i]
	}
	type share struct {
		part      int
		remainder uint64
	}
	var open []share
	var total uint64
	for i, w := range weights {
		if room(i) > 0 && w > 0 {
			open = append(open, share{part: i})
			total += uint64(w)
		}
	}
	spent := 0
	for k := range open {
		i := open[k].part
		whole, remainder := mulDivMod(uint64(n), uint64(weights[i]), total)
		give := min(int(whole), room(i))
		parts[i] += give
		spent += give
		open[k].remainder = remainder
	}
	slices.SortStableFunc(open, func(a, b share) int { return cmp.Compare(b.remainder, a.remainder) })
	// At most one each: what bounds withheld goes round again in proportion.
	for k := 0; k < len(open) && spent < n; k++ {
		if i := open[k].part; room(i) > 0 {
			parts[i]++
			spent++
		}
	}
	return spent
}

func mulDiv(a, b, c uint64) uint64 { q, _ := mulDivMod(a, b, c); return q }

// mulDivMod returns a*b/c and the remainder; b must not exceed c.
func mulDivMod(a, b, c uint64) (quotient, remainder uint64) {
	high, low := bits.Mul64(a, b)
	return bits.Div64(high, low, c)
}

func sum(values []int) int {
	total := 0
	for _, v := range values {
		total += v
	}
	return total
}
