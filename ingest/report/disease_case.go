package report

import (
	"time"

	"atvsld/seeds"
)

// DiseaseCase is the course of one case of occupational disease: one person and one
// harmful factor (Law 84/2015/QH13 Art. 37(1): every case is counted and reported). It is
// filed when the case is first reported and amended at every stage it reaches.
//
// No printed form of a single case was found; the stages are those of Circular
// 28/2016/TT-BYT, the members our own.
type DiseaseCase struct {
	Reporter Reporter `json:"reporter" form:"required" doc:"Đơn vị báo cáo / Who reports"`
	// FirstReportedOn decides the year the case counts in, so an amendment keeps it.
	FirstReportedOn seeds.Date `json:"first_reported_on" form:"required" doc:"Ngày báo cáo lần đầu, quyết định năm thống kê / Day of the first report, which decides the year of statistics"`
	Workplace       Workplace  `json:"workplace" form:"required" doc:"Nơi người lao động tiếp xúc yếu tố có hại / Where the worker was exposed"`
	Industry        Industry   `json:"industry" form:"required" doc:"Ngành của nơi làm việc / Industry of the workplace" list:"vsic"`
	Worker          CaseWorker `json:"worker" form:"required" doc:"Người lao động / The worker"`
	Factor          string     `json:"factor" form:"required,max=40" doc:"Nhóm yếu tố có hại / Group of harmful factors" list:"harmful-factors"`
	ExposedFrom     seeds.Date `json:"exposed_from" form:"required" doc:"Ngày bắt đầu tiếp xúc / First day of exposure"`
	// ExposedTo is absent while the exposure lasts.
	ExposedTo   seeds.Date      `json:"exposed_to,omitzero" doc:"Ngày thôi tiếp xúc / Last day of exposure"`
	ExaminedOn  seeds.Date      `json:"examined_on,omitzero" doc:"Ngày khám phát hiện bệnh nghề nghiệp / Day of the examination for occupational disease"`
	SuspectedOn seeds.Date      `json:"suspected_on,omitzero" doc:"Ngày kết luận nghi mắc / Day on which the disease was suspected"`
	Diagnosis   *CaseDiagnosis  `json:"diagnosis,omitzero" doc:"Chẩn đoán / Diagnosis"`
	Assessment  *CaseAssessment `json:"assessment,omitzero" doc:"Giám định y khoa / Assessment by the medical board"`
	DiedOn      seeds.Date      `json:"died_on,omitzero" doc:"Ngày chết do bệnh nghề nghiệp / Day of death from the disease"`
	Benefit     *CaseBenefit    `json:"benefit,omitzero" doc:"Bồi thường, trợ cấp của người sử dụng lao động / Compensation or allowance by the employer"`
}

// Workplace is where a worker was exposed. The tax code is missing when the employer is
// not known any more.
type Workplace struct {
	TaxCode  TaxCode           `json:"tax_code,omitzero" form:"max=40" doc:"Mã số thuế của người sử dụng lao động / Tax code of the employer"`
	Site     string            `json:"site,omitzero" form:"max=10" doc:"Số hiệu địa điểm / Site number"`
	Province seeds.ProvinceRef `json:"province" form:"required" doc:"Tỉnh nơi tiếp xúc / Province of the exposure" list:"provinces"`
}

// CaseWorker is the person of a case.
type CaseWorker struct {
	Name       Private    `json:"name,omitzero" form:"required,max=200" private:"person" doc:"Họ và tên / Name"`
	IDNumber   Private    `json:"id_number,omitzero" form:"max=20" private:"number" doc:"Số căn cước / Citizen number"`
	BirthDate  Private    `json:"birth_date,omitzero" form:"max=10" private:"birth" doc:"Ngày sinh / Birth date"`
	BirthYear  Private    `json:"birth_year,omitzero" form:"max=4" private:"birth" doc:"Năm sinh / Year of birth"`
	Sex        Sex        `json:"sex,omitzero" form:"enum=male|female|unknown" doc:"Giới tính / Sex"`
	Occupation string     `json:"occupation,omitzero" form:"max=10" doc:"Mã nghề nghiệp / Code of occupation" list:"occupations" status:"UNVERIFIED"`
	Employment Employment `json:"employment,omitzero" form:"enum=contract|no_contract" doc:"Quan hệ lao động / Employment relationship"`

	// Person is the pseudonym of the citizen number, NameKey that of name, birth year
	// and sex, AgeGroup the age on the day of the first report.
	Person   Pseudonym `json:"person,omitzero" platform:"computed" doc:"Bí danh của số căn cước / Pseudonym of the citizen number"`
	NameKey  Pseudonym `json:"name_key,omitzero" platform:"computed" doc:"Bí danh của họ tên, năm sinh, giới tính / Pseudonym of name, year of birth and sex"`
	AgeGroup AgeGroup  `json:"age_group,omitzero" platform:"computed" doc:"Nhóm tuổi / Age group"`
}

// The two kinds of diagnosed case.
const (
	NewCase CaseStatus = "new"
	OldCase CaseStatus = "old"
)

// CaseStatus is "new" for a case diagnosed for the first time and "old" for one that was
// diagnosed before and is examined again.
type CaseStatus string

// CaseDiagnosis is the disease that was found.
type CaseDiagnosis struct {
	On seeds.Date `json:"on" form:"required" doc:"Ngày chẩn đoán / Day of the diagnosis"`
	// Disease is a number of the list in force on that day.
	Disease string     `json:"disease" form:"required,max=3" doc:"Số thứ tự trong danh mục bệnh nghề nghiệp có hiệu lực ngày chẩn đoán / Number in the list of occupational diseases in force on the day of the diagnosis" list:"diseases" source:"Circular 60/2025/TT-BYT Art. 3; Circular 15/2016/TT-BYT; Circular 02/2023/TT-BYT" status:"S"`
	Status  CaseStatus `json:"status" form:"required,enum=new|old" doc:"Trường hợp mới hoặc cũ / New or old case"`
}

// CaseAssessment is the conclusion of the medical board.
type CaseAssessment struct {
	On seeds.Date `json:"on" form:"required" doc:"Ngày kết luận của Hội đồng giám định y khoa / Day of the conclusion of the medical board"`
	// LossPercent is the loss of capacity for work, in percent.
	LossPercent uint32 `json:"loss_percent" form:"required" doc:"Mức suy giảm khả năng lao động, % / Loss of capacity for work, %"`
}

// CaseBenefit is what the employer owes and paid (Law 84/2015/QH13 Art. 38(4), (5), (7)).
type CaseBenefit struct {
	Kind BenefitKind `json:"kind" form:"required,enum=compensation|allowance" doc:"Bồi thường (khoản 4) hoặc trợ cấp (khoản 5) / Compensation (clause 4) or allowance (clause 5)" source:"Law 84/2015/QH13 Art. 38(4), (5)" status:"V"`
	// MonthlyPay and Amount are in đồng.
	MonthlyPay uint64     `json:"monthly_pay_vnd,omitzero" doc:"Tiền lương tháng làm căn cứ, đồng / Monthly pay it is based on, in đồng"`
	Amount     uint64     `json:"amount_vnd" form:"required" doc:"Số tiền, đồng / Amount in đồng"`
	PaidOn     seeds.Date `json:"paid_on,omitzero" doc:"Ngày chi trả / Day of payment" source:"Law 84/2015/QH13 Art. 38(7)" status:"V"`
}

// The stages of a case, in their order.
const (
	ExposedStage   CaseStage = "exposed"
	ExaminedStage  CaseStage = "examined"
	SuspectedStage CaseStage = "suspected"
	DiagnosedStage CaseStage = "diagnosed"
	AssessedStage  CaseStage = "assessed"
	BenefitStage   CaseStage = "benefit"
)

// CaseStage is one of the stages of a case.
type CaseStage string

// CaseStages returns the stages in their order.
func CaseStages() []CaseStage {
	return []CaseStage{ExposedStage, ExaminedStage, SuspectedStage, DiagnosedStage, AssessedStage, BenefitStage}
}

// stageDay is the day on which a case reached a stage, and where it stands.
type stageDay struct {
	stage CaseStage
	at    string
	day   seeds.Date
}

// days returns the dated stages in their order; a benefit is reached when it is paid.
func (d *DiseaseCase) days() []stageDay {
	var diagnosed, assessed, paid seeds.Date
	if d.Diagnosis != nil {
		diagnosed = d.Diagnosis.On
	}
	if d.Assessment != nil {
		assessed = d.Assessment.On
	}
	if d.Benefit != nil {
		paid = d.Benefit.PaidOn
	}
	return []stageDay{
		{ExposedStage, "/content/exposed_from", d.ExposedFrom},
		{ExaminedStage, "/content/examined_on", d.ExaminedOn},
		{SuspectedStage, "/content/suspected_on", d.SuspectedOn},
		{DiagnosedStage, "/content/diagnosis/on", diagnosed},
		{AssessedStage, "/content/assessment/on", assessed},
		{BenefitStage, "/content/benefit/paid_on", paid},
	}
}

// Stage returns the furthest stage that the case has reached, counted from 1 (exposed) to
// 6 (benefit). A benefit that is owed but not paid is not reached yet.
func (d *DiseaseCase) Stage() uint8 {
	reached := uint8(1)
	for i, s := range d.days() {
		if !s.day.IsZero() {
			reached = uint8(i + 1)
		}
	}
	return reached
}

// victim is the worker as the rules and pseudonyms of persons know one.
func (w *CaseWorker) victim() Victim {
	return Victim{Name: w.Name, IDNumber: w.IDNumber, BirthDate: w.BirthDate, BirthYear: w.BirthYear, Sex: w.Sex}
}

// compute fills the platform's members.
func (d *DiseaseCase) compute(_ *Submission, p PseudonymFunc) {
	v := d.Worker.victim()
	v.compute(d.FirstReportedOn.Start(), p)
	d.Worker.Person, d.Worker.NameKey, d.Worker.AgeGroup = v.Person, v.NameKey, v.AgeGroup
}

// Identity implements [Content].
func (d *DiseaseCase) Identity() Identity {
	return Identity{StatYear: d.FirstReportedOn.Year(), Unit: d.Reporter.Unit(), Province: d.Reporter.Province}
}

func (d *DiseaseCase) header() header {
	return header{reporter: &d.Reporter, wants: byCaseHolder, industry: &d.Industry, eventDate: d.FirstReportedOn,
		place: &d.Workplace.Province, placeAt: "/content/workplace/province"}
}

func (d *DiseaseCase) diagnosis() CaseDiagnosis {
	if d.Diagnosis == nil {
		return CaseDiagnosis{}
	}
	return *d.Diagnosis
}

// loss returns the assessed loss of capacity, nil before the assessment.
func (d *DiseaseCase) loss() *uint32 {
	if d.Assessment == nil {
		return nil
	}
	return &d.Assessment.LossPercent
}

func (d *DiseaseCase) benefit() CaseBenefit {
	if d.Benefit == nil {
		return CaseBenefit{}
	}
	return *d.Benefit
}

func diseaseCaseColumns() []Column {
	text := func(name string, of func(*CaseWorker) string) Column {
		return textColumn(name, func(d *DiseaseCase) string { return of(&d.Worker) })
	}
	return concat(
		provinceColumns("province", func(d *DiseaseCase) seeds.ProvinceRef { return d.Workplace.Province }),
		provinceColumns("reporter_province", func(d *DiseaseCase) seeds.ProvinceRef { return d.Reporter.Province }),
		industryColumns(func(d *DiseaseCase) *Industry { return &d.Industry }),
		[]Column{
			textColumn("reporter_type", func(d *DiseaseCase) string { return string(d.Reporter.Type) }),
			textColumn("workplace", (*DiseaseCase).workplaceUnit),
			text("person", func(w *CaseWorker) string { return string(w.Person) }),
			text("name_key", func(w *CaseWorker) string { return string(w.NameKey) }),
			text("sex", func(w *CaseWorker) string { return string(w.Sex) }),
			text("age_group", func(w *CaseWorker) string { return string(w.AgeGroup) }),
			text("occupation", func(w *CaseWorker) string { return w.Occupation }),
			text("employment", func(w *CaseWorker) string { return string(w.Employment) }),
			textColumn("factor", func(d *DiseaseCase) string { return d.Factor }),
			column("stage", func(cells Cells, d *DiseaseCase) { cells.Uint8(d.Stage()) }),
		},
		stageColumns(),
		[]Column{
			textColumn("disease", func(d *DiseaseCase) string { return d.diagnosis().Disease }),
			textColumn("case_status", func(d *DiseaseCase) string { return string(d.diagnosis().Status) }),
			column("loss_percent", func(cells Cells, d *DiseaseCase) { cells.Optional(d.loss()) }),
			column("died_on", func(cells Cells, d *DiseaseCase) { cells.Date(dayOrNone(d.DiedOn)) }),
			textColumn("benefit_kind", func(d *DiseaseCase) string { return string(d.benefit().Kind) }),
			column("benefit_vnd", func(cells Cells, d *DiseaseCase) { cells.Uint64(d.benefit().Amount) }),
		},
	)
}

// workplaceUnit names the workplace like a reporter's unit, "" without its tax code.
func (d *DiseaseCase) workplaceUnit() string {
	if d.Workplace.TaxCode == "" {
		return ""
	}
	return unitOf(d.Workplace.TaxCode, d.Workplace.Site)
}

// stageColumns are the days of the stages; what has not come is 1970-01-01, the zero of
// ClickHouse.
func stageColumns() []Column {
	columns := make([]Column, len(CaseStages()))
	for i, stage := range CaseStages() {
		columns[i] = column(string(stage)+"_on", func(cells Cells, d *DiseaseCase) { cells.Date(dayOrNone(d.days()[i].day)) })
	}
	return columns
}

func dayOrNone(d seeds.Date) time.Time {
	if d.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return d.Start()
}

var diseaseCaseDefinition = define(&Definition{
	Kind:     DiseaseCaseReport,
	NameVI:   "Trường hợp bệnh nghề nghiệp",
	NameEN:   "Case of occupational disease",
	LegalRef: "Law 84/2015/QH13 Art. 37(1), 38; Circular 28/2016/TT-BYT (form of a single case UNVERIFIED)",
	Status:   Secondary,
	Event:    true,
	Columns:  diseaseCaseColumns(),
}, diseaseCaseRules)
