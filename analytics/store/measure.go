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
func Commuting(formMeasure string) string { return commutingPrefix + formMeasure }

// Employment of cells; "" where a source does not know it.
const (
	Contract   = "contract"
	NoContract = "no_contract"
)

// column is one aggregate over a source.
type column struct {
	measure, employment, expression string
	// cuts are those that the measure can be split by.
	cuts []Dim
}

// source is a SELECT with one row per thing that is counted, and what to add up there.
type source struct {
	file    string // sql/cell/<file>.sql
	columns []column
}

// What measures can be split by.
var (
	byAccident = []Dim{ByCause, ByFactor}                     // said once of an accident
	byPerson   = []Dim{ByCause, ByFactor, BySex, ByAgeGroup}  // said of each victim, too
	byRow      = []Dim{ByCause, ByFactor, BySizeClass}        // of the forms: rows by cause and factor, and who reports
	byWomen    = []Dim{ByCause, ByFactor, BySex, BySizeClass} // of the forms: of them women
	byReporter = []Dim{BySizeClass}
)

// counted is a count of the forms: its column, and the column that tells how many of them
// are women, "" where the form does not say.
type counted struct {
	measure, column, women string
}

// form are the counts of table I of Annex XII.
var form = []counted{
	{Accidents, "accidents", ""},
	{AccidentsFatalForm, "accidents_fatal", ""},
	{AccidentsMulti, "accidents_multi", ""},
	{Victims, "victims", "women"},
	{VictimsOutside, "victims_outside", "women_outside"},
	{Women, "women", "women"},
	{WomenOutside, "women_outside", "women_outside"},
	{DeathsForm, "deaths", ""},
	{DeathsFormOutside, "deaths_outside", ""},
	{Serious, "serious", ""},
	{SeriousOutside, "serious_outside", ""},
}

// workers are counted beside the table.
var workers = counted{WorkersReporting, "workers", "workers_women"}

func (c counted) cuts() []Dim {
	if c.women != "" {
		return byWomen
	}
	return byRow
}

// commuting is the same count in block 2.
func (c counted) commuting() counted {
	c.measure, c.column = Commuting(c.measure), Commuting(c.column)
	if c.women != "" {
		c.women = Commuting(c.women)
	}
	return c
}

// sources returns the catalogue in a fixed order.
func sources() []source {
	return append([]source{
		{file: "case", columns: append(caseColumns(), inquiryColumns()...)},
		{file: "annex", columns: annexColumns()},
		{file: "commune", columns: append(formColumns(NoContract), column{Reports, NoContract, "sum(head)", byReporter})},
		{file: "disease", columns: []column{
			{Exposed, "", "sum(exposed)", byReporter},
			{ExaminedPersons, "", "sum(examined_persons)", byReporter},
			{ExaminedCases, "", "sum(examined_cases)", byReporter},
			{SuspectedCases, "", "sum(suspected_cases)", byReporter},
			{DiagnosedNew, "", "sum(diagnosed_new)", byReporter},
			{DiseaseReports, "", "count()", byReporter},
		}},
		{file: "monitoring", columns: []column{
			{Samples, "", "sum(samples)", nil},
			{SamplesOver, "", "sum(samples_over)", nil},
			{MonitoringReports, "", "count()", nil},
		}},
		{file: "site", columns: []column{{MonitoredSites, "", "count()", nil}}},
		{file: "clinic", columns: []column{
			{TreatedPersons, "", "sum(victims)", nil},
			{ClinicReports, "", "count()", nil},
		}},
		{file: "due", columns: dueColumns()},
	}, shareSources()...)
}

// ofAccident stands for the employment of an accident: without contract only if none of its
// victims has one.
const ofAccident = "accident"

const commutingPrefix = "commuting_"

// caseColumns are added up apart for accidents on the way to and from work: see caseCells.
func caseColumns() []column {
	columns := []column{
		{FatalAccidents, ofAccident, "countIf(dead_contract + dead_other > 0)", byAccident},
		{Deaths, Contract, "sum(dead_contract)", byPerson},
		{Deaths, NoContract, "sum(dead_other)", byPerson},
		{DeclaredAccidents, ofAccident, "count()", byAccident},
		{DeclaredSerious, Contract, "sum(serious_contract)", byPerson},
		{DeclaredSerious, NoContract, "sum(serious_other)", byPerson},
	}
	for _, c := range slices.Clone(columns) {
		c.measure = commutingPrefix + c.measure
		columns = append(columns, c)
	}
	return columns
}

func formColumns(employment string) []column {
	columns := make([]column, len(form))
	for i, f := range form {
		columns[i] = column{f.measure, employment, "sum(" + f.column + ")", f.cuts()}
	}
	return columns
}

func annexColumns() []column {
	columns := formColumns(Contract)
	for _, f := range form {
		c := f.commuting()
		columns = append(columns, column{c.measure, Contract, "sum(" + c.column + ")", c.cuts()})
	}
	return append(columns,
		column{workers.measure, Contract, "sum(workers)", []Dim{BySex, BySizeClass}},
		column{Reports, Contract, "sum(head)", byReporter})
}

// Splits reports whether a measure can be split by a dimension. Every one has a year and a
// place; what is split by a cut depends on what its source says.
func Splits(measure string, by Dim) bool {
	if !slices.Contains(Cuts(), by) {
		return true
	}
	for _, s := range slices.Concat(sources(), secondHalfSources()) {
		for _, c := range s.columns {
			if c.measure == measure && !slices.Contains(c.cuts, by) {
				return false
			}
		}
	}
	return true
}

// MeasuresBy returns the measures that can be split by a dimension, sorted.
func MeasuresBy(by Dim) []string {
	return slices.DeleteFunc(Measures(), func(m string) bool { return !Splits(m, by) })
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
