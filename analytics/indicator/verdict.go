package indicator

import "math/big"

// Verdict is the outcome of holding a year's figure against a target under one definition.
type Verdict string

// The verdicts. Hidden is reserved for values withheld for privacy.
const (
	Met           Verdict = "met"
	NotMet        Verdict = "not_met"
	NotAssessable Verdict = "not_assessable"
	Hidden        Verdict = "hidden"
)

// Threshold is the exact ratio that a target asks for: of a year to the one before (96/100
// at most, 105/100 at least), or of a level (more than 80/100).
type Threshold struct {
	_ struct{} `nullable:"true"` // in the API's schema: a milestone has none

	Num  int64 `json:"num" doc:"Numerator of the exact ratio: to the previous year, or of a level"`
	Den  int64 `json:"den" doc:"Denominator of the exact ratio"`
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

// met compares a figure with the value that just meets the target, without rounding
// anything: <= for a falling target, >= for a rising one, < and > where the target says
// that equality does not meet it.
func (t Threshold) met(current, bound *big.Rat) bool {
	sign := current.Cmp(bound)
	if !t.rising {
		sign = -sign
	}
	return sign > 0 || sign == 0 && !t.strict
}

// verdict is met as a word.
func (t Threshold) verdict(current, bound *big.Rat) Verdict {
	if t.met(current, bound) {
		return Met
	}
	return NotMet
}

// limit returns the whole number of events that just meets the target with an exposure:
// floor(bound · exposure) for a falling target, ceil for a rising one, and the next whole
// number where equality is not enough. ok is false when no count does, or none of 64 bits.
func (t Threshold) limit(bound *big.Rat, exposure int64) (n int64, ok bool) {
	if bound.Sign() < 0 {
		return 0, false
	}
	r := new(big.Rat).Mul(bound, new(big.Rat).SetInt64(exposure))
	q, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	whole := rest.Sign() == 0
	switch {
	case t.rising && (!whole || t.strict):
		q.Add(q, big.NewInt(1))
	case !t.rising && whole && t.strict:
		q.Sub(q, big.NewInt(1))
	}
	return q.Int64(), q.IsInt64() && q.Sign() >= 0
}

// changePct is the change from the previous to the current figure in percent, computed
// exactly and rounded once, to the nearest float64. It is nil when the base is 0.
func changePct(current, previous exact) *float64 {
	if previous.events == 0 {
		return nil
	}
	return percentOver1(new(big.Rat).Quo(current.rat(), previous.rat()))
}

// percentOver1 is a ratio as a change in percent.
func percentOver1(ratio *big.Rat) *float64 {
	r := new(big.Rat).Sub(ratio, big.NewRat(1, 1))
	pct, _ := r.Mul(r, big.NewRat(100, 1)).Float64()
	return &pct
}

// rate is events · factor / exposure, computed exactly and rounded once.
func rate(e exact, factor int64) float64 { return *scaled(e.rat(), factor) }

func scaled(r *big.Rat, factor int64) *float64 {
	v, _ := new(big.Rat).Mul(r, new(big.Rat).SetInt64(factor)).Float64()
	return &v
}
