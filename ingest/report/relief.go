package report

import (
	"atvsld/seeds"
)

// The grants of a relief.
const (
	GrantExempt = "exempt"
	GrantExtend = "extend"
)

// Relief is an authority's decision that a unit need not file one report of one period, or
// may file it later. No text that allows it was found: who may decide it and why is
// UNVERIFIED, and the platform only records the decision.
type Relief struct {
	// Reporter is the authority that decided.
	Reporter Reporter `json:"reporter" form:"required" doc:"Cơ quan quyết định / Authority that decided"`
	Relieved UnitRef  `json:"relieved" form:"required" doc:"Đơn vị được miễn hoặc gia hạn / Unit that is relieved"`
	// Obligation is the kind of report, Period the period it is owed for.
	Obligation Kind   `json:"obligation" form:"required,max=40" doc:"Loại báo cáo / Kind of report"`
	Period     Period `json:"period" form:"required,max=6" doc:"Kỳ báo cáo / Period"`
	Grant      string `json:"grant" form:"required,enum=exempt|extend" doc:"Miễn hoặc gia hạn / Exemption or extension"`
	// DueBy is the last day of an extension.
	DueBy     seeds.Date `json:"due_by,omitzero" doc:"Hạn mới, tính cả ngày này / Last day of the extension, included"`
	DecidedOn seeds.Date `json:"decided_on" form:"required" doc:"Ngày quyết định / Day of the decision"`
	// Why is Private, as reasons name people; so is the number under which it is on file.
	Why      Private `json:"why,omitzero" form:"required,max=2000" private:"narrative" doc:"Lý do / Reason"`
	Decision Private `json:"decision,omitzero" form:"required,max=100" private:"number" doc:"Số quyết định / Number of the decision"`
}

// Identity implements [Content].
func (r *Relief) Identity() Identity {
	return Identity{StatYear: r.Period.Year(), Period: string(r.Period), Unit: r.Relieved.Unit(),
		Extra: []string{string(r.Obligation)}, Province: r.Reporter.Province}
}

// header leaves the period to the rules of the kind: relief is granted before its end.
func (r *Relief) header() header {
	return header{reporter: &r.Reporter, wants: byAuthority, eventDate: r.DecidedOn}
}

func reliefColumns() []Column {
	return concat(
		provinceColumns("province", func(r *Relief) seeds.ProvinceRef { return r.Reporter.Province }),
		industryColumns(func(*Relief) *Industry { return new(Industry) }),
		[]Column{
			textColumn("reporter_authority", func(r *Relief) string { return r.Reporter.Authority }),
			textColumn("unit_type", func(r *Relief) string { return string(r.Relieved.Type) }),
			textColumn("obligation", func(r *Relief) string { return string(r.Obligation) }),
			textColumn("relief", func(r *Relief) string { return r.Grant }),
			dayColumn("due_by", func(r *Relief) seeds.Date { return r.DueBy }),
			dayColumn("decided_on", func(r *Relief) seeds.Date { return r.DecidedOn }),
		},
	)
}

var reliefDefinition = define(&Definition{
	Kind:     ObligationRelief,
	NameVI:   "Miễn hoặc gia hạn nghĩa vụ báo cáo",
	NameEN:   "Exemption from a report, or extension of its time",
	LegalRef: "No text found (UNVERIFIED); a record of the authority's decision",
	Status:   Unverified,
	Columns:  reliefColumns(),
}, reliefRules)
