package intake

import (
	"context"
	"errors"
	"fmt"

	"atvsld/ingest/fault"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
)

// write puts the accepted drafts into the log.
func (g *Gateway) write(ctx context.Context, by Principal, drafts []*draft) {
	var events []queue.Event
	var written []*draft
	for _, d := range drafts {
		if !d.write {
			continue
		}
		e, err := g.event(by, d)
		if errors.Is(err, seal.ErrKeyDestroyed) {
			g.giveUp(d, Refused)
			d.out.Findings, d.out.RetryAfter = append(d.out.Findings, ruleErased.finding("", d.facts.StatYear, d.facts.StatYear)), 0
			continue
		}
		if err != nil {
			g.Log.Error("sealing a report", "report_id", d.submission.ReportID, "error", err)
			g.giveUp(d, Busy)
			continue
		}
		events = append(events, e)
		written = append(written, d)
	}
	if len(events) == 0 {
		return
	}
	fault.At(fault.GatewayBeforeWrite)
	answers := g.Producer.Produce(ctx, events)
	fault.At(fault.GatewayAfterWrite)
	for i, err := range answers {
		d := written[i]
		switch {
		case err == nil:
			g.finish(d, kept)
		case errors.Is(err, queue.ErrUnconfirmed):
			g.Log.Warn("a report is unconfirmed", "report_id", d.submission.ReportID, "error", err)
			g.finish(d, unsure)
			d.out.State, d.out.RetryAfter = Unconfirmed, retryBusy
		case errors.Is(err, queue.ErrTooLarge), errors.Is(err, queue.ErrRefused):
			// It would be refused again: asking the filer to come back would be a lie.
			g.Log.Error("the log refuses a report", "report_id", d.submission.ReportID, "error", err)
			g.giveUp(d, Failed)
			d.out.Findings, d.out.RetryAfter = append(d.out.Findings, ruleInternal.finding("")), 0
		default:
			g.Log.Warn("a report was not written", "report_id", d.submission.ReportID, "error", err)
			g.giveUp(d, Busy)
		}
	}
}

// finish ends the way of a draft to the log. The known ids get what the log has or may
// have, before the memory lets go of it; of what it surely has not they must not speak,
// or the store would be asked about a report that nobody has filed.
func (g *Gateway) finish(d *draft, r result) {
	if g.Known != nil && r != nothing {
		g.Known.Add(d.submission.ReportID, d.requestID)
	}
	g.memory.finish(d.submission.ReportID, d.submission.Revision, d.requestID, r)
}

// giveUp takes back a draft of which nothing reached the log.
func (g *Gateway) giveUp(d *draft, state State) {
	g.finish(d, nothing)
	d.out.State, d.out.RetryAfter = state, retryBusy
}

func (g *Gateway) event(by Principal, d *draft) (queue.Event, error) {
	s := d.submission
	e := queue.Event{
		ReportID: s.ReportID, Revision: s.Revision, Kind: s.Kind, Withdrawn: s.Withdrawn,
		StatYear: d.facts.StatYear, Period: d.facts.Period, Unit: d.facts.Unit,
		SubmittedBy: by.ID, FiledAt: d.filedAt, ReceivedAt: d.receivedAt, SHA256: d.mark,
		Tracking: receipt.Tracking(s.ReportID, s.Revision, d.mark), RequestID: d.requestID,
		RulesVersion: report.RulesVersion, Content: d.content, EnteredAt: d.enteredAt,
	}
	for _, f := range d.out.Findings {
		if f.Severity == report.Warning {
			e.Warnings = append(e.Warnings, f.Code)
		}
	}
	// The key of the year that the report counts for, and of what is kept as long as its
	// kind: it is the same for every revision, so destroying it erases the whole report's
	// personal text.
	retention, known := g.Seeds.Retention(string(d.facts.Kind))
	if !known {
		return e, fmt.Errorf("no retention class for kind %s", d.facts.Kind)
	}
	slot := seal.Slot{Year: d.facts.StatYear, Class: retention.Class}
	var err error
	e.Sealed, e.SealedKey, err = g.Keys.Seal(slot, report.Pack(d.item.Raw, d.content, d.private), seal.AAD(s.ReportID, s.Revision))
	return e, err
}

// sign gives receipts to what is kept now.
func (g *Gateway) sign(drafts []*draft) error {
	var claims []receipt.Receipt
	var kept []*draft
	for _, d := range drafts {
		if d.out.State != "" {
			continue
		}
		s := d.submission
		claim := receipt.New(s.ReportID, s.Revision, string(d.facts.Kind), d.receivedAt, d.mark, d.sha, g.StatusPath+s.ReportID.String())
		if s.Paper != nil {
			claim.PaperReceivedOn = s.Paper.ReceivedOn.String()
		}
		claims = append(claims, claim)
		kept = append(kept, d)
	}
	if len(claims) == 0 {
		return nil
	}
	signed, err := g.signed(claims)
	if err != nil {
		return fmt.Errorf("sign %d receipts: %w", len(claims), err)
	}
	for i, d := range kept {
		d.out.State, d.out.Receipt = Accepted, &signed[i]
	}
	return nil
}

// signed gives a chunk a signature of its own; who files alone shares one.
func (g *Gateway) signed(claims []receipt.Receipt) ([]receipt.Signed, error) {
	if len(claims) > 1 {
		return g.Signer.Sign(claims)
	}
	one, err := g.Signer.SignShared(claims[0])
	return []receipt.Signed{one}, err
}
