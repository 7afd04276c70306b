package report

import "atvsld/seeds"

// sourceLaw35 is on investigations and their limits.
const sourceLaw35 = "Law 84/2015/QH13 Art. 35"

// AccidentSeverity is the severity of an accident as a whole. It chooses the limit of
// the investigation.
type AccidentSeverity string

// The severities of an accident (Decree 39/2016/ND-CP Art. 9; Law 84/2015/QH13 Art. 35(6)).
const (
	MinorAccident  AccidentSeverity = "minor"
	OneSerious     AccidentSeverity = "one_serious"
	SeveralSerious AccidentSeverity = "several_serious"
	FatalAccident  AccidentSeverity = "fatal"
)

// SeverityOf is the severity of an accident by its dead and seriously injured.
func SeverityOf(dead, serious int) AccidentSeverity {
	switch {
	case dead > 0:
		return FatalAccident
	case serious > 1:
		return SeveralSerious
	case serious == 1:
		return OneSerious
	}
	return MinorAccident
}

// Declarable tells whether an accident is declared at once, investigated by the province
// and told to the ministry in a quick report: fatal, or two or more seriously injured (Law
// 84/2015/QH13 Art. 34(1)(b), 35(3), 36).
func (s AccidentSeverity) Declarable() bool { return s == FatalAccident || s == SeveralSerious }

// limits in days, Law 84/2015/QH13 Art. 35(6).
var limits = map[AccidentSeverity]int{MinorAccident: 4, OneSerious: 7, SeveralSerious: 20, FatalAccident: 30}

// examinedLimit in days, Art. 35(6)(d): accidents that need a technical or forensic
// examination, whatever their severity.
const examinedLimit = 60

// ClockState says how an investigation stands.
type ClockState string

// The states. Closed is an investigation that ended without a published record.
const (
	ClockRunning   ClockState = "running"
	ClockOverdue   ClockState = "overdue"
	ClockInTime    ClockState = "published_in_time"
	ClockLate      ClockState = "published_late"
	ClockClosed    ClockState = "closed"
	ClockUndefined ClockState = "" // no severity, or no news
)

// ClockStates lists the states that an investigation can be in.
func ClockStates() []ClockState {
	return []ClockState{ClockRunning, ClockOverdue, ClockInTime, ClockLate, ClockClosed}
}

// Clock is the limit of an investigation and how it stands.
type Clock struct {
	State ClockState
	// Start is the day from which the limit runs; Due the last day in time.
	Start, Due seeds.Date
	// LimitDays is the limit of the law, ExtensionDays what was added to it.
	LimitDays, ExtensionDays int
	// DaysLeft counts from today, or from the end of the investigation, to Due; negative
	// when it is passed.
	DaysLeft int
}

// InvestigationClock tells how an investigation stands on a day (Law 84/2015/QH13 Art.
// 35(6)): 4 days for a minor accident, 7 for one seriously injured, 20 for two or more,
// 30 for a fatal one, 60 with a technical or forensic examination, from the receipt of
// the news to the publication of the record. One extension of at most the same length
// is possible, not for a minor accident: what goes beyond that is not counted.
//
// A file that comes back after a dropped criminal case starts the limit anew. Two
// readings of ours, for which no source was found (UNVERIFIED): the day of receipt
// itself is not counted, and an extension decided before the file came back is not
// carried over.
func InvestigationClock(severity AccidentSeverity, s Stages, today seeds.Date) Clock {
	limit, known := limits[severity]
	if !known || s.NewsReceived.IsZero() {
		return Clock{}
	}
	if !s.Examination.IsZero() {
		limit = examinedLimit
	}
	c := Clock{Start: s.start(), LimitDays: limit}
	if severity != MinorAccident && !s.Extended.IsZero() && !s.Extended.Before(c.Start) {
		c.ExtensionDays = min(int(min(s.ExtensionDays, examinedLimit)), limit)
	}
	c.Due = c.Start.AddDays(c.LimitDays + c.ExtensionDays)
	c.State, c.DaysLeft = c.stand(s, today)
	return c
}

// start is the day from which the limit runs.
func (s *Stages) start() seeds.Date {
	if s.FileReturned.After(s.NewsReceived) {
		return s.FileReturned
	}
	return s.NewsReceived
}

func (c *Clock) stand(s Stages, today seeds.Date) (ClockState, int) {
	ended := func(day seeds.Date) bool { return !day.IsZero() && !day.Before(c.Start) }
	switch {
	case ended(s.Published) && s.Published.After(c.Due):
		return ClockLate, c.Due.DaysSince(s.Published)
	case ended(s.Published):
		return ClockInTime, c.Due.DaysSince(s.Published)
	case ended(s.Closed):
		return ClockClosed, c.Due.DaysSince(s.Closed)
	case today.After(c.Due):
		return ClockOverdue, c.Due.DaysSince(today)
	}
	return ClockRunning, c.Due.DaysSince(today)
}
