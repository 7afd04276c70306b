package report

import (
	"slices"

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
	byEither        = []ReporterType{Establishment, CommuneReporter}
	byClinic        = []ReporterType{Clinic}
	byAuthority     = []ReporterType{AuthorityReporter}
	// byExaminer examines for occupational disease.
	byExaminer = []ReporterType{Clinic, ServiceBody}
	// byCaseHolder knows of a single case of occupational disease.
	byCaseHolder = []ReporterType{Clinic, Establishment, AuthorityReporter}
)

// Reporter is who files: the head of every form.
type Reporter struct {
	Type ReporterType `json:"type" form:"required,enum=establishment|commune|clinic|service_body|authority" doc:"Loại người báo cáo / Type of reporter"`
	// TaxCode and Site name an establishment, clinic or service body. Site tells apart the
	// places of one taxpayer; "" and "0" are the place of the tax code itself.
	TaxCode TaxCode `json:"tax_code,omitzero" form:"max=40" doc:"Mã số thuế của cơ sở, cơ sở y tế hoặc tổ chức dịch vụ; mã 12 chữ số của hộ kinh doanh là dữ liệu cá nhân / Tax code of an establishment, clinic or service body; the 12 digits of a household business are personal" source:"Tax-code structure and check digit (mã số thuế)" status:"V"`
	Site    string  `json:"site,omitzero" form:"max=10" doc:"Số hiệu địa điểm của cùng một mã số thuế; 0 là chính nơi đăng ký / Number that tells apart the places of one taxpayer; 0 is the place of the tax code itself" source:"The platform's rules of filing" status:"V"`
	// Commune names a commune.
	Commune *CommuneRef `json:"commune,omitzero" doc:"Xã, phường, đặc khu báo cáo / Commune that reports"`
	// Authority names a state body of Province.
	Authority string  `json:"authority,omitzero" form:"enum=labour|health|insurance|inspection" doc:"Cơ quan nhà nước của tỉnh báo cáo / State body of the province that reports"`
	Name      Private `json:"name,omitzero" form:"required,max=200" private:"unit" doc:"Tên người báo cáo / Name of the reporter"`
	Address   Private `json:"address,omitzero" form:"max=500" private:"contact" doc:"Địa chỉ / Address"`
	Phone     Private `json:"phone,omitzero" form:"max=40" private:"contact" doc:"Điện thoại / Telephone"`
	// Province is that of the head office (of whoever has a tax code), of the commune,
	// or the one that the authority governs. It is not the place of an accident.
	Province seeds.ProvinceRef `json:"province" form:"required" doc:"Tỉnh của trụ sở chính, của xã, hoặc tỉnh mà cơ quan quản lý / Province of the head office, of the commune, or the one that the authority governs" source:"Resolution 202/2025/QH15; Decision 19/2025/QD-TTg; Decision 124/2004/QD-TTg" status:"V"`
	// EstablishmentType is a code of the operator's list (footnote 2 of Annex XII).
	EstablishmentType string `json:"establishment_type,omitzero" form:"max=20" doc:"Loại hình cơ sở (ghi chú 2 của Phụ lục XII) / Type of establishment (footnote 2 of Annex XII)" list:"establishment-types" source:"Decree 39/2016/ND-CP Annex XII footnote 2" status:"UNVERIFIED"`
}

// CommuneRef names a commune: its code in the administrative list and the day
// that list came into force, because codes were reused on 1 July 2025.
type CommuneRef struct {
	Code      string     `json:"code" form:"required,max=5" doc:"Mã đơn vị hành chính cấp xã, 5 chữ số / Code of the commune, 5 digits" list:"communes" source:"Resolution 202/2025/QH15; Decision 19/2025/QD-TTg; Decision 124/2004/QD-TTg" status:"S"`
	ValidFrom seeds.Date `json:"valid_from" form:"required" doc:"Ngày danh mục chứa mã này có hiệu lực / Day on which the list with this code came into force" source:"Resolution 202/2025/QH15; Decision 19/2025/QD-TTg; Decision 124/2004/QD-TTg" status:"S"`
}

// Industry is a code of the Vietnamese industrial classification. Footnote 3 of
// Annex XII.
type Industry struct {
	// Version is "2018" (Decision 27/2018/QD-TTg) or "2025" (Decision
	// 36/2025/QD-TTg, from 15 November 2025).
	Version string `json:"version" form:"required,enum=2018|2025" doc:"Phiên bản hệ thống ngành kinh tế / Version of the industrial classification" source:"Decision 27/2018/QD-TTg; Decision 36/2025/QD-TTg" status:"V"`
	// Code is the section letter, optionally followed by 2 to 5 digits: "F", "F4100".
	Code string `json:"code" form:"required,max=6" doc:"Mã ngành: chữ cái ngành cấp 1, có thể kèm 2 đến 5 chữ số / Industry: section letter, optionally with 2 to 5 digits" list:"vsic" source:"Decision 27/2018/QD-TTg; Decision 36/2025/QD-TTg" status:"V"`
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
	Total uint32 `json:"total" form:"required" doc:"Tổng số lao động, bình quân trong kỳ / Workers, on average over the period"`
	Women uint32 `json:"women" form:"required" doc:"Trong đó lao động nữ / Women among them"`
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
	since      int  // earliest year of the period; 0: that of the law
	reportDate *seeds.Date
	// eventDate is the day of an event, or of what a periodic report tells of;
	// zero for the others.
	eventDate seeds.Date
	// place is a second province, and where it stands.
	place   *seeds.ProvinceRef
	placeAt string
}

// ReporterOf returns who makes a report, as the content names him.
func ReporterOf(c Content) Reporter { return *c.header().reporter }

// Reporters returns the types of reporter that may make a report of the kind.
func (d *Definition) Reporters() []ReporterType {
	h := d.New().header()
	return slices.Clone(h.mayReport())
}

// mayReport are the types of reporter that may make the report.
func (h *header) mayReport() []ReporterType {
	if h.wants == nil {
		return byEither
	}
	return h.wants
}

// day returns the day a report is about, zero when it cannot be told.
func (h *header) day() seeds.Date {
	if h.period == nil || !h.eventDate.IsZero() {
		return h.eventDate
	}
	return h.period.End()
}
