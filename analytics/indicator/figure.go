package indicator

import (
	"cmp"
	"slices"
	"strings"

	"atvsld/seeds"
)

// Figure is one value with what it was made of.
type Figure struct {
	Numerator         *int64   `json:"numerator" doc:"What was counted; null when nothing was reported"`
	NumeratorReason   *Reason  `json:"numerator_reason" doc:"Why the numerator is null"`
	Denominator       *int64   `json:"denominator" doc:"What it is divided by; null for a count and when it is not known"`
	DenominatorReason *Reason  `json:"denominator_reason" doc:"Why the denominator is null"`
	Value             *float64 `json:"value" doc:"numerator x factor / denominator, or the count itself"`
	ValueReason       *Reason  `json:"value_reason" doc:"Why the value is null"`
	// Source is empty when there is no numerator.
	Source Provenance  `json:"source,omitempty" enum:"reports,base_figures" doc:"What the figure was made from: reports, or imported base figures of a year without any; never both"`
	Base   *BaseOrigin `json:"base,omitempty" doc:"Where an imported figure is from"`
	// Reference is nil when the denominator is counted.
	Reference *ReferenceOrigin `json:"denominator_reference,omitempty" doc:"Where a denominator of the reference data is from"`
}

// exact returns the figure as it is compared, not ok when its value is null.
func (f Figure) exact() (exact, bool) {
	switch {
	case f.Value == nil:
		return exact{}, false
	case f.Denominator == nil:
		return exact{*f.Numerator, 1}, true
	}
	return exact{*f.Numerator, *f.Denominator}, true
}

func (f Figure) interval(def *Definition, factor int64) (*Interval, *Reason) {
	x, ok := f.exact()
	switch {
	case def.Interval == IntervalNone:
		return nil, because(cmp.Or(def.IntervalMissing, ReasonAdministrative))
	case !ok:
		return nil, because(ReasonNoFigure)
	case def.Interval == IntervalScore && x.events > x.exposure:
		return nil, because(ReasonAboveWhole)
	case def.Interval == IntervalScore:
		return shareInterval(x.events, x.exposure, factor), nil
	}
	return countInterval(x.events, factor, x.exposure), nil
}

// split is one combination of the dimensions that are not areas.
type split struct {
	vsicVersion, vsicSection, member string
	employment                       Employment
	month                            int
}

type figureKey struct {
	year  int
	place place
	split split
}

// counter says what a figure is made of and how it is split.
type counter struct {
	def         *Definition
	denominator *Denominator // nil for a count
	factor      int64
	period      Period
	by          []Dimension
	options     Options
}

func (c counter) splitsBy(dim Dimension) bool { return slices.Contains(c.by, dim) }

// cut is what is split by beside time, area, industry and employment.
func (c counter) cut() Dimension { return cutOf(c.by) }

// numeratorMeasures are those that the numerator is made of, added or taken off.
func (c counter) numeratorMeasures() []string {
	names := slices.Concat(c.def.Numerator.Measures, c.def.Numerator.Minus)
	if c.options.IncludeCommuting {
		for _, name := range slices.Clone(names) {
			names = append(names, commutingPrefix+name)
		}
	}
	return names
}

// sign is -1 for a measure that is taken off the numerator.
func (c counter) sign(measure string) int64 {
	if slices.Contains(c.def.Numerator.Minus, strings.TrimPrefix(measure, commutingPrefix)) {
		return -1
	}
	return 1
}

func (c counter) denominatorMeasures() []string {
	if c.denominator == nil {
		return nil
	}
	return c.denominator.Measures
}

// measures are all that the figure needs to know, each once.
func (c counter) measures() []string {
	return distinct(slices.Concat(c.numeratorMeasures(), c.denominatorMeasures(), presence(c.def.source()), c.secondHalfMeasures()))
}

func distinct[T ~string](names []T) []T {
	slices.Sort(names)
	return slices.Compact(names)
}

// counts reports whether workers of this employment are in the figure. Split by employment,
// nobody is left out: the part without a denominator shows its count and says so.
func (c counter) counts(employment Employment) bool {
	if only := c.def.Numerator.Employment; len(only) > 0 && !slices.Contains(only, employment) {
		return false
	}
	if c.denominator == nil || len(c.denominator.Employment) == 0 || c.splitsBy(ByEmployment) {
		return true
	}
	return slices.Contains(c.denominator.Employment, employment)
}

// sums are the figures of one counter, added up for each province, or region, and for the
// nation.
type sums struct {
	counter
	numerator, workers map[figureKey]int64
	// present holds what proves that a source spoke, not split.
	present map[figureKey]int64
	// covered are the years that any report of the source was filed for.
	covered map[int]bool
	// halves tell whose figures are subtracted.
	halves map[figureKey]SecondHalf
	// base serves the other years.
	base bases
}

// sum adds up cells. beside are the cells that prove that a source spoke: reports have no
// months and no cut.
func (c counter) sum(data *seeds.Data, cells, beside []Cell, base bases) sums {
	s := sums{
		counter: c, numerator: map[figureKey]int64{}, workers: map[figureKey]int64{}, present: map[figureKey]int64{},
		covered: map[int]bool{}, halves: map[figureKey]SecondHalf{}, base: base,
	}
	numerator, denominator, present := c.numeratorMeasures(), c.denominatorMeasures(), presence(c.def.source())
	for _, cell := range beside {
		if slices.Contains(present, cell.Measure) {
			s.add(s.present, cell, c.placeIn(data, cell), c.presenceSplit(cell))
			s.covered[cell.Year] = s.covered[cell.Year] || cell.Value != 0
		}
		if c.subtracted() {
			s.addHalf(cell, c.placeIn(data, cell))
		}
	}
	for _, cell := range cells {
		if !c.counts(cell.Employment) {
			continue
		}
		if slices.Contains(numerator, cell.Measure) {
			s.covered[cell.Year] = s.covered[cell.Year] || cell.Value != 0
			part := cell
			part.Value *= c.sign(cell.Measure)
			s.add(s.numerator, part, c.placeIn(data, cell), c.split(cell))
		}
		if slices.Contains(denominator, cell.Measure) {
			s.add(s.workers, cell, c.placeIn(data, cell), c.split(cell))
		}
	}
	return s
}

func (s sums) add(to map[figureKey]int64, cell Cell, at place, by split) {
	to[figureKey{cell.Year, nation, by}] += cell.Value
	to[figureKey{cell.Year, at, by}] += cell.Value
}

// placeIn is the place that a cell is counted in beside the nation: its province, or the
// region of that.
func (c counter) placeIn(data *seeds.Data, cell Cell) place {
	if c.splitsBy(ByRegion) {
		return regionOf(data, cell.Province)
	}
	return placeOf(cell.Province)
}

func (c counter) split(cell Cell) split {
	var s split
	if c.splitsBy(ByVSIC) {
		s.vsicVersion, s.vsicSection = cell.VSICVersion, cell.VSICSection
	}
	if c.splitsBy(ByMonth) {
		s.month = cell.Month
	}
	if c.cut() != "" {
		s.member = cell.Member
	}
	if c.splitsBy(ByEmployment) {
		s.employment = cell.Employment
	}
	return s
}

// presenceSplit keeps who reports apart where establishments and communes report on
// different workers; one source of cases speaks for all.
func (c counter) presenceSplit(cell Cell) split {
	if c.def.source() != SourcePeriodic {
		return split{}
	}
	return split{employment: cell.Employment}
}

// spoke reports whether any report stands behind the figure, so that 0 means none happened.
func (s sums) spoke(k figureKey) bool {
	switch {
	case s.def.source() == SourceRegister:
		return s.workers[k] > 0
	case s.numerator[k] > 0 && !s.def.Numerator.Complete:
		return true
	case s.def.source() != SourcePeriodic:
		return s.present[figureKey{k.year, k.place, split{}}] > 0
	}
	spoke := func(e Employment) bool { return s.present[figureKey{k.year, k.place, split{employment: e}}] > 0 }
	if s.def.Numerator.Complete {
		return !slices.ContainsFunc(s.employments(k), func(e Employment) bool { return !spoke(e) })
	}
	return slices.ContainsFunc(s.employments(k), spoke)
}

// figure computes the value of one key. open is false when the year is not closed in a
// view of closed years only.
func (s sums) figure(k figureKey, open bool) Figure {
	if open && s.onBase(k.year) {
		return s.fromBase(k)
	}
	var f Figure
	f.Numerator, f.NumeratorReason = s.numeratorOf(k, open)
	f.Denominator, f.DenominatorReason = s.denominatorOf(k, open)
	if f.Denominator != nil && s.denominator.Reference != "" {
		f.Reference = s.reference(k).origin()
	}
	if f.Numerator != nil {
		f.Source = FromReports
	}
	return f.divide(s)
}

// divide fills in the value.
func (f Figure) divide(s sums) Figure {
	f.ValueReason = f.NumeratorReason
	if f.ValueReason == nil && s.def.isRate() {
		f.ValueReason = f.DenominatorReason
	}
	if f.ValueReason != nil {
		return f
	}
	exposure := int64(1)
	if f.Denominator != nil {
		exposure = *f.Denominator
	}
	v := rate(exact{*f.Numerator, exposure}, s.factor)
	f.Value = &v
	return f
}

// silence names why nothing was counted.
func (c counter) silence() string {
	if c.def.Numerator.Complete {
		return ReasonOneSided
	}
	return silence(c.def.source())
}

func (s sums) numeratorOf(k figureKey, open bool) (*int64, *Reason) {
	switch {
	case !open:
		return nil, because(ReasonNotClosed)
	case s.spoke(k):
		n := s.numerator[k]
		return countable(&n, nil)
	case s.subtracted():
		return nil, s.secondHalf(k).reason()
	}
	return nil, because(s.silence())
}

// countable refuses a difference below 0, which no count is.
func countable(n *int64, why *Reason) (*int64, *Reason) {
	if n != nil && *n < 0 {
		return nil, because(ReasonContradiction)
	}
	return n, why
}

func (s sums) denominatorOf(k figureKey, open bool) (*int64, *Reason) {
	d := s.denominator
	switch {
	case d == nil:
		return nil, because(ReasonCount)
	case d.Missing != "":
		return nil, because(d.Missing)
	case d.Reference != "":
		return s.referenceOf(k)
	case !open:
		return nil, because(ReasonNotClosed)
	case k.place != nation && d.place() != s.def.place():
		return nil, because(ReasonWorkersBySite)
	case s.splitsBy(ByEmployment) && len(d.Employment) > 0 && !slices.Contains(d.Employment, k.split.employment):
		return nil, because(ReasonWithoutContract)
	case s.period == H2 && !s.subtracted():
		// Cases are those of all; the workers would be those of a part of the reporters.
		return nil, because(ReasonHalfYear)
	}
	n := s.workers[k]
	if n == 0 {
		return nil, because(d.zero(s.spoke(k), s.def.source()))
	}
	return &n, nil
}

// zero is the code of the reason why a denominator of 0 is none: workers of 0 were not given,
// while a group of nobody is a group.
func (d *Denominator) zero(spoke bool, source Source) string {
	switch {
	case d.Kind == WorkersReporting:
		return ReasonDenominatorMissing
	case d.Kind == EstablishmentsDue || d.Kind == CommunesDue || d.Kind == ClinicsDue:
		return ReasonNoRegister
	case d.Kind == TreatedVictims:
		return ReasonNoTreated
	case !spoke:
		return silence(source)
	}
	return ReasonDenominatorZero
}
