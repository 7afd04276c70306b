package report

import "atvsld/seeds"

// Commune is the commune's periodic report on accidents of workers without an
// employment relationship (Law 84/2015/QH13 Art. 34(1)(d), 36; Decree
// 39/2016/ND-CP Art. 24, Annexes XVI and XVII, whose printed content is
// UNVERIFIED; since 1 July 2025 sent to the Department of Home Affairs, Decree
// 129/2025/ND-CP).
type Commune struct {
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Xã, phường, đặc khu báo cáo / Commune that reports"`
	Period     Period     `json:"period" form:"required,max=6" doc:"Kỳ báo cáo: năm (2025) hoặc 6 tháng đầu năm (2025H1) / Period: a year (2025) or its first half (2025H1)"`
	ReportDate seeds.Date `json:"report_date" form:"required" doc:"Ngày lập báo cáo / Day on which the report was drawn up"`
	// WorkersWithoutContract is nil when the commune does not know it.
	WorkersWithoutContract *uint32 `json:"workers_without_contract,omitzero" doc:"Số người lao động không theo hợp đồng trên địa bàn; để trống khi không biết / Workers without a contract in the commune; absent when not known"`
	// Total has no "outside" part: nobody manages these workers.
	Total   Measures    `json:"total" doc:"Tổng số / Total"`
	Causes  []CauseRow  `json:"causes,omitzero" form:"items=20" doc:"Chia theo nguyên nhân / By cause"`
	Sectors []SectorRow `json:"sectors,omitzero" form:"items=100" doc:"Chia theo ngành / By industry"`
}

// CauseRow is the part of the total with one main cause.
type CauseRow struct {
	Code string `json:"code" form:"required,max=2" doc:"Nguyên nhân chính (1 đến 9) / Main cause (1 to 9)" list:"causes" source:"Decree 39/2016/ND-CP Annex XII footnote 4" status:"S"`
	Measures
}

// SectorRow is the part of the total in one industry.
type SectorRow struct {
	Industry Industry `json:"industry" form:"required" doc:"Ngành / Industry"`
	Measures
}

// Identity implements [Content].
func (r *Commune) Identity() Identity {
	return Identity{StatYear: r.Period.Year(), Period: string(r.Period), Unit: r.Reporter.Unit(), Province: r.Reporter.Province}
}

func (r *Commune) header() header {
	return header{reporter: &r.Reporter, wants: byCommune, period: &r.Period, reportDate: &r.ReportDate}
}

func communeColumns() []Column {
	causes := func(r *Commune) []CauseRow { return r.Causes }
	sectors := func(r *Commune) []SectorRow { return r.Sectors }
	return concat(
		provinceColumns("province", func(r *Commune) seeds.ProvinceRef { return r.Reporter.Province }),
		industryColumns(func(*Commune) *Industry { return new(Industry) }),
		[]Column{column("workers_without_contract", func(cells Cells, r *Commune) { cells.Optional(r.WorkersWithoutContract) })},
		totalColumns("", func(r *Commune) *Measures { return &r.Total }),
		[]Column{textsColumn("causes.code", causes, func(c *CauseRow) string { return c.Code })},
		measuresColumns("causes.", causes, func(c *CauseRow) *Measures { return &c.Measures }),
		[]Column{
			textsColumn("sectors.vsic_version", sectors, func(s *SectorRow) string { return s.Industry.Version }),
			textsColumn("sectors.vsic_section", sectors, func(s *SectorRow) string { return s.Industry.Section() }),
			textsColumn("sectors.vsic_code", sectors, func(s *SectorRow) string { return s.Industry.Code }),
		},
		measuresColumns("sectors.", sectors, func(s *SectorRow) *Measures { return &s.Measures }),
	)
}

var communeDefinition = define(&Definition{
	Kind:     CommuneReport,
	NameVI:   "Báo cáo của xã về tai nạn của người lao động không theo hợp đồng lao động",
	NameEN:   "Commune's periodic report on workers without an employment relationship",
	LegalRef: "Law 84/2015/QH13 Art. 36; Decree 39/2016/ND-CP Art. 24, Annexes XVI-XVII (content UNVERIFIED); Decree 129/2025/ND-CP",
	Status:   Unverified,
	Columns:  communeColumns(),
}, communeRules)
