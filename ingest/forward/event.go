package forward

import (
	"mime"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/report"
)

// CloudEvents 1.0 in the Kafka protocol binding. Both modes are read: binary, where the
// attributes are headers with the prefix ce_, and structured, where the value is a JSON
// document with attributes and data.
const (
	// SubmissionType is the type of the events in an inbox, OutcomeType of the answers.
	SubmissionType = "vn.atvsld.submission.v1"
	OutcomeType    = "vn.atvsld.outcome.v1"

	specVersion     = "1.0"
	outcomeSource   = "/atvsld/forwarder"
	jsonType        = "application/json"
	structuredType  = "application/cloudevents+json"
	headerPrefix    = "ce_"
	headerMediaType = "content-type"
)

// Limits of a message. A value holds a submission and the text that was taken out of
// it, in base64.
const (
	MaxValueBytes  = 640 << 10
	MaxHeaderBytes = 32 << 10
	maxAttribute   = 200
)

// event is a CloudEvent: the attributes that are looked at, and the data.
type event struct {
	attributes map[string]string
	data       []byte
}

// The attributes that are looked at. All others are the sender's own.
var knownAttributes = []string{"specversion", "id", "source", "type", "datacontenttype"}

// readEvent reads a message in either mode. What is wrong with the attributes is told
// all at once; no finding repeats a value.
func readEvent(m kafka.Message) (event, []report.Finding) {
	headers := 0
	for _, h := range m.Headers {
		headers += len(h.Key) + len(h.Value)
	}
	if len(m.Value) > MaxValueBytes || headers > MaxHeaderBytes {
		return event{}, []report.Finding{ruleTooLarge.finding("", MaxValueBytes, MaxHeaderBytes, MaxValueBytes, MaxHeaderBytes)}
	}
	e := event{attributes: map[string]string{}, data: m.Value}
	var findings []report.Finding
	for _, h := range m.Headers {
		name, isAttribute := strings.CutPrefix(h.Key, headerPrefix)
		if h.Key == headerMediaType {
			name, isAttribute = "datacontenttype", true
		}
		if !isAttribute {
			continue
		}
		if _, twice := e.attributes[name]; twice {
			findings = append(findings, attribute(shown(name), "có hai lần", "it is there twice"))
		}
		e.attributes[name] = string(h.Value)
	}
	if mediaType(e.attributes["datacontenttype"]) == structuredType {
		structured, ok := readStructured(m.Value)
		if !ok {
			return e, append(findings, ruleData.finding(""))
		}
		e = structured
	}
	return e, append(findings, e.check()...)
}

// shown is the name of an attribute if we know it: any other may hold anything.
func shown(name string) string {
	if slices.Contains(knownAttributes, name) {
		return name
	}
	return "ce_…"
}

// readStructured reads a document of attributes and data.
func readStructured(value []byte) (event, bool) {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(value, &members); err != nil {
		return event{}, false
	}
	e := event{attributes: map[string]string{}, data: members["data"]}
	for _, name := range knownAttributes {
		var text string
		if raw, there := members[name]; there && json.Unmarshal(raw, &text) != nil {
			return event{}, false
		}
		e.attributes[name] = text
	}
	if e.attributes["datacontenttype"] == "" {
		e.attributes["datacontenttype"] = jsonType
	}
	_, binary := members["data_base64"]
	return e, !binary && len(e.data) > 0
}

func (e event) check() []report.Finding {
	var findings []report.Finding
	bad := func(name, vi, en string) { findings = append(findings, attribute(name, vi, en)) }
	if e.attributes["specversion"] != specVersion {
		bad("specversion", "phải là "+specVersion, "it must be "+specVersion)
	}
	if e.attributes["type"] != SubmissionType {
		bad("type", "phải là "+SubmissionType, "it must be "+SubmissionType)
	}
	if !printable(e.attributes["id"]) {
		bad("id", "phải có từ 1 đến 200 ký tự ASCII in được, không có dấu cách", "it has 1 to 200 printable ASCII characters and no space")
	}
	source := e.attributes["source"]
	if _, err := url.Parse(source); err != nil || !printable(source) {
		bad("source", "phải là một URI không quá 200 ký tự", "it must be a URI reference of at most 200 characters")
	}
	if mediaType(e.attributes["datacontenttype"]) != jsonType {
		bad("datacontenttype", "phải là "+jsonType+", UTF-8", "it must be "+jsonType+" in UTF-8")
	}
	return findings
}

func attribute(name, vi, en string) report.Finding {
	f := ruleAttribute.finding("", name, vi, name, en)
	f.Column = name
	return f
}

// mediaType is the media type without its parameters, "" if it is none in UTF-8.
func mediaType(text string) string {
	name, params, err := mime.ParseMediaType(text)
	if charset := params["charset"]; err != nil || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return ""
	}
	return name
}

func printable(text string) bool {
	if text == "" || len(text) > maxAttribute {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
