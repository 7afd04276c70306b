package report

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// ErrNoReportID tells that an event was stripped before its report_id was set.
var ErrNoReportID = errors.New("event without report_id")

// computer is a content with members that the platform computes.
type computer interface {
	compute(s *Submission, p PseudonymFunc)
}

// Strip computes the platform's members (pseudonyms, age group, the default
// accident_id), then takes every Private text and every personal tax code out
// of the submission. It returns what it took as a JSON object from pointer to
// text, nil when there was nothing; a personal tax code is replaced by "hb:" and
// its pseudonym. Afterwards json.Marshal(s.Content) holds nothing personal.
//
// An event must have its ReportID by then: [ErrNoReportID].
func (s *Submission) Strip(p PseudonymFunc) (private []byte, err error) {
	definition, known := Lookup(s.Kind)
	if !known {
		return nil, fmt.Errorf("strip: unknown kind %.40q", string(s.Kind))
	}
	if definition.Event && s.ReportID == uuid.Nil {
		return nil, fmt.Errorf("strip: %w", ErrNoReportID)
	}
	t := taker{pseudonym: p}
	t.text("/reason", (*string)(&s.Reason))
	if s.Paper != nil {
		t.take(paperForm, reflect.ValueOf(s.Paper).Elem(), "/paper")
	}
	if s.Content != nil {
		if c, ok := s.Content.(computer); ok {
			c.compute(s, p)
		}
		t.take(definition.form, reflect.ValueOf(s.Content).Elem(), "/content")
	}
	return t.object()
}

// taker collects what is taken out, in the order of the form.
type taker struct {
	pseudonym PseudonymFunc
	json      []byte
	err       error
}

func (t *taker) text(at string, text *string) {
	if *text == "" {
		return
	}
	t.add(at, *text)
	*text = ""
}

func (t *taker) add(at, text string) {
	if t.json == nil {
		t.json = append(t.json, '{')
	} else {
		t.json = append(t.json, ',')
	}
	for i, s := range [2]string{at, text} {
		quoted, err := jsontext.AppendQuote(t.json, s)
		if err != nil {
			t.err = errors.Join(t.err, fmt.Errorf("strip %s: %w", at, err))
			return
		}
		t.json = quoted
		if i == 0 {
			t.json = append(t.json, ':')
		}
	}
}

func (t *taker) object() ([]byte, error) {
	if t.err != nil || t.json == nil {
		return nil, t.err
	}
	return append(t.json, '}'), nil
}

func (t *taker) take(f *form, v reflect.Value, at string) {
	switch {
	case f.private:
		if s := v.String(); s != "" {
			t.add(at, s)
			v.SetString("")
		}
	case f.taxCode:
		if code := TaxCode(v.String()); code.IsPerson() {
			t.add(at, string(code))
			v.SetString(householdPrefix + string(t.pseudonym(DomainHousehold, string(code))))
		}
	case f.kind == objectForm:
		for _, m := range f.members {
			if !m.personal() {
				continue
			}
			if member := m.value(v); member.IsValid() {
				t.take(m, member, at+"/"+m.name)
			}
		}
	case f.kind == listForm:
		for i := range v.Len() {
			t.take(f.elem, v.Index(i), at+"/"+strconv.Itoa(i))
		}
	}
}

// personal tells whether something personal may be at or below a form.
func (f *form) personal() bool {
	if f.kind == listForm {
		return f.elem.personal()
	}
	return f.private || f.taxCode || f.holdsPersonal
}

// takenTexts reads what Strip took out: texts by their pointers. No error repeats a text.
func takenTexts(private []byte) (map[string]string, error) {
	if len(private) == 0 {
		return nil, nil
	}
	var taken map[string]string
	if err := json.Unmarshal(private, &taken); err != nil {
		// The error of the decoder could repeat the text.
		return nil, errors.New("not an object of pointers and texts")
	}
	for pointer := range taken {
		if pointer == "" || pointer[0] != '/' {
			return nil, errors.New("not an object of pointers and texts")
		}
	}
	return taken, nil
}
