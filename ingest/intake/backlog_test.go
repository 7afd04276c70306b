package intake

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/ingest/queue"
)

func TestBacklogLevels(t *testing.T) {
	c := BacklogConfig{MaxRecords: 100, MaxAge: 10 * time.Hour, Retention: 20 * time.Hour, Every: time.Second}
	require.NoError(t, c.Validate())
	now := time.Now()
	f := func(want Level, all ...queue.Unstored) {
		t.Helper()
		require.Equal(t, want, c.level(all, now))
	}
	old := func(records int64, hours float64) queue.Unstored {
		return queue.Unstored{Records: records, Oldest: now.Add(-time.Duration(hours * float64(time.Hour)))}
	}
	f(Open)
	f(Open, queue.Unstored{})
	f(Open, old(99, 9.9))
	f(Urgent, old(100, 0))
	f(Urgent, old(50, 0), old(50, 0)) // together
	f(Urgent, old(199, 14.9))
	f(Closed, old(200, 0))
	f(Urgent, old(1, 10), old(1, 0)) // the oldest of any
	f(Closed, old(1, 15))
	f(Open, old(1, -1)) // a broker whose clock is ahead
}

// More of a backlog never opens, and nothing is taken when half of the time that is
// left until the log deletes it is over.
func TestABacklogClosesBeforeTheLogDeletes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		retention := time.Duration(rapid.Int64Range(int64(time.Hour), int64(1000*time.Hour)).Draw(t, "retention"))
		c := DefaultBacklog(retention)
		if rapid.Bool().Draw(t, "own bound") {
			c.MaxAge = time.Duration(rapid.Int64Range(1, int64(retention)-1).Draw(t, "age"))
		}
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		records := rapid.Int64Range(0, 3*c.MaxRecords).Draw(t, "records")
		age := time.Duration(rapid.Int64Range(0, int64(2*retention)).Draw(t, "oldest"))
		at := func(records int64, age time.Duration) Level {
			return c.level([]queue.Unstored{{Records: records, Oldest: now.Add(-age)}}, now)
		}
		level := at(records, age)
		if at(records+1, age) < level || at(records, age+time.Second) < level {
			t.Fatal("more is less")
		}
		if left := retention - age; left <= (retention-c.MaxAge)/2-1 && level != Closed {
			t.Fatalf("%s although %s are left", level, left)
		}
	})
}

func TestBacklogConfigValidate(t *testing.T) {
	err := BacklogConfig{MaxAge: 2 * time.Hour, Retention: time.Hour}.Validate()
	for _, part := range []string{"records", "not below the retention", "every"} {
		require.ErrorContains(t, err, part)
	}
}

func TestWithoutABacklogEverythingIsTaken(t *testing.T) {
	var b *Backlog
	require.Equal(t, Open, b.Level())
}

// What was seen last holds while the log does not answer.
func TestABacklogThatCannotBeReadStays(t *testing.T) {
	all, failed := []queue.Unstored{{Records: 150}}, error(nil)
	look := func(context.Context) ([]queue.Unstored, error) { return all, failed }
	c := BacklogConfig{MaxRecords: 100, MaxAge: time.Hour, Retention: 2 * time.Hour, Every: time.Hour}
	b := NewBacklog(c, look, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	require.Equal(t, Open, b.Level())
	b.once(t.Context())
	require.Equal(t, Urgent, b.Level())
	failed = errors.New("no broker")
	b.once(t.Context())
	require.Equal(t, Urgent, b.Level())
	all, failed = nil, nil
	b.once(t.Context())
	require.Equal(t, Open, b.Level())
}
