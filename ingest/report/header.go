package report

import (
	"atvsld/seeds"
)

// The types of reporter. An establishment, a clinic and a service body are named by tax
// code and site, a commune and an authority by what they govern.
const (
	Establishment   ReporterType = "establishment"
	CommuneReporter ReporterType = "commune"
	// Clinic is a medical facility that treats victims of accidents or examines for
	// occupational disease (Decree 39/2016/ND-CP Art. 25; Circular 28/2016/TT-BYT).
	Clinic ReporterType = "clinic"
	// ServiceBody trains, monitors, examines or inspects for establishments (Law
	// 84/2015/QH13 Art. 14, 18, 21, 31; Decree 44/2016/ND-CP).
	ServiceBody ReporterType = "service_body"
	// AuthorityReporter is a state body of a province; [Reporter.Authority] says which.
	AuthorityReporter ReporterType = "authority"
)

// ReporterType is one of the types of reporter.
type ReporterType string

// The state bodies that report. The department of labour is that of home affairs since 1
// March 2025.
const (
	LabourAuthority     = "labour"
	HealthAuthority     = "health"
	InsuranceAuthority  = "insurance"
	InspectionAuthority = "inspection"
)

// Who may make a kind of report: see [header.wants].
var (
	byEstablishment = []ReporterType{Establishment}
	byCommune       = []ReporterType{CommuneReporter}
	byAuthority     = []ReporterType{AuthorityReporter}
	byEither        = []ReporterType{Establishment, CommuneReporter}
)

// Reporter is who files: the head of every form.
type Reporter struct {
	Type ReporterType `json:"type" form:"required,enum=establishment|commune|clinic|service_body|authority"`
	// TaxCode and Site name an establishment, clinic or service body. Site tells apart the
	// places of one taxpayer; "" and "0" are the place of the tax code itself.
	TaxCode TaxCode `json:"tax_code,omitzero" form:"max=40"`
	Site    string  `json:"site,omitzero" form:"max=10"`
	// Commune names a commune.
	Commune *CommuneRef `json:"commune,omitzero"`
	// Authority names a state body of Province.
	Authority string  `json:"authority,omitzero" form:"enum=labour|health|insurance|inspection"`
	Name      Private `json:"name,omitzero" form:"required,max=200"`
	Address   Private `json:"address,omitzero" form:"max=500"`
	Phone     Private `json:"phone,omitzero" form:"max=40"`
	// Province is that of the head office (of whoever has a tax code), of the commune,
	// or the one that the authority governs. It is not the place of an accident.
	Province seeds.ProvinceRef `json:"province" form:"required"`
	// EstablishmentType is a code of the operator's list (footnote 2 of Annex XII).
	EstablishmentType string `json:"establishment_type,omitzero" form:"max=20"`
}

// CommuneRef names a commune: its code in the administrative list and the day
// that list came into force, because codes were reused on 1 July 2025.
type CommuneRef struct {
	Code      string     `json:"code" form:"required,max=5"`
	ValidFrom seeds.Date `json:"valid_from" form:"required"`
}

// Industry is a code of the Vietnamese industrial classification. Footnote 3 of
// Annex XII.
type Industry struct {
	// Version is "2018" (Decision 27/2018/QD-TTg) or "2025" (Decision
	// 36/2025/QD-TTg, from 15 November 2025).
	Version string `json:"version" form:"required,enum=2018|2025"`
	// Code is the section letter, optionally followed by 2 to 5 digits: "F", "F4100".
	Code string `json:"code" form:"required,max=6"`
}

// Section returns the section letter, "" when there is none.
func (i Industry) Section() string {
	if i.Code == "" {
		return ""
	}
	return i.Code[:1]
}

// Workers are persons employed by the reporting unit, on average over the period.
type Workers struct {
	Total uint32 `json:"total" form:"required"`
	Women uint32 `json:"women" form:"required"`
}

// header is what the forms have in common; the shared rules work on it. Members
// that a kind does not have are nil.
type header struct {
	reporter   *Reporter
	wants      []ReporterType // who may file; nil: an establishment or a commune
	industry   *Industry
	workers    *Workers
	period     *Period
	yearly     bool // the period must be a year
	reportDate *seeds.Date
	// eventDate is the day of an event, or of what a periodic report tells of;
	// zero for the others.
	eventDate seeds.Date
	// place is a second province, and where it stands.
	place   *seeds.ProvinceRef
	placeAt string
}

// day returns the day a report is about, zero when it cannot be told.
func (h *header) day() seeds.Date {
	if h.period == nil || !h.eventDate.IsZero() {
		return h.eventDate
	}
	return h.period.End()
}
