package report

import (
	"atvsld/seeds"
)

// RegisterYear is the stat_year of every registration and of nothing else. A registration
// belongs to no year, and the day from which a unit is active may have to be corrected,
// while a report's year never changes. One year for all puts the register into one
// partition, which is read as a whole for every list of missing reporters, and under one
// key of its own, so that destroying the key of a year's reports takes no name out of it.
const RegisterYear = 1900

// Registration is an entry of the register of expected reporters: who reports, from when
// to when, and what decides on his obligations (Law 84/2015/QH13 Art. 36, 37, 81). An
// authority files it and amends it as things change; the unit is its natural key.
type Registration struct {
	// Reporter is the authority that keeps the register.
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Cơ quan ghi sổ / Authority that keeps the register"`
	Registered Registered `json:"registered" form:"required" doc:"Đơn vị phải báo cáo / Unit expected to report"`
	// Active bounds the days whose figures the unit answers for. A unit that takes over
	// from another within a period answers for the whole of it.
	Active Span `json:"active" form:"required" doc:"Thời gian đơn vị phải báo cáo / Days whose figures the unit answers for"`
	// HeadOffice says where the head office was when: periodic reports go to its province.
	HeadOffice []Stay `json:"head_office" form:"required,items=20" doc:"Tỉnh đặt trụ sở chính theo thời gian / Province of the head office over time"`
	Sites      []Site `json:"sites,omitzero" form:"items=500" doc:"Các địa điểm khác / Other sites"`
	// Industry is nil for communes and authorities.
	Industry *Industry `json:"industry,omitzero" doc:"Ngành kinh tế chính / Main industry" list:"vsic"`
	// SizeClass is a code of the operator's list.
	SizeClass string `json:"size_class,omitzero" form:"max=20" doc:"Quy mô / Size class" list:"size-classes" status:"UNVERIFIED"`
	// Hazard: when the unit generates harmful factors (Law Art. 18); StrictJobs: when it
	// has jobs with strict requirements (Law Art. 14).
	Hazard     []Span `json:"hazard,omitzero" form:"items=50" doc:"Thời gian phát sinh yếu tố có hại / When it generates harmful factors"`
	StrictJobs []Span `json:"strict_jobs,omitzero" form:"items=50" doc:"Thời gian có công việc yêu cầu nghiêm ngặt / When it has jobs with strict requirements"`
	// Services are what a clinic or service body does for establishments.
	Services []string       `json:"services,omitzero" form:"items=10,max=30,enum=training|monitoring|examination|equipment_inspection" doc:"Dịch vụ cung cấp / Services provided"`
	Workers  []YearWorkers  `json:"workers,omitzero" form:"items=200" doc:"Số lao động từng năm / Workers of each year"`
	Covered  []ReportedSpan `json:"covered,omitzero" form:"items=50" doc:"Đơn vị cấp trên báo cáo thay / Reported by its parent"`
}

// Registered is the unit that is expected to report.
type Registered struct {
	UnitRef
	Name    Private `json:"name,omitzero" form:"required,max=200" private:"unit" doc:"Tên / Name"`
	Address Private `json:"address,omitzero" form:"max=500" private:"contact" doc:"Địa chỉ / Address"`
	Phone   Private `json:"phone,omitzero" form:"max=40" private:"contact" doc:"Điện thoại / Telephone"`
	// EstablishmentType is a code of the operator's list (footnote 2 of Annex XII).
	EstablishmentType string `json:"establishment_type,omitzero" form:"max=20" doc:"Loại hình cơ sở / Type of establishment" list:"establishment-types"`
}

// Span is a run of days, both included; To is zero while it lasts.
type Span struct {
	From seeds.Date `json:"from" form:"required" doc:"Từ ngày / First day"`
	To   seeds.Date `json:"to,omitzero" doc:"Đến ngày; để trống là còn tiếp tục / Last day; none while it lasts"`
}

// Stay is a province with the days on which it was that of the unit. The province is of
// the list in force on the first day; a stay in one of the list of 63 goes on in its
// successor, so that the reform of 1 July 2025 asks for no amendment and the former
// province stays known.
type Stay struct {
	Province seeds.ProvinceRef `json:"province" form:"required" doc:"Tỉnh / Province" list:"provinces"`
	Span
}

// Site is a further place of work.
type Site struct {
	Site string `json:"site" form:"required,max=10" doc:"Số hiệu địa điểm / Site number"`
	Stay
}

// YearWorkers are the workers of a year, on average.
type YearWorkers struct {
	Year  uint32 `json:"year" form:"required" doc:"Năm / Year"`
	Total uint32 `json:"total" form:"required" doc:"Số lao động / Workers"`
}

// ReportedSpan says whose report holds the unit's figures, and when.
type ReportedSpan struct {
	By TaxCode `json:"by" form:"required,max=40" doc:"Mã số thuế đơn vị báo cáo thay / Tax code of the unit that reports"`
	Span
}

// Identity implements [Content].
func (r *Registration) Identity() Identity {
	return Identity{StatYear: RegisterYear, Unit: r.Registered.Unit(), Province: r.Reporter.Province}
}

func (r *Registration) header() header {
	return header{reporter: &r.Reporter, wants: byAuthority, industry: r.Industry}
}

func registrationColumns() []Column {
	type content = *Registration
	offices := func(r content) []Stay { return r.HeadOffice }
	sites := func(r content) []Site { return r.Sites }
	covered := func(r content) []ReportedSpan { return r.Covered }
	workers := func(r content) []YearWorkers { return r.Workers }
	industry := func(r content) *Industry {
		if r.Industry == nil {
			return new(Industry)
		}
		return r.Industry
	}
	return concat(
		provinceColumns("province", func(r content) seeds.ProvinceRef { return r.latest().Province }),
		provinceColumns("reporter_province", func(r content) seeds.ProvinceRef { return r.Reporter.Province }),
		industryColumns(industry),
		[]Column{
			textColumn("reporter_authority", func(r content) string { return r.Reporter.Authority }),
			textColumn("unit_type", func(r content) string { return string(r.Registered.Type) }),
			textColumn("authority", func(r content) string { return r.Registered.Authority }),
			textColumn("establishment_type", func(r content) string { return r.Registered.EstablishmentType }),
			textColumn("size_class", func(r content) string { return r.SizeClass }),
			dayColumn("active_from", func(r content) seeds.Date { return r.Active.From }),
			dayColumn("active_to", func(r content) seeds.Date { return r.Active.To }),
			textsColumn("head_office.province_list", offices, func(s *Stay) string { return string(s.Province.List) }),
			textsColumn("head_office.province_code", offices, func(s *Stay) string { return s.Province.Code }),
		},
		spanColumns("head_office", offices, func(s *Stay) *Span { return &s.Span }),
		[]Column{
			textsColumn("sites.site", sites, func(s *Site) string { return canonicalSite(s.Site) }),
			textsColumn("sites.province_list", sites, func(s *Site) string { return string(s.Province.List) }),
			textsColumn("sites.province_code", sites, func(s *Site) string { return s.Province.Code }),
		},
		spanColumns("sites", sites, func(s *Site) *Span { return &s.Span }),
		spanColumns("hazard", func(r content) []Span { return r.Hazard }, func(s *Span) *Span { return s }),
		spanColumns("strict_jobs", func(r content) []Span { return r.StrictJobs }, func(s *Span) *Span { return s }),
		[]Column{
			textsColumn("services", func(r content) []string { return r.Services }, func(s *string) string { return *s }),
			numbersColumn("workers.year", workers, func(w *YearWorkers) uint32 { return w.Year }),
			numbersColumn("workers.total", workers, func(w *YearWorkers) uint32 { return w.Total }),
			textsColumn("covered.by", covered, func(s *ReportedSpan) string { return unitOf(s.By, "") }),
		},
		spanColumns("covered", covered, func(s *ReportedSpan) *Span { return &s.Span }),
	)
}

// latest returns the stay of the head office that began last, which is that of today.
func (r *Registration) latest() (last Stay) {
	for _, s := range r.HeadOffice {
		if !s.From.Before(last.From) {
			last = s
		}
	}
	return last
}

// dayColumn is a day; none is ClickHouse's own zero, 1970.
func dayColumn[C Content](name string, value func(C) seeds.Date) Column {
	return column(name, func(cells Cells, c C) { writeDay(cells, value(c)) })
}

func writeDay(cells Cells, d seeds.Date) { cells.Date(d.Start()) }

// spanColumns are the first and last days of spans; a span that lasts ends in ClickHouse's
// zero, 1970.
func spanColumns[C Content, E any](prefix string, of func(C) []E, span func(*E) *Span) []Column {
	days := func(name string, value func(*Span) seeds.Date) Column {
		return column(prefix+"."+name, func(cells Cells, c C) {
			elements := of(c)
			cells.List(len(elements))
			for i := range elements {
				writeDay(cells, value(span(&elements[i])))
			}
		})
	}
	return []Column{
		days("first_day", func(s *Span) seeds.Date { return s.From }),
		days("last_day", func(s *Span) seeds.Date { return s.To }),
	}
}

var registrationDefinition = define(&Definition{
	Kind:     RegistrationEntry,
	NameVI:   "Đăng ký đơn vị phải báo cáo",
	NameEN:   "Registration of an expected reporter",
	LegalRef: "Law 84/2015/QH13 Art. 36, 37, 81; the register itself is the platform's",
	Status:   Verified,
	Columns:  registrationColumns(),
}, registrationRules)
