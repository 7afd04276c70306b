package demo

import (
	"strconv"

	"github.com/google/uuid"

	"atvsld/ingest/report"
)

// write writes the submission of a job.
func (y *yearPlan) write(w *writer, j job) {
	switch j.kind {
	case fileDeclaration, fileSecondDeclaration, withdrawDeclaration:
		y.writeDeclaration(w, j)
	case fileAnnexHalf, fileAnnexYear:
		y.writeAnnex(w, annexPeriod{j.kind, y.year}, y.g.register.at(j.index), j.revision)
	case fileCommuneHalf, fileCommuneYear:
		y.writeCommune(w, j)
	case fileDisease:
		y.writeDisease(w, j)
	case fileMonitoring, withdrawMonitoring:
		y.writeMonitoring(w, j)
	case fileInvestigation:
		y.writeInvestigation(w, j)
	case fileLink, fileWrongLink, withdrawLink:
		y.writeLink(w, j)
	case fileIncident:
		y.writeIncident(w, j)
	}
}

// periodEnd returns the last day of a period (its first instant).
func periodEnd(p annexPeriod) int64 {
	if p.half() {
		return midnight(p.year, 6, 30)
	}
	return midnight(p.year, 12, 31)
}

func (y *yearPlan) writeAnnex(w *writer, p annexPeriod, e establishment, revision int) {
	a := y.annex(p, e, w.at)
	total, women := e.employed(y.year)
	if e.covers {
		branch := y.g.register.at(e.index + 1)
		t, f := branch.employed(y.year)
		total, women = total+t, women+f
	}
	w.envelope(report.AnnexXII, revision, whyRaised)
	w.establishment(e, 0, w.at)
	w.period(p.String(), periodEnd(p)+day)
	w.raw(`,`)
	w.industry(e.section, e.index, periodEnd(p))
	w.raw(`,`)
	w.workers("workers", total, women)
	months := 12
	if p.half() {
		months = 6
	}
	w.member("payroll_million_vnd", total*months*(6+y.year-FirstYear))
	if hours := e.monthlyHours(); hours > 0 {
		w.member("hours_worked", total*months*hours)
	}
	if e.covers {
		code := y.g.register.taxBase(e.index)
		w.raw(`,"covers_branches":["`)
		w.b = append(w.b, code[:]...)
		w.raw(`-001"]`)
	}
	if len(a.rows) == 0 {
		w.raw(`,"nil":true`)
		w.end()
		return
	}
	w.raw(`,"rows":[`)
	for i := range a.rows {
		r := &a.rows[i]
		if i > 0 {
			w.raw(`,`)
		}
		w.raw(`{"block":`)
		w.text(string(r.block))
		if r.code != "" {
			w.raw(`,"code":`)
			w.text(r.code)
		}
		w.measures(&r.Measures)
		w.raw(`}`)
	}
	w.raw(`]`)
	w.damage(a)
	w.end()
}

// monthlyHours are those that a worker of the establishment works, 0 where it does not tell:
// two in five do, ours.
func (e *establishment) monthlyHours() int {
	if e.index%5 > 1 {
		return 0
	}
	return 168 + e.index%25
}

// damage writes table II: 300,000 đồng of wages and 200,000 of treatment a day.
func (w *writer) damage(a annex) {
	if a.daysOff == 0 {
		return
	}
	wages, medical, compensation := 300*a.daysOff, 200*a.daysOff, 150*a.daysOff
	w.raw(`,"damage":{"days_off":`)
	w.int(a.daysOff)
	w.member("cost_total", wages+medical+compensation)
	w.member("cost_medical", medical)
	w.member("cost_wages", wages)
	w.member("cost_compensation", compensation)
	w.member("property", 10*a.daysOff)
	w.raw(`}`)
}

func (y *yearPlan) writeCommune(w *writer, j job) {
	p := annexPeriod{fileAnnexYear, y.year}
	if j.kind == fileCommuneHalf {
		p.kind = fileAnnexHalf
	}
	r := y.communeReport(p, j.index, y.g.merged(w.at))
	w.envelope(report.CommuneReport, j.revision, "")
	w.commune(j.index, w.at)
	w.period(p.String(), periodEnd(p)+day)
	if draw := hash(y.g.cfg.Seed, forCommune, uint64(j.index)); draw%10 > 0 {
		w.member("workers_without_contract", 200+below(draw, 4000))
	}
	w.raw(`,"total":{`)
	w.totals(&r.total)
	if r.total.Accidents > 0 {
		w.raw(`},"causes":[`)
		w.causes(&r)
		w.raw(`],"sectors":[`)
		w.sectors(&r, j.index, periodEnd(p))
		w.raw(`]`)
	} else {
		w.raw(`}`)
	}
	w.end()
}

// totals writes measures as the first members of an object.
func (w *writer) totals(m *report.Measures) {
	before := len(w.b)
	w.measures(m)
	if len(w.b) > before {
		w.b = append(w.b[:before], w.b[before+1:]...) // the first comma
	}
}

func (w *writer) causes(r *communeReport) {
	first := true
	for code := range r.causes {
		if r.causes[code].Accidents == 0 {
			continue
		}
		if !first {
			w.raw(`,`)
		}
		first = false
		w.raw(`{"code":"`)
		w.int(code)
		w.raw(`"`)
		w.measures(&r.causes[code])
		w.raw(`}`)
	}
}

func (w *writer) sectors(r *communeReport, index int, day int64) {
	first := true
	for i := range sectionLetters {
		m := r.sectors[sectionLetters[i]]
		if m == nil {
			continue
		}
		if !first {
			w.raw(`,`)
		}
		first = false
		w.raw(`{`)
		w.industry(sectionLetters[i], index, day)
		w.measures(m)
		w.raw(`}`)
	}
}

func (y *yearPlan) writeDisease(w *writer, j job) {
	d := y.diseases[j.index]
	if d.partial() && j.revision == 1 {
		d = d.half()
	}
	e := y.g.register.at(d.unit)
	end := periodEnd(annexPeriod{fileAnnexYear, y.year})
	w.envelope(report.DiseaseReport, j.revision, whyMore)
	w.establishment(e, 0, w.at)
	w.period(strconv.Itoa(y.year), end+day)
	w.raw(`,`)
	w.industry(e.section, e.index, end)
	w.raw(`,`)
	w.workers("workers", d.workers, d.women)
	w.raw(`,`)
	w.workers("exposed", d.exposed, d.exposed*d.women/max(d.workers, 1))
	w.personsAndCases("examined", d.persons, d.cases)
	w.personsAndCases("suspected", d.suspected, d.suspectedCases)
	w.raw(`,"diagnosed":{"new":`)
	w.int(d.diagnosed)
	w.raw(`,"old":`)
	w.int(d.older)
	w.raw(`}`)
	for i, r := range d.rows {
		w.raw([]string{`,"rows":[`, `,`}[min(i, 1)])
		w.raw(`{"factor":`)
		w.text(factors[r.factor].code)
		if r.diagnosed > 0 && factors[r.factor].disease != "" {
			w.raw(`,"disease":`)
			w.text(factors[r.factor].disease)
		}
		w.member("exposed", r.exposed)
		w.member("examined_cases", r.examined)
		w.member("suspected", r.suspected)
		w.member("diagnosed", r.diagnosed)
		w.raw(`}`)
	}
	if len(d.rows) > 0 {
		w.raw(`]`)
	}
	w.end()
}

func (w *writer) personsAndCases(name string, persons, cases int) {
	w.raw(`,"`)
	w.raw(name)
	w.raw(`":{"persons":`)
	w.int(persons)
	w.raw(`,"cases":`)
	w.int(cases)
	w.raw(`}`)
}

func (y *yearPlan) writeMonitoring(w *writer, j job) {
	m := &y.campaigns[j.index]
	e := y.g.register.at(m.unit)
	b := y.g.bodies[m.body]
	if j.kind == withdrawMonitoring {
		w.withdraw(report.MonitoringReport, y.monitoringID(m, e).String(), j.revision, whySite)
		return
	}
	w.envelope(report.MonitoringReport, j.revision, "")
	w.establishment(e, m.site, w.at)
	w.raw(`,"site_province":`)
	w.raw(y.g.geo.ref(m.row, w.at))
	w.raw(`,"period":"`)
	w.int(y.year)
	w.raw(`"`)
	w.member("campaign", m.number)
	w.raw(`,"performed_on":`)
	w.date(local(m.at))
	w.published(m)
	w.raw(`,`)
	w.industry(m.section, e.index, m.at)
	w.raw(`,"body":{"tax_code":`)
	w.text(b.taxCode)
	w.raw(`,"licence":`)
	w.text(b.licence)
	w.raw(`}`)
	first := true
	for f := range m.samples {
		if m.samples[f] == 0 {
			continue
		}
		w.raw(map[bool]string{true: `,"factors":[`, false: `,`}[first])
		first = false
		w.raw(`{"factor":`)
		w.text(factors[f].code)
		w.member("samples", m.samples[f])
		w.member("over", m.over[f])
		w.raw(`}`)
	}
	w.raw(`]`)
	w.end()
}

// monitoringID computes what the platform computes, because a withdrawal has no
// content to compute it from.
func (y *yearPlan) monitoringID(m *campaign, e establishment) uuid.UUID {
	code := y.g.register.taxBase(e.index)
	unit := string(code[:])
	if e.branch {
		code = y.g.register.taxBase(e.index - 1)
		unit = string(code[:]) + "-001"
	}
	return report.ReportID(report.MonitoringReport, report.Identity{
		Unit: unit + "/" + strconv.Itoa(m.site), Period: strconv.Itoa(y.year),
		Extra: []string{y.g.bodies[m.body].taxCode, strconv.Itoa(m.number)},
	})
}
