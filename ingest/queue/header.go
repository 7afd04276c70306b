package queue

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/report"
)

// Places of the headers, in the order of Encode.
const (
	atSpec = iota
	atID
	atSource
	atType
	atSubject
	atTime
	atContentType
	atRevision
	atWithdrawn
	atStatYear
	atPeriod
	atUnit
	atSubmittedBy
	atFiledAt
	atSHA256
	atRequestID
	atRules
	atWarnings
	atSealedKey
	atEnteredAt
	headerCount
)

var headerNames = [headerCount]string{
	atSpec: headerSpec, atID: headerID, atSource: headerSource, atType: headerType, atSubject: headerSubject, atTime: headerTime,
	atContentType: headerContentType, atRevision: headerRevision, atWithdrawn: headerWithdrawn, atStatYear: headerStatYear, atPeriod: headerPeriod,
	atUnit: headerUnit, atSubmittedBy: headerSubmittedBy, atFiledAt: headerFiledAt, atSHA256: headerSHA256,
	atRequestID: headerRequestID, atRules: headerRules, atWarnings: headerWarnings, atSealedKey: headerSealedKey,
	atEnteredAt: headerEnteredAt,
}

// headerReader reads headers and keeps the first error.
type headerReader struct {
	values [headerCount][]byte
	err    error
}

// readHeaders sorts headers by name. A name that comes twice is refused, also one that
// means nothing here.
func readHeaders(headers []kafka.Header) (headerReader, error) {
	var (
		h      headerReader
		seen   [headerCount]bool
		others map[string]bool
		next   int
	)
	for _, header := range headers {
		place := placeOf(header.Key, next)
		if place < headerCount {
			if seen[place] {
				return h, fmt.Errorf("%w: header %q twice", ErrEvent, header.Key)
			}
			seen[place], h.values[place], next = true, header.Value, place+1
			continue
		}
		if others == nil {
			others = make(map[string]bool, 2)
		}
		if others[header.Key] {
			return h, fmt.Errorf("%w: header %q twice", ErrEvent, header.Key)
		}
		others[header.Key] = true
	}
	return h, nil
}

// placeOf finds a name, headerCount when it is none of ours. Headers come in the order
// of Encode, so the place behind the last one found is looked at first.
func placeOf(name string, next int) int {
	for i := range headerCount {
		place := (next + i) % headerCount
		if headerNames[place] == name {
			return place
		}
	}
	return headerCount
}

func (h *headerReader) event() Event {
	h.constant(atSpec, specVersion)
	e := Event{
		ReportID:     h.uuid(atSubject, true),
		Revision:     uint32(h.number(atRevision, 1, 1<<15)),
		Kind:         h.kind(),
		Withdrawn:    string(h.values[atWithdrawn]) == "true",
		StatYear:     int(h.number(atStatYear, 1900, 9999)),
		Period:       string(h.values[atPeriod]),
		Unit:         h.text(atUnit),
		SubmittedBy:  h.text(atSubmittedBy),
		FiledAt:      h.time(atFiledAt),
		ReceivedAt:   h.time(atTime),
		SHA256:       h.hash(atSHA256),
		Tracking:     h.text(atID),
		RequestID:    h.uuid(atRequestID, false),
		RulesVersion: h.text(atRules),
		SealedKey:    string(h.values[atSealedKey]),
	}
	if len(h.values[atEnteredAt]) > 0 {
		e.EnteredAt = h.time(atEnteredAt)
	}
	if list := h.values[atWarnings]; len(list) > 0 {
		e.Warnings = strings.Split(string(list), ",")
	}
	return e
}

func (h *headerReader) fail(place int, why string) {
	if h.err == nil {
		h.err = fmt.Errorf("%w: header %s %s", ErrEvent, headerNames[place], why)
	}
}

func (h *headerReader) constant(place int, want string) {
	if string(h.values[place]) != want {
		h.fail(place, "is not "+want)
	}
}

// text gives a required header, which must be printable and short.
func (h *headerReader) text(place int) string {
	v := h.values[place]
	switch {
	case len(v) == 0:
		h.fail(place, "is missing")
	case len(v) > 200:
		h.fail(place, "is longer than 200 bytes")
	case !printable(v):
		h.fail(place, "holds unprintable characters")
	}
	return string(v)
}

func printable(text []byte) bool {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r < ' ' || r == utf8.RuneError {
			return false
		}
		text = text[n:]
	}
	return true
}

func (h *headerReader) kind() report.Kind {
	name, found := bytes.CutPrefix(h.values[atType], []byte(typePrefix))
	name, ended := bytes.CutSuffix(name, []byte(typeSuffix))
	if !found || !ended {
		h.fail(atType, "is not a report type")
		return ""
	}
	definition, known := report.Lookup(report.Kind(name))
	if !known {
		h.fail(atType, "names an unknown kind")
		return ""
	}
	return definition.Kind
}

func (h *headerReader) number(place int, from, to uint64) uint64 {
	n, err := strconv.ParseUint(string(h.values[place]), 10, 32)
	if err != nil || n < from || n > to {
		h.fail(place, fmt.Sprintf("is not a number from %d to %d", from, to))
	}
	return n
}

// time reads timeLayout. The standard library is several times faster with its own
// layout, which takes any number of digits behind the point.
func (h *headerReader) time(place int) time.Time {
	v := h.values[place]
	layout := timeLayout
	const point, zone = len("2006-01-02T15:04:05"), len("2006-01-02T15:04:05.000")
	if len(v) > zone && v[point] == '.' && digits(v[point+1:zone]) && (v[zone] == 'Z' || v[zone] == '+' || v[zone] == '-') {
		layout = time.RFC3339Nano
	}
	t, err := time.Parse(layout, string(v))
	if err != nil {
		h.fail(place, "is not a time with milliseconds and offset")
	}
	return t
}

func digits(text []byte) bool {
	for _, b := range text {
		if b < '0' || b > '9' {
			return false
		}
	}
	return true
}

func (h *headerReader) hash(place int) (sum [32]byte) {
	v := h.values[place]
	if len(v) == hex.EncodedLen(len(sum)) {
		if _, err := hex.Decode(sum[:], v); err == nil {
			return sum
		}
	}
	h.fail(place, "is not a SHA-256 in hex")
	return sum
}

func (h *headerReader) uuid(place int, required bool) uuid.UUID {
	v := h.values[place]
	if len(v) == 0 && !required {
		return uuid.Nil
	}
	id, err := uuid.ParseBytes(v)
	// Of 36 characters there is one form, but for the case of its letters.
	if err != nil || len(v) != 36 || bytes.ContainsAny(v, "ABCDEF") {
		h.fail(place, "is not a UUID in lower-case canonical form")
	}
	return id
}
