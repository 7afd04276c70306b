package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// WholeDocument is the pointer to a document as a whole.
const WholeDocument = ""

// PersonalPointers returns where something personal stands in a submission, as JSON Pointers
// (RFC 6901) in order: what [Submission.Strip] would take out of it. A document that no longer
// decodes, because the form has changed since, is personal as a whole: [WholeDocument].
func PersonalPointers(document []byte) []string {
	pointers, err := personalPointers(document)
	if err != nil {
		return []string{WholeDocument}
	}
	return pointers
}

func personalPointers(document []byte) ([]string, error) {
	s, _, err := Decode(document)
	if err != nil {
		return nil, err
	}
	if s.ReportID == uuid.Nil {
		s.ReportID = uuid.Max // only the pointers matter
	}
	private, err := s.Strip(func(string, string) Pseudonym { return "" })
	if err != nil {
		return nil, fmt.Errorf("look for what is personal: %w", err)
	}
	taken, err := takenTexts(private)
	if err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(taken)), nil
}

// HoldsPersonNumber tells whether a text holds what looks like the number of a person: a
// citizen number, a former identity number, a person's tax code or a mobile telephone.
func HoldsPersonNumber(text string) bool { return findNumber(text) != noNumber }

// Beneath tells whether a JSON Pointer is the other one, or points at something in it.
func Beneath(pointer, above string) bool {
	rest, ok := strings.CutPrefix(pointer, above)
	return ok && (rest == "" || rest[0] == '/')
}
