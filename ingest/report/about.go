package report

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// About is what a stored revision says about one person.
type About struct {
	ReadBack
	// Found tells in which domains of pseudonyms the person stands in it, sorted.
	Found []string
}

// About gives the parts of a stored revision that are about one person, for that person: his
// names, numbers and contacts as they were filed, and the narratives with those of others, and
// whatever has the form of a number of a person, blanked. Other persons of the report are
// left out, also what is not personal of them. is tells whether a pseudonym is the person's.
//
// A name finds only who stands there without a citizen number: whoever has another one is
// another person, however he is called. A paper of another kind has no pseudonym that would
// tell; of who is found by his name it is left out.
//
// Without the sealed part the texts are absent.
func (s Stored) About(is func(Pseudonym) bool) (About, error) {
	o := owners{is: is, of: map[string]owner{}, named: map[string]bool{}, found: map[string]bool{}}
	if err := o.look(s); err != nil {
		return About{}, err
	}
	var texts map[string]string
	if s.Opened != nil {
		all, err := s.texts()
		if err != nil {
			return About{}, err
		}
		texts = o.texts(s.Kind, all)
	}
	document, err := s.write(texts, o.without())
	if err != nil {
		return About{}, err
	}
	return About{
		ReadBack: s.judge(ReadBack{Document: document, Personal: s.Opened != nil}), Found: slices.Sorted(maps.Keys(o.found)),
	}, nil
}

// owner says whom an object of a report is about.
type owner uint8

const (
	nobody   owner = iota // no person in particular
	oneself               // the person
	somebody              // another person
)

// owners tells of every object of a content that names a person or a household whose it is.
type owners struct {
	is      func(Pseudonym) bool
	of      map[string]owner
	persons []string        // pointers of persons, as against units
	named   map[string]bool // pointers of who was found by his name alone
	found   map[string]bool
}

func (o *owners) look(s Stored) error {
	if len(s.Content) == 0 {
		return nil
	}
	content, err := DecodeContent(s.Kind, s.Content)
	if err != nil {
		return err
	}
	definition, _ := Lookup(s.Kind)
	o.walk(definition.form, reflect.ValueOf(content).Elem(), "/content")
	return nil
}

func (o *owners) walk(f *form, v reflect.Value, at string) {
	switch {
	case !v.IsValid():
	case f.kind == objectForm:
		o.object(f, v, at)
		for _, m := range f.members {
			o.walk(m, m.value(v), pointerMember(at, m.name))
		}
	case f.kind == listForm:
		for i := range v.Len() {
			o.walk(f.elem, v.Index(i), at+"/"+strconv.Itoa(i))
		}
	}
}

// object looks whose an object is: that of a person has pseudonyms, that of a unit a tax code.
func (o *owners) object(f *form, v reflect.Value, at string) {
	number, isNumbered := computed(f, v, "person")
	name, isNamed := computed(f, v, "name_key")
	if isNumbered || isNamed {
		o.person(at, number, name)
		return
	}
	for _, m := range f.members {
		if !m.taxCode || !m.value(v).IsValid() {
			continue
		}
		if household, ok := strings.CutPrefix(m.value(v).String(), householdPrefix); ok {
			o.note(at, DomainHousehold, Pseudonym(household))
		}
	}
}

// computed reads a pseudonym of an object; false where its form has none.
func computed(f *form, v reflect.Value, name string) (Pseudonym, bool) {
	m := f.byName[name]
	if m == nil || !m.computed {
		return "", false
	}
	return Pseudonym(m.value(v).String()), true
}

// person judges by the number, and by the name only where there is none.
func (o *owners) person(at string, number, name Pseudonym) {
	o.persons = append(o.persons, at)
	o.of[at] = somebody
	isNamed := name != "" && o.is(name)
	switch {
	case number != "" && o.is(number):
		o.of[at] = oneself
		o.found[DomainPerson] = true
	case number == "" && isNamed:
		o.of[at] = oneself
		o.named[at] = true
	default:
		return
	}
	if isNamed {
		o.found[DomainName] = true
	}
}

func (o *owners) note(at, domain string, p Pseudonym) {
	switch {
	case p == "":
	case o.is(p):
		o.of[at] = oneself
		o.found[domain] = true
	case o.of[at] == nobody:
		o.of[at] = somebody
	}
}

// whose returns the owner of the nearest object around a pointer.
func (o *owners) whose(pointer string) owner {
	for i := len(pointer); i > 0; i = strings.LastIndexByte(pointer[:i], '/') {
		if of, ok := o.of[pointer[:i]]; ok {
			return of
		}
	}
	return nobody
}

// without are the places of other persons.
func (o *owners) without() map[string]bool {
	places := map[string]bool{}
	for _, at := range o.persons {
		if o.of[at] == somebody {
			places[at] = true
		}
	}
	return places
}

// texts are those that the person may see.
func (o *owners) texts(kind Kind, all map[string]string) map[string]string {
	b := newBlanker()
	kept, narratives := map[string]string{}, map[string]string{}
	for _, pointer := range slices.Sorted(maps.Keys(all)) {
		class, whose := privacyAt(kind, pointer), o.whose(pointer)
		switch {
		case whose == oneself && class == fileNumber && o.named[pointer[:strings.LastIndexByte(pointer, '/')]]:
			b.learn(class, all[pointer])
		case whose == oneself:
			kept[pointer] = all[pointer]
		case class == narrativeText:
			narratives[pointer] = all[pointer]
		case whose == somebody, class == personName: // of nobody in particular: an officer, a witness
			b.learn(class, all[pointer])
		default:
			kept[pointer] = all[pointer]
		}
	}
	for pointer, text := range narratives {
		kept[pointer] = b.blank(text)
	}
	return kept
}
