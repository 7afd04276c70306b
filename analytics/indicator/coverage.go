package indicator

import (
	"math/big"
	"slices"

	"atvsld/analytics/obligation"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// DefaultCoveragePoints is by how many percentage points coverage may move between two years
// before coverage_changed is set. No text sets a limit: a convention of this platform.
const DefaultCoveragePoints = 5

// Share is a part of a whole; its value is null, with a reason, when the whole is not known.
type Share struct {
	Value       *float64 `json:"value" doc:"Share from 0 to 1; null when it is not known"`
	Numerator   *int64   `json:"numerator" doc:"Registered units that did"`
	Denominator *int64   `json:"denominator" doc:"Registered units that had to"`
	Reason      *Reason  `json:"reason" doc:"Why the value is null"`
}

func shareOf(n, of int64) Share {
	v := rate(exact{n, of}, 1)
	return Share{Value: &v, Numerator: &n, Denominator: &of}
}

// CoverageOf is the share of registered units that reported, of those that are due.
func CoverageOf(reported, due int64) Share {
	if due == 0 {
		return noShare(ReasonNoRegister)
	}
	return shareOf(reported, due)
}

func noShare(code string) Share { return Share{Reason: because(code)} }

// Coverage says of how many that must report a figure is: among the registered units that
// owe the report behind it for the year (Decree 39/2016/ND-CP Annexes XIV and XV list
// establishments in total and reporting), those that filed it. It is of the same area, by
// head office, and of the same section, as registered.
//
// The report behind accident cases is Annex XII: nobody declares that nothing happened, but
// every establishment owes Annex XII, even with zero accidents, and so says that it is
// watching. Split by employment, the communes report on those without a contract. The second
// half-year has no report of its own: its coverage is that of the year.
type Coverage struct {
	Share
	Kind       string `json:"kind" doc:"Kind of report whose reporters are counted, as in annex_xii"`
	Timeliness Share  `json:"timeliness" doc:"Of the units that had to, those that filed within the legal time or an extension of it"`
}

// CoverageComparison is the coverage of the two years compared, and what it means for them.
type CoverageComparison struct {
	Coverage         Coverage `json:"coverage"`
	PreviousCoverage Coverage `json:"previous_coverage"`
	CoverageChanged  *bool    `json:"coverage_changed" doc:"Whether coverage moved by more than coverage_points, so that the years compare badly; null while it is not known"`
	CoverageReason   *Reason  `json:"coverage_changed_reason" doc:"Why it is not known"`
	FallWithCoverage *Reason  `json:"fall_with_coverage" doc:"Set where the figure fell and coverage fell with it, by however little: a fall that may be one of reporting. Null otherwise, and while coverage is not known"`
}

// reportBehind returns the kind of report that figures depend on.
func (c counter) reportBehind(by split) string {
	switch c.def.source() {
	case SourceDisease:
		return "disease_report"
	case SourceMonitoring, SourceHazards:
		return "monitoring_report"
	case SourceClinics:
		return "clinic_report"
	case SourceOSH:
		return "osh_report"
	case SourceTraining:
		return "training_report"
	case SourceInsurance:
		return "insurance_report"
	case SourceInquiries, SourceInvestigations:
		return "investigation"
	case SourceRegister:
		return dueMeasures[c.def.Numerator.Measures[0]].Kind
	}
	if by.employment == NoContract {
		return "commune_report"
	}
	return "annex_xii"
}

// coverageMeasures are those that coverage is counted from.
func (c counter) coverageMeasures() []string {
	if c.options.WithoutCoverage {
		return nil
	}
	kinds := []string{c.reportBehind(split{})}
	if c.splitsBy(ByEmployment) {
		kinds = append(kinds, c.reportBehind(split{employment: NoContract}))
	}
	var names []string
	for _, d := range store.Dues() {
		if slices.Contains(kinds, d.Kind) {
			names = append(names, d.Due, d.Reported, d.OnTime)
		}
	}
	return names
}

// reporterKey is where and when reports of a kind are due; whole for all sections together.
type reporterKey struct {
	kind             string
	year             int
	place            place
	whole            bool
	version, section string
}

type reporterCount struct{ due, reported, onTime int64 }

// reporting is how registered units reported, as far as one answer asks.
type reporting struct {
	set    CellSet
	view   View
	counts map[reporterKey]reporterCount
	// versions of VSIC that an area's reporters are registered in, under the key of the whole.
	versions map[reporterKey][]string
	// owed is what the law asks for, by kind and year.
	owed map[reporterKey]obligation.Owed
}

// reporting reads who reported, of the years of an answer, from the cells that beside those of
// the figure prove that a source spoke. c tells the period and whether areas are regions.
func (e *Engine) reporting(c counter, set CellSet, beside []Cell, view View, from, to int) reporting {
	r := reporting{set: set, view: view, counts: map[reporterKey]reporterCount{}, versions: map[reporterKey][]string{}, owed: map[reporterKey]obligation.Owed{}}
	periodType := seeds.PeriodYear
	if c.period == H1 {
		periodType = seeds.PeriodHalf
	}
	for year := from; year <= to; year++ {
		for _, o := range obligation.Of(e.seeds, year) {
			if o.PeriodType == periodType {
				r.owed[reporterKey{kind: o.Kind, year: year}] = o
			}
		}
	}
	for _, cell := range beside {
		r.add(cell, c.placeIn(e.seeds, cell))
	}
	return r
}

func (r reporting) add(cell Cell, at place) {
	kind, n, ok := countOf(cell)
	if !ok {
		return
	}
	for _, p := range []place{nation, at} {
		whole := reporterKey{kind: kind, year: cell.Year, place: p, whole: true}
		part := reporterKey{kind: kind, year: cell.Year, place: p, version: cell.VSICVersion, section: cell.VSICSection}
		r.counts[whole], r.counts[part] = r.counts[whole].plus(n), r.counts[part].plus(n)
		if cell.VSICVersion != "" && !slices.Contains(r.versions[whole], cell.VSICVersion) {
			r.versions[whole] = append(r.versions[whole], cell.VSICVersion)
		}
	}
}

// countOf reads a cell of reporters; ok is false for any other.
func countOf(cell Cell) (kind string, n reporterCount, ok bool) {
	d, ok := dueMeasures[cell.Measure]
	switch cell.Measure {
	case d.Due:
		n.due = cell.Value
	case d.Reported:
		n.reported = cell.Value
	case d.OnTime:
		n.onTime = cell.Value
	}
	return d.Kind, n, ok
}

// dueMeasures finds the kind of report that a measure of reporters belongs to.
var dueMeasures = func() map[string]store.DueMeasures {
	all := map[string]store.DueMeasures{}
	for _, d := range store.Dues() {
		all[d.Due], all[d.Reported], all[d.OnTime] = d, d, d
	}
	return all
}()

func (n reporterCount) plus(m reporterCount) reporterCount {
	return reporterCount{n.due + m.due, n.reported + m.reported, n.onTime + m.onTime}
}

// coverage is that of a figure, which may be imported.
func (r reporting) coverage(c counter, k figureKey, source Provenance) Coverage {
	out := Coverage{Kind: c.reportBehind(k.split)}
	whole := reporterKey{kind: out.Kind, year: k.year, place: k.place, whole: true}
	key := whole
	if c.splitsBy(ByVSIC) {
		key.whole, key.version, key.section = false, k.split.vsicVersion, k.split.vsicSection
	}
	n := r.counts[key]
	if why := r.unknown(c, whole, key, n, source); why != "" {
		out.Share, out.Timeliness = noShare(why), noShare(why)
		return out
	}
	out.Share, out.Timeliness = shareOf(n.reported, n.due), shareOf(n.onTime, n.due)
	if r.owed[reporterKey{kind: out.Kind, year: k.year}].DueBefore.IsZero() {
		out.Timeliness = noShare(ReasonNoDueDate)
	}
	return out
}

// unknown names why a coverage is not known, "" when it is.
func (r reporting) unknown(c counter, whole, key reporterKey, n reporterCount, source Provenance) string {
	closing, closed := r.set.Closed[key.year]
	versions := r.versions[whole]
	switch {
	case c.options.WithoutCoverage:
		return ReasonNotAsked
	case source == FromBaseFigures:
		return ReasonImported
	case r.view == Closed && !closed:
		return ReasonNotClosed
	case r.view == Closed && !closing.holds(c.coverageMeasures(), ""):
		return ReasonNotFrozen
	case key.version != "" && len(versions) > 0 && !slices.Equal(versions, []string{key.version}) && c.def.source() != SourceRegister:
		// Sections of two versions do not correspond one by one.
		return ReasonOtherVersion
	case n.due > 0:
		return ""
	case r.running(key):
		return ReasonNotOver
	}
	return ReasonNoRegister
}

// running tells whether the period was not over when the figures were read.
func (r reporting) running(key reporterKey) bool {
	o, ok := r.owed[reporterKey{kind: key.kind, year: key.year}]
	return ok && r.view == Live && !r.set.Today.IsZero() && !o.Last.Before(r.set.Today)
}

// compareCoverage fills in what the coverage of both years says about their comparison.
// Of a target without an indicator there is no coverage, for the same reason as no figure.
func (i *Item) compareCoverage(r reporting, a assessment, p place, points int64) {
	if a.method.missing != "" {
		none := Share{Reason: i.Reason}
		i.Coverage, i.PreviousCoverage, i.CoverageReason = Coverage{Share: none, Timeliness: none}, Coverage{Share: none, Timeliness: none}, i.Reason
		return
	}
	c := a.counter
	i.Coverage = r.coverage(c, figureKey{year: i.Current.Year, place: p}, i.Current.Source)
	i.PreviousCoverage = r.coverage(c, figureKey{year: i.Previous.Year, place: p}, i.Previous.Source)
	for _, covered := range []Coverage{i.PreviousCoverage, i.Coverage} {
		if covered.Reason != nil {
			i.CoverageReason = covered.Reason
			return
		}
	}
	moved := new(big.Rat).Sub(i.Coverage.rat(), i.PreviousCoverage.rat())
	changed := new(big.Rat).Abs(moved).Cmp(big.NewRat(points, 100)) > 0
	i.CoverageChanged = &changed
	current, okCurrent := i.Current.exact()
	previous, okPrevious := i.Previous.exact()
	if okCurrent && okPrevious && moved.Sign() < 0 && current.rat().Cmp(previous.rat()) < 0 {
		i.FallWithCoverage = because(ReasonFallWithCoverage)
	}
}

// rat is a known share.
func (s Share) rat() *big.Rat { return big.NewRat(*s.Numerator, *s.Denominator) }
