package store

import (
	"fmt"
	"slices"
	"strings"
)

// isOfCases reports whether a measure is counted from accident cases.
func isOfCases(measure string) bool {
	return slices.ContainsFunc(append(caseColumns(), inquiryColumns()...), func(c column) bool { return c.measure == measure })
}

// liveCells returns the SELECTs of the sources that the measures need: fields, after the
// measure, of the rows that meet the conditions.
//
// Each adds a source up per cell, all measures side by side, and then turns them into rows:
// thousands of cells are cheap to turn, millions of reports are not. Nothing stands around
// it: what the engine does to understand a query grows with its depth.
func liveCells(s shape, fields []field, where []string) (string, error) {
	var all []string
	for _, src := range s.sources {
		columns := slices.DeleteFunc(src.columns, func(c column) bool { return !slices.Contains(s.measures, c.measure) })
		if len(columns) == 0 {
			continue
		}
		rows, err := execute(src.rowsFile(s), s.of(columns))
		if err != nil {
			return "", err
		}
		if src.file == "case" {
			all = append(all, s.caseCells(rows, columns, fields, where))
			continue
		}
		all = append(all, selectFrom(rows, append([]field{{name: "measure", expression: s.cells(columns)}}, fields...), where))
	}
	return strings.Join(all, "\nUNION ALL\n"), nil
}

// caseCells adds accidents up by whether they were on the way to or from work and whether
// anybody had a contract, rather than each measure under conditions of its own. If measures
// of both are asked for, the answer has all measures of both.
func (s shape) caseCells(rows string, columns []column, fields []field, where []string) string {
	var plain, base []column
	for _, c := range columns {
		name, commuting := strings.CutPrefix(c.measure, commutingPrefix)
		if !commuting {
			plain = append(plain, c)
		}
		c.measure = name
		if !slices.ContainsFunc(base, func(b column) bool { return b.measure == c.measure && b.employment == c.employment }) {
			base = append(base, c)
		}
	}
	where = slices.Clone(where)
	switch len(plain) {
	case 0:
		where = append(where, "commuting")
	case len(columns):
		where = append(where, "NOT commuting")
	}
	measure := field{name: "measure", expression: "concat(if(commuting, '" + commutingPrefix + "', ''), " + s.cells(base) + ")"}
	fields = slices.Concat([]field{measure}, fields, []field{{name: "commuting", grouped: true}, {name: "contract", grouped: true}})
	return selectFrom(rows, fields, where)
}

// cells makes rows of tuples of measure, employment and sum, and gives the measure. Where
// several splits are asked for, a measure is 0 in those that it does not have.
func (s shape) cells(columns []column) string {
	tuples := make([]string, len(columns))
	for i, c := range columns {
		sum := c.expression
		without := slices.DeleteFunc(slices.Clone(s.splits), func(d Dim) bool { return d == whole || slices.Contains(c.cuts, d) })
		if s.Several() && len(without) > 0 {
			sum = fmt.Sprintf("if(split IN ('%s'), 0, %s)", strings.Join(namesOf(without), "', '"), sum)
		}
		employment := "'" + c.employment + "'"
		if c.employment == ofAccident {
			employment = fmt.Sprintf("if(contract, '%s', '%s')", Contract, NoContract)
		}
		tuples[i] = fmt.Sprintf("('%s', %s, toInt64(%s))", c.measure, employment, sum)
	}
	return "tupleElement(arrayJoin(\n    [\n        " + strings.Join(tuples, ",\n        ") + "\n    ]) AS cell, 1)"
}
