package indicator

import "math/big"

// Verdict is the outcome of comparing a year with the one before under one definition.
type Verdict string

// The verdicts. Hidden is reserved for values withheld for privacy.
const (
	Met           Verdict = "met"
	NotMet        Verdict = "not_met"
	NotAssessable Verdict = "not_assessable"
	Hidden        Verdict = "hidden"
)

// Threshold is the exact ratio of a year to the one before that a target asks for:
// 96/100 at most, or 105/100 at least.
type Threshold struct {
	Num  int64 `json:"num" doc:"Numerator of the exact ratio to the previous year"`
	Den  int64 `json:"den" doc:"Denominator of the exact ratio to the previous year"`
	Text Text  `json:"text"`

	rising bool // the figure must grow, not fall
	strict bool // equality does not meet the target
}

func (t Threshold) rat() *big.Rat { return big.NewRat(t.Num, t.Den) }

// exact is a figure as it is compared: events per exposure. The exposure of a count is 1.
type exact struct {
	events, exposure int64
}

func (e exact) rat() *big.Rat { return big.NewRat(e.events, e.exposure) }

// judge compares two years without rounding anything:
//
//	falling target met: current/Ec <= threshold · previous/Ep
//	rising target met:  current/Ec >= threshold · previous/Ep
//
// with < and > where the target says that equality does not meet it.
//
// Zero: a falling target held at zero is met and one that rose from zero is not. For a
// rising target a previous 0 is not assessable, for 0 → n and for 0 → 0 alike: n >= 1.05·0
// holds for every n, even for none at all, so that the arithmetic would call "nobody
// examined, again" a success; growth from zero has no percentage to hold against 5 %.
func judge(t Threshold, current, previous exact) (Verdict, *Reason) {
	if previous.events == 0 {
		return judgeFromZero(t, current)
	}
	limit := new(big.Rat).Mul(t.rat(), previous.rat())
	sign := current.rat().Cmp(limit)
	if !t.rising {
		sign = -sign
	}
	if sign > 0 || sign == 0 && !t.strict {
		return Met, nil
	}
	return NotMet, nil
}

func judgeFromZero(t Threshold, current exact) (Verdict, *Reason) {
	switch {
	case t.rising:
		return NotAssessable, because(ReasonBaseZero)
	case current.events == 0:
		return Met, because(ReasonHeldAtZero)
	default:
		return NotMet, because(ReasonRiseFromZero)
	}
}

// limit returns the whole number of events that just meets the target with the current
// exposure: floor(threshold · previous · Ec/Ep) for a falling target, ceil for a rising
// one, and the next whole number where equality is not enough. ok is false when it does
// not fit 64 bits.
func limit(t Threshold, previous exact, exposureCurrent int64) (n int64, ok bool) {
	r := new(big.Rat).Mul(t.rat(), previous.rat())
	r.Mul(r, new(big.Rat).SetInt64(exposureCurrent))
	q, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	whole := rest.Sign() == 0
	switch {
	case t.rising && (!whole || t.strict):
		q.Add(q, big.NewInt(1))
	case !t.rising && whole && t.strict:
		q.Sub(q, big.NewInt(1))
	}
	return q.Int64(), q.IsInt64()
}

// changePct is the change from the previous to the current figure in percent, computed
// exactly and rounded once, to the nearest float64. It is nil when the base is 0.
func changePct(current, previous exact) *float64 {
	if previous.events == 0 {
		return nil
	}
	r := new(big.Rat).Quo(current.rat(), previous.rat())
	r.Sub(r, big.NewRat(1, 1))
	pct, _ := r.Mul(r, big.NewRat(100, 1)).Float64()
	return &pct
}

// rate is events · factor / exposure, computed exactly and rounded once.
func rate(e exact, factor int64) float64 {
	r := e.rat()
	v, _ := r.Mul(r, new(big.Rat).SetInt64(factor)).Float64()
	return v
}
