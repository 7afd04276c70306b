package report

import (
	"atvsld/seeds"
)

// Status of a rule's source.
const (
	// Verified: read in the text or in an official or legal summary.
	Verified = "V"
	// Secondary: press or a secondary copy.
	Secondary = "S"
	// Unverified: no source was found; such a rule never refuses a report.
	Unverified = "UNVERIFIED"
)

// RuleInfo is what the catalogue of rules tells about one rule. Codes are
// stable: a code is never given to another rule.
type RuleInfo struct {
	Code string `json:"code"`
	// Kind is "" for the rules that hold for every kind.
	Kind        Kind     `json:"kind,omitempty"`
	Severity    Severity `json:"severity"`
	Acknowledge bool     `json:"acknowledge,omitempty"`
	// ValidFrom and ValidTo bound the days the rule holds for, inclusive: the
	// day of an event, the last day of a period. Zero is open.
	ValidFrom seeds.Date `json:"valid_from,omitzero"`
	ValidTo   seeds.Date `json:"valid_to,omitzero"`
	// MessageVI and MessageEN are templates in the syntax of fmt.
	MessageVI string `json:"message_vi"`
	MessageEN string `json:"message"`
	LegalRef  string `json:"legal_ref"`
	Status    string `json:"status"`
}

// rule is one rule on a T: a pure function that reports where it is broken.
type rule[T any] struct {
	RuleInfo
	check func(c *check, r *T)
}

// apply runs the rules that are in force on the day of the report.
func apply[T any](c *check, rules []rule[T], r *T) {
	for i := range rules {
		c.rule = &rules[i].RuleInfo
		if c.inForce() {
			rules[i].check(c, r)
		}
	}
}
