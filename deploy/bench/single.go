package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"atvsld/seeds"
)

// measureFiling measures single submissions and batches on one server, and then what the
// reports take on disk.
func (b *bench) measureFiling(ctx context.Context) ([]Phase, error) {
	at, err := b.place(ctx, "filing")
	if err != nil {
		return []Phase{{ID: "single"}}, err
	}
	server, _, err := b.serve(ctx, "run", at.dir, b.runArguments(at, "--demo-load=false")...)
	if err != nil {
		return []Phase{{ID: "single"}}, err
	}
	f := &filer{bench: b, server: server, forms: newFilings(time.Now(), seeds.Default())}
	var phases []Phase
	for _, measure := range []func(context.Context) (Phase, error){f.single, f.bulk} {
		phase, err := measure(ctx)
		phases = append(phases, phase)
		if err != nil {
			return phases, errors.Join(err, server.stop())
		}
	}
	return phases, server.stop()
}

// filer files reports of ever new establishments at one server.
type filer struct {
	*bench
	server   *program
	forms    *filings
	next     int // the next establishment
	accepted int // reports that the server must store
}

// mostPrepared bounds the memory of prepared reports, about 600 bytes each.
const mostPrepared = 500_000

// take prepares reports of new establishments.
func (f *filer) take(n int) prepared {
	p := f.forms.prepare(f.next, n)
	f.next += n
	return p
}

// single measures POST /v1/reports, one report a request, in a closed loop: a connection
// sends its next report when the last one is answered.
func (f *filer) single(ctx context.Context) (Phase, error) {
	p := Phase{ID: "single", Title: "single POST"}
	m := meterOf(f.server).fromHere()
	warm, err := f.load(ctx, f.take(2000), 8, f.Duration)
	if err != nil {
		return p, err
	}
	f.accepted += len(warm.times)
	for _, connections := range []int{1, f.Connections} {
		if err := f.singleBy(ctx, &p, connections); err != nil {
			return p, err
		}
	}
	start := time.Now()
	if err := f.server.waitStored(ctx, f.accepted); err != nil {
		return p, err
	}
	p.number("stored_after", "all of them stored, after the last answer", time.Since(start).Seconds(), "s")
	m.memory(&p)
	return p, nil
}

func (f *filer) singleBy(ctx context.Context, p *Phase, connections int) error {
	reports := f.take(min(mostPrepared, int(f.Duration.Seconds()*20_000)+1000))
	m := meterOf(f.server)
	done, err := f.load(ctx, reports, connections, f.Duration)
	if err != nil {
		return err
	}
	f.accepted += len(done.times)
	accepted := len(done.times)
	id, of := fmt.Sprintf("c%d_", connections), fmt.Sprintf(", %d connections", connections)
	if connections == 1 {
		of = ", 1 connection"
	}
	p.number(id+"rate", "accepted (202)"+of, float64(accepted)/done.took.Seconds(), "reports/s")
	p.spread(id+"latency", "answer"+of, spreadOf(done.times))
	p.number(id+"busy", "refused as too busy (503)"+of, float64(done.busy), "")
	m.cpu(p, id, accepted, of)
	return nil
}

// loadResult is what a closed loop saw.
type loadResult struct {
	times []time.Duration // of accepted reports
	busy  int
	took  time.Duration
}

// load sends reports on a number of connections until they are used up or the time is over.
func (f *filer) load(ctx context.Context, reports prepared, connections int, d time.Duration) (loadResult, error) {
	var next atomic.Int64
	var mu sync.Mutex
	var sum loadResult
	start := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for range connections {
		group.Go(func() error {
			c, err := f.server.dial(ctx, http.MethodPost, "/v1/reports")
			if err != nil {
				return err
			}
			defer c.close()
			var own loadResult
			for ctx.Err() == nil && time.Since(start) < d {
				i := int(next.Add(1)) - 1
				if i >= reports.len() {
					break
				}
				if err := own.send(c, reports.at(i)); err != nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			sum.times, sum.busy = append(sum.times, own.times...), sum.busy+own.busy
			return ctx.Err()
		})
	}
	err := group.Wait()
	sum.took = time.Since(start)
	if err == nil && len(sum.times) == 0 {
		err = errors.New("no report was accepted")
	}
	return sum, err
}

func (r *loadResult) send(c *caller, report []byte) error {
	sent := time.Now()
	status, answer, err := c.send(report)
	switch {
	case err != nil:
		return err
	case status == http.StatusServiceUnavailable:
		r.busy++
	case status == http.StatusAccepted:
		r.times = append(r.times, time.Since(sent))
	default:
		return fmt.Errorf("a report was answered %d: %.500s", status, answer)
	}
	return nil
}
