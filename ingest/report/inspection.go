package report

import "atvsld/seeds"

// Inspection is the report of an authority on one inspection of one establishment: what
// was found, what was ordered and when that was carried out. Serious violations that were
// handled may become public: see [seeds.PublicationRule].
type Inspection struct {
	// Reporter is the inspectorate or the labour authority of a province.
	Reporter Reporter `json:"reporter" form:"required" doc:"Cơ quan thanh tra, kiểm tra / Inspecting authority"`
	// Establishment is who was inspected.
	Establishment Inspected  `json:"establishment" form:"required" doc:"Cơ sở được thanh tra, kiểm tra / Establishment inspected"`
	InspectedOn   seeds.Date `json:"inspected_on" form:"required" doc:"Ngày thanh tra, kiểm tra (ngày đầu) / First day of the inspection"`
	Basis         string     `json:"basis" form:"required,enum=planned|unplanned|complaint|accident" doc:"Căn cứ: kế hoạch, đột xuất, khiếu nại tố cáo, tai nạn / Basis: plan, unannounced, complaint, accident"`
	Industry      Industry   `json:"industry" form:"required" doc:"Ngành của cơ sở / Industry of the establishment"`
	// Serious: the authority holds a violation to be serious.
	Serious  bool              `json:"serious,omitzero" doc:"Có vi phạm nghiêm trọng / There is a serious violation"`
	Findings []ViolationFound  `json:"findings,omitzero" form:"items=50" doc:"Các vi phạm / Violations found"`
	Decision *SanctionDecision `json:"decision,omitzero" doc:"Quyết định xử phạt, xử lý / Decision on sanctions"`
	Remarks  Private           `json:"remarks,omitzero" form:"max=5000" private:"narrative" doc:"Ghi chú / Remarks"`
}

// Inspected names the establishment and the province of the place inspected.
type Inspected struct {
	TaxCode  TaxCode           `json:"tax_code" form:"required,max=40" doc:"Mã số thuế / Tax code"`
	Site     string            `json:"site,omitzero" form:"max=10" doc:"Số hiệu địa điểm / Site number"`
	Name     Private           `json:"name,omitzero" form:"max=200" private:"unit" doc:"Tên / Name"`
	Province seeds.ProvinceRef `json:"province" form:"required" doc:"Tỉnh nơi thanh tra, kiểm tra / Province of the place inspected" list:"provinces"`
}

// ViolationFound is one finding.
type ViolationFound struct {
	Code    string `json:"code" form:"required,max=40" doc:"Mã vi phạm / Code of the violation" list:"violation-types" status:"UNVERIFIED"`
	Serious bool   `json:"serious,omitzero" doc:"Nghiêm trọng / Serious"`
}

// SanctionDecision is the decision on what was found.
type SanctionDecision struct {
	Number   string     `json:"number" form:"required,max=40" doc:"Số quyết định / Number of the decision"`
	IssuedOn seeds.Date `json:"issued_on" form:"required" doc:"Ngày quyết định / Date of the decision"`
	Fine     uint64     `json:"fine,omitzero" doc:"Tiền phạt (1.000 đồng) / Fine (1,000 VND)"`
	Measures []string   `json:"measures,omitzero" form:"items=20,max=40" doc:"Biện pháp khắc phục / Remedial measures" list:"remedial-measures" status:"UNVERIFIED"`
	// HandledOn is when all that was decided had been carried out.
	HandledOn seeds.Date `json:"handled_on,omitzero" doc:"Ngày thực hiện xong quyết định / Day on which the decision had been carried out"`
}

// Identity implements [Content].
func (i *Inspection) Identity() Identity {
	return Identity{StatYear: i.InspectedOn.Year(), Unit: i.Reporter.Unit(), Province: i.Reporter.Province}
}

func (i *Inspection) header() header {
	return header{reporter: &i.Reporter, wants: []ReporterType{AuthorityReporter}, industry: &i.Industry, eventDate: i.InspectedOn,
		place: &i.Establishment.Province, placeAt: "/content/establishment/province"}
}

// decision is what was decided, nothing if there is no decision.
func (i *Inspection) decision() *SanctionDecision {
	if i.Decision == nil {
		return &SanctionDecision{}
	}
	return i.Decision
}

func inspectionColumns() []Column {
	findings := func(i *Inspection) []ViolationFound { return i.Findings }
	flag := func(name string, of func(*Inspection) bool) Column {
		return column(name, func(cells Cells, i *Inspection) { cells.Flag(of(i)) })
	}
	day := func(name string, of func(*Inspection) seeds.Date) Column {
		return column(name, func(cells Cells, i *Inspection) { cells.Date(of(i).Start()) })
	}
	return concat(
		provinceColumns("province", func(i *Inspection) seeds.ProvinceRef { return i.Establishment.Province }),
		provinceColumns("reporter_province", func(i *Inspection) seeds.ProvinceRef { return i.Reporter.Province }),
		industryColumns(func(i *Inspection) *Industry { return &i.Industry }),
		[]Column{
			textColumn("authority", func(i *Inspection) string { return i.Reporter.Authority }),
			textColumn("tax_code", func(i *Inspection) string { return string(i.Establishment.TaxCode) }),
			textColumn("site", func(i *Inspection) string { return canonicalSite(i.Establishment.Site) }),
			day("inspected_on", func(i *Inspection) seeds.Date { return i.InspectedOn }),
			textColumn("basis", func(i *Inspection) string { return i.Basis }),
			flag("serious", func(i *Inspection) bool { return i.Serious }),
			flag("decided", func(i *Inspection) bool { return i.Decision != nil }),
			textColumn("decision_number", func(i *Inspection) string { return i.decision().Number }),
			day("issued_on", func(i *Inspection) seeds.Date { return i.decision().IssuedOn }),
			column("fine", func(cells Cells, i *Inspection) { cells.Uint64(i.decision().Fine) }),
			textsColumn("measures", func(i *Inspection) []string { return i.decision().Measures }, func(s *string) string { return *s }),
			flag("handled", func(i *Inspection) bool { return !i.decision().HandledOn.IsZero() }),
			day("handled_on", func(i *Inspection) seeds.Date { return i.decision().HandledOn }),
			textsColumn("findings.code", findings, func(f *ViolationFound) string { return f.Code }),
			column("findings.serious", func(cells Cells, i *Inspection) {
				cells.List(len(i.Findings))
				for k := range i.Findings {
					cells.Flag(i.Findings[k].Serious)
				}
			}),
		})
}

var inspectionDefinition = define(&Definition{
	Kind:     InspectionReport,
	NameVI:   "Thanh tra, kiểm tra an toàn, vệ sinh lao động và xử lý vi phạm",
	NameEN:   "Inspection of an establishment and sanctions",
	LegalRef: "Resolution 209/NQ-CP; Law 84/2015/QH13",
	Status:   Unverified,
	Event:    true,
	Columns:  inspectionColumns(),
}, inspectionRules)
