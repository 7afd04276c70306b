package indicator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
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

// Cells never gives figures a later moment than they stand for: live ones are read after
// their moment, closed ones between two looks at the closings, again if one came between. In
// the view of closed years a moment of closing asks for earlier closings than the latest.
func (s storeCells) Cells(ctx context.Context, q CellQuery) (CellSet, error) {
	if q.View == Live {
		return s.live(ctx, q)
	}
	const attempts = 3
	before, err := s.closings(ctx, q)
	for range attempts {
		if err != nil {
			return CellSet{}, err
		}
		set := CellSet{Closed: before}
		if set.Cells, err = s.sums(ctx, q, closedBasis(q)); err != nil {
			return CellSet{}, err
		}
		if set.Base, err = s.base(ctx, q, closedBasis(q)); err != nil {
			return CellSet{}, err
		}
		var after map[int]Closing
		if after, err = s.closings(ctx, q); err == nil && sameClosings(before, after) {
			return set, nil
		}
		before = after
	}
	return CellSet{}, errors.Join(errors.New("periods are being closed while they are read"), err)
}

func closedBasis(q CellQuery) store.Basis {
	if q.Closing.IsZero() {
		return store.Closed
	}
	return store.Earlier
}

func (s storeCells) live(ctx context.Context, q CellQuery) (CellSet, error) {
	at, err := s.moment(ctx)
	if err != nil {
		return CellSet{}, err
	}
	set := CellSet{AsOf: at, Today: s.store.Today()}
	// What a store held at an earlier moment is made without closings.
	if s.at.IsZero() {
		if set.Closed, err = s.closings(ctx, q); err != nil {
			return CellSet{}, err
		}
	}
	if set.Cells, err = s.sums(ctx, q, store.Live); err != nil {
		return CellSet{}, err
	}
	set.Base, err = s.base(ctx, q, store.Live)
	return set, err
}

func (s storeCells) moment(ctx context.Context) (time.Time, error) {
	if !s.at.IsZero() {
		return s.at, nil
	}
	asOf, err := s.store.AsOf(ctx)
	return asOf.StoredAt, err
}

func (s storeCells) base(ctx context.Context, q CellQuery, basis store.Basis) ([]store.BaseFigure, error) {
	return s.store.BaseFigures(ctx, store.BaseQuery{From: q.From, To: q.To, Span: store.Span(q.Period), Basis: basis, Until: q.Closing})
}

func (s storeCells) sums(ctx context.Context, q CellQuery, basis store.Basis) ([]Cell, error) {
	cells, err := s.store.Cells(ctx, store.CellQuery{
		Measures: q.Measures, From: q.From, To: q.To, Span: store.Span(q.Period), Basis: basis, Until: q.Closing,
		GroupBy: dimensions(q.By), Geography: s.geographies[q.Geography], Now: s.at,
	})
	if err != nil {
		return nil, err
	}
	out := make([]Cell, len(cells))
	for i, c := range cells {
		out[i] = Cell{
			Measure: c.Measure, Year: c.Year, Month: c.Month, Province: c.Province, VSICVersion: c.VSICVersion, VSICSection: c.VSICSection,
			Member: c.Member, Employment: Employment(c.Employment), Value: c.Value,
		}
	}
	return out, nil
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

// closings returns what is closed of the asked years. A first half may be closed alone or
// with its year; the later closing is the one whose cells are read.
func (s storeCells) closings(ctx context.Context, q CellQuery) (map[int]Closing, error) {
	all, err := s.store.Closings(ctx)
	if err != nil {
		return nil, err
	}
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
		out[year] = Closing{AsOf: c.AsOf, Measures: slices.Sorted(slices.Values(c.Measures)), Cuts: dimensionsOf(c.Cuts)}
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

func sameClosings(a, b map[int]Closing) bool {
	if len(a) != len(b) {
		return false
	}
	for year, closing := range a {
		if other, ok := b[year]; !ok || !closing.AsOf.Equal(other.AsOf) {
			return false
		}
	}
	return true
}
