package indicator

import "atvsld/analytics/store"

// Source is the kind of report a measure is counted from.
type Source string

// The sources of measures.
const (
	// SourceCases are accident cases: all live declarations of one accident joined
	// (Law 84/2015/QH13 Art. 34, 36(1)). They are events with a date.
	SourceCases Source = "accident_cases"
	// SourcePeriodic are the half-year and year reports of establishments (Decree
	// 39/2016/ND-CP Art. 24(1), Annex XII) and of communes (Law 84/2015/QH13 Art. 36).
	SourcePeriodic Source = "periodic_reports"
	// SourceDisease are the yearly occupational-disease reports (Law 84/2015/QH13 Art. 37).
	SourceDisease Source = "disease_reports"
	// SourceMonitoring are the working-environment monitoring reports (Law 84/2015/QH13
	// Art. 18(2)).
	SourceMonitoring Source = "monitoring_reports"
	// SourceClinics are the half-year and year reports of medical facilities on the victims
	// they treated (Decree 39/2016/ND-CP Art. 25, Annex XVIII): an independent second count.
	SourceClinics Source = "clinic_reports"
	// SourceRegister is the register of who must report, held against what was filed.
	SourceRegister Source = "register"
)

// Place says which province a measure is counted in. Two measures counted in
// different places make no provincial rate.
type Place string

// The places a measure is counted in.
const (
	PlaceAccident   Place = "accident"    // where the accident happened
	PlaceHeadOffice Place = "head_office" // where the reporter is seated
	PlaceSite       Place = "site"        // where the monitored site stands
)

// measureInfo is what the engine must know of a measure beside its name.
type measureInfo struct {
	source Source
	place  Place
}

// measures are the columns of the long table of cells that indicators are summed from.
// A catalogue file may name these and no others.
var measures = map[string]measureInfo{
	"fatal_accidents":    {SourceCases, PlaceAccident},
	"deaths":             {SourceCases, PlaceAccident},
	"declared_accidents": {SourceCases, PlaceAccident},
	"declared_serious":   {SourceCases, PlaceAccident},

	"accidents":            {SourcePeriodic, PlaceHeadOffice},
	"victims":              {SourcePeriodic, PlaceHeadOffice},
	"serious":              {SourcePeriodic, PlaceHeadOffice},
	"women":                {SourcePeriodic, PlaceHeadOffice},
	"accidents_fatal_form": {SourcePeriodic, PlaceHeadOffice},
	"deaths_form":          {SourcePeriodic, PlaceHeadOffice},
	"accidents_multi":      {SourcePeriodic, PlaceHeadOffice},
	"workers_reporting":    {SourcePeriodic, PlaceHeadOffice},
	"reports":              {SourcePeriodic, PlaceHeadOffice},

	// Of second half-years: see SecondHalf.
	"reports_year_below_half": {SourcePeriodic, PlaceHeadOffice},
	"reports_other_branches":  {SourcePeriodic, PlaceHeadOffice},

	"exposed":          {SourceDisease, PlaceHeadOffice},
	"examined_persons": {SourceDisease, PlaceHeadOffice},
	"examined_cases":   {SourceDisease, PlaceHeadOffice},
	"suspected_cases":  {SourceDisease, PlaceHeadOffice},
	"diagnosed_new":    {SourceDisease, PlaceHeadOffice},
	"disease_reports":  {SourceDisease, PlaceHeadOffice},

	"monitored_sites":    {SourceMonitoring, PlaceSite},
	"samples":            {SourceMonitoring, PlaceSite},
	"samples_over":       {SourceMonitoring, PlaceSite},
	"monitoring_reports": {SourceMonitoring, PlaceSite},

	"treated_victims": {SourceClinics, PlaceHeadOffice},
	"clinic_reports":  {SourceClinics, PlaceHeadOffice},

	store.EstablishmentsDue:    {SourceRegister, PlaceHeadOffice},
	store.ReportsOfDue:         {SourceRegister, PlaceHeadOffice},
	store.ReportsOnTime:        {SourceRegister, PlaceHeadOffice},
	store.CommunesDue:          {SourceRegister, PlaceHeadOffice},
	store.CommuneReportsOfDue:  {SourceRegister, PlaceHeadOffice},
	store.CommuneReportsOnTime: {SourceRegister, PlaceHeadOffice},
	store.ClinicsDue:           {SourceRegister, PlaceHeadOffice},
	store.ClinicReportsOfDue:   {SourceRegister, PlaceHeadOffice},
	store.ClinicReportsOnTime:  {SourceRegister, PlaceHeadOffice},
	store.DiseaseReportersDue:  {SourceRegister, PlaceHeadOffice},
	store.DiseaseReportsOfDue:  {SourceRegister, PlaceHeadOffice},
	store.DiseaseReportsOnTime: {SourceRegister, PlaceHeadOffice},
	store.MonitoringDue:        {SourceRegister, PlaceHeadOffice},
	store.MonitoringOfDue:      {SourceRegister, PlaceHeadOffice},
	store.MonitoringOnTime:     {SourceRegister, PlaceHeadOffice},
}

// commutingPrefix marks the measures of commuting accidents (Law 84/2015/QH13 Art.
// 39(2); row block 2 of Annex XII), which are never added unasked.
const commutingPrefix = "commuting_"

// presence names the measures that prove that a source spoke at all for an area and a
// year. Without one of them a sum of zero means "nobody reported", not "nothing
// happened". Nobody files a declaration for no accident, so for cases a periodic
// report (due even with zero accidents) is proof as well.
func presence(s Source) []string {
	switch s {
	case SourceCases:
		return []string{"declared_accidents", commutingPrefix + "declared_accidents", "reports"}
	case SourcePeriodic:
		return []string{"reports"}
	case SourceDisease:
		return []string{"disease_reports"}
	case SourceMonitoring:
		return []string{"monitoring_reports"}
	case SourceClinics:
		return []string{"clinic_reports"}
	case SourceRegister:
		return nil // the units that owe it are the denominator
	}
	return nil
}

func isEvent(s Source) bool { return s == SourceCases }

// hasHalfYears reports whether a source is filed for the first half-year too.
func hasHalfYears(s Source) bool { return s != SourceDisease && s != SourceMonitoring }

func canCommute(s Source) bool { return s == SourceCases || s == SourcePeriodic }
