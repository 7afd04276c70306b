package store_test

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// fact is one thing that is counted, with everything that is known of it, as it stands in
// one split: in the totals, or in a cut.
type fact struct {
	measure, period  string
	split            store.Dim
	year, month      int
	province         seeds.ProvinceRef
	version, section string
	member           string
	employment       string
	value            int64
}

// in returns the fact in another split.
func (f fact) in(split store.Dim, member string) fact {
	f.split, f.member = split, member
	return f
}

// model counts filings in Go, one by one and without SQL: the oracle of the cells.
type model struct {
	current map[uuid.UUID]filing
	// Of current; nil after a change.
	counted []fact
	cases   map[uuid.UUID]*oneCase // by declaration
	today   seeds.Date
}

func newModel() *model {
	return &model{current: map[uuid.UUID]filing{}, today: seeds.DateOf(time.Now())}
}

// on moves the model to another day.
func (m *model) on(today seeds.Date) { m.today, m.counted = today, nil }

// file takes a filing; of one revision the first counts.
func (m *model) file(one filing) {
	m.counted, m.cases = nil, nil
	one.revision = max(one.revision, 1)
	before, ok := m.current[one.id]
	if !ok || one.revision > before.revision {
		m.current[one.id] = one
	}
}

func (m *model) facts() []fact {
	var facts []fact
	add := func(base fact, measure string, value int64) {
		base.measure, base.value = measure, value
		if value != 0 {
			facts = append(facts, base)
		}
	}
	var declarations []filing
	var links []*report.Link
	files := map[report.UUID][]*report.Investigation{}
	sites := map[string]filing{}
	for _, one := range m.current {
		switch c := one.content.(type) {
		case *report.Accident:
			declarations = append(declarations, one)
		case *report.Link:
			links = append(links, c)
		case *report.Investigation:
			files[c.AccidentID] = append(files[c.AccidentID], c)
			investigationFacts(c, m.today, add)
		case *report.Annex:
			if !m.covered(c) {
				annexFacts(c, add)
			}
		case *report.Commune:
			communeFacts(c, add)
		case *report.Disease:
			whole := fact{year: c.Period.Year(), period: "Y", province: c.Reporter.Province, version: c.Industry.Version, section: c.Industry.Section()}
			for _, base := range []fact{whole, whole.in(store.BySizeClass, classOf(c.Workers.Total))} {
				add(base, store.Exposed, int64(c.Exposed.Total))
				add(base, store.ExaminedPersons, int64(c.Examined.Persons))
				add(base, store.ExaminedCases, int64(c.Examined.Cases))
				add(base, store.SuspectedCases, int64(c.Suspected.Cases))
				add(base, store.DiagnosedNew, int64(c.Diagnosed.New))
				add(base, store.DiseaseReports, 1)
			}
		case *report.Monitoring:
			base := monitoringBase(c)
			for _, f := range c.Factors {
				add(base, store.Samples, int64(f.Samples))
				add(base, store.SamplesOver, int64(f.Over))
			}
			add(base, store.MonitoringReports, 1)
			key := c.Reporter.Unit() + string(c.Period)
			if other, ok := sites[key]; !ok || earlier(one, other) {
				sites[key] = one
			}
		}
	}
	for _, one := range sites {
		add(monitoringBase(one.content.(*report.Monitoring)), store.MonitoredSites, 1)
	}
	for _, accident := range accidents(declarations, links) {
		if base, fatal := caseFacts(accident, add); fatal {
			inquiredFacts(base, accident, files, m.today, add)
		}
	}
	m.secondHalves(add)
	return facts
}

func earlier(a, b filing) bool {
	if !a.filed.Equal(b.filed) {
		return a.filed.Before(b.filed)
	}
	return bytes.Compare(a.id[:], b.id[:]) < 0
}

func monitoringBase(c *report.Monitoring) fact {
	return fact{year: c.Period.Year(), period: "Y", province: c.SiteProvince, version: c.Industry.Version, section: c.Industry.Section()}
}

// covered: the parent of this branch reported for it, for the same period.
func (m *model) covered(c *report.Annex) bool {
	if !c.Reporter.TaxCode.IsBranch() {
		return false
	}
	for _, other := range m.current {
		parent, ok := other.content.(*report.Annex)
		if ok && parent.Period == c.Period && parent.Reporter.TaxCode == c.Reporter.TaxCode.Base() &&
			slices.Contains(parent.CoversBranches, c.Reporter.TaxCode) {
			return true
		}
	}
	return false
}

// oneCase is an accident: its declarations, and the victims that officers found to be one.
type oneCase struct {
	declarations []filing
	same         []report.SameVictim
}

// accidents puts together all declarations that hang together by quoting, or by what
// officers found.
func accidents(declarations []filing, links []*report.Link) map[uuid.UUID]*oneCase {
	group := map[uuid.UUID]uuid.UUID{} // id → id of its group
	name := func(id uuid.UUID) uuid.UUID {
		if _, ok := group[id]; !ok {
			group[id] = id
		}
		return group[id]
	}
	quoted := func(one filing) uuid.UUID { return uuid.UUID(one.content.(*report.Accident).AccidentID) }
	join := func(one, other uuid.UUID) {
		from, to := name(one), name(other)
		for id, g := range group {
			if g == from {
				group[id] = to
			}
		}
	}
	for _, one := range declarations {
		join(one.id, quoted(one))
	}
	for _, link := range links {
		for _, id := range link.Declarations {
			join(uuid.UUID(id), uuid.UUID(link.Declarations[0]))
		}
	}
	all := map[uuid.UUID]*oneCase{}
	for _, one := range declarations {
		g := group[one.id]
		if all[g] == nil {
			all[g] = &oneCase{}
		}
		all[g].declarations = append(all[g].declarations, one)
	}
	for _, link := range links {
		if one := all[group[uuid.UUID(link.Declarations[0])]]; one != nil {
			one.same = append(one.same, link.SameVictims...)
		}
	}
	return all
}

// persons names the persons of a case: by any pseudonym of a victim, and by its key.
func (one *oneCase) persons() (key func(report.Victim) string) {
	named := map[report.Pseudonym]report.Pseudonym{}
	for _, d := range one.declarations {
		for _, v := range d.content.(*report.Accident).Victims {
			named[v.NameKey] = max(named[v.NameKey], v.Person)
		}
	}
	own := func(v report.Victim) string { return string(cmp.Or(v.Person, named[v.NameKey], v.NameKey)) }
	group := map[string]string{}
	for _, p := range one.same {
		for _, name := range []string{p.Victim, p.SameAs} {
			group[name] = cmp.Or(group[name], name)
		}
		one, other := group[p.Victim], group[p.SameAs]
		for name, g := range group {
			if g == one || g == other {
				group[name] = min(one, other)
			}
		}
	}
	found := map[string]string{}
	for _, d := range one.declarations {
		for _, v := range d.content.(*report.Accident).Victims {
			found[own(v)] = max(found[own(v)], cmp.Or(group[string(v.Person)], group[string(v.NameKey)]))
		}
	}
	return func(v report.Victim) string {
		if same := found[own(v)]; same != "" {
			return "same/" + same
		}
		return own(v)
	}
}

// caseFacts counts one accident from its live declarations. It returns where and when the
// accident was, and whether it was a fatal one at work.
func caseFacts(one *oneCase, add func(fact, string, int64)) (base fact, fatal bool) {
	declarations := one.declarations
	slices.SortFunc(declarations, func(a, b filing) int {
		return cmp.Or(a.filed.Compare(b.filed), bytes.Compare(a.id[:], b.id[:]))
	})
	type person struct {
		severity report.InjurySeverity
		contract bool
		sex      report.Sex
		age      report.AgeGroup
	}
	persons := map[string]*person{}
	rank := map[report.InjurySeverity]int{report.Dead: 2, report.Serious: 1, report.Minor: 0}
	keyOf := one.persons()
	for _, d := range declarations {
		seen := map[string]int{}
		victims := slices.Clone(d.content.(*report.Accident).Victims)
		slices.SortStableFunc(victims, func(a, b report.Victim) int {
			return cmp.Compare(min(1, len(b.Person)), min(1, len(a.Person)))
		})
		for _, v := range victims {
			key := keyOf(v)
			seen[key]++
			key += strings.Repeat("'", seen[key])
			p := persons[key]
			if p == nil {
				p = &person{severity: report.Minor}
				persons[key] = p
			}
			if rank[v.Severity] > rank[p.severity] {
				p.severity = v.Severity
			}
			p.contract = p.contract || v.Employment == report.Contract
			if v.Sex != report.UnknownSex {
				p.sex = cmp.Or(p.sex, v.Sex)
			}
			p.age = cmp.Or(p.age, v.AgeGroup)
		}
	}
	c := declarations[0].content.(*report.Accident)
	local := c.OccurredAt.In(vietnam)
	base = fact{year: local.Year(), month: int(local.Month()), period: "E", province: c.Place.Province,
		version: c.Industry.Version, section: c.Industry.Section()}
	factor := ""
	if c.Factor != nil && c.Factor.List != seeds.FactorListCircular1996 {
		factor = c.Factor.Code
	}
	prefix := ""
	if c.Commuting {
		prefix = "commuting_"
	}
	splits := func() []fact {
		return []fact{base, base.in(store.ByCause, c.Cause), base.in(store.ByFactor, factor)}
	}
	deaths, contract := 0, false
	for _, p := range persons {
		base.employment = store.NoContract
		if p.contract {
			base.employment, contract = store.Contract, true
		}
		measure := map[report.InjurySeverity]string{report.Dead: store.Deaths, report.Serious: store.DeclaredSerious}[p.severity]
		if measure == "" {
			continue
		}
		if measure == store.Deaths {
			deaths++
		}
		for _, f := range append(splits(), base.in(store.BySex, string(p.sex)), base.in(store.ByAgeGroup, string(p.age))) {
			add(f, prefix+measure, 1)
		}
	}
	base.employment = store.NoContract
	if contract {
		base.employment = store.Contract
	}
	for _, f := range splits() {
		add(f, prefix+store.DeclaredAccidents, 1)
		if deaths > 0 {
			add(f, prefix+store.FatalAccidents, 1)
		}
	}
	return base, deaths > 0 && !c.Commuting
}

// cells sums facts as a query does.
func (m *model) cells(q store.CellQuery, geography func(seeds.ProvinceRef) seeds.ProvinceRef) map[store.Cell]int64 {
	sums := map[store.Cell]int64{}
	by := func(d store.Dim) bool { return slices.Contains(q.GroupBy, d) }
	inSpan := func(f fact) bool {
		switch {
		case q.Span == store.Year:
			return f.period == "Y" || f.period == "E"
		case f.period == "E":
			return (f.month <= 6) == (q.Span == store.FirstHalf)
		default:
			return f.period == string(q.Span)
		}
	}
	if m.counted == nil {
		m.counted = m.facts()
	}
	for _, f := range m.counted {
		if !slices.Contains(q.Measures, f.measure) || f.year < q.From || f.year > q.To || !inSpan(f) ||
			f.split != "*" && f.split != q.Cut() {
			continue
		}
		c := store.Cell{Measure: f.measure}
		if by(store.ByYear) {
			c.Year = f.year
		}
		if by(store.ByMonth) {
			c.Month = f.month
		}
		if by(store.ByProvince) {
			c.Province = geography(f.province)
		}
		if by(store.BySection) {
			c.VSICVersion, c.VSICSection = f.version, f.section
		}
		c.Member = f.member
		if by(store.ByEmployment) {
			c.Employment = f.employment
		}
		sums[c] += f.value
	}
	return sums
}
