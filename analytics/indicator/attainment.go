package indicator

import (
	"context"
	"slices"
	"strconv"
	"time"

	"atvsld/seeds"
)

// Attainment is the answer to an AttainmentRequest: areas in the order asked or of their
// list, in each the targets, in each its definitions, the headline first as filed.
type Attainment struct {
	Year          int    `json:"year"`
	View          View   `json:"view" enum:"live,closed" doc:"live: of provinces outside the caller's area the figures are those of the closing"`
	Geography     string `json:"geography" doc:"List of provinces and its validity"`
	Commuting     bool   `json:"include_commuting" doc:"Whether accidents on the way to and from work are in the figures"`
	Demonstration bool   `json:"demonstration" doc:"Whether these are demonstration data. Set by the caller, who knows the store"`
	Items         []Item `json:"items" nullable:"false"`
}

// TargetRef names a target.
type TargetRef struct {
	ID   string `json:"id" doc:"Identifier of the target, as in D31-1"`
	Plan string `json:"plan" doc:"Document that sets it"`
	Name Text   `json:"name"`
}

// YearFigure is the figure of one of the two years compared.
type YearFigure struct {
	Year int `json:"year"`
	Figure
	AsOf   *time.Time `json:"as_of" doc:"Moment the figure stands for; null when the year is not closed"`
	Status Status     `json:"status" enum:"provisional,final"`
}

// Limit is the whole number that just meets the target with this year's denominator.
type Limit struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Count int64  `json:"count"`
	Bound string `json:"bound" enum:"at_most,at_least"`
	Text  Text   `json:"text"`
}

// Item is one verdict: a target, in an area, under one definition.
type Item struct {
	Target          TargetRef  `json:"target"`
	Area            Area       `json:"area"`
	Year            int        `json:"year"`
	Definition      Method     `json:"definition"`
	Factor          int64      `json:"factor" doc:"Multiplier of the values"`
	Unit            Text       `json:"unit"`
	Current         YearFigure `json:"current"`
	Previous        YearFigure `json:"previous"`
	BaseSource      Provenance `json:"base_source,omitempty" enum:"reports,base_figures" doc:"What the previous figure was made from: reports, or imported base figures where no report of that year exists; empty when there is none"`
	ChangePct       *float64   `json:"change_pct" doc:"Change to the previous year in percent; null when there is no base or it is 0"`
	Threshold       Threshold  `json:"threshold"`
	Limit           *Limit     `json:"limit" doc:"The whole number needed to meet the target; null when it cannot be said"`
	Verdict         Verdict    `json:"verdict" enum:"met,not_met,not_assessable,hidden"`
	Reason          *Reason    `json:"reason" doc:"Why there is no verdict, or what is particular about it"`
	WithinNoise     *bool      `json:"within_noise" doc:"Whether the interval of the ratio contains 1; null when no interval applies"`
	Ratio           *Interval  `json:"ratio_interval" doc:"95 % confidence interval of this year's figure over the previous one"`
	RatioReason     *Reason    `json:"ratio_interval_reason" doc:"Why there is no interval"`
	CoverageChanged *bool      `json:"coverage_changed" doc:"Whether coverage moved so much that the years compare badly; null while it is not known"`
	Coverage        Coverage   `json:"coverage"`
	Provisional     bool       `json:"provisional" doc:"Whether one of the two years may still move"`
	Retrospective   bool       `json:"retrospective" doc:"Whether the year ended before the target was set"`
}

// Attainment compares a year with the one before under every asked definition. It returns a
// *RequestError with every fault of the request.
func (e *Engine) Attainment(ctx context.Context, req AttainmentRequest) (*Attainment, error) {
	req.setDefaults()
	if err := req.check(e.catalogue, e.seeds); err != nil {
		return nil, err
	}
	assessments := e.assessments(req)
	set, err := e.read(ctx, CellQuery{
		Measures: measuresOf(assessments), From: req.Year - 1, To: req.Year, Period: Year,
		Geography: req.Geography, By: []Dimension{ByProvince, ByEmployment}, View: req.View,
	})
	if err != nil {
		return nil, err
	}
	base := e.bases(req.Geography, set.Base)
	for i := range assessments {
		assessments[i].sums = assessments[i].sum(set.Cells, base)
	}
	out := &Attainment{
		Year: req.Year, View: req.View, Geography: e.geographyVersion(req.Geography),
		Commuting: req.Options.IncludeCommuting, Items: []Item{},
	}
	for _, p := range e.assessed(req, set) {
		for _, a := range assessments {
			if p == nation || a.target.AppliesTo(seeds.LevelProvince) {
				out.Items = append(out.Items, e.item(req, set, a, p))
			}
		}
	}
	return out, nil
}

// assessment is one definition of one target with its figures.
type assessment struct {
	target seeds.Target
	method Method
	sums
}

func (e *Engine) assessments(req AttainmentRequest) []assessment {
	var out []assessment
	for _, m := range e.catalogue.methods {
		if len(req.Targets) > 0 && !slices.Contains(req.Targets, m.Target) ||
			len(req.Definitions) > 0 && !slices.Contains(req.Definitions, m.ID) {
			continue
		}
		target, _ := e.seeds.Target(m.Target)
		def, _ := e.catalogue.Indicator(m.Indicator)
		options := req.Options
		options.IncludeCommuting = options.IncludeCommuting && def.commutes()
		c := SeriesRequest{Period: Year, Denominator: m.Denominator, Options: options}.counter(&def)
		out = append(out, assessment{target: target, method: m, sums: sums{counter: c}})
	}
	return out
}

func measuresOf(assessments []assessment) []string {
	var names []string
	for _, a := range assessments {
		names = append(names, a.measures()...)
	}
	return distinct(names)
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

func (e *Engine) item(req AttainmentRequest, set CellSet, a assessment, p place) Item {
	factor, _ := a.def.factor(0)
	item := Item{
		Target: TargetRef{a.target.ID, a.target.Plan, Text{a.target.NameVI, a.target.NameEN}},
		Area:   e.area(p, req.Geography), Year: req.Year, Definition: a.method, Factor: factor.Value, Unit: factor.Unit,
		Current: a.yearFigure(req, set, req.Year, p), Previous: a.yearFigure(req, set, req.Year-1, p),
		Threshold: thresholdOf(a.target), Coverage: noCoverage(),
		Retrospective: req.Year < a.target.ValidFrom.Year(),
	}
	item.BaseSource = item.Previous.Source
	item.Provisional = item.Current.Status != Final || item.Previous.Status != Final
	if e.unplaced(req, a, p) {
		item.refuse(a.def, because(ReasonFormerUnitUnknown))
		return item
	}
	item.compare(a.def)
	return item
}

func (a assessment) yearFigure(req AttainmentRequest, set CellSet, year int, p place) YearFigure {
	asOf, status, open := set.stamp(req.View, year, a.measures())
	return YearFigure{Year: year, Figure: a.figure(figureKey{year: year, place: p}, open), AsOf: asOf, Status: status}
}

// unplaced reports whether some records of the two years may belong to this province and
// stand in the row of unknown former units instead, so that its figures are lower bounds. A
// former province that became a whole new one has every record.
func (e *Engine) unplaced(req AttainmentRequest, a assessment, p place) bool {
	if p == unknown {
		return true
	}
	if req.Geography != Geography63 || p == nation {
		return false
	}
	if successor, ok := e.seeds.To34(p); ok && len(e.seeds.Former(successor)) == 1 {
		return false
	}
	for _, year := range []int{req.Year - 1, req.Year} {
		if k := (figureKey{year: year, place: unknown}); a.numerator[k] > 0 || a.workers[k] > 0 {
			return true
		}
	}
	return false
}

// compare fills in everything that follows from the two figures.
func (i *Item) compare(def *Definition) {
	current, okCurrent := i.Current.exact()
	previous, okPrevious := i.Previous.exact()
	if !okCurrent || !okPrevious {
		i.refuse(def, i.missing(def))
		return
	}
	i.Verdict, i.Reason = judge(i.Threshold, current, previous)
	i.ChangePct = changePct(current, previous)
	if i.Verdict != NotAssessable {
		i.Limit = limitOf(i.Threshold, previous, current.exposure)
	}
	if def.Interval == IntervalNone {
		i.RatioReason = because(ReasonAdministrative)
		return
	}
	i.Ratio = ratioInterval(current.events, previous.events, current.exposure, previous.exposure)
	noise := i.Ratio.containsOne()
	i.WithinNoise = &noise
}

// refuse leaves the two figures to stand beside each other without a comparison.
func (i *Item) refuse(def *Definition, why *Reason) {
	i.Verdict, i.Reason, i.RatioReason = NotAssessable, why, why
	if def.Interval == IntervalNone {
		i.RatioReason = because(ReasonAdministrative)
	}
}

// missing names why a comparison lacks a figure: a year without reports before a missing
// denominator, the base before the assessed year.
func (i *Item) missing(def *Definition) *Reason {
	years := []struct {
		figure YearFigure
		code   string
	}{{i.Previous, ReasonNoBaseYear}, {i.Current, ReasonNoCurrentYear}}
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

func thresholdOf(t seeds.Target) Threshold {
	out := Threshold{Num: t.Threshold.Num, Den: t.Threshold.Den, rising: t.Direction == seeds.Up, strict: t.Strict}
	ratio := strconv.FormatInt(out.Num, 10) + "/" + strconv.FormatInt(out.Den, 10)
	switch {
	case out.rising && out.strict:
		out.Text = Text{"trên " + ratio + " năm trước", "more than " + ratio + " of the previous year"}
	case out.rising:
		out.Text = Text{"ít nhất " + ratio + " năm trước", "at least " + ratio + " of the previous year"}
	case out.strict:
		out.Text = Text{"dưới " + ratio + " năm trước", "less than " + ratio + " of the previous year"}
	default:
		out.Text = Text{"nhiều nhất " + ratio + " năm trước", "at most " + ratio + " of the previous year"}
	}
	return out
}

func limitOf(t Threshold, previous exact, exposureCurrent int64) *Limit {
	n, ok := limit(t, previous, exposureCurrent)
	if !ok {
		return nil
	}
	text := strconv.FormatInt(n, 10)
	if t.rising {
		return &Limit{Count: n, Bound: "at_least", Text: Text{"ít nhất " + text, "at least " + text}}
	}
	return &Limit{Count: n, Bound: "at_most", Text: Text{"nhiều nhất " + text, "at most " + text}}
}
