package report

import (
	"slices"
	"strconv"

	"atvsld/seeds"
)

// annexRules: what follows from the form (Annex XII) and arithmetic, without
// tolerance; every cell that breaks a rule is a finding of its own.
var annexRules = slices.Concat([]rule[Annex]{
	{must("AXII-001", sourceAnnex12, Secondary,
		"Dòng 1, 2 và 3 không có mã.",
		"Rows 1, 2 and 3 have no code."), rowWithoutCode},
	{must("AXII-002", sourceAnnex12, Secondary,
		"Dòng thuộc mục %s phải có mã.",
		"A row of block %s needs a code."), rowWithCode},
	{must("AXII-003", sourceAnnex12, Secondary,
		"Dòng %s “%s” đã có ở vị trí %d.",
		"Row %s “%s” is given already, at position %d."), rowOnce},
	{must("AXII-004", sourceAnnex12, Secondary,
		"Bảng I thiếu dòng 1 (tai nạn lao động).",
		"Table I lacks row 1 (occupational accidents)."), rowOneThere},
	{must("AXII-005", sourceAnnex12+" footnote 4", Secondary,
		"Không có nguyên nhân “%s” (danh mục 1 đến 9).",
		"There is no cause “%s” (the list goes from 1 to 9)."), rowCause},
	{warn("AXII-006", sourceAnnex12+" footnote 5", Unverified,
		"Danh mục yếu tố gây chấn thương không có mã “%s”.",
		"The list of injury factors has no code “%s”."), rowFactor},
	{must("AXII-007", sourceAnnex12+" footnote 6", Secondary,
		"Mã nghề nghiệp chỉ gồm chữ cái, chữ số và dấu chấm.",
		"A code of occupation has letters, digits and dots only."), rowOccupation},
	{must("AXII-008", sourceAnnex12, Secondary,
		"Báo cáo ghi không có tai nạn nhưng Bảng I có %d vụ.",
		"The report states that there was no accident, but table I has %d."), nilMeant},
	{must("AXII-009", sourceAnnex12, Secondary,
		"Báo cáo ghi có tai nạn nhưng Bảng I không có vụ nào.",
		"The report states that there were accidents, but table I has none."), notNilMeant},
},
	inequalityRules("AXII", sourceAnnex12, func(a *Annex, i int) measured {
		if i == len(a.Rows) {
			return measured{}
		}
		return measured{&a.Rows[i].Measures, "/content/rows", i, a.Rows[i].Block == BlockOccupation}
	}),
	[]rule[Annex]{
		{must("AXII-030", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 3 (%d) khác tổng dòng 1 và dòng 2 (%d).",
			"%s of row 3 (%d) is not the sum of rows 1 and 2 (%d)."), totalIsSum},
		{must("AXII-031", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) khác tổng các dòng nguyên nhân 1.1 (%d).",
			"%s of row 1 (%d) is not the sum of the causes 1.1 (%d)."), causesSum},
		{must("AXII-032", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) khác tổng các dòng yếu tố gây chấn thương 1.2 (%d).",
			"%s of row 1 (%d) is not the sum of the injury factors 1.2 (%d)."), factorsSum},
		{must("AXII-033", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) khác tổng các dòng nghề nghiệp 1.3 (%d).",
			"%s of row 1 (%d) is not the sum of the occupations 1.3 (%d)."), occupationsSum},
		{must("AXII-034", sourceAnnex12, Secondary,
			"Có %d vụ tai nạn nhưng Bảng I thiếu các dòng của mục %s.",
			"There are %d accidents, but table I lacks the rows of block %s."), blocksThere},
		{must("AXII-035", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) nhiều hơn tổng các dòng nghề nghiệp 1.3 (%d).",
			"%s of row 1 (%d) is more than the sum of the occupations 1.3 (%d)."), occupationsCover},
		{warn("AXII-036", sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) ít hơn tổng các dòng nghề nghiệp 1.3 (%d): chỉ đúng khi một vụ có nạn nhân thuộc nhiều nghề.",
			"%s of row 1 (%d) is less than the sum of the occupations 1.3 (%d): right only if an accident has victims of several occupations."), occupationsExceed},
		{must("AXII-040", arithmetic+sourceAnnex12+" table II", Secondary,
			"Tổng chi phí (%d) khác tổng y tế, tiền lương và bồi thường, trợ cấp (%d).",
			"The total cost (%d) is not the sum of medical cost, wages and compensation (%d)."), costSum},
		{warn("AXII-041", sourceAnnex12+" table II", Secondary,
			"Có thiệt hại ở Bảng II nhưng không có vụ tai nạn nào.",
			"There is damage in table II, but no accident."), damageMeant},
		{warn("AXII-042", "Threshold of the platform; unit slips are known from the published notices", Unverified,
			"Chi phí bình quân %d nghìn đồng mỗi nạn nhân: kiểm tra đơn vị tính (1.000 đồng).",
			"The cost is %d thousand đồng for each victim: check the unit (1,000 đồng)."), costPlausible},
		{warn("AXII-043", sourceAnnex12, Secondary,
			"Số người bị nạn thuộc quyền quản lý (%d) nhiều hơn tổng số lao động (%d).",
			"There are more victims under management (%d) than workers (%d)."), victimsPlausible},
		{warn("AXII-044", "Threshold of the platform", Unverified,
			"Quỹ lương bình quân %d triệu đồng mỗi lao động: kiểm tra đơn vị tính (triệu đồng).",
			"The payroll is %d million đồng for each worker: check the unit (million đồng)."), payrollPlausible},
		{must("AXII-050", sourceTaxCode, Verified,
			"Mã số thuế chi nhánh không hợp lệ.",
			"Not a valid tax code of a branch."), branchValid},
		{must("AXII-051", sourcePlatform, Verified,
			"“%s” không phải chi nhánh của cơ sở báo cáo.",
			"“%s” is not a branch of the reporter."), branchOwn},
		{must("AXII-052", sourcePlatform, Verified,
			"Chi nhánh “%s” được nêu hai lần.",
			"Branch “%s” is named twice."), branchOnce},
		{must("AXII-053", sourcePlatform, Verified,
			"Chỉ trụ sở chính (mã 10 chữ số, địa điểm 0) mới báo cáo thay chi nhánh.",
			"Only the head office (a code of 10 digits, site 0) reports for branches."), branchByHead},
	})

func rowAt(i int) string { return "/content/rows/" + strconv.Itoa(i) }

// summary: a row of a block that is not split by codes.
func (b Block) summary() bool { return b == BlockAccidents || b == BlockCommuting || b == BlockTotal }

func rowWithoutCode(c *check, a *Annex) {
	for i := range a.Rows {
		if a.Rows[i].Block.summary() && a.Rows[i].Code != "" {
			c.hit(rowAt(i) + "/code")
		}
	}
}

func rowWithCode(c *check, a *Annex) {
	for i := range a.Rows {
		if b := a.Rows[i].Block; b != "" && !b.summary() && a.Rows[i].Code == "" {
			c.hit(rowAt(i)+"/code", b)
		}
	}
}

func rowOnce(c *check, a *Annex) {
	for i := range a.Rows {
		row := &a.Rows[i]
		if row.Block == "" || row.Code == "" && !row.Block.summary() {
			continue
		}
		for j := range i {
			if a.Rows[j].Block == row.Block && a.Rows[j].Code == row.Code {
				c.hit(rowAt(i)+"/block", row.Block, row.Code, ours{j})
				break
			}
		}
	}
}

func rowOneThere(c *check, a *Annex) {
	if len(a.Rows) > 0 && a.row(BlockAccidents) < 0 && !c.brokenRows(a) {
		c.hit("/content/rows")
	}
}

// row returns the index of the first row of a block, -1 if there is none.
func (a *Annex) row(b Block) int {
	return slices.IndexFunc(a.Rows, func(r AnnexRow) bool { return r.Block == b })
}

// brokenRows tells whether a row could not be put into its block.
func (c *check) brokenRows(a *Annex) bool {
	if len(c.damaged) == 0 {
		return false
	}
	for i := range a.Rows {
		if a.Rows[i].Block == "" {
			return true
		}
	}
	return slices.Contains(c.damaged, "/content/rows")
}

func rowCause(c *check, a *Annex) {
	for i := range a.Rows {
		if a.Rows[i].Block != BlockCause || a.Rows[i].Code == "" {
			continue
		}
		if _, known := c.ctx.Seeds.Cause(seeds.CauseListAnnexXII, a.Rows[i].Code); !known {
			c.hit(rowAt(i)+"/code", a.Rows[i].Code)
		}
	}
}

func rowFactor(c *check, a *Annex) {
	for i := range a.Rows {
		if a.Rows[i].Block != BlockFactor || a.Rows[i].Code == "" {
			continue
		}
		_, seen := c.ctx.Seeds.Factor(seeds.FactorListAnnexXII, a.Rows[i].Code)
		_, proposed := c.ctx.Seeds.Factor(seeds.FactorListProposed, a.Rows[i].Code)
		if !seen && !proposed {
			c.hit(rowAt(i)+"/code", a.Rows[i].Code)
		}
	}
}

func rowOccupation(c *check, a *Annex) {
	for i := range a.Rows {
		if a.Rows[i].Block == BlockOccupation && !only(a.Rows[i].Code, ".") {
			c.hit(rowAt(i) + "/code")
		}
	}
}

func nilMeant(c *check, a *Annex) {
	if a.Nil != nil && *a.Nil && a.accidents() > 0 {
		c.hit("/content/nil", a.accidents())
	}
}

func notNilMeant(c *check, a *Annex) {
	if a.Nil != nil && !*a.Nil && a.accidents() == 0 && !c.broken("/content/rows") {
		c.hit("/content/nil")
	}
}

// accidents counts those of rows 1 and 2.
func (a *Annex) accidents() uint64 {
	one, two := a.Total(BlockAccidents), a.Total(BlockCommuting)
	return uint64(one.Accidents) + uint64(two.Accidents)
}

// sum adds the rows of a block up.
func (a *Annex) sum(b Block) (sum cells) {
	for i := range a.Rows {
		if a.Rows[i].Block != b {
			continue
		}
		row := a.Rows[i].cells()
		for m := range sum {
			sum[m] += row[m]
		}
	}
	return sum
}

// readColumn tells whether a column was read in every row, so that sums of it
// mean something.
func (c *check) readColumn(a *Annex, column string) bool {
	if len(c.damaged) == 0 {
		return true
	}
	if c.brokenRows(a) {
		return false
	}
	for i := range a.Rows {
		if c.broken(rowAt(i)+"/"+column) || c.broken(rowAt(i)+"/block") {
			return false
		}
	}
	return true
}

func totalIsSum(c *check, a *Annex) {
	at := a.row(BlockTotal)
	if at < 0 {
		return
	}
	one, two, three := a.sum(BlockAccidents), a.sum(BlockCommuting), a.sum(BlockTotal)
	for m := range three {
		if three[m] != one[m]+two[m] && c.readColumn(a, measures[m].Name) {
			c.hit(rowAt(at)+"/"+measures[m].Name, measures[m].term(), three[m], one[m]+two[m])
		}
	}
}

// compare reports the columns in which row 1 and the sum of a block disagree.
func (a *Annex) compare(c *check, b Block, columns []int, wrong func(one, sum uint64) bool) {
	at := a.row(BlockAccidents)
	if at < 0 || a.row(b) < 0 {
		return
	}
	one, sum := a.sum(BlockAccidents), a.sum(b)
	for _, m := range columns {
		if wrong(one[m], sum[m]) && c.readColumn(a, measures[m].Name) {
			c.hit(rowAt(at)+"/"+measures[m].Name, measures[m].term(), one[m], sum[m])
		}
	}
}

var (
	everyColumn   = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	accidentOnly  = []int{accidents, accidentsFatal, accidentsMulti}
	victimColumns = []int{victims, victimsOutside, women, womenOutside, deaths, deathsOutside, serious, seriousOutside}
)

func different(one, sum uint64) bool { return one != sum }

func causesSum(c *check, a *Annex) { a.compare(c, BlockCause, everyColumn, different) }

func factorsSum(c *check, a *Annex) { a.compare(c, BlockFactor, everyColumn, different) }

func occupationsSum(c *check, a *Annex) { a.compare(c, BlockOccupation, victimColumns, different) }

func blocksThere(c *check, a *Annex) {
	at := a.row(BlockAccidents)
	if at < 0 || a.Rows[at].Accidents == 0 || c.brokenRows(a) {
		return
	}
	for _, b := range []Block{BlockCause, BlockFactor, BlockOccupation} {
		if a.row(b) < 0 {
			c.hit(rowAt(at)+"/accidents", a.Rows[at].Accidents, ours{b})
		}
	}
}

// occupationsCover: every accident, and every fatal one, has a victim of some
// occupation. What "at least two victims" counts within an occupation the form
// does not say.
func occupationsCover(c *check, a *Annex) {
	a.compare(c, BlockOccupation, accidentOnly[:2], func(one, sum uint64) bool { return one > sum })
}

func occupationsExceed(c *check, a *Annex) {
	a.compare(c, BlockOccupation, accidentOnly, func(one, sum uint64) bool { return one < sum })
}

func costSum(c *check, a *Annex) {
	d := &a.Damage
	if parts := d.CostMedical + d.CostWages + d.CostCompensation; parts != d.CostTotal && !c.broken("/content/damage") {
		c.hit("/content/damage/cost_total", d.CostTotal, parts)
	}
}

func damageMeant(c *check, a *Annex) {
	if a.Damage != (Damage{}) && a.accidents() == 0 && !c.broken("/content/rows") {
		c.hit("/content/damage")
	}
}

// maxCostPerVictim is 5 billion đồng in thousands.
const maxCostPerVictim = 5_000_000

func costPlausible(c *check, a *Annex) {
	one, two := a.sum(BlockAccidents), a.sum(BlockCommuting)
	if n := one[victims] + two[victims]; n > 0 && a.Damage.CostTotal/n > maxCostPerVictim {
		c.hit("/content/damage/cost_total", a.Damage.CostTotal/n)
	}
}

func victimsPlausible(c *check, a *Annex) {
	one, two := a.sum(BlockAccidents), a.sum(BlockCommuting)
	own := one[victims] + two[victims] - min(one[victims]+two[victims], one[victimsOutside]+two[victimsOutside])
	if own > uint64(a.Workers.Total) && !c.broken("/content/rows") {
		c.hit("/content/workers/total", own, a.Workers.Total)
	}
}

// maxPayrollPerWorker is 5 billion đồng in millions.
const maxPayrollPerWorker = 5_000

func payrollPlausible(c *check, a *Annex) {
	if n := uint64(a.Workers.Total); n > 0 && a.PayrollMillionVND/n > maxPayrollPerWorker {
		c.hit("/content/payroll_million_vnd", a.PayrollMillionVND/n)
	}
}

func branchAt(i int) string { return "/content/covers_branches/" + strconv.Itoa(i) }

func branchValid(c *check, a *Annex) {
	for i, b := range a.CoversBranches {
		if b.Valid() != nil || !b.IsBranch() {
			c.hit(branchAt(i))
		}
	}
}

// branchOwn: naming a branch leaves its own report out of every total, so nobody
// may name another's.
func branchOwn(c *check, a *Annex) {
	for i, b := range a.CoversBranches {
		if b.Valid() == nil && b.IsBranch() && b.Base() != a.Reporter.TaxCode.Base() && !c.broken("/content/reporter/tax_code") {
			c.hit(branchAt(i), b)
		}
	}
}

func branchOnce(c *check, a *Annex) {
	if len(a.CoversBranches) < 2 {
		return
	}
	seen := make(map[TaxCode]bool, len(a.CoversBranches))
	for i, b := range a.CoversBranches {
		if seen[b] && b.Valid() == nil && b.IsBranch() {
			c.hit(branchAt(i), b)
		}
		seen[b] = true
	}
}

func branchByHead(c *check, a *Annex) {
	if len(a.CoversBranches) > 0 && (a.Reporter.TaxCode.IsBranch() || canonicalSite(a.Reporter.Site) != "0") {
		c.hit("/content/covers_branches")
	}
}
