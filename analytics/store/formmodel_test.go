package store_test

import (
	"maps"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// counts are the measures of a form, or of a row of it.
type counts map[string]int64

func countsOf(v report.Measures) counts {
	return counts{
		store.Accidents: int64(v.Accidents), store.AccidentsFatalForm: int64(v.AccidentsFatal), store.AccidentsMulti: int64(v.AccidentsMulti),
		store.Victims: int64(v.Victims), store.VictimsOutside: int64(v.VictimsOutside), store.Women: int64(v.Women), store.WomenOutside: int64(v.WomenOutside),
		store.DeathsForm: int64(v.Deaths), store.DeathsFormOutside: int64(v.DeathsOutside), store.Serious: int64(v.Serious), store.SeriousOutside: int64(v.SeriousOutside),
	}
}

// less returns what others leave of c.
func (c counts) less(others ...counts) counts {
	left := maps.Clone(c)
	for _, other := range others {
		for measure, n := range other {
			left[measure] -= n
		}
	}
	return left
}

// women returns the women of each measure that tells how many they are, and the rest.
func (c counts) women() (women, rest counts) {
	women = counts{store.Victims: c[store.Women], store.VictimsOutside: c[store.WomenOutside], store.Women: c[store.Women], store.WomenOutside: c[store.WomenOutside]}
	rest = counts{}
	for measure, n := range women {
		rest[measure] = c[measure] - n
	}
	return women, rest
}

func (c counts) add(base fact, prefix string, add func(fact, string, int64)) {
	for measure, n := range c {
		add(base, prefix+measure, n)
	}
}

// classOf is the class of an establishment by its workers.
func classOf(workers uint32) string {
	class := ""
	for _, c := range seeds.Default().WorkerClasses() {
		if int64(workers) >= c.Least {
			class = c.Code
		}
	}
	return class
}

func periodOf(p report.Period) string {
	if p.HalfYear() {
		return "H1"
	}
	return "Y"
}

func annexFacts(c *report.Annex, add func(fact, string, int64)) {
	base := fact{year: c.Period.Year(), period: periodOf(c.Period), province: c.Reporter.Province,
		version: c.Industry.Version, section: c.Industry.Section(), employment: store.Contract}
	total, commuting := countsOf(c.Total(report.BlockAccidents)), countsOf(c.Total(report.BlockCommuting))
	for _, f := range []fact{base, base.in(store.BySizeClass, classOf(c.Workers.Total))} {
		add(f, store.Reports, 1)
		add(f, store.WorkersReporting, int64(c.Workers.Total))
		total.add(f, "", add)
		commuting.add(f, "commuting_", add)
	}
	if c.HoursWorked > 0 {
		add(base, store.HoursWorked, int64(c.HoursWorked))
		add(base, store.ReportsWithHours, 1)
		add(base, store.DaysOffWithHours, int64(c.Damage.DaysOff))
		add(base, store.VictimsWithHours, total[store.Victims])
		add(base, store.Commuting(store.VictimsWithHours), commuting[store.Victims])
	}
	for block, cut := range map[report.Block]store.Dim{report.BlockCause: store.ByCause, report.BlockFactor: store.ByFactor} {
		left := total
		for _, row := range c.Rows {
			if row.Block == block {
				countsOf(row.Measures).add(base.in(cut, row.Code), "", add)
				left = left.less(countsOf(row.Measures))
			}
		}
		left.add(base.in(cut, ""), "", add)
		commuting.add(base.in(cut, ""), "commuting_", add)
	}
	bySex(base, total, "", add)
	bySex(base, commuting, "commuting_", add)
	add(base.in(store.BySex, store.Female), store.WorkersReporting, int64(c.Workers.Women))
	add(base.in(store.BySex, store.Rest), store.WorkersReporting, int64(c.Workers.Total)-int64(c.Workers.Women))
}

func bySex(base fact, c counts, prefix string, add func(fact, string, int64)) {
	women, rest := c.women()
	women.add(base.in(store.BySex, store.Female), prefix, add)
	rest.add(base.in(store.BySex, store.Rest), prefix, add)
}

func communeFacts(c *report.Commune, add func(fact, string, int64)) {
	base := fact{year: c.Period.Year(), period: periodOf(c.Period), province: c.Reporter.Province, employment: store.NoContract}
	total := countsOf(c.Total)
	left := total
	for _, row := range c.Causes {
		countsOf(row.Measures).add(base.in(store.ByCause, row.Code), "", add)
		left = left.less(countsOf(row.Measures))
	}
	left.add(base.in(store.ByCause, ""), "", add)

	parts := func(of fact, c counts) {
		for _, split := range []store.Dim{"", store.ByFactor, store.BySizeClass} {
			c.add(of.in(split, ""), "", add)
		}
		bySex(of, c, "", add)
	}
	left = total
	for _, s := range c.Sectors {
		bySection := base
		bySection.version, bySection.section = s.Industry.Version, s.Industry.Section()
		parts(bySection, countsOf(s.Measures))
		left = left.less(countsOf(s.Measures))
	}
	parts(base, left)
	for _, split := range []store.Dim{"", store.BySizeClass} {
		add(base.in(split, ""), store.Reports, 1)
	}
}
