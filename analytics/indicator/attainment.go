package indicator

import (
	"context"
	"math/big"
	"slices"
	"strconv"
	"time"

	"atvsld/seeds"
)

// Attainment is the answer to an AttainmentRequest: areas in the order asked or of their
// list, in each the targets, in each its definitions, the headline first as filed.
type Attainment struct {
	Year          int    `json:"year"`
	Base          int    `json:"base" doc:"Year that paths of yearly changes start from; that of an average is the year before its period"`
	View          View   `json:"view" enum:"live,closed" doc:"live: of provinces outside the caller's area the figures are those of the closing"`
	Geography     string `json:"geography" doc:"List of provinces and its validity"`
	Commuting     bool   `json:"include_commuting" doc:"Whether accidents on the way to and from work are in the figures"`
	Demonstration bool   `json:"demonstration" doc:"Whether these are demonstration data. Set by the caller, who knows the store"`
	// CoveragePoints is the parameter of coverage_changed.
	CoveragePoints int64  `json:"coverage_points" doc:"Coverage has changed when it moved by more than so many percentage points; a convention of this platform"`
	Items          []Item `json:"items" nullable:"false"`
}

// TargetRef names a target.
type TargetRef struct {
	ID   string `json:"id" doc:"Identifier of the target, as in D31-1"`
	Plan string `json:"plan" doc:"Document that sets it"`
	Name Text   `json:"name"`
	// Province is given in the list of its day, which need not be that of the answer.
	Province *seeds.ProvinceRef `json:"province,omitempty" doc:"Province whose plan it is; absent for a national target"`
}

// YearFigure is the figure of one of the years compared.
type YearFigure struct {
	Year int `json:"year"`
	Figure
	AsOf   *time.Time `json:"as_of" doc:"Moment the figure stands for; null when the year is not closed"`
	Status Status     `json:"status" enum:"provisional,final"`
}

// Limit is the whole number that just meets the target with this year's denominator, now or
// when it is due.
type Limit struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Count int64  `json:"count"`
	Bound string `json:"bound" enum:"at_most,at_least"`
	Text  Text   `json:"text"`
}

// Item is one verdict: a target, in an area, under one definition and on one path.
type Item struct {
	Target      TargetRef  `json:"target"`
	Area        Area       `json:"area"`
	Year        int        `json:"year"`
	Rule        seeds.Rule `json:"rule" enum:"yearly_change,average_yearly_change,level,milestone" doc:"What the target asks of its figure"`
	Definition  Method     `json:"definition"`
	Factor      int64      `json:"factor" doc:"Multiplier of the values"`
	Unit        Text       `json:"unit"`
	Current     YearFigure `json:"current"`
	Previous    YearFigure `json:"previous" doc:"The year compared with: the year before, or the base year of a path that is not yearly"`
	BaseSource  Provenance `json:"base_source,omitempty" enum:"reports,base_figures" doc:"What the previous figure was made from: reports, or imported base figures where no report of that year exists; empty when there is none"`
	ChangePct   *float64   `json:"change_pct" doc:"Change from the previous figure to the current one in percent; null when there is no base or it is 0"`
	Threshold   *Threshold `json:"threshold" doc:"null for a milestone"`
	Path        *Path      `json:"path" doc:"What the target asks of each year; null for a level and a milestone"`
	Distance    *float64   `json:"distance" doc:"Level: the value less the threshold, in the unit of the values; null for other rules and where there is no value"`
	Limit       *Limit     `json:"limit" doc:"The whole number needed to meet the target; null when it cannot be said"`
	Verdict     Verdict    `json:"verdict" enum:"met,not_met,not_assessable,hidden"`
	Reason      *Reason    `json:"reason" doc:"Why there is no verdict, or what is particular about it"`
	WithinNoise *bool      `json:"within_noise" doc:"Whether the interval of the ratio contains 1; null when no interval applies"`
	Ratio       *Interval  `json:"ratio_interval" doc:"95 % confidence interval of the current figure over the previous one"`
	RatioReason *Reason    `json:"ratio_interval_reason" doc:"Why there is no interval"`
	CoverageComparison
	Provisional   bool `json:"provisional" doc:"Whether one of the years compared may still move"`
	Retrospective bool `json:"retrospective" doc:"Whether the year ended before the target was set"`
}

// Attainment holds a year against the asked targets under every definition of each. It
// returns a *RequestError with every fault of the request.
func (e *Engine) Attainment(ctx context.Context, req AttainmentRequest) (*Attainment, error) {
	req.setDefaults()
	if err := req.check(e.catalogue, e.seeds); err != nil {
		return nil, err
	}
	assessments := e.assessments(req)
	set := CellSet{}
	measures, from, ok := measured(assessments)
	if ok {
		var err error
		set, err = e.read(ctx, CellQuery{
			Measures: measures, From: from, To: req.Year, Period: Year,
			Geography: req.Geography, By: []Dimension{ByProvince, ByEmployment}, View: req.View, Closing: req.Closing,
		})
		if err != nil {
			return nil, err
		}
	} else {
		from = req.Base // there are milestones only
	}
	base := e.bases(req.Geography, set)
	for i, a := range assessments {
		if a.method.missing == "" {
			assessments[i].sums = a.sum(e.seeds, set.Cells, set.Cells, base)
		}
	}
	reporters := e.reporting(counter{period: Year}, set, set.Cells, req.View, from, req.Year)
	out := &Attainment{
		Year: req.Year, Base: req.Base, View: req.View, Geography: e.geographyVersion(req.Geography),
		Commuting: req.Options.IncludeCommuting, CoveragePoints: req.CoveragePoints, Items: []Item{},
	}
	for _, p := range e.assessed(req, set) {
		for _, a := range assessments {
			if at, why, ok := e.seat(a, p, req.Geography); ok {
				item := e.item(req, set, a, at, why)
				item.compareCoverage(reporters, a, at, req.CoveragePoints)
				out.Items = append(out.Items, item)
			}
		}
	}
	return out, nil
}

func (e *Engine) assessed(req AttainmentRequest, set CellSet) []place {
	if len(req.Areas) == 0 {
		return append([]place{nation}, e.places(req.Geography, set)...)
	}
	var out []place
	for _, ref := range req.Areas {
		if !slices.Contains(out, ref) {
			out = append(out, ref)
		}
	}
	return out
}

// item assesses a target in a place, unless why says that it is not assessed there.
func (e *Engine) item(req AttainmentRequest, set CellSet, a assessment, p place, why *Reason) Item {
	item := Item{
		Target: TargetRef{ID: a.target.ID, Plan: a.target.Plan, Name: Text{a.target.NameVI, a.target.NameEN}},
		Area:   e.area(p, req.Geography), Year: req.Year, Rule: a.target.Rule, Definition: a.method, Factor: 1,
		Threshold:     a.threshold,
		Retrospective: req.Year < a.target.ValidFrom.Year(),
	}
	if a.province != nation {
		item.Target.Province = &a.province
	}
	if a.kind != "" {
		item.Path = &Path{Kind: a.kind, BaseYear: a.base, Steps: []Step{}}
	}
	switch {
	case why != nil || a.method.missing == "":
	case a.covers(req.Year):
		why = because(a.method.missing)
	default:
		why = because(ReasonNotInForce)
	}
	if why != nil {
		item.compared(a, a.blank(req, set, why))
		item.refuse(a.def, why)
		return item
	}
	factor, _ := a.def.factor(0)
	item.Factor, item.Unit = factor.Value, factor.Unit
	course := a.course(req, set, p)
	item.compared(a, course)
	switch {
	case !a.covers(req.Year):
		item.refuse(a.def, because(ReasonNotInForce))
	case e.unplaced(req.Geography, a.sums, p, func(year int) bool { return year >= a.base && year <= req.Year }):
		item.refuse(a.def, because(ReasonFormerUnitUnknown))
	case !oneSeries(course):
		item.refuse(a.def, because(ReasonSeriesBreak))
	default:
		item.assess(a, course)
	}
	return item
}

// compared fills in the two figures that stand beside each other.
func (i *Item) compared(a assessment, course []YearFigure) {
	last := len(course) - 1
	i.Current, i.Previous = course[last], course[0]
	used := course
	switch {
	case a.kind == PathYearly:
		i.Previous = course[last-1]
	case a.target.Rule == seeds.RuleLevel:
		used = course[last:] // the year before is only shown
	}
	i.BaseSource = i.Previous.Source
	i.Provisional = slices.ContainsFunc(used, func(f YearFigure) bool { return f.Status != Final })
}

// assess fills in everything that follows from the figures. What is not due yet has no
// verdict, but the evidence how it stands.
func (i *Item) assess(a assessment, course []YearFigure) {
	if a.kind == "" {
		i.assessLevel(a.def)
	} else {
		i.assessChange(a.def, course)
	}
	if (i.Verdict == Met || i.Verdict == NotMet) && !a.due(i.Year) {
		i.Verdict, i.Reason = NotAssessable, because(ReasonNotDueYet)
	}
}

// assessLevel holds the figure of the year against the threshold itself.
func (i *Item) assessLevel(def *Definition) {
	i.RatioReason = because(ReasonLevel)
	current, ok := i.Current.exact()
	if !ok {
		i.refuse(def, i.missing(def, yearGap{i.Current, ReasonNoCurrentYear}))
		return
	}
	value, level := current.rat(), i.Threshold.rat()
	i.Verdict = i.Threshold.verdict(value, level)
	i.Distance = scaled(new(big.Rat).Sub(value, level), i.Factor)
	i.Limit = limitOf(*i.Threshold, level, current.exposure)
	if previous, ok := i.Previous.exact(); ok {
		i.ChangePct = changePct(current, previous)
	}
}

// assessChange holds the figure of the year against its path.
func (i *Item) assessChange(def *Definition, course []YearFigure) {
	values := ratios(course)
	outcomes := trajectory{i.Path.Kind, *i.Threshold}.judgeAll(values)
	i.Path.Steps = steps(course, outcomes, i.Factor)
	if i.Path.Kind == PathMean {
		i.Path.MeanChangePct = meanChangePct(values)
	}
	current, okCurrent := i.Current.exact()
	previous, okPrevious := i.Previous.exact()
	if !okCurrent || !okPrevious {
		i.refuse(def, i.missing(def, yearGap{i.Previous, ReasonNoBaseYear}, yearGap{i.Current, ReasonNoCurrentYear}))
		return
	}
	last := outcomes[len(outcomes)-1]
	i.Verdict, i.Reason = last.verdict, last.why
	i.ChangePct = changePct(current, previous)
	if last.bound != nil {
		i.Limit = limitOf(*i.Threshold, last.bound, current.exposure)
	}
	if def.Interval != IntervalPoisson {
		i.RatioReason = because(ReasonAdministrative)
		return
	}
	i.Ratio = ratioInterval(current.events, previous.events, current.exposure, previous.exposure)
	noise := i.Ratio.containsOne()
	i.WithinNoise = &noise
}

// refuse leaves the figures to stand beside each other without a verdict. def is nil where
// no indicator measures the target.
func (i *Item) refuse(def *Definition, why *Reason) {
	i.Verdict, i.Reason, i.RatioReason = NotAssessable, why, why
	if def != nil && def.Interval != IntervalPoisson {
		i.RatioReason = because(ReasonAdministrative)
	}
}

// yearGap names a year in which nobody reported.
type yearGap struct {
	figure YearFigure
	code   string
}

// missing names why an assessment lacks a figure: a year without reports before a missing
// denominator, the base before the assessed year.
func (i *Item) missing(def *Definition, years ...yearGap) *Reason {
	for _, y := range years {
		switch r := y.figure.NumeratorReason; {
		case r == nil:
		case r.Code == ReasonNoReports:
			return because(y.code)
		default:
			return r
		}
	}
	for _, y := range years {
		if r := y.figure.DenominatorReason; def.isRate() && r != nil {
			return r
		}
	}
	return because(ReasonNoFigure)
}

// thresholdOf is nil for a milestone.
func thresholdOf(t seeds.Target) *Threshold {
	if t.Threshold.IsZero() {
		return nil
	}
	out := Threshold{Num: t.Threshold.Num, Den: t.Threshold.Den, rising: t.Direction == seeds.Up, strict: t.Strict}
	ratio := strconv.FormatInt(out.Num, 10) + "/" + strconv.FormatInt(out.Den, 10)
	switch {
	case out.rising && out.strict:
		out.Text = Text{"trên " + ratio, "more than " + ratio}
	case out.rising:
		out.Text = Text{"ít nhất " + ratio, "at least " + ratio}
	case out.strict:
		out.Text = Text{"dưới " + ratio, "less than " + ratio}
	default:
		out.Text = Text{"nhiều nhất " + ratio, "at most " + ratio}
	}
	switch t.Rule {
	case seeds.RuleYearlyChange:
		out.Text.VI, out.Text.EN = out.Text.VI+" năm trước", out.Text.EN+" of the previous year"
	case seeds.RuleAverageYearlyChange:
		out.Text.VI, out.Text.EN = out.Text.VI+" năm trước, trung bình "+t.Period, out.Text.EN+" of the previous year on average over "+t.Period
	}
	return &out
}

func limitOf(t Threshold, bound *big.Rat, exposure int64) *Limit {
	n, ok := t.limit(bound, exposure)
	if !ok {
		return nil
	}
	text := strconv.FormatInt(n, 10)
	if t.rising {
		return &Limit{Count: n, Bound: "at_least", Text: Text{"ít nhất " + text, "at least " + text}}
	}
	return &Limit{Count: n, Bound: "at_most", Text: Text{"nhiều nhất " + text, "at most " + text}}
}
