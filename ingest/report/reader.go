package report

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"
)

// reader is the slow way of reading: it walks the JSON along the form, keeps
// what is right, and notes everything that is not. A scalar is judged by the
// very decoder of the fast way, so the two cannot disagree.
type reader struct {
	findings []Finding
	stripped bool
	full     bool
}

// decodeSlow reads a valid JSON document of whatever shape.
func decodeSlow(data []byte) (Submission, []Finding) {
	var r reader
	var e envelope
	r.document(envelopeForm, data, reflect.ValueOf(&e).Elem(), "")
	if e.Revision != nil && *e.Revision == 0 {
		r.note(formNumber, "/revision", "0", term{"số nguyên từ 1", "a whole number from 1"})
		e.Revision = nil
	}
	s := e.submission()
	definition, known := Lookup(e.Kind)
	switch {
	case !known && e.Kind != "":
		r.note(formKindUnknown, "/kind", string(e.Kind), kindNames())
	case known && e.Content != nil && e.Content.Kind() != 'n':
		content := definition.New()
		if r.document(definition.form, e.Content, reflect.ValueOf(content).Elem(), "/content") {
			s.Content = content
		}
	}
	return s, r.findings
}

func kindNames() string {
	names := make([]string, len(catalogue))
	for i, d := range catalogue {
		names[i] = string(d.Kind)
	}
	return strings.Join(names, ", ")
}

// note adds a finding of form. Value is shown unless it is empty. The arguments are names
// of members, kinds, lengths and limits, never a value: all count as the platform's.
func (r *reader) note(info *RuleInfo, at, value string, args ...any) {
	if r.full {
		return
	}
	if len(r.findings) == MaxFindings {
		r.full = true
		r.findings = append(r.findings, finding(formTooMany, "", "", []any{ours{MaxFindings}}))
		return
	}
	for i, a := range args {
		if _, word := a.(term); !word {
			args[i] = ours{a}
		}
	}
	r.findings = append(r.findings, finding(info, at, value, args))
}

// document reads a whole document that is known to be valid JSON, so the errors
// of its decoder cannot happen.
func (r *reader) document(f *form, data []byte, v reflect.Value, at string) bool {
	return r.read(f, jsontext.NewDecoder(bytes.NewBuffer(data)), v, at)
}

// read reads the next value into v, and tells whether it was of the right JSON
// type. What is wrong is left zero.
func (r *reader) read(f *form, dec *jsontext.Decoder, v reflect.Value, at string) bool {
	if want := f.jsonKind(); want != 0 && normalKind(dec.PeekKind()) != want {
		raw, _ := dec.ReadValue()
		r.note(formType, at, r.shown(f, raw), f.wants(), got(raw))
		return false
	}
	switch f.kind {
	case objectForm:
		r.object(f, dec, v, at)
	case listForm:
		r.list(f, dec, v, at)
	default:
		raw, _ := dec.ReadValue()
		r.scalar(f, raw, v, at)
	}
	return true
}

func (r *reader) scalar(f *form, raw jsontext.Value, v reflect.Value, at string) {
	switch f.kind {
	case rawForm:
		v.SetBytes(slices.Clone(raw))
	case textForm:
		r.text(f, raw, v, at)
	case numberForm:
		if json.Unmarshal(raw, v.Addr().Interface()) != nil || v.Uint() > MaxNumber {
			v.SetZero()
			r.note(formNumber, at, r.shown(f, raw), wholeNumber(f.goType))
		}
	default:
		if json.Unmarshal(raw, v.Addr().Interface()) != nil {
			v.SetZero()
			r.note(scalarRule(f.goType), at, r.shown(f, raw))
		}
	}
}

// What became of a member: nothing yet, read, or noted as wrong.
const (
	absent = iota
	given
	noted
)

func (r *reader) object(f *form, dec *jsontext.Decoder, v reflect.Value, at string) {
	became := make([]uint8, len(f.members))
	_, _ = dec.ReadToken()
	for dec.PeekKind() == '"' {
		token, _ := dec.ReadToken()
		name := token.String()
		m, known := f.byName[name]
		switch {
		case !known:
			r.note(formUnknown, pointerMember(at, name), "", clip(name))
			_ = dec.SkipValue()
		case dec.PeekKind() == 'n':
			_ = dec.SkipValue() // null is absent
		default:
			became[m.position] = r.member(m, dec, v, pointerMember(at, name))
		}
	}
	_, _ = dec.ReadToken()
	for i, m := range f.members {
		if !m.required || became[i] == noted || r.stripped && m.private {
			continue
		}
		if became[i] == absent || m.missing(m.value(v)) {
			r.note(formMissing, pointerMember(at, m.name), "", m.name)
		}
	}
}

// missing tells whether a value that was given says nothing all the same.
// Zero and false say something, and so does an object: its members are looked at.
func (f *form) missing(v reflect.Value) bool {
	switch f.kind {
	case numberForm, truthForm, objectForm, rawForm:
		return false
	default:
		return !v.IsValid() || v.IsZero() || f.kind == listForm && v.Len() == 0
	}
}

// member reads a member that is there, and says what became of it.
func (r *reader) member(m *form, dec *jsontext.Decoder, object reflect.Value, at string) uint8 {
	before := len(r.findings)
	target := m.allocate(object)
	right := r.read(m, dec, target, at)
	if !right {
		m.clear(object)
	}
	if right && !target.IsZero() && (m.computed && !r.stripped || m.private && r.stripped) {
		r.note(formComputed, at, "")
		m.clear(object)
	}
	if right && (m.kind == objectForm || m.kind == listForm) || len(r.findings) == before && !r.full {
		return given
	}
	return noted
}

func (r *reader) list(f *form, dec *jsontext.Decoder, v reflect.Value, at string) {
	_, _ = dec.ReadToken()
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	n := 0
	for ; dec.PeekKind() != ']'; n++ {
		if f.items > 0 && n >= f.items {
			_ = dec.SkipValue()
			continue
		}
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		target := v.Index(n)
		if r.read(f.elem, dec, target, pointerIndex(at, n)) && f.elem.kind == textForm && r.emptyText(target, at, n) {
			r.note(formMissing, pointerIndex(at, n), "", strconv.Itoa(n))
		}
	}
	_, _ = dec.ReadToken()
	if f.items > 0 && n > f.items {
		r.note(formItems, at, "", n, f.items)
	}
}

// emptyText tells whether a text of a list is empty, and not because it was
// noted already.
func (r *reader) emptyText(v reflect.Value, at string, i int) bool {
	return v.Len() == 0 && (len(r.findings) == 0 || r.findings[len(r.findings)-1].Pointer != pointerIndex(at, i))
}

func (r *reader) text(f *form, raw jsontext.Value, v reflect.Value, at string) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		r.note(formType, at, "", f.wants(), got(raw))
		return
	}
	s = norm.NFC.String(s)
	shown := clip(s)
	if f.private || f.taxCode {
		shown = ""
	}
	n := tooLong(s, f.max)
	switch {
	case n > 0:
		r.note(formLong, at, "", n, f.max)
	case control(s) >= 0:
		r.note(formControl, at, "", int(control(s)))
	case s != "" && f.enum != nil && !slices.Contains(f.enum, s):
		r.note(formEnum, at, shown, strings.Join(f.enum, ", "))
	default:
		v.SetString(s)
	}
}

// shown returns a raw value for the finding: nothing of what may be personal,
// and nothing of whole objects and lists.
func (r *reader) shown(f *form, raw jsontext.Value) string {
	if f.private || f.taxCode || raw.Kind() == '{' || raw.Kind() == '[' {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return clip(s)
	}
	return clip(string(raw))
}

// jsonKind returns the JSON type that the form takes, 0 for any.
func (f *form) jsonKind() jsontext.Kind {
	switch f.kind {
	case textForm, scalarForm:
		return '"'
	case numberForm:
		return '0'
	case truthForm:
		return 't'
	case objectForm:
		return '{'
	case listForm:
		return '['
	default:
		return 0
	}
}

func normalKind(k jsontext.Kind) jsontext.Kind {
	if k == 'f' {
		return 't'
	}
	return k
}

var jsonTerms = map[jsontext.Kind]term{
	'"': {"chuỗi ký tự", "a string"}, '0': {"số", "a number"}, 't': {"true hoặc false", "true or false"},
	'{': {"đối tượng", "an object"}, '[': {"danh sách", "a list"}, 'n': {"null", "null"},
}

func (f *form) wants() term { return jsonTerms[f.jsonKind()] }

func got(raw jsontext.Value) term { return jsonTerms[normalKind(raw.Kind())] }

func wholeNumber(t reflect.Type) term {
	limit := strconv.FormatUint(math.MaxUint32, 10)
	if t.Kind() == reflect.Uint64 {
		limit = strconv.FormatUint(MaxNumber, 10)
	}
	return term{"số nguyên từ 0 đến " + limit, "a whole number from 0 to " + limit}
}

func scalarRule(t reflect.Type) *RuleInfo {
	switch t {
	case timeType:
		return formTime
	case reflect.TypeFor[UUID]():
		return formUUID
	default:
		return formDate
	}
}

// clip cuts a text for an answer.
func clip(s string) string {
	const limit = 80
	if tooLong(s, limit) == 0 {
		return s
	}
	return string([]rune(s)[:limit]) + "…"
}
