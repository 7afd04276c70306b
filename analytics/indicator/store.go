package indicator

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"atvsld/analytics/store"
	"atvsld/seeds"
)

// storeCells reads cells from the store.
type storeCells struct {
	store       *store.Store
	geographies map[Geography]store.Geography
	// at is the moment that the store stands for, if it is an earlier one.
	at time.Time
}

// FromStore returns the cells of a store.
func FromStore(s *store.Store, data *seeds.Data) CellReader { return FromPast(s, data, time.Time{}) }

// FromPast returns the live cells of a store that holds what another one held at a moment,
// and nothing else: its own log does not say so.
func FromPast(s *store.Store, data *seeds.Data, at time.Time) CellReader {
	return storeCells{store: s, at: at, geographies: map[Geography]store.Geography{
		Geography34: store.On(seeds.List34, data),
		Geography63: store.On(seeds.List63, data),
		Reported:    store.AsReported(),
	}}
}

// Cells reads figures that are of one moment: store.Figures says how. In the view of closed years a
// moment of closing asks for earlier closings than the latest.
func (s storeCells) Cells(ctx context.Context, q CellQuery) (CellSet, error) {
	figures, err := s.store.Figures(ctx, store.CellQuery{
		Measures: q.Measures, From: q.From, To: q.To, Span: store.Span(q.Period), Basis: storeBasis(q), Until: q.Closing,
		GroupBy: dimensions(q.By), Geography: s.geographies[q.Geography], Now: s.at, Anew: q.Anew,
	})
	if err != nil {
		return CellSet{}, err
	}
	set := CellSet{Cells: cellsOf(figures.Cells), Base: figures.Base, Reported: map[string][]int{}}
	for _, r := range figures.Reported {
		set.Reported[r.Measure] = append(set.Reported[r.Measure], r.Year)
	}
	if q.View == Live {
		set.AsOf, set.Today = figures.AsOf, figures.Today
	}
	if !s.at.IsZero() {
		// What a store held at an earlier moment is made without closings and with times of
		// storing of its own.
		set.AsOf = s.at
		return set, nil
	}
	set.Closed, err = closingsOf(q, figures.Closings)
	return set, err
}

func storeBasis(q CellQuery) store.Basis {
	switch {
	case q.View == Live:
		return store.Live
	case q.Closing.IsZero():
		return store.Closed
	}
	return store.Earlier
}

func cellsOf(cells []store.Cell) []Cell {
	out := make([]Cell, len(cells))
	for i, c := range cells {
		out[i] = Cell{
			Measure: c.Measure, Year: c.Year, Month: c.Month, Province: c.Province, VSICVersion: c.VSICVersion, VSICSection: c.VSICSection,
			Member: c.Member, Employment: Employment(c.Employment), Value: c.Value,
		}
	}
	return out
}

func dimensions(by []Dimension) []store.Dim {
	dims := []store.Dim{store.ByYear}
	for _, d := range by {
		if d == ByVSIC {
			dims = append(dims, store.BySection)
			continue
		}
		dims = append(dims, store.Dim(d))
	}
	return dims
}

func dimensionsOf(cuts []store.Dim) []Dimension {
	out := make([]Dimension, len(cuts))
	for i, cut := range cuts {
		out[i] = Dimension(cut)
	}
	return out
}

// closingsOf returns what is closed of the asked years. A first half may be closed alone or
// with its year; the later closing is the one whose cells are read.
func closingsOf(q CellQuery, all []store.Closing) (map[int]Closing, error) {
	latest := map[int]store.Closing{}
	for _, c := range all {
		year, half, err := splitPeriod(c.Period)
		if err != nil {
			return nil, err
		}
		if year < q.From || year > q.To || half && q.Period != H1 || !q.Closing.IsZero() && c.AsOf.After(q.Closing) {
			continue
		}
		if known, ok := latest[year]; !ok || cmp.Or(c.AsOf.Compare(known.AsOf), c.ClosedAt.Compare(known.ClosedAt)) > 0 {
			latest[year] = c
		}
	}
	out := map[int]Closing{}
	for year, c := range latest {
		out[year] = Closing{AsOf: c.AsOf, Measures: c.Measures, Cuts: dimensionsOf(c.Cuts)}
	}
	return out, nil
}

func splitPeriod(period string) (year int, half bool, err error) {
	if len(period) < 4 {
		return 0, false, fmt.Errorf("closed period %q is not a year or half-year", period)
	}
	year, err = strconv.Atoi(period[:4])
	if err != nil {
		return 0, false, fmt.Errorf("closed period %q is not a year or half-year", period)
	}
	return year, period[4:] == string(H1), nil
}
