package indicator

import (
	"cmp"
	"slices"
)

// Rank is the place of a province among those of its list, in one period and split. It is no
// finding by itself: where the interval of the value contains the national value, chance alone
// may have put the province there.
type Rank struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Rank           *int    `json:"rank" doc:"1 is the best value by the direction of the indicator; equal values share a rank, and as many ranks are then skipped (competition ranking)"`
	Of             int     `json:"of" doc:"Provinces that have a rank"`
	Reason         *Reason `json:"rank_reason" doc:"Why it has no rank"`
	OverlapsNation *bool   `json:"overlaps_nation" doc:"Whether the 95 % interval of the value contains the national value: then the rank is no finding"`
	OverlapsReason *Reason `json:"overlaps_nation_reason" doc:"Why that is not said"`
}

// rank ranks the provinces of each year and split by their exact values; keys are those of
// values.
func (e *Engine) rank(req SeriesRequest, s sums, set CellSet, values []Value, keys []figureKey) {
	groups := map[figureKey][]int{} // by year and split; the nation's key
	for i, k := range keys {
		k.place = nation
		groups[k] = append(groups[k], i)
		values[i].Rank = &Rank{Reason: e.unranked(req, s, values[i].Figure, keys[i])}
	}
	for k, group := range groups {
		_, _, open := set.stamp(req.View, k.year, s.measures(), s.cut())
		rankGroup(s.def, values, group, s.figure(k, open))
	}
}

// unranked says why a value has no rank: nil when it has one.
func (e *Engine) unranked(req SeriesRequest, s sums, f Figure, k figureKey) *Reason {
	if e.unplaced(req.Geography, s, k.place, func(year int) bool { return year == k.year }) {
		return because(ReasonFormerUnitUnknown)
	}
	return f.ValueReason
}

func rankGroup(def *Definition, values []Value, group []int, national Figure) {
	ranked := slices.DeleteFunc(slices.Clone(group), func(i int) bool { return values[i].Rank.Reason != nil })
	better := func(a, b int) int {
		x, _ := values[a].exact()
		y, _ := values[b].exact()
		if def.Direction == HigherIsBetter {
			x, y = y, x
		}
		return x.rat().Cmp(y.rat())
	}
	slices.SortStableFunc(ranked, better)
	for at, i := range ranked {
		place := at + 1
		if at > 0 && better(ranked[at-1], i) == 0 {
			place = *values[ranked[at-1]].Rank.Rank
		}
		values[i].Rank.Rank = &place
	}
	for _, i := range group {
		values[i].Rank.Of = len(ranked)
		values[i].Rank.overlap(def, values[i], national)
	}
}

// overlap says whether the value's interval contains the national value. A province's count
// is a part of the national one, not to be compared with it.
func (r *Rank) overlap(def *Definition, v Value, national Figure) {
	switch {
	case !def.isRate():
		r.OverlapsReason = because(ReasonCount)
	case v.Interval == nil:
		r.OverlapsReason = cmp.Or(r.Reason, v.IntervalReason)
	case national.Value == nil:
		r.OverlapsReason = because(ReasonNationNull)
	default:
		overlaps := v.Interval.Lower <= *national.Value && *national.Value <= *v.Interval.Upper
		r.OverlapsNation = &overlaps
	}
}
