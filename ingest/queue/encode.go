package queue

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
)

// Encode gives the Kafka message of e. The key is the report id, so that all
// revisions of a report lie in one partition, in order. Message.Time stays zero:
// Kafka's own timestamp governs retention and must not be back-dated.
func Encode(e Event) (kafka.Message, error) {
	value, err := e.value()
	if err != nil {
		return kafka.Message{}, fmt.Errorf("encode event %s revision %d: %w", e.ReportID, e.Revision, err)
	}
	id := e.ReportID.String()
	h := newHeaderWriter()
	h.add(headerSpec, specVersion)
	h.add(headerID, e.Tracking)
	h.add(headerSource, eventSource)
	h.add(headerType, typePrefix, string(e.Kind), typeSuffix)
	h.add(headerSubject, id)
	h.take(headerTime, e.ReceivedAt.AppendFormat(h.text, timeLayout))
	h.add(headerContentType, contentType)
	h.take(headerRevision, strconv.AppendUint(h.text, uint64(e.Revision), 10))
	if e.Withdrawn {
		h.add(headerWithdrawn, "true")
	}
	h.take(headerStatYear, strconv.AppendInt(h.text, int64(e.StatYear), 10))
	h.add(headerPeriod, e.Period)
	h.add(headerUnit, e.Unit)
	h.add(headerSubmittedBy, e.SubmittedBy)
	h.take(headerFiledAt, e.FiledAt.AppendFormat(h.text, timeLayout))
	h.take(headerSHA256, hex.AppendEncode(h.text, e.SHA256[:]))
	if e.RequestID != uuid.Nil {
		h.add(headerRequestID, e.RequestID.String())
	}
	h.add(headerRules, e.RulesVersion)
	h.add(headerWarnings, strings.Join(e.Warnings, ","))
	h.add(headerSealedKey, e.SealedKey)
	if !e.EnteredAt.IsZero() {
		h.take(headerEnteredAt, e.EnteredAt.AppendFormat(h.text, timeLayout))
	}
	return kafka.Message{Key: []byte(id), Value: value, Headers: h.headers}, nil
}

// value gives the value of the message, as Decode reads data.
func (e Event) value() ([]byte, error) {
	if len(e.Content) > 0 && !jsontext.Value(e.Content).IsValid() {
		return nil, errors.New("the content is not JSON")
	}
	const around = `{"content":,"sealed":""}`
	value := make([]byte, 0, len(around)+len(e.Content)+base64.StdEncoding.EncodedLen(len(e.Sealed)))
	value = append(value, '{')
	if len(e.Content) > 0 {
		value = append(append(value, `"content":`...), e.Content...)
	}
	if len(e.Sealed) > 0 {
		if len(e.Content) > 0 {
			value = append(value, ',')
		}
		value = base64.StdEncoding.AppendEncode(append(value, `"sealed":"`...), e.Sealed)
		value = append(value, '"')
	}
	return append(value, '}'), nil
}

// headerWriter puts the headers of a message into one piece of memory: one for each
// would be a third of what encoding costs.
type headerWriter struct {
	headers []kafka.Header
	text    []byte
}

const usualHeaders = 600 // bytes of their values; more only costs more memory

func newHeaderWriter() *headerWriter {
	return &headerWriter{headers: make([]kafka.Header, 0, 19), text: make([]byte, 0, usualHeaders)}
}

// add adds a header unless its value is empty.
func (h *headerWriter) add(name string, parts ...string) {
	text := h.text
	for _, part := range parts {
		text = append(text, part...)
	}
	if len(text) > len(h.text) {
		h.take(name, text)
	}
}

// take adds the header whose value has been appended to what was there.
func (h *headerWriter) take(name string, text []byte) {
	start := len(h.text)
	h.headers = append(h.headers, kafka.Header{Key: name, Value: text[start:len(text):len(text)]})
	h.text = text
}
