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
	r.read(envelopeForm, data, reflect.ValueOf(&e).Elem(), "")
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
		if r.read(definition.form, e.Content, reflect.ValueOf(content).Elem(), "/content") {
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

// note adds a finding of form. Value is shown unless it is empty.
func (r *reader) note(info *RuleInfo, at, value string, args ...any) {
	if r.full {
		return
	}
	if len(r.findings) == MaxFindings {
		r.full = true
		r.findings = append(r.findings, finding(formTooMany, "", "", []any{MaxFindings}))
		return
	}
	r.findings = append(r.findings, finding(info, at, value, args))
}

// read reads one value that is there into v, and tells whether it was of the
// right JSON type. What is wrong is left zero.
func (r *reader) read(f *form, raw jsontext.Value, v reflect.Value, at string) bool {
	if want := f.jsonKind(); want != 0 && normalKind(raw.Kind()) != want {
		r.note(formType, at, r.shown(f, raw), f.wants(), got(raw))
		return false
	}
	switch f.kind {
	case rawForm:
		v.SetBytes(slices.Clone(raw))
	case objectForm:
		r.object(f, raw, v, at)
	case listForm:
		r.list(f, raw, v, at)
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
	return true
}

func (r *reader) object(f *form, raw jsontext.Value, v reflect.Value, at string) {
	given := make(map[string]bool, len(f.members))
	for name, value := range objectMembers(raw) {
		m, known := f.byName[name]
		if !known {
			r.note(formUnknown, pointerMember(at, name), "", clip(name))
			continue
		}
		if value.Kind() == 'n' {
			continue // null is absent
		}
		given[name] = r.member(m, value, v, pointerMember(at, name))
	}
	for _, m := range f.members {
		if !m.required || r.stripped && m.private {
			continue
		}
		if _, noted := given[m.name]; noted && !given[m.name] {
			continue
		}
		if !given[m.name] || m.missing(m.value(v)) {
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

// member reads a member that is there; false: something about it was noted.
func (r *reader) member(m *form, raw jsontext.Value, object reflect.Value, at string) bool {
	before := len(r.findings)
	target := m.allocate(object)
	if !r.read(m, raw, target, at) {
		m.clear(object)
	}
	if m.computed && !r.stripped && !target.IsZero() {
		r.note(formComputed, at, "")
		m.clear(object)
	}
	if m.private && r.stripped && !target.IsZero() {
		r.note(formComputed, at, "")
		m.clear(object)
	}
	return len(r.findings) == before || m.kind == objectForm || m.kind == listForm
}

func (r *reader) list(f *form, raw jsontext.Value, v reflect.Value, at string) {
	i, limit := 0, f.items
	var elements []jsontext.Value
	for _, value := range listElements(raw) {
		if limit == 0 || i < limit {
			elements = append(elements, value)
		}
		i++
	}
	if limit > 0 && i > limit {
		r.note(formItems, at, "", i, limit)
	}
	v.Set(reflect.MakeSlice(v.Type(), len(elements), len(elements)))
	for i, value := range elements {
		target := v.Index(i)
		if r.read(f.elem, value, target, pointerIndex(at, i)) && f.elem.kind == textForm && string(value) == `""` {
			r.note(formMissing, pointerIndex(at, i), "", strconv.Itoa(i))
		}
	}
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

// objectMembers yields the members of a valid JSON object.
func objectMembers(raw jsontext.Value) func(yield func(string, jsontext.Value) bool) {
	return func(yield func(string, jsontext.Value) bool) {
		dec := jsontext.NewDecoder(bytes.NewReader(raw))
		if _, err := dec.ReadToken(); err != nil {
			return
		}
		for dec.PeekKind() == '"' {
			name, err := dec.ReadToken()
			if err != nil {
				return
			}
			text := name.String()
			value, err := dec.ReadValue()
			if err != nil || !yield(text, slices.Clone(value)) {
				return
			}
		}
	}
}

// listElements yields the elements of a valid JSON array.
func listElements(raw jsontext.Value) func(yield func(int, jsontext.Value) bool) {
	return func(yield func(int, jsontext.Value) bool) {
		dec := jsontext.NewDecoder(bytes.NewReader(raw))
		if _, err := dec.ReadToken(); err != nil {
			return
		}
		for i := 0; dec.PeekKind() != ']'; i++ {
			value, err := dec.ReadValue()
			if err != nil || !yield(i, slices.Clone(value)) {
				return
			}
		}
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
