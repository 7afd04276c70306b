package demo

import (
	"fmt"

	"atvsld/seeds"
)

// provincial splits a year's national cells over the provinces: exactly for the
// provinces that have printed figures, by weight for the rest. The order
// matters: the bounds of a count depend on those before it.
func (g *generator) provincial(of int, cols [columns]cell) ([][columns]cell, error) {
	var known [provinceCount]map[Metric]int
	for i, p := range g.geo.provinces {
		known[i] = map[Metric]int{}
		for _, m := range metrics {
			if f, ok := provinceFigure(g.data, of, p, m); ok {
				known[i][m] = f.value
			}
		}
	}
	cells := make([][columns]cell, provinceCount)
	s := splitter{g: g, year: of, cols: cols, known: known, cells: cells}
	for i, part := range components {
		if err := s.split(i, part); err != nil {
			return nil, fmt.Errorf("%d: provinces: %s: %w", of, part.name, err)
		}
	}
	for i := range cells {
		for _, c := range cells[i] {
			if err := c.check(); err != nil {
				return nil, fmt.Errorf("%d: province %s: %w", of, g.geo.provinces[i].Code, err)
			}
		}
	}
	return cells, nil
}

// component is one of the counts of a cell.
type component struct {
	name string
	of   func(*cell) *int
	// row returns the count of a province of which the needed figures are known.
	row func(known map[Metric]int, nation cell) (int, bool)
	// most bounds a cell by the counts before; nil: no bound.
	most func(*cell) int
}

var components = []component{
	{"fatal accidents", func(c *cell) *int { return &c.fatal }, difference(FatalAccidents, ""), nil},
	{"other accidents", func(c *cell) *int { return &c.nonfatal }, difference(Accidents, FatalAccidents), nil},
	{"accidents with several victims", func(c *cell) *int { return &c.multi },
		severalVictims,
		func(c *cell) int { return c.accidents() }},
	{"further victims", func(c *cell) *int { return &c.more },
		func(known map[Metric]int, nation cell) (int, bool) {
			further, ok := difference(Victims, Accidents)(known, nation)
			several, _ := severalVictims(known, nation)
			return further - several, ok
		},
		func(c *cell) int { return 6 * c.multi }},
	{"further deaths", func(c *cell) *int { return &c.deaths }, difference(Deaths, FatalAccidents), (*cell).deathRoom},
	{"seriously injured", func(c *cell) *int { return &c.serious }, difference(Serious, ""), (*cell).survivors},
	{"women", func(c *cell) *int { return &c.women }, difference(Women, ""), (*cell).victims},
}

// difference returns known[a] - known[b], with nothing for b = "".
func difference(a, b Metric) func(map[Metric]int, cell) (int, bool) {
	return func(known map[Metric]int, _ cell) (int, bool) {
		va, ok := known[a]
		vb, okB := known[b]
		return va - vb, ok && (okB || b == "")
	}
}

// severalVictims is not printed for provinces: the victims beyond one for each
// accident are shared out as in the whole country.
func severalVictims(known map[Metric]int, nation cell) (int, bool) {
	further, ok := difference(Victims, Accidents)(known, nation)
	if !ok || further == 0 {
		return 0, ok
	}
	return min(max(further*nation.multi/(nation.multi+nation.more), 1), further), true
}

type splitter struct {
	g     *generator
	year  int
	cols  [columns]cell
	known [provinceCount]map[Metric]int
	cells [][columns]cell
}

func (s *splitter) split(number int, n component) error {
	t := table{cols: make([]int, columns), rows: make([]int, provinceCount), fixed: make([]bool, provinceCount)}
	var nation cell
	for c := range s.cols {
		t.cols[c] = *n.of(&s.cols[c])
		nation.multi += s.cols[c].multi
		nation.more += s.cols[c].more
	}
	if n.most != nil {
		t.cell = func(r, c int) int { return n.most(&s.cells[r][c]) }
	}
	if bound, ok := fatalBound[s.year]; ok {
		t.most = make([]int, provinceCount)
		for r := range t.most {
			t.most[r] = unbounded
			switch n.name {
			case "fatal accidents":
				t.most[r] = bound
			case "further deaths":
				t.most[r] = 2
			}
		}
	}
	left := sum(t.cols)
	weights := make([]int, provinceCount)
	for r := range t.rows {
		t.rows[r], t.fixed[r] = n.row(s.known[r], nation)
		if !t.fixed[r] {
			t.rows[r] = 0
			weights[r] = s.weight(number, r)
			continue
		}
		if t.rows[r] < 0 {
			return fmt.Errorf("province %s: %d", s.g.geo.provinces[r].Code, t.rows[r])
		}
		left -= t.rows[r]
	}
	if left < 0 {
		return fmt.Errorf("the provinces printed exceed the nation by %d: %w", -left, errInfeasible)
	}
	wished, err := apportion(left, weights, 0, nil)
	if err != nil {
		return err
	}
	for r := range t.rows {
		t.rows[r] += wished[r]
	}
	filled, err := t.solve()
	if err != nil {
		return err
	}
	for r := range filled {
		for c, v := range filled[r] {
			*n.of(&s.cells[r][c]) = v
		}
	}
	return nil
}

// weight is the province's weight with a year's chance of 25 % either way.
func (s *splitter) weight(number, row int) int {
	noise := below(hash(s.g.cfg.Seed, forNoise, uint64(s.year), uint64(number), uint64(row)), 51)
	return s.g.geo.weights[row] * (75 + noise)
}

// generator is what all years share.
type generator struct {
	cfg      Config
	data     *seeds.Data
	geo      *geo
	register *register
	communes *communes
	bodies   []body
}

func newGenerator(c Config) (*generator, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	g := &generator{cfg: c, data: seeds.Default()}
	var err error
	if g.geo, err = newGeo(g.data); err != nil {
		return nil, fmt.Errorf("demonstration data: %w", err)
	}
	if g.register, err = newRegister(c, g.geo); err != nil {
		return nil, fmt.Errorf("demonstration data: establishments: %w", err)
	}
	starts, err := g.geo.ranges(c.Communes, 4)
	if err != nil {
		return nil, fmt.Errorf("demonstration data: communes: %w", err)
	}
	g.communes = &communes{starts: starts}
	g.bodies = newBodies(g.register)
	return g, nil
}
