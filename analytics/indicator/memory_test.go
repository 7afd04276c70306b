package indicator

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/seeds"
)

// row is a stored cell before it is put on a geography and summed.
type row struct {
	Cell
	period  string               // Y, H1, or E for events
	split   string               // the cut of rows of a periodic report
	members map[Dimension]string // of the cuts
}

// memory is a CellReader over a slice of rows: the same contract as the store, small
// enough to be read.
type memory struct {
	seeds  *seeds.Data
	rows   []row
	base   []store.BaseFigure
	closed map[int][]frozen // by year, in the order of closing
	asOf   time.Time
}

// frozen is a year as it stood when it was closed.
type frozen struct {
	Closing
	rows []row
	base []store.BaseFigure
}

var liveAsOf = time.Date(2026, 3, 1, 8, 0, 0, 0, seeds.Local())

func newMemory(rows ...row) *memory {
	return &memory{seeds: seeds.Default(), rows: rows, closed: map[int][]frozen{}, asOf: liveAsOf}
}

func (m *memory) close(year int, at time.Time) {
	m.closed[year] = append(m.closed[year], frozen{
		Closing: Closing{AsOf: at, Measures: store.Measures(), Cuts: Cuts()},
		rows:    slices.DeleteFunc(slices.Clone(m.rows), func(r row) bool { return r.Year != year }),
		base:    slices.DeleteFunc(slices.Clone(m.base), func(f store.BaseFigure) bool { return f.Year != year }),
	})
}

// closings are the closings that q reads.
func (m *memory) closings(q CellQuery) map[int]frozen {
	out := map[int]frozen{}
	for year, all := range m.closed {
		for _, f := range all {
			if year >= q.From && year <= q.To && (q.Closing.IsZero() || !f.AsOf.After(q.Closing)) {
				out[year] = f
			}
		}
	}
	return out
}

func (m *memory) Cells(_ context.Context, q CellQuery) (CellSet, error) {
	set := CellSet{AsOf: m.asOf, Today: seeds.DateOf(m.asOf), Closed: map[int]Closing{}}
	rows, base := m.rows, m.base
	if q.View == Closed {
		rows, base = nil, nil
	}
	for year, f := range m.closings(q) {
		set.Closed[year] = f.Closing
		if q.View == Closed {
			rows, base = append(rows, f.rows...), append(base, f.base...)
		}
	}
	for _, f := range base {
		if f.Year >= q.From && f.Year <= q.To && f.Period == periodText(f.Year, q.Period) {
			set.Base = append(set.Base, f)
		}
	}
	sums := map[Cell]int64{}
	for _, r := range rows {
		if r.Year >= q.From && r.Year <= q.To && slices.Contains(q.Measures, r.Measure) && r.asked(q) {
			key := m.project(r, q)
			key.Value = 0
			sums[key] += r.Value
		}
	}
	for key, n := range sums {
		key.Value = n
		set.Cells = append(set.Cells, key)
	}
	return set, nil
}

func (r row) asked(q CellQuery) bool {
	if r.period == "E" {
		return q.Period == Year || (q.Period == H1) == (r.Month <= 6)
	}
	return r.period == string(q.Period) && cutOf(q.By) == Dimension(r.split)
}

func (m *memory) project(r row, q CellQuery) Cell {
	c := r.Cell
	keep := func(d Dimension) bool { return slices.Contains(q.By, d) }
	if keep(ByProvince) {
		c.Province = m.locate(c.Province, q.Geography)
	} else {
		c.Province = seeds.ProvinceRef{}
	}
	if !keep(ByVSIC) {
		c.VSICVersion, c.VSICSection = "", ""
	}
	if !keep(ByMonth) {
		c.Month = 0
	}
	c.Member = r.members[cutOf(q.By)]
	if !keep(ByEmployment) {
		c.Employment = ""
	}
	return c
}

func (m *memory) locate(ref seeds.ProvinceRef, g Geography) seeds.ProvinceRef {
	switch g {
	case Geography34:
		code, _ := m.seeds.To34(ref)
		return seeds.ProvinceRef{List: seeds.List34, Code: code}
	case Geography63:
		code, _ := m.seeds.To63(ref)
		return seeds.ProvinceRef{List: seeds.List63, Code: code}
	}
	return ref
}

func ref(list seeds.ProvinceList, code string) seeds.ProvinceRef {
	return seeds.ProvinceRef{List: list, Code: code}
}

// event is a row of accident cases in the first month of a year, with a contract.
func event(measure string, year int, at seeds.ProvinceRef, n int64) row {
	return row{Cell: Cell{Measure: measure, Year: year, Province: at, Employment: Contract, Value: n, Month: 1}, period: "E"}
}

// yearly is a row of year reports of establishments.
func yearly(measure string, year int, at seeds.ProvinceRef, n int64) row {
	return row{Cell: Cell{Measure: measure, Year: year, Province: at, Employment: Contract, Value: n}, period: "Y"}
}

func newEngine(t testing.TB, cells CellReader) *Engine {
	t.Helper()
	catalogue, err := Default()
	require.NoError(t, err)
	e, err := New(catalogue, cells, seeds.Default())
	require.NoError(t, err)
	return e
}
