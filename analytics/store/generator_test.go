package store_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/google/uuid"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// generator makes random reports: chains and rings of declarations of an accident,
// investigations of them, amendments, withdrawals, repeats, branches with parents, half-years,
// old and new provinces.
type generator struct {
	*rand.Rand
	data     *seeds.Data
	filed    []filing
	logged   []filing // in the order of the log, repeats too
	accident []uuid.UUID
	clock    int
}

func (g *generator) id() (id uuid.UUID) {
	for i := range id {
		id[i] = byte(g.Uint32())
	}
	return id
}

func (g *generator) province() seeds.ProvinceRef {
	list := []seeds.ProvinceList{seeds.List34, seeds.List63}[g.IntN(2)]
	provinces := g.data.Provinces(list)
	return provinces[g.IntN(len(provinces))].Ref()
}

func (g *generator) industry() report.Industry {
	return report.Industry{Version: []string{"2018", "2025"}[g.IntN(2)], Code: string(rune('A' + g.IntN(6)))}
}

func (g *generator) period() report.Period {
	return report.Period(fmt.Sprint(2023+g.IntN(3), []string{"", "", "H1"}[g.IntN(3)]))
}

func (g *generator) year() report.Period { return report.Period(strconv.Itoa(2023 + g.IntN(3))) }

func (g *generator) measures() report.Measures {
	n := g.Uint32N(5)
	return report.Measures{Accidents: n, Victims: n + 1 + g.Uint32N(3), Women: g.Uint32N(2), Deaths: g.Uint32N(2), Serious: g.Uint32N(2),
		AccidentsFatal: g.Uint32N(2), AccidentsMulti: g.Uint32N(2), VictimsOutside: 1, WomenOutside: g.Uint32N(2)}
}

func (g *generator) reporter() report.Reporter {
	branch := []string{"", "-001", "-002", "-003"}[g.IntN(4)]
	r := establishment(fmt.Sprintf("01001091%02d%s", g.IntN(4), branch), strconv.Itoa(g.IntN(3)))
	r.Province = g.province()
	return r
}

// next returns a new report, a further revision, or the very same report again.
func (g *generator) next() filing {
	g.clock++
	if len(g.filed) > 0 && g.IntN(4) == 0 {
		before := g.filed[g.IntN(len(g.filed))]
		if g.IntN(3) == 0 {
			return before // repeated
		}
		return g.amend(before)
	}
	one := g.fresh()
	one.filed = day(2026, 1, 1+g.IntN(20))
	g.filed = append(g.filed, one)
	return one
}

func (g *generator) amend(before filing) filing {
	one := before
	one.revision = max(before.revision, 1) + 1
	if before.content == nil || g.IntN(3) == 0 {
		if before.content != nil {
			one.of, one.content = before.content, nil
		}
	} else if changed := g.changed(before.content); changed != nil {
		one.content = changed
	}
	g.filed = append(g.filed, one)
	return one
}

// changed returns a content of the same identity.
func (g *generator) changed(c report.Content) report.Content {
	switch c := c.(type) {
	case *report.Accident:
		n := *c
		n.Victims, n.Cause, n.Factor, n.Place.Province = g.victims(), strconv.Itoa(1+g.IntN(9)), g.factor(), g.province()
		if g.IntN(3) == 0 {
			// Also one that was filed later: declarations quote each other.
			n.AccidentID = report.UUID(g.accident[g.IntN(len(g.accident))])
		}
		return &n
	case *report.Link:
		n := *g.link()
		n.DecidedOn = c.DecidedOn
		return &n
	case *report.Investigation:
		return g.investigation(c.AccidentOn)
	case *report.Annex:
		n := *c
		n.HoursWorked = g.hours()
		n.Rows, n.Reporter.Province, n.Industry, n.CoversBranches = g.rows(), g.province(), g.industry(), g.covers(&n.Reporter)
		return &n
	}
	return nil
}

func (g *generator) victims() []report.Victim {
	victims := make([]report.Victim, 1+g.IntN(4))
	for i := range victims {
		person := ""
		if g.IntN(2) == 0 {
			person = fmt.Sprint("person", g.IntN(6))
		}
		victims[i] = victim(person, fmt.Sprint("name", g.IntN(6)), []report.InjurySeverity{report.Dead, report.Serious, report.Minor}[g.IntN(3)],
			[]report.Employment{report.Contract, report.NoContract}[g.IntN(2)])
		victims[i].Sex = []report.Sex{report.Male, report.Female, report.UnknownSex, ""}[g.IntN(4)]
		victims[i].AgeGroup = []report.AgeGroup{"18-24", "25-34", ""}[g.IntN(3)]
	}
	return victims
}

func (g *generator) factor() *report.FactorRef {
	list := []string{"", seeds.FactorListAnnexXII, seeds.FactorListProposed, seeds.FactorListCircular1996}[g.IntN(4)]
	if list == "" {
		return nil
	}
	return &report.FactorRef{List: list, Code: strconv.Itoa(10 + g.IntN(3))}
}

func (g *generator) workers() report.Workers {
	w := report.Workers{Total: []uint32{0, 1, 9, 10, 49, 50, 600}[g.IntN(7)]}
	w.Women = w.Total / 3
	return w
}

func (g *generator) rows() []report.AnnexRow {
	a, b := g.measures(), g.measures()
	total := a
	total.Add(b)
	return []report.AnnexRow{{Block: report.BlockAccidents, Measures: total}, {Block: report.BlockCause, Code: "1", Measures: a},
		// What injured is not said of the second part.
		{Block: report.BlockCause, Code: "9", Measures: b}, {Block: report.BlockFactor, Code: "1", Measures: a}, {Block: report.BlockCommuting, Measures: g.measures()}}
}

func (g *generator) covers(r *report.Reporter) []report.TaxCode {
	var covers []report.TaxCode
	for _, branch := range []report.TaxCode{"-001", "-002"} {
		if g.IntN(3) == 0 {
			covers = append(covers, r.TaxCode.Base()+branch)
		}
	}
	return covers
}

func (g *generator) fresh() filing {
	switch g.IntN(8) {
	case 7:
		return filing{kind: report.InvestigationFile, id: g.id(), content: g.investigation(seeds.MustDate(2023+g.IntN(3), time.Month(1+g.IntN(12)), 1+g.IntN(28)))}
	case 6:
		return filing{kind: report.CaseLink, id: g.id(), content: g.link()}
	case 0, 1:
		id := g.id()
		a := accident(day(2023+g.IntN(3), 1+g.IntN(12), 1+g.IntN(28)), id, g.victims()...)
		a.Place.Province, a.Industry, a.Cause, a.Factor, a.Commuting = g.province(), g.industry(), strconv.Itoa(1+g.IntN(9)), g.factor(), g.IntN(8) == 0
		if len(g.accident) > 0 && g.IntN(3) == 0 {
			a.AccidentID = report.UUID(g.accident[g.IntN(len(g.accident))])
		}
		g.accident = append(g.accident, id)
		return event(id, a)
	case 2:
		c := &report.Annex{Reporter: g.reporter(), Period: g.period(), Industry: g.industry(), Workers: g.workers(), Rows: g.rows(),
			HoursWorked: g.hours(), Damage: report.Damage{DaysOff: uint64(g.IntN(90))}}
		c.CoversBranches = g.covers(&c.Reporter)
		if c.Period.HalfYear() && g.IntN(2) == 0 {
			c.Rows = nil // nothing happened yet: the year is not below it
		}
		return periodic(report.AnnexXII, c)
	case 3:
		return periodic(report.CommuneReport, g.commune())
	case 4:
		return periodic(report.DiseaseReport, &report.Disease{Reporter: g.reporter(), Period: g.year(), Industry: g.industry(), Workers: g.workers(), Exposed: report.Workers{Total: g.Uint32N(50)},
			Examined: report.PersonsAndCases{Persons: g.Uint32N(50), Cases: g.Uint32N(90)}, Suspected: report.PersonsAndCases{Cases: g.Uint32N(9)}, Diagnosed: report.DiagnosedDisease{New: g.Uint32N(3)}})
	default:
		return periodic(report.MonitoringReport, &report.Monitoring{Reporter: g.reporter(), SiteProvince: g.province(), Period: g.year(), Campaign: 1 + g.Uint32N(3), Industry: g.industry(),
			Body: report.Body{TaxCode: "0200109107"}, Factors: []report.Factor{{Factor: "noise", Samples: g.Uint32N(20), Over: g.Uint32N(3)}}})
	}
}

// hours are not given in half of the reports.
func (g *generator) hours() uint64 { return uint64(g.IntN(2) * g.IntN(2_000_000)) }

// link joins declarations, also those that nobody filed, and victims of any of them.
func (g *generator) link() *report.Link {
	l := &report.Link{DecidedOn: seeds.MustDate(2023+g.IntN(3), 5, 1), Reporter: report.Reporter{Type: report.AuthorityReporter, Authority: report.LabourAuthority, Province: g.province()}}
	for range 2 + g.IntN(2) {
		id := g.id()
		if len(g.accident) > 0 && g.IntN(8) > 0 {
			id = g.accident[g.IntN(len(g.accident))]
		}
		l.Declarations = append(l.Declarations, report.UUID(id))
	}
	name := func() string { return fmt.Sprint([]string{"person", "name"}[g.IntN(2)], g.IntN(6)) }
	for range g.IntN(3) {
		l.SameVictims = append(l.SameVictims, report.SameVictim{Victim: name(), SameAs: name()})
	}
	return l
}

func (g *generator) commune() *report.Commune {
	c := &report.Commune{Period: g.period(), Reporter: report.Reporter{Type: report.CommuneReporter, Province: g.province(),
		Commune: &report.CommuneRef{Code: fmt.Sprintf("%05d", g.IntN(40)), ValidFrom: seeds.MustDate(2025, 7, 1)}}}
	if c.Period.HalfYear() && g.IntN(2) == 0 {
		c.Total = report.Measures{}
		return c
	}
	a, b := g.measures(), g.measures()
	c.Total = a
	c.Total.Add(b)
	if g.IntN(2) == 0 {
		c.Causes = []report.CauseRow{{Code: "2", Measures: a}, {Code: "3", Measures: b}}
	}
	if g.IntN(2) == 0 {
		c.Sectors = []report.SectorRow{{Industry: g.industry(), Measures: a}, {Industry: g.industry(), Measures: b}}
	}
	return c
}
