package demo

import (
	"time"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// inquiry is what an accident brings about beside its declaration: an investigation, an
// officer's finding, a technical incident. It has draws of its own, so that nothing of the
// accidents depends on it.
type inquiry struct {
	accident int
	stages   report.Stages
	severity report.AccidentSeverity // as known when it is filed for the last time
	filedAt  []int64                 // of each revision
	late     bool                    // published after the limit
}

const (
	whyPublished = "Công bố biên bản điều tra (mẫu)"
	whyNotOne    = "Hai vụ khác nhau (mẫu)"
	// latePercent, extendedPercent and examinedPercent of the investigations, ours.
	latePercent, extendedPercent, examinedPercent, criminalPercent = 7, 8, 6, 2
	incidentsPerYear                                               = 3
)

// openAfter is the day on which the demonstration stands still: what would be published
// later is open.
var openAfter = seeds.MustDate(LastYear+1, time.January, 31)

// lawInForce is the first instant of Law 84/2015/QH13.
var lawInForce = midnight(2016, time.July, 1)

// scheduleInquiries plans what follows from the declared accidents.
func (y *yearPlan) scheduleInquiries() {
	linked, incidents, before := 0, 0, -1
	for i := range y.accidents {
		a := &y.accidents[i]
		if a.declaredAt == 0 || a.phantom || a.commuting {
			continue
		}
		if a.at >= lawInForce { // the limits are those of the law
			y.inquire(i)
		}
		if a.second >= 0 && a.unquoted {
			y.add(a.declaredAt+int64(4*24+below(a.draw(1), 12*24))*hour, fileLink, i, 1)
		}
		if linked == 0 && before >= 0 && y.accidents[before].row == a.row {
			linked++
			y.wrongLink(before, i)
		}
		if incidents < incidentsPerYear && a.contract && len(a.victims) > 1 && a.raisedAt == 0 {
			incidents++
			y.add(a.declaredAt+int64(1+below(a.draw(2), 30))*hour, fileIncident, i, 1)
		}
		before = i
	}
}

// draw is a number for one question about an accident.
func (a *accident) draw(question uint64) uint64 {
	return hash(uint64(a.number), forInquiry, question, uint64(a.at))
}

// wrongLink: an officer takes two accidents for one, and withdraws it.
func (y *yearPlan) wrongLink(one, other int) {
	at := max(y.accidents[one].declaredAt, y.accidents[other].declaredAt) + 3*day
	y.mistaken = [2]int{one, other}
	y.add(at, fileWrongLink, other, 1)
	y.add(at+9*day, withdrawLink, other, 2)
}

// inquire plans the investigation of the province.
func (y *yearPlan) inquire(index int) {
	a := &y.accidents[index]
	c := newSource(y.g.cfg.Seed, forInquiry, uint64(y.year), uint64(a.number))
	// The province hears of an accident that it investigates; of an injury that became a
	// death, when it did.
	heard := max(a.declaredAt, a.raisedAt)
	news := seeds.DateOf(local(heard))
	q := inquiry{accident: index, stages: report.Stages{NewsReceived: news, Opened: news.AddDays(c.intN(2))}}
	ends := y.plot(&q, a.whole(heard), c)
	switch {
	case ends.After(openAfter), y.year == LastYear && a.at > midnight(LastYear, time.July, 1) && c.percent(4):
		q.stages = report.Stages{NewsReceived: news, Opened: q.stages.Opened}
		q.filedAt = []int64{y.receipt(q.stages.Opened, c)}
	case c.percent(1): // told when it was opened, too
		q.filedAt = []int64{y.receipt(q.stages.Opened, c), y.receipt(ends, c)}
	default:
		q.filedAt = []int64{y.receipt(ends, c)}
	}
	q.severity = a.whole(q.filedAt[len(q.filedAt)-1])
	q.late = report.InvestigationClock(q.severity, q.stages, ends).State == report.ClockLate
	y.inquiries = append(y.inquiries, q)
	for i, at := range q.filedAt {
		y.add(at, fileInvestigation, len(y.inquiries)-1, i+1)
	}
}

// receipt is when something of a day is filed: two days later at least, because a province's
// day and a filer's evening are not the platform's concern.
func (y *yearPlan) receipt(of seeds.Date, c *source) int64 {
	return of.AddDays(2).Start().UnixMilli() + int64(c.between(7*60, 17*60))*minute
}

// plot draws how an investigation goes, and returns the day on which it ends.
func (y *yearPlan) plot(q *inquiry, severity report.AccidentSeverity, c *source) seeds.Date {
	s := &q.stages
	if c.percent(examinedPercent) {
		s.Examination = s.Opened.AddDays(c.between(1, 5))
	}
	limit := report.InvestigationClock(severity, *s, s.NewsReceived).LimitDays
	if c.percent(criminalPercent) {
		s.Closed = s.Opened.AddDays(c.between(5, limit-1))
		if c.percent(50) {
			return s.Closed // handed over to the police
		}
		s.FileReturned = s.Closed.AddDays(c.between(60, 150))
		s.Closed = seeds.Date{}
	}
	if c.percent(extendedPercent) && s.FileReturned.IsZero() {
		s.Extended = s.NewsReceived.AddDays(limit - c.between(1, 3))
		s.ExtensionDays = uint32(c.between(limit/2, limit))
	}
	clock := report.InvestigationClock(severity, *s, s.NewsReceived)
	s.Published = clock.Due.AddDays(-c.intN(limit / 3))
	if c.percent(latePercent) {
		s.Published = clock.Due.AddDays(c.between(1, 40))
	}
	return s.Published
}

// whole is the severity of an accident as known at a moment.
func (a *accident) whole(at int64) report.AccidentSeverity {
	count := map[report.InjurySeverity]int{}
	for i := range a.victims {
		count[a.severity(i, at)]++
	}
	return report.SeverityOf(count[report.Dead], count[report.Serious])
}

func (y *yearPlan) writeInvestigation(w *writer, j job) {
	q := &y.inquiries[j.index]
	a := &y.accidents[q.accident]
	stages, last := q.stages, j.revision == len(q.filedAt)
	if !last {
		stages = report.Stages{NewsReceived: stages.NewsReceived, Opened: stages.Opened}
	}
	id := eventID(q.filedAt[0], hash(y.g.cfg.Seed, forReportID, uint64(y.year), uint64(a.number), 2))
	w.head(report.InvestigationFile, id.String())
	var acknowledge []string
	if last && q.late {
		acknowledge = append(acknowledge, "INV-011")
	}
	w.rest(j.revision, whyPublished, acknowledge...)
	w.authorityOf(report.LabourAuthority, "Cơ quan quản lý lao động", a.row, a.at)
	w.raw(`,"accident_id":`)
	w.text(a.id.String())
	w.raw(`,"accident_on":`)
	w.date(local(a.at))
	w.raw(`,"province":`)
	w.raw(w.g.geo.ref(a.row, a.at))
	w.raw(`,"level":"province","severity":"`)
	w.raw(string(a.whole(j.at)))
	w.raw(`"`)
	w.stages(&stages)
	if !stages.Published.IsZero() {
		w.findings(a, j.at)
	}
	w.end()
}

func (w *writer) stages(s *report.Stages) {
	w.raw(`,"stages":{"news_received":`)
	w.date(s.NewsReceived.Start())
	stage := func(name string, day seeds.Date) {
		if !day.IsZero() {
			w.raw(`,"`)
			w.raw(name)
			w.raw(`":`)
			w.date(day.Start())
		}
	}
	stage("opened", s.Opened)
	stage("extended", s.Extended)
	w.member("extension_days", int(s.ExtensionDays))
	stage("examination", s.Examination)
	stage("file_returned", s.FileReturned)
	stage("published", s.Published)
	stage("closed", s.Closed)
	w.raw(`}`)
}

// findings follow the accident; its days off are those of Annex XII.
func (w *writer) findings(a *accident, at int64) {
	w.raw(`,"findings":{"cause":"`)
	w.int(a.cause)
	w.raw(`","factor":{"list":"annex_xii_seen","code":"`)
	w.int(a.factor)
	w.raw(`"}`)
	for i := range a.victims {
		w.raw([]string{`,"victims":[`, `,`}[min(i, 1)])
		w.raw(`{"severity":"`)
		w.raw(string(a.severity(i, at)))
		w.raw(`","occupation":"`)
		w.raw(a.work)
		w.raw(`"`)
		if i == len(a.victims)-1 {
			w.member("days_off", a.daysOff)
		}
		w.raw(`}`)
	}
	w.raw(`]`)
	persons := len(a.victims)
	w.member("cost_medical", persons*(4_000+below(a.draw(4), 60_000)))
	w.member("cost_compensation", persons*(20_000+below(a.draw(5), 300_000)))
	w.member("property_damage", below(a.draw(6), 8)*2_500)
	w.raw(`,"conclusion":"Kết luận điều tra, dữ liệu mẫu, không có thật."}`)
}

// writeLink writes a finding: of an accident and its second declaration, or a mistaken one.
func (y *yearPlan) writeLink(w *writer, j job) {
	a := &y.accidents[j.index]
	one, other, question := a.id, y.secondID(a), uint64(3)
	if j.kind != fileLink {
		one, other, question = y.accidents[y.mistaken[0]].id, y.accidents[y.mistaken[1]].id, 4
	}
	at := j.at
	if j.kind == withdrawLink {
		at -= 9 * day
	}
	id := eventID(at, hash(y.g.cfg.Seed, forReportID, uint64(y.year), uint64(a.number), question))
	if j.kind == withdrawLink {
		w.withdraw(report.CaseLink, id.String(), j.revision, whyNotOne)
		return
	}
	w.head(report.CaseLink, id.String())
	w.rest(j.revision, "")
	w.authorityOf(report.LabourAuthority, "Cơ quan quản lý lao động", a.row, at)
	w.raw(`,"decided_on":`)
	w.date(local(at))
	w.raw(`,"declarations":[`)
	w.text(one.String())
	w.raw(`,`)
	w.text(other.String())
	w.raw(`],"grounds":"Cùng nơi, cùng lúc, cùng nạn nhân (mẫu)."`)
	w.end()
}

// writeIncident writes the technical incident behind an accident with several victims.
func (y *yearPlan) writeIncident(w *writer, j job) {
	a := &y.accidents[j.index]
	id := eventID(j.at, hash(y.g.cfg.Seed, forReportID, uint64(y.year), uint64(a.number), 5))
	w.head(report.TechnicalIncident, id.String())
	w.rest(j.revision, "")
	w.establishment(y.g.register.at(a.unit), 0, a.at)
	w.raw(`,"occurred_at":`)
	w.instant(local(a.at - 10*minute))
	w.raw(`,"place":{"province":`)
	w.raw(w.g.geo.ref(a.row, a.at-10*minute))
	w.raw(`},`)
	w.industry(a.section, a.unit, a.at)
	w.raw(`,"equipment":"`)
	w.raw([]string{"pressure", "lifting", "structure", "electrical", "machine"}[below(a.draw(7), 5)])
	w.raw(`","strict_requirements":true,"beyond_control":true`)
	m := a.measures(j.at)
	w.member("dead", int(m.Deaths))
	w.member("injured", int(m.Victims-m.Deaths))
	w.member("evacuated", 5*below(a.draw(8), 30))
	w.member("stopped_hours", 8*below(a.draw(9), 20))
	w.member("property_damage", 50_000*(1+below(a.draw(10), 60)))
	w.raw(`,"accidents":[`)
	w.text(a.id.String())
	w.raw(`],"summary":"Sự cố kỹ thuật, dữ liệu mẫu, không có thật."`)
	w.end()
}
