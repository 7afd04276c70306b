package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// asOfEvery is how often the store is asked how far it is: the resolution of accept to
// visible, together with the time of the question.
const asOfEvery = 25 * time.Millisecond

// measureVisible measures from the answer 202 to the first moment at which a question to
// the store is answered with the report in it.
//
// Asking for every report would load the server more than filing does. So one question
// is asked every asOfEvery, which the store answers from a projection: the highest stored
// offset of each partition. Afterwards report_log tells which offset each report got, and
// the first answer that covers it is when it was visible. ClickHouse runs as a role of its
// own here, because the bench needs its address.
func (b *bench) measureVisible(ctx context.Context) ([]Phase, error) {
	p := Phase{ID: "visible", Title: "accept → visible"}
	err := b.visible(ctx, &p)
	return []Phase{p}, err
}

func (b *bench) visible(ctx context.Context, p *Phase) error {
	at, err := b.place(ctx, "visible")
	if err != nil {
		return err
	}
	dsn, engine, err := b.engine(ctx, at)
	if err != nil {
		return err
	}
	args := b.runArguments(at, "--demo-load=false")
	if at.dsn == "" {
		args = append(args, "--clickhouse", dsn)
	}
	server, _, err := b.serve(ctx, "run", at.dir, args...)
	if err != nil {
		return errors.Join(err, stopAll(engine))
	}
	s, info, err := openStore(ctx, dsn)
	if err != nil {
		return errors.Join(err, stopAll(server, engine))
	}
	f := &filer{bench: b, server: server, forms: newFilings(time.Now(), seeds.Default())}
	m := meterOf(server, engine).fromHere()
	for _, rate := range b.Rates {
		if err == nil {
			err = f.visibleAt(ctx, p, s, info, rate, engine)
		}
	}
	m.memory(p)
	return errors.Join(err, s.Close(), stopAll(server, engine))
}

func (f *filer) visibleAt(ctx context.Context, p *Phase, s *store.Store, info store.Info, rate int, engine *program) error {
	n := max(int(float64(rate)*f.Duration.Seconds()), 10)
	reports := f.take(n)
	m := meterOf(f.server, engine)
	w := &watcher{store: s, epoch: info.Epoch}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	watched := make(chan error, 1)
	go func() { watched <- w.run(watching) }()
	done, err := f.steady(ctx, reports, rate)
	if err == nil {
		f.accepted += len(done.accepted)
		err = f.server.waitStored(ctx, f.accepted)
	}
	// The counter may be ahead of the last look.
	if err == nil {
		err = f.server.pause(ctx, 5*asOfEvery)
	}
	stop()
	if err := errors.Join(err, <-watched); err != nil {
		return err
	}
	visible, err := w.visible(ctx, done.accepted)
	if err != nil {
		return err
	}
	n = len(visible)
	id, of := fmt.Sprintf("r%d_", rate), fmt.Sprintf(", at %s/s", digits(float64(rate)))
	p.number(id+"rate", "accepted (202)"+of, float64(n)/done.took.Seconds(), "reports/s")
	p.spread(id+"answer", "answer, from the planned moment"+of, spreadOf(done.times))
	p.spread(id+"visible", "from 202 to visible"+of, spreadOf(visible))
	p.spread(id+"resolution", "resolution: between two looks"+of, spreadOf(w.gaps()))
	m.cpu(p, id, n, of)
	return nil
}

// steadyResult is what an open loop saw: answers, each timed from the moment at which its
// report was due, so that a stalled server does not hide the reports that had to wait.
type steadyResult struct {
	accepted map[uuid.UUID]time.Time // moment of the 202
	times    []time.Duration
	took     time.Duration
}

// patience bounds, in durations of a phase, how long a server that cannot keep the rate is
// given to answer.
const patience = 3

// steady sends reports at a rate, whether or not the ones before are answered.
func (f *filer) steady(ctx context.Context, reports prepared, rate int) (steadyResult, error) {
	var next atomic.Int64
	var mu sync.Mutex
	sum := steadyResult{accepted: make(map[uuid.UUID]time.Time, reports.len())}
	start := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for range min(f.Connections, reports.len()) {
		group.Go(func() error {
			c, err := f.server.dial(ctx, http.MethodPost, "/v1/reports")
			if err != nil {
				return err
			}
			defer c.close()
			for {
				i := int(next.Add(1)) - 1
				if i >= reports.len() || time.Since(start) > patience*f.Duration {
					return nil
				}
				due := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
				if err := f.server.pause(ctx, time.Until(due)); err != nil {
					return err
				}
				id, err := c.fileOne(reports.at(i))
				if err != nil {
					return err
				}
				now := time.Now()
				mu.Lock()
				sum.accepted[id], sum.times = now, append(sum.times, now.Sub(due))
				mu.Unlock()
			}
		})
	}
	err := group.Wait()
	sum.took = time.Since(start)
	return sum, err
}

var idMember = []byte(`"report_id":"`)

// fileOne sends a report, which must be accepted, and returns its id.
func (c *caller) fileOne(report []byte) (uuid.UUID, error) {
	status, answer, err := c.send(report)
	if err != nil {
		return uuid.Nil, err
	}
	_, rest, found := bytes.Cut(answer, idMember)
	if status != http.StatusAccepted || !found || len(rest) < 36 {
		return uuid.Nil, fmt.Errorf("a report was answered %d: %.500s", status, answer)
	}
	id, err := uuid.ParseBytes(rest[:36])
	if err != nil {
		return uuid.Nil, fmt.Errorf("read the id of a report: %w", err)
	}
	return id, nil
}

// watcher notes how far the store is.
type watcher struct {
	store *store.Store
	epoch uuid.UUID
	looks []look
}

// look is one answer of the store, with the moment at which it was there.
type look struct {
	at      time.Time
	offsets map[uint16]uint64
}

func (w *watcher) run(ctx context.Context) error {
	ctx = access.System(ctx)
	tick := time.NewTicker(asOfEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		asOf, err := w.store.AsOf(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		w.looks = append(w.looks, look{time.Now(), asOf.Offsets[w.epoch]})
	}
}

// gaps returns the times between looks.
func (w *watcher) gaps() []time.Duration {
	var gaps []time.Duration
	for i := 1; i < len(w.looks); i++ {
		gaps = append(gaps, w.looks[i].at.Sub(w.looks[i-1].at))
	}
	return gaps
}

const positionsSQL = `SELECT report_id, kafka_partition, kafka_offset FROM report_log WHERE epoch = {epoch:UUID}`

// visible returns the time from 202 to visible of every accepted report. The error says
// so if one was never seen.
func (w *watcher) visible(ctx context.Context, accepted map[uuid.UUID]time.Time) ([]time.Duration, error) {
	rows, err := w.store.Conn().Query(ctx, positionsSQL, named("epoch", w.epoch.String()))
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	var times []time.Duration
	for rows.Next() {
		var number big.Int
		var partition uint16
		var offset uint64
		if err := rows.Scan(&number, &partition, &offset); err != nil {
			return nil, errors.Join(fmt.Errorf("read positions: %w", err), rows.Close())
		}
		var id uuid.UUID
		number.FillBytes(id[:])
		answered, ours := accepted[id]
		if !ours {
			continue
		}
		seen, ok := w.seen(partition, offset)
		if !ok {
			return nil, errors.Join(fmt.Errorf("report %s was never seen in the store", id), rows.Close())
		}
		// Seldom, it is visible before its filer has the answer.
		times = append(times, max(seen.Sub(answered), 0))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	if len(times) != len(accepted) {
		return nil, fmt.Errorf("%d reports were accepted, %d are stored", len(accepted), len(times))
	}
	return times, nil
}

// seen returns the moment of the first look that covers an offset.
func (w *watcher) seen(partition uint16, offset uint64) (time.Time, bool) {
	i, _ := slices.BinarySearchFunc(w.looks, offset, func(l look, offset uint64) int {
		if stored, some := l.offsets[partition]; some && stored >= offset {
			return 1
		}
		return -1
	})
	if i == len(w.looks) {
		return time.Time{}, false
	}
	return w.looks[i].at, true
}
