package report

import (
	"time"

	"github.com/google/uuid"
)

// periodicID is also found by [Submission.Identify], because the identifier of a
// household's report can only be computed after stripping.
var periodicID = must("ENV-025", sourcePlatform, Verified,
	"Mã report_id của báo cáo định kỳ phải là %s (tính từ loại báo cáo, đơn vị và kỳ).",
	"The report_id of a periodic report must be %s (computed from kind, unit and period).")

var envelopeRules = []rule[Submission]{
	{must("ENV-020", sourcePlatform, Verified,
		"Báo cáo rút lại không được kèm nội dung.",
		"A withdrawal has no content."), withdrawnEmpty},
	{must("ENV-021", sourcePlatform, Verified,
		"Thiếu nội dung báo cáo (content).",
		"The content of the report is missing."), contentThere},
	{must("ENV-022", sourcePlatform, Verified,
		"Báo cáo sửa đổi hoặc rút lại phải nêu lý do (reason).",
		"An amendment or withdrawal needs a reason."), reasonThere},
	{must("ENV-023", sourcePlatform, Verified,
		"Rút lại phải là lần sửa từ 2 trở lên, nhận được %d.",
		"A withdrawal is revision 2 or higher, %d was given."), withdrawalRevision},
	{must("ENV-024", sourcePlatform, Verified,
		"Sửa đổi báo cáo sự kiện hoặc rút lại báo cáo phải nêu report_id.",
		"To amend the report of an event, or to withdraw any, name its report_id."), reportIDThere},
	{periodicID, periodicIDRight},
	{must("ENV-026", sourcePlatform, Verified,
		"Mã report_id của báo cáo sự kiện phải là UUID phiên bản 7, nhận được phiên bản %d.",
		"The report_id of an event is a UUID of version 7, version %d was given."), eventIDVersion},
	{warn("ENV-027", sourcePlatform, Verified,
		"Thời điểm trong report_id (%s) ở tương lai: kiểm tra đồng hồ của máy gửi.",
		"The time within report_id (%s) lies in the future: check the sender's clock."), eventIDTime},
	{must("ENV-028", sourcePlatform, Verified,
		"Thời điểm nhận (received_at) ở tương lai.",
		"The time of receipt (received_at) lies in the future."), receivedPast},
	{must("ENV-029", sourcePlatform, Verified,
		"Số lần sửa %d vượt quá %d.",
		"Revision %d is beyond %d."), revisionBound},
}

func withdrawnEmpty(c *check, s *Submission) {
	if s.Withdrawn && s.Content != nil {
		c.hit("/withdrawn")
	}
}

func contentThere(c *check, s *Submission) {
	if !s.Withdrawn && s.Content == nil && !c.broken("/kind") {
		c.hit("/content")
	}
}

func reasonThere(c *check, s *Submission) {
	if (s.Revision > 1 || s.Withdrawn) && s.Reason == "" {
		c.hit("/reason")
	}
}

func withdrawalRevision(c *check, s *Submission) {
	if s.Withdrawn && s.Revision < 2 {
		c.hit("/revision", s.Revision)
	}
}

func reportIDThere(c *check, s *Submission) {
	if c.definition != nil && s.ReportID == uuid.Nil && (s.Withdrawn || c.definition.Event && s.Revision > 1) {
		c.hit("/report_id")
	}
}

func periodicIDRight(c *check, s *Submission) {
	if c.definition == nil || c.definition.Event || s.Content == nil || s.ReportID == uuid.Nil {
		return
	}
	// A household's number must be stripped before the identifier is computed,
	// and what is broken in form says nothing about it.
	if s.Content.header().reporter.TaxCode.IsPerson() || c.broken("/content/reporter") || c.broken("/content/period") ||
		c.broken("/content/body") || c.broken("/content/campaign") {
		return
	}
	if want := ReportID(s.Kind, s.Content.Identity()); s.ReportID != want {
		c.hit("/report_id", ours{want})
	}
}

// eventIDVersion looks at the first revision only: a report filed without a
// report_id has one of version 5, made from its Idempotency-Key, and amendments
// name that one.
func eventIDVersion(c *check, s *Submission) {
	if c.definition == nil || !c.definition.Event || s.ReportID == uuid.Nil {
		return
	}
	v := s.ReportID.Version()
	if s.ReportID.Variant() != uuid.RFC4122 || v != 7 && (v != 5 || s.Revision < 2) {
		c.hit("/report_id", int(v))
	}
}

func eventIDTime(c *check, s *Submission) {
	if c.definition == nil || !c.definition.Event || s.ReportID.Version() != 7 {
		return
	}
	var ms int64
	for _, b := range s.ReportID[:6] {
		ms = ms<<8 | int64(b)
	}
	if at := time.UnixMilli(ms); at.After(c.ctx.Now.Add(time.Hour)) {
		c.hit("/report_id", at.In(vietnam).Format(time.RFC3339))
	}
}

func receivedPast(c *check, s *Submission) {
	if s.ReceivedAt.After(c.ctx.Now) {
		c.hit("/received_at")
	}
}

func revisionBound(c *check, s *Submission) {
	if s.Revision > MaxRevision {
		c.hit("/revision", s.Revision, ours{MaxRevision})
	}
}
