package demo_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo"
)

// The years before the first report have what was printed of them, figure by figure with
// its source, and nothing else; no other year has base figures.
func TestBaseFiguresAreThePublishedOnes(t *testing.T) {
	published := map[int]map[string]string{}
	for _, s := range seeds.Default().Statistics() {
		if _, whole := s.Int(); !whole || s.Year >= demo.FirstYear {
			continue
		}
		if published[s.Year] == nil {
			published[s.Year] = map[string]string{}
		}
		published[s.Year][s.Value] = s.Source
	}
	figures := map[int]int{}
	for _, f := range wholeSet(t).filed {
		b, ok := f.read.Content.(*report.BaseFigures)
		if !ok {
			continue
		}
		require.Less(t, f.Year, demo.FirstYear)
		for _, figure := range b.Figures {
			source, there := published[f.Year][strconv.FormatUint(figure.Value, 10)]
			require.True(t, there, "%d %s %d", f.Year, figure.Measure, figure.Value)
			require.Equal(t, source, b.Source.Reference)
			figures[f.Year]++
		}
	}
	require.Equal(t, map[int]int{2012: 2, 2013: 3, 2014: 4, 2015: 15}, figures)
}
