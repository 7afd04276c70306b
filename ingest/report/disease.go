package report

import "atvsld/seeds"

// Disease is the employer's yearly report on occupational diseases (Law
// 84/2015/QH13 Art. 37(2)). It feeds target D31-2 of Directive 31-CT/TW.
//
// The ministry counts examination cases: one worker examined for noise and for
// dust is one person and two cases. Both are kept apart throughout.
type Disease struct {
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Cơ sở báo cáo / Establishment that reports"`
	Period     Period     `json:"period" form:"required,max=6" doc:"Năm báo cáo / Year of the report"`
	ReportDate seeds.Date `json:"report_date" form:"required" doc:"Ngày lập báo cáo / Day on which the report was drawn up"`
	Industry   Industry   `json:"industry" form:"required" doc:"Ngành của cơ sở / Industry of the establishment"`
	Workers    Workers    `json:"workers" form:"required" doc:"Lao động của cơ sở / Workers of the establishment"`
	// Exposed are persons exposed to at least one harmful factor.
	Exposed   Workers          `json:"exposed" form:"required" doc:"Lao động tiếp xúc với ít nhất một yếu tố có hại / Workers exposed to at least one harmful factor"`
	Examined  PersonsAndCases  `json:"examined" form:"required" doc:"Khám phát hiện bệnh nghề nghiệp / Examined for occupational disease"`
	Suspected PersonsAndCases  `json:"suspected,omitzero" doc:"Nghi mắc bệnh nghề nghiệp / Suspected of an occupational disease"`
	Diagnosed DiagnosedDisease `json:"diagnosed,omitzero" doc:"Được chẩn đoán mắc bệnh nghề nghiệp / Diagnosed with an occupational disease"`
	Rows      []DiseaseRow     `json:"rows,omitzero" form:"items=200" doc:"Chia theo yếu tố có hại và bệnh / By harmful factor and disease"`
}

// PersonsAndCases counts persons, and cases: person times harmful factor.
type PersonsAndCases struct {
	Persons uint32 `json:"persons" doc:"Số người / Persons"`
	Cases   uint32 `json:"cases" doc:"Số trường hợp: mỗi người với mỗi yếu tố có hại là một trường hợp / Cases: a person and a harmful factor each"`
}

// DiagnosedDisease counts cases of occupational disease: diagnosed in the year,
// and carried over from earlier ones.
type DiagnosedDisease struct {
	New uint32 `json:"new" doc:"Số trường hợp được chẩn đoán trong năm / Cases diagnosed in the year"`
	Old uint32 `json:"old" doc:"Số trường hợp từ các năm trước / Cases carried over from earlier years"`
}

// DiseaseRow is the part of the report on one harmful factor, or on one disease
// that it causes.
type DiseaseRow struct {
	// Factor is a group of harmful factors: "noise", "dust", …
	Factor string `json:"factor" form:"required,max=40" doc:"Nhóm yếu tố có hại / Group of harmful factors" list:"harmful-factors" source:"Groups of the working-environment monitoring notices" status:"S"`
	// Disease is the number in the list of occupational diseases in force, "1" to "35".
	Disease       string `json:"disease,omitzero" form:"max=3" doc:"Số thứ tự trong danh mục bệnh nghề nghiệp có hiệu lực / Number in the list of occupational diseases in force" list:"diseases" source:"Circular 60/2025/TT-BYT Art. 3; Circular 15/2016/TT-BYT; Circular 02/2023/TT-BYT" status:"S"`
	Exposed       uint32 `json:"exposed,omitzero" doc:"Số người tiếp xúc / Workers exposed"`
	ExaminedCases uint32 `json:"examined_cases,omitzero" doc:"Số trường hợp khám / Examination cases"`
	Suspected     uint32 `json:"suspected,omitzero" doc:"Số trường hợp nghi mắc / Suspected cases"`
	// Diagnosed counts cases diagnosed in the year.
	Diagnosed uint32 `json:"diagnosed,omitzero" doc:"Số trường hợp được chẩn đoán trong năm / Cases diagnosed in the year"`
}

// Identity implements [Content].
func (d *Disease) Identity() Identity {
	return Identity{StatYear: d.Period.Year(), Period: string(d.Period), Unit: d.Reporter.Unit(), Province: d.Reporter.Province}
}

func (d *Disease) header() header {
	return header{reporter: &d.Reporter, wants: byEstablishment, industry: &d.Industry, workers: &d.Workers,
		period: &d.Period, yearly: true, reportDate: &d.ReportDate}
}

func diseaseColumns() []Column {
	rows := func(d *Disease) []DiseaseRow { return d.Rows }
	return concat(
		provinceColumns("province", func(d *Disease) seeds.ProvinceRef { return d.Reporter.Province }),
		industryColumns(func(d *Disease) *Industry { return &d.Industry }),
		workersColumns(func(d *Disease) *Workers { return &d.Workers }),
		[]Column{
			numberColumn("exposed", func(d *Disease) uint32 { return d.Exposed.Total }),
			numberColumn("exposed_women", func(d *Disease) uint32 { return d.Exposed.Women }),
			numberColumn("examined_persons", func(d *Disease) uint32 { return d.Examined.Persons }),
			numberColumn("examined_cases", func(d *Disease) uint32 { return d.Examined.Cases }),
			numberColumn("suspected_persons", func(d *Disease) uint32 { return d.Suspected.Persons }),
			numberColumn("suspected_cases", func(d *Disease) uint32 { return d.Suspected.Cases }),
			numberColumn("diagnosed_new", func(d *Disease) uint32 { return d.Diagnosed.New }),
			numberColumn("diagnosed_old", func(d *Disease) uint32 { return d.Diagnosed.Old }),
			textsColumn("rows.factor", rows, func(r *DiseaseRow) string { return r.Factor }),
			textsColumn("rows.disease", rows, func(r *DiseaseRow) string { return r.Disease }),
			numbersColumn("rows.exposed", rows, func(r *DiseaseRow) uint32 { return r.Exposed }),
			numbersColumn("rows.examined_cases", rows, func(r *DiseaseRow) uint32 { return r.ExaminedCases }),
			numbersColumn("rows.suspected", rows, func(r *DiseaseRow) uint32 { return r.Suspected }),
			numbersColumn("rows.diagnosed", rows, func(r *DiseaseRow) uint32 { return r.Diagnosed }),
		})
}

var diseaseDefinition = define(&Definition{
	Kind:     DiseaseReport,
	NameVI:   "Báo cáo bệnh nghề nghiệp hằng năm của cơ sở",
	NameEN:   "Establishment's yearly occupational-disease report",
	LegalRef: "Law 84/2015/QH13 Art. 37(2); Directive 31-CT/TW",
	Status:   Secondary,
	Columns:  diseaseColumns(),
}, diseaseRules)
