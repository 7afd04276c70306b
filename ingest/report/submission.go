package report

import (
	"time"

	"github.com/google/uuid"

	"atvsld/seeds"
)

// Limits of one submission. Whatever is beyond them is refused before it costs
// anything: a report is a form filled in by people, and the largest real one
// (Annex XII with every cause, factor and occupation) stays below 64 KiB.
const (
	// MaxBytes bounds the bytes of one submission.
	MaxBytes = 256 << 10
	// maxStrippedBytes bounds what Strip leaves of a submission: pseudonyms and age
	// groups are added, at most 130 bytes for each of 500 victims, and an empty name
	// may be written where none was sent.
	maxStrippedBytes = 2 * MaxBytes
	// MaxDepth bounds the nesting of objects and lists; the deepest form needs 6.
	MaxDepth = 16
	// MaxFindings bounds the findings of form of one submission, and again those
	// of the rules, so that a hostile document cannot be answered with a much
	// longer one. Beyond it ENV-014 says so, which is an error.
	MaxFindings = 1000
	// MaxAcknowledged bounds the warnings acknowledged by code.
	MaxAcknowledged = 100
	// MaxNumber is the largest whole number that every JSON reader keeps exactly
	// (2^53 − 1, RFC 7493), for sums of money.
	MaxNumber = 1<<53 - 1
	// MaxRevision bounds the revisions of one report: the store keeps the
	// revision in the upper 16 bits of a row's version.
	MaxRevision = 32767
)

// Kind names one of the reports.
type Kind string

// The kinds of report. Their names are also the names of the tables that hold
// their current state, and never change.
const (
	AccidentDeclaration Kind = "accident_declaration"
	AnnexXII            Kind = "annex_xii"
	CommuneReport       Kind = "commune_report"
	DiseaseReport       Kind = "disease_report"
	MonitoringReport    Kind = "monitoring_report"
	OSHReport           Kind = "osh_report"
	TrainingReport      Kind = "training_report"
	EquipmentReport     Kind = "equipment_inspection_report"
	InsuranceReport     Kind = "insurance_report"
	InspectionReport    Kind = "inspection"
	InvestigationFile   Kind = "investigation"
	TechnicalIncident   Kind = "technical_incident"
	CaseLink            Kind = "case_link"

	DiseaseCaseReport Kind = "disease_case"
	ExaminationReport Kind = "examination_report"
	ClinicReport      Kind = "clinic_report"
	HealthSummary     Kind = "health_summary"
	BaseFiguresReport Kind = "base_figures"
	// RegistrationEntry and ObligationRelief are the register of expected reporters.
	RegistrationEntry Kind = "registration"
	ObligationRelief  Kind = "obligation_relief"
)

// Submission is one revision of one report as a filer sent it.
type Submission struct {
	Kind Kind
	// ReportID is chosen by the filer of an event (UUIDv7) and computed for a
	// periodic report; uuid.Nil when the filer sent none.
	ReportID uuid.UUID
	// Revision counts from 1. A higher one amends, and needs Reason.
	Revision uint32
	// Withdrawn takes the report back; there is no Content then.
	Withdrawn bool
	// Reason says why a report is amended or withdrawn; free text, so personal.
	Reason Private
	// Acknowledge names the warnings the filer has read and stands by.
	Acknowledge []string
	// ReceivedAt is zero unless the demonstration loader or a paper filing set
	// it; whether the sender may, the caller decides.
	ReceivedAt time.Time
	// Paper is set when the report came on paper and is entered on behalf of who made it;
	// whether the sender may, the caller decides.
	Paper *Paper
	// Content is nil when the report is withdrawn or its kind is unknown.
	Content Content
}

// Context is what the rules may look at beside the report.
type Context struct {
	Seeds *seeds.Data
	// Now is the time of receipt.
	Now time.Time
	// Previous is the unit's own report of the kind for the period a year before, stripped;
	// nil where it is not known. Only a dry run asks for it.
	Previous Content
}

// Content is the part of a submission that depends on its kind: a pointer to
// the content type of the kind's file.
type Content interface {
	// Identity says what the report is about. It must be asked for after
	// [Submission.Strip], because a household's tax code is personal and only
	// its pseudonym may take part.
	Identity() Identity

	header() header
}

// Identity is the natural key of a report. It never changes from one revision
// to the next: who filed about the wrong unit or year withdraws and files anew.
type Identity struct {
	// StatYear is the year the report counts in (Asia/Ho_Chi_Minh).
	StatYear int
	// Period is "2025" or "2025H1", and "" for events.
	Period string
	// Unit is "0100109106/0" (tax code / site), "hb:…/0" for a household
	// business after stripping, or "commune:00001@2025-07-01".
	Unit string
	// Extra tells apart several reports of one unit and period: monitoring body
	// and campaign.
	Extra []string
	// Province is the province of the reporter.
	Province seeds.ProvinceRef
}

// vietnam is the time zone of years and deadlines: +07:00 without exception
// since 13 June 1975.
var vietnam = time.FixedZone("+07", 7*60*60)

// Identify gives a periodic report its computed report_id. It must be called
// after Strip. If the filer sent another one, it finds ENV-025 and leaves the
// identifier as it was; the identifier of an event, or of a withdrawal, stays.
func (s *Submission) Identify() []Finding {
	definition, known := Lookup(s.Kind)
	if !known || definition.Event || s.Content == nil {
		return nil
	}
	want := ReportID(s.Kind, s.Content.Identity())
	if s.ReportID != uuid.Nil && s.ReportID != want {
		return []Finding{finding(&periodicID, "/report_id", s.ReportID.String(), []any{ours{want}})}
	}
	s.ReportID = want
	return nil
}

// PreviousID returns the report_id of the unit's own report of the kind for the period a
// year before; ok is false where there is none. It must be called after Strip.
func (s *Submission) PreviousID() (id uuid.UUID, ok bool) {
	definition, known := Lookup(s.Kind)
	if !known || definition.Event || s.Content == nil {
		return uuid.Nil, false
	}
	identity := s.Content.Identity()
	identity.Period = string(Period(identity.Period).Before())
	return ReportID(s.Kind, identity), identity.Period != ""
}

// filedAt is the moment that decides which list of provinces is in force.
func (s *Submission) filedAt(ctx Context) time.Time {
	if s.Paper != nil && !s.Paper.ReceivedOn.IsZero() {
		return s.Paper.ReceivedAt(ctx.Now)
	}
	if !s.ReceivedAt.IsZero() {
		return s.ReceivedAt
	}
	return ctx.Now
}
