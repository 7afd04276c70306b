package demo_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo"
)

// now is later than every report.
var now = time.Date(2026, time.August, 1, 0, 0, 0, 0, seeds.Local())

// Every generated submission is one that the platform takes, without a remark
// but those it acknowledges.
func TestEverySubmissionIsAccepted(t *testing.T) {
	every := 1
	if !thorough() {
		every = 23
	}
	rules := report.Context{Seeds: seeds.Default(), Now: now}
	each(t, demo.Default(), func(n int, s demo.Submission) {
		if n%every != 0 {
			return
		}
		got, form, err := report.Decode(s.Raw)
		require.NoError(t, err, "%s", s.Raw)
		findings := report.Check(rules, &got, form)
		require.Empty(t, report.Blocking(findings, got.Acknowledge), "%s", s.Raw)
		for _, f := range findings {
			if f.Severity != report.Hint {
				require.Contains(t, got.Acknowledge, f.Code, "%s", s.Raw)
			}
		}
		for _, code := range got.Acknowledge {
			require.Contains(t, codes(findings), code, "acknowledged for nothing: %s", s.Raw)
		}
		require.Equal(t, s.Kind, got.Kind)
		require.EqualValues(t, s.Revision, got.Revision)
		require.Equal(t, s.Withdrawn, got.Withdrawn)
		require.True(t, s.ReceivedAt.Equal(got.ReceivedAt))
		if got.Content != nil {
			require.Equal(t, s.Year, got.Content.Identity().StatYear)
		}
	})
}

func codes(findings []report.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Code)
	}
	return all
}

var update = flag.Bool("update", false, "write the golden files")

// The same configuration gives the same bytes, on every machine and with every
// version of Go.
func TestSameSeedSameBytes(t *testing.T) {
	s := wholeSet(t)
	const golden = "testdata/default.sha256"
	got := s.first + "  first 1000 lines of the default set\n" + s.sum + "  default set\n"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "a wanted change: go test ./seeds/demo -run SameBytes -update")

	seven := sumOf(t, smallest(7))
	require.Equal(t, seven, sumOf(t, smallest(7)))
	require.NotEqual(t, seven, sumOf(t, smallest(8)))
}

func smallest(seed uint64) demo.Config {
	return demo.Config{Seed: seed, FromYear: 2017, ToYear: 2017, Establishments: demo.MinEstablishments, Communes: demo.MinCommunes}
}

// A year's reports are the same whichever other years are made.
func TestYearsDoNotDependOnEachOther(t *testing.T) {
	c := demo.Default()
	c.FromYear, c.ToYear = 2019, 2019
	alone := map[[32]byte]int{}
	for _, f := range read(c).filed {
		alone[f.raw]++
	}
	for _, f := range wholeSet(t).filed {
		if f.Year == 2019 {
			alone[f.raw]--
		}
	}
	for _, n := range alone {
		require.Zero(t, n)
	}
}

// Submissions come in order of receipt, revisions of a report one after the
// other, and only revisions repeat a natural key.
func TestOrderAndKeys(t *testing.T) {
	var last time.Time
	revisions := map[uuid.UUID]uint32{}
	for i, f := range wholeSet(t).filed {
		require.False(t, f.ReceivedAt.Before(last), "submission %d", i)
		last = f.ReceivedAt
		id := f.read.ReportID
		if id == uuid.Nil {
			id = report.ReportID(f.Kind, f.read.Content.Identity())
		}
		require.Equal(t, int(revisions[id]+1), f.Revision, "%s %s", f.Kind, id)
		revisions[id]++
		if f.Kind == report.AccidentDeclaration {
			requireTimeInID(t, f)
		}
	}
}

// requireTimeInID: the identifier of an event holds the time of its first receipt.
func requireTimeInID(t *testing.T, f filed) {
	t.Helper()
	require.EqualValues(t, 7, f.read.ReportID.Version())
	if f.Revision == 1 {
		seconds, nanoseconds := f.read.ReportID.Time().UnixTime()
		require.Equal(t, f.ReceivedAt.UnixMilli(), time.Unix(seconds, nanoseconds).UnixMilli())
	}
}

func TestSizes(t *testing.T) {
	for _, want := range []int{60_000, 250_000} {
		c := demo.Sized(want)
		got := 0
		each(t, c, func(int, demo.Submission) { got++ })
		require.InEpsilon(t, want, got, 0.05)
		if !thorough() {
			return
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	stop := errors.New("enough")
	n := 0
	var last error
	for _, err := range demo.Generate(ctx, demo.Default()) {
		last = err
		if n++; n == 10 {
			cancel(stop)
		}
	}
	require.ErrorIs(t, last, stop)
	require.Less(t, n, 5000)
}

func TestConfigIsChecked(t *testing.T) {
	require.NoError(t, demo.Default().Validate())
	f := func(want string, change func(*demo.Config)) {
		t.Helper()
		c := demo.Default()
		change(&c)
		require.ErrorContains(t, c.Validate(), want)
		for _, err := range demo.Generate(context.Background(), c) {
			require.ErrorContains(t, err, want)
		}
	}
	f("years 2015 to 2025", func(c *demo.Config) { c.FromYear = 2015 })
	f("years 2016 to 2026", func(c *demo.Config) { c.ToYear = 2026 })
	f("years 2020 to 2019", func(c *demo.Config) { c.FromYear, c.ToYear = 2020, 2019 })
	f("establishments 3", func(c *demo.Config) { c.Establishments = 3 })
	f("communes 100000", func(c *demo.Config) { c.Communes = 100_000 })
	all := demo.Config{}.Validate()
	require.Equal(t, 2, strings.Count(all.Error(), "\n"), "all mistakes at once: %v", all)
}
