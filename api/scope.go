package api

import (
	"cmp"
	"context"
	"slices"
	"time"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/seeds"
)

// The store limits every question to the caller's scope; nothing here does. Here answers are
// given the shape that fits an area: whoever sees one is shown neither a sum that looks like
// the nation's nor provinces that look as if nothing had happened there.

// areaOf is the caller's area with an action; false where his reach is no area.
func (s *Server) areaOf(ctx context.Context, a access.Action) (access.Reach, bool) {
	reach, err := callOf(ctx).by.Reach(a, s.Seeds)
	return reach, err == nil && reach.Extent == access.Area
}

// seriesView chooses what an officer of an area is shown: live figures of his own provinces,
// closed ones of all others, and of the others nothing when he asks for live ones by province.
func (s *Server) seriesView(ctx context.Context, asked string, req *indicator.SeriesRequest) (keep func(*indicator.Series), problem *Problem) {
	keep = func(*indicator.Series) {}
	if req.View, problem = s.viewOf(ctx, asked); problem != nil {
		return keep, problem
	}
	area, limited := s.areaOf(ctx, access.ReadLive)
	switch {
	case req.View != indicator.Live || !limited || area.HasPlace(req.Area):
		return keep, nil
	case asked == "":
		req.View = indicator.Closed
		return keep, nil
	case req.Area == (seeds.ProvinceRef{}) && slices.Contains(req.By, indicator.ByProvince):
		return func(out *indicator.Series) {
			out.Values = slices.DeleteFunc(out.Values, func(v indicator.Value) bool { return !area.HasPlace(refOf(v.Area)) })
		}, nil
	}
	return keep, denied(access.ReadLive)
}

func refOf(a indicator.Area) seeds.ProvinceRef { return seeds.ProvinceRef{List: a.List, Code: a.Code} }

// ways counts how often the figures of the nation's years are cut. A half-year, the accidents
// on the way to work and another list of provinces are ways too: what is shown with and without
// one of them differs by what was cut off.
func ways(req *indicator.SeriesRequest) int {
	n := len(req.By)
	for _, cut := range []bool{
		req.Area != (seeds.ProvinceRef{}), req.Period != "" && req.Period != indicator.Year,
		req.Geography != "" && req.Geography != indicator.Geography34, req.Options.IncludeCommuting,
	} {
		if cut {
			n++
		}
	}
	return n
}

// mayAsk keeps the public from figures so fine that they point at one accident and
// so at the people in it. Whoever sees single reports of the area may ask anything, and
// made-up data point at nobody. The second half of periodic reports is as fine as two cuts:
// held against the year and its first half it tells of who filed once, who may be one.
func (s *Server) mayAsk(ctx context.Context, req indicator.SeriesRequest) bool {
	def, known := s.Indicators.Catalogue().Indicator(req.Indicator)
	fine := ways(&req) > 1 || known && def.Subtracts(req.Period)
	if !fine || s.Demonstration {
		return true
	}
	area, limited := s.areaOf(ctx, access.ReadLive)
	if limited {
		return req.View == indicator.Live || area.HasPlace(req.Area)
	}
	return callOf(ctx).by.May(access.ReadLive)
}

// assessArea is assess for an officer of an area: live in his own provinces and, unless he
// asked for live figures, as closed in all others.
func (s *Server) assessArea(ctx context.Context, req indicator.AttainmentRequest, asOf time.Time, area access.Reach, liveOnly bool) (*indicator.Attainment, *Problem) {
	foreign := func(ref seeds.ProvinceRef) bool { return !area.HasPlace(ref) }
	if liveOnly && slices.ContainsFunc(req.Areas, foreign) {
		return nil, denied(access.ReadLive)
	}
	own := req
	own.Areas = slices.DeleteFunc(slices.Clone(req.Areas), foreign)
	var live *indicator.Attainment
	if len(req.Areas) == 0 || len(own.Areas) > 0 {
		var problem *Problem
		if live, problem = s.assess(ctx, own, asOf); problem != nil {
			return nil, problem
		}
		// Without areas the engine tells of all; of the others it knows nothing.
		live.Items = slices.DeleteFunc(live.Items, func(i indicator.Item) bool { return foreign(refOf(i.Area)) })
	}
	if liveOnly {
		return live, nil
	}
	req.View = indicator.Closed
	closed, problem := s.assess(ctx, req, time.Time{})
	if problem != nil || live == nil {
		return closed, problem
	}
	live.Items = besides(live.Items, closed.Items)
	return live, nil
}

// besides puts live items in the place of the closed ones of the same area.
func besides(live, closed []indicator.Item) []indicator.Item {
	byArea := map[indicator.Area][]indicator.Item{}
	for _, i := range live {
		byArea[i.Area] = append(byArea[i.Area], i)
	}
	var all []indicator.Item
	shown := map[indicator.Area]bool{}
	for _, i := range closed {
		items, own := byArea[i.Area]
		switch {
		case !own:
			all = append(all, i)
		case !shown[i.Area]:
			all, shown[i.Area] = append(all, items...), true
		}
	}
	// As reported, a province may have its first figures since the closing.
	for _, i := range live {
		if !shown[i.Area] {
			all = append(all, i)
		}
	}
	if len(shown) < len(byArea) {
		slices.SortStableFunc(all, func(a, b indicator.Item) int {
			return cmp.Or(rankOf(a.Area)-rankOf(b.Area), cmp.Compare(a.Area.List, b.Area.List), cmp.Compare(a.Area.Code, b.Area.Code))
		})
	}
	return all
}

func rankOf(a indicator.Area) int {
	return slices.Index([]string{indicator.LevelNation, indicator.LevelProvince, indicator.LevelUnknown}, a.Level)
}
