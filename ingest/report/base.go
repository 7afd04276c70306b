package report

import (
	"strconv"

	"atvsld/seeds"
)

// BaseFigures are aggregates of one province, or of the nation, for a year or half-year
// that the platform has no reports of: provinces have no digital past, so printed
// statistics are imported as the years that later ones are compared with. They are marked
// as imported wherever they are shown, and never added to what is counted from reports
// (Law 84/2015/QH13 Art. 36(5): the statistics are the ministry's; the form is the
// platform's own).
type BaseFigures struct {
	// Reporter is the authority that imports them.
	Reporter Reporter `json:"reporter" form:"required" doc:"Cơ quan nhập số liệu / Authority that imports the figures"`
	// Province is the one the figures are of, of either list: also one that no longer
	// exists. Nil for the nation.
	Province *seeds.ProvinceRef `json:"province,omitzero" doc:"Tỉnh mà số liệu nói đến, kể cả tỉnh cũ; không ghi nếu là cả nước / Province the figures are of, also a former one; absent for the nation" list:"provinces"`
	Nation   bool               `json:"nation,omitzero" doc:"Số liệu của cả nước / The figures are of the nation"`
	Period   Period             `json:"period" form:"required,max=6" doc:"Năm “2015” hoặc 6 tháng đầu năm “2015H1” / Year “2015” or its first half “2015H1”"`
	Source   BaseSource         `json:"source" form:"required" doc:"Nguồn của số liệu / Where the figures are from"`
	Figures  []BaseFigure       `json:"figures" form:"required,items=500" doc:"Các số liệu / The figures"`
}

// BaseSource names where figures were printed. Both members travel in clear, because a
// figure without its source is worth nothing; rules keep persons out of them.
type BaseSource struct {
	// Code tells apart the imports of one area and period.
	Code string `json:"code" form:"required,max=40" doc:"Mã của nguồn, phân biệt các lần nhập của cùng một tỉnh và kỳ / Code of the source, tells apart imports of one area and period"`
	// Reference cites the document: number, date, page, address.
	Reference string `json:"reference" form:"required,max=300" doc:"Trích dẫn văn bản: số, ngày, trang, địa chỉ / Citation of the document: number, date, page, address"`
}

// BaseFigure is one printed number.
type BaseFigure struct {
	// Measure is one of [BaseMeasures].
	Measure string `json:"measure" form:"required,max=40" doc:"Chỉ tiêu / Measure"`
	// Employment is "" where the print does not tell the relationships apart.
	Employment string `json:"employment,omitzero" form:"enum=contract|no_contract" doc:"Có hoặc không có hợp đồng lao động; không ghi nếu là tổng / With or without a labour contract; absent for the total"`
	// Sector is a section of VSIC; nil for all.
	Sector *Industry `json:"sector,omitzero" doc:"Ngành cấp 1; không ghi nếu là tổng / Section of VSIC; absent for the total"`
	Value  uint64    `json:"value" form:"required" doc:"Giá trị / Value"`
	// Status tells how far the source was verified: V, S or UNVERIFIED.
	Status string `json:"status" form:"required,enum=V|S|UNVERIFIED" doc:"V: đã đọc văn bản; S: báo chí hoặc bản sao; UNVERIFIED: chưa kiểm chứng / V: read in the text; S: press or copy; UNVERIFIED: no source checked"`
	// Printed is the number as it stands in print, where that differs: "~300.000".
	Printed string  `json:"printed,omitzero" form:"max=40" doc:"Số như đã in, nếu khác / The number as printed, where it differs"`
	Note    Private `json:"note,omitzero" form:"max=500" private:"narrative" doc:"Ghi chú / Note"`
}

// FirstBaseYear is the earliest year that base figures may be of.
const FirstBaseYear = 1990

// BaseMeasure is something that base figures can be of; its name is that of the measure
// that reports are counted by.
type BaseMeasure struct {
	Name, NameVI, NameEN string
	// ByEmployment: reports tell workers with and without a contract apart.
	ByEmployment bool
	// Half: reports are also made for the first half-year.
	Half bool
}

var baseMeasures = [...]BaseMeasure{
	{"accidents", "Số vụ tai nạn lao động", "Accidents", true, true},
	{"fatal_accidents", "Số vụ có người chết", "Fatal accidents", true, true},
	{"accidents_multi", "Số vụ có từ hai người bị nạn trở lên", "Accidents with 2 or more victims", true, true},
	{"victims", "Số người bị nạn", "Victims", true, true},
	{"women", "Số nữ bị nạn", "Women among the victims", true, true},
	{"deaths", "Số người chết", "Deaths", true, true},
	{"serious", "Số người bị thương nặng", "Seriously injured", true, true},
	{"workers_reporting", "Số lao động của cơ sở có báo cáo", "Workers of reporting establishments", true, true},
	{"exposed", "Số người tiếp xúc yếu tố có hại", "Exposed workers", false, false},
	{"examined_persons", "Số người được khám bệnh nghề nghiệp", "Persons examined for occupational disease", false, false},
	{"examined_cases", "Số lượt khám bệnh nghề nghiệp", "Examinations for occupational disease", false, false},
	{"suspected_cases", "Số trường hợp nghi mắc bệnh nghề nghiệp", "Suspected cases of occupational disease", false, false},
	{"diagnosed_new", "Số trường hợp mới mắc bệnh nghề nghiệp", "New cases of occupational disease", false, false},
	{"monitored_sites", "Số cơ sở được quan trắc môi trường lao động", "Monitored sites", false, false},
	{"samples", "Số mẫu quan trắc", "Samples of monitoring", false, false},
	{"samples_over", "Số mẫu vượt giới hạn", "Samples over the limit", false, false},
}

// BaseMeasures returns everything that base figures can be of.
func BaseMeasures() []BaseMeasure { return append([]BaseMeasure(nil), baseMeasures[:]...) }

func baseMeasure(name string) (BaseMeasure, bool) {
	for _, m := range baseMeasures {
		if m.Name == name {
			return m, true
		}
	}
	return BaseMeasure{}, false
}

// area writes what the figures are of: "63:74", "VN".
func (b *BaseFigures) area() string {
	if b.Province == nil {
		return "VN"
	}
	return string(b.Province.List) + ":" + b.Province.Code
}

// Identity implements [Content]. One authority imports one source of an area and period
// once; a second source is another report, so that both can be seen.
func (b *BaseFigures) Identity() Identity {
	return Identity{StatYear: b.Period.Year(), Period: string(b.Period), Unit: b.Reporter.Unit(),
		Extra: []string{b.area(), b.Source.Code}, Province: b.Reporter.Province}
}

func (b *BaseFigures) header() header {
	return header{reporter: &b.Reporter, wants: byAuthority, period: &b.Period, since: FirstBaseYear}
}

func (b *BaseFigures) province() seeds.ProvinceRef {
	if b.Province == nil {
		return seeds.ProvinceRef{}
	}
	return *b.Province
}

// sector is the figure's section, the zero Industry for all.
func (f *BaseFigure) sector() Industry {
	if f.Sector == nil {
		return Industry{}
	}
	return *f.Sector
}

func baseColumns() []Column {
	figures := func(b *BaseFigures) []BaseFigure { return b.Figures }
	return concat(
		provinceColumns("province", (*BaseFigures).province),
		industryColumns(func(*BaseFigures) *Industry { return new(Industry) }),
		[]Column{
			column("nation", func(cells Cells, b *BaseFigures) { cells.Flag(b.Nation) }),
			textColumn("source_code", func(b *BaseFigures) string { return b.Source.Code }),
			textColumn("reference", func(b *BaseFigures) string { return b.Source.Reference }),
			textsColumn("figures.measure", figures, func(f *BaseFigure) string { return f.Measure }),
			textsColumn("figures.employment", figures, func(f *BaseFigure) string { return f.Employment }),
			textsColumn("figures.vsic_version", figures, func(f *BaseFigure) string { return f.sector().Version }),
			textsColumn("figures.vsic_section", figures, func(f *BaseFigure) string { return f.sector().Section() }),
			column("figures.value", func(cells Cells, b *BaseFigures) {
				cells.List(len(b.Figures))
				for i := range b.Figures {
					cells.Uint64(b.Figures[i].Value)
				}
			}),
			textsColumn("figures.status", figures, func(f *BaseFigure) string { return f.Status }),
			textsColumn("figures.printed", figures, func(f *BaseFigure) string { return f.Printed }),
		})
}

func figureAt(i int) string { return "/content/figures/" + strconv.Itoa(i) }

var baseDefinition = define(&Definition{
	Kind:     BaseFiguresReport,
	NameVI:   "Số liệu gốc của các năm trước (nhập từ thống kê đã công bố)",
	NameEN:   "Base figures of earlier years (imported from printed statistics)",
	LegalRef: "Law 84/2015/QH13 Art. 36(5); the form is the platform's own",
	Status:   Verified,
	Columns:  baseColumns(),
}, baseRules)
