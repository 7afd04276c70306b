package report

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"atvsld/seeds"
)

// ErrNoDraft tells that a kind has no period, so that nothing can be drafted of it.
var ErrNoDraft = errors.New("no draft of this kind")

// Declaration is what a draft of Annex XII needs to know of a declaration.
type Declaration struct {
	ReportID, AccidentID uuid.UUID
	// Own: made by the unit that the draft is for. Of others' declarations of the same
	// accident only the severity of common victims counts.
	Own           bool
	OccurredAt    time.Time
	Cause, Factor string
	Commuting     bool
	Victims       []DeclaredVictim
}

// DeclaredVictim is a victim as the pseudonyms tell him apart.
type DeclaredVictim struct {
	Person, NameKey Pseudonym
	Severity        InjurySeverity
	Sex             Sex
	Occupation      string
	UnderManagement bool
}

// Case is one accident of the unit, however often it was declared.
type Case struct {
	AccidentID uuid.UUID
	OccurredAt time.Time
	Cause      string
	Factor     string
	Commuting  bool
	// Declarations are the unit's own; Others counts those of other reporters.
	Declarations []uuid.UUID
	Others       int
	Victims      []DeclaredVictim
}

// CasesOf puts declarations of the same accident together, in the order of the accidents. They come in the order of
// their first receipt; what the first of the unit's own says of time and cause counts.
//
// An accident of several employers is a case of each that declared it. Its victims are
// those whom the unit itself names: under its management or, as the form wants them
// counted beside, outside. Whom only another employer names is in that one's report. The
// severity is the worst that anybody has declared, because a death counts whoever
// learned of it.
func CasesOf(declarations []Declaration) []Case {
	var cases []Case
	at := map[uuid.UUID]int{}
	for _, d := range declarations {
		if !d.Own {
			continue
		}
		i, known := at[d.AccidentID]
		if !known {
			i = len(cases)
			at[d.AccidentID] = i
			cases = append(cases, Case{AccidentID: d.AccidentID, OccurredAt: d.OccurredAt, Commuting: d.Commuting})
		}
		c := &cases[i]
		c.Declarations = append(c.Declarations, d.ReportID)
		c.Cause, c.Factor = cmp.Or(c.Cause, d.Cause), cmp.Or(c.Factor, d.Factor)
		for _, v := range d.Victims {
			c.add(v)
		}
	}
	for _, d := range declarations {
		i, known := at[d.AccidentID]
		if d.Own || !known {
			continue
		}
		cases[i].Others++
		for _, v := range d.Victims {
			if own := cases[i].victim(v); own != nil {
				own.Severity = worse(own.Severity, v.Severity)
			}
		}
	}
	slices.SortFunc(cases, func(a, b Case) int {
		return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), bytes.Compare(a.AccidentID[:], b.AccidentID[:]))
	})
	return cases
}

// add adds a victim, or what one more declaration says of him.
func (c *Case) add(v DeclaredVictim) {
	known := c.victim(v)
	if known == nil {
		c.Victims = append(c.Victims, v)
		return
	}
	known.Severity = worse(known.Severity, v.Severity)
	known.Sex, known.Occupation = cmp.Or(known.Sex, v.Sex), cmp.Or(known.Occupation, v.Occupation)
	known.UnderManagement = known.UnderManagement || v.UnderManagement
}

// victim finds the same person: by the citizen number where both have it, else by name,
// year of birth and sex.
func (c *Case) victim(v DeclaredVictim) *DeclaredVictim {
	i := slices.IndexFunc(c.Victims, func(known DeclaredVictim) bool {
		if known.Person != "" && v.Person != "" {
			return known.Person == v.Person
		}
		return known.NameKey != "" && known.NameKey == v.NameKey
	})
	if i < 0 {
		return nil
	}
	return &c.Victims[i]
}

func worse(a, b InjurySeverity) InjurySeverity {
	order := []InjurySeverity{Minor, Serious, Dead}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// measures counts the case as one row of table I does; only the victims for whom count
// holds. It is nothing when there is none.
func (c *Case) measures(count func(*DeclaredVictim) bool) Measures {
	var m Measures
	for i := range c.Victims {
		v := &c.Victims[i]
		if !count(v) {
			continue
		}
		v.countIn(&m)
	}
	if m.Victims == 0 {
		return m
	}
	m.Accidents = 1
	if m.Deaths > 0 {
		m.AccidentsFatal = 1
	}
	if m.Victims > 1 {
		m.AccidentsMulti = 1
	}
	return m
}

func (v *DeclaredVictim) countIn(m *Measures) {
	count := func(all, outside *uint32) {
		*all++
		if !v.UnderManagement {
			*outside++
		}
	}
	count(&m.Victims, &m.VictimsOutside)
	if v.Sex == Female {
		count(&m.Women, &m.WomenOutside)
	}
	switch v.Severity {
	case Dead:
		count(&m.Deaths, &m.DeathsOutside)
	case Serious:
		count(&m.Serious, &m.SeriousOutside)
	}
}

// DraftRow is a row of table I with the cases it counts.
type DraftRow struct {
	AnnexRow
	// Of gives for each measure, in the order of [AllMeasures], the cases that count.
	Of [len(measures)][]*Case
}

// DraftRows counts cases as table I of Annex XII does: row 1 with its causes, factors
// and occupations, row 2 for commuting, row 3 for both. A case without a cause or factor,
// and a victim without an occupation, is missing in that block, which the rules then say.
// Without cases there are no rows.
func DraftRows(cases []Case) []DraftRow {
	if len(cases) == 0 {
		return nil
	}
	t := matrix{}
	everybody := func(*DeclaredVictim) bool { return true }
	for i := range cases {
		c := &cases[i]
		t.count(BlockTotal, "", c, everybody)
		if c.Commuting {
			t.count(BlockCommuting, "", c, everybody)
			continue
		}
		t.count(BlockAccidents, "", c, everybody)
		if c.Cause != "" {
			t.count(BlockCause, c.Cause, c, everybody)
		}
		if c.Factor != "" {
			t.count(BlockFactor, c.Factor, c, everybody)
		}
		for _, occupation := range c.occupations() {
			t.count(BlockOccupation, occupation, c, func(v *DeclaredVictim) bool { return v.Occupation == occupation })
		}
	}
	// Row 1 must stand there also when every accident was one of commuting.
	t.row(BlockAccidents, "")
	slices.SortFunc(t.rows, func(a, b *DraftRow) int {
		return cmp.Or(cmp.Compare(a.Block, b.Block), cmp.Compare(a.Code, b.Code))
	})
	rows := make([]DraftRow, len(t.rows))
	for i, r := range t.rows {
		rows[i] = *r
	}
	return rows
}

func (c *Case) occupations() []string {
	var all []string
	for _, v := range c.Victims {
		if v.Occupation != "" && !slices.Contains(all, v.Occupation) {
			all = append(all, v.Occupation)
		}
	}
	return all
}

type matrix struct{ rows []*DraftRow }

func (t *matrix) row(b Block, code string) *DraftRow {
	for _, r := range t.rows {
		if r.Block == b && r.Code == code {
			return r
		}
	}
	r := &DraftRow{AnnexRow: AnnexRow{Block: b, Code: code}}
	t.rows = append(t.rows, r)
	return r
}

func (t *matrix) count(b Block, code string, c *Case, who func(*DeclaredVictim) bool) {
	m := c.measures(who)
	r := t.row(b, code)
	r.Add(m)
	for i := range measures {
		if *measures[i].Of(&m) > 0 {
			r.Of[i] = append(r.Of[i], c)
		}
	}
}

// Difference is a cell in which the declarations and a filed matrix disagree.
type Difference struct {
	Block           Block
	Code            string
	Measure         Measure
	Declared, Filed uint32
	// Contradiction: the two cannot both be right. Otherwise the matrix counts more, as
	// it may: accidents that need no declaration of their own are in it as well.
	Contradiction bool
	Cases         []*Case
}

// Differences compares declared cases with the rows of a filed matrix, in the order of
// the declared rows and then of the filed ones.
func Differences(declared []DraftRow, filed []AnnexRow) []Difference {
	var all []Difference
	for i := range declared {
		other := AnnexRow{Block: declared[i].Block, Code: declared[i].Code}
		if at := slices.IndexFunc(filed, other.sameRow); at >= 0 {
			other = filed[at]
		}
		all = append(all, differences(&declared[i], &other)...)
	}
	for i := range filed {
		if !slices.ContainsFunc(declared, func(r DraftRow) bool { return r.sameRow(filed[i]) }) {
			all = append(all, differences(&DraftRow{AnnexRow: AnnexRow{Block: filed[i].Block, Code: filed[i].Code}}, &filed[i])...)
		}
	}
	return all
}

func (r AnnexRow) sameRow(other AnnexRow) bool { return r.Block == other.Block && r.Code == other.Code }

func differences(declared *DraftRow, filed *AnnexRow) []Difference {
	var all []Difference
	for i, m := range measures {
		d, f := *m.Of(&declared.Measures), *m.Of(&filed.Measures)
		if d == f {
			continue
		}
		// Every fatal accident is declared (Law 84/2015/QH13 Art. 34(1)(b)); its cause may
		// be known to the matrix alone, and commuting is not always declared.
		exhaustive := declared.Block == BlockAccidents && (m.Name == "accidents_fatal" || m.Name == "deaths")
		all = append(all, Difference{Block: declared.Block, Code: declared.Code, Measure: m, Declared: d, Filed: f,
			Contradiction: f < d || exhaustive, Cases: declared.Of[i]})
	}
	return all
}

// headMembers are what one report of a unit says that the next is likely to say again.
var headMembers = []string{"reporter", "industry", "workers", "covers_branches"}

// Draft writes the beginning of a submission of a periodic kind: head is an earlier
// submission of the same unit, of whatever kind, from which the head of the form is
// taken; nil when there is none. reporter then stands for it. rows fill table I of Annex
// XII. A revision above 1 is named, so that the draft amends what is on file.
//
// The error is [ErrNoDraft] for a kind without a period.
func Draft(kind Kind, period Period, day seeds.Date, revision uint32, head []byte, reporter Reporter, rows []DraftRow) ([]byte, error) {
	definition, known := Lookup(kind)
	if !known || definition.Event || definition.form.byName["period"] == nil {
		return nil, fmt.Errorf("%w: %.40q", ErrNoDraft, string(kind))
	}
	var earlier struct {
		Content map[string]jsontext.Value `json:"content"`
	}
	if len(head) > 0 && json.Unmarshal(head, &earlier) != nil {
		return nil, fmt.Errorf("draft: %w", ErrNotJSON)
	}
	content := map[string]jsontext.Value{"period": textValue(string(period))}
	for _, name := range headMembers {
		if value, said := earlier.Content[name]; said && definition.form.byName[name] != nil {
			content[name] = value
		}
	}
	if _, said := content["reporter"]; !said {
		content["reporter"] = reporter.bare()
	}
	if definition.form.byName["report_date"] != nil {
		content["report_date"] = textValue(day.String())
	}
	if kind == AnnexXII && len(rows) > 0 {
		content["rows"] = rowsValue(rows)
	}
	out := fmt.Appendf(nil, `{"kind":%q`, kind)
	if revision > 1 {
		out = fmt.Appendf(out, `,"revision":%d`, revision)
	}
	out = append(out, `,"content":{`...)
	for i, name := range definition.form.order(content) {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(out, strconv.Quote(name)+":"...), content[name]...)
	}
	return append(out, `}}`...), nil
}

// order gives the names of members in the order of the form.
func (f *form) order(members map[string]jsontext.Value) []string {
	var names []string
	for _, m := range f.members {
		if _, there := members[m.name]; there {
			names = append(names, m.name)
		}
	}
	return names
}

func textValue(text string) jsontext.Value {
	quoted, err := jsontext.AppendQuote(nil, text)
	if err != nil {
		return jsontext.Value(`""`)
	}
	return quoted
}

// bare writes who reports when nothing more is known of him.
func (r *Reporter) bare() jsontext.Value {
	out := append([]byte(`{"type":`), textValue(string(r.Type))...)
	if r.TaxCode != "" {
		out = append(append(out, `,"tax_code":`...), textValue(string(r.TaxCode))...)
	}
	if r.Site != "" {
		out = append(append(out, `,"site":`...), textValue(r.Site)...)
	}
	return append(out, '}')
}

func rowsValue(rows []DraftRow) jsontext.Value {
	plain := make([]AnnexRow, len(rows))
	for i := range rows {
		plain[i] = rows[i].AnnexRow
	}
	return jsonOf(plain)
}

// UnitOf returns the unit of a taxpayer's place, as [Reporter.Unit] writes it. A
// household's number must have been replaced by its pseudonym: see [HouseholdCode].
func UnitOf(code TaxCode, site string) string { return unitOf(code, site) }

// HouseholdCode is how a household's number is written where it must not be seen.
func HouseholdCode(code TaxCode, p PseudonymFunc) TaxCode {
	return TaxCode(householdPrefix + string(p(DomainHousehold, string(code))))
}
