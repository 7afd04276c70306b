// Package deadletter is what officers do about messages that could not be stored:
// look at them, replay them after what was wrong has been mended, or discard them.
// Every decision is recorded with name and reason before it takes effect.
package deadletter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
)

var (
	// ErrNoBroker says that this process has no log to replay into.
	ErrNoBroker = errors.New("this process has no broker")
	// ErrDecided says that the state of the letter rules the act out.
	ErrDecided = errors.New("it has been decided on already")
	// ErrUnrecorded says that the message is in the log again, but that this could not
	// be recorded: the letter still stands as it did, with the decision to replay it.
	// Replaying it again is harmless.
	ErrUnrecorded = errors.New("replayed, but the store did not record it")
)

// Desk is where dead letters are decided on. It is safe for concurrent use, also in
// several processes.
type Desk struct {
	store    *store.Store
	replayer *queue.Replayer
	log      *slog.Logger
}

// New makes a desk. Letters are not replayed when replayer is nil.
func New(s *store.Store, replayer *queue.Replayer, log *slog.Logger) *Desk {
	return &Desk{store: s, replayer: replayer, log: log}
}

// List returns a page of letters and whether more follow.
func (d *Desk) List(ctx context.Context, f store.LetterFilter) ([]store.Listed, bool, error) {
	return d.store.DeadLetters(ctx, f)
}

// Counts tells how many letters there are by code and state.
func (d *Desk) Counts(ctx context.Context) ([]store.LetterCount, error) {
	return d.store.CountDeadLetters(ctx)
}

// Letter returns a letter with its bytes and what was done about it, or store.ErrNoLetter.
func (d *Desk) Letter(ctx context.Context, at store.Position) (store.StoredLetter, error) {
	return d.store.DeadLetter(ctx, at)
}

// allowed tells which acts a state leaves open. A replayed letter may be replayed once
// more, because the log that it went to may be lost before a sink has read it; it
// cannot be discarded, because its message may have been stored by now. Discarding is
// final.
func allowed(state store.LetterState, act string) bool {
	switch act {
	case store.ActReplay:
		return state != store.LetterDiscarded
	case store.ActDiscarded:
		return state == store.LetterOpen
	}
	return false
}

// Discard records that a letter will never be stored, and returns it. The error is
// store.ErrNoLetter, ErrDecided, or store.ErrActTaken when somebody else decided at
// the same moment; it may help to look again.
func (d *Desk) Discard(ctx context.Context, at store.Position, by Decision) (store.StoredLetter, error) {
	letter, err := d.deciding(ctx, at, store.ActDiscarded)
	if err != nil {
		return letter, err
	}
	if letter.Acts, err = d.store.RecordLetterAct(ctx, at, len(letter.Acts), by.act(store.ActDiscarded)); err != nil {
		return letter, err
	}
	letter.State = store.LetterDiscarded
	d.log.Info("a dead letter was discarded", "letter", at.ID())
	return letter, nil
}

// Replay writes the letter's message to the log once more, and returns the letter with
// the message's new place as its last act. What the sink refuses again becomes a
// letter of its own, whose header queue.HeaderReplayOf names this one.
//
// The decision is recorded first, the place afterwards. If the process ends in
// between, the letter stays as it was with the decision on record, and whoever sees
// that replays it again: harmless, because the store goes by report and revision and
// not by messages. If somebody discards it in between, the replay has the last word,
// because it has happened.
//
// Beside those of Discard the error is ErrNoBroker, one of queue.Replayer.Replay, or
// ErrUnrecorded.
func (d *Desk) Replay(ctx context.Context, at store.Position, by Decision) (store.StoredLetter, error) {
	if d.replayer == nil {
		return store.StoredLetter{}, ErrNoBroker
	}
	letter, err := d.deciding(ctx, at, store.ActReplay)
	if err != nil {
		return letter, err
	}
	m := message(letter.DeadLetter)
	if err := queue.Replayable(m); err != nil {
		return letter, fmt.Errorf("replay dead letter %s: %w", at.ID(), err)
	}
	// The log that is written to now, not the one that the letter comes from.
	info, err := d.store.Info(ctx)
	if err != nil {
		return letter, err
	}
	if letter.Acts, err = d.store.RecordLetterAct(ctx, at, len(letter.Acts), by.act(store.ActReplay)); err != nil {
		return letter, err
	}
	partition, offset, err := d.replayer.Replay(ctx, m, at.ID())
	if err != nil {
		return letter, fmt.Errorf("replay dead letter %s: %w", at.ID(), err)
	}
	done := by.act(store.ActReplayed)
	done.To = &store.Position{Epoch: info.Epoch, Partition: uint16(partition), Offset: uint64(offset)}
	if letter.Acts, err = d.recordDone(ctx, at, len(letter.Acts), done); err != nil {
		return letter, fmt.Errorf("%w: dead letter %s: %w", ErrUnrecorded, at.ID(), err)
	}
	letter.State = store.LetterReplayed
	d.log.Info("a dead letter was replayed", "letter", at.ID(), "as", done.To.ID())
	return letter, nil
}

// deciding reads the letter that an act is about and checks that its state allows it.
func (d *Desk) deciding(ctx context.Context, at store.Position, act string) (store.StoredLetter, error) {
	letter, err := d.store.DeadLetter(ctx, at)
	if err != nil {
		return letter, err
	}
	if !allowed(letter.State, act) {
		return letter, fmt.Errorf("%w: dead letter %s is %s", ErrDecided, at.ID(), letter.State)
	}
	return letter, nil
}

// recordDone records what has happened: whatever others have done meanwhile, and
// again while the store does not answer.
func (d *Desk) recordDone(ctx context.Context, at store.Position, known int, done store.LetterAct) ([]store.LetterAct, error) {
	const pause = 200 * time.Millisecond
	for {
		acts, err := d.store.RecordLetterAct(ctx, at, known, done)
		switch {
		case err == nil:
			return acts, nil
		case errors.Is(err, store.ErrActTaken):
			known = len(acts)
			continue
		case !store.Retryable(err):
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause):
		}
	}
}

// message is what the sink found.
func message(l store.DeadLetter) kafka.Message {
	m := kafka.Message{Key: l.Key, Value: l.Value}
	for i, name := range l.HeaderNames {
		m.Headers = append(m.Headers, kafka.Header{Key: name, Value: []byte(l.HeaderValues[i])})
	}
	return m
}
