package report

import (
	"time"

	"atvsld/seeds"
)

// Incident is an employer's report on a serious technical incident (Law 84/2015/QH13 Art.
// 3(7), 36): one beyond what the establishment can master, or that touches several
// establishments or localities. The printed form was not found (UNVERIFIED); the members
// are those that the law speaks of.
type Incident struct {
	Reporter   Reporter  `json:"reporter" form:"required" doc:"Người sử dụng lao động / Employer"`
	OccurredAt time.Time `json:"occurred_at" form:"required" doc:"Thời điểm xảy ra / When it happened"`
	Place      Place     `json:"place" form:"required" doc:"Nơi xảy ra / Where it happened"`
	Industry   Industry  `json:"industry" form:"required" doc:"Ngành kinh tế / Industry" list:"vsic"`
	// Equipment is a group of ours; the words of the form go into EquipmentText.
	Equipment     string  `json:"equipment" form:"required,enum=pressure|lifting|elevator|electrical|chemical|structure|mining|machine|other" doc:"Nhóm máy, thiết bị, công trình / Group of equipment" source:"Grouping of this project" status:"UNVERIFIED"`
	EquipmentText Private `json:"equipment_text,omitzero" form:"max=500" private:"narrative" doc:"Tên, số hiệu thiết bị / Name and number of the equipment"`
	// Strict: subject to strict requirements of safety, Law Art. 28.
	Strict bool `json:"strict_requirements,omitzero" doc:"Thiết bị có yêu cầu nghiêm ngặt về an toàn, vệ sinh lao động / Equipment with strict safety requirements" source:"Law 84/2015/QH13 Art. 28" status:"S"`
	// BeyondControl and SeveralUnits are what makes an incident serious.
	BeyondControl bool    `json:"beyond_control,omitzero" doc:"Vượt khả năng ứng phó của cơ sở, địa phương / Beyond what the establishment or locality can master" source:"Law 84/2015/QH13 Art. 3(7)" status:"S"`
	SeveralUnits  bool    `json:"several_units,omitzero" doc:"Liên quan nhiều cơ sở hoặc địa phương / Touches several establishments or localities" source:"Law 84/2015/QH13 Art. 3(7)" status:"S"`
	Release       string  `json:"harmful_release,omitzero" form:"enum=dust|gas|liquid|radiation|heat|other" doc:"Yếu tố có hại phát tán / Harmful release" source:"Grouping of this project" status:"UNVERIFIED"`
	ReleaseText   Private `json:"harmful_release_text,omitzero" form:"max=500" private:"narrative" doc:"Chất, lượng phát tán / What was released, and how much"`
	Evacuated     uint32  `json:"evacuated,omitzero" doc:"Số người phải sơ tán / Persons evacuated"`
	Dead          uint32  `json:"dead,omitzero" doc:"Số người chết / Persons dead"`
	Injured       uint32  `json:"injured,omitzero" doc:"Số người bị thương / Persons injured"`
	StoppedHours  uint32  `json:"stopped_hours,omitzero" doc:"Số giờ ngừng hoạt động / Hours of standstill"`
	Property      uint64  `json:"property_damage,omitzero" doc:"Thiệt hại tài sản (nghìn đồng) / Property damage (1,000 VND)"`
	// Accidents are the occupational accidents that it caused, by accident_id.
	Accidents   []UUID  `json:"accidents,omitzero" form:"items=50" doc:"Các vụ tai nạn lao động do sự cố / Accidents that it caused"`
	Summary     Private `json:"summary" form:"required,max=5000" private:"narrative" doc:"Diễn biến / What happened"`
	Consequence Private `json:"consequences,omitzero" form:"max=5000" private:"narrative" doc:"Hậu quả, biện pháp khắc phục / Consequences and what was done"`
}

// Identity implements [Content].
func (n *Incident) Identity() Identity {
	return Identity{StatYear: n.OccurredAt.In(vietnam).Year(), Unit: n.Reporter.Unit(), Province: n.Reporter.Province}
}

func (n *Incident) header() header {
	h := header{reporter: &n.Reporter, wants: byEstablishment, industry: &n.Industry, place: &n.Place.Province, placeAt: "/content/place/province"}
	if !n.OccurredAt.IsZero() {
		h.eventDate = seeds.DateOf(n.OccurredAt)
	}
	return h
}

func incidentColumns() []Column {
	return concat(
		provinceColumns("province", func(n *Incident) seeds.ProvinceRef { return n.Place.Province }),
		provinceColumns("reporter_province", func(n *Incident) seeds.ProvinceRef { return n.Reporter.Province }),
		industryColumns(func(n *Incident) *Industry { return &n.Industry }),
		[]Column{
			column("occurred_at", func(cells Cells, n *Incident) { cells.Time(n.OccurredAt) }),
			textColumn("equipment", func(n *Incident) string { return n.Equipment }),
			column("strict_requirements", func(cells Cells, n *Incident) { cells.Flag(n.Strict) }),
			column("beyond_control", func(cells Cells, n *Incident) { cells.Flag(n.BeyondControl) }),
			column("several_units", func(cells Cells, n *Incident) { cells.Flag(n.SeveralUnits) }),
			textColumn("harmful_release", func(n *Incident) string { return n.Release }),
			numberColumn("evacuated", func(n *Incident) uint32 { return n.Evacuated }),
			numberColumn("dead", func(n *Incident) uint32 { return n.Dead }),
			numberColumn("injured", func(n *Incident) uint32 { return n.Injured }),
			numberColumn("stopped_hours", func(n *Incident) uint32 { return n.StoppedHours }),
			column("property_damage", func(cells Cells, n *Incident) { cells.Uint64(n.Property) }),
			idsColumn("accidents", func(n *Incident) []UUID { return n.Accidents }),
		})
}

// idsColumn is an array of ids.
func idsColumn[C Content](name string, of func(C) []UUID) Column {
	return column(name, func(cells Cells, c C) {
		ids := of(c)
		cells.List(len(ids))
		for _, id := range ids {
			cells.ID(id)
		}
	})
}

var incidentDefinition = define(&Definition{
	Kind:     TechnicalIncident,
	NameVI:   "Báo cáo sự cố kỹ thuật gây mất an toàn, vệ sinh lao động nghiêm trọng",
	NameEN:   "Report on a serious technical incident",
	LegalRef: sourceLaw36 + "; form UNVERIFIED",
	Status:   Unverified,
	Event:    true,
	Columns:  incidentColumns(),
}, incidentRules)
