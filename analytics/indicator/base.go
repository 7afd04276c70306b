package indicator

import (
	"cmp"
	"slices"

	"atvsld/analytics/store"
	"atvsld/seeds"
)

// Base figures are totals of years before there were reports, imported from printed
// statistics. The rules by which they serve:
//
//  1. A year in which any report of an indicator's source was filed, anywhere in the
//     country, is counted from reports alone: its base figures serve nobody, so that no
//     total is ever put together from both.
//  2. Otherwise every figure of the year is a base figure: the printed one of the asked
//     area, employment and section, never a sum over sections.
//  3. A total that is not printed is the sum of its parts only where all parts are:
//     with and without contract; all former provinces of a new one; all provinces of a
//     region; all provinces of one list for the nation. Else there is none, and the reason says so.
//  4. Among several imports of one number the best verified serves, of those the one
//     received last (store.BaseFigures).
//  5. Prints do not say whether accidents on the way to and from work are in them, so
//     they serve only where those are left out.
const baseRule = "base_figures@1"

// Provenance says what a figure was made from.
type Provenance string

// The provenances.
const (
	FromReports     Provenance = "reports"
	FromBaseFigures Provenance = "base_figures"
)

// BaseOrigin tells where an imported figure is from.
type BaseOrigin struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Rule    string       `json:"rule" doc:"Rule by which base figures serve, with its version"`
	Status  string       `json:"status" enum:"V,S,UNVERIFIED" doc:"How far the source was verified; of a sum, the least of its parts"`
	Sources []BaseSource `json:"sources" nullable:"false" doc:"Imports that the figure is made of"`
	Rivals  int          `json:"rivals" doc:"Other imports that give another value; listed under /v1/base-figures"`
}

// BaseSource is one import.
type BaseSource struct {
	Report    string `json:"report_id"`
	Unit      string `json:"unit" doc:"Authority that imported it"`
	Code      string `json:"code"`
	Reference string `json:"reference"`
}

type baseKey struct {
	year                     int
	place                    place
	measure                  string
	employment               Employment
	vsicVersion, vsicSection string
}

// bases are the chosen base figures of some years.
type bases struct {
	seeds     *seeds.Data
	geography Geography
	figures   map[baseKey]store.BaseFigure
	// reported are years in which measures were reported outside of what is shown.
	reported map[string][]int
}

func (e *Engine) bases(g Geography, set CellSet) bases {
	b := bases{seeds: e.seeds, geography: g, figures: map[baseKey]store.BaseFigure{}, reported: set.Reported}
	for _, f := range set.Base {
		if f.Chosen {
			b.figures[baseKey{f.Year, f.Province, f.Measure, Employment(f.Employment), f.VSICVersion, f.VSICSection}] = f
		}
	}
	return b
}

// baseSum is a base figure, or the sum of several. some tells, when it is not ok, that a
// part of it is there.
type baseSum struct {
	value    int64
	parts    []store.BaseFigure
	ok, some bool
}

func (s baseSum) plus(other baseSum) baseSum {
	return baseSum{s.value + other.value, slices.Concat(s.parts, other.parts), s.ok && other.ok, s.some || other.some}
}

// minus takes a sum off another, which prints that contradict each other make negative.
func (s baseSum) minus(other baseSum) baseSum {
	difference := s.plus(other)
	difference.value = s.value - other.value
	return difference
}

// total adds up parts, which must all be there. No parts are no total.
func total(parts ...baseSum) baseSum {
	sum := baseSum{ok: len(parts) > 0}
	for _, p := range parts {
		sum = sum.plus(p)
	}
	return sum
}

// get returns what was printed of exactly this key.
func (b bases) get(k baseKey) baseSum {
	f, ok := b.figures[k]
	if !ok {
		return baseSum{}
	}
	return baseSum{f.Value, []store.BaseFigure{f}, true, true}
}

// employed returns the figure of a key, with and without contract added up where only
// they are printed.
func (b bases) employed(k baseKey) baseSum {
	if printed := b.get(k); printed.ok || k.employment != "" {
		return printed
	}
	with, without := k, k
	with.employment, without.employment = Contract, NoContract
	return total(b.get(with), b.get(without))
}

// at returns the figure of an area: printed, or the sum over all its parts.
func (b bases) at(k baseKey) baseSum {
	printed := b.employed(k)
	if printed.ok || b.geography == Reported {
		return printed
	}
	sum := b.derived(k)
	sum.some = sum.some || printed.some
	return sum
}

// derived puts an area's figure together from those of other areas.
func (b bases) derived(k baseKey) baseSum {
	switch {
	case k.place == nation:
		return b.whole(k)
	case b.isRegion(k.place):
		return b.region(k)
	case k.place.List == seeds.List34:
		return b.all(k, b.seeds.Former(k.place.Code))
	case k.place.List == seeds.List63:
		return b.unchanged(k)
	}
	return baseSum{}
}

// whole adds up the provinces of one list.
func (b bases) whole(k baseKey) baseSum {
	old := b.all(k, b.seeds.Provinces(seeds.List63))
	if old.ok {
		return old
	}
	today := b.all(k, b.seeds.Provinces(seeds.List34))
	if today.ok {
		return today
	}
	return baseSum{some: old.some || today.some}
}

func (b bases) isRegion(p place) bool {
	_, ok := b.seeds.Region(p)
	return ok
}

// region adds up the provinces of a region, which prints do not give by these regions.
func (b bases) region(k baseKey) baseSum {
	region, _ := b.seeds.Region(k.place)
	parts := make([]baseSum, len(region.Provinces))
	for i, code := range region.Provinces {
		part := k
		part.place = place{List: k.place.List, Code: code}
		parts[i] = b.at(part)
	}
	return total(parts...)
}

func (b bases) all(k baseKey, units []seeds.Province) baseSum {
	parts := make([]baseSum, len(units))
	for i, unit := range units {
		part := k
		part.place = unit.Ref()
		parts[i] = b.employed(part)
	}
	return total(parts...)
}

// unchanged returns the figure of the new province that an old one became as a whole.
func (b bases) unchanged(k baseKey) baseSum {
	successor, ok := b.seeds.To34(k.place)
	if !ok {
		return baseSum{}
	}
	k.place = place{List: seeds.List34, Code: successor}
	printed := b.employed(k)
	if len(b.seeds.Former(successor)) > 1 {
		return baseSum{some: printed.ok}
	}
	return printed
}

// origin says where a sum is from.
func (s baseSum) origin() *BaseOrigin {
	rank := map[string]int{"V": 0, "S": 1, "UNVERIFIED": 2}
	o := &BaseOrigin{Rule: baseRule, Status: "V", Sources: []BaseSource{}}
	for _, p := range s.parts {
		if rank[p.Status] > rank[o.Status] {
			o.Status = p.Status
		}
		o.Rivals += p.Rivals
		o.Sources = append(o.Sources, BaseSource{p.ReportID.String(), p.Unit, p.Source, p.Reference})
	}
	slices.SortFunc(o.Sources, func(a, b BaseSource) int { return cmp.Compare(a.Report, b.Report) })
	o.Sources = slices.Compact(o.Sources)
	return o
}

// onBase tells whether figures of a year come from base figures.
func (s sums) onBase(year int) bool {
	return len(s.base.figures) > 0 && s.def.source() != SourceRegister && !s.options.IncludeCommuting && s.period != H2 &&
		!s.splitsBy(ByMonth) && s.cut() == "" && !s.covered[year] && !s.reportedElsewhere(year)
}

func (s sums) reportedElsewhere(year int) bool {
	return slices.ContainsFunc(append(presence(s.def.source()), s.numeratorMeasures()...), func(measure string) bool {
		return slices.Contains(s.base.reported[measure], year)
	})
}

// baseOf returns the base figure of a key: the sum of the measures, for the workers that
// count.
func (s sums) baseOf(k figureKey, measures []string) baseSum {
	parts := make([]baseSum, 0, len(measures))
	for _, m := range measures {
		key := baseKey{year: k.year, place: k.place, measure: m, vsicVersion: k.split.vsicVersion, vsicSection: k.split.vsicSection}
		parts = append(parts, s.baseEmployed(k, key))
	}
	return total(parts...)
}

func (s sums) baseEmployed(k figureKey, key baseKey) baseSum {
	if s.splitsBy(ByEmployment) {
		key.employment = k.split.employment
		return s.base.at(key)
	}
	switch {
	case s.counts(Contract) && s.counts(NoContract):
		return s.base.at(key)
	case s.counts(Contract):
		key.employment = Contract
	default:
		key.employment = NoContract
	}
	return s.base.at(key)
}

// fromBase computes the figure of a year without reports.
func (s sums) fromBase(k figureKey) Figure {
	f := Figure{DenominatorReason: because(ReasonCount)}
	numerator := s.baseOf(k, s.def.Numerator.Measures)
	if minus := s.def.Numerator.Minus; len(minus) > 0 {
		numerator = numerator.minus(s.baseOf(k, minus))
	}
	f.Numerator, f.NumeratorReason = countable(numerator.figure(s.silence()))
	sources := numerator
	if s.denominator != nil {
		var workers baseSum
		workers, f.DenominatorReason = s.workersFromBase(k)
		if f.DenominatorReason == nil {
			f.Denominator = &workers.value
			sources = sources.plus(workers)
		}
		if s.denominator.Reference != "" {
			f.Reference = s.reference(k).origin()
		}
	}
	if f.Numerator != nil {
		f.Source, f.Base = FromBaseFigures, sources.origin()
	}
	return f.divide(s)
}

func (s sums) workersFromBase(k figureKey) (baseSum, *Reason) {
	d := s.denominator
	if d.Missing != "" {
		return baseSum{}, because(d.Missing)
	}
	if d.Reference != "" {
		n, reason := s.referenceOf(k)
		if reason != nil {
			return baseSum{}, reason
		}
		return baseSum{value: *n, ok: true, some: true}, nil
	}
	if k.place != nation && d.place() != s.def.place() {
		return baseSum{}, because(ReasonWorkersBySite)
	}
	workers := s.baseOf(k, d.Measures)
	if !workers.ok || workers.value == 0 {
		return baseSum{}, because(ReasonDenominatorMissing)
	}
	return workers, nil
}

func (s baseSum) figure(otherwise string) (*int64, *Reason) {
	switch {
	case s.ok:
		return &s.value, nil
	case s.some:
		return nil, because(ReasonBaseParts)
	}
	return nil, because(otherwise)
}

// splitsOf returns the splits that base figures have in an area.
func (s sums) splitsOf(p place) []split {
	var out []split
	for k := range s.base.figures {
		by := split{}
		if s.splitsBy(ByVSIC) {
			by.vsicVersion, by.vsicSection = k.vsicVersion, k.vsicSection
		}
		if s.splitsBy(ByEmployment) {
			by.employment = k.employment
		}
		if k.place == p && s.onBase(k.year) && slices.Contains(s.def.Numerator.Measures, k.measure) {
			out = append(out, by)
		}
	}
	return out
}
