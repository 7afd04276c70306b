package audit

import (
	"net/netip"
	"regexp"
	"strings"
)

// Most characters of a text.
const (
	maxID     = 200
	maxReason = 2000
)

// personal is a number of twelve digits that stands by itself: a citizen number. A pseudonym
// may hold twelve digits in a row, but letters stand around them or more digits.
var personal = regexp.MustCompile(`(^|[^0-9A-Za-z])[0-9]{12}($|[^0-9A-Za-z])`)

const hidden = "${1}#${2}"

// reportID is one that this platform or filing software makes: now and then its last group has
// digits alone, and the record would not name what was looked at.
var reportID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// clean makes a text fit to be kept: valid UTF-8, not too long, without a citizen number.
func clean(text string, most int) string {
	if reportID.MatchString(text) {
		return text
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	// Twice, because one match takes the separator that the next one needs.
	return personal.ReplaceAllString(personal.ReplaceAllString(text, hidden), hidden)
}

// tidy makes an entry fit to be kept, whatever it was made of: nothing that a caller sends may
// stop the log, nor bring a person's number into it.
func (e *Entry) tidy() {
	for text, most := range map[*string]int{
		&e.Who.ID: maxID, &e.Who.Token: maxID, (*string)(&e.Who.Role): maxID, (*string)(&e.Scope.Extent): maxID,
		&e.Operation: maxID, (*string)(&e.Action): maxID, (*string)(&e.Purpose): maxID, &e.Reference: maxID,
		(*string)(&e.Outcome): maxID, &e.By: maxID, &e.Reason: maxReason, &e.Network: maxID,
	} {
		*text = clean(*text, most)
	}
	on := make([]Touch, len(e.On))
	for i, t := range e.On {
		on[i] = Touch{Kind: clean(t.Kind, maxID), ID: clean(t.ID, maxID), Revision: t.Revision, Fields: []string{}}
		for _, pointer := range t.Fields {
			// A pointer never holds a line feed, which separates them in the store.
			on[i].Fields = append(on[i].Fields, strings.ReplaceAll(clean(pointer, maxID), "\n", " "))
		}
	}
	e.On = on
	e.Heads = append([]Head{}, e.Heads...)
}

// Bits of an address that are kept.
const (
	networkBits4 = 24
	networkBits6 = 48
)

// NetworkOf returns the network that an address (as in http.Request.RemoteAddr, or without the
// port) belongs to, "" if it is none. The rest of the address would say which machine it was,
// at home even whose; who asked is on record already.
func NetworkOf(remote string) string {
	address, err := netip.ParseAddr(remote)
	if err != nil {
		both, err := netip.ParseAddrPort(remote)
		if err != nil {
			return ""
		}
		address = both.Addr()
	}
	address = address.Unmap().WithZone("")
	bits := networkBits6
	if address.Is4() {
		bits = networkBits4
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}
