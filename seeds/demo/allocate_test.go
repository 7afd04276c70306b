package demo

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawTable draws a table that has a solution, and that solution's margins.
func drawTable(t *rapid.T) table {
	rows, cols := rapid.IntRange(1, 7).Draw(t, "rows"), rapid.IntRange(1, 4).Draw(t, "columns")
	made := table{cols: make([]int, cols), rows: make([]int, rows), fixed: make([]bool, rows)}
	bounds := make([][]int, rows)
	for r := range rows {
		made.fixed[r] = rapid.Bool().Draw(t, "fixed")
		bounds[r] = make([]int, cols)
		for c := range cols {
			v := rapid.IntRange(0, 12).Draw(t, "cell")
			bounds[r][c] = v + rapid.IntRange(0, 2).Draw(t, "room")
			made.cols[c] += v
			made.rows[r] += v
		}
	}
	for r := range rows {
		if !made.fixed[r] { // a wish may be anything
			made.rows[r] = rapid.IntRange(0, 40).Draw(t, "wish")
		}
	}
	made.cell = func(r, c int) int { return bounds[r][c] }
	return made
}

func TestTableIsFilledExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawTable(t)
		got, err := want.solve()
		require.NoError(t, err)
		cols := make([]int, len(want.cols))
		for r := range got {
			for c, v := range got[r] {
				require.GreaterOrEqual(t, v, 0)
				require.LessOrEqual(t, v, want.cell(r, c))
				cols[c] += v
			}
			if want.fixed[r] {
				require.Equal(t, want.rows[r], sum(got[r]), "row %d", r)
			}
		}
		require.Equal(t, want.cols, cols)
	})
}

// TestTableKnowsWhatIsImpossible holds the answer against trying everything.
func TestTableKnowsWhatIsImpossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.IntRange(0, 3)
		bounds := [2][2]int{{small.Draw(t, "b"), small.Draw(t, "b")}, {small.Draw(t, "b"), small.Draw(t, "b")}}
		want := table{
			cols:  []int{small.Draw(t, "col"), small.Draw(t, "col")},
			rows:  []int{small.Draw(t, "row"), small.Draw(t, "row")},
			fixed: []bool{rapid.Bool().Draw(t, "fixed"), rapid.Bool().Draw(t, "fixed")},
			cell:  func(r, c int) int { return bounds[r][c] },
		}
		possible := false
		for a := 0; a <= min(bounds[0][0], want.cols[0]); a++ {
			for b := 0; b <= min(bounds[0][1], want.cols[1]); b++ {
				c, d := want.cols[0]-a, want.cols[1]-b
				possible = possible || c <= bounds[1][0] && d <= bounds[1][1] &&
					(!want.fixed[0] || a+b == want.rows[0]) && (!want.fixed[1] || c+d == want.rows[1])
			}
		}
		_, err := want.solve()
		require.Equal(t, possible, err == nil, "%+v %v", want, err)
		require.True(t, err == nil || errors.Is(err, errInfeasible))
	})
}

func TestRowBoundsHold(t *testing.T) {
	got, err := table{cols: []int{10, 10}, rows: []int{18, 1, 1}, fixed: make([]bool, 3), most: []int{5, 9, 9}}.solve()
	require.NoError(t, err)
	require.LessOrEqual(t, sum(got[0]), 5)
	_, err = table{cols: []int{10, 10}, rows: []int{18, 1}, fixed: make([]bool, 2), most: []int{5, 9}}.solve()
	require.ErrorIs(t, err, errInfeasible)
}

func TestApportionIsExactAndFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.IntRange(1, 50), 1, 20).Draw(t, "weights")
		least := rapid.IntRange(0, 3).Draw(t, "least")
		total := rapid.IntRange(least*len(weights), 1000).Draw(t, "total")
		got, err := apportion(total, weights, least, nil)
		require.NoError(t, err)
		require.Equal(t, total, sum(got))
		for i, w := range weights {
			share := (total - least*len(weights)) * w
			require.GreaterOrEqual(t, (got[i]-least+1)*sum(weights), share, "part %d is more than one short", i)
			require.LessOrEqual(t, (got[i]-least-1)*sum(weights), share, "part %d is more than one over", i)
		}
	})
}

func TestApportionKeepsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.IntRange(1, 50), 1, 20).Draw(t, "weights")
		most := rapid.SliceOfN(rapid.IntRange(0, 30), len(weights), len(weights)).Draw(t, "most")
		total := rapid.IntRange(0, 700).Draw(t, "total")
		got, err := apportion(total, weights, 0, most)
		if total > sum(most) {
			require.ErrorIs(t, err, errInfeasible)
			return
		}
		require.NoError(t, err)
		require.Equal(t, total, sum(got))
		for i := range got {
			require.LessOrEqual(t, got[i], most[i])
		}
	})
}

// Whatever counts pass check, accidents with just these counts are built.
func TestCellsBecomeAccidents(t *testing.T) {
	g, err := newGenerator(Default())
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.IntRange(0, 9)
		c := cell{some.Draw(t, "fatal"), some.Draw(t, "nonfatal"), some.Draw(t, "multi"), some.Draw(t, "more"),
			some.Draw(t, "deaths"), some.Draw(t, "serious"), some.Draw(t, "women")}
		if c.check() != nil {
			t.Skip("no such accidents")
		}
		y := &yearPlan{g: g, year: 2019, chance: newSource(rapid.Uint64().Draw(t, "seed"))}
		require.NoError(t, y.build(0, rapid.IntRange(0, columns-1).Draw(t, "column"), c)) // build verifies
		require.Len(t, y.accidents, c.accidents())
	})
}

func TestOrderIsAPermutation(t *testing.T) {
	for _, n := range []int{MinEstablishments, 501, 2400, 4096, 9973} {
		c := Default()
		c.Establishments = n
		g, err := newGenerator(c)
		require.NoError(t, err)
		p := annexPeriod{fileAnnexYear, 2020}
		o := g.annexOrder(p)
		w := deadline(2020, false)
		seen := make([]bool, n)
		before := w.opens
		for rank := range n {
			index := o.index(rank)
			require.False(t, seen[index])
			seen[index] = true
			require.Equal(t, rank, o.rank(index))
			at := o.at(w, rank)
			require.GreaterOrEqual(t, at, before, "filings are not in order of time")
			require.Less(t, at, w.closes)
			before = at
		}
	}
}

// Contradictions in print are found by arithmetic, not only by the flag.
func TestContradictionsAreThoseFlagged(t *testing.T) {
	g, err := newGenerator(Default())
	require.NoError(t, err)
	var flagged []string
	for _, s := range g.data.Statistics() {
		if s.Flag != "" {
			flagged = append(flagged, s.Area+" "+s.Metric)
		}
	}
	var found []string
	for _, s := range contradictions(g.data.Statistics()) {
		found = append(found, s.Area+" "+s.Metric)
	}
	require.ElementsMatch(t, flagged, found)
}
