package report

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Assembly is a submission that was put together from its two parts.
type Assembly struct {
	// Document is the whole submission, as it would have been filed at once: its
	// digest is that of the undivided document.
	Document []byte
	// Exposed points at what is personal and stands in the open part.
	Exposed []string
	// Misplaced points at what the private part holds and the form has no place
	// for, or no private one, or one that is taken. The pointers are the sender's
	// text and may themselves be personal.
	Misplaced []string
}

// Assemble puts the private texts of a submission back where they were taken out.
// open is the document without its personal members (null where a list must keep
// its place), private goes from RFC 6901 pointer to text.
//
// It is for those who get the two parts by different ways, and so it tells whether
// the open part was really open: whatever the forms call personal must be absent
// or null there, a personal tax code too. A document of an unknown kind has no form;
// its content is left as it is, for [Decode] to refuse.
//
// Errors: [ErrTooLarge], [ErrNotJSON]; neither repeats a value.
func Assemble(open []byte, private map[string]string) (Assembly, error) {
	if _, err := scan(open, MaxBytes); err != nil {
		return Assembly{}, withoutCause(err)
	}
	if err := validate(open); err != nil {
		return Assembly{}, withoutCause(err)
	}
	a := assembler{left: maps.Clone(private), out: make([]byte, 0, len(open)+1024)}
	if definition, known := Lookup(kindOf(open)); known {
		a.content = definition.form
	}
	a.value(envelopeForm, jsontext.NewDecoder(bytes.NewReader(open)), "")
	if a.content == nil {
		maps.DeleteFunc(a.left, func(pointer, _ string) bool { return below(pointer, "/content") })
	}
	if a.err != nil {
		return Assembly{}, ErrNotJSON
	}
	return Assembly{Document: a.out, Exposed: a.exposed, Misplaced: slices.Sorted(maps.Keys(a.left))}, nil
}

// withoutCause leaves out what a decoder says of a document: it may quote it.
func withoutCause(err error) error {
	if errors.Is(err, ErrTooLarge) {
		return ErrTooLarge
	}
	return ErrNotJSON
}

// kindOf reads the kind of a document, "" when it names none.
func kindOf(document []byte) Kind {
	var head struct {
		Kind Kind `json:"kind"`
	}
	if json.Unmarshal(document, &head) != nil {
		return ""
	}
	return head.Kind
}

// assembler writes the document anew, along its form. The document is known to be
// valid JSON, so that only a private text of invalid UTF-8 can be an error.
type assembler struct {
	content *form // the form of the content, nil when the kind is unknown
	// stored: the document is a stored content. What the platform computed is left out,
	// and a place that holds nothing personal any more is free for its text.
	stored bool
	// without are places that are left out, as null: what is about somebody else.
	without map[string]bool
	left    map[string]string
	out     []byte
	exposed []string
	err     error
}

func (a *assembler) value(f *form, dec *jsontext.Decoder, at string) {
	if f != nil && f.kind == rawForm {
		f = a.content
	}
	switch {
	case a.without[at]:
		a.err = errors.Join(a.err, dec.SkipValue())
		a.out = append(a.out, "null"...)
	case f == nil:
		a.copy(dec)
	case f.private || f.taxCode:
		a.personal(f, dec, at)
	case f.kind == objectForm && dec.PeekKind() == '{':
		a.object(f, dec, at)
	case f.kind == listForm && dec.PeekKind() == '[':
		a.list(f, dec, at)
	default:
		a.copy(dec)
	}
}

func (a *assembler) copy(dec *jsontext.Decoder) {
	raw, err := dec.ReadValue()
	a.err = errors.Join(a.err, err)
	a.out = append(a.out, raw...)
}

// personal writes the private text of a place. An open value there is noted unless
// it says nothing; the tax code of an enterprise is not personal.
func (a *assembler) personal(f *form, dec *jsontext.Decoder, at string) {
	raw, err := dec.ReadValue()
	a.err = errors.Join(a.err, err)
	if (raw.Kind() == 'n' || a.stored) && a.place(at) {
		return
	}
	if a.stored && !isEnterprise(raw) {
		raw = jsontext.Value("null") // a household, or a text that cannot be opened
	}
	a.out = append(a.out, raw...)
	if raw.Kind() != 'n' && (f.private || !isEnterprise(raw)) {
		a.exposed = append(a.exposed, at)
	}
}

// isEnterprise tells a tax code that anybody may see from one that may be a person's
// number, however it is written: of those that no rule would accept, nobody can say
// what they are.
func isEnterprise(raw jsontext.Value) bool {
	var code TaxCode
	return json.Unmarshal(raw, &code) == nil && (code == "" || !code.IsPerson() && code.Valid() == nil)
}

// place writes the private text of a pointer if there is one.
func (a *assembler) place(at string) bool {
	text, ok := a.left[at]
	if !ok {
		return false
	}
	delete(a.left, at)
	quoted, err := jsontext.AppendQuote(a.out, text)
	a.err = errors.Join(a.err, err)
	if err == nil {
		a.out = quoted
	}
	return true
}

func (a *assembler) object(f *form, dec *jsontext.Decoder, at string) {
	_, _ = dec.ReadToken()
	a.out = append(a.out, '{')
	empty := true
	separate := func() {
		if !empty {
			a.out = append(a.out, ',')
		}
		empty = false
	}
	present := make([]bool, len(f.members))
	for dec.PeekKind() == '"' {
		token, _ := dec.ReadToken()
		name := token.String()
		m := f.byName[name]
		if a.stored && a.withheld(m, pointerMember(at, name), dec.PeekKind()) {
			a.err = errors.Join(a.err, dec.SkipValue())
			continue
		}
		separate()
		a.name(name)
		if m != nil {
			present[m.position] = true
		}
		a.value(m, dec, pointerMember(at, name))
	}
	_, _ = dec.ReadToken()
	for i, m := range f.members {
		if present[i] || !m.private && !m.taxCode {
			continue
		}
		if _, ok := a.left[pointerMember(at, m.name)]; !ok {
			continue
		}
		separate()
		a.name(m.name)
		a.place(pointerMember(at, m.name))
	}
	a.out = append(a.out, '}')
}

// withheld tells whether a member of a stored content is not the filer's: the platform
// computed it, or it stands for a text that cannot be opened.
func (a *assembler) withheld(m *form, at string, kind jsontext.Kind) bool {
	if m == nil || m.computed {
		return m != nil
	}
	_, opened := a.left[at]
	return m.private && !opened && kind == '"'
}

func (a *assembler) name(name string) {
	quoted, err := jsontext.AppendQuote(a.out, name)
	a.err = errors.Join(a.err, err)
	quoted = append(quoted, ':')
	a.out = quoted
}

func (a *assembler) list(f *form, dec *jsontext.Decoder, at string) {
	_, _ = dec.ReadToken()
	a.out = append(a.out, '[')
	for i := 0; dec.PeekKind() != ']'; i++ {
		if i > 0 {
			a.out = append(a.out, ',')
		}
		a.value(f.elem, dec, at+"/"+strconv.Itoa(i))
	}
	_, _ = dec.ReadToken()
	a.out = append(a.out, ']')
}
