package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo"
)

// now is later than every report.
var now = time.Date(2026, time.August, 1, 0, 0, 0, 0, seeds.Local())

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

// Every generated submission is one that the platform takes.
func TestEverySubmissionIsAccepted(t *testing.T) {
	every := 1
	if testing.Short() {
		every = 23
	}
	rules := report.Context{Seeds: seeds.Default(), Now: now}
	found := map[string]int{}
	each(t, demo.Default(), func(n int, s demo.Submission) {
		if n%every != 0 {
			return
		}
		got, form, err := report.Decode(s.Raw)
		require.NoError(t, err, "%s", s.Raw)
		findings := report.Check(rules, &got, form)
		for _, f := range findings {
			if f.Severity != report.Hint {
				if found[f.Code] == 0 {
					t.Logf("%s %s %s: %s\n%s", f.Severity, f.Code, f.Pointer, f.Message, s.Raw)
				}
				found[f.Code]++
			}
		}
		require.Empty(t, report.Blocking(findings, got.Acknowledge), "%s", s.Raw)
		require.Equal(t, s.Kind, got.Kind)
		require.True(t, s.ReceivedAt.Equal(got.ReceivedAt))
	})
	t.Log(found)
}

func sum(t testing.TB, c demo.Config, limit int) string {
	h := sha256.New()
	for s, err := range demo.Generate(context.Background(), c) {
		require.NoError(t, err)
		h.Write(s.Raw)
		h.Write([]byte{'\n'})
		if limit--; limit == 0 {
			break
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
