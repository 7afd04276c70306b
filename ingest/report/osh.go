package report

import "atvsld/seeds"

// OSH is the establishment's yearly report on occupational safety and health (Law
// 84/2015/QH13 Art. 81), to the labour and the health authority. The printed form is not
// held: the members follow what the law obliges to (Art. 14, 18, 21, 31, 38, 72, 73, 76)
// and what targets N19-4, N19-5 and N19-7 of Resolution 19/NQ-CP need.
//
// Counts of persons are those at the end of the year unless a member says otherwise.
// Money is in 1,000 VND, as in Annex XII of Decree 39/2016/ND-CP.
type OSH struct {
	Reporter   Reporter     `json:"reporter" form:"required" doc:"Cơ sở báo cáo / Reporting establishment"`
	Period     Period       `json:"period" form:"required,max=6" doc:"Năm báo cáo / Year of the report"`
	ReportDate seeds.Date   `json:"report_date" form:"required" doc:"Ngày báo cáo / Date of the report"`
	Industry   Industry     `json:"industry" form:"required" doc:"Ngành sản xuất, kinh doanh chính / Main industry"`
	Workers    WorkerGroups `json:"workers" form:"required" doc:"Lao động theo nhóm / Workers by group"`
	// StrictJobs feeds indicator C1, Staff C2 and HealthStaff C3.
	StrictJobs  TrainedOf           `json:"strict_jobs,omitzero" doc:"Người làm công việc có yêu cầu nghiêm ngặt về an toàn, vệ sinh lao động / Workers in jobs with strict safety and health requirements" source:"Law 84/2015/QH13 Art. 14; Resolution 19/NQ-CP" status:"V"`
	Staff       TrainedOf           `json:"osh_staff,omitzero" doc:"Người làm công tác an toàn, vệ sinh lao động / Occupational safety and health staff" source:"Law 84/2015/QH13 Art. 14; Resolution 19/NQ-CP" status:"V"`
	HealthStaff TrainedOf           `json:"health_staff,omitzero" doc:"Người làm công tác y tế tại cơ sở / Workplace health staff" source:"Law 84/2015/QH13 Art. 14; Resolution 19/NQ-CP" status:"S"`
	Training    []GroupTraining     `json:"training,omitzero" form:"items=6" doc:"Huấn luyện theo sáu nhóm / Training by the six groups" source:"Law 84/2015/QH13 Art. 14; Decree 44/2016/ND-CP" status:"UNVERIFIED"`
	Equipment   EquipmentStock      `json:"equipment,omitzero" doc:"Máy, thiết bị, vật tư có yêu cầu nghiêm ngặt / Equipment with strict requirements" source:"Law 84/2015/QH13 Art. 31" status:"UNVERIFIED"`
	Health      HealthChecks        `json:"health,omitzero" doc:"Khám sức khỏe và phân loại / Health checks by class" source:"Law 84/2015/QH13 Art. 21" status:"V"`
	Benefits    OccupationalBenefit `json:"benefits,omitzero" doc:"Bồi thường, trợ cấp cho người bị tai nạn lao động, bệnh nghề nghiệp / Compensation and allowances of victims of accident and disease" source:"Law 84/2015/QH13 Art. 38" status:"V"`
	Spending    Spending            `json:"spending,omitzero" doc:"Kinh phí thực hiện kế hoạch an toàn, vệ sinh lao động / Spending on the safety and health plan" source:"Law 84/2015/QH13 Art. 76" status:"UNVERIFIED"`
}

// WorkerGroups are workers by groups that overlap: a woman may also be a minor.
type WorkerGroups struct {
	Workers
	Minors   uint32 `json:"minors,omitzero" doc:"Lao động chưa thành niên / Workers under 18"`
	Elderly  uint32 `json:"elderly,omitzero" doc:"Lao động cao tuổi / Elderly workers"`
	Disabled uint32 `json:"disabled,omitzero" doc:"Lao động là người khuyết tật / Disabled workers"`
	// Hazardous are workers in heavy, hazardous or dangerous jobs (Law Art. 21).
	Hazardous uint32 `json:"hazardous,omitzero" doc:"Lao động làm nghề, công việc nặng nhọc, độc hại, nguy hiểm / Workers in heavy, hazardous or dangerous jobs"`
}

// TrainedOf are the persons of a group, and those of them who were trained and hold a
// certificate that is valid at the end of the year.
type TrainedOf struct {
	Total   uint32 `json:"total" doc:"Tổng số người trong nhóm cuối năm / Persons of the group at the end of the year"`
	Trained uint32 `json:"trained" doc:"Số người đã huấn luyện, giấy chứng nhận còn hiệu lực cuối năm / Of them trained, with a certificate valid at the end of the year"`
}

// GroupTraining is the training of one of the six groups.
type GroupTraining struct {
	Group   string `json:"group" form:"required,enum=1|2|3|4|5|6" doc:"Nhóm huấn luyện / Training group" list:"training-groups"`
	Persons uint32 `json:"persons,omitzero" doc:"Số người thuộc nhóm cuối năm / Persons of the group at the end of the year"`
	// Trained counts those trained within the year, whether or not they are still there.
	Trained uint32 `json:"trained,omitzero" doc:"Số người được huấn luyện trong năm / Persons trained within the year"`
	Valid   uint32 `json:"valid,omitzero" doc:"Số người có giấy chứng nhận (thẻ) còn hiệu lực cuối năm / Persons with a certificate valid at the end of the year"`
	// FirstExpiry is when the first of the valid certificates runs out.
	FirstExpiry seeds.Date `json:"first_expiry,omitzero" doc:"Ngày giấy chứng nhận đầu tiên trong số đó hết hạn / Day on which the first of these certificates runs out"`
}

// EquipmentStock counts machines, equipment and materials with strict requirements.
type EquipmentStock struct {
	InUse     uint32 `json:"in_use" doc:"Số đang sử dụng cuối năm / In use at the end of the year"`
	Inspected uint32 `json:"inspected" doc:"Số đã kiểm định, còn thời hạn / Of them with an inspection that is still valid"`
	Overdue   uint32 `json:"overdue" doc:"Số chưa kiểm định hoặc quá hạn kiểm định / Of them never inspected or overdue"`
}

// HealthChecks counts workers checked within the year, by class of health I (very good)
// to V (very poor).
type HealthChecks struct {
	Checked uint32 `json:"checked" doc:"Số người được khám sức khỏe trong năm / Workers checked within the year"`
	Class1  uint32 `json:"class_1,omitzero" doc:"Sức khỏe loại I / Health class I"`
	Class2  uint32 `json:"class_2,omitzero" doc:"Sức khỏe loại II / Health class II"`
	Class3  uint32 `json:"class_3,omitzero" doc:"Sức khỏe loại III / Health class III"`
	Class4  uint32 `json:"class_4,omitzero" doc:"Sức khỏe loại IV / Health class IV"`
	Class5  uint32 `json:"class_5,omitzero" doc:"Sức khỏe loại V / Health class V"`
	// DiseaseExamined counts persons examined to detect an occupational disease.
	DiseaseExamined uint32 `json:"disease_examined,omitzero" doc:"Số người được khám phát hiện bệnh nghề nghiệp / Persons examined to detect an occupational disease"`
}

func (h *HealthChecks) classes() uint64 {
	return uint64(h.Class1) + uint64(h.Class2) + uint64(h.Class3) + uint64(h.Class4) + uint64(h.Class5)
}

// OccupationalBenefit is what the employer owes victims (Law 84/2015/QH13 Art. 38(4) and
// (5): a loss of 5 % or more of the capacity to work, or death) and what it paid.
type OccupationalBenefit struct {
	Entitled uint32 `json:"entitled" doc:"Số người đủ điều kiện (suy giảm từ 5 % hoặc chết) / Victims entitled (a loss of 5 % or more, or death)"`
	Paid     uint32 `json:"paid" doc:"Số người đã được chi trả / Of them paid"`
	Amount   uint64 `json:"amount,omitzero" doc:"Số tiền đã chi trả (1.000 đồng) / Amount paid (1,000 VND)"`
}

// Spending is by the parts of the yearly plan, in 1,000 VND.
type Spending struct {
	Total        uint64 `json:"total" doc:"Tổng kinh phí (1.000 đồng) / Total (1,000 VND)"`
	Safety       uint64 `json:"safety,omitzero" doc:"Kỹ thuật an toàn và phòng, chống cháy, nổ / Technical safety and fire protection"`
	Hygiene      uint64 `json:"hygiene,omitzero" doc:"Kỹ thuật vệ sinh, cải thiện điều kiện lao động / Hygiene and working conditions"`
	Protective   uint64 `json:"protective_equipment,omitzero" doc:"Phương tiện bảo vệ cá nhân / Personal protective equipment"`
	HealthCare   uint64 `json:"health_care,omitzero" doc:"Chăm sóc sức khỏe người lao động / Health care of workers"`
	Training     uint64 `json:"training,omitzero" doc:"Thông tin, tuyên truyền, huấn luyện / Information and training"`
	RiskAnalysis uint64 `json:"risk_assessment,omitzero" doc:"Đánh giá nguy cơ rủi ro / Risk assessment"`
	Other        uint64 `json:"other,omitzero" doc:"Chi khác / Other"`
}

func (s *Spending) parts() uint64 {
	return s.Safety + s.Hygiene + s.Protective + s.HealthCare + s.Training + s.RiskAnalysis + s.Other
}

// Identity implements [Content].
func (o *OSH) Identity() Identity {
	return Identity{StatYear: o.Period.Year(), Period: string(o.Period), Unit: o.Reporter.Unit(), Province: o.Reporter.Province}
}

func (o *OSH) header() header {
	return header{reporter: &o.Reporter, wants: byEstablishment, industry: &o.Industry, workers: &o.Workers.Workers,
		period: &o.Period, yearly: true, reportDate: &o.ReportDate}
}

func oshColumns() []Column {
	training := func(o *OSH) []GroupTraining { return o.Training }
	number := numberColumn[*OSH]
	money := func(name string, of func(*OSH) uint64) Column {
		return column(name, func(cells Cells, o *OSH) { cells.Uint64(of(o)) })
	}
	return concat(
		provinceColumns("province", func(o *OSH) seeds.ProvinceRef { return o.Reporter.Province }),
		industryColumns(func(o *OSH) *Industry { return &o.Industry }),
		workersColumns(func(o *OSH) *Workers { return &o.Workers.Workers }),
		[]Column{
			number("minors", func(o *OSH) uint32 { return o.Workers.Minors }),
			number("elderly", func(o *OSH) uint32 { return o.Workers.Elderly }),
			number("disabled", func(o *OSH) uint32 { return o.Workers.Disabled }),
			number("hazardous", func(o *OSH) uint32 { return o.Workers.Hazardous }),
			number("strict_jobs", func(o *OSH) uint32 { return o.StrictJobs.Total }),
			number("strict_jobs_trained", func(o *OSH) uint32 { return o.StrictJobs.Trained }),
			number("osh_staff", func(o *OSH) uint32 { return o.Staff.Total }),
			number("osh_staff_trained", func(o *OSH) uint32 { return o.Staff.Trained }),
			number("health_staff", func(o *OSH) uint32 { return o.HealthStaff.Total }),
			number("health_staff_trained", func(o *OSH) uint32 { return o.HealthStaff.Trained }),
			number("equipment_in_use", func(o *OSH) uint32 { return o.Equipment.InUse }),
			number("equipment_inspected", func(o *OSH) uint32 { return o.Equipment.Inspected }),
			number("equipment_overdue", func(o *OSH) uint32 { return o.Equipment.Overdue }),
			number("health_checked", func(o *OSH) uint32 { return o.Health.Checked }),
			number("health_class_1", func(o *OSH) uint32 { return o.Health.Class1 }),
			number("health_class_2", func(o *OSH) uint32 { return o.Health.Class2 }),
			number("health_class_3", func(o *OSH) uint32 { return o.Health.Class3 }),
			number("health_class_4", func(o *OSH) uint32 { return o.Health.Class4 }),
			number("health_class_5", func(o *OSH) uint32 { return o.Health.Class5 }),
			number("disease_examined", func(o *OSH) uint32 { return o.Health.DiseaseExamined }),
			number("benefits_entitled", func(o *OSH) uint32 { return o.Benefits.Entitled }),
			number("benefits_paid", func(o *OSH) uint32 { return o.Benefits.Paid }),
			money("benefits_amount", func(o *OSH) uint64 { return o.Benefits.Amount }),
			money("spending", func(o *OSH) uint64 { return o.Spending.Total }),
			money("spending_safety", func(o *OSH) uint64 { return o.Spending.Safety }),
			money("spending_hygiene", func(o *OSH) uint64 { return o.Spending.Hygiene }),
			money("spending_protective", func(o *OSH) uint64 { return o.Spending.Protective }),
			money("spending_health_care", func(o *OSH) uint64 { return o.Spending.HealthCare }),
			money("spending_training", func(o *OSH) uint64 { return o.Spending.Training }),
			money("spending_risk_assessment", func(o *OSH) uint64 { return o.Spending.RiskAnalysis }),
			money("spending_other", func(o *OSH) uint64 { return o.Spending.Other }),
			textsColumn("training.group", training, func(g *GroupTraining) string { return g.Group }),
			numbersColumn("training.persons", training, func(g *GroupTraining) uint32 { return g.Persons }),
			numbersColumn("training.trained", training, func(g *GroupTraining) uint32 { return g.Trained }),
			numbersColumn("training.valid", training, func(g *GroupTraining) uint32 { return g.Valid }),
		})
}

var oshDefinition = define(&Definition{
	Kind:     OSHReport,
	NameVI:   "Báo cáo công tác an toàn, vệ sinh lao động hằng năm của cơ sở",
	NameEN:   "Establishment's yearly occupational safety and health report",
	LegalRef: "Law 84/2015/QH13 Art. 81; Resolution 19/NQ-CP",
	Status:   Unverified,
	Columns:  oshColumns(),
}, oshRules)
