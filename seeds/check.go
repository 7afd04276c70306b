package seeds

import "fmt"

// checker collects broken references between tables.
type checker struct {
	errs []error
}

func (c *checker) in(file string) func(format string, args ...any) {
	return func(format string, args ...any) {
		c.errs = append(c.errs, fmt.Errorf("%s: %w", file, fmt.Errorf(format, args...)))
	}
}

func (d *Data) check() []error {
	c := &checker{}
	d.checkProvinces(c.in("provinces.csv"))
	d.checkTiles(c.in("province_tiles.csv"))
	d.checkCodeLists(c)
	d.checkPublication(c.in("publication.csv"))
	d.checkTargets(c.in("targets.csv"))
	d.checkStatistics(c.in("published_statistics.csv"))
	d.checkRetention(c.in("retention.csv"))
	d.checkRegions(c.in("regions.csv"))
	d.checkWorkerClasses(c.in("worker_classes.csv"))
	d.checkWorkers(c.in("workers.csv"))
	return c.errs
}

func (d *Data) checkProvinces(fail func(string, ...any)) {
	p := d.provinces
	for list, want := range map[ProvinceList]int{List63: 63, List34: 34} {
		if got := len(p.ordered[list]); got != want {
			fail("list %s has %d units", list, got)
		}
	}
	if len(p.byName) != len(p.byRef) {
		fail("a name repeats within a list")
	}
	for _, unit := range p.ordered[List63] {
		if _, ok := p.byRef[ProvinceRef{List34, unit.Successor}]; !ok {
			fail("%s: successor %q is not in list 34", unit.Ref(), unit.Successor)
		}
		if unit.ValidTo != p.mergedDay.AddDays(-1) {
			fail("%s: valid_to %s leaves a gap before list 34", unit.Ref(), unit.ValidTo)
		}
		d.checkReuse(unit, fail)
	}
	for _, unit := range p.ordered[List34] {
		if unit.Successor != "" || unit.ValidFrom != p.mergedDay || p.mergedDay.IsZero() {
			fail("%s: has a successor or another first day", unit.Ref())
		}
		if len(p.former[unit.Code]) == 0 {
			fail("%s: no former unit", unit.Ref())
		}
	}
}

// checkReuse: a code is reused when the unit of that code in the other list has another name.
func (d *Data) checkReuse(old Province, fail func(string, ...any)) {
	now, kept := d.provinces.byRef[ProvinceRef{List34, old.Code}]
	reused := kept && now.NameVI != old.NameVI
	if old.CodeReused != reused || (kept && now.CodeReused != reused) {
		fail("code %s: code_reused is wrong", old.Code)
	}
}

func (d *Data) checkTiles(fail func(string, ...any)) {
	type place struct {
		list     ProvinceList
		col, row int
	}
	taken := map[place]bool{}
	for ref, tile := range d.provinces.tiles {
		if _, ok := d.provinces.byRef[ref]; !ok {
			fail("%s: no such province", ref)
		}
		at := place{ref.List, tile.Col, tile.Row}
		if taken[at] || tile.Col < 0 || tile.Row < 0 {
			fail("%s: place (%d, %d) is taken or outside", ref, tile.Col, tile.Row)
		}
		taken[at] = true
	}
	if len(taken) != len(d.provinces.byRef) {
		fail("%d tiles for %d provinces", len(taken), len(d.provinces.byRef))
	}
}

func (d *Data) checkCodeLists(c *checker) {
	d.sections.checkOverlap(c.in("vsic_sections.csv"))
	d.causes.checkOverlap(c.in("accident_causes.csv"))
	d.factors.checkOverlap(c.in("injury_factors.csv"))
	d.injuries.checkOverlap(c.in("serious_injuries.csv"))
	d.diseases.checkOverlap(c.in("occupational_diseases.csv"))
	d.harmfulFactors.checkOverlap(c.in("harmful_factors.csv"))
	d.trainingGroups.checkOverlap(c.in("training_groups.csv"))
	d.equipmentTypes.checkOverlap(c.in("equipment_types.csv"))
	d.violationTypes.checkOverlap(c.in("violation_types.csv"))
	d.remedialMeasures.checkOverlap(c.in("remedial_measures.csv"))
	d.receivers.checkOverlap(c.in("accident_receivers.csv"))
	d.obligations.checkOverlap(c.in("obligations.csv"))
	d.regions.checkOverlap(c.in("regions.csv"))
	for _, s := range d.sections.rows {
		if _, ok := d.VSICSection(VSIC2018, s.Nearest2018); !ok {
			c.in("vsic_sections.csv")("%s/%s: nearest_2018 %q is no section", s.Version, s.Code, s.Nearest2018)
		}
	}
	for _, s := range d.injuries.rows {
		if s.IsGroup() {
			continue
		}
		if parent, ok := d.SeriousInjury(s.List, s.Parent); !ok || !parent.IsGroup() {
			c.in("serious_injuries.csv")("%s: parent %q is no group", s.Code, s.Parent)
		}
	}
}

func (d *Data) checkTargets(fail func(string, ...any)) {
	for _, t := range d.targets {
		p, ok := d.Plan(t.Plan)
		if !ok {
			fail("%s: no plan %q", t.ID, t.Plan)
			continue
		}
		if t.ValidFrom.IsZero() || t.ValidFrom.Before(p.ValidFrom) || (!p.ValidTo.IsZero() && (t.ValidTo.IsZero() || t.ValidTo.After(p.ValidTo))) {
			fail("%s: outside the validity of plan %s", t.ID, p.ID)
		}
	}
}

func (d *Data) checkStatistics(fail func(string, ...any)) {
	for _, s := range d.statistics {
		if s.Area == AreaNational {
			continue
		}
		if _, ok := d.ProvinceByName(List63, s.Area); !ok {
			fail("%d %s: no province %q in list 63", s.Year, s.Metric, s.Area)
		}
	}
}
