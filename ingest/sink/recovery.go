package sink

import (
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// ErrForeignLog says that the log ends before what is committed or stored of it. It is another
// log, or it has lost its end; its offsets would be taken for those of the old one,
// and new reports for repetitions. An operator has to decide.
var ErrForeignLog = errors.New("this is not the log that the store was filled from. " +
	"If that log is gone for good, record a new one: atvsld sink epoch new")

// none stands for an offset that is not there.
const none int64 = -1

// found is what a new owner finds of a partition. All offsets are of the epoch in
// force: what other epochs left behind is not there (see ofEpoch).
type found struct {
	// Committed is the offset to go on at, none when nothing was ever committed.
	Committed int64
	// Intent is the range in work when the last owner was last heard of.
	Intent *intent
	// First and End bound the log: its oldest message, and the place of the next one.
	First, End int64
	// Log is the end of the last range in report_log, Rejected the highest offset among
	// the dead letters; or none.
	Log, Rejected int64
}

// recovery is what the new owner does before it goes on with the log.
type recovery struct {
	// Replay is the intent's range as it has to be stored again, with the same
	// token; From is where its messages begin that can and must be read. Nil when
	// the range is known to be stored.
	Replay *intent
	From   int64
	// Next is where ordinary work goes on after the replay.
	Next int64
	// Behind counts the messages that were committed and that the store does not
	// have: it lost them, and they are read again.
	Behind int64
	// Ahead counts the messages that are stored and were not committed: the broker
	// lost a commit.
	Ahead int64
	// Gone counts the messages that the store does not have and the log no longer
	// has either.
	Gone int64
}

// ofEpoch gives what a mark says about the log of epoch. Another epoch's offsets mean
// nothing here, so they are not there. A mark without text comes from a tool or from a
// program before there were marks: its offset is taken.
func ofEpoch(offset int64, text string, epoch uuid.UUID) (committed int64, in *intent, err error) {
	if offset < 0 {
		return none, nil, nil
	}
	if text == "" {
		return offset, nil, nil
	}
	m, err := parseMark(text)
	if err != nil {
		return 0, nil, err
	}
	if m.Epoch != epoch {
		return none, nil, nil
	}
	if m.Intent != nil && m.Intent.Low != offset {
		return 0, nil, fmt.Errorf("offset %d is committed with the intent %d-%d, which begins elsewhere", offset, m.Intent.Low, m.Intent.High)
	}
	return offset, m.Intent, nil
}

// recover decides where a new owner begins. Three facts make it sound: a range is in
// report_log as a whole or not at all, as one part, inserted last; ranges of one
// partition follow one another; and an offset in report_log or among the dead letters
// stands for a message that needs no more work. Dead letters alone prove nothing, for
// they are written before the rest of their range. The error is ErrForeignLog.
func (f found) recover() (recovery, error) {
	top := max(f.Log, f.Rejected)
	reached := max(top+1, f.Committed)
	if f.Intent != nil {
		reached = max(reached, f.Intent.High+1)
	}
	if reached > f.End {
		return recovery{}, fmt.Errorf("the log ends at %d, but %d was reached before: %w", f.End, reached, ErrForeignLog)
	}
	var r recovery
	switch {
	case f.Committed == none:
		// Never committed, or forgotten by the broker: the store knows.
		r.Next = f.Log + 1
		r.Ahead = r.Next
	case top+1 < f.Committed:
		// The store lost what it had acknowledged: a power cut, a restored backup.
		// An intent behind that is void: its range was not stored, and is cut anew.
		r.Next, r.Behind = top+1, f.Committed-top-1
	case f.Intent == nil:
		r.Next = max(f.Committed, f.Log+1)
		r.Ahead = r.Next - f.Committed
	case f.Log >= f.Intent.High:
		r.Next = f.Log + 1
		r.Ahead = f.Log - f.Intent.High
	default:
		r.Replay, r.Next = f.Intent, f.Intent.High+1
		// A range that was cut otherwise and stored up to the middle of this one is
		// there for good.
		r.From = max(f.Intent.Low, f.Log+1)
	}
	return r.within(f), nil
}

// within leaves out what the log no longer has.
func (r recovery) within(f found) recovery {
	if r.Replay != nil && r.From < f.First {
		r.Gone = min(f.First, r.Next) - r.From
		r.From = f.First
		if r.From > r.Replay.High {
			r.Replay = nil
		}
	}
	if r.Next < f.First {
		// At the very beginning nothing is gone: the log begins where it begins.
		if f.Committed != none || f.Log != none {
			r.Gone += f.First - r.Next
		}
		r.Next = f.First
	}
	return r
}

// proven is the offset below which everything is said to be stored.
func (r recovery) proven() int64 {
	if r.Replay != nil {
		return r.From
	}
	return r.Next
}
