package demo

import (
	"strconv"
	"time"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// The register of expected reporters is made as if the authorities of the 34 provinces had
// entered it on 1 July 2025, with all that it says of the past. It holds those who report
// and, half as many again, employers who never do, so that there is somebody to look for.

const (
	// At most about this many employers and communes are registered: of a larger set
	// every so many-th.
	registeredEmployers = 4000
	registeredCommunes  = 1000
	// Every silentExempt-th silent employer is exempt from the reports of 2025; every
	// lateExtended-th of the others has more time for that of the year.
	silentExempt = 20
	lateExtended = 60
	// silentIndex is where the tax codes of silent employers start.
	silentIndex = bodyIndex + 1000
)

type entryKind uint8

const (
	registerEmployer  entryKind = iota
	registerHousehold           // under its owner's number since 2025
	registerSilent
	registerCommune
	registerMerged // commune of the list of 1 July 2025
	registerBody
	registerAuthority
)

// entry is one registration to come.
type entry struct {
	kind  entryKind
	index int
}

// registerEntries lists the registrations in the order of filing.
func (g *generator) registerEntries() []entry {
	var all []entry
	step := 1 + (g.cfg.Establishments-1)/registeredEmployers
	employers := 0
	for i := 0; i < g.cfg.Establishments; i += step {
		all = append(all, entry{registerEmployer, i})
		if e := g.register.at(i); e.household {
			all = append(all, entry{registerHousehold, i})
		}
		employers++
	}
	for i := range employers / 2 {
		all = append(all, entry{registerSilent, i})
	}
	for i := 0; i < g.cfg.Communes; i += 1 + (g.cfg.Communes-1)/registeredCommunes {
		all = append(all, entry{registerCommune, i})
		if g.communes.isCurrent(i, true) {
			all = append(all, entry{registerMerged, i})
		}
	}
	for i := range g.bodies {
		all = append(all, entry{registerBody, i})
	}
	for i := range len(g.data.Provinces(seeds.List34)) * len(provincialBranches) {
		all = append(all, entry{registerAuthority, i})
	}
	return all
}

// registerStreams are the register and the relief from reports; all other years have none.
func (g *generator) registerStreams(of int) []*stream {
	if of != LastYear {
		return nil
	}
	entries := g.registerEntries()
	opened := []*stream{listStream(report.RegisterYear, g.geo.mergedAt+10*minute, 2*second, entries, g.writeEntry)}
	var reliefs []entry
	for _, e := range entries {
		switch {
		case e.kind == registerSilent && e.index%silentExempt == 0:
			reliefs = append(reliefs, e)
		case e.kind == registerEmployer && e.index%lateExtended == lateExtended/2 && !g.register.at(e.index).household:
			reliefs = append(reliefs, e)
		}
	}
	if len(reliefs) == 0 {
		return opened
	}
	return append(opened,
		listStream(of, midnight(of, time.July, 2)+8*hour, minute, reliefs, func(w *writer, e entry) { g.writeRelief(w, e, strconv.Itoa(of)) }),
		listStream(of, midnight(of, time.July, 3)+8*hour, minute, reliefs, func(w *writer, e entry) { g.writeRelief(w, e, strconv.Itoa(of)+"H1") }))
}

// listStream files the entries one after another.
func listStream(of int, from, every int64, entries []entry, write func(*writer, entry)) *stream {
	s := &stream{year: of, next: from}
	at := 0
	s.advance = func(w *writer) (bool, error) {
		write(w, entries[at])
		at++
		s.next += every
		return at < len(entries), nil
	}
	return s
}

// provincialBranches are the state bodies of each province.
var provincialBranches = []struct{ authority, name string }{
	{report.LabourAuthority, "Sở Nội vụ "}, {report.HealthAuthority, "Sở Y tế "}, {report.InsuranceAuthority, "Bảo hiểm xã hội "},
}

// silent is an employer who never reports.
func (g *generator) silent(i int) establishment {
	draw := hash(g.cfg.Seed, forRegister, uint64(i))
	e := establishment{index: silentIndex + i, row: weighted(draw, g.geo.weights), hazard: i%4 == 0}
	g.register.size(&e, mix(draw))
	return e
}

func (g *generator) writeEntry(w *writer, e entry) {
	w.envelope(report.RegistrationEntry, 1, "")
	switch e.kind {
	case registerEmployer, registerHousehold, registerSilent:
		g.writeEmployer(w, e)
	case registerCommune, registerMerged:
		g.writeCommuneEntry(w, e)
	case registerBody:
		row := e.index % provinceCount
		g.keeper(w, row)
		w.raw(`,"registered":{"type":"service_body","tax_code":`)
		w.text(g.bodies[e.index].taxCode)
		w.raw(`,"name":"Đơn vị quan trắc số `)
		w.int(e.index + 1)
		w.raw(` (mẫu)"},`)
		w.active("2016-01-01", "")
		w.office(row, "2016-01-01")
		w.raw(`,"services":["monitoring"]`)
	case registerAuthority:
		g.writeAuthority(w, e.index)
	}
	w.end()
}

// keeper writes the authority that registers the units of a province.
func (g *generator) keeper(w *writer, row int) {
	w.raw(`"reporter":{"type":"authority","authority":"labour","name":"Sở Nội vụ (mẫu)","province":`)
	w.raw(g.geo.ref34[row])
	w.raw(`}`)
}

// active writes the first and last day that the unit answers for.
func (w *writer) active(from, to string) {
	w.raw(`"active":{`)
	w.days(from, to)
	w.raw(`}`)
}

func (w *writer) days(from, to string) {
	w.raw(`"from":`)
	w.text(from)
	if to != "" {
		w.raw(`,"to":`)
		w.text(to)
	}
}

// office writes a head office that never moved.
func (w *writer) office(row int, from string) {
	w.raw(`,"head_office":[{"province":`)
	w.raw(w.g.geo.ref63[row])
	w.raw(`,`)
	w.days(from, "")
	w.raw(`}]`)
}

func (g *generator) writeEmployer(w *writer, job entry) {
	e := g.register.employer(g, job)
	g.keeper(w, e.row)
	w.raw(`,"registered":{"type":"establishment",`)
	switch {
	case job.kind == registerEmployer && e.household:
		code := g.register.taxBase(e.index)
		w.raw(`"tax_code":"` + string(code[:]) + `"`)
	default:
		w.taxCode(e)
	}
	w.raw(`,"name":"`)
	w.raw(establishmentKinds[e.section-'A'])
	w.raw(` số `)
	w.int(e.index + 1)
	w.raw(` (mẫu)","phone":"024 0000 `)
	w.digits(uint64(e.index%10_000), 4)
	w.raw(`"},`)
	// Who takes over within a period answers for the whole of it.
	from, to := "2016-01-01", ""
	switch {
	case job.kind == registerHousehold:
		from = "2025-01-01"
	case e.household:
		to = "2024-12-31"
	}
	w.active(from, to)
	w.office(e.row, from)
	w.raw(`,`)
	w.industry(e.section, e.index, w.at)
	if e.hazard {
		w.raw(`,"hazard":[{`)
		w.days(from, "")
		w.raw(`}]`)
	}
	w.raw(`,"workers":[`)
	for of := FirstYear; of <= LastYear; of++ {
		total, _ := e.employed(of)
		if of > FirstYear {
			w.raw(`,`)
		}
		w.raw(`{"year":`)
		w.int(of)
		w.raw(`,"total":`)
		w.int(total)
		w.raw(`}`)
	}
	w.raw(`]`)
	if e.covered {
		code := g.register.taxBase(e.index - 1)
		w.raw(`,"covered":[{"by":"` + string(code[:]) + `",`)
		w.days(from, "")
		w.raw(`}]`)
	}
}

// employer returns the employer that an entry is about.
func (r *register) employer(g *generator, job entry) establishment {
	if job.kind == registerSilent {
		return g.silent(job.index)
	}
	return r.at(job.index)
}

func (g *generator) writeCommuneEntry(w *writer, job entry) {
	row := rowOf(g.communes.starts, job.index)
	merged := job.kind == registerMerged
	g.keeper(w, row)
	w.raw(`,"registered":{"type":"commune","commune":{"code":"`)
	w.communeCode(job.index)
	w.raw(`","valid_from":"` + communeListDay(merged) + `"},"name":"UBND xã số `)
	w.int(job.index + 1)
	w.raw(` (mẫu)"},`)
	from, to := "2016-01-01", "2024-12-31"
	if merged {
		from, to = "2025-01-01", ""
	}
	w.active(from, to)
	w.office(row, from)
}

func (g *generator) writeAuthority(w *writer, index int) {
	province := g.data.Provinces(seeds.List34)[index/len(provincialBranches)]
	branch := provincialBranches[index%len(provincialBranches)]
	ref := `{"list":"34","code":"` + province.Code + `"}`
	w.raw(`"reporter":{"type":"authority","authority":"labour","name":"Sở Nội vụ (mẫu)","province":` + ref + `}`)
	w.raw(`,"registered":{"type":"authority","authority":"` + branch.authority + `","governs":` + ref + `,"name":"` + branch.name + province.NameVI + ` (mẫu)"},`)
	w.active(communeListDay(true), "")
	w.raw(`,"head_office":[{"province":` + ref + `,`)
	w.days(communeListDay(true), "")
	w.raw(`}]`)
}

// writeRelief exempts a silent employer and gives others more time for the year's report.
func (g *generator) writeRelief(w *writer, job entry, period string) {
	e := g.register.employer(g, job)
	w.envelope(report.ObligationRelief, 1, "")
	g.keeper(w, e.row)
	w.raw(`,"relieved":{"type":"establishment",`)
	w.taxCode(e)
	w.raw(`},"obligation":"annex_xii","period":"` + period + `"`)
	switch {
	case job.kind == registerSilent:
		w.raw(`,"grant":"exempt"`)
	case len(period) == len("2025"):
		w.raw(`,"grant":"extend","due_by":"2026-02-28"`)
	default:
		w.raw(`,"grant":"extend","due_by":"2025-08-15"`)
	}
	w.raw(`,"decided_on":"2025-07-02","why":"Thiệt hại do thiên tai (mẫu)","decision":"`)
	w.int(1 + job.index%900)
	w.raw(`/QĐ-MẪU"`)
	w.end()
}
