package seeds

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Periods that a report is owed for.
const (
	PeriodHalf = "half" // the first half of a year
	PeriodYear = "year"
)

// What fulfils an obligation.
const (
	// CountsUnit: a report of the very unit.
	CountsUnit = "unit"
	// CountsTaxpayer: a report of the unit, or of any site of it when the unit stands for
	// the whole taxpayer.
	CountsTaxpayer = "taxpayer"
)

// Obligation is one report that the law asks for: who owes it, for which period, to whom
// and until when. Code names it; the same code in another List is another state of the
// law. ValidFrom and ValidTo bound the day after the period's end: the first on which
// the report can be owed, so that a change of receiver on 1 July holds for the half-year
// that ended the day before.
type Obligation struct {
	Entry
	// Kind of report that fulfils it, "" where the platform takes none.
	Kind string `json:"kind,omitempty"`
	// ReporterType owes it, if it meets Condition: "all", "hazard" (generates harmful
	// factors), "strict_jobs" (has jobs with strict requirements); for a clinic or service
	// body one of its services; for an authority which one it is.
	ReporterType string `json:"reporter_type"`
	Condition    string `json:"condition"`
	// PeriodType is PeriodHalf or PeriodYear; Counts is CountsUnit or CountsTaxpayer.
	PeriodType string `json:"period_type"`
	Counts     string `json:"counts"`
	// Authority is the branch that receives it; Recipient names it.
	Authority   string `json:"authority"`
	RecipientVI string `json:"recipient_vi"`
	RecipientEN string `json:"recipient_en"`
	// DueStatus says how far the due date was verified; UNVERIFIED comes without a date.
	DueStatus Status `json:"due_status"`

	month   time.Month
	day     int
	nextOne bool // the day lies in the year after the period's
}

// HasDue tells whether a due date was found in the law.
func (o Obligation) HasDue() bool { return o.day != 0 }

// DueBefore returns the first day that is too late for a report on a period of the year,
// no date when none was found: "before 5 July" means received by 4 July 23:59:59 in
// Asia/Ho_Chi_Minh.
func (o Obligation) DueBefore(year int) Date {
	if !o.HasDue() {
		return Date{}
	}
	if o.nextOne {
		year++
	}
	d, err := NewDate(year, o.month, o.day)
	if err != nil {
		return Date{}
	}
	return d
}

const obligationColumns = "list code kind reporter_type condition period_type counts due_before due_year authority recipient_vi recipient_en name_vi name_en valid_from valid_to source status due_status note"

var conditions = []string{
	"all", "hazard", "strict_jobs", "training", "monitoring", "examination", "equipment_inspection",
	"labour", "health", "insurance", "inspection",
}

func (l *loader) obligations() codeList[Obligation] {
	return newCodeList(readTable(l, "obligations.csv", obligationColumns, parseObligation))
}

func parseObligation(r *row) (string, Obligation) {
	o := Obligation{
		Entry: r.entry("list"), Kind: r.optional("kind"),
		ReporterType: r.oneOf("reporter_type", "establishment", "commune", "clinic", "service_body", "authority"),
		Condition:    r.oneOf("condition", conditions...), PeriodType: r.oneOf("period_type", PeriodHalf, PeriodYear),
		Counts: r.oneOf("counts", CountsUnit, CountsTaxpayer), Authority: r.oneOf("authority", "labour", "health", "insurance"),
		RecipientVI: r.text("recipient_vi"), RecipientEN: r.text("recipient_en"),
		DueStatus: Status(r.oneOf("due_status", string(StatusVerified), string(StatusSecondary), string(StatusUnverified))),
		nextOne:   r.oneOf("due_year", "", "0", "1") == "1",
	}
	o.month, o.day = r.dayOfYear("due_before")
	if o.HasDue() == (o.DueStatus == StatusUnverified) {
		r.fail("due_before: a date needs a source, and UNVERIFIED has none")
	}
	return joinKey(o.List, o.Code), o
}

// dayOfYear returns the month and day of a cell "07-05", zeros when it is empty.
func (r *row) dayOfYear(column string) (time.Month, int) {
	cell := r.optional(column)
	if cell == "" {
		return 0, 0
	}
	month, day, _ := strings.Cut(cell, "-")
	m, errMonth := strconv.Atoi(month)
	d, errDay := strconv.Atoi(day)
	// Of a common year: the same day must exist in every year.
	if _, err := NewDate(2001, time.Month(m), d); err != nil || errMonth != nil || errDay != nil || len(cell) != len("07-05") {
		r.fail("%s: %q is not MM-DD", column, cell)
		return 0, 0
	}
	return time.Month(m), d
}

// Obligations returns the obligations of every state of the law.
func (d *Data) Obligations() []Obligation { return d.obligations.all() }

// ObligationsOf returns the obligations for a period of the given type that ended the day
// before, in the order of the file.
func (d *Data) ObligationsOf(periodType string, dayAfter Date) []Obligation {
	return slices.DeleteFunc(d.obligations.allOn(dayAfter), func(o Obligation) bool { return o.PeriodType != periodType })
}

// SummariesDue returns the first moment that is too late for the provinces' summaries of a
// year, or of its first half (Decree 39/2016/ND-CP Art. 24(4)): what they sum up is complete by
// then. It is zero when no date is held.
func (d *Data) SummariesDue(periodType string, year int) time.Time {
	for _, o := range d.obligations.all() {
		if o.Code == "province_summary_"+periodType && o.HasDue() {
			return o.DueBefore(year).Start()
		}
	}
	return time.Time{}
}
