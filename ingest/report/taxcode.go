package report

import (
	"errors"
	"strings"
)

// TaxCode is a tax identification number (mã số thuế): "0123456789" of an
// enterprise, "0123456789-001" of its branch, or, since 1 July 2025, the
// 12-digit personal number of a household business's representative. The last is
// personal data: [Submission.Strip] replaces it by "hb:" and its pseudonym.
type TaxCode string

// taxWeights are the weights of the digits 1 to 9.
var taxWeights = [9]int{31, 29, 23, 19, 17, 13, 7, 5, 3}

// Valid returns nil if a filer may use the code: form and check digit are right.
// A household's pseudonym is not valid here, because only the platform writes it.
//
// Check digit: r = Σ weight·digit mod 11 over the digits 1 to 9, the tenth digit
// is 10 − r, and r = 0 is never issued. Two variants that circulate,
// (11 − r) mod 11 and (10 − r) mod 10, are wrong.
func (t TaxCode) Valid() error {
	if t.IsPerson() {
		return nil
	}
	base, branch, hasBranch := strings.Cut(string(t), "-")
	if len(base) != 10 || !digits(base) {
		return errors.New("tax code: want 10 digits, 10 digits and a branch -001 to -999, or 12 digits")
	}
	if hasBranch && (len(branch) != 3 || !digits(branch) || branch == "000") {
		return errors.New("tax code: want a branch number -001 to -999")
	}
	if base[2:9] == "0000000" {
		return errors.New("tax code: the digits 3 to 9 are all zero")
	}
	if want := taxCheckDigit(base); want < 0 || int(base[9]-'0') != want {
		return errors.New("tax code: wrong check digit")
	}
	return nil
}

// taxCheckDigit returns the tenth digit that belongs to the first nine, -1 if
// such a number is never issued.
func taxCheckDigit(base string) int {
	sum := 0
	for i, w := range taxWeights {
		sum += w * int(base[i]-'0')
	}
	if r := sum % 11; r != 0 {
		return 10 - r
	}
	return -1
}

// IsPerson tells whether the code is a person's 12-digit number.
func (t TaxCode) IsPerson() bool { return len(t) == 12 && digits(string(t)) }

// IsHousehold tells whether the code is a household's pseudonym.
func (t TaxCode) IsHousehold() bool { return strings.HasPrefix(string(t), householdPrefix) }

// IsBranch tells whether the code is that of a branch.
func (t TaxCode) IsBranch() bool { return len(t) == 14 && t[10] == '-' }

// Base returns the first ten digits of an enterprise's or branch's code, and
// the code itself otherwise.
func (t TaxCode) Base() TaxCode {
	if t.IsBranch() {
		return t[:10]
	}
	return t
}

// digits tells whether s holds nothing but ASCII digits.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// maybePersonal tells whether the code, right or wrong, may be a person's: a
// mistyped one is as personal as the right one.
func (t TaxCode) maybePersonal() bool { return t.Valid() != nil && len(t) != 10 || t.IsPerson() }
