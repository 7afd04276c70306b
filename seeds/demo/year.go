package demo

import (
	"encoding/binary"
	"fmt"

	"github.com/google/uuid"

	"atvsld/ingest/report"
)

// yearPlan is everything about one statistical year that does not grow with the
// number of establishments: its accidents, and when what is filed.
type yearPlan struct {
	g         *generator
	year      int
	chance    *source
	accidents []accident
	// byUnit lists the accidents of an establishment, byCommune those of a
	// commune before the reform.
	byUnit    map[int][]int
	byCommune map[int][]int
	load      map[int]int // victims by establishment
	raised    int         // accidents whose severity is raised later
	twice     int         // accidents declared by two employers
	diseases  []disease
	campaigns []campaign
	inquiries []inquiry
	mistaken  [2]int // accidents that an officer takes for one
	jobs      []job
}

// What happens in a year beside the totals; none of it may move them.
const (
	commutingAccidents = 150 // apart in every figure
	commutingDeaths    = 12
	phantoms           = 4 // declared by mistake, withdrawn later
	raisedLimit        = 7 // a serious injury becomes a death months later
	twiceLimit         = 9 // declared by two employers
	awayPercent        = 2 // accidents away from the province of the head office
	causeLaterPercent  = 5
)

func (g *generator) plan(of int) (*yearPlan, error) {
	y := &yearPlan{g: g, year: of, chance: newSource(g.cfg.Seed, forYear, uint64(of)),
		byUnit: map[int][]int{}, byCommune: map[int][]int{}, load: map[int]int{}}
	nation, err := national(g.data, of)
	if err != nil {
		return nil, err
	}
	cols, err := nation.columns()
	if err != nil {
		return nil, err
	}
	cells, err := g.provincial(of, cols)
	if err != nil {
		return nil, err
	}
	for row := range cells {
		for column, c := range cells[row] {
			if err := y.build(row, column, c); err != nil {
				return nil, err
			}
		}
	}
	y.addSpecial()
	y.place(printedRows(g, of))
	if err := y.shareDays(nation.days.value); err != nil {
		return nil, err
	}
	if err := y.planDiseases(); err != nil {
		return nil, err
	}
	if err := y.planMonitoring(); err != nil {
		return nil, err
	}
	y.schedule()
	return y, nil
}

// printedRows marks the provinces whose accidents by head office are fixed.
func printedRows(g *generator, of int) []bool {
	rows := make([]bool, provinceCount)
	for i, p := range g.geo.provinces {
		for _, m := range []Metric{Accidents, Victims, Serious, Women} {
			if _, ok := provinceFigure(g.data, of, p, m); ok {
				rows[i] = true
			}
		}
	}
	return rows
}

// addSpecial adds the accidents that are in no published total.
func (y *yearPlan) addSpecial() {
	add := func(severity report.InjurySeverity) *accident {
		row := weighted(y.chance.next(), y.g.geo.weights)
		a := y.accident(row, true, y.chance.percent(100-halfShare))
		a.victims = []victim{{severity: severity, woman: y.chance.percent(35)}}
		y.accidents = append(y.accidents, a)
		return &y.accidents[len(y.accidents)-1]
	}
	for i := range commutingAccidents {
		severity := report.Minor
		if i < commutingDeaths {
			severity = report.Dead
		}
		a := add(severity)
		a.commuting, a.cause = true, 9
	}
	for range phantoms {
		add(report.Dead).phantom = true
	}
}

// place gives every accident its employer or commune, its persons and what is
// special about it.
func (y *yearPlan) place(printed []bool) {
	for i := range y.accidents {
		a := &y.accidents[i]
		y.fillVictims(a)
		if !a.contract {
			a.unit = y.g.communes.starts[a.row] + y.chance.intN(y.g.communes.starts[a.row+1]-y.g.communes.starts[a.row])
			a.section = sectionLetters[weighted(y.chance.next(), otherSections)]
			y.byCommune[a.unit] = append(y.byCommune[a.unit], i)
		} else {
			y.employ(a, y.headOffice(a.row, printed))
			if !a.phantom {
				y.byUnit[a.unit] = append(y.byUnit[a.unit], i)
			}
		}
		a.work = occupation(a.section, y.chance.next())
		if a.declarable(never) {
			y.declare(a)
		}
	}
}

// headOffice returns the province of the employer: mostly that of the accident.
func (y *yearPlan) headOffice(row int, printed []bool) int {
	if printed[row] || !y.chance.percent(awayPercent) {
		return row
	}
	if other := weighted(y.chance.next(), y.g.geo.weights); !printed[other] {
		return other
	}
	return row
}

// employ finds an employer that is large enough, and for an accident that may be
// amended one without a branch, so that one Annex XII has to follow, not two.
func (y *yearPlan) employ(a *accident, row int) {
	r := y.g.register
	first, length := r.starts[row], r.starts[row+1]-r.starts[row]
	best := r.at(first) // the first of a province reports on every year
	for range 40 {
		from := length
		if y.chance.percent(80) {
			from = r.hazard[row]
		}
		e := r.at(first + y.chance.intN(from))
		total, _ := e.employed(y.year)
		if e.active(y.year) && !e.household && total >= 10*(y.load[e.index]+len(a.victims)) &&
			(!a.mayRise() || !e.branch && !e.covers) {
			best = e
			break
		}
	}
	a.unit, a.section = best.index, best.section
	y.load[best.index] += len(a.victims)
}

func (y *yearPlan) fillVictims(a *accident) {
	for i := range a.victims {
		v := &a.victims[i]
		v.person = hash(y.g.cfg.Seed, forPerson, uint64(y.year), uint64(a.number), uint64(i))
		v.birthYear = y.year - 18 - y.chance.intN(42)
		// Two victims of one accident without a number could look like one person.
		v.noNumber = i == 0 && y.chance.percent(8)
		v.outside = a.contract && y.chance.percent(1)
	}
}

func occupation(section byte, draw uint64) string {
	codes, ok := occupations[section]
	if !ok {
		codes = otherOccupations
	}
	return codes[below(draw, len(codes))]
}

// declare plans the declaration of an accident.
func (y *yearPlan) declare(a *accident) {
	a.declaredAt = a.at + int64(y.chance.between(20, 20*60))*minute
	if merged := y.g.geo.mergedAt; a.at < merged && a.declaredAt >= merged {
		a.declaredAt = a.at + (merged-a.at)/2 // the receiver changed at midnight
	}
	a.id = eventID(a.declaredAt, hash(y.g.cfg.Seed, forReportID, uint64(y.year), uint64(a.number)))
	a.diedAt = a.at
	ordinary := a.contract && !a.phantom && !a.commuting
	switch {
	case ordinary && a.mayRise() && y.raised < raisedLimit && y.chance.percent(6):
		y.raised++
		a.raisedAt = a.at + int64(y.chance.between(20, 150))*day
		a.diedAt = a.raisedAt - int64(y.chance.between(6, 60))*hour
	case ordinary && y.twice < twiceLimit && y.chance.intN(1000) < 13:
		y.twice++
		y.declareTwice(a)
	default:
		a.causeLater = ordinary && y.chance.percent(causeLaterPercent)
	}
}

// declareTwice: the victims work for another employer, who declares as well.
func (y *yearPlan) declareTwice(a *accident) {
	r := y.g.register
	row := rowOf(r.starts, a.unit)
	for i := range r.starts[row+1] - r.starts[row] {
		e := r.at(r.starts[row] + i)
		if e.index != a.unit && e.active(y.year) && !e.household {
			a.second = e.index
			break
		}
	}
	if a.second < 0 {
		return
	}
	a.unquoted = y.twice%2 == 0
	for i := range a.victims {
		a.victims[i].outside = true
	}
}

// shareDays spreads the days off over the accidents of workers with a contract.
func (y *yearPlan) shareDays(total int) error {
	var open, weights []int
	for i := range y.accidents {
		a := &y.accidents[i]
		if !a.contract || a.phantom || a.commuting {
			continue
		}
		weight := 0
		for _, v := range a.victims {
			weight += map[report.InjurySeverity]int{report.Dead: 1, report.Serious: 90, report.Minor: 14}[v.severity] * (50 + int(v.person%100))
		}
		open, weights = append(open, i), append(weights, weight)
	}
	days, err := apportion(total, weights, 0, nil)
	if err != nil {
		return fmt.Errorf("%d: days off: %w", y.year, err)
	}
	for k, i := range open {
		y.accidents[i].daysOff = days[k]
	}
	return nil
}

// eventID makes a UUIDv7 (RFC 9562) of an instant and a draw.
func eventID(at int64, draw uint64) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[0:], uint64(at)<<16|draw>>48)
	binary.BigEndian.PutUint64(id[8:], mix(draw))
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}
