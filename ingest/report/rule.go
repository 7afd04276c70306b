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
	// Arithmetic is what the rule asks of the numbers, where that is all it asks.
	Arithmetic *Arithmetic `json:"arithmetic,omitzero"`
}

// rule is one rule on a T: a pure function that reports where it is broken, or none
// where the rule is arithmetic.
type rule[T any] struct {
	RuleInfo
	check func(c *check, r *T)
}

// apply runs the rules that are in force on the day of the report.
func apply[T any](c *check, rules []rule[T], r *T) {
	for i := range rules {
		c.rule = &rules[i].RuleInfo
		if rules[i].check != nil && c.inForce() {
			rules[i].check(c, r)
		}
	}
}

// must makes a rule whose breach refuses the report.
func must(code, legalRef, status, vi, en string) RuleInfo {
	return RuleInfo{Code: code, Severity: Error, LegalRef: legalRef, Status: status, MessageVI: vi, MessageEN: en}
}

// warn makes a rule whose breach is stored with the report.
func warn(code, legalRef, status, vi, en string) RuleInfo {
	return RuleInfo{Code: code, Severity: Warning, LegalRef: legalRef, Status: status, MessageVI: vi, MessageEN: en}
}

// confirm makes a warning that must be acknowledged.
func confirm(code, legalRef, status, vi, en string) RuleInfo {
	r := warn(code, legalRef, status, vi, en)
	r.Acknowledge = true
	return r
}

// suggest makes a hint.
func suggest(code, legalRef, status, vi, en string) RuleInfo {
	return RuleInfo{Code: code, Severity: Hint, LegalRef: legalRef, Status: status, MessageVI: vi, MessageEN: en}
}

// Sources that many rules share.
const (
	sourcePlatform = "The platform's rules of filing"
	sourceLaw34    = "Law 84/2015/QH13 Art. 34(1)"
	sourceDecree9  = "Decree 39/2016/ND-CP Art. 9"
	sourceAnnex2   = "Decree 39/2016/ND-CP Annex II"
	sourceAnnex3   = "Decree 39/2016/ND-CP Art. 10, Annex III"
	sourceAnnex12  = "Decree 39/2016/ND-CP Art. 24(1), Annex XII"
	sourceCommune  = "Law 84/2015/QH13 Art. 36; Decree 39/2016/ND-CP Art. 24"
	sourceDisease  = "Law 84/2015/QH13 Art. 37(2)"
	sourceMonitor  = "Law 84/2015/QH13 Art. 18(2); Decree 44/2016/ND-CP Art. 33-45"
	sourceProvince = "Resolution 202/2025/QH15; Decision 19/2025/QD-TTg; Decision 124/2004/QD-TTg"
	sourceVSIC     = "Decision 27/2018/QD-TTg; Decision 36/2025/QD-TTg"
	sourceTaxCode  = "Tax-code structure and check digit (mã số thuế)"
	sourceCitizen  = "Structure of the citizen number (CCCD)"
	arithmetic     = "arithmetic; "
)
