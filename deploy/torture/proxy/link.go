package proxy

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// link is one connection through the proxy.
type link struct {
	proxy          *Proxy
	client, server net.Conn
	over           chan struct{}
	once           sync.Once
	marked         atomic.Pointer[Fault] // the fault whose text the open request has
}

func (l *link) cut() {
	l.once.Do(func() {
		close(l.over)
		abort(l.client)
		abort(l.server)
	})
}

// abort closes with a reset, so that neither side takes it for an orderly end.
func abort(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

const pieceBytes = 32 << 10

// pump carries one direction until either side ends.
func (l *link) pump(from io.Reader, to net.Conn, answers bool) {
	piece := make([]byte, pieceBytes)
	var under *Fault
	passed := 0
	for {
		n, err := from.Read(piece)
		if n > 0 {
			fault, alive := l.hold()
			if !alive {
				return
			}
			if fault != under {
				under, passed = fault, 0
			}
			if !l.pass(fault, to, piece[:n], &passed, answers) {
				return
			}
		}
		if err != nil {
			l.end(to, err)
			return
		}
	}
}

// end passes an orderly end on; anything else breaks both sides.
func (l *link) end(to net.Conn, err error) {
	if t, ok := to.(*net.TCPConn); ok && errors.Is(err, io.EOF) {
		_ = t.CloseWrite()
		return
	}
	l.cut()
}

// hold waits while nothing may pass.
func (l *link) hold() (*Fault, bool) {
	for {
		fault, changed := l.proxy.current()
		if !fault.BlackHole {
			return fault, l.sleep(fault.Delay)
		}
		select {
		case <-changed:
		case <-l.over:
			return nil, false
		}
	}
}

// sleep returns false when the connection ended meanwhile.
func (l *link) sleep(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.over:
		return false
	}
}

// pass writes one piece as the fault allows, and returns false when the connection
// is over.
func (l *link) pass(fault *Fault, to net.Conn, piece []byte, passed *int, answers bool) bool {
	if answers {
		piece = l.clip(fault, piece, *passed)
	} else if fault.CutAnswerTo != "" && bytes.Contains(piece, []byte(fault.CutAnswerTo)) {
		l.marked.Store(fault)
	}
	complete := piece != nil
	for len(piece) > 0 {
		n := len(piece)
		if fault.BytesPerSecond > 0 {
			// Ten writes a second make a slow line, not a stuttering one.
			n = min(n, max(1, fault.BytesPerSecond/10))
		}
		if _, err := to.Write(piece[:n]); err != nil {
			l.cut()
			return false
		}
		*passed += n
		piece = piece[n:]
		if fault.BytesPerSecond > 0 && !l.sleep(time.Duration(n)*time.Second/time.Duration(fault.BytesPerSecond)) {
			return false
		}
	}
	if answers && (!complete || fault.CutAnswers && *passed >= fault.CutAfter) {
		l.proxy.cuts.Add(1)
		l.cut()
		return false
	}
	return true
}

// clip takes from a piece of an answer what may not pass; nil means nothing may and
// the connection breaks.
func (l *link) clip(fault *Fault, piece []byte, passed int) []byte {
	if marked := l.marked.Swap(nil); marked != nil && marked == fault {
		return nil
	}
	if !fault.CutAnswers || passed+len(piece) <= fault.CutAfter {
		return piece
	}
	if fault.CutAfter <= passed {
		return nil
	}
	return piece[:fault.CutAfter-passed]
}
