package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
)

func (s *Server) routeAttainment() {
	op := operation("get-attainment", access.ReadPublic, http.MethodGet, "/v1/attainment",
		"Mức đạt các mục tiêu / Attainment of the targets",
		"Đánh giá một năm theo từng mục tiêu và từng cách tính, bằng số học chính xác: thay đổi so với năm trước hoặc năm gốc, trung bình của một giai đoạn, mức phải đạt. Mặc định: năm chốt gần nhất, cả nước và 34 tỉnh, các mục tiêu của Chỉ thị 31-CT/TW. / "+
			"Holds a year against each target under every definition, by exact arithmetic: changes from the year before or a base year, averages over a period, levels. By default: the last closed year, the nation and 34 provinces, the targets of Directive 31-CT/TW.",
		tagFigures, figureProblems()...)
	op.Responses = withSheet(figureSheets)
	huma.Register(s.api, op, s.attainment)
}

type attainmentInput struct {
	Year             int       `query:"year" minimum:"1990" maximum:"2100" doc:"Year that is assessed; by default the last closed one"`
	Area             []string  `query:"area" maxItems:"100" doc:"Provinces as list:code, separated by commas, as in 34:01; VN or nation for the nation. By default the nation and every province. Codes: /v1/codelists/provinces"`
	Base             int       `query:"base" minimum:"1990" maximum:"2100" doc:"Year that paths of yearly changes start from; by default the year before. With another one every definition has two items: each year against the one before (yearly), and the base times threshold^n (compounded)"`
	Target           []string  `query:"target" maxItems:"50" doc:"Targets, separated by commas, as in D31-1, beside those of plan; by default those of Directive 31-CT/TW. Codes: /v1/targets"`
	Plan             []string  `query:"plan" maxItems:"20" doc:"Plans whose every target is asked for, separated by commas, as in N19. Codes: /v1/targets"`
	Definition       []string  `query:"definition" maxItems:"20" doc:"Definitions, separated by commas; by default all"`
	Geography        string    `query:"geography" enum:"34,63,reported" default:"34" doc:"List of provinces: in force since 1 July 2025, before it, or each record as it was filed"`
	View             string    `query:"view" enum:"live,closed" doc:"closed: figures frozen when the year was closed; live: with a token only, and then the default. Whoever has an area as scope is told its provinces live and all others as closed; with view=live the provinces of the scope alone"`
	AsOf             time.Time `query:"as_of" doc:"Figures as they were at a moment that has passed, by when reports were stored (RFC 3339). With a token and view=live only; the first question for a moment may be answered 503 with Retry-After while it is made"`
	IncludeCommuting bool      `query:"include_commuting" doc:"Add accidents on the way to and from work"`
	Closing          time.Time `query:"closing" doc:"Closed figures as they stood after the closings up to this moment (RFC 3339); by default after the latest. For whoever sees live figures of all areas asked. Closings: /v1/closings"`
	Coverage         bool      `query:"coverage" default:"true" doc:"false leaves coverage out; live figures are then there sooner"`
	CoveragePoints   int64     `query:"coverage_points" minimum:"1" maximum:"100" default:"5" doc:"Coverage has changed when it moved by more than so many percentage points between the two years"`
}

type attainmentOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        indicator.Attainment
}

func (s *Server) attainment(ctx context.Context, in *attainmentInput) (*attainmentOutput, error) {
	if s.Indicators == nil {
		return nil, problemNotHere.new(ruleNotHere.finding())
	}
	asked, problem := asOfView(viewAsked(in.View, in.Closing), in.AsOf)
	if problem != nil {
		return nil, problem
	}
	view, problem := s.viewOf(ctx, asked)
	if problem != nil {
		return nil, problem
	}
	areas, findings := readAreas(in.Area)
	if len(findings) > 0 {
		return nil, problemParameters.new(findings...)
	}
	if problem := s.mayAskEarlier(ctx, in.Closing, areas); problem != nil {
		return nil, problem
	}
	if in.Year == 0 {
		if in.Year, problem = s.lastYear(ctx, view); problem != nil {
			return nil, problem
		}
	}
	req := indicator.AttainmentRequest{
		Year: in.Year, Base: in.Base, Geography: indicator.Geography(in.Geography), Areas: areas,
		Targets: in.Target, Plans: in.Plan, Definitions: in.Definition,
		View: view, Closing: in.Closing, Options: indicator.Options{IncludeCommuting: in.IncludeCommuting, WithoutCoverage: !in.Coverage},
		CoveragePoints: in.CoveragePoints,
	}
	var attainment *indicator.Attainment
	if area, limited := s.areaOf(ctx, access.ReadLive); limited && view == indicator.Live {
		attainment, problem = s.assessArea(ctx, req, in.AsOf, area, asked != "")
	} else {
		attainment, problem = s.assess(ctx, req, in.AsOf)
	}
	if problem != nil {
		return nil, problem
	}
	return &attainmentOutput{ContentType: sheetOr(ctx), Body: *attainment}, nil
}

// assess asks the engine of a moment, of now if it is zero, and marks the answer.
func (s *Server) assess(ctx context.Context, req indicator.AttainmentRequest, asOf time.Time) (*indicator.Attainment, *Problem) {
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	engine, release, problem := s.engineAt(ctx, asOf)
	if problem != nil {
		return nil, problem
	}
	defer release()
	attainment, err := engine.Attainment(ctx, req)
	if err != nil {
		return nil, s.engineProblem(ctx, err)
	}
	attainment.Demonstration = s.Demonstration
	return attainment, nil
}
