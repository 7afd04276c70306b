package report

import (
	"atvsld/seeds"
)

// Annex is the employer's periodic report on occupational accidents (Decree
// 39/2016/ND-CP Art. 24(1), Annex XII), due before 5 July for the first half
// and before 10 January for the year, also when there was no accident.
type Annex struct {
	Reporter   Reporter   `json:"reporter" form:"required"`
	Period     Period     `json:"period" form:"required,max=6"`
	ReportDate seeds.Date `json:"report_date" form:"required"`
	Industry   Industry   `json:"industry" form:"required"`
	Workers    Workers    `json:"workers" form:"required"`
	// PayrollMillionVND is the total payroll of the period in million đồng.
	PayrollMillionVND uint64 `json:"payroll_million_vnd,omitzero"`
	// CoversBranches names the branches whose figures are in this report; theirs
	// are left out of every total.
	CoversBranches []TaxCode `json:"covers_branches,omitzero" form:"items=999,max=40"`
	// Nil states that there was no accident. A report without rows says the same.
	Nil    *bool      `json:"nil,omitzero"`
	Rows   []AnnexRow `json:"rows,omitzero" form:"items=300"`
	Damage Damage     `json:"damage,omitzero"`
}

// Block is a block of rows of table I of Annex XII.
type Block string

// The blocks of table I.
const (
	// BlockAccidents is row 1, occupational accidents; BlockCause, BlockFactor
	// and BlockOccupation split it.
	BlockAccidents  Block = "1"
	BlockCause      Block = "1.1"
	BlockFactor     Block = "1.2"
	BlockOccupation Block = "1.3"
	// BlockCommuting is row 2, accidents with an allowance under Law Art. 39(2).
	BlockCommuting Block = "2"
	// BlockTotal is row 3 = 1 + 2.
	BlockTotal Block = "3"
)

// AnnexRow is one row of table I.
type AnnexRow struct {
	Block Block `json:"block" form:"required,enum=1|1.1|1.2|1.3|2|3"`
	// Code is the cause (1.1), factor (1.2) or occupation (1.3); "" elsewhere.
	Code string `json:"code,omitzero" form:"max=10"`
	Measures
}

// Damage is table II of Annex XII. Money in thousand đồng. Figures as printed in
// the notices are implausible by unit slips, so no rule refuses a report for them
// except for the sum.
type Damage struct {
	// DaysOff counts days, statutory leave included.
	DaysOff uint64 `json:"days_off,omitzero"`
	// CostTotal = CostMedical + CostWages + CostCompensation.
	CostTotal        uint64 `json:"cost_total,omitzero"`
	CostMedical      uint64 `json:"cost_medical,omitzero"`
	CostWages        uint64 `json:"cost_wages,omitzero"`
	CostCompensation uint64 `json:"cost_compensation,omitzero"`
	Property         uint64 `json:"property,omitzero"`
}

// Identity implements [Content].
func (a *Annex) Identity() Identity {
	return Identity{StatYear: a.Period.Year(), Period: string(a.Period), Unit: a.Reporter.Unit(), Province: a.Reporter.Province}
}

func (a *Annex) header() header {
	return header{reporter: &a.Reporter, wants: byEstablishment, industry: &a.Industry, workers: &a.Workers,
		period: &a.Period, reportDate: &a.ReportDate}
}

// Total returns the measures of the first row of a block without children, the
// zero Measures when there is none.
func (a *Annex) Total(b Block) Measures { return *a.total(b) }

// total is Total without a copy; it must not be changed.
func (a *Annex) total(b Block) *Measures {
	for i := range a.Rows {
		if a.Rows[i].Block == b {
			return &a.Rows[i].Measures
		}
	}
	return &noMeasures
}

var noMeasures Measures

func annexColumns() []Column {
	rows := func(a *Annex) []AnnexRow { return a.Rows }
	amount := func(name string, value func(*Annex) uint64) Column {
		return column(name, func(cells Cells, a *Annex) { cells.Uint64(value(a)) })
	}
	return concat(
		provinceColumns("province", func(a *Annex) seeds.ProvinceRef { return a.Reporter.Province }),
		industryColumns(func(a *Annex) *Industry { return &a.Industry }),
		workersColumns(func(a *Annex) *Workers { return &a.Workers }),
		[]Column{
			amount("payroll_million_vnd", func(a *Annex) uint64 { return a.PayrollMillionVND }),
			textsColumn("covers_branches", func(a *Annex) []TaxCode { return a.CoversBranches }, func(t *TaxCode) string { return unitOf(*t, "") }),
		},
		totalColumns("", func(a *Annex) *Measures { return a.total(BlockAccidents) }),
		totalColumns("commuting_", func(a *Annex) *Measures { return a.total(BlockCommuting) }),
		[]Column{
			textsColumn("rows.block", rows, func(r *AnnexRow) string { return string(r.Block) }),
			textsColumn("rows.code", rows, func(r *AnnexRow) string { return r.Code }),
		},
		measuresColumns("rows.", rows, func(r *AnnexRow) *Measures { return &r.Measures }),
		[]Column{
			amount("days_off", func(a *Annex) uint64 { return a.Damage.DaysOff }),
			amount("cost_total", func(a *Annex) uint64 { return a.Damage.CostTotal }),
			amount("cost_medical", func(a *Annex) uint64 { return a.Damage.CostMedical }),
			amount("cost_wages", func(a *Annex) uint64 { return a.Damage.CostWages }),
			amount("cost_compensation", func(a *Annex) uint64 { return a.Damage.CostCompensation }),
			amount("property", func(a *Annex) uint64 { return a.Damage.Property }),
			textColumn("establishment_type", func(a *Annex) string { return a.Reporter.EstablishmentType }),
		},
	)
}

var annexDefinition = define(&Definition{
	Kind:     AnnexXII,
	NameVI:   "Báo cáo tổng hợp tình hình tai nạn lao động của cơ sở (Phụ lục XII)",
	NameEN:   "Employer's periodic report on occupational accidents (Annex XII)",
	LegalRef: "Law 84/2015/QH13 Art. 36(1); Decree 39/2016/ND-CP Art. 24(1), Annex XII",
	Columns:  annexColumns(),
}, annexRules)
