package report

import (
	"strconv"

	"atvsld/seeds"
)

// Monitoring is the result of one campaign of workplace monitoring at one site
// (Law 84/2015/QH13 Art. 18(2): at least once a year for every harmful factor
// with an exposure limit; Decree 44/2016/ND-CP Art. 33-45). It feeds target
// D31-3 of Directive 31-CT/TW, which counts distinct sites once a year.
type Monitoring struct {
	// Reporter is the establishment that owns the site: tax code and site number.
	Reporter Reporter `json:"reporter" form:"required" doc:"Cơ sở có địa điểm được quan trắc / Establishment that owns the site"`
	// SiteProvince is where the site is.
	SiteProvince seeds.ProvinceRef `json:"site_province" form:"required" doc:"Tỉnh của địa điểm / Province of the site" source:"Resolution 202/2025/QH15; Decision 19/2025/QD-TTg; Decision 124/2004/QD-TTg" status:"V"`
	Period       Period            `json:"period" form:"required,max=6" doc:"Năm báo cáo / Year of the report"`
	// Campaign counts the campaigns of a body at a site within a year from 1,
	// which is also the default.
	Campaign    uint32     `json:"campaign,omitzero" doc:"Đợt quan trắc trong năm của tổ chức tại địa điểm, từ 1 / Campaign of the body at the site within the year, from 1" source:"The platform's rules of filing" status:"V"`
	PerformedOn seeds.Date `json:"performed_on" form:"required" doc:"Ngày quan trắc / Day of measuring"`
	Industry    Industry   `json:"industry" form:"required" doc:"Ngành của cơ sở / Industry of the establishment"`
	Body        Body       `json:"body" form:"required" doc:"Tổ chức quan trắc / Body that measured"`
	Factors     []Factor   `json:"factors" form:"required,items=50" doc:"Các yếu tố đã đo / Factors that were measured"`
	// PublishedOn is when the workers were told the results (Law Art. 18(4)).
	PublishedOn seeds.Date `json:"published_on,omitzero" doc:"Ngày công bố kết quả cho người lao động / Day on which the workers were told the results" source:"Law 84/2015/QH13 Art. 18(4)" status:"V"`
}

// Body is the organisation that measured (Decree 44/2016/ND-CP Art. 33-34).
type Body struct {
	TaxCode TaxCode `json:"tax_code" form:"required,max=40" doc:"Mã số thuế của tổ chức quan trắc / Tax code of the monitoring body" source:"Tax-code structure and check digit (mã số thuế)" status:"V"`
	// Licence is the number of its announcement as eligible.
	Licence string `json:"licence,omitzero" form:"max=50" doc:"Số công bố đủ điều kiện quan trắc / Number under which the body was announced as eligible" source:"Decree 44/2016/ND-CP Art. 33-34" status:"S"`
	// Kind is our own division: a public health unit, an enterprise, or the
	// establishment itself.
	Kind BodyKind `json:"kind,omitzero" form:"enum=public|enterprise|own" doc:"Loại tổ chức quan trắc: đơn vị y tế công lập, doanh nghiệp, cơ sở tự quan trắc / Kind of body: public health unit, enterprise, the establishment itself" status:"UNVERIFIED"`
}

// The kinds of monitoring body.
const (
	PublicBody     BodyKind = "public"
	EnterpriseBody BodyKind = "enterprise"
	OwnBody        BodyKind = "own"
)

// BodyKind is a kind of monitoring body.
type BodyKind string

// Factor is what was measured of one group of harmful factors.
type Factor struct {
	Factor  string `json:"factor" form:"required,max=40" doc:"Nhóm yếu tố có hại / Group of harmful factors" list:"harmful-factors" source:"Groups of the working-environment monitoring notices" status:"S"`
	Samples uint32 `json:"samples" form:"required" doc:"Số mẫu / Samples"`
	// Over counts the samples beyond the limit.
	Over uint32 `json:"over,omitzero" doc:"Số mẫu vượt giới hạn cho phép / Samples over the limit"`
	// Highest is the highest value measured, a decimal number like "87.5", in Unit. A
	// group holds factors of several units, so they are never compared or added.
	Highest string `json:"highest,omitzero" form:"max=16" doc:"Giá trị đo cao nhất, số thập phân với dấu chấm / Highest value measured, a decimal number with a point"`
	Unit    string `json:"unit,omitzero" form:"max=12" doc:"Đơn vị đo, ví dụ dBA, mg/m3 / Unit, for example dBA, mg/m3"`
}

// Identity implements [Content].
func (m *Monitoring) Identity() Identity {
	return Identity{StatYear: m.Period.Year(), Period: string(m.Period), Unit: m.Reporter.Unit(),
		Extra:    []string{string(m.Body.TaxCode), strconv.FormatUint(uint64(max(m.Campaign, 1)), 10)},
		Province: m.Reporter.Province}
}

func (m *Monitoring) header() header {
	return header{reporter: &m.Reporter, wants: byEstablishment, industry: &m.Industry, period: &m.Period,
		yearly: true, eventDate: m.PerformedOn, place: &m.SiteProvince, placeAt: "/content/site_province"}
}

func monitoringColumns() []Column {
	factors := func(m *Monitoring) []Factor { return m.Factors }
	samples := func(f *Factor) uint32 { return f.Samples }
	over := func(f *Factor) uint32 { return f.Over }
	return concat(
		provinceColumns("province", func(m *Monitoring) seeds.ProvinceRef { return m.SiteProvince }),
		provinceColumns("reporter_province", func(m *Monitoring) seeds.ProvinceRef { return m.Reporter.Province }),
		industryColumns(func(m *Monitoring) *Industry { return &m.Industry }),
		[]Column{
			numberColumn("campaign", func(m *Monitoring) uint32 { return max(m.Campaign, 1) }),
			column("performed_on", func(cells Cells, m *Monitoring) { cells.Date(m.PerformedOn.Start()) }),
			column("published_on", func(cells Cells, m *Monitoring) { cells.Date(dayOrNone(m.PublishedOn)) }),
			textColumn("body_tax_code", func(m *Monitoring) string { return string(m.Body.TaxCode) }),
			textColumn("body_licence", func(m *Monitoring) string { return m.Body.Licence }),
			textColumn("body_kind", func(m *Monitoring) string { return string(m.Body.Kind) }),
			column("samples", func(cells Cells, m *Monitoring) { cells.Uint64(total(m.Factors, samples)) }),
			column("samples_over", func(cells Cells, m *Monitoring) { cells.Uint64(total(m.Factors, over)) }),
			textsColumn("factors.factor", factors, func(f *Factor) string { return f.Factor }),
			numbersColumn("factors.samples", factors, samples),
			numbersColumn("factors.over", factors, over),
			textsColumn("factors.highest", factors, func(f *Factor) string { return f.Highest }),
			textsColumn("factors.unit", factors, func(f *Factor) string { return f.Unit }),
		})
}

var monitoringDefinition = define(&Definition{
	Kind:     MonitoringReport,
	NameVI:   "Báo cáo quan trắc môi trường lao động",
	NameEN:   "Workplace-monitoring report",
	LegalRef: "Law 84/2015/QH13 Art. 18(2); Decree 44/2016/ND-CP Art. 33-45; Directive 31-CT/TW",
	Status:   Secondary,
	Columns:  monitoringColumns(),
}, monitoringRules)
