package store_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

// message is one revision on its way, and where it arrives.
type message struct {
	id               uuid.UUID
	year             int
	revision         uint32
	withdrawn        bool
	logged, replaced bool // reaches report_log, the current table
}

// Whatever the sink stores nothing drifts, and of what it fails to store exactly those
// reports drift that a naive reading of both tables finds different.
func TestDriftIsThatOfANaiveReading(t *testing.T) {
	s, info := shared.Store(t)
	f := &filer{t: t, store: s, epoch: info.Epoch, now: day(2026, 1, 8)}
	rapid.Check(t, func(rt *rapid.T) {
		ids := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
		for i := range ids {
			ids[i][14], ids[i][15] = 0, 0 // one partition
		}
		var messages []message
		for range rapid.IntRange(1, 8).Draw(rt, "messages") {
			messages = append(messages, message{
				id: rapid.SampledFrom(ids).Draw(rt, "id"), year: rapid.IntRange(2024, 2025).Draw(rt, "year"),
				revision: rapid.Uint32Range(1, 3).Draw(rt, "revision"), withdrawn: rapid.Bool().Draw(rt, "withdrawn"),
				logged: rapid.IntRange(0, 5).Draw(rt, "logged") > 0, replaced: rapid.IntRange(0, 5).Draw(rt, "replaced") > 0,
			})
		}
		// What the sink would never do is left out: a later revision of another year.
		logged, current := planned(messages)
		f.storeMessages(logged, current)
		total, drifts, err := s.Drifting(t.Context(), info.Epoch, store.Scope{IDs: ids}, 9)
		require.NoError(rt, err)
		var got []uuid.UUID
		for _, d := range drifts {
			got = append(got, d.ReportID)
		}
		var want []uuid.UUID
		for _, id := range ids {
			if !slices.Equal(asked(logged, id), shown(current, id)) {
				want = append(want, id)
			}
		}
		require.ElementsMatch(rt, want, got)
		require.Len(rt, drifts, int(total))
	})
}

type placed struct {
	message
	offset uint64
}

// planned gives what is written to the log and to the current tables, by the rules of the
// sink less what fails. Offsets are places in messages.
func planned(messages []message) (logged, current []placed) {
	year, newest := map[uuid.UUID]int{}, map[uuid.UUID]uint32{}
	for i, m := range messages {
		one := placed{m, uint64(i)}
		if known, seen := year[m.id]; seen && known != m.year {
			if m.revision <= newest[m.id] && m.logged {
				logged = append(logged, one)
			}
			continue
		}
		year[m.id], newest[m.id] = m.year, max(newest[m.id], m.revision)
		if m.logged {
			logged = append(logged, one)
		}
		if m.replaced {
			current = append(current, one)
		}
	}
	return logged, current
}

// storeMessages stores both and, behind them, something that is not looked at: nothing of
// the messages is still being written.
func (f *filer) storeMessages(logged, current []placed) {
	f.t.Helper()
	of := func(m placed) filing {
		a := accident(day(m.year, 3, 1), uuid.Nil)
		one := filing{kind: report.AccidentDeclaration, id: m.id, of: a, revision: m.revision}
		if !m.withdrawn {
			one.content = a
		}
		return one
	}
	var rows []row
	for _, m := range current {
		r, _ := f.row(of(m), f.offset+m.offset)
		rows = append(rows, r)
	}
	require.NoError(f.t, f.insertCurrent(uuid.NewString(), report.AccidentDeclaration, rows...))
	var entries []store.LogEntry
	for _, m := range logged {
		_, entry := f.row(of(m), f.offset+m.offset)
		entries = append(entries, entry)
	}
	behind := uuid.New()
	behind[14], behind[15] = 0, 0
	_, entry := f.row(event(behind, accident(day(2025, 3, 1), uuid.Nil)), f.offset+100)
	require.NoError(f.t, f.store.InsertLog(f.t.Context(), uuid.NewString(), store.Range{}, append(entries, entry)))
	f.offset += 101
}

// asked is what the log asks for: the first copy decides the year, and of its year the
// first copy of the highest revision counts.
func asked(logged []placed, id uuid.UUID) []placed {
	var first, best *placed
	for i := range logged {
		m := &logged[i]
		if m.id != id {
			continue
		}
		if first == nil {
			first = m
		}
		if m.year == first.year && (best == nil || m.revision > best.revision) {
			best = m
		}
	}
	if best == nil || best.withdrawn {
		return nil
	}
	return []placed{{message{id: id, year: best.year, revision: best.revision}, best.offset}}
}

// shown is what figures are read from: of each year the first copy of the highest revision.
func shown(current []placed, id uuid.UUID) (all []placed) {
	for _, year := range []int{2024, 2025} {
		var ofYear []placed
		for _, m := range current {
			if m.year == year {
				ofYear = append(ofYear, m)
			}
		}
		all = append(all, asked(ofYear, id)...)
	}
	return all
}
