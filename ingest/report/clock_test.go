package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

func date(t *testing.T, text string) seeds.Date {
	t.Helper()
	if text == "" {
		return seeds.Date{}
	}
	d, err := seeds.ParseDate(text)
	require.NoError(t, err)
	return d
}

// Every case of Law 84/2015/QH13 Art. 35(6). The news of all of them arrives on 3 March 2025.
func TestInvestigationClock(t *testing.T) {
	type stages struct {
		extended              string
		days                  uint32
		examined, returned    string
		published, closed, at string // at: today
	}
	f := func(name string, severity report.AccidentSeverity, s stages, due string, state report.ClockState, left int) {
		t.Helper()
		clock := report.InvestigationClock(severity, report.Stages{
			NewsReceived: date(t, "2025-03-03"), Extended: date(t, s.extended), ExtensionDays: s.days, Examination: date(t, s.examined),
			FileReturned: date(t, s.returned), Published: date(t, s.published), Closed: date(t, s.closed)}, date(t, s.at))
		require.Equal(t, due, clock.Due.String(), name)
		require.Equal(t, state, clock.State, name)
		require.Equal(t, left, clock.DaysLeft, name)
	}
	f("minor: 4 days", report.MinorAccident, stages{at: "2025-03-07"}, "2025-03-07", report.ClockRunning, 0)
	f("the day after", report.MinorAccident, stages{at: "2025-03-08"}, "2025-03-07", report.ClockOverdue, -1)
	f("one serious: 7 days", report.OneSerious, stages{at: "2025-03-03"}, "2025-03-10", report.ClockRunning, 7)
	f("several serious: 20 days", report.SeveralSerious, stages{at: "2025-03-03"}, "2025-03-23", report.ClockRunning, 20)
	f("fatal: 30 days", report.FatalAccident, stages{at: "2025-03-03"}, "2025-04-02", report.ClockRunning, 30)
	f("examination: 60 days", report.FatalAccident, stages{examined: "2025-03-10", at: "2025-04-10"}, "2025-05-02", report.ClockRunning, 22)
	f("examination of one serious, too", report.OneSerious, stages{examined: "2025-03-10", at: "2025-04-10"}, "2025-05-02", report.ClockRunning, 22)

	f("extended by part of the limit", report.SeveralSerious, stages{extended: "2025-03-20", days: 5, at: "2025-03-24"}, "2025-03-28", report.ClockRunning, 4)
	f("by the same length", report.OneSerious, stages{extended: "2025-03-09", days: 7, at: "2025-03-24"}, "2025-03-17", report.ClockOverdue, -7)
	f("more is not counted", report.OneSerious, stages{extended: "2025-03-09", days: 700, at: "2025-03-10"}, "2025-03-17", report.ClockRunning, 7)
	f("fatal, by 30", report.FatalAccident, stages{extended: "2025-04-01", days: 30, at: "2025-04-10"}, "2025-05-02", report.ClockRunning, 22)
	f("with an examination by 60", report.FatalAccident, stages{examined: "2025-03-10", extended: "2025-05-01", days: 60, at: "2025-05-10"}, "2025-07-01", report.ClockRunning, 52)
	f("minor never", report.MinorAccident, stages{extended: "2025-03-05", days: 4, at: "2025-03-08"}, "2025-03-07", report.ClockOverdue, -1)
	f("days without a decision", report.OneSerious, stages{days: 7, at: "2025-03-11"}, "2025-03-10", report.ClockOverdue, -1)

	f("published on the last day", report.FatalAccident, stages{published: "2025-04-02", at: "2026-01-01"}, "2025-04-02", report.ClockInTime, 0)
	f("a day late", report.FatalAccident, stages{published: "2025-04-03", at: "2026-01-01"}, "2025-04-02", report.ClockLate, -1)
	f("published, then closed", report.FatalAccident, stages{published: "2025-03-30", closed: "2025-04-20", at: "2026-01-01"}, "2025-04-02", report.ClockInTime, 3)
	f("closed without publication", report.FatalAccident, stages{closed: "2025-03-20", at: "2026-01-01"}, "2025-04-02", report.ClockClosed, 13)

	f("the file came back", report.FatalAccident, stages{returned: "2025-09-01", at: "2025-09-11"}, "2025-10-01", report.ClockRunning, 20)
	f("closed for the criminal case, and running again", report.FatalAccident, stages{closed: "2025-03-20", returned: "2025-09-01", at: "2025-10-03"}, "2025-10-01", report.ClockOverdue, -2)
	f("and published in time", report.FatalAccident, stages{returned: "2025-09-01", published: "2025-09-30", at: "2026-01-01"}, "2025-10-01", report.ClockInTime, 1)
	f("an extension from before is gone", report.FatalAccident, stages{extended: "2025-04-01", days: 30, returned: "2025-09-01", at: "2025-09-11"}, "2025-10-01", report.ClockRunning, 20)
	f("a new one counts", report.FatalAccident, stages{extended: "2025-09-20", days: 10, returned: "2025-09-01", at: "2025-09-11"}, "2025-10-11", report.ClockRunning, 30)

	require.Equal(t, report.Clock{}, report.InvestigationClock("", report.Stages{NewsReceived: date(t, "2025-03-03")}, date(t, "2025-03-03")))
	require.Equal(t, report.Clock{}, report.InvestigationClock(report.FatalAccident, report.Stages{}, date(t, "2025-03-03")))
}

func TestSeverityOfAnAccident(t *testing.T) {
	f := func(dead, serious int, want report.AccidentSeverity, declarable bool) {
		t.Helper()
		require.Equal(t, want, report.SeverityOf(dead, serious))
		require.Equal(t, declarable, want.Declarable())
	}
	f(0, 0, report.MinorAccident, false)
	f(0, 1, report.OneSerious, false)
	f(0, 2, report.SeveralSerious, true)
	f(1, 0, report.FatalAccident, true)
	f(2, 5, report.FatalAccident, true)
}
