package indicator

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
	"atvsld/seeds"
)

var shared storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &shared) }

// The catalogue's words for measures are the store's.
func TestStoreHoldsEveryMeasure(t *testing.T) {
	known := store.Measures()
	for name, info := range measures {
		require.Contains(t, known, name)
		require.Subset(t, known, presence(info.source))
	}
	catalogue, err := Default()
	require.NoError(t, err)
	for _, d := range catalogue.Indicators() {
		if d.commutes() {
			c := counter{def: &d, options: Options{IncludeCommuting: true}}
			require.Subset(t, known, c.numeratorMeasures())
		}
	}
}

// shapes are the indicators whose queries differ in more than the names of columns: the first
// of those that are counted and divided from the same reports and split alike.
func shapes(catalogue *Catalogue) []Definition {
	seen := map[string]bool{}
	return slices.DeleteFunc(catalogue.Indicators(), func(d Definition) bool {
		shape := fmt.Sprint(d.source(), d.Dimensions, d.Periods, d.commutes())
		if den, ok := d.denominator(""); ok && den != nil && len(den.Measures) > 0 {
			shape += fmt.Sprint(measures[den.Measures[0]])
		}
		repeated := seen[shape]
		seen[shape] = true
		return repeated
	})
}

// The real store answers every question that the engine can ask: each kind of indicator,
// period, geography, view and split, over nothing yet.
func TestEveryQuestionRunsOnTheStore(t *testing.T) {
	st, _ := shared.Store(t)
	e := newEngine(t, FromStore(st, seeds.Default()))
	asked := 0
	for _, d := range shapes(e.Catalogue()) {
		for _, period := range d.Periods {
			for _, view := range []View{Live, Closed} {
				asked++
				for _, by := range [][]Dimension{nil, together(d, asked)} {
					req := SeriesRequest{Indicator: d.ID, From: 2020, To: 2021, Period: period, View: view, By: by, Geography: Geography63}
					req.Options.IncludeCommuting = d.commutes()
					got, err := e.Series(access.System(t.Context()), req)
					require.NoError(t, err, "%+v", req)
					for _, v := range got.Values {
						require.Nil(t, v.Value)
						require.Nil(t, v.AsOf)
					}
				}
			}
		}
	}
	for _, g := range []Geography{Geography34, Geography63, Reported} {
		got, err := e.Attainment(access.System(t.Context()), AttainmentRequest{Year: 2021, View: Live, Geography: g})
		require.NoError(t, err)
		for _, item := range got.Items {
			require.Equal(t, ReasonNoBaseYear, item.Reason.Code)
		}
	}
}

// together are dimensions that may be asked for at once: all, but one cut at a time, and
// provinces or regions. Another nth is another choice.
func together(d Definition, nth int) []Dimension {
	cuts := slices.DeleteFunc(slices.Clone(d.Dimensions), func(dim Dimension) bool { return !dim.isCut() })
	areas := []Dimension{ByProvince, ByRegion}
	return slices.DeleteFunc(slices.Clone(d.Dimensions), func(dim Dimension) bool {
		return dim.isCut() && dim != cuts[nth%len(cuts)] || slices.Contains(areas, dim) && dim != areas[nth%len(areas)]
	})
}

// A closed empty year is not an open one: nobody reported, and that is final. The half-year
// closed alone is not the year.
func TestClosingsOfTheStore(t *testing.T) {
	st, _ := shared.Store(t)
	e := newEngine(t, FromStore(st, seeds.Default()))
	at := func(month time.Month) time.Time { return time.Date(2022, month, 25, 0, 0, 0, 0, seeds.Local()) }
	value := func(year int, period Period) Value {
		got, err := e.Series(access.System(t.Context()), SeriesRequest{Indicator: "N4", From: year, To: year, Period: period})
		require.NoError(t, err)
		return got.Values[0]
	}
	require.NoError(t, st.ClosePeriod(t.Context(), "2021", "statistician", "", at(time.January)))
	require.NoError(t, st.ClosePeriod(t.Context(), "2022H1", "statistician", "", at(time.July)))

	for _, period := range []Period{Year, H1, H2} {
		v := value(2021, period)
		require.Equal(t, Final, v.Status)
		require.True(t, at(time.January).Equal(*v.AsOf))
		require.Equal(t, ReasonNoReports, v.ValueReason.Code)
	}
	require.Equal(t, Final, value(2022, H1).Status)
	require.Equal(t, ReasonNotClosed, value(2022, Year).ValueReason.Code)
	require.Equal(t, ReasonNotClosed, value(2022, H2).ValueReason.Code)

	// The half is closed again with the year, later.
	require.NoError(t, st.ClosePeriod(t.Context(), "2022", "statistician", "", at(time.December)))
	require.True(t, at(time.December).Equal(*value(2022, H1).AsOf))
	// In December the summaries of the year are not due yet.
	require.Equal(t, Provisional, value(2022, Year).Status)
	// The earlier closing is still there.
	earlier, err := e.Series(access.System(t.Context()), SeriesRequest{Indicator: "N4", From: 2022, To: 2022, Period: H1, Closing: at(time.August)})
	require.NoError(t, err)
	require.True(t, at(time.July).Equal(*earlier.Values[0].AsOf))
	// Live figures of a closed year are held against it.
	live, err := e.Series(access.System(t.Context()), SeriesRequest{Indicator: "N4", From: 2021, To: 2021, View: Live})
	require.NoError(t, err)
	require.Equal(t, Final, live.Values[0].Status)
	require.True(t, at(time.January).Equal(*live.Values[0].ClosedAsOf))
}
