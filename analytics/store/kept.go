package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/jellydator/ttlcache/v3"
	"golang.org/x/sync/singleflight"
)

// kept are figures that were read: most are asked for again before anything has changed.
// The key of each has the caller's reach, so that nobody is given another's.
//
// Closed figures are good until something is closed. Live ones are good while the log of the
// store stands still. When it moves they are read again beside the questions, which are
// answered as before until that is done: see Config.FiguresLag.
type kept struct {
	figures *ttlcache.Cache[string, *keptFigures]
	// asked joins those who wait for the same.
	asked singleflight.Group
	// readings numbers figures as they are read.
	readings atomic.Uint64

	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup

	mu   sync.Mutex
	seen state // as of the last look
	// busy has what is being done in the background.
	busy   map[string]bool
	closed bool
}

// keptFigures are figures with the state of the store that they are of.
type keptFigures struct {
	Figures
	of state
	// read is when they were read, took how long it took.
	read time.Time
	took time.Duration

	mu sync.Mutex
	// current is when they were last known to be those of the store.
	current time.Time
}

func newKept(memory uint64) *kept {
	k := &kept{busy: map[string]bool{}, figures: ttlcache.New(
		// To the cache 0 is no bound.
		ttlcache.WithMaxCost(max(memory, 1), func(item ttlcache.CostItem[string, *keptFigures]) uint64 { return item.Value.size() }),
	)}
	k.ctx, k.stop = context.WithCancel(context.Background())
	return k
}

// size is about how many bytes figures take: most of their texts are shared.
func (f *keptFigures) size() uint64 {
	const cell, base, rest = 200, 400, 2000
	return uint64(len(f.Cells)*cell + len(f.Base)*base + rest)
}

// close ends what is done in the background.
func (k *kept) close() {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.stop()
	k.work.Wait()
}

func (k *kept) lastSeen() state {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.seen
}

func (k *kept) saw(now state) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now.at.After(k.seen.at) {
		k.seen = now
	}
}

// forget lets the next question look at the store: something was closed here.
func (k *kept) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.seen = state{}
}

// hold keeps figures, unless later ones are held.
func (k *kept) hold(key string, f *keptFigures) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if held := k.figures.Get(key); held == nil || !held.Value().of.at.After(f.of.at) {
		k.figures.Set(key, f, ttlcache.NoTTL)
	}
}

// beside does something that nobody waits for, one of a kind at a time. If it fails, the
// next who has to wait for it is told.
func (k *kept) beside(kind string, limit time.Duration, do func(context.Context)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.busy[kind] || k.closed {
		return
	}
	k.busy[kind] = true
	k.work.Go(func() {
		ctx, cancel := context.WithTimeout(k.ctx, limit)
		defer cancel()
		_, _ = calmly(ctx, func(ctx context.Context) (struct{}, error) { do(ctx); return struct{}{}, nil })
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.busy, kind)
	})
}

// calmly turns a panic into an error. Away from the goroutine of a request nobody else would,
// and it would take the process with it.
func calmly[T any](ctx context.Context, do func(context.Context) (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do(ctx)
}

// errLeft says that who did it for all has gone.
var errLeft = errors.New("whoever asked has gone")

// together does what several wait for once. If who does it goes, another one does it.
func together[T any](ctx context.Context, k *kept, key string, do func(context.Context) (T, error)) (T, error) {
	for {
		done := k.asked.DoChan(key, func() (any, error) {
			v, err := calmly(ctx, do)
			if err != nil && ctx.Err() != nil {
				err = errLeft
			}
			return v, err
		})
		select {
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		case result := <-done:
			if errors.Is(result.Err, errLeft) {
				continue
			}
			v, _ := result.Val.(T)
			return v, result.Err
		}
	}
}

// state is the state of the store, at most Config.FiguresLag ago. It is looked at again in
// time, so that nobody waits for that while there are questions.
func (s *Store) state(ctx context.Context) (state, error) {
	lag := s.config.FiguresLag
	if lag == 0 {
		return s.look(ctx)
	}
	seen := s.kept.lastSeen()
	switch age := time.Since(seen.at); {
	case age > lag:
		return together(ctx, s.kept, "state", s.look)
	case age > lag/2:
		s.kept.beside("state", s.config.QueryTimeout, func(ctx context.Context) { _, _ = s.look(ctx) }) //nolint:contextcheck // nobody waits for it
	}
	return seen, nil
}

// keptFigures answers from memory what can be, and reads the rest.
func (s *Store) keptFigures(ctx context.Context, q CellQuery) (Figures, error) {
	if q.Anew {
		now, err := s.look(ctx)
		if err != nil {
			return Figures{}, err
		}
		return s.readAndHold(ctx, q, now)
	}
	now, err := s.state(ctx)
	if err != nil {
		return Figures{}, err
	}
	if f := s.held(q, now); f != nil { //nolint:contextcheck // it renews beside the question
		return f.beside(now), nil
	}
	// Whoever joins has seen the same state, so that he is given nothing earlier.
	waiting := fmt.Sprintf("%s of %v %v", q.key(now), now.log.Offsets, now.closed)
	return together(ctx, s.kept, waiting, func(ctx context.Context) (Figures, error) { return s.readAndHold(ctx, q, now) })
}

// held returns kept figures that may be given to who finds the store in a state, nil if there
// are none. Those that are behind are renewed.
func (s *Store) held(q CellQuery, now state) *keptFigures {
	item := s.kept.figures.Get(q.key(now))
	if item == nil {
		return nil
	}
	f := item.Value()
	serve, renew := f.serves(q.Basis, now, s.config.FiguresLag)
	if renew {
		s.renew(q)
	}
	if !serve {
		return nil
	}
	return f
}

// renew reads figures that are behind. It takes one thread and leaves the others to those
// who wait.
func (s *Store) renew(q CellQuery) {
	s.kept.beside("figures", s.config.QueryTimeout, func(ctx context.Context) {
		ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_threads": 1}))
		if now, err := s.look(ctx); err == nil {
			_, _ = s.readAndHold(ctx, q, now)
		}
	})
}

func (s *Store) readAndHold(ctx context.Context, q CellQuery, now state) (Figures, error) {
	f, err := s.readFigures(ctx, q, now)
	if err != nil {
		return Figures{}, err
	}
	s.kept.hold(q.key(f.of), f)
	return f.beside(f.of), nil
}

// beside returns the figures with the closings of a state.
func (f *keptFigures) beside(now state) Figures {
	figures := f.Figures
	figures.Closings, figures.closed = now.closings, now.closed
	return figures
}

// Live figures that are behind the store are read again when they have been for renewAfter
// times as long as reading them takes, so that one question needs a sixth of a core at most, and are given to
// nobody when they have been for givenUntil times as long: then he waits. They have a lag, or
// givenLags of them, in any case.
const (
	renewAfter = 5
	givenUntil = 20
	givenLags  = 4
	// unseenFor is when figures are read again although the log stands still: an operator
	// may have repaired a table.
	unseenFor = 10 * time.Minute
)

// serves tells whether figures may be given to who finds the store in a state, and whether
// they have to be read again nevertheless.
func (f *keptFigures) serves(basis Basis, now state, lag time.Duration) (serve, renew bool) {
	if basis != Live {
		return f.of.closed == now.closed, false
	}
	if f.of.today != now.today {
		return false, false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of.log.same(now.log) {
		f.current = now.at
		return true, time.Since(f.read) > unseenFor
	}
	behind := time.Since(f.current)
	serve = lag > 0 && behind < max(givenLags*lag, givenUntil*f.took)
	return serve, serve && behind > max(lag, renewAfter*f.took)
}

// key says what is asked, and within which reach.
func (q CellQuery) key(now state) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %d-%d %s by %v on %q", q.Basis, q.Span, q.From, q.To, q.Until, q.GroupBy, q.Geography.list)
	if q.within != nil {
		fmt.Fprintf(&b, " within %q", q.within)
	}
	if q.Basis == Live {
		fmt.Fprintf(&b, " as of %s, %s", dayText(q.moment()), now.today)
	}
	fmt.Fprintf(&b, " of %q", q.Measures)
	return b.String()
}
