package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

const reportsPath = "/v1/reports"

// FiledList is a page of current reports.
type FiledList struct {
	Reports       []FiledSummary `json:"reports" doc:"By the first receipt, the newest first; an amendment does not move a report"`
	Next          string         `json:"next,omitempty" doc:"Address of the next page, as in the header Link; none on the last page"`
	Demonstration bool           `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// FiledSummary is the newest revision of a report; nothing in it is personal.
type FiledSummary struct {
	ReportID   uuid.UUID          `json:"report_id"`
	Kind       string             `json:"kind"`
	Revision   uint32             `json:"revision" doc:"The newest one"`
	Withdrawn  bool               `json:"withdrawn"`
	StatYear   uint16             `json:"stat_year" doc:"Year the report counts in"`
	Period     string             `json:"period,omitempty"`
	Unit       string             `json:"unit" doc:"Reporting unit; a household is named by its pseudonym (hb:)"`
	Province   *seeds.ProvinceRef `json:"province" doc:"Of the place, otherwise of the reporter, as it was written; null of a withdrawn report"`
	FiledAt    time.Time          `json:"filed_at" doc:"Receipt of the first revision"`
	ReceivedAt time.Time          `json:"received_at" doc:"Receipt of this revision"`
}

func (s *Server) routeReportList() {
	list := operation("list-reports", access.ReadReports, http.MethodGet, reportsPath,
		"Các báo cáo hiện hành / Current reports",
		"Chỉ trong phạm vi của người dùng: đơn vị, tỉnh xảy ra hoặc tỉnh của người báo cáo (kể cả tỉnh cũ), ngành. Nêu đơn vị, tỉnh hay loại báo cáo ngoài phạm vi thì bị từ chối (403). Theo lần nộp đầu, mới nhất trước; trang tiếp theo ở đầu mục Link (RFC 8288). Tỉnh được so như đã ghi, không quy đổi giữa hai danh mục. / "+
			"Within the caller's scope alone: units, provinces of the place or the reporter (former ones too), sections of VSIC. A filter that names a unit, a province or a kind outside it is refused (403). By the first receipt, the newest first; the next page is in the header Link (RFC 8288). A province is compared as it was written and not put into the other list.",
		tagFiling, readProblems()...)
	offered(&list, s.readsBack)
	huma.Register(s.api, list, s.listReports)
}

type reportsInput struct {
	Kind         []string  `query:"kind" maxItems:"50" doc:"Kinds, separated by commas; all by default"`
	Unit         string    `query:"unit" maxLength:"100" doc:"The whole unit, as in 0100109106/0; of a household business as in hb:pseudonym/0"`
	TaxCode      string    `query:"tax_code" maxLength:"40" doc:"Tax code; all its places unless site is given. A household business is named by hb: and its pseudonym; its 12 digits may not stand in an address"`
	Site         string    `query:"site" maxLength:"10" doc:"Place of the tax code; 0 is that of the code itself"`
	Year         uint16    `query:"year" minimum:"1900" maximum:"2199" doc:"Year the report counts in; 1900 for entries of the register, which count in none"`
	Period       string    `query:"period" maxLength:"6" doc:"2025 or 2025H1"`
	Province     []string  `query:"province" maxItems:"20" doc:"list:code, as in 34:01, of the place or the reporter; several, separated by commas. A province of list 34 does not include the units of list 63 that went into it: name them too. Codes: /v1/codelists/provinces"`
	Withdrawn    bool      `query:"withdrawn" doc:"The withdrawn reports instead; they have no province"`
	ReceivedFrom time.Time `query:"received_from" doc:"Newest revision received from this time on (RFC 3339)"`
	ReceivedTo   time.Time `query:"received_to" doc:"Newest revision received before this time (RFC 3339)"`
	Cursor       string    `query:"cursor" maxLength:"100" doc:"As in the address of the next page"`
	Limit        int       `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Length of a page"`
}

type reportsOutput struct {
	Link string `header:"Link" doc:"Next page (RFC 8288)"`
	Body FiledList
}

func (s *Server) listReports(ctx context.Context, in *reportsInput) (*reportsOutput, error) {
	filter, problem := s.reportFilter(in)
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	page, more, err := s.Reports.Reports(ctx, filter)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	out := &reportsOutput{Body: filedList(page, s.Demonstration)}
	if more {
		out.next(pageBehind(in, page[len(page)-1].Cursor()))
	}
	return out, nil
}

func filedList(page []store.ListedReport, demonstration bool) FiledList {
	list := FiledList{Reports: make([]FiledSummary, len(page)), Demonstration: demonstration}
	for i, r := range page {
		list.Reports[i] = summaryOf(r)
	}
	return list
}

// next says where the next page is.
func (o *reportsOutput) next(address string) {
	o.Body.Next = address
	o.Link = "<" + address + `>; rel="next"`
}

func summaryOf(r store.ListedReport) FiledSummary {
	summary := FiledSummary{
		ReportID: r.ReportID, Kind: r.Kind, Revision: r.Revision, Withdrawn: r.Withdrawn, StatYear: r.StatYear, Period: r.Period,
		Unit: r.Unit, FiledAt: r.FiledAt, ReceivedAt: r.ReceivedAt,
	}
	if r.ProvinceCode != "" {
		summary.Province = &seeds.ProvinceRef{List: seeds.ProvinceList(r.ProvinceList), Code: r.ProvinceCode}
	}
	return summary
}

// reportFilter finds everything that is wrong with the parameters.
func (s *Server) reportFilter(in *reportsInput) (store.ReportFilter, *Problem) {
	f := store.ReportFilter{
		Kinds: in.Kind, Unit: in.Unit, Year: in.Year, Period: in.Period, Withdrawn: in.Withdrawn,
		ReceivedFrom: in.ReceivedFrom, ReceivedTo: in.ReceivedTo, Limit: in.Limit,
	}
	var findings []report.Finding
	wrong := func(name, vi, en string) {
		findings = append(findings, ruleParameter.parameter(name, name, vi, name, en))
	}
	for _, kind := range in.Kind {
		if _, known := report.Lookup(report.Kind(kind)); !known {
			wrong("kind", "không có loại báo cáo này", "there is no such kind")
		}
	}
	if in.Period != "" && !report.Period(in.Period).Valid() {
		wrong("period", "2025 hoặc 2025H1", "2025 or 2025H1")
	}
	for _, text := range in.Province {
		area, ok := readArea(text)
		if _, known := s.Seeds.Province(area); !ok || !known {
			findings = append(findings, ruleArea.parameter("province"))
		}
		f.Provinces = append(f.Provinces, area)
	}
	if len(in.Province) > 0 && in.Withdrawn {
		findings = append(findings, ruleTogether.parameter("province", "province", "withdrawn", "province", "withdrawn"))
	}
	if personal := personalUnits(in.Unit, in.TaxCode); len(personal) > 0 {
		return f, problemParameters.new(append(findings, personal...)...)
	}
	switch code := report.TaxCode(in.TaxCode); {
	case in.TaxCode != "" && !code.IsHousehold() && code.Valid() != nil:
		wrong("tax_code", "mã số thuế không hợp lệ", "not a valid tax code")
	case in.TaxCode != "" && in.Unit != "":
		findings = append(findings, ruleTogether.parameter("unit", "tax_code", "unit", "tax_code", "unit"))
	case in.TaxCode != "" && in.Site != "":
		f.Unit = report.UnitOf(code, in.Site)
	case in.TaxCode != "":
		f.UnitPrefix = string(code) + "/"
	case in.Site != "":
		wrong("site", "cần kèm tax_code", "it needs tax_code beside it")
	}
	if in.Cursor != "" {
		after, err := store.ParseReportCursor(in.Cursor)
		if err != nil {
			wrong("cursor", "lấy từ địa chỉ trang tiếp theo", "take it from the address of the next page")
		}
		f.After = &after
	}
	if len(findings) > 0 {
		return f, problemParameters.new(findings...)
	}
	return f, nil
}

// personalUnits finds the parameters that hold a person's number. It would stand in addresses,
// which are remembered in many places, and be a search for a citizen by his number, for which
// there is a right and a record: /v1/persons:export.
func personalUnits(unit, taxCode string) (findings []report.Finding) {
	code, _, _ := strings.Cut(unit, "/")
	if report.TaxCode(code).IsPerson() {
		findings = append(findings, rulePersonalUnit.parameter("unit"))
	}
	if report.TaxCode(taxCode).IsPerson() {
		findings = append(findings, rulePersonalUnit.parameter("tax_code"))
	}
	return findings
}

// openUnit is a unit as it is stored: a household's number becomes its pseudonym.
func (s *Server) openUnit(unit string) string {
	code, site, _ := strings.Cut(unit, "/")
	if !report.TaxCode(code).IsPerson() {
		return unit
	}
	return report.UnitOf(report.HouseholdCode(report.TaxCode(code), s.pseudonym), site)
}

func (s *Server) pseudonym(domain, value string) report.Pseudonym {
	return report.Pseudonym(s.Keys.Pseudonym(domain, value))
}

// pageBehind is the address of the page behind a report, with the same filter.
func pageBehind(in *reportsInput, c store.ReportCursor) string {
	query := url.Values{"limit": {strconv.Itoa(in.Limit)}, "cursor": {c.String()}}
	set := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	moment := func(name string, at time.Time) {
		if !at.IsZero() {
			query.Set(name, at.Format(time.RFC3339Nano))
		}
	}
	set("kind", strings.Join(in.Kind, ","))
	set("province", strings.Join(in.Province, ","))
	set("unit", in.Unit)
	set("tax_code", in.TaxCode)
	set("site", in.Site)
	set("period", in.Period)
	if in.Year != 0 {
		set("year", strconv.Itoa(int(in.Year)))
	}
	if in.Withdrawn {
		set("withdrawn", "true")
	}
	moment("received_from", in.ReceivedFrom)
	moment("received_to", in.ReceivedTo)
	return reportsPath + "?" + query.Encode()
}
