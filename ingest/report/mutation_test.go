package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// unconstrained are the changes of a cell that no identity can see, with the reason. The
// form itself gives none: it is not that a rule was forgotten.
var unconstrained = map[string]string{
	"1.3 accidents_multi -1":      "an accident with two or more victims may have one of each occupation, and then counts in no row of 1.3: there is no lower limit",
	"3 row removed":               "row 3 says nothing that rows 1 and 2 do not: it may be left out",
	"damage days_off +1":          "table II gives days off once and splits them nowhere",
	"damage days_off -1":          "table II gives days off once and splits them nowhere",
	"damage property +1":          "damage to property is no part of the total cost, and is split nowhere",
	"damage property -1":          "damage to property is no part of the total cost, and is split nowhere",
	"head workers/total +1":       "the number of workers is given once; only that women and victims are not more of them is known",
	"head workers/total -1":       "the number of workers is given once; only that women and victims are not more of them is known",
	"head workers/women +1":       "women are given once; only that they are not more than the workers is known",
	"head workers/women -1":       "women are given once; only that they are not more than the workers is known",
	"head payroll_million_vnd +1": "the payroll is given once; only a slip of the unit is looked for",
	"head payroll_million_vnd -1": "the payroll is given once; only a slip of the unit is looked for",
	"head hours_worked +1":        "hours are given once, if at all; only a slip of the unit is looked for",
	"head hours_worked -1":        "hours are given once, if at all; only a slip of the unit is looked for",
}

// mutation is a valid Annex XII with one thing changed.
type mutation struct {
	name   string // "1.1 victims +1": block or part, cell, change
	change func(a *report.Annex)
}

// mutants are all changes of one cell by one, and of one row.
func mutants(a *report.Annex) []mutation {
	var all []mutation
	add := func(name string, change func(*report.Annex)) { all = append(all, mutation{name, change}) }
	amount := func(name string, of func(*report.Annex) *uint64) {
		add(name+" +1", func(a *report.Annex) { *of(a)++ })
		if *of(a) > 0 {
			add(name+" -1", func(a *report.Annex) { *of(a)-- })
		}
	}
	count := func(name string, of func(*report.Annex) *uint32) {
		add(name+" +1", func(a *report.Annex) { *of(a)++ })
		if *of(a) > 0 {
			add(name+" -1", func(a *report.Annex) { *of(a)-- })
		}
	}
	for i := range a.Rows {
		block := string(a.Rows[i].Block)
		for _, m := range report.AllMeasures() {
			count(block+" "+m.Name, func(a *report.Annex) *uint32 { return m.Of(&a.Rows[i].Measures) })
		}
		add(block+" row removed", func(a *report.Annex) { a.Rows = slices.Delete(a.Rows, i, i+1) })
		add(block+" row added", func(a *report.Annex) {
			row := a.Rows[i]
			row.Code = map[string]string{"1.1": "9", "1.2": "11", "1.3": "9999"}[block]
			a.Rows = append(a.Rows, row)
		})
	}
	count("head workers/total", func(a *report.Annex) *uint32 { return &a.Workers.Total })
	count("head workers/women", func(a *report.Annex) *uint32 { return &a.Workers.Women })
	amount("head payroll_million_vnd", func(a *report.Annex) *uint64 { return &a.PayrollMillionVND })
	amount("head hours_worked", func(a *report.Annex) *uint64 { return &a.HoursWorked })
	amount("damage days_off", func(a *report.Annex) *uint64 { return &a.Damage.DaysOff })
	amount("damage cost_total", func(a *report.Annex) *uint64 { return &a.Damage.CostTotal })
	amount("damage cost_medical", func(a *report.Annex) *uint64 { return &a.Damage.CostMedical })
	amount("damage cost_wages", func(a *report.Annex) *uint64 { return &a.Damage.CostWages })
	amount("damage cost_compensation", func(a *report.Annex) *uint64 { return &a.Damage.CostCompensation })
	amount("damage property", func(a *report.Annex) *uint64 { return &a.Damage.Property })
	return all
}

// mutated are the documents the test starts from: the example, and one in which every
// cell of every block is used.
func mutated(t *testing.T) map[string]func() report.Submission {
	read := func(document []byte) func() report.Submission {
		return func() report.Submission {
			s, form, err := report.Decode(document)
			require.NoError(t, err)
			require.Empty(t, form)
			return s
		}
	}
	// Two accidents of row 1, three victims each, and one on the way: half of the
	// victims are women, half are outside. In the last, all have one occupation.
	const rows = `[
{"block":"1","accidents":2,"accidents_fatal":1,"accidents_multi":2,"victims":6,"victims_outside":4,"women":4,"women_outside":3,"deaths":2,"deaths_outside":1,"serious":3,"serious_outside":2},
{"block":"1.1","code":"1","accidents":1,"accidents_fatal":1,"accidents_multi":1,"victims":3,"victims_outside":2,"women":2,"women_outside":2,"deaths":2,"deaths_outside":1,"serious":1,"serious_outside":1},
{"block":"1.1","code":"3","accidents":1,"accidents_multi":1,"victims":3,"victims_outside":2,"women":2,"women_outside":1,"serious":2,"serious_outside":1},
{"block":"1.2","code":"1","accidents":1,"accidents_fatal":1,"accidents_multi":1,"victims":3,"victims_outside":2,"women":2,"women_outside":2,"deaths":2,"deaths_outside":1,"serious":1,"serious_outside":1},
{"block":"1.2","code":"10","accidents":1,"accidents_multi":1,"victims":3,"victims_outside":2,"women":2,"women_outside":1,"serious":2,"serious_outside":1},
{"block":"1.3","code":"7111","accidents":1,"accidents_fatal":1,"accidents_multi":1,"victims":3,"victims_outside":2,"women":2,"women_outside":2,"deaths":2,"deaths_outside":1,"serious":1,"serious_outside":1},
{"block":"1.3","code":"8342","accidents":1,"accidents_multi":1,"victims":3,"victims_outside":2,"women":2,"women_outside":1,"serious":2,"serious_outside":1},
{"block":"2","accidents":1,"accidents_fatal":1,"accidents_multi":1,"victims":2,"victims_outside":2,"women":1,"women_outside":1,"deaths":1,"deaths_outside":1,"serious":1,"serious_outside":1},
{"block":"3","accidents":3,"accidents_fatal":2,"accidents_multi":3,"victims":8,"victims_outside":6,"women":5,"women_outside":4,"deaths":3,"deaths_outside":2,"serious":4,"serious_outside":3}]`
	full := reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/rows", rows)
	const alike = `{"block":"1.3","code":"7111","accidents":2,"accidents_fatal":1,"accidents_multi":2,"victims":6,"victims_outside":4,"women":4,"women_outside":3,"deaths":2,"deaths_outside":1,"serious":3,"serious_outside":2}`
	return map[string]func() report.Submission{
		"example": read(reporttest.Valid(report.AnnexXII)),
		"full":    read(full),
		"alike":   read(reporttest.Set(reporttest.Remove(full, "/content/rows/6"), "/content/rows/5", alike)),
	}
}

// Whoever changes one cell of a valid Annex XII, or adds or leaves out one row, is told:
// in all changes that an identity of the form can see, and they are listed that none can.
func TestEveryChangedCellIsFound(t *testing.T) {
	blind := map[string]bool{}
	var tried, caught, excused int
	for name, fresh := range mutated(t) {
		base := fresh()
		require.Empty(t, report.Check(ctx(), &base, nil), name)
		for _, m := range mutants(base.Content.(*report.Annex)) {
			s := fresh()
			m.change(s.Content.(*report.Annex))
			found := report.Check(ctx(), &s, nil)
			tried++
			switch {
			case len(found) > 0:
				caught++
			case unconstrained[m.name] != "":
				excused++
				blind[m.name] = true
			default:
				t.Errorf("%s: %s goes unnoticed", name, m.name)
			}
		}
	}
	require.Len(t, blind, len(unconstrained), "listed as unconstrained, but always found: %v", unconstrained)
	constrained := tried - excused
	report := fmt.Sprintf("%d changes of one cell or row: %d of the %d that an identity constrains are found, %d are constrained by none",
		tried, caught, constrained, excused)
	t.Log(report)
	require.Equal(t, constrained, caught, report)
	require.Greater(t, tried, 300)
}

// Of the identities that are sums, each is broken by some change of one cell: none is
// there for nothing.
func TestEveryIdentityOfAnnexXIIIsNeeded(t *testing.T) {
	broken := map[string]bool{}
	for _, fresh := range mutated(t) {
		base := fresh()
		for _, m := range mutants(base.Content.(*report.Annex)) {
			s := fresh()
			m.change(s.Content.(*report.Annex))
			for _, f := range report.Check(ctx(), &s, nil) {
				broken[f.Code] = true
			}
		}
	}
	var unbroken []string
	for _, r := range report.AllRules() {
		if r.Kind == report.AnnexXII && r.Arithmetic != nil && r.Severity == report.Error && !broken[r.Code] {
			unbroken = append(unbroken, r.Code)
		}
	}
	require.Empty(t, strings.Join(unbroken, " "))
}
