package seeds

import (
	"slices"
	"strconv"
)

// AreaNational is the area of a national figure.
const AreaNational = "national"

// FlagInconsistent marks cells that contradict each other in print, so that no
// set of records can reproduce them.
const FlagInconsistent = "inconsistent"

// Statistic is one published figure. Metrics end in _all, _contract (workers
// with an employment relationship) or _nocontract.
type Statistic struct {
	Year     int    `json:"year"`
	Period   string `json:"period"` // "Y" or "H1"
	Metric   string `json:"metric"`
	Area     string `json:"area"`  // "national" or the Vietnamese name of a unit of List63
	Value    string `json:"value"` // as printed; "<6", "~300000" and ">38000" are bounds or roundings
	Unit     string `json:"unit"`
	Source   string `json:"source"`
	Verified Status `json:"verified"`
	Flag     string `json:"flag,omitempty"` // "" or FlagInconsistent
	Note     string `json:"note,omitempty"`
}

// Int returns an exact whole value; not ok for a fraction, a bound or a rounding.
func (s Statistic) Int() (int64, bool) {
	n, ok := digits(s.Value)
	return int64(n), ok
}

type statisticKey struct {
	year                 int
	period, metric, area string
}

const statisticColumns = "year period metric area value unit source status flag note"

func (l *loader) statistics() []Statistic {
	return readTable(l, "published_statistics.csv", statisticColumns, func(r *row) (string, Statistic) {
		s := Statistic{
			Year: int(r.integer("year")), Period: r.oneOf("period", "Y", "H1"), Metric: r.text("metric"),
			Area: r.text("area"), Value: r.text("value"), Unit: r.text("unit"), Source: r.text("source"),
			Verified: r.status(), Flag: r.oneOf("flag", "", FlagInconsistent), Note: r.optional("note"),
		}
		return joinKey(strconv.Itoa(s.Year), s.Period, s.Metric, s.Area), s
	})
}

func indexStatistics(all []Statistic) map[statisticKey]Statistic {
	index := make(map[statisticKey]Statistic, len(all))
	for _, s := range all {
		index[statisticKey{s.Year, s.Period, s.Metric, s.Area}] = s
	}
	return index
}

// Statistics returns every published figure in the order of the file.
func (d *Data) Statistics() []Statistic { return slices.Clone(d.statistics) }

// Statistic returns one published figure. Area is AreaNational or the
// Vietnamese name of a unit of List63.
func (d *Data) Statistic(year int, period, metric, area string) (Statistic, bool) {
	s, ok := d.statisticBy[statisticKey{year, period, metric, area}]
	return s, ok
}
