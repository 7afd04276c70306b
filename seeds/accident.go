package seeds

// Lists of the accident forms.
const (
	CauseListAnnexXII      = "annex_xii"           // Decree 39/2016/ND-CP Annex XII footnote 4
	FactorListAnnexXII     = "annex_xii_seen"      // as seen in copies, cut at code 9
	FactorListProposed     = "proposed_completion" // our completion, codes 10-99
	FactorListCircular1996 = "circular_23_1996"    // historical
	InjuryListAnnexII      = "decree_39_annex_ii"  // Decree 39/2016/ND-CP Annex II
)

// Cause is a main cause of an accident (Decree 39/2016/ND-CP Annex XII).
type Cause struct {
	Entry
	Group   string `json:"group"` // "employer", "worker" or "objective"
	GroupVI string `json:"group_vi"`
	GroupEN string `json:"group_en"`
}

// Factor is what injured the victim. The official list was not found: an
// unknown code may never be refused.
type Factor struct {
	Entry
}

// SeriousInjury is an injury that makes an accident serious (Decree
// 39/2016/ND-CP Art. 9 and Annex II).
type SeriousInjury struct {
	Entry
	Parent string `json:"parent,omitempty"` // code of the group; empty: this is a group heading
}

// IsGroup reports a heading, which is not an injury to be filed.
func (s SeriousInjury) IsGroup() bool { return s.Parent == "" }

const (
	causeColumns  = "list code group group_vi group_en name_vi name_en valid_from valid_to source status note"
	factorColumns = "list code name_vi name_en valid_from valid_to source status note"
	injuryColumns = "list code parent name_vi name_en valid_from valid_to source status note"
)

func (l *loader) causes() codeList[Cause] {
	return newCodeList(readTable(l, "accident_causes.csv", causeColumns, func(r *row) (string, Cause) {
		c := Cause{
			Entry: r.entry("list"), Group: r.oneOf("group", "employer", "worker", "objective"),
			GroupVI: r.text("group_vi"), GroupEN: r.text("group_en"),
		}
		return joinKey(c.List, c.Code), c
	}))
}

func (l *loader) factors() codeList[Factor] {
	return newCodeList(readTable(l, "injury_factors.csv", factorColumns, func(r *row) (string, Factor) {
		f := Factor{Entry: r.entry("list")}
		return joinKey(f.List, f.Code), f
	}))
}

func (l *loader) injuries() codeList[SeriousInjury] {
	return newCodeList(readTable(l, "serious_injuries.csv", injuryColumns, func(r *row) (string, SeriousInjury) {
		s := SeriousInjury{Entry: r.entry("list"), Parent: r.optional("parent")}
		return joinKey(s.List, s.Code), s
	}))
}

// Cause returns a cause by list and code, whatever its validity.
func (d *Data) Cause(list, code string) (Cause, bool) { return d.causes.get(list, code) }

// CauseOn returns the cause that the code names on the given local day.
func (d *Data) CauseOn(code string, day Date) (Cause, bool) { return d.causes.on(code, day) }

// Causes returns all causes in the order of the form.
func (d *Data) Causes() []Cause { return d.causes.all() }

// Factor returns an injury factor by list and code, whatever its validity.
func (d *Data) Factor(list, code string) (Factor, bool) { return d.factors.get(list, code) }

// FactorOn returns the injury factor that the code names on the given local day.
func (d *Data) FactorOn(code string, day Date) (Factor, bool) { return d.factors.on(code, day) }

// Factors returns the injury factors of every list.
func (d *Data) Factors() []Factor { return d.factors.all() }

// FactorsOn returns the injury factors in use on the given local day.
func (d *Data) FactorsOn(day Date) []Factor { return d.factors.allOn(day) }

// SeriousInjury returns an injury or a group heading by list and code.
func (d *Data) SeriousInjury(list, code string) (SeriousInjury, bool) {
	return d.injuries.get(list, code)
}

// SeriousInjuryOn returns the injury or heading that the code names on the given local day.
func (d *Data) SeriousInjuryOn(code string, day Date) (SeriousInjury, bool) {
	return d.injuries.on(code, day)
}

// SeriousInjuries returns the whole list with its headings, in order.
func (d *Data) SeriousInjuries() []SeriousInjury { return d.injuries.all() }
