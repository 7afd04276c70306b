package report

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"
)

// What a change does to a place of a report.
const (
	OpAdd     = "add"
	OpRemove  = "remove"
	OpReplace = "replace"
)

// Change is one difference between two revisions of a report.
type Change struct {
	Op string `json:"op" enum:"add,remove,replace"`
	// Pointer (RFC 6901) is in the newer document, for a removal in the older one.
	Pointer string `json:"pointer"`
	// OldPointer is the place in the older document where that is another one.
	OldPointer string         `json:"old_pointer,omitzero"`
	Old        jsontext.Value `json:"old,omitzero"`
	New        jsontext.Value `json:"new,omitzero"`
}

// Diff returns what changed from one submission of a kind to another, in the order of
// the form; of a list first what was changed and added, then what was removed.
//
// Rows of a list are matched by their codes and texts, then by what they have in common,
// so that a row that moved is no change. A member that is absent and one that says 0,
// false or nothing are the same. Of the envelope only withdrawn and paper are compared.
//
// The error is [ErrNotJSON] or tells of an unknown kind; it repeats no value.
func Diff(kind Kind, from, to []byte) ([]Change, error) {
	definition, known := Lookup(kind)
	if !known {
		return nil, fmt.Errorf("diff: unknown kind %.40q", string(kind))
	}
	var documents [2]map[string]any
	for i, data := range [2][]byte{from, to} {
		if json.Unmarshal(data, &documents[i]) != nil {
			return nil, fmt.Errorf("diff: %w", ErrNotJSON)
		}
	}
	d := differ{}
	for _, m := range envelopeForm.members {
		f := m
		switch m.name {
		case "content":
			f = definition.form
		case "withdrawn", "paper":
		default:
			continue
		}
		d.compare(f, side(documents[0], m.name, ""), side(documents[1], m.name, ""))
	}
	return d.changes, nil
}

// site is a value of one of the two documents and where it stands.
type site struct {
	at    string
	value any
	there bool
}

func side(object map[string]any, name, at string) site {
	value, there := object[name]
	return site{pointerMember(at, name), value, there && value != nil}
}

func element(list []any, i int, at string) site { return site{pointerIndex(at, i), list[i], true} }

type differ struct{ changes []Change }

func (d *differ) compare(f *form, from, to site) {
	if same(from.value, to.value) {
		return
	}
	switch {
	case !from.there:
		d.changes = append(d.changes, Change{Op: OpAdd, Pointer: to.at, New: jsonOf(to.value)})
		return
	case !to.there:
		d.changes = append(d.changes, Change{Op: OpRemove, Pointer: from.at, Old: jsonOf(from.value)})
		return
	}
	older, isObject := from.value.(map[string]any)
	newer, stays := to.value.(map[string]any)
	if f.kind == objectForm && isObject && stays {
		for _, m := range f.members {
			d.compare(m, side(older, m.name, from.at), side(newer, m.name, to.at))
		}
		return
	}
	olds, isList := from.value.([]any)
	news, stays := to.value.([]any)
	if f.kind == listForm && isList && stays {
		d.list(f.elem, olds, news, from.at, to.at)
		return
	}
	c := Change{Op: OpReplace, Pointer: to.at, Old: jsonOf(from.value), New: jsonOf(to.value)}
	if from.at != to.at {
		c.OldPointer = from.at
	}
	d.changes = append(d.changes, c)
}

func (d *differ) list(f *form, olds, news []any, from, to string) {
	matched := match(f, olds, news)
	taken := make([]bool, len(olds))
	for j := range news {
		if i := matched[j]; i >= 0 {
			taken[i] = true
			d.compare(f, element(olds, i, from), element(news, j, to))
			continue
		}
		d.changes = append(d.changes, Change{Op: OpAdd, Pointer: pointerIndex(to, j), New: jsonOf(news[j])})
	}
	for i := range olds {
		if !taken[i] {
			d.changes = append(d.changes, Change{Op: OpRemove, Pointer: pointerIndex(from, i), Old: jsonOf(olds[i])})
		}
	}
}

// maxPairs bounds the pairs of rows that are looked at for what they have in common.
const maxPairs = 50_000

// match finds for every new element the old one that it was, -1 if it was none. Single
// values are matched when they are equal; rows by all their codes and texts, and what is
// left over by likeness.
func match(f *form, olds, news []any) []int {
	matched := make([]int, len(news))
	waiting := map[string][]int{}
	for i, old := range olds {
		key := rowKey(f, old)
		waiting[key] = append(waiting[key], i)
	}
	for j := range news {
		key := rowKey(f, news[j])
		matched[j] = -1
		if queue := waiting[key]; len(queue) > 0 {
			matched[j], waiting[key] = queue[0], queue[1:]
		}
	}
	if f.kind == objectForm {
		alike(olds, news, slices.Concat(slices.Collect(maps.Values(waiting))...), matched)
	}
	return matched
}

// rowKey is what names a row: whatever in it is neither a number nor yes or no.
func rowKey(f *form, v any) string {
	row, isObject := v.(map[string]any)
	if f.kind != objectForm || !isObject {
		return string(jsonOf(v))
	}
	var key strings.Builder
	for _, m := range f.members {
		if m.kind == numberForm || m.kind == truthForm || empty(row[m.name]) {
			continue
		}
		key.WriteString(m.name)
		key.Write(jsonOf(row[m.name]))
	}
	return key.String()
}

// alike matches the rows that are left: the pair that has most in common first, and of
// equal ones the nearest. A pair that has less than half in common is no pair.
func alike(olds, news []any, left []int, matched []int) {
	type pair struct{ i, j, common int }
	var pairs []pair
	open := 0
	for _, i := range matched {
		if i < 0 {
			open++
		}
	}
	if open == 0 || open*len(left) > maxPairs {
		return
	}
	for j := range news {
		for _, i := range left {
			if matched[j] < 0 {
				if common, all := inCommon(olds[i], news[j]); 2*common >= all {
					pairs = append(pairs, pair{i, j, common})
				}
			}
		}
	}
	distance := func(p pair) int { return max(p.i-p.j, p.j-p.i) }
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.common, a.common), cmp.Compare(distance(a), distance(b)), cmp.Compare(a.j, b.j), cmp.Compare(a.i, b.i))
	})
	taken := map[int]bool{}
	for _, p := range pairs {
		if matched[p.j] < 0 && !taken[p.i] {
			matched[p.j], taken[p.i] = p.i, true
		}
	}
}

// inCommon counts the members that say something in either of two rows, and those that
// say the same in both.
func inCommon(older, newer any) (common, all int) {
	a, _ := older.(map[string]any)
	b, _ := newer.(map[string]any)
	for name, value := range a {
		if empty(value) {
			continue
		}
		all++
		if same(value, b[name]) {
			common++
		}
	}
	for name, value := range b {
		if !empty(value) && empty(a[name]) {
			all++
		}
	}
	return common, all
}

// same compares what two values say.
func same(a, b any) bool {
	if empty(a) && empty(b) {
		return true
	}
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return ok && norm.NFC.String(a) == norm.NFC.String(b)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, same)
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for _, names := range []map[string]any{a, b} {
			for name := range names {
				if !same(a[name], b[name]) {
					return false
				}
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// empty tells whether a value says no more than its absence.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, member := range v {
			if !empty(member) {
				return false
			}
		}
		return true
	}
	return false
}

// jsonOf writes a value that came from JSON, which cannot fail.
func jsonOf(v any) jsontext.Value {
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return nil
	}
	return text
}
