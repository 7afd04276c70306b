package indicator

import (
	"fmt"
	"slices"
	"time"

	"atvsld/seeds"
)

// Comparing says which year a value is compared with.
type Comparing string

// The comparisons.
const (
	WithPrevious Comparing = "previous"
	WithBase     Comparing = "base"
)

// Comparison is the figure that a value is compared with, of the same period of another year,
// and how they differ.
type Comparison struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Period string `json:"period" doc:"Year or half-year that is compared with"`
	Figure
	AsOf         *time.Time `json:"as_of" doc:"Moment the figure stands for; null when the period is not closed"`
	Status       Status     `json:"status" enum:"provisional,final,revised"`
	ChangePct    *float64   `json:"change_pct" doc:"Change from that figure to the value in percent, computed exactly and rounded once"`
	ChangeReason *Reason    `json:"change_reason" doc:"Why there is no change"`
	Ratio        *Interval  `json:"ratio_interval" doc:"95 % confidence interval of the value over that figure"`
	RatioReason  *Reason    `json:"ratio_interval_reason" doc:"Why there is no interval"`
	WithinNoise  *bool      `json:"within_noise" doc:"Whether the interval of the ratio contains 1; null when there is none"`
}

func (r *SeriesRequest) checkComparison(e *RequestError) {
	checkOneOf(e, "compare", r.Compare, "", WithPrevious, WithBase)
	if (r.Compare == WithBase) != (r.BaseYear != 0) {
		e.fail("base_year", "đi cùng compare=base", "goes with compare=base")
	}
	if r.BaseYear != 0 {
		e.year("base_year", r.BaseYear)
		if r.lastRead()-r.firstRead() >= MaxYears {
			e.fail("base_year", fmt.Sprintf("năm gốc và các năm được hỏi không quá %d năm", MaxYears), fmt.Sprintf("must lie with the asked years within %d years", MaxYears))
		}
	}
	if r.Rank && !slices.Contains(r.By, ByProvince) {
		e.fail("rank", "chỉ xếp hạng khi chia theo tỉnh (by=province)", "provinces are ranked where they are asked for (by=province)")
	}
	if r.Rank && r.Geography == Reported {
		e.fail("rank", "không xếp hạng lẫn hai danh mục tỉnh", "provinces of two lists are not ranked together")
	}
}

// comparedYear is the year that a year is compared with; 0 when nothing is compared.
func (r *SeriesRequest) comparedYear(year int) int {
	switch r.Compare {
	case WithPrevious:
		return year - 1
	case WithBase:
		return r.BaseYear
	}
	return 0
}

// firstRead and lastRead bound the years that are read: the asked ones, and those that they
// are compared with.
func (r *SeriesRequest) firstRead() int {
	switch r.Compare {
	case WithPrevious:
		return max(r.From-1, FirstYear)
	case WithBase:
		return min(r.From, r.BaseYear)
	}
	return r.From
}

func (r *SeriesRequest) lastRead() int { return max(r.To, r.BaseYear) }

// compare sets a figure beside that of the year it is compared with; nil when none is asked.
func (e *Engine) compare(req SeriesRequest, s sums, set CellSet, closed closedFigures, k figureKey, v Value) *Comparison {
	year := req.comparedYear(k.year)
	if year == 0 {
		return nil
	}
	with := figureKey{year, k.place, k.split}
	asOf, status, open := set.stamp(req.View, year, s.measures(), s.cut())
	c := &Comparison{Period: periodText(year, req.Period), Figure: s.figure(with, open), AsOf: asOf}
	c.Status, _ = closed.status(with, c.Figure, status)
	switch {
	case year == k.year:
		c.refuse(because(ReasonBaseYearOnly))
	case e.unplaced(req.Geography, s, k.place, func(y int) bool { return y == year || y == k.year }):
		c.refuse(because(ReasonFormerUnitUnknown))
	case running(k.year, req.Period, v.AsOf) || running(year, req.Period, asOf):
		c.refuse(because(ReasonPeriodRunning))
	default:
		c.change(s.def, v.Figure)
	}
	return c
}

// running reports whether a period had not ended at the moment that its figure stands for: a
// part of a year compares with no whole one.
func running(year int, p Period, asOf *time.Time) bool {
	end := seeds.MustDate(year+1, time.January, 1)
	if p == H1 {
		end = seeds.MustDate(year, time.July, 1)
	}
	return asOf != nil && asOf.Before(end.Start())
}

// change fills in how the current figure differs.
func (c *Comparison) change(def *Definition, current Figure) {
	switch {
	case c.ValueReason != nil:
		c.refuse(c.ValueReason)
		return
	case current.ValueReason != nil:
		c.refuse(current.ValueReason)
		return
	}
	pct, ratio := current.ChangeFrom(c.Figure)
	if c.ChangePct = pct; pct == nil {
		c.ChangeReason = because(ReasonBaseZero)
	}
	if def.Interval == IntervalNone {
		c.RatioReason = because(ReasonAdministrative)
		return
	}
	c.Ratio = ratio
	noise := ratio.containsOne()
	c.WithinNoise = &noise
}

func (c *Comparison) refuse(why *Reason) { c.ChangeReason, c.RatioReason = why, why }

// unplaced reports whether some records of the years that are compared may belong to this
// province and stand in the row of unknown former units instead, so that its figures are lower
// bounds. A former province that became a whole new one has every record.
func (e *Engine) unplaced(g Geography, s sums, p place, compared func(year int) bool) bool {
	if p == unknown {
		return true
	}
	if g != Geography63 || p == nation {
		return false
	}
	if successor, ok := e.seeds.To34(p); ok && len(e.seeds.Former(successor)) == 1 {
		return false
	}
	for _, figures := range []map[figureKey]int64{s.numerator, s.workers} {
		for k, n := range figures {
			if k.place == unknown && n > 0 && compared(k.year) {
				return true
			}
		}
	}
	return false
}
