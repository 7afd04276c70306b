package indicator

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"atvsld/analytics/store"
)

var idForm = regexp.MustCompile(`^[A-Z][A-Za-z0-9-]{1,19}$`)

// checker collects every mistake of one file.
type checker struct{ errs []error }

func (c *checker) fail(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

func (c *checker) text(field string, t Text) {
	for language, s := range map[string]string{"vi": t.VI, "en": t.EN} {
		if strings.TrimSpace(s) == "" {
			c.fail("%s.%s is empty", field, language)
		}
		if !norm.NFC.IsNormalString(s) {
			c.fail("%s.%s is not in Unicode form NFC", field, language)
		}
	}
}

func (c *checker) oneOf(field, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		c.fail("%s: %q is none of %s", field, value, strings.Join(allowed, ", "))
	}
}

func unique[T comparable](c *checker, field string, values []T) {
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			c.fail("%s: %v is named twice", field, v)
		}
	}
}

// check returns every mistake of an indicator's file.
func (d *Definition) check(file string) []error {
	c := &checker{}
	if !idForm.MatchString(d.ID) || path.Base(file) != d.ID+".yaml" {
		c.fail("id %q is not an identifier that names its file", d.ID)
	}
	if d.Version < 1 {
		c.fail("version %d is not positive", d.Version)
	}
	c.text("name", d.Name)
	c.text("formula", d.Formula)
	c.oneOf("direction", string(d.Direction), string(LowerIsBetter), string(HigherIsBetter))
	c.oneOf("interval", string(d.Interval), string(IntervalPoisson), string(IntervalScore), string(IntervalNone))
	if _, known := reasonTexts[d.IntervalMissing]; d.IntervalMissing != "" && (!known || d.Interval != IntervalNone) {
		c.fail("interval_missing: %q is not the code of a reason, or there is an interval", d.IntervalMissing)
	}
	d.checkSources(c)
	if d.checkNumerator(c) {
		d.checkDenominators(c)
		d.checkSplits(c)
	}
	return c.errs
}

func (d *Definition) checkSources(c *checker) {
	statuses := []string{"V", "S", "CONVENTION", "UNVERIFIED"}
	c.oneOf("status", d.Status, statuses...)
	if len(d.Sources) == 0 {
		c.fail("sources: none is named")
	}
	for i, s := range d.Sources {
		if strings.TrimSpace(s.Text) == "" {
			c.fail("sources[%d].text is empty", i)
		}
		c.oneOf(fmt.Sprintf("sources[%d].status", i), s.Status, statuses...)
	}
	c.oneOf("comparability.death_within_one_year", d.Comparable.DeathWithinOneYear, "no_limit", notApplicable)
	c.oneOf("comparability.over_three_days", d.Comparable.OverThreeDays, "not_required", notApplicable)
	c.oneOf("comparability.commuting", d.Comparable.Commuting, commutingExcluded, commutingNever, commutingWithin, notApplicable)
}

// checkNumerator reports whether the numerator can be read at all.
func (d *Definition) checkNumerator(c *checker) bool {
	if !c.measures("numerator.measures", d.Numerator.Measures) {
		return false
	}
	if len(d.Numerator.Minus) > 0 && !c.measures("numerator.measures and minus", slices.Concat(d.Numerator.Measures, d.Numerator.Minus)) {
		return false
	}
	c.employment("numerator.employment", d.Numerator.Employment)
	if d.commutes() && !canCommute(d.source()) {
		c.fail("comparability.commuting: %s know no commuting accidents", d.source())
	}
	if d.Numerator.Complete && d.source() != SourcePeriodic {
		c.fail("numerator.complete: only periodic reports have parts that others report on")
	}
	return true
}

// measures checks that all are known and come from one source and place: a sum over two
// sources would count one accident twice, one over two places would belong to no province.
func (c *checker) measures(field string, names []string) bool {
	if len(names) == 0 {
		c.fail("%s: none is named", field)
		return false
	}
	unique(c, field, names)
	ok := true
	for _, name := range names {
		if _, known := measures[name]; !known {
			c.fail("%s: %q is not a measure", field, name)
			ok = false
		}
	}
	for _, name := range names[1:] {
		if ok && measures[name] != measures[names[0]] {
			c.fail("%s: %s and %s come from different sources or places", field, names[0], name)
		}
	}
	return ok
}

func (c *checker) employment(field string, values []Employment) {
	unique(c, field, values)
	for _, v := range values {
		c.oneOf(field, string(v), string(Contract), string(NoContract))
	}
}

func (d *Definition) checkDenominators(c *checker) {
	d.checkFactors(c)
	kinds := make([]DenominatorKind, len(d.Denominators))
	for i, den := range d.Denominators {
		kinds[i] = den.Kind
		den.check(c, fmt.Sprintf("denominators[%d]", i))
	}
	unique(c, "denominators", kinds)
	if d.source() == SourceRegister && !slices.ContainsFunc(d.Denominators, func(den Denominator) bool { return len(den.Measures) > 0 }) {
		c.fail("denominators: counts of the register are told only beside the units that owe the report")
	}
}

func (d *Definition) checkFactors(c *checker) {
	if len(d.Factors) == 0 {
		c.fail("factors: none is named")
	}
	values := make([]int64, len(d.Factors))
	for i, f := range d.Factors {
		values[i] = f.Value
		c.text(fmt.Sprintf("factors[%d].unit", i), f.Unit)
		if f.Value < 1 || len(d.Denominators) == 0 && f.Value != 1 {
			c.fail("factors: %d: positive for a rate, 1 for a count", f.Value)
		}
	}
	unique(c, "factors", values)
}

func (d *Denominator) check(c *checker, field string) {
	c.oneOf(field+".kind", string(d.Kind), denominatorKinds...)
	c.employment(field+".employment", d.Employment)
	if _, known := reasonTexts[d.Missing]; d.Missing != "" && !known {
		c.fail("%s.missing: %q is not the code of a reason", field, d.Missing)
	}
	c.oneOf(field+".reference", d.Reference, "", ReferenceWorkers)
	ways := 0
	for _, given := range []bool{len(d.Measures) > 0, d.Reference != "", d.Missing != ""} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		c.fail("%s has either measures, or a reference, or the reason why it is missing", field)
	}
	if len(d.Measures) > 0 {
		c.measures(field+".measures", d.Measures)
	}
}

func (d *Definition) checkSplits(c *checker) {
	unique(c, "dimensions", d.Dimensions)
	for _, dim := range d.Dimensions {
		c.oneOf("dimensions", string(dim), texts(Dimensions())...)
		switch {
		case dim == ByMonth && (!isEvent(d.source()) || d.isRate()):
			c.fail("dimensions: only counts of accident cases have months")
		case dim.isCut():
			d.checkCut(c, dim)
		}
	}
	if len(d.Periods) == 0 {
		c.fail("periods: none is named")
	}
	unique(c, "periods", d.Periods)
	for _, p := range d.Periods {
		c.oneOf("periods", string(p), string(Year), string(H1), string(H2))
		if p != Year && !hasHalfYears(d.source()) {
			c.fail("periods: %s have no half-years", d.source())
		}
	}
}

// checkCut: what is counted and what it is divided by must both be told by the cut, and by
// the same reports: the members of two sources are not the same.
func (d *Definition) checkCut(c *checker, cut Dimension) {
	names := counter{def: d, options: Options{IncludeCommuting: d.commutes()}}.numeratorMeasures()
	for i := range d.Denominators {
		den := &d.Denominators[i]
		names = append(names, den.Measures...)
		if len(den.Measures) > 0 && measures[den.Measures[0]].source != d.source() {
			c.fail("dimensions: %s: numerator and denominator %s come from different sources", cut, den.Kind)
		}
	}
	for _, name := range names {
		if !store.Splits(name, store.Dim(cut)) {
			c.fail("dimensions: %s cannot be split by %s", name, cut)
		}
	}
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// source of the numerator's measures, which loading proved to be one.
func (d *Definition) source() Source { return measures[d.Numerator.Measures[0]].source }

func (d *Definition) place() Place { return measures[d.Numerator.Measures[0]].place }

func (d *Definition) isRate() bool { return len(d.Denominators) > 0 }

func (d *Denominator) place() Place { return measures[d.Measures[0]].place }

func (d *Definition) commutes() bool { return d.Comparable.Commuting == commutingExcluded }

// factor returns the asked multiplier, the first for 0.
func (d *Definition) factor(value int64) (Factor, bool) {
	i := slices.IndexFunc(d.Factors, func(f Factor) bool { return value == 0 || f.Value == value })
	if i < 0 {
		return Factor{}, false
	}
	return d.Factors[i], true
}

// denominator returns the asked kind, the first when none is asked, nil for a count.
func (d *Definition) denominator(kind DenominatorKind) (*Denominator, bool) {
	if kind == "" {
		if len(d.Denominators) == 0 {
			return nil, true
		}
		return &d.Denominators[0], true
	}
	i := slices.IndexFunc(d.Denominators, func(den Denominator) bool { return den.Kind == kind })
	if i < 0 {
		return nil, false
	}
	return &d.Denominators[i], true
}
