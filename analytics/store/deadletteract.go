package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// LetterState is what has become of a dead letter.
type LetterState string

// The states of a dead letter.
const (
	LetterOpen      LetterState = "open"      // nobody has decided
	LetterReplayed  LetterState = "replayed"  // its message is in the log once more
	LetterDiscarded LetterState = "discarded" // it will never be stored
)

// The acts on a dead letter. That of LetterDiscarded and LetterReplayed is named as
// the state it leads to.
const (
	// ActReplay: a replay was decided and begins. Without an ActReplayed behind it
	// nobody knows whether the message reached the log.
	ActReplay    = "replay"
	ActReplayed  = string(LetterReplayed)
	ActDiscarded = string(LetterDiscarded)
)

// LetterAct is one thing that was done about a dead letter.
type LetterAct struct {
	// ID makes it safe to record the act again when the first attempt is unanswered.
	ID  uuid.UUID
	Act string
	// By is who decided, by the name that was given; Principal is whose token it was.
	By, Principal string
	Reason        string
	// At is when it was recorded, by the clock of the store.
	At time.Time
	// To is where the message lies now: of ActReplayed alone.
	To *Position
}

// StoredLetter is a dead letter with what was done about it.
type StoredLetter struct {
	DeadLetter
	StoredAt time.Time
	State    LetterState
	// Acts are in the order in which they were recorded.
	Acts []LetterAct
}

var (
	// ErrNoLetter says that no dead letter is stored under a position.
	ErrNoLetter = errors.New("store: no such dead letter")
	// ErrActTaken says that another act was recorded since the letter was read.
	ErrActTaken = errors.New("store: something else was done about the letter meanwhile")
)

const letterSQL = `
SELECT code, detail, key, value, header_names, header_values, logged_at, stored_at
FROM dead_letter FINAL
WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset = {offset:UInt64}`

// DeadLetter returns the letter that lies at a position, whole, or ErrNoLetter.
func (s *Store) DeadLetter(ctx context.Context, at Position) (StoredLetter, error) {
	if _, err := s.ask(ctx, "DeadLetter"); err != nil {
		return StoredLetter{}, fmt.Errorf("read dead letter %s: %w", at.ID(), err)
	}
	l := StoredLetter{DeadLetter: DeadLetter{Position: at}}
	if err := s.readLetter(ctx, &l); err != nil {
		return StoredLetter{}, err
	}
	var err error
	if l.Acts, err = s.letterActs(ctx, at); err != nil {
		return StoredLetter{}, err
	}
	l.State = stateAfter(l.Acts)
	return l, nil
}

func (s *Store) readLetter(ctx context.Context, l *StoredLetter) error {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	found := false
	err := each(ctx, s.read, letterSQL, l.parameters(), func(rows driver.Rows) error {
		found = true
		var key, value string
		err := rows.Scan(&l.Code, &l.Detail, &key, &value, &l.HeaderNames, &l.HeaderValues, &l.LoggedAt, &l.StoredAt)
		l.Key, l.Value = []byte(key), []byte(value)
		return err
	})
	if err != nil {
		return fmt.Errorf("read dead letter %s: %w", l.ID(), err)
	}
	if !found {
		return fmt.Errorf("%w: %s", ErrNoLetter, l.ID())
	}
	return nil
}

func (p Position) parameters() parameters {
	return parameters{"epoch": p.Epoch.String(), "partition": p.Partition, "offset": p.Offset}
}

// stateAfter says what a letter is after its acts, as letterStates does in SQL.
func stateAfter(acts []LetterAct) LetterState {
	state := LetterOpen
	for _, a := range acts {
		if a.Act != ActReplay {
			state = LetterState(a.Act)
		}
	}
	return state
}

const letterActsSQL = `
SELECT act_id, act, by, principal, reason, at, new_epoch, new_partition, new_offset
FROM dead_letter_act
WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16} AND kafka_offset = {offset:UInt64}
ORDER BY number`

func (s *Store) letterActs(ctx context.Context, at Position) ([]LetterAct, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var acts []LetterAct
	// From the pool that writes them: who decides must see what was decided.
	err := each(ctx, s.write, letterActsSQL, at.parameters(), func(rows driver.Rows) error {
		var a LetterAct
		var to Position
		var offset int64
		if err := rows.Scan(&a.ID, &a.Act, &a.By, &a.Principal, &a.Reason, &a.At, &to.Epoch, &to.Partition, &offset); err != nil {
			return err
		}
		if a.Act == ActReplayed {
			to.Offset = uint64(offset)
			a.To = &to
		}
		acts = append(acts, a)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the acts on dead letter %s: %w", at.ID(), err)
	}
	return acts, nil
}

const recordActSQL = `
INSERT INTO dead_letter_act
    (epoch, kafka_partition, kafka_offset, number, act_id, act, by, principal, reason, new_epoch, new_partition, new_offset)
SELECT {epoch:UUID}, {partition:UInt16}, {offset:UInt64}, {number:UInt32}, {id:UUID}, {act:String}, {by:String}, {principal:String},
    {reason:String}, {new_epoch:UUID}, {new_partition:UInt16}, {new_offset:Int64}`

// RecordLetterAct records what is done about the letter at a position, of which the
// caller knows the first known acts. It returns all acts, with this one. The error is
// ErrActTaken when there are others meanwhile. After any other error call again with
// the same arguments: an act is recorded once.
func (s *Store) RecordLetterAct(ctx context.Context, at Position, known int, act LetterAct) ([]LetterAct, error) {
	if _, err := s.ask(ctx, "RecordLetterAct"); err != nil {
		return nil, fmt.Errorf("record an act on dead letter %s: %w", at.ID(), err)
	}
	number := known + 1
	params := at.parameters()
	params["number"], params["id"], params["act"] = number, act.ID.String(), act.Act
	params["by"], params["principal"], params["reason"] = act.By, act.Principal, act.Reason
	to, offset := Position{}, int64(-1)
	if act.To != nil {
		to, offset = *act.To, int64(act.To.Offset)
	}
	params["new_epoch"], params["new_partition"], params["new_offset"] = to.Epoch.String(), to.Partition, offset
	// A second act of the same number is dropped.
	if err := s.once(ctx, fmt.Sprintf("dead_letter_act/%s/%d", at.ID(), number), recordActSQL, params); err != nil {
		return nil, err
	}
	acts, err := s.letterActs(ctx, at)
	if err != nil {
		return nil, err
	}
	switch {
	case slices.ContainsFunc(acts, func(a LetterAct) bool { return a.ID == act.ID }):
		return acts, nil
	case len(acts) < number:
		return nil, fmt.Errorf("record an act on dead letter %s: it cannot be read back", at.ID())
	}
	return acts, fmt.Errorf("%w: %s", ErrActTaken, at.ID())
}
