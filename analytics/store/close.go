package store

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/seeds"
)

// Closing is a closed period: "2025" covers the year, both of its halves and its events;
// "2025H1" only the first half.
type Closing struct {
	Period   string
	AsOf     time.Time
	ClosedAt time.Time
	ClosedBy string
	Note     string
	// Measures are those that were frozen. Of a measure that is not among them the
	// closing says nothing: not 0. They are sorted.
	Measures []string
	// Cuts are those that they were frozen in.
	Cuts []Dim
}

var periodForm = regexp.MustCompile(`^(\d{4})(H1)?$`)

// ClosePeriod freezes all figures of a period as they are now, under the name as_of =
// at, which must be later than that of an earlier closing of the period: the latest is
// the one that is read. Calling again with the same period and time changes nothing. A
// call that fails half-way leaves cells that nobody reads.
func (s *Store) ClosePeriod(ctx context.Context, period, closedBy, note string, at time.Time) error {
	return s.ClosePeriods(ctx, []string{period}, closedBy, note, at)
}

// ClosePeriods closes several periods as of the same moment. Years that follow one another
// are read together: the engine takes longer to understand a closing than to do one.
func (s *Store) ClosePeriods(ctx context.Context, periods []string, closedBy, note string, at time.Time) error {
	at = at.Truncate(time.Millisecond)
	var open []closing
	for _, period := range periods {
		c, err := newClosing(period)
		if err != nil {
			return err
		}
		done, err := s.alreadyClosed(ctx, period, at)
		if err != nil {
			return err
		}
		if !done {
			open = append(open, c)
		}
	}
	defer s.kept.forget()
	for _, together := range runs(open) {
		if err := s.freeze(ctx, together, at); err != nil {
			return fmt.Errorf("close period %s: %w", together[0].period, err)
		}
		for _, c := range together {
			if err := s.recordClosing(ctx, c, closedBy, note, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// closing is a period under the id of its frozen cells.
type closing struct {
	period string
	id     string
	year   int
	half   bool
}

func newClosing(period string) (closing, error) {
	match := periodForm.FindStringSubmatch(period)
	if match == nil {
		return closing{}, fmt.Errorf("close period %q: want a year like 2025 or a half-year like 2025H1", period)
	}
	year, err := strconv.Atoi(match[1])
	if err != nil {
		return closing{}, fmt.Errorf("close period %q: %w", period, err)
	}
	return closing{period, uuid.NewString(), year, match[2] != ""}, nil
}

// runs puts years together that follow one another.
func runs(closings []closing) [][]closing {
	var all [][]closing
	for _, c := range closings {
		if n := len(all); n > 0 && !c.half {
			if last := all[n-1][len(all[n-1])-1]; !last.half && last.year+1 == c.year {
				all[n-1] = append(all[n-1], c)
				continue
			}
		}
		all = append(all, []closing{c})
	}
	return all
}

func (s *Store) recordClosing(ctx context.Context, c closing, by, note string, at time.Time) error {
	return s.once(ctx, fmt.Sprintf("close/%s/%d", c.period, at.UnixMilli()),
		`INSERT INTO period_close (period, as_of, close_id, measures, cuts, closed_by, note)
		SELECT {period:String}, {as_of:DateTime64(3)}, {id:UUID}, {measures:Array(String)}, {cuts:Array(String)}, {by:String}, {note:String}`,
		parameters{"period": c.period, "as_of": at, "id": c.id, "measures": Measures(), "cuts": namesOf(Cuts()), "by": by, "note": note})
}

func (s *Store) alreadyClosed(ctx context.Context, period string, at time.Time) (bool, error) {
	closings, err := s.closedPeriods(ctx)
	if err != nil {
		return false, err
	}
	for _, c := range closings {
		if c.Period != period {
			continue
		}
		if c.AsOf.Equal(at) {
			return true, nil
		}
		if c.AsOf.After(at) {
			return false, fmt.Errorf("close period %s as of %s: it is already closed as of %s", period, at.Format(time.RFC3339), c.AsOf.Format(time.RFC3339))
		}
	}
	return false, nil
}

// freeze writes all cells of years that follow one another, or of a first half, under new ids,
// with the limits that had passed at a moment.
func (s *Store) freeze(ctx context.Context, closings []closing, at time.Time) error {
	measures, err := s.knowable(ctx, Measures())
	if err != nil {
		return err
	}
	from, to, half := closings[0].year, closings[len(closings)-1].year, closings[0].half
	owed := owingOf(s.config.Seeds, measures, from, to, []string{seeds.PeriodYear, seeds.PeriodHalf}, s.Today())
	query, err := freezeSQL(half, measures, owed)
	if err != nil {
		return err
	}
	params := parameters{"from": from, "to": to, "today": dayText(at), "periods": []string{string(Year), string(FirstHalf)}}
	if half {
		params["periods"] = []string{string(FirstHalf)}
	}
	var years []int
	var ids []string
	for _, c := range closings {
		years, ids = append(years, c.year), append(ids, c.id)
	}
	params["closed_years"], params["close_ids"] = years, ids
	owed.bind(params)
	s.addLists(params)
	if err := s.addLinks(ctx, params); err != nil {
		return err
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"async_insert": 0, "insert_deduplicate": 0}))
	if err := s.write.Exec(ctx, query, params.args()...); err != nil {
		return fmt.Errorf("freeze its cells: %w", err)
	}
	return s.freezeBase(ctx, params)
}

// idOfYear is the closing that a row belongs to.
const idOfYear = "{close_ids:Array(UUID)}[indexOf({closed_years:Array(UInt16)}, stat_year)]"

const cellColumns = "measure, stat_year, period, month, province_list, province_code, vsic_version, vsic_section, member, employment, split, value"

func freezeSQL(half bool, measures []string, owed owing) (string, error) {
	s := shape{
		dims: []Dim{ByMonth, ByProvince, BySection, ByEmployment}, measures: measures, sources: sources(), owing: owed,
		// One reading gives the totals and all cuts, so that they add up.
		splits: append([]Dim{whole}, Cuts()...),
	}
	fields := make([]field, 0, 11)
	for _, name := range []string{"stat_year", "period", "month", "province_list", "province_code", "vsic_version", "vsic_section", "member"} {
		fields = append(fields, field{name, name, true})
	}
	fields = append(fields, field{name: "employment", expression: "cell.2"}, field{"split", "split", true}, field{name: "value", expression: "cell.3"})
	var events []string
	if half {
		events = []string{"(period = 'H1' OR month BETWEEN 1 AND 6)"}
	} else {
		s.sources = append(s.sources, secondHalfSources()...)
	}
	cells, err := liveCells(s, fields, events)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("INSERT INTO closed_cell (close_id, %s)\nSELECT %s, %s\nFROM\n(\n%s\n)\nWHERE value != 0%s",
		cellColumns, idOfYear, cellColumns, indent(cells), finalSettings), nil
}

func namesOf(dims []Dim) []string {
	names := make([]string, len(dims))
	for i, d := range dims {
		names[i] = string(d)
	}
	return names
}

// ClosedPeriods returns the latest closing of every closed period, by period.
func (s *Store) ClosedPeriods(ctx context.Context) ([]Closing, error) {
	if _, err := s.ask(ctx, "ClosedPeriods"); err != nil {
		return nil, fmt.Errorf("read closed periods: %w", err)
	}
	now, err := s.state(ctx)
	return latestOf(now.closings), err
}

func (s *Store) closedPeriods(ctx context.Context) ([]Closing, error) {
	all, err := s.closings(ctx)
	return latestOf(all), err
}

func latestOf(all []Closing) []Closing {
	return slices.CompactFunc(slices.Clone(all), func(a, b Closing) bool { return a.Period == b.Period })
}

// Closings returns every closing, by period, the latest of each first. When a period was
// closed, and again, is public; what stood in an earlier closing is not (see Earlier).
func (s *Store) Closings(ctx context.Context) ([]Closing, error) {
	if _, err := s.ask(ctx, "Closings"); err != nil {
		return nil, fmt.Errorf("read closings: %w", err)
	}
	now, err := s.state(ctx)
	return slices.Clone(now.closings), err
}

func (s *Store) closings(ctx context.Context) ([]Closing, error) {
	var closings []Closing
	err := each(ctx, s.read, `
SELECT period, as_of, closed_at, closed_by, note, measures, cuts
FROM period_close
ORDER BY period, as_of DESC, closed_at DESC`, nil, func(rows driver.Rows) error {
		var c Closing
		var cuts []string
		if err := rows.Scan(&c.Period, &c.AsOf, &c.ClosedAt, &c.ClosedBy, &c.Note, &c.Measures, &cuts); err != nil {
			return err
		}
		slices.Sort(c.Measures)
		for _, cut := range cuts {
			c.Cuts = append(c.Cuts, Dim(cut))
		}
		closings = append(closings, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read closings: %w", err)
	}
	return closings, nil
}
