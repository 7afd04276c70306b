package queue

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/segmentio/kafka-go"
)

// ErrEvent is wrapped by every error of Decode.
var ErrEvent = errors.New("not an event of atvsld")

// Decode reads a message back. It is a pure function of the message's bytes, so
// that a replay gives the same rows. Whatever is wrong wraps ErrEvent.
//
// Content and Sealed may share memory with the message.
func Decode(m kafka.Message) (Event, error) {
	e, err := DecodeOpen(m)
	if err == nil && !e.Withdrawn && !jsontext.Value(e.Content).IsValid() {
		return Event{}, fmt.Errorf("%w: the content is not JSON", ErrEvent)
	}
	return e, err
}

// DecodeOpen is Decode for who reads Content anyhow: it may leave open whether that is
// JSON. Of a message with content that is, it says what Decode does.
func DecodeOpen(m kafka.Message) (Event, error) {
	if len(m.Value) > MaxEventBytes {
		return Event{}, fmt.Errorf("%w: %d bytes, at most %d", ErrEvent, len(m.Value), MaxEventBytes)
	}
	h, err := readHeaders(m.Headers)
	if err != nil {
		return Event{}, err
	}
	e := h.event()
	if h.err != nil {
		return Event{}, h.err
	}
	// The header is canonical by now.
	if !bytes.Equal(m.Key, h.values[atSubject]) {
		return Event{}, fmt.Errorf("%w: key is not the report id", ErrEvent)
	}
	d, ok := readData(m.Value)
	if !ok {
		d = data{}
		if err := json.Unmarshal(m.Value, &d, json.RejectUnknownMembers(true)); err != nil {
			return Event{}, fmt.Errorf("%w: %w", ErrEvent, err)
		}
	}
	if e.Withdrawn == (len(d.Content) > 0) {
		return Event{}, fmt.Errorf("%w: a withdrawal has no content, every other revision has", ErrEvent)
	}
	e.Content, e.Sealed = d.Content, d.Sealed
	return e, nil
}

// What Encode writes around content and ciphertext.
const (
	contentStart = `{"content":`
	sealedStart  = `,"sealed":"`
	sealedEnd    = `"}`
)

// readData cuts a value that looks as Encode writes it. It is right whenever the
// content it finds is one JSON value: then there is no other way to read the whole.
func readData(value []byte) (data, bool) {
	rest, ok := bytes.CutPrefix(value, []byte(contentStart))
	if !ok {
		return data{}, false
	}
	if content, alone := bytes.CutSuffix(rest, []byte("}")); alone && isObject(content) {
		return data{Content: content}, true
	}
	text, ok := bytes.CutSuffix(rest, []byte(sealedEnd))
	if !ok {
		return data{}, false
	}
	quote := bytes.LastIndexByte(text, '"')
	content, ok := bytes.CutSuffix(text[:quote+1], []byte(sealedStart))
	if !ok || !isObject(content) {
		return data{}, false
	}
	sealed, ok := readBase64(text[quote+1:])
	return data{Content: content, Sealed: sealed}, ok
}

// isObject tells what can be an object from what cannot, by its ends.
func isObject(text []byte) bool {
	return len(text) >= 2 && text[0] == '{' && text[len(text)-1] == '}'
}

func readBase64(text []byte) ([]byte, bool) {
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := strictBase64.Decode(decoded, text)
	// The codec skips ends of lines, which no JSON text holds.
	return decoded[:n], err == nil && n > 0 && base64.StdEncoding.EncodedLen(n) == len(text)
}

var strictBase64 = base64.StdEncoding.Strict()
