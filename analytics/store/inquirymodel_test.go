package store_test

import (
	"bytes"
	"slices"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// generated are the measures of what the generator files; tests of their own count the others.
func generated() []string {
	others := []string{
		store.StrictJobWorkers, store.StrictJobWorkersTrained, store.OSHStaff, store.OSHStaffTrained, store.HealthStaff, store.HealthStaffWithTraining,
		store.OSHReports, store.LocalOfficers, store.LocalOfficersTrained, store.LocalOfficerReports,
		store.VictimsEntitled, store.VictimsEntitledPaid, store.InsuranceReportFiles, store.HazardEstablishments, store.HazardEstablishmentsMonitored,
	}
	return slices.DeleteFunc(store.Measures(), func(m string) bool { return slices.Contains(others, m) })
}

// investigation is of an accident that was declared, or of one that was not, with stages in
// any order.
func (g *generator) investigation(on seeds.Date) *report.Investigation {
	news := on.AddDays(g.IntN(3))
	stage := func() seeds.Date {
		if g.IntN(2) == 0 {
			return seeds.Date{}
		}
		return news.AddDays(g.IntN(100))
	}
	i := &report.Investigation{
		AccidentID: report.UUID(g.id()), AccidentOn: on, Province: g.province(), Level: report.ProvinceLevel,
		Reporter: report.Reporter{Type: report.AuthorityReporter, Authority: report.LabourAuthority, Province: g.province()},
		Severity: []report.AccidentSeverity{report.MinorAccident, report.OneSerious, report.SeveralSerious, report.FatalAccident}[g.IntN(4)],
		Stages: report.Stages{NewsReceived: news, Extended: stage(), ExtensionDays: g.Uint32N(70), Examination: stage(), FileReturned: stage(),
			Published: stage(), Closed: stage()},
	}
	if len(g.accident) > 0 && g.IntN(8) > 0 {
		i.AccidentID = report.UUID(g.accident[g.IntN(len(g.accident))])
	}
	return i
}

// inquiredFacts counts a fatal accident, whose declarations are in the order of filing, if
// its investigation ought to be over.
func inquiredFacts(base fact, one *oneCase, files map[report.UUID][]*report.Investigation, today seeds.Date, add func(fact, string, int64)) {
	var names []report.UUID
	for _, d := range one.declarations {
		names = append(names, report.UUID(d.id), d.content.(*report.Accident).AccidentID)
	}
	slices.SortFunc(names, func(a, b report.UUID) int { return bytes.Compare(a[:], b[:]) })
	due, concluded, filed := seeds.Date{}, false, false
	for _, name := range slices.Compact(names) {
		for _, i := range files[name] {
			clock := report.InvestigationClock(report.FatalAccident, i.Stages, today)
			if due.Before(clock.Due) {
				due = clock.Due
			}
			filed = true
			concluded = concluded || clock.State != report.ClockRunning && clock.State != report.ClockOverdue
		}
	}
	if !filed {
		due = seeds.DateOf(one.declarations[0].filed).AddDays(30)
	}
	if due.Before(today) {
		add(base, store.FatalAccidentsDue, 1)
		if concluded {
			add(base, store.FatalAccidentsInvestigated, 1)
		}
	}
}

func investigationFacts(i *report.Investigation, today seeds.Date, add func(fact, string, int64)) {
	base := fact{year: i.AccidentOn.Year(), month: int(i.AccidentOn.Start().Month()), period: "E", province: i.Province}
	clock := report.InvestigationClock(i.Severity, i.Stages, today)
	if !clock.Due.Before(today) || clock.State == report.ClockClosed {
		return
	}
	add(base, store.InvestigationsDue, 1)
	if clock.State == report.ClockInTime {
		add(base, store.InvestigationsInTime, 1)
	}
}
