package api

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// ClosingList are the closings of periods.
type ClosingList struct {
	Closings      []PeriodClosing `json:"closings" doc:"By period, of each the latest first"`
	Demonstration bool            `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// PeriodClosing is one act of closing.
type PeriodClosing struct {
	Period    string           `json:"period" doc:"2025: the year, both of its halves and its events; 2025H1: the first half alone"`
	AsOf      time.Time        `json:"as_of" doc:"Moment that the frozen figures stand for"`
	ClosedAt  time.Time        `json:"closed_at" doc:"When it was done"`
	Note      string           `json:"note"`
	ClosedBy  string           `json:"closed_by,omitempty" doc:"Who closed it: told to whoever sees live figures"`
	Latest    bool             `json:"latest" doc:"Whether its figures are the closed ones. Those of an earlier closing are for whoever sees live figures (parameter closing): the difference of two may be a single report"`
	Status    indicator.Status `json:"status" enum:"provisional,final" doc:"provisional when it was closed before the provinces' summaries were due"`
	FinalFrom time.Time        `json:"final_from" doc:"When they were due: 15 July, and 25 January of the next year (Decree 39/2016/ND-CP Art. 24(4))"`
	Changes   string           `json:"received_after,omitempty" doc:"Reports on the year whose newest revision came after the closing; for whoever sees reports, within his scope"`
}

func (s *Server) routeClosings() {
	huma.Register(s.api, operation("list-closings", access.ReadPublic, http.MethodGet, "/v1/closings",
		"Các lần chốt số liệu / Closings of periods",
		"Mỗi lần chốt là một việc có người làm và thời điểm; chốt lại không xóa lần chốt trước. Công chúng luôn xem lần chốt mới nhất. / "+
			"Closing is an act with a name and a time; closing again removes no earlier one. The public always sees the latest.",
		tagFigures, http.StatusNotImplemented, http.StatusServiceUnavailable), s.listClosings)
}

type closingsOutput struct{ Body ClosingList }

func (s *Server) listClosings(ctx context.Context, _ *struct{}) (*closingsOutput, error) {
	if s.Store == nil {
		return nil, problemNotHere.new(ruleNotHere.finding())
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	all, err := s.Store.Closings(ctx)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	list := ClosingList{Closings: make([]PeriodClosing, len(all)), Demonstration: s.Demonstration}
	for i, c := range all {
		list.Closings[i] = s.closing(ctx, c)
		list.Closings[i].Latest = !slices.ContainsFunc(all, func(other store.Closing) bool { return replaces(other, c) })
	}
	return &closingsOutput{Body: list}, nil
}

// replaces tells whether the figures of a closing are read in the place of another's: it is a
// later one of the same period, or of the whole year.
func replaces(later, c store.Closing) bool {
	covers := later.Period == c.Period || report.Period(c.Period).HalfYear() && strings.HasPrefix(c.Period, later.Period)
	return covers && cmp.Or(later.AsOf.Compare(c.AsOf), later.ClosedAt.Compare(c.ClosedAt)) > 0
}

func (s *Server) closing(ctx context.Context, c store.Closing) PeriodClosing {
	period := report.Period(c.Period)
	due := s.Seeds.SummariesDue(seeds.PeriodYear, period.Year())
	if period.HalfYear() {
		due = s.Seeds.SummariesDue(seeds.PeriodHalf, period.Year())
	}
	out := PeriodClosing{Period: c.Period, AsOf: c.AsOf, ClosedAt: c.ClosedAt, Note: c.Note, Status: indicator.Provisional, FinalFrom: due}
	if !c.AsOf.Before(due) {
		out.Status = indicator.Final
	}
	by := callOf(ctx).by
	if by.May(access.ReadLive) {
		out.ClosedBy = c.ClosedBy
	}
	if by.May(access.ReadReports) {
		query := url.Values{"year": {strconv.Itoa(period.Year())}, "received_from": {c.AsOf.UTC().Format(time.RFC3339)}}
		out.Changes = reportsPath + "?" + query.Encode()
	}
	return out
}

// mayAskEarlier keeps earlier closings from whoever does not see live figures of all that is
// asked: two closings differ by what came between them, and that may be one report of one
// enterprise.
func (s *Server) mayAskEarlier(ctx context.Context, closing time.Time, areas []seeds.ProvinceRef) *Problem {
	if closing.IsZero() {
		return nil
	}
	refused := problemForbidden.new(ruleEarlier.parameter("closing"))
	if !callOf(ctx).by.May(access.ReadLive) {
		return refused
	}
	if area, limited := s.areaOf(ctx, access.ReadLive); limited {
		foreign := func(ref seeds.ProvinceRef) bool { return !area.HasPlace(ref) }
		if len(areas) == 0 || slices.ContainsFunc(areas, foreign) {
			return refused
		}
	}
	callOf(ctx).uses(access.ReadLive)
	return nil
}

// viewAsked is the view that a question names; a closing is asked for its closed figures.
func viewAsked(view string, closing time.Time) string {
	if view == "" && !closing.IsZero() {
		return string(indicator.Closed)
	}
	return view
}
