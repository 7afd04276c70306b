package report

import (
	"time"

	"atvsld/seeds"
)

// Accident is the declaration of one accident (Law 84/2015/QH13 Art. 34(1);
// Decree 39/2016/ND-CP Art. 10 and Annex III, whose printed content is
// UNVERIFIED; receivers since 1 July 2025: Decree 129/2025/ND-CP).
type Accident struct {
	Reporter Reporter `json:"reporter" form:"required" doc:"Người khai báo / Who declares"`
	// AccidentID joins several declarations of one accident; by default (Strip
	// sets it) the declaration's own report_id.
	AccidentID UUID      `json:"accident_id,omitzero" doc:"Mã chung của một vụ tai nạn do nhiều người khai báo; mặc định là report_id / Joins several declarations of one accident; by default the report_id" source:"The platform's rules of filing" status:"V"`
	OccurredAt time.Time `json:"occurred_at" form:"required" doc:"Thời điểm xảy ra tai nạn / Time of the accident"`
	Place      Place     `json:"place" form:"required" doc:"Nơi xảy ra tai nạn / Place of the accident"`
	Industry   Industry  `json:"industry" form:"required" doc:"Ngành của cơ sở / Industry of the establishment"`
	// Cause is the one main cause, "1" to "9" (footnote 4 of Annex XII); "" while
	// the investigation is open.
	Cause  string     `json:"cause,omitzero" form:"max=2" doc:"Nguyên nhân chính (1 đến 9); để trống khi chưa điều tra xong / Main cause (1 to 9); absent while the investigation is open" list:"causes" source:"Decree 39/2016/ND-CP Annex XII footnote 4" status:"S"`
	Factor *FactorRef `json:"factor,omitzero" doc:"Yếu tố gây chấn thương / Injury factor" source:"Decree 39/2016/ND-CP Annex XII footnote 5" status:"UNVERIFIED"`
	// Commuting: on the way between home and work, Law Art. 39(2).
	Commuting bool     `json:"commuting,omitzero" doc:"Tai nạn trên đường đi làm hoặc về nhà / Accident on the way between home and work" source:"Law 84/2015/QH13 Art. 39(2)" status:"V"`
	Summary   Private  `json:"summary,omitzero" form:"required,max=5000" private:"narrative" doc:"Diễn biến vụ tai nạn / What happened"`
	Victims   []Victim `json:"victims" form:"required,items=500" doc:"Người bị nạn / Victims"`
}

// Place is where an accident happened.
type Place struct {
	Province seeds.ProvinceRef `json:"province" form:"required" doc:"Tỉnh nơi xảy ra / Province of the place" source:"Resolution 202/2025/QH15; Decision 19/2025/QD-TTg; Decision 124/2004/QD-TTg" status:"V"`
	// CommuneCode is the five-digit code in the list in force that day.
	CommuneCode string  `json:"commune_code,omitzero" form:"max=5" doc:"Mã xã nơi xảy ra, theo danh mục có hiệu lực ngày đó / Commune of the place, in the list in force that day" list:"communes" source:"Resolution 202/2025/QH15; Decision 19/2025/QD-TTg; Decision 124/2004/QD-TTg" status:"S"`
	Text        Private `json:"text,omitzero" form:"max=500" private:"narrative" doc:"Mô tả nơi xảy ra / The place in words"`
}

// FactorRef is an injury factor (footnote 5 of Annex XII). The official list
// was not found, so the list is named with the code.
type FactorRef struct {
	List string `json:"list" form:"required,max=40" doc:"Danh mục chứa mã / List that the code belongs to"`
	Code string `json:"code" form:"required,max=10" doc:"Mã yếu tố gây chấn thương / Code of the injury factor" list:"factors"`
}

// InjurySeverity is "dead", "serious" or "minor" (Decree 39/2016/ND-CP Art. 9).
type InjurySeverity string

// The three severities. A death counts whenever it follows from the same wound,
// so a severity can be amended months later.
const (
	Dead    InjurySeverity = "dead"
	Serious InjurySeverity = "serious"
	Minor   InjurySeverity = "minor"
)

// Sex is "male", "female", "unknown" or "" (not said).
type Sex string

// The values of Sex.
const (
	Male       Sex = "male"
	Female     Sex = "female"
	UnknownSex Sex = "unknown"
)

// Employment is "contract" or "no_contract".
type Employment string

// The two employment relationships. Both parts add up in every figure.
const (
	Contract   Employment = "contract"
	NoContract Employment = "no_contract"
)

// AgeGroup is one of "<15", "15-17", "18-24", "25-34", "35-44", "45-54",
// "55-64", "65+" and "" (unknown).
type AgeGroup string

// Victim is one person harmed.
type Victim struct {
	Name Private `json:"name,omitzero" form:"required,max=200" private:"person" doc:"Họ tên người bị nạn / Name of the victim"`
	// IDNumber is the 12-digit citizen number (CCCD) or what stands for it.
	IDNumber Private `json:"id_number,omitzero" form:"max=20" private:"number" doc:"Số căn cước (12 chữ số) hoặc số giấy tờ thay thế / Citizen number (12 digits) or what stands for it" source:"Structure of the citizen number (CCCD)" status:"V"`
	// BirthDate is "YYYY-MM-DD"; BirthYear "YYYY" where only that is known.
	BirthDate  Private `json:"birth_date,omitzero" form:"max=10" private:"birth" doc:"Ngày sinh / Birth date"`
	BirthYear  Private `json:"birth_year,omitzero" form:"max=4" private:"birth" doc:"Năm sinh, khi chỉ biết năm / Year of birth, where only that is known"`
	Sex        Sex     `json:"sex,omitzero" form:"enum=male|female|unknown" doc:"Giới tính / Sex"`
	Occupation string  `json:"occupation,omitzero" form:"max=10" doc:"Nghề nghiệp / Occupation" list:"occupations" source:"Decree 39/2016/ND-CP Annex XII footnote 6" status:"S"`
	// Employment is that of the victim, not of the reporter.
	Employment Employment `json:"employment" form:"required,enum=contract|no_contract" doc:"Có hợp đồng lao động hay không / With or without an employment contract" source:"Law 84/2015/QH13 Art. 34(1)" status:"V"`
	// UnderManagement: under the reporter's management ("thuộc quyền quản lý").
	UnderManagement bool           `json:"under_management" form:"required" doc:"Thuộc quyền quản lý của người khai báo / Under the management of the reporter" source:"Decree 39/2016/ND-CP Annex XII" status:"S"`
	Severity        InjurySeverity `json:"severity" form:"required,enum=dead|serious|minor" doc:"Mức độ: chết, bị thương nặng, bị thương nhẹ / Severity: dead, seriously or slightly injured" source:"Decree 39/2016/ND-CP Art. 9" status:"V"`
	DiedOn          seeds.Date     `json:"died_on,omitzero" doc:"Ngày chết / Day of death" source:"Decree 39/2016/ND-CP Art. 9" status:"V"`
	// Injuries are codes of Annex II of Decree 39/2016/ND-CP.
	Injuries []string `json:"injuries,omitzero" form:"items=50,max=10" doc:"Chấn thương nặng theo Phụ lục II / Serious injuries of Annex II" list:"serious-injuries" source:"Decree 39/2016/ND-CP Annex II" status:"V"`

	// Person is the pseudonym of the citizen number, NameKey that of name, birth
	// year and sex.
	Person   Pseudonym `json:"person,omitzero" platform:"computed" doc:"Bút danh của số căn cước, do hệ thống tính / Pseudonym of the citizen number, computed by the platform" source:"The platform's rules of filing" status:"V"`
	NameKey  Pseudonym `json:"name_key,omitzero" platform:"computed" doc:"Bút danh của họ tên, năm sinh và giới tính, do hệ thống tính / Pseudonym of name, year of birth and sex, computed by the platform" source:"The platform's rules of filing" status:"V"`
	AgeGroup AgeGroup  `json:"age_group,omitzero" platform:"computed" doc:"Nhóm tuổi khi xảy ra tai nạn, do hệ thống tính / Age group at the time of the accident, computed by the platform" source:"The platform's rules of filing" status:"V"`
}

// compute fills the platform's members.
func (a *Accident) compute(s *Submission, p PseudonymFunc) {
	if a.AccidentID.IsZero() {
		a.AccidentID = UUID(s.ReportID)
	}
	for i := range a.Victims {
		a.Victims[i].compute(a.local(), p)
	}
}

// local returns the time of the accident in Viet Nam.
func (a *Accident) local() time.Time { return a.OccurredAt.In(vietnam) }

// Identity implements [Content].
func (a *Accident) Identity() Identity {
	return Identity{StatYear: a.local().Year(), Unit: a.Reporter.Unit(), Province: a.Reporter.Province}
}

func (a *Accident) header() header {
	h := header{reporter: &a.Reporter, industry: &a.Industry, place: &a.Place.Province, placeAt: "/content/place/province"}
	if !a.OccurredAt.IsZero() {
		h.eventDate = seeds.DateOf(a.OccurredAt)
	}
	return h
}

func accidentColumns() []Column {
	victims := func(name string, value func(*Victim) string) Column {
		return textsColumn("victims."+name, func(a *Accident) []Victim { return a.Victims }, value)
	}
	return concat(
		provinceColumns("province", func(a *Accident) seeds.ProvinceRef { return a.Place.Province }),
		provinceColumns("reporter_province", func(a *Accident) seeds.ProvinceRef { return a.Reporter.Province }),
		industryColumns(func(a *Accident) *Industry { return &a.Industry }),
		[]Column{
			column("accident_id", func(cells Cells, a *Accident) { cells.ID(a.AccidentID) }),
			column("occurred_at", func(cells Cells, a *Accident) { cells.Time(a.OccurredAt) }),
			column("month", func(cells Cells, a *Accident) { cells.Uint8(uint8(a.local().Month())) }),
			textColumn("cause", func(a *Accident) string { return a.Cause }),
			textColumn("factor_list", func(a *Accident) string { return a.factor().List }),
			textColumn("factor_code", func(a *Accident) string { return a.factor().Code }),
			column("commuting", func(cells Cells, a *Accident) { cells.Flag(a.Commuting) }),
			victims("person", func(v *Victim) string { return string(v.Person) }),
			victims("name_key", func(v *Victim) string { return string(v.NameKey) }),
			victims("severity", func(v *Victim) string { return string(v.Severity) }),
			victims("employment", func(v *Victim) string { return string(v.Employment) }),
			victims("sex", func(v *Victim) string { return string(v.Sex) }),
			victims("age_group", func(v *Victim) string { return string(v.AgeGroup) }),
			victims("occupation", func(v *Victim) string { return v.Occupation }),
			column("victims.under_management", func(cells Cells, a *Accident) {
				cells.List(len(a.Victims))
				for i := range a.Victims {
					cells.Flag(a.Victims[i].UnderManagement)
				}
			}),
		},
	)
}

func (a *Accident) factor() FactorRef {
	if a.Factor == nil {
		return FactorRef{}
	}
	return *a.Factor
}

var accidentDefinition = define(&Definition{
	Kind:     AccidentDeclaration,
	NameVI:   "Khai báo tai nạn lao động",
	NameEN:   "Declaration of an occupational accident",
	LegalRef: "Law 84/2015/QH13 Art. 34(1); Decree 39/2016/ND-CP Art. 10, Annex III; Decree 129/2025/ND-CP",
	Status:   Unverified,
	Event:    true,
	Columns:  accidentColumns(),
}, accidentRules)
