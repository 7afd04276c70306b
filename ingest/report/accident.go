package report

import (
	"time"

	"atvsld/seeds"
)

// Accident is the declaration of one accident (Law 84/2015/QH13 Art. 34(1);
// Decree 39/2016/ND-CP Art. 10 and Annex III, whose printed content is
// UNVERIFIED; receivers since 1 July 2025: Decree 129/2025/ND-CP).
type Accident struct {
	Reporter Reporter `json:"reporter" form:"required"`
	// AccidentID joins several declarations of one accident; by default (Strip
	// sets it) the declaration's own report_id.
	AccidentID UUID      `json:"accident_id,omitzero"`
	OccurredAt time.Time `json:"occurred_at" form:"required"`
	Place      Place     `json:"place" form:"required"`
	Industry   Industry  `json:"industry" form:"required"`
	// Cause is the one main cause, "1" to "9" (footnote 4 of Annex XII); "" while
	// the investigation is open.
	Cause  string     `json:"cause,omitzero" form:"max=2"`
	Factor *FactorRef `json:"factor,omitzero"`
	// Commuting: on the way between home and work, Law Art. 39(2).
	Commuting bool     `json:"commuting,omitzero"`
	Summary   Private  `json:"summary,omitzero" form:"required,max=5000"`
	Victims   []Victim `json:"victims" form:"required,items=500"`
}

// Place is where an accident happened.
type Place struct {
	Province seeds.ProvinceRef `json:"province" form:"required"`
	// CommuneCode is the five-digit code in the list in force that day.
	CommuneCode string  `json:"commune_code,omitzero" form:"max=5"`
	Text        Private `json:"text,omitzero" form:"max=500"`
}

// FactorRef is an injury factor (footnote 5 of Annex XII). The official list
// was not found, so the list is named with the code.
type FactorRef struct {
	List string `json:"list" form:"required,max=40"`
	Code string `json:"code" form:"required,max=10"`
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
	Name Private `json:"name,omitzero" form:"required,max=200"`
	// IDNumber is the 12-digit citizen number (CCCD) or what stands for it.
	IDNumber Private `json:"id_number,omitzero" form:"max=20"`
	// BirthDate is "YYYY-MM-DD"; BirthYear "YYYY" where only that is known.
	BirthDate  Private `json:"birth_date,omitzero" form:"max=10"`
	BirthYear  Private `json:"birth_year,omitzero" form:"max=4"`
	Sex        Sex     `json:"sex,omitzero" form:"enum=male|female|unknown"`
	Occupation string  `json:"occupation,omitzero" form:"max=10"`
	// Employment is that of the victim, not of the reporter.
	Employment Employment `json:"employment" form:"required,enum=contract|no_contract"`
	// UnderManagement: under the reporter's management ("thuộc quyền quản lý").
	UnderManagement bool           `json:"under_management" form:"required"`
	Severity        InjurySeverity `json:"severity" form:"required,enum=dead|serious|minor"`
	DiedOn          seeds.Date     `json:"died_on,omitzero"`
	// Injuries are codes of Annex II of Decree 39/2016/ND-CP.
	Injuries []string `json:"injuries,omitzero" form:"items=50,max=10"`

	// Person is the pseudonym of the citizen number, NameKey that of name, birth
	// year and sex.
	Person   Pseudonym `json:"person,omitzero" platform:"computed"`
	NameKey  Pseudonym `json:"name_key,omitzero" platform:"computed"`
	AgeGroup AgeGroup  `json:"age_group,omitzero" platform:"computed"`
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
	Event:    true,
	Columns:  accidentColumns(),
}, accidentRules)
