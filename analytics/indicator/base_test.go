package indicator

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// ofArea is a reader of one area, who is told in which years others reported.
type ofArea struct {
	*memory
	reported map[string][]int
}

func (w ofArea) Cells(ctx context.Context, q CellQuery) (CellSet, error) {
	set, err := w.memory.Cells(ctx, q)
	set.Reported = w.reported
	return set, err
}

// A year that anybody reported for is counted from reports, also for an officer who is shown
// none of those.
func TestReportsElsewhereReplaceBaseFigures(t *testing.T) {
	hanoi := ref("63", "01")
	m := newMemory()
	m.base = []store.BaseFigure{{Year: 2015, Period: "2015", Province: hanoi, Measure: "accidents", Value: 7, Status: "S", Chosen: true}}
	value := func(reported map[string][]int) Value {
		got, err := newEngine(t, ofArea{m, reported}).Series(t.Context(), SeriesRequest{Indicator: "N1", From: 2015, To: 2015, View: Live, Geography: Geography63, Area: hanoi})
		require.NoError(t, err)
		return got.Values[0]
	}
	require.Equal(t, FromBaseFigures, value(nil).Source)
	require.Equal(t, FromBaseFigures, value(map[string][]int{"reports": {2016}, "disease_reports": {2015}}).Source)
	require.Equal(t, ReasonNoReports, value(map[string][]int{"reports": {2015}}).NumeratorReason.Code)
}

// Whatever of the 63 provinces is printed: the 34 show whole sums only, and when all is
// printed every geography adds up to the nation.
func TestBaseSumsAreWholeOnEveryGeography(t *testing.T) {
	data := seeds.Default()
	random := rand.New(rand.NewPCG(31, 63))
	for round := range 30 {
		m := newMemory()
		printed := map[seeds.ProvinceRef]int64{}
		var sum int64
		for _, p := range data.Provinces(seeds.List63) {
			if round > 0 && random.IntN(10) == 0 {
				continue
			}
			n := random.Int64N(100)
			printed[p.Ref()] = n
			sum += n
			m.base = append(m.base, store.BaseFigure{Year: 2015, Period: "2015", Province: p.Ref(), Measure: "deaths", Value: n, Status: "S", Chosen: true})
		}
		values := func(g Geography, by ...Dimension) []Value {
			got, err := newEngine(t, m).Series(t.Context(), SeriesRequest{Indicator: "N5", From: 2015, To: 2015, View: Live, Geography: g, By: by})
			require.NoError(t, err)
			return got.Values
		}
		complete := len(printed) == 63
		for _, g := range []Geography{Geography34, Geography63} {
			var shown int64
			for _, v := range values(g, ByProvince) {
				want, whole := int64(0), true
				parts := data.Former(v.Area.Code)
				if g == Geography63 {
					parts = parts[:0]
					p, _ := data.Province(ref("63", v.Area.Code))
					parts = append(parts, p)
				}
				for _, part := range parts {
					n, ok := printed[part.Ref()]
					want, whole = want+n, whole && ok
				}
				require.Equal(t, whole, v.Numerator != nil, "%v %v", g, v.Area)
				if whole {
					require.Equal(t, want, *v.Numerator)
					require.Len(t, v.Base.Sources, 1, "one import here")
					shown += want
				}
			}
			nation := values(g)[0]
			require.Equal(t, complete, nation.Numerator != nil)
			if complete {
				require.Equal(t, sum, *nation.Numerator)
				require.Equal(t, sum, shown)
			}
		}
	}
}

// Every measure of base figures is one that indicators may count.
func TestBaseMeasuresAreKnown(t *testing.T) {
	for _, m := range report.BaseMeasures() {
		require.Contains(t, measures, m.Name)
		info := measures[m.Name]
		require.Equal(t, m.Half, hasHalfYears(info.source), m.Name)
	}
}

// Answers with base figures fit their schema, and say where they are from.
func TestBaseFiguresExplainThemselves(t *testing.T) {
	m := newMemory()
	m.base = []store.BaseFigure{{Year: 2015, Period: "2015", Measure: "fatal_accidents", Value: 629, Status: "S", Chosen: true, Rivals: 1,
		Unit: "authority:labour@34:01", Source: "notice", Reference: "Thông báo 2015"}}
	e := newEngine(t, m)
	attainment, err := e.Attainment(t.Context(), AttainmentRequest{Year: 2016, View: Live, Targets: []string{"D31-1"}})
	require.NoError(t, err)
	requireSchema(t, attainment)
	item := attainment.Items[0]
	require.Equal(t, FromBaseFigures, item.BaseSource)
	require.Equal(t, &BaseOrigin{Rule: baseRule, Status: "S", Rivals: 1, Sources: []BaseSource{{
		Report: "00000000-0000-0000-0000-000000000000", Unit: "authority:labour@34:01", Code: "notice", Reference: "Thông báo 2015"}}}, item.Previous.Base)
}
