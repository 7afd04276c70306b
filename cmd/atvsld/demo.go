package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v3"

	"atvsld/analytics/access"
	"atvsld/api"
	"atvsld/ingest/queue"
	"atvsld/seeds/demo"
)

const errLoading = api.PublicError("demonstration data are being loaded")

// closer is who closes the years of the demonstration.
const closer = "demonstration loader"

func (s *settings) demo() demo.Config {
	c := demo.Default()
	c.Seed = s.DemoSeed
	if s.DemoSize > 0 {
		c.Establishments = s.DemoSize
	}
	return c
}

// demoNote says which data a closed year holds, so that another set is noticed.
func demoNote(c demo.Config) string {
	return fmt.Sprintf("demonstration data, seed %d, %d establishments", c.Seed, c.Establishments)
}

// expectDemo makes readiness wait for the demonstration data. It comes before the
// interface answers, so that nobody is told ready in between.
func (p *platform) expectDemo() (loaded *atomic.Bool) {
	loaded = &atomic.Bool{}
	p.checks = append(p.checks, check{"demonstration", func(context.Context) error {
		if !loaded.Load() {
			return errLoading
		}
		return nil
	}})
	return loaded
}

// startLoader files the demonstration data through this process's own HTTP
// interface and closes its years. The platform is ready when that is done.
func (p *platform) startLoader(ctx context.Context, address string, loaded *atomic.Bool, failed func(error)) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := p.loadDemo(ctx, address)
		switch {
		case err == nil:
			loaded.Store(true)
			p.log.Info("ready", "page", p.ownURL(address))
		case ctx.Err() == nil:
			failed(err)
		}
	}()
	p.onClose("loader", func(ctx context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

func (p *platform) loadDemo(ctx context.Context, address string) error {
	ctx = access.System(ctx)
	c := p.settings.demo()
	done, err := p.demoIsThere(ctx, c)
	if err != nil {
		return err
	}
	if done {
		p.log.Info("demonstration data are there already", "data", demoNote(c))
		return nil
	}
	p.log.Info("loading demonstration data", "data", demoNote(c))
	start := time.Now()
	transport := p.selfTransport()
	defer transport.CloseIdleConnections()
	l := &loader{client: &http.Client{Transport: transport}, url: p.ownURL(address), token: p.keys.LocalToken()}
	rows, err := l.load(ctx, c)
	if err != nil {
		return err
	}
	filed := time.Since(start)
	if err := p.waitStored(ctx); err != nil {
		return err
	}
	var years []string
	for _, year := range demoYears(c) {
		years = append(years, strconv.Itoa(year))
	}
	if err := p.closePeriod(ctx, closer, demoNote(c), years...); err != nil {
		return err
	}
	p.log.Info("demonstration data are loaded", "reports", rows, "filed_in", filed.Round(time.Millisecond), "ready_in", time.Since(start).Round(time.Millisecond))
	return nil
}

// demoYears are the years that are closed when the data are loaded: those reported on,
// and those that only base figures are of.
func demoYears(c demo.Config) []int {
	first := c.FromYear
	if first == demo.FirstYear {
		first = demo.FirstBaseYear
	}
	var years []int
	for year := first; year <= c.ToYear; year++ {
		years = append(years, year)
	}
	return years
}

// demoIsThere tells whether an earlier start loaded the very same data.
func (p *platform) demoIsThere(ctx context.Context, c demo.Config) (bool, error) {
	closed, err := p.store.ClosedPeriods(ctx)
	if err != nil {
		return false, err
	}
	years := 0
	for _, period := range closed {
		if period.ClosedBy != closer {
			continue
		}
		if period.Note != demoNote(c) {
			return false, fmt.Errorf("this store holds %s: ask for the same, or use another folder", period.Note)
		}
		years++
	}
	return years == len(demoYears(c)), nil
}

// waitStored waits until the sinks are through with all that is in the log now.
func (p *platform) waitStored(ctx context.Context) error {
	ends, err := queue.Ends(ctx, p.brokers, p.settings.Partitions)
	if err != nil {
		return err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		committed, err := queue.Committed(ctx, p.brokers, p.settings.Partitions)
		if err != nil {
			return err
		}
		behind := false
		for partition, end := range ends {
			behind = behind || committed[partition] < end && end > 0
		}
		if !behind {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func demoCommand() *cli.Command {
	s := &settings{}
	return &cli.Command{
		Name: "demo", Usage: "write the demonstration data as NDJSON, ready for POST /v1/reports:batch",
		Flags: s.flags("demo-seed", "demo-establishments"),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := s.Validate(); err != nil {
				return fmt.Errorf("configuration:\n%w", err)
			}
			return write(ctx, c.Root().Writer, s.demo())
		},
	}
}

func migrateCommand() *cli.Command {
	return role("migrate", "bring the store's schema up to date", storeFlags, []string{"clickhouse"},
		func(ctx context.Context, p *platform, failed func(error)) error {
			defer failed(nil)
			return p.openStore(ctx, p.settings.ClickHouse)
		})
}

// closingTimeout is for the one statement that adds up all reports of a year in every way.
const closingTimeout = time.Hour

func periodCommand() *cli.Command {
	s := &settings{needs: []string{"clickhouse"}}
	var by, note string
	return &cli.Command{
		Name: "close-period", Usage: "freeze the figures of a year or first half for the public: close-period 2025 | 2025H1", ArgsUsage: "PERIOD",
		Flags: append(s.flags(flagNames(storeFlags, []string{"data", "keys"})...),
			&cli.StringFlag{Name: "by", Usage: "who closes it", Required: true, Destination: &by},
			&cli.StringFlag{Name: "note", Usage: "what is on record with it, and public", Destination: &note}),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errors.New("close-period takes one period, as in close-period 2025")
			}
			s.insertTimeout = closingTimeout
			return s.run(ctx, c.Root().Writer, func(ctx context.Context, p *platform, failed func(error)) error {
				defer failed(nil)
				if err := p.openStore(ctx, p.settings.ClickHouse); err != nil {
					return err
				}
				return p.closePeriod(ctx, by, note, c.Args().First())
			})
		},
	}
}
