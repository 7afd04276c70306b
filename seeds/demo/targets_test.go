package demo_test

import (
	"context"
	"fmt"
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

// wanted returns the cell that a target speaks of.
func wanted(t testing.TB, target demo.Target) count.Cell {
	cell := count.Cell{Measure: measureOf[target.Metric], Year: target.Year, Half: target.Period == "H1", Part: partOf[target.Part]}
	if target.Area != seeds.AreaNational {
		p, ok := seeds.Default().ProvinceByName(seeds.List63, target.Area)
		require.True(t, ok)
		cell.Geography, cell.Code = count.List63, p.Code
		if target.Year == 2025 { // partly filed in the list of 34
			cell.Geography, cell.Code = count.List34, p.Successor
		}
	}
	return cell
}

func requireTargets(t *testing.T, got count.Totals, c demo.Config) {
	t.Helper()
	for of := c.FromYear; of <= c.ToYear; of++ {
		targets, err := demo.Targets(of)
		require.NoError(t, err)
		for _, target := range targets {
			require.EqualValues(t, target.Value, got[wanted(t, target)], "%+v", target)
		}
	}
}

// Whatever the seed and the size, the totals are those of Targets, to the unit.
func TestTotalsAreTheTargets(t *testing.T) {
	sizes := []demo.Config{demo.Default()}
	if !testing.Short() {
		for seed := range uint64(4) {
			sizes = append(sizes,
				demo.Config{Seed: seed, FromYear: 2016, ToYear: 2021, Establishments: demo.MinEstablishments, Communes: demo.MinCommunes},
				demo.Config{Seed: seed + 100, FromYear: 2021, ToYear: 2025, Establishments: 3000 + int(seed)*777, Communes: 901})
		}
	}
	for _, c := range sizes {
		t.Run(fmt.Sprintf("seed %d, %d establishments", c.Seed, c.Establishments), func(t *testing.T) {
			got, err := demo.Expected(context.Background(), c)
			require.NoError(t, err)
			requireTargets(t, got, c)
		})
	}
}
