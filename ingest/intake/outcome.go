// Package intake is the gateway's core: it takes submissions, checks them,
// takes personal data out, writes them to the log and answers with receipts.
// It knows neither HTTP nor SQL.
package intake

import (
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
)

// Principal is who files. The caller's ID is carried with every report.
type Principal struct {
	access.Caller
	// MayDateBack allows received_at in a submission: only the loader of
	// demonstration data has it.
	MayDateBack bool
	// Unlimited: it files in everybody's name whatever its role and grants, as the
	// operator has set for an integrator.
	Unlimited bool
}

// Item is one submission.
type Item struct {
	// Raw is the JSON document as it came.
	Raw []byte
	// Row is its number in a batch, from 1; 0 for a single submission.
	Row int
	// IdempotencyKey is what the filer named the request, empty if nothing.
	IdempotencyKey string
	// Newest is what the filer takes for the newest revision on file, 0 if he says
	// nothing. Another one makes the submission stale, unless it was filed before.
	Newest uint32
}

// State says what became of a submission.
type State string

// States. Only Accepted comes with a receipt; everything else left nothing behind.
const (
	// Accepted: all in-sync replicas of the log have the report, now or from before.
	Accepted State = "accepted"
	// Unreadable: no JSON document.
	Unreadable State = "unreadable"
	// Refused: understood, and broken rules are listed, all of them.
	Refused State = "refused"
	// Forbidden: the principal may not file for this reporter; what else is wrong with
	// the submission is told with it.
	Forbidden State = "forbidden"
	// Conflict: this report and revision was filed before with other content.
	Conflict State = "conflict"
	// KeyReused: the Idempotency-Key was used for another content.
	KeyReused State = "key_reused"
	// Stale: the revision does not follow the newest one.
	Stale State = "stale"
	// Busy: nothing was written; try again after RetryAfter.
	Busy State = "busy"
	// Unconfirmed: the log did not answer in time; file the very same again.
	Unconfirmed State = "unconfirmed"
	// Failed: a fault of the platform; nothing was written.
	Failed State = "failed"
)

// Against names a revision that a submission was held against.
type Against struct {
	ReportID uuid.UUID
	Revision uint32
}

// Outcome is the answer to one Item.
type Outcome struct {
	Row      int
	State    State
	Kind     report.Kind // empty when unreadable or unknown
	ReportID uuid.UUID
	Revision uint32
	// Replayed: the very same was filed before; nothing new was written.
	Replayed bool
	// Receipt is set when Accepted.
	Receipt *receipt.Signed
	// Findings are errors, warnings and hints; also those of an accepted report.
	Findings []report.Finding
	// Against is the report of the year before that a check looked at, which findings may tell
	// of; nil for none.
	Against *Against
	// Current is the newest revision known, for Conflict and Stale.
	Current uint32
	// RetryAfter is set when trying again can help.
	RetryAfter time.Duration
}
