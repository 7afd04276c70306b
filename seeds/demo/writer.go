package demo

import (
	"strconv"
	"time"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// writer writes one submission as JSON. It writes by hand because the types of
// package report write nothing that is personal, on purpose, and because tens of
// millions of reports have to be made in minutes.
type writer struct {
	g        *generator
	b        []byte
	at       int64
	received time.Time
	kind     report.Kind
	revision int
	gone     bool
}

// begin starts a submission received at an instant.
func (w *writer) begin(at int64) {
	w.b, w.at, w.received = w.b[:0], at, local(at)
	w.revision, w.gone = 1, false
}

func (w *writer) submission(of int) Submission {
	return Submission{Raw: w.b, Kind: w.kind, Year: of, Revision: w.revision, Withdrawn: w.gone, ReceivedAt: w.received}
}

func (w *writer) raw(s string) { w.b = append(w.b, s...) }

// text writes a string. Nothing that the generator writes needs escaping; a test
// proves it.
func (w *writer) text(s string) {
	w.b = append(w.b, '"')
	w.b = append(w.b, s...)
	w.b = append(w.b, '"')
}

func (w *writer) int(n int) { w.b = strconv.AppendInt(w.b, int64(n), 10) }

// member writes a number that is not 0, with a comma before it.
func (w *writer) member(name string, n int) {
	if n != 0 {
		w.raw(`,"`)
		w.raw(name)
		w.raw(`":`)
		w.int(n)
	}
}

func (w *writer) instant(t time.Time) {
	w.b = append(w.b, '"')
	w.b = t.AppendFormat(w.b, "2006-01-02T15:04:05.000-07:00")
	w.b = append(w.b, '"')
}

func (w *writer) date(t time.Time) {
	w.b = append(w.b, '"')
	w.b = t.AppendFormat(w.b, time.DateOnly)
	w.b = append(w.b, '"')
}

// envelope writes a periodic report up to the content's first member.
func (w *writer) envelope(kind report.Kind, revision int, reason string) {
	w.head(kind, "")
	w.rest(revision, reason)
}

// head starts the envelope; id is "" where the platform computes it.
func (w *writer) head(kind report.Kind, id string) {
	w.kind = kind
	w.raw(`{"kind":`)
	w.text(string(kind))
	if id != "" {
		w.raw(`,"report_id":`)
		w.text(id)
	}
}

// rest ends the envelope and opens the content.
func (w *writer) rest(revision int, reason string, acknowledge ...string) {
	w.amends(revision, reason)
	for i, code := range acknowledge {
		w.raw([]string{`,"acknowledge":[`, `,`}[min(i, 1)])
		w.text(code)
	}
	if len(acknowledge) > 0 {
		w.raw(`]`)
	}
	w.raw(`,"received_at":`)
	w.instant(w.received)
	w.raw(`,"content":{`)
}

func (w *writer) amends(revision int, reason string) {
	w.revision = revision
	if revision > 1 {
		w.raw(`,"revision":`)
		w.int(revision)
		w.raw(`,"reason":`)
		w.text(reason)
	}
}

// end closes content and envelope.
func (w *writer) end() { w.raw(`}}`) }

// withdraw writes a whole withdrawal.
func (w *writer) withdraw(kind report.Kind, id string, revision int, reason string) {
	w.head(kind, id)
	w.amends(revision, reason)
	w.gone = true
	w.raw(`,"withdrawn":true,"received_at":`)
	w.instant(w.received)
	w.raw(`}`)
}

// taxCode writes the code of an establishment as it is at the time of filing:
// household businesses use their owner's number since 1 July 2025.
func (w *writer) taxCode(e establishment) {
	w.raw(`"tax_code":"`)
	switch {
	case e.household && w.g.merged(w.at):
		w.citizen(hash(w.g.cfg.Seed, forTaxCode, uint64(e.index)), e.row, e.index%2 == 0, 1960+e.index%40)
	case e.branch:
		code := w.g.register.taxBase(e.index - 1)
		w.b = append(w.b, code[:]...)
		w.raw(`-001`)
	default:
		code := w.g.register.taxBase(e.index)
		w.b = append(w.b, code[:]...)
	}
	w.raw(`"`)
}

// citizen writes a citizen number: province of registration, century and sex,
// year of birth, serial number. It belongs to nobody we know of.
func (w *writer) citizen(draw uint64, row int, woman bool, born int) {
	century := (born - 1900) / 100 * 2
	if woman {
		century++
	}
	w.raw(`0`)
	w.raw(w.g.geo.provinces[row].Code)
	w.b = append(w.b, byte('0'+century))
	w.digits(uint64(born%100), 2)
	w.digits(draw%1_000_000, 6)
}

func (w *writer) digits(n uint64, width int) {
	for range width {
		w.b = append(w.b, '0')
	}
	for i := len(w.b) - 1; n > 0; i-- {
		w.b[i] = byte('0' + n%10)
		n /= 10
	}
}

// establishment writes the reporter; at decides on the list of provinces.
func (w *writer) establishment(e establishment, siteNumber int, at int64) {
	w.raw(`"reporter":{"type":"establishment",`)
	w.taxCode(e)
	if siteNumber > 0 {
		w.raw(`,"site":"`)
		w.int(siteNumber)
		w.raw(`"`)
	}
	w.raw(`,"name":"`)
	w.raw(establishmentKinds[e.section-'A'])
	w.raw(` số `)
	w.int(e.index + 1)
	w.raw(` (mẫu)","address":"Lô `)
	w.int(1 + e.index%97)
	w.raw(`, `)
	w.raw(w.g.geo.provinces[e.row].NameVI)
	w.raw(` (mẫu)","province":`)
	w.raw(w.g.geo.ref(e.row, at))
	w.raw(`}`)
}

// commune writes the reporter of a commune's report.
func (w *writer) commune(index int, at int64) {
	row := rowOf(w.g.communes.starts, index)
	index = w.g.communes.current(index, w.g.merged(at))
	w.raw(`"reporter":{"type":"commune","commune":{"code":"`)
	w.communeCode(index)
	w.raw(`","valid_from":"`)
	w.raw(communeListDay(w.g.merged(at)))
	w.raw(`"},"name":"UBND xã số `)
	w.int(index + 1)
	w.raw(` (mẫu)","province":`)
	w.raw(w.g.geo.ref(row, at))
	w.raw(`}`)
}

// communeCode writes five digits that no two communes share.
func (w *writer) communeCode(index int) { w.digits(uint64(index+1), 5) }

// communeListDay is the first day of the list of communes in force: the day of
// the reform, or the date of Decision 124/2004/QD-TTg.
func communeListDay(merged bool) string {
	if merged {
		return "2025-07-01"
	}
	return "2004-07-08"
}

// industry writes the section in the classification in force on a day.
func (w *writer) industry(section byte, index int, day int64) {
	version := seeds.VSIC2018
	if day >= w.g.geo.vsic2025At {
		version = seeds.VSIC2025
		section = w.g.geo.section2025(section, hash(w.g.cfg.Seed, forText, uint64(index)))
	}
	w.raw(`"industry":{"version":"`)
	w.raw(version)
	w.raw(`","code":"`)
	w.b = append(w.b, section)
	w.raw(`"}`)
}

func (w *writer) workers(name string, total, women int) {
	w.raw(`"`)
	w.raw(name)
	w.raw(`":{"total":`)
	w.int(total)
	w.raw(`,"women":`)
	w.int(women)
	w.raw(`}`)
}

// period writes period and report date: the day of receipt or up to three days
// before it, never before the period has ended.
func (w *writer) period(name string, ended int64) {
	w.raw(`,"period":"`)
	w.raw(name)
	w.raw(`","report_date":`)
	w.date(local(max(w.at-w.at/1000%3*day, ended)))
}

// measures writes the members of a row of table I after others.
func (w *writer) measures(m *report.Measures) {
	w.member("accidents", int(m.Accidents))
	w.member("accidents_fatal", int(m.AccidentsFatal))
	w.member("accidents_multi", int(m.AccidentsMulti))
	w.member("victims", int(m.Victims))
	w.member("victims_outside", int(m.VictimsOutside))
	w.member("women", int(m.Women))
	w.member("women_outside", int(m.WomenOutside))
	w.member("deaths", int(m.Deaths))
	w.member("deaths_outside", int(m.DeathsOutside))
	w.member("serious", int(m.Serious))
	w.member("serious_outside", int(m.SeriousOutside))
}

// establishmentKinds names establishments by section, A first.
var establishmentKinds = [...]string{
	"Công ty nông lâm nghiệp", "Công ty khai khoáng", "Công ty sản xuất", "Công ty điện lực", "Công ty môi trường",
	"Công ty xây dựng", "Công ty thương mại", "Công ty vận tải", "Công ty khách sạn", "Công ty công nghệ",
	"Công ty tài chính", "Công ty bất động sản", "Công ty tư vấn", "Công ty dịch vụ", "Đơn vị sự nghiệp",
	"Trường học", "Bệnh viện", "Trung tâm văn hóa", "Công ty dịch vụ khác",
}
