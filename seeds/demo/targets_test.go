package demo_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/seeds"
	"atvsld/seeds/demo"
	"atvsld/seeds/demo/count"
)

var measureOf = map[demo.Metric]count.Measure{
	demo.Accidents: count.Accidents, demo.Victims: count.Victims, demo.FatalAccidents: count.FatalAccidents,
	demo.Deaths: count.Deaths, demo.Serious: count.Serious, demo.Women: count.Women, demo.Multi: count.Multi,
	demo.DaysLost: count.DaysOff,
}

var partOf = map[demo.Part]string{demo.All: "", demo.Contract: count.WithContract, demo.NoContract: count.WithoutContract}

// wanted returns the cell that a target speaks of, summed over what a chosen
// province of 2025 was filed as.
func wanted(t testing.TB, target demo.Target) count.Cell {
	t.Helper()
	cell := count.Cell{Measure: measureOf[target.Metric], Year: target.Year, Half: target.Period == "H1", Part: partOf[target.Part]}
	if target.Area == seeds.AreaNational {
		return cell
	}
	p, ok := seeds.Default().ProvinceByName(seeds.List63, target.Area)
	require.True(t, ok)
	cell.Geography, cell.Code = count.List63, p.Code
	return cell
}

func requireTargets(t *testing.T, got count.Totals, c demo.Config) {
	t.Helper()
	for of := c.FromYear; of <= c.ToYear; of++ {
		targets, err := demo.Targets(of)
		require.NoError(t, err)
		require.NotEmpty(t, targets)
		for _, target := range targets {
			require.EqualValues(t, target.Value, got[wanted(t, target)], "%+v", target)
		}
	}
}

// Whatever the seed and the size, the totals are those of Targets, to the unit:
// after amendments, withdrawals, covered branches and second declarations.
func TestTotalsAreTheTargets(t *testing.T) {
	requireTargets(t, wholeSet(t).totals, demo.Default())
	sets := uint64(3)
	if !thorough() {
		sets = 0
	}
	for seed := range sets {
		for _, c := range []demo.Config{
			{Seed: seed, FromYear: 2016, ToYear: 2021, Establishments: demo.MinEstablishments, Communes: demo.MinCommunes},
			{Seed: seed + 100, FromYear: 2022, ToYear: 2025, Establishments: 3000 + int(seed)*777, Communes: 901},
		} {
			t.Run(fmt.Sprintf("seed %d, %d establishments", c.Seed, c.Establishments), func(t *testing.T) {
				got, err := demo.Expected(context.Background(), c)
				require.NoError(t, err)
				requireTargets(t, got, c)
			})
		}
	}
}

// Every published figure from 2016 on is met to the unit or an exception with a
// reason: none is forgotten.
func TestPublishedFiguresAreMetOrExcepted(t *testing.T) {
	got := wholeSet(t).totals
	excepted := map[string]demo.Exception{}
	for _, e := range demo.Exceptions() {
		require.NotEmpty(t, e.Reason)
		require.NotEmpty(t, e.ReasonVI)
		excepted[e.Name()+e.Statistic.Period] = e
	}
	met := 0
	for _, s := range seeds.Default().Statistics() {
		name := demo.Exception{Statistic: s}.Name()
		if _, ok := excepted[name+s.Period]; ok || s.Year < demo.FirstYear {
			continue
		}
		want, exact := s.Int()
		require.True(t, exact, name)
		require.Equal(t, want, got[cellOf(t, s)], name)
		met++
	}
	require.Equal(t, 146, met, "published figures met")
	for _, name := range []string{"2017 Phú Yên accidents_all", "2017 Phú Yên victims_all", "2019 national accidents_all", "2019 national victims_all"} {
		require.Contains(t, excepted, name+"Y")
		require.Positive(t, excepted[name+"Y"].Instead)
	}
}

// cellOf reads the name of a published metric; it shares nothing with the generator.
func cellOf(t testing.TB, s seeds.Statistic) count.Cell {
	t.Helper()
	cell := count.Cell{Year: s.Year, Half: s.Period == "H1"}
	if s.Area != seeds.AreaNational {
		p, ok := seeds.Default().ProvinceByName(seeds.List63, s.Area)
		require.True(t, ok)
		cell.Geography, cell.Code = count.List63, p.Code
	}
	metric := s.Metric
	for suffix, part := range map[string]string{"_all": "", "_contract": count.WithContract, "_nocontract": count.WithoutContract} {
		if rest, ok := strings.CutSuffix(metric, suffix); ok {
			metric, cell.Part = rest, part
		}
	}
	if rest, ok := strings.CutPrefix(metric, "monitoring_"); ok {
		metric = map[string]string{"samples_over_limit": "samples_over"}[rest]
		if metric == "" {
			metric = rest
		}
	}
	names := map[string]count.Measure{"female_victims": count.Women, "multi_victim_accidents": count.Multi, "days_lost": count.DaysOff}
	cell.Measure = count.Measure(metric)
	if m, ok := names[metric]; ok {
		cell.Measure = m
	}
	return cell
}

// The figures themselves: parts add up, and their origin is said.
func TestTargetsAddUp(t *testing.T) {
	for of := demo.FirstYear; of <= demo.LastYear; of++ {
		targets, err := demo.Targets(of)
		require.NoError(t, err)
		sums := map[string]int{}
		for _, x := range targets {
			require.Contains(t, []demo.Origin{demo.Printed, demo.Derived, demo.Chosen}, x.Origin)
			if of >= 2022 {
				require.Equal(t, demo.Chosen, x.Origin, "%+v", x)
			}
			if x.Area != seeds.AreaNational || x.Metric == demo.DaysLost {
				continue
			}
			sign := 1
			if x.Part == demo.All {
				sign = -1
			}
			sums[x.Period+string(x.Metric)] += sign * x.Value
		}
		for name, n := range sums {
			require.Zero(t, n, "%d %s", of, name)
		}
	}
	_, err := demo.Targets(2015)
	require.Error(t, err)
}

// No figure of a half-year exceeds that of its year.
func TestHalvesAreWithinYears(t *testing.T) {
	got := wholeSet(t).totals
	for cell, n := range got {
		whole := cell
		whole.Half = false
		// Provinces of 2025 change their list between half-year and year.
		if cell.Half && (cell.Year != 2025 || cell.Geography != count.List63) {
			require.LessOrEqual(t, n, got[whole], "%+v", cell)
		}
	}
}
