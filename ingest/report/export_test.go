package report

import (
	"fmt"
	"time"
)

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
	var w written
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

// written are Cells that remember.
type written struct {
	list   bool
	length int
	values []string
}

func (w *written) add(v any)        { w.values = append(w.values, fmt.Sprint(v)) }
func (w *written) Text(s string)    { w.add(s) }
func (w *written) Flag(b bool)      { w.add(b) }
func (w *written) Uint8(n uint8)    { w.add(n) }
func (w *written) Uint32(n uint32)  { w.add(n) }
func (w *written) Uint64(n uint64)  { w.add(n) }
func (w *written) ID(id [16]byte)   { w.add(UUID(id)) }
func (w *written) Time(t time.Time) { w.add(t.UTC().Format(time.RFC3339)) }
func (w *written) Date(t time.Time) { w.add(t.Format(time.DateOnly)) }

func (w *written) Optional(n *uint32) {
	if n == nil {
		w.add("null")
		return
	}
	w.add(*n)
}

func (w *written) List(n int) {
	if w.list {
		panic("a second list")
	}
	w.list, w.length = true, n
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
