package demo

import (
	"cmp"
	"fmt"
	"slices"

	"atvsld/seeds"
)

// Metric is a figure of the ministry's notices, named as in the published
// statistics without the suffix of the part.
type Metric string

// The metrics that the generator meets to the unit. Accidents, victims, serious
// injuries and women come from Annex XII and the communes' reports, fatal
// accidents and deaths from declarations. Commuting accidents are in none.
const (
	Accidents      Metric = "accidents"
	Victims        Metric = "victims"
	FatalAccidents Metric = "fatal_accidents"
	Deaths         Metric = "deaths"
	Serious        Metric = "serious"
	Women          Metric = "female_victims"
	Multi          Metric = "multi_victim_accidents"
	DaysLost       Metric = "days_lost"
)

var metrics = []Metric{Accidents, Victims, FatalAccidents, Deaths, Serious, Women, Multi}

// Part tells workers with an employment contract from those without.
type Part string

// The parts. All = Contract + NoContract, always.
const (
	All        Part = "all"
	Contract   Part = "contract"
	NoContract Part = "nocontract"
)

// Origin says where a figure comes from.
type Origin string

const (
	// Printed is read in a notice or in the press (see package seeds).
	Printed Origin = "printed"
	// Derived is the sum or difference of printed figures.
	Derived Origin = "derived"
	// Chosen is made up by us; not a statistic.
	Chosen Origin = "chosen"
)

// Periods of the published statistics.
const (
	year = "Y"
	half = "H1"
)

// Target is a total that the demonstration data meet exactly.
type Target struct {
	Year   int    `json:"year"`
	Period string `json:"period"` // "Y" or "H1"
	Metric Metric `json:"metric"`
	Part   Part   `json:"part"`
	Area   string `json:"area"` // seeds.AreaNational or a name of the list of 63
	Value  int    `json:"value"`
	Origin Origin `json:"origin"`
}

// Targets returns the totals of one year, national ones first.
func Targets(of int) ([]Target, error) {
	n, err := national(seeds.Default(), of)
	if err != nil {
		return nil, err
	}
	targets := n.targets()
	for _, p := range seeds.Default().Provinces(seeds.List63) {
		for _, m := range metrics {
			if f, ok := provinceFigure(seeds.Default(), of, p, m); ok {
				targets = append(targets, Target{of, year, m, All, p.NameVI, f.value, f.origin})
			}
		}
	}
	return targets, nil
}

// figure is a value and where it comes from.
type figure struct {
	value  int
	origin Origin
}

// figures are the national figures of one year.
type figures struct {
	year   int
	values map[string]map[Metric]map[Part]figure // by period
	days   figure
}

func (f *figures) at(period string, m Metric, p Part) int { return f.values[period][m][p].value }

func (f *figures) targets() []Target {
	var targets []Target
	for _, period := range []string{year, half} {
		for _, m := range metrics {
			for _, p := range []Part{All, Contract, NoContract} {
				v := f.values[period][m][p]
				targets = append(targets, Target{f.year, period, m, p, seeds.AreaNational, v.value, v.origin})
			}
		}
	}
	return append(targets, Target{f.year, year, DaysLost, Contract, seeds.AreaNational, f.days.value, f.days.origin})
}

// national puts the figures of a year together and proves that accidents can
// be made which have them.
func national(data *seeds.Data, of int) (*figures, error) {
	f := &figures{year: of, values: map[string]map[Metric]map[Part]figure{year: {}, half: {}}}
	for _, m := range metrics {
		parts, err := resolve(data, of, year, m)
		if err != nil {
			return nil, err
		}
		f.values[year][m] = parts
	}
	if err := f.resolveHalf(data); err != nil {
		return nil, err
	}
	f.days = figure{f.at(year, Victims, Contract) * daysPerVictim, Chosen}
	if v, ok := usable(data, of, year, DaysLost, Contract, seeds.AreaNational); ok {
		f.days = v
	}
	_, err := f.columns()
	return f, err
}

// usable returns a published figure that is exact, verified and free of contradiction.
func usable(data *seeds.Data, of int, period string, m Metric, p Part, area string) (figure, bool) {
	s, ok := data.Statistic(of, period, string(m)+"_"+string(p), area)
	if !ok || s.Verified == seeds.StatusUnverified || s.Flag != "" {
		return figure{}, false
	}
	v, exact := s.Int()
	if !exact {
		return figure{}, false
	}
	origin := Printed
	if s.Verified == seeds.StatusDerived {
		origin = Derived
	}
	return figure{int(v), origin}, true
}

// resolve finds a figure's three parts: as published, by sum or difference, and
// by choice, in that order.
func resolve(data *seeds.Data, of int, period string, m Metric) (map[Part]figure, error) {
	known := map[Part]figure{}
	for _, p := range []Part{All, Contract, NoContract} {
		if f, ok := usable(data, of, period, m, p, seeds.AreaNational); ok {
			known[p] = f
		}
	}
	if len(known) < 2 {
		choice, ok := choices[choiceKey{of, period, m}]
		if !ok {
			return nil, fmt.Errorf("%d %s %s: nothing is published and nothing chosen", of, period, m)
		}
		for i, p := range []Part{Contract, NoContract} {
			if f, printed := known[p]; printed && f.value != choice[i] {
				return nil, fmt.Errorf("%d %s %s_%s: chosen %d, published %d", of, period, m, p, choice[i], f.value)
			}
			if _, printed := known[p]; !printed {
				known[p] = figure{choice[i], Chosen}
			}
		}
	}
	complete(known)
	if known[Contract].value+known[NoContract].value != known[All].value {
		return nil, fmt.Errorf("%d %s %s: parts %d and %d do not add up to %d", of, period, m,
			known[Contract].value, known[NoContract].value, known[All].value)
	}
	return known, nil
}

// complete adds the third part to two.
func complete(known map[Part]figure) {
	all, c, n := known[All], known[Contract], known[NoContract]
	origin := func(a, b figure) Origin {
		if a.origin == Chosen || b.origin == Chosen {
			return Chosen
		}
		return Derived
	}
	if _, ok := known[All]; !ok {
		known[All] = figure{c.value + n.value, origin(c, n)}
	}
	if _, ok := known[Contract]; !ok {
		known[Contract] = figure{all.value - n.value, origin(all, n)}
	}
	if _, ok := known[NoContract]; !ok {
		known[NoContract] = figure{all.value - c.value, origin(all, c)}
	}
}

// resolveHalf finds the first half-year: published and chosen like the year
// where something is published, a share of the year otherwise.
func (f *figures) resolveHalf(data *seeds.Data) error {
	if _, ok := choices[choiceKey{f.year, half, Accidents}]; ok {
		for _, m := range metrics {
			parts, err := resolve(data, f.year, half, m)
			if err != nil {
				return err
			}
			f.values[half][m] = parts
		}
		return nil
	}
	for _, m := range metrics {
		f.values[half][m] = map[Part]figure{}
	}
	for _, p := range []Part{Contract, NoContract} {
		h := f.cell(year, p).share(halfShare, 100)
		for m, v := range h.metrics() {
			f.values[half][m][p] = figure{v, Chosen}
		}
	}
	for _, m := range metrics {
		complete(f.values[half][m])
	}
	return nil
}

// provinceFigure returns what is published or chosen about a province and year.
func provinceFigure(data *seeds.Data, of int, p seeds.Province, m Metric) (figure, bool) {
	if f, ok := usable(data, of, year, m, All, p.NameVI); ok {
		return f, true
	}
	v, ok := provinceChoices[provinceKey{of, p.Code, m}]
	return figure{v, Chosen}, ok
}

// contradictions returns the rows of the published statistics that cannot all
// be true: no set of accidents has such numbers.
func contradictions(all []seeds.Statistic) []seeds.Statistic {
	type cell struct {
		year         int
		period, area string
		part         Part
	}
	groups := map[cell]map[Metric]seeds.Statistic{}
	for _, s := range all {
		m, p, ok := metricOf(s)
		_, exact := s.Int()
		if !ok || !exact || s.Verified == seeds.StatusUnverified {
			continue
		}
		key := cell{s.Year, s.Period, s.Area, p}
		if groups[key] == nil {
			groups[key] = map[Metric]seeds.Statistic{}
		}
		groups[key][m] = s
	}
	var wrong []seeds.Statistic
	for _, g := range groups {
		for _, rule := range [][2]Metric{{Accidents, Victims}, {FatalAccidents, Deaths}, {FatalAccidents, Accidents},
			{Multi, Accidents}, {Deaths, Victims}, {Serious, Victims}, {Women, Victims}} {
			less, okLess := g[rule[0]]
			more, okMore := g[rule[1]]
			a, _ := less.Int()
			b, _ := more.Int()
			if okLess && okMore && a > b {
				wrong = append(wrong, less, more)
			}
		}
		v, okV := g[Victims].Int()
		d, okD := g[Deaths].Int()
		s, okS := g[Serious].Int()
		if okV && okD && okS && d+s > v {
			wrong = append(wrong, g[Victims], g[Deaths], g[Serious])
		}
	}
	slices.SortFunc(wrong, func(a, b seeds.Statistic) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Metric, b.Metric))
	})
	return slices.Compact(wrong)
}

// metricOf splits the name of a published metric.
func metricOf(s seeds.Statistic) (Metric, Part, bool) {
	for _, m := range metrics {
		for _, p := range []Part{All, Contract, NoContract} {
			if s.Metric == string(m)+"_"+string(p) {
				return m, p, true
			}
		}
	}
	return "", "", false
}
