// Package grant is what units let others do for them: filing software files and reads, the
// board of an industrial zone reads. A grant is made and ended by whose unit it is, or by
// the operator; the store keeps every such act.
package grant

import (
	"regexp"
	"strings"

	"atvsld/ingest/report"
)

var (
	householdForm = regexp.MustCompile(`^hb:[0-9a-f]{32}$`)
	communeForm   = regexp.MustCompile(`^(?:commune:)?[0-9]{5}$`)
)

const communePrefix = "commune:"

// Unit reads a unit as somebody writes it and returns it as scopes do: a tax code, with its
// branch if it is one; a household business by its 12 digits or its pseudonym; a commune by
// its 5 digits. ok is false for anything else. p gives the pseudonym.
func Unit(text string, p report.PseudonymFunc) (unit string, ok bool) {
	code := report.TaxCode(text)
	switch {
	case code.IsPerson():
		return string(report.HouseholdCode(code, p)), true
	case code.Valid() == nil, householdForm.MatchString(text):
		return text, true
	case communeForm.MatchString(text):
		return communePrefix + strings.TrimPrefix(text, communePrefix), true
	default:
		return "", false
	}
}

// IsCommune tells whether a unit is a commune.
func IsCommune(unit string) bool { return strings.HasPrefix(unit, communePrefix) }
