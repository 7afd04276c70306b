package trend

// Directions of a signal.
const (
	above   = "above"
	below   = "below"
	rising  = "rising"
	falling = "falling"
)

// signals finds what speaks against chance, rule by rule. Points, sides and steps are compared
// as they are, without rounding.
func (r ChartRules) signals(points []Point, centre counts) []Signal {
	beyond, sides, steps := beyondWarning(points), sidesOf(points, centre), stepsOf(points)
	found := []Signal{}
	add := func(rule, direction string, at ...Point) {
		s := Signal{Rule: rule, Direction: direction}
		for i := range at {
			s.Periods = append(s.Periods, at[i].Period)
		}
		found = append(found, s)
	}
	for i := range points {
		switch points[i].Position {
		case AboveAction:
			add(ruleAction, above, points[i])
		case BelowAction:
			add(ruleAction, below, points[i])
		case Inside, AboveWarning, BelowWarning:
		}
	}
	for i := range points {
		if first, ok := twoOfThree(points, beyond, i); ok {
			add(ruleTwoOfThree, name(beyond[i], above, below), points[first], points[i])
		}
	}
	for _, s := range stretches(sides, r.Run) {
		add(ruleRun, name(s.sign, above, below), points[s.from:s.to]...)
	}
	// A stretch of steps begins at the point before the first of them.
	for _, s := range stretches(steps, r.Trend-1) {
		add(ruleTrend, name(s.sign, rising, falling), points[s.from-1:s.to]...)
	}
	return found
}

func name(sign int, positive, negative string) string {
	if sign > 0 {
		return positive
	}
	return negative
}

// beyondWarning tells of each point whether it lies above (1) or below (-1) a warning limit.
func beyondWarning(points []Point) []int {
	signs := make([]int, len(points))
	for i := range points {
		switch points[i].Position {
		case AboveWarning, AboveAction:
			signs[i] = 1
		case BelowWarning, BelowAction:
			signs[i] = -1
		case Inside:
		}
	}
	return signs
}

// sidesOf tells of each point on which side of the centre line it lies; 0 on it, and of a gap.
func sidesOf(points []Point, centre counts) []int {
	signs := make([]int, len(points))
	for i := range points {
		if c, reason := whole(&points[i].Value); reason == nil {
			signs[i] = c.compare(centre)
		}
	}
	return signs
}

// stepsOf tells of each point whether it lies above (1) or below (-1) the one before; 0 where
// it does neither, and at a gap.
func stepsOf(points []Point) []int {
	signs := make([]int, len(points))
	for i := 1; i < len(points); i++ {
		before, gap := whole(&points[i-1].Value)
		c, reason := whole(&points[i].Value)
		if gap == nil && reason == nil {
			signs[i] = c.compare(before)
		}
	}
	return signs
}

// twoOfThree tells whether point i completes the rule: it is beyond a warning limit and so is
// one of the two before it, on the same side, the nearer one first. A gap between them leaves
// it open where that point lay.
func twoOfThree(points []Point, beyond []int, i int) (first int, ok bool) {
	for j := i - 1; beyond[i] != 0 && j >= max(0, i-2); j-- {
		if points[j].Limits == nil {
			return 0, false
		}
		if beyond[j] == beyond[i] {
			return j, true
		}
	}
	return 0, false
}

// stretch is a part [from, to) of a sequence of signs in which all are the same.
type stretch struct{ from, to, sign int }

// stretches returns those of signs other than 0 that are at least so long, each as long as it
// goes.
func stretches(signs []int, least int) []stretch {
	var all []stretch
	for from := 0; from < len(signs); {
		to := from + 1
		for to < len(signs) && signs[to] == signs[from] {
			to++
		}
		if signs[from] != 0 && to-from >= least {
			all = append(all, stretch{from, to, signs[from]})
		}
		from = to
	}
	return all
}
