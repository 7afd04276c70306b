package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// DiseaseFunnel tells how far cases of occupational disease have come.
type DiseaseFunnel struct {
	From          int           `json:"from" doc:"First year of first report"`
	To            int           `json:"to" doc:"Last year of first report"`
	Geography     string        `json:"geography" enum:"34,63,reported"`
	By            []string      `json:"by"`
	Groups        []FunnelGroup `json:"groups" doc:"Groups without a case are left out"`
	Demonstration bool          `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// FunnelGroup is the funnel of one group; members that were not asked for are left out.
type FunnelGroup struct {
	Year    int           `json:"year,omitempty" doc:"Year of the first report"`
	List    string        `json:"list,omitempty" doc:"List of the province"`
	Code    string        `json:"code,omitempty" doc:"Province of the exposure; none where it cannot be put on the list"`
	Disease string        `json:"disease,omitempty" doc:"Number in the list of occupational diseases in force on the day of the diagnosis; none before a diagnosis. Codes: /v1/codelists/diseases"`
	Factor  string        `json:"factor,omitempty" doc:"Codes: /v1/codelists/harmful-factors"`
	Persons uint64        `json:"persons" doc:"Persons; one worker with two factors is one person and two cases"`
	Deaths  uint64        `json:"deaths" doc:"Cases that ended in death"`
	Stages  []FunnelStage `json:"stages" doc:"From exposed to benefit"`
}

// FunnelStage is one stage of a funnel.
type FunnelStage struct {
	Stage   string `json:"stage" enum:"exposed,examined,suspected,diagnosed,assessed,benefit"`
	Reached uint64 `json:"reached" doc:"Cases that reached this stage or a later one"`
	Now     uint64 `json:"now" doc:"Cases whose furthest stage this is"`
}

func (s *Server) routeFunnel() {
	op := operation("disease-case-funnel", access.ReadFigures, http.MethodGet, "/v1/disease-cases/funnel",
		"Diễn tiến các trường hợp bệnh nghề nghiệp / How far cases of occupational disease have come",
		"Một trường hợp là một người và một yếu tố có hại, dù nhiều nơi cùng báo cáo. Năm và tỉnh theo báo cáo đầu tiên, giai đoạn và bệnh theo báo cáo đi xa nhất. Cần mã truy cập; người có phạm vi một số tỉnh phải nêu area trong phạm vi hoặc by=province. / "+
			"A case is one person and one harmful factor, however many report it. Year and province are those of the first report, stage and disease those of the furthest. A token is needed; whoever has an area as scope names an area within it, or asks by=province.",
		tagFigures, healthProblems()...)
	offered(&op, func() bool { return s.Health != nil })
	huma.Register(s.api, op, s.diseaseFunnel)
}

type funnelInput struct {
	From      int      `query:"from" minimum:"1990" maximum:"2100" doc:"First year of first report; by default ten years before the last"`
	To        int      `query:"to" minimum:"1990" maximum:"2100" doc:"Last year of first report; by default the running one"`
	Area      string   `query:"area" maxLength:"20" doc:"Province as list:code, as in 34:01. Codes: /v1/codelists/provinces"`
	Geography string   `query:"geography" enum:"34,63,reported" doc:"List of provinces; by default that of area, else 34"`
	Disease   []string `query:"disease" maxItems:"50" doc:"Numbers of diseases, separated by commas"`
	Stage     string   `query:"stage" enum:"exposed,examined,suspected,diagnosed,assessed,benefit" doc:"Only cases that are at this stage now"`
	By        []string `query:"by" enum:"year,province,disease,factor" maxItems:"4" doc:"What the counts are split by, separated by commas"`
}

type funnelOutput struct{ Body DiseaseFunnel }

func (s *Server) diseaseFunnel(ctx context.Context, in *funnelInput) (*funnelOutput, error) {
	q, problem := s.funnelQuery(in)
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	found, err := s.Health.DiseaseFunnel(ctx, q)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	body := DiseaseFunnel{From: q.From, To: q.To, Geography: q.Geography.String(), By: append([]string{}, in.By...), Groups: []FunnelGroup{}, Demonstration: s.Demonstration}
	for _, f := range found {
		body.Groups = append(body.Groups, funnelGroup(f, slices.Contains(q.GroupBy, store.ByProvince)))
	}
	return &funnelOutput{Body: body}, nil
}

// funnelQuery reads the parameters and finds everything that is wrong with them.
func (s *Server) funnelQuery(in *funnelInput) (store.FunnelQuery, *Problem) {
	q := store.FunnelQuery{From: in.From, To: in.To, Diseases: in.Disease}
	if q.To == 0 {
		q.To = max(s.Clock().In(seeds.Local()).Year(), q.From)
	}
	if q.From == 0 {
		q.From = q.To - defaultYears + 1
	}
	wrong := problemParameters.new()
	if q.From > q.To {
		wrong.Errors = append(wrong.Errors, ruleParameter.parameter("from", "from", "sau to", "from", "it is after to"))
	}
	geography := in.Geography
	if in.Area != "" {
		area, ok := readArea(in.Area)
		if geography == "" {
			geography = string(area.List)
		}
		switch _, known := s.Seeds.Province(area); {
		case !ok:
			wrong.Errors = append(wrong.Errors, ruleArea.parameter("area"))
		case !known || geography != string(area.List):
			wrong.Errors = append(wrong.Errors, ruleParameter.parameter("area", "area", "không có tỉnh này trong danh mục của geography", "area", "there is no such province on the list of geography"))
		}
		q.Province = area.Code
	}
	if geography == "" {
		geography = string(seeds.List34)
	}
	if len(wrong.Errors) > 0 {
		return q, wrong
	}
	q.Geography = s.geography(geography)
	q.Stage = slices.Index(report.CaseStages(), report.CaseStage(in.Stage)) + 1
	for _, by := range in.By {
		q.GroupBy = append(q.GroupBy, store.Dim(by))
	}
	return q, nil
}

func funnelGroup(f store.Funnel, byProvince bool) FunnelGroup {
	g := FunnelGroup{Year: f.Year, Disease: f.Disease, Factor: f.Factor, Persons: f.Persons, Deaths: f.Deaths}
	if byProvince {
		g.List, g.Code = string(f.Province.List), f.Province.Code
	}
	for i, stage := range report.CaseStages() {
		g.Stages = append(g.Stages, FunnelStage{string(stage), f.Reached[i], f.Now[i]})
	}
	return g
}
