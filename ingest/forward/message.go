package forward

import (
	"bytes"
	"errors"
	"io"
	"regexp"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
)

// letters opens what is encrypted to the platform; *seal.Keys does.
type letters interface {
	OpenLetter(compact string, at seal.Address) ([]byte, error)
}

// Cause names the message that an outcome answers. Whatever of it is not in the form of
// the contract is left out: it could be anything.
type Cause struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
	Offset    int64  `json:"offset"`
	ID        string `json:"id,omitempty" doc:"ce_id"`
	Source    string `json:"source,omitempty" doc:"ce_source"`
	key       string // the Kafka key, if it is a UUID
}

// message is what a forwarder knows of an inbound message.
type message struct {
	cause Cause
	item  intake.Item
	// findings keep it from being filed.
	findings []report.Finding
}

// decode reads an inbound message. It is a function of the message and the keys alone,
// so that a redelivery is decided as the first delivery was. Neither findings nor cause
// repeat anything of the data.
func decode(m kafka.Message, partitions int, keys letters) message {
	e, findings := readEvent(m)
	d := message{cause: Cause{Topic: m.Topic, Partition: m.Partition, Offset: m.Offset}, findings: findings}
	if id := e.attributes["id"]; printable(id) {
		d.cause.ID = id
	}
	if source := e.attributes["source"]; printable(source) {
		d.cause.Source = source
	}
	d.readKey(m, partitions)
	if len(d.findings) > 0 {
		return d
	}
	document := d.assemble(e.data, keys)
	if len(d.findings) == 0 {
		// Only source and id together are unique (CloudEvents 1.0, section 3.1).
		d.item = intake.Item{Raw: document, IdempotencyKey: d.cause.Source + " " + d.cause.ID}
	}
	return d
}

func (d *message) note(f report.Finding) { d.findings = append(d.findings, f) }

// readKey checks what keeps the revisions of a report in order.
func (d *message) readKey(m kafka.Message, partitions int) {
	id, err := uuid.ParseBytes(m.Key)
	if err != nil || id.String() != string(m.Key) {
		d.note(ruleKey.finding(""))
		return
	}
	d.cause.key = id.String()
	if want := queue.PartitionOf(m.Key, partitions); want != m.Partition {
		d.note(rulePartition.finding("", want, partitions, want, partitions))
	}
}

// assemble gives the whole submission.
func (d *message) assemble(data []byte, keys letters) []byte {
	open, letter, err := split(data)
	if err != nil {
		d.note(ruleData.finding(""))
		return nil
	}
	d.checkReportID(open)
	private := d.openLetter(letter, keys)
	a, err := report.Assemble(open, private)
	if err != nil {
		d.note(ruleData.finding(""))
		return nil
	}
	for _, pointer := range a.Exposed {
		d.note(ruleExposed.finding(pointer))
	}
	for _, pointer := range a.Misplaced {
		d.note(ruleMisplaced.finding(harmless(pointer)))
	}
	return a.Document
}

// plainPointer is a pointer of the forms' own names and indexes. Any other came out of
// the letter and may hold what the letter was to hide.
var plainPointer = regexp.MustCompile(`^(?:/reason|/content(?:/[a-z_]{1,40}|/[0-9]{1,3}){1,8})$`)

func harmless(pointer string) string {
	if plainPointer.MatchString(pointer) {
		return pointer
	}
	return "/private"
}

// split takes the letter out of the data; the rest is the open submission.
func split(data []byte) (open []byte, letter *string, err error) {
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	if dec.PeekKind() != '{' {
		return nil, nil, errors.New("not an object")
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, nil, err
	}
	open = append(make([]byte, 0, len(data)), '{')
	for dec.PeekKind() == '"' {
		name, value, err := nextMember(dec)
		if err != nil {
			return nil, nil, err
		}
		if name == "private" {
			if json.Unmarshal(value, &letter) != nil {
				letter = new(string) // not a text, so not a letter
			}
			continue
		}
		if len(open) > 1 {
			open = append(open, ',')
		}
		if open, err = jsontext.AppendQuote(open, name); err != nil {
			return nil, nil, err
		}
		open = append(append(open, ':'), value...)
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, nil, err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("data after the end")
	}
	return append(open, '}'), letter, nil
}

// nextMember reads a member; the value is good until the next read.
func nextMember(dec *jsontext.Decoder) (name string, value jsontext.Value, err error) {
	token, err := dec.ReadToken()
	if err != nil {
		return "", nil, err
	}
	name = token.String()
	value, err = dec.ReadValue()
	return name, value, err
}

// checkReportID compares the key of an event with its id. A periodic report has no id
// before the platform computes it: there the key is what the integrator keeps for it.
func (d *message) checkReportID(open []byte) {
	var head struct {
		Kind     report.Kind `json:"kind"`
		ReportID string      `json:"report_id"`
	}
	// What is of the wrong type is left for the rules of form to tell.
	_ = json.Unmarshal(open, &head)
	definition, known := report.Lookup(head.Kind)
	if !known || !definition.Event {
		return
	}
	if id, err := uuid.Parse(head.ReportID); err != nil || id.String() != d.cause.key {
		d.note(ruleKeyReport.finding("/report_id"))
	}
}

// openLetter gives the private texts, none if there is no letter.
func (d *message) openLetter(letter *string, keys letters) map[string]string {
	if letter == nil {
		return nil
	}
	text, err := keys.OpenLetter(*letter, seal.Address{Topic: d.cause.Topic, EventID: d.cause.ID, Key: d.cause.key})
	switch {
	case errors.Is(err, seal.ErrLetterKey):
		d.note(ruleLetterKey.finding("/private"))
		return nil
	case errors.Is(err, seal.ErrLetterAddress):
		d.note(ruleAddress.finding("/private"))
		return nil
	case err != nil:
		d.note(ruleLetter.finding("/private", seal.MaxLetter, seal.MaxLetter))
		return nil
	}
	var private map[string]string
	if len(text) > report.MaxBytes || json.Unmarshal(text, &private) != nil {
		d.note(ruleTexts.finding("/private"))
		return nil
	}
	return private
}
