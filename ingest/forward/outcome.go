package forward

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/intake"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
)

// State says what became of a message.
type State string

// States of an outcome.
const (
	Accepted  State = "accepted"   // every replica of the log has the report; there is a receipt
	Refused   State = "refused"    // not in the form of the contract, or breaks rules; all findings are listed
	Forbidden State = "forbidden"  // the integrator may not file for this reporter
	Conflict  State = "conflict"   // this revision was filed before with other content
	Reused    State = "key_reused" // ce_source and ce_id were used for other content
	Stale     State = "stale"      // the revision does not follow the newest one
	Failed    State = "failed"     // a fault of the platform; nothing was filed
)

// States lists every state.
func States() []State { return []State{Accepted, Refused, Forbidden, Conflict, Reused, Stale, Failed} }

// Outcome is the answer to one message: the data of the event in the outcome topic. It
// repeats no value of the submission, so that a mistake in an inbox stays there.
type Outcome struct {
	State    State       `json:"state" enum:"accepted,refused,forbidden,conflict,key_reused,stale,failed" doc:"What became of the message"`
	Cause    Cause       `json:"cause" doc:"The message that is answered"`
	Kind     report.Kind `json:"kind,omitempty"`
	ReportID *uuid.UUID  `json:"report_id,omitzero" format:"uuid" doc:"Known once the submission could be read"`
	Revision uint32      `json:"revision,omitzero"`
	// CurrentRevision is told with a conflict and a stale revision.
	CurrentRevision uint32           `json:"current_revision,omitzero" doc:"Newest revision on file"`
	Replayed        bool             `json:"replayed" doc:"The very same was filed before: same tracking number, nothing new was written"`
	Receipt         *receipt.Signed  `json:"receipt,omitzero" doc:"When accepted: the signed receipt, as over HTTP"`
	Errors          []report.Finding `json:"errors" doc:"Unless accepted: every finding, the worst first, as in the problems of the HTTP interface, without values"`
	Warnings        []report.Finding `json:"warnings" doc:"When accepted: warnings and hints; they are stored with the report"`
	Demonstration   bool             `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// An outcome is bounded whatever it answers: findings quote the names of members, of
// which each character may take six bytes in JSON. It must fit into a message, or its
// partition would wait for ever.
const (
	maxFindings = 100
	maxPointer  = 300
	maxText     = 1000
)

// refusal is the outcome of a message that was not filed.
func refusal(d message, demonstration bool) Outcome {
	return Outcome{
		State: Refused, Cause: d.cause, Errors: bounded(d.findings), Warnings: []report.Finding{}, Demonstration: demonstration,
	}
}

// outcomeOf is the outcome of a message that the gateway has decided on.
func outcomeOf(d message, out intake.Outcome, demonstration bool) Outcome {
	o := Outcome{
		State: stateOf(out.State), Cause: d.cause, Kind: out.Kind, Revision: out.Revision, Replayed: out.Replayed,
		Receipt: out.Receipt, Errors: bounded(out.Findings), Warnings: []report.Finding{}, Demonstration: demonstration,
	}
	if out.ReportID != uuid.Nil {
		o.ReportID = &out.ReportID
	}
	if o.State == Conflict || o.State == Stale {
		o.CurrentRevision = out.Current
	}
	if o.State == Accepted {
		o.Errors, o.Warnings = o.Warnings, o.Errors
	}
	return o
}

func stateOf(s intake.State) State {
	switch s {
	case intake.Accepted:
		return Accepted
	case intake.Unreadable, intake.Refused:
		return Refused
	case intake.Forbidden:
		return Forbidden
	case intake.Conflict:
		return Conflict
	case intake.KeyReused:
		return Reused
	case intake.Stale:
		return Stale
	}
	return Failed
}

// bounded keeps the worst findings, without values.
func bounded(findings []report.Finding) []report.Finding {
	kept := append([]report.Finding{}, findings...)
	slices.SortStableFunc(kept, func(a, b report.Finding) int { return cmp.Compare(rank(a), rank(b)) })
	if over := len(kept) - maxFindings; over > 0 {
		kept = append(kept[:maxFindings], ruleLeftOut.finding("", over, over))
	}
	for i := range kept {
		f := &kept[i]
		*f = f.WithoutValues()
		f.Pointer, f.Column = shorten(f.Pointer, maxPointer), shorten(f.Column, maxPointer)
		f.Message, f.MessageVI = shorten(f.Message, maxText), shorten(f.MessageVI, maxText)
	}
	return kept
}

func rank(f report.Finding) int {
	return slices.Index([]report.Severity{report.Error, report.Warning, report.Hint}, f.Severity)
}

func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	cut := most
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// outcomeNamespace is the UUIDv5 namespace of the ids of outcomes.
var outcomeNamespace = uuid.MustParse("b1f4c6d0-6c1f-4f4e-8a55-3d2c9f0e7a10")

// id is the same for every answer to a message, so that an integrator knows a repetition.
func (c Cause) id() uuid.UUID {
	return uuid.NewSHA1(outcomeNamespace, fmt.Appendf(nil, "%s\n%d\n%d\n%s\n%s", c.Topic, c.Partition, c.Offset, c.Source, c.ID))
}

// encode gives the message for an outcome topic, with the key and the partition of its
// cause, so that the outcomes are in the order of the inbox.
func (o Outcome) encode(topic string, now time.Time) (kafka.Message, error) {
	value, err := json.Marshal(o, json.Deterministic(true))
	if err != nil {
		return kafka.Message{}, fmt.Errorf("encode the outcome of %s/%d@%d: %w", o.Cause.Topic, o.Cause.Partition, o.Cause.Offset, err)
	}
	m := kafka.Message{Topic: topic, Partition: o.Cause.Partition, Value: value}
	if o.Cause.key != "" {
		m.Key = []byte(o.Cause.key)
	}
	for _, h := range []struct{ name, value string }{
		{headerPrefix + "specversion", specVersion}, {headerPrefix + "id", o.Cause.id().String()},
		{headerPrefix + "source", outcomeSource}, {headerPrefix + "type", OutcomeType},
		{headerPrefix + "time", now.Format(time.RFC3339Nano)}, {headerPrefix + "subject", o.Cause.key},
		{headerMediaType, jsonType}, {headerPrefix + "state", string(o.State)},
		{headerPrefix + "causeid", o.Cause.ID}, {headerPrefix + "causesource", o.Cause.Source},
		{headerPrefix + "causepartition", strconv.Itoa(o.Cause.Partition)},
		{headerPrefix + "causeoffset", strconv.FormatInt(o.Cause.Offset, 10)},
	} {
		if h.value != "" {
			m.Headers = append(m.Headers, kafka.Header{Key: h.name, Value: []byte(h.value)})
		}
	}
	return m, nil
}
