package store_test

import (
	"maps"
	"slices"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

// yearAndHalf are the reports of one unit on a year and on its first half.
type yearAndHalf struct{ year, half report.Content }

// secondHalves counts what is left of a year without its first half, of who filed both.
func (m *model) secondHalves(add func(fact, string, int64)) {
	type key struct {
		commune bool
		unit    string
		year    int
	}
	all := map[key]yearAndHalf{}
	for _, one := range m.current {
		annex, isAnnex := one.content.(*report.Annex)
		_, isCommune := one.content.(*report.Commune)
		if !isAnnex && !isCommune || isAnnex && m.covered(annex) {
			continue
		}
		id := one.content.Identity()
		k := key{isCommune, id.Unit, id.StatYear}
		pair := all[k]
		if report.Period(id.Period).HalfYear() {
			pair.half = one.content
		} else {
			pair.year = one.content
		}
		all[k] = pair
	}
	for _, pair := range all {
		if pair.year != nil && pair.half != nil {
			pair.left(add)
		}
	}
}

func (b yearAndHalf) left(add func(fact, string, int64)) {
	base, whole := totalsOf(b.year)
	_, first := totalsOf(b.half)
	base.period, base.split = "H2", "*"
	workers := whole[store.WorkersReporting]
	for _, other := range []string{store.Reports, store.WorkersReporting} {
		delete(whole, other)
		delete(first, other)
	}
	below := func(measure string) bool { return whole[measure] < first[measure] }
	switch {
	case !slices.Equal(branchesOf(b.year), branchesOf(b.half)):
		add(base, store.OtherBranches, 1)
	case slices.ContainsFunc(slices.Collect(maps.Keys(first)), below):
		add(base, store.YearBelowHalf, 1)
	default:
		add(base, store.Reports, 1)
		add(base, store.WorkersReporting, workers)
		for measure, n := range whole {
			add(base, measure, n-first[measure])
		}
	}
}

// totalsOf sums a report up, and says of whom it is.
func totalsOf(c report.Content) (base fact, sums map[string]int64) {
	sums = map[string]int64{}
	add := func(f fact, measure string, n int64) {
		if f.split == "" {
			sums[measure] += n
		}
	}
	switch c := c.(type) {
	case *report.Annex:
		form := *c
		form.HoursWorked = 0 // rates per hour are of whole years and first halves
		annexFacts(&form, add)
		base = fact{year: c.Period.Year(), province: c.Reporter.Province, version: c.Industry.Version, section: c.Industry.Section(), employment: store.Contract}
	case *report.Commune:
		communeFacts(c, add)
		base = fact{year: c.Period.Year(), province: c.Reporter.Province, employment: store.NoContract}
	}
	return base, sums
}

func branchesOf(c report.Content) []report.TaxCode {
	annex, ok := c.(*report.Annex)
	if !ok {
		return nil
	}
	return slices.Sorted(slices.Values(annex.CoversBranches))
}
