package bench

import (
	"math"
	"slices"
	"time"
)

// Spread describes a set of times, in milliseconds. Percentiles are nearest-rank: always
// a time that was measured, never one in between.
type Spread struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P90   float64 `json:"p90_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

// spreadOf sorts times and describes them. The zero Spread is that of no times.
func spreadOf(times []time.Duration) Spread {
	if len(times) == 0 {
		return Spread{}
	}
	slices.Sort(times)
	at := func(p float64) float64 { return milliseconds(percentile(times, p)) }
	return Spread{Count: len(times), P50: at(50), P90: at(90), P99: at(99), Max: milliseconds(times[len(times)-1])}
}

// percentile returns the smallest of the sorted times that at least p percent of them do
// not exceed. p is above 0 and at most 100.
func percentile(sorted []time.Duration, p float64) time.Duration {
	// Multiplied first: p/100 is not exact, and 99 % of 100 would be rank 100.
	rank := int(math.Ceil(p * float64(len(sorted)) / 100))
	return sorted[max(rank, 1)-1]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
