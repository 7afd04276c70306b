package sink

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/fault"
	"atvsld/ingest/queue"
)

// world is a log of a few messages, a group and a store, as simple as they can be. The
// sink's own decisions (ofEpoch, recover, steps) run in it, with every crash, every
// lost commit, every repeated insert and every way to cut ranges.
type world struct {
	dead []bool // by offset: what the sink has to make of the message

	mark, durable queue.Mark // what the group answers, and what it still has after a crash
	log           map[int64]int
	ranges        map[[2]int64]bool
	rejected      map[int64]bool
	tokens        map[string]bool
	late          []insert // of owners that are dead for the group and alive for the store
	inserts       int

	flaw    fault.Flaw
	crashes int
	// forgetful brokers lose commits that they have answered. They are not combined
	// with inserts that outlive their owner: then nobody knows of the range any more,
	// and both it and another one may be stored (docs/DESIGN-sink.md, Limits).
	forgetful bool
	// lossy stores lose their last range when the owner dies, but not its token. losses
	// counts what was put on record; an owner that does not look again is credulous.
	lossy     bool
	credulous bool
	losses    int
	// behind: a new owner found less stored than was committed, and no store lost it.
	behind bool
	choose func(n int) int
}

// insert is an insert into report_log.
type insert struct {
	token   string
	in      intent
	offsets []int64
}

// crash ends an owner.
type crash struct{}

func (w *world) done() bool {
	return w.mark.Offset == int64(len(w.dead)) && w.mark.Metadata == (mark{Epoch: epochA}).String()
}

// maybeCrash ends the owner at one of the instants that the schedule has.
func (w *world) maybeCrash() {
	if w.crashes > 0 && w.choose(2) == 1 {
		w.crashes--
		w.mark = w.durable
		if w.lossy && w.choose(2) == 1 {
			w.lose()
		}
		panic(crash{})
	}
}

// lose takes the last range from the store.
func (w *world) lose() {
	last := [2]int64{none, none}
	for r := range w.ranges {
		if r[0] > last[0] {
			last = r
		}
	}
	delete(w.ranges, last)
	for offset := range w.log {
		if offset >= last[0] && offset <= last[1] {
			delete(w.log, offset)
		}
	}
}

func (w *world) commit(m queue.Mark) {
	w.mark = m
	// A broker may answer a commit that it has not written.
	if !w.forgetful || w.crashes == 0 || w.choose(2) == 0 {
		w.durable = m
	}
}

func (w *world) insert(i insert) {
	w.inserts++
	if w.flaw == fault.TokenFromTime {
		i.token = strconv.Itoa(w.inserts)
	}
	if w.tokens[i.token] {
		return
	}
	w.tokens[i.token] = true
	w.ranges[[2]int64{i.in.Low, i.in.High}] = true
	for _, offset := range i.offsets {
		w.log[offset]++
	}
}

// find is what a new owner finds.
func (w *world) find(t *testing.T) found {
	f := found{End: int64(len(w.dead)), Log: none, Rejected: none}
	var err error
	f.Committed, f.Intent, err = ofEpoch(w.mark.Offset, w.mark.Metadata, epochA)
	require.NoError(t, err)
	for r := range w.ranges {
		f.Log = max(f.Log, r[1])
	}
	for offset := range w.rejected {
		f.Rejected = max(f.Rejected, offset)
	}
	return f
}

// own is one owner's life: it ends with the log or with a crash.
func (w *world) own(t *testing.T) {
	defer func() {
		if r := recover(); r != nil && r != (crash{}) {
			panic(r)
		}
	}()
	f := w.find(t)
	r, err := f.recover()
	require.NoError(t, err)
	w.behind = w.behind || r.Behind > 0 || r.Gone > 0
	next := r.Next
	if w.flaw == fault.NoReplay && f.Intent != nil {
		r.Replay, next = nil, f.Intent.High+1
	}
	for offset := range r.proven() {
		if w.log[offset] == 0 && !w.rejected[offset] && w.flaw == "" {
			w.store(intent{Low: offset, High: offset, Schema: schema}, offset, true)
		}
	}
	if r.Replay != nil {
		w.store(*r.Replay, r.From, true)
	}
	end := int64(len(w.dead))
	for next < end {
		in := intent{Low: next, High: next + int64(w.choose(int(min(end-next, 3)))), Schema: schema}
		w.store(in, in.Low, false)
		next = in.High + 1
	}
	if !w.done() {
		w.maybeCrash()
		w.commit(mark{Epoch: epochA}.at(next))
	}
}

// store does a range's steps, each of which may be the last thing that happens.
func (w *world) store(in intent, from int64, again bool) {
	var p plan
	i := insert{token: fmt.Sprint(in, w.losses), in: in}
	var refused []int64
	for offset := from; offset <= in.High; offset++ {
		if w.dead[offset] {
			refused = append(refused, offset)
			p.dead = append(p.dead, queue.DeadLetter{Origin: kafka.Message{Offset: offset}})
			continue
		}
		i.offsets = append(i.offsets, offset)
		p.log = append(p.log, &stored{})
	}
	steps := p.steps(in.High+1 < int64(len(w.dead)))
	if again {
		steps = steps[1:]
	}
	if w.flaw == fault.CommitBeforeInsert && !again {
		steps = append([]step{commitBehind}, steps[1:]...)
	}
	for _, s := range steps {
		w.maybeCrash()
		switch s {
		case recordIntent:
			w.commit(mark{Epoch: epochA, Intent: &in}.at(in.Low))
		case sendDeadLetters, storeCurrent:
			// Can be repeated without trace.
		case keepDeadLetters:
			for _, offset := range refused {
				w.rejected[offset] = true
			}
		case storeLog:
			w.storeLog(i)
		case lookAgain:
			for len(i.offsets) > 0 && w.log[i.offsets[0]] == 0 && !w.credulous {
				w.losses++
				i.token = fmt.Sprint(in, w.losses)
				w.maybeCrash()
				w.insert(i)
			}
		case commitBehind:
			w.commit(mark{Epoch: epochA}.at(in.High + 1))
		}
	}
}

// storeLog inserts; the answer may be lost, or come when the owner is long gone.
func (w *world) storeLog(i insert) {
	if w.crashes == 0 {
		w.insert(i)
		return
	}
	switch w.choose(3) {
	case 0:
		w.insert(i)
	case 1: // done, no answer: the same again
		w.insert(i)
		w.insert(i)
	case 2: // on its way when the owner dies
		if w.forgetful || w.lossy {
			w.insert(i)
			return
		}
		w.late = append(w.late, i)
		w.crashes--
		w.mark = w.durable
		panic(crash{})
	}
}

// arrive lets inserts of dead owners reach the store.
func (w *world) arrive() {
	for len(w.late) > 0 && w.choose(2) == 1 {
		w.insert(w.late[0])
		w.late = w.late[1:]
	}
}

// verdict says what is wrong with what the world ended as, or "".
func (w *world) verdict() string {
	for offset, dead := range w.dead {
		switch times := w.log[int64(offset)]; {
		case dead && !w.rejected[int64(offset)], !dead && times == 0:
			return "lost"
		case times > 1 || dead && times > 0:
			return "double"
		}
	}
	if w.behind && !w.lossy {
		return "behind"
	}
	for a := range w.ranges {
		for b := range w.ranges {
			if a != b && a[0] <= b[1] && b[0] <= a[1] {
				return "ranges overlap"
			}
		}
	}
	return ""
}

// explore runs every schedule: choices are counted up like the digits of a number
// whose bases are found on the way. It returns how many there were, and the first one
// that ended wrong.
func explore(t *testing.T, dead []bool, crashes int, with func(*world)) (schedules int, wrong string) {
	var path, bases []int
	for {
		at := 0
		w := &world{
			dead: dead, crashes: crashes, mark: queue.Mark{Offset: none}, durable: queue.Mark{Offset: none},
			log: map[int64]int{}, ranges: map[[2]int64]bool{}, rejected: map[int64]bool{}, tokens: map[string]bool{},
		}
		with(w)
		w.choose = func(n int) int {
			if at == len(path) {
				path, bases = append(path, 0), append(bases, n)
			}
			at++
			return path[at-1]
		}
		for owners := 0; !w.done(); owners++ {
			require.Less(t, owners, crashes+2, "it comes to an end")
			w.own(t)
			w.arrive()
		}
		for _, i := range w.late {
			w.insert(i)
		}
		schedules++
		if verdict := w.verdict(); verdict != "" {
			return schedules, verdict
		}
		path, bases = path[:at], bases[:at]
		for len(path) > 0 && path[len(path)-1] == bases[len(bases)-1]-1 {
			path, bases = path[:len(path)-1], bases[:len(bases)-1]
		}
		if len(path) == 0 {
			return schedules, ""
		}
		path[len(path)-1]++
	}
}

func TestEverySchedule(t *testing.T) {
	total := 0
	for _, messages := range []string{"s", "d", "ss", "sd", "ds", "dd", "sss", "ssd", "sds", "dss", "sdd"} {
		for crashes := range 3 {
			for name, with := range map[string]func(*world){
				"good": func(*world) {}, "forgetful broker": func(w *world) { w.forgetful = true }, "lossy store": func(w *world) { w.lossy = true },
			} {
				n, wrong := explore(t, letters(messages), crashes, with)
				require.Empty(t, wrong, "%s, %d crashes, %s", messages, crashes, name)
				total += n
			}
		}
	}
	require.Greater(t, total, 10_000)
	t.Logf("%d schedules", total)
}

// The model is worth something only if it finds the mistakes that it is there for.
func TestModelFindsFlaws(t *testing.T) {
	for flaw, want := range map[fault.Flaw]string{
		fault.NoReplay: "lost", fault.TokenFromTime: "double", fault.CommitBeforeInsert: "lost",
	} {
		_, wrong := explore(t, letters("sss"), 1, func(w *world) { w.flaw = flaw })
		require.Equal(t, want, wrong, flaw)
	}
	_, wrong := explore(t, letters("sss"), 1, func(w *world) { w.lossy, w.credulous = true, true })
	require.Equal(t, "lost", wrong, "a sink that takes an answered insert for a stored one")
}
