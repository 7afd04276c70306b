package summary

import (
	"context"
	"maps"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// DetailRow is a row of part II.
type DetailRow struct {
	Group   string `json:"group" enum:"accidents,severity,cause,factor,occupation,commuting,total" doc:"accidents, commuting and total are rows 1, 2 and 3 = 1 + 2 of the form; the others split row 1"`
	Code    string `json:"code" doc:"Code within the group; empty when the reports do not explain it, and for a row without codes"`
	Name    Text   `json:"name"`
	Reports int64  `json:"reports" doc:"Reports that the row is made of"`

	Accidents      Count `json:"accidents"`
	AccidentsFatal Count `json:"accidents_fatal"`
	AccidentsMulti Count `json:"accidents_multi" doc:"With two or more victims"`
	Victims        Count `json:"victims"`
	Women          Count `json:"women"`
	Deaths         Count `json:"deaths"`
	Serious        Count `json:"serious"`

	// The damage, of whole reports only; money in thousand đồng.
	DaysOff          Count `json:"days_off"`
	CostTotal        Count `json:"cost_total" doc:"Thousand VND"`
	CostMedical      Count `json:"cost_medical" doc:"Thousand VND"`
	CostWages        Count `json:"cost_wages" doc:"Thousand VND"`
	CostCompensation Count `json:"cost_compensation" doc:"Thousand VND"`
	Property         Count `json:"property" doc:"Thousand VND"`
}

// NoContract is the part of workers without a labour contract.
type NoContract struct {
	Reports        int64       `json:"reports" doc:"Communes' reports that are counted"`
	Workers        Count       `json:"workers" doc:"Workers without a labour contract, where the communes know them"`
	UnknownWorkers int64       `json:"reports_without_workers" doc:"Reports that do not know the workers"`
	Details        []DetailRow `json:"details" nullable:"false" doc:"The communes' form has neither factors, occupations nor damage"`
}

var blocks = []struct{ block, group string }{{"1.1", "cause"}, {"1.2", "factor"}, {"1.3", "occupation"}}

func (m *Maker) details(s span, all store.ReportGroup, rows []store.RowGroup) []DetailRow {
	first := row("accidents", "", Text{VI: "1. Tai nạn lao động", EN: "1. Occupational accidents"}, all.Reports, all.Form)
	details := append([]DetailRow{first}, severity(all.Reports, all.Form)...)
	for _, b := range blocks {
		details = append(details, m.split(s, b.block, b.group, all, rows)...)
	}
	commuting := row("commuting", "", Text{VI: "2. Tai nạn được hưởng trợ cấp theo khoản 2 Điều 39 Luật An toàn, vệ sinh lao động",
		EN: "2. Accidents with an allowance under Law 84/2015/QH13 Art. 39(2)"}, all.Reports, all.Commuting)
	sum := store.FormSums{}
	for name, n := range all.Form {
		sum[name] = n + all.Commuting[name]
	}
	total := row("total", "", Text{VI: "3. Tổng số (3 = 1 + 2)", EN: "3. Total (3 = 1 + 2)"}, all.Reports, sum)
	return append(details, commuting, total.damaged(all.Reports, all.Damage))
}

// split returns the rows of a block, and what the reports do not explain of row 1.
func (m *Maker) split(s span, block, group string, all store.ReportGroup, rows []store.RowGroup) []DetailRow {
	var out []DetailRow
	rest := store.FormSums{}
	maps.Copy(rest, all.Form)
	for _, r := range rows {
		if r.Block != block {
			continue
		}
		out = append(out, row(group, r.Code, m.codeName(s, block, r.Code), r.Reports, r.Form))
		for name, n := range r.Form {
			rest[name] -= n
		}
	}
	// Occupations count victims, but whole accidents: theirs need not add up to row 1.
	if block == "1.3" || rest[store.Accidents] == 0 && rest[store.Victims] == 0 {
		return out
	}
	return append(out, row(group, "", Text{VI: "Không nêu trong báo cáo", EN: "Not explained by the reports"}, all.Reports, rest))
}

func row(group, code string, name Text, reports int64, form store.FormSums) DetailRow {
	of := func(measure string) Count { return counted(form[measure], reports) }
	r := DetailRow{
		Group: group, Code: code, Name: name, Reports: reports,
		Accidents: of(store.Accidents), AccidentsFatal: of(store.AccidentsFatalForm), AccidentsMulti: of(store.AccidentsMulti),
		Victims: of(store.Victims), Women: of(store.Women), Deaths: of(store.DeathsForm), Serious: of(store.Serious),
	}
	no := unknown(indicator.ReasonNotInForm)
	r.DaysOff, r.CostTotal, r.CostMedical, r.CostWages, r.CostCompensation, r.Property = no, no, no, no, no, no
	return r
}

func (r DetailRow) damaged(reports int64, d store.Damage) DetailRow {
	r.DaysOff, r.CostTotal = counted(d.DaysOff, reports), counted(d.CostTotal, reports)
	r.CostMedical, r.CostWages = counted(d.CostMedical, reports), counted(d.CostWages, reports)
	r.CostCompensation, r.Property = counted(d.CostCompensation, reports), counted(d.Property, reports)
	return r
}

// severity splits the persons of row 1. The reports do not tell how many accidents were
// serious or minor, nor the sex of the dead.
func severity(reports int64, form store.FormSums) []DetailRow {
	dead, serious := form[store.DeathsForm], form[store.Serious]
	persons := []struct {
		code string
		name Text
		n    int64
	}{
		{"dead", Text{VI: "Chết người", EN: "Fatal"}, dead},
		{"serious", Text{VI: "Bị thương nặng", EN: "Seriously injured"}, serious},
		{"minor", Text{VI: "Bị thương nhẹ", EN: "Lightly injured"}, form[store.Victims] - dead - serious},
	}
	rows := make([]DetailRow, len(persons))
	for i, p := range persons {
		r := row("severity", p.code, p.name, reports, store.FormSums{store.Victims: p.n})
		no := unknown(indicator.ReasonNotInForm)
		r.Accidents, r.AccidentsFatal, r.AccidentsMulti, r.Women, r.Deaths, r.Serious = no, no, no, no, no, no
		rows[i] = r
	}
	rows[0].Accidents = counted(form[store.AccidentsFatalForm], reports)
	rows[0].AccidentsFatal, rows[0].Deaths = rows[0].Accidents, rows[0].Victims
	rows[1].Serious = rows[1].Victims
	return rows
}

// codeName names a code in the list in force at the end of the period.
func (m *Maker) codeName(s span, block, code string) Text {
	day := seeds.MustDate(s.year, 12, 31)
	if s.half {
		day = seeds.MustDate(s.year, 6, 30)
	}
	switch block {
	case "1.1":
		if c, ok := m.seeds.CauseOn(code, day); ok {
			return Text{VI: c.NameVI, EN: c.NameEN}
		}
	case "1.2":
		if f, ok := m.seeds.FactorOn(code, day); ok {
			return Text{VI: f.NameVI, EN: f.NameEN}
		}
	}
	return Text{VI: "Mã " + code, EN: "Code " + code}
}

func (m *Maker) noContract(ctx context.Context, s span) (NoContract, error) {
	sums, err := m.store.SummaryCommunes(ctx, s.query)
	if err != nil {
		return NoContract{}, err
	}
	n := NoContract{Reports: sums.Reports, UnknownWorkers: sums.Unknown, Workers: counted(sums.Workers, sums.Reports-sums.Unknown)}
	if n.Workers.Value == nil && sums.Reports > 0 {
		n.Workers = unknown(indicator.ReasonWithoutContract)
	}
	all := store.ReportGroup{Reports: sums.Reports, Form: sums.Form}
	n.Details = append(n.Details, row("accidents", "", Text{VI: "Tai nạn lao động của người làm việc không theo hợp đồng lao động",
		EN: "Accidents of workers without a labour contract"}, sums.Reports, sums.Form))
	n.Details = append(n.Details, severity(sums.Reports, sums.Form)...)
	n.Details = append(n.Details, m.split(s, "1.1", "cause", all, sums.Causes)...)
	return n, nil
}
