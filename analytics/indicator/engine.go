// Package indicator turns stored figures into indicators and into the attainment of
// targets. Every number comes with what it was made of: numerator, denominator or the
// reason why there is none, factor, definition, geography, moment and interval.
//
// The catalogue (catalogue/*.yaml) says what each indicator is; definitions/*.yaml say
// under which readings of its text a target is assessed. The engine reads sums of
// measures (CellReader), adds them up for the asked areas and splits, and divides.
// Counts are int64, rates and comparisons are exact rationals; a float64 is only what
// is shown in the end.
package indicator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"atvsld/seeds"
)

// Engine answers for indicators and attainment. It keeps nothing between calls and may be
// used by many goroutines at once.
type Engine struct {
	catalogue *Catalogue
	cells     CellReader
	seeds     *seeds.Data
}

// New returns an engine. Every target that the catalogue has definitions for must be in
// the reference data and be a number, and every definition that a target of a provincial
// plan names must be in the catalogue.
func New(catalogue *Catalogue, cells CellReader, data *seeds.Data) (*Engine, error) {
	for _, m := range catalogue.methods {
		t, ok := data.Target(m.Target)
		if !ok {
			return nil, fmt.Errorf("definition %s: target %s is not in the reference data", m.ID, m.Target)
		}
		if t.Rule == seeds.RuleMilestone {
			return nil, fmt.Errorf("definition %s: target %s is a milestone, which has no figure", m.ID, m.Target)
		}
	}
	for _, t := range data.Targets() {
		if t.Rule == seeds.RuleMilestone && len(t.Definitions) > 0 {
			return nil, fmt.Errorf("target %s is a milestone, which has no figure, and names a definition", t.ID)
		}
		for _, id := range t.Definitions {
			if !slices.Contains(catalogue.Definitions(), id) {
				return nil, fmt.Errorf("target %s: there is no definition %q", t.ID, id)
			}
		}
	}
	return &Engine{catalogue: catalogue, cells: cells, seeds: data}, nil
}

// Catalogue returns the catalogue the engine works from.
func (e *Engine) Catalogue() *Catalogue { return e.catalogue }

// read fetches cells and checks that they can be counts.
func (e *Engine) read(ctx context.Context, q CellQuery) (CellSet, error) {
	set, err := e.cells.Cells(ctx, q)
	if err != nil {
		return CellSet{}, fmt.Errorf("read %v of %d-%d: %w", q.Measures, q.From, q.To, err)
	}
	if err := set.check(); err != nil {
		return CellSet{}, err
	}
	for year, closing := range set.Closed {
		closing.final = !closing.AsOf.Before(e.finalFrom(year, q.Period))
		set.Closed[year] = closing
	}
	return set, nil
}

// Status says whether a figure may still move.
type Status string

// The statuses. Of a closed year a live figure is final while it is the closed one, and
// revised when a report has changed it since.
const (
	Provisional Status = "provisional"
	Final       Status = "final"
	Revised     Status = "revised"
)

// stamp is the state of a year's figures made of some measures in a cut. Live ones are provisional as
// of the reading. Closed ones are final as of the closing, or provisional when the year was
// closed before the provinces' summaries were due. It is not ok when the closed figures of the
// year do not exist.
func (s CellSet) stamp(view View, year int, measures []string, cut Dimension) (asOf *time.Time, status Status, ok bool) {
	if view == Live {
		if s.AsOf.IsZero() {
			return nil, Provisional, true
		}
		return &s.AsOf, Provisional, true
	}
	closing, ok := s.Closed[year]
	if !ok || !closing.holds(measures, cut) {
		return nil, Provisional, false
	}
	if !closing.final {
		return &closing.AsOf, Provisional, true
	}
	return &closing.AsOf, Final, true
}

// finalFrom is the moment from which a closing makes a period's figures final: when the
// summaries of the provinces are due, 15 July for the first half and 25 January of the next
// year for the year and so for its second half (Decree 39/2016/ND-CP Art. 24(4); the days are
// reference data, obligations.csv). Where none is held every closing is final.
func (e *Engine) finalFrom(year int, p Period) time.Time {
	if p == H1 {
		return e.seeds.SummariesDue(seeds.PeriodHalf, year)
	}
	return e.seeds.SummariesDue(seeds.PeriodYear, year)
}
