package report

import (
	"atvsld/seeds"
)

// Annex is the employer's periodic report on occupational accidents (Decree
// 39/2016/ND-CP Art. 24(1), Annex XII), due before 5 July for the first half
// and before 10 January for the year, also when there was no accident.
type Annex struct {
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Cơ sở báo cáo / Establishment that reports"`
	Period     Period     `json:"period" form:"required,max=6" doc:"Kỳ báo cáo: năm (2025) hoặc 6 tháng đầu năm (2025H1) / Period: a year (2025) or its first half (2025H1)"`
	ReportDate seeds.Date `json:"report_date" form:"required" doc:"Ngày lập báo cáo / Day on which the report was drawn up"`
	Industry   Industry   `json:"industry" form:"required" doc:"Ngành của cơ sở / Industry of the establishment"`
	Workers    Workers    `json:"workers" form:"required" doc:"Lao động của cơ sở / Workers of the establishment"`
	// PayrollMillionVND is the total payroll of the period in million đồng.
	PayrollMillionVND uint64 `json:"payroll_million_vnd,omitzero" doc:"Tổng quỹ lương của kỳ (triệu đồng) / Payroll of the period (million đồng)"`
	// HoursWorked are the hours that all workers of the report worked in the period, overtime
	// included and leave left out; 0 is not given. It is not in Annex XII: rates per hour
	// (16th ICLS resolution of 1998) are of the reports that give it.
	HoursWorked uint64 `json:"hours_worked,omitzero" doc:"Tổng số giờ làm việc thực tế của người lao động trong kỳ, kể cả làm thêm giờ, không kể nghỉ; không bắt buộc, không có trong Phụ lục XII / Hours actually worked by all workers in the period, overtime included, leave left out; optional, not in Annex XII" source:"16th ICLS resolution (1998): frequency and severity rates; not in Annex XII" status:"UNVERIFIED"`
	// CoversBranches names the branches whose figures are in this report; theirs
	// are left out of every total.
	CoversBranches []TaxCode `json:"covers_branches,omitzero" form:"items=999,max=40" doc:"Các chi nhánh có số liệu trong báo cáo này / Branches whose figures are in this report" source:"The platform's rules of filing" status:"V"`
	// Nil states that there was no accident. A report without rows says the same.
	Nil    *bool      `json:"nil,omitzero" doc:"Khẳng định không có tai nạn / States that there was no accident" source:"The platform's rules of filing" status:"V"`
	Rows   []AnnexRow `json:"rows,omitzero" form:"items=300" doc:"Các dòng của Bảng I / Rows of table I"`
	Damage Damage     `json:"damage,omitzero" doc:"Bảng II: thiệt hại / Table II: damage"`
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
	Block Block `json:"block" form:"required,enum=1|1.1|1.2|1.3|2|3" doc:"Mục của dòng: 1 tai nạn lao động, 1.1 nguyên nhân, 1.2 yếu tố gây chấn thương, 1.3 nghề nghiệp, 2 tai nạn được hưởng trợ cấp theo Điều 39 khoản 2, 3 tổng số / Block of the row: 1 occupational accidents, 1.1 causes, 1.2 injury factors, 1.3 occupations, 2 accidents with an allowance under Art. 39(2), 3 total"`
	// Code is the cause (1.1), factor (1.2) or occupation (1.3); "" elsewhere.
	Code string `json:"code,omitzero" form:"max=10" doc:"Mã nguyên nhân (1.1), yếu tố gây chấn thương (1.2) hoặc nghề nghiệp (1.3) / Code of the cause (1.1), injury factor (1.2) or occupation (1.3)" list:"causes factors occupations"`
	Measures
}

// Damage is table II of Annex XII. Money in thousand đồng. Figures as printed in
// the notices are implausible by unit slips, so no rule refuses a report for them
// except for the sum.
type Damage struct {
	// DaysOff counts days, statutory leave included.
	DaysOff uint64 `json:"days_off,omitzero" doc:"Số ngày nghỉ vì tai nạn, kể cả ngày nghỉ theo chế độ / Days off because of accidents, statutory leave included"`
	// CostTotal = CostMedical + CostWages + CostCompensation.
	CostTotal        uint64 `json:"cost_total,omitzero" doc:"Tổng chi phí (1.000 đồng) / Total cost (1,000 đồng)"`
	CostMedical      uint64 `json:"cost_medical,omitzero" doc:"Chi phí y tế (1.000 đồng) / Medical cost (1,000 đồng)"`
	CostWages        uint64 `json:"cost_wages,omitzero" doc:"Trả lương trong thời gian điều trị (1.000 đồng) / Wages during treatment (1,000 đồng)"`
	CostCompensation uint64 `json:"cost_compensation,omitzero" doc:"Bồi thường, trợ cấp (1.000 đồng) / Compensation and allowances (1,000 đồng)"`
	Property         uint64 `json:"property,omitzero" doc:"Thiệt hại tài sản (1.000 đồng) / Damage to property (1,000 đồng)"`
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
			amount("hours_worked", func(a *Annex) uint64 { return a.HoursWorked }),
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
	Status:   Secondary,
	Columns:  annexColumns(),
}, annexRules)
