package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync/atomic"

	"github.com/urfave/cli/v3"
)

// Flags by what a role works with.
var (
	httpFlags  = append([]string{"listen", "reference-data"}, edgeFlags...)
	filerFlags = []string{"issuer", "max-backlog", "max-backlog-age"}
	keyFlags   = []string{"data", "keys", "demonstration"}
	tokenFlags = []string{"oidc-issuer", "oidc-audience"}
	kafkaFlags = append([]string{"brokers", "partitions", "replication", "retention"}, kafkaSecurityFlags...)
	storeFlags = append([]string{"clickhouse", "demonstration"}, storeSecurityFlags...)
	sinkFlags  = []string{"max-dead-run", "max-dead-ratio"}
	proofFlags = []string{"prove-every"}
	eraseFlags = []string{"personal-retention"}
)

func flagNames(groups ...[]string) []string {
	var names []string
	for _, g := range groups {
		names = append(names, g...)
	}
	return names
}

// starter starts the parts of a role. failed is called by a part that ends by
// itself; failed(nil) ends the role without an error.
type starter func(ctx context.Context, p *platform, failed func(error)) error

// serve runs one or more roles until ctx ends or one of them fails.
func serve(ctx context.Context, s *settings, log *slog.Logger, start starter) (err error) {
	reference, err := s.reference()
	if err != nil {
		return err
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	p, err := newPlatform(s, reference, log)
	if err != nil {
		return err
	}
	defer func() {
		log.Info("stopping")
		err = errors.Join(err, p.close(ctx))
	}()
	if err := start(ctx, p, fail); err != nil {
		return err
	}
	<-ctx.Done()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

func runCommand() *cli.Command {
	flags := flagNames(httpFlags, filerFlags, keyFlags, tokenFlags, kafkaFlags, storeFlags, sinkFlags, proofFlags, eraseFlags, integratorFlags, figuresFlags,
		[]string{"broker-listen", "engine-listen", "engine-library", "demo-load", "demo-seed", "demo-establishments"})
	return role("run", "run everything on one machine", flags, nil,
		func(ctx context.Context, p *platform, failed func(error)) error {
			listener, err := p.listen(ctx)
			if err != nil {
				return err
			}
			if err := p.startBroker(ctx); err != nil {
				return err
			}
			if err := p.ensureTopics(ctx); err != nil {
				return err
			}
			if err := p.openStoreAndKeys(ctx); err != nil {
				return err
			}
			p.startSink(ctx, failed)
			p.startProver(ctx)
			if err := p.startRetention(ctx); err != nil {
				return err
			}
			loads := p.settings.Demonstration && p.settings.DemoLoad
			var loaded *atomic.Bool
			if loads {
				loaded = p.expectDemo()
			}
			gateway := p.openGateway(ctx)
			if err := p.startForwarder(ctx, gateway, failed); err != nil {
				return err
			}
			if err := p.startServer(ctx, listener, gateway, true, failed); err != nil {
				return err
			}
			if loads {
				p.startLoader(ctx, listener.Addr().String(), loaded, failed)
			}
			return nil
		})
}

func gatewayCommand() *cli.Command {
	return role("gateway", "take in reports over HTTP", flagNames(httpFlags, filerFlags, keyFlags, tokenFlags, kafkaFlags, storeFlags, eraseFlags), []string{"brokers", "clickhouse"},
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
			if err := p.startRetention(ctx); err != nil {
				return err
			}
			return p.startServer(ctx, listener, p.openGateway(ctx), false, failed)
		})
}

func sinkCommand() *cli.Command {
	c := role("sink", "carry reports from Kafka into the store", flagNames(httpFlags, kafkaFlags, storeFlags, sinkFlags, proofFlags, []string{"keys"}), []string{"brokers", "clickhouse"},
		func(ctx context.Context, p *platform, failed func(error)) error {
			listener, err := p.listen(ctx)
			if err != nil {
				return err
			}
			if err := p.ensureTopics(ctx); err != nil {
				return err
			}
			if err := p.openStore(ctx, p.settings.ClickHouse); err != nil {
				return err
			}
			// A sink seals nothing. With keys it knows the token, asks for it at /metrics
			// and answers /v1/proof to who has it.
			if p.settings.Keys != "" {
				if err := p.openKeys(); err != nil {
					return err
				}
			}
			p.startSink(ctx, failed)
			p.startProver(ctx)
			return p.startServer(ctx, listener, nil, false, failed)
		})
	c.Commands = []*cli.Command{epochCommand()}
	return c
}

func apiCommand() *cli.Command {
	return role("api", "serve indicators, attainment and the page over HTTP", flagNames(httpFlags, keyFlags, tokenFlags, storeFlags, figuresFlags, []string{"issuer"}), []string{"clickhouse"},
		func(ctx context.Context, p *platform, failed func(error)) error {
			listener, err := p.listen(ctx)
			if err != nil {
				return err
			}
			if err := p.openStoreAndKeys(ctx); err != nil {
				return err
			}
			return p.startServer(ctx, listener, nil, true, failed)
		})
}

func brokerCommand() *cli.Command {
	return role("broker", "run the embedded broker alone", []string{"data", "broker-listen", "partitions", "retention"}, nil,
		func(ctx context.Context, p *platform, _ func(error)) error { return p.startBroker(ctx) })
}

func engineCommand() *cli.Command {
	return role("engine", "run the embedded ClickHouse engine alone", []string{"data", "engine-listen", "engine-library", "engine-password"}, nil,
		func(ctx context.Context, p *platform, _ func(error)) error {
			dsn, err := p.startEngine(ctx)
			if err != nil {
				return err
			}
			// Unless given, the password is another one at every start; whoever runs
			// the engine alone needs it.
			_, err = fmt.Fprintln(os.Stdout, dsn)
			return err
		})
}

// listen takes the address first, so that a taken port is told before anything starts.
func (p *platform) listen(ctx context.Context) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", p.settings.Listen)
	if err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	p.onClose("listener", func(context.Context) error {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	return l, nil
}

func (p *platform) openStoreAndKeys(ctx context.Context) error {
	dsn, err := p.startEngine(ctx)
	if err != nil {
		return err
	}
	if err := p.openStore(ctx, dsn); err != nil {
		return err
	}
	return p.openKeys()
}
