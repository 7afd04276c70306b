package report

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// SHA256 returns the digest of the RFC 8785 form of a submission without its
// top-level received_at, so that member order, spaces and the way a number or
// string is written make no difference, and a paper filing entered later has
// the digest of the same report filed in time.
//
// RFC 8785 writes every number as a double, so integers beyond 2^53 − 1 could
// share a digest: Decode refuses them (MaxNumber). Documents that are no JSON,
// duplicate names included, give [ErrNotJSON].
func SHA256(data []byte) ([32]byte, error) {
	if _, err := scan(data, MaxBytes); err != nil {
		return [32]byte{}, err
	}
	canonical, err := jsontext.Value(bytes.Clone(data)), error(nil)
	if canonical.Kind() != '{' || bytes.IndexByte(data, '\\') >= 0 || bytes.Contains(data, []byte("received_at")) {
		canonical, err = withoutReceivedAt(data)
	}
	if err != nil {
		return [32]byte{}, fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	if err := canonical.Canonicalize(); err != nil {
		return [32]byte{}, fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	return sha256.Sum256(canonical), nil
}

func withoutReceivedAt(data []byte) (jsontext.Value, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	if dec.PeekKind() != '{' {
		return nil, errors.New("not an object")
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	out := append(make(jsontext.Value, 0, len(data)), '{')
	for dec.PeekKind() == '"' {
		name, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		text, err := jsontext.AppendUnquote(nil, name)
		if err != nil {
			return nil, err
		}
		start := len(out)
		out = append(append(out, name...), ':')
		value, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		out = append(append(out, value...), ',')
		if string(text) == "received_at" {
			out = out[:start]
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("data after the end")
	}
	return append(bytes.TrimSuffix(out, []byte{','}), '}'), nil
}
