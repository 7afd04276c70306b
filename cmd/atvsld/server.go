package main

import (
	"context"
	"fmt"
	"net"

	"atvsld/analytics/indicator"
	"atvsld/analytics/summary"
	"atvsld/api"
	"atvsld/api/identity"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/rebuild"
)

// startServer serves the interface of this process until close: health and
// metrics always, filing with a gateway, figures if reading.
func (p *platform) startServer(ctx context.Context, l net.Listener, gateway *intake.Gateway, reading bool, failed func(error)) error {
	d := api.Deps{
		Gateway: gateway, Keys: p.keys, Seeds: p.seeds, Ready: p.ready,
		Registry: p.registry, Demonstration: p.settings.Demonstration, Version: version(), Log: p.log.With("part", "api"),
	}
	if p.store != nil {
		d.Store, d.Accidents, d.Register, d.Reports, d.FollowUp = p.store, p.store, p.store, p.store, p.store
		d.Persons, d.Erasures = p.store, p.store
		d.DeadLetters = p.openDesk()
		d.Health, d.Grants = p.store, p.grants
	}
	if p.keys != nil {
		if err := p.openAudit(); err != nil {
			return err
		}
		verifier, err := p.openIdentity()
		if err != nil {
			return err
		}
		d.Identity = verifier
		if p.store != nil {
			d.Access = identity.NewDesk(verifier, p.store)
		}
		if d.AuditKeys, err = p.keys.AuditKeys(); err != nil {
			return err
		}
		d.Audit, d.AuditLog = p.audit, p.store
		d.InboxKeys = p.keys.InboxKeys()
	}
	if p.prover != nil {
		d.Prover = p.prover
	}
	if p.signer != nil {
		d.ReceiptKeys = p.signer.JWKS()
	}
	var err error
	if d.Boundaries, err = p.settings.boundaries(p.seeds); err != nil {
		return err
	}
	if reading {
		catalogue, err := indicator.Default()
		if err != nil {
			return fmt.Errorf("catalogue of indicators: %w", err)
		}
		d.Summaries, d.BaseFigures, d.Fates, d.Watermark = summary.New(p.store, d.Seeds), p.store, p.store, p.store
		d.Indicators, err = indicator.New(catalogue, indicator.FromStore(p.store, d.Seeds), d.Seeds)
		if err != nil {
			return fmt.Errorf("indicators: %w", err)
		}
		d.Past = rebuild.NewPast(p.store, p.info.Epoch, p.log.With("part", "earlier moments"))
		p.onClose("earlier moments", d.Past.Close)
	}
	if err := p.openEdges(&d); err != nil {
		return err
	}
	config, err := p.settings.edges()
	if err != nil {
		return err
	}
	server, err := api.New(d, config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() {
		err := server.Run(ctx, l)
		if ctx.Err() == nil {
			failed(fmt.Errorf("interface: %w", err))
		}
		done <- err
	}()
	p.onClose("interface", func(ctx context.Context) error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	p.log.Info("listening", "address", p.ownURL(l.Addr().String()))
	return nil
}

// openDesk makes the place where dead letters are decided on. A process without a
// broker cannot replay them.
func (p *platform) openDesk() *deadletter.Desk {
	var replayer *queue.Replayer
	if p.brokers.Given() {
		replayer = queue.NewReplayer(p.brokers, p.settings.Partitions)
	}
	return deadletter.New(p.store, replayer, p.log.With("part", "dead letters"))
}

// ready runs every check of what this process has started.
func (p *platform) ready(ctx context.Context) []api.Check {
	checks := make([]api.Check, len(p.checks))
	for i, c := range p.checks {
		checks[i] = api.Check{Name: c.name, Err: c.do(ctx)}
	}
	return checks
}
