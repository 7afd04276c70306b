package bench

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func to(n int) []time.Duration {
	times := make([]time.Duration, n)
	for i := range times {
		times[n-1-i] = time.Duration(i+1) * time.Millisecond // not sorted
	}
	return times
}

func TestSpread(t *testing.T) {
	f := func(times []time.Duration, want Spread) {
		t.Helper()
		require.Equal(t, want, spreadOf(times))
	}
	f(nil, Spread{})
	f(to(1), Spread{Count: 1, P50: 1, P90: 1, P99: 1, Max: 1})
	f(to(2), Spread{Count: 2, P50: 1, P90: 2, P99: 2, Max: 2})
	f(to(3), Spread{Count: 3, P50: 2, P90: 3, P99: 3, Max: 3})
	f(to(10), Spread{Count: 10, P50: 5, P90: 9, P99: 10, Max: 10})
	f(to(100), Spread{Count: 100, P50: 50, P90: 90, P99: 99, Max: 100})
	f(to(101), Spread{Count: 101, P50: 51, P90: 91, P99: 100, Max: 101})
	f(to(1000), Spread{Count: 1000, P50: 500, P90: 900, P99: 990, Max: 1000})
	f([]time.Duration{1500 * time.Microsecond, 0}, Spread{Count: 2, P50: 0, P90: 1.5, P99: 1.5, Max: 1.5})
}

func TestPercentile(t *testing.T) {
	sorted := []time.Duration{10, 20, 30, 40}
	f := func(p float64, want time.Duration) {
		t.Helper()
		require.Equal(t, want, percentile(sorted, p))
	}
	f(0.1, 10)
	f(25, 10)
	f(25.1, 20)
	f(50, 20)
	f(75, 30)
	f(99.9, 40)
	f(100, 40)
}

// Every percentile is a time that was measured, with the asked share at or below it, and
// no smaller one has that.
func TestPercentileIsNearestRank(t *testing.T) {
	for n := 1; n <= 210; n++ {
		sorted := make([]time.Duration, n)
		for i := range sorted {
			sorted[i] = time.Duration(i)
		}
		for p := 1; p <= 100; p++ {
			at := int(percentile(sorted, float64(p)))
			require.GreaterOrEqual(t, (at+1)*100, p*n, "p%d of %d", p, n)
			require.Less(t, at*100, p*n, "p%d of %d", p, n)
		}
	}
}

func TestDigits(t *testing.T) {
	f := func(v float64, want string) {
		t.Helper()
		require.Equal(t, want, digits(v))
	}
	f(0, "0")
	f(7, "7")
	f(99, "99")
	f(0.0123456, "0.0123")
	f(0.5, "0.500")
	f(1.2345, "1.23")
	f(12.345, "12.3")
	f(123.456, "123")
	f(999.6, "1,000")
	f(1234.5, "1,234")
	f(1234567, "1,234,567")
	f(-1234567, "-1,234,567")
	f(-0.25, "-0.250")
}
