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
	{RuleInfo: warn("DIS-001", sourceDisease, Secondary,
		"Số lao động tiếp xúc yếu tố có hại (%d) nhiều hơn tổng số lao động (%d).",
		"More exposed workers (%d) than workers (%d).").
		by(compare("/content/exposed/total", AtMost, "/content/workers/total"))},
	{RuleInfo: must("DIS-002", arithmetic+sourceDisease, Verified,
		"Số nữ tiếp xúc (%d) nhiều hơn số lao động tiếp xúc (%d).",
		"More exposed women (%d) than exposed workers (%d).").
		by(compare("/content/exposed/women", AtMost, "/content/exposed/total"))},
	{RuleInfo: must("DIS-003", arithmetic+sourceDisease+"; Directive 31-CT/TW", Verified,
		"Số người tiếp xúc được khám (%d) nhiều hơn số lao động tiếp xúc (%d).",
		"More exposed workers examined (%d) than exposed workers (%d).").
		by(compare("/content/examined/persons", AtMost, "/content/exposed/total"))},
	{RuleInfo: must("DIS-004", arithmetic+sourceDisease, Verified,
		"Số trường hợp khám (%d) ít hơn số người được khám (%d).",
		"Fewer examination cases (%d) than persons examined (%d).").
		by(compare("/content/examined/cases", AtLeast, "/content/examined/persons"))},
	{RuleInfo: must("DIS-005", arithmetic+sourceDisease, Verified,
		"Có %d trường hợp khám nhưng không có người được khám.",
		"There are %d examination cases, but no person was examined.").
		by(Arithmetic{Left: terms("/content/examined/cases"), Relation: AtMost, At: Spot{Pointer: "/content/examined/cases"}, Arguments: leftSide}.
			when(Zero, Term{Pointer: "/content/examined/persons"}))},
	{RuleInfo: must("DIS-006", arithmetic+sourceDisease, Verified,
		"Số người nghi mắc bệnh (%d) nhiều hơn số người được khám (%d).",
		"More persons suspected (%d) than persons examined (%d).").
		by(compare("/content/suspected/persons", AtMost, "/content/examined/persons"))},
	{RuleInfo: must("DIS-007", arithmetic+sourceDisease, Verified,
		"Số trường hợp nghi mắc (%d) ít hơn số người nghi mắc (%d).",
		"Fewer suspected cases (%d) than persons suspected (%d).").
		by(compare("/content/suspected/cases", AtLeast, "/content/suspected/persons"))},
	{RuleInfo: must("DIS-008", arithmetic+sourceDisease, Verified,
		"Số trường hợp nghi mắc (%d) nhiều hơn số trường hợp khám (%d).",
		"More suspected cases (%d) than examination cases (%d).").
		by(compare("/content/suspected/cases", AtMost, "/content/examined/cases"))},
	{RuleInfo: warn("DIS-009", sourceDisease, Secondary,
		"Số trường hợp mới được chẩn đoán (%d) nhiều hơn số trường hợp nghi mắc (%d).",
		"More new diagnoses (%d) than suspected cases (%d).").
		by(compare("/content/diagnosed/new", AtMost, "/content/suspected/cases"))},
	{warn("DIS-010", "Groups of the working-environment monitoring notices", Secondary,
		"Không có nhóm yếu tố có hại “%s”.",
		"There is no group of harmful factors “%s”."), rowHarmfulFactor},
	{must("DIS-011", "Circular 60/2025/TT-BYT Art. 3; Circular 15/2016/TT-BYT; Circular 02/2023/TT-BYT", Secondary,
		"Danh mục bệnh nghề nghiệp có hiệu lực ngày %s không có số “%s”.",
		"The list of occupational diseases in force on %s has no number “%s”."), rowDisease},
	{must("DIS-012", sourceDisease, Secondary,
		"Yếu tố “%s”, bệnh “%s” được nêu hai lần.",
		"Factor “%s”, disease “%s” is given twice."), rowTwice},
	{RuleInfo: must("DIS-013", arithmetic+sourceDisease, Secondary,
		"Số trường hợp khám (%d) khác tổng các dòng (%d).",
		"Examination cases (%d) are not the sum of the rows (%d).").
		by(ofRows("/content/examined/cases", "examined_cases"))},
	{RuleInfo: must("DIS-014", arithmetic+sourceDisease, Secondary,
		"Số trường hợp nghi mắc (%d) khác tổng các dòng (%d).",
		"Suspected cases (%d) are not the sum of the rows (%d).").
		by(ofRows("/content/suspected/cases", "suspected"))},
	{RuleInfo: must("DIS-015", arithmetic+sourceDisease, Secondary,
		"Số trường hợp mới được chẩn đoán (%d) khác tổng các dòng (%d).",
		"New diagnoses (%d) are not the sum of the rows (%d).").
		by(ofRows("/content/diagnosed/new", "diagnosed"))},
	{RuleInfo: must("DIS-016", arithmetic+sourceDisease, Verified,
		"Số người tiếp xúc của dòng (%d) nhiều hơn tổng số lao động tiếp xúc (%d).",
		"More exposed workers in the row (%d) than in all (%d).").
		by(compare("exposed", AtMost, "/content/exposed/total").in("/content/rows/*"))},
	{RuleInfo: warn("DIS-017", sourceDisease, Secondary,
		"Số trường hợp khám của dòng (%d) nhiều hơn số người tiếp xúc (%d).",
		"More examination cases in the row (%d) than exposed workers (%d).").
		by(compare("examined_cases", AtMost, "exposed").in("/content/rows/*"))},
	{RuleInfo: must("DIS-018", arithmetic+sourceDisease, Verified,
		"Số trường hợp nghi mắc của dòng (%d) nhiều hơn số trường hợp khám (%d).",
		"More suspected cases in the row (%d) than examination cases (%d).").
		by(compare("suspected", AtMost, "examined_cases").in("/content/rows/*"))},
	{RuleInfo: warn("DIS-019", sourceDisease, Secondary,
		"Số trường hợp mới được chẩn đoán của dòng (%d) nhiều hơn số trường hợp nghi mắc (%d).",
		"More new diagnoses in the row (%d) than suspected cases (%d).").
		by(compare("diagnosed", AtMost, "suspected").in("/content/rows/*"))},
	{RuleInfo: suggest("DIS-020", "Law 84/2015/QH13 Art. 21", Verified,
		"Có %d lao động tiếp xúc yếu tố có hại nhưng chưa ai được khám phát hiện bệnh nghề nghiệp.",
		"There are %d exposed workers, but none was examined for occupational disease.").
		by(Arithmetic{Left: terms("/content/exposed/total"), Relation: AtMost, At: Spot{Pointer: "/content/examined/persons"}, Arguments: leftSide}.
			when(Zero, Term{Pointer: "/content/examined/persons"}))},
}

// ofRows holds a number of the head against the sum of a column of rows, where rows
// are given.
func ofRows(head, column string) Arithmetic {
	return compare(head, Equal, "/content/rows/*/"+column).when(Positive, Term{Pointer: "/content/rows/*"})
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
