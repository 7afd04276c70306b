package report

import (
	"fmt"
	"reflect"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// textFacts is what one pass over the bytes tells, so that the usual report
// needs no second look at its strings.
type textFacts struct {
	// normal: every string is in Unicode NFC already.
	normal bool
	// plain: no string can hold a control character.
	plain bool
	// stripped: personal members are absent, and computed ones allowed.
	stripped bool
}

// scan refuses documents that are too large or nested too deep before anything
// is read, and gathers the facts. It need not know whether the document is
// valid: an invalid one is refused later.
func scan(data []byte, limit int) (textFacts, error) {
	if len(data) > limit {
		return textFacts{}, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(data))
	}
	facts := textFacts{plain: true}
	ascii := true
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch b := data[i]; {
		case b == '"':
			quoted = !quoted
		case b == '\\':
			facts.plain = false
			i++
		case b >= 0x7f:
			ascii = false
			// DEL, U+0080 to U+009F, and what may be a turn of direction (U+202A …).
			if b == 0x7f || b == 0xc2 && next(data, i) < 0xa0 || b == 0xe2 && next(data, i) <= 0x81 {
				facts.plain = false
			}
		case quoted:
		case b == '{' || b == '[':
			if depth++; depth > MaxDepth {
				return textFacts{}, fmt.Errorf("%w: nested deeper than %d", ErrNotJSON, MaxDepth)
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	// An escape may hide what is not normal, so only documents without one are
	// judged by their bytes. NFC is closed under taking parts.
	facts.normal = facts.plain && (ascii || norm.NFC.IsNormal(data))
	return facts, nil
}

// ready normalises the text of a decoded value and tells whether it is right in
// form. When in doubt it says no: the slow way then finds out what, if anything,
// is wrong, and must not find anything wrong where ready said yes.
func (t textFacts) ready(f *form, v reflect.Value) bool {
	if !t.normal {
		normalise(f, v)
	}
	return t.clean(f, v)
}

// clean looks at a value whose presence is certain.
func (t textFacts) clean(f *form, v reflect.Value) bool {
	switch f.kind {
	case textForm:
		s := v.String()
		return tooLong(s, f.max) == 0 && (t.plain || control(s) < 0) && (f.enum == nil || slices.Contains(f.enum, s))
	case numberForm:
		return v.Uint() <= MaxNumber
	case objectForm:
		for _, m := range f.checked {
			if !t.cleanMember(m, m.value(v)) {
				return false
			}
		}
	case listForm:
		n := v.Len()
		if f.items > 0 && n > f.items {
			return false
		}
		for i := range n {
			if !t.cleanMember(f.elem, v.Index(i)) {
				return false
			}
		}
	}
	return true
}

func (t textFacts) cleanMember(m *form, v reflect.Value) bool {
	switch {
	case m.private && t.stripped:
		return !v.IsValid() || v.Len() == 0
	case !v.IsValid(): // nil pointer
		return !m.required
	case m.computed:
		return t.stripped || v.IsZero()
	case m.kind == textForm || m.kind == listForm:
		if v.Len() == 0 {
			return !m.required
		}
	case m.required && v.IsZero():
		return false
	}
	return t.clean(m, v)
}

// normalise brings every text at or below v to Unicode NFC.
func normalise(f *form, v reflect.Value) {
	switch f.kind {
	case textForm:
		if s := v.String(); !norm.NFC.IsNormalString(s) {
			v.SetString(norm.NFC.String(s))
		}
	case objectForm:
		for _, m := range f.checked {
			if member := m.value(v); member.IsValid() {
				normalise(m, member)
			}
		}
	case listForm:
		for i := range v.Len() {
			normalise(f.elem, v.Index(i))
		}
	}
}

// tooLong returns the length of s in characters if it is more than limit (0:
// no limit), else 0.
func tooLong(s string, limit int) int {
	if limit == 0 || len(s) <= limit {
		return 0
	}
	if n := utf8.RuneCountInString(s); n > limit {
		return n
	}
	return 0
}

// control returns the first control character of s other than line feed and
// tab, -1 if there is none. Characters that turn the direction of writing count
// as well: they make a text look like another.
func control(s string) rune {
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return r
		}
	}
	return -1
}

func next(data []byte, i int) byte {
	if i+1 < len(data) {
		return data[i+1]
	}
	return 0xff
}
