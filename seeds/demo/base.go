package demo

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// FirstBaseYear is the first year that figures were found in print for. The years from
// here to FirstYear have no reports: printed figures of them are imported, so that the
// first year of reports has one to be compared with. They are real, unlike the rest.
const FirstBaseYear = 2012

// baseMetrics are the published metrics that are measures of base figures.
var baseMetrics = []struct{ metric, measure string }{
	{"accidents_all", "accidents"}, {"fatal_accidents_all", "fatal_accidents"}, {"multi_victim_accidents_all", "accidents_multi"},
	{"victims_all", "victims"}, {"female_victims_all", "women"}, {"deaths_all", "deaths"}, {"serious_all", "serious"},
}

// baseImport is what was printed of one area and period.
type baseImport struct {
	area, period, source string
	figures              []seeds.Statistic
}

// baseImports gathers the exact figures of a year in a fixed order.
func (g *generator) baseImports(of int) []baseImport {
	var all []baseImport
	for _, s := range g.data.Statistics() {
		_, whole := s.Int()
		if s.Year != of || !whole || measureOfBase(s.Metric) == "" || s.Verified == seeds.StatusDerived || s.Verified == seeds.StatusOwn {
			continue
		}
		period := strconv.Itoa(of)
		if s.Period == "H1" {
			period += "H1"
		}
		i := slices.IndexFunc(all, func(b baseImport) bool { return b.area == s.Area && b.period == period && b.source == s.Source })
		if i < 0 {
			i, all = len(all), append(all, baseImport{area: s.Area, period: period, source: s.Source})
		}
		all[i].figures = append(all[i].figures, s)
	}
	slices.SortStableFunc(all, func(a, b baseImport) int { return cmp.Or(cmp.Compare(a.period, b.period), cmp.Compare(a.area, b.area)) })
	return all
}

func measureOfBase(metric string) string {
	for _, m := range baseMetrics {
		if m.metric == metric {
			return m.measure
		}
	}
	return ""
}

// baseStreams import the printed figures of the years before FirstYear, on the first
// working days of that year; there are none with later years alone.
func (g *generator) baseStreams(of int) []*stream {
	if of != FirstYear {
		return nil
	}
	var opened []*stream
	for year := FirstBaseYear; year < FirstYear; year++ {
		imports := g.baseImports(year)
		if len(imports) == 0 {
			continue
		}
		opened = append(opened, g.baseStream(year, imports))
	}
	return opened
}

func (g *generator) baseStream(year int, imports []baseImport) *stream {
	const minute = int64(time.Minute / time.Millisecond)
	start := midnight(FirstYear, time.January, 4) + int64(8*60+30*(year-FirstBaseYear))*minute
	s := &stream{next: start, year: year}
	at := 0
	s.advance = func(w *writer) (bool, error) {
		w.baseFigures(imports[at])
		at++
		s.next = start + int64(at)*minute
		return at < len(imports), nil
	}
	return s
}

// baseFigures writes an import. The nation's is filed by the authority of Hà Nội, a
// province's by its own.
func (w *writer) baseFigures(b baseImport) {
	name, province := "Hà Nội", ""
	if b.area != seeds.AreaNational {
		name = b.area
	}
	if p, ok := w.g.data.ProvinceByName(seeds.List63, name); ok {
		province = `{"list":"63","code":"` + p.Code + `"}`
	}
	w.envelope(report.BaseFiguresReport, 1, "")
	w.raw(`"reporter":{"type":"authority","authority":"labour","name":"Sở Lao động - Thương binh và Xã hội ` + name + ` (mẫu)","province":` + province + `},`)
	if b.area == seeds.AreaNational {
		w.raw(`"nation":true`)
	} else {
		w.raw(`"province":` + province)
	}
	w.raw(`,"period":"` + b.period + `","source":{"code":"published","reference":`)
	w.text(b.source)
	w.raw(`},"figures":[`)
	for i, s := range b.figures {
		if i > 0 {
			w.raw(`,`)
		}
		w.raw(`{"measure":"` + measureOfBase(s.Metric) + `","value":` + s.Value + `,"status":"` + string(s.Verified) + `"}`)
	}
	w.raw(`]`)
	w.end()
}
