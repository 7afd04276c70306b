package main

import (
	"context"

	"atvsld/ingest/intake"
	"atvsld/ingest/intake/known"
	"atvsld/ingest/queue"
)

// openGateway makes the intake.
func (p *platform) openGateway(ctx context.Context) *intake.Gateway {
	p.checks = append(p.checks, check{"broker", func(ctx context.Context) error { return queue.Reachable(ctx, p.brokers) }})
	producer := queue.NewProducer(p.brokers, queue.DefaultProducer())
	p.onClose("producer", func(context.Context) error { return producer.Close() })
	return intake.New(intake.Deps{
		Keys: p.keys, Signer: p.signer, Producer: producer, Ledger: p.store, Seeds: p.seeds,
		Known: p.startKnown(ctx), Backlog: p.startBacklog(ctx), Past: p.store.Latest,
		Log: p.log.With("part", "gateway"), StatusPath: p.settings.PublicURL + "/v1/reports/",
	})
}

// startKnown builds the known ids and follows the log until close.
func (p *platform) startKnown(ctx context.Context) *known.IDs {
	follower := queue.NewFollower(p.brokers)
	ids := known.New(known.Config{
		Store: p.store, Log: follower, Epoch: p.info.Epoch, Partitions: p.settings.Partitions,
		Logger: p.log.With("part", "gateway"), Registry: p.registry,
	})
	p.goUntilClose(ctx, "known ids", func(ctx context.Context) {
		ids.Run(ctx)
		follower.Close()
	})
	return ids
}

// startBacklog watches until close how far the sinks are behind.
func (p *platform) startBacklog(ctx context.Context) *intake.Backlog {
	look := func(ctx context.Context) ([]queue.Unstored, error) {
		return queue.Backlog(ctx, p.brokers, p.settings.Partitions, p.info.Epoch)
	}
	backlog := intake.NewBacklog(p.settings.backlog(), look, p.log.With("part", "gateway"), p.registry)
	p.goUntilClose(ctx, "backlog", backlog.Run)
	return backlog
}

// goUntilClose runs a part that only its context ends.
func (p *platform) goUntilClose(ctx context.Context, name string, run func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	p.onClose(name, func(ctx context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// backlog gives the bounds of what the log may hold that is not stored.
func (s *settings) backlog() intake.BacklogConfig {
	c := intake.DefaultBacklog(s.Retention)
	c.MaxRecords = s.MaxBacklog
	if s.MaxBacklogAge != 0 {
		c.MaxAge = s.MaxBacklogAge
	}
	return c
}
