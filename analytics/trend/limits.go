package trend

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"atvsld/analytics/indicator"
)

// Levels are the confidence levels of the inner and the outer pair of limits.
type Levels struct {
	Warning, Action float64
}

// DefaultLevels are 95 % and 99.8 %, which a normal count leaves by about two and three
// standard deviations. Source: D. J. Spiegelhalter, "Funnel plots for comparing institutional
// performance", Statistics in Medicine 24 (2005) 1185-1202. Three standard deviations exactly,
// as on a chart of Shewhart's, are 99.73 %.
func DefaultLevels() Levels { return Levels{Warning: 0.95, Action: 0.998} }

const sourceLimits = "S. E. Seaton, B. N. Manktelow, BMC Medical Research Methodology 12 (2012) 98 (limits of a count are probability limits, not a confidence interval); levels: D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202"

func (l Levels) rules() []Rule {
	return []Rule{
		{"beyond_warning", indicator.Text{
			VI: "Ngoài giới hạn cảnh báo: nếu tỷ lệ không đổi, xác suất gặp số biến cố như vậy hoặc xa hơn ở cùng một phía nhỏ hơn một nửa phần còn lại của mức tin cậy.",
			EN: "Beyond a warning limit: at an unchanged rate, a count as far out on this side has a probability below half of what the level leaves.",
		}, "level", l.Warning, sourceLimits, "V"},
		{ruleAction, indicator.Text{
			VI: "Ngoài giới hạn hành động: như trên, với mức tin cậy cao hơn.",
			EN: "Beyond an action limit: as above, at the higher level.",
		}, "level", l.Action, sourceLimits, "V"},
	}
}

// Limits are exact probability limits around an expected count, in the unit of the value.
type Limits struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	ActionLower  float64 `json:"action_lower" doc:"0: no count is improbably low"`
	WarningLower float64 `json:"warning_lower" doc:"0: no count is improbably low"`
	WarningUpper float64 `json:"warning_upper"`
	ActionUpper  float64 `json:"action_upper"`
}

// limits are those of a count with this mean, times scale.
func (l Levels) limits(mean, scale float64) *Limits {
	return &Limits{
		ActionLower: lowerLimit(mean, l.actionTail()) * scale, WarningLower: lowerLimit(mean, l.warningTail()) * scale,
		WarningUpper: upperLimit(mean, l.warningTail()) * scale, ActionUpper: upperLimit(mean, l.actionTail()) * scale,
	}
}

func (l Levels) warningTail() float64 { return (1 - l.Warning) / 2 }
func (l Levels) actionTail() float64  { return (1 - l.Action) / 2 }

// Position says where a count lies among its limits.
type Position string

// The positions.
const (
	Inside       Position = "inside"
	AboveWarning Position = "above_warning"
	AboveAction  Position = "above_action"
	BelowWarning Position = "below_warning"
	BelowAction  Position = "below_action"
)

// position judges a count by its exact probability; a count lies beyond a limit of [Limits]
// if and only if it is judged so here.
func (l Levels) position(events int64, mean float64) Position {
	above, below := atLeast(float64(events), mean), atMost(float64(events), mean)
	switch {
	case above < l.actionTail():
		return AboveAction
	case below < l.actionTail():
		return BelowAction
	case above < l.warningTail():
		return AboveWarning
	case below < l.warningTail():
		return BelowWarning
	}
	return Inside
}

// Judgement is what limits say of a figure.
type Judgement struct {
	Expected     *float64          `json:"expected" doc:"Events expected at the rate that it is compared with"`
	Limits       *Limits           `json:"limits"`
	LimitsReason *indicator.Reason `json:"limits_reason" doc:"Why there are no limits"`
	Position     Position          `json:"position,omitempty" enum:"inside,above_warning,above_action,below_warning,below_action" doc:"By the exact probability of the count; none without limits"`
	PValue       *float64          `json:"p_value" doc:"Probability of a count as far out, on both sides: twice the smaller tail"`
}

// judge compares counts with a rate, in the unit of the factor.
func (l Levels) judge(c counts, factor int64, with counts) Judgement {
	mean := with.value(c.exposure)
	p := poissonP(c.events, mean)
	return Judgement{
		Expected: &mean, Limits: l.limits(mean, counts{factor, c.exposure}.value(1)),
		Position: l.position(c.events, mean), PValue: &p,
	}
}

// atLeast is P(X >= k) of a Poisson count X, continued to real k >= 0 by the incomplete gamma
// function: P(X >= k) = P(k, mean).
func atLeast(k, mean float64) float64 {
	switch {
	case k <= 0:
		return 1
	case mean <= 0:
		return 0
	}
	return mathext.GammaIncReg(k, mean)
}

// atMost is P(X <= k), continued in the same way: P(X <= k) = Q(k+1, mean).
func atMost(k, mean float64) float64 {
	if mean <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(k+1, mean)
}

// poissonP is the two-sided exact p-value of a count: twice the smaller tail.
func poissonP(events int64, mean float64) float64 {
	return min(1, 2*min(atLeast(float64(events), mean), atMost(float64(events), mean)))
}

// upperLimit is the k >= mean with P(X >= k) = tail: exactly the counts above it are less
// probable than that. It is the count whose lower limit after Garwood (Biometrika 28 (1936)
// 437-442) is the mean, and not Garwood's upper limit of the mean taken for a count, which
// answers another question and lies too far out (source: see sourceLimits).
func upperLimit(mean, tail float64) float64 {
	if mean <= 0 {
		return 0
	}
	beyond := func(k float64) bool { return atLeast(k, mean) < tail }
	low, step := mean, math.Sqrt(mean)+1
	for !beyond(low + step) {
		low, step = low+step, 2*step
	}
	return bisect(low, low+step, beyond)
}

// lowerLimit is the k <= mean with P(X <= k) = tail, whose upper limit after Garwood is the
// mean; 0 where even no event at all is not improbable.
func lowerLimit(mean, tail float64) float64 {
	if atMost(0, mean) >= tail {
		return 0
	}
	return bisect(0, mean, func(k float64) bool { return atMost(k, mean) >= tail })
}

// bisect finds where a condition turns from false at low to true at high, to six digits: limits
// are drawn, and counts are judged by their probability.
func bisect(low, high float64, turned func(float64) bool) float64 {
	for high-low > 1e-6*max(1, high) {
		if middle := low + (high-low)/2; turned(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return low + (high-low)/2
}

// Dispersion compares how counts scatter around their expectation with how Poisson counts do.
type Dispersion struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Ratio         float64 `json:"ratio" doc:"Sum of (count - expected)^2 / expected, divided by its degrees of freedom: about 1 for Poisson counts"`
	Degrees       int     `json:"degrees_of_freedom"`
	PValue        float64 `json:"p_value" doc:"Probability of such a scatter or a larger one"`
	Overdispersed bool    `json:"overdispersed" doc:"The counts scatter more than chance does: more of them lie outside the limits than the levels say"`
}

// overdispersion is the probability below which a scatter is called larger than chance.
const overdispersion = 0.05

var dispersionRule = Rule{"overdispersed", indicator.Text{
	VI: "Các số đếm phân tán hơn mức ngẫu nhiên (kiểm định chi bình phương): giới hạn quá hẹp, cần tìm nguyên nhân chung trước khi xem từng điểm.",
	EN: "The counts scatter more than chance does (chi-squared test): the limits are too narrow, and a common cause should be looked for before single points.",
}, "p_value", overdispersion, "R. A. Fisher, H. G. Thornton, W. A. Mackenzie, Annals of Applied Biology 9 (1922) 325-359; the level is a choice", "CONVENTION"}

// dispersionOf tests counts against the rate they have together; nil for fewer than two, or no
// event at all.
func dispersionOf(all []counts, together counts) *Dispersion {
	if len(all) < 2 || together.events == 0 {
		return nil
	}
	var sum float64
	for _, c := range all {
		mean := together.value(c.exposure)
		sum += (float64(c.events) - mean) * (float64(c.events) - mean) / mean
	}
	degrees := len(all) - 1
	d := &Dispersion{Ratio: sum / float64(degrees), Degrees: degrees, PValue: mathext.GammaIncRegComp(float64(degrees)/2, sum/2)}
	d.Overdispersed = d.PValue < overdispersion
	return d
}
