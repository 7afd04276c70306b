package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/analytics/obligation"
	"atvsld/seeds"
)

// How many registered units owe a report of a period, how many of them reported, and how
// many of those in time, as obligation.Owed.Assess tells it of each unit: exempt ones are
// left out unless they filed, and a branch reported if its parent's report names it. A
// report of somebody who is not registered, or does not owe it, counts nowhere here. Units
// are counted where their head office was on the last day of the period, in the section
// they are registered in. Nothing is due before the period is over.
const (
	EstablishmentsDue = "establishments_due" // Annex XII
	ReportsOfDue      = "reports_of_due"
	ReportsOnTime     = "reports_on_time"

	CommunesDue          = "communes_due"
	CommuneReportsOfDue  = "commune_reports_of_due"
	CommuneReportsOnTime = "commune_reports_on_time" // 0 while the law gives no day

	ClinicsDue          = "clinics_due" // Annex XVIII
	ClinicReportsOfDue  = "clinic_reports_of_due"
	ClinicReportsOnTime = "clinic_reports_on_time"

	DiseaseReportersDue  = "disease_reporters_due"
	DiseaseReportsOfDue  = "disease_reports_of_due"
	DiseaseReportsOnTime = "disease_reports_on_time" // as of communes

	MonitoringDue    = "monitoring_due" // establishments with harmful factors
	MonitoringOfDue  = "monitoring_of_due"
	MonitoringOnTime = "monitoring_on_time" // as of communes
)

// DueMeasures names the measures of a kind of report that is owed.
type DueMeasures struct{ Kind, Due, Reported, OnTime string }

// Dues returns the kinds of report whose reporters are counted, in a fixed order.
func Dues() []DueMeasures {
	return []DueMeasures{
		{"annex_xii", EstablishmentsDue, ReportsOfDue, ReportsOnTime},
		{"commune_report", CommunesDue, CommuneReportsOfDue, CommuneReportsOnTime},
		{"clinic_report", ClinicsDue, ClinicReportsOfDue, ClinicReportsOnTime},
		{"disease_report", DiseaseReportersDue, DiseaseReportsOfDue, DiseaseReportsOnTime},
		{"monitoring_report", MonitoringDue, MonitoringOfDue, MonitoringOnTime},
	}
}

func (d DueMeasures) holds(measure string) bool {
	return measure == d.Due || measure == d.Reported || measure == d.OnTime
}

func isDue(measure string) bool {
	return slices.ContainsFunc(Dues(), func(d DueMeasures) bool { return d.holds(measure) })
}

func dueColumns() []column {
	var columns []column
	for _, d := range Dues() {
		of := ", kind = '" + d.Kind + "')"
		columns = append(columns,
			column{d.Due, "", "sumIf(due" + of, nil},
			column{d.Reported, "", "sumIf(reported" + of, nil},
			column{d.OnTime, "", "sumIf(in_time" + of, nil})
	}
	return columns
}

// owing is what the law asks for of what is counted: the kinds of report, and the reports
// on the periods.
type owing struct {
	kinds   []kindOwner
	reports []obligation.Owed
}

// owingOf returns what measures need of the years and parts of a year, as far as they are
// over today.
func owingOf(data *seeds.Data, measures []string, from, to int, periodTypes []string, today seeds.Date) owing {
	var all owing
	asked := func(kind string) bool {
		return slices.ContainsFunc(Dues(), func(d DueMeasures) bool {
			return d.Kind == kind && slices.ContainsFunc(measures, d.holds)
		})
	}
	for _, o := range data.Obligations() {
		if one := ownerOf(o); asked(o.Kind) && !slices.Contains(all.kinds, one) {
			all.kinds = append(all.kinds, one)
		}
	}
	if len(all.kinds) == 0 {
		return all
	}
	for year := from; year <= min(to, today.Year()); year++ {
		for _, o := range obligation.Of(data, year) {
			if asked(o.Kind) && slices.Contains(periodTypes, o.PeriodType) && o.Last.Before(today) {
				all.reports = append(all.reports, o)
			}
		}
	}
	return all
}

// knowable leaves out measures that are 0 everywhere: while nobody is registered, nothing is
// due, and whoever keeps no register does not pay for looking.
func (s *Store) knowable(ctx context.Context, measures []string) ([]string, error) {
	if s.registered.Load() || !slices.ContainsFunc(measures, isDue) {
		return measures, nil
	}
	err := each(ctx, s.read, "SELECT count() > 0 FROM registration", nil, func(rows driver.Rows) error {
		var held bool
		err := rows.Scan(&held)
		s.registered.Store(held)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for a register: %w", err)
	}
	if s.registered.Load() {
		return measures, nil
	}
	return slices.DeleteFunc(slices.Clone(measures), isDue), nil
}

// SetPresent lets a copy of an earlier state take its moment for the present: of what was due
// later it knows nothing. It is called before anything is asked.
func (s *Store) SetPresent(at time.Time) { s.present = at }

// Today is the day that tells which periods are over.
func (s *Store) Today() seeds.Date {
	if s.present.IsZero() {
		return seeds.DateOf(time.Now())
	}
	return seeds.DateOf(s.present)
}

// periodTypes of a span: of the second half-year nothing is owed.
var periodTypes = map[Span][]string{Year: {seeds.PeriodYear}, FirstHalf: {seeds.PeriodHalf}}

// bind adds the parameters of due.sql and of the files it shares with obliged.sql.
func (o owing) bind(p parameters) {
	if len(o.kinds) == 0 {
		return
	}
	n := len(o.reports)
	names, kinds, types, conditions := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	periods, firsts, lasts, befores := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	years := make([]uint16, n)
	for i, r := range o.reports {
		names[i], kinds[i], types[i], conditions[i] = r.Kind+" "+r.Period, r.Kind, r.ReporterType, r.Condition
		years[i], periods[i] = uint16(r.Last.Year()), "Y"
		if r.PeriodType == seeds.PeriodHalf {
			periods[i] = "H1"
		}
		firsts[i], lasts[i], befores[i] = r.First.String(), r.Last.String(), firstDay.String()
		if !r.DueBefore.IsZero() {
			befores[i] = r.DueBefore.String()
		}
	}
	p["register"], p["owed"], p["owed_kind"], p["owed_type"], p["owed_condition"] = registerYear, names, kinds, types, conditions
	p["owed_year"], p["owed_period"], p["owed_first"], p["owed_last"], p["owed_before"] = years, periods, firsts, lasts, befores
	distinct := slices.Clone(years)
	slices.Sort(distinct)
	p["years"] = append([]uint16{}, slices.Compact(distinct)...)
}
