package demo

import "fmt"

// factors are the groups of harmful factors of the monitoring notices, how many
// of a hundred sites have them, and the occupational disease we report with them.
var factors = []struct {
	code    string
	common  int
	disease string // number in the list of occupational diseases
}{
	{"microclimate", 95, ""}, {"light", 90, ""}, {"noise", 85, "18"}, {"toxic_gas", 60, ""}, {"dust", 75, "1"}, {"other", 40, ""},
}

// disease is one establishment's yearly report on occupational diseases.
type disease struct {
	unit             int
	workers, women   int
	exposed          int
	persons, cases   int
	suspected        int // persons; one case each, and one more for some
	suspectedCases   int
	diagnosed, older int
	rows             []diseaseRow
}

// partial tells whether the report was first filed with half of the persons and
// amended later.
func (d *disease) partial() bool { return d.unit%97 == 5 }

// half returns the partial report.
func (d *disease) half() disease {
	h := *d
	h.exposed, h.persons, h.cases = d.exposed/2, d.persons/2, d.cases/2
	h.suspected, h.suspectedCases, h.diagnosed, h.rows = 0, 0, 0, nil
	return h
}

type diseaseRow struct {
	factor                                  int
	exposed, examined, suspected, diagnosed int
}

// hazardous calls do for every establishment with harmful factors that reports on the year.
func (y *yearPlan) hazardous(do func(establishment)) {
	r := y.g.register
	for row := range provinceCount {
		for i := range r.hazard[row] {
			if e := r.at(r.starts[row] + i); e.active(y.year) {
				do(e)
			}
		}
	}
}

// trend is a province's course of its own in a year, around 100: it makes some
// provinces meet a target in years in which others do not.
func (y *yearPlan) trend(purpose uint64, row int) int {
	return 88 + below(hash(y.g.cfg.Seed, purpose, uint64(y.year), uint64(row)), 25)
}

func (y *yearPlan) planDiseases() error {
	want := healthChoices[y.year]
	var weights, room []int
	y.hazardous(func(e establishment) {
		if hash(y.g.cfg.Seed, forDisease, uint64(y.year), uint64(e.index))%100 >= 92 {
			return // did not report this year
		}
		total, women := e.employed(y.year)
		y.diseases = append(y.diseases, disease{unit: e.index, workers: total, women: women})
		weights = append(weights, total*y.trend(forDisease, e.row))
		room = append(room, total*9/10)
	})
	persons, err := apportion(want.persons, weights, 0, room)
	if err != nil {
		return fmt.Errorf("%d: persons examined: %w", y.year, err)
	}
	further, err := apportion(want.cases-want.persons, persons, 0, persons)
	if err != nil {
		return fmt.Errorf("%d: examination cases: %w", y.year, err)
	}
	for i := range y.diseases {
		d := &y.diseases[i]
		d.persons, d.cases = persons[i], persons[i]+further[i]
		y.fillDisease(d)
	}
	return nil
}

// fillDisease makes what is not given by the totals.
func (y *yearPlan) fillDisease(d *disease) {
	c := newSource(y.g.cfg.Seed, forDisease, uint64(y.year), uint64(d.unit), 1)
	d.exposed = min(d.workers, d.persons*c.between(115, 170)/100+1)
	d.suspected = d.persons * c.between(10, 60) / 1000
	d.suspectedCases = min(d.suspected*c.between(100, 120)/100, d.cases)
	d.diagnosed = d.suspectedCases * c.between(10, 40) / 100
	d.older = c.intN(1 + d.workers/200)
	first := 2 + c.intN(2) // noise or gas first: two rows hold every case
	left := d.cases
	for _, factor := range []int{first, 4, 5} {
		examined := min(left, d.persons)
		if factor == first {
			examined = min(left, max(left*2/3, left-d.persons, 0), d.persons)
		}
		if examined == 0 {
			continue
		}
		left -= examined
		d.rows = append(d.rows, diseaseRow{factor: factor, examined: examined, exposed: min(d.exposed, examined*c.between(100, 130)/100)})
	}
	suspected, diagnosed := d.suspectedCases, d.diagnosed
	for i := range d.rows {
		r := &d.rows[i]
		r.suspected = min(suspected, r.examined)
		r.diagnosed = min(diagnosed, r.suspected)
		suspected -= r.suspected
		diagnosed -= r.diagnosed
	}
}
