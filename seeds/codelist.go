package seeds

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Status says how far a row was verified against its source.
type Status string

const (
	// StatusVerified was read in the text, or in an official or legal summary of it.
	StatusVerified Status = "V"
	// StatusSecondary comes from the press or another secondary copy.
	StatusSecondary Status = "S"
	// StatusDerived is a sum or difference of published figures.
	StatusDerived Status = "D"
	// StatusOwn was made by this project, no source claimed.
	StatusOwn Status = "OWN"
	// StatusUnverified has no source that could be found. Never build a refusal on it.
	StatusUnverified Status = "UNVERIFIED"
)

// Entry is what every row of a dated code list has. The key is (List, Code):
// the same code may mean something else in another list. ValidFrom and ValidTo
// are inclusive, no date means open.
type Entry struct {
	List      string `json:"list"`
	Code      string `json:"code"`
	NameVI    string `json:"name_vi"`
	NameEN    string `json:"name_en"`
	ValidFrom Date   `json:"valid_from,omitzero"`
	ValidTo   Date   `json:"valid_to,omitzero"`
	Source    string `json:"source"`
	Status    Status `json:"status"`
	Note      string `json:"note,omitempty"`
}

// ValidOn reports whether the row is in force on the given local day.
func (e Entry) ValidOn(day Date) bool { return within(day, e.ValidFrom, e.ValidTo) }

func (e Entry) entry() Entry { return e }

func within(day, from, to Date) bool {
	return !day.Before(from) && (to.IsZero() || !day.After(to))
}

func (r *row) entry(listColumn string) Entry {
	from, to := r.validity()
	return Entry{
		List: r.text(listColumn), Code: r.text("code"), NameVI: r.text("name_vi"), NameEN: r.text("name_en"),
		ValidFrom: from, ValidTo: to, Source: r.text("source"), Status: r.status(), Note: r.optional("note"),
	}
}

func joinKey(parts ...string) string { return strings.Join(parts, "/") }

type listCode struct{ list, code string }

// codeList is an immutable dated code list in the order of its file.
type codeList[T interface{ entry() Entry }] struct {
	rows   []T
	byKey  map[listCode]int
	byCode map[string][]int
}

func newCodeList[T interface{ entry() Entry }](rows []T) codeList[T] {
	l := codeList[T]{rows: rows, byKey: make(map[listCode]int, len(rows)), byCode: make(map[string][]int, len(rows))}
	for i, r := range rows {
		e := r.entry()
		l.byKey[listCode{e.List, e.Code}] = i
		l.byCode[e.Code] = append(l.byCode[e.Code], i)
	}
	return l
}

func (l codeList[T]) get(list, code string) (found T, ok bool) {
	i, ok := l.byKey[listCode{list, code}]
	if !ok {
		return found, false
	}
	return l.rows[i], true
}

// on finds the row that the code names on the given day. Loading proved that
// there is at most one.
func (l codeList[T]) on(code string, day Date) (found T, ok bool) {
	for _, i := range l.byCode[code] {
		if l.rows[i].entry().ValidOn(day) {
			return l.rows[i], true
		}
	}
	return found, false
}

func (l codeList[T]) all() []T { return slices.Clone(l.rows) }

func (l codeList[T]) allOn(day Date) []T {
	var valid []T
	for _, r := range l.rows {
		if r.entry().ValidOn(day) {
			valid = append(valid, r)
		}
	}
	return valid
}

// checkOverlap refuses a code that would name two things on one day.
func (l codeList[T]) checkOverlap(fail func(format string, args ...any)) {
	for _, code := range slices.Sorted(maps.Keys(l.byCode)) {
		indexes := l.byCode[code]
		entries := make([]Entry, len(indexes))
		for i, index := range indexes {
			entries[i] = l.rows[index].entry()
		}
		slices.SortFunc(entries, func(a, b Entry) int {
			return cmp.Or(a.ValidFrom.Compare(b.ValidFrom), cmp.Compare(a.List, b.List))
		})
		for i := 1; i < len(entries); i++ {
			if before := entries[i-1]; before.ValidOn(entries[i].ValidFrom) {
				fail("code %s of lists %s and %s: validity overlaps", code, before.List, entries[i].List)
			}
		}
	}
}
