package proof

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"atvsld/analytics/store"
	"atvsld/ingest/deadletter"
)

// Repaired is what a repair of the current tables came to.
type Repaired struct {
	Repair uuid.UUID `json:"repair" doc:"Under this id the reports are on record, if there were any"`
	// Drifting counts the reports that were stored again.
	Drifting uint64 `json:"drifting" doc:"Reports whose current row was not the one that the log of revisions asks for"`
	Mended   uint64 `json:"mended" doc:"Of them right now"`
	// Remaining drift still: the table holds a row that the log of revisions does not ask
	// for, and storing again takes nothing away.
	Remaining uint64        `json:"remaining" doc:"Of them not: the table has a row that the log of revisions does not ask for, which storing again cannot take away"`
	Drifts    []store.Drift `json:"drifts" nullable:"false" doc:"The first of these"`
}

// Repair stores the current row of every report that drifts again, from report_log and
// through the sink's own decoding, planning and inserting. Versions order the rows, so
// that neither a repetition nor a sink at work beside it does harm. Who decided and why
// goes on record first, with the reports. What the log of revisions does not ask for
// stays: it is counted as remaining.
func (p *Prover) Repair(ctx context.Context, by deadletter.Decision) (Repaired, error) {
	by = by.Tidy()
	if wrong := by.Wrong(); len(wrong) > 0 {
		return Repaired{}, fmt.Errorf("%w: repair: %s cannot go on record", ErrRequest, strings.Join(wrong, ", "))
	}
	done, err := p.alone(ctx)
	if err != nil {
		return Repaired{}, fmt.Errorf("repair: %w", err)
	}
	defer done()
	record := store.Repair{ID: uuid.New(), By: by.By, Principal: by.Principal, Reason: by.Reason}
	found := Repaired{Repair: record.ID, Drifts: []store.Drift{}}
	var low uuid.UUID
	for {
		slice, last, err := p.store.Slice(ctx, low, verifySlice)
		if err == nil {
			err = p.repairSlice(ctx, record, slice, &found)
		}
		if err != nil {
			return found, fmt.Errorf("repair: %w", err)
		}
		if last {
			p.log.Warn("current rows were stored again", "repair", found.Repair, "by", by.By, "drifting", found.Drifting, "remaining", found.Remaining)
			return found, nil
		}
		low = slice.Next()
	}
}

// repairSlice goes through the reports of a slice that drift, in the order of their ids.
func (p *Prover) repairSlice(ctx context.Context, record store.Repair, slice store.Scope, found *Repaired) error {
	for {
		total, drifts, err := p.store.Drifting(ctx, p.epoch, slice, p.step)
		if err != nil || len(drifts) == 0 {
			return err
		}
		if err := p.repairStep(ctx, record, idsOf(drifts), found); err != nil {
			return err
		}
		if total == uint64(len(drifts)) {
			return nil
		}
		slice.Low = store.Scope{High: drifts[len(drifts)-1].ReportID}.Next()
	}
}

// repairStep stores reports again and looks at what came of it.
func (p *Prover) repairStep(ctx context.Context, record store.Repair, ids []uuid.UUID, found *Repaired) error {
	if err := p.store.RecordRepair(ctx, record, ids); err != nil {
		return err
	}
	reached, err := p.store.Positions(ctx, p.epoch)
	if err != nil {
		return err
	}
	if err := p.rows().Reports(ctx, p.store, store.Scope{IDs: ids}, reached); err != nil {
		return err
	}
	remaining, drifts, err := p.drift(ctx, store.Scope{IDs: ids})
	if err != nil {
		return err
	}
	found.Drifting += uint64(len(ids))
	found.Mended += uint64(len(ids)) - remaining
	found.Remaining += remaining
	found.Drifts = append(found.Drifts, drifts[:min(len(drifts), listed-len(found.Drifts))]...)
	return nil
}
