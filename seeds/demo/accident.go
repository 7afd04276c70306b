package demo

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// victim is one person harmed.
type victim struct {
	severity  report.InjurySeverity // in the end
	woman     bool
	outside   bool // under another employer's management
	birthYear int
	person    uint64 // draw that name and number are made from
	noNumber  bool   // the citizen number is not known
}

// accident is one case. Everything filed about it is derived from it.
type accident struct {
	number   int // within the year
	at       int64
	row      int // province of the place
	contract bool
	unit     int // establishment or commune (before the reform)
	section  byte
	cause    int // "1" to "9"
	factor   int // "1" to "9"
	work     string
	victims  []victim

	commuting bool
	// phantom was declared by mistake and withdrawn; it is in no other report.
	phantom bool
	// raisedAt: until then the first victim, dead in the end, was seriously injured.
	raisedAt int64
	diedAt   int64
	daysOff  int
	// second is the other employer who declared it, -1 for none.
	second   int
	secondAt int64
	// unquoted: the second does not know of the first declaration, and an officer finds
	// that both are of one accident.
	unquoted bool
	// causeLater: the first declaration has no cause yet.
	causeLater bool
	declaredAt int64
	id         uuid.UUID
}

// severity returns a victim's severity as known at a moment.
func (a *accident) severity(i int, at int64) report.InjurySeverity {
	if i == 0 && at < a.raisedAt {
		return report.Serious
	}
	return a.victims[i].severity
}

// mayRise tells whether the accident may be filed as serious first and as fatal
// months later.
func (a *accident) mayRise() bool { return a.number%5 == 0 && a.victims[0].severity == report.Dead }

// declarable: fatal, or two or more seriously injured (Law 84/2015/QH13 Art. 34(1)(b)).
func (a *accident) declarable(at int64) bool {
	serious := 0
	for i := range a.victims {
		switch a.severity(i, at) {
		case report.Dead:
			return true
		case report.Serious:
			serious++
		}
	}
	return serious >= 2
}

// measures returns the accident as a row of Annex XII, as known at a moment.
func (a *accident) measures(at int64) report.Measures {
	m := report.Measures{Accidents: 1}
	if len(a.victims) > 1 {
		m.AccidentsMulti = 1
	}
	for i, v := range a.victims {
		tally(&m.Victims, &m.VictimsOutside, true, v.outside)
		tally(&m.Women, &m.WomenOutside, v.woman, v.outside)
		severity := a.severity(i, at)
		tally(&m.Deaths, &m.DeathsOutside, severity == report.Dead, v.outside)
		tally(&m.Serious, &m.SeriousOutside, severity == report.Serious, v.outside)
	}
	if m.Deaths > 0 {
		m.AccidentsFatal = 1
	}
	return m
}

// build makes the accidents of a cell.
func (y *yearPlan) build(row, column int, c cell) error {
	first := len(y.accidents)
	contract, secondHalf := column < 2, column%2 == 1
	for i := range c.accidents() {
		a := y.accident(row, contract, secondHalf)
		severity := report.Minor
		if i < c.fatal {
			severity = report.Dead
		}
		a.victims = []victim{{severity: severity}}
		y.accidents = append(y.accidents, a)
	}
	made := y.accidents[first:]
	fatal := y.addVictims(made, c)
	y.addDeaths(made[:fatal], c.deaths)
	y.draw(made, c.serious, func(v *victim) bool { return v.severity == report.Minor }, func(v *victim) { v.severity = report.Serious })
	y.draw(made, c.women, func(*victim) bool { return true }, func(v *victim) { v.woman = true })
	return y.verify(made, c)
}

// addVictims gives several victims to as many accidents as the cell says. Those
// that are fatal come first among the made; their number is returned.
func (y *yearPlan) addVictims(made []accident, c cell) int {
	if c.multi == 0 {
		return 0
	}
	// As many fatal ones as the further deaths need, one each if possible.
	fatal := max(c.multi-c.nonfatal, min(c.deaths, c.fatal, c.multi))
	var several []int
	for i := range fatal {
		several = append(several, i)
	}
	for i := range c.multi - fatal {
		several = append(several, c.fatal+i)
	}
	for _, i := range several {
		made[i].victims = append(made[i].victims, victim{severity: report.Minor})
	}
	// First the places that the further deaths need, then wherever chance puts them.
	forDeaths := max(c.deaths-fatal, 0)
	for i := range c.more {
		at := several[y.chance.intN(len(several))]
		if i < forDeaths {
			at = y.chance.intN(fatal)
		}
		made[at].victims = append(made[at].victims, victim{severity: report.Minor})
	}
	return fatal
}

// addDeaths turns further victims of fatal accidents into deaths, spread over
// the accidents.
func (y *yearPlan) addDeaths(fatal []accident, n int) {
	for place := 1; n > 0 && place < 1000; place++ {
		for i := range fatal {
			if n > 0 && place < len(fatal[i].victims) {
				fatal[i].victims[place].severity = report.Dead
				n--
			}
		}
	}
}

// draw marks n of the victims that fit, every choice being as likely.
func (y *yearPlan) draw(made []accident, n int, fits func(*victim) bool, mark func(*victim)) {
	var open []*victim
	for i := range made {
		for k := range made[i].victims {
			if v := &made[i].victims[k]; fits(v) {
				open = append(open, v)
			}
		}
	}
	for i, chosen := range y.chance.choose(n, len(open)) {
		if chosen {
			mark(open[i])
		}
	}
}

// verify proves that the accidents have the counts of the cell.
func (y *yearPlan) verify(made []accident, c cell) error {
	var got report.Measures
	for i := range made {
		got.Add(made[i].measures(never))
	}
	want := report.Measures{Accidents: uint32(c.accidents()), AccidentsFatal: uint32(c.fatal), AccidentsMulti: uint32(c.multi),
		Victims: uint32(c.victims()), Women: uint32(c.women), Deaths: uint32(c.fatal + c.deaths), Serious: uint32(c.serious)}
	if got != want {
		return fmt.Errorf("%d: accidents of a province came out as %+v, not %+v", y.year, got, want)
	}
	return nil
}

// never is later than everything known about a year.
const never = int64(1) << 62

var (
	causeWeights  = []int{0, 9, 3, 12, 16, 8, 5, 16, 3, 28} // index is the code
	factorWeights = []int{0, 14, 1, 3, 6, 24, 8, 26, 8, 10}
	// Codes of ISCO-08, which the national list of occupations follows; the
	// national list itself is not held.
	occupations = map[byte][]string{
		'A': {"6210", "9211"}, 'B': {"8111", "9311"}, 'C': {"8160", "7223", "8153", "9329"}, 'F': {"7112", "9313", "7119"},
	}
	otherOccupations = []string{"9333", "8332", "5223", "7411"}
)

// accident starts a case with everything but place of work and victims.
func (y *yearPlan) accident(row int, contract, secondHalf bool) accident {
	a := accident{number: len(y.accidents), row: row, contract: contract, second: -1}
	month := time.Month(1 + y.chance.intN(6))
	if secondHalf {
		month += 6
	}
	days := seeds.MustDate(y.year, month, 1)
	length := 28
	for days.AddDays(length).Month() == month {
		length++
	}
	a.at = midnight(y.year, month, 1+y.chance.intN(length)) + int64(y.chance.between(6*60, 20*60))*minute
	a.cause = weighted(y.chance.next(), causeWeights)
	a.factor = weighted(y.chance.next(), factorWeights)
	return a
}

// tally adds one to a count and, for a person under another employer's
// management, to its "outside" part.
func tally(total, outside *uint32, applies, isOutside bool) {
	if !applies {
		return
	}
	*total++
	if isOutside {
		*outside++
	}
}
