package indicator

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"atvsld/seeds"
)

func TestAttainmentEverywhere(t *testing.T) {
	e := newEngine(t, newMemory())
	got, err := e.Attainment(t.Context(), AttainmentRequest{Year: 2021})
	require.NoError(t, err)
	require.Equal(t, Closed, got.View, "the public view is the default")
	require.Equal(t, "34@2025-07-01/..", got.Geography)
	require.Len(t, got.Items, 35*9)
	require.Equal(t, LevelNation, got.Items[0].Area.Level)
	require.Equal(t, "Hà Nội", got.Items[9].Area.Name.VI)
	for _, item := range got.Items {
		require.Equal(t, NotAssessable, item.Verdict)
		require.Equal(t, ReasonNotClosed, item.Reason.Code)
		require.True(t, item.Retrospective, "the Directive is of 2024")
		require.Nil(t, item.CoverageChanged)
		require.Equal(t, ReasonNotClosed, item.Coverage.Reason.Code)
		require.Equal(t, ReasonNotClosed, item.CoverageReason.Code)
	}
	got, err = e.Attainment(t.Context(), AttainmentRequest{Year: 2024, Targets: []string{"D31-1"}, Areas: []seeds.ProvinceRef{{}, {}}})
	require.NoError(t, err)
	require.Len(t, got.Items, 6, "an area asked twice is answered once")
	require.False(t, got.Items[0].Retrospective)
}

func TestRequestsAreRefusedWithEveryFault(t *testing.T) {
	e := newEngine(t, newMemory())
	_, err := e.Attainment(t.Context(), AttainmentRequest{
		Year: 20211, Geography: "35", View: "open", Areas: []seeds.ProvinceRef{{Code: "01"}},
		Base: 20211, Targets: []string{"D32-1"}, Plans: []string{"D32"}, Definitions: []string{"by_feeling"},
	})
	var refused *RequestError
	require.ErrorAs(t, err, &refused)
	var fields []string
	for _, p := range refused.Problems {
		fields = append(fields, p.Field)
		require.NotEmpty(t, p.Text.VI)
	}
	require.Equal(t, []string{"year", "base", "geography", "view", "areas", "targets", "plans", "definitions"}, fields)

	_, err = e.Series(t.Context(), SeriesRequest{Indicator: "N4", From: -1 << 62, To: 1 << 62})
	require.ErrorAs(t, err, &refused)
	_, err = e.Series(t.Context(), SeriesRequest{})
	require.ErrorIs(t, err, ErrNotFound)
}

type failing struct{ err error }

func (f failing) Cells(context.Context, CellQuery) (CellSet, error) { return CellSet{}, f.err }

func TestErrorsOfTheStoreComeThrough(t *testing.T) {
	broken := errors.New("connection lost")
	e := newEngine(t, failing{broken})
	_, err := e.Attainment(t.Context(), AttainmentRequest{Year: 2021})
	require.ErrorIs(t, err, broken)
	for _, req := range []SeriesRequest{
		{Indicator: "N4", From: 2021, To: 2021},
		{Indicator: "N4", From: 2021, To: 2021, Period: H2},
	} {
		_, err = e.Series(t.Context(), req)
		require.ErrorIs(t, err, broken)
	}
}

func TestNegativeCellsAreNoCounts(t *testing.T) {
	e := newEngine(t, newMemory(event("deaths", 2021, ref("34", "01"), -1)))
	_, err := e.Series(t.Context(), SeriesRequest{Indicator: "N5", From: 2021, To: 2021, View: Live})
	require.ErrorContains(t, err, "negative")
}

// What the answer says is complete by itself: null is written, with its reason.
func TestValueAsJSON(t *testing.T) {
	hanoi := ref("34", "01")
	e := newEngine(t, newMemory(event("deaths", 2021, hanoi, 5), event("declared_accidents", 2021, hanoi, 5)))
	got, err := e.Series(t.Context(), SeriesRequest{Indicator: "A2", From: 2021, To: 2021, View: Live, Area: hanoi})
	require.NoError(t, err)
	text, err := json.Marshal(got.Values[0])
	require.NoError(t, err)
	because := func(code string) string {
		r, err := json.Marshal(because(code))
		require.NoError(t, err)
		return string(r)
	}
	require.JSONEq(t, `{
		"period": "2021", "source": "reports",
		"area": {"level": "province", "list": "34", "code": "01", "name": {"vi": "Hà Nội", "en": "Ha Noi"}},
		"numerator": 5, "numerator_reason": null,
		"denominator": null, "denominator_reason": `+because(ReasonWorkersBySite)+`,
		"value": null, "value_reason": `+because(ReasonWorkersBySite)+`,
		"interval": null, "interval_reason": `+because(ReasonNoFigure)+`,
		"factor": 100000, "unit": {"vi": "trên 100.000 lao động", "en": "per 100,000 workers"},
		"definition": {"id": "A2", "version": 2}, "geography": "34@2025-07-01/..",
		"coverage": {
			"kind": "annex_xii", "value": null, "numerator": null, "denominator": null, "reason": `+because(ReasonNoRegister)+`,
			"timeliness": {"value": null, "numerator": null, "denominator": null, "reason": `+because(ReasonNoRegister)+`}
		},
		"as_of": "2026-03-01T08:00:00+07:00", "status": "provisional"
	}`, string(text))
}

func TestIntervalOfValues(t *testing.T) {
	hanoi := ref("34", "01")
	e := newEngine(t, newMemory(
		event("fatal_accidents", 2021, hanoi, 10), event("declared_accidents", 2021, hanoi, 10),
		yearly("workers_reporting", 2021, hanoi, 200_000), yearly("reports", 2021, hanoi, 1),
		yearly("disease_reports", 2021, hanoi, 1), yearly("examined_persons", 2021, hanoi, 10)))
	value := func(id string) Value {
		got, err := e.Series(t.Context(), SeriesRequest{Indicator: id, From: 2021, To: 2021, View: Live})
		require.NoError(t, err)
		return got.Values[0]
	}
	count := value("N4")
	require.InDelta(t, 4.7954, count.Interval.Lower, 1e-4)
	require.InDelta(t, 18.3904, *count.Interval.Upper, 1e-4)
	rate := value("A1")
	require.InDelta(t, 5, *rate.Value, 1e-12)
	require.InDelta(t, 4.7954/2, rate.Interval.Lower, 1e-4)
	require.InDelta(t, 18.3904/2, *rate.Interval.Upper, 1e-4)
	examined := value("B1")
	require.Nil(t, examined.Interval)
	require.Equal(t, ReasonAdministrative, examined.IntervalReason.Code)
}

func drawRows(t *rapid.T) []row {
	var refs []seeds.ProvinceRef
	for _, list := range []seeds.ProvinceList{seeds.List34, seeds.List63} {
		for _, p := range seeds.Default().Provinces(list) {
			refs = append(refs, p.Ref())
		}
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) row {
		at := rapid.SampledFrom(refs).Draw(t, "province")
		year := rapid.IntRange(2023, 2026).Draw(t, "year")
		n := rapid.Int64Range(0, 1000).Draw(t, "n")
		if rapid.Bool().Draw(t, "event") {
			r := event(rapid.SampledFrom([]string{"fatal_accidents", "deaths", "declared_accidents"}).Draw(t, "measure"), year, at, n)
			r.Month = rapid.IntRange(1, 12).Draw(t, "month")
			r.Employment = rapid.SampledFrom([]Employment{Contract, NoContract}).Draw(t, "employment")
			return r
		}
		return yearly(rapid.SampledFrom([]string{"accidents", "victims", "reports", "workers_reporting"}).Draw(t, "measure"), year, at, n)
	}), 1, 60).Draw(t, "rows")
}

// Counts of the provinces add up to the nation's in every geography, the row of unknown
// former units included, and the nation's are the same in each.
func TestProvincesAddUpToTheNation(t *testing.T) {
	e := newEngine(t, nil)
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t)
		id := rapid.SampledFrom([]string{"N1", "N2", "N4", "N5"}).Draw(t, "indicator")
		period := rapid.SampledFrom([]Period{Year, H1, H2}).Draw(t, "period")
		engine := &Engine{e.catalogue, newMemory(rows...), e.seeds}
		var nations [][]int64
		for _, g := range []Geography{Geography34, Geography63, Reported} {
			req := SeriesRequest{Indicator: id, From: 2023, To: 2026, Period: period, Geography: g, View: Live}
			whole := yearSums(t, engine, req)
			req.By = []Dimension{ByProvince}
			require.Equal(t, whole, yearSums(t, engine, req), "geography %s", g)
			nations = append(nations, whole)
		}
		require.Equal(t, nations[0], nations[1])
		require.Equal(t, nations[0], nations[2])
	})
}

func yearSums(t require.TestingT, e *Engine, req SeriesRequest) []int64 {
	got, err := e.Series(context.Background(), req)
	require.NoError(t, err)
	sums := make([]int64, req.To-req.From+1)
	for _, v := range got.Values {
		if v.Numerator != nil {
			sums[int(v.Period[3]-'0')-req.From%10] += *v.Numerator
		}
	}
	return sums
}

// Half-years of cases add up to their year, and no order of the store's rows matters.
func TestHalvesAddUpAndOrderDoesNotMatter(t *testing.T) {
	e := newEngine(t, nil)
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t)
		shuffled := rapid.Permutation(rows).Draw(t, "shuffled")
		forwards, backwards := &Engine{e.catalogue, newMemory(rows...), e.seeds}, &Engine{e.catalogue, newMemory(shuffled...), e.seeds}
		req := SeriesRequest{Indicator: "N4", From: 2023, To: 2026, View: Live, By: []Dimension{ByProvince, ByEmployment}}
		one, err := forwards.Series(context.Background(), req)
		require.NoError(t, err)
		two, err := backwards.Series(context.Background(), req)
		require.NoError(t, err)
		require.Equal(t, one, two)

		year := yearSums(t, forwards, req)
		req.Period = H1
		halves := yearSums(t, forwards, req)
		req.Period = H2
		for i, n := range yearSums(t, forwards, req) {
			halves[i] += n
		}
		require.Equal(t, year, halves)
	})
}

// The series and the attainment tell the same figures.
func TestSeriesAndAttainmentAgree(t *testing.T) {
	e := newEngine(t, nil)
	rapid.Check(t, func(t *rapid.T) {
		engine := &Engine{e.catalogue, newMemory(drawRows(t)...), e.seeds}
		got, err := engine.Attainment(context.Background(), AttainmentRequest{Year: 2025, View: Live})
		require.NoError(t, err)
		for _, item := range got.Items {
			req := SeriesRequest{Indicator: item.Definition.Indicator, From: 2024, To: 2025, View: Live, Denominator: item.Definition.Denominator}
			if item.Area.Level == LevelProvince {
				if item.Area.Code > "20" {
					continue // enough of them
				}
				req.Area = seeds.ProvinceRef{List: item.Area.List, Code: item.Area.Code}
			}
			series, err := engine.Series(context.Background(), req)
			require.NoError(t, err)
			require.Equal(t, series.Values[0].Figure, item.Previous.Figure)
			require.Equal(t, series.Values[1].Figure, item.Current.Figure)
		}
	})
}

func TestManyReadAtOnce(t *testing.T) {
	e := newEngine(t, newMemory(event("deaths", 2020, ref("63", "08"), 3), event("deaths", 2021, ref("34", "08"), 3)))
	var group errgroup.Group
	for range 8 {
		group.Go(func() error {
			_, err := e.Attainment(t.Context(), AttainmentRequest{Year: 2021, View: Live})
			return err
		})
	}
	require.NoError(t, group.Wait())
}

// Whatever is asked is answered or refused in words.
func FuzzSeriesRequest(f *testing.F) {
	f.Add("N4", 2020, 2021, "Y", "34", "34", "01", "province", "live", "workers_all", int64(1))
	f.Add("A1", 2021, 2020, "H2", "63", "", "\x00", "cause", "", "", int64(-1))
	f.Add("E1", -1<<63, 1<<62, "", "reported", "", "", "", "closed", "establishments_due", int64(0))
	e := newEngine(f, newMemory(event("deaths", 2021, ref("34", "01"), 3)))
	f.Fuzz(func(t *testing.T, id string, from, to int, period, geography, list, code, by, view, denominator string, factor int64) {
		req := SeriesRequest{
			Indicator: id, From: from, To: to, Period: Period(period), Geography: Geography(geography),
			Area: seeds.ProvinceRef{List: seeds.ProvinceList(list), Code: code}, View: View(view),
			Denominator: DenominatorKind(denominator), Factor: factor,
		}
		if by != "" {
			req.By = []Dimension{Dimension(by)}
		}
		got, err := e.Series(t.Context(), req)
		if err != nil {
			var refused *RequestError
			require.True(t, errors.Is(err, ErrNotFound) || errors.As(err, &refused))
			return
		}
		require.False(t, slices.ContainsFunc(got.Values, func(v Value) bool { return (v.Value == nil) != (v.ValueReason != nil) }))
	})
}

func BenchmarkAttainment(b *testing.B) {
	var rows []row
	for _, p := range seeds.Default().Provinces(seeds.List34) {
		for year := 2020; year <= 2021; year++ {
			for measure := range measures {
				rows = append(rows, event(measure, year, p.Ref(), 40))
			}
		}
	}
	e := newEngine(b, newMemory(rows...))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Attainment(b.Context(), AttainmentRequest{Year: 2021, View: Live}); err != nil {
			b.Fatal(err)
		}
	}
}
