package demo

import (
	"strconv"

	"github.com/google/uuid"

	"atvsld/ingest/report"
)

const (
	whyRaised = "Nạn nhân tử vong sau thời gian điều trị (mẫu)"
	whyCause  = "Bổ sung nguyên nhân sau điều tra (mẫu)"
	whyNot    = "Không phải tai nạn lao động (mẫu)"
	whyMore   = "Bổ sung số liệu của các phân xưởng (mẫu)"
	whySite   = "Gửi nhầm cơ sở (mẫu)"
)

// writeDeclaration writes a declaration, its amendment or withdrawal, or that of
// the second employer.
func (y *yearPlan) writeDeclaration(w *writer, j job) {
	a := &y.accidents[j.index]
	id := a.id
	second := j.kind == fileSecondDeclaration
	if second {
		id = y.secondID(a)
	}
	if j.kind == withdrawDeclaration {
		w.withdraw(report.AccidentDeclaration, id.String(), j.revision, whyNot)
		return
	}
	w.head(report.AccidentDeclaration, id.String())
	reason := whyCause
	if a.raisedAt != 0 {
		reason = whyRaised
	}
	var acknowledge []string
	if !a.declarable(j.at) {
		acknowledge = append(acknowledge, "ACC-031")
	}
	w.rest(j.revision, reason, acknowledge...)
	if second {
		w.establishment(y.g.register.at(a.second), 0, a.at)
		if !a.unquoted {
			w.raw(`,"accident_id":`)
			w.text(a.id.String())
		}
	} else if a.contract {
		w.establishment(y.g.register.at(a.unit), 0, a.at)
	} else {
		w.commune(a.unit, a.at)
	}
	w.circumstances(a, j.revision)
	for i := range a.victims {
		w.raw([]string{`,"victims":[`, `,`}[min(i, 1)])
		w.victim(a, i, second)
	}
	w.raw(`]`)
	w.end()
}

// secondID is that of the second employer's declaration.
func (y *yearPlan) secondID(a *accident) uuid.UUID {
	return eventID(a.secondAt, hash(y.g.cfg.Seed, forReportID, uint64(y.year), uint64(a.number), 1))
}

func (w *writer) circumstances(a *accident, revision int) {
	w.raw(`,"occurred_at":`)
	w.instant(local(a.at))
	w.raw(`,"place":{"province":`)
	w.raw(w.g.geo.ref(a.row, a.at))
	if !a.contract {
		w.raw(`,"commune_code":"`)
		w.communeCode(w.g.communes.current(a.unit, w.g.merged(a.at)))
		w.raw(`"`)
	}
	w.raw(`,"text":"Nơi làm việc (mẫu)"},`)
	w.industry(a.section, a.unit, a.at)
	if !a.causeLater || revision > 1 {
		w.raw(`,"cause":"`)
		w.int(a.cause)
		w.raw(`"`)
	}
	w.raw(`,"factor":{"list":"annex_xii_seen","code":"`)
	w.int(a.factor)
	w.raw(`"}`)
	if a.commuting {
		w.raw(`,"commuting":true`)
	}
	w.raw(`,"summary":"Tai nạn lao động, dữ liệu mẫu, không có thật."`)
}

// victim writes one person. The second employer calls the victims its own, and
// does not know the citizen number of some of them.
func (w *writer) victim(a *accident, i int, second bool) {
	v := &a.victims[i]
	w.raw(`{"name":"`)
	w.name(v.person, v.woman)
	w.raw(`"`)
	if !v.noNumber && (!second || i > 0 || v.person%2 == 0) {
		// Serial numbers of one accident differ, whatever the draw.
		serial := (v.person>>20)%1_000_000/1000*1000 + uint64(i)
		w.raw(`,"id_number":"`)
		w.citizen(serial, int(v.person%provinceCount), v.woman, v.birthYear)
		w.raw(`"`)
	}
	w.raw(`,"birth_year":"`)
	w.int(v.birthYear)
	w.raw(`","sex":"`)
	w.raw([]string{"male", "female"}[bit(v.woman)])
	w.raw(`","occupation":"`)
	w.raw(a.work)
	w.raw(`","employment":"`)
	w.raw([]string{"no_contract", "contract"}[bit(a.contract)])
	w.raw(`","under_management":`)
	w.raw(strconv.FormatBool(a.contract && (second || !v.outside)))
	severity := a.severity(i, w.at)
	w.raw(`,"severity":"`)
	w.raw(string(severity))
	w.raw(`"`)
	switch severity {
	case report.Dead:
		died := a.at
		if i == 0 && a.raisedAt != 0 {
			died = a.diedAt
		}
		w.raw(`,"died_on":`)
		w.date(local(died))
	case report.Serious:
		w.raw(`,"injuries":["`)
		w.raw(w.g.geo.injuries[below(v.person, len(w.g.geo.injuries))])
		w.raw(`"]`)
	}
	w.raw(`}`)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Names are put together from the most common parts; "(mẫu)" marks each as a sample.
var (
	familyNames = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô"}
	middleNames = [2][]string{{"Văn", "Minh", "Quốc", "Hữu"}, {"Thị", "Ngọc", "Thanh", "Xuân"}} // men, women
	givenNames  = []string{"An", "Bình", "Cường", "Dung", "Hà", "Hùng", "Lan", "Mai", "Nam", "Phúc", "Quân", "Sơn", "Tâm", "Yến"}
)

func (w *writer) name(draw uint64, woman bool) {
	for k, names := range [...][]string{familyNames, middleNames[bit(woman)], givenNames} {
		w.raw(names[below(mix(draw+uint64(k)), len(names))])
		w.raw(` `)
	}
	w.raw(`(mẫu)`)
}
