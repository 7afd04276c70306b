package report

import (
	"atvsld/seeds"
)

// Investigation is the file of one investigation of an accident (Law 84/2015/QH13
// Art. 35; Decree 39/2016/ND-CP Art. 16 for the papers of the file). It is filed when the
// news comes in and amended as the stages are reached; [InvestigationClock] tells how it
// stands.
type Investigation struct {
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Cơ quan, đơn vị có đoàn điều tra / Whose team investigates"`
	AccidentID UUID       `json:"accident_id" form:"required" doc:"Mã vụ tai nạn: report_id của một khai báo / The accident: report_id of a declaration"`
	AccidentOn seeds.Date `json:"accident_on" form:"required" doc:"Ngày xảy ra tai nạn; năm thống kê / Day of the accident, which gives the year it counts in"`
	// Province is where the accident happened.
	Province seeds.ProvinceRef  `json:"province" form:"required" doc:"Tỉnh nơi xảy ra tai nạn / Province of the accident" list:"provinces"`
	Level    InvestigationLevel `json:"level" form:"required,enum=facility|province|central|commune" doc:"Cấp đoàn điều tra (commune: biên bản của xã) / Level of the team (commune: the commune's record)"`
	// Severity chooses the limit; it is amended when an injured person dies.
	Severity AccidentSeverity      `json:"severity" form:"required,enum=minor|one_serious|several_serious|fatal" doc:"Mức độ vụ tai nạn, quyết định thời hạn / Severity of the accident, which chooses the limit"`
	Stages   Stages                `json:"stages" form:"required" doc:"Các mốc điều tra / Dates of the stages"`
	Findings InvestigationFindings `json:"findings,omitzero" doc:"Kết quả điều tra / Findings"`
}

// InvestigationLevel is who investigates (Law 84/2015/QH13 Art. 35(1) to (5)).
type InvestigationLevel string

// The levels. A commune keeps a record instead where one worker without a contract was
// seriously injured.
const (
	FacilityLevel InvestigationLevel = "facility"
	ProvinceLevel InvestigationLevel = "province"
	CentralLevel  InvestigationLevel = "central"
	CommuneLevel  InvestigationLevel = "commune"
)

// Stages are the days, in Viet Nam, on which an investigation reached its stages; zero
// for those that it has not reached.
type Stages struct {
	NewsReceived seeds.Date `json:"news_received" form:"required" doc:"Nhận được tin báo; thời hạn tính từ đây / The news arrived; the limit runs from here"`
	Opened       seeds.Date `json:"opened,omitzero" doc:"Thành lập đoàn, bắt đầu điều tra / The team was set up"`
	// Extended is the day of the decision to extend, ExtensionDays by how many days.
	Extended      seeds.Date `json:"extended,omitzero" doc:"Quyết định gia hạn (một lần) / Decision to extend (once)"`
	ExtensionDays uint32     `json:"extension_days,omitzero" doc:"Số ngày gia hạn, không quá thời hạn đầu / Days of the extension, at most the limit itself"`
	Examination   seeds.Date `json:"examination,omitzero" doc:"Trưng cầu giám định kỹ thuật hoặc pháp y / Technical or forensic examination was asked for"`
	// FileReturned restarts the clock: the criminal case was dropped and the file came back.
	FileReturned seeds.Date `json:"file_returned,omitzero" doc:"Nhận lại hồ sơ khi vụ án hình sự không khởi tố hoặc bị đình chỉ; thời hạn tính lại / The file came back after a dropped criminal case; the limit runs anew"`
	Published    seeds.Date `json:"published,omitzero" doc:"Công bố biên bản điều tra / The record was published"`
	Closed       seeds.Date `json:"closed,omitzero" doc:"Kết thúc hồ sơ (có thể không công bố, ví dụ đã khởi tố) / The file was closed, also without publication, as when a criminal case was opened"`
}

// InvestigationFindings are what the investigation found. Money is in 1,000 VND.
type InvestigationFindings struct {
	Cause          string               `json:"cause,omitzero" form:"max=2" doc:"Nguyên nhân chính / Main cause" list:"causes" source:"Decree 39/2016/ND-CP Annex XII footnote 4" status:"S"`
	Factor         *FactorRef           `json:"factor,omitzero" doc:"Yếu tố gây chấn thương / Injury factor" list:"factors" status:"UNVERIFIED"`
	Victims        []InvestigatedVictim `json:"victims,omitzero" form:"items=500" doc:"Từng nạn nhân / Each victim"`
	Medical        uint64               `json:"cost_medical,omitzero" doc:"Chi phí y tế (nghìn đồng) / Medical costs (1,000 VND)"`
	Wages          uint64               `json:"cost_wages,omitzero" doc:"Tiền lương trong thời gian điều trị (nghìn đồng) / Wages during treatment (1,000 VND)"`
	Compensation   uint64               `json:"cost_compensation,omitzero" doc:"Bồi thường, trợ cấp (nghìn đồng) / Compensation and allowance (1,000 VND)"`
	Property       uint64               `json:"property_damage,omitzero" doc:"Thiệt hại tài sản (nghìn đồng) / Property damage (1,000 VND)"`
	Conclusion     Private              `json:"conclusion,omitzero" form:"max=10000" private:"narrative" doc:"Kết luận / Conclusion"`
	Recommendation Private              `json:"recommendations,omitzero" form:"max=10000" private:"narrative" doc:"Kiến nghị, biện pháp khắc phục / Recommendations"`
}

// InvestigatedVictim is what was found of one victim.
type InvestigatedVictim struct {
	Name       Private        `json:"name,omitzero" form:"max=200" private:"person" doc:"Họ và tên / Name"`
	Severity   InjurySeverity `json:"severity" form:"required,enum=dead|serious|minor" doc:"Tình trạng / Severity"`
	Occupation string         `json:"occupation,omitzero" form:"max=10" doc:"Nghề nghiệp / Occupation" list:"occupations" status:"UNVERIFIED"`
	Injuries   []string       `json:"injuries,omitzero" form:"items=50,max=10" doc:"Mã chấn thương theo Phụ lục II / Codes of Annex II" list:"serious-injuries" source:"Decree 39/2016/ND-CP Annex II" status:"V"`
	DaysOff    uint32         `json:"days_off,omitzero" doc:"Số ngày nghỉ / Days off work"`
}

// Identity implements [Content].
func (i *Investigation) Identity() Identity {
	return Identity{StatYear: i.AccidentOn.Year(), Unit: i.Reporter.Unit(), Province: i.Reporter.Province}
}

func (i *Investigation) header() header {
	return header{reporter: &i.Reporter, wants: byInvestigator, eventDate: i.AccidentOn,
		place: &i.Province, placeAt: "/content/province"}
}

// byInvestigator are those whose teams investigate, or who keep the record.
var byInvestigator = []ReporterType{Establishment, CommuneReporter, AuthorityReporter}

func (i *Investigation) factor() FactorRef {
	if i.Findings.Factor == nil {
		return FactorRef{}
	}
	return *i.Findings.Factor
}

func investigationColumns() []Column {
	stage := func(name string, of func(*Stages) seeds.Date) Column {
		return textColumn(name, func(i *Investigation) string { return of(&i.Stages).String() })
	}
	number := func(name string, of func(*InvestigationFindings) uint64) Column {
		return column(name, func(cells Cells, i *Investigation) { cells.Uint64(of(&i.Findings)) })
	}
	victims := func(i *Investigation) []InvestigatedVictim { return i.Findings.Victims }
	return concat(
		provinceColumns("province", func(i *Investigation) seeds.ProvinceRef { return i.Province }),
		provinceColumns("reporter_province", func(i *Investigation) seeds.ProvinceRef { return i.Reporter.Province }),
		[]Column{
			column("accident_id", func(cells Cells, i *Investigation) { cells.ID(i.AccidentID) }),
			column("accident_on", func(cells Cells, i *Investigation) { cells.Date(i.AccidentOn.Start()) }),
			textColumn("level", func(i *Investigation) string { return string(i.Level) }),
			textColumn("severity", func(i *Investigation) string { return string(i.Severity) }),
			stage("news_received", func(s *Stages) seeds.Date { return s.NewsReceived }),
			stage("opened", func(s *Stages) seeds.Date { return s.Opened }),
			stage("extended", func(s *Stages) seeds.Date { return s.Extended }),
			numberColumn("extension_days", func(i *Investigation) uint32 { return i.Stages.ExtensionDays }),
			stage("examination", func(s *Stages) seeds.Date { return s.Examination }),
			stage("file_returned", func(s *Stages) seeds.Date { return s.FileReturned }),
			stage("published", func(s *Stages) seeds.Date { return s.Published }),
			stage("closed", func(s *Stages) seeds.Date { return s.Closed }),
			textColumn("cause", func(i *Investigation) string { return i.Findings.Cause }),
			textColumn("factor_list", func(i *Investigation) string { return i.factor().List }),
			textColumn("factor_code", func(i *Investigation) string { return i.factor().Code }),
			number("cost_medical", func(f *InvestigationFindings) uint64 { return f.Medical }),
			number("cost_wages", func(f *InvestigationFindings) uint64 { return f.Wages }),
			number("cost_compensation", func(f *InvestigationFindings) uint64 { return f.Compensation }),
			number("property_damage", func(f *InvestigationFindings) uint64 { return f.Property }),
			textsColumn("victims.severity", victims, func(v *InvestigatedVictim) string { return string(v.Severity) }),
			textsColumn("victims.occupation", victims, func(v *InvestigatedVictim) string { return v.Occupation }),
			numbersColumn("victims.days_off", victims, func(v *InvestigatedVictim) uint32 { return v.DaysOff }),
		})
}

var investigationDefinition = define(&Definition{
	Kind:     InvestigationFile,
	NameVI:   "Hồ sơ điều tra tai nạn lao động",
	NameEN:   "Investigation of an occupational accident",
	LegalRef: sourceLaw35 + "; Decree 39/2016/ND-CP Art. 16; Decree 129/2025/ND-CP Art. 43, 44",
	Status:   Secondary,
	Event:    true,
	Columns:  investigationColumns(),
}, investigationRules)
