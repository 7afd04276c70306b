package seeds

import (
	"regexp"
	"strconv"
)

// Retention says how long what is personal in reports of a kind is kept. No text that was
// read sets a period, so that the embedded rows are parameters: an operator who has a source
// puts a table of his own in their place (see [LoadOver]).
type Retention struct {
	// Kind of report; Class is what its kinds share: one key a year and class, so that
	// destroying the key erases them together.
	Kind  string `json:"kind"`
	Class string `json:"class"`
	// Years are counted from the end of the year for which a report counts. Kept forever
	// when Never.
	Years int  `json:"years,omitempty"`
	Never bool `json:"never"`
	// From and Action name what is done; there is one of each so far.
	From   string `json:"from"`
	Action string `json:"action"`
	Source string `json:"source"`
	Status Status `json:"status"`
	Note   string `json:"note,omitempty"`
}

// What a period is counted from, and what happens at its end.
const (
	FromStatYearEnd = "stat_year_end"
	DestroyKey      = "destroy_key"
)

// OverAfter returns the last year in which a text of a year is still kept; ok is false when
// it is kept forever.
func (r Retention) OverAfter(statYear int) (year int, ok bool) { return statYear + r.Years, !r.Never }

const retentionColumns = "kind class years from action source status note"

var retentionClass = regexp.MustCompile(`^[a-z][a-z_]{0,23}$`)

func (l *loader) retention() []Retention {
	return readTable(l, "retention.csv", retentionColumns, func(r *row) (string, Retention) {
		t := Retention{
			Kind: r.text("kind"), Class: r.text("class"), From: r.text("from"), Action: r.text("action"),
			Source: r.text("source"), Status: r.status(), Note: r.optional("note"),
		}
		if !retentionClass.MatchString(t.Class) {
			r.fail("class: %q is not lower-case letters and _, at most 24", t.Class)
		}
		if t.From != FromStatYearEnd || t.Action != DestroyKey {
			r.fail("from and action: only %s and %s are known", FromStatYearEnd, DestroyKey)
		}
		years := r.optional("years")
		if t.Never = years == ""; !t.Never {
			var err error
			if t.Years, err = strconv.Atoi(years); err != nil || t.Years < 1 || t.Years > 200 {
				r.fail("years: %q is not from 1 to 200; leave it empty for forever", years)
			}
		}
		if t.Status == StatusUnverified && t.Note == "" {
			r.fail("note: say what was not found")
		}
		return t.Kind, t
	})
}

// checkRetention: kinds of one class share a key, so they can only end together.
func (d *Data) checkRetention(fail func(string, ...any)) {
	first := map[string]Retention{}
	for _, r := range d.retention {
		of, known := first[r.Class]
		if !known {
			first[r.Class] = r
			continue
		}
		if of.Years != r.Years || of.Never != r.Never {
			fail("class %s: %s and %s are kept differently long but share a key", r.Class, of.Kind, r.Kind)
		}
	}
}

// Retentions returns the rows in the order of the table.
func (d *Data) Retentions() []Retention { return append([]Retention(nil), d.retention...) }

// Retention returns the row of a kind of report.
func (d *Data) Retention(kind string) (Retention, bool) {
	for _, r := range d.retention {
		if r.Kind == kind {
			return r, true
		}
	}
	return Retention{}, false
}
