package report

import "atvsld/seeds"

// Training is the yearly report on training in a province: of a service body on its
// courses, or of the labour authority of a province on the local officers who manage
// occupational safety and health (target N19-3 of Resolution 19/NQ-CP, indicator C4).
//
// Both stand in one kind because both say who was trained within a year and what part of
// a group that is; the officers are no group of Law Art. 14, so that they cannot stand
// among an establishment's, and no course is told apart by its participants' rank.
type Training struct {
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Tổ chức huấn luyện, hoặc cơ quan lao động cấp tỉnh / Training body, or labour authority of a province"`
	Period     Period     `json:"period" form:"required,max=6" doc:"Năm báo cáo / Year of the report"`
	ReportDate seeds.Date `json:"report_date" form:"required" doc:"Ngày báo cáo / Date of the report"`
	// Licence is the number of the certificate of eligibility of a training body.
	Licence string           `json:"licence,omitzero" form:"max=50" doc:"Số giấy chứng nhận đủ điều kiện hoạt động huấn luyện / Number of the body's certificate of eligibility"`
	Courses []TrainingCourse `json:"courses,omitzero" form:"items=400" doc:"Các khóa huấn luyện theo tỉnh và nhóm / Courses by province and group"`
	// LocalOfficers are those of a province, told by its labour authority.
	LocalOfficers []LocalOfficers `json:"local_officers,omitzero" form:"items=3" doc:"Cán bộ quản lý an toàn, vệ sinh lao động ở địa phương / Local officers who manage occupational safety and health" source:"Resolution 19/NQ-CP I.2" status:"V"`
}

// TrainingCourse counts the courses of one training group held in one province.
type TrainingCourse struct {
	Province seeds.ProvinceRef `json:"province" form:"required" doc:"Tỉnh nơi tổ chức / Province where they were held" list:"provinces"`
	Group    string            `json:"group" form:"required,enum=1|2|3|4|5|6" doc:"Nhóm huấn luyện / Training group" list:"training-groups"`
	Courses  uint32            `json:"courses" form:"required" doc:"Số khóa / Courses"`
	Trained  uint32            `json:"trained" form:"required" doc:"Số lượt người được huấn luyện / Persons trained, once for each course"`
	// Certified counts certificates, safety cards and entries in the book of training.
	Certified uint32 `json:"certified,omitzero" doc:"Số giấy chứng nhận, thẻ đã cấp / Certificates issued"`
	// ValidUntil is when the last of them runs out.
	ValidUntil seeds.Date `json:"valid_until,omitzero" doc:"Ngày hết hạn muộn nhất / Last day on which one of them is valid"`
}

// LocalOfficers are the officers of one level.
type LocalOfficers struct {
	// Level: districts ended on 30 June 2025, communes took over; zone boards are those
	// of economic, industrial, export-processing and high-tech zones.
	Level   string `json:"level" form:"required,enum=district|commune|zone_board" doc:"Cấp: huyện, xã, ban quản lý khu / Level: district, commune, board of a zone"`
	Total   uint32 `json:"total" form:"required" doc:"Tổng số cán bộ / Officers"`
	Trained uint32 `json:"trained,omitzero" doc:"Số cán bộ đã huấn luyện / Of them trained"`
}

// Identity implements [Content].
func (t *Training) Identity() Identity {
	return Identity{StatYear: t.Period.Year(), Period: string(t.Period), Unit: t.Reporter.Unit(), Province: t.Reporter.Province}
}

func (t *Training) header() header {
	return header{reporter: &t.Reporter, wants: []ReporterType{ServiceBody, AuthorityReporter}, period: &t.Period, yearly: true, reportDate: &t.ReportDate}
}

func trainingColumns() []Column {
	courses := func(t *Training) []TrainingCourse { return t.Courses }
	officers := func(t *Training) []LocalOfficers { return t.LocalOfficers }
	return concat(
		provinceColumns("province", func(t *Training) seeds.ProvinceRef { return t.Reporter.Province }),
		industryColumns(func(*Training) *Industry { return new(Industry) }),
		[]Column{
			textColumn("licence", func(t *Training) string { return t.Licence }),
			textsColumn("courses.province_list", courses, func(c *TrainingCourse) string { return string(c.Province.List) }),
			textsColumn("courses.province_code", courses, func(c *TrainingCourse) string { return c.Province.Code }),
			textsColumn("courses.group", courses, func(c *TrainingCourse) string { return c.Group }),
			numbersColumn("courses.courses", courses, func(c *TrainingCourse) uint32 { return c.Courses }),
			numbersColumn("courses.trained", courses, func(c *TrainingCourse) uint32 { return c.Trained }),
			numbersColumn("courses.certified", courses, func(c *TrainingCourse) uint32 { return c.Certified }),
			textsColumn("local_officers.level", officers, func(o *LocalOfficers) string { return o.Level }),
			numbersColumn("local_officers.total", officers, func(o *LocalOfficers) uint32 { return o.Total }),
			numbersColumn("local_officers.trained", officers, func(o *LocalOfficers) uint32 { return o.Trained }),
		})
}

var trainingDefinition = define(&Definition{
	Kind:     TrainingReport,
	NameVI:   "Báo cáo huấn luyện an toàn, vệ sinh lao động hằng năm",
	NameEN:   "Yearly report on safety and health training",
	LegalRef: "Law 84/2015/QH13 Art. 14; Decree 44/2016/ND-CP; Resolution 19/NQ-CP I.2",
	Status:   Unverified,
	Columns:  trainingColumns(),
}, trainingRules)
