package report

import "strconv"

var examinationRules = []rule[Examination]{
	{must("EXA-001", arithmetic+sourceCourse, Secondary,
		"Số trường hợp (%d) ít hơn số người (%d).",
		"Fewer cases (%d) than persons (%d)."), examinationCases},
	{must("EXA-002", arithmetic+sourceCourse, Secondary,
		"Có %d trường hợp nhưng không có người.",
		"There are %d cases, but no person."), examinationPersons},
	{must("EXA-003", arithmetic+sourceCourse, Secondary,
		"Số nghi mắc (%d) nhiều hơn số được khám (%d).",
		"More suspected (%d) than examined (%d)."), examinationSuspected},
	{warn("EXA-004", sourceCourse, Unverified,
		"Số được chẩn đoán (%d) nhiều hơn số nghi mắc (%d).",
		"More diagnosed (%d) than suspected (%d)."), examinationDiagnosed},
	{warn("EXA-005", sourceCourse, Unverified,
		"Có người được khám nhưng số cơ sở bằng 0.",
		"Persons were examined, but the number of establishments is 0."), examinationEstablishments},
	{warn("EXA-006", sourceCourse, Unverified,
		"Số cơ sở (%d) nhiều hơn số người được khám (%d).",
		"More establishments (%d) than persons examined (%d)."), examinationShare},
	{warn("EXA-007", "Groups of the working-environment monitoring notices", Secondary,
		"Không có nhóm yếu tố có hại “%s”.",
		"There is no group of harmful factors “%s”."), examinationFactor},
	{must("EXA-008", sourceDiseases, Secondary,
		"Danh mục bệnh nghề nghiệp có hiệu lực ngày %s không có số “%s”.",
		"The list of occupational diseases in force on %s has no number “%s”."), examinationDisease},
	{must("EXA-009", sourceCourse, Secondary,
		"Yếu tố “%s”, bệnh “%s” được nêu hai lần.",
		"Factor “%s”, disease “%s” is given twice."), examinationTwice},
	{must("EXA-010", arithmetic+sourceCourse, Secondary,
		"Số trường hợp (%d) khác tổng các dòng (%d).",
		"The cases (%d) are not the sum of the rows (%d)."), examinationSums},
	{must("EXA-011", arithmetic+sourceCourse, Secondary,
		"Số nghi mắc của dòng (%d) nhiều hơn số khám (%d).",
		"More suspected in the row (%d) than examined (%d)."), examinationRowSuspected},
	{warn("EXA-012", sourceCourse, Unverified,
		"Số được chẩn đoán của dòng (%d) nhiều hơn số nghi mắc (%d).",
		"More diagnosed in the row (%d) than suspected (%d)."), examinationRowDiagnosed},
	{suggest("EXA-013", sourceCourse, Unverified,
		"Chưa chia theo yếu tố có hại.",
		"The cases are not given by harmful factor."), examinationRows},
}

// examinationTotal is one of the pairs of persons and cases.
type examinationTotal struct {
	at    string
	count PersonsAndCases
	// row is the same count of a row.
	row func(*ExaminationRow) uint32
}

func (e *Examination) totals() [3]examinationTotal {
	return [3]examinationTotal{
		{"/content/examined", e.Examined, func(r *ExaminationRow) uint32 { return r.Examined }},
		{"/content/suspected", e.Suspected, func(r *ExaminationRow) uint32 { return r.Suspected }},
		{"/content/diagnosed", e.Diagnosed, func(r *ExaminationRow) uint32 { return r.Diagnosed }},
	}
}

func examinationCases(c *check, e *Examination) {
	for _, t := range e.totals() {
		c.fewer(t.at+"/cases", t.count.Cases, t.at+"/persons", t.count.Persons)
	}
}

func examinationPersons(c *check, e *Examination) {
	for _, t := range e.totals() {
		if t.count.Persons == 0 && t.count.Cases > 0 && !c.broken(t.at+"/persons") {
			c.hit(t.at+"/cases", t.count.Cases)
		}
	}
}

func examinationSuspected(c *check, e *Examination) {
	c.more("/content/suspected/persons", e.Suspected.Persons, "/content/examined/persons", e.Examined.Persons)
	c.more("/content/suspected/cases", e.Suspected.Cases, "/content/examined/cases", e.Examined.Cases)
}

// examinationDiagnosed: a diagnosis may follow a suspicion of the period before.
func examinationDiagnosed(c *check, e *Examination) {
	c.more("/content/diagnosed/persons", e.Diagnosed.Persons, "/content/suspected/persons", e.Suspected.Persons)
	c.more("/content/diagnosed/cases", e.Diagnosed.Cases, "/content/suspected/cases", e.Suspected.Cases)
}

func examinationEstablishments(c *check, e *Examination) {
	if e.Establishments == 0 && e.Examined.Persons > 0 {
		c.hit("/content/establishments")
	}
}

func examinationShare(c *check, e *Examination) {
	c.more("/content/establishments", e.Establishments, "/content/examined/persons", e.Examined.Persons)
}

func examinationRowAt(i int) string { return "/content/rows/" + strconv.Itoa(i) }

func examinationFactor(c *check, e *Examination) {
	for i := range e.Rows {
		if !c.knownFactor(e.Rows[i].Factor) {
			c.hit(examinationRowAt(i)+"/factor", e.Rows[i].Factor)
		}
	}
}

func examinationDisease(c *check, e *Examination) {
	if c.day.IsZero() {
		return
	}
	for i := range e.Rows {
		code := e.Rows[i].Disease
		if _, known := c.ctx.Seeds.DiseaseOn(code, c.day); code != "" && !known {
			c.hit(examinationRowAt(i)+"/disease", c.day, code)
		}
	}
}

func examinationTwice(c *check, e *Examination) {
	type key struct{ factor, disease string }
	seen := map[key]bool{}
	for i := range e.Rows {
		k := key{e.Rows[i].Factor, e.Rows[i].Disease}
		if seen[k] {
			c.hit(examinationRowAt(i)+"/factor", k.factor, k.disease)
		}
		seen[k] = true
	}
}

// examinationSums holds the cases against the rows, where rows are given.
func examinationSums(c *check, e *Examination) {
	if len(e.Rows) == 0 || c.broken("/content/rows") {
		return
	}
	for _, t := range e.totals() {
		if sum := total(e.Rows, t.row); uint64(t.count.Cases) != sum {
			c.hit(t.at+"/cases", t.count.Cases, sum)
		}
	}
}

func examinationRowSuspected(c *check, e *Examination) {
	for i := range e.Rows {
		c.more(examinationRowAt(i)+"/suspected", e.Rows[i].Suspected, examinationRowAt(i)+"/examined", e.Rows[i].Examined)
	}
}

func examinationRowDiagnosed(c *check, e *Examination) {
	for i := range e.Rows {
		c.more(examinationRowAt(i)+"/diagnosed", e.Rows[i].Diagnosed, examinationRowAt(i)+"/suspected", e.Rows[i].Suspected)
	}
}

func examinationRows(c *check, e *Examination) {
	if len(e.Rows) == 0 && e.Examined.Cases > 0 {
		c.hit("/content/rows")
	}
}
