package demo

import "fmt"

// cell is a group of accidents taken apart into counts that are free of each
// other but for a few bounds; any such counts belong to real accidents.
type cell struct {
	fatal    int // accidents with a death
	nonfatal int // accidents without
	multi    int // accidents with two victims or more
	more     int // victims beyond the second of those
	deaths   int // deaths beyond the first of each fatal accident
	serious  int // persons
	women    int // persons
}

// cells are the columns that every table of a year has.
const columns = 4 // contract H1, contract H2, no contract H1, no contract H2

func columnOf(p Part, secondHalf bool) int {
	c := 0
	if p == NoContract {
		c = 2
	}
	if secondHalf {
		c++
	}
	return c
}

// cell takes the figures of a period and part apart.
func (f *figures) cell(period string, p Part) cell {
	at := func(m Metric) int { return f.at(period, m, p) }
	return cell{
		fatal: at(FatalAccidents), nonfatal: at(Accidents) - at(FatalAccidents), multi: at(Multi),
		more: at(Victims) - at(Accidents) - at(Multi), deaths: at(Deaths) - at(FatalAccidents),
		serious: at(Serious), women: at(Women),
	}
}

// columns returns the year's cells by part and half.
func (f *figures) columns() ([columns]cell, error) {
	var cols [columns]cell
	for _, p := range []Part{Contract, NoContract} {
		first, whole := f.cell(half, p), f.cell(year, p)
		cols[columnOf(p, false)], cols[columnOf(p, true)] = first, whole.less(first)
	}
	for i, c := range cols {
		if err := c.check(); err != nil {
			return cols, fmt.Errorf("%d, column %d: %w", f.year, i, err)
		}
	}
	return cols, nil
}

func (c cell) accidents() int { return c.fatal + c.nonfatal }
func (c cell) victims() int   { return c.accidents() + c.multi + c.more }
func (c cell) survivors() int { return c.victims() - c.fatal - c.deaths }

// deathRoom bounds the deaths beyond the first: they need accidents that are
// both fatal and with several victims.
func (c cell) deathRoom() int {
	if c.fatal == 0 || c.multi == 0 {
		return 0
	}
	return min(c.fatal, c.multi) + c.more
}

// check returns why no accidents have these counts.
func (c cell) check() error {
	for _, v := range []int{c.fatal, c.nonfatal, c.multi, c.more, c.deaths, c.serious, c.women} {
		if v < 0 {
			return fmt.Errorf("%+v: a count is negative", c)
		}
	}
	switch {
	case c.multi > c.accidents():
		return fmt.Errorf("%+v: more accidents with several victims than accidents", c)
	case c.more > 0 && c.multi == 0:
		return fmt.Errorf("%+v: more victims than accidents but none with several victims", c)
	case c.deaths > c.deathRoom():
		return fmt.Errorf("%+v: the deaths do not fit into the accidents with several victims", c)
	case c.serious > c.survivors():
		return fmt.Errorf("%+v: more dead and seriously injured than victims", c)
	case c.women > c.victims():
		return fmt.Errorf("%+v: more women than victims", c)
	}
	return nil
}

func (c cell) less(o cell) cell {
	return cell{c.fatal - o.fatal, c.nonfatal - o.nonfatal, c.multi - o.multi, c.more - o.more,
		c.deaths - o.deaths, c.serious - o.serious, c.women - o.women}
}

// share returns num/den of every count, rounded down.
func (c cell) share(num, den int) cell {
	of := func(v int) int { return v * num / den }
	return cell{of(c.fatal), of(c.nonfatal), of(c.multi), of(c.more), of(c.deaths), of(c.serious), of(c.women)}
}

func (c cell) metrics() map[Metric]int {
	return map[Metric]int{
		Accidents: c.accidents(), Victims: c.victims(), FatalAccidents: c.fatal, Deaths: c.fatal + c.deaths,
		Serious: c.serious, Women: c.women, Multi: c.multi,
	}
}
