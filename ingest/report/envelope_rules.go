package report

import "github.com/google/uuid"

// periodicID is also found by [Submission.Identify], because the identifier of a
// household's report can only be computed after stripping.
var periodicID = &RuleInfo{Code: "ENV-025", Severity: Error,
	MessageVI: "Mã report_id của báo cáo định kỳ phải là %s (tính từ loại báo cáo, đơn vị và kỳ).",
	MessageEN: "The report_id of a periodic report must be %s (computed from kind, unit and period).",
	LegalRef:  sourcePlatform, Status: Verified}

const sourcePlatform = "The platform's rules of filing"

var envelopeRules = []rule[Submission]{
	{*periodicID, checkPeriodicID},
}

func checkPeriodicID(c *check, s *Submission) {
	d, known := Lookup(s.Kind)
	if !known || d.Event || s.Content == nil || s.ReportID == uuid.Nil || personalIdentity(s.Content) {
		return
	}
	if want := ReportID(s.Kind, s.Content.Identity()); s.ReportID != want {
		c.hit("/report_id", want)
	}
}

// personalIdentity tells whether a content's identity holds a person's number
// and so cannot be computed before stripping.
func personalIdentity(content Content) bool {
	if m, ok := content.(*Monitoring); ok && m.Body.TaxCode.IsPerson() {
		return true
	}
	return content.header().reporter.TaxCode.IsPerson()
}
