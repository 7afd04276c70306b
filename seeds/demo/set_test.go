package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo"
	"atvsld/seeds/demo/count"
)

// each generates all submissions of a configuration.
func each(t testing.TB, c demo.Config, do func(n int, s demo.Submission)) {
	t.Helper()
	n := 0
	for s, err := range demo.Generate(context.Background(), c) {
		require.NoError(t, err)
		do(n, s)
		n++
	}
}

// set is a generated set, read back from its JSON.
type set struct {
	filed   []filed
	totals  count.Totals
	reports int
	sum     string // SHA-256 of all lines
	first   string // of the first 1000
	err     error
}

// filed is one submission as made (without Raw) and as read.
type filed struct {
	demo.Submission
	read report.Submission
	raw  [32]byte
}

// defaultSet is made once for all tests.
var defaultSet = sync.OnceValue(func() set { return read(demo.Default()) })

func read(c demo.Config) (s set) {
	counter := count.New(seeds.Default())
	sum := sha256.New()
	for made, err := range demo.Generate(context.Background(), c) {
		if err != nil {
			s.err = err
			return s
		}
		decoded, _, err := report.Decode(made.Raw)
		if err == nil {
			err = counter.Add(decoded)
		}
		if err != nil {
			s.err = err
			return s
		}
		raw := sha256.Sum256(made.Raw)
		line(sum, made.Raw)
		made.Raw = nil
		s.filed = append(s.filed, filed{made, decoded, raw})
		if len(s.filed) == 1000 {
			s.first = hex.EncodeToString(sum.Sum(nil))
		}
	}
	s.sum = hex.EncodeToString(sum.Sum(nil))
	s.totals, s.reports = counter.Totals(), counter.Reports()
	return s
}

// sumOf returns the SHA-256 of all lines.
func sumOf(t testing.TB, c demo.Config) string {
	t.Helper()
	sum := sha256.New()
	each(t, c, func(_ int, s demo.Submission) { line(sum, s.Raw) })
	return hex.EncodeToString(sum.Sum(nil))
}

func line(h hash.Hash, raw []byte) {
	h.Write(raw)
	h.Write([]byte{'\n'})
}

// thorough tells whether the long tests run in full.
func thorough() bool { return !testing.Short() && !underRace }

// wholeSet returns the default set.
func wholeSet(t testing.TB) set {
	t.Helper()
	s := defaultSet()
	require.NoError(t, s.err)
	return s
}
