// Package forwardtest writes the messages of an integrator, for tests and for the torture
// program. No part of the platform imports it.
package forwardtest

import (
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/forward"
	"atvsld/ingest/report/reporttest"
)

// Sender is an integrator.
type Sender struct {
	ID string
	// Key is the platform's published key.
	Key jose.JSONWebKey
}

// Message is a message in binary mode with a whole submission, divided and sealed.
func (s Sender) Message(eventID, key string, submission []byte) kafka.Message {
	open, private := reporttest.Divide(submission)
	letter := s.Letter(eventID, key, private)
	return s.Open(eventID, key, reporttest.Set(open, "/private", `"`+letter+`"`))
}

// Open is a message with the data as they are.
func (s Sender) Open(eventID, key string, data []byte) kafka.Message {
	return kafka.Message{
		Topic: forward.InboxTopic(s.ID), Key: []byte(key), Value: data,
		Headers: []kafka.Header{
			{Key: "ce_specversion", Value: []byte("1.0")}, {Key: "ce_id", Value: []byte(eventID)},
			{Key: "ce_source", Value: []byte("/" + s.ID)}, {Key: "ce_type", Value: []byte(forward.SubmissionType)},
			{Key: "content-type", Value: []byte("application/json; charset=UTF-8")},
		},
	}
}

// Letter seals private texts for a message.
func (s Sender) Letter(eventID, key string, private any) string {
	text, err := json.Marshal(private)
	if err != nil {
		panic(fmt.Sprintf("forwardtest: %v", err))
	}
	options := (&jose.EncrypterOptions{}).WithType("atvsld-private+jwe").
		WithHeader("topic", forward.InboxTopic(s.ID)).WithHeader("ce_id", eventID).WithHeader("key", key)
	e, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.ECDH_ES_A256KW, Key: s.Key.Key, KeyID: s.Key.KeyID}, options)
	if err != nil {
		panic(fmt.Sprintf("forwardtest: %v", err))
	}
	object, err := e.Encrypt(text)
	if err != nil {
		panic(fmt.Sprintf("forwardtest: %v", err))
	}
	compact, err := object.CompactSerialize()
	if err != nil {
		panic(fmt.Sprintf("forwardtest: %v", err))
	}
	return compact
}
