package audit

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// Log is where entries are kept; *store.Store is one.
type Log interface {
	// AppendAudit stores entries of one chain, all or none. Called again with the same token it
	// must not store them twice.
	AppendAudit(ctx context.Context, token string, entries []Signed) error
	// AuditHeads returns the newest entries of the chains that were written to since chains
	// were named the last time.
	AuditHeads(ctx context.Context) ([]Head, error)
}

// Config bounds what recording costs.
type Config struct {
	// MaxGroup is how many entries are stored at once, about.
	MaxGroup int
	// Waiting is how many requests may wait at once; whoever comes then is refused.
	Waiting int
	// Patience is how long a request waits for its entry to be stored.
	Patience time.Duration
	// CheckpointEvery and CheckpointEntries say when the other chains are named anew.
	CheckpointEvery   time.Duration
	CheckpointEntries int
	// Retry is the pause between attempts to store a group, doubled up to a hundred times.
	Retry time.Duration
}

// DefaultConfig is for a process of ordinary size.
func DefaultConfig() Config {
	return Config{
		MaxGroup: 1000, Waiting: 4096, Patience: 5 * time.Second,
		CheckpointEvery: 10 * time.Minute, CheckpointEntries: 10_000, Retry: 50 * time.Millisecond,
	}
}

var (
	// ErrUnrecorded says that an entry was not stored in time. It may still be stored, so the
	// log can hold a look that was not given; never the other way round.
	ErrUnrecorded = errors.New("audit: not recorded in time")
	// ErrBusy says that too many entries wait already.
	ErrBusy = errors.New("audit: too many entries wait to be recorded")
	// ErrClosed says that the writer was closed.
	ErrClosed = errors.New("audit: the writer is closed")
)

// Writer writes one chain. It is safe for concurrent use.
type Writer struct {
	log     Log
	key     ed25519.PrivateKey
	config  Config
	logger  *slog.Logger
	denials *denials

	queue chan *waiting
	done  chan struct{}
	// giveUp ends the attempts to store the last groups.
	giveUp context.Context
	cancel context.CancelFunc

	// failing: the last attempt to store a group failed.
	failing atomic.Bool

	mu     sync.RWMutex
	closed bool

	chain chain // of the goroutine that writes
}

// waiting are entries on their way into the log.
type waiting struct {
	entries []Entry
	stored  chan error
	// gone: nobody waits any more, so that it need not be begun.
	gone atomic.Bool
}

// Start begins to write. Nothing is stored before the first entry comes: a process that
// records nothing leaves no chain. Close must be called.
func Start(log Log, key ed25519.PrivateKey, config Config, logger *slog.Logger) *Writer {
	w := &Writer{
		log: log, key: key, config: config, logger: logger, denials: newDenials(),
		queue: make(chan *waiting, config.Waiting), done: make(chan struct{}),
		chain: chain{id: uuid.Must(uuid.NewV7()), key: key, keyID: KeyID(key.Public().(ed25519.PublicKey))},
	}
	w.giveUp, w.cancel = context.WithCancel(context.Background())
	go w.run()
	return w
}

// Chain is the id of the chain that is written.
func (w *Writer) Chain() uuid.UUID { return w.chain.id }

// Record stores entries, one that holds much as several (see [Entry.Split]), and returns once
// they are stored, all or none: ErrUnrecorded if that takes longer than Patience or ctx, ErrBusy
// or ErrClosed at once.
func (w *Writer) Record(ctx context.Context, entries ...Entry) error {
	one := &waiting{stored: make(chan error, 1)}
	for _, e := range entries {
		one.entries = append(one.entries, e.Split()...)
	}
	if err := w.enqueue(one); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, w.config.Patience)
	defer cancel()
	select {
	case err := <-one.stored:
		return err
	case <-ctx.Done():
		one.gone.Store(true)
		return ErrUnrecorded
	}
}

// Follow records a look that shows nothing that the log does not say already: the same caller is
// shown the very same again. It does not wait for the entry to be stored, unless the last attempt to
// store anything failed: then it is Record. With an error nothing may be shown.
func (w *Writer) Follow(ctx context.Context, e Entry) error {
	if w.failing.Load() {
		return w.Record(ctx, e)
	}
	return w.enqueue(&waiting{entries: e.Split(), stored: make(chan error, 1)})
}

// Note records what showed nothing, a denial or a failure of the platform, without waiting for
// it. So that nobody can fill the store with them, only so many are recorded for each caller and
// for all of them, and of each one entry; the next one says how many were not.
func (w *Writer) Note(e Entry) {
	dropped, record := w.denials.admit(&e, time.Now())
	if !record {
		return
	}
	e.Dropped = dropped
	if w.enqueue(&waiting{entries: e.Split()[:1], stored: make(chan error, 1)}) != nil {
		w.denials.drop(dropped + 1)
	}
}

func (w *Writer) enqueue(one *waiting) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.queue <- one:
		return nil
	default:
		return ErrBusy
	}
}

// Close stores what waits and closes the chain, as far as ctx allows: the error says that the
// chain was left open.
func (w *Writer) Close(ctx context.Context) error {
	w.mu.Lock()
	already := w.closed
	w.closed = true
	if !already {
		close(w.queue)
	}
	w.mu.Unlock()
	stop := context.AfterFunc(ctx, w.cancel)
	defer stop()
	<-w.done
	w.cancel()
	if w.chain.number > 0 && !w.chain.over {
		return fmt.Errorf("%w: chain %s was not closed", ErrUnrecorded, w.chain.id)
	}
	return nil
}

// run is the goroutine that writes.
func (w *Writer) run() {
	defer close(w.done)
	tick := time.NewTicker(w.config.CheckpointEvery)
	defer tick.Stop()
	for {
		select {
		case one, open := <-w.queue:
			if !open {
				w.closeChain()
				return
			}
			w.write(w.gather(one))
		case <-tick.C:
			w.checkpoint()
		}
	}
}

// gather takes those along who came while the group before was being stored. Nobody waits for
// others: a single look is on record as soon as can be, and many form groups by themselves.
func (w *Writer) gather(one *waiting) []*waiting {
	group, size := []*waiting{one}, len(one.entries)
	for size < w.config.MaxGroup {
		select {
		case more, open := <-w.queue:
			if !open {
				return group
			}
			group = append(group, more)
			size += len(more.entries)
		default:
			return group
		}
	}
	return group
}

// write stores a group and tells everybody in it.
func (w *Writer) write(group []*waiting) {
	var entries []Entry
	for _, one := range group {
		if !one.gone.Load() {
			entries = append(entries, one.entries...)
		}
	}
	var err error
	if len(entries) > 0 {
		err = w.store(entries)
	}
	for _, one := range group {
		one.stored <- err
	}
}

// store puts entries into the chain and keeps trying until they are stored: the outcome of an
// attempt that failed is not known, and nothing else may follow meanwhile.
func (w *Writer) store(entries []Entry) error {
	entries, err := w.withHeads(entries)
	if err != nil {
		return err
	}
	next, sealed, err := w.chain.seal(entries)
	if err != nil {
		return err
	}
	token := fmt.Sprintf("audit/%s/%d-%d", next.id, sealed[0].Entry.Number, next.number)
	pause := w.config.Retry
	for {
		err = w.log.AppendAudit(w.giveUp, token, sealed)
		w.failing.Store(err != nil)
		if err == nil {
			w.chain = next
			return nil
		}
		w.logger.Error("the audit log cannot be written: nothing is shown meanwhile", "chain", next.id, "error", err)
		select {
		case <-time.After(pause):
		case <-w.giveUp.Done():
			return fmt.Errorf("%w: %w", ErrUnrecorded, err)
		}
		pause = min(2*pause, 100*w.config.Retry)
	}
}

// withHeads puts the newest entries of the other chains before the entries: at the beginning
// of the chain always, later when it is time.
func (w *Writer) withHeads(entries []Entry) ([]Entry, error) {
	if w.chain.number > 0 && w.chain.since < w.config.CheckpointEntries {
		return entries, nil
	}
	heads, err := w.heads()
	switch {
	case err != nil && w.chain.number == 0:
		return nil, fmt.Errorf("%w: %w", ErrUnrecorded, err)
	case err != nil:
		w.logger.Error("other chains of the audit log cannot be named", "error", err)
		return entries, nil
	}
	kind := Checkpoint
	if w.chain.number == 0 {
		kind = First
	}
	return append([]Entry{{Kind: kind, Heads: heads}}, entries...), nil
}

// heads are those of the other chains.
func (w *Writer) heads() ([]Head, error) {
	all, err := w.log.AuditHeads(w.giveUp)
	if err != nil {
		return nil, err
	}
	var others []Head
	for _, head := range all {
		if head.Chain != w.chain.id {
			others = append(others, head)
		}
	}
	return others, nil
}

// checkpoint names the other chains if any of them has grown.
func (w *Writer) checkpoint() {
	if w.chain.number == 0 {
		return
	}
	heads, err := w.heads()
	if err != nil {
		w.logger.Error("other chains of the audit log cannot be named", "error", err)
		return
	}
	if w.chain.grown(heads) {
		_ = w.store([]Entry{{Kind: Checkpoint, Heads: heads}}) // logged there
	}
}

func (w *Writer) closeChain() {
	if w.chain.number > 0 {
		_ = w.store([]Entry{{Kind: Last}}) // Close says so
	}
}
