package seeds

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// local never changes: Viet Nam has kept UTC+7 without summer time since
// June 1975, long before the first year the platform holds, so a fixed zone
// gives the same answers as the tz database and needs no zone files at run time.
var local = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// Local returns Asia/Ho_Chi_Minh as a fixed UTC+07:00. Years, half-years and
// deadlines of every report are counted in it.
func Local() *time.Location { return local }

// Date is a day of the civil calendar without time or zone. The zero Date is
// "no date": in validity bounds it means open. Dates compare with ==.
type Date struct {
	year  int16
	month uint8
	day   uint8
}

const (
	minYear = 1
	maxYear = 9999
)

// NewDate returns the given day, or an error if the calendar has no such day
// or the year is outside 1..9999.
func NewDate(year int, month time.Month, day int) (Date, error) {
	if year < minYear || year > maxYear || month < time.January || month > time.December ||
		day < 1 || day > daysIn(year, month) {
		return Date{}, fmt.Errorf("no such date: %04d-%02d-%02d", year, int(month), day)
	}
	return Date{year: int16(year), month: uint8(month), day: uint8(day)}, nil
}

// MustDate is NewDate for constants of the program; it panics on a day that
// does not exist. Never pass it input.
func MustDate(year int, month time.Month, day int) Date {
	d, err := NewDate(year, month, day)
	if err != nil {
		panic(err)
	}
	return d
}

// ParseDate reads exactly YYYY-MM-DD (RFC 3339 full-date).
func ParseDate(s string) (Date, error) {
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return Date{}, errNotADate
	}
	year, okYear := digits(s[0:4])
	month, okMonth := digits(s[5:7])
	day, okDay := digits(s[8:10])
	if !okYear || !okMonth || !okDay {
		return Date{}, errNotADate
	}
	return NewDate(year, time.Month(month), day)
}

// The text is not repeated: it is input of unknown length and may be personal.
var errNotADate = errors.New("date is not written YYYY-MM-DD")

// DateOf returns the local (Viet Nam) day of an instant.
func DateOf(t time.Time) Date {
	year, month, day := t.In(local).Date()
	d, err := NewDate(year, month, day)
	if err != nil {
		return Date{} // outside 1..9999
	}
	return d
}

// digits reads one to nine decimal digits, so that no value overflows.
func digits(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Year returns the year, 0 for no date.
func (d Date) Year() int { return int(d.year) }

// Month returns the month, 0 for no date.
func (d Date) Month() time.Month { return time.Month(d.month) }

// Day returns the day of the month, 0 for no date.
func (d Date) Day() int { return int(d.day) }

// IsZero reports "no date".
func (d Date) IsZero() bool { return d == Date{} }

// Compare returns -1, 0 or +1 as d is before, on or after other; no date comes first.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.year, other.year), cmp.Compare(d.month, other.month), cmp.Compare(d.day, other.day))
}

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After reports whether d is later than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// AddDays returns the day n days later (earlier when n is negative), no date
// when d is none or the result leaves the years 1..9999.
func (d Date) AddDays(n int) Date {
	const span = (maxYear + 1) * 366
	if d.IsZero() || n > span || n < -span {
		return Date{}
	}
	year, month, day := d.utc().AddDate(0, 0, n).Date()
	moved, err := NewDate(year, month, day)
	if err != nil {
		return Date{}
	}
	return moved
}

// DaysSince returns the number of days from other to d, negative if d is
// earlier. Both must be dates.
func (d Date) DaysSince(other Date) int {
	return int((d.utc().Unix() - other.utc().Unix()) / (24 * 60 * 60))
}

// Start returns the first instant of the day in Viet Nam.
func (d Date) Start() time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, local)
}

func (d Date) utc() time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
}

// String returns YYYY-MM-DD, "" for no date.
func (d Date) String() string {
	text, _ := d.AppendText(nil)
	return string(text)
}

// AppendText appends what String returns.
func (d Date) AppendText(b []byte) ([]byte, error) {
	if d.IsZero() {
		return b, nil
	}
	return fmt.Appendf(b, "%04d-%02d-%02d", d.year, d.month, d.day), nil
}

// MarshalText returns what String returns; use `omitzero` in JSON to leave no
// date out.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads what MarshalText writes: YYYY-MM-DD, or empty text for no date.
// On an error d keeps its value.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
