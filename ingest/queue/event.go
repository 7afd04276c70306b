// Package queue carries accepted reports over Kafka: the event's wire form, the
// topics, the producer of the gateway and the consumer of the sink.
package queue

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/report"
)

// Event is one revision of one report, as it travels from the gateway to the
// store. It holds nothing personal in clear: Content is the stripped report,
// Sealed the ciphertext of what was taken out.
type Event struct {
	ReportID  uuid.UUID
	Revision  uint32
	Kind      report.Kind
	Withdrawn bool
	// StatYear is the year the report counts for; it never changes between revisions.
	StatYear int
	// Period is "2025" or "2025H1" for periodic reports, empty for events.
	Period string
	// Unit is the reporting unit of the natural key, for example "0100109106/0".
	Unit string
	// SubmittedBy names the principal that filed this revision.
	SubmittedBy string
	// FiledAt is the receipt time of revision 1, ReceivedAt that of this one.
	FiledAt, ReceivedAt time.Time
	// SHA256 is taken over the RFC 8785 form of what was submitted.
	SHA256   [32]byte
	Tracking string
	// RequestID is the UUIDv5 of principal and Idempotency-Key, or Nil.
	RequestID    uuid.UUID
	RulesVersion string
	// Warnings are the codes of the findings that were stored with the report.
	Warnings []string
	// Content is the stripped report as JSON; empty when Withdrawn.
	Content []byte
	// Sealed is the ciphertext of the private values, SealedKey the id of its key.
	Sealed    []byte
	SealedKey string
}

// CloudEvents 1.0, Kafka protocol binding, binary mode: attributes are headers
// with the prefix ce_. Extension names are lower-case letters and digits only.
const (
	specVersion = "1.0"
	eventSource = "/atvsld/gateway"
	typePrefix  = "vn.atvsld.report."
	typeSuffix  = ".v1"
	contentType = "application/json"
	timeLayout  = "2006-01-02T15:04:05.000Z07:00"

	headerSpec        = "ce_specversion"
	headerID          = "ce_id"
	headerSource      = "ce_source"
	headerType        = "ce_type"
	headerSubject     = "ce_subject"
	headerTime        = "ce_time"
	headerContentType = "content-type"
	headerRevision    = "ce_revision"
	headerWithdrawn   = "ce_withdrawn"
	headerStatYear    = "ce_statyear"
	headerPeriod      = "ce_period"
	headerUnit        = "ce_unit"
	headerSubmittedBy = "ce_submittedby"
	headerFiledAt     = "ce_filedat"
	headerSHA256      = "ce_sha256"
	headerRequestID   = "ce_requestid"
	headerRules       = "ce_rulesversion"
	headerWarnings    = "ce_warnings"
	headerSealedKey   = "ce_sealedkey"
)

// MaxEventBytes bounds the value of a message that Decode looks at. A report is
// at most 256 KiB; base64 and the envelope add less than half of that again.
const MaxEventBytes = 640 << 10

// data is the value of the message.
type data struct {
	Content jsontext.Value `json:"content,omitzero"`
	Sealed  []byte         `json:"sealed,omitempty"`
}

// ErrEvent is wrapped by every error of Decode.
var ErrEvent = errors.New("not an event of atvsld")

// Decode reads a message back. It is a pure function of the message's bytes, so
// that a replay gives the same rows. Whatever is wrong wraps ErrEvent.
func Decode(m kafka.Message) (Event, error) {
	if len(m.Value) > MaxEventBytes {
		return Event{}, fmt.Errorf("%w: %d bytes, at most %d", ErrEvent, len(m.Value), MaxEventBytes)
	}
	h := headerReader{values: make(map[string]string, len(m.Headers))}
	for _, header := range m.Headers {
		if _, twice := h.values[header.Key]; twice {
			return Event{}, fmt.Errorf("%w: header %q twice", ErrEvent, header.Key)
		}
		h.values[header.Key] = string(header.Value)
	}
	h.constant(headerSpec, specVersion)
	e := Event{
		ReportID:     h.uuid(headerSubject, true),
		Revision:     uint32(h.number(headerRevision, 1, 1<<15)),
		Kind:         h.kind(),
		Withdrawn:    h.values[headerWithdrawn] == "true",
		StatYear:     int(h.number(headerStatYear, 1900, 9999)),
		Period:       h.values[headerPeriod],
		Unit:         h.text(headerUnit),
		SubmittedBy:  h.text(headerSubmittedBy),
		FiledAt:      h.time(headerFiledAt),
		ReceivedAt:   h.time(headerTime),
		SHA256:       h.hash(headerSHA256),
		Tracking:     h.text(headerID),
		RequestID:    h.uuid(headerRequestID, false),
		RulesVersion: h.text(headerRules),
		SealedKey:    h.values[headerSealedKey],
	}
	if list := h.values[headerWarnings]; list != "" {
		e.Warnings = strings.Split(list, ",")
	}
	if h.err != nil {
		return Event{}, h.err
	}
	if string(m.Key) != e.ReportID.String() {
		return Event{}, fmt.Errorf("%w: key is not the report id", ErrEvent)
	}
	var d data
	if err := json.Unmarshal(m.Value, &d, json.RejectUnknownMembers(true)); err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrEvent, err)
	}
	if e.Withdrawn == (len(d.Content) > 0) {
		return Event{}, fmt.Errorf("%w: a withdrawal has no content, every other revision has", ErrEvent)
	}
	e.Content, e.Sealed = d.Content, d.Sealed
	return e, nil
}

// headerReader reads headers and keeps the first error.
type headerReader struct {
	values map[string]string
	err    error
}

func (h *headerReader) fail(name, why string) {
	if h.err == nil {
		h.err = fmt.Errorf("%w: header %s %s", ErrEvent, name, why)
	}
}

func (h *headerReader) constant(name, want string) {
	if h.values[name] != want {
		h.fail(name, "is not "+want)
	}
}

// text gives a required header, which must be printable and short.
func (h *headerReader) text(name string) string {
	v := h.values[name]
	if v == "" {
		h.fail(name, "is missing")
	}
	if len(v) > 200 {
		h.fail(name, "is longer than 200 bytes")
	}
	for _, r := range v {
		if r < ' ' || r == '\uFFFD' {
			h.fail(name, "holds unprintable characters")
			break
		}
	}
	return v
}

func (h *headerReader) kind() report.Kind {
	t := h.values[headerType]
	name, found := strings.CutPrefix(t, typePrefix)
	name, ended := strings.CutSuffix(name, typeSuffix)
	if !found || !ended {
		h.fail(headerType, "is not a report type")
		return ""
	}
	if _, known := report.Lookup(report.Kind(name)); !known {
		h.fail(headerType, "names an unknown kind")
	}
	return report.Kind(name)
}

func (h *headerReader) number(name string, from, to uint64) uint64 {
	n, err := strconv.ParseUint(h.values[name], 10, 32)
	if err != nil || n < from || n > to {
		h.fail(name, fmt.Sprintf("is not a number from %d to %d", from, to))
	}
	return n
}

func (h *headerReader) time(name string) time.Time {
	t, err := time.Parse(timeLayout, h.values[name])
	if err != nil {
		h.fail(name, "is not a time with milliseconds and offset")
	}
	return t
}

func (h *headerReader) hash(name string) (sum [32]byte) {
	b, err := hex.DecodeString(h.values[name])
	if err != nil || len(b) != len(sum) {
		h.fail(name, "is not a SHA-256 in hex")
		return sum
	}
	copy(sum[:], b)
	return sum
}

func (h *headerReader) uuid(name string, required bool) uuid.UUID {
	v := h.values[name]
	if v == "" && !required {
		return uuid.Nil
	}
	id, err := uuid.Parse(v)
	if err != nil || id.String() != v {
		h.fail(name, "is not a UUID in lower-case canonical form")
	}
	return id
}
