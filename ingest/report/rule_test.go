package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

func TestRulesApplyFromDayToDay(t *testing.T) {
	day := func(s string) seeds.Date {
		d, err := seeds.ParseDate(s)
		require.NoError(t, err)
		return d
	}
	f := func(from, to, on string, want bool) {
		t.Helper()
		var info RuleInfo
		if from != "" {
			info.ValidFrom = day(from)
		}
		if to != "" {
			info.ValidTo = day(to)
		}
		c := &check{s: &Submission{}}
		if on != "" {
			c.day = day(on)
		}
		fired := false
		apply(c, []rule[int]{{info, func(*check, *int) { fired = true }}}, new(int))
		require.Equal(t, want, fired)
	}
	f("", "", "", true)
	f("2026-02-15", "", "2026-02-14", false)
	f("2026-02-15", "", "2026-02-15", true)
	f("", "2026-02-14", "2026-02-14", true)
	f("", "2026-02-14", "2026-02-15", false)
	f("2026-02-15", "", "", false) // the day is not known: a form finding says so
}

// Findings above, at and below what was not read are left out; neighbours stay.
func TestBrokenPointers(t *testing.T) {
	c := &check{s: &Submission{}, damaged: []string{"/content/rows/1/victims", "/content/place"}}
	for pointer, want := range map[string]bool{
		"/content/rows/1/victims": true, "/content/rows/1": true, "/content/rows": true, "/content/place/province/code": true,
		"/content/rows/1/victims_outside": false, "/content/rows/10/victims": false, "/content/rows/0": false, "/content/placed": false, "/content": false, "": false,
	} {
		require.Equal(t, want, c.broken(pointer), pointer)
	}
}

func TestSegments(t *testing.T) {
	require.Nil(t, segments(""))
	require.Equal(t, []string{""}, segments("/"))
	require.Equal(t, []string{"a/b", "~1", "0"}, segments("/a~1b/~01/0"))
	row, column := rowOf([]string{"content", "victims", "3", "injuries", "7"})
	require.Equal(t, 3, *row)
	require.Equal(t, "injuries/7", column)
	row, _ = rowOf([]string{"99999999999999999999"})
	require.Nil(t, row)
}
