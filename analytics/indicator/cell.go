package indicator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"atvsld/analytics/store"
	"atvsld/seeds"
)

// Employment is the relationship a worker has with the establishment.
type Employment string

// The employment relationships.
const (
	Contract   Employment = "contract"
	NoContract Employment = "no_contract"
)

// Dimension is something a figure may be split by.
type Dimension string

// The dimensions.
const (
	ByProvince   Dimension = "province"
	ByRegion     Dimension = "region" // provinces of one list put together
	ByVSIC       Dimension = "vsic"   // section, with its version of the classification
	ByEmployment Dimension = "employment"
	ByMonth      Dimension = "month" // of events

	// Cuts, of which a question has one at most: see store.Cuts.
	ByCause     Dimension = "cause"
	ByFactor    Dimension = "factor"
	BySex       Dimension = "sex"
	ByAgeGroup  Dimension = "age_group"
	BySizeClass Dimension = "size_class"
)

// Dimensions returns every dimension, areas first.
func Dimensions() []Dimension {
	return append([]Dimension{ByProvince, ByRegion, ByVSIC, ByEmployment, ByMonth}, Cuts()...)
}

// Cuts returns the dimensions of which a question has one at most.
func Cuts() []Dimension {
	return []Dimension{ByCause, ByFactor, BySex, ByAgeGroup, BySizeClass}
}

func (d Dimension) isCut() bool { return slices.Contains(Cuts(), d) }

// cutOf returns the cut among dimensions, empty if there is none.
func cutOf(by []Dimension) Dimension {
	if i := slices.IndexFunc(by, Dimension.isCut); i >= 0 {
		return by[i]
	}
	return ""
}

// Period is a part of a year. A year's report covers the whole year: a year is never the
// sum of half-years. The second half is not reported: it is the year less the first half of
// those who filed both, reporter by reporter.
type Period string

// The periods.
const (
	Year Period = "Y"
	H1   Period = "H1"
	H2   Period = "H2"
)

// Geography is the list of provinces that figures are put on.
type Geography string

// The geographies.
const (
	Geography34 Geography = "34"       // in force from 1 July 2025
	Geography63 Geography = "63"       // in force until 30 June 2025
	Reported    Geography = "reported" // each record on the list it was filed with
)

// View says whether figures move with every report or are those frozen at closing.
type View string

// The views.
const (
	Live   View = "live"
	Closed View = "closed"
)

// CellReader reads the summed figures that everything here is computed from.
type CellReader interface {
	// Cells returns every cell that q asks for, from one state of the store.
	Cells(ctx context.Context, q CellQuery) (CellSet, error)
}

// CellQuery asks for sums of measures.
//
// Event measures (accident cases) of a half-year are those of its months. Measures of
// periodic reports come from the reports of exactly that period; those of H2 are differences
// of the reports of those who filed both (see SecondHalf).
// Split by a cut, measures of periodic reports come from the rows of that cut (by cause
// those of Annex XII block 1.1), else from the totals, never from both.
type CellQuery struct {
	Measures  []string
	From, To  int // years, both included
	Period    Period
	Geography Geography
	By        []Dimension
	View      View
	// Closing, in the view of closed years, is the moment up to which closings count; zero
	// for all, so that the latest of each year is read.
	Closing time.Time
	// Anew asks for live figures of this moment, where those of a while ago would do: for what is
	// held against other readings.
	Anew bool
}

// Cell is one sum. Fields of dimensions that were not asked for are empty. A record that
// cannot be put on the asked geography has a Province without a code.
type Cell struct {
	Measure     string
	Year        int
	Month       int
	Province    seeds.ProvinceRef
	VSICVersion string
	VSICSection string
	Member      string // of the asked cut; empty is not known
	Employment  Employment
	Value       int64
}

// CellSet is the answer to a CellQuery.
type CellSet struct {
	Cells []Cell
	// AsOf is the moment up to which live figures are complete; zero if nothing is stored.
	AsOf time.Time
	// Today is the day that live figures are of: reports on a period that ends later are not
	// due. Zero when that is not known.
	Today seeds.Date
	// Closed holds the asked years whose period has been closed, in both views.
	Closed map[int]Closing
	// Reported holds, for who is shown an area, the years in which a measure was reported
	// anywhere in the country.
	Reported map[string][]int
	// Base holds the imported base figures of the asked years and period.
	Base []store.BaseFigure
}

// beside adds the cells of another reading to those of the first. Both are complete up to the
// earlier of their moments.
func (s CellSet) beside(other CellSet) CellSet {
	s.Cells = append(s.Cells, other.Cells...)
	if other.AsOf.Before(s.AsOf) {
		s.AsOf = other.AsOf
	}
	return s
}

// Closing is what was frozen when a year was closed.
type Closing struct {
	// AsOf is the moment the frozen figures stand for.
	AsOf time.Time
	// Measures are those that were frozen, sorted, Cuts what they were split by. The closing
	// says nothing of others.
	Measures []string
	Cuts     []Dimension

	// final: the provinces' summaries of the period were due by then. The engine says so.
	final bool
}

func (c Closing) holds(measures []string, cut Dimension) bool {
	if cut != "" && !slices.Contains(c.Cuts, cut) {
		return false
	}
	return !slices.ContainsFunc(measures, func(m string) bool {
		_, ok := slices.BinarySearch(c.Measures, m)
		return !ok
	})
}

// check refuses what no count can be: the store would be wrong, and so would every figure.
func (s CellSet) check() error {
	for _, c := range s.Cells {
		if c.Value < 0 {
			return fmt.Errorf("cell %s of %d in %q is negative: %d", c.Measure, c.Year, c.Province, c.Value)
		}
	}
	return nil
}
