package indicator

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
)

// A year that was closed before coverage was counted has figures and no coverage.
func TestCoverageThatWasNotFrozen(t *testing.T) {
	hanoi := ref("34", "01")
	m := newMemory(yearly("accidents", 2021, hanoi, 7), yearly("reports", 2021, hanoi, 3), yearly(store.EstablishmentsDue, 2021, hanoi, 4))
	m.close(2021, time.Date(2022, time.January, 25, 0, 0, 0, 0, time.UTC))
	before := &m.closed[2021][0]
	before.Measures = withoutDue(before.Measures)
	e := newEngine(t, m)
	got, err := e.Series(t.Context(), SeriesRequest{Indicator: "N1", From: 2021, To: 2021})
	require.NoError(t, err)
	require.EqualValues(t, 7, *got.Values[0].Numerator)
	require.Equal(t, ReasonNotFrozen, got.Values[0].Coverage.Reason.Code)
	require.Equal(t, ReasonNotFrozen, got.Values[0].Coverage.Timeliness.Reason.Code)
	require.Nil(t, got.Values[0].Coverage.Denominator)
}

// withoutDue leaves out what coverage is made of.
func withoutDue(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool { _, due := dueMeasures[name]; return due })
}

// Every kind of report whose reporters are counted is owed by the law of today, on conditions
// that the store counts by.
func TestReportersAreThoseOfTheLaw(t *testing.T) {
	e := newEngine(t, newMemory())
	owed := e.reporting(counter{period: Year}, CellSet{}, nil, Live, 2024, 2024).owed
	for _, d := range store.Dues() {
		o, ok := owed[reporterKey{kind: d.Kind, year: 2024}]
		require.True(t, ok, d.Kind)
		require.Contains(t, []string{"all", "hazard"}, o.Condition, d.Kind)
	}
}

func showShare(s Share) string {
	if s.Reason != nil {
		return "unknown (" + s.Reason.Code + ")"
	}
	return fmt.Sprintf("%d/%d", *s.Numerator, *s.Denominator)
}

func showReporters(v Value, asked bool) string {
	if !asked {
		return ""
	}
	return "; " + v.Coverage.Kind + " " + showShare(v.Coverage.Share) + ", on time " + showShare(v.Coverage.Timeliness)
}

func showBothCoverages(i Item, asked bool) string {
	if !asked {
		return ""
	}
	out := "; coverage " + showShare(i.PreviousCoverage.Share) + " -> " + showShare(i.Coverage.Share)
	switch {
	case i.CoverageReason != nil:
		out += ", change unknown (" + i.CoverageReason.Code + ")"
	case *i.CoverageChanged:
		out += ", changed"
	}
	if i.FallWithCoverage != nil {
		out += ", " + i.FallWithCoverage.Code
	}
	return out
}
