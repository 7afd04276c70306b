// Package queue carries accepted reports over Kafka: the event's wire form, the
// topics, the producer of the gateway and the consumer of the sink.
package queue

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

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
	// EnteredAt is when a report that came on paper was entered; ReceivedAt is then of
	// the day of the paper. Zero of what was filed by itself.
	EnteredAt time.Time
	// SHA256 stands for the RFC 8785 form of what was submitted: its digest, keyed; see
	// seal.Keys.Mark.
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
	headerEnteredAt   = "ce_enteredat"
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
