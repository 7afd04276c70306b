package deadletter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"atvsld/analytics/store"
)

// The longest name and reason, in characters.
const (
	MaxName   = 200
	MaxReason = 2000
)

// Decision is who decides about a letter, and why.
type Decision struct {
	// By is the name that was given, Principal who was let in.
	By, Principal string
	Reason        string
}

// Tidy returns the decision in NFC and without space around its texts.
func (d Decision) Tidy() Decision {
	d.By, d.Reason = tidy(d.By), tidy(d.Reason)
	return d
}

func tidy(text string) string { return strings.TrimSpace(norm.NFC.String(text)) }

// Wrong names what of the decision cannot go on record: "by", "reason".
func (d Decision) Wrong() []string {
	var wrong []string
	if !readable(d.By, MaxName, "") {
		wrong = append(wrong, "by")
	}
	if !readable(d.Reason, MaxReason, "\n\t") {
		wrong = append(wrong, "reason")
	}
	return wrong
}

// readable tells whether text is one that people can read, of 1 to most characters.
func readable(text string, most int, besides string) bool {
	odd := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(besides, r) }
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, odd)
}

func (d Decision) act(act string) store.LetterAct {
	return store.LetterAct{ID: uuid.New(), Act: act, By: d.By, Principal: d.Principal, Reason: d.Reason}
}
