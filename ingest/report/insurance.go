package report

import "atvsld/seeds"

// Insurance is the yearly report of a province's social-insurance agency on victims of
// occupational accident and disease (Law 84/2015/QH13 Art. 45: benefits of the fund need a
// loss of 5 % or more of the capacity to work, or death). It feeds target N19-7 of
// Resolution 19/NQ-CP, indicator D1.
type Insurance struct {
	Reporter   Reporter       `json:"reporter" form:"required" doc:"Cơ quan bảo hiểm xã hội / Social-insurance agency"`
	Period     Period         `json:"period" form:"required,max=6" doc:"Năm báo cáo / Year of the report"`
	ReportDate seeds.Date     `json:"report_date" form:"required" doc:"Ngày báo cáo / Date of the report"`
	Accidents  InsuranceCases `json:"accidents" form:"required" doc:"Tai nạn lao động / Occupational accidents"`
	Diseases   InsuranceCases `json:"diseases" form:"required" doc:"Bệnh nghề nghiệp / Occupational diseases"`
}

// InsuranceCases follows the victims who became entitled within the year: who of them got
// a decision, and who of these was paid, by the end of it.
type InsuranceCases struct {
	Entitled uint32 `json:"entitled" form:"required" doc:"Số người đủ điều kiện hưởng trong năm (suy giảm từ 5 % hoặc chết) / Victims who became entitled within the year (a loss of 5 % or more, or death)" source:"Law 84/2015/QH13 Art. 45" status:"V"`
	Decided  uint32 `json:"decided,omitzero" doc:"Số người đã có quyết định hưởng / Of them with a decision"`
	Paid     uint32 `json:"paid,omitzero" doc:"Số người đã được chi trả / Of them paid"`
	Amount   uint64 `json:"amount,omitzero" doc:"Số tiền đã chi trả (1.000 đồng) / Amount paid (1,000 VND)"`
}

// Identity implements [Content].
func (i *Insurance) Identity() Identity {
	return Identity{StatYear: i.Period.Year(), Period: string(i.Period), Unit: i.Reporter.Unit(), Province: i.Reporter.Province}
}

func (i *Insurance) header() header {
	return header{reporter: &i.Reporter, wants: []ReporterType{AuthorityReporter}, period: &i.Period, yearly: true, reportDate: &i.ReportDate}
}

func insuranceColumns() []Column {
	cases := func(prefix string, of func(*Insurance) *InsuranceCases) []Column {
		return []Column{
			numberColumn(prefix+"_entitled", func(i *Insurance) uint32 { return of(i).Entitled }),
			numberColumn(prefix+"_decided", func(i *Insurance) uint32 { return of(i).Decided }),
			numberColumn(prefix+"_paid", func(i *Insurance) uint32 { return of(i).Paid }),
			column(prefix+"_amount", func(cells Cells, i *Insurance) { cells.Uint64(of(i).Amount) }),
		}
	}
	return concat(
		provinceColumns("province", func(i *Insurance) seeds.ProvinceRef { return i.Reporter.Province }),
		industryColumns(func(*Insurance) *Industry { return new(Industry) }),
		cases("accidents", func(i *Insurance) *InsuranceCases { return &i.Accidents }),
		cases("diseases", func(i *Insurance) *InsuranceCases { return &i.Diseases }))
}

var insuranceDefinition = define(&Definition{
	Kind:     InsuranceReport,
	NameVI:   "Báo cáo chi trả bảo hiểm tai nạn lao động, bệnh nghề nghiệp hằng năm",
	NameEN:   "Yearly report on insurance benefits for occupational accidents and diseases",
	LegalRef: "Law 84/2015/QH13 Art. 45; Resolution 19/NQ-CP I.2",
	Status:   Unverified,
	Columns:  insuranceColumns(),
}, insuranceRules)
