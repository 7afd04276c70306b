package report

import "slices"

// Severity says what a finding does to a report.
type Severity string

const (
	// Error refuses the report.
	Error Severity = "error"
	// Warning lets the report through; where Acknowledge is set, only after the
	// filer has named the code.
	Warning Severity = "warning"
	// Hint names something that would make the report more useful.
	Hint Severity = "hint"
)

// Finding is one thing that is wrong or doubtful in a submission.
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	// Pointer is an RFC 6901 pointer from the root of the submission.
	Pointer string `json:"pointer"`
	// Row is the index in the nearest list around the pointer, and Column the
	// name of the member within that row.
	Row    *int   `json:"row,omitzero"`
	Column string `json:"column,omitempty"`
	// Value is the offending value, cut short; empty for whatever is personal.
	Value     string `json:"value,omitempty"`
	Message   string `json:"message"`
	MessageVI string `json:"message_vi"`
	LegalRef  string `json:"legal_ref,omitempty"`
	// Acknowledge tells that the warning blocks until its code is acknowledged.
	Acknowledge bool `json:"acknowledge,omitzero"`
}

// Blocking returns the findings that keep the report from being taken: errors,
// and warnings that must be acknowledged and are not.
func Blocking(findings []Finding, acknowledged []string) []Finding {
	var blocking []Finding
	for _, f := range findings {
		if f.Severity == Error || f.Acknowledge && !slices.Contains(acknowledged, f.Code) {
			blocking = append(blocking, f)
		}
	}
	return blocking
}
