package seeds

const (
	// VSIC2018 is the industry classification of Decision 27/2018/QD-TTg.
	VSIC2018 = "2018"
	// VSIC2025 is the industry classification of Decision 36/2025/QD-TTg, from 15 Nov 2025.
	VSIC2025 = "2025"
)

// Section is a VSIC section: one letter. Letters shifted from L onwards between
// the versions, so a letter means nothing without its version. Deeper codes
// (divisions to classes) are not held here.
type Section struct {
	Version   string `json:"version"`
	Code      string `json:"code"`
	NameVI    string `json:"name_vi"`
	NameEN    string `json:"name_en"`
	ValidFrom Date   `json:"valid_from,omitzero"`
	ValidTo   Date   `json:"valid_to,omitzero"`
	// Nearest2018 is the 2018 section that it continues (our own reading); for
	// a 2018 section itself.
	Nearest2018 string `json:"nearest_2018"`
	// Nearest2018Partial: it holds only a part of that section (J was split in two).
	Nearest2018Partial bool   `json:"nearest_2018_partial"`
	Source             string `json:"source"`
	Status             Status `json:"status"`
	Note               string `json:"note,omitempty"`
}

// ValidOn reports whether the section is in force on the given local day.
func (s Section) ValidOn(day Date) bool { return within(day, s.ValidFrom, s.ValidTo) }

func (s Section) entry() Entry {
	return Entry{List: s.Version, Code: s.Code, ValidFrom: s.ValidFrom, ValidTo: s.ValidTo}
}

const sectionColumns = "version code name_vi name_en valid_from valid_to nearest_2018 nearest_2018_partial source status note"

func (l *loader) sections() codeList[Section] {
	return newCodeList(readTable(l, "vsic_sections.csv", sectionColumns, func(r *row) (string, Section) {
		e := r.entry("version")
		r.oneOf("version", VSIC2018, VSIC2025)
		if len(e.Code) != 1 || e.Code[0] < 'A' || e.Code[0] > 'Z' {
			r.fail("code: %q is not one letter", e.Code)
		}
		return joinKey(e.List, e.Code), Section{
			Version: e.List, Code: e.Code, NameVI: e.NameVI, NameEN: e.NameEN, ValidFrom: e.ValidFrom, ValidTo: e.ValidTo,
			Nearest2018: r.text("nearest_2018"), Nearest2018Partial: r.yes("nearest_2018_partial"),
			Source: e.Source, Status: e.Status, Note: e.Note,
		}
	}))
}

// VSICSection returns a section by version ("2018", "2025") and letter.
func (d *Data) VSICSection(version, code string) (Section, bool) {
	return d.sections.get(version, code)
}

// VSICSections returns the sections of one version in order.
func (d *Data) VSICSections(version string) []Section {
	var sections []Section
	for _, s := range d.sections.rows {
		if s.Version == version {
			sections = append(sections, s)
		}
	}
	return sections
}

// VSICVersionOn returns the version in force on the given local day, "" before
// the first version that is held.
func (d *Data) VSICVersionOn(day Date) string {
	s, _ := d.sections.on("A", day)
	return s.Version
}
