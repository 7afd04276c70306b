package main

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/api"
	"atvsld/deploy/embedded/broker"
	"atvsld/deploy/embedded/engine"
	"atvsld/ingest/forward"
	"atvsld/ingest/grant"
	"atvsld/ingest/proof"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/seal"
	"atvsld/ingest/sink"
	"atvsld/seeds"
)

// stopTimeout bounds each step of an ordered stop. It is longer than what the
// interface gives to requests in work.
const stopTimeout = 40 * time.Second

// platform is what this process has started, in order; close stops it in the
// opposite one, so that nothing loses what it stands on.
type platform struct {
	settings *settings
	seeds    *seeds.Data
	log      *slog.Logger
	registry *prometheus.Registry
	stops    []stop

	brokers queue.Brokers
	store   *store.Store
	info    store.Info
	grants  *grant.Desk
	keys    *seal.Keys
	// audit is open once something records; auditKey is set with the keys.
	audit    *audit.Writer
	auditKey ed25519.PrivateKey
	signer   *receipt.Signer
	prover   *proof.Prover
	checks   []check
	// certificate is what the interface shows in TLS; nil without.
	certificate *api.Certificate
}

// check is one condition of being ready.
type check struct {
	name string
	do   func(ctx context.Context) error
}

type stop struct {
	name string
	do   func(ctx context.Context) error
}

func newPlatform(s *settings, reference *seeds.Data, log *slog.Logger) (*platform, error) {
	brokers, err := s.connectBrokers()
	if err != nil {
		return nil, err
	}
	p := &platform{settings: s, seeds: reference, log: log, registry: prometheus.NewRegistry(), brokers: brokers}
	p.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return p, nil
}

func (p *platform) onClose(name string, do func(ctx context.Context) error) {
	p.stops = append(p.stops, stop{name, do})
}

// close stops everything and returns what went wrong. It may be called once. ctx
// has usually ended by then; only its values are used.
func (p *platform) close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	for _, s := range slices.Backward(p.stops) {
		ctx, cancel := context.WithTimeout(ctx, stopTimeout)
		p.log.Debug("stopping", "part", s.name)
		if err := s.do(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", s.name, err))
		}
		cancel()
	}
	return errors.Join(errs...)
}

// startBroker starts the embedded broker unless an address was given.
func (p *platform) startBroker(ctx context.Context) error {
	if p.brokers.Given() {
		return nil
	}
	c := broker.Default()
	c.DataDir, c.Addr, c.Logger = filepath.Join(p.settings.Data, "kafka"), p.settings.BrokerListen, p.log
	for _, t := range p.topics() {
		c.Topics = append(c.Topics, broker.Topic{Name: t.Name, Partitions: int32(t.Partitions), Config: t.Config})
	}
	b, err := broker.Open(ctx, c)
	if err != nil {
		return err
	}
	p.brokers = queue.At(b.Addrs()...)
	p.onClose("broker", func(context.Context) error { return b.Close() })
	p.log.Info("embedded broker is up", "brokers", p.brokers.Addrs())
	return nil
}

func (p *platform) topics() []queue.Topic {
	return append(queue.Topics(p.settings.Partitions, p.settings.Retention),
		forward.Topics(p.settings.Integrators, p.settings.Partitions, p.settings.Retention)...)
}

// ensureTopics creates the topics on a broker that is not ours.
func (p *platform) ensureTopics(ctx context.Context) error {
	if len(p.settings.Brokers) == 0 {
		return nil
	}
	return queue.EnsureTopics(ctx, p.brokers, p.topics(), p.settings.Replication)
}

// startEngine starts the embedded engine unless an address was given, and
// returns the address of the store.
func (p *platform) startEngine(ctx context.Context) (string, error) {
	if p.settings.ClickHouse != "" {
		return p.settings.ClickHouse, nil
	}
	c := engine.Default()
	c.DataDir, c.Addr, c.Library, c.Logger = filepath.Join(p.settings.Data, "clickhouse"), p.settings.EngineListen, p.settings.EngineLibrary, p.log
	c.Password = p.settings.EnginePass
	e, err := engine.Open(ctx, c)
	if err != nil {
		return "", err
	}
	p.onClose("engine", e.Close)
	p.log.Info("embedded engine is up", "address", e.Addr())
	return e.DSN(), nil
}

// openStore connects to the store, brings its schema up to date and checks that
// it is of the kind that the settings say.
func (p *platform) openStore(ctx context.Context, dsn string) error {
	c := p.settings.storeConfig(dsn)
	c.WriteConns, c.Seeds = p.settings.Partitions+2, p.seeds
	c.InsertTimeout = cmp.Or(p.settings.insertTimeout, c.InsertTimeout)
	s, err := store.Open(ctx, c)
	if err != nil {
		return err
	}
	p.store, p.grants = s, grant.New(s)
	p.onClose("store", func(context.Context) error { return s.Close() })
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	p.info, err = s.Init(ctx, p.settings.Demonstration)
	p.checks = append(p.checks, check{"store", s.Ping})
	return err
}

func (p *platform) openKeys() error {
	keys, err := seal.Open(p.settings.keysDir())
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	issuer := p.settings.Issuer
	if p.settings.Demonstration {
		// A receipt of made-up data must say so by itself.
		issuer += " (demonstration)"
	}
	p.keys, p.auditKey = keys, keys.AuditKey()
	p.signer, err = receipt.NewSigner(issuer, keys.ReceiptKey(), time.Now)
	return err
}

// startSink runs a sink until close. failed is called if it ends by itself.
func (p *platform) startSink(ctx context.Context, failed func(error)) {
	c := sink.Default()
	c.Brokers, c.Partitions, c.Limits = p.brokers, p.settings.Partitions, p.settings.limits()
	s := sink.New(c, p.store, p.info.Epoch, p.log.With("part", "sink"), p.registry)
	p.checks = append(p.checks, check{"sink", func(context.Context) error { return s.Check() }})
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() {
		err := s.Run(ctx)
		if ctx.Err() == nil {
			failed(fmt.Errorf("sink: %w", err))
			// Told already.
			err = nil
		}
		done <- err
	}()
	p.onClose("sink", func(ctx context.Context) error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}
