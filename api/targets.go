package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/seeds"
)

// PlanList are the plans that set targets, the national ones first.
type PlanList struct {
	Plans         []PlanDetail `json:"plans"`
	Demonstration bool         `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// PlanDetail is a plan with its targets, whether an indicator measures them or not.
type PlanDetail struct {
	Plan    seeds.Plan     `json:"plan"`
	Targets []TargetDetail `json:"targets"`
}

// TargetDetail is a target with the definitions that it is assessed under.
type TargetDetail struct {
	Target      seeds.Target       `json:"target"`
	Definitions []indicator.Method `json:"definitions" doc:"The headline among them; the one named none where no indicator measures the target"`
}

func (s *Server) routeTargets() {
	huma.Register(s.api, operation("list-targets", access.ReadPublic, http.MethodGet, "/v1/targets",
		"Kế hoạch và mục tiêu / Plans and targets",
		"Mọi mục tiêu của trung ương và của các tỉnh: hiệu lực, quy tắc, ngưỡng, nguồn, cách tính. / Every target of the nation and of provinces: validity, rule, threshold, source, definitions.",
		tagFigures, http.StatusUnprocessableEntity, http.StatusNotImplemented), s.listTargets)
}

type targetsInput struct {
	Year     int    `query:"year" minimum:"1990" maximum:"2100" doc:"Only targets that are in force in this year"`
	Province string `query:"province" maxLength:"20" doc:"Only plans of this province, as list:code of the day of the plan; VN for national ones. By default all"`
}

type targetsOutput struct{ Body PlanList }

func (s *Server) listTargets(_ context.Context, in *targetsInput) (*targetsOutput, error) {
	if s.Indicators == nil {
		return nil, problemNotHere.new(ruleNotHere.finding())
	}
	province, ok := readArea(in.Province)
	if in.Province != "" && !ok {
		return nil, problemParameters.new(ruleArea.parameter("province"))
	}
	list := PlanList{Plans: []PlanDetail{}, Demonstration: s.Demonstration}
	for _, plan := range s.Seeds.Plans() {
		if in.Province != "" && plan.Province != province {
			continue
		}
		if targets := s.targetsOf(plan.ID, in.Year); len(targets) > 0 {
			list.Plans = append(list.Plans, PlanDetail{plan, targets})
		}
	}
	return &targetsOutput{Body: list}, nil
}

// targetsOf are those of a plan that are in force on a day of the year, any of year 0.
func (s *Server) targetsOf(plan string, year int) []TargetDetail {
	var targets []TargetDetail
	for _, t := range s.Seeds.TargetsOf(plan) {
		if year == 0 || t.InForceIn(year) {
			targets = append(targets, TargetDetail{t, s.Indicators.Catalogue().MethodsFor(t)})
		}
	}
	return targets
}
