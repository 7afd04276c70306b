package web

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
)

func TestNumbers(t *testing.T) {
	f := func(want, got string) {
		t.Helper()
		require.Equal(t, want, got)
	}
	f("1.234,5", VI.Decimal(1234.5, 1))
	f("1,234.5", EN.Decimal(1234.5, 1))
	f("−3", VI.Whole(-3))
	f("0", VI.Whole(0))
	f("999", VI.Whole(999))
	f("1.000", VI.Whole(1000))
	f("12.345.678", VI.Whole(12345678))
	f("−9.223.372.036.854.775.808", VI.Whole(math.MinInt64))
	f("0,0", VI.Decimal(-0.01, 1))
	f("+0,1", VI.Signed(0.06, 1))
	f("0,0", VI.Signed(0.04, 1))
	f("−1.000,0", VI.Signed(-999.99, 1))
	f("14:30 06/05/2026", VI.Moment(time.Date(2026, 5, 6, 7, 30, 0, 0, time.UTC)))
	f("6 May 2026, 14:30", EN.Moment(time.Date(2026, 5, 6, 7, 30, 0, 0, time.UTC)))
}

// A change never looks as if it were on the other side of the threshold.
func TestChangeShowsItsSide(t *testing.T) {
	down, up := indicator.Threshold{Num: 96, Den: 100}, indicator.Threshold{Num: 105, Den: 100}
	f := func(want string, pct float64, at indicator.Threshold) {
		t.Helper()
		require.Equal(t, want, VI.Change(pct, at))
	}
	f("−4,0%", -4, down)
	f("−3,96%", -3.96, down)
	f("−4,04%", -4.04, down)
	f("−3,9996%", -3.9996, down)
	f("−4,1%", -4.1, down)
	f("+5,0%", 5, up)
	f("+4,98%", 4.98, up)
	f("+12,3%", 12.34, up)
	f("0,0%", 0, down)
}

func TestLanguage(t *testing.T) {
	require.Equal(t, VI, Language(""))
	require.Equal(t, VI, Language("fr"))
	require.Equal(t, EN, Language("en"))
}
