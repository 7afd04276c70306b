package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/analytics/access"
	"atvsld/seeds"
)

// Dim is a dimension that cells can be grouped by.
type Dim string

// The dimensions.
const (
	ByYear       Dim = "year"
	ByMonth      Dim = "month" // events only; 0 for periodic reports
	ByProvince   Dim = "province"
	BySection    Dim = "section"
	ByEmployment Dim = "employment"

	// Cuts: further splits, of which a question has one at most. Nothing tells all of them
	// at once: a form says what its accidents were caused by, and beside it what injured.
	ByCause     Dim = "cause"
	ByFactor    Dim = "factor"     // injury factor: a code of the list of Annex XII
	BySex       Dim = "sex"        // see Female
	ByAgeGroup  Dim = "age_group"  // of victims on the day of the accident
	BySizeClass Dim = "size_class" // of the reporting establishment, by the workers it reports
)

// Members of BySex. A declaration says it of each victim; a form tells how many of its
// victims are women, which leaves the rest: men, and those of whom nothing is known.
const (
	Female = "female"
	Male   = "male"
	Rest   = "rest"
)

// Cuts returns the dimensions of which a question has one at most.
func Cuts() []Dim { return []Dim{ByCause, ByFactor, BySex, ByAgeGroup, BySizeClass} }

// Basis is where figures come from.
type Basis string

// The bases.
const (
	// Live: the reports as they are now.
	Live Basis = "live"
	// Closed: as frozen by ClosePeriod. Years that were never closed have no cells.
	Closed Basis = "closed"
	// Earlier: as frozen by the latest closing that is as of Until or an earlier moment. The
	// difference of two closings of a year may be one late report, so that these figures are
	// for who sees live ones, with the same reach.
	Earlier Basis = "earlier"
)

// Span is the part of the year that is asked for. A year's periodic report covers the
// whole year, so a year is never the sum of half-years.
type Span string

// The spans. Events of a half-year are those of its months. Periodic reports are filed
// for the year and for its first half only: those of the second half are the difference of
// the two, of who filed both (see YearBelowHalf).
const (
	Year       Span = "Y"
	FirstHalf  Span = "H1"
	SecondHalf Span = "H2"
)

// CellQuery asks for sums of measures. From and To are years of statistics, both
// included.
type CellQuery struct {
	Measures  []string
	From, To  int
	Span      Span
	Basis     Basis
	Until     time.Time // of Earlier
	GroupBy   []Dim
	Geography Geography
	// Anew asks Figures for those of now rather than for what is kept.
	Anew bool
	// Now is the moment by which limits have passed or not; zero is that of the question.
	Now time.Time

	// within are the provinces, as reported, that the caller reaches; nil for all.
	within []string
	// owing is what the law asks for of what is counted.
	owing owing
}

// cuts are the cuts that q asks for.
func (q CellQuery) cuts() []Dim {
	return slices.DeleteFunc(slices.Clone(q.GroupBy), func(d Dim) bool { return !slices.Contains(Cuts(), d) })
}

// Cut returns the cut that q asks for, empty if none.
func (q CellQuery) Cut() Dim {
	for _, d := range q.cuts() {
		return d
	}
	return whole
}

// Cell is one sum. Dimensions that were not asked for are zero. Sums of zero are left
// out: a missing cell is 0 where reports were due, and the caller knows whether.
type Cell struct {
	Measure string
	Year    int
	Month   int
	// Province has no code if the record cannot be put on the asked geography.
	Province                 seeds.ProvinceRef
	VSICVersion, VSICSection string
	// Member is what the asked cut splits by: a code of its list, empty for what is not known.
	Member     string
	Employment string
	Value      int64
}

// Validate returns everything that is wrong with q.
func (q CellQuery) Validate() error {
	var errs []error
	if len(q.Measures) == 0 {
		errs = append(errs, errors.New("no measure"))
	}
	known := Measures()
	for _, m := range q.Measures {
		if _, ok := slices.BinarySearch(known, m); !ok {
			errs = append(errs, fmt.Errorf("unknown measure %q", m))
		}
	}
	if q.From < 1990 || q.To > 2999 || q.From > q.To {
		errs = append(errs, fmt.Errorf("years %d to %d", q.From, q.To))
	}
	if _, ok := months[q.Span]; !ok {
		errs = append(errs, fmt.Errorf("unknown span %q", q.Span))
	}
	errs = append(errs, checkBasis(q.Basis, q.Until))
	for _, d := range q.GroupBy {
		if _, ok := dimension[d]; !ok {
			errs = append(errs, fmt.Errorf("unknown dimension %q", d))
		}
	}
	return errors.Join(append(errs, q.validateCut()...)...)
}

func (q CellQuery) validateCut() []error {
	cuts := q.cuts()
	if len(cuts) > 1 {
		return []error{fmt.Errorf("split by %v: one of them at most", cuts)}
	}
	var errs []error
	for _, m := range q.Measures {
		if !Splits(m, q.Cut()) {
			errs = append(errs, fmt.Errorf("%s cannot be split by %s", m, q.Cut()))
		}
	}
	return errs
}

func checkBasis(b Basis, until time.Time) error {
	switch {
	case b != Live && b != Closed && b != Earlier:
		return fmt.Errorf("unknown basis %q", b)
	case (b == Earlier) == until.IsZero():
		return fmt.Errorf("basis %q until %s: earlier closings have a moment, and nothing else has", b, until)
	}
	return nil
}

// Cells sums the asked measures. Cells are ordered by measure and then by the
// dimensions in the order of Cell. Closed cells are public. Live ones and those of earlier
// closings are, of the whole nation, for who reaches it; whoever reaches an area has to ask by
// province, and is given the cells of his own.
func (s *Store) Cells(ctx context.Context, q CellQuery) ([]Cell, error) {
	sc, err := s.ask(ctx, onBasis("Cells", q.Basis))
	if err == nil {
		q, err = q.reached(sc)
	}
	if err != nil {
		return nil, fmt.Errorf("cells: %w", err)
	}
	return s.cells(ctx, q)
}

// onBasis names what is asked of a method: who may see live figures is another question than
// who may see closed ones.
func onBasis(method string, basis Basis) string { return method + "/" + string(basis) }

// reached limits a question to the caller's provinces.
func (q CellQuery) reached(sc scope) (CellQuery, error) {
	if sc.Extent == access.Area && slices.Contains(q.GroupBy, ByProvince) {
		q.within = references(sc.Places)
		return q, nil
	}
	return q, sc.ofNation()
}

func (s *Store) cells(ctx context.Context, q CellQuery) ([]Cell, error) {
	if err := q.Validate(); err != nil {
		return nil, fmt.Errorf("cells: %w", err)
	}
	if !q.isCounted() {
		return nil, nil
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	query, params, err := s.cellQuery(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("cells: %w", err)
	}
	if query == "" {
		return nil, nil
	}
	sums := map[Cell]int64{}
	err = each(ctx, s.read, query, params, func(rows driver.Rows) error {
		var c Cell
		var year uint16
		var month uint8
		var list string
		err := rows.Scan(&c.Measure, &year, &month, &list, &c.Province.Code, &c.VSICVersion, &c.VSICSection, &c.Member, &c.Employment, &c.Value)
		if err != nil {
			return err
		}
		c.Year, c.Month, c.Province.List = int(year), int(month), seeds.ProvinceList(list)
		value := c.Value
		c.Value = 0
		if slices.Contains(q.Measures, c.Measure) {
			sums[c] += value
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cells: %w", err)
	}
	var cells []Cell
	for c, value := range sums {
		if c.Value = value; value != 0 {
			cells = append(cells, c)
		}
	}
	slices.SortFunc(cells, compareCells)
	return cells, nil
}

// cellQuery writes the query and gathers its parameters. It is empty where no source says
// anything of the measures, as of a second half-year that nobody reports on, or while nobody
// is registered.
func (s *Store) cellQuery(ctx context.Context, q CellQuery) (string, parameters, error) {
	var err error
	if q.Basis == Live {
		if q.Measures, err = s.knowable(ctx, q.Measures); err != nil {
			return "", nil, err
		}
		q.owing = owingOf(s.config.Seeds, q.Measures, q.From, q.To, periodTypes[q.Span], s.Today())
	}
	query, err := cellSQL(q)
	if err != nil || query == "" {
		return "", nil, err
	}
	params := s.cellParameters(q)
	if q.Basis == Live && slices.ContainsFunc(q.Measures, isOfCases) {
		err = s.addLinks(ctx, params)
	}
	return query, params, err
}

func compareCells(a, b Cell) int {
	return cmp.Or(
		cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month),
		cmp.Compare(a.Province.List, b.Province.List), cmp.Compare(a.Province.Code, b.Province.Code),
		cmp.Compare(a.VSICVersion, b.VSICVersion), cmp.Compare(a.VSICSection, b.VSICSection),
		cmp.Compare(a.Member, b.Member), cmp.Compare(a.Employment, b.Employment))
}
