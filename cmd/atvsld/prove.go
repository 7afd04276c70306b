package main

import (
	"context"
	"errors"
	"fmt"

	"atvsld/api"
	"atvsld/ingest/proof"
)

// What anybody may read of a proof that fails. What exactly is wrong, the log and atvsld
// verify tell.
const (
	errMissing   = api.PublicError("accepted reports are missing from the store")
	errDuplicate = api.PublicError("messages are stored more than once")
	errDrift     = api.PublicError("figures are not those of the reports")
)

func (p *platform) proofConfig() proof.Config {
	c := proof.Default()
	c.Brokers, c.Partitions = p.brokers, p.settings.Partitions
	if p.settings.ProveEvery > 0 {
		c.Every = p.settings.ProveEvery
	}
	return c
}

// startProver compares log and store until close, unless it is switched off, and makes
// the outcome a condition of being ready.
func (p *platform) startProver(ctx context.Context) {
	prover := proof.New(p.proofConfig(), p.store, p.info.Epoch, p.log.With("part", "proof"))
	p.prover = prover
	if p.settings.ProveEvery == 0 {
		return
	}
	prover.Register(p.registry)
	p.checks = append(p.checks, check{"proof", func(context.Context) error { return publicly(prover.Check()) }})
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		prover.Run(ctx)
	}()
	p.onClose("proof", func(ctx context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// publicly says what is wrong in words that anybody may read: the worst first.
func publicly(err error) error {
	for _, kind := range []struct {
		is    error
		words api.PublicError
	}{{proof.ErrMissing, errMissing}, {proof.ErrDuplicate, errDuplicate}, {proof.ErrDrift, errDrift}} {
		if errors.Is(err, kind.is) {
			return fmt.Errorf("%w: %w", kind.words, err)
		}
	}
	return err
}
