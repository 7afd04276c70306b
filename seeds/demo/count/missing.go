package count

import (
	"maps"
	"slices"
	"time"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// Missing returns the registered employers who owe an Annex XII on the period and had not
// filed it at a moment after its legal time, by province of the list of 34 in which their
// head office was on the last day of the period. Whoever was named by the report of the
// own head office, exempted, or still had time by an extension is not missing.
func (c *Counter) Missing(period report.Period, at time.Time) map[string][]string {
	done := map[string]bool{}
	for _, f := range c.reports {
		if f.first.After(at) {
			continue
		}
		switch content := f.content.(type) {
		case *report.Annex:
			if content.Period != period {
				continue
			}
			done[content.Reporter.Unit()] = true
			for _, branch := range content.CoversBranches {
				if branch.Base() == content.Reporter.TaxCode {
					done[string(branch)+"/0"] = true
				}
			}
		case *report.Relief:
			if content.Period == period && content.Obligation == report.AnnexXII &&
				(content.Grant == report.GrantExempt || at.Before(content.DueBy.AddDays(1).Start())) {
				done[content.Relieved.Unit()] = true
			}
		}
	}
	missing := map[string]map[string]bool{}
	for _, f := range c.reports {
		r, ok := f.content.(*report.Registration)
		if !ok || r.Registered.Type != report.Establishment || done[r.Registered.Unit()] || !in(r.Active, period.End()) {
			continue
		}
		for _, stay := range r.HeadOffice {
			if code, ok := c.seeds.To34(stay.Province); ok && in(stay.Span, period.End()) {
				if missing[code] == nil {
					missing[code] = map[string]bool{}
				}
				missing[code][r.Registered.Unit()] = true
			}
		}
	}
	sorted := make(map[string][]string, len(missing))
	for code, units := range missing {
		sorted[code] = slices.Sorted(maps.Keys(units))
	}
	return sorted
}

func in(s report.Span, day seeds.Date) bool {
	return !day.Before(s.From) && (s.To.IsZero() || !day.After(s.To))
}
