package main

import (
	"context"
	"fmt"
	"os"

	"github.com/urfave/cli/v3"

	"atvsld/ingest/forward"
	"atvsld/ingest/intake"
	"atvsld/ingest/seal"
)

// integratorFlags are those of the roles that have the integrators' door.
var integratorFlags = []string{"integrators", "integrators-unlimited"}

func forwarderCommand() *cli.Command {
	return role("forwarder", "take in what integrators put into their Kafka topics, and answer them",
		flagNames(httpFlags, filerFlags, keyFlags, kafkaFlags, storeFlags, integratorFlags), []string{"brokers", "clickhouse", "integrators"},
		func(ctx context.Context, p *platform, failed func(error)) error {
			listener, err := p.listen(ctx)
			if err != nil {
				return err
			}
			if err := p.ensureTopics(ctx); err != nil {
				return err
			}
			if err := p.openStoreAndKeys(ctx); err != nil {
				return err
			}
			if err := p.startForwarder(ctx, p.openGateway(ctx), failed); err != nil {
				return err
			}
			return p.startServer(ctx, listener, nil, false, failed)
		})
}

// startForwarder serves the inboxes of the integrators until close; without integrators
// there is nothing to do. failed is called if it ends by itself.
func (p *platform) startForwarder(ctx context.Context, gateway *intake.Gateway, failed func(error)) error {
	if len(p.settings.Integrators) == 0 {
		return nil
	}
	c := forward.Default()
	c.Brokers, c.Integrators, c.Partitions = p.brokers, p.settings.Integrators, p.settings.Partitions
	c.Unlimited = p.settings.Unlimited
	c.Demonstration = p.settings.Demonstration
	f, err := forward.New(c, forward.Deps{Gateway: gateway, Keys: p.keys, Grants: p.grants.Of, Log: p.log.With("part", "forwarder"), Registry: p.registry})
	if err != nil {
		return err
	}
	p.checks = append(p.checks, check{"forwarder", func(context.Context) error { return f.Check() }})
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() {
		err := f.Run(ctx)
		if ctx.Err() == nil {
			failed(fmt.Errorf("forwarder: %w", err))
		}
		done <- err
	}()
	p.onClose("forwarder", func(ctx context.Context) error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return nil
}

// newInboxKeyCommand begins a change of the key to which integrators encrypt.
func newInboxKeyCommand() *cli.Command {
	return role("new-inbox-key", "make a new key for integrators to encrypt to; restart forwarders, then gateways and api", []string{"data", "keys"}, nil,
		func(_ context.Context, p *platform, failed func(error)) error {
			defer failed(nil)
			keys, err := seal.Open(p.settings.keysDir())
			if err != nil {
				return fmt.Errorf("keys: %w", err)
			}
			id, err := keys.NewInboxKey()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(os.Stdout, id)
			return err
		})
}
