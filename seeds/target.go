package seeds

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Direction says which way a target wants its indicator to go.
type Direction string

// Directions of a target.
const (
	Down Direction = "down"
	Up   Direction = "up"
)

// Rule says how a target is assessed.
type Rule string

const (
	// RuleYearlyChange compares year t with t-1: met if x(t) <= Threshold * x(t-1)
	// for Down, x(t) >= Threshold * x(t-1) for Up.
	RuleYearlyChange Rule = "yearly_change"
	// RuleAverageYearlyChange is the same, averaged over Period; the sources do
	// not say how to average, so that both readings are assessed: the arithmetic mean
	// of the yearly ratios, and Threshold to the power of the years since the base.
	RuleAverageYearlyChange Rule = "average_yearly_change"
	// RuleLevel compares numerator / denominator with Threshold: >= , or > if Strict.
	RuleLevel Rule = "level"
	// RuleMilestone is done or not done; it has no threshold.
	RuleMilestone Rule = "milestone"
)

// Ratio is an exact rational number; the zero Ratio is none.
type Ratio struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// IsZero reports no ratio.
func (r Ratio) IsZero() bool { return r == Ratio{} }

// String returns the ratio as in "96/100", not reduced.
func (r Ratio) String() string { return fmt.Sprintf("%d/%d", r.Num, r.Den) }

// Levels of administration that a target is set for.
const (
	LevelNational = "national"
	LevelProvince = "province"
)

// Plan is a document that sets targets.
type Plan struct {
	ID string `json:"id"` // "D31", "N19", "P659"
	// Province whose plan it is, in the list of its day; none for a national plan.
	Province  ProvinceRef `json:"province,omitzero" doc:"Province whose plan it is; absent for a national one"`
	NameVI    string      `json:"name_vi"`
	NameEN    string      `json:"name_en"`
	Issued    Date        `json:"issued"`
	ValidFrom Date        `json:"valid_from"`
	ValidTo   Date        `json:"valid_to,omitzero"`
	Source    string      `json:"source"`
	Status    Status      `json:"status"`
	Notes     string      `json:"notes,omitempty"`
}

// Target is one numeric objective (or milestone) of a plan.
type Target struct {
	ID        string `json:"id"` // as in "D31-1"
	Plan      string `json:"plan"`
	NameVI    string `json:"name_vi"`
	NameEN    string `json:"name_en"`
	Indicator string `json:"indicator,omitempty"` // what is measured; the same word in several plans is the same measure
	// Definitions are those that a provincial plan's words ask for, the headline first;
	// national targets are named by their definitions instead.
	Definitions []string  `json:"definition_ids,omitempty"`
	Numerator   string    `json:"numerator,omitempty"`   // English, as far as the text says
	Denominator string    `json:"denominator,omitempty"` // English, as far as the text says
	Direction   Direction `json:"direction"`
	Rule        Rule      `json:"rule"`
	Threshold   Ratio     `json:"threshold,omitzero"` // as in 96/100; see Rule
	Strict      bool      `json:"strict"`             // equality does not meet the target ("over 80 %")
	Level       string    `json:"level"`              // "national", "national+province" or "province"
	Period      string    `json:"period"`             // each "year", "2021-2025" or "by 2025"
	Baseline    string    `json:"baseline"`           // "previous_year" or "none"
	ValidFrom   Date      `json:"valid_from"`         // first day the target covers
	ValidTo     Date      `json:"valid_to,omitzero"`  // last day it covers
	Source      string    `json:"source"`
	Status      Status    `json:"status"`
	Notes       string    `json:"notes,omitempty"`
}

// AppliesTo reports whether the target is set for a level.
func (t Target) AppliesTo(level string) bool {
	return slices.Contains(strings.Split(t.Level, "+"), level)
}

// ValidOn reports whether the target covers the given local day.
func (t Target) ValidOn(day Date) bool { return within(day, t.ValidFrom, t.ValidTo) }

// InForceIn reports whether the target covers any day of the year.
func (t Target) InForceIn(year int) bool {
	return year >= t.ValidFrom.Year() && (t.ValidTo.IsZero() || year <= t.ValidTo.Year())
}

// Span returns the years of the period: the same one twice for "by 2025", none for each
// "year" by itself.
func (t Target) Span() (from, to int) {
	from, to, _ = span(t.Period)
	return from, to
}

// span reads a period: "year", "by 2025", "2021-2025".
func span(period string) (from, to int, ok bool) {
	if period == "year" {
		return 0, 0, true
	}
	first, last, isSpan := strings.Cut(period, "-")
	if by, isBy := strings.CutPrefix(period, "by "); isBy {
		first, last = by, by
	} else if !isSpan {
		return 0, 0, false
	}
	from, okFrom := fourDigits(first)
	to, okTo := fourDigits(last)
	return from, to, okFrom && okTo && (isSpan && from < to || !isSpan)
}

// fourDigits reads a year that figures may be asked for.
func fourDigits(s string) (year int, ok bool) {
	year, err := strconv.Atoi(s)
	return year, err == nil && len(s) == 4 && year >= 1990 && year <= 2100
}

// fits reports whether a rule can be assessed over a period: an average over up to thirty
// years, a level or a milestone at a time, a yearly change each year.
func (r Rule) fits(period string) bool {
	from, to, ok := span(period)
	switch r {
	case RuleAverageYearlyChange:
		return ok && from < to && to-from < 30
	case RuleYearlyChange:
		return ok && from == 0
	}
	return ok && from == to
}

const (
	planColumns   = "plan name_vi name_en issued valid_from valid_to source status note"
	targetColumns = "id plan name_vi name_en indicator numerator denominator direction rule threshold_num threshold_den strict level period baseline valid_from valid_to source status note"
)

func (l *loader) plans() []Plan {
	return readTable(l, "plans.csv", planColumns, func(r *row) (string, Plan) {
		from, to := r.validity()
		p := Plan{
			ID: r.text("plan"), NameVI: r.text("name_vi"), NameEN: r.text("name_en"), Issued: r.optionalDate("issued"),
			ValidFrom: from, ValidTo: to, Source: r.text("source"), Status: r.status(), Notes: r.optional("note"),
		}
		return p.ID, p
	})
}

func (l *loader) targets() []Target {
	return readTable(l, "targets.csv", targetColumns, func(r *row) (string, Target) {
		from, to := r.validity()
		t := Target{
			ID: r.text("id"), Plan: r.text("plan"), NameVI: r.text("name_vi"), NameEN: r.text("name_en"),
			Indicator: r.text("indicator"), Numerator: r.optional("numerator"), Denominator: r.optional("denominator"),
			Direction: Direction(r.oneOf("direction", string(Down), string(Up))),
			Rule: Rule(r.oneOf("rule", string(RuleYearlyChange), string(RuleAverageYearlyChange),
				string(RuleLevel), string(RuleMilestone))),
			Strict: r.yes("strict"), Level: r.oneOf("level", LevelNational, LevelNational+"+"+LevelProvince),
			Period:   r.text("period"),
			Baseline: r.oneOf("baseline", "previous_year", "none"), ValidFrom: from, ValidTo: to,
			Source: r.text("source"), Status: r.status(), Notes: r.optional("note"),
		}
		t.Threshold = r.threshold(t)
		if !t.Rule.fits(t.Period) {
			r.fail("period: %q is none of a %s", t.Period, t.Rule)
		}
		return t.ID, t
	})
}

func (r *row) threshold(t Target) Ratio {
	if t.Rule == RuleMilestone {
		r.oneOf("threshold_num", "")
		r.oneOf("threshold_den", "")
		return Ratio{}
	}
	ratio := Ratio{Num: r.integer("threshold_num"), Den: r.integer("threshold_den")}
	if ratio.Num <= 0 || ratio.Den <= 0 {
		r.fail("threshold %s is not positive", ratio)
	}
	if t.against(ratio) {
		r.fail("threshold %s goes against direction %s", ratio, t.Direction)
	}
	return ratio
}

// against reports whether a change by the ratio goes the other way than the target.
func (t Target) against(ratio Ratio) bool {
	change := t.Rule == RuleYearlyChange || t.Rule == RuleAverageYearlyChange
	return change && (ratio.Num < ratio.Den) != (t.Direction == Down)
}

// Plans returns the plans that set targets, the national ones first.
func (d *Data) Plans() []Plan { return slices.Clone(d.plans) }

// Plan returns a plan by id.
func (d *Data) Plan(id string) (Plan, bool) {
	i := slices.IndexFunc(d.plans, func(p Plan) bool { return p.ID == id })
	if i < 0 {
		return Plan{}, false
	}
	return d.plans[i], true
}

// Targets returns every target, plan by plan, those of national plans first.
func (d *Data) Targets() []Target { return slices.Clone(d.targets) }

// Target returns a target by id.
func (d *Data) Target(id string) (Target, bool) {
	i := slices.IndexFunc(d.targets, func(t Target) bool { return t.ID == id })
	if i < 0 {
		return Target{}, false
	}
	return d.targets[i], true
}

// TargetsOf returns the targets of one plan in order.
func (d *Data) TargetsOf(plan string) []Target {
	var targets []Target
	for _, t := range d.targets {
		if t.Plan == plan {
			targets = append(targets, t)
		}
	}
	return targets
}
