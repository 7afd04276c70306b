package demo

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"atvsld/ingest/report"
)

// The yearly safety reports, those of training and inspection bodies, of social-insurance
// agencies and labour authorities, and inspections. Nothing of them is published: all
// figures are chosen, so that shares rise past the targets of Resolution 19/NQ-CP within
// the ten years, in some provinces earlier than in others.

// forSafety keeps the draws of this file apart from all others.
const forSafety uint64 = 0x0550

const (
	safetyEmployers   = 400 // about as many file the yearly safety report
	trainingBodies    = 12
	equipmentBodies   = 10
	inspectionsYearly = 80
	// safetyBodyIndex is where the tax codes of these bodies start.
	safetyBodyIndex = bodyIndex + 5_000
)

// safetyShares are, per mille, what part is trained, paid or inspected in the nation.
type safetyShares struct{ strict, staff, health, officers, paid, equipment int }

func sharesOf(of int) safetyShares {
	n := of - FirstYear
	return safetyShares{strict: 680 + 20*n, staff: 690 + 18*n, health: 600 + 29*n, officers: 760 + 20*n, paid: 700 + 18*n, equipment: 860 + 9*n}
}

// shareOf is a share of n in a province, which has a course of its own, one more for a
// unit: below n.
func (y *yearPlan) shareOf(n, mille, row int, unit uint64) int {
	draw := hash(y.g.cfg.Seed, forSafety, uint64(row), 1)
	mille += below(draw, 81) - 40 + below(hash(y.g.cfg.Seed, forSafety, uint64(y.year), unit, 2), 61) - 30
	return n * min(max(mille, 0), 1000) / 1000
}

// filing is one submission of the stream.
type filing struct {
	at    int64
	order int
	write func(*writer)
}

// safetyStream files them all; it is the hook of this file.
func (y *yearPlan) safetyStream() *stream {
	var all []filing
	add := func(at int64, write func(*writer)) { all = append(all, filing{at, len(all), write}) }
	y.addOSH(add)
	y.addAuthorities(add)
	y.addBodies(add)
	y.addInspections(add)
	slices.SortFunc(all, func(a, b filing) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order)) })
	s := &stream{next: all[0].at, year: y.year}
	n := 0
	s.advance = func(w *writer) (bool, error) {
		all[n].write(w)
		n++
		if n == len(all) {
			return false, nil
		}
		s.next = all[n].at
		return true, nil
	}
	return s
}

type adder func(at int64, write func(*writer))

// yearly is when a yearly report comes in.
func (y *yearPlan) yearly(parts ...uint64) int64 {
	return y.deadline(false).at(hash(y.g.cfg.Seed, append([]uint64{forSafety, forFiling, uint64(y.year)}, parts...)...))
}

func (y *yearPlan) yearEnd() int64 { return midnight(y.year, time.December, 31) }

// addOSH lets the first hazardous establishments of each province report.
func (y *yearPlan) addOSH(add adder) {
	r := y.g.register
	examined := map[int]int{}
	for _, d := range y.diseases {
		examined[d.unit] = d.persons
	}
	for row := range provinceCount {
		most := min(r.hazard[row], 1+safetyEmployers*y.g.geo.weights[row]/sum(y.g.geo.weights))
		for i := range most {
			e := r.at(r.starts[row] + i)
			if !e.active(y.year) || e.branch {
				continue
			}
			o := y.osh(e, examined[e.index])
			at := y.yearly(uint64(e.index))
			add(at, func(w *writer) { y.writeOSH(w, e, o, 1) })
			if e.index%53 == 7 {
				late := o
				late.strictTrained = min(o.strict, o.strictTrained+1)
				add(at+20*day, func(w *writer) { y.writeOSH(w, e, late, 2) })
			}
		}
	}
}

// osh is one establishment's yearly report.
type osh struct {
	workers, women, elderly, disabled, hazardous int
	strict, strictTrained                        int
	staff, staffTrained                          int
	health, healthTrained                        int
	inUse, inspected                             int
	checked, examined                            int
	entitled, paid                               int
}

func (y *yearPlan) osh(e establishment, examined int) osh {
	c := newSource(y.g.cfg.Seed, forSafety, uint64(y.year), uint64(e.index), 3)
	shares := sharesOf(y.year)
	unit := uint64(e.index)
	o := osh{examined: examined}
	o.workers, o.women = e.employed(y.year)
	o.elderly, o.disabled = o.workers*c.intN(4)/100, o.workers*c.intN(2)/100
	o.hazardous = o.workers * c.between(25, 60) / 100
	o.strict = o.workers * c.between(15, 35) / 100
	o.strictTrained = y.shareOf(o.strict, shares.strict, e.row, unit)
	// A staff of few: the share is of a draw for each of them.
	o.staff, o.health = 1+o.workers/300, 1+o.workers/500
	o.staffTrained = y.few(o.staff, shares.staff, unit, 4)
	o.healthTrained = y.few(o.health, shares.health, unit, 5)
	o.inUse = 1 + o.workers/c.between(15, 40)
	o.inspected = y.shareOf(o.inUse, shares.equipment, e.row, unit)
	o.checked = o.workers * c.between(80, 99) / 100
	for _, i := range y.byUnit[e.index] {
		o.entitled += entitled(&y.accidents[i])
	}
	o.paid = y.few(o.entitled, shares.paid, unit, 6)
	return o
}

// few counts how many of n persons a share of per mille meets, one draw a person.
func (y *yearPlan) few(n, mille int, unit, purpose uint64) int {
	met := 0
	for i := range n {
		if below(hash(y.g.cfg.Seed, forSafety, uint64(y.year), unit, purpose, uint64(i)), 1000) < mille {
			met++
		}
	}
	return met
}

// entitled counts the victims of an accident whom Law 84/2015/QH13 Art. 38 entitles: in
// these data all who died or were seriously injured.
func entitled(a *accident) int {
	n := 0
	for _, v := range a.victims {
		if v.severity != report.Minor {
			n++
		}
	}
	return n
}

func (y *yearPlan) writeOSH(w *writer, e establishment, o osh, revision int) {
	w.envelope(report.OSHReport, revision, "Bổ sung kết quả huấn luyện (mẫu)")
	w.establishment(e, 0, w.at)
	w.period(strconv.Itoa(y.year), y.yearEnd()+day)
	w.raw(`,`)
	w.industry(e.section, e.index, y.yearEnd())
	w.raw(`,"workers":{"total":`)
	w.int(o.workers)
	w.raw(`,"women":`)
	w.int(o.women)
	w.member("elderly", o.elderly)
	w.member("disabled", o.disabled)
	w.member("hazardous", o.hazardous)
	w.raw(`}`)
	w.trained("strict_jobs", o.strict, o.strictTrained)
	w.trained("osh_staff", o.staff, o.staffTrained)
	w.trained("health_staff", o.health, o.healthTrained)
	w.groups(o)
	w.raw(`,"equipment":{"in_use":`)
	w.int(o.inUse)
	w.raw(`,"inspected":`)
	w.int(o.inspected)
	w.raw(`,"overdue":`)
	w.int(o.inUse - o.inspected)
	w.raw(`}`)
	w.healthClasses(o)
	if o.entitled > 0 {
		w.raw(`,"benefits":{"entitled":`)
		w.int(o.entitled)
		w.raw(`,"paid":`)
		w.int(o.paid)
		w.member("amount", o.paid*42_000)
		w.raw(`}`)
	}
	w.spending(o.workers, y.year)
	w.end()
}

func (w *writer) trained(name string, total, trained int) {
	w.raw(`,"`)
	w.raw(name)
	w.raw(`":{"total":`)
	w.int(total)
	w.raw(`,"trained":`)
	w.int(trained)
	w.raw(`}`)
}

// groups writes the training groups 2, 3 and 5, which the targets speak of.
func (w *writer) groups(o osh) {
	for i, g := range []struct {
		code           string
		persons, valid int
	}{{"2", o.staff, o.staffTrained}, {"3", o.strict, o.strictTrained}, {"5", o.health, o.healthTrained}} {
		w.raw([]string{`,"training":[`, `,`}[min(i, 1)])
		w.raw(`{"group":"`)
		w.raw(g.code)
		w.raw(`"`)
		w.member("persons", g.persons)
		w.member("trained", g.valid/2)
		w.member("valid", g.valid)
		w.raw(`}`)
	}
	w.raw(`]`)
}

// healthClasses spreads the workers checked over the five classes.
func (w *writer) healthClasses(o osh) {
	w.raw(`,"health":{"checked":`)
	w.int(o.checked)
	left := o.checked
	for i, percent := range []int{18, 42, 28, 10} {
		n := o.checked * percent / 100
		left -= n
		w.member("class_"+strconv.Itoa(i+1), n)
	}
	w.member("class_5", left)
	w.member("disease_examined", o.examined)
	w.raw(`}`)
}

// spending is 1.5 to 3 million VND for each worker, rising with the years.
func (w *writer) spending(workers, of int) {
	safety, hygiene, protective := workers*(600+50*(of-FirstYear)), workers*200, workers*400
	health, training := workers*250, workers*100
	w.raw(`,"spending":{"total":`)
	w.int(safety + hygiene + protective + health + training)
	w.member("safety", safety)
	w.member("hygiene", hygiene)
	w.member("protective_equipment", protective)
	w.member("health_care", health)
	w.member("training", training)
	w.raw(`}`)
}

// units returns the provinces that report on the year: 63, or the 34 that took over, each
// with the rows of the former ones.
func (y *yearPlan) units() [][]int {
	if midnight(y.year+1, time.January, 1) < y.g.geo.mergedAt {
		rows := make([][]int, provinceCount)
		for row := range rows {
			rows[row] = []int{row}
		}
		return rows
	}
	var rows [][]int
	at := map[string]int{}
	for row, p := range y.g.geo.provinces {
		i, ok := at[p.Successor]
		if !ok {
			i = len(rows)
			at[p.Successor] = i
			rows = append(rows, nil)
		}
		rows[i] = append(rows[i], row)
	}
	return rows
}

// insured counts the victims of a province: accidents where they happened, the fund pays
// for those on the way to work too, and diseases diagnosed.
type insured struct{ accidents, diseases int }

func (y *yearPlan) insured() [provinceCount]insured {
	var all [provinceCount]insured
	for i := range y.accidents {
		if a := &y.accidents[i]; a.contract && !a.phantom {
			all[a.row].accidents += entitled(a)
		}
	}
	for _, d := range y.diseases {
		all[rowOf(y.g.register.starts, d.unit)].diseases += d.diagnosed * 6 / 10
	}
	return all
}

// addAuthorities lets every province report on insurance and on its local officers.
func (y *yearPlan) addAuthorities(add adder) {
	victims := y.insured()
	for _, rows := range y.units() {
		var all insured
		var officers, boards int
		for _, row := range rows {
			all.accidents += victims[row].accidents
			all.diseases += victims[row].diseases
			officers += 10 + y.g.geo.weights[row]
			boards += 1 + y.g.geo.weights[row]/10
		}
		row := rows[0]
		add(y.yearly(uint64(row), 7), func(w *writer) { y.writeInsurance(w, row, all) })
		add(y.yearly(uint64(row), 8), func(w *writer) { y.writeOfficers(w, row, officers, boards) })
	}
}

// authorityOf writes a state body of a province as reporter.
func (w *writer) authorityOf(which, name string, row int, at int64) {
	w.raw(`"reporter":{"type":"authority","authority":"`)
	w.raw(which)
	w.raw(`","name":"`)
	w.raw(name)
	w.raw(` `)
	w.raw(w.g.geo.provinces[row].NameVI)
	w.raw(` (mẫu)","province":`)
	w.raw(w.g.geo.ref(row, at))
	w.raw(`}`)
}

func (y *yearPlan) writeInsurance(w *writer, row int, n insured) {
	w.envelope(report.InsuranceReport, 1, "")
	w.authorityOf(report.InsuranceAuthority, "Bảo hiểm xã hội", row, w.at)
	w.period(strconv.Itoa(y.year), y.yearEnd()+day)
	y.insuranceCases(w, "accidents", row, n.accidents, 65_000)
	y.insuranceCases(w, "diseases", row, n.diseases, 48_000)
	w.end()
}

func (y *yearPlan) insuranceCases(w *writer, name string, row, n, each int) {
	paid := y.shareOf(n, sharesOf(y.year).paid, row, uint64(each))
	w.raw(`,"`)
	w.raw(name)
	w.raw(`":{"entitled":`)
	w.int(n)
	w.member("decided", paid+(n-paid)/2)
	w.member("paid", paid)
	w.member("amount", paid*each)
	w.raw(`}`)
}

func (y *yearPlan) writeOfficers(w *writer, row, officers, boards int) {
	w.envelope(report.TrainingReport, 1, "")
	w.authorityOf(report.LabourAuthority, "Cơ quan lao động", row, w.at)
	w.period(strconv.Itoa(y.year), y.yearEnd()+day)
	level := "district"
	if y.yearEnd() >= y.g.geo.mergedAt {
		level = "commune"
	}
	for i, l := range []struct {
		name string
		n    int
	}{{level, officers}, {"zone_board", boards}} {
		w.raw([]string{`,"local_officers":[`, `,`}[i])
		w.raw(`{"level":"`)
		w.raw(l.name)
		w.raw(`","total":`)
		w.int(l.n)
		w.member("trained", y.shareOf(l.n, sharesOf(y.year).officers, row, uint64(i)))
		w.raw(`}`)
	}
	w.raw(`]`)
	w.end()
}

// addBodies lets training and inspection bodies report on a few provinces each.
func (y *yearPlan) addBodies(add adder) {
	for i := range trainingBodies {
		add(y.yearly(uint64(i), 9), func(w *writer) { y.writeTrainingBody(w, i) })
	}
	for i := range equipmentBodies {
		add(y.yearly(uint64(i), 10), func(w *writer) { y.writeEquipmentBody(w, i) })
	}
}

func (w *writer) serviceBody(index int, name string, row int) {
	code := w.g.register.taxBase(safetyBodyIndex + index)
	w.raw(`"reporter":{"type":"service_body","tax_code":"`)
	w.b = append(w.b, code[:]...)
	w.raw(`","name":"`)
	w.raw(name)
	w.raw(` số `)
	w.int(index + 1)
	w.raw(` (mẫu)","province":`)
	w.raw(w.g.geo.ref(row, w.at))
	w.raw(`}`)
}

// places are the provinces a body works in, no unit twice in either list.
func (y *yearPlan) places(index int) []int {
	draw := hash(y.g.cfg.Seed, forSafety, uint64(index), 11)
	var rows []int
	units := map[string]bool{}
	for k := range 5 {
		row := weighted(hash(draw, uint64(k)), y.g.geo.weights)
		if unit := y.g.geo.provinces[row].Successor; !units[unit] {
			units[unit] = true
			rows = append(rows, row)
		}
	}
	return rows
}

func (y *yearPlan) writeTrainingBody(w *writer, i int) {
	rows := y.places(i)
	w.envelope(report.TrainingReport, 1, "")
	w.serviceBody(i, "Trung tâm huấn luyện an toàn", rows[0])
	w.period(strconv.Itoa(y.year), y.yearEnd()+day)
	w.raw(`,"licence":"`)
	w.raw(fmt.Sprintf("%02d/MAU-HL", i+1))
	w.raw(`"`)
	first := true
	for _, row := range rows {
		for _, group := range []string{"2", "3", "5"} {
			c := newSource(y.g.cfg.Seed, forSafety, uint64(y.year), uint64(i), uint64(row), uint64(group[0]))
			courses := c.between(1, 12)
			trained := courses * c.between(18, 40)
			w.raw(map[bool]string{true: `,"courses":[`, false: `,`}[first])
			first = false
			w.raw(`{"province":`)
			w.raw(y.g.geo.ref(row, w.at))
			w.raw(`,"group":"`)
			w.raw(group)
			w.raw(`","courses":`)
			w.int(courses)
			w.raw(`,"trained":`)
			w.int(trained)
			w.member("certified", trained*c.between(93, 100)/100)
			w.raw(`,"valid_until":"`)
			w.int(y.year + 2)
			w.raw(`-12-15"}`)
		}
	}
	w.raw(`]`)
	w.end()
}

func (y *yearPlan) writeEquipmentBody(w *writer, i int) {
	rows := y.places(100 + i)
	w.envelope(report.EquipmentReport, 1, "")
	w.serviceBody(trainingBodies+i, "Trung tâm kiểm định an toàn", rows[0])
	w.period(strconv.Itoa(y.year), y.yearEnd()+day)
	w.raw(`,"licence":"`)
	w.raw(fmt.Sprintf("%02d/MAU-KD", i+1))
	w.raw(`"`)
	first := true
	for _, row := range rows {
		for _, kind := range []string{"boiler", "pressure_vessel", "crane", "lift"} {
			c := newSource(y.g.cfg.Seed, forSafety, uint64(y.year), uint64(i), uint64(row), uint64(len(kind)), 12)
			inspected := c.between(20, 300)
			w.raw(map[bool]string{true: `,"items":[`, false: `,`}[first])
			first = false
			w.raw(`{"province":`)
			w.raw(y.g.geo.ref(row, w.at))
			w.raw(`,"type":"`)
			w.raw(kind)
			w.raw(`","inspected":`)
			w.int(inspected)
			w.member("failed", inspected*c.intN(6)/100)
			w.raw(`}`)
		}
	}
	w.raw(`]`)
	w.end()
}

// inspection is of one establishment; what is decided and handled is filed later as
// amendments.
type inspection struct {
	e                         establishment
	at, decidedAt, handledAt  int64
	number                    int
	serious, decides, handled bool
	first, second             string // findings
	id                        uuid.UUID
}

var violations = []string{"training", "equipment", "monitoring", "health", "protective_equipment", "safety_measures", "organisation", "report_missing"}

func (y *yearPlan) addInspections(add adder) {
	for i := range inspectionsYearly {
		n := y.inspection(i)
		filedAt := n.at + int64(below(hash(y.g.cfg.Seed, forSafety, uint64(y.year), uint64(i), 13), 5*24))*hour + 8*hour
		n.id = eventID(filedAt, hash(y.g.cfg.Seed, forReportID, forSafety, uint64(y.year), uint64(i)))
		add(filedAt, func(w *writer) { y.writeInspection(w, n, 1) })
		if i == 0 { // filed by mistake
			add(filedAt+9*day, func(w *writer) { w.withdraw(report.InspectionReport, n.id.String(), 2, whySite) })
			continue
		}
		if n.decides {
			add(n.decidedAt+10*hour, func(w *writer) { y.writeInspection(w, n, 2) })
		}
		if n.handled {
			add(n.handledAt+11*hour, func(w *writer) { y.writeInspection(w, n, 3) })
		}
	}
}

func (y *yearPlan) inspection(i int) inspection {
	c := newSource(y.g.cfg.Seed, forSafety, uint64(y.year), uint64(i), 14)
	r := y.g.register
	row := weighted(c.next(), y.g.geo.weights)
	n := inspection{number: i + 1, e: r.at(r.starts[row])}
	for range 20 { // one that is there; the first of a province always is
		if e := r.at(r.starts[row] + c.intN(r.starts[row+1]-r.starts[row])); e.active(y.year) {
			n.e = e
			break
		}
	}
	from, days := midnight(y.year, time.January, 5), 330
	if y.year == FirstYear { // the lists begin with the law on 1 July 2016
		from, days = midnight(y.year, time.July, 4), 160
	}
	n.at = from + int64(c.intN(days))*day
	n.first = violations[c.intN(len(violations))]
	n.second = violations[c.intN(len(violations))]
	n.serious = c.percent(45)
	n.decides = n.serious || c.percent(50)
	n.decidedAt = n.at + int64(c.between(12, 30))*day
	n.handled = n.decides && c.percent(70)
	n.handledAt = n.decidedAt + int64(c.between(10, 70))*day
	if i == 1 {
		y.inspectHousehold(&n)
	}
	return n
}

// inspectHousehold makes one case a year of what may never be public: a serious violation
// of a household business, handled, under its owner's number since July 2025.
func (y *yearPlan) inspectHousehold(n *inspection) {
	r := y.g.register
	for index := range y.g.cfg.Establishments {
		if e := r.at(index); e.household && e.active(y.year) {
			n.e = e
			break
		}
	}
	n.at = midnight(y.year, time.August, 4)
	n.serious, n.decides, n.handled = true, true, true
	n.decidedAt, n.handledAt = n.at+20*day, n.at+50*day
}

func (y *yearPlan) writeInspection(w *writer, n inspection, revision int) {
	w.head(report.InspectionReport, n.id.String())
	w.rest(revision, "Bổ sung kết quả xử lý (mẫu)")
	// The list of provinces is that of the day of the inspection.
	w.authorityOf(report.InspectionAuthority, "Thanh tra tỉnh", n.e.row, n.at)
	w.raw(`,"establishment":{`)
	w.taxCode(n.e)
	w.raw(`,"name":"`)
	w.raw(establishmentKinds[n.e.section-'A'])
	w.raw(` số `)
	w.int(n.e.index + 1)
	w.raw(` (mẫu)","province":`)
	w.raw(w.g.geo.ref(n.e.row, n.at))
	w.raw(`},"inspected_on":`)
	w.date(local(n.at))
	w.raw(`,"basis":"`)
	w.raw([]string{"planned", "unplanned", "complaint", "accident"}[n.number%4])
	w.raw(`",`)
	w.industry(n.e.section, n.e.index, n.at)
	if n.serious {
		w.raw(`,"serious":true`)
	}
	w.raw(`,"findings":[{"code":"`)
	w.raw(n.first)
	w.raw(`"`)
	if n.serious {
		w.raw(`,"serious":true`)
	}
	w.raw(`}`)
	if n.second != n.first {
		w.raw(`,{"code":"`)
		w.raw(n.second)
		w.raw(`"}`)
	}
	w.raw(`]`)
	if revision > 1 {
		w.decision(n, revision)
	}
	w.end()
}

func (w *writer) decision(n inspection, revision int) {
	w.raw(`,"decision":{"number":"`)
	w.int(n.number)
	w.raw(`/QĐ-MAU","issued_on":`)
	w.date(local(n.decidedAt))
	w.member("fine", 5_000*(1+n.number%18))
	w.raw(`,"measures":["repair"]`)
	if revision > 2 {
		w.raw(`,"handled_on":`)
		w.date(local(n.handledAt))
	}
	w.raw(`}`)
}
