package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/seeds"
)

// IndicatorList is the catalogue of indicators.
type IndicatorList struct {
	Indicators    []indicator.Definition `json:"indicators"`
	Demonstration bool                   `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// IndicatorDetail is one indicator and the targets that are assessed by it.
type IndicatorDetail struct {
	Indicator     indicator.Definition `json:"indicator"`
	Targets       []seeds.Target       `json:"targets" doc:"Targets that are assessed by it"`
	Series        string               `json:"series" doc:"Where its values are"`
	Chart         string               `json:"chart" doc:"Where its control charts are"`
	Funnel        string               `json:"funnel" doc:"Where its provinces are compared"`
	Movers        string               `json:"movers" doc:"Where its largest changes are"`
	Demonstration bool                 `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

func (s *Server) routeIndicators() {
	huma.Register(s.api, operation("list-indicators", access.ReadPublic, http.MethodGet, "/v1/indicators",
		"Danh mục chỉ tiêu / Catalogue of indicators",
		"Tử số, mẫu số, nguồn và tình trạng kiểm chứng của từng chỉ tiêu. / Numerator, denominators, sources of every indicator and how far they were verified.",
		tagFigures, http.StatusNotImplemented), s.listIndicators)
	huma.Register(s.api, operation("get-indicator", access.ReadPublic, http.MethodGet, "/v1/indicators/{id}",
		"Một chỉ tiêu / One indicator", "Chỉ tiêu và các mục tiêu dùng chỉ tiêu đó. / The indicator and the targets that are assessed by it.",
		tagFigures, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented), s.getIndicator)

	series := operation("get-series", access.ReadPublic, http.MethodGet, "/v1/indicators/{id}/series",
		"Chuỗi số liệu của một chỉ tiêu / Values of an indicator over years",
		"Không có mã truy cập: chỉ các kỳ đã chốt số liệu. Người có phạm vi một số tỉnh xem số liệu hiện hành của các tỉnh đó, của nơi khác chỉ số liệu đã chốt. Mỗi giá trị kèm tử số, mẫu số (hoặc lý do không có), định nghĩa, độ bao phủ, thời điểm. / Without a token: closed periods only. Whoever has an area as scope sees live figures of its provinces, of all others the closed ones. Every value with numerator, denominator (or why there is none), definition, coverage, as_of.",
		tagFigures, figureProblems()...)
	series.Responses = withSheet(figureSheets)
	huma.Register(s.api, series, s.series)
	s.routeTrends()
	s.routeExplain()
	s.routeAttainment()
	s.routeTargets()
}

func figureProblems() []int {
	return []int{http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable}
}

// withCSV describes the answer's other format; huma adds the schema of the first.
func withCSV() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{
		jsonType: {},
		csvType:  {Schema: &huma.Schema{Type: huma.TypeString, Description: "RFC 4180, UTF-8, a header line"}},
	}}}
}

type indicatorsOutput struct{ Body IndicatorList }

func (s *Server) listIndicators(context.Context, *struct{}) (*indicatorsOutput, error) {
	if s.Indicators == nil {
		return nil, problemNotHere.new(ruleNotHere.finding())
	}
	return &indicatorsOutput{Body: IndicatorList{s.Indicators.Catalogue().Indicators(), s.Demonstration}}, nil
}

type indicatorInput struct {
	ID string `path:"id" maxLength:"20" doc:"Identifier of the indicator, as in N4"`
}

type indicatorOutput struct{ Body IndicatorDetail }

func (s *Server) getIndicator(_ context.Context, in *indicatorInput) (*indicatorOutput, error) {
	if s.Indicators == nil {
		return nil, problemNotHere.new(ruleNotHere.finding())
	}
	catalogue := s.Indicators.Catalogue()
	definition, ok := catalogue.Indicator(in.ID)
	if !ok {
		return nil, problemNotFound.new(ruleNoData.parameter("id"))
	}
	at := "/v1/indicators/" + definition.ID
	detail := IndicatorDetail{
		Indicator: definition, Targets: []seeds.Target{}, Demonstration: s.Demonstration,
		Series: at + "/series", Chart: at + "/chart", Funnel: at + "/funnel", Movers: at + "/movers",
	}
	for _, target := range s.Seeds.Targets() {
		for _, method := range catalogue.MethodsFor(target) {
			if method.Indicator == definition.ID {
				detail.Targets = append(detail.Targets, target)
				break
			}
		}
	}
	return &indicatorOutput{Body: detail}, nil
}

// SeriesQuery are the parameters of a series, and of what is made of one.
type SeriesQuery struct {
	ID               string    `path:"id" maxLength:"20" doc:"Identifier of the indicator, as in N4"`
	From             int       `query:"from" minimum:"1990" maximum:"2100" doc:"First year; by default so that there are ten years, of movers two"`
	To               int       `query:"to" minimum:"1990" maximum:"2100" doc:"Last year; by default the last closed one"`
	Period           string    `query:"period" enum:"Y,H1,H2" default:"Y" doc:"Year or half-year; they are never summed. Of periodic reports the second half is the year less the first half of those who filed both, not split by cause or, of communes, by section"`
	Geography        string    `query:"geography" enum:"34,63,reported" default:"34" doc:"List of provinces: in force since 1 July 2025, before it, or each record as it was filed"`
	Area             string    `query:"area" maxLength:"20" doc:"Province as list:code, as in 34:01; VN, nation or nothing for the nation. Codes: /v1/codelists/provinces"`
	By               []string  `query:"by" enum:"province,region,vsic,employment,month,cause,factor,sex,age_group,size_class" maxItems:"5" doc:"What the values are split by, separated by commas: those of the indicator's dimensions, provinces or regions, and one of cause, factor, sex, age_group and size_class. Without a token a real (not demonstration) store splits one way only; an area, a half-year, a geography other than 34 and include_commuting count as ways"`
	View             string    `query:"view" enum:"live,closed" doc:"closed: figures frozen when the year was closed; live: with a token only, and then the default where its scope reaches; by=province then lists the provinces of the scope alone"`
	AsOf             time.Time `query:"as_of" doc:"Figures as they were at a moment that has passed, by when reports were stored (RFC 3339). With a token and view=live only; the first question for a moment may be answered 503 with Retry-After while it is made"`
	Denominator      string    `query:"denominator" maxLength:"40" doc:"Denominator, by default the indicator's first"`
	Factor           int64     `query:"factor" minimum:"1" doc:"Multiplier of a rate, by default the indicator's first"`
	IncludeCommuting bool      `query:"include_commuting" doc:"Add accidents on the way to and from work"`
	Closing          time.Time `query:"closing" doc:"Closed figures as they stood after the closings up to this moment (RFC 3339); by default after the latest. For whoever sees live figures of all that is asked. Closings: /v1/closings"`
	Coverage         bool      `query:"coverage" default:"true" doc:"false leaves coverage out; live figures are then there sooner"`
}

const defaultYears = 10

type seriesOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        indicator.Series
}

type seriesInput struct {
	SeriesQuery
	Compare  string `query:"compare" enum:"previous,base" doc:"Set each value beside that of the same period of the year before, or of base_year"`
	BaseYear int    `query:"base_year" minimum:"1990" maximum:"2100" doc:"Year that compare=base compares with"`
	Rank     bool   `query:"rank" doc:"Rank the provinces (by=province) in each period and split, 1 the best"`
}

func (s *Server) series(ctx context.Context, in *seriesInput) (*seriesOutput, error) {
	q, problem := s.seriesQuestion(ctx, &in.SeriesQuery, defaultYears)
	if problem != nil {
		return nil, problem
	}
	q.Compare, q.BaseYear, q.Rank = indicator.Comparing(in.Compare), in.BaseYear, in.Rank
	if _, limited := s.areaOf(ctx, access.ReadLive); limited && q.Rank && q.View == indicator.Live {
		return nil, problemForbidden.new(ruleRankAlone.parameter("rank"))
	}
	series, problem := s.askSeries(ctx, q)
	if problem != nil {
		return nil, problem
	}
	return &seriesOutput{ContentType: sheetOr(ctx), Body: *series}, nil
}

// seriesQuestion is a question for a series that the caller may ask; keep leaves in the answer
// what he may see.
type seriesQuestion struct {
	indicator.SeriesRequest
	asOf time.Time
	keep func(*indicator.Series)
}

// seriesQuestion decides whether the caller may ask for a series, and what he is shown of it.
// Whatever is made of a series is asked for through here, so that nothing shows more than the
// series does. years are how many are asked for unless the caller says so.
func (s *Server) seriesQuestion(ctx context.Context, in *SeriesQuery, years int) (q seriesQuestion, problem *Problem) {
	if s.Indicators == nil {
		return q, problemNotHere.new(ruleNotHere.finding())
	}
	if q.SeriesRequest, problem = in.request(); problem != nil {
		return q, problem
	}
	if problem = s.mayAskEarlier(ctx, in.Closing, []seeds.ProvinceRef{q.Area}); problem != nil {
		return q, problem
	}
	view, problem := asOfView(viewAsked(in.View, in.Closing), in.AsOf)
	if problem != nil {
		return q, problem
	}
	if q.keep, problem = s.seriesView(ctx, view, &q.SeriesRequest); problem != nil {
		return q, problem
	}
	q.asOf = in.AsOf
	if !s.mayAsk(ctx, q.SeriesRequest) {
		return q, problemForbidden.new(ruleFineSplit.parameter("by"))
	}
	return q, s.defaultSpan(ctx, &q.SeriesRequest, years)
}

func (s *Server) askSeries(ctx context.Context, q seriesQuestion) (*indicator.Series, *Problem) {
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	engine, release, problem := s.engineAt(ctx, q.asOf)
	if problem != nil {
		return nil, problem
	}
	defer release()
	series, err := engine.Series(ctx, q.SeriesRequest)
	if err != nil {
		return nil, s.engineProblem(ctx, err)
	}
	q.keep(series)
	series.Demonstration = s.Demonstration
	return series, nil
}

// request reads the parameters; the view is for the server to choose.
func (in *SeriesQuery) request() (indicator.SeriesRequest, *Problem) {
	req := indicator.SeriesRequest{
		Indicator: in.ID, From: in.From, To: in.To, Period: indicator.Period(in.Period), Geography: indicator.Geography(in.Geography),
		Denominator: indicator.DenominatorKind(in.Denominator), Factor: in.Factor,
		Options: indicator.Options{IncludeCommuting: in.IncludeCommuting, WithoutCoverage: !in.Coverage},
		Closing: in.Closing,
	}
	if in.Area != "" {
		areas, findings := readAreas([]string{in.Area})
		if len(findings) > 0 {
			return req, problemParameters.new(findings...)
		}
		req.Area = areas[0]
	}
	for _, dimension := range in.By {
		req.By = append(req.By, indicator.Dimension(dimension))
	}
	return req, nil
}

// defaultSpan fills in the years that were not asked for: the last closed one, and so many up
// to it.
func (s *Server) defaultSpan(ctx context.Context, req *indicator.SeriesRequest, years int) *Problem {
	if req.To == 0 {
		last, problem := s.lastYear(ctx, req.View)
		if problem != nil {
			return problem
		}
		req.To = max(last, req.From)
	}
	if req.From == 0 {
		req.From = max(req.To-years+1, indicator.FirstYear)
	}
	return nil
}
