package report

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"atvsld/seeds"
)

// compute fills a victim's pseudonyms and age group. The accident happened at
// the given local time.
func (v *Victim) compute(at time.Time, p PseudonymFunc) {
	v.Person, v.NameKey = "", ""
	if v.hasCitizenNumber() {
		v.Person = p(DomainPerson, string(v.IDNumber))
	}
	if v.Name != "" {
		v.NameKey = p(DomainName, v.nameKey())
	}
	v.AgeGroup = v.ageGroup(at)
}

// hasCitizenNumber tells whether the identity number is a CCCD: 12 digits.
// Nothing else joins a person across reports.
func (v *Victim) hasCitizenNumber() bool {
	return len(v.IDNumber) == 12 && digits(string(v.IDNumber))
}

// nameKey is what is known of a person without a citizen number: the name in
// capitals with single spaces, the year of birth and the sex.
func (v *Victim) nameKey() string {
	name := strings.Join(strings.Fields(norm.NFC.String(string(v.Name))), " ")
	sex := v.Sex
	if sex == UnknownSex {
		sex = ""
	}
	return norm.NFC.String(strings.ToUpper(name)) + "|" + v.birthYear() + "|" + string(sex)
}

// birthYear returns the year of birth in four digits, "" if it is not known.
func (v *Victim) birthYear() string {
	year := string(v.BirthYear)
	if d, err := seeds.ParseDate(string(v.BirthDate)); err == nil {
		year = strconv.Itoa(d.Year())
	}
	if len(year) != 4 || !digits(year) {
		return ""
	}
	return year
}

// ageGroup returns the age group at the time of the accident. Where only the
// year of birth is known, the birthday is taken to have passed.
func (v *Victim) ageGroup(at time.Time) AgeGroup {
	year, err := strconv.Atoi(v.birthYear())
	if err != nil {
		return ""
	}
	age := at.Year() - year
	if d, err := seeds.ParseDate(string(v.BirthDate)); err == nil && beforeBirthday(at, d) {
		age--
	}
	if age < 0 || age > 130 {
		return ""
	}
	for _, g := range ageGroups {
		if age <= g.last {
			return g.name
		}
	}
	return "65+"
}

func beforeBirthday(at time.Time, birth seeds.Date) bool {
	return at.Month() < birth.Month() || at.Month() == birth.Month() && at.Day() < birth.Day()
}

// ageGroups lists the groups with their last year of age. Law 84/2015/QH13 and
// the Labour Code treat workers below 15 and from 15 to 17 apart.
var ageGroups = [...]struct {
	last int
	name AgeGroup
}{{14, "<15"}, {17, "15-17"}, {24, "18-24"}, {34, "25-34"}, {44, "35-44"}, {54, "45-54"}, {64, "55-64"}}

// NameKey is the value of which a person's pseudonym in [DomainName] is made.
func NameKey(name, birthYear string, sex Sex) string {
	v := Victim{Name: Private(name), BirthYear: Private(birthYear), Sex: sex}
	return v.nameKey()
}
