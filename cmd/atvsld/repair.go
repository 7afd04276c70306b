package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/api"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/proof"
)

// repairPath is where a running platform repairs its current tables.
const repairPath = "/v1/proof:repair"

// checkRepair wants to know who decides and why, as long as nothing has been started.
func (v *verification) checkRepair() error {
	if !v.repair {
		if v.decision != (api.DeadLetterDecision{}) {
			return errors.New("--by and --reason go with --repair")
		}
		return nil
	}
	if len(v.onRecord().Wrong()) > 0 {
		return errors.New("--repair needs --by and --reason: they go on record")
	}
	return nil
}

func (v *verification) onRecord() deadletter.Decision {
	return deadletter.Decision{By: v.decision.By, Reason: v.decision.Reason}.Tidy()
}

// repairHere repairs the store at the given address or in the data folder.
func (v *verification) repairHere(ctx context.Context, p *platform, prover *proof.Prover) error {
	if !v.repair {
		return nil
	}
	// The record needs its table.
	if err := p.store.Migrate(ctx); err != nil {
		return err
	}
	decision := v.onRecord()
	a := audit.Act{Operation: "repair", Action: access.RepairStore, By: decision.By, Reason: decision.Reason}
	return p.act(ctx, a, func(ctx context.Context) error {
		done, err := prover.Repair(ctx, decision)
		v.repaired = &done
		return err
	})
}

// askRepair lets a running platform repair itself.
func (v *verification) askRepair(ctx context.Context) error {
	if !v.repair {
		return nil
	}
	client, err := newLetterClient(v.url, v.token())
	if err != nil {
		return err
	}
	client.http.Timeout = 0 // it takes as long as it takes
	var done api.Repaired
	if err := client.ask(ctx, http.MethodPost, client.url+repairPath, v.decision, &done); err != nil {
		return err
	}
	v.repaired = &done.Repaired
	return nil
}

// printRepair tells what a repair came to.
func printRepair(out io.Writer, done *proof.Repaired) error {
	if done == nil {
		return nil
	}
	_, err := fmt.Fprintf(out, "repair %s: %d reports drifted and were stored again, %d are mended, %d cannot be mended so\n\n",
		done.Repair, done.Drifting, done.Mended, done.Remaining)
	return err
}
