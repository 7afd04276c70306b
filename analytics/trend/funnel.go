package trend

import (
	"cmp"
	"time"

	"atvsld/analytics/indicator"
)

// Funnel compares the rate of each province with that of all of them together, with limits
// that narrow as the number of workers grows.
type Funnel struct {
	Header
	From         string            `json:"from" doc:"First period"`
	To           string            `json:"to" doc:"Last period; several are added up"`
	Rules        []Rule            `json:"rules" nullable:"false" doc:"Rules that limits and positions are told by"`
	Centre       *float64          `json:"centre" doc:"Rate of all assessed provinces together"`
	CentreReason *indicator.Reason `json:"centre_reason" doc:"Why there is none, and so no limits"`
	Events       int64             `json:"events" doc:"Events of all assessed provinces"`
	Exposure     int64             `json:"exposure" doc:"Denominators of all assessed provinces"`
	Assessed     int               `json:"assessed" doc:"Provinces with a rate"`
	ByChance     *FunnelChance     `json:"by_chance" doc:"Provinces that lie outside without any difference between provinces"`
	Dispersion   *Dispersion       `json:"dispersion" doc:"Whether the provinces differ more than chance makes them; null with fewer than two"`
	Points       []FunnelPoint     `json:"points" nullable:"false" doc:"In the order of the list of provinces"`
}

// FunnelChance is how many of the assessed provinces chance puts outside, at most: with exact
// limits, counts lie outside no more often than the levels say.
type FunnelChance struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Warning float64 `json:"warning" doc:"Outside the warning limits"`
	Action  float64 `json:"action" doc:"Outside the action limits"`
}

// FunnelPoint is one province.
type FunnelPoint struct {
	Area indicator.Area `json:"area"`
	indicator.Figure
	Factor int64          `json:"factor"`
	Unit   indicator.Text `json:"unit"`
	Judgement
	MixedSources bool             `json:"mixed_sources" doc:"Added up from imported base figures and from reports, which need not count alike"`
	AsOf         *time.Time       `json:"as_of" doc:"Moment that the latest of the figures stand for; null when a period is not closed"`
	Status       indicator.Status `json:"status" enum:"provisional,final"`
	// Records is set by the caller, who knows who asks.
	Records string `json:"records,omitempty" doc:"Where the reports that it is counted from are, for those entitled"`
}

// NewFunnel compares the provinces of a series that is split by province alone.
func NewFunnel(s *indicator.Series, levels Levels) *Funnel {
	f := &Funnel{Header: headerOf(s), Rules: append(levels.rules(), dispersionRule), Points: []FunnelPoint{}}
	var all []counts
	var together counts
	for _, line := range lines(s.Values) {
		f.From, f.To = line[0].Period, line[len(line)-1].Period
		p := pooled(line)
		if p.LimitsReason = f.unassessed(&p, line); p.LimitsReason == nil {
			c, _ := countsOf(p.Figure)
			all, together = append(all, c), together.plus(c)
		}
		f.Points = append(f.Points, p)
	}
	f.Assessed, f.Events, f.Exposure, f.Dispersion = len(all), together.events, together.exposure, dispersionOf(all, together)
	if f.CentreReason = f.noCentre(); f.CentreReason == nil {
		v := together.value(s.Values[0].Factor)
		f.Centre = &v
		f.ByChance = &FunnelChance{Warning: (1 - levels.Warning) * float64(len(all)), Action: (1 - levels.Action) * float64(len(all))}
	}
	for i := range f.Points {
		p := &f.Points[i]
		if p.LimitsReason = cmp.Or(p.LimitsReason, f.CentreReason); p.LimitsReason == nil {
			c, _ := countsOf(p.Figure)
			p.Judgement = levels.judge(c, p.Factor, together)
		}
	}
	return f
}

// unassessed tells why a province has no place in the funnel. A count has none: nothing says
// how many workers it comes from, and the largest province would always be the worst.
func (f *Funnel) unassessed(p *FunnelPoint, line []indicator.Value) *indicator.Reason {
	if reason := judged(&f.Indicator); reason != nil {
		return reason
	}
	switch {
	case f.Denominator == "":
		return indicator.ReasonOf(indicator.ReasonCount)
	case p.Area.Level == indicator.LevelUnknown:
		return indicator.ReasonOf(indicator.ReasonFormerUnitUnknown)
	}
	for i := range line {
		if _, reason := whole(&line[i]); reason != nil {
			return reason
		}
	}
	return nil
}

// noCentre tells why there is no rate to compare with: what is so of every province, or else
// that there is nothing.
func (f *Funnel) noCentre() *indicator.Reason {
	switch {
	case f.Assessed > 0 && f.Events > 0:
		return nil
	case f.Assessed > 0:
		return indicator.ReasonOf(indicator.ReasonNoEvents)
	}
	var common *indicator.Reason
	for i := range f.Points {
		reason := f.Points[i].LimitsReason
		if common != nil && common.Code != reason.Code {
			return indicator.ReasonOf(indicator.ReasonNoFigure)
		}
		common = reason
	}
	if common == nil {
		return indicator.ReasonOf(indicator.ReasonNoFigure)
	}
	return common
}

// pooled adds up the periods of one province. A period without a figure leaves no sum: a part
// is not told as the whole.
func pooled(line []indicator.Value) FunnelPoint {
	first := line[0]
	p := FunnelPoint{Area: first.Area, Figure: first.Figure, Factor: first.Factor, Unit: first.Unit, AsOf: first.AsOf, Status: first.Status}
	for _, v := range line[1:] {
		p.add(v)
	}
	return p
}

func (p *FunnelPoint) add(v indicator.Value) {
	p.Numerator, p.NumeratorReason = addKnown(p.Numerator, v.Numerator, p.NumeratorReason, v.NumeratorReason)
	p.Denominator, p.DenominatorReason = addKnown(p.Denominator, v.Denominator, p.DenominatorReason, v.DenominatorReason)
	if p.ValueReason == nil {
		p.ValueReason = v.ValueReason
	}
	p.Value = nil
	if p.ValueReason == nil {
		c := counts{*p.Numerator, 1}
		if p.Denominator != nil {
			c.exposure = *p.Denominator
		}
		value := c.value(p.Factor)
		p.Value = &value
	}
	// The parts of a sum have origins of their own, told in the series.
	p.MixedSources, p.Base = p.MixedSources || v.Source != p.Source, nil
	if v.Status == indicator.Provisional {
		p.Status = v.Status
	}
	if p.AsOf != nil && (v.AsOf == nil || v.AsOf.After(*p.AsOf)) {
		p.AsOf = v.AsOf
	}
}

// addKnown adds two numbers; where one is not known the sum is not, for its reason.
func addKnown(a, b *int64, why, whyB *indicator.Reason) (*int64, *indicator.Reason) {
	if a == nil {
		return nil, why
	}
	if b == nil {
		return nil, whyB
	}
	sum := *a + *b
	return &sum, nil
}
