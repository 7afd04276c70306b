// Package known keeps in memory which reports may have been filed before, so that a
// gateway need not ask the store about every first revision.
//
// It is an aid that can be rebuilt at any time (docs/adr/012-known-ids.md): the ids in
// the store as of a position of the log, and what the log holds from there on. The
// position is the first one that the store lacks, be it in a hole. While it
// is being built, or is behind the log, it says so and the store is asked.
package known

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/queue"
)

const (
	// lag is how far behind the log the ids may be and still rule one out. A follower
	// is at most a second behind when all is well.
	lag = 3 * time.Second
	// stretch is how many rows of report_log are asked for at once: 8 MB of answer.
	stretch = 500_000
	// never is when a partition was last seen to its end that never was: an hour before
	// the ids were made.
	never = -int64(time.Hour)
	// pause is between a failure of the log and the next attempt.
	pause = time.Second
)

// Store is the part of [store.Store] that the ids are read from.
type Store interface {
	AsOf(ctx context.Context) (store.AsOf, error)
	Gaps(ctx context.Context, epoch uuid.UUID, partition uint16, from, to uint64, limit int) ([]store.Range, error)
	Fingerprints(ctx context.Context, after uuid.UUID, most int) (store.Fingerprints, error)
}

// Log is the part of [queue.Follower] that the ids are kept current with.
type Log interface {
	First(ctx context.Context, partition int) (int64, error)
	Follow(ctx context.Context, partition int, from int64, w queue.Watcher) (next int64, err error)
}

// Config says what the ids are of.
type Config struct {
	Store      Store
	Log        Log
	Epoch      uuid.UUID
	Partitions int
	// Pause is what lies between a failure and the next attempt to read everything; 30 s
	// if zero.
	Pause    time.Duration
	Logger   *slog.Logger
	Registry prometheus.Registerer
}

// IDs are the ids of all reports and requests in store and log. Its methods may be
// called at once.
type IDs struct {
	Config
	filter *filter
	// built: the store was read to its end.
	built atomic.Bool
	// current is when each partition was last seen to its end, in nanoseconds since begun,
	// so that a clock that is set makes nothing current.
	current []atomic.Int64
	begun   time.Time
	metrics metrics
}

// New makes ids that rule out nothing until Run has built them.
func New(c Config) *IDs {
	if c.Pause == 0 {
		c.Pause = 30 * time.Second
	}
	k := &IDs{Config: c, filter: newFilter(), current: make([]atomic.Int64, c.Partitions), begun: time.Now()}
	for i := range k.current {
		k.current[i].Store(never)
	}
	k.register()
	return k
}

// RulesOut tells whether neither the report nor the request was in the log up to a
// moment ago, and so not in the store either. uuid.Nil stands for no request. False
// means only that the store has to be asked.
func (k *IDs) RulesOut(report, request uuid.UUID) bool {
	out := k.Current() && !k.filter.has(store.Fingerprint(report)) &&
		(request == uuid.Nil || !k.filter.has(store.Fingerprint(request)))
	k.metrics.asked(out)
	return out
}

// Add notes a report and its request, uuid.Nil if none, that are or may be in the log.
// Who writes them has to know of them until then.
func (k *IDs) Add(report, request uuid.UUID) {
	k.filter.add(store.Fingerprint(report))
	if request != uuid.Nil {
		k.filter.add(store.Fingerprint(request))
	}
}

// Current tells whether the ids are built and not too far behind the log.
func (k *IDs) Current() bool { return k.built.Load() && k.behind() <= lag }

// behind is how long ago every partition had been seen to its end.
func (k *IDs) behind() time.Duration {
	oldest := k.current[0].Load()
	for i := range k.current {
		oldest = min(oldest, k.current[i].Load())
	}
	return time.Since(k.begun) - time.Duration(oldest)
}

// Run builds the ids and keeps them current until ctx ends. It never gives up: without
// it the gateway only asks more.
func (k *IDs) Run(ctx context.Context) {
	ctx = access.System(ctx)
	for ctx.Err() == nil {
		err := k.once(ctx)
		if ctx.Err() != nil {
			return
		}
		k.built.Store(false)
		k.Logger.Warn("the known ids are built anew; until then the store is asked", "error", err)
		sleep(ctx, k.Pause)
	}
}

// once builds and follows until the log is another one or ctx ends. What the filter has
// already stays in it: a wrong yes costs a question, never an answer.
func (k *IDs) once(ctx context.Context) error {
	for i := range k.current {
		k.current[i].Store(never)
	}
	// First the positions: whatever is stored while we read lies behind them in the log.
	asOf, err := k.Store.AsOf(ctx)
	if err != nil {
		return err
	}
	starts, err := k.starts(ctx, asOf.Offsets[k.Epoch])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	part := func(do func() error) {
		group.Go(func() {
			if err := do(); err != nil {
				cancel(err)
			}
		})
	}
	part(func() error { return k.build(ctx, asOf.Messages) })
	for partition, from := range starts {
		part(func() error { return k.follow(ctx, partition, from) })
	}
	group.Wait()
	return context.Cause(ctx)
}

// starts gives the offset of each partition from which the log is needed: behind what the
// store holds, or its first hole if the store has lost something that the log still has.
func (k *IDs) starts(ctx context.Context, stored map[uint16]uint64) ([]int64, error) {
	starts := make([]int64, k.Partitions)
	for partition := range starts {
		last, known := stored[uint16(partition)]
		if !known {
			continue
		}
		first, err := k.Log.First(ctx, partition)
		if err != nil {
			return nil, err
		}
		gaps, err := k.Store.Gaps(ctx, k.Epoch, uint16(partition), uint64(first), last, 1)
		if err != nil {
			return nil, fmt.Errorf("look for holes in partition %d: %w", partition, err)
		}
		starts[partition] = int64(last) + 1
		if len(gaps) > 0 {
			starts[partition] = int64(gaps[0].Low)
			k.Logger.Warn("the known ids follow the log from a hole in the store", "partition", partition, "from", gaps[0].Low, "stored", last)
		}
	}
	return starts, nil
}

// build takes over what the store has.
func (k *IDs) build(ctx context.Context, messages uint64) error {
	start := time.Now()
	if err := k.read(ctx, messages); err != nil {
		return err
	}
	k.built.Store(true)
	ids, bytes := k.filter.size()
	k.Logger.Info("the known ids are built", "ids", ids, "bytes", bytes, "took", time.Since(start))
	return nil
}

// read reads the store stretch by stretch.
func (k *IDs) read(ctx context.Context, messages uint64) error {
	k.filter.expect(int64(messages) * 5 / 4)
	for after := uuid.Nil; ; {
		found, err := k.Store.Fingerprints(ctx, after, stretch)
		if err != nil {
			return err
		}
		if len(found.Reports) == 0 {
			return nil
		}
		for _, ids := range [][]uint64{found.Reports, found.Requests} {
			for _, id := range ids {
				k.filter.add(id)
			}
		}
		after = found.Last
	}
}

// follow takes over what a partition of the log holds from an offset on, through every
// failure that may pass.
func (k *IDs) follow(ctx context.Context, partition int, next int64) (err error) {
	for ctx.Err() == nil {
		next, err = k.Log.Follow(ctx, partition, next, watcher{k})
		if errors.Is(err, queue.ErrOtherLog) {
			return err
		}
		if err != nil {
			k.Logger.Warn("following the log", "error", err)
			sleep(ctx, pause)
		}
	}
	return nil
}

// watcher is told what is in the log.
type watcher struct{ ids *IDs }

func (w watcher) Saw(report, request uuid.UUID) { w.ids.Add(report, request) }

func (w watcher) Current(partition int, at time.Time) {
	w.ids.current[partition].Store(int64(at.Sub(w.ids.begun)))
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
