// Package proxy stands between two processes on one machine and makes their
// connection as bad as networks are: cut, slow, late, silent, or broken just
// before an answer arrives. It knows nothing of what it carries, except for a
// reader of Kafka's answers that keeps clients on the proxy (see Brokers).
package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Fault is what happens to connections. The zero Fault is a good network.
type Fault struct {
	// Delay holds back every piece of either direction.
	Delay time.Duration
	// BytesPerSecond bounds each direction of each connection; 0 does not.
	BytesPerSecond int
	// BlackHole accepts connections and lets nothing through, as when a cable is
	// pulled: nobody is told. What arrives meanwhile is held until it is over.
	BlackHole bool
	// Refuse closes new connections at once.
	Refuse bool
	// CutAnswers breaks a connection as soon as more than CutAfter bytes of answers
	// have passed since the fault began: the other side has done what it was asked,
	// and the caller never learns.
	CutAnswers bool
	CutAfter   int
	// CutAnswerTo breaks a connection before the answer to a request that contains
	// this text.
	CutAnswerTo string
}

// Proxy carries connections to one target. Its methods are safe for concurrent use.
type Proxy struct {
	target   string
	listener net.Listener
	wrap     Wrap
	fault    atomic.Pointer[Fault]
	cuts     atomic.Int64
	wg       sync.WaitGroup

	mu     sync.Mutex
	conns  map[*link]bool
	change chan struct{} // closed when the fault changes
	closed bool
}

// Wrap makes the readers of one connection: what is read from the client and from
// the target passes through them.
type Wrap func(requests, answers io.Reader) (io.Reader, io.Reader)

// Listen starts a proxy on a free loopback port; wrap may be nil. It works until Close.
func Listen(ctx context.Context, target string, wrap Wrap) (*Proxy, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("proxy to %s: %w", target, err)
	}
	p := &Proxy{target: target, listener: l, wrap: wrap, conns: make(map[*link]bool), change: make(chan struct{})}
	p.fault.Store(&Fault{})
	p.wg.Go(p.accept)
	return p, nil
}

// Addr is the address to give to the client.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Set makes f the fault from now on, for open connections too.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault.Store(&f)
	close(p.change)
	p.change = make(chan struct{})
}

// Heal makes the network good again.
func (p *Proxy) Heal() { p.Set(Fault{}) }

// Cut breaks every open connection; new ones are possible at once.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.conns {
		l.cut()
	}
}

// Cuts tells how many connections were broken before an answer was through.
func (p *Proxy) Cuts() int64 { return p.cuts.Load() }

// Close breaks every connection, stops listening and waits until nothing runs.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	for l := range p.conns {
		l.cut()
	}
	p.mu.Unlock()
	err := p.listener.Close()
	p.wg.Wait()
	return err
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		p.wg.Go(func() { p.serve(client) })
	}
}

// dialTimeout is short: the target is on this machine or not there.
const dialTimeout = 2 * time.Second

func (p *Proxy) serve(client net.Conn) {
	if p.fault.Load().Refuse {
		abort(client)
		return
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	server, err := dialer.DialContext(context.Background(), "tcp", p.target)
	if err != nil {
		abort(client)
		return
	}
	l := &link{proxy: p, client: client, server: server, over: make(chan struct{})}
	if !p.enter(l) {
		l.cut()
		return
	}
	defer p.leave(l)
	requests, answers := io.Reader(client), io.Reader(server)
	if p.wrap != nil {
		requests, answers = p.wrap(client, server)
	}
	var both sync.WaitGroup
	both.Go(func() { l.pump(requests, server, false) })
	both.Go(func() { l.pump(answers, client, true) })
	both.Wait()
}

func (p *Proxy) enter(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.conns[l] = true
	return true
}

func (p *Proxy) leave(l *link) {
	l.cut()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, l)
}

// current gives the fault and what is closed when it changes.
func (p *Proxy) current() (*Fault, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault.Load(), p.change
}
