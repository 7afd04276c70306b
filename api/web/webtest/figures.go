// Package webtest holds made-up figures for the tests of the pages and of the
// interface. Only tests import it.
package webtest

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"atvsld/analytics/indicator"
	"atvsld/seeds"
)

// The years of the figures; the closed ones end with LastClosed.
const (
	FirstYear  = 2016
	LastClosed = 2025
	LastYear   = 2026
)

// Figures are made-up sums for every province, the same on every run.
type Figures struct {
	Seeds *seeds.Data
	// Err is returned instead of figures, if set.
	Err error
}

// typical is the size of a province's yearly sum; measures that are not here have none.
var typical = map[string]int64{
	"fatal_accidents": 20, "deaths": 21, "declared_accidents": 60, "declared_serious": 40, "accidents": 200, "victims": 210,
	"serious": 45, "workers_reporting": 90_000, "reports": 400, "exposed": 30_000, "examined_persons": 14_000,
	"examined_cases": 17_000, "disease_reports": 150, "monitored_sites": 240, "samples": 9_000, "samples_over": 700, "monitoring_reports": 260,
}

// ClosedAt is when a year was closed.
func ClosedAt(year int) time.Time {
	return time.Date(year+1, time.March, 31, 17, 0, 0, 0, seeds.Local())
}

// Cells implements [indicator.CellReader].
func (f Figures) Cells(_ context.Context, q indicator.CellQuery) (indicator.CellSet, error) {
	set := indicator.CellSet{AsOf: ClosedAt(LastClosed), Closed: map[int]indicator.Closing{}}
	if f.Err != nil {
		return set, f.Err
	}
	list := seeds.ProvinceList(q.Geography)
	for year := max(q.From, FirstYear); year <= min(q.To, LastYear); year++ {
		if year <= LastClosed {
			set.Closed[year] = indicator.Closing{AsOf: ClosedAt(year), Measures: slices.Sorted(slices.Values(q.Measures))}
		} else if q.View == indicator.Closed {
			continue
		}
		for _, measure := range q.Measures {
			for _, province := range f.Seeds.Provinces(list) {
				set.Cells = append(set.Cells, cell(q, measure, year, province.Ref())...)
			}
		}
	}
	return set, nil
}

// cell makes one sum, smaller or larger by province and falling or rising by year.
func cell(q indicator.CellQuery, measure string, year int, ref seeds.ProvinceRef) []indicator.Cell {
	h := fnv.New32a()
	// Deaths follow accidents, cases follow persons.
	alike := map[string]string{"deaths": "fatal_accidents", "examined_cases": "examined_persons"}
	fmt.Fprint(h, cmp.Or(alike[measure], measure), ref)
	size := int64(h.Sum32()%90) + 10 // 10 to 99
	value := typical[measure] * size / 50
	fmt.Fprint(h, year)
	value += value * (int64(h.Sum32()%21) - 10) / 100
	switch measure {
	case "examined_persons", "examined_cases":
		value += value * int64(year-FirstYear) * 8 / 100
	case "monitored_sites":
		value += value * int64(year-FirstYear) * 4 / 100
	case "fatal_accidents", "deaths":
		value -= value * int64(year-FirstYear) * 4 / 100
	}
	c := indicator.Cell{Measure: measure, Year: year, Value: value, Employment: indicator.Contract}
	if slices.Contains(q.By, indicator.ByProvince) {
		c.Province = ref
	}
	if !slices.Contains(q.By, indicator.ByEmployment) {
		c.Employment = ""
	}
	return []indicator.Cell{c}
}

// Engine returns an engine over the figures.
func (f Figures) Engine() (*indicator.Engine, error) {
	catalogue, err := indicator.Default()
	if err != nil {
		return nil, err
	}
	return indicator.New(catalogue, f, f.Seeds)
}
