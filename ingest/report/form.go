package report

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"atvsld/seeds"
)

// form is the shape of a value in JSON, worked out once from its Go type and
// the tags of its fields:
//
//	form:"required"          must be there; text, lists and objects not empty
//	form:"max=200"           longest text, in characters
//	form:"items=50"          longest list
//	form:"enum=a|b"          the values a text may have; "" stands for absent
//	platform:"computed"      only the platform writes it
//	private:"person"         what a [Private] text is: every one must say, see [privacy]
//
// The data dictionary takes from it what else is known of a member:
//
//	doc:"nghĩa / meaning"    Vietnamese, then English
//	list:"causes factors"    code lists that the values are from
//	source:"…" status:"V"    where they differ from those of the kind
//
// Reading, checking, stripping and restoring all follow this one tree, so a new
// field of a new kind cannot be forgotten by any of them.
type form struct {
	name     string // JSON name within the object; "" for the root and elements
	index    []int  // path to the Go field within the object
	position int    // among the members of the object
	pointer  bool   // the Go field is a pointer
	kind     formKind
	goType   reflect.Type // without the pointer

	members []*form          // of an object, in Go order
	byName  map[string]*form // of an object
	checked []*form          // members that clean must look at
	elem    *form            // of a list

	required bool
	max      int
	items    int
	enum     []string
	private  bool
	privacy  privacy // of a private member
	taxCode  bool
	computed bool
	// holdsPersonal: a member of the object, or one below, is personal.
	holdsPersonal bool

	doc            string
	lists          []string
	source, status string
}

type formKind uint8

const (
	textForm   formKind = iota // a string
	numberForm                 // an unsigned number
	truthForm                  // a bool
	scalarForm                 // a string with its own syntax: date, time, UUID
	objectForm
	listForm
	rawForm // left as it is: the content inside the envelope
)

func formOf[T any]() *form { return newForm(reflect.TypeFor[T]()) }

// textUnmarshaler tells scalars from objects.
var (
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	timeType        = reflect.TypeFor[time.Time]()
	privateType     = reflect.TypeFor[Private]()
	provinceType    = reflect.TypeFor[seeds.ProvinceRef]()
	taxCodeType     = reflect.TypeFor[TaxCode]()
)

func newForm(t reflect.Type) *form {
	f := &form{goType: t}
	if t.Kind() == reflect.Pointer {
		f.pointer, f.goType, t = true, t.Elem(), t.Elem()
	}
	f.private, f.taxCode = t == privateType, t == taxCodeType
	switch {
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		f.kind = rawForm
	case t == timeType || reflect.PointerTo(t).Implements(textUnmarshaler):
		f.kind = scalarForm
	case t.Kind() == reflect.String:
		f.kind = textForm
	case t.Kind() == reflect.Bool:
		f.kind = truthForm
	case t.Kind() == reflect.Uint32 || t.Kind() == reflect.Uint64:
		f.kind = numberForm
	case t.Kind() == reflect.Slice:
		f.kind = listForm
		f.elem = newForm(t.Elem())
		f.elem.required = true
	case t.Kind() == reflect.Struct:
		f.kind = objectForm
		f.addMembers(t, nil)
		if t == provinceType { // a bare code names two provinces: the list is required
			f.byName["list"].parseTag("required,enum=63|34")
			f.byName["code"].parseTag("required,max=2")
		}
	default:
		panic(fmt.Sprintf("report: no form for Go type %v", t))
	}
	return f
}

func (f *form) addMembers(t reflect.Type, prefix []int) {
	if f.byName == nil {
		f.byName = map[string]*form{}
	}
	for i := range t.NumField() {
		field := t.Field(i)
		index := append(slices.Clone(prefix), i)
		if field.Anonymous {
			f.addMembers(field.Type, index)
			continue
		}
		m := newForm(field.Type)
		m.name, _, _ = strings.Cut(field.Tag.Get("json"), ",")
		m.index = index
		m.computed = field.Tag.Get("platform") == "computed"
		m.doc = field.Tag.Get("doc")
		if lists := field.Tag.Get("list"); lists != "" {
			m.lists = strings.Fields(lists)
		}
		m.source, m.status = field.Tag.Get("source"), field.Tag.Get("status")
		m.parseTag(field.Tag.Get("form"))
		m.parsePrivacy(field.Tag.Get("private"))
		m.position = len(f.members)
		f.members = append(f.members, m)
		f.byName[m.name] = m
		f.holdsPersonal = f.holdsPersonal || m.personal()
		if m.mustLook() {
			f.checked = append(f.checked, m)
		}
	}
}

func (f *form) parseTag(tag string) {
	if tag == "" {
		return
	}
	text := f
	if f.kind == listForm { // max and enum speak of the elements
		text = f.elem
	}
	for option := range strings.SplitSeq(tag, ",") {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "required":
			f.required = true
		case "max":
			text.max, _ = strconv.Atoi(value)
		case "items":
			f.items, _ = strconv.Atoi(value)
		case "enum":
			text.enum = strings.Split(value, "|")
		default:
			panic("report: unknown form option " + option)
		}
	}
}

// parsePrivacy reads what kind of personal text a member is. A member that does not say so
// would be shown to whoever may read nothing but narratives, so the program does not start.
func (f *form) parsePrivacy(tag string) {
	text := f
	if f.kind == listForm {
		text = f.elem
	}
	text.privacy = privacy(tag)
	if text.private != text.privacy.known() {
		panic(fmt.Sprintf("report: member %s: a Private text, and nothing else, has a tag private, got %q", f.name, tag))
	}
}

// mustLook tells whether a decoded value of the form can be wrong at all.
func (f *form) mustLook() bool {
	switch f.kind {
	case textForm, listForm:
		return true
	case objectForm:
		return f.required || len(f.checked) > 0
	case numberForm:
		return f.required || f.goType.Kind() == reflect.Uint64
	default:
		return f.required || f.computed
	}
}

// value returns the Go value of a member, following its pointer; the zero
// reflect.Value when the pointer is nil.
func (f *form) value(object reflect.Value) reflect.Value {
	v := object
	for _, i := range f.index {
		v = v.Field(i)
	}
	if f.pointer {
		return v.Elem()
	}
	return v
}

// allocate is value, making what a nil pointer points at.
func (f *form) allocate(object reflect.Value) reflect.Value {
	v := object
	for _, i := range f.index {
		v = v.Field(i)
	}
	if !f.pointer {
		return v
	}
	if v.IsNil() {
		v.Set(reflect.New(f.goType))
	}
	return v.Elem()
}

// clear makes a member absent.
func (f *form) clear(object reflect.Value) {
	v := object
	for _, i := range f.index {
		v = v.Field(i)
	}
	v.SetZero()
}

// find follows the segments of a pointer through the form and the value.
func (f *form) find(v reflect.Value, segments []string) (*form, reflect.Value) {
	for _, segment := range segments {
		if !v.IsValid() {
			return nil, v
		}
		switch f.kind {
		case objectForm:
			m, ok := f.byName[segment]
			if !ok {
				return nil, v
			}
			f, v = m, m.value(v)
		case listForm:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= v.Len() {
				return nil, v
			}
			f, v = f.elem, v.Index(i)
		default:
			return nil, v
		}
	}
	return f, v
}

// at follows the segments of a pointer through the form alone; nil where there is none.
func (f *form) at(segments []string) *form {
	for _, segment := range segments {
		switch {
		case f == nil:
			return nil
		case f.kind == listForm:
			f = f.elem
		default:
			f = f.byName[segment]
		}
	}
	return f
}

// rank places a pointer in the order of the form, for sorting findings.
func (f *form) rank(segments []string) []int {
	ranks := make([]int, 0, len(segments))
	for _, segment := range segments {
		switch {
		case f != nil && f.kind == objectForm:
			m, ok := f.byName[segment]
			if !ok {
				return append(ranks, len(f.members))
			}
			ranks, f = append(ranks, m.position), m
		case f != nil && f.kind == listForm:
			i, _ := strconv.Atoi(segment)
			ranks, f = append(ranks, i), f.elem
		default:
			return ranks
		}
	}
	return ranks
}
