package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// readArea reads "34:01", and "VN" or "nation" as the nation. A bare code is refused: seven codes
// name different provinces in the two lists. Whether the province exists the engine says.
func readArea(text string) (seeds.ProvinceRef, bool) {
	if text == nationCode || text == nationLevel {
		return seeds.ProvinceRef{}, true
	}
	list, code, ok := strings.Cut(text, ":")
	return seeds.ProvinceRef{List: seeds.ProvinceList(list), Code: code}, ok && list != "" && code != ""
}

// readAreas reads a list of areas and finds every one that is written wrong.
func readAreas(texts []string) ([]seeds.ProvinceRef, []report.Finding) {
	var areas []seeds.ProvinceRef
	var findings []report.Finding
	for _, text := range texts {
		area, ok := readArea(text)
		if !ok {
			f := ruleArea.parameter("area")
			f.Value = valueText(text)
			findings = append(findings, f)
			continue
		}
		areas = append(areas, area)
	}
	return areas, findings
}

// wellFormed refuses a query of which the standard library would silently drop a
// part: whoever mistypes the year must not get another year's figures.
func (s *Server) wellFormed(c *gin.Context) {
	if _, err := url.ParseQuery(c.Request.URL.RawQuery); err != nil {
		s.refuse(c, problemParameters.new(ruleParameter.finding("?", "không đúng cú pháp", "?", "malformed query")))
	}
}

// nationCode names the nation where areas are named.
const nationCode = "VN"

// nationLevel is the level of the nation in answers; it may be asked for by that, too.
const nationLevel = "nation"

// viewOf reads the asked view. Live figures are for entitled users only, who see them
// unless they ask for closed ones.
func (s *Server) viewOf(ctx context.Context, asked string) (indicator.View, *Problem) {
	entitled := callOf(ctx).by.May(access.ReadLive)
	switch {
	case asked == string(indicator.Live) && !entitled:
		return "", problemForbidden.new(ruleLiveView.parameter("view"))
	case asked == string(indicator.Closed) || !entitled:
		return indicator.Closed, nil
	}
	callOf(ctx).uses(access.ReadLive)
	return indicator.Live, nil
}

// closedYears returns the closed years, the latest first.
func (s *Server) closedYears(ctx context.Context) ([]int, error) {
	if s.Store == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	closings, err := s.Store.ClosedPeriods(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the closed years: %w", err)
	}
	var years []int
	for _, c := range closings {
		if period := report.Period(c.Period); period.Valid() && !period.HalfYear() {
			years = append(years, period.Year())
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	return slices.Compact(years), nil
}

// lastYear is the year that is shown unless another is asked for: the last closed one,
// or for entitled users, when none is closed, the running one.
func (s *Server) lastYear(ctx context.Context, view indicator.View) (int, *Problem) {
	years, err := s.closedYears(ctx)
	if err != nil {
		return 0, s.storeProblem(ctx, err)
	}
	if len(years) > 0 {
		return years[0], nil
	}
	if view == indicator.Live {
		return s.Clock().In(seeds.Local()).Year(), nil
	}
	return 0, problemNotFound.new(ruleNothingYet.finding())
}

// engineProblem tells the caller's faults from the platform's.
func (s *Server) engineProblem(ctx context.Context, err error) *Problem {
	if errors.Is(err, indicator.ErrNotFound) {
		return problemNotFound.new(ruleNoData.finding())
	}
	if request, ok := errors.AsType[*indicator.RequestError](err); ok {
		p := problemParameters.new()
		for _, fault := range request.Problems {
			name := parameterOf(fault.Field)
			p.Errors = append(p.Errors, ruleParameter.parameter(name, name, fault.Text.VI, name, fault.Text.EN))
		}
		return p
	}
	return s.storeProblem(ctx, err)
}

// parameterOf names the parameter that fills a member of a request.
func parameterOf(field string) string {
	switch field {
	case "areas":
		return "area"
	case "targets":
		return "target"
	case "plans":
		return "plan"
	case "definitions":
		return "definition"
	}
	return field
}

// storeProblem tells what the store denies to the caller from what it cannot do.
func (s *Server) storeProblem(ctx context.Context, err error) *Problem {
	if outside, ok := errors.AsType[*access.DeniedError](err); ok {
		return denied(outside.Action)
	}
	if errors.Is(err, access.ErrNoCaller) {
		s.Log.Error("a question that nobody asks", "error", err, "request_id", callOf(ctx).id)
		return problemFailed.new(ruleFault.finding())
	}
	level := slog.LevelError
	if errors.Is(ctx.Err(), context.Canceled) {
		level = slog.LevelInfo // the caller has gone: browsers do so with every view that is left
	}
	s.Log.Log(ctx, level, "asking the store", "error", err, "request_id", callOf(ctx).id)
	return problemUnavailable.new(ruleStore.finding())
}
