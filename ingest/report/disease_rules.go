package report

import (
	"strconv"

	"atvsld/seeds"
)

// diseaseRules. Errors follow from the meaning of the numbers: a person
// examined was exposed, has at least one examination case, and so on. Warnings
// are conventions of counting that a real year may break: workers come and go,
// a diagnosis may follow a suspicion of the year before, one worker may be
// examined twice.
var diseaseRules = []rule[Disease]{
	{warn("DIS-001", sourceDisease, Secondary,
		"Số lao động tiếp xúc yếu tố có hại (%d) nhiều hơn tổng số lao động (%d).",
		"More exposed workers (%d) than workers (%d)."), exposedWorkers},
	{must("DIS-002", arithmetic+sourceDisease, Verified,
		"Số nữ tiếp xúc (%d) nhiều hơn số lao động tiếp xúc (%d).",
		"More exposed women (%d) than exposed workers (%d)."), exposedWomen},
	{must("DIS-003", arithmetic+sourceDisease+"; Directive 31-CT/TW", Verified,
		"Số người tiếp xúc được khám (%d) nhiều hơn số lao động tiếp xúc (%d).",
		"More exposed workers examined (%d) than exposed workers (%d)."), examinedExposed},
	{must("DIS-004", arithmetic+sourceDisease, Verified,
		"Số trường hợp khám (%d) ít hơn số người được khám (%d).",
		"Fewer examination cases (%d) than persons examined (%d)."), casesPersons},
	{must("DIS-005", arithmetic+sourceDisease, Verified,
		"Có %d trường hợp khám nhưng không có người được khám.",
		"There are %d examination cases, but no person was examined."), casesWithoutPersons},
	{must("DIS-006", arithmetic+sourceDisease, Verified,
		"Số người nghi mắc bệnh (%d) nhiều hơn số người được khám (%d).",
		"More persons suspected (%d) than persons examined (%d)."), suspectedExamined},
	{must("DIS-007", arithmetic+sourceDisease, Verified,
		"Số trường hợp nghi mắc (%d) ít hơn số người nghi mắc (%d).",
		"Fewer suspected cases (%d) than persons suspected (%d)."), suspectedCases},
	{must("DIS-008", arithmetic+sourceDisease, Verified,
		"Số trường hợp nghi mắc (%d) nhiều hơn số trường hợp khám (%d).",
		"More suspected cases (%d) than examination cases (%d)."), suspectedOfExamined},
	{warn("DIS-009", sourceDisease, Secondary,
		"Số trường hợp mới được chẩn đoán (%d) nhiều hơn số trường hợp nghi mắc (%d).",
		"More new diagnoses (%d) than suspected cases (%d)."), diagnosedSuspected},
	{warn("DIS-010", "Groups of the working-environment monitoring notices", Secondary,
		"Không có nhóm yếu tố có hại “%s”.",
		"There is no group of harmful factors “%s”."), rowHarmfulFactor},
	{must("DIS-011", "Circular 60/2025/TT-BYT Art. 3; Circular 15/2016/TT-BYT; Circular 02/2023/TT-BYT", Secondary,
		"Danh mục bệnh nghề nghiệp có hiệu lực ngày %s không có số “%s”.",
		"The list of occupational diseases in force on %s has no number “%s”."), rowDisease},
	{must("DIS-012", sourceDisease, Secondary,
		"Yếu tố “%s”, bệnh “%s” được nêu hai lần.",
		"Factor “%s”, disease “%s” is given twice."), rowTwice},
	{must("DIS-013", arithmetic+sourceDisease, Secondary,
		"Số trường hợp khám (%d) khác tổng các dòng (%d).",
		"Examination cases (%d) are not the sum of the rows (%d)."), rowsExamined},
	{must("DIS-014", arithmetic+sourceDisease, Secondary,
		"Số trường hợp nghi mắc (%d) khác tổng các dòng (%d).",
		"Suspected cases (%d) are not the sum of the rows (%d)."), rowsSuspected},
	{must("DIS-015", arithmetic+sourceDisease, Secondary,
		"Số trường hợp mới được chẩn đoán (%d) khác tổng các dòng (%d).",
		"New diagnoses (%d) are not the sum of the rows (%d)."), rowsDiagnosed},
	{must("DIS-016", arithmetic+sourceDisease, Verified,
		"Số người tiếp xúc của dòng (%d) nhiều hơn tổng số lao động tiếp xúc (%d).",
		"More exposed workers in the row (%d) than in all (%d)."), rowExposed},
	{warn("DIS-017", sourceDisease, Secondary,
		"Số trường hợp khám của dòng (%d) nhiều hơn số người tiếp xúc (%d).",
		"More examination cases in the row (%d) than exposed workers (%d)."), rowExamined},
	{must("DIS-018", arithmetic+sourceDisease, Verified,
		"Số trường hợp nghi mắc của dòng (%d) nhiều hơn số trường hợp khám (%d).",
		"More suspected cases in the row (%d) than examination cases (%d)."), rowSuspected},
	{warn("DIS-019", sourceDisease, Secondary,
		"Số trường hợp mới được chẩn đoán của dòng (%d) nhiều hơn số trường hợp nghi mắc (%d).",
		"More new diagnoses in the row (%d) than suspected cases (%d)."), rowDiagnosed},
	{suggest("DIS-020", "Law 84/2015/QH13 Art. 21", Verified,
		"Có %d lao động tiếp xúc yếu tố có hại nhưng chưa ai được khám phát hiện bệnh nghề nghiệp.",
		"There are %d exposed workers, but none was examined for occupational disease."), someExamined},
}

// more reports a pair of numbers of which the first, at a pointer, may not be
// more than the second, at another. Pairs that were not read are left alone.
func (c *check) more(at string, a uint32, than string, b uint32) {
	if a > b && !c.broken(than) {
		c.hit(at, a, b)
	}
}

// fewer is the same for a first number that may not be less than the second.
func (c *check) fewer(at string, a uint32, than string, b uint32) {
	if a < b && !c.broken(than) {
		c.hit(at, a, b)
	}
}

func exposedWorkers(c *check, d *Disease) {
	c.more("/content/exposed/total", d.Exposed.Total, "/content/workers/total", d.Workers.Total)
}

func exposedWomen(c *check, d *Disease) {
	c.more("/content/exposed/women", d.Exposed.Women, "/content/exposed/total", d.Exposed.Total)
}

func examinedExposed(c *check, d *Disease) {
	c.more("/content/examined/persons", d.Examined.Persons, "/content/exposed/total", d.Exposed.Total)
}

func casesPersons(c *check, d *Disease) {
	c.fewer("/content/examined/cases", d.Examined.Cases, "/content/examined/persons", d.Examined.Persons)
}

func casesWithoutPersons(c *check, d *Disease) {
	if d.Examined.Persons == 0 && d.Examined.Cases > 0 && !c.broken("/content/examined/persons") {
		c.hit("/content/examined/cases", d.Examined.Cases)
	}
}

func suspectedExamined(c *check, d *Disease) {
	c.more("/content/suspected/persons", d.Suspected.Persons, "/content/examined/persons", d.Examined.Persons)
}

func suspectedCases(c *check, d *Disease) {
	c.fewer("/content/suspected/cases", d.Suspected.Cases, "/content/suspected/persons", d.Suspected.Persons)
}

func suspectedOfExamined(c *check, d *Disease) {
	c.more("/content/suspected/cases", d.Suspected.Cases, "/content/examined/cases", d.Examined.Cases)
}

func diagnosedSuspected(c *check, d *Disease) {
	c.more("/content/diagnosed/new", d.Diagnosed.New, "/content/suspected/cases", d.Suspected.Cases)
}

func diseaseRowAt(i int) string { return "/content/rows/" + strconv.Itoa(i) }

func rowHarmfulFactor(c *check, d *Disease) {
	for i := range d.Rows {
		if !c.knownFactor(d.Rows[i].Factor) {
			c.hit(diseaseRowAt(i)+"/factor", d.Rows[i].Factor)
		}
	}
}

func (c *check) knownFactor(code string) bool {
	_, known := c.ctx.Seeds.HarmfulFactor(seeds.HarmfulFactorListGroup, code)
	return known
}

func rowDisease(c *check, d *Disease) {
	if c.day.IsZero() {
		return
	}
	for i := range d.Rows {
		if code := d.Rows[i].Disease; code != "" {
			if _, known := c.ctx.Seeds.DiseaseOn(code, c.day); !known {
				c.hit(diseaseRowAt(i)+"/disease", c.day, code)
			}
		}
	}
}

func rowTwice(c *check, d *Disease) {
	for i := range d.Rows {
		for j := range i {
			if d.Rows[j].Factor == d.Rows[i].Factor && d.Rows[j].Disease == d.Rows[i].Disease {
				c.hit(diseaseRowAt(i)+"/factor", d.Rows[i].Factor, d.Rows[i].Disease)
				break
			}
		}
	}
}

// compareRows holds a number of the head against the sum of a column of rows,
// where rows are given.
func (d *Disease) compareRows(c *check, at string, head uint32, column func(*DiseaseRow) uint32) {
	sum := total(d.Rows, column)
	if len(d.Rows) > 0 && uint64(head) != sum && !c.broken("/content/rows") {
		c.hit(at, head, sum)
	}
}

func rowsExamined(c *check, d *Disease) {
	d.compareRows(c, "/content/examined/cases", d.Examined.Cases, func(r *DiseaseRow) uint32 { return r.ExaminedCases })
}

func rowsSuspected(c *check, d *Disease) {
	d.compareRows(c, "/content/suspected/cases", d.Suspected.Cases, func(r *DiseaseRow) uint32 { return r.Suspected })
}

func rowsDiagnosed(c *check, d *Disease) {
	d.compareRows(c, "/content/diagnosed/new", d.Diagnosed.New, func(r *DiseaseRow) uint32 { return r.Diagnosed })
}

func rowExposed(c *check, d *Disease) {
	for i := range d.Rows {
		c.more(diseaseRowAt(i)+"/exposed", d.Rows[i].Exposed, "/content/exposed/total", d.Exposed.Total)
	}
}

func rowExamined(c *check, d *Disease) {
	for i := range d.Rows {
		c.more(diseaseRowAt(i)+"/examined_cases", d.Rows[i].ExaminedCases, diseaseRowAt(i)+"/exposed", d.Rows[i].Exposed)
	}
}

func rowSuspected(c *check, d *Disease) {
	for i := range d.Rows {
		c.more(diseaseRowAt(i)+"/suspected", d.Rows[i].Suspected, diseaseRowAt(i)+"/examined_cases", d.Rows[i].ExaminedCases)
	}
}

func rowDiagnosed(c *check, d *Disease) {
	for i := range d.Rows {
		c.more(diseaseRowAt(i)+"/diagnosed", d.Rows[i].Diagnosed, diseaseRowAt(i)+"/suspected", d.Rows[i].Suspected)
	}
}

func someExamined(c *check, d *Disease) {
	if d.Exposed.Total > 0 && d.Examined.Persons == 0 {
		c.hit("/content/examined/persons", d.Exposed.Total)
	}
}
