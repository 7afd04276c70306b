package rebuild

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/store"
)

// Errors of [Past.At].
var (
	// ErrPreparing says that the moment is being made and can be asked for later.
	ErrPreparing = errors.New("the figures of this moment are being made")
	// ErrBusy says that other moments are asked for, as many as are kept.
	ErrBusy = errors.New("the figures of other moments are being asked for")
)

// kept is how many moments are there at once. Each takes the room of all current tables.
const kept = 2

// Past shows the store as it was at earlier moments: by when rows of report_log were
// stored, not by when reports were received. What was stored until a moment never changes,
// so that a moment is made once, from all of report_log, and then kept for as long as no
// two others are asked for. To make one takes about as long as storing all reports again.
// It is safe for concurrent use.
type Past struct {
	source Source
	log    *slog.Logger

	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup
	// one is made at a time.
	one chan struct{}

	mu      sync.Mutex
	moments map[int64]*moment // by the millisecond
}

// moment is the store as it was.
type moment struct {
	ready chan struct{} // closed when the rest is there
	store *store.Store
	drop  func(context.Context) error
	err   error

	users int
	used  time.Time
}

// NewPast shows the past of a store whose log epoch names. Close ends it.
func NewPast(s *store.Store, epoch uuid.UUID, log *slog.Logger) *Past {
	ctx, stop := context.WithCancel(context.Background())
	return &Past{
		source: Source{Store: s, Epoch: epoch, Portion: Bytes}, log: log,
		ctx: ctx, stop: stop, one: make(chan struct{}, 1), moments: map[int64]*moment{},
	}
}

// At returns the store as it was at a moment that has passed, without what was stored
// later; release gives it back. It waits until the moment is made, at most as long as ctx
// allows: then the error is ErrPreparing, and the work goes on. ErrBusy says to come later.
func (p *Past) At(ctx context.Context, at time.Time) (_ *store.Store, release func(), err error) {
	m, err := p.take(at.Truncate(time.Millisecond)) //nolint:contextcheck // who asks first may leave: the work goes on
	if err != nil {
		return nil, nil, err
	}
	release = func() { p.giveBack(m) }
	select {
	case <-m.ready:
	case <-ctx.Done():
		release()
		return nil, nil, ErrPreparing
	}
	if m.err != nil {
		release()
		return nil, nil, fmt.Errorf("make the figures of %s: %w", at.Format(time.RFC3339), m.err)
	}
	return m.store, release, nil
}

// take finds a moment, or begins to make it.
func (p *Past) take(at time.Time) (*moment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.moments[at.UnixMilli()]
	if !ok {
		if p.ctx.Err() != nil || !p.makeRoom() {
			return nil, ErrBusy
		}
		m = &moment{ready: make(chan struct{})}
		p.moments[at.UnixMilli()] = m
		p.work.Go(func() { p.make(m, at) })
	}
	m.users, m.used = m.users+1, time.Now()
	return m, nil
}

func (p *Past) giveBack(m *moment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.users--
}

// makeRoom forgets the moment that nobody has asked for for longest, if there are too many,
// and says whether one more may be made.
func (p *Past) makeRoom() bool {
	if len(p.moments) < kept {
		return true
	}
	var oldest int64
	var found *moment
	for at, m := range p.moments {
		if m.users == 0 && m.done() && (found == nil || m.used.Before(found.used)) {
			oldest, found = at, m
		}
	}
	if found == nil {
		return false
	}
	p.forget(oldest)
	return true
}

func (m *moment) done() bool {
	select {
	case <-m.ready:
		return true
	default:
		return false
	}
}

// forget drops a moment in the background.
func (p *Past) forget(at int64) {
	m, ok := p.moments[at]
	delete(p.moments, at)
	if !ok || m.drop == nil {
		return
	}
	p.work.Go(func() {
		if err := drop(p.ctx, m); err != nil {
			p.log.Error("dropping the figures of an earlier moment", "error", err)
		}
	})
}

// drop takes a moment away, also when the process is about to end.
func drop(ctx context.Context, m *moment) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	return m.drop(ctx)
}

// make fills a moment. One that could not be made is forgotten, so that it can be tried again.
func (p *Past) make(m *moment, at time.Time) {
	select {
	case p.one <- struct{}{}:
		m.store, m.drop, m.err = p.rewind(at)
		<-p.one
	case <-p.ctx.Done():
		m.err = p.ctx.Err()
	}
	close(m.ready)
	if m.err == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(at.UnixMilli())
}

func (p *Past) rewind(at time.Time) (*store.Store, func(context.Context) error, error) {
	source := p.source
	source.Until = at
	scratch, drop, err := source.Store.Scratch(p.ctx)
	if err != nil {
		return nil, nil, err
	}
	scratch.SetPresent(at)
	reached, err := source.Store.Positions(p.ctx, source.Epoch)
	if err == nil {
		err = source.All(p.ctx, scratch, reached)
	}
	if err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), time.Minute)
		defer cancel()
		return nil, nil, errors.Join(err, drop(ctx))
	}
	return scratch, drop, nil
}

// Close stops what is being made and drops what is kept.
func (p *Past) Close(ctx context.Context) error {
	p.stop()
	p.mu.Lock()
	moments := p.moments
	p.moments = map[int64]*moment{}
	p.mu.Unlock()
	var errs []error
	for _, m := range moments {
		<-m.ready
		if m.drop != nil {
			errs = append(errs, drop(ctx, m))
		}
	}
	p.work.Wait()
	return errors.Join(errs...)
}
