package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"atvsld/analytics/store"
	"atvsld/seeds"
)

// question is one request for figures.
type question struct {
	id, name, path string
	live           bool // it depends on how far the parts are merged
}

// questions asks for attainment as the page does (the nation and 34 provinces, every
// definition, two years), and for two series of a figure that comes from the largest table.
func questions() []question {
	const series = "/v1/indicators/N1/series?"
	year := strconv.Itoa(lastYear)
	decade := fmt.Sprintf("from=%d&to=%d", firstYear, lastYear)
	return []question{
		{"attainment_closed", "attainment, closed", "/v1/attainment?view=closed", false},
		{"sections_closed", "ten years × VSIC section, closed", series + decade + "&by=vsic&view=closed", false},
		{"attainment", "attainment, live", "/v1/attainment?view=live&year=" + year, true},
		{"provinces", "34 provinces of one year, live", series + "from=" + year + "&to=" + year + "&by=province&view=live", true},
		{"sections", "ten years × VSIC section, live", series + decade + "&by=vsic&view=live", true},
	}
}

// measureFigures loads a store of a size and asks for figures over HTTP: with the parts as
// they were loaded, and again when each year is one part.
func (b *bench) measureFigures(ctx context.Context, size int) ([]Phase, error) {
	p := Phase{ID: "figures_" + strconv.Itoa(size), Title: digits(float64(size)) + " stored reports"}
	err := b.figures(ctx, &p, size)
	return []Phase{p}, err
}

func (b *bench) figures(ctx context.Context, p *Phase, size int) error {
	at, err := b.place(ctx, p.ID)
	if err != nil {
		return err
	}
	dsn, engine, err := b.engine(ctx, at)
	if err != nil {
		return err
	}
	s, _, err := openStore(ctx, dsn)
	if err != nil {
		return errors.Join(err, stopAll(engine))
	}
	conn, err := connect(dsn)
	if err != nil {
		return errors.Join(err, s.Close(), stopAll(engine))
	}
	f := &asker{bench: b, store: s, loader: &loader{conn: conn, data: seeds.Default()}, engine: engine}
	err = f.measure(ctx, p, at, dsn, size)
	err = errors.Join(err, conn.Close(), s.Close(), stopAll(engine))
	if err == nil && !b.Keep {
		// The largest one needs the disk of those before it.
		err = b.forget(ctx, at)
	}
	return err
}

// asker asks one store for figures.
type asker struct {
	*bench
	store  *store.Store
	loader *loader
	engine *program
	server *program
}

func (a *asker) measure(ctx context.Context, p *Phase, at *place, dsn string, size int) (err error) {
	if err := timed(p, "load", "made and stored directly in", func() error { return a.loader.load(ctx, size) }); err != nil {
		return err
	}
	if err := timed(p, "close", "ten years closed in", func() error { return a.closeYears(ctx) }); err != nil {
		return err
	}
	a.server, _, err = a.serve(ctx, "api", at.dir, "--clickhouse", dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.server.stop()) }()
	m := meterOf(a.server, a.engine).fromHere()
	if err := a.askAll(ctx, p, size, "fresh", "fresh parts", func(question) bool { return true }); err != nil {
		return err
	}
	if err := timed(p, "merge", "merged into one part a year in", func() error { return a.loader.merge(ctx) }); err != nil {
		return err
	}
	if err := a.askAll(ctx, p, size, "merged", "merged parts", func(q question) bool { return q.live }); err != nil {
		return err
	}
	m.memory(p)
	return nil
}

// timed adds how long a step took.
func timed(p *Phase, id, name string, do func() error) error {
	start := time.Now()
	err := do()
	p.number(id, name, time.Since(start).Seconds(), "s")
	return err
}

func (a *asker) closeYears(ctx context.Context) error {
	for year := firstYear; year <= lastYear; year++ {
		if err := a.store.ClosePeriod(ctx, strconv.Itoa(year), "bench", "made-up data", time.Now()); err != nil {
			return err
		}
	}
	return nil
}

func (a *asker) askAll(ctx context.Context, p *Phase, size int, state, stateName string, want func(question) bool) error {
	if err := a.describe(ctx, p, size, state, stateName); err != nil {
		return err
	}
	for _, q := range questions() {
		if !want(q) {
			continue
		}
		id, name := q.id, q.name
		if q.live {
			id, name = q.id+"_"+state, q.name+", "+stateName
		}
		times, err := a.ask(ctx, q)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		p.spread(id, name, spreadOf(times))
	}
	return nil
}

// describe tells how many rows and parts the current tables have, and how large they are.
func (a *asker) describe(ctx context.Context, p *Phase, size int, state, stateName string) error {
	sizes, version, err := tableSizes(ctx, a.store)
	if err != nil {
		return err
	}
	a.machine.Engine = version
	var sum tableSize
	for _, d := range loaded() {
		t := sizes[d.Table]
		sum.Rows, sum.Bytes, sum.Parts = sum.Rows+t.Rows, sum.Bytes+t.Bytes, sum.Parts+t.Parts
	}
	annex := sizes["annex_xii"]
	p.number("rows_"+state, "rows of the current tables, "+stateName, float64(sum.Rows), fmt.Sprintf("in %d parts", sum.Parts))
	p.number("bytes_"+state, "their size, "+stateName, float64(sum.Bytes)/float64(size), "B/report")
	p.number("bytes_annex_"+state, "of `annex_xii` alone, "+stateName, float64(annex.Bytes)/float64(max(annex.Rows, 1)), "B/row")
	return nil
}

// leastRequests are asked even if they take longer than the duration of a phase.
const leastRequests = 5

// ask sends a question again and again on one connection. The first answer is not
// counted: it warms what a server in service has warm.
func (a *asker) ask(ctx context.Context, q question) ([]time.Duration, error) {
	c, err := a.server.dial(ctx, http.MethodGet, q.path)
	if err != nil {
		return nil, err
	}
	defer c.close()
	var times []time.Duration
	start := time.Now()
	for i := 0; i <= a.Requests && (i <= leastRequests || time.Since(start) < a.Duration); i++ {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		asked := time.Now()
		status, answer, err := c.send(nil)
		if err != nil {
			return nil, err
		}
		if status != http.StatusOK {
			return nil, fmt.Errorf("answered %d: %.500s", status, answer)
		}
		if i > 0 {
			times = append(times, time.Since(asked))
		}
	}
	return times, nil
}
