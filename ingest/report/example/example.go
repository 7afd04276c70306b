// Package example holds one report of every kind that breaks no rule, and for every
// rule an example that breaks it and one that does not. They are its tests, and what
// the rule book and the interface show to filers.
package example

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

//go:embed reports rules amendments
var files embed.FS

// Filed is the time at which the reports are filed.
func Filed() time.Time { return time.Date(2026, 1, 8, 9, 0, 0, 0, time.FixedZone("+07", 7*60*60)) }

// Report returns a submission of the kind, compact JSON, that breaks no rule when it is
// filed at [Filed]: neither error nor warning nor hint. ok is false for an unknown kind.
func Report(kind string) (document []byte, ok bool) {
	text, err := files.ReadFile(path.Join("reports", kind+".json"))
	if err != nil {
		return nil, false
	}
	v := jsontext.Value(text)
	if err := v.Compact(); err != nil {
		panic(fmt.Sprintf("example: the report of kind %q: %v", kind, err))
	}
	return v, true
}

// Rule is an example that breaks a rule, and one close to it that does not. Both are
// edits of the [Report] of the kind.
type Rule struct {
	Code, Kind string
	// Pointer is where the finding is (RFC 6901).
	Pointer string
	Breaks  []Edit
	// Holds is empty where the report itself is the example.
	Holds []Edit
	// Previous makes of the [Report] of the kind that of the year before; empty where the
	// rule does not look at it.
	Previous []Edit
	// At is the line of the file, for messages of tests.
	At string
}

// Edit sets a member to a JSON value, or removes it when Value is "".
type Edit struct{ Pointer, Value string }

// Rules returns the examples in the order of their files, which are written so:
//
//	CODE kind pointer-of-the-finding
//	  pointer = JSON      the member is set      } an edit of the report
//	  pointer -           the member is removed  }
//	ok
//	  the edits of the example that does not break the rule (none: the report itself)
//	previous
//	  the edits that make it the report of the year before, for rules that look at it
//
// A line that starts with # is a comment.
func Rules() []Rule { return rules() }

var rules = sync.OnceValue(func() []Rule {
	entries, err := files.ReadDir("rules")
	if err != nil {
		panic(err)
	}
	var all []Rule
	for _, entry := range entries {
		text, err := files.ReadFile(path.Join("rules", entry.Name()))
		if err != nil {
			panic(err)
		}
		all = append(all, parse(entry.Name(), string(text))...)
	}
	return all
})

func parse(name, text string) []Rule {
	var all []Rule
	var edits *[]Edit
	for i, line := range strings.Split(text, "\n") {
		at := fmt.Sprintf("%s:%d", name, i+1)
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case line == "ok":
			edits = &all[len(all)-1].Holds
		case line == "previous":
			edits = &all[len(all)-1].Previous
		case strings.HasPrefix(line, "  "):
			*edits = append(*edits, Edits(strings.TrimSpace(line))[0])
		default:
			parts := strings.Fields(line)
			if len(parts) != 3 {
				panic("example: " + at + ": want code, kind and pointer")
			}
			all = append(all, Rule{Code: parts[0], Kind: parts[1], Pointer: parts[2], At: at})
			edits = &all[len(all)-1].Breaks
		}
	}
	return all
}

// Amendment returns the edits of the [Report] of a kind that make a valid revision 2 of
// it, lines as those of [Rules] without the indent. Revision and reason are added where
// the file does not name them. ok is false when there is no such file.
func Amendment(kind string) (edits []Edit, ok bool) {
	text, err := files.ReadFile(path.Join("amendments", kind+".txt"))
	if err != nil {
		return nil, false
	}
	named := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		edit := Edits(line)[0]
		edits = append(edits, edit)
		named[edit.Pointer] = true
	}
	for _, needed := range Edits(`/revision = 2`, `/reason = "Đính chính số liệu"`) {
		if !named[needed.Pointer] {
			edits = append(edits, needed)
		}
	}
	return edits, true
}

// Edits reads lines of the form "pointer = JSON" and "pointer -".
func Edits(lines ...string) []Edit {
	edits := make([]Edit, len(lines))
	for i, line := range lines {
		pointer, value, set := strings.Cut(line, " = ")
		if !set {
			pointer = strings.TrimSuffix(line, " -")
		}
		edits[i] = Edit{pointer, value}
	}
	return edits
}
