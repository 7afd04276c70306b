package audit_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
)

// Many at once, on a store that fails now and then and sometimes only says so: every entry is
// there once, in one chain.
func TestManyRecordAtOnce(t *testing.T) {
	log := &memory{}
	log.fails.Store(20)
	w := start(t, log, quick())
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			for j := range 4 {
				if err := w.Record(context.Background(), entry(fmt.Sprintf("%d-%d", i, j))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	closed(t, w)
	r := verify(export(t, log.all()))
	require.Empty(t, r.Problems)
	seen := map[string]int{}
	for _, s := range log.all() {
		seen[s.Entry.Who.ID]++
	}
	for i := range 50 {
		for j := range 4 {
			require.Equal(t, 1, seen[fmt.Sprintf("%d-%d", i, j)])
		}
	}
	require.ErrorIs(t, w.Record(t.Context(), entry("late")), audit.ErrClosed)
}

// A store that does not answer is waited for so long and no longer; the chain goes on whole
// once it does.
func TestWaitingIsBounded(t *testing.T) {
	log := &memory{}
	log.fails.Store(1 << 30)
	c := quick()
	c.Patience, c.Waiting = 5*time.Millisecond, 1
	w := start(t, log, c)
	require.ErrorIs(t, w.Record(t.Context(), entry("a")), audit.ErrUnrecorded)
	var busy error
	for range 5 {
		if err := w.Record(t.Context(), entry("b")); err != nil {
			busy = err
		}
	}
	require.ErrorIs(t, busy, audit.ErrBusy)
	log.fails.Store(0)
	require.Eventually(t, func() bool { return w.Record(t.Context(), entry("c")) == nil }, 10*time.Second, time.Millisecond)
	closed(t, w)
	require.Empty(t, verify(export(t, log.all())).Problems)
}

// held is a log that lets nothing in until it is told to.
type held struct {
	memory
	let chan struct{}
}

func (h *held) AppendAudit(ctx context.Context, token string, entries []audit.Signed) error {
	<-h.let
	return h.memory.AppendAudit(ctx, token, entries)
}

// Who follows does not wait for the store, and what he leaves is stored all the same, in its
// place.
func TestWhoFollowsDoesNotWait(t *testing.T) {
	log := &held{let: make(chan struct{})}
	w := start(t, log, quick())
	for range 3 {
		require.NoError(t, w.Follow(t.Context(), entry("again")))
	}
	require.Empty(t, log.all())
	close(log.let)
	require.NoError(t, w.Record(t.Context(), entry("first")))
	closed(t, w)
	require.Empty(t, verify(export(t, log.all())).Problems)
	var who []string
	for _, s := range log.all() {
		if s.Entry.Kind == audit.Request {
			who = append(who, s.Entry.Who.ID)
		}
	}
	require.Equal(t, []string{"again", "again", "again", "first"}, who)
}

// While the log cannot be written who follows waits like everybody, and is refused.
func TestWhoFollowsWaitsWhileNothingIsStored(t *testing.T) {
	log := &memory{}
	c := quick()
	c.Patience = 500 * time.Millisecond
	w := start(t, log, c)
	require.NoError(t, w.Record(t.Context(), entry("first")))
	log.fails.Store(1 << 30)
	require.Eventually(t, func() bool { return w.Follow(t.Context(), entry("again")) != nil }, 10*time.Second, time.Millisecond)
	require.ErrorIs(t, w.Follow(t.Context(), entry("again")), audit.ErrUnrecorded)
	log.fails.Store(0)
	require.Eventually(t, func() bool { return w.Follow(t.Context(), entry("again")) == nil }, 10*time.Second, time.Millisecond)
	closed(t, w)
	require.Empty(t, verify(export(t, log.all())).Problems)
	require.ErrorIs(t, w.Follow(t.Context(), entry("late")), audit.ErrClosed)
}

// Denials cannot fill the store, and the log says how many are missing from it.
func TestDenialsAreBounded(t *testing.T) {
	log := &memory{}
	w := start(t, log, audit.DefaultConfig())
	denied := entry("stranger")
	denied.Who.Role, denied.Outcome = access.Public, audit.Denied
	for range 1000 {
		w.Note(denied)
	}
	known := entry("known")
	known.Outcome = audit.Denied
	w.Note(known)
	closed(t, w)
	recorded, dropped := 0, uint32(0)
	for _, s := range log.all() {
		if s.Entry.Outcome == audit.Denied {
			recorded++
			dropped += s.Entry.Dropped
		}
	}
	require.Less(t, recorded, 150)
	require.Equal(t, 1001, recorded+int(dropped), "none goes unmentioned")
}

// Nobody keeps another's denials from the record, nor does whoever is refused keep away the
// platform's failures, or they him. All together are bounded, too.
func TestDenialsOfOneCallerLeaveTheOthersTheirs(t *testing.T) {
	log := &memory{}
	w := start(t, log, audit.DefaultConfig())
	note := func(id string, outcome audit.Outcome, n int) {
		e := entry(id)
		e.Outcome = outcome
		for range n {
			w.Note(e)
		}
	}
	note("flood", audit.Denied, 1000)
	note("failing", audit.Failed, 1000)
	note("quiet", audit.Denied, 3)
	for i := range 100 {
		note(fmt.Sprintf("many-%d", i), audit.Denied, 50)
	}
	note("failing", audit.Denied, 1)
	closed(t, w)
	count, all := map[string]int{}, 0
	for _, s := range log.all() {
		if s.Entry.Kind == audit.Request {
			count[s.Entry.Who.ID+" "+string(s.Entry.Outcome)]++
			all++
		}
	}
	require.Equal(t, 3, count["quiet denied"])
	require.GreaterOrEqual(t, count["flood denied"], 50)
	require.Less(t, count["flood denied"], 100)
	require.GreaterOrEqual(t, count["failing failed"], 200)
	require.Less(t, count["failing failed"], 500)
	require.Less(t, all, 2500)
}

// Every member that was shown stands in the record, however many, and every line can be read.
func TestEveryShownMemberIsOnRecord(t *testing.T) {
	const pointers = 1200
	log := &memory{}
	patient := quick()
	patient.Patience = time.Minute // so much takes its time with the race detector
	w := start(t, log, patient)
	e := entry("a")
	e.On[0].Fields = nil
	for i := range pointers {
		e.On[0].Fields = append(e.On[0].Fields, fmt.Sprintf("/content/victims/%d/name", i))
	}
	// As much as can be, each byte as long as JSON makes it.
	long := slices.Repeat([]string{strings.Repeat("\x01", 300)}, 5*pointers)
	e.On = append(e.On, audit.Touch{Kind: audit.Report, ID: "long", Revision: 2, Fields: long})
	require.NoError(t, w.Record(t.Context(), e))
	closed(t, w)
	var shown []string
	rest := 0
	for _, s := range log.all() {
		for _, on := range s.Entry.On {
			if on.ID == e.On[0].ID {
				require.Equal(t, audit.Touch{Kind: audit.Report, ID: e.On[0].ID, Revision: 1, Fields: on.Fields}, on)
				shown = append(shown, on.Fields...)
			} else {
				rest += len(on.Fields)
			}
			require.LessOrEqual(t, len(on.Fields), audit.MaxFields)
		}
	}
	require.Equal(t, e.On[0].Fields, shown)
	require.Equal(t, len(long), rest)
	require.Empty(t, verify(export(t, log.all())).Problems, "no line is longer than may be read")
}

// An act is on record before it is done; without a record it is not.
func TestActs(t *testing.T) {
	log := &memory{}
	w := start(t, log, quick())
	a := audit.Act{Operation: "close-period", By: "Trần Thị B", Reason: "số liệu đủ", On: []audit.Touch{{Kind: audit.Period, ID: "2025"}}}
	require.NoError(t, w.Do(t.Context(), a, func(ctx context.Context) error {
		all := log.all()
		require.Equal(t, audit.Begun, all[len(all)-1].Entry.Outcome)
		_, err := access.Of(ctx)
		return err
	}))
	require.ErrorIs(t, w.Do(t.Context(), a, func(context.Context) error { return context.Canceled }), context.Canceled)
	closed(t, w)
	require.ErrorIs(t, w.Do(t.Context(), a, func(context.Context) error { t.Error("done"); return nil }), audit.ErrClosed)
	var outcomes []string
	for _, s := range log.all() {
		outcomes = append(outcomes, string(s.Entry.Kind)+":"+string(s.Entry.Outcome))
	}
	require.Equal(t, []string{"first:", "act:begun", "act:allowed", "act:begun", "act:failed", "last:"}, outcomes)
	require.Equal(t, "system", log.all()[1].Entry.Who.ID)
}

// Whatever a caller sends, the log stays readable, and no citizen number comes into it.
func TestEntriesAreMadeFit(t *testing.T) {
	log := &memory{}
	w := start(t, log, quick())
	e := entry("001085012345")
	e.Reason = "về 001085012345,001085012345 và \xff" + strings.Repeat("x", 5000)
	e.On[0].ID, e.On[0].Fields = "hb:1234567890121234567890121234567a/0", []string{"/a\n/b", "001085012345"}
	require.NoError(t, w.Record(t.Context(), e))
	closed(t, w)
	data := string(export(t, log.all()))
	require.NotContains(t, data, "001085012345")
	require.Contains(t, data, "hb:1234567890121234567890121234567a/0", "a pseudonym stays")
	require.Less(t, len(data), 6000)
	require.Empty(t, verify([]byte(data)).Problems)
}

func TestManyTouchesAreSplit(t *testing.T) {
	e := entry("a")
	for range 2 * audit.MaxTouches {
		e.On = append(e.On, audit.Touch{Kind: audit.Unit})
	}
	all := e.Split()
	require.Len(t, all, 3)
	require.Len(t, all[2].On, 1)
	require.Equal(t, e.RequestID, all[2].RequestID)
}

func TestNetworkOf(t *testing.T) {
	for address, network := range map[string]string{
		"203.0.113.77:1234": "203.0.113.0/24", "[2001:db8:1:2:3::4]:80": "2001:db8:1::/48", "[::ffff:203.0.113.77]:1": "203.0.113.0/24",
		"fe80::1%eth0": "fe80::/48", "": "", "somewhere": "",
	} {
		require.Equal(t, network, audit.NetworkOf(address), address)
	}
}

func TestPurposes(t *testing.T) {
	for text, ok := range map[string]bool{
		"inspection": true, "inspection; QD-12/2025": true, "inspection;QD-12": true, "operation": true,
		"": false, "Inspection": false, "inspection ": false, "inspection;": false, "inspection; a b": false, "inspection; 001085012345": false,
		"inspection; 001.085.012-345": false, "inspection;; x": false, "inspection; QĐ-1": false,
	} {
		_, _, err := audit.ParsePurpose(text)
		require.Equal(t, ok, err == nil, text)
	}
}

// What is read is written the same again, and holds no row of nine digits.
func FuzzParsePurpose(f *testing.F) {
	f.Add("inspection; QD-123/2025")
	f.Add("operation")
	f.Add("statistics;x")
	f.Fuzz(func(t *testing.T, text string) {
		code, reference, err := audit.ParsePurpose(text)
		if err != nil {
			return
		}
		again, same, err := audit.ParsePurpose(audit.WritePurpose(code, reference))
		require.NoError(t, err)
		require.Equal(t, code, again)
		require.Equal(t, reference, same)
		require.NotRegexp(t, `[0-9]{9}`, reference)
	})
}

// Whatever is recorded, in whatever portions, is a log without a problem.
func TestAnyLogVerifies(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		log := &memory{}
		log.fails.Store(int32(rapid.IntRange(0, 4).Draw(r, "failures")))
		for range rapid.IntRange(1, 3).Draw(r, "processes") {
			c := quick()
			c.CheckpointEntries = rapid.IntRange(1, 5).Draw(r, "checkpoint")
			w := start(t, log, c)
			for range rapid.IntRange(1, 4).Draw(r, "requests") {
				e := entry(rapid.String().Draw(r, "who"))
				e.Reason, e.Reference = rapid.String().Draw(r, "reason"), rapid.String().Draw(r, "reference")
				require.NoError(r, w.Record(context.Background(), e))
			}
			closed(t, w)
		}
		require.Empty(r, verify(export(t, log.all())).Problems)
	})
}

// Whatever is written into the record, a citizen number is not; the id of a report is, though
// its last group may look like one.
func TestNumbersOfPersonsAreHidden(t *testing.T) {
	f := func(id, want string) {
		t.Helper()
		log := &memory{}
		w := start(t, log, quick())
		e := entry("a")
		e.On[0].ID = id
		require.NoError(t, w.Record(t.Context(), e))
		closed(t, w)
		require.Equal(t, want, log.all()[1].Entry.On[0].ID)
	}
	f("001185012345", "#")
	f("report 001185012345, 001185012346", "report #, #")
	f("0199b5e8-8c00-7a3c-9f21-001185012345", "0199b5e8-8c00-7a3c-9f21-001185012345")
	f("3f2504e0-4f89-41d3-9a0c-001185012345", "3f2504e0-4f89-41d3-9a0c-001185012345")
	f("00000000-0000-0000-0000-001185012345", "00000000-0000-0000-0000-#")
	f("3f2504e0-4f89-41d3-9a0c-001185012345 001185012346", "3f2504e0-4f89-41d3-9a0c-# #")
}
