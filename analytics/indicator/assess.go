package indicator

import (
	"math/big"
	"slices"

	"atvsld/seeds"
)

// defaultPlan is the plan whose targets are assessed unless others are asked for.
const defaultPlan = "D31"

// assessment is one definition of one target with its figures.
type assessment struct {
	target    seeds.Target
	threshold *Threshold // none of a milestone
	province  place      // whose plan it is; the nation's where it is zero
	method    Method
	kind      PathKind // none of a level or a milestone
	base      int      // first year of the course
	sums
}

// assessments are the asked targets under each of their definitions, and a change on each
// of its paths.
func (e *Engine) assessments(req AttainmentRequest) []assessment {
	var out []assessment
	for _, t := range e.seeds.Targets() {
		if !req.asksFor(t) {
			continue
		}
		for _, m := range e.catalogue.MethodsFor(t) {
			if len(req.Definitions) > 0 && !slices.Contains(req.Definitions, m.ID) {
				continue
			}
			for n, kind := range req.paths(t.Rule) {
				m.Headline = m.Headline && n == 0
				out = append(out, e.assessment(req, t, m, kind))
			}
		}
	}
	return out
}

func (r AttainmentRequest) asksFor(t seeds.Target) bool {
	if len(r.Targets)+len(r.Plans) == 0 {
		return t.Plan == defaultPlan
	}
	return slices.Contains(r.Targets, t.ID) || slices.Contains(r.Plans, t.Plan)
}

// paths are the readings of a rule, the headline first. "On average" may be the arithmetic
// or the geometric mean; from the year before, every path is the same.
func (r AttainmentRequest) paths(rule seeds.Rule) []PathKind {
	switch {
	case rule == seeds.RuleAverageYearlyChange:
		return []PathKind{PathMean, PathCompounded}
	case rule != seeds.RuleYearlyChange:
		return []PathKind{""}
	case r.Base < r.Year-1:
		return []PathKind{PathYearly, PathCompounded}
	}
	return []PathKind{PathYearly}
}

func (e *Engine) assessment(req AttainmentRequest, t seeds.Target, m Method, kind PathKind) assessment {
	plan, _ := e.seeds.Plan(t.Plan)
	a := assessment{target: t, threshold: thresholdOf(t), province: plan.Province, method: m, kind: kind, base: req.Year - 1}
	from, to := t.Span()
	switch {
	case t.Rule == seeds.RuleYearlyChange:
		a.base = req.Base
	case t.Rule == seeds.RuleAverageYearlyChange && from <= req.Year && req.Year <= to:
		a.base = from - 1
	}
	if m.missing != "" {
		return a
	}
	def, _ := e.catalogue.Indicator(m.Indicator)
	options := req.Options
	options.IncludeCommuting = options.IncludeCommuting && def.commutes()
	a.counter = SeriesRequest{Period: Year, Denominator: m.Denominator, Options: options}.counter(&def)
	return a
}

// measured are the assessments that have figures.
func measured(all []assessment) (measures []string, from int, ok bool) {
	for _, a := range all {
		if a.method.missing != "" {
			continue
		}
		measures = append(measures, a.measures()...)
		measures = append(measures, a.coverageMeasures()...)
		if !ok || a.base < from {
			from, ok = a.base, true
		}
	}
	return distinct(measures), from, ok
}

// covers reports whether the target is for a year. What is asked of each year may be looked
// at in years before the target was set, which the answer says.
func (a assessment) covers(year int) bool {
	from, to := a.target.Span()
	switch {
	case !a.target.ValidTo.IsZero() && year > a.target.ValidTo.Year():
		return false
	case a.target.Rule == seeds.RuleAverageYearlyChange:
		return year >= from && year <= to
	}
	return true
}

// due reports whether the target must be met in a year already.
func (a assessment) due(year int) bool {
	_, to := a.target.Span()
	return year >= to
}

// seat is where a target is assessed when the answer comes to a place; not ok where it is
// not. A plan of a province stands for the same territory only: on the other list where the
// province went there unchanged, else it is named beside the unit that it became a part of,
// or was made of, with the reason why it is not assessed there.
func (e *Engine) seat(a assessment, p place, g Geography) (at place, why *Reason, ok bool) {
	switch home := a.province; {
	case home == nation:
		return p, nil, p == nation || a.target.AppliesTo(seeds.LevelProvince)
	case g == Reported || home.List == listOf(g):
		return p, nil, p == home
	case g == Geography34:
		successor, _ := e.seeds.To34(home)
		beside := p == place{List: seeds.List34, Code: successor}
		if len(e.seeds.Former(successor)) == 1 {
			return p, nil, beside
		}
		return home, because(ReasonFormerProvince), beside
	default:
		former := e.seeds.Former(home.Code)
		if len(former) == 1 {
			return p, nil, p == former[0].Ref()
		}
		return home, because(ReasonLaterProvince), p == former[0].Ref()
	}
}

// course are the figures of the years from the base on, the assessed year last.
func (a assessment) course(req AttainmentRequest, set CellSet, p place) []YearFigure {
	out := make([]YearFigure, 0, req.Year-a.base+1)
	for year := a.base; year <= req.Year; year++ {
		asOf, status, open := set.stamp(req.View, year, a.measures(), "")
		figure := a.figure(figureKey{year: year, place: p}, open)
		out = append(out, YearFigure{Year: year, Figure: figure, AsOf: asOf, Status: status})
	}
	return out
}

// blank are the two years of a target without figures.
func (a assessment) blank(req AttainmentRequest, set CellSet, why *Reason) []YearFigure {
	var out []YearFigure
	for _, year := range []int{a.base, req.Year} {
		asOf, status, _ := set.stamp(req.View, year, nil, "")
		out = append(out, YearFigure{Year: year, Figure: Figure{NumeratorReason: why, DenominatorReason: why, ValueReason: why}, AsOf: asOf, Status: status})
	}
	return out
}

// ratios are the exact values of a course, nil where one is not known.
func ratios(course []YearFigure) []*big.Rat {
	out := make([]*big.Rat, len(course))
	for i, f := range course {
		if x, ok := f.exact(); ok {
			out[i] = x.rat()
		}
	}
	return out
}
