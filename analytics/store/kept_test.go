package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

// What is given again, and what is read again beside it.
func TestKeptFiguresServe(t *testing.T) {
	stored := time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	was := state{log: AsOf{StoredAt: stored, Messages: 10}, closed: closedMark{2, stored}, today: seeds.MustDate(2026, 11, 29)}
	moved := func(change func(*state)) state {
		now := was
		now.at = time.Now()
		change(&now)
		return now
	}
	standing := moved(func(*state) {})
	filed := moved(func(s *state) { s.log = AsOf{StoredAt: stored.Add(time.Second), Messages: 11} })
	closed := moved(func(s *state) { s.closed.closings++ })
	morning := moved(func(s *state) { s.today = s.today.AddDays(1) })
	const serve, renew = true, true
	for _, c := range []struct {
		name         string
		basis        Basis
		now          state
		behind, took time.Duration
		lag          time.Duration
		serve, renew bool
	}{
		{"nothing has happened", Live, standing, time.Hour, 0, 0, serve, renew},
		{"nothing has happened, and not for long", Live, standing, time.Minute, 0, 0, serve, !renew},
		{"a report, where nothing may be behind", Live, filed, time.Millisecond, time.Second, 0, !serve, !renew},
		{"a report, within the lag", Live, filed, 500 * time.Millisecond, 10 * time.Millisecond, time.Second, serve, !renew},
		{"a report, beyond the lag", Live, filed, 2 * time.Second, 10 * time.Millisecond, time.Second, serve, renew},
		{"a report long ago", Live, filed, 6 * time.Second, 10 * time.Millisecond, time.Second, !serve, !renew},
		{"dear figures within five times their cost", Live, filed, 8 * time.Second, 2 * time.Second, time.Second, serve, !renew},
		{"dear figures beyond", Live, filed, 12 * time.Second, 2 * time.Second, time.Second, serve, renew},
		{"dear figures, too old", Live, filed, 41 * time.Second, 2 * time.Second, time.Second, !serve, !renew},
		{"a closing changes no live figure", Live, closed, time.Minute, 0, time.Second, serve, !renew},
		{"another day has other limits", Live, morning, time.Millisecond, 0, time.Second, !serve, !renew},
		{"closed figures outlive reports", Closed, filed, time.Hour, 0, 0, serve, !renew},
		{"closed figures outlive days", Closed, morning, time.Hour, 0, 0, serve, !renew},
		{"closed figures do not outlive a closing", Closed, closed, time.Millisecond, 0, time.Second, !serve, !renew},
		{"nor do those of earlier closings", Earlier, closed, time.Millisecond, 0, time.Second, !serve, !renew},
	} {
		at := time.Now().Add(-c.behind)
		f := &keptFigures{of: was, read: at, took: c.took, current: at}
		serves, renews := f.serves(c.basis, c.now, c.lag)
		require.Equal(t, [2]bool{c.serve, c.renew}, [2]bool{serves, renews}, c.name)
	}
}

// Figures that were seen to be current count as behind from then on, not from their reading.
func TestBehindBeginsWhenLastCurrent(t *testing.T) {
	was := state{log: AsOf{Messages: 10}}
	f := &keptFigures{of: was, read: time.Now().Add(-5 * time.Minute), current: time.Now().Add(-5 * time.Minute)}
	now := was
	now.at = time.Now()
	serve, _ := f.serves(Live, now, time.Second)
	require.True(t, serve)
	now.log.Messages++
	serve, renew := f.serves(Live, now, time.Second)
	require.True(t, serve)
	require.False(t, renew)
}

// Every part of a question, and the reach of who asks, makes another key.
func TestKeysTellQuestionsApart(t *testing.T) {
	geography := On(seeds.List34, seeds.Default())
	base := CellQuery{
		Measures: []string{"accidents", "deaths"}, From: 2020, To: 2024, Span: Year, Basis: Live, GroupBy: []Dim{ByYear, ByProvince}, Geography: geography,
		Now: time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC),
	}
	day := state{today: seeds.MustDate(2026, 11, 29)}
	keys := map[string]string{}
	f := func(name string, now state, change func(*CellQuery)) {
		q := base
		change(&q)
		require.Empty(t, keys[q.key(now)], name)
		keys[q.key(now)] = name
	}
	f("base", day, func(*CellQuery) {})
	f("measures", day, func(q *CellQuery) { q.Measures = []string{"accidents"} })
	f("measures that look alike", day, func(q *CellQuery) { q.Measures = []string{"accidents deaths"} })
	f("from", day, func(q *CellQuery) { q.From++ })
	f("to", day, func(q *CellQuery) { q.To++ })
	f("span", day, func(q *CellQuery) { q.Span = FirstHalf })
	f("basis", day, func(q *CellQuery) { q.Basis = Closed })
	f("earlier", day, func(q *CellQuery) { q.Basis, q.Until = Earlier, q.Now })
	f("until", day, func(q *CellQuery) { q.Basis, q.Until = Earlier, q.Now.Add(time.Millisecond) })
	f("split", day, func(q *CellQuery) { q.GroupBy = []Dim{ByYear, BySection} })
	f("geography", day, func(q *CellQuery) { q.Geography = On(seeds.List63, seeds.Default()) })
	f("as reported", day, func(q *CellQuery) { q.Geography = AsReported() })
	f("reach", day, func(q *CellQuery) { q.within = []string{"34/01"} })
	f("another reach", day, func(q *CellQuery) { q.within = []string{"34/01", "63/01"} })
	f("a reach that looks alike", day, func(q *CellQuery) { q.within = []string{"34/01 63/01"} })
	f("no reach", day, func(q *CellQuery) { q.within = []string{} })
	f("limits", day, func(q *CellQuery) { q.Now = q.Now.AddDate(0, 0, 1) })
	f("day", state{today: seeds.MustDate(2026, 11, 30)}, func(*CellQuery) {})
}

// Who waits together is given the same; when who reads for all leaves, another one does.
func TestTogether(t *testing.T) {
	k := newKept(1)
	defer k.close()
	leaving, leave := context.WithCancel(t.Context())
	started := make(chan struct{})
	var first sync.WaitGroup
	first.Go(func() {
		_, err := together(leaving, k, "x", func(ctx context.Context) (int, error) {
			close(started)
			<-ctx.Done()
			return 0, ctx.Err()
		})
		require.ErrorIs(t, err, context.Canceled)
	})
	<-started
	var others sync.WaitGroup
	for range 3 {
		others.Go(func() {
			n, err := together(t.Context(), k, "x", func(context.Context) (int, error) { return 7, nil })
			require.NoError(t, err)
			require.Equal(t, 7, n)
		})
	}
	leave()
	first.Wait()
	others.Wait()
	_, err := together(t.Context(), k, "x", func(context.Context) (int, error) { return 0, errors.ErrUnsupported })
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = together(t.Context(), k, "x", func(context.Context) (int, error) { panic("no row") })
	require.ErrorContains(t, err, "no row")
}

// What is done in the background is done once at a time, and over when the store is closed.
func TestBesideEndsWithTheStore(t *testing.T) {
	k := newKept(1)
	began, ended := make(chan struct{}), make(chan struct{})
	k.beside("figures", time.Minute, func(ctx context.Context) {
		close(began)
		<-ctx.Done()
		close(ended)
	})
	<-began
	over := make(chan struct{})
	k.beside("panic", time.Minute, func(context.Context) { defer close(over); panic("no row") })
	<-over
	k.beside("figures", time.Minute, func(context.Context) { t.Error("two at once") })
	k.close()
	<-ended
	k.beside("figures", time.Minute, func(context.Context) { t.Error("after the end") })
	k.beside("state", time.Minute, func(context.Context) { t.Error("after the end") })
}
