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
	// bare and bareVI are the messages with "…" for what came from the filer; empty if
	// nothing did.
	bare, bareVI string
}

// WithoutValues returns the finding for places where nothing of the submission may be
// repeated: a name that stands where a code belongs is a value like any other.
func (f Finding) WithoutValues() Finding {
	f.Value = ""
	if f.bare != "" {
		f.Message, f.MessageVI = f.bare, f.bareVI
	}
	f.bare, f.bareVI = "", ""
	return f
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
