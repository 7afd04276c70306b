package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/analytics/trend"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

const outliersPath = "/v1/outliers"

// YearReports is the part of *store.Store that tells of establishments over the years.
type YearReports interface {
	Yearly(ctx context.Context, q store.YearlyQuery) (page []store.Yearly, more bool, err error)
}

// OutlierList is a page of establishments whose reports look odd.
type OutlierList struct {
	Outliers      []Outlier    `json:"outliers" doc:"In the order of their units"`
	Year          int          `json:"year" doc:"Year of the reports"`
	Rules         []trend.Rule `json:"rules" doc:"Rules with their parameters"`
	SectionRates  SectionRates `json:"section_rates"`
	Next          string       `json:"next,omitempty" doc:"Address of the next page, as in the header Link; none on the last page. A page may be shorter than the limit, or empty, and have a next one"`
	Demonstration bool         `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// SectionRates says which rates reports are compared with.
type SectionRates struct {
	Indicator string            `json:"indicator"`
	Period    string            `json:"period,omitempty" doc:"The latest closed year up to that of the reports"`
	Reason    *indicator.Reason `json:"reason" doc:"Why there are none, so that above_section_rate says nothing"`
}

// Outlier is one establishment.
type Outlier struct {
	Unit        string            `json:"unit" doc:"Reporting unit; a household is named by its pseudonym (hb:)"`
	Province    seeds.ProvinceRef `json:"province" doc:"Of the last report, as it was written"`
	VSICVersion string            `json:"vsic_version"`
	VSICSection string            `json:"vsic_section"`
	Registered  *int64            `json:"registered_workers" doc:"Workers of the year by the register; null when it does not say"`
	Oddities    []trend.Oddity    `json:"oddities" doc:"Rules that the reports break"`
	Reports     []OutlierReport   `json:"reports" doc:"What was reported, the earliest first"`
}

// OutlierReport is what one report says.
type OutlierReport struct {
	Year      int       `json:"year"`
	ReportID  uuid.UUID `json:"report_id"`
	Revision  uint32    `json:"revision"`
	Workers   int64     `json:"workers"`
	Accidents int64     `json:"accidents"`
	Victims   int64     `json:"victims"`
	Deaths    int64     `json:"deaths"`
	URL       string    `json:"url" doc:"The report itself"`
}

func (s *Server) routeOutliers() {
	op := operation("list-outliers", access.FollowUp, http.MethodGet, outliersPath,
		"Cơ sở có báo cáo bất thường / Establishments whose reports look odd",
		"Từ báo cáo năm (Phụ lục XII) hiện hành trong phạm vi của người dùng, theo các quy tắc có tham số; mỗi dòng kèm số liệu và liên kết đến báo cáo. Bất thường không có nghĩa là sai: là nơi cần xem trước. / "+
			"From the current year reports (Annex XII) within the caller's scope, by rules with parameters; each with its figures and links to the reports. Odd does not mean wrong: it is where to look first.",
		tagOfficers, letterProblems()...)
	op.Responses = withCSV()
	offered(&op, func() bool { return s.FollowUp != nil })
	huma.Register(s.api, op, s.listOutliers)
}

type outliersInput struct {
	Year     int    `query:"year" minimum:"1995" maximum:"2100" doc:"Year of the reports; by default the one that ended last"`
	Province string `query:"province" maxLength:"20" doc:"Province of the reporter as list:code, as in 34:24; one of list 34 includes the units that went into it. Codes: /v1/codelists/provinces"`
	Rule     string `query:"rule" enum:"shrank_without_accident,large_without_accident,above_section_rate" doc:"One rule alone; all by default"`
	Years    int    `query:"years" minimum:"2" maximum:"5" default:"3" doc:"Years in a row without an accident"`
	Fall     int64  `query:"fall" minimum:"10" maximum:"99" default:"50" doc:"Percent of the workers of which more must be gone within a year"`
	From     int64  `query:"shrank_from" minimum:"1" maximum:"1000000" default:"50" doc:"Workers that there must have been the year before"`
	Large    int64  `query:"large" minimum:"1" maximum:"1000000" default:"300" doc:"Workers from which no accident is odd"`
	Victims  int64  `query:"victims_from" minimum:"1" maximum:"1000" default:"3" doc:"Victims from which a report is compared with the rate of its section"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Length of a page"`
	Cursor   string `query:"cursor" maxLength:"200" doc:"As in the address of the next page"`
}

type outliersOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Link        string `header:"Link" doc:"Next page (RFC 8288)"`
	Body        OutlierList
}

func (s *Server) listOutliers(ctx context.Context, in *outliersInput) (*outliersOutput, error) {
	year := cmp.Or(in.Year, s.today().Year()-1)
	rules := trend.DefaultOutlierRules()
	rules.Years, rules.Fall, rules.Shrinking, rules.Large, rules.Victims = in.Years, in.Fall, in.From, in.Large, in.Victims
	query, problem := s.yearlyQuery(in, rules.Query(year))
	if problem != nil {
		return nil, problem
	}
	rates, said, problem := s.sectionRates(ctx, year)
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	page, more, err := s.FollowUp.Yearly(ctx, query)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	out := &outliersOutput{ContentType: negotiated(ctx), Body: OutlierList{
		Outliers: []Outlier{}, Year: year, Rules: rules.Rules(), SectionRates: said, Demonstration: s.Demonstration,
	}}
	for i := range page {
		found := slices.DeleteFunc(rules.Judge(&page[i], year, rates), func(o trend.Oddity) bool { return in.Rule != "" && o.Rule != in.Rule })
		if len(found) > 0 {
			out.Body.Outliers = append(out.Body.Outliers, outlierOf(&page[i], found))
		}
	}
	if more {
		out.Body.Next = in.after(page[len(page)-1].Unit)
		out.Link = "<" + out.Body.Next + `>; rel="next"`
	}
	return out, nil
}

// yearlyQuery finds everything that is wrong with the parameters.
func (s *Server) yearlyQuery(in *outliersInput, q store.YearlyQuery) (store.YearlyQuery, *Problem) {
	q.Limit = in.Limit
	var findings []report.Finding
	if in.Province != "" {
		ref, ok := readArea(in.Province)
		if _, known := s.Seeds.Province(ref); !ok || !known {
			findings = append(findings, ruleArea.parameter("province"))
		}
		q.Provinces = s.withFormer(ref)
	}
	after, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	if err != nil {
		findings = append(findings, ruleParameter.parameter("cursor", "cursor", "lấy từ địa chỉ trang tiếp theo", "cursor", "take it from the address of the next page"))
	}
	q.After = string(after)
	if len(findings) > 0 {
		return q, problemParameters.new(findings...)
	}
	return q, nil
}

// sectionRate is the indicator whose closed figures by section reports are compared with.
const sectionRate = "A3"

// sectionRates reads the nation's rates of the latest closed year up to one. They are public, so
// that everybody compares with the same.
func (s *Server) sectionRates(ctx context.Context, year int) (trend.SectionRates, SectionRates, *Problem) {
	none := SectionRates{Indicator: sectionRate, Reason: indicator.ReasonOf(indicator.ReasonNotClosed)}
	closed, err := s.closedYears(ctx)
	if err != nil {
		return nil, none, s.storeProblem(ctx, err)
	}
	latest := slices.IndexFunc(closed, func(y int) bool { return y <= year })
	if latest < 0 || s.Indicators == nil {
		return nil, none, nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	series, err := s.Indicators.Series(ctx, indicator.SeriesRequest{
		Indicator: sectionRate, From: closed[latest], To: closed[latest], By: []indicator.Dimension{indicator.ByVSIC}, View: indicator.Closed,
	})
	if err != nil {
		return nil, none, s.engineProblem(ctx, err)
	}
	return trend.RatesOf(series), SectionRates{Indicator: sectionRate, Period: strconv.Itoa(closed[latest])}, nil
}

func outlierOf(y *store.Yearly, found []trend.Oddity) Outlier {
	o := Outlier{Unit: y.Unit, Province: y.Province, VSICVersion: y.VSICVersion, VSICSection: y.VSICSection, Oddities: found}
	if y.Registered > 0 {
		o.Registered = &y.Registered
	}
	for _, r := range y.Years {
		o.Reports = append(o.Reports, OutlierReport{
			Year: r.Year, ReportID: r.ReportID, Revision: r.Revision, Workers: r.Workers, Accidents: r.Accidents, Victims: r.Victims, Deaths: r.Deaths,
			URL: reportsPath + "/" + r.ReportID.String() + "/revisions/" + strconv.Itoa(int(r.Revision)),
		})
	}
	return o
}

// after is the address of the page behind a unit, with the same filter.
func (in *outliersInput) after(unit string) string {
	query := url.Values{"cursor": {base64.RawURLEncoding.EncodeToString([]byte(unit))}}
	for name, n := range map[string]int64{
		"year": int64(in.Year), "years": int64(in.Years), "fall": in.Fall, "shrank_from": in.From, "large": in.Large, "victims_from": in.Victims, "limit": int64(in.Limit),
	} {
		if n != 0 {
			query.Set(name, strconv.FormatInt(n, 10))
		}
	}
	for name, text := range map[string]string{"province": in.Province, "rule": in.Rule} {
		if text != "" {
			query.Set(name, text)
		}
	}
	return outliersPath + "?" + query.Encode()
}

// writeOutliers writes one line for each rule that an establishment's reports break, with the
// figures of the last report.
func writeOutliers(out *csv.Writer, list OutlierList) {
	_ = out.Write([]string{
		"unit", "province_list", "province_code", "vsic_version", "vsic_section", "registered_workers", "rule", "expected", "limit",
		"year", "workers", "accidents", "victims", "deaths", "workers_by_year", "report_id", "url", "demonstration",
	})
	for _, o := range list.Outliers {
		last := o.Reports[len(o.Reports)-1]
		var workers []string
		for _, r := range o.Reports {
			workers = append(workers, strconv.Itoa(r.Year)+":"+strconv.FormatInt(r.Workers, 10))
		}
		for _, odd := range o.Oddities {
			_ = out.Write([]string{
				plainCell(o.Unit), string(o.Province.List), o.Province.Code, o.VSICVersion, o.VSICSection, whole(o.Registered), odd.Rule, decimal(odd.Expected), decimal(odd.Limit),
				strconv.Itoa(last.Year), strconv.FormatInt(last.Workers, 10), strconv.FormatInt(last.Accidents, 10), strconv.FormatInt(last.Victims, 10), strconv.FormatInt(last.Deaths, 10),
				strings.Join(workers, " "), last.ReportID.String(), last.URL, strconv.FormatBool(list.Demonstration),
			})
		}
	}
}
