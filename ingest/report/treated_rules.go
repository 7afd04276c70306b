package report

import (
	"strconv"

	"atvsld/seeds"
)

const (
	sourceClinic = "Decree 39/2016/ND-CP Art. 25, Annex XVIII"
	sourceHealth = "Decree 39/2016/ND-CP Art. 25, Annex XIX"
)

// treatedRules are the rules on victims treated. The two kinds of report that count them
// have them under codes of their own.
func treatedRules[T any](prefix, source string, of func(*T) *Treated) []rule[T] {
	on := func(info RuleInfo, test func(*check, *Treated)) rule[T] {
		info.Code = prefix + info.Code
		return rule[T]{info, func(c *check, r *T) { test(c, of(r)) }}
	}
	return []rule[T]{
		on(must("-001", arithmetic+source, Verified,
			"Số nữ (%d) nhiều hơn số nạn nhân (%d).",
			"More women (%d) than victims (%d)."), treatedWomen),
		on(must("-002", arithmetic+source, Verified,
			"Số chết và bị thương nặng (%d) nhiều hơn số nạn nhân (%d).",
			"More dead and seriously injured (%d) than victims (%d)."), treatedSeverity),
		on(must("-003", arithmetic+source, Verified,
			"Số có và không theo hợp đồng lao động (%d) nhiều hơn số nạn nhân (%d).",
			"More victims with and without a contract (%d) than victims (%d)."), treatedContracts),
		on(must("-004", arithmetic+source, Verified,
			"Số nạn nhân hoặc số chết của dòng (%d) nhiều hơn tổng số (%d).",
			"More victims or dead in the row (%d) than in all (%d)."), treatedParts),
		on(must("-005", arithmetic+source, Verified,
			"Số chết của dòng (%d) nhiều hơn số nạn nhân của dòng (%d).",
			"More dead in the row (%d) than victims (%d)."), treatedPartDied),
		on(must("-006", source, Secondary,
			"Mã “%s” được nêu hai lần.",
			"The code “%s” is given twice."), treatedTwice),
		on(warn("-007", source, Unverified,
			"Tổng số nạn nhân theo yếu tố gây chấn thương (%d) nhiều hơn số nạn nhân (%d).",
			"The victims by injury factor (%d) are more than the victims (%d)."), treatedFactorSum),
		on(warn("-008", sourceAnnex12+" footnote 5", Unverified,
			"Danh mục “%s” không có yếu tố gây chấn thương “%s”.",
			"The list “%s” has no injury factor “%s”."), treatedFactorKnown),
		on(warn("-009", sourceAnnex2, Verified,
			"Mã chấn thương “%s” không có trong Phụ lục II.",
			"The injury “%s” is not in Annex II."), treatedInjuryKnown),
		on(must("-010", sourcePlatform, Verified,
			"Mã yếu tố gây chấn thương và mã chấn thương chỉ gồm chữ cái, chữ số và các dấu . - _",
			"Codes of an injury factor and of an injury have letters, digits and . - _ only."), treatedCodeForms),
	}
}

func healthRules() []rule[Summary] {
	return append(treatedRules("HEA", sourceHealth, func(r *Summary) *Treated { return &r.Treated }),
		rule[Summary]{must("HEA-020", sourceHealth, Verified,
			"Báo cáo này do cơ quan y tế (health) lập.",
			"This report is made by the health authority (health)."), summaryAuthority},
		rule[Summary]{must("HEA-021", arithmetic+sourceHealth, Verified,
			"Số cơ sở đã báo cáo (%d) nhiều hơn số cơ sở phải báo cáo (%d).",
			"More facilities that reported (%d) than have to (%d)."), summaryReporting},
		rule[Summary]{warn("HEA-022", sourceHealth, Unverified,
			"Có nạn nhân nhưng không có cơ sở nào báo cáo.",
			"There are victims, but no facility reported."), summaryFacilities})
}

const treatedAt = "/content/treated"

func treatedWomen(c *check, t *Treated) {
	c.more(treatedAt+"/women", t.Women, treatedAt+"/victims", t.Victims)
}

func treatedSeverity(c *check, t *Treated) {
	sum := uint64(t.Died) + uint64(t.Serious)
	if sum > uint64(t.Victims) && !c.broken(treatedAt+"/victims") && !c.broken(treatedAt+"/serious") {
		c.hit(treatedAt+"/died", sum, t.Victims)
	}
}

func treatedContracts(c *check, t *Treated) {
	var sum uint64
	at := ""
	if t.NoContract != nil {
		sum, at = sum+uint64(*t.NoContract), treatedAt+"/no_contract"
	}
	if t.Contract != nil {
		sum, at = sum+uint64(*t.Contract), treatedAt+"/contract"
	}
	if at != "" && sum > uint64(t.Victims) && !c.broken(treatedAt+"/victims") {
		c.hit(at, sum, t.Victims)
	}
}

// treatedPart is a row by factor or by injury.
type treatedPart struct {
	at, key, code string
	victims, died uint32
}

// parts returns the rows of both lists.
func (t *Treated) parts() []treatedPart {
	var all []treatedPart
	for i := range t.Factors {
		f := &t.Factors[i]
		all = append(all, treatedPart{treatedFactorAt(i), "factor " + f.List + "/" + f.Code, f.Code, f.Victims, f.Died})
	}
	for i := range t.Injuries {
		j := &t.Injuries[i]
		all = append(all, treatedPart{treatedInjuryAt(i), "injury " + j.Code, j.Code, j.Victims, j.Died})
	}
	return all
}

func treatedFactorAt(i int) string { return treatedAt + "/factors/" + strconv.Itoa(i) }
func treatedInjuryAt(i int) string { return treatedAt + "/injuries/" + strconv.Itoa(i) }

func treatedParts(c *check, t *Treated) {
	for _, p := range t.parts() {
		c.more(p.at+"/victims", p.victims, treatedAt+"/victims", t.Victims)
		c.more(p.at+"/died", p.died, treatedAt+"/died", t.Died)
	}
}

func treatedPartDied(c *check, t *Treated) {
	for _, p := range t.parts() {
		c.more(p.at+"/died", p.died, p.at+"/victims", p.victims)
	}
}

func treatedTwice(c *check, t *Treated) {
	seen := map[string]bool{}
	for _, p := range t.parts() {
		if seen[p.key] {
			c.hit(p.at+"/code", p.code)
		}
		seen[p.key] = true
	}
}

// treatedFactorSum: a victim has one factor, as in Annex XII; whether the form of the
// clinics says so was not found.
func treatedFactorSum(c *check, t *Treated) {
	sum := total(t.Factors, func(f *TreatedFactor) uint32 { return f.Victims })
	if sum > uint64(t.Victims) && !c.broken(treatedAt+"/victims") {
		c.hit(treatedAt+"/factors", sum, t.Victims)
	}
}

func treatedFactorKnown(c *check, t *Treated) {
	for i := range t.Factors {
		f := &t.Factors[i]
		if _, known := c.ctx.Seeds.Factor(f.List, f.Code); !known {
			c.hit(treatedFactorAt(i)+"/code", clip(f.List), f.Code)
		}
	}
}

func treatedInjuryKnown(c *check, t *Treated) {
	for i := range t.Injuries {
		code := t.Injuries[i].Code
		if _, known := c.ctx.Seeds.SeriousInjury(seeds.InjuryListAnnexII, code); !known {
			c.hit(treatedInjuryAt(i)+"/code", code)
		}
	}
}

// treatedCodeForms keeps text out of members that travel in clear.
func treatedCodeForms(c *check, t *Treated) {
	const signs = ".-_"
	for i := range t.Factors {
		if !only(t.Factors[i].List, signs) || !only(t.Factors[i].Code, signs) {
			c.hit(treatedFactorAt(i) + "/code")
		}
	}
	for i := range t.Injuries {
		if !only(t.Injuries[i].Code, signs) {
			c.hit(treatedInjuryAt(i) + "/code")
		}
	}
}

func summaryAuthority(c *check, r *Summary) {
	if a := r.Reporter.Authority; a != "" && a != HealthAuthority {
		c.hit("/content/reporter/authority")
	}
}

func summaryReporting(c *check, r *Summary) {
	c.more("/content/reporting", r.Reporting, "/content/facilities", r.Facilities)
}

func summaryFacilities(c *check, r *Summary) {
	if r.Reporting == 0 && r.Treated.Victims > 0 {
		c.hit("/content/reporting")
	}
}
