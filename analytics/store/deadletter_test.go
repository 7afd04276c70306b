package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

// letter is a dead letter with everything that a message from anywhere may hold.
func letter(at store.Position, code string, logged time.Time) store.DeadLetter {
	return store.DeadLetter{
		Position: at, Code: code, Detail: "chi tiết " + at.ID(), Key: []byte(uuid.NewString()), Value: []byte("bad \x00\xff\t\\\n'bytes"),
		HeaderNames: []string{"ce_id", "ce_id", "\xfe"}, HeaderValues: []string{"a\x00b", "", "\xff"}, LoggedAt: logged,
	}
}

type letters struct {
	t     *testing.T
	store *store.Store
	epoch uuid.UUID
}

func newLetters(t *testing.T) *letters {
	s, info := shared.Store(t)
	return &letters{t, s, info.Epoch}
}

func (l *letters) at(partition uint16, offset uint64) store.Position {
	return store.Position{Epoch: l.epoch, Partition: partition, Offset: offset}
}

func (l *letters) insert(all ...store.DeadLetter) {
	l.t.Helper()
	require.NoError(l.t, l.store.InsertDeadLetters(l.t.Context(), uuid.NewString(), all))
}

func (l *letters) act(at store.Position, known int, act string) ([]store.LetterAct, error) {
	a := store.LetterAct{ID: uuid.New(), Act: act, By: "Nguyễn\t\\'\n\"Văn A", Principal: "local", Reason: "vì \\N thế\x00"}
	if act == store.ActReplayed {
		a.To = &store.Position{Epoch: l.epoch, Partition: 3, Offset: 1 << 39}
	}
	return l.store.RecordLetterAct(access.System(l.t.Context()), at, known, a)
}

func TestALetterComesBackAsItWent(t *testing.T) {
	l := newLetters(t)
	want := letter(l.at(2, 7), "EVT-001", day(2026, 3, 1).Add(123*time.Millisecond))
	l.insert(want)
	l.insert(want) // the sink repeats a range after a crash
	got, err := l.store.DeadLetter(access.System(t.Context()), want.Position)
	require.NoError(t, err)
	require.Equal(t, store.LetterOpen, got.State)
	require.Empty(t, got.Acts)
	require.WithinDuration(t, time.Now(), got.StoredAt, time.Minute)
	require.True(t, want.LoggedAt.Equal(got.LoggedAt))
	got.LoggedAt = want.LoggedAt
	require.Equal(t, want, got.DeadLetter)

	counts, err := l.store.CountDeadLetters(access.System(t.Context()))
	require.NoError(t, err)
	require.Equal(t, []store.LetterCount{{Code: "EVT-001", State: store.LetterOpen, Letters: 1}}, counts)
	_, err = l.store.DeadLetter(access.System(t.Context()), l.at(2, 8))
	require.ErrorIs(t, err, store.ErrNoLetter)
}

// What comes to an end decides; a begun replay does not.
func TestActsDecideTheState(t *testing.T) {
	l := newLetters(t)
	at := l.at(1, 5)
	l.insert(letter(at, "EVT-003", day(2026, 3, 1)))
	f := func(known int, act string, want store.LetterState) {
		t.Helper()
		acts, err := l.act(at, known, act)
		require.NoError(t, err)
		require.Len(t, acts, known+1)
		require.Equal(t, act, acts[known].Act)
		got, err := l.store.DeadLetter(access.System(t.Context()), at)
		require.NoError(t, err)
		require.Equal(t, want, got.State)
		require.Equal(t, acts, got.Acts)
		page, _, err := l.store.DeadLetters(access.System(t.Context()), store.LetterFilter{Limit: 10})
		require.NoError(t, err)
		require.Equal(t, want, page[0].State)
		counts, err := l.store.CountDeadLetters(access.System(t.Context()))
		require.NoError(t, err)
		require.Equal(t, []store.LetterCount{{Code: "EVT-003", State: want, Letters: 1}}, counts)
	}
	f(0, store.ActReplay, store.LetterOpen)
	f(1, store.ActReplay, store.LetterOpen)
	f(2, store.ActReplayed, store.LetterReplayed)
	f(3, store.ActReplay, store.LetterReplayed)
	f(4, store.ActDiscarded, store.LetterDiscarded)

	got, err := l.store.DeadLetter(access.System(t.Context()), at)
	require.NoError(t, err)
	replayed, discarded := got.Acts[2], got.Acts[4]
	require.Equal(t, &store.Position{Epoch: l.epoch, Partition: 3, Offset: 1 << 39}, replayed.To)
	require.Nil(t, discarded.To)
	require.Equal(t, "Nguyễn\t\\'\n\"Văn A", discarded.By)
	require.Equal(t, "vì \\N thế\x00", discarded.Reason)
	require.Equal(t, "local", discarded.Principal)
	require.WithinDuration(t, time.Now(), discarded.At, time.Minute)
}

// Of several who decide at once one does; the same act may be recorded again.
func TestOneActTakesANumber(t *testing.T) {
	l := newLetters(t)
	at := l.at(0, 0)
	l.insert(letter(at, "EVT-001", day(2026, 3, 1)))
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = l.act(at, 0, store.ActDiscarded) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.ErrorIs(t, err, store.ErrActTaken)
	}
	require.Equal(t, 1, won)
	got, err := l.store.DeadLetter(access.System(t.Context()), at)
	require.NoError(t, err)
	require.Len(t, got.Acts, 1)

	again := got.Acts[0]
	acts, err := l.store.RecordLetterAct(access.System(t.Context()), at, 0, again)
	require.NoError(t, err)
	require.Equal(t, got.Acts, acts)
}

// Read page by page, every list holds each chosen letter once, in order, whatever
// stands at equal times and however the letters came into parts.
func TestPagesAreTheWholeList(t *testing.T) {
	l := newLetters(t)
	base := day(2026, 3, 1)
	codes := []string{"EVT-001", "EVT-002", "EVT-003"}
	states := []store.LetterState{store.LetterOpen, store.LetterReplayed, store.LetterDiscarded}
	var all []store.DeadLetter
	state := map[store.Position]store.LetterState{}
	for i := range 60 {
		one := letter(l.at(uint16(i%4), uint64(i)), codes[i%3], base.Add(time.Duration(i/7)*time.Second))
		all = append(all, one)
		state[one.Position] = states[i%5%3]
		l.insert(one)
		if s := states[i%5%3]; s != store.LetterOpen {
			_, err := l.act(one.Position, 0, string(s))
			require.NoError(t, err)
		}
	}
	slices.SortFunc(all, func(a, b store.DeadLetter) int {
		key := func(l store.DeadLetter) string {
			return fmt.Sprintf("%020d %05d %020d", l.LoggedAt.UnixMilli(), l.Partition, l.Offset)
		}
		return strings.Compare(key(b), key(a))
	})
	rapid.Check(t, func(r *rapid.T) {
		f := store.LetterFilter{
			Codes:      rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 0, 2, rapid.ID).Draw(r, "codes"),
			States:     rapid.SliceOfNDistinct(rapid.SampledFrom(states), 0, 2, rapid.ID).Draw(r, "states"),
			Partitions: rapid.SliceOfNDistinct(rapid.Uint16Max(4), 0, 2, rapid.ID).Draw(r, "partitions"),
			Limit:      rapid.IntRange(1, 70).Draw(r, "limit"),
		}
		if rapid.Bool().Draw(r, "bounded") {
			f.Since, f.Until = base.Add(2*time.Second), base.Add(6*time.Second)
		}
		var want []store.Position
		for _, one := range all {
			if chosen(f, one, state[one.Position]) {
				want = append(want, one.Position)
			}
		}
		require.Equal(r, want, l.everyPage(r, f))
	})
}

func chosen(f store.LetterFilter, l store.DeadLetter, state store.LetterState) bool {
	return (len(f.Codes) == 0 || slices.Contains(f.Codes, l.Code)) &&
		(len(f.States) == 0 || slices.Contains(f.States, state)) &&
		(len(f.Partitions) == 0 || slices.Contains(f.Partitions, l.Partition)) &&
		(f.Since.IsZero() || !l.LoggedAt.Before(f.Since)) && (f.Until.IsZero() || l.LoggedAt.Before(f.Until))
}

// everyPage follows the cursors, each as text.
func (l *letters) everyPage(t require.TestingT, f store.LetterFilter) []store.Position {
	var got []store.Position
	for {
		page, more, err := l.store.DeadLetters(access.System(l.t.Context()), f)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page), f.Limit)
		for _, one := range page {
			got = append(got, one.Position)
		}
		if !more {
			return got
		}
		after, err := store.ParseLetterCursor(page[len(page)-1].Cursor().String())
		require.NoError(t, err)
		f.After = &after
	}
}

func TestAListedLetter(t *testing.T) {
	l := newLetters(t)
	one, other := letter(l.at(0, 1), "EVT-001", day(2026, 3, 2)), letter(l.at(0, 2), "EVT-001", day(2026, 3, 1))
	other.Key = []byte("no id")
	l.insert(one, other)
	page, more, err := l.store.DeadLetters(access.System(t.Context()), store.LetterFilter{Limit: 2})
	require.NoError(t, err)
	require.False(t, more)
	require.Equal(t, string(one.Key), page[0].ReportID)
	require.Equal(t, one.Detail, page[0].Detail)
	require.Empty(t, page[1].ReportID)
}

func TestParseLetterCursorRefuses(t *testing.T) {
	const id = "5f2d1c5e-6f0a-4e0c-9b6e-0a1b2c3d4e5f.3.1042"
	f := func(text string) {
		t.Helper()
		_, err := store.ParseLetterCursor(text)
		require.ErrorIs(t, err, store.ErrPosition)
	}
	f("")
	f(id)
	f("1." + id + ".1")
	f("+1." + id)
	f("01." + id)
	f("99999999999999999999." + id)
	c, err := store.ParseLetterCursor("-5." + id)
	require.NoError(t, err)
	require.Equal(t, "-5."+id, c.String())
}
