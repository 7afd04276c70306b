package indicator

import (
	"slices"

	"atvsld/seeds"
)

// Denominators of the reference data are statistics of others: all workers of a year, by
// where they live. The rules by which they serve:
//
//  1. The printed figure of the asked area and section, else the sum of its parts where all
//     are printed in one series: all former provinces of a new one, all provinces of one list
//     for the nation. An old province that became a new one as a whole has its figure.
//  2. A figure is of a whole year and of all workers, so that it serves neither a half-year
//     nor a part by employment.
//
// A closed figure keeps its numerator; the reference data are those of the day.

// ReferenceOrigin tells where a denominator of the reference data is from.
type ReferenceOrigin struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Series  string   `json:"series" doc:"Series of statistics; figures of two series are not compared"`
	Status  string   `json:"status" enum:"V,S,D,OWN,UNVERIFIED" doc:"How far the source was verified; of a sum, the least of its parts"`
	Sources []string `json:"sources" nullable:"false"`
	Notes   []string `json:"notes" nullable:"false" doc:"What is uncertain about it"`
}

// reference returns the rows that make up the denominator of a key; none where it is not known.
func (s sums) reference(k figureKey) references {
	// Whose industry is not known is in no section, and not all workers either.
	unknownSection := s.splitsBy(ByVSIC) && k.split.vsicSection == ""
	if s.period != Year || s.splitsBy(ByEmployment) || unknownSection {
		return nil
	}
	b := s.base
	at := func(p place) (seeds.Workers, bool) {
		return b.seeds.WorkersOf(k.year, p, k.split.vsicVersion, k.split.vsicSection)
	}
	if printed, ok := at(k.place); ok {
		return references{printed}
	}
	for _, units := range b.parts(k.place) {
		if all := allOf(units, at); len(all) > 0 {
			return all
		}
	}
	return nil
}

// parts are the sets of provinces that an area is made of, each of them whole.
func (b bases) parts(p place) [][]seeds.Province {
	switch {
	case b.geography == Reported && p != nation:
		return nil
	case p == nation:
		return [][]seeds.Province{b.seeds.Provinces(seeds.List63), b.seeds.Provinces(seeds.List34)}
	case p.List == seeds.List34:
		return [][]seeds.Province{b.seeds.Former(p.Code)}
	case p.List == seeds.List63:
		successor, ok := b.seeds.To34(p)
		if !ok || len(b.seeds.Former(successor)) > 1 {
			return nil
		}
		unit, _ := b.seeds.Province(place{List: seeds.List34, Code: successor})
		return [][]seeds.Province{{unit}}
	}
	return nil
}

// allOf returns the figures of all units, none if one of them is missing or of another series.
func allOf(units []seeds.Province, at func(place) (seeds.Workers, bool)) references {
	all := make(references, 0, len(units))
	for _, unit := range units {
		one, ok := at(unit.Ref())
		if !ok || len(all) > 0 && all[0].Series != one.Series {
			return nil
		}
		all = append(all, one)
	}
	return all
}

// references are rows of the reference data that are added up.
type references []seeds.Workers

func (r references) sum() int64 {
	var sum int64
	for _, w := range r {
		sum += w.Value
	}
	return sum
}

func (r references) origin() *ReferenceOrigin {
	if len(r) == 0 {
		return nil
	}
	rank := []seeds.Status{seeds.StatusVerified, seeds.StatusDerived, seeds.StatusSecondary, seeds.StatusOwn, seeds.StatusUnverified}
	worst := func(a, b seeds.Status) seeds.Status { return rank[max(slices.Index(rank, a), slices.Index(rank, b))] }
	o := &ReferenceOrigin{Series: r[0].Series, Sources: []string{}, Notes: []string{}}
	status := seeds.StatusVerified
	for _, w := range r {
		status = worst(status, w.Verified)
		if !slices.Contains(o.Sources, w.Source) {
			o.Sources = append(o.Sources, w.Source)
		}
		if w.Note != "" && !slices.Contains(o.Notes, w.Note) {
			o.Notes = append(o.Notes, w.Note)
		}
	}
	o.Status = string(status)
	return o
}

// oneSeries tells whether the denominators of all years can be compared: counted ones always.
func oneSeries(course []YearFigure) bool {
	var series string
	for _, y := range course {
		if y.Reference == nil {
			continue
		}
		if series != "" && y.Reference.Series != series {
			return false
		}
		series = y.Reference.Series
	}
	return true
}

// referenceOf is the denominator of a key, or why there is none.
func (s sums) referenceOf(k figureKey) (*int64, *Reason) {
	all := s.reference(k)
	if len(all) == 0 {
		return nil, because(ReasonNoOfficial)
	}
	n := all.sum()
	return &n, nil
}
