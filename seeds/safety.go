package seeds

// TrainingGroup is one of the six groups of persons who are trained (Law 84/2015/QH13
// Art. 14; Decree 44/2016/ND-CP).
type TrainingGroup struct {
	Entry
	// ValidYears is how long a certificate of the group holds, in years. It is a
	// parameter: see Status.
	ValidYears int `json:"valid_years"`
}

// PublicationRule says whether and how long something is shown to everybody.
type PublicationRule struct {
	Subject string `json:"subject"`
	Enabled bool   `json:"enabled"`
	// Days is how many days after its end a case stays public, the day itself included.
	Days int `json:"days"`
	// ShowTaxCode: the tax code of an organisation is shown. That of a household, which
	// is a person's number, never is.
	ShowTaxCode bool   `json:"show_tax_code"`
	ValidFrom   Date   `json:"valid_from,omitzero"`
	ValidTo     Date   `json:"valid_to,omitzero"`
	Source      string `json:"source"`
	Status      Status `json:"status"`
	Note        string `json:"note,omitempty"`
}

// PublicViolations is the subject of the rule on serious violations that were handled.
const PublicViolations = "violations"

const trainingGroupColumns = "list code name_vi name_en valid_years valid_from valid_to source status note"

func (l *loader) trainingGroups() codeList[TrainingGroup] {
	return newCodeList(readTable(l, "training_groups.csv", trainingGroupColumns, func(r *row) (string, TrainingGroup) {
		g := TrainingGroup{Entry: r.entry("list"), ValidYears: int(r.integer("valid_years"))}
		if g.ValidYears < 1 || g.ValidYears > 50 {
			r.fail("valid_years: %d is not in 1..50", g.ValidYears)
		}
		return joinKey(g.List, g.Code), g
	}))
}

// plainList reads a list of which nothing is known but code, names and validity.
func (l *loader) plainList(file string) codeList[Entry] {
	return newCodeList(readTable(l, file, factorColumns, func(r *row) (string, Entry) {
		e := r.entry("list")
		return joinKey(e.List, e.Code), e
	}))
}

const publicationColumns = "subject enabled days show_tax_code valid_from valid_to source status note"

func (l *loader) publication() []PublicationRule {
	return readTable(l, "publication.csv", publicationColumns, func(r *row) (string, PublicationRule) {
		from, to := r.validity()
		p := PublicationRule{
			Subject: r.oneOf("subject", PublicViolations), Enabled: r.yes("enabled"), Days: int(r.integer("days")), ShowTaxCode: r.yes("show_tax_code"),
			ValidFrom: from, ValidTo: to, Source: r.text("source"), Status: r.status(), Note: r.optional("note"),
		}
		if p.Days < 0 || p.Enabled && p.Days == 0 {
			r.fail("days: %d; a rule that publishes needs a number of days", p.Days)
		}
		return joinKey(p.Subject, p.ValidFrom.String()), p
	})
}

// checkPublication refuses two rules for one day.
func (d *Data) checkPublication(fail func(string, ...any)) {
	for i, a := range d.publication {
		for _, b := range d.publication[:i] {
			if a.Subject == b.Subject && (within(a.ValidFrom, b.ValidFrom, b.ValidTo) || within(b.ValidFrom, a.ValidFrom, a.ValidTo)) {
				fail("%s: validity overlaps", a.Subject)
			}
		}
	}
}

// TrainingGroupOn returns the group that the code names on the given local day.
func (d *Data) TrainingGroupOn(code string, day Date) (TrainingGroup, bool) {
	return d.trainingGroups.on(code, day)
}

// TrainingGroups returns the groups of every list.
func (d *Data) TrainingGroups() []TrainingGroup { return d.trainingGroups.all() }

// EquipmentTypeOn returns the type of equipment with strict requirements that the code
// names on the given local day (Law 84/2015/QH13 Art. 31).
func (d *Data) EquipmentTypeOn(code string, day Date) (Entry, bool) {
	return d.equipmentTypes.on(code, day)
}

// EquipmentTypes returns the types of every list.
func (d *Data) EquipmentTypes() []Entry { return d.equipmentTypes.all() }

// ViolationTypeOn returns the finding of an inspection that the code names on the given
// local day.
func (d *Data) ViolationTypeOn(code string, day Date) (Entry, bool) {
	return d.violationTypes.on(code, day)
}

// ViolationTypes returns the findings of every list.
func (d *Data) ViolationTypes() []Entry { return d.violationTypes.all() }

// RemedialMeasureOn returns the measure that the code names on the given local day.
func (d *Data) RemedialMeasureOn(code string, day Date) (Entry, bool) {
	return d.remedialMeasures.on(code, day)
}

// RemedialMeasures returns the measures of every list.
func (d *Data) RemedialMeasures() []Entry { return d.remedialMeasures.all() }

// PublicationOn returns the rule on a subject in force on the given local day; not ok
// means that nothing of it is public.
func (d *Data) PublicationOn(subject string, day Date) (PublicationRule, bool) {
	for _, p := range d.publication {
		if p.Subject == subject && within(day, p.ValidFrom, p.ValidTo) {
			return p, true
		}
	}
	return PublicationRule{}, false
}

// WithPublication returns the data with other rules of publication. It is how an
// operator's own table, or a test, takes the place of the embedded one.
func (d *Data) WithPublication(rules ...PublicationRule) *Data {
	changed := *d
	changed.publication = rules
	return &changed
}
