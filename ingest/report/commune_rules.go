package report

import (
	"slices"
	"strconv"

	"atvsld/seeds"
)

var communeRules = slices.Concat([]rule[Commune]{
	{RuleInfo: must("COM-001", sourceCommune, Secondary,
		"Người lao động không theo hợp đồng không thuộc quyền quản lý của ai: cột này phải bằng 0, nhận được %d.",
		"Workers without a contract are under nobody's management: this column must be 0, %d was given.").
		by(Arithmetic{Columns: named("victims_outside", "women_outside", "deaths_outside", "serious_outside"),
			Left: terms("{column}"), Relation: AtMost, At: Spot{Pointer: "{column}"}, Arguments: leftSide}.in(communeRows...))},
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
	inequalityRules[Commune]("COM", sourceCommune, communeRows, nil),
	[]rule[Commune]{
		{RuleInfo: must("COM-030", arithmetic+sourceCommune, Secondary,
			"%s (%d) khác tổng theo nguyên nhân (%d).",
			"%s (%d) is not the sum of the causes (%d).").
			by(ofParts("/content/causes/*"))},
		{RuleInfo: must("COM-031", arithmetic+sourceCommune, Secondary,
			"%s (%d) khác tổng theo ngành (%d).",
			"%s (%d) is not the sum of the industries (%d).").
			by(ofParts("/content/sectors/*"))},
		{RuleInfo: warn("COM-032", sourceCommune, Secondary,
			"Số người bị nạn (%d) nhiều hơn số người lao động không theo hợp đồng (%d).",
			"There are more victims (%d) than workers without a contract (%d).").
			by(Arithmetic{Left: terms("/content/total/victims"), Relation: AtMost, Right: terms("/content/workers_without_contract"),
				At: Spot{Pointer: "/content/workers_without_contract"}, Arguments: bothSides}.
				when(Given, Term{Pointer: "/content/workers_without_contract"}))},
	})

// communeRows are all rows of eleven columns.
var communeRows = []string{"/content/total", "/content/causes/*", "/content/sectors/*"}

// ofParts holds every column of the total against its sum over the parts, where parts
// are given.
func ofParts(list string) Arithmetic {
	return Arithmetic{Columns: allColumns(), Left: terms("/content/total/{column}"), Relation: Equal, Right: terms(list + "/{column}"),
		At: Spot{Pointer: "/content/total/{column}"}, Arguments: allThree}.when(Positive, Term{Pointer: list})
}

func causeAt(i int) string  { return "/content/causes/" + strconv.Itoa(i) }
func sectorAt(i int) string { return "/content/sectors/" + strconv.Itoa(i) }

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
