package report

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// privacy says what kind of personal text a [Private] member holds, and so what becomes of it
// where only narratives may be read.
type privacy string

const (
	personName    privacy = "person"    // absent, and looked for in narratives
	unitName      privacy = "unit"      // who reports, of a household a person: the same
	fileNumber    privacy = "number"    // identity number, number of a file: the same
	contactText   privacy = "contact"   // address, telephone: the same
	birthText     privacy = "birth"     // date or year of birth: the same
	narrativeText privacy = "narrative" // free text: shown with all of that blanked
)

func (p privacy) known() bool {
	switch p {
	case personName, unitName, fileNumber, contactText, birthText, narrativeText:
		return true
	default:
		return false
	}
}

// ReadRedacted gives a stored revision back with its narratives, but without what names a
// person: names, identity numbers, dates of birth, contacts and the tax codes of households
// are absent. In the narratives [Blank] stands for the names, numbers, dates and contacts of
// the same report, and for whatever has the form of a number of a person, a telephone, an
// account, an e-mail address or a date of birth.
//
// The document is written from the stripped content and the redacted texts, so that nothing
// of the sealed document gets into it by another way. Opened must be there.
func (s Stored) ReadRedacted() (ReadBack, error) {
	if s.Opened == nil {
		return s.Read()
	}
	texts, err := s.texts()
	if err != nil {
		return ReadBack{}, err
	}
	document, err := s.write(redactTexts(s.Kind, texts), nil)
	if err != nil {
		return ReadBack{}, err
	}
	return s.judge(ReadBack{Document: document}), nil
}

// texts are the personal texts of the sealed part by their pointers.
func (s Stored) texts() (map[string]string, error) {
	if len(s.Opened) == 0 || s.Opened[0] != packedV1 {
		return takenTexts(s.Opened)
	}
	document, err := unpack(s.Opened[1:], s.Content)
	if err != nil {
		return nil, err
	}
	submission, _, err := Decode(document)
	if err != nil {
		// The decoder's error could repeat the text.
		return nil, fmt.Errorf("redact: %w", ErrNotJSON)
	}
	if submission.ReportID == uuid.Nil {
		submission.ReportID = s.ReportID
	}
	taken, err := submission.Strip(func(_, _ string) Pseudonym { return "" })
	if err != nil {
		return nil, errors.New("redact: the personal texts cannot be told from the rest")
	}
	return takenTexts(taken)
}

// redactTexts leaves the narratives of one report, redacted by what else the report holds.
func redactTexts(kind Kind, texts map[string]string) map[string]string {
	b := newBlanker()
	narratives := map[string]string{}
	for _, pointer := range slices.Sorted(maps.Keys(texts)) {
		switch p := privacyAt(kind, pointer); p {
		case narrativeText:
			narratives[pointer] = texts[pointer]
		default: // a household's tax code has no class and is a number
			b.learn(p, texts[pointer])
		}
	}
	for pointer, text := range narratives {
		narratives[pointer] = b.blank(text)
	}
	return narratives
}

// privacyAt tells what kind of personal text a pointer names; none of an unknown one, which
// then counts as a number.
func privacyAt(kind Kind, pointer string) privacy {
	segments := strings.Split(pointer, "/")[1:]
	form := envelopeForm
	switch segments[0] {
	case "content":
		definition, known := Lookup(kind)
		if !known {
			return fileNumber
		}
		form, segments = definition.form, segments[1:]
	case "paper":
		form, segments = paperForm, segments[1:]
	}
	if form = form.at(segments); form == nil || !form.privacy.known() {
		return fileNumber
	}
	return form.privacy
}
