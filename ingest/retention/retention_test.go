package retention

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// counts stands for a store.
type counts struct {
	acts     []audit.Act
	kinds    map[string][]string
	recorded []store.Erasure
}

func (c *counts) SealedKinds(context.Context) (map[string][]string, error) { return c.kinds, nil }

func (c *counts) SealedCount(_ context.Context, keys []string) (store.SealedCount, error) {
	n := store.SealedCount{Reports: map[string]uint64{}}
	for _, key := range keys {
		for _, kind := range c.kinds[key] {
			n.Reports[kind]++
			n.Revisions++
		}
	}
	return n, nil
}

func (c *counts) Erasures(context.Context) ([]store.Erasure, error) {
	return slices.Clone(c.recorded), nil
}

func (c *counts) RecordErasure(_ context.Context, e store.Erasure) error {
	c.recorded = append(c.recorded, e)
	return nil
}

const header = "kind,class,years,from,action,source,status,note\n"

// jobOf makes a job at the beginning of a year with an operator's table.
func jobOf(t *testing.T, year int, table string) (*Job, *counts) {
	t.Helper()
	keys, err := seal.Open(filepath.Join(t.TempDir(), "keys"))
	require.NoError(t, err)
	data, err := seeds.LoadOver(fstest.MapFS{"retention.csv": {Data: []byte(header + table)}})
	require.NoError(t, err)
	c := &counts{kinds: map[string][]string{}}
	return &Job{
		Keys: keys, Store: c, Seeds: data, Log: slog.New(slog.DiscardHandler),
		Clock: func() time.Time { return time.Date(year, time.January, 1, 0, 0, 0, 0, seeds.Local()) },
		Act: func(ctx context.Context, a audit.Act, do func(ctx context.Context) error) error {
			c.acts = append(c.acts, a)
			return do(ctx)
		},
	}, c
}

func (c *counts) seal(t rapid.TB, j *Job, slot seal.Slot, kind string) {
	t.Helper()
	_, id, err := j.Keys.Seal(slot, []byte("x"), []byte("aad"))
	require.NoError(t, err)
	if !slices.Contains(c.kinds[id], kind) {
		c.kinds[id] = append(c.kinds[id], kind)
	}
}

const sourced = `accident_declaration,accident,2,stat_year_end,destroy_key,operator's decision,OWN,
annex_xii,periodic,5,stat_year_end,destroy_key,operator's decision,OWN,
disease_case,health,2,stat_year_end,destroy_key,none,UNVERIFIED,not found
registration,register,,stat_year_end,destroy_key,none,OWN,
`

func TestKeysEndWithTheirPeriod(t *testing.T) {
	j, c := jobOf(t, 2022, sourced)
	for _, year := range []int{2018, 2019, 2020} {
		c.seal(t, j, seal.Slot{Year: year, Class: "accident"}, "accident_declaration")
		c.seal(t, j, seal.Slot{Year: year, Class: "health"}, "disease_case")
		c.seal(t, j, seal.Slot{Year: year, Class: "periodic"}, "annex_xii")
	}
	c.seal(t, j, seal.Slot{Year: 1900, Class: "register"}, "registration")

	slots := func(keys []Key) (names []string) {
		for _, k := range keys {
			names = append(names, k.String())
		}
		return names
	}
	due := []string{"2018-accident", "2018-health", "2019-accident", "2019-health"}
	off, err := j.Run(t.Context(), Off, "A", "r")
	require.NoError(t, err)
	require.Empty(t, off)
	for range 2 { // reporting changes nothing
		told, err := j.Run(t.Context(), Report, "A", "r")
		require.NoError(t, err)
		require.Equal(t, due, slots(told.Due))
		require.Equal(t, uint64(1), told.Due[0].Reports["accident_declaration"])
		require.Empty(t, told.Destroyed)
		require.Empty(t, c.recorded)
	}
	done, err := j.Run(t.Context(), Enforce, "A", "r")
	require.NoError(t, err)
	require.Equal(t, []string{"2018-accident", "2019-accident"}, slots(done.Destroyed))
	require.Equal(t, []string{"2018-health", "2019-health"}, slots(done.Due), "a period without a source is not enforced")
	require.Len(t, c.recorded, 2)
	require.NotEmpty(t, c.acts)
	require.Equal(t, "A", c.recorded[0].By)
	again, err := j.Run(t.Context(), Enforce, "A", "r")
	require.NoError(t, err)
	require.Empty(t, again.Destroyed)
	require.Empty(t, again.Recorded)
}

// A key that all classes once shared is kept as long as the longest of what is sealed under it,
// and as the keys of its year.
func TestSharedKeysEndLast(t *testing.T) {
	j, c := jobOf(t, 2022, sourced)
	c.seal(t, j, seal.Slot{Year: 2018}, "accident_declaration")
	c.seal(t, j, seal.Slot{Year: 2018}, "annex_xii")
	c.seal(t, j, seal.Slot{Year: 2017}, "accident_declaration")
	c.seal(t, j, seal.Slot{Year: 1900}, "registration")
	c.seal(t, j, seal.Slot{Year: 2017, Class: "periodic"}, "annex_xii")
	done, err := j.Run(t.Context(), Enforce, "A", "r")
	require.NoError(t, err)
	require.Empty(t, done.Destroyed, "2018 holds annex_xii, 2017 has another key that is kept, 1900 never ends")
	require.Empty(t, c.acts, "what is not destroyed is no act")
	j.Clock = func() time.Time { return time.Date(2024, time.June, 1, 0, 0, 0, 0, seeds.Local()) }
	for range 2 {
		_, err = j.Run(t.Context(), Enforce, "A", "r")
		require.NoError(t, err)
	}
	keys, err := j.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"1900"}, []string{keys[0].String()})
}

// What was destroyed by hand goes on record, each key with the first that took it.
func TestDestructionsByHandAreRecorded(t *testing.T) {
	j, c := jobOf(t, 2022, sourced)
	c.seal(t, j, seal.Slot{Year: 2021, Class: "accident"}, "accident_declaration")
	c.seal(t, j, seal.Slot{Year: 2021, Class: "periodic"}, "annex_xii")
	require.NoError(t, j.Keys.Destroy(seal.Slot{Year: 2021, Class: "accident"}, "B", "first"))
	time.Sleep(2 * time.Millisecond)
	require.NoError(t, j.Keys.Destroy(seal.Slot{Year: 2021}, "C", "second"))
	done, err := j.Run(t.Context(), Report, "", "")
	require.NoError(t, err)
	require.Len(t, done.Recorded, 2)
	require.Equal(t, map[string]uint64{"accident_declaration": 1}, c.recorded[0].Reports)
	require.Equal(t, map[string]uint64{"annex_xii": 1}, c.recorded[1].Reports)
	require.Equal(t, "second", c.recorded[1].Reason)
	// Each is on the audit log, too, with who did it; what a run did itself is there once.
	require.Equal(t, []audit.Act{
		{Operation: "record-erasure", By: "B", Reason: "first", On: []audit.Touch{{Kind: audit.Key, ID: "2021-accident"}}},
		{Operation: "record-erasure", By: "C", Reason: "second", On: []audit.Touch{{Kind: audit.Key, ID: "2021"}}},
	}, c.acts)
	c.seal(t, j, seal.Slot{Year: 2018, Class: "accident"}, "accident_declaration")
	done, err = j.Run(t.Context(), Enforce, "A", "r")
	require.NoError(t, err)
	require.Len(t, done.Destroyed, 1)
	require.Len(t, c.recorded, 3)
	require.Equal(t, "retention", c.acts[2].Operation)
	require.Len(t, c.acts, 3)
}

func TestNothingOfTheEmbeddedTableIsEnforced(t *testing.T) {
	for _, r := range seeds.Default().Retentions() {
		require.Equal(t, seeds.StatusUnverified, r.Status, r.Kind)
	}
}
