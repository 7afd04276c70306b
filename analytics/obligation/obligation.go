// Package obligation says which reports a registered unit owes, and how it stands with
// each at a moment: filed, late, missing … It is pure: the register and what was filed are
// given to it, the law is reference data (seeds/data/obligations.csv).
//
//	owed := obligation.Of(data, 2025)            // every report of the year
//	standing, owes := owed[i].Assess(&unit, now) // of one unit
//
// Only periodic reports are owed here. What an event asks for, as the declaration of an
// accident, has clocks of its own.
package obligation

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"atvsld/seeds"
)

// State says how a unit stands with one report.
type State string

// The states. Nobody is late or missing where the law gives no date.
const (
	// Filed in time, or at any time if no date is known or the unit was exempt.
	Filed State = "filed"
	// Late: filed after the last day.
	Late State = "late"
	// Due: not filed, and there is time.
	Due State = "due"
	// Extended: not filed, the legal time is over, and a longer one granted to the unit is not.
	Extended State = "extended"
	// Missing: not filed, and the time is over.
	Missing State = "missing"
	// Undated: not filed, and no date was found in the law.
	Undated State = "undated"
	// Exempt: not filed, and the unit need not.
	Exempt State = "exempt"
	// Replaced: the report of the parent names the unit and holds its figures. Whether the
	// unit filed as well is then of no account, as in every total.
	Replaced State = "replaced"
	// Elsewhere: the platform does not take this report, so it cannot tell.
	Elsewhere State = "elsewhere"
)

// States returns every state, in the order in which they are counted.
func States() []State {
	return []State{Missing, Late, Extended, Due, Undated, Filed, Replaced, Exempt, Elsewhere}
}

// Span is a run of days, both included; To is zero while it lasts.
type Span struct{ From, To seeds.Date }

// Holds tells whether the day lies in the span.
func (s Span) Holds(day seeds.Date) bool {
	return !day.Before(s.From) && (s.To.IsZero() || !day.After(s.To))
}

// meets tells whether the spans have a day in common.
func (s Span) meets(o Span) bool {
	return (o.To.IsZero() || !s.From.After(o.To)) && (s.To.IsZero() || !o.From.After(s.To))
}

// Stay is the province of the head office over a span.
type Stay struct {
	Province seeds.ProvinceRef
	Span
}

// Cover says whose report holds a unit's figures over a span.
type Cover struct {
	By string
	Span
}

// What a Fact tells.
const (
	WasFiled    = "filed"
	WasCovered  = "covered" // by the report of another unit
	WasExempted = "exempt"
	WasExtended = "extend"
)

// Fact is something on record about a unit, a kind of report and a period.
type Fact struct {
	What, Kind, Period string
	// At is the first receipt of the report or decision, By the unit that filed it.
	At time.Time
	By string
	// DueBy is the last day of an extension.
	DueBy seeds.Date
}

// Unit is an entry of the register with what is on record about it.
type Unit struct {
	// Unit is the key of a reporter, as in "0100109106/0"; Authority is the branch of a
	// state body.
	Unit, Type, Authority string
	Active                Span
	HeadOffice            []Stay
	Hazard, StrictJobs    []Span
	Services              []string
	Covered               []Cover
	Facts                 []Fact
}

// Owed is one report on one period that the law asks for.
type Owed struct {
	seeds.Obligation
	Period string // "2025" or "2025H1"
	// First and Last are the days of the period.
	First, Last seeds.Date
	// DueBefore is the first day that is too late, zero when none was found.
	DueBefore seeds.Date
}

// Of returns the reports owed for the years, which must be within 1 to 9999: by year, the
// half-year first, then in the order of the reference data.
func Of(data *seeds.Data, years ...int) []Owed {
	var all []Owed
	for _, year := range years {
		first := seeds.MustDate(year, time.January, 1)
		name := strconv.Itoa(year)
		for _, p := range []Owed{
			{Period: name + "H1", First: first, Last: seeds.MustDate(year, time.June, 30)},
			{Period: name, First: first, Last: seeds.MustDate(year, time.December, 31)},
		} {
			periodType := seeds.PeriodYear
			if strings.HasSuffix(p.Period, "H1") {
				periodType = seeds.PeriodHalf
			}
			for _, o := range data.ObligationsOf(periodType, p.Last.AddDays(1)) {
				p.Obligation, p.DueBefore = o, o.DueBefore(year)
				all = append(all, p)
			}
		}
	}
	return all
}

// Standing is how a unit stands with one report it owes.
type Standing struct {
	State State
	// Province of the head office on the last day of the period; zero when not known.
	Province seeds.ProvinceRef
	// FiledAt is the first receipt of the report that counts: the unit's or its parent's.
	FiledAt time.Time
	// By is the parent that reports for the unit: in fact where State is Replaced, by
	// registration otherwise.
	By string
	// DueBy is the last day in time, an extension included; zero when not known.
	DueBy seeds.Date
	// ExtendedTo is the last day of a granted extension, zero without one.
	ExtendedTo seeds.Date
}

// Counts tells whether the unit is one of those that the report is due from: whoever need not
// file is, if he did.
func (s Standing) Counts() bool { return s.State != Exempt && s.State != Elsewhere }

// Reported tells whether the unit's figures are on record, in its own report or its parent's.
func (s Standing) Reported() bool {
	return s.State == Filed || s.State == Late || s.State == Replaced
}

// InTime tells whether they came in time; never where no day is known.
func (s Standing) InTime() bool {
	switch {
	case s.DueBy.IsZero():
		return false
	case s.State == Replaced:
		return s.FiledAt.Before(s.DueBy.AddDays(1).Start())
	}
	return s.State == Filed
}

// Assess tells how the unit stood at a moment, from what is on record today: what was
// filed or decided later is left out, what was withdrawn since is, too. owes is false when
// the unit does not owe the report: it is of another type, does not meet the condition, or
// was not active on the last day of the period.
func (o *Owed) Assess(u *Unit, at time.Time) (s Standing, owes bool) {
	if u.Type != o.ReporterType || !u.Active.Holds(o.Last) || !o.concerns(u) {
		return s, false
	}
	s.Province = u.provinceOn(o.Last)
	for _, c := range u.Covered {
		if c.Holds(o.Last) {
			s.By = c.By
		}
	}
	f := o.facts(u, at)
	s.ExtendedTo = f.extendedTo
	before := o.DueBefore
	if after := f.extendedTo.AddDays(1); after.After(before) {
		before = after
	}
	if !before.IsZero() {
		s.DueBy = before.AddDays(-1)
	}
	s.FiledAt = f.filed
	if !f.covered.IsZero() {
		s.FiledAt, s.By = f.covered, f.coveredBy
	}
	s.State = o.state(f, before, at)
	return s, true
}

// concerns tells whether the unit meets the condition at any time of the period.
func (o *Owed) concerns(u *Unit) bool {
	period := Span{o.First, o.Last}
	within := func(spans []Span) bool { return slices.ContainsFunc(spans, period.meets) }
	switch o.Condition {
	case "all":
		return true
	case "hazard":
		return within(u.Hazard)
	case "strict_jobs":
		return within(u.StrictJobs)
	}
	if u.Type == "authority" {
		return u.Authority == o.Condition
	}
	return slices.Contains(u.Services, o.Condition)
}

func (u *Unit) provinceOn(day seeds.Date) seeds.ProvinceRef {
	for _, stay := range u.HeadOffice {
		if stay.Holds(day) {
			return stay.Province
		}
	}
	return seeds.ProvinceRef{}
}

// facts are those that matter for one report.
type facts struct {
	filed, covered time.Time
	coveredBy      string
	exempt         bool
	extendedTo     seeds.Date
}

func (o *Owed) facts(u *Unit, at time.Time) (f facts) {
	for _, fact := range u.Facts {
		if fact.Kind != o.Kind || fact.Period != o.Period || fact.At.After(at) || o.Kind == "" {
			continue
		}
		switch fact.What {
		case WasFiled:
			if f.filed.IsZero() || fact.At.Before(f.filed) {
				f.filed = fact.At
			}
		case WasCovered:
			// A unit may be named by several; the first receipt counts.
			if f.covered.IsZero() || fact.At.Before(f.covered) {
				f.covered, f.coveredBy = fact.At, fact.By
			}
		case WasExempted:
			f.exempt = true
		case WasExtended:
			f.extendedTo = fact.DueBy
		}
	}
	return f
}

func (o *Owed) state(f facts, before seeds.Date, at time.Time) State {
	switch {
	case o.Kind == "":
		return Elsewhere
	case !f.covered.IsZero():
		return Replaced
	case !f.filed.IsZero():
		if f.exempt || before.IsZero() || f.filed.Before(before.Start()) {
			return Filed
		}
		return Late
	case f.exempt:
		return Exempt
	case before.IsZero():
		return Undated
	case !at.Before(before.Start()):
		return Missing
	case !o.DueBefore.IsZero() && !at.Before(o.DueBefore.Start()):
		return Extended
	}
	return Due
}
