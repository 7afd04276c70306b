package report

import (
	"fmt"
	"log/slog"
)

// Private is text that must never leave the gateway in clear: names, identity
// numbers, birth dates, free text. It unmarshals from a JSON string, but every
// way out writes nothing (marshalling) or dots (formatting, logging), so that a
// leak by carelessness is impossible. Reveal is the only way to the text. (Never
// use it as the key of a map: encoding/json writes keys of a string kind as they
// are.)
type Private string

const hidden = "•••"

// Reveal returns the text itself.
func (p Private) Reveal() string { return string(p) }

// MarshalText writes nothing, in JSON as in any other encoding.
func (p Private) MarshalText() ([]byte, error) { return nil, nil }

// MarshalBinary writes nothing (encoding/gob does not ask for text).
func (p Private) MarshalBinary() ([]byte, error) { return nil, nil }

// String returns dots.
func (p Private) String() string { return hidden }

// Format writes dots whatever the verb; %x or %d would otherwise show the text.
func (p Private) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue returns dots.
func (p Private) LogValue() slog.Value { return slog.StringValue(hidden) }

// Pseudonym stands for a person, a name or a household: 32 hex digits, or "".
// Only the platform computes it.
type Pseudonym string

// The domains of pseudonyms. The same value in two domains gives two unrelated
// pseudonyms, so that tables cannot be joined across them.
const (
	DomainPerson    = "person"
	DomainName      = "name"
	DomainHousehold = "household"
)

// PseudonymFunc computes a keyed pseudonym of a value within a domain.
type PseudonymFunc func(domain, value string) Pseudonym

// householdPrefix marks a household's pseudonym where a tax code stands.
const householdPrefix = "hb:"
