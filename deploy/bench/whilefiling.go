package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"atvsld/seeds"
)

// askRate is how many questions a second are asked while reports are filed: more than the
// officers of all provinces ask together.
const askRate = 10

// whileFiling asks for figures while another process takes in a batch that comes at each of the
// rates, as far as the machine bears it, and stores it. Questions come at a rate of their own and are timed from the moment at which
// each was due. Of live figures it tells how far behind the question they were: the moment that
// they say they stand for is when a row was stored last.
func (a *asker) whileFiling(ctx context.Context, p *Phase, at *place, dsn string) error {
	args := a.runArguments(at, "--demo-load=false")
	if at.dsn == "" {
		args = append(args, "--clickhouse", dsn)
	}
	intake, _, err := a.serve(ctx, "run", at.dir, args...)
	if err != nil {
		return err
	}
	f := &filer{bench: a.bench, server: intake, forms: newFilings(time.Now(), seeds.Default())}
	err = f.warm(ctx)
	for _, rate := range a.Rates {
		for _, q := range questions() {
			if err == nil && (q.live || q.public) {
				err = a.askWhile(ctx, p, f, q, rate)
			}
		}
	}
	return errors.Join(err, intake.stop())
}

// warm files a few reports, so that figures have a moment that they stand for.
func (f *filer) warm(ctx context.Context) error {
	done, err := f.load(ctx, f.take(100), 1, f.Duration)
	if err != nil {
		return err
	}
	f.accepted += len(done.times)
	return f.server.waitStored(ctx, f.accepted)
}

func (a *asker) askWhile(ctx context.Context, p *Phase, f *filer, q question, rate int) error {
	if err := a.untilCurrent(ctx, q); err != nil {
		return fmt.Errorf("%s: %w", q.name, err)
	}
	filing, filed := context.WithCancel(ctx)
	defer filed()
	group, ctx := errgroup.WithContext(ctx)
	first, start := f.next, time.Now()
	f.next += mostRows
	var rows int
	var took time.Duration
	group.Go(func() (err error) {
		defer filed()
		rows, err = f.stream(ctx, first, f.Duration, rate)
		took = time.Since(start)
		return err
	})
	var times, behind []time.Duration
	group.Go(func() (err error) {
		times, behind, err = a.atRate(filing, q)
		return err
	})
	if err := group.Wait(); err != nil {
		return fmt.Errorf("%s, while reports are filed: %w", q.name, err)
	}
	id, of := fmt.Sprintf("%s_r%d", q.id, rate), fmt.Sprintf("%s, with %s/s filed", q.name, digits(float64(rate)))
	p.number(id+"_rate", of+": accepted", float64(rows)/took.Seconds(), "reports/s")
	p.spread(id, of, spreadOf(times))
	if q.live {
		p.spread(id+"_behind", of+": how far behind", spreadOf(behind))
	}
	return nil
}

// untilCurrent asks until the server has figures, and live ones of a moment: those from before
// anything was filed have none.
func (a *asker) untilCurrent(ctx context.Context, q question) error {
	for {
		_, answer, err := askOnce(ctx, a.server, q)
		if err != nil || !q.live {
			return err
		}
		if _, err := momentOf(answer); err == nil {
			return nil
		}
		if err := a.server.pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// atRate asks until the filing is over, each question on time, whether or not the server is.
func (a *asker) atRate(filing context.Context, q question) (times, behind []time.Duration, err error) {
	c, err := a.server.dialFor(filing, q)
	if err != nil {
		return nil, nil, err
	}
	defer c.close()
	start := time.Now()
	for i := 0; ; i++ {
		due := start.Add(time.Duration(i) * time.Second / askRate)
		if err := a.server.pause(filing, time.Until(due)); err != nil {
			if filing.Err() != nil {
				err = nil
			}
			return times, behind, err
		}
		answer, err := c.ask(q)
		if err != nil {
			return nil, nil, err
		}
		times = append(times, time.Since(due))
		if q.live {
			at, err := momentOf(answer)
			if err != nil {
				return nil, nil, err
			}
			behind = append(behind, due.Sub(at))
		}
	}
}

var asOfMember = []byte(`"as_of":"`)

// momentOf is the first moment that an answer says it stands for.
func momentOf(answer []byte) (time.Time, error) {
	_, rest, found := bytes.Cut(answer, asOfMember)
	text, _, closed := bytes.Cut(rest, []byte(`"`))
	if !found || !closed {
		return time.Time{}, fmt.Errorf("an answer says no moment: %.200s", answer)
	}
	return time.Parse(time.RFC3339Nano, string(text))
}
