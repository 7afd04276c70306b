package forward

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/intake"
)

func TestWhatIsTriedAgain(t *testing.T) {
	type step struct {
		second int
		state  intake.State
		again  bool
	}
	f := func(what string, steps ...step) {
		t.Helper()
		var u undecided
		start := time.Now()
		for i, s := range steps {
			at := start.Add(time.Duration(s.second) * time.Second)
			require.Equal(t, s.again, u.again(s.state, at, 30*time.Second), "%s: step %d", what, i)
		}
	}
	f("a decision", step{0, intake.Accepted, false})
	f("stale for too long", step{0, intake.Stale, true}, step{29, intake.Stale, true}, step{30, intake.Stale, false})
	f("stale after an outage", step{0, intake.Busy, true}, step{600, intake.Busy, true}, step{601, intake.Stale, true},
		step{630, intake.Failed, true}, step{631, intake.Failed, false})
	f("an outage between", step{0, intake.Stale, true}, step{29, intake.Busy, true}, step{60, intake.Stale, true}, step{90, intake.Stale, false})
	f("a fault after doubt", step{0, intake.Unconfirmed, true}, step{1, intake.Failed, true}, step{3600, intake.Failed, true},
		step{3601, intake.Busy, true}, step{3602, intake.Failed, true}, step{9000, intake.Failed, true}, step{9001, intake.Accepted, false})
}
