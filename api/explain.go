package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// Fates is the part of *store.Store that tells what became of reports in a figure.
type Fates interface {
	indicator.FateReader
	FateReports(ctx context.Context, q store.FateQuery, fate store.Fate, after *store.ReportCursor, limit int) (page []store.ListedReport, more bool, err error)
}

func (s *Server) routeExplain() {
	huma.Register(s.api, operation("explain-indicator", access.ReadPublic, http.MethodGet, "/v1/indicators/{id}/explain",
		"Giải thích một số liệu / How one value came about",
		"Định nghĩa, công thức đã thay số, các tổng, và báo cáo nào được tính, báo cáo nào không và vì sao: mỗi lần nộp có đúng một lý do. Số báo cáo chỉ cho người xem được số liệu hiện hành của địa bàn; công chúng chỉ biết số báo cáo được tính của cả nước trong năm đã chốt. / "+
			"The definition, the formula with the numbers put in, the sums, and which reports are counted and which are not, and why: every filing has exactly one reason. Numbers of reports are for those who may see live figures of the area; the public is told only how many were counted in the whole nation in a closed year.",
		tagFigures, figureProblems()...), s.explain)
	list := operation("list-explained-reports", access.ReadReports, http.MethodGet, "/v1/indicators/{id}/explain/reports",
		"Báo cáo đằng sau một số liệu / The reports behind one value",
		"Các báo cáo được tính, hoặc không được tính vì một lý do, trong phạm vi của người dùng; theo lần nộp đầu, mới nhất trước. Số liệu đã chốt chỉ liệt kê được theo các lý do mà nhật ký quyết định. / "+
			"The reports that are counted, or left out for one reason, within the caller's scope; by the first receipt, the newest first. Of closed figures only what the log decides can be listed: late, conflict, superseded, withdrawn.",
		tagFigures, figureProblems()...)
	offered(&list, func() bool { return s.Fates != nil })
	huma.Register(s.api, list, s.explainedReports)
}

// ValueParameters names one value of an indicator, with the parameters of its series.
// Exported, because huma reads no embedded parameters otherwise.
type ValueParameters struct {
	ID               string `path:"id" maxLength:"20" doc:"Identifier of the indicator, as in N4"`
	Year             int    `query:"year" minimum:"1990" maximum:"2100" doc:"By default the last closed year"`
	Period           string `query:"period" enum:"Y,H1,H2" default:"Y" doc:"Year or half-year"`
	Geography        string `query:"geography" enum:"34,63,reported" default:"34" doc:"List of provinces: in force since 1 July 2025, before it, or each record as it was filed"`
	Area             string `query:"area" maxLength:"20" doc:"Province as list:code, as in 34:01; VN, nation or nothing for the nation. Codes: /v1/codelists/provinces"`
	View             string `query:"view" enum:"live,closed" doc:"closed: figures frozen when the year was closed; live: with a token only, and then the default where its scope reaches"`
	Denominator      string `query:"denominator" maxLength:"40" doc:"Denominator, by default the indicator's first"`
	Factor           int64  `query:"factor" minimum:"1" doc:"Multiplier of a rate, by default the indicator's first"`
	IncludeCommuting bool   `query:"include_commuting" doc:"Add accidents on the way to and from work"`
}

type explanationOutput struct{ Body indicator.Explanation }

func (s *Server) explain(ctx context.Context, in *ValueParameters) (*explanationOutput, error) {
	req, problem := s.valueRequest(ctx, in)
	if problem != nil {
		return nil, problem
	}
	fates := s.fatesFor(ctx, req.Area)
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	explanation, err := s.Indicators.Explain(ctx, req, fates)
	if err != nil {
		return nil, s.engineProblem(ctx, err)
	}
	explanation.Demonstration = s.Demonstration
	if fates != nil && s.mayList(ctx, req.Area) {
		linkReports(explanation, req)
	}
	return &explanationOutput{*explanation}, nil
}

// valueRequest reads which value is meant, and what the caller is shown of it.
func (s *Server) valueRequest(ctx context.Context, in *ValueParameters) (indicator.SeriesRequest, *Problem) {
	req := indicator.SeriesRequest{
		Indicator: in.ID, Period: indicator.Period(in.Period), Geography: indicator.Geography(in.Geography),
		Denominator: indicator.DenominatorKind(in.Denominator), Factor: in.Factor,
		Options: indicator.Options{IncludeCommuting: in.IncludeCommuting},
	}
	if s.Indicators == nil {
		return req, problemNotHere.new(ruleNotHere.finding())
	}
	if in.Area != "" {
		area, ok := readArea(in.Area)
		if !ok {
			return req, problemParameters.new(ruleArea.parameter("area"))
		}
		req.Area = area
	}
	if _, problem := s.seriesView(ctx, in.View, &req); problem != nil {
		return req, problem
	}
	if !s.mayAsk(ctx, req) {
		return req, problemForbidden.new(ruleFineSplit.parameter("area"))
	}
	if in.Year == 0 {
		var problem *Problem
		if in.Year, problem = s.lastYear(ctx, req.View); problem != nil {
			return req, problem
		}
	}
	req.From, req.To = in.Year, in.Year
	return req, nil
}

// fatesFor is nil for who may not be told what became of the reports of an area: who does not
// see its live figures. The numbers move with every filing.
func (s *Server) fatesFor(ctx context.Context, area seeds.ProvinceRef) indicator.FateReader {
	if s.Fates == nil || !s.reachesArea(ctx, access.ReadLive, area) {
		return nil
	}
	callOf(ctx).uses(access.ReadLive)
	return s.Fates
}

func (s *Server) mayList(ctx context.Context, area seeds.ProvinceRef) bool {
	return s.reachesArea(ctx, access.ReadReports, area)
}

// reachesArea tells whether the caller reaches all of an area, the zero reference being the nation.
func (s *Server) reachesArea(ctx context.Context, a access.Action, area seeds.ProvinceRef) bool {
	reach, err := callOf(ctx).by.Reach(a, s.Seeds)
	return err == nil && (reach.Extent == access.All || reach.Extent == access.Area) && reach.HasPlace(area)
}

// listable are the fates whose reports can be listed in a view.
func listable(view indicator.View) []store.Fate {
	ofLog := []store.Fate{store.Late, store.Conflict, store.Superseded, store.Withdrawn}
	if view == indicator.Closed {
		return ofLog
	}
	return append(ofLog[1:], store.Joined, store.OutsidePeriod, store.Covered, store.OnTheWay, store.OtherEmployment, store.Counted)
}

// linkReports says where the reports behind each number are.
func linkReports(e *indicator.Explanation, req indicator.SeriesRequest) {
	can := listable(req.View)
	for i := range e.Sources {
		source := &e.Sources[i]
		if source.Counted == nil {
			continue
		}
		address := func(fate store.Fate) string {
			if !slices.Contains(can, fate) {
				return ""
			}
			query := queryOf(req)
			query.Set("role", source.Roles[0])
			query.Set("code", string(fate))
			return explainedPath(req.Indicator) + "?" + query.Encode()
		}
		source.Reports = address(store.Counted)
		for j := range source.Left {
			source.Left[j].Reports = address(source.Left[j].Fate)
		}
	}
}

func explainedPath(id string) string { return "/v1/indicators/" + id + "/explain/reports" }

// queryOf writes a request for one value as ValueParameters reads it.
func queryOf(req indicator.SeriesRequest) url.Values {
	query := url.Values{"year": {strconv.Itoa(req.From)}, "view": {string(req.View)}}
	set := func(name, value, otherwise string) {
		if value != "" && value != otherwise {
			query.Set(name, value)
		}
	}
	set("period", string(req.Period), string(indicator.Year))
	set("geography", string(req.Geography), string(indicator.Geography34))
	if req.Area != (seeds.ProvinceRef{}) {
		query.Set("area", string(req.Area.List)+":"+req.Area.Code)
	}
	set("denominator", string(req.Denominator), "")
	if req.Options.IncludeCommuting {
		query.Set("include_commuting", "true")
	}
	return query
}

type explainedInput struct {
	ValueParameters
	Role   string `query:"role" enum:"numerator,denominator" default:"numerator" doc:"Reports of the numerator or of the denominator"`
	Code   string `query:"code" enum:"late,conflict,superseded,withdrawn,joined,outside_period,covered,commuting,other_employment,counted" default:"counted" doc:"counted, or a reason for which reports are left out"`
	Cursor string `query:"cursor" maxLength:"100" doc:"As in the address of the next page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Length of a page"`
}

func (s *Server) explainedReports(ctx context.Context, in *explainedInput) (*reportsOutput, error) {
	req, problem := s.valueRequest(ctx, &in.ValueParameters)
	if problem != nil {
		return nil, problem
	}
	if !s.mayList(ctx, req.Area) {
		return nil, denied(access.ReadReports)
	}
	fate := store.Fate(in.Code)
	if can := listable(req.View); !slices.Contains(can, fate) {
		names := fateNames(can)
		return nil, problemParameters.new(ruleParameter.parameter("code", "code", "một trong: "+names, "code", "one of: "+names))
	}
	after, problem := readCursor(in.Cursor)
	if problem != nil {
		return nil, problem
	}
	question, err := s.Indicators.FatesOf(req, in.Role)
	if err != nil {
		return nil, s.engineProblem(ctx, err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	page, more, err := s.Fates.FateReports(ctx, question, fate, after, in.Limit)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	out := &reportsOutput{Body: filedList(page, s.Demonstration)}
	if more {
		query := queryOf(req)
		query.Set("role", in.Role)
		query.Set("code", in.Code)
		query.Set("limit", strconv.Itoa(in.Limit))
		query.Set("cursor", page[len(page)-1].Cursor().String())
		out.next(explainedPath(in.ID) + "?" + query.Encode())
	}
	return out, nil
}

func fateNames(fates []store.Fate) string {
	names := make([]string, len(fates))
	for i, f := range fates {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

// readCursor reads a place in a list of reports; nil for the beginning.
func readCursor(text string) (*store.ReportCursor, *Problem) {
	if text == "" {
		return nil, nil
	}
	cursor, err := store.ParseReportCursor(text)
	if err != nil {
		return nil, problemParameters.new(ruleParameter.parameter("cursor", "cursor", "lấy từ địa chỉ trang tiếp theo", "cursor", "take it from the address of the next page"))
	}
	return &cursor, nil
}
