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
	live           bool // reading it depends on how far the parts are merged
	public         bool // it is asked without a token
	looks          bool // each is another caller's first look, as the record tells callers apart
}

// questions asks for attainment as the page does (the nation and 34 provinces, every
// definition, two years), and for two series of a figure that comes from the largest table.
func questions() []question {
	const series = "/v1/indicators/N1/series?"
	year := strconv.Itoa(lastYear)
	decade := fmt.Sprintf("from=%d&to=%d", firstYear, lastYear)
	return []question{
		{id: "attainment_public", name: "attainment, closed, to the public", path: "/v1/attainment", public: true},
		{id: "attainment_closed", name: "attainment, closed, with a token", path: "/v1/attainment?view=closed"},
		{id: "sections_closed", name: "ten years × VSIC section, closed, with a token", path: series + decade + "&by=vsic&view=closed"},
		{id: "attainment", name: "attainment, live", path: "/v1/attainment?view=live&year=" + year, live: true},
		{id: "attainment_look", name: "attainment, live, a first look each", path: "/v1/attainment?view=live&year=" + year, live: true, looks: true},
		{id: "provinces", name: "34 provinces of one year, live", path: series + "from=" + year + "&to=" + year + "&by=province&view=live", live: true},
		{id: "sections", name: "ten years × VSIC section, live", path: series + decade + "&by=vsic&view=live", live: true},
	}
}

// measureFigures loads a store of a size and asks for figures over HTTP: with the parts as
// they were loaded, again when each year is one part, and again while reports are filed.
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
	// start starts one more server.
	start func() (*program, error)
}

func (a *asker) measure(ctx context.Context, p *Phase, at *place, dsn string, size int) (err error) {
	if err := timed(p, "load", "made and stored directly in", func() error { return a.loader.load(ctx, size) }); err != nil {
		return err
	}
	if err := timed(p, "close", "ten years closed in", func() error { return a.closeYears(ctx) }); err != nil {
		return err
	}
	a.start = func() (*program, error) {
		server, _, err := a.serve(ctx, "api", at.dir, "--clickhouse", dsn)
		return server, err
	}
	if a.server, err = a.start(); err != nil {
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
	return a.whileFiling(ctx, p, at, dsn)
}

// timed adds how long a step took.
func timed(p *Phase, id, name string, do func() error) error {
	start := time.Now()
	err := do()
	p.number(id, name, time.Since(start).Seconds(), "s")
	return err
}

func (a *asker) closeYears(ctx context.Context) error {
	for year := firstYear; year <= lastYear; year++ { // one by one, as in truth
		if err := a.store.ClosePeriod(ctx, strconv.Itoa(year), "bench", "made-up data", time.Now()); err != nil {
			return err
		}
	}
	return nil
}

// askAll asks each question as the first one of a server, which has to read its figures, and
// then again and again of one that keeps them.
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
		first, err := a.first(ctx, q)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		p.spread(id+"_first", name+": first answer of a server", spreadOf(first))
		times, err := a.again(ctx, q)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		p.spread(id, name, spreadOf(times))
	}
	return nil
}

// first asks servers that have just started.
func (a *asker) first(ctx context.Context, q question) ([]time.Duration, error) {
	var times []time.Duration
	for range a.Starts {
		server, err := a.start()
		if err != nil {
			return nil, err
		}
		took, _, err := askOnce(ctx, server, q)
		if err := errors.Join(err, server.stop()); err != nil {
			return nil, err
		}
		times = append(times, took)
	}
	return times, nil
}

func askOnce(ctx context.Context, server *program, q question) (time.Duration, []byte, error) {
	c, err := server.dialFor(ctx, q)
	if err != nil {
		return 0, nil, err
	}
	defer c.close()
	asked := time.Now()
	answer, err := c.ask(q)
	return time.Since(asked), answer, err
}

// dialFor opens a connection for a question.
func (p *program) dialFor(ctx context.Context, q question) (*caller, error) {
	if q.public {
		return p.dialAs(ctx, "", http.MethodGet, q.path)
	}
	return p.dial(ctx, http.MethodGet, q.path)
}

// ask sends a question, which must be answered.
func (c *caller) ask(q question) ([]byte, error) {
	if q.looks {
		c.more = fmt.Appendf(c.more[:0], "Access-Purpose: statistics; look-%s\r\n", strconv.FormatInt(time.Now().UnixNano(), 36))
	}
	status, answer, err := c.send(nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("answered %d: %.500s", status, answer)
	}
	return answer, err
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

// again sends a question over and over on one connection. The first answer is not
// counted: it warms what a server in service has warm.
func (a *asker) again(ctx context.Context, q question) ([]time.Duration, error) {
	c, err := a.server.dialFor(ctx, q)
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
		if _, err := c.ask(q); err != nil {
			return nil, err
		}
		if i > 0 {
			times = append(times, time.Since(asked))
		}
	}
	return times, nil
}
