package report

import "atvsld/seeds"

// Treated counts victims of occupational accidents that medical facilities treated within
// a period: the second count, which does not come from the employers (Law 84/2015/QH13
// Art. 36; Decree 39/2016/ND-CP Art. 25, Annexes XVIII and XIX, whose printed content is
// UNVERIFIED). Women, Died and Serious are part of Victims; who is neither dead nor
// seriously injured is lightly injured.
type Treated struct {
	Victims uint32 `json:"victims" form:"required" doc:"Số nạn nhân được khám, điều trị / Victims treated"`
	Women   uint32 `json:"women" form:"required" doc:"Trong đó nữ / Of them women"`
	Died    uint32 `json:"died" form:"required" doc:"Trong đó chết / Of them died"`
	Serious uint32 `json:"serious" form:"required" doc:"Trong đó bị thương nặng / Of them seriously injured"`
	// Contract and NoContract are nil when the facility does not know.
	Contract   *uint32 `json:"contract,omitzero" doc:"Có hợp đồng lao động, nếu biết / With a contract, if known"`
	NoContract *uint32 `json:"no_contract,omitzero" doc:"Không theo hợp đồng lao động, nếu biết / Without a contract, if known"`
	// Factors and Injuries are parts of Victims.
	Factors  []TreatedFactor `json:"factors,omitzero" form:"items=100" doc:"Theo yếu tố gây chấn thương / By injury factor"`
	Injuries []TreatedInjury `json:"injuries,omitzero" form:"items=100" doc:"Theo nhóm chấn thương / By group of injuries"`
}

// TreatedFactor is the part of the victims with one injury factor.
type TreatedFactor struct {
	FactorRef
	Victims uint32 `json:"victims" form:"required" doc:"Số nạn nhân / Victims"`
	Died    uint32 `json:"died,omitzero" doc:"Trong đó chết / Of them died"`
}

// TreatedInjury is the part of the victims with one injury; one victim may have several.
type TreatedInjury struct {
	// Code is a code of Annex II of Decree 39/2016/ND-CP or the heading of a group.
	Code    string `json:"code" form:"required,max=10" doc:"Mã hoặc nhóm chấn thương / Code or group of injuries" list:"serious-injuries"`
	Victims uint32 `json:"victims" form:"required" doc:"Số nạn nhân / Victims"`
	Died    uint32 `json:"died,omitzero" doc:"Trong đó chết / Of them died"`
}

// Clinical is the periodic report of a medical facility on the victims it treated.
type Clinical struct {
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Cơ sở khám bệnh, chữa bệnh / The medical facility"`
	Period     Period     `json:"period" form:"required,max=6" doc:"Năm hoặc 6 tháng đầu năm / Year or its first half"`
	ReportDate seeds.Date `json:"report_date" form:"required" doc:"Ngày báo cáo / Date of the report"`
	Treated    Treated    `json:"treated" form:"required" doc:"Nạn nhân tai nạn lao động / Victims of occupational accidents"`
}

// Summary is the health department's total over the facilities of its province.
type Summary struct {
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Cơ quan y tế cấp tỉnh / Health authority of the province"`
	Period     Period     `json:"period" form:"required,max=6" doc:"Năm hoặc 6 tháng đầu năm / Year or its first half"`
	ReportDate seeds.Date `json:"report_date" form:"required" doc:"Ngày báo cáo / Date of the report"`
	// Facilities are all that had to report, Reporting those that did.
	Facilities uint32  `json:"facilities" form:"required" doc:"Số cơ sở khám bệnh, chữa bệnh phải báo cáo / Facilities that have to report"`
	Reporting  uint32  `json:"reporting" form:"required" doc:"Số cơ sở đã báo cáo / Facilities that did"`
	Treated    Treated `json:"treated" form:"required" doc:"Nạn nhân tai nạn lao động / Victims of occupational accidents"`
}

// Identity implements [Content].
func (r *Clinical) Identity() Identity {
	return Identity{StatYear: r.Period.Year(), Period: string(r.Period), Unit: r.Reporter.Unit(), Province: r.Reporter.Province}
}

// Identity implements [Content].
func (r *Summary) Identity() Identity {
	return Identity{StatYear: r.Period.Year(), Period: string(r.Period), Unit: r.Reporter.Unit(), Province: r.Reporter.Province}
}

func (r *Clinical) header() header {
	return header{reporter: &r.Reporter, wants: byClinic, period: &r.Period, reportDate: &r.ReportDate}
}

func (r *Summary) header() header {
	return header{reporter: &r.Reporter, wants: byAuthority, period: &r.Period, reportDate: &r.ReportDate}
}

func treatedColumns[C Content](of func(C) *Treated) []Column {
	factors := func(c C) []TreatedFactor { return of(c).Factors }
	injuries := func(c C) []TreatedInjury { return of(c).Injuries }
	return []Column{
		numberColumn("victims", func(c C) uint32 { return of(c).Victims }),
		numberColumn("women", func(c C) uint32 { return of(c).Women }),
		numberColumn("died", func(c C) uint32 { return of(c).Died }),
		numberColumn("serious", func(c C) uint32 { return of(c).Serious }),
		column("contract", func(cells Cells, c C) { cells.Optional(of(c).Contract) }),
		column("no_contract", func(cells Cells, c C) { cells.Optional(of(c).NoContract) }),
		textsColumn("factors.list", factors, func(f *TreatedFactor) string { return f.List }),
		textsColumn("factors.code", factors, func(f *TreatedFactor) string { return f.Code }),
		numbersColumn("factors.victims", factors, func(f *TreatedFactor) uint32 { return f.Victims }),
		numbersColumn("factors.died", factors, func(f *TreatedFactor) uint32 { return f.Died }),
		textsColumn("injuries.code", injuries, func(i *TreatedInjury) string { return i.Code }),
		numbersColumn("injuries.victims", injuries, func(i *TreatedInjury) uint32 { return i.Victims }),
		numbersColumn("injuries.died", injuries, func(i *TreatedInjury) uint32 { return i.Died }),
	}
}

var clinicDefinition = define(&Definition{
	Kind:     ClinicReport,
	NameVI:   "Báo cáo của cơ sở khám bệnh, chữa bệnh về nạn nhân tai nạn lao động",
	NameEN:   "Medical facility's report on victims of occupational accidents",
	LegalRef: "Law 84/2015/QH13 Art. 36; Decree 39/2016/ND-CP Art. 25, Annex XVIII (content UNVERIFIED)",
	Status:   Unverified,
	Columns: concat(
		provinceColumns("province", func(r *Clinical) seeds.ProvinceRef { return r.Reporter.Province }),
		industryColumns(func(*Clinical) *Industry { return new(Industry) }),
		treatedColumns(func(r *Clinical) *Treated { return &r.Treated })),
}, treatedRules("CLI", sourceClinic, func(r *Clinical) *Treated { return &r.Treated }))

var healthDefinition = define(&Definition{
	Kind:     HealthSummary,
	NameVI:   "Tổng hợp của cơ quan y tế tỉnh về nạn nhân tai nạn lao động",
	NameEN:   "Health department's summary on victims of occupational accidents",
	LegalRef: "Law 84/2015/QH13 Art. 36; Decree 39/2016/ND-CP Art. 25, Annex XIX (content UNVERIFIED)",
	Status:   Unverified,
	Columns: concat(
		provinceColumns("province", func(r *Summary) seeds.ProvinceRef { return r.Reporter.Province }),
		industryColumns(func(*Summary) *Industry { return new(Industry) }),
		[]Column{
			numberColumn("facilities", func(r *Summary) uint32 { return r.Facilities }),
			numberColumn("reporting", func(r *Summary) uint32 { return r.Reporting }),
		},
		treatedColumns(func(r *Summary) *Treated { return &r.Treated })),
}, healthRules())
