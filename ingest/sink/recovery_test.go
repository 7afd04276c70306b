package sink

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRecover(t *testing.T) {
	in := func(low, high int64) *intent { return &intent{Low: low, High: high, Schema: "v1"} }
	f := func(what string, given found, want recovery) {
		t.Helper()
		got, err := given.recover()
		require.NoError(t, err, what)
		require.Equal(t, want, got, what)
	}
	refused := func(what string, given found) {
		t.Helper()
		_, err := given.recover()
		require.ErrorIs(t, err, ErrForeignLog, what)
	}
	f("an empty log", found{Committed: none, Log: none, Rejected: none}, recovery{})
	f("a log that began before the store", found{Committed: none, First: 5, End: 9, Log: none, Rejected: none}, recovery{Next: 5})
	f("all is well", found{Committed: 7, End: 9, Log: 6, Rejected: 3}, recovery{Next: 7})
	f("all is well, the last was a dead letter", found{Committed: 7, End: 9, Log: 5, Rejected: 6}, recovery{Next: 7})

	f("died before the insert", found{Committed: 4, Intent: in(4, 7), End: 9, Log: 3, Rejected: none},
		recovery{Replay: in(4, 7), From: 4, Next: 8})
	f("died after the dead letters", found{Committed: 4, Intent: in(4, 7), End: 9, Log: 3, Rejected: 7},
		recovery{Replay: in(4, 7), From: 4, Next: 8})
	f("died before the commit", found{Committed: 4, Intent: in(4, 7), End: 9, Log: 7, Rejected: none}, recovery{Next: 8})
	f("died before the commit of half of it", found{Committed: 4, Intent: in(4, 7), End: 9, Log: 5, Rejected: none},
		recovery{Replay: in(4, 7), From: 6, Next: 8})

	f("the broker lost commits", found{Committed: 4, End: 9, Log: 7, Rejected: none}, recovery{Next: 8, Ahead: 4})
	f("the broker lost commits behind an intent", found{Committed: 2, Intent: in(2, 3), End: 9, Log: 7, Rejected: none}, recovery{Next: 8, Ahead: 4})
	f("the broker forgot the group", found{Committed: none, End: 9, Log: 7, Rejected: none}, recovery{Next: 8, Ahead: 8})
	f("a dead letter proves nothing of what lies before", found{Committed: none, End: 9, Log: 3, Rejected: 6}, recovery{Next: 4, Ahead: 4})

	f("the store was set back", found{Committed: 8, End: 9, Log: 3, Rejected: 2}, recovery{Next: 4, Behind: 4})
	f("the store was set back behind an intent", found{Committed: 6, Intent: in(6, 7), End: 9, Log: 3, Rejected: none}, recovery{Next: 4, Behind: 2})
	f("the store was set back behind the log", found{Committed: 8, First: 6, End: 9, Log: 3, Rejected: none}, recovery{Next: 6, Behind: 4, Gone: 2})

	f("retention overtook the sink", found{Committed: 4, First: 6, End: 9, Log: 3, Rejected: none}, recovery{Next: 6, Gone: 2})
	f("retention overtook a part of the intent", found{Committed: 4, Intent: in(4, 7), First: 6, End: 9, Log: 3, Rejected: none},
		recovery{Replay: in(4, 7), From: 6, Next: 8, Gone: 2})
	f("retention overtook the intent", found{Committed: 4, Intent: in(4, 7), First: 9, End: 9, Log: 3, Rejected: none},
		recovery{From: 9, Next: 9, Gone: 5})
	f("retention took what is stored", found{Committed: 4, Intent: in(4, 7), First: 8, End: 9, Log: 7, Rejected: none}, recovery{Next: 8})

	refused("stored beyond the end", found{Committed: 4, End: 5, Log: 5, Rejected: none})
	refused("a dead letter beyond the end", found{Committed: 4, End: 5, Log: 3, Rejected: 5})
	refused("committed beyond the end", found{Committed: 6, End: 5, Log: 4, Rejected: none})
	refused("an intent beyond the end", found{Committed: 4, Intent: in(4, 5), End: 5, Log: 3, Rejected: none})
	refused("an empty log, and a store that is not", found{Committed: none, End: 0, Log: 0, Rejected: none})
}

// Over every state of a small log: whatever the owner before, the broker and the store
// did, nothing that the log still has and report_log lacks is passed over, nothing
// that report_log has is read again, and what is passed over for good is counted.
func TestRecoverOverAllStates(t *testing.T) {
	const end = 6
	states := 0
	try := func(f found) {
		states++
		r, err := f.recover()
		if err != nil {
			require.ErrorIs(t, err, ErrForeignLog)
			reached := max(f.Log+1, f.Rejected+1, f.Committed)
			require.True(t, reached > f.End || f.Intent != nil && f.Intent.High >= f.End, "%+v", f)
			return
		}
		begin := r.proven()
		if r.Replay != nil {
			require.LessOrEqual(t, r.From, r.Replay.High, "%+v", f)
			require.Equal(t, r.Replay.High+1, r.Next, "%+v: an intent and what follows it touch", f)
		}
		require.GreaterOrEqual(t, begin, f.First, "%+v: only what the log has is read", f)
		require.LessOrEqual(t, r.Next, max(f.End, f.First), "%+v", f)
		require.Greater(t, begin, f.Log, "%+v: nothing of report_log is stored again", f)
		// Below begin everything is in report_log, or was committed and the store still
		// has something behind it (what it lost before that is a hole, which repair
		// looks for), or is gone from the log.
		safe := max(f.Log+1, f.First, min(f.Committed, f.Rejected+1))
		require.LessOrEqual(t, begin, safe, "%+v: nothing is passed over", f)
		if lost := f.First - max(f.Log+1, f.Committed); f.Committed != none && f.Committed <= f.Log+1 && lost > 0 {
			require.Equal(t, lost, r.Gone, "%+v", f)
		}
	}
	for first := int64(0); first <= end; first++ {
		for committed := none; committed <= end+1; committed++ {
			for log := none; log <= end; log++ {
				for rejected := none; rejected <= end; rejected++ {
					f := found{Committed: committed, First: first, End: end, Log: log, Rejected: rejected}
					try(f)
					for high := committed; committed >= 0 && high <= end; high++ {
						f.Intent = &intent{Low: committed, High: high, Schema: "v1"}
						try(f)
					}
				}
			}
		}
	}
	require.Greater(t, states, 10_000)
}
