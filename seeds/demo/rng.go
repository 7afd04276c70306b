package demo

import "math/bits"

// The generator has its own arithmetic of chance, because the promise "same
// seed, same bytes" must survive new versions of Go and of its libraries.

// mix is the finaliser of SplitMix64: every bit of x changes every bit of the result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// hash draws a number that belongs to the given things and to nothing else.
func hash(seed uint64, parts ...uint64) uint64 {
	for _, p := range parts {
		seed = mix(seed ^ mix(p))
	}
	return seed
}

// Purposes keep draws for different questions about one thing apart.
const (
	forTaxCode uint64 = iota + 1
	forEstablishment
	forYear
	forNoise
	forFiling
	forPerson
	forDisease
	forMonitoring
	forCommune
	forReportID
	forText
	forInquiry
)

// forRegister is that of the register, apart so that others may be added above.
const forRegister uint64 = 1000

// below scales a draw to 0 … n-1.
func below(draw uint64, n int) int {
	high, _ := bits.Mul64(draw, uint64(n))
	return int(high)
}

// source is a stream of draws.
type source struct{ state uint64 }

func newSource(seed uint64, parts ...uint64) *source { return &source{hash(seed, parts...)} }

func (s *source) next() uint64 {
	s.state += 0x9e3779b97f4a7c15
	return mix(s.state)
}

// intN returns 0 … n-1.
func (s *source) intN(n int) int { return below(s.next(), n) }

// between returns low … high.
func (s *source) between(low, high int) int { return low + s.intN(high-low+1) }

// percent is true in p of 100 draws.
func (s *source) percent(p int) bool { return s.intN(100) < p }

// weighted returns an index in proportion to its weight.
func weighted(draw uint64, weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := below(draw, total)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	return len(weights) - 1
}

// choose picks k of n indexes, every set being as likely as any other. It
// returns a mask.
func (s *source) choose(k, n int) []bool {
	chosen := make([]bool, n)
	for i := range n {
		if s.intN(n-i) < k {
			chosen[i] = true
			k--
		}
	}
	return chosen
}
