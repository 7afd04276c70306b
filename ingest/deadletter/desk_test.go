package deadletter_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// A report that lay on the wrong partition is found, replayed, gets home and counts
// once, however often it is replayed.
func TestALetterGetsHome(t *testing.T) {
	l := newLine(t)
	l.startSink()
	id, m := l.accepted(reporttest.Valid(report.DiseaseReport))
	home := queue.PartitionOf(m.Key, partitions)
	at := l.put(m, (home+1)%partitions)
	letter := l.letter(at)
	require.Equal(t, "EVT-002", letter.Code)
	require.Equal(t, m.Value, letter.Value)
	require.Empty(t, l.revisions(id))

	page, more, err := l.desk.List(access.System(t.Context()), store.LetterFilter{States: []store.LetterState{store.LetterOpen}, Limit: 10})
	require.NoError(t, err)
	require.False(t, more)
	require.Len(t, page, 1)
	require.Equal(t, at, page[0].Position)
	require.Equal(t, id.String(), page[0].ReportID)

	letter, err = l.desk.Replay(access.System(t.Context()), at, officer)
	require.NoError(t, err)
	require.Equal(t, store.LetterReplayed, letter.State)
	require.Equal(t, []string{store.ActReplay, store.ActReplayed}, acts(letter))
	to := letter.Acts[1].To
	require.Equal(t, uint16(home), to.Partition)
	l.wait(func() bool { return len(l.revisions(id)) == 1 })
	stored := l.revisions(id)[0]
	require.Equal(t, store.StateStored, stored.State)
	require.Equal(t, *to, stored.Position, "it lies where the record says")

	again, err := l.desk.Replay(access.System(t.Context()), at, officer)
	require.NoError(t, err)
	require.Len(t, again.Acts, 4)
	require.Greater(t, again.Acts[3].To.Offset, to.Offset)
	l.wait(func() bool { return l.revisions(id)[0].Copies == 2 })
	require.Len(t, l.revisions(id), 1)
	require.Equal(t, stored.Position, l.revisions(id)[0].Position, "the first copy is the one that counts")
	_, err = l.desk.Discard(access.System(t.Context()), at, officer)
	require.ErrorIs(t, err, deadletter.ErrDecided)

	counts, err := l.desk.Counts(access.System(t.Context()))
	require.NoError(t, err)
	require.Equal(t, []store.LetterCount{{Code: "EVT-002", State: store.LetterReplayed, Letters: 1}}, counts)
}

// What cannot be stored after a replay either is a letter of its own that names the
// one it came from; and that one can be replayed in its turn, or discarded.
func TestPoisonStaysPoison(t *testing.T) {
	l := newLine(t)
	l.startSink()
	_, m := l.accepted(reporttest.Valid(report.DiseaseReport))
	m.Value = []byte("\xff no JSON")
	first := l.letter(l.put(m, queue.PartitionOf(m.Key, partitions)))
	require.Equal(t, "EVT-001", first.Code)
	came := first
	for range 2 {
		replayed, err := l.desk.Replay(access.System(t.Context()), came.Position, officer)
		require.NoError(t, err)
		next := l.letter(*replayed.Acts[1].To)
		require.Equal(t, "EVT-001", next.Code)
		require.Equal(t, first.Value, next.Value)
		last := len(next.HeaderNames) - 1
		require.Equal(t, queue.HeaderReplayOf, next.HeaderNames[last])
		require.Equal(t, came.ID(), next.HeaderValues[last])
		require.Len(t, next.HeaderNames, len(m.Headers)+1)
		came = next
	}
	discarded, err := l.desk.Discard(access.System(t.Context()), came.Position, officer)
	require.NoError(t, err)
	require.Equal(t, store.LetterDiscarded, discarded.State)
	require.Equal(t, officer.Reason, discarded.Acts[0].Reason)
	stored, err := l.desk.Letter(access.System(t.Context()), came.Position)
	require.NoError(t, err)
	require.Equal(t, discarded, stored)

	_, err = l.desk.Replay(access.System(t.Context()), came.Position, officer)
	require.ErrorIs(t, err, deadletter.ErrDecided)
	_, err = l.desk.Discard(access.System(t.Context()), came.Position, officer)
	require.ErrorIs(t, err, deadletter.ErrDecided)
	_, err = l.desk.Discard(access.System(t.Context()), store.Position{Epoch: l.epoch}, officer)
	require.ErrorIs(t, err, store.ErrNoLetter)
}

// A replay that did not come to its end leaves the decision on record and the letter
// as it was.
func TestReplayThatDoesNotEnd(t *testing.T) {
	l := newLine(t)
	at := l.keep(7)
	_, err := l.deskWith(nil).Replay(t.Context(), at, officer)
	require.ErrorIs(t, err, deadletter.ErrNoBroker)
	ctx, cancel := context.WithTimeout(access.System(t.Context()), 2*time.Second)
	defer cancel()
	_, err = l.deskWith(queue.NewReplayer(queue.At("127.0.0.1:1"), partitions)).Replay(ctx, at, officer)
	require.ErrorIs(t, err, queue.ErrUnconfirmed)
	letter, err := l.desk.Letter(access.System(t.Context()), at)
	require.NoError(t, err)
	require.Equal(t, store.LetterOpen, letter.State)
	require.Equal(t, []string{store.ActReplay}, acts(letter))
	require.Equal(t, officer.By, letter.Acts[0].By)

	letter, err = l.desk.Replay(access.System(t.Context()), at, officer)
	require.NoError(t, err)
	require.Equal(t, []string{store.ActReplay, store.ActReplay, store.ActReplayed}, acts(letter))
}

// A letter outlives its log: it is replayed into the one that is written to now.
func TestReplayIntoTheNextLog(t *testing.T) {
	l := newLine(t)
	now := l.epoch
	l.epoch = uuid.New() // of a log before
	at := l.keep(3)
	letter, err := l.desk.Replay(access.System(t.Context()), at, officer)
	require.NoError(t, err)
	require.Equal(t, now, letter.Acts[1].To.Epoch)
}

// Of officers who decide at the same moment each is told the truth, and the record
// holds what happened.
func TestOfficersAtOnce(t *testing.T) {
	l := newLine(t)
	for round := range 5 {
		at := l.keep(uint64(round))
		var wg sync.WaitGroup
		var replayed, discarded [3]error
		for i := range 3 {
			wg.Go(func() { _, replayed[i] = l.desk.Replay(access.System(t.Context()), at, officer) })
			wg.Go(func() { _, discarded[i] = l.desk.Discard(access.System(t.Context()), at, officer) })
		}
		wg.Wait()
		letter, err := l.desk.Letter(access.System(t.Context()), at)
		require.NoError(t, err)
		want := map[string]int{}
		for i := range 3 {
			want[store.ActReplayed] += won(t, replayed[i])
			want[store.ActDiscarded] += won(t, discarded[i])
		}
		got := map[string]int{store.ActReplayed: 0, store.ActDiscarded: 0}
		for _, act := range acts(letter) {
			if act != store.ActReplay {
				got[act]++
			}
		}
		require.Equal(t, want, got)
		require.LessOrEqual(t, got[store.ActDiscarded], 1)
		if got[store.ActReplayed] > 0 {
			require.Equal(t, store.LetterReplayed, letter.State, "what has happened has the last word")
		}
	}
}

func won(t *testing.T, err error) int {
	if err == nil {
		return 1
	}
	if !errors.Is(err, store.ErrActTaken) {
		require.ErrorIs(t, err, deadletter.ErrDecided)
	}
	return 0
}

func TestDecision(t *testing.T) {
	f := func(by, reason string, wrong ...string) {
		t.Helper()
		require.Equal(t, wrong, deadletter.Decision{By: by, Reason: reason}.Tidy().Wrong())
	}
	f("Trần Thị B", "dòng một\n\tdòng hai")
	f("", "", "by", "reason")
	f(" \n", "\t", "by", "reason")
	f("a\nb", "a\x00b", "by", "reason")
	f("\xff", "\xff", "by", "reason")
	f(strings.Repeat("ạ", deadletter.MaxName), strings.Repeat("ạ", deadletter.MaxReason))
	f(strings.Repeat("ạ", deadletter.MaxName+1), strings.Repeat("ạ", deadletter.MaxReason+1), "by", "reason")
	// Three ways to write the same.
	require.Equal(t, "\u1ea1", deadletter.Decision{By: " a\u0323 "}.Tidy().By)
}
