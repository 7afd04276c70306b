// Package count counts filed reports the slow and obvious way: it keeps every
// report in memory and looks at each once. It knows nothing of the generator, of
// the store or of SQL, so that their figures can be held against its own.
package count

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// Measure is what is counted.
type Measure string

// The measures. Accidents, victims, serious injuries and women are those of
// Annex XII block 1 and of the communes' reports; fatal accidents and deaths
// those of the declared cases. What happened on the way to work is apart.
const (
	Accidents       Measure = "accidents"
	Victims         Measure = "victims"
	Serious         Measure = "serious"
	Women           Measure = "women"
	Multi           Measure = "accidents_multi"
	DaysOff         Measure = "days_off"
	FatalAccidents  Measure = "fatal_accidents"
	Deaths          Measure = "deaths"
	CommutingFatal  Measure = "commuting_fatal_accidents"
	CommutingDeaths Measure = "commuting_deaths"
	CommutingAll    Measure = "commuting_accidents"
	Exposed         Measure = "exposed"
	ExaminedPersons Measure = "examined_persons"
	ExaminedCases   Measure = "examined_cases"
	MonitoredSites  Measure = "monitored_sites"
	Monitorings     Measure = "monitoring_reports"
	Samples         Measure = "samples"
	SamplesOver     Measure = "samples_over"
)

// Geographies of a cell.
const (
	Nation = ""
	List63 = "63"
	List34 = "34"
)

// Parts of a cell; "" is both.
const (
	WithContract    = "contract"
	WithoutContract = "no_contract"
)

// Cell names one figure.
type Cell struct {
	Measure Measure
	Year    int
	// Half: of the first half-year. The year's figure is counted from the year's
	// reports, never by adding halves.
	Half      bool
	Geography string // Nation, List63 or List34
	// Code is a province's; "" within List63 where the former unit is not known.
	Code string
	Part string // "", WithContract or WithoutContract
}

// Totals are the figures that are not 0.
type Totals map[Cell]int64

// National returns a national figure of a year.
func (t Totals) National(m Measure, year int) int64 { return t[Cell{Measure: m, Year: year}] }

// Province returns a figure of a year in the list of 63 or 34.
func (t Totals) Province(m Measure, year int, ref seeds.ProvinceRef) int64 {
	return t[Cell{Measure: m, Year: year, Geography: string(ref.List), Code: ref.Code}]
}

// Counter holds the reports filed so far, one revision of each.
type Counter struct {
	seeds   *seeds.Data
	reports map[uuid.UUID]*filed
}

type filed struct {
	id       uuid.UUID
	first    time.Time // receipt of the first revision seen
	revision uint32
	content  report.Content // nil: withdrawn
}

// New returns an empty counter.
func New(data *seeds.Data) *Counter {
	return &Counter{seeds: data, reports: map[uuid.UUID]*filed{}}
}

// Add counts a submission in. Of several revisions the highest stands, in
// whatever order they come.
func (c *Counter) Add(s report.Submission) error {
	id := s.ReportID
	if id == uuid.Nil {
		if s.Content == nil || s.Kind == report.AccidentDeclaration {
			return fmt.Errorf("count: a %s without report_id", s.Kind)
		}
		id = report.ReportID(s.Kind, s.Content.Identity())
	}
	f := c.reports[id]
	if f == nil {
		f = &filed{id: id, first: s.ReceivedAt}
		c.reports[id] = f
	}
	if s.ReceivedAt.Before(f.first) {
		f.first = s.ReceivedAt
	}
	if s.Revision > f.revision {
		f.revision, f.content = s.Revision, s.Content
	}
	return nil
}

// Reports returns how many reports stand, withdrawn ones left out.
func (c *Counter) Reports() int {
	n := 0
	for _, f := range c.reports {
		if f.content != nil {
			n++
		}
	}
	return n
}

// Totals counts.
func (c *Counter) Totals() Totals {
	t := &tally{seeds: c.seeds, totals: Totals{}}
	covered := c.covered()
	one := c.oneAccident()
	cases := map[uuid.UUID][]*filed{}
	sites := map[site]*filed{}
	for _, f := range c.reports {
		switch content := f.content.(type) {
		case *report.Accident:
			key := one(accidentOf(f.id, content))
			cases[key] = append(cases[key], f)
		case *report.Annex:
			if !covered[branch{content.Reporter.TaxCode, content.Period}] {
				t.annex(content)
			}
		case *report.Commune:
			t.commune(content)
		case *report.Disease:
			t.disease(content)
		case *report.Monitoring:
			t.monitoring(content)
			key := site{content.Reporter.Unit(), content.Period.Year()}
			if first := sites[key]; first == nil || before(f, first) {
				sites[key] = f
			}
		}
	}
	for _, declarations := range cases {
		t.accident(declarations)
	}
	for key, f := range sites {
		t.add(MonitoredSites, key.year, false, f.content.(*report.Monitoring).SiteProvince, "", 1)
	}
	return t.totals
}

// accidentOf is the accident that a declaration names.
func accidentOf(id uuid.UUID, a *report.Accident) uuid.UUID {
	if a.AccidentID.IsZero() {
		return id
	}
	return uuid.UUID(a.AccidentID)
}

// oneAccident tells which accidents are one by what officers found.
func (c *Counter) oneAccident() func(uuid.UUID) uuid.UUID {
	same := map[uuid.UUID]uuid.UUID{}
	of := func(id uuid.UUID) uuid.UUID {
		for same[id] != uuid.Nil {
			id = same[id]
		}
		return id
	}
	for _, f := range c.reports {
		link, ok := f.content.(*report.Link)
		if !ok {
			continue
		}
		first := uuid.Nil
		for _, id := range link.Declarations {
			accident := uuid.UUID(id)
			if d := c.reports[accident]; d != nil {
				if a, ok := d.content.(*report.Accident); ok {
					accident = accidentOf(d.id, a)
				}
			}
			accident = of(accident)
			switch {
			case first == uuid.Nil:
				first = accident
			case accident != first:
				same[accident] = first
			}
		}
	}
	return of
}

// before orders filings by first receipt, then by identifier.
func before(a, b *filed) bool {
	if !a.first.Equal(b.first) {
		return a.first.Before(b.first)
	}
	return a.id.String() < b.id.String()
}

type site struct {
	unit string
	year int
}

type branch struct {
	code   report.TaxCode
	period report.Period
}

// covered returns the branches whose figures are in another report.
func (c *Counter) covered() map[branch]bool {
	covered := map[branch]bool{}
	for _, f := range c.reports {
		if a, ok := f.content.(*report.Annex); ok {
			for _, code := range a.CoversBranches {
				covered[branch{code, a.Period}] = true
			}
		}
	}
	return covered
}
