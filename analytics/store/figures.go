package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/seeds"
)

// Figures are the cells of a question with what they have to be read beside, all of one
// moment. The slices are shared between callers: nobody writes to them.
type Figures struct {
	Cells []Cell
	// Base are the base figures of the same years and basis.
	Base []BaseFigure
	// Reported says, to who reaches an area, in which years a measure was reported anywhere: a
	// year that reports were filed for, by whoever, is never told from base figures. It is empty where
	// there are none, and for who reaches everything.
	Reported []MeasureYear
	// Closings are those of Closings; closed cells are of the latest of each period.
	Closings []Closing
	// AsOf is the moment that live figures stand for (AsOf.StoredAt), and Today the day by
	// which limits have passed in them.
	AsOf  time.Time
	Today seeds.Date

	// number tells these figures from all others of this store, and closed the closings from others.
	number uint64
	closed closedMark
}

// MeasureYear is a year in which a measure was reported.
type MeasureYear struct {
	Measure string
	Year    int
}

// Figures answers Cells and BaseFigures in one, with the scope of Cells. Live figures never
// stand for an earlier moment than is said. They are kept in memory: Config.FiguresLag says how
// far they may be behind the store.
func (s *Store) Figures(ctx context.Context, q CellQuery) (Figures, error) {
	sc, err := s.ask(ctx, onBasis("Figures", q.Basis))
	if err == nil {
		q, err = q.reached(sc)
	}
	if err == nil {
		err = q.Validate()
	}
	if err != nil {
		return Figures{}, fmt.Errorf("figures: %w", err)
	}
	f, err := s.keptFigures(ctx, q)
	if err != nil {
		return Figures{}, fmt.Errorf("figures: %w", err)
	}
	s.note(ctx, q, f)
	return f, nil
}

// readFigures reads figures from the engine, for a state of the store that was seen before.
// Live ones are read after the moment they stand for, closed ones between two looks at the
// closings, again if one came between.
func (s *Store) readFigures(ctx context.Context, q CellQuery, now state) (*keptFigures, error) {
	const attempts = 3
	start := time.Now()
	for range attempts {
		f := &keptFigures{Figures: Figures{Today: now.today, number: s.kept.readings.Add(1)}, of: now, read: start, current: now.at}
		var err error
		if f.Cells, err = s.cells(ctx, q); err != nil {
			return nil, err
		}
		if f.Base, err = s.baseFigures(ctx, BaseQuery{From: q.From, To: q.To, Span: q.Span, Basis: q.Basis, Until: q.Until}); err != nil {
			return nil, err
		}
		if f.Reported, err = s.reported(ctx, q, f.Base); err != nil {
			return nil, err
		}
		f.took = time.Since(start)
		if q.Basis == Live {
			f.AsOf = now.log.StoredAt
			return f, nil
		}
		after, err := s.look(ctx)
		if err != nil || after.closed == now.closed {
			return f, err
		}
		now = after
	}
	return nil, errors.New("periods are being closed while they are read")
}

// reported reads in which years the asked measures were reported outside the caller's area, too.
func (s *Store) reported(ctx context.Context, q CellQuery, base []BaseFigure) ([]MeasureYear, error) {
	if q.within == nil || len(base) == 0 {
		return nil, nil
	}
	q.within, q.GroupBy, q.Geography = nil, []Dim{ByYear}, AsReported()
	cells, err := s.cells(ctx, q)
	var years []MeasureYear
	for _, c := range cells {
		years = append(years, MeasureYear{c.Measure, c.Year})
	}
	return years, err
}

// state tells whether figures that were read before are still those of the store.
type state struct {
	log      AsOf
	closed   closedMark
	closings []Closing
	today    seeds.Date
	at       time.Time // of the look
}

// closedMark changes with every closing.
type closedMark struct {
	closings uint64
	last     time.Time
}

// same: nothing was stored in between.
func (a AsOf) same(b AsOf) bool { return a.Messages == b.Messages && a.StoredAt.Equal(b.StoredAt) }

// look asks the store for its state. The log is looked at first: a closing belongs to what
// was stored before it.
func (s *Store) look(ctx context.Context) (state, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	now := state{today: s.Today(), at: time.Now()}
	var err error
	if now.log, err = s.asOf(ctx); err != nil {
		return state{}, err
	}
	err = each(ctx, s.read, "SELECT count(), max(closed_at) FROM period_close", nil, func(rows driver.Rows) error {
		return rows.Scan(&now.closed.closings, &now.closed.last)
	})
	if err != nil {
		return state{}, fmt.Errorf("look for closings: %w", err)
	}
	seen := s.kept.lastSeen()
	if now.closings = seen.closings; now.closed != seen.closed {
		if now.closings, err = s.closings(ctx); err != nil {
			return state{}, err
		}
	}
	s.kept.saw(now)
	return now, nil
}
