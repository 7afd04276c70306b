package trend

import (
	"cmp"
	"slices"

	"atvsld/analytics/indicator"
)

// ChartRules are the parameters of control charts.
type ChartRules struct {
	Levels
	// Run is how many points in a row on one side of the centre line are a signal.
	Run int
	// Trend is how many points in a row, each above (or below) the one before, are one.
	Trend int
	// Baseline is how many points the centre line needs at least.
	Baseline int
}

// DefaultChartRules are those of the sources that [ChartRules.rules] names.
func DefaultChartRules() ChartRules {
	return ChartRules{Levels: DefaultLevels(), Run: 8, Trend: 6, Baseline: 3}
}

// The rules of signals.
const (
	ruleAction     = "beyond_action"
	ruleTwoOfThree = "two_of_three"
	ruleRun        = "run"
	ruleTrend      = "trend"
)

func (r ChartRules) rules() []Rule {
	return append(r.Levels.rules(),
		Rule{ruleTwoOfThree, indicator.Text{
			VI: "Hai trong ba điểm liên tiếp ở cùng một phía, ngoài giới hạn cảnh báo.",
			EN: "Two of three points in a row beyond the warning limit on the same side.",
		}, "points", 2, "Western Electric, Statistical Quality Control Handbook (1956); the warning limit here is the exact one in place of two standard deviations", "S"},
		Rule{ruleRun, indicator.Text{
			VI: "Nhiều điểm liên tiếp ở cùng một phía của đường trung tâm. Điểm nằm trên đường và chỗ trống kết thúc dãy.",
			EN: "Points in a row on one side of the centre line. A point on the line ends a run, and so does a gap.",
		}, "points", float64(r.Run), "Western Electric, Statistical Quality Control Handbook (1956): 8; L. S. Nelson, Journal of Quality Technology 16 (1984) 237-239: 9", "S"},
		Rule{ruleTrend, indicator.Text{
			VI: "Nhiều điểm liên tiếp, điểm sau luôn cao hơn (hoặc luôn thấp hơn) điểm trước. Chỗ trống kết thúc dãy.",
			EN: "Points in a row, each higher (or each lower) than the one before. A gap ends it.",
		}, "points", float64(r.Trend), "L. S. Nelson, Journal of Quality Technology 16 (1984) 237-239: 6", "S"},
		Rule{"baseline", indicator.Text{
			VI: "Đường trung tâm cần ít nhất số điểm này; ít điểm thì chính đường trung tâm cũng không chắc chắn.",
			EN: "The centre line needs so many points at least; with few of them the line itself is uncertain.",
		}, "points", float64(r.Baseline), "a choice: quality control asks for twenty and more, which years do not have", "CONVENTION"},
		dispersionRule)
}

// ChartSet is one chart for each area and split of a series.
type ChartSet struct {
	Header
	Kind   string  `json:"kind" enum:"u,c" doc:"u: events per exposure; c: a count, whose exposure is taken to be the same in every period, so that it moves with the number of those who report, too"`
	Rules  []Rule  `json:"rules" nullable:"false" doc:"Rules that limits and signals are told by"`
	Charts []Chart `json:"charts" nullable:"false" doc:"In the order of areas, then splits"`
}

// Chart is a control chart of one area and split.
type Chart struct {
	Baseline     Baseline          `json:"baseline"`
	Centre       *float64          `json:"centre" doc:"Centre line: the rate of the baseline's periods together, in the unit of the values"`
	CentreReason *indicator.Reason `json:"centre_reason" doc:"Why there is no centre line, and so no limits"`
	SmallNumbers bool              `json:"small_numbers" doc:"Fewer than one event is expected a period: single events tell more than limits do"`
	Signals      []Signal          `json:"signals" nullable:"false" doc:"What speaks against chance, in the order of the rules, then of time"`
	Points       []Point           `json:"points" nullable:"false" doc:"In the order of time; a period without a figure stays as a gap with its reason"`
}

// Baseline is what the centre line was computed from.
type Baseline struct {
	Periods      []string    `json:"periods" nullable:"false" doc:"Periods with a figure"`
	Events       int64       `json:"events" doc:"Their events"`
	Exposure     int64       `json:"exposure" doc:"Their denominators; the number of periods for a count"`
	MixedSources bool        `json:"mixed_sources" doc:"Some of the figures are imported base figures and some are counted from reports, which need not count alike"`
	Dispersion   *Dispersion `json:"dispersion" doc:"null with fewer than two periods, or without an event"`
}

// Point is one value with where it lies on the chart.
type Point struct {
	indicator.Value
	InBaseline bool `json:"in_baseline"`
	Judgement
	// Records is set by the caller, who knows who asks.
	Records string `json:"records,omitempty" doc:"Where the reports that it is counted from are, for those entitled"`
}

// Signal is a pattern that chance seldom makes.
type Signal struct {
	Rule      string   `json:"rule" enum:"beyond_action,two_of_three,run,trend"`
	Direction string   `json:"direction" enum:"above,below,rising,falling"`
	Periods   []string `json:"periods" nullable:"false" doc:"The points that make it"`
}

// Charts draws a chart for each area and split of a series. baseline are the years whose
// figures make the centre line: those that have one.
func Charts(s *indicator.Series, baseline []int, rules ChartRules) *ChartSet {
	set := &ChartSet{Header: headerOf(s), Kind: "c", Rules: rules.rules(), Charts: []Chart{}}
	if s.Denominator != "" {
		set.Kind = "u"
	}
	reason := judged(&s.Indicator)
	for _, line := range lines(s.Values) {
		set.Charts = append(set.Charts, chart(line, baseline, rules, reason))
	}
	return set
}

// chart draws the values of one line; reason says why they cannot be judged.
func chart(line []indicator.Value, baseline []int, rules ChartRules, reason *indicator.Reason) Chart {
	c := Chart{Signals: []Signal{}, Points: []Point{}}
	centre := c.Baseline.gather(line, baseline)
	if c.CentreReason = reason; reason == nil {
		c.CentreReason = centreReason(centre, len(c.Baseline.Periods), rules)
	}
	if c.CentreReason == nil {
		v := centre.value(line[0].Factor)
		c.Centre, c.SmallNumbers = &v, centre.events < int64(len(c.Baseline.Periods))
	}
	for _, v := range line {
		p := Point{Value: v, InBaseline: slices.Contains(c.Baseline.Periods, v.Period)}
		one, reason := whole(&v)
		if p.LimitsReason = cmp.Or(reason, c.CentreReason); p.LimitsReason == nil {
			p.Judgement = rules.judge(one, v.Factor, centre)
		}
		c.Points = append(c.Points, p)
	}
	if c.CentreReason == nil {
		c.Signals = rules.signals(c.Points, centre)
	}
	return c
}

// gather adds up the figures of the baseline's years.
func (b *Baseline) gather(line []indicator.Value, years []int) (together counts) {
	b.Periods = []string{}
	var all []counts
	var first indicator.Provenance
	for _, v := range line {
		c, reason := whole(&v)
		if reason != nil || !inYears(v.Period, years) {
			continue
		}
		if len(all) == 0 {
			first = v.Source
		}
		b.MixedSources = b.MixedSources || v.Source != first
		b.Periods = append(b.Periods, v.Period)
		all, together = append(all, c), together.plus(c)
	}
	b.Events, b.Exposure, b.Dispersion = together.events, together.exposure, dispersionOf(all, together)
	return together
}

func centreReason(centre counts, periods int, rules ChartRules) *indicator.Reason {
	switch {
	case periods < rules.Baseline:
		return indicator.ReasonOf(indicator.ReasonBaselineShort)
	case centre.events == 0:
		return indicator.ReasonOf(indicator.ReasonNoEvents)
	}
	return nil
}
