package report

import (
	"slices"
	"strconv"

	"atvsld/seeds"
)

var communeRules = slices.Concat([]rule[Commune]{
	{must("COM-001", sourceCommune, Secondary,
		"Người lao động không theo hợp đồng không thuộc quyền quản lý của ai: cột này phải bằng 0, nhận được %d.",
		"Workers without a contract are under nobody's management: this column must be 0, %d was given."), communeOutside},
	{must("COM-002", sourceAnnex12+" footnote 4", Secondary,
		"Không có nguyên nhân “%s” (danh mục 1 đến 9).",
		"There is no cause “%s” (the list goes from 1 to 9)."), communeCause},
	{must("COM-003", sourceCommune, Secondary,
		"Nguyên nhân “%s” được nêu hai lần.",
		"Cause “%s” is given twice."), communeCauseOnce},
	{must("COM-004", sourceVSIC, Secondary,
		"Mã ngành “%s” không có trong hệ thống ngành %s.",
		"VSIC has no section for “%s” in version %s."), communeSector},
	{warn("COM-005", sourceVSIC, Secondary,
		"Hệ thống ngành %s không áp dụng cho ngày %s; hệ thống áp dụng là %s.",
		"VSIC %s does not apply on %s; the version that applies is %s."), communeSectorVersion},
	{must("COM-006", sourceCommune, Secondary,
		"Ngành “%s” được nêu hai lần.",
		"Industry “%s” is given twice."), communeSectorOnce},
},
	inequalityRules("COM", sourceCommune, communeRow),
	[]rule[Commune]{
		{must("COM-030", arithmetic+sourceCommune, Secondary,
			"%s (%d) khác tổng theo nguyên nhân (%d).",
			"%s (%d) is not the sum of the causes (%d)."), communeCausesSum},
		{must("COM-031", arithmetic+sourceCommune, Secondary,
			"%s (%d) khác tổng theo ngành (%d).",
			"%s (%d) is not the sum of the industries (%d)."), communeSectorsSum},
		{warn("COM-032", sourceCommune, Secondary,
			"Số người bị nạn (%d) nhiều hơn số người lao động không theo hợp đồng (%d).",
			"There are more victims (%d) than workers without a contract (%d)."), communeVictimsPlausible},
	})

const totalAt = "/content/total"

func causeAt(i int) string  { return "/content/causes/" + strconv.Itoa(i) }
func sectorAt(i int) string { return "/content/sectors/" + strconv.Itoa(i) }

// communeRow returns the total, then the causes, then the sectors.
func communeRow(r *Commune, i int) measured {
	switch sector := i - 1 - len(r.Causes); {
	case i == 0:
		return measured{&r.Total, totalAt, noIndex, false}
	case i <= len(r.Causes):
		return measured{&r.Causes[i-1].Measures, "/content/causes", i - 1, false}
	case sector < len(r.Sectors):
		return measured{&r.Sectors[sector].Measures, "/content/sectors", sector, false}
	default:
		return measured{}
	}
}

func communeOutside(c *check, r *Commune) {
	for i := 0; ; i++ {
		row := communeRow(r, i)
		if row.Measures == nil {
			return
		}
		values := row.cells()
		for _, m := range [...]int{victimsOutside, womenOutside, deathsOutside, seriousOutside} {
			if values[m] != 0 {
				c.hit(row.pointer()+"/"+measures[m].Name, values[m])
			}
		}
	}
}

func communeCause(c *check, r *Commune) {
	for i := range r.Causes {
		if _, known := c.ctx.Seeds.Cause(seeds.CauseListAnnexXII, r.Causes[i].Code); !known {
			c.hit(causeAt(i)+"/code", r.Causes[i].Code)
		}
	}
}

func communeCauseOnce(c *check, r *Commune) {
	for i := range r.Causes {
		for j := range i {
			if r.Causes[j].Code == r.Causes[i].Code {
				c.hit(causeAt(i)+"/code", r.Causes[i].Code)
				break
			}
		}
	}
}

func communeSector(c *check, r *Commune) {
	for i := range r.Sectors {
		industry := r.Sectors[i].Industry
		_, known := c.ctx.Seeds.VSICSection(industry.Version, industry.Section())
		if (!known || !industry.wellFormed()) && !c.broken(sectorAt(i)+"/industry/version") {
			c.hit(sectorAt(i)+"/industry/code", industry.Code, industry.Version)
		}
	}
}

func communeSectorVersion(c *check, r *Commune) {
	want := ""
	if !c.day.IsZero() {
		want = c.ctx.Seeds.VSICVersionOn(c.day)
	}
	for i := range r.Sectors {
		if v := r.Sectors[i].Industry.Version; want != "" && v != want {
			c.hit(sectorAt(i)+"/industry/version", v, c.day, ours{want})
		}
	}
}

func communeSectorOnce(c *check, r *Commune) {
	for i := range r.Sectors {
		for j := range i {
			if r.Sectors[j].Industry == r.Sectors[i].Industry {
				c.hit(sectorAt(i)+"/industry/code", r.Sectors[i].Industry.Code)
				break
			}
		}
	}
}

// compare reports the columns in which the total and the sum of its parts disagree.
func (r *Commune) compare(c *check, list string, sum cells) {
	total := r.Total.cells()
	for m := range sum {
		if total[m] == sum[m] || c.broken(list) {
			continue
		}
		c.hit(totalAt+"/"+measures[m].Name, measures[m].term(), total[m], sum[m])
	}
}

func (s *cells) add(m *Measures) {
	row := m.cells()
	for i := range s {
		s[i] += row[i]
	}
}

func communeCausesSum(c *check, r *Commune) {
	var sum cells
	for i := range r.Causes {
		sum.add(&r.Causes[i].Measures)
	}
	if len(r.Causes) > 0 {
		r.compare(c, "/content/causes", sum)
	}
}

func communeSectorsSum(c *check, r *Commune) {
	var sum cells
	for i := range r.Sectors {
		sum.add(&r.Sectors[i].Measures)
	}
	if len(r.Sectors) > 0 {
		r.compare(c, "/content/sectors", sum)
	}
}

func communeVictimsPlausible(c *check, r *Commune) {
	if n := r.WorkersWithoutContract; n != nil && r.Total.Victims > *n {
		c.hit("/content/workers_without_contract", r.Total.Victims, *n)
	}
}
