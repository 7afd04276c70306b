package store

import (
	"slices"
	"time"

	"atvsld/seeds"
)

// Measures that shares and the rates per hour are made of. The numerator of a share is
// counted from the rows of its denominator, so that it never exceeds it.
const (
	// Periodic reports of establishments that gave the hours worked; the others are in none
	// of these, or their accidents would stand without hours.
	HoursWorked      = "hours_worked"
	VictimsWithHours = "victims_with_hours"
	DaysOffWithHours = "days_off_with_hours" // of all accidents: table II does not tell commuting ones apart
	ReportsWithHours = "reports_with_hours"

	// Yearly safety and health reports of establishments: persons at the end of the year.
	StrictJobWorkers        = "strict_job_workers"
	StrictJobWorkersTrained = "strict_job_workers_trained"
	OSHStaff                = "osh_staff"
	OSHStaffTrained         = "osh_staff_trained"
	HealthStaff             = "health_staff" // at workplaces
	HealthStaffWithTraining = "health_staff_trained"
	OSHReports              = "osh_reports"

	// Training reports of the provinces' labour authorities, those on local officers.
	LocalOfficers        = "local_officers"
	LocalOfficersTrained = "local_officers_trained"
	LocalOfficerReports  = "local_officer_reports"

	// Reports of the social-insurance agencies: victims of accident and disease.
	VictimsEntitled      = "victims_entitled"
	VictimsEntitledPaid  = "victims_entitled_paid"
	InsuranceReportFiles = "insurance_reports"

	// The register, whose entries of the year are counted, and the monitoring reports.
	HazardEstablishments          = "hazard_establishments"
	HazardEstablishmentsMonitored = "hazard_establishments_monitored"

	// Accident cases without commuting ones, and the investigations of them.
	FatalAccidentsDue          = "fatal_accidents_due" // the limit of the investigation has passed
	FatalAccidentsInvestigated = "fatal_accidents_investigated"

	// Investigations, of whatever severity.
	InvestigationsDue    = "investigations_due" // the limit has passed
	InvestigationsInTime = "investigations_in_time"
)

// shareSources returns the sources of these measures in a fixed order.
func shareSources() []source {
	return []source{
		{file: "hours", columns: []column{
			{HoursWorked, Contract, "sum(hours_worked)", nil},
			{VictimsWithHours, Contract, "sum(victims)", nil},
			{Commuting(VictimsWithHours), Contract, "sum(commuting_victims)", nil},
			{DaysOffWithHours, Contract, "sum(days_off)", nil},
			{ReportsWithHours, Contract, "count()", nil},
		}},
		{file: "osh", columns: []column{
			{StrictJobWorkers, "", "sum(strict_jobs)", nil},
			{StrictJobWorkersTrained, "", "sum(strict_jobs_trained)", nil},
			{OSHStaff, "", "sum(osh_staff)", nil},
			{OSHStaffTrained, "", "sum(osh_staff_trained)", nil},
			{HealthStaff, "", "sum(health_staff)", nil},
			{HealthStaffWithTraining, "", "sum(health_staff_trained)", nil},
			{OSHReports, "", "count()", nil},
		}},
		{file: "officers", columns: []column{
			{LocalOfficers, "", "sum(officers)", nil},
			{LocalOfficersTrained, "", "sum(trained)", nil},
			{LocalOfficerReports, "", "count()", nil},
		}},
		{file: "insurance", columns: []column{
			{VictimsEntitled, "", "sum(accidents_entitled) + sum(diseases_entitled)", nil},
			{VictimsEntitledPaid, "", "sum(accidents_paid) + sum(diseases_paid)", nil},
			{InsuranceReportFiles, "", "count()", nil},
		}},
		{file: "hazard", columns: []column{
			{HazardEstablishments, "", "count()", nil},
			{HazardEstablishmentsMonitored, "", "countIf(monitored)", nil},
		}},
		{file: "investigation", columns: []column{
			{InvestigationsDue, "", "count()", nil},
			{InvestigationsInTime, "", "countIf(in_time)", nil},
		}},
	}
}

// inquiryColumns are those of accident cases that need their investigations.
func inquiryColumns() []column {
	return []column{
		{FatalAccidentsDue, ofAccident, "countIf(inquiry_due)", nil},
		{FatalAccidentsInvestigated, ofAccident, "countIf(inquiry_due AND concluded)", nil},
	}
}

// rowsFile names the SELECT of a source. Investigations are looked up only when asked for.
func (src source) rowsFile(s shape) string {
	if src.file == "case" && s.Inquired() {
		return "inquired"
	}
	return src.file
}

// Inquired tells that rows of accident cases come with the ids that investigations may name
// them by, and with when they were first declared.
func (s shape) Inquired() bool {
	return slices.ContainsFunc(inquiryColumns(), func(c column) bool { return slices.Contains(s.measures, c.measure) })
}

// Register is the year that the register is kept under.
func (shape) Register() int { return registerYear }

// moment is that by which limits have passed.
func (q CellQuery) moment() time.Time {
	if q.Now.IsZero() {
		return time.Now()
	}
	return q.Now
}

// dayText is the day of a moment in Viet Nam, as a parameter. Limits have passed, or not, on
// the day of the question; at a closing, on the day that it stands for.
func dayText(at time.Time) string { return seeds.DateOf(at).String() }
