package report_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// What is personal in a document is what would be sealed of it, of every kind.
func TestPersonalPointersAreThoseThatAreSealed(t *testing.T) {
	for _, definition := range report.Definitions() {
		raw := reporttest.Valid(definition.Kind)
		_, private := reporttest.Divide(raw)
		require.Equal(t, slices.Sorted(maps.Keys(private)), append([]string(nil), report.PersonalPointers(raw)...), definition.Kind)
	}
	require.Equal(t, []string{report.WholeDocument}, report.PersonalPointers([]byte("{")))
	require.Contains(t, report.PersonalPointers(reporttest.Amended(report.AccidentDeclaration)), "/reason")
}

func TestBeneath(t *testing.T) {
	require.True(t, report.Beneath("/a/b", "/a"))
	require.True(t, report.Beneath("/a", "/a"))
	require.True(t, report.Beneath("/a", ""))
	require.False(t, report.Beneath("/ab", "/a"))
	require.False(t, report.Beneath("/a", "/a/b"))
}

func TestHoldsPersonNumber(t *testing.T) {
	require.True(t, report.HoldsPersonNumber("số 001085012345"))
	require.True(t, report.HoldsPersonNumber("0912345678"))
	require.False(t, report.HoldsPersonNumber("QD-123/2025"))
}
