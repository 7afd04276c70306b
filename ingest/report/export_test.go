package report

import "fmt"

// DecodeFast is the fast way of reading alone.
func DecodeFast(data []byte) (Submission, bool) {
	facts, err := scan(data, MaxBytes)
	if err != nil {
		return Submission{}, false
	}
	return decodeFast(data, facts)
}

// DecodeSlow is the slow way of reading alone.
func DecodeSlow(data []byte) (Submission, []Finding) { return decodeSlow(data) }

// Written tells what a column writes of a content: "3", "null", or "[1 1.1]" for an
// array. It panics when that is not one value or one list with its elements.
func Written(column Column, c Content) string {
	var w recorder
	column.Write(&w, c)
	want := 1
	if w.list {
		want = w.length
	}
	if len(w.values) != want {
		panic(fmt.Sprintf("column %s wrote %q", column.Name, w.values))
	}
	if w.list {
		return fmt.Sprint(w.values)
	}
	return w.values[0]
}

// Leaves are the pointers of all values that a submission of the kind may hold, the
// elements of lists by the two indexes 0 and 1.
func (d *Definition) Leaves() []string {
	var all []string
	var walk func(f *form, at string)
	walk = func(f *form, at string) {
		switch f.kind {
		case objectForm:
			for _, m := range f.members {
				walk(m, pointerMember(at, m.name))
			}
		case listForm:
			walk(f.elem, pointerIndex(at, 0))
			walk(f.elem, pointerIndex(at, 1))
		case rawForm:
			walk(d.form, at)
		default:
			all = append(all, at)
		}
	}
	walk(envelopeForm, "")
	return all
}

// What kind of personal text a member is.
type Privacy = privacy

const (
	PersonName    = personName
	UnitName      = unitName
	FileNumber    = fileNumber
	ContactText   = contactText
	BirthText     = birthText
	NarrativeText = narrativeText
)

// PrivacyAt tells the kind of a pointer.
func PrivacyAt(kind Kind, pointer string) Privacy { return privacyAt(kind, pointer) }

// KnownPrivacy tells whether there is such a kind.
func KnownPrivacy(p Privacy) bool { return p.known() }

// FormOf works the form of a type out.
func FormOf[T any]() any { return formOf[T]() }
