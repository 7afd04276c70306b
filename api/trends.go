package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/analytics/trend"
	"atvsld/seeds"
)

// What inspectors ask of a series. Each of these asks for the series that the same parameters
// give under /series, by the same rules, and shows nothing that is not in it.

func (s *Server) routeTrends() {
	chart := operation("get-chart", access.ReadPublic, http.MethodGet, "/v1/indicators/{id}/chart",
		"Biểu đồ kiểm soát của một chỉ tiêu / Control charts of an indicator",
		"Biểu đồ u cho tỷ lệ, c cho số đếm: đường trung tâm từ kỳ gốc, giới hạn xác suất chính xác (Poisson) 95 % và 99,8 %, điểm nằm ngoài và các dãy bất thường. Tham số và quyền xem như của /series. / "+
			"A u-chart of a rate, a c-chart of a count: a centre line from a baseline, exact probability limits (Poisson) at 95 % and 99.8 %, points outside and unusual runs. Parameters and rights are those of /series.",
		tagFigures, figureProblems()...)
	chart.Responses = withSheet(figureSheets)
	huma.Register(s.api, chart, s.chart)

	funnel := operation("get-funnel", access.ReadPublic, http.MethodGet, "/v1/indicators/{id}/funnel",
		"So sánh các tỉnh theo quy mô lao động / Funnel of provinces: rate against workers",
		"Tỷ lệ của từng tỉnh so với tỷ lệ chung, với giới hạn chính xác theo số lao động của tỉnh. Chỉ tiêu không có mẫu số của tỉnh thì không đánh giá được, kèm lý do. Người có phạm vi một số tỉnh chỉ hỏi được số liệu đã chốt. / "+
			"The rate of each province against that of all, with exact limits at the province's number of workers. An indicator without a provincial denominator is not assessable, and says why. Whoever has an area as scope is told closed figures only.",
		tagFigures, figureProblems()...)
	funnel.Responses = withSheet(figureSheets)
	huma.Register(s.api, funnel, s.provinceFunnel)

	movers := operation("get-movers", access.ReadPublic, http.MethodGet, "/v1/indicators/{id}/movers",
		"Thay đổi lớn nhất giữa hai năm / Largest changes between two years",
		"Tỉnh, ngành thay đổi nhiều nhất, xếp theo xác suất chính xác của thay đổi, kèm phần trăm; không bao giờ chỉ theo phần trăm. Mặc định chia theo tỉnh, trong một tỉnh thì theo ngành. Tham số và quyền xem như của /series. / "+
			"Provinces or sections that changed most, ranked by the exact probability of the change with the percentage beside it, never by percent alone. By default by province, within a province by section. Parameters and rights are those of /series.",
		tagFigures, figureProblems()...)
	movers.Responses = withSheet(figureSheets)
	huma.Register(s.api, movers, s.movers)
}

type chartInput struct {
	SeriesQuery
	BaselineFrom int     `query:"baseline_from" minimum:"1990" maximum:"2100" doc:"First year of the centre line; by default that of the chart"`
	BaselineTo   int     `query:"baseline_to" minimum:"1990" maximum:"2100" doc:"Last year of the centre line; by default the one before the last of the chart. Unless one of the two is given, closed years only"`
	Run          int     `query:"run" minimum:"5" maximum:"15" default:"8" doc:"Points in a row on one side of the centre line that are a signal"`
	Trend        int     `query:"trend" minimum:"4" maximum:"15" default:"6" doc:"Points in a row, each higher or each lower than the one before, that are a signal"`
	Action       float64 `query:"action_level" enum:"99.8,99.73" default:"99.8" doc:"Level of the action limits in percent; 99.73 are the three standard deviations of Shewhart's charts"`
}

type chartOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        trend.ChartSet
}

func (s *Server) chart(ctx context.Context, in *chartInput) (*chartOutput, error) {
	q, problem := s.seriesQuestion(ctx, &in.SeriesQuery, defaultYears)
	if problem != nil {
		return nil, problem
	}
	baseline, problem := s.baseline(ctx, in, q)
	if problem != nil {
		return nil, problem
	}
	series, problem := s.askSeries(ctx, q)
	if problem != nil {
		return nil, problem
	}
	rules := trend.DefaultChartRules()
	rules.Run, rules.Trend, rules.Action = in.Run, in.Trend, in.Action/100
	set := trend.Charts(series, baseline, rules)
	links := s.linksOf(ctx, q, series)
	set.Investigations = links.investigations()
	for i := range set.Charts {
		for j := range set.Charts[i].Points {
			p := &set.Charts[i].Points[j]
			p.Records = links.of(&p.Value)
		}
	}
	return &chartOutput{ContentType: sheetOr(ctx), Body: *set}, nil
}

// baseline returns the years of the centre line: those that were asked for, or the closed ones
// before the last year of the chart.
func (s *Server) baseline(ctx context.Context, in *chartInput, q seriesQuestion) (years []int, problem *Problem) {
	if in.BaselineFrom == 0 && in.BaselineTo == 0 {
		closed, err := s.closedYears(ctx)
		if err != nil {
			return nil, s.storeProblem(ctx, err)
		}
		return slices.DeleteFunc(closed, func(year int) bool { return year < q.From || year >= q.To }), nil
	}
	from, to := cmp.Or(in.BaselineFrom, q.From), cmp.Or(in.BaselineTo, q.To-1)
	if from < q.From || to > q.To || from > to {
		return nil, problemParameters.new(ruleParameter.parameter("baseline_from",
			"baseline_from", "kỳ gốc phải nằm trong các năm của biểu đồ", "baseline_from", "the baseline must lie within the years of the chart"))
	}
	for year := from; year <= to; year++ {
		years = append(years, year)
	}
	return years, nil
}

type provinceFunnelInput struct {
	ID               string  `path:"id" maxLength:"20" doc:"Identifier of the indicator, as in A3"`
	From             int     `query:"from" minimum:"1990" maximum:"2100" doc:"First year; by default the last alone. Several years are added up, which helps where numbers are small"`
	To               int     `query:"to" minimum:"1990" maximum:"2100" doc:"Last year; by default the last closed one"`
	Period           string  `query:"period" enum:"Y,H1,H2" default:"Y" doc:"Year or half-year; they are never summed"`
	Geography        string  `query:"geography" enum:"34,63,reported" default:"34" doc:"List of provinces: in force since 1 July 2025, before it, or each record as it was filed"`
	View             string  `query:"view" enum:"live,closed" doc:"closed: figures frozen when the year was closed; live: for those who may see the live figures of every province, and then the default"`
	Denominator      string  `query:"denominator" maxLength:"40" doc:"Denominator, by default the indicator's first"`
	Factor           int64   `query:"factor" minimum:"1" doc:"Multiplier of a rate, by default the indicator's first"`
	IncludeCommuting bool    `query:"include_commuting" doc:"Add accidents on the way to and from work"`
	Action           float64 `query:"action_level" enum:"99.8,99.73" default:"99.8" doc:"Level of the action limits in percent; 99.73 are the three standard deviations of Shewhart's charts"`
}

type provinceFunnelOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        trend.Funnel
}

func (s *Server) provinceFunnel(ctx context.Context, in *provinceFunnelInput) (*provinceFunnelOutput, error) {
	// A province is compared with all: who sees some live cannot be told that.
	if _, limited := s.areaOf(ctx, access.ReadLive); limited && in.View == string(indicator.Live) {
		return nil, denied(access.ReadLive)
	}
	q, problem := s.seriesQuestion(ctx, &SeriesQuery{
		ID: in.ID, From: cmp.Or(in.From, in.To), To: in.To, Period: in.Period, Geography: in.Geography, By: []string{string(indicator.ByProvince)},
		View: in.View, Denominator: in.Denominator, Factor: in.Factor, IncludeCommuting: in.IncludeCommuting,
	}, 1)
	if problem != nil {
		return nil, problem
	}
	series, problem := s.askSeries(ctx, q)
	if problem != nil {
		return nil, problem
	}
	levels := trend.DefaultLevels()
	levels.Action = in.Action / 100
	funnel := trend.NewFunnel(series, levels)
	links := s.linksOf(ctx, q, series)
	funnel.Investigations = links.investigations()
	for i := range funnel.Points {
		if p := &funnel.Points[i]; funnel.From == funnel.To {
			p.Records = links.of(&indicator.Value{Period: funnel.To, Area: p.Area})
		}
	}
	return &provinceFunnelOutput{ContentType: sheetOr(ctx), Body: *funnel}, nil
}

type moversInput struct {
	SeriesQuery
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many of the ranked changes are told"`
}

type moversOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        trend.Movers
}

func (s *Server) movers(ctx context.Context, in *moversInput) (*moversOutput, error) {
	if len(in.By) == 0 {
		in.By = []string{string(indicator.ByProvince)}
		if area, ok := readArea(in.Area); ok && area != (seeds.ProvinceRef{}) {
			in.By = []string{string(indicator.ByVSIC)}
		}
	}
	q, problem := s.seriesQuestion(ctx, &in.SeriesQuery, 2)
	if problem != nil {
		return nil, problem
	}
	if q.From == q.To {
		return nil, problemParameters.new(ruleParameter.parameter("from", "from", "phải trước to", "from", "must be before to"))
	}
	series, problem := s.askSeries(ctx, q)
	if problem != nil {
		return nil, problem
	}
	movers := trend.RankMovers(series, trend.DefaultMoverRules())
	movers.Movers = movers.Movers[:min(len(movers.Movers), in.Limit)]
	links := s.linksOf(ctx, q, series)
	movers.Investigations = links.investigations()
	for _, list := range [][]trend.Mover{movers.Movers, movers.Unranked} {
		for i := range list {
			list[i].PreviousRecords, list[i].CurrentRecords = links.of(&list[i].Previous), links.of(&list[i].Current)
		}
	}
	return &moversOutput{ContentType: sheetOr(ctx), Body: *movers}, nil
}
