package api

import (
	"errors"
	"net/http"
	"sync"
	"time"
)

// maxUnread bounds the answers of all batches together that callers have not read
// yet, in bytes. Many clients send a whole file before they read the first answer:
// 256 MiB lets one of them do so with some 190,000 rows.
const maxUnread = 256 << 20

// outbox takes the answers of a batch and hands them to the caller at his pace, so
// that a caller who is still sending does not keep his own rows from being filed.
type outbox struct {
	to      http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	budget  *budget

	mu     sync.Mutex
	change *sync.Cond
	queue  []byte
	closed bool
	err    error
	done   chan struct{}
}

// budget counts the unread bytes of all batches.
type budget struct {
	mu     sync.Mutex
	change *sync.Cond
	unread int
}

func newBudget() *budget {
	b := &budget{}
	b.change = sync.NewCond(&b.mu)
	return b
}

// take waits for room; a caller with nothing unread always gets it.
func (b *budget) take(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.unread > 0 && b.unread+n > maxUnread {
		b.change.Wait()
	}
	b.unread += n
}

func (b *budget) give(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unread -= n
	b.change.Broadcast()
}

func newOutbox(to http.ResponseWriter, control *http.ResponseController, timeout time.Duration, b *budget) *outbox {
	o := &outbox{to: to, control: control, timeout: timeout, budget: b, done: make(chan struct{})}
	o.change = sync.NewCond(&o.mu)
	go o.deliver()
	return o
}

var errOutboxClosed = errors.New("the answer is finished")

// Write queues p. It waits only when the budget is used up, and fails once the
// caller is gone.
func (o *outbox) Write(p []byte) (int, error) {
	o.budget.take(len(p))
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil && o.closed {
		o.err = errOutboxClosed
	}
	if o.err != nil {
		o.budget.give(len(p))
		return 0, o.err
	}
	o.queue = append(o.queue, p...)
	o.change.Broadcast()
	return len(p), nil
}

// Close waits until everything is delivered or the caller is gone.
func (o *outbox) Close() error {
	o.mu.Lock()
	o.closed = true
	o.change.Broadcast()
	o.mu.Unlock()
	<-o.done
	return o.err
}

// deliver writes what is queued, each piece within its own time.
func (o *outbox) deliver() {
	defer close(o.done)
	for {
		o.mu.Lock()
		for len(o.queue) == 0 && !o.closed {
			o.change.Wait()
		}
		piece := o.queue
		o.queue = nil
		o.mu.Unlock()
		if len(piece) == 0 {
			return
		}
		err := o.send(piece)
		o.budget.give(len(piece))
		if err != nil {
			o.fail(err)
			return
		}
	}
}

// pieceBytes is what one write deadline is for.
const pieceBytes = 1 << 20

func (o *outbox) send(piece []byte) error {
	for len(piece) > 0 {
		n := min(len(piece), pieceBytes)
		_ = o.control.SetWriteDeadline(time.Now().Add(o.timeout))
		if _, err := o.to.Write(piece[:n]); err != nil {
			return err
		}
		piece = piece[n:]
	}
	return o.control.Flush()
}

// fail keeps the error for the writer and lets go of what is still queued.
func (o *outbox) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.err = err
	o.budget.give(len(o.queue))
	o.queue = nil
}
