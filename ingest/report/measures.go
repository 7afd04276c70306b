package report

// Measures are the eleven columns of table I of Annex XII (Decree 39/2016/ND-CP):
// counts of accidents and of persons. "Outside" is the form's "không thuộc quyền
// quản lý": persons who are not under the reporting unit's management; they are
// part of the number before them.
type Measures struct {
	// Accidents counts accidents, AccidentsFatal those with at least one death,
	// AccidentsMulti those with at least two victims.
	Accidents      uint32 `json:"accidents,omitzero" doc:"Số vụ / Accidents"`
	AccidentsFatal uint32 `json:"accidents_fatal,omitzero" doc:"Số vụ có người chết / Accidents with at least one death"`
	AccidentsMulti uint32 `json:"accidents_multi,omitzero" doc:"Số vụ có từ hai người bị nạn trở lên / Accidents with two or more victims"`
	// The rest counts persons.
	Victims        uint32 `json:"victims,omitzero" doc:"Số người bị nạn / Victims"`
	VictimsOutside uint32 `json:"victims_outside,omitzero" doc:"Số người bị nạn không thuộc quyền quản lý / Victims outside the management of the unit"`
	Women          uint32 `json:"women,omitzero" doc:"Số nữ bị nạn / Women among the victims"`
	WomenOutside   uint32 `json:"women_outside,omitzero" doc:"Số nữ bị nạn không thuộc quyền quản lý / Women outside the management of the unit"`
	Deaths         uint32 `json:"deaths,omitzero" doc:"Số người chết / Deaths"`
	DeathsOutside  uint32 `json:"deaths_outside,omitzero" doc:"Số người chết không thuộc quyền quản lý / Deaths outside the management of the unit"`
	Serious        uint32 `json:"serious,omitzero" doc:"Số người bị thương nặng / Seriously injured"`
	SeriousOutside uint32 `json:"serious_outside,omitzero" doc:"Số người bị thương nặng không thuộc quyền quản lý / Seriously injured outside the management of the unit"`
}

// Measure is one of the eleven columns.
type Measure struct {
	// Name is the JSON name, NameVI and NameEN what the heading of the form says.
	Name, NameVI, NameEN string
	// Of points at the cell.
	Of func(*Measures) *uint32
}

// measures lists the columns in the order of the form.
var measures = [...]Measure{
	{"accidents", "Số vụ", "Accidents", func(m *Measures) *uint32 { return &m.Accidents }},
	{"accidents_fatal", "Số vụ có người chết", "Fatal accidents", func(m *Measures) *uint32 { return &m.AccidentsFatal }},
	{"accidents_multi", "Số vụ có từ hai người bị nạn trở lên", "Accidents with 2 or more victims", func(m *Measures) *uint32 { return &m.AccidentsMulti }},
	{"victims", "Số người bị nạn", "Victims", func(m *Measures) *uint32 { return &m.Victims }},
	{"victims_outside", "Số người bị nạn không thuộc quyền quản lý", "Victims outside management", func(m *Measures) *uint32 { return &m.VictimsOutside }},
	{"women", "Số nữ bị nạn", "Women", func(m *Measures) *uint32 { return &m.Women }},
	{"women_outside", "Số nữ bị nạn không thuộc quyền quản lý", "Women outside management", func(m *Measures) *uint32 { return &m.WomenOutside }},
	{"deaths", "Số người chết", "Deaths", func(m *Measures) *uint32 { return &m.Deaths }},
	{"deaths_outside", "Số người chết không thuộc quyền quản lý", "Deaths outside management", func(m *Measures) *uint32 { return &m.DeathsOutside }},
	{"serious", "Số người bị thương nặng", "Seriously injured", func(m *Measures) *uint32 { return &m.Serious }},
	{"serious_outside", "Số người bị thương nặng không thuộc quyền quản lý", "Seriously injured outside management", func(m *Measures) *uint32 { return &m.SeriousOutside }},
}

// AllMeasures returns the eleven columns in the order of the form.
func AllMeasures() []Measure { return append([]Measure(nil), measures[:]...) }

// Add adds other to m, cell by cell.
func (m *Measures) Add(other Measures) {
	for _, c := range measures {
		*c.Of(m) += *c.Of(&other)
	}
}
