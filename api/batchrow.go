package api

import (
	"net/http"

	"github.com/google/uuid"

	"atvsld/ingest/intake"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
)

// BatchRow is the answer to one row of a batch.
type BatchRow struct {
	Row             int              `json:"row" doc:"Line number in the batch, from 1; blank lines count"`
	Status          int              `json:"status" doc:"The status that the row would have had alone"`
	State           string           `json:"state" enum:"accepted,unreadable,refused,forbidden,conflict,key_reused,stale,busy,unconfirmed,failed,too_large"`
	ReportID        *uuid.UUID       `json:"report_id,omitzero"`
	Revision        uint32           `json:"revision,omitzero"`
	CurrentRevision uint32           `json:"current_revision,omitzero" doc:"Newest revision on file"`
	Replayed        bool             `json:"replayed,omitzero" doc:"The very same was filed before"`
	RetryAfter      int              `json:"retry_after,omitzero" doc:"Seconds after which trying again can help"`
	Receipt         *receipt.Signed  `json:"receipt,omitempty"`
	Warnings        []report.Finding `json:"warnings,omitempty"`
	Errors          []report.Finding `json:"errors,omitempty"`
}

// BatchEnd is the last line of an answer. Without it the stream broke off.
type BatchEnd struct {
	Summary *BatchSummary `json:"summary,omitempty"`
	// Error stands in its place when the rest of the batch could not be read or the
	// platform stops.
	Error *Problem `json:"error,omitempty"`
}

// BatchSummary counts the rows by state.
type BatchSummary struct {
	Rows          int            `json:"rows"`
	Accepted      int            `json:"accepted" doc:"Rows with a receipt, replayed ones included"`
	Replayed      int            `json:"replayed"`
	Failed        int            `json:"failed" doc:"Rows without a receipt"`
	States        map[string]int `json:"states"`
	DryRun        bool           `json:"dry_run"`
	Demonstration bool           `json:"demonstration"`
}

// stateTooLarge is of a row that the gateway never saw.
const stateTooLarge intake.State = "too_large"

func rowOf(out intake.Outcome) BatchRow {
	row := BatchRow{Row: out.Row, State: string(out.State), Revision: out.Revision, CurrentRevision: out.Current, Replayed: out.Replayed}
	if out.ReportID != uuid.Nil {
		row.ReportID = &out.ReportID
	}
	if out.State == intake.Accepted {
		row.Status, row.Receipt, row.Warnings = http.StatusAccepted, out.Receipt, bounded(out.Findings)
		return row
	}
	row.Status, row.Errors = problemOfState(out.State).status, bounded(explained(out))
	row.RetryAfter = int(out.RetryAfter.Seconds())
	return row
}

// maxFindings bounds the findings of one row: a megabyte of rows full of unknown
// members would otherwise be answered with thirty.
const maxFindings = 100

// bounded keeps the worst findings and says how many are left out.
func bounded(findings []report.Finding) []report.Finding {
	left := len(findings) - maxFindings
	if left <= 0 {
		return findings
	}
	worst := listed(findings)
	worstFirst(worst)
	return append(worst[:maxFindings:maxFindings], ruleLeftOut.finding(left, left))
}
