package store

import "slices"

// Measures that cells hold. What each counts and from which reports is fixed here,
// once; figures from accident cases (case measures) and from periodic reports (form
// measures) are never added.
const (
	// Accident cases, from declarations. Commuting accidents apart.
	FatalAccidents     = "fatal_accidents" // accidents with at least one death
	Deaths             = "deaths"          // persons
	DeclaredAccidents  = "declared_accidents"
	DeclaredSerious    = "declared_serious" // persons seriously injured, not dead
	CommutingFatal     = "commuting_fatal_accidents"
	CommutingDeaths    = "commuting_deaths"
	CommutingDeclared  = "commuting_declared_accidents"
	CommutingDeclaredS = "commuting_declared_serious"

	// Periodic reports: Annex XII (employment "contract") and communes ("no_contract").
	Accidents          = "accidents"
	AccidentsMulti     = "accidents_multi" // with two or more victims
	AccidentsFatalForm = "accidents_fatal_form"
	Victims            = "victims"
	VictimsOutside     = "victims_outside" // of them not under the reporter's management
	Women              = "women"
	WomenOutside       = "women_outside"
	Serious            = "serious"
	SeriousOutside     = "serious_outside"
	DeathsForm         = "deaths_form"
	DeathsFormOutside  = "deaths_form_outside"
	WorkersReporting   = "workers_reporting" // workers of the reporting establishments
	Reports            = "reports"

	// Occupational-disease reports.
	Exposed         = "exposed" // persons
	ExaminedPersons = "examined_persons"
	ExaminedCases   = "examined_cases" // persons times factors
	SuspectedCases  = "suspected_cases"
	DiagnosedNew    = "diagnosed_new"
	DiseaseReports  = "disease_reports"

	// Workplace monitoring.
	MonitoredSites    = "monitored_sites" // distinct sites, once a year
	Samples           = "samples"
	SamplesOver       = "samples_over"
	MonitoringReports = "monitoring_reports"

	// Medical facilities (Annex XVIII).
	TreatedPersons = "treated_victims"
	ClinicReports  = "clinic_reports"
)

// Commuting returns the measure of block 2 (accidents with an allowance under Law
// 84/2015 Art. 39(2)) that answers a form measure of block 1.
func Commuting(formMeasure string) string { return "commuting_" + formMeasure }

// Employment of cells; "" where a source does not know it.
const (
	Contract   = "contract"
	NoContract = "no_contract"
)

// column is one aggregate over a source.
type column struct {
	measure, employment, expression string
}

// source is a SELECT with one row per thing that is counted, and what to add up there.
type source struct {
	file    string // sql/cell/<file>.sql
	columns []column
	// byCause: the rows of the source differ when asked by cause.
	byCause bool
}

// form are the counts of table I of Annex XII: measure and column.
var form = []struct{ measure, column string }{
	{Accidents, "accidents"},
	{AccidentsFatalForm, "accidents_fatal"},
	{AccidentsMulti, "accidents_multi"},
	{Victims, "victims"},
	{VictimsOutside, "victims_outside"},
	{Women, "women"},
	{WomenOutside, "women_outside"},
	{DeathsForm, "deaths"},
	{DeathsFormOutside, "deaths_outside"},
	{Serious, "serious"},
	{SeriousOutside, "serious_outside"},
}

// sources returns the catalogue in a fixed order.
func sources() []source {
	return []source{
		{file: "case", columns: caseColumns()},
		{file: "annex", byCause: true, columns: annexColumns()},
		{file: "commune", byCause: true, columns: append(formColumns(NoContract), column{Reports, NoContract, "sum(head)"})},
		{file: "disease", columns: []column{
			{Exposed, "", "sum(exposed)"},
			{ExaminedPersons, "", "sum(examined_persons)"},
			{ExaminedCases, "", "sum(examined_cases)"},
			{SuspectedCases, "", "sum(suspected_cases)"},
			{DiagnosedNew, "", "sum(diagnosed_new)"},
			{DiseaseReports, "", "count()"},
		}},
		{file: "monitoring", columns: []column{
			{Samples, "", "sum(samples)"},
			{SamplesOver, "", "sum(samples_over)"},
			{MonitoringReports, "", "count()"},
		}},
		{file: "site", columns: []column{{MonitoredSites, "", "count()"}}},
		{file: "clinic", columns: []column{{TreatedPersons, "", "sum(victims)"}, {ClinicReports, "", "count()"}}},
		{file: "due", columns: dueColumns()},
	}
}

func caseColumns() []column {
	var columns []column
	for _, commuting := range []struct{ prefix, condition string }{{"", "NOT commuting"}, {"commuting_", "commuting"}} {
		of := commuting.condition
		columns = append(columns,
			// An accident is without contract only if none of its victims has one.
			column{commuting.prefix + FatalAccidents, Contract, "countIf(" + of + " AND contract AND dead_contract + dead_other > 0)"},
			column{commuting.prefix + FatalAccidents, NoContract, "countIf(" + of + " AND NOT contract AND dead_contract + dead_other > 0)"},
			column{commuting.prefix + Deaths, Contract, "sumIf(dead_contract, " + of + ")"},
			column{commuting.prefix + Deaths, NoContract, "sumIf(dead_other, " + of + ")"},
			column{commuting.prefix + DeclaredAccidents, Contract, "countIf(" + of + " AND contract)"},
			column{commuting.prefix + DeclaredAccidents, NoContract, "countIf(" + of + " AND NOT contract)"},
			column{commuting.prefix + DeclaredSerious, Contract, "sumIf(serious_contract, " + of + ")"},
			column{commuting.prefix + DeclaredSerious, NoContract, "sumIf(serious_other, " + of + ")"},
		)
	}
	return columns
}

func formColumns(employment string) []column {
	columns := make([]column, len(form))
	for i, f := range form {
		columns[i] = column{f.measure, employment, "sum(" + f.column + ")"}
	}
	return columns
}

func annexColumns() []column {
	columns := formColumns(Contract)
	for _, f := range form {
		// Block 2 has no causes; asked by cause, it stands with the report itself.
		columns = append(columns, column{Commuting(f.measure), Contract, "sumIf(commuting_" + f.column + ", head = 1)"})
	}
	return append(columns,
		column{WorkersReporting, Contract, "sumIf(workers, head = 1)"},
		column{Reports, Contract, "sum(head)"})
}

// Measures returns every measure of the catalogue, sorted.
func Measures() []string {
	var names []string
	for _, s := range append(sources(), secondHalfSources()...) {
		for _, c := range s.columns {
			names = append(names, c.measure)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
