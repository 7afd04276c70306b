package store

import "slices"

// The second half of a year is not reported: a report is of the year or of its first half
// (Decree 39/2016/ND-CP Art. 24(1)). Its figures are the year's less the first half's, unit
// by unit, of those who filed both, or reporters of the one would be set against others of
// the other. A unit is left out, and counted, when its reports do not fit together:
//
//   - any count of its year is below that of its first half (YearBelowHalf);
//   - its two reports speak for different branches (OtherBranches).
//
// WorkersReporting are those of the year's report. What is split by a cut, or of a commune by
// section, is not subtracted and has no member or section.
const (
	YearBelowHalf = "reports_year_below_half"
	OtherBranches = "reports_other_branches"
)

// secondHalfSources take the place of annex and commune when the second half is asked for.
func secondHalfSources() []source {
	return []source{
		{file: "annex_second_half", columns: append(annexColumns(),
			column{YearBelowHalf, Contract, "sum(below)", nil},
			column{OtherBranches, Contract, "sum(other_branches)", nil})},
		{file: "commune_second_half", columns: append(formColumns(NoContract),
			column{Reports, NoContract, "sum(head)", byReporter},
			column{YearBelowHalf, NoContract, "sum(below)", nil})},
	}
}

// sourcesOf returns what live cells of a span are read from. Of the second half that is
// events, and what is left of the year.
func sourcesOf(span Span) []source {
	if span != SecondHalf {
		return sources()
	}
	events := slices.DeleteFunc(sources(), func(s source) bool { return s.file != "case" && s.file != "investigation" })
	return append(events, secondHalfSources()...)
}

// isCounted tells whether any source of the span has an asked measure: yearly reports have none
// of the second half.
func (q CellQuery) isCounted() bool {
	if q.Basis != Live {
		return true
	}
	return slices.ContainsFunc(sourcesOf(q.Span), func(s source) bool {
		return slices.ContainsFunc(s.columns, func(c column) bool { return slices.Contains(q.Measures, c.measure) })
	})
}

// AllForm are the columns of every count of table I, whichever is asked for.
func (s shape) AllForm() []string {
	columns := make([]string, len(form))
	for i, f := range form {
		columns[i] = f.column
	}
	return columns
}
