package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// safetyStore is what the routes of this file ask of the store.
type safetyStore interface {
	SafetyFigures(ctx context.Context, year int, byProvince bool, g store.Geography) ([]store.SafetyFigure, error)
	Violations(ctx context.Context, f store.ViolationFilter) (page []store.Violation, more bool, err error)
}

// SafetyFigureList is the yearly safety figures, each with its definition.
type SafetyFigureList struct {
	Year          int                `json:"year"`
	By            string             `json:"by" enum:"nation,province"`
	Geography     string             `json:"geography" doc:"List of provinces"`
	Figures       []SafetyFigureItem `json:"figures"`
	Demonstration bool               `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// SafetyFigureItem is one figure with its values.
type SafetyFigureItem struct {
	store.SafetyDefinition
	Values []SafetyValue `json:"values" doc:"The nation first, then provinces by code"`
}

// SafetyValue is a figure of one area. Numerator and denominator are null where nobody
// reported, which is not 0.
type SafetyValue struct {
	Area        string   `json:"area" doc:"VN, or list:code of a province"`
	NameVI      string   `json:"name_vi"`
	NameEN      string   `json:"name_en"`
	Numerator   *uint64  `json:"numerator"`
	Denominator *uint64  `json:"denominator"`
	Percent     *float64 `json:"percent" doc:"100 × numerator / denominator, not rounded; null with a reason"`
	Reports     uint64   `json:"reports" doc:"Reports that were added up, newest revisions only"`
	Reason      string   `json:"reason,omitempty" enum:"no_reports,no_denominator" doc:"Why there is no percentage"`
}

// PublicViolations is what everybody may see of serious violations that were handled.
type PublicViolations struct {
	Rule          seeds.PublicationRule `json:"rule" doc:"What may be public and until when, with its source"`
	Violations    []PublicViolation     `json:"violations" doc:"The one handled last comes first"`
	More          bool                  `json:"more" doc:"Whether there are more behind offset + limit"`
	Demonstration bool                  `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// PublicViolation holds nothing of a person: no name, no address, no 12-digit tax code,
// and nothing of what the inspectors wrote.
type PublicViolation struct {
	TaxCode        string      `json:"tax_code,omitempty" doc:"Of an organisation, where the rule lets it be shown"`
	Province       string      `json:"province" doc:"list:code of the place that was inspected"`
	VSICVersion    string      `json:"vsic_version"`
	VSICSection    string      `json:"vsic_section"`
	InspectedOn    seeds.Date  `json:"inspected_on" format:"date"`
	Violations     []NamedCode `json:"violations" doc:"Serious findings; codes that the list does not have are left out"`
	DecisionNumber string      `json:"decision_number"`
	IssuedOn       seeds.Date  `json:"issued_on" format:"date"`
	Fine           uint64      `json:"fine" doc:"1,000 VND"`
	Measures       []NamedCode `json:"measures" doc:"Remedial measures; codes that the list does not have are left out"`
	HandledOn      seeds.Date  `json:"handled_on" format:"date" doc:"When the decision had been carried out"`
	PublicUntil    seeds.Date  `json:"public_until" format:"date" doc:"Last day on which it is shown"`
}

// NamedCode is a code and what it means.
type NamedCode struct {
	Code   string `json:"code"`
	NameVI string `json:"name_vi"`
	NameEN string `json:"name_en"`
}

func (s *Server) routeSafety() {
	figures := operation("list-osh-figures", access.ReadFigures, http.MethodGet, "/v1/osh-figures",
		"Số liệu huấn luyện, chi trả, kiểm định, thanh tra theo năm / Yearly figures of training, benefits, equipment and inspections",
		"Tử số, mẫu số và số báo cáo đã cộng, kèm định nghĩa và nguồn: C1–C4, D1 và các số liệu khác. Số liệu hiện hành, cần mã truy cập; người có phạm vi một số tỉnh chỉ xem được các tỉnh đó, với by=province. / "+
			"Numerator, denominator and reports added up, with definition and source: C1 to C4, D1 and others. Live figures, with a token only; whoever has an area as scope sees its provinces alone, with by=province.",
		tagFigures, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable)
	offered(&figures, func() bool { return s.Store != nil })
	huma.Register(s.api, figures, s.safetyFigures)
	huma.Register(s.api, operation("list-violations", access.ReadPublic, http.MethodGet, "/v1/violations",
		"Vi phạm nghiêm trọng đã xử lý / Serious violations that were handled",
		"Công khai theo quy tắc công bố (publication.csv): mặc định không công bố gì. Chỉ vi phạm nghiêm trọng của tổ chức, đã có quyết định và đã xử lý xong, trong thời hạn công bố; không có dữ liệu cá nhân. / "+
			"Public by the rule of publication (publication.csv), which by default publishes nothing. Only serious violations of organisations, decided and handled, within the window; nothing personal.",
		tagFigures, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable), s.violations)
}

type safetyFiguresInput struct {
	Year int    `query:"year" required:"true" minimum:"2016" maximum:"2199" doc:"Year of the reports, or in which an inspection began"`
	By   string `query:"by" enum:"nation,province" default:"nation" doc:"province: the nation and each of the 34 provinces, or those of the scope alone"`
}

type safetyFiguresOutput struct{ Body SafetyFigureList }

func (s *Server) safetyFigures(ctx context.Context, in *safetyFiguresInput) (*safetyFiguresOutput, error) {
	area, limited := s.areaOf(ctx, access.ReadFigures)
	found, err := s.askSafety(ctx, in.Year, in.By == "province", limited)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	list := SafetyFigureList{Year: in.Year, By: in.By, Geography: string(seeds.List34), Demonstration: s.Demonstration}
	for _, d := range store.SafetyDefinitions() {
		item := SafetyFigureItem{SafetyDefinition: d}
		if !limited {
			item.Values = append(item.Values, safetyValue(found[safetyKey{d.ID, seeds.ProvinceRef{}}], nationCode, "Cả nước", "Viet Nam"))
		}
		if in.By == "province" {
			for _, p := range s.Seeds.Provinces(seeds.List34) {
				if limited && !area.HasPlace(p.Ref()) {
					continue
				}
				item.Values = append(item.Values, safetyValue(found[safetyKey{d.ID, p.Ref()}], areaCode(p.Ref()), p.NameVI, p.NameEN))
			}
		}
		list.Figures = append(list.Figures, item)
	}
	return &safetyFiguresOutput{Body: list}, nil
}

// safetyKey is a figure and a province, the zero one for the nation.
type safetyKey struct {
	id       string
	province seeds.ProvinceRef
}

// askSafety asks for the nation and, if asked for, the provinces; whoever has an area is not
// told the nation beside it, and denied the nation alone.
func (s *Server) askSafety(ctx context.Context, year int, byProvince, limited bool) (map[safetyKey]store.SafetyFigure, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	found := map[safetyKey]store.SafetyFigure{}
	for _, split := range []bool{false, true} {
		if split && !byProvince || !split && byProvince && limited {
			continue
		}
		figures, err := s.Store.SafetyFigures(ctx, year, split, store.On(seeds.List34, s.Seeds))
		if err != nil {
			return nil, fmt.Errorf("ask for the safety figures of %d: %w", year, err)
		}
		for _, f := range figures {
			found[safetyKey{f.ID, f.Province}] = f
		}
	}
	return found, nil
}

func areaCode(ref seeds.ProvinceRef) string { return string(ref.List) + ":" + ref.Code }

// safetyValue makes the answer of one area; a figure without reports is the zero value.
func safetyValue(f store.SafetyFigure, area, vi, en string) SafetyValue {
	v := SafetyValue{Area: area, NameVI: vi, NameEN: en, Reports: f.Reports}
	if f.Reports == 0 {
		v.Reason = "no_reports"
		return v
	}
	v.Numerator, v.Denominator = &f.Numerator, &f.Denominator
	if f.Denominator == 0 {
		v.Reason = "no_denominator"
		return v
	}
	percent := 100 * float64(f.Numerator) / float64(f.Denominator)
	v.Percent = &percent
	return v
}

type violationsInput struct {
	Province string `query:"province" maxLength:"10" doc:"Province of the place inspected as list:code, as it was reported, as in 34:01; by default all"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Length of a page"`
	Offset   int    `query:"offset" minimum:"0" maximum:"1000000" doc:"Where the page begins"`
}

type violationsOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         PublicViolations
}

func (s *Server) violations(ctx context.Context, in *violationsInput) (*violationsOutput, error) {
	if s.Store == nil {
		return nil, problemNotHere.new(ruleNotHere.finding())
	}
	filter, problem := in.filter()
	if problem != nil {
		return nil, problem
	}
	filter.Today = seeds.DateOf(s.Clock())
	out := &violationsOutput{CacheControl: publicFor, Body: PublicViolations{Violations: []PublicViolation{}, Demonstration: s.Demonstration}}
	rule, ok := s.Seeds.PublicationOn(seeds.PublicViolations, filter.Today)
	out.Body.Rule = rule
	if !ok || !rule.Enabled {
		return out, nil
	}
	filter.Days = rule.Days
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	page, more, err := s.Store.Violations(ctx, filter)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	out.Body.More = more
	for _, v := range page {
		out.Body.Violations = append(out.Body.Violations, s.publicViolation(v, rule))
	}
	return out, nil
}

func (in *violationsInput) filter() (store.ViolationFilter, *Problem) {
	f := store.ViolationFilter{Limit: in.Limit, Offset: in.Offset}
	if in.Province == "" {
		return f, nil
	}
	area, ok := readArea(in.Province)
	if !ok || area == (seeds.ProvinceRef{}) {
		return f, problemParameters.new(ruleArea.parameter("province"))
	}
	f.Provinces = []seeds.ProvinceRef{area}
	return f, nil
}

// publicViolation copies, one by one, what may be seen; a new column stays out until
// somebody adds it here.
func (s *Server) publicViolation(v store.Violation, rule seeds.PublicationRule) PublicViolation {
	p := PublicViolation{
		Province: areaCode(v.Province), VSICVersion: v.VSICVersion, VSICSection: v.VSICSection,
		InspectedOn: v.InspectedOn, Violations: named(v.Codes, s.Seeds.ViolationTypes()), DecisionNumber: v.DecisionNumber, IssuedOn: v.IssuedOn,
		Fine: v.Fine, Measures: named(v.Measures, s.Seeds.RemedialMeasures()), HandledOn: v.HandledOn, PublicUntil: v.HandledOn.AddDays(rule.Days - 1),
	}
	if rule.ShowTaxCode {
		p.TaxCode = v.TaxCode
	}
	return p
}

// named looks codes up; what is in no list was the filer's word and is left out.
func named(codes []string, list []seeds.Entry) []NamedCode {
	found := []NamedCode{}
	for _, code := range codes {
		if i := slices.IndexFunc(list, func(e seeds.Entry) bool { return e.Code == code }); i >= 0 {
			found = append(found, NamedCode{code, list[i].NameVI, list[i].NameEN})
		}
	}
	return found
}
