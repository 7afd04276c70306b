package count

import (
	"strings"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// tally adds up.
type tally struct {
	seeds  *seeds.Data
	totals Totals
}

// add counts n into the nation and the province, in total and for its part.
func (t *tally) add(m Measure, year int, half bool, ref seeds.ProvinceRef, part string, n uint64) {
	if n == 0 {
		return
	}
	old, _ := t.seeds.To63(ref) // "" when the former unit is not known
	current, _ := t.seeds.To34(ref)
	parts := []string{""}
	if part != "" {
		parts = append(parts, part)
	}
	for _, p := range parts {
		t.totals[Cell{m, year, half, Nation, "", p}] += int64(n)
		t.totals[Cell{m, year, half, List63, old, p}] += int64(n)
		t.totals[Cell{m, year, half, List34, current, p}] += int64(n)
	}
}

func (t *tally) measures(m report.Measures, period report.Period, ref seeds.ProvinceRef, part string) {
	for measure, n := range map[Measure]uint32{
		Accidents: m.Accidents, Victims: m.Victims, Serious: m.Serious, Women: m.Women, Multi: m.AccidentsMulti,
	} {
		t.add(measure, period.Year(), period.HalfYear(), ref, part, uint64(n))
	}
}

func (t *tally) annex(a *report.Annex) {
	ref := a.Reporter.Province
	t.measures(a.Total(report.BlockAccidents), a.Period, ref, WithContract)
	year, half := a.Period.Year(), a.Period.HalfYear()
	t.add(CommutingAll, year, half, ref, WithContract, uint64(a.Total(report.BlockCommuting).Accidents))
	t.add(DaysOff, year, half, ref, WithContract, a.Damage.DaysOff)
}

func (t *tally) commune(r *report.Commune) {
	t.measures(r.Total, r.Period, r.Reporter.Province, WithoutContract)
}

func (t *tally) disease(d *report.Disease) {
	year, ref := d.Period.Year(), d.Reporter.Province
	t.add(Exposed, year, false, ref, "", uint64(d.Exposed.Total))
	t.add(ExaminedPersons, year, false, ref, "", uint64(d.Examined.Persons))
	t.add(ExaminedCases, year, false, ref, "", uint64(d.Examined.Cases))
}

func (t *tally) monitoring(m *report.Monitoring) {
	year := m.Period.Year()
	t.add(Monitorings, year, false, m.SiteProvince, "", 1)
	for _, f := range m.Factors {
		t.add(Samples, year, false, m.SiteProvince, "", uint64(f.Samples))
		t.add(SamplesOver, year, false, m.SiteProvince, "", uint64(f.Over))
		t.add(Samples+"_"+Measure(f.Factor), year, false, m.SiteProvince, "", uint64(f.Samples))
	}
}

// person is a victim as all declarations of an accident together know it.
type person struct {
	dead, contract bool
}

// accident counts one accident from all its declarations: place, time and
// commuting from the first one, each person once with the worst severity.
func (t *tally) accident(declarations []*filed) {
	first := declarations[0]
	for _, f := range declarations[1:] {
		if before(f, first) {
			first = f
		}
	}
	persons := merge(declarations)
	contract, deaths := false, map[string]uint64{}
	for _, p := range persons {
		contract = contract || p.contract
		if p.dead {
			deaths[part(p.contract)]++
		}
	}
	if len(deaths) == 0 {
		return
	}
	a := first.content.(*report.Accident)
	fatal, dead := FatalAccidents, Deaths
	if a.Commuting {
		fatal, dead = CommutingFatal, CommutingDeaths
	}
	at := a.OccurredAt.In(seeds.Local())
	for _, half := range []bool{false, true} {
		if half && at.Month() > 6 {
			continue
		}
		t.add(fatal, at.Year(), half, a.Place.Province, part(contract), 1)
		for p, n := range deaths {
			t.add(dead, at.Year(), half, a.Place.Province, p, n)
		}
	}
}

func part(contract bool) string {
	if contract {
		return WithContract
	}
	return WithoutContract
}

// merge finds the persons: by citizen number, and by name, year of birth and sex
// where one declaration does not have the number.
func merge(declarations []*filed) map[string]person {
	numbers := map[string]string{}
	each(declarations, func(v *report.Victim) {
		if number := v.IDNumber.Reveal(); number != "" {
			numbers[name(v)] = number
		}
	})
	persons := map[string]person{}
	each(declarations, func(v *report.Victim) {
		key := v.IDNumber.Reveal()
		if key == "" {
			key = numbers[name(v)]
		}
		if key == "" {
			key = name(v)
		}
		p := persons[key]
		p.dead = p.dead || v.Severity == report.Dead
		p.contract = p.contract || v.Employment == report.Contract
		persons[key] = p
	})
	return persons
}

func each(declarations []*filed, do func(*report.Victim)) {
	for _, f := range declarations {
		a := f.content.(*report.Accident)
		for i := range a.Victims {
			do(&a.Victims[i])
		}
	}
}

func name(v *report.Victim) string {
	return strings.ToUpper(v.Name.Reveal()) + "|" + v.BirthYear.Reveal() + "|" + string(v.Sex)
}
