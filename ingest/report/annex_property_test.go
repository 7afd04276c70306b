package report_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// victim is one person of a random accident.
type victim struct {
	outside, woman bool
	severity       int // 0 dead, 1 serious, 2 minor
	occupation     string
}

// count adds one accident with the given victims to a row of the form.
func count(row *report.Measures, victims []victim, multi bool) {
	one := report.Measures{Accidents: 1}
	if multi {
		one.AccidentsMulti = 1
	}
	add := func(all, outside *uint32, v victim) {
		*all++
		if v.outside {
			*outside++
		}
	}
	for _, v := range victims {
		add(&one.Victims, &one.VictimsOutside, v)
		if v.woman {
			add(&one.Women, &one.WomenOutside, v)
		}
		switch v.severity {
		case 0:
			add(&one.Deaths, &one.DeathsOutside, v)
			one.AccidentsFatal = 1
		case 1:
			add(&one.Serious, &one.SeriousOutside, v)
		}
	}
	row.Add(one)
}

// annexOf sums random accidents up into table I.
func annexOf(t *rapid.T) []report.AnnexRow {
	rows := map[[2]string]*report.Measures{{"1", ""}: {}, {"2", ""}: {}, {"3", ""}: {}}
	row := func(block report.Block, code string) *report.Measures {
		key := [2]string{string(block), code}
		if rows[key] == nil {
			rows[key] = &report.Measures{}
		}
		return rows[key]
	}
	victims := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) victim {
		return victim{rapid.Bool().Draw(t, "outside"), rapid.Bool().Draw(t, "woman"),
			rapid.IntRange(0, 2).Draw(t, "severity"), rapid.SampledFrom([]string{"7111", "8342", "9313"}).Draw(t, "occupation")}
	}), 1, 4)
	for range rapid.IntRange(0, 6).Draw(t, "accidents") {
		people := victims.Draw(t, "victims")
		multi := len(people) > 1
		block := report.BlockAccidents
		if rapid.Bool().Draw(t, "commuting") {
			block = report.BlockCommuting
		}
		count(row(block, ""), people, multi)
		count(row(report.BlockTotal, ""), people, multi)
		if block == report.BlockCommuting {
			continue
		}
		count(row(report.BlockCause, strconv.Itoa(rapid.IntRange(1, 9).Draw(t, "cause"))), people, multi)
		count(row(report.BlockFactor, strconv.Itoa(rapid.IntRange(1, 9).Draw(t, "factor"))), people, multi)
		byOccupation := map[string][]victim{}
		for _, v := range people {
			byOccupation[v.occupation] = append(byOccupation[v.occupation], v)
		}
		for occupation, some := range byOccupation {
			count(row(report.BlockOccupation, occupation), some, multi)
		}
	}
	var all []report.AnnexRow
	for key, m := range rows {
		all = append(all, report.AnnexRow{Block: report.Block(key[0]), Code: key[1], Measures: *m})
	}
	slices.SortFunc(all, func(a, b report.AnnexRow) int {
		if a.Block != b.Block {
			return cmpString(string(a.Block), string(b.Block))
		}
		return cmpString(a.Code, b.Code)
	})
	return all
}

func cmpString(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// errorsOf checks an Annex XII with the given rows.
func errorsOf(t require.TestingT, rows []report.AnnexRow) []string {
	s, form, err := report.Decode(reporttest.Remove(reporttest.Valid(report.AnnexXII), "/content/damage"))
	require.NoError(t, err)
	s.Content.(*report.Annex).Rows = rows
	var all []string
	for _, f := range report.Check(ctx(), &s, form) {
		if f.Severity == report.Error {
			all = append(all, f.Code+" "+f.Pointer)
		}
	}
	return all
}

func TestSummedAccidentsAlwaysPass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := annexOf(t)
		require.Empty(t, errorsOf(t, rows))
		text, err := json.Marshal(rows)
		require.NoError(t, err)
		_, form, err := report.Decode(reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/rows", string(text)))
		require.NoError(t, err)
		require.Empty(t, form)
	})
}

func TestAnyChangedCellOfBlockOneIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := annexOf(t)
		one := slices.IndexFunc(rows, func(r report.AnnexRow) bool { return r.Block == report.BlockAccidents })
		for _, m := range report.AllMeasures() {
			cell := m.Of(&rows[one].Measures)
			was := *cell
			*cell = rapid.Uint32Range(0, 9).Filter(func(n uint32) bool { return n != was }).Draw(t, "cell")
			found := errorsOf(t, rows)
			require.NotEmpty(t, found, "%s %d instead of %d", m.Name, *cell, was)
			if !slices.ContainsFunc(rows, func(r report.AnnexRow) bool { return r.Block == report.BlockCause }) {
				require.Contains(t, found, "AXII-030 /content/rows/"+strconv.Itoa(len(rows)-1)+"/"+m.Name)
			} else {
				require.Contains(t, found, "AXII-031 /content/rows/"+strconv.Itoa(one)+"/"+m.Name)
			}
			*cell = was
		}
	})
}
