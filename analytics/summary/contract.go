package summary

import (
	"cmp"
	"context"
	"slices"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
)

// Contract is the part of workers with a labour contract.
type Contract struct {
	Reports int64 `json:"reports" doc:"Annex XII reports that are counted; a branch that its parent reported for is not"`
	// Part I of the form.
	Total      EstablishmentRow   `json:"total"`
	ByType     []EstablishmentRow `json:"by_establishment_type" nullable:"false"`
	ByIndustry []EstablishmentRow `json:"by_industry" nullable:"false"`
	// Part II.
	Details []DetailRow `json:"details" nullable:"false"`
}

// EstablishmentRow is a row of part I.
type EstablishmentRow struct {
	Group   string `json:"group" enum:"total,establishment_type,industry"`
	Version string `json:"version,omitempty" doc:"Version of VSIC"`
	Code    string `json:"code" doc:"Code within the group; empty when it was not stated, and for the total"`
	Name    Text   `json:"name"`
	Reports int64  `json:"reports" doc:"Reports that the row is made of"`

	Establishments  Count `json:"establishments" doc:"Establishments of the register"`
	Reporting       Count `json:"reporting" doc:"Establishments that reported"`
	Workers         Count `json:"workers" doc:"Workers of the establishments of the register"`
	WorkersReported Count `json:"workers_reporting" doc:"Workers of the establishments that reported"`
	WorkersWomen    Count `json:"workers_women" doc:"Women among them"`
	Victims         Count `json:"victims"`
	VictimsOutside  Count `json:"victims_outside" doc:"Victims not under the management of who reports: two employers may report the same person"`
	Deaths          Count `json:"deaths"`
	Serious         Count `json:"serious" doc:"Seriously injured"`

	KAccidents    Rate `json:"k_tnld" doc:"K_TNLĐ: victims x factor / workers of reporting establishments"`
	KDeaths       Rate `json:"k_chet" doc:"K_chết: deaths x factor / workers of reporting establishments"`
	KAccidentsAll Rate `json:"k_tnld_all_workers" doc:"K_TNLĐ by all workers of the register"`
	KDeathsAll    Rate `json:"k_chet_all_workers" doc:"K_chết by all workers of the register"`
}

// register is the register of expected reporters on the last day of the period.
type register struct {
	groups []store.RegisteredGroup
	held   bool
}

// sameVersion tells whether register and reports name industries in one and the same
// version of VSIC. Sections of two versions do not correspond one by one.
func (r register) sameVersion(reports []store.ReportGroup) bool {
	versions := map[string]bool{}
	for _, g := range reports {
		versions[g.VSICVersion] = true
	}
	for _, g := range r.groups {
		versions[g.VSICVersion] = true
	}
	return len(versions) <= 1
}

// placeOf is a group of reports without a report.
func placeOf(g store.RegisteredGroup) store.ReportGroup {
	return store.ReportGroup{EstablishmentType: g.EstablishmentType, VSICVersion: g.VSICVersion, VSICSection: g.VSICSection}
}

// count gives how many establishments of a row there are, and their workers in the year.
// The workers are not known unless they are of each of them.
func (r register) count(of func(store.ReportGroup) groupKey, key groupKey) (establishments, workers Count) {
	if !r.held {
		return unknown(indicator.ReasonNoRegister), unknown(indicator.ReasonNoRegister)
	}
	var sum store.RegisteredGroup
	for _, g := range r.groups {
		if of(placeOf(g)) == key {
			sum.Establishments += g.Establishments
			sum.Workers += g.Workers
			sum.Unknown += g.Unknown
		}
	}
	if sum.Unknown > 0 || sum.Establishments == 0 {
		return known(sum.Establishments), unknown(indicator.ReasonNoWorkers)
	}
	return known(sum.Establishments), known(sum.Workers)
}

func (m *Maker) contract(ctx context.Context, s span) (Contract, error) {
	groups, err := m.store.SummaryReports(ctx, s.query)
	if err != nil {
		return Contract{}, err
	}
	rows, err := m.store.SummaryRows(ctx, s.query)
	if err != nil {
		return Contract{}, err
	}
	var registered register
	registered.groups, registered.held, err = m.store.SummaryRegister(ctx, s.query)
	if err != nil {
		return Contract{}, err
	}
	// A row of establishments none of which reported is a row, too; of industries only
	// where both speak the same version of the classification.
	industries, oneVersion := groups, registered.sameVersion(groups)
	for _, g := range registered.groups {
		groups = append(groups, placeOf(g))
	}
	if oneVersion {
		industries = groups
	}
	none := func(store.ReportGroup) groupKey { return groupKey{} }
	byType := func(g store.ReportGroup) groupKey { return groupKey{code: g.EstablishmentType} }
	byIndustry := func(g store.ReportGroup) groupKey { return groupKey{g.VSICVersion, g.VSICSection} }
	whole := merge(groups, none)
	all := store.ReportGroup{}
	if len(whole) > 0 {
		all = whole[0].ReportGroup
	}
	c := Contract{Reports: all.Reports, Total: s.establishments("total", groupKey{}, Text{VI: "Tổng số", EN: "Total"}, all)}
	s.registered(&c.Total, registered, none, groupKey{})
	for _, g := range merge(groups, byType) {
		row := s.establishments("establishment_type", g.groupKey, typeName(g.code), g.ReportGroup)
		s.registered(&row, registered, byType, g.groupKey)
		c.ByType = append(c.ByType, row)
	}
	for _, g := range merge(industries, byIndustry) {
		row := s.establishments("industry", g.groupKey, m.sectionName(g.groupKey), g.ReportGroup)
		s.registered(&row, registered, byIndustry, g.groupKey)
		if registered.held && !oneVersion {
			row.Establishments, row.Workers = unknown(indicator.ReasonOtherVersion), unknown(indicator.ReasonOtherVersion)
			row.KAccidentsAll, row.KDeathsAll = rate(row.Victims, row.Workers, s.Factor), rate(row.Deaths, row.Workers, s.Factor)
		}
		c.ByIndustry = append(c.ByIndustry, row)
	}
	c.Details = m.details(s, all, rows)
	return c, nil
}

type groupKey struct{ version, code string }

type group struct {
	groupKey
	store.ReportGroup
}

// merge adds up the groups that share a key, in the order of keys.
func merge(groups []store.ReportGroup, key func(store.ReportGroup) groupKey) []group {
	at := map[groupKey]int{}
	var merged []group
	for _, g := range groups {
		k := key(g)
		i, there := at[k]
		if !there {
			i, at[k] = len(merged), len(merged)
			merged = append(merged, group{groupKey: k, ReportGroup: store.ReportGroup{Form: store.FormSums{}, Commuting: store.FormSums{}}})
		}
		add(&merged[i].ReportGroup, g)
	}
	slices.SortFunc(merged, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.version, b.version), cmp.Compare(a.code, b.code))
	})
	return merged
}

func add(to *store.ReportGroup, g store.ReportGroup) {
	to.Reports += g.Reports
	to.Workers += g.Workers
	to.WorkersWomen += g.WorkersWomen
	for name, n := range g.Form {
		to.Form[name] += n
	}
	for name, n := range g.Commuting {
		to.Commuting[name] += n
	}
	to.Damage.DaysOff += g.Damage.DaysOff
	to.Damage.CostTotal += g.Damage.CostTotal
	to.Damage.CostMedical += g.Damage.CostMedical
	to.Damage.CostWages += g.Damage.CostWages
	to.Damage.CostCompensation += g.Damage.CostCompensation
	to.Damage.Property += g.Damage.Property
}

func (s span) establishments(name string, key groupKey, text Text, g store.ReportGroup) EstablishmentRow {
	of := func(measure string) Count { return counted(g.Form[measure], g.Reports) }
	r := EstablishmentRow{
		Group: name, Version: key.version, Code: key.code, Name: text, Reports: g.Reports,
		Reporting: known(g.Reports), WorkersReported: counted(g.Workers, g.Reports), WorkersWomen: counted(g.WorkersWomen, g.Reports),
		Victims: of(store.Victims), VictimsOutside: of(store.VictimsOutside), Deaths: of(store.DeathsForm), Serious: of(store.Serious),
	}
	r.KAccidents, r.KDeaths = rate(r.Victims, r.WorkersReported, s.Factor), rate(r.Deaths, r.WorkersReported, s.Factor)
	return r
}

// registered adds what the register knows of a row.
func (s span) registered(r *EstablishmentRow, all register, of func(store.ReportGroup) groupKey, key groupKey) {
	r.Establishments, r.Workers = all.count(of, key)
	r.KAccidentsAll, r.KDeathsAll = rate(r.Victims, r.Workers, s.Factor), rate(r.Deaths, r.Workers, s.Factor)
}

// typeName: the list of types of establishment is not held.
func typeName(code string) Text {
	if code == "" {
		return Text{VI: "Không nêu loại hình", EN: "Type not stated"}
	}
	return Text{VI: "Loại hình " + code, EN: "Type " + code}
}

func (m *Maker) sectionName(key groupKey) Text {
	if section, ok := m.seeds.VSICSection(key.version, key.code); ok {
		return Text{VI: section.NameVI, EN: section.NameEN}
	}
	return Text{VI: "Chưa rõ ngành", EN: "Industry unknown"}
}
