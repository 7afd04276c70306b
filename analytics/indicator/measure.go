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
	// SourceHours are those periodic reports of establishments that give the hours worked,
	// which Annex XII does not ask for.
	SourceHours Source = "periodic_reports_with_hours"
	// SourceOSH are the yearly safety and health reports of establishments (Law
	// 84/2015/QH13 Art. 81).
	SourceOSH Source = "osh_reports"
	// SourceTraining are the training reports of the provinces' labour authorities on local
	// officers (Resolution 19/NQ-CP I.2).
	SourceTraining Source = "training_reports"
	// SourceInsurance are the reports of the social-insurance agencies (Law 84/2015/QH13
	// Art. 45).
	SourceInsurance Source = "insurance_reports"
	// SourceHazards are the establishments that the register says generate harmful factors,
	// held against the monitoring reports of the year.
	SourceHazards Source = "hazard_register"
	// SourceInquiries are accident cases held against their investigations, and
	// SourceInvestigations the investigations (Law 84/2015/QH13 Art. 35). What is due of them
	// depends on the day of the question.
	SourceInquiries      Source = "accident_cases_investigated"
	SourceInvestigations Source = "investigations"
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

	"hours_worked":        {SourceHours, PlaceHeadOffice},
	"victims_with_hours":  {SourceHours, PlaceHeadOffice},
	"days_off_with_hours": {SourceHours, PlaceHeadOffice},
	"reports_with_hours":  {SourceHours, PlaceHeadOffice},

	"strict_job_workers":         {SourceOSH, PlaceHeadOffice},
	"strict_job_workers_trained": {SourceOSH, PlaceHeadOffice},
	"osh_staff":                  {SourceOSH, PlaceHeadOffice},
	"osh_staff_trained":          {SourceOSH, PlaceHeadOffice},
	"health_staff":               {SourceOSH, PlaceHeadOffice},
	"health_staff_trained":       {SourceOSH, PlaceHeadOffice},
	"osh_reports":                {SourceOSH, PlaceHeadOffice},

	"local_officers":         {SourceTraining, PlaceHeadOffice},
	"local_officers_trained": {SourceTraining, PlaceHeadOffice},
	"local_officer_reports":  {SourceTraining, PlaceHeadOffice},

	"victims_entitled":      {SourceInsurance, PlaceHeadOffice},
	"victims_entitled_paid": {SourceInsurance, PlaceHeadOffice},
	"insurance_reports":     {SourceInsurance, PlaceHeadOffice},

	"hazard_establishments":           {SourceHazards, PlaceHeadOffice},
	"hazard_establishments_monitored": {SourceHazards, PlaceHeadOffice},

	"fatal_accidents_due":          {SourceInquiries, PlaceAccident},
	"fatal_accidents_investigated": {SourceInquiries, PlaceAccident},

	"investigations_due":     {SourceInvestigations, PlaceAccident},
	"investigations_in_time": {SourceInvestigations, PlaceAccident},
	"treated_victims":        {SourceClinics, PlaceHeadOffice},
	"clinic_reports":         {SourceClinics, PlaceHeadOffice},

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
	case SourceHours:
		return []string{"reports_with_hours"}
	case SourceOSH:
		return []string{"osh_reports"}
	case SourceTraining:
		return []string{"local_officer_reports"}
	case SourceInsurance:
		return []string{"insurance_reports"}
	case SourceHazards:
		return []string{"hazard_establishments"}
	case SourceInquiries:
		return []string{"fatal_accidents_due"}
	case SourceInvestigations:
		return []string{"investigations_due"}
	case SourceClinics:
		return []string{"clinic_reports"}
	case SourceRegister:
		return nil // the units that owe it are the denominator
	}
	return nil
}

// silence is the code of the reason why a source that did not speak gives no figure.
func silence(s Source) string {
	switch s {
	case SourceHours:
		return ReasonNoHours
	case SourceHazards:
		return ReasonNoHazardRegister
	case SourceRegister:
		return ReasonNoRegister
	case SourceInquiries, SourceInvestigations:
		return ReasonNoneDue
	}
	return ReasonNoReports
}

// isEvent reports whether a source has a date, and with it a month.
func isEvent(s Source) bool {
	return s == SourceCases || s == SourceInquiries || s == SourceInvestigations
}

// hasHalfYears reports whether a source is filed for the first half-year too.
func hasHalfYears(s Source) bool {
	return isEvent(s) || s == SourcePeriodic || s == SourceHours || s == SourceClinics || s == SourceRegister
}

func canCommute(s Source) bool { return s == SourceCases || s == SourcePeriodic || s == SourceHours }
