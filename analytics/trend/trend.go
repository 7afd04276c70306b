// Package trend answers what an inspector asks of a series: where, since when, compared with
// whom. It draws control charts over time (charts.go), compares provinces with the nation
// (funnel.go) and two years with one another (movers.go). It does no I/O: it takes the values
// that the engine of indicators computed, so that everybody is told the same numbers, and
// leaves gaps where they have none, with the reason.
//
// All of it holds for events that happen independently at a steady rate (Poisson): accidents
// and their victims. Administrative counts are shown and not judged. Every rule is told with
// its parameter and its source.
package trend

import (
	"cmp"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"atvsld/analytics/indicator"
	"atvsld/seeds"
)

// Header is what an answer says of the series it was made from.
type Header struct {
	Indicator     indicator.Definition      `json:"indicator"`
	Denominator   indicator.DenominatorKind `json:"denominator,omitempty" doc:"Denominator of this answer; none for a count"`
	View          indicator.View            `json:"view" enum:"live,closed"`
	Commuting     bool                      `json:"include_commuting" doc:"Whether accidents on the way to and from work are in the figures"`
	Demonstration bool                      `json:"demonstration" doc:"Whether these are demonstration data"`
	// Investigations is set by the caller, who knows who asks.
	Investigations string `json:"investigations,omitempty" doc:"Where the investigations of these accidents and their clocks are, for those entitled"`
}

func headerOf(s *indicator.Series) Header {
	return Header{Indicator: s.Indicator, Denominator: s.Denominator, View: s.View, Commuting: s.Commuting, Demonstration: s.Demonstration}
}

// Rule is a rule that something is told by.
type Rule struct {
	ID        string         `json:"id" doc:"Stable name of the rule"`
	Text      indicator.Text `json:"text"`
	Parameter string         `json:"parameter" doc:"What the value is"`
	Value     float64        `json:"value"`
	Source    string         `json:"source"`
	Status    string         `json:"status" enum:"V,S,CONVENTION,UNVERIFIED" doc:"How far the source was verified; CONVENTION: a choice of this platform"`
}

// counts are a figure as it is compared: events per exposure.
type counts struct{ events, exposure int64 }

func countsOf(f indicator.Figure) (counts, bool) {
	events, exposure, ok := f.Counts()
	return counts{events, exposure}, ok
}

// whole returns the counts of a value that can be compared with others, or why it cannot: it is
// null, or its period had not ended at the moment that it stands for.
func whole(v *indicator.Value) (counts, *indicator.Reason) {
	c, ok := countsOf(v.Figure)
	if !ok {
		return counts{}, v.ValueReason
	}
	if end, ok := endOf(v.Period); ok && v.AsOf != nil && v.AsOf.Before(end) {
		return counts{}, indicator.ReasonOf(indicator.ReasonPeriodRunning)
	}
	return c, nil
}

// endOf is the first moment after a period ("2021", "2021H1") in Viet Nam.
func endOf(period string) (time.Time, bool) {
	year, half := strings.CutSuffix(period, string(indicator.H1))
	n, err := strconv.Atoi(strings.TrimSuffix(year, string(indicator.H2)))
	if err != nil {
		return time.Time{}, false
	}
	if half {
		return seeds.MustDate(n, time.July, 1).Start(), true
	}
	return seeds.MustDate(n+1, time.January, 1).Start(), true
}

func (c counts) plus(other counts) counts {
	return counts{c.events + other.events, c.exposure + other.exposure}
}

// compare compares two rates without rounding: c > other gives 1.
func (c counts) compare(other counts) int {
	ah, al := bits.Mul64(uint64(c.events), uint64(other.exposure))
	bh, bl := bits.Mul64(uint64(other.events), uint64(c.exposure))
	switch {
	case ah > bh || ah == bh && al > bl:
		return 1
	case ah < bh || ah == bh && al < bl:
		return -1
	}
	return 0
}

// value is events · factor / exposure, computed exactly and rounded once; with an exposure for
// the factor it is the events that the rate makes expect of it.
func (c counts) value(factor int64) float64 {
	r := big.NewRat(c.events, c.exposure)
	v, _ := r.Mul(r, new(big.Rat).SetInt64(factor)).Float64()
	return v
}

// judged tells whether the figures of an indicator can be judged by Poisson limits, and why not.
func judged(d *indicator.Definition) *indicator.Reason {
	switch d.Interval {
	case indicator.IntervalPoisson:
		return nil
	case indicator.IntervalNone:
		return indicator.ReasonOf(indicator.ReasonAdministrative)
	}
	return indicator.ReasonOf(indicator.ReasonNotPoisson)
}

// subject is what a value is of: one area and split.
type subject struct {
	area                             indicator.Area
	month                            int
	vsicVersion, vsicSection, member string
	employment                       indicator.Employment
}

func subjectOf(v *indicator.Value) subject {
	s := subject{area: v.Area, member: v.Member(), employment: v.Employment}
	if v.VSIC != nil {
		s.vsicVersion, s.vsicSection = v.VSIC.Version, v.VSIC.Code
	}
	if v.Month != nil {
		s.month = *v.Month
	}
	return s
}

// compare orders subjects: the nation first, the unknown unit last, otherwise by codes.
func (s subject) compare(other subject) int {
	levels := []string{indicator.LevelNation, indicator.LevelRegion, indicator.LevelProvince, indicator.LevelUnknown}
	return cmp.Or(slices.Index(levels, s.area.Level)-slices.Index(levels, other.area.Level),
		cmp.Compare(s.area.List, other.area.List), cmp.Compare(s.area.Code, other.area.Code),
		cmp.Compare(s.vsicVersion, other.vsicVersion), cmp.Compare(s.vsicSection, other.vsicSection),
		cmp.Compare(s.month, other.month), cmp.Compare(s.member, other.member), cmp.Compare(s.employment, other.employment))
}

// lines divides values into those of one subject each, the earliest period first. Subjects keep
// the order in which they come.
func lines(values []indicator.Value) [][]indicator.Value {
	var all [][]indicator.Value
	at := map[subject]int{}
	for _, v := range values {
		of := subjectOf(&v)
		i, known := at[of]
		if !known {
			i = len(all)
			at[of], all = i, append(all, nil)
		}
		all[i] = append(all[i], v)
	}
	for _, line := range all {
		slices.SortStableFunc(line, func(a, b indicator.Value) int { return strings.Compare(a.Period, b.Period) })
	}
	return all
}

// inYears tells whether a period ("2021", "2021H1") lies in one of the years.
func inYears(period string, years []int) bool {
	return slices.ContainsFunc(years, func(year int) bool { return strings.HasPrefix(period, strconv.Itoa(year)) })
}
