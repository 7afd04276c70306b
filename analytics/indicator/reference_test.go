package indicator

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

// workersTable are all workers as an operator may give them: the two halves of the new Tuyên
// Quang, Hà Nội, and nothing of the nation.
func workersTable(t *testing.T, rows ...string) *seeds.Data {
	t.Helper()
	const header = "year,list,province,vsic_version,vsic_section,value,series,source,status,note\n"
	d, err := seeds.LoadOver(fstest.MapFS{"workers.csv": {Data: []byte(header + strings.Join(rows, "\n") + "\n")}})
	require.NoError(t, err)
	return d
}

func TestWorkersOfAnArea(t *testing.T) {
	data := workersTable(t,
		"2023,63,02,,,500,A,Niên giám Hà Giang,S,",
		"2023,63,08,,,400,A,Niên giám Tuyên Quang,UNVERIFIED,rounded",
		"2023,63,01,,,4000,A,Niên giám Hà Nội,V,",
		"2023,63,01,2018,F,300,A,Niên giám Hà Nội,V,",
		"2024,63,02,,,500,A,Niên giám Hà Giang,S,",
		"2024,63,08,,,400,B,Niên giám Tuyên Quang,S,",
		"2024,,,,,90000,A,Niên giám,S,")
	f := func(g Geography, year int, p place, want int64, status string, by ...split) {
		t.Helper()
		s := sums{counter: counter{period: Year}, base: bases{seeds: data, geography: g}}
		k := figureKey{year: year, place: p}
		if len(by) > 0 {
			k.split, s.by = by[0], []Dimension{ByVSIC}
		}
		all := s.reference(k)
		require.Equal(t, want, all.sum())
		if status == "" {
			require.Nil(t, all.origin())
			return
		}
		require.Equal(t, status, all.origin().Status)
	}
	f(Geography63, 2023, ref("63", "02"), 500, "S")
	f(Geography34, 2023, ref("34", "08"), 900, "UNVERIFIED")
	f(Geography34, 2023, ref("34", "01"), 4000, "V")
	f(Geography63, 2023, ref("63", "01"), 4000, "V")
	f(Geography34, 2023, ref("34", "01"), 300, "V", split{vsicVersion: "2018", vsicSection: "F"})
	f(Geography34, 2023, ref("34", "01"), 0, "", split{vsicVersion: "2018", vsicSection: "G"})
	f(Geography34, 2024, nation, 90000, "S")
	f(Geography34, 2024, nation, 0, "", split{})
	f(Reported, 2023, ref("63", "08"), 400, "UNVERIFIED")
	f(Reported, 2023, ref("34", "08"), 0, "")
	// A part of the whole is not the whole, and two series are not one.
	f(Geography34, 2023, nation, 0, "")
	f(Geography34, 2024, ref("34", "08"), 0, "")
	f(Geography34, 2023, unknown, 0, "")
}

// A change of the series is no change of the rate.
func TestTwoSeriesAreNotCompared(t *testing.T) {
	data := workersTable(t, "2022,,,,,1000,A,Niên giám,S,", "2023,,,,,2000,B,Niên giám,S,", "2024,,,,,2000,B,Niên giám,S,")
	catalogue, err := Default()
	require.NoError(t, err)
	hanoi := ref("34", "01")
	var rows []row
	for year := 2022; year <= 2024; year++ {
		rows = append(rows, event("fatal_accidents", year, hanoi, 4), event("declared_accidents", year, hanoi, 4))
	}
	e, err := New(catalogue, newMemory(rows...), data)
	require.NoError(t, err)
	f := func(year int, verdict Verdict, reason string) {
		t.Helper()
		got, err := e.Attainment(t.Context(), AttainmentRequest{Year: year, View: Live, Areas: []seeds.ProvinceRef{nation}, Definitions: []string{"fatal_accidents_per_all_workers"}})
		require.NoError(t, err)
		require.Len(t, got.Items, 1)
		require.Equal(t, verdict, got.Items[0].Verdict)
		if reason != "" {
			require.Equal(t, reason, got.Items[0].Reason.Code)
		}
	}
	f(2023, NotAssessable, ReasonSeriesBreak)
	f(2024, NotMet, "")
}
