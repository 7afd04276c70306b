package engine

import (
	"fmt"
	"sync"
	"time"
)

// spacePoll is how often the free space is looked at. A disk would have to fill at
// several gigabytes a second to lose what KeepFree leaves in that time.
const spacePoll = 100 * time.Millisecond

// spaceGuard stops merges while the disk is nearly full. Inserts and merges reserve
// their space when they begin (keep_free_space_bytes), but a merge runs for minutes,
// others fill the disk meanwhile, and the library takes a part for written of which
// nothing was: it must not come to that. A merge that is stopped begins anew later.
type spaceGuard struct {
	free    func() (int64, error)
	merges  func(on bool) error
	keep    int64
	warn    func(msg string, args ...any)
	stopped bool
	failing bool // told already
}

// look does what the free space asks for. Merges come back when a quarter more is free.
func (g *spaceGuard) look() {
	free, err := g.free()
	if err == nil && !g.stopped && free < g.keep {
		if err = g.merges(false); err == nil {
			g.stopped = true
			g.warn("the disk is nearly full: no inserts and no merges", "free", free, "keep_free", g.keep)
		}
	}
	if err == nil && g.stopped && free >= g.keep+g.keep/4 {
		if err = g.merges(true); err == nil {
			g.stopped = false
			g.warn("the disk has room again", "free", free)
		}
	}
	if err != nil && !g.failing {
		g.warn("watching the free space of the disk", "error", err)
	}
	g.failing = err != nil
}

// guardSpace watches the disk until the returned function is called.
func (e *Engine) guardSpace() (stop func(), err error) {
	session, err := e.openSession("")
	if err != nil {
		return nil, fmt.Errorf("watch the free space: %w", err)
	}
	g := &spaceGuard{
		keep: e.cfg.KeepFree, warn: e.cfg.Logger.Warn,
		free: func() (int64, error) { return freeBytes(e.cfg.DataDir) },
		merges: func(on bool) error {
			if on {
				return session.exec("SYSTEM START MERGES")
			}
			return session.exec("SYSTEM STOP MERGES")
		},
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer session.close()
		ticker := time.NewTicker(spacePoll)
		defer ticker.Stop()
		for {
			g.look()
			select {
			case <-done:
				return
			case <-ticker.C:
			}
		}
	})
	return func() { close(done); wg.Wait() }, nil
}
