package report

import (
	"time"

	"atvsld/seeds"

	"strconv"
	"strings"
)

// Period is a year "2025" or its first half "2025H1". A year's report covers
// the whole year; half-year and year are never summed.
type Period string

// The years a period may name. Law 84/2015/QH13 and Decree 39/2016/ND-CP came
// into force on 1 July 2016.
const (
	firstYear = 2016
	lastYear  = 2199
)

// Valid tells whether p is written as it must be.
func (p Period) Valid() bool {
	y := p.Year()
	return y >= firstYear && y <= lastYear
}

// Year returns the year, 0 if p is not written as it must be.
func (p Period) Year() int {
	s := strings.TrimSuffix(string(p), "H1")
	if len(s) != 4 || !digits(s) {
		return 0
	}
	y, _ := strconv.Atoi(s)
	return y
}

// HalfYear tells whether p is a first half-year.
func (p Period) HalfYear() bool { return strings.HasSuffix(string(p), "H1") }

// End returns the last day of the period, the zero Date if it is not valid.
func (p Period) End() seeds.Date {
	switch {
	case !p.Valid():
		return seeds.Date{}
	case p.HalfYear():
		return seeds.MustDate(p.Year(), time.June, 30)
	default:
		return seeds.MustDate(p.Year(), time.December, 31)
	}
}

// Before returns the same period of the year before, "" if there is none.
func (p Period) Before() Period {
	if p.Year() <= firstYear {
		return ""
	}
	return Period(strconv.Itoa(p.Year()-1) + string(p[4:]))
}
