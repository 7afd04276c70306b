package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/sync/semaphore"
)

// maxUnread bounds the answers of all batches together that callers have not read
// yet, in bytes. Many clients send a whole file before they read the first answer:
// half of 256 MiB, which one batch may hold, lets one of them do so with some 95,000
// rows.
const maxUnread = 256 << 20

// pieceBytes is what one write deadline is for.
const pieceBytes = 1 << 20

// budget counts the unread bytes of all batches.
type budget struct {
	all *semaphore.Weighted
	// share is what one batch may hold. With more to write it waits for its own
	// reader, so that a single slow one never stalls the others.
	share int64
}

func newBudget(most int64) *budget {
	return &budget{all: semaphore.NewWeighted(most), share: most / 2}
}

// outbox takes the answers of a batch and hands them to the caller at his pace, so
// that a caller who is still sending does not keep his own rows from being filed.
type outbox struct {
	to     http.ResponseWriter
	flush  func() error
	pace   *pace
	budget *budget
	own    *semaphore.Weighted
	// ctx ends the waiting for room; its cause tells why.
	ctx    context.Context
	cancel context.CancelCauseFunc

	mu     sync.Mutex
	change *sync.Cond
	queue  [][]byte // pieces of at most pieceBytes
	closed bool
	err    error
	done   chan struct{}
}

// newOutbox delivers to the writer until Close. Whoever writes waits for room no
// longer than ctx.
func newOutbox(ctx context.Context, to http.ResponseWriter, flush func() error, p *pace, b *budget) *outbox {
	o := &outbox{to: to, flush: flush, pace: p, budget: b, own: semaphore.NewWeighted(b.share), done: make(chan struct{})}
	o.ctx, o.cancel = context.WithCancelCause(ctx)
	o.change = sync.NewCond(&o.mu)
	go o.deliver()
	return o
}

var errOutboxClosed = errors.New("the answer is finished")

// Write queues p. It waits only when too much is unread, and fails once the caller is
// gone.
func (o *outbox) Write(p []byte) (written int, err error) {
	for piece := range slices.Chunk(p, int(min(pieceBytes, o.budget.share))) {
		if err := o.take(len(piece)); err != nil {
			return written, err
		}
		if err := o.put(piece); err != nil {
			o.give(len(piece))
			return written, err
		}
		written += len(piece)
	}
	return written, nil
}

// take waits for room, first with the own reader. Where there is room an ended
// request gets it, too: its last line says why it ended.
func (o *outbox) take(n int) error {
	if !o.acquire(o.own, n) {
		return context.Cause(o.ctx)
	}
	if !o.acquire(o.budget.all, n) {
		o.own.Release(int64(n))
		return context.Cause(o.ctx)
	}
	return nil
}

func (o *outbox) acquire(room *semaphore.Weighted, n int) bool {
	return room.TryAcquire(int64(n)) || room.Acquire(o.ctx, int64(n)) == nil
}

func (o *outbox) give(n int) {
	o.budget.all.Release(int64(n))
	o.own.Release(int64(n))
}

func (o *outbox) put(p []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil && o.closed {
		o.err = errOutboxClosed
	}
	if o.err != nil {
		return o.err
	}
	if last := len(o.queue) - 1; last >= 0 && len(o.queue[last])+len(p) <= pieceBytes {
		o.queue[last] = append(o.queue[last], p...)
	} else {
		o.queue = append(o.queue, slices.Clone(p))
	}
	o.change.Broadcast()
	return nil
}

// Close waits until everything is delivered or the caller is gone.
func (o *outbox) Close() error {
	o.mu.Lock()
	o.closed = true
	o.change.Broadcast()
	o.mu.Unlock()
	<-o.done
	o.cancel(errOutboxClosed)
	return o.err
}

// deliver writes what is queued, each piece within its own time.
func (o *outbox) deliver() {
	defer close(o.done)
	for {
		piece := o.first()
		if piece == nil {
			return
		}
		err := o.send(piece)
		o.give(len(piece))
		if err != nil {
			o.fail(err)
			return
		}
	}
}

// first waits for a piece; it is nil after the last one.
func (o *outbox) first() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.queue) == 0 && !o.closed {
		o.change.Wait()
	}
	if len(o.queue) == 0 {
		return nil
	}
	piece := o.queue[0]
	o.queue[0] = nil
	o.queue = o.queue[1:]
	return piece
}

func (o *outbox) send(piece []byte) error {
	o.pace.next()
	if _, err := o.to.Write(piece); err != nil {
		return err
	}
	return o.flush()
}

// fail keeps the error for the writer and lets go of what is still queued.
func (o *outbox) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.err = err
	for _, piece := range o.queue {
		o.give(len(piece))
	}
	o.queue = nil
	o.cancel(err)
}
