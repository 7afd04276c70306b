// Package reporttest gives tests valid submissions of every kind and edits them. No part of the
// platform imports it.
package reporttest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"atvsld/ingest/report"
	"atvsld/ingest/report/example"
)

// Now is the time at which the valid submissions are filed.
func Now() time.Time { return example.Filed() }

// Valid returns a submission of the kind that breaks no rule when it is filed
// at [Now]: neither error nor warning nor hint. It panics for an unknown kind.
func Valid(kind report.Kind) []byte {
	document, ok := example.Report(string(kind))
	if !ok {
		panic(fmt.Sprintf("reporttest: no example of %q", kind))
	}
	return document
}

// Amended returns revision 2 of the valid submission of the kind, as the example of its
// amendment makes it. It panics when there is none.
func Amended(kind report.Kind) []byte {
	edits, ok := example.Amendment(string(kind))
	if !ok {
		panic(fmt.Sprintf("reporttest: no example of an amendment of %q", kind))
	}
	return Apply(Valid(kind), edits)
}

// Apply makes the edits one after the other.
func Apply(document []byte, edits []example.Edit) []byte {
	for _, e := range edits {
		if e.Value == "" {
			document = Remove(document, e.Pointer)
		} else {
			document = Set(document, e.Pointer, e.Value)
		}
	}
	return document
}

// Set returns the document with the value at an RFC 6901 pointer replaced, or
// added; in a list, "-" appends. The value is JSON text and stays as it is
// written. It panics when there is no such place.
func Set(document []byte, pointer, value string) []byte {
	return edit(document, strings.Split(pointer, "/")[1:], jsontext.Value(value))
}

// Remove returns the document without the member or element at the pointer.
func Remove(document []byte, pointer string) []byte {
	return edit(document, strings.Split(pointer, "/")[1:], nil)
}

// edit puts a value at a path; nil removes what is there.
func edit(document jsontext.Value, path []string, value jsontext.Value) jsontext.Value {
	if len(path) == 0 {
		return value
	}
	name := strings.NewReplacer("~1", "/", "~0", "~").Replace(path[0])
	switch document.Kind() {
	case '{':
		return join('{', '}', editMembers(parts(document), name, path, value))
	case '[':
		return join('[', ']', editElements(parts(document), name, path, value))
	default:
		panic(fmt.Sprintf("reporttest: nothing at %s in %s", strings.Join(path, "/"), document))
	}
}

// parts returns the names and values of an object in turn, or the elements of a list.
func parts(document jsontext.Value) []jsontext.Value {
	dec := jsontext.NewDecoder(bytes.NewReader(document))
	if _, err := dec.ReadToken(); err != nil {
		panic(fmt.Sprintf("reporttest: %v", err))
	}
	var all []jsontext.Value
	for dec.PeekKind() != ']' && dec.PeekKind() != '}' {
		part, err := dec.ReadValue()
		if err != nil {
			panic(fmt.Sprintf("reporttest: %v", err))
		}
		all = append(all, part.Clone())
	}
	return all
}

func editMembers(members []jsontext.Value, name string, path []string, value jsontext.Value) []jsontext.Value {
	quoted, err := jsontext.AppendQuote(nil, name)
	if err != nil {
		panic(fmt.Sprintf("reporttest: %v", err))
	}
	i := 0
	for i < len(members) && string(members[i]) != string(quoted) {
		i += 2
	}
	var old jsontext.Value
	if i < len(members) {
		old = members[i+1]
	}
	changed := edit(old, path[1:], value)
	switch {
	case changed == nil && old == nil:
		panic("reporttest: no member " + name)
	case changed == nil:
		members = slices.Delete(members, i, i+2)
	case old == nil:
		members = append(members, quoted, changed)
	default:
		members[i+1] = changed
	}
	for i := 0; i < len(members); i += 2 {
		members[i] = append(append(members[i], ':'), members[i+1]...)
		members[i+1] = nil
	}
	return slices.DeleteFunc(members, func(m jsontext.Value) bool { return m == nil })
}

func editElements(elements []jsontext.Value, name string, path []string, value jsontext.Value) []jsontext.Value {
	if name == "-" {
		return append(elements, edit(nil, path[1:], value))
	}
	i, err := strconv.Atoi(name)
	if err != nil || i < 0 || i >= len(elements) {
		panic("reporttest: no element " + name)
	}
	changed := edit(elements[i], path[1:], value)
	if changed == nil {
		return slices.Delete(elements, i, i+1)
	}
	elements[i] = changed
	return elements
}

func join(open, end byte, parts []jsontext.Value) jsontext.Value {
	out := jsontext.Value{open}
	for i, p := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, p...)
	}
	return append(out, end)
}
