package indicator

import "math/big"

// PathKind says how a target of yearly changes goes on from a base year, where its text
// leaves the choice.
type PathKind string

// The kinds of paths.
const (
	PathYearly     PathKind = "yearly"
	PathCompounded PathKind = "compounded"
	PathMean       PathKind = "mean"
)

// Path is what a target asks of each year since a base year, beside what happened.
type Path struct {
	_ struct{} `nullable:"true"` // in the API's schema: a level and a milestone have none

	Kind          PathKind `json:"kind" enum:"yearly,compounded,mean" doc:"yearly: threshold x the year before; compounded: threshold^n x the base year, n years later; mean: the arithmetic mean of the n yearly ratios is held against the threshold"`
	BaseYear      int      `json:"base_year" doc:"Year that the path starts from"`
	MeanChangePct *float64 `json:"mean_change_pct" doc:"mean: arithmetic mean of the yearly changes since the base year in percent; null for other paths and when a year is not known"`
	Steps         []Step   `json:"steps" nullable:"false" doc:"Each year after the base year, the assessed one last; none when the figures do not compare"`
}

// Step is one year of a path, in the unit of the values.
type Step struct {
	Year   int      `json:"year"`
	Actual *float64 `json:"actual" doc:"The year's figure"`
	Path   *float64 `json:"path" doc:"The value that just meets the target in this year"`
	Kept   *bool    `json:"kept" doc:"Whether the figure keeps the path; null when one of them is not known"`
	Reason *Reason  `json:"reason" doc:"Why the path or the figure is null"`
}

// trajectory is a threshold gone on with from a base year.
type trajectory struct {
	kind      PathKind
	threshold Threshold
}

// bound returns the value that just meets the target in the last year of a course: the
// figures of the years from the base year on, nil where none is known. x is the figure, t
// the threshold:
//
//	yearly      t · x(n-1)
//	compounded  t^n · x(0)
//	mean        x(n-1) · (n·t − Σ x(i)/x(i-1), i = 1 … n-1)
//
// The last is (Σ x(i)/x(i-1), i = 1 … n) / n held against t and solved for x(n). As an
// arithmetic mean is at least the geometric one, a falling target met by the mean is met
// compounded, and a rising one met compounded is met by the mean; not the other way round.
//
// Zero: a rising target has no bound after a 0, for 0 → n and for 0 → 0 alike: n >= 1.05·0
// holds for every n, even for none at all, so that the arithmetic would call "nobody
// examined, again" a success. A mean has none when any year but the last is 0: that year's
// change is no number.
func (t trajectory) bound(course []*big.Rat) (*big.Rat, *Reason) {
	n := len(course) - 1
	switch t.kind {
	case PathYearly:
		return t.after(course[n-1], 1)
	case PathCompounded:
		return t.after(course[0], n)
	}
	left := new(big.Rat).Mul(t.threshold.rat(), big.NewRat(int64(n), 1))
	for i, x := range course[:n] {
		switch {
		case x == nil:
			return nil, because(ReasonYearMissing)
		case x.Sign() == 0:
			return nil, because(ReasonZeroInPeriod)
		case i > 0:
			left.Sub(left, new(big.Rat).Quo(x, course[i-1]))
		}
	}
	return left.Mul(left, course[n-1]), nil
}

func (t trajectory) after(base *big.Rat, years int) (*big.Rat, *Reason) {
	switch {
	case base == nil:
		return nil, because(ReasonNoBaseYear)
	case base.Sign() == 0 && t.threshold.rising:
		return nil, because(ReasonBaseZero)
	}
	bound := new(big.Rat).Set(base)
	for range years {
		bound.Mul(bound, t.threshold.rat())
	}
	return bound, nil
}

// outcome is how a year's figure stands against its bound, which is nil where the years
// before give none.
type outcome struct {
	bound   *big.Rat
	verdict Verdict
	why     *Reason
}

// judge holds the last figure of a course against its bound. A falling target held at zero
// is met, and one that rose from zero is not, whether equality is enough or not.
func (t trajectory) judge(course []*big.Rat) outcome {
	current := course[len(course)-1]
	bound, why := t.bound(course)
	switch {
	case why != nil:
		return outcome{nil, NotAssessable, why}
	case current == nil:
		return outcome{bound, NotAssessable, because(ReasonNoFigure)}
	case t.kind == PathMean || bound.Sign() > 0:
		return outcome{bound, t.threshold.verdict(current, bound), nil}
	case current.Sign() == 0:
		return outcome{bound, Met, because(ReasonHeldAtZero)}
	}
	return outcome{bound, NotMet, because(ReasonRiseFromZero)}
}

// judgeAll judges each year of a course after the base year.
func (t trajectory) judgeAll(course []*big.Rat) []outcome {
	out := make([]outcome, 0, len(course))
	for n := 1; n < len(course); n++ {
		out = append(out, t.judge(course[:n+1]))
	}
	return out
}

// steps writes the outcomes beside the figures of the years after the base year.
func steps(figures []YearFigure, outcomes []outcome, factor int64) []Step {
	out := make([]Step, len(outcomes))
	for n, o := range outcomes {
		figure := figures[n+1]
		s := Step{Year: figure.Year, Actual: figure.Value}
		if o.bound != nil {
			s.Path = scaled(o.bound, factor)
		}
		if o.verdict == NotAssessable {
			s.Reason = o.why
		} else {
			kept := o.verdict == Met
			s.Kept = &kept
		}
		out[n] = s
	}
	return out
}

// meanChangePct is the arithmetic mean of the yearly changes of a course in percent.
func meanChangePct(course []*big.Rat) *float64 {
	sum, n := new(big.Rat), len(course)-1
	for i := 1; i <= n; i++ {
		if course[i] == nil || course[i-1] == nil || course[i-1].Sign() == 0 {
			return nil
		}
		sum.Add(sum, new(big.Rat).Quo(course[i], course[i-1]))
	}
	return percentOver1(sum.Quo(sum, big.NewRat(int64(n), 1)))
}
