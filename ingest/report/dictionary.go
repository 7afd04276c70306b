package report

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"atvsld/ingest/report/example"
)

// Field is one entry of the data dictionary: a member of a submission.
type Field struct {
	// Kind is "" for the members that every kind has around its content.
	Kind Kind `json:"kind,omitempty"`
	// Pointer has "*" for every element of a list.
	Pointer   string `json:"pointer" doc:"Con trỏ từ gốc của báo cáo; * là mọi phần tử của danh sách. / Pointer from the root of a submission; * is every element of a list"`
	MeaningVI string `json:"meaning_vi"`
	MeaningEN string `json:"meaning"`
	// Type is one of [FieldTypes].
	Type     string `json:"type" enum:"text,number,truth,date,time,uuid,object,list,list of texts,list of uuids"`
	Required bool   `json:"required"`
	// MaxLength bounds a text in characters, MaxItems a list, Maximum a whole number,
	// whose least value is 0.
	MaxLength int      `json:"max_length,omitzero"`
	MaxItems  int      `json:"max_items,omitzero"`
	Maximum   uint64   `json:"maximum,omitzero"`
	Values    []string `json:"values,omitempty" doc:"Các giá trị có thể có. / The values it may have"`
	// Lists name the code lists that the values are from.
	Lists []string `json:"code_lists,omitempty" doc:"Danh mục của các mã. / Code lists that the values are from"`
	// Private: never leaves the gateway in clear. Computed: only the platform writes it.
	Private  bool `json:"private" doc:"Không rời cổng tiếp nhận ở dạng rõ. / Never leaves the gateway in clear"`
	Computed bool `json:"computed" doc:"Chỉ hệ thống tính. / Only the platform writes it"`
	// Columns are those of the store whose value depends on the field: of the kind's
	// table, or of another one that is named.
	Columns []string `json:"columns" doc:"Các cột của kho phụ thuộc mục này. / Columns of the store that depend on it"`
	Source  string   `json:"source"`
	Status  string   `json:"status" enum:"V,S,UNVERIFIED"`
}

// Dictionary returns every field: those of the envelope, then those of every kind in the
// order of its form.
func Dictionary() []Field { return slices.Clone(allFields()) }

var allFields = sync.OnceValue(func() []Field {
	d := dictionary{}
	d.members(envelopeForm, "", place{source: sourcePlatform, status: Verified})
	for i := range d.fields {
		d.fields[i].Columns = envelopeStored[d.fields[i].Pointer]
		if d.fields[i].Pointer == "/revision" {
			d.fields[i].Maximum = MaxRevision
		}
	}
	for _, definition := range catalogue {
		d.kind, d.stored = definition.Kind, storedOf(definition)
		d.members(definition.form, "/content", place{source: definition.LegalRef, status: definition.Status})
	}
	return d.fields
})

// envelopeStored is where the envelope goes.
var envelopeStored = map[string][]string{
	"/kind": {"report_log.kind"}, "/report_id": {"report_id"}, "/revision": {"revision", "version"}, "/withdrawn": {"withdrawn"},
	"/reason": {"report_log.sealed"}, "/acknowledge": {}, "/received_at": {"received_at", "filed_at"}, "/content": {"report_log.payload"},
	"/paper": {"report_log.entered_at"}, "/paper/received_on": {"received_at", "filed_at"}, "/paper/entered_by": {"report_log.sealed"}, "/paper/reference": {"report_log.sealed"},
}

// place is what a member takes over from what it is part of.
type place struct{ source, status string }

func (p place) of(f *form) place {
	if f.source != "" {
		p.source = f.source
	}
	if f.status != "" {
		p.status = f.status
	}
	return p
}

type dictionary struct {
	kind   Kind
	stored map[string][]string
	fields []Field
}

func (d *dictionary) members(object *form, at string, in place) {
	for _, m := range object.members {
		d.add(m, pointerMember(at, m.name), in.of(m))
	}
}

func (d *dictionary) add(m *form, at string, in place) {
	f := Field{Kind: d.kind, Pointer: at, Type: m.typeName(), Required: m.required, MaxLength: m.max, MaxItems: m.items,
		Values: m.enum, Lists: m.lists, Private: m.private, Computed: m.computed, Source: in.source, Status: in.status}
	f.MeaningVI, f.MeaningEN, _ = strings.Cut(m.doc, " / ")
	if m.kind == numberForm {
		f.Maximum = m.largest()
	}
	if m.kind == listForm {
		f.MaxLength, f.Values, f.Private = m.elem.max, m.elem.enum, m.elem.private
	}
	f.Columns = d.columns(m, at)
	d.fields = append(d.fields, f)
	switch {
	case m.kind == objectForm:
		d.members(m, at, in)
	case m.kind == listForm && m.elem.kind == objectForm:
		d.members(m.elem, at+"/*", in)
	}
}

// columns: what is personal is sealed; what has no column of its own is in the payload.
func (d *dictionary) columns(m *form, at string) []string {
	switch {
	case m.private || m.kind == listForm && m.elem.private:
		return []string{"report_log.sealed"}
	case m.kind == objectForm || m.kind == listForm && m.elem.kind == objectForm:
		return []string{}
	case len(d.stored[at]) > 0:
		return d.stored[at]
	default:
		return []string{"report_log.payload"}
	}
}

func (f *form) largest() uint64 {
	if f.goType.Kind() == reflect.Uint32 {
		return 1<<32 - 1
	}
	return MaxNumber
}

func (f *form) typeName() string {
	switch f.kind {
	case textForm:
		return "text"
	case numberForm:
		return "number"
	case truthForm:
		return "truth"
	case scalarForm:
		return f.scalarName()
	case listForm:
		if f.elem.kind == objectForm {
			return "list"
		}
		return "list of " + f.elem.typeName() + "s"
	default:
		return "object"
	}
}

func (f *form) scalarName() string {
	switch f.goType {
	case timeType:
		return "time"
	case reflect.TypeFor[UUID]():
		return "uuid"
	default:
		return "date"
	}
}

// storedOf finds out which columns depend on a field: it changes the fields of the
// kind's example one by one and looks at what is written then. Nobody has to keep a
// second list of it.
func storedOf(d *Definition) map[string][]string {
	s := storage{definition: d, found: map[string][]string{}}
	s.base = s.written(s.content())
	s.walk(d.form, reflect.ValueOf(s.content()).Elem(), nil)
	return s.found
}

type storage struct {
	definition *Definition
	base       map[string]string
	found      map[string][]string
}

// content reads the example anew.
func (s *storage) content() Content {
	document, ok := example.Report(string(s.definition.Kind))
	if !ok {
		panic("report: no example of " + string(s.definition.Kind))
	}
	submission, _, err := Decode(document)
	if err != nil || submission.Content == nil {
		panic(fmt.Sprintf("report: the example of %s cannot be read: %v", s.definition.Kind, err))
	}
	return submission.Content
}

// walk visits the fields of the example, with at least one element of every list.
func (s *storage) walk(f *form, v reflect.Value, path []string) {
	switch f.kind {
	case objectForm:
		for _, m := range f.members {
			s.walk(m, m.allocate(v), append(slices.Clone(path), m.name))
		}
	case listForm:
		for i := range max(v.Len(), 1) {
			if i == v.Len() {
				v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			}
			s.walk(f.elem, v.Index(i), append(slices.Clone(path), strconv.Itoa(i)))
		}
	default:
		s.try(f, path)
	}
}

// try changes one field in every way and notes what is written otherwise.
func (s *storage) try(f *form, path []string) {
	at := "/content"
	for i, p := range path {
		switch {
		case !digits(p):
			at = pointerMember(at, p)
		case i < len(path)-1: // the elements of a list of texts are the field itself
			at += "/*"
		}
	}
	for _, value := range f.otherValues() {
		content := s.content()
		if !s.definition.form.set(reflect.ValueOf(content).Elem(), path, value) {
			continue
		}
		for name, text := range s.written(content) {
			if text != s.base[name] && !slices.Contains(s.found[at], name) {
				s.found[at] = append(s.found[at], name)
			}
		}
	}
	slices.SortFunc(s.found[at], func(a, b string) int { return s.definition.position(a) - s.definition.position(b) })
}

// position of a column in the table.
func (d *Definition) position(column string) int {
	if i := slices.Index(identityColumns, column); i >= 0 {
		return i
	}
	return len(identityColumns) + slices.IndexFunc(d.Columns, func(c Column) bool { return c.Name == column })
}

// otherValues are texts of which one at least is another one than that of an example.
func (f *form) otherValues() []string {
	switch {
	case f.enum != nil:
		return f.enum
	case f.kind == textForm:
		return []string{"2019H1", "79", "A01"} // a period, a code, a code with a section
	case f.kind == scalarForm:
		return []string{"2017-02-03", "2017-02-03T04:05:06Z", "019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e50"}
	default:
		return []string{""} // set finds another one itself
	}
}

// set writes a text into a field, or changes its number or truth; false when the field
// cannot hold the text.
func (f *form) set(v reflect.Value, path []string, text string) bool {
	for _, name := range path {
		switch f.kind {
		case objectForm:
			f = f.byName[name]
			v = f.allocate(v)
		case listForm:
			if v.Len() == 0 {
				v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			}
			i := 0
			_, _ = fmt.Sscan(name, &i)
			f, v = f.elem, v.Index(i)
		}
	}
	switch f.kind {
	case textForm:
		v.SetString(text)
	case numberForm:
		v.SetUint(v.Uint() + 1)
	case truthForm:
		v.SetBool(!v.Bool())
	default:
		u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr())
		return ok && u.UnmarshalText([]byte(text)) == nil
	}
	return true
}

// identityColumns are those that [Content.Identity] fills.
var identityColumns = []string{"report_id", "stat_year", "period", "unit"}

func (s *storage) written(c Content) map[string]string {
	id := c.Identity()
	all := map[string]string{"stat_year": strconv.Itoa(id.StatYear), "period": id.Period, "unit": id.Unit}
	if !s.definition.Event {
		all["report_id"] = ReportID(s.definition.Kind, id).String()
	}
	for _, column := range s.definition.Columns {
		var w recorder
		column.Write(&w, c)
		all[column.Name] = fmt.Sprint(w.values)
	}
	return all
}

// recorder are Cells that remember.
type recorder struct {
	list   bool
	length int
	values []string
}

func (w *recorder) add(v any)        { w.values = append(w.values, fmt.Sprint(v)) }
func (w *recorder) Text(s string)    { w.add(s) }
func (w *recorder) Flag(b bool)      { w.add(b) }
func (w *recorder) Uint8(n uint8)    { w.add(n) }
func (w *recorder) Uint32(n uint32)  { w.add(n) }
func (w *recorder) Uint64(n uint64)  { w.add(n) }
func (w *recorder) ID(id [16]byte)   { w.add(UUID(id)) }
func (w *recorder) Time(t time.Time) { w.add(t.UTC().Format(time.RFC3339)) }
func (w *recorder) Date(t time.Time) { w.add(t.Format(time.DateOnly)) }

// Optional writes a number or null.
func (w *recorder) Optional(n *uint32) {
	if n == nil {
		w.add("null")
		return
	}
	w.add(*n)
}

// List starts an array.
func (w *recorder) List(n int) {
	if w.list {
		panic("a second list")
	}
	w.list, w.length = true, n
}
