package main

import (
	"context"
	"time"

	"atvsld/analytics/audit"
	"atvsld/ingest/seal"
)

// openAudit begins to record what this process shows and does, until close. It comes before
// whatever records, so that it stops after it.
func (p *platform) openAudit() error {
	if p.audit != nil {
		return nil
	}
	var err error
	key := p.auditKey
	if key == nil {
		// A command that needs no other key.
		if key, err = seal.OpenAuditKey(p.settings.keysDir()); err != nil {
			return err
		}
	}
	p.audit = audit.Start(p.store, key, audit.DefaultConfig(), p.log.With("part", "audit"))
	p.onClose("audit log", p.closeAudit)
	return nil
}

// auditTimeout is how long a stop waits for the audit log's last entry: a store that is away
// must not hold the process.
const auditTimeout = 5 * time.Second

// closeAudit closes the chain. One that is left open is no fault of the stop: whoever verifies
// the log is told.
func (p *platform) closeAudit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, auditTimeout)
	defer cancel()
	if err := p.audit.Close(ctx); err != nil {
		p.log.Warn("the audit log of this process has no end", "error", err)
	}
	return nil
}

// act does something to the store that goes on record before it is done, and again when it is.
// If it cannot be recorded nothing is done.
func (p *platform) act(ctx context.Context, a audit.Act, do func(ctx context.Context) error) error {
	if err := p.openAudit(); err != nil {
		return err
	}
	return p.audit.Do(ctx, a, do)
}

// closePeriod freezes the figures of periods, on record.
func (p *platform) closePeriod(ctx context.Context, by, note string, periods ...string) error {
	a := audit.Act{Operation: "close-period", By: by, Reason: note}
	for _, period := range periods {
		a.On = append(a.On, audit.Touch{Kind: audit.Period, ID: period})
	}
	return p.act(ctx, a, func(ctx context.Context) error {
		return p.store.ClosePeriods(ctx, periods, by, note, time.Now())
	})
}
