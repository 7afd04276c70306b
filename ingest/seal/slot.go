package seal

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const (
	firstYear = 1900
	lastYear  = 2999
)

// Slot names a data key: the year for which a report counts, and the retention class of its
// kind. Texts of one class are kept equally long, so the key of a class can be destroyed while
// those of the same year that have to be kept longer still open.
//
// Without a class it is the key that texts of every kind shared before there were classes;
// where something is destroyed it is the whole year.
type Slot struct {
	Year  int
	Class string // lower-case letters and "_", at most 24
}

var (
	className = regexp.MustCompile(`^[a-z][a-z_]{0,23}$`)
	slotName  = regexp.MustCompile(`^([0-9]{4})(?:-([a-z][a-z_]{0,23}))?$`)
	// keyIDForm is that of the ids in stored records: "2025-0123456789abcdef" without a class,
	// "2025-accident-0123456789abcdef" with one.
	keyIDForm = regexp.MustCompile(`^([0-9]{4}(?:-[a-z][a-z_]{0,23})?)-[0-9a-f]{16}$`)
)

// String is the name of the slot's key file: "2025" or "2025-accident".
func (s Slot) String() string {
	if s.Class == "" {
		return fmt.Sprintf("%04d", s.Year)
	}
	return fmt.Sprintf("%04d-%s", s.Year, s.Class)
}

func (s Slot) check() error {
	if s.Year < firstYear || s.Year > lastYear {
		return fmt.Errorf("year %d is not within %d to %d", s.Year, firstYear, lastYear)
	}
	if s.Class != "" && !className.MatchString(s.Class) {
		return fmt.Errorf("%.40q is not the name of a retention class", s.Class)
	}
	return nil
}

// parseSlot reads the name of a key file.
func parseSlot(name string) (Slot, error) {
	parts := slotName.FindStringSubmatch(name)
	if parts == nil {
		return Slot{}, errors.New("not the name of a data key")
	}
	year, err := strconv.Atoi(parts[1])
	if err != nil {
		return Slot{}, fmt.Errorf("year of a data key: %w", err)
	}
	s := Slot{Year: year, Class: parts[2]}
	return s, s.check()
}

// SlotOfKey tells which data key an id names. The id comes from stored records and names a
// file, so nothing but the exact form is let through.
func SlotOfKey(id string) (Slot, error) {
	if !keyIDForm.MatchString(id) {
		return Slot{}, errors.New("not the id of a data key")
	}
	return parseSlot(id[:strings.LastIndexByte(id, '-')])
}
