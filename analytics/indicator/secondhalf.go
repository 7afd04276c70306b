package indicator

import (
	"context"
	"slices"

	"atvsld/analytics/store"
)

// SecondHalf says whose figure a second half-year of periodic reports is. Those are filed for
// the year and for its first half (Decree 39/2016/ND-CP Art. 24(1)), so that the second half
// is the year less the first half of those who filed both, reporter by reporter. Who did not
// is not in it, and neither is who filed less for the year than for its half.
type SecondHalf struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Reports       int64 `json:"reports" doc:"Reporters whose year and first half the figure is made of, of all industries"`
	Workers       int64 `json:"workers" doc:"Workers in their reports of the year; communes report none"`
	YearReports   int64 `json:"year_reports" doc:"All reports of the year in the area"`
	YearBelowHalf int64 `json:"year_below_half" doc:"Reporters left out because a count of their year is below that of its first half"`
	OtherBranches int64 `json:"other_branches" doc:"Reporters left out because their two reports cover different branches"`
}

func (h SecondHalf) plus(o SecondHalf) SecondHalf {
	return SecondHalf{
		Reports: h.Reports + o.Reports, Workers: h.Workers + o.Workers, YearReports: h.YearReports + o.YearReports,
		YearBelowHalf: h.YearBelowHalf + o.YearBelowHalf, OtherBranches: h.OtherBranches + o.OtherBranches,
	}
}

// reason says why nothing is left of a year.
func (h SecondHalf) reason() *Reason {
	switch {
	case h.YearBelowHalf > 0:
		return because(ReasonYearBelowHalf)
	case h.OtherBranches > 0:
		return because(ReasonOtherBranches)
	case h.YearReports > 0:
		return because(ReasonNotBoth)
	}
	return because(ReasonNoReports)
}

// Subtracts reports whether the figures of a period are the year's less its first half's. The
// difference of such a figure to those of the year and its first half is that of the reporters
// who filed once, who may be few.
func (d *Definition) Subtracts(p Period) bool { return p == H2 && d.source() == SourcePeriodic }

func (c counter) subtracted() bool { return c.def.Subtracts(c.period) }

// secondHalfMeasures tell whose figures are subtracted.
func (c counter) secondHalfMeasures() []string {
	if !c.subtracted() {
		return nil
	}
	return []string{store.WorkersReporting, store.YearBelowHalf, store.OtherBranches}
}

// yearReports is the measure under which the reports of the year stand beside those that a
// second half-year is made of.
const yearReports = "reports of the year"

// addHalf counts a cell that tells whose figures are subtracted.
func (s sums) addHalf(cell Cell, at place) {
	var h SecondHalf
	switch cell.Measure {
	case store.Reports:
		h.Reports = cell.Value
	case store.WorkersReporting:
		h.Workers = cell.Value
	case yearReports:
		h.YearReports = cell.Value
	case store.YearBelowHalf:
		h.YearBelowHalf = cell.Value
	case store.OtherBranches:
		h.OtherBranches = cell.Value
	default:
		return
	}
	for _, p := range []place{nation, at} {
		k := figureKey{cell.Year, p, s.presenceSplit(cell)}
		s.halves[k] = s.halves[k].plus(h)
	}
}

// secondHalf tells whose a figure is: nil where nothing is subtracted.
func (s sums) secondHalf(k figureKey) *SecondHalf {
	if !s.subtracted() {
		return nil
	}
	var sum SecondHalf
	for _, employment := range s.employments(k) {
		sum = sum.plus(s.halves[figureKey{k.year, k.place, split{employment: employment}}])
	}
	return &sum
}

// employments are those whose reporters stand behind a figure of periodic reports.
func (s sums) employments(k figureKey) []Employment {
	return slices.DeleteFunc([]Employment{Contract, NoContract}, func(e Employment) bool {
		return s.splitsBy(ByEmployment) && k.split.employment != e || !s.counts(e)
	})
}

// readSecondHalf reads what is subtracted, and beside it whose figures those are, which no cut
// tells, how many filed for the year, and its coverage.
func (e *Engine) readSecondHalf(ctx context.Context, q CellQuery, c counter) (set CellSet, beside []Cell, err error) {
	q.Anew = true // half-years and years that are of different moments might contradict each other
	if c.cut() != "" {
		q.Measures = distinct(slices.Concat(c.numeratorMeasures(), c.denominatorMeasures()))
	}
	if set, err = e.read(ctx, q); err != nil {
		return CellSet{}, nil, err
	}
	halves := set
	q.By = slices.DeleteFunc(q.By, Dimension.isCut)
	if c.cut() != "" {
		q.Measures = distinct(append(presence(c.def.source()), c.secondHalfMeasures()...))
		if halves, err = e.read(ctx, q); err != nil {
			return CellSet{}, nil, err
		}
	}
	q.Measures, q.Period = append([]string{store.Reports}, c.coverageMeasures()...), Year
	year, err := e.read(ctx, q)
	if err != nil {
		return CellSet{}, nil, err
	}
	for i := range year.Cells {
		if year.Cells[i].Measure == store.Reports {
			year.Cells[i].Measure = yearReports
		}
	}
	all := halves.beside(year)
	if all.AsOf.Before(set.AsOf) {
		set.AsOf = all.AsOf
	}
	return set, all.Cells, nil
}
