package indicator

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Level is the confidence level of every interval.
const Level = 0.95

const tail = (1 - Level) / 2

// Methods of intervals.
const (
	MethodPoisson = "exact_poisson"
	MethodRatio   = "conditional_clopper_pearson"
	MethodScore   = "wilson_score"
)

// Interval is a two-sided confidence interval.
type Interval struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Lower  float64  `json:"lower" doc:"Lower limit, in the unit of the value"`
	Upper  *float64 `json:"upper" doc:"Upper limit, in the unit of the value; null when unbounded"`
	Level  float64  `json:"level" doc:"Confidence level"`
	Method string   `json:"method" enum:"exact_poisson,conditional_clopper_pearson,wilson_score" doc:"How it was computed"`
}

// containsOne reports whether a ratio of 1, no change, lies in the interval, limits included.
func (i Interval) containsOne() bool {
	return i.Lower <= 1 && (i.Upper == nil || *i.Upper >= 1)
}

// poisson returns the exact 95 % limits of the mean of a Poisson count k >= 0:
//
//	lower = chi2(0.025; 2k) / 2 (0 for k = 0), upper = chi2(0.975; 2k+2) / 2
//
// Source: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28
// (1936) 437-442.
func poisson(k int64) (lower, upper float64) {
	x := float64(k)
	if k > 0 {
		lower = distuv.ChiSquared{K: 2 * x}.Quantile(tail) / 2
	}
	return lower, distuv.ChiSquared{K: 2*x + 2}.Quantile(1-tail) / 2
}

// clopperPearson returns the exact 95 % limits of a proportion of x in n, 0 <= x <= n, n > 0:
//
//	lower = Beta(0.025; x, n-x+1) (0 for x = 0), upper = Beta(0.975; x+1, n-x) (1 for x = n)
//
// Source: C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits
// illustrated in the case of the binomial", Biometrika 26 (1934) 404-413.
func clopperPearson(x, n int64) (lower, upper float64) {
	a, b := float64(x), float64(n-x)
	upper = 1
	if x > 0 {
		lower = distuv.Beta{Alpha: a, Beta: b + 1}.Quantile(tail)
	}
	if x < n {
		upper = distuv.Beta{Alpha: a + 1, Beta: b}.Quantile(1 - tail)
	}
	return lower, upper
}

// score returns the 95 % score limits of a proportion of x in n, 0 <= x <= n, n > 0: those
// proportions p for which x/n lies within z standard errors sqrt(p(1-p)/n) of p,
//
//	(x + z²/2 ± z·sqrt(x(n-x)/n + z²/4)) / (n + z²)
//
// They stay within 0 and 1 and say something for 0 of n and n of n.
//
// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
// inference", Journal of the American Statistical Association 22 (1927) 209-212.
func score(x, n int64) (lower, upper float64) {
	z := distuv.UnitNormal.Quantile(1 - tail)
	k, m := float64(x), float64(n)
	middle, half := k+z*z/2, z*math.Sqrt(k*(m-k)/m+z*z/4)
	lower, upper = (middle-half)/(m+z*z), (middle+half)/(m+z*z)
	// The formula gives these exactly; floating point does not.
	if x == 0 {
		lower = 0
	}
	if x == n {
		upper = 1
	}
	return lower, upper
}

// shareInterval is the score interval of a share of x in n, in units of 1/factor.
func shareInterval(x, n, factor int64) *Interval {
	lower, upper := score(x, n)
	upper *= float64(factor)
	return &Interval{Lower: lower * float64(factor), Upper: &upper, Level: Level, Method: MethodScore}
}

// countInterval is the exact Poisson interval of a count, scaled by factor/denominator
// for a rate (the denominator is taken as known).
func countInterval(k, factor, denominator int64) *Interval {
	lower, upper := poisson(k)
	scale := float64(factor) / float64(denominator)
	upper *= scale
	return &Interval{Lower: lower * scale, Upper: &upper, Level: Level, Method: MethodPoisson}
}

// ratioInterval is the exact 95 % interval of the ratio of two Poisson rates
// (current/exposureCurrent) / (previous/exposurePrevious); for counts the exposures
// are 1. Given their sum n, the current count is binomial with
// p = r·Ec / (r·Ec + Ep), so that the limits of r are p/(1-p) · Ep/Ec at the
// Clopper-Pearson limits of p. The upper limit is unbounded for previous = 0; for
// 0 and 0 the interval is everything, because nothing is known about the ratio.
//
// Source: J. Przyborowski, H. Wilenski, "Homogeneity of results in testing samples
// from Poisson series", Biometrika 31 (1940) 313-323.
func ratioInterval(current, previous, exposureCurrent, exposurePrevious int64) *Interval {
	out := &Interval{Level: Level, Method: MethodRatio}
	if current == 0 && previous == 0 {
		return out
	}
	scale := float64(exposurePrevious) / float64(exposureCurrent)
	lower, upper := clopperPearson(current, current+previous)
	out.Lower = lower / (1 - lower) * scale
	if top := upper / (1 - upper) * scale; !math.IsInf(top, 1) {
		out.Upper = &top
	}
	return out
}
