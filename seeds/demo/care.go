package demo

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"atvsld/ingest/report"
)

// What the health system files: victims treated, examinations for occupational disease,
// and single cases of it. It is all derived from the accidents and disease reports of the
// year and changes none of them.

// forCare keeps the draws of this file apart from those of others.
const (
	forCare uint64 = 100 + iota
	forCareCase
	forCareFiling
)

// Tax codes of the health system, behind those of the monitoring bodies.
const (
	clinicIndex   = bodyIndex + 1000
	examinerIndex = bodyIndex + 2000
	clinicsMost   = 3
)

const (
	whyLater    = "Cập nhật chẩn đoán, giám định (mẫu)"
	casesOfYear = 180
)

// careJob is one submission of the health system.
type careJob struct {
	at    int64
	write func(*writer)
}

// careStream files what the health system reports on a year.
func (y *yearPlan) careStream() []*stream {
	jobs := slices.Concat(y.treatedJobs(true), y.treatedJobs(false), y.examinationJobs(), y.caseJobs())
	if len(jobs) == 0 {
		return nil
	}
	slices.SortStableFunc(jobs, func(a, b careJob) int { return cmp.Compare(a.at, b.at) })
	s := &stream{next: jobs[0].at, year: y.year}
	at := 0
	s.advance = func(w *writer) (bool, error) {
		jobs[at].write(w)
		if at++; at == len(jobs) {
			return false, nil
		}
		s.next = jobs[at].at
		return true, nil
	}
	return []*stream{s}
}

func (y *yearPlan) careDraw(purpose uint64, parts ...uint64) uint64 {
	return hash(y.g.cfg.Seed, append([]uint64{purpose, uint64(y.year)}, parts...)...)
}

// clinicsOf is how many medical facilities of a province report.
func (g *generator) clinicsOf(row int) int { return 1 + min(g.geo.weights[row]/20, clinicsMost-1) }

// treated counts the victims that one facility, or one province, saw.
type treated struct {
	report.Treated
	contract, noContract uint32
}

func (t *treated) add(o treated) {
	t.Victims += o.Victims
	t.Women += o.Women
	t.Died += o.Died
	t.Serious += o.Serious
	t.contract += o.contract
	t.noContract += o.noContract
}

// clinicReport is what a facility files on a period.
type clinicReport struct {
	row, number int
	at          int64
	treated     treated
}

// treatedJobs are the reports of facilities and departments on a period. Half of the dead
// never reach a facility, 7 % of the others are not recognised as victims of work, and 3 %
// are counted by two facilities: near the employers' count, and not equal.
func (y *yearPlan) treatedJobs(isHalf bool) []careJob {
	reports := y.clinicReports(isHalf)
	var jobs []careJob
	for _, r := range reports {
		jobs = append(jobs, careJob{r.at, func(w *writer) { y.writeClinic(w, isHalf, r) }})
	}
	return append(jobs, y.summaryJobs(isHalf, reports)...)
}

func (y *yearPlan) clinicReports(isHalf bool) []clinicReport {
	half := uint64(bit(isHalf))
	var reports []clinicReport
	seen := y.victimsSeen(isHalf)
	for row := range provinceCount {
		for number := range y.g.clinicsOf(row) {
			draw := y.careDraw(forCareFiling, half, uint64(row), uint64(number))
			if draw%25 == 0 {
				continue // did not report
			}
			at := y.deadline(isHalf).at(mix(draw))
			reports = append(reports, clinicReport{row, number, at, seen[row][number]})
		}
	}
	return reports
}

func (y *yearPlan) victimsSeen(isHalf bool) (seen [provinceCount][clinicsMost]treated) {
	for i := range y.accidents {
		a := &y.accidents[i]
		if a.phantom || isHalf && local(a.at).Month() > time.June {
			continue
		}
		for k := range a.victims {
			draw := y.careDraw(forCare, uint64(a.number), uint64(k))
			v := &a.victims[k]
			if missed := draw % 100; missed < 7 || v.severity == report.Dead && missed < 50 {
				continue
			}
			clinics := y.g.clinicsOf(a.row)
			first := below(mix(draw), clinics)
			seen[a.row][first].see(a, v)
			if mix(draw+1)%100 < 3 {
				seen[a.row][(first+1)%clinics].see(a, v)
			}
		}
	}
	return seen
}

func (t *treated) see(a *accident, v *victim) {
	t.Victims++
	t.Women += uint32(bit(v.woman))
	t.Died += uint32(bit(v.severity == report.Dead))
	t.Serious += uint32(bit(v.severity == report.Serious))
	if a.contract {
		t.contract++
	} else {
		t.noContract++
	}
}

// taxpayer writes a reporter of the health system.
func (w *writer) taxpayer(kind report.ReporterType, index, row int, name string, number int, at int64) {
	code := w.g.register.taxBase(index)
	w.raw(`"reporter":{"type":"`)
	w.raw(string(kind))
	w.raw(`","tax_code":"`)
	w.b = append(w.b, code[:]...)
	w.raw(`","name":"`)
	w.raw(name)
	w.raw(` số `)
	w.int(number)
	w.raw(` (mẫu)","province":`)
	w.raw(w.g.geo.ref(row, at))
	w.raw(`}`)
}

func (y *yearPlan) carePeriod(isHalf bool) annexPeriod {
	if isHalf {
		return annexPeriod{fileAnnexHalf, y.year}
	}
	return annexPeriod{fileAnnexYear, y.year}
}

func (y *yearPlan) writeClinic(w *writer, isHalf bool, r clinicReport) {
	p := y.carePeriod(isHalf)
	w.envelope(report.ClinicReport, 1, "")
	index := r.row*clinicsMost + r.number
	w.taxpayer(report.Clinic, clinicIndex+index, r.row, "Bệnh viện đa khoa", index+1, w.at)
	w.period(p.String(), periodEnd(p)+day)
	w.treated(&r.treated, index%5 > 0)
	w.end()
}

// treated writes the counts; not every facility asks for the contract.
func (w *writer) treated(t *treated, knowsContract bool) {
	w.raw(`,"treated":{"victims":`)
	w.int(int(t.Victims))
	w.raw(`,"women":`)
	w.int(int(t.Women))
	w.raw(`,"died":`)
	w.int(int(t.Died))
	w.raw(`,"serious":`)
	w.int(int(t.Serious))
	if knowsContract {
		w.raw(`,"contract":`)
		w.int(int(t.contract))
		w.raw(`,"no_contract":`)
		w.int(int(t.noContract))
	}
	w.raw(`}`)
}

// summaryJobs are the departments' summaries: of the facilities that had reported by
// then, so that a late one is in its own report alone. After the reform of 2025 a
// department has several former provinces.
func (y *yearPlan) summaryJobs(isHalf bool, reports []clinicReport) []careJob {
	var jobs []careJob
	for first, rows := range y.departments(isHalf) {
		draw := y.careDraw(forCareFiling, uint64(bit(isHalf)), uint64(first), 99)
		if len(rows) == 0 || draw%33 == 0 {
			continue // another one's, or did not report
		}
		at := y.deadline(isHalf).due + int64(below(mix(draw), 12*24*60))*minute
		facilities, reporting, sum := 0, 0, treated{}
		for _, row := range rows {
			facilities += y.g.clinicsOf(row)
		}
		for _, r := range reports {
			if slices.Contains(rows, r.row) && r.at < at {
				reporting++
				sum.add(r.treated)
			}
		}
		if reporting > 0 && mix(draw+1)%10 == 0 {
			sum.Victims += uint32(1 + draw%4) // told by telephone
		}
		jobs = append(jobs, careJob{at, func(w *writer) { y.writeSummary(w, isHalf, first, facilities, reporting, sum) }})
	}
	return jobs
}

// departments lists the rows of each department under its first one.
func (y *yearPlan) departments(isHalf bool) [][]int {
	rows := make([][]int, provinceCount)
	first := map[string]int{}
	for row := range provinceCount {
		ref := y.g.geo.ref(row, y.deadline(isHalf).due)
		if _, ok := first[ref]; !ok {
			first[ref] = row
		}
		rows[first[ref]] = append(rows[first[ref]], row)
	}
	return rows
}

func (y *yearPlan) writeSummary(w *writer, isHalf bool, row, facilities, reporting int, sum treated) {
	p := y.carePeriod(isHalf)
	w.envelope(report.HealthSummary, 1, "")
	w.raw(`"reporter":{"type":"authority","authority":"health","name":"Sở Y tế số `)
	w.int(row + 1)
	w.raw(` (mẫu)","province":`)
	w.raw(w.g.geo.ref(row, w.at))
	w.raw(`}`)
	w.period(p.String(), periodEnd(p)+day)
	w.raw(`,"facilities":`)
	w.int(facilities)
	w.raw(`,"reporting":`)
	w.int(reporting)
	w.treated(&sum, false)
	w.end()
}

// examination is a year's work of one examining facility.
type examination struct {
	establishments, persons, cases int
	suspected, suspectedCases      int
	diagnosed                      int
	examined, doubtful, found      [6]int // cases by factor
}

// examinationJobs: one facility a province examines most of the establishments there.
func (y *yearPlan) examinationJobs() []careJob {
	var sums [provinceCount]examination
	for i := range y.diseases {
		d := &y.diseases[i]
		if d.persons == 0 || y.careDraw(forCare, uint64(d.unit), 7)%100 >= 85 {
			continue
		}
		sums[rowOf(y.g.register.starts, d.unit)].add(d)
	}
	var jobs []careJob
	for row := range sums {
		if sums[row].establishments == 0 {
			continue
		}
		at := y.deadline(false).at(y.careDraw(forCareFiling, uint64(row), 98))
		jobs = append(jobs, careJob{at, func(w *writer) { y.writeExamination(w, row, &sums[row]) }})
	}
	return jobs
}

func (x *examination) add(d *disease) {
	x.establishments++
	x.persons += d.persons
	x.cases += d.cases
	x.suspected += d.suspected
	x.suspectedCases += d.suspectedCases
	x.diagnosed += d.diagnosed
	for _, r := range d.rows {
		x.examined[r.factor] += r.examined
		x.doubtful[r.factor] += r.suspected
		x.found[r.factor] += r.diagnosed
	}
}

func (y *yearPlan) writeExamination(w *writer, row int, x *examination) {
	p := y.carePeriod(false)
	kind := report.Clinic
	if row%4 == 0 {
		kind = report.ServiceBody
	}
	w.envelope(report.ExaminationReport, 1, "")
	w.taxpayer(kind, examinerIndex+row, row, "Trung tâm bệnh nghề nghiệp", row+1, w.at)
	w.period(p.String(), periodEnd(p)+day)
	w.raw(`,"establishments":`)
	w.int(x.establishments)
	w.personsAndCases("examined", x.persons, x.cases)
	w.personsAndCases("suspected", x.suspected, x.suspectedCases)
	// A person may have two of the diseases found; never more persons than suspected.
	w.personsAndCases("diagnosed", min(x.diagnosed, x.suspected), x.diagnosed)
	first := true
	for f := range x.examined {
		if x.examined[f] == 0 {
			continue
		}
		w.raw(map[bool]string{true: `,"rows":[`, false: `,`}[first])
		first = false
		w.raw(`{"factor":`)
		w.text(factors[f].code)
		if x.found[f] > 0 && factors[f].disease != "" {
			w.raw(`,"disease":`)
			w.text(factors[f].disease)
		}
		w.member("examined", x.examined[f])
		w.member("suspected", x.doubtful[f])
		w.member("diagnosed", x.found[f])
		w.raw(`}`)
	}
	if !first {
		w.raw(`]`)
	}
	w.end()
}

// healthCase is one case of occupational disease and its course.
type healthCase struct {
	id, second        uuid.UUID
	unit, row         int
	section           byte
	factor            int
	draw              uint64
	woman             bool
	born              int
	exposed           int64
	examined          int64
	suspected         int64
	reported          int64 // first filing
	diagnosed         int64 // 0: only suspected
	assessed          int64 // 0: not assessed
	paid              int64 // 0: not paid
	later             int64 // filing of the amendment
	loss              int
	disease           string
	late, employerToo bool
}

// caseJobs takes some of the cases that the establishments of a year report as diagnosed,
// at most one of each factor of an establishment: never more than were reported.
func (y *yearPlan) caseJobs() []careJob {
	var jobs []careJob
	percent := min(casesOfYear*100/max(len(y.diseases), 1), 60)
	for i := range y.diseases {
		d := &y.diseases[i]
		for _, r := range d.rows {
			draw := y.careDraw(forCareCase, uint64(d.unit), uint64(r.factor))
			if r.diagnosed == 0 || int(draw%100) >= percent {
				continue
			}
			c := y.healthCase(d.unit, r.factor, draw)
			jobs = append(jobs, careJob{c.reported, func(w *writer) { y.writeCase(w, c, 1, false) }})
			if c.diagnosed == 0 {
				continue
			}
			jobs = append(jobs, careJob{c.later, func(w *writer) { y.writeCase(w, c, 2, false) }})
			if c.employerToo {
				jobs = append(jobs, careJob{c.later + 3*hour, func(w *writer) { y.writeCase(w, c, 1, true) }})
			}
		}
	}
	return jobs
}

func (y *yearPlan) healthCase(unit, factor int, draw uint64) healthCase {
	s := newSource(draw)
	e := y.g.register.at(unit)
	c := healthCase{unit: unit, row: e.row, section: e.section, factor: factor, draw: s.next(), woman: s.percent(30), born: y.year - s.between(28, 58)}
	c.exposed = midnight(y.year-s.between(2, 8), time.Month(s.between(1, 12)), 1)
	c.examined = midnight(y.year, time.February, 1) + int64(s.intN(230))*day
	c.suspected = c.examined + int64(s.between(5, 25))*day
	c.reported = c.suspected + int64(s.between(24*60, 4*24*60))*minute
	c.id = eventID(c.reported, s.next())
	c.disease = factors[factor].disease
	if c.disease == "" {
		c.disease = map[bool]string{true: []string{"8", "9", "11"}[s.intN(3)], false: "26"}[factors[factor].code == "toxic_gas"]
	}
	course := s.intN(100)
	if course < 25 {
		return c
	}
	c.diagnosed = c.suspected + int64(s.between(10, 40))*day
	c.later = c.diagnosed + int64(s.between(24*60, 6*24*60))*minute
	if course >= 65 {
		y.assess(&c, s)
	}
	// A report of the next year would make it a case of that year.
	c.employerToo = s.percent(6) && local(c.later+3*hour).Year() == y.year
	c.second = eventID(c.later+3*hour, s.next())
	return c
}

// assess takes a case to the medical board and, from 5 % on, mostly to its benefit.
func (y *yearPlan) assess(c *healthCase, s *source) {
	c.assessed = c.diagnosed + int64(s.between(20, 70))*day
	c.loss = s.between(3, 41)
	c.later = c.assessed + int64(s.between(24*60, 4*24*60))*minute
	if c.loss < 5 || !s.percent(80) {
		return
	}
	days := s.between(1, 5)
	if c.late = s.percent(6); c.late {
		days = s.between(8, 30)
	}
	c.paid = c.assessed + int64(days)*day
	c.later = c.paid + int64(s.between(24*60, 4*24*60))*minute
}

// writeCase writes the first report at the suspicion, and everything else in one
// amendment; or the employer's report of the same case, which knows as much.
func (y *yearPlan) writeCase(w *writer, c healthCase, revision int, byEmployer bool) {
	id, first := c.id, c.reported
	if byEmployer {
		id, first = c.second, w.at
	}
	w.head(report.DiseaseCaseReport, id.String())
	known := byEmployer || revision > 1
	var acknowledge []string
	if known && c.late {
		acknowledge = []string{"CAD-016"}
	}
	w.rest(revision, whyLater, acknowledge...)
	e := y.g.register.at(c.unit)
	if byEmployer {
		w.establishment(e, 0, first)
	} else {
		w.taxpayer(report.Clinic, examinerIndex+c.row, c.row, "Trung tâm bệnh nghề nghiệp", c.row+1, first)
	}
	w.raw(`,"first_reported_on":`)
	w.date(local(first))
	w.raw(`,"workplace":{`)
	w.taxCode(e)
	w.raw(`,"province":`)
	w.raw(y.g.geo.ref(c.row, first))
	w.raw(`},`)
	w.industry(c.section, c.unit, first)
	w.caseWorker(&c)
	w.raw(`,"factor":`)
	w.text(factors[c.factor].code)
	w.dated("exposed_from", c.exposed)
	w.dated("examined_on", c.examined)
	w.dated("suspected_on", c.suspected)
	if known {
		w.course(&c, y.year)
	}
	w.end()
}

// dated writes a day with a comma before it.
func (w *writer) dated(name string, at int64) {
	w.raw(`,"`)
	w.raw(name)
	w.raw(`":`)
	w.date(local(at))
}

func (w *writer) caseWorker(c *healthCase) {
	w.raw(`,"worker":{"name":"`)
	w.name(c.draw, c.woman)
	w.raw(`"`)
	if c.draw%16 > 0 {
		w.raw(`,"id_number":"`)
		w.citizen(c.draw>>20, int(c.draw%provinceCount), c.woman, c.born)
		w.raw(`"`)
	}
	w.raw(`,"birth_year":"`)
	w.int(c.born)
	w.raw(`","sex":"`)
	w.raw([]string{"male", "female"}[bit(c.woman)])
	w.raw(`","occupation":"`)
	w.raw(occupation(c.section, c.draw))
	w.raw(`","employment":"contract"}`)
}

// course writes what followed the suspicion.
func (w *writer) course(c *healthCase, of int) {
	w.raw(`,"diagnosis":{"on":`)
	w.date(local(c.diagnosed))
	w.raw(`,"disease":`)
	w.text(c.disease)
	w.raw(`,"status":"new"}`)
	if c.assessed == 0 {
		return
	}
	w.raw(`,"assessment":{"on":`)
	w.date(local(c.assessed))
	w.raw(`,"loss_percent":`)
	w.int(c.loss)
	w.raw(`}`)
	if c.paid == 0 {
		return
	}
	pay := uint64(6+of-FirstYear) * 1_000_000
	w.raw(`,"benefit":{"kind":"compensation","monthly_pay_vnd":`)
	w.b = strconv.AppendUint(w.b, pay, 10)
	w.raw(`,"amount_vnd":`)
	w.b = strconv.AppendUint(w.b, report.LeastBenefit(report.Compensation, pay, uint32(c.loss), false), 10)
	w.dated("paid_on", c.paid)
	w.raw(`}`)
}

// published writes when the workers were told the results of a monitoring, which the
// establishments do since 2021.
func (w *writer) published(m *campaign) {
	if local(m.at).Year() >= 2021 {
		w.dated("published_on", m.at+int64(1+m.number%3)*day)
	}
}
