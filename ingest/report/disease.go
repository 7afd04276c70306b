package report

import "atvsld/seeds"

// Disease is the employer's yearly report on occupational diseases (Law
// 84/2015/QH13 Art. 37(2)). It feeds target D31-2 of Directive 31-CT/TW.
//
// The ministry counts examination cases: one worker examined for noise and for
// dust is one person and two cases. Both are kept apart throughout.
type Disease struct {
	Reporter   Reporter   `json:"reporter" form:"required"`
	Period     Period     `json:"period" form:"required,max=6"`
	ReportDate seeds.Date `json:"report_date" form:"required"`
	Industry   Industry   `json:"industry" form:"required"`
	Workers    Workers    `json:"workers" form:"required"`
	// Exposed are persons exposed to at least one harmful factor.
	Exposed   Workers          `json:"exposed" form:"required"`
	Examined  PersonsAndCases  `json:"examined" form:"required"`
	Suspected PersonsAndCases  `json:"suspected,omitzero"`
	Diagnosed DiagnosedDisease `json:"diagnosed,omitzero"`
	Rows      []DiseaseRow     `json:"rows,omitzero" form:"items=200"`
}

// PersonsAndCases counts persons, and cases: person times harmful factor.
type PersonsAndCases struct {
	Persons uint32 `json:"persons"`
	Cases   uint32 `json:"cases"`
}

// DiagnosedDisease counts cases of occupational disease: diagnosed in the year,
// and carried over from earlier ones.
type DiagnosedDisease struct {
	New uint32 `json:"new"`
	Old uint32 `json:"old"`
}

// DiseaseRow is the part of the report on one harmful factor, or on one disease
// that it causes.
type DiseaseRow struct {
	// Factor is a group of harmful factors: "noise", "dust", …
	Factor string `json:"factor" form:"required,max=40"`
	// Disease is the number in the list of occupational diseases in force, "1" to "35".
	Disease       string `json:"disease,omitzero" form:"max=3"`
	Exposed       uint32 `json:"exposed,omitzero"`
	ExaminedCases uint32 `json:"examined_cases,omitzero"`
	Suspected     uint32 `json:"suspected,omitzero"`
	// Diagnosed counts cases diagnosed in the year.
	Diagnosed uint32 `json:"diagnosed,omitzero"`
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
	Columns:  diseaseColumns(),
}, diseaseRules)
