package report

import "atvsld/seeds"

// Examination is the half-yearly or yearly result of a facility that examines for
// occupational disease (Circular 28/2016/TT-BYT; its dates and printed form were not
// found). It tells what the employers' reports tell from the other side.
//
// One worker examined for noise and for dust is one person and two examination cases.
// Both are kept apart in the totals; a row is about one factor, where every person is one
// case.
type Examination struct {
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Cơ sở khám bệnh nghề nghiệp / The examining facility"`
	Period     Period     `json:"period" form:"required,max=6" doc:"Năm hoặc 6 tháng đầu năm / Year or its first half"`
	ReportDate seeds.Date `json:"report_date" form:"required" doc:"Ngày báo cáo / Date of the report"`
	// Establishments are those whose workers were examined.
	Establishments uint32           `json:"establishments" form:"required" doc:"Số cơ sở có người lao động được khám / Establishments whose workers were examined"`
	Examined       PersonsAndCases  `json:"examined" form:"required" doc:"Khám phát hiện: người và trường hợp / Examined: persons and cases"`
	Suspected      PersonsAndCases  `json:"suspected,omitzero" doc:"Nghi mắc: người và trường hợp / Suspected: persons and cases"`
	Diagnosed      PersonsAndCases  `json:"diagnosed,omitzero" doc:"Được chẩn đoán trong kỳ: người và trường hợp / Diagnosed within the period: persons and cases"`
	Rows           []ExaminationRow `json:"rows,omitzero" form:"items=200" doc:"Theo yếu tố có hại và bệnh / By harmful factor and disease"`
}

// ExaminationRow is the part of the report on one harmful factor, or on one disease that
// it causes.
type ExaminationRow struct {
	Factor    string `json:"factor" form:"required,max=40" doc:"Nhóm yếu tố có hại / Group of harmful factors" list:"harmful-factors"`
	Disease   string `json:"disease,omitzero" form:"max=3" doc:"Số thứ tự trong danh mục bệnh nghề nghiệp / Number in the list of occupational diseases" list:"diseases"`
	Examined  uint32 `json:"examined,omitzero" doc:"Trường hợp khám / Examination cases"`
	Suspected uint32 `json:"suspected,omitzero" doc:"Trường hợp nghi mắc / Suspected cases"`
	Diagnosed uint32 `json:"diagnosed,omitzero" doc:"Trường hợp được chẩn đoán / Diagnosed cases"`
}

// Identity implements [Content].
func (e *Examination) Identity() Identity {
	return Identity{StatYear: e.Period.Year(), Period: string(e.Period), Unit: e.Reporter.Unit(), Province: e.Reporter.Province}
}

func (e *Examination) header() header {
	return header{reporter: &e.Reporter, wants: byExaminer, period: &e.Period, reportDate: &e.ReportDate}
}

func personsAndCasesColumns[C Content](name string, of func(C) *PersonsAndCases) []Column {
	return []Column{
		numberColumn(name+"_persons", func(c C) uint32 { return of(c).Persons }),
		numberColumn(name+"_cases", func(c C) uint32 { return of(c).Cases }),
	}
}

func examinationColumns() []Column {
	rows := func(e *Examination) []ExaminationRow { return e.Rows }
	return concat(
		provinceColumns("province", func(e *Examination) seeds.ProvinceRef { return e.Reporter.Province }),
		industryColumns(func(*Examination) *Industry { return new(Industry) }),
		[]Column{
			textColumn("reporter_type", func(e *Examination) string { return string(e.Reporter.Type) }),
			numberColumn("establishments", func(e *Examination) uint32 { return e.Establishments }),
		},
		personsAndCasesColumns("examined", func(e *Examination) *PersonsAndCases { return &e.Examined }),
		personsAndCasesColumns("suspected", func(e *Examination) *PersonsAndCases { return &e.Suspected }),
		personsAndCasesColumns("diagnosed", func(e *Examination) *PersonsAndCases { return &e.Diagnosed }),
		[]Column{
			textsColumn("rows.factor", rows, func(r *ExaminationRow) string { return r.Factor }),
			textsColumn("rows.disease", rows, func(r *ExaminationRow) string { return r.Disease }),
			numbersColumn("rows.examined", rows, func(r *ExaminationRow) uint32 { return r.Examined }),
			numbersColumn("rows.suspected", rows, func(r *ExaminationRow) uint32 { return r.Suspected }),
			numbersColumn("rows.diagnosed", rows, func(r *ExaminationRow) uint32 { return r.Diagnosed }),
		},
	)
}

var examinationDefinition = define(&Definition{
	Kind:     ExaminationReport,
	NameVI:   "Báo cáo kết quả khám bệnh nghề nghiệp",
	NameEN:   "Report of an examining facility on occupational diseases",
	LegalRef: "Circular 28/2016/TT-BYT (dates and printed form UNVERIFIED)",
	Status:   Unverified,
	Columns:  examinationColumns(),
}, examinationRules)
