package api

import (
	"sync"
	"time"
)

// pace gives every piece of a stream its own time, until the whole has to end.
type pace struct {
	// set sets the deadline of the connection, as [http.ResponseController] does.
	set  func(time.Time) error
	each time.Duration

	mu   sync.Mutex
	end  time.Time
	over bool
}

// next begins a piece.
func (p *pace) next() {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := time.Now().Add(p.each)
	if !p.end.IsZero() && p.end.Before(until) {
		until = p.end
	}
	_ = p.set(until)
}

// endAt ends the piece in work and all that follow.
func (p *pace) endAt(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	p.end = at
	_ = p.set(at)
}

// leave lets go of the connection, which then is somebody else's.
func (p *pace) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
}
