package torture

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"

	"atvsld/ingest/report"
)

// A life is what happens to one report: its revisions, in order. The n-th life of a
// seed is always the same.
type life struct {
	steps []step
	next  int
}

// step is one revision.
type step struct {
	contents []content // two race for the revision: the first in the log counts
	// repeat files the same once more after it was accepted, early files the next
	// revision before this one.
	repeat, early bool
}

// content is one submission and what the figures show once it counts.
type content struct {
	raw   []byte
	state state
	// id is empty where the gateway makes it.
	id uuid.UUID
}

// state is what a report adds to the figures.
type state struct {
	kind    report.Kind
	year    int
	gone    bool // withdrawn
	figures map[figure]int64
}

// figure names one number that the interface gives.
type figure struct {
	indicator   string
	year        int
	denominator bool
}

func (f figure) String() string {
	part := ""
	if f.denominator {
		part = ", denominator"
	}
	return fmt.Sprintf("%s of %d%s", f.indicator, f.year, part)
}

// Streams of chance, so that what is filed does not depend on which faults there are.
const (
	streamFaults = iota + 1
	streamLives
	streamFilers
)

func chance(seed uint64, stream, n int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(stream)<<48|uint64(n)))
}

// newLife makes the n-th life.
func newLife(seed uint64, n int) *life {
	r := chance(seed, streamLives, n)
	var steps []step
	switch k := r.IntN(20); {
	case k < 11:
		steps = accidentLife(r, n)
	case k < 14:
		steps = periodicLife(r, annex(n))
	case k < 16:
		steps = periodicLife(r, commune(n))
	case k < 18:
		steps = periodicLife(r, disease(n))
	default:
		steps = periodicLife(r, monitoring(n))
	}
	for i := range steps {
		steps[i].repeat = r.IntN(10) == 0
		steps[i].early = i+1 < len(steps) && r.IntN(10) == 0
	}
	return &life{steps: steps}
}

// accidentLife: declared; then perhaps amended to more deaths, withdrawn, declared
// again. Of some revisions two contents race.
func accidentLife(r *rand.Rand, n int) []step {
	a := accident{id: eventID(r, n), number: n, year: 2023 + r.IntN(2), deaths: r.IntN(2), victims: 2 + r.IntN(2)}
	steps := []step{one(a.content())}
	if r.IntN(8) == 0 {
		rival := a
		rival.deaths++
		return []step{{contents: []content{a.content(), rival.content()}}}
	}
	if r.IntN(3) == 0 {
		a.revision, a.deaths = 2, min(a.deaths+1, a.victims)
		steps = append(steps, one(a.content()))
	}
	if r.IntN(5) == 0 {
		a.revision = max(a.revision, 1) + 1
		steps = append(steps, one(a.withdrawal()))
		if r.IntN(2) == 0 {
			a.revision++
			steps = append(steps, one(a.content()))
		}
	}
	return steps
}

func one(c content) step { return step{contents: []content{c}} }

// eventID is a UUIDv7 of its own for the n-th life.
func eventID(r *rand.Rand, n int) uuid.UUID {
	const january2026 = 1_767_200_000_000 // ms
	var id uuid.UUID
	ms := uint64(january2026 + n)
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	for i := 6; i < len(id); i++ {
		id[i] = byte(r.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

type accident struct {
	id                              uuid.UUID
	number, year, revision, victims int
	deaths                          int
}

func (a accident) content() content {
	var b strings.Builder
	fmt.Fprintf(&b, `{"kind":"accident_declaration","report_id":%q,`, a.id)
	if a.revision > 1 {
		fmt.Fprintf(&b, `"revision":%d,"reason":"cập nhật tình trạng nạn nhân",`, a.revision)
	}
	b.WriteString(`"acknowledge":["ACC-031"],"content":{"reporter":{"type":"establishment","tax_code":"0100109106","name":"Công ty thử","province":{"list":"63","code":"01"}},`)
	fmt.Fprintf(&b, `"occurred_at":"%d-05-20T08:00:00+07:00","place":{"province":{"list":"63","code":"24"}},`, a.year)
	b.WriteString(`"industry":{"version":"2018","code":"F"},"summary":"ngã cao","commuting":false,"victims":[`)
	for i := range a.victims {
		severity, died := "serious", ""
		if i < a.deaths {
			severity, died = "dead", fmt.Sprintf(`,"died_on":"%d-05-21"`, a.year)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"name":"Nạn nhân %d-%d","birth_year":"1990","sex":"male","employment":"contract","under_management":true,"severity":%q%s}`,
			a.number, i, severity, died)
	}
	b.WriteString(`]}}`)
	s := state{kind: report.AccidentDeclaration, year: a.year}
	if a.deaths > 0 {
		s.figures = map[figure]int64{{"N4", a.year, false}: 1, {"N5", a.year, false}: int64(a.deaths)}
	}
	return content{raw: []byte(b.String()), state: s, id: a.id}
}

func (a accident) withdrawal() content {
	raw := fmt.Appendf(nil, `{"kind":"accident_declaration","report_id":%q,"revision":%d,"withdrawn":true,"reason":"nộp nhầm"}`, a.id, a.revision)
	return content{raw: raw, state: state{kind: report.AccidentDeclaration, year: a.year, gone: true}, id: a.id}
}

// periodic makes the revisions of a periodic report: how many persons it counts is
// what amendments change.
type periodic func(head string, more int) content

// periodicLife: filed, then perhaps amended.
func periodicLife(r *rand.Rand, p periodic) []step {
	steps := []step{one(p("", 0))}
	last := 1 + r.IntN(3)
	for revision := 2; revision <= last; revision++ {
		steps = append(steps, one(p(fmt.Sprintf(`"revision":%d,"reason":"sửa số liệu",`, revision), revision)))
	}
	return steps
}

const periodicYear = 2025

func annex(n int) periodic {
	return func(head string, more int) content {
		workers := 420 + more
		raw := fmt.Appendf(nil, `{"kind":"annex_xii",%s"content":{"reporter":{"type":"establishment","tax_code":"0100109106","site":"%d","name":"Công ty thử","province":{"list":"34","code":"01"},"establishment_type":"CTCP"},`+
			`"period":"2025","report_date":"2026-01-06","industry":{"version":"2025","code":"F"},"workers":{"total":%d,"women":96},"payroll_million_vnd":61200,"rows":[`+
			`{"block":"1","accidents":3,"accidents_fatal":1,"accidents_multi":1,"victims":4,"deaths":1,"serious":2},`+
			`{"block":"1.1","code":"1","accidents":2,"accidents_fatal":1,"accidents_multi":1,"victims":3,"deaths":1,"serious":1},`+
			`{"block":"1.1","code":"7","accidents":1,"victims":1,"serious":1},`+
			`{"block":"1.2","code":"7","accidents":3,"accidents_fatal":1,"accidents_multi":1,"victims":4,"deaths":1,"serious":2},`+
			`{"block":"1.3","code":"7111","accidents":3,"accidents_fatal":1,"accidents_multi":1,"victims":4,"deaths":1,"serious":2},`+
			`{"block":"3","accidents":3,"accidents_fatal":1,"accidents_multi":1,"victims":4,"deaths":1,"serious":2}],`+
			`"damage":{"days_off":310,"cost_total":486000,"cost_medical":86000,"cost_wages":120000,"cost_compensation":280000,"property":15000}}}`, head, n+1, workers)
		return content{raw: raw, state: state{kind: report.AnnexXII, year: periodicYear, figures: map[figure]int64{
			{"N1", periodicYear, false}: 3, {"N2", periodicYear, false}: 4, {"N3", periodicYear, false}: 2,
			{"A1", periodicYear, true}: int64(workers),
		}}}
	}
}

func commune(n int) periodic {
	return func(head string, more int) content {
		// The 5 digits of a commune's code do not count far; its date is part of its name.
		code, day := n%100_000, 1+n/100_000%28
		raw := fmt.Appendf(nil, `{"kind":"commune_report",%s"content":{"reporter":{"type":"commune","commune":{"code":"%05d","valid_from":"2025-07-%02d"},"name":"Ủy ban nhân dân phường thử","province":{"list":"34","code":"01"}},`+
			`"period":"2025","report_date":"2026-01-04","workers_without_contract":%d,"total":{"accidents":3,"accidents_fatal":1,"victims":3,"deaths":1,"serious":2},`+
			`"causes":[{"code":"6","accidents":1,"accidents_fatal":1,"victims":1,"deaths":1},{"code":"8","accidents":2,"victims":2,"serious":2}],`+
			`"sectors":[{"industry":{"version":"2025","code":"F"},"accidents":3,"accidents_fatal":1,"victims":3,"deaths":1,"serious":2}]}}`, head, code, day, 5200+more)
		return content{raw: raw, state: state{kind: report.CommuneReport, year: periodicYear, figures: map[figure]int64{
			{"N1", periodicYear, false}: 3, {"N2", periodicYear, false}: 3, {"N3", periodicYear, false}: 2,
		}}}
	}
}

func disease(n int) periodic {
	return func(head string, more int) content {
		examined := 150 + more
		raw := fmt.Appendf(nil, `{"kind":"disease_report",%s"content":{"reporter":{"type":"establishment","tax_code":"0100109106","site":"%d","name":"Công ty thử","province":{"list":"34","code":"01"}},`+
			`"period":"2025","report_date":"2026-01-06","industry":{"version":"2025","code":"F"},"workers":{"total":420,"women":96},`+
			`"exposed":{"total":180,"women":20},"examined":{"persons":%d,"cases":220},"suspected":{"persons":6,"cases":7},"diagnosed":{"new":2,"old":3},`+
			`"rows":[{"factor":"noise","disease":"18","exposed":120,"examined_cases":120,"suspected":4,"diagnosed":1},{"factor":"dust","disease":"1","exposed":100,"examined_cases":100,"suspected":3,"diagnosed":1}]}}`, head, n+1, examined)
		return content{raw: raw, state: state{kind: report.DiseaseReport, year: periodicYear, figures: map[figure]int64{{"B1", periodicYear, false}: int64(examined)}}}
	}
}

func monitoring(n int) periodic {
	return func(head string, more int) content {
		raw := fmt.Appendf(nil, `{"kind":"monitoring_report",%s"content":{"reporter":{"type":"establishment","tax_code":"0100109106","site":"%d","name":"Công ty thử","province":{"list":"34","code":"01"}},`+
			`"site_province":{"list":"34","code":"24"},"period":"2025","campaign":1,"performed_on":"2025-10-14","industry":{"version":"2018","code":"F"},`+
			`"body":{"tax_code":"0100112437","licence":"123/QTMT"},"factors":[{"factor":"noise","samples":%d,"over":3},{"factor":"dust","samples":18}]}}`, head, n+1, 24+more)
		return content{raw: raw, state: state{kind: report.MonitoringReport, year: periodicYear, figures: map[figure]int64{{"B2", periodicYear, false}: 1}}}
	}
}
