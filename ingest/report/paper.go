package report

import (
	"time"

	"atvsld/seeds"
)

// Paper says that a report came on paper and was entered on behalf of who made it. It is
// part of the submission, so that the digest of the receipt covers it.
type Paper struct {
	// ReceivedOn is the day on which the office received the paper: the legal day of
	// receipt, whenever it was entered (Viet Nam's calendar).
	ReceivedOn seeds.Date `json:"received_on" form:"required" doc:"Ngày cơ quan nhận hồ sơ giấy / Day on which the office received the paper"`
	// EnteredBy is the officer who entered it.
	EnteredBy Private `json:"entered_by,omitzero" form:"required,max=200" private:"person" doc:"Cán bộ nhập thay / Officer who entered it"`
	// Reference is what the office's register of incoming papers calls it.
	Reference Private `json:"reference,omitzero" form:"max=200" private:"narrative" doc:"Số đến của hồ sơ giấy / Number in the register of incoming papers"`
}

// ReceivedAt is the legal time of receipt of a paper that is entered at the given time:
// the end of its day, because whatever happened on that day may stand in it, and a paper
// received on the last day of a deadline is in time; but never after it was entered.
func (p *Paper) ReceivedAt(entered time.Time) time.Time {
	end := p.ReceivedOn.Start().AddDate(0, 0, 1).Add(-time.Millisecond)
	if end.After(entered) {
		return entered
	}
	return end
}

var paperForm = formOf[Paper]()

// maxPaperAge is how old a paper may be in days before its filer is asked whether the
// date is meant. No source sets a limit.
const maxPaperAge = 366

// paperRules hold for what is filed on behalf of somebody who reported on paper.
var paperRules = []rule[Submission]{
	{must("ENV-030", sourcePlatform, Verified,
		"Ngày nhận bản giấy (%s) ở sau ngày nhập (%s).",
		"The paper was received on %s, after the day on which it is entered (%s)."), paperPast},
	{must("ENV-031", arithmetic+sourcePlatform, Verified,
		"Ngày nhận bản giấy (%s) trước ngày sự việc hoặc ngày đầu kỳ báo cáo (%s).",
		"The paper was received on %s, before the event or the first day of the period (%s)."), paperAfterEvent},
	{confirm("ENV-032", sourcePlatform, Unverified,
		"Bản giấy nhận từ ngày %s, đã quá %d ngày: kiểm tra lại ngày nhận.",
		"The paper was received on %s, more than %d days ago: check the day of receipt."), paperRecent},
	{must("ENV-033", sourcePlatform, Verified,
		"Không được đặt cả received_at và paper: ngày nhận bản giấy là thời điểm nhận.",
		"received_at and paper exclude each other: the day of the paper is the time of receipt."), paperAlone},
}

// paper returns the paper of a submission if its day was read.
func (c *check) paper(s *Submission) (*Paper, bool) {
	return s.Paper, s.Paper != nil && !s.Paper.ReceivedOn.IsZero() && !c.broken("/paper/received_on")
}

// entered is the day on which a paper is entered.
func (c *check) entered() seeds.Date { return seeds.DateOf(c.ctx.Now) }

func paperPast(c *check, s *Submission) {
	if p, ok := c.paper(s); ok && p.ReceivedOn.After(c.entered()) {
		c.hit("/paper/received_on", p.ReceivedOn, ours{c.entered()})
	}
}

func paperAfterEvent(c *check, s *Submission) {
	p, ok := c.paper(s)
	if !ok || s.Content == nil {
		return
	}
	h := s.Content.header()
	first := h.eventDate
	if first.IsZero() && h.period != nil && h.period.Valid() {
		first = seeds.MustDate(h.period.Year(), time.January, 1)
	}
	if !first.IsZero() && p.ReceivedOn.Before(first) {
		c.hit("/paper/received_on", p.ReceivedOn, first)
	}
}

func paperRecent(c *check, s *Submission) {
	p, ok := c.paper(s)
	if ok && c.entered().DaysSince(p.ReceivedOn) > maxPaperAge {
		c.hit("/paper/received_on", p.ReceivedOn, ours{maxPaperAge})
	}
}

func paperAlone(c *check, s *Submission) {
	if s.Paper != nil && !s.ReceivedAt.IsZero() {
		c.hit("/received_at")
	}
}
