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
	inequalityRules[Annex]("AXII", sourceAnnex12, []string{"/content/rows/*"}, &Filter{Member: "block", Not: []string{string(BlockOccupation)}}),
	[]rule[Annex]{
		{RuleInfo: must("AXII-030", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 3 (%d) khác tổng dòng 1 và dòng 2 (%d).",
			"%s of row 3 (%d) is not the sum of rows 1 and 2 (%d).").
			by(Arithmetic{Columns: allColumns(), Left: []Term{cellsOf(BlockTotal)}, Relation: Equal, Right: []Term{cellsOf(BlockAccidents), cellsOf(BlockCommuting)},
				At: atRow(BlockTotal, "{column}"), Arguments: allThree}.when(Positive, rowsOf(BlockTotal)))},
		{RuleInfo: must("AXII-031", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) khác tổng các dòng nguyên nhân 1.1 (%d).",
			"%s of row 1 (%d) is not the sum of the causes 1.1 (%d).").
			by(ofBlock(BlockCause, Equal, allColumns()))},
		{RuleInfo: must("AXII-032", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) khác tổng các dòng yếu tố gây chấn thương 1.2 (%d).",
			"%s of row 1 (%d) is not the sum of the injury factors 1.2 (%d).").
			by(ofBlock(BlockFactor, Equal, allColumns()))},
		{RuleInfo: must("AXII-033", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) khác tổng các dòng nghề nghiệp 1.3 (%d).",
			"%s of row 1 (%d) is not the sum of the occupations 1.3 (%d).").
			by(ofBlock(BlockOccupation, Equal, named("victims", "victims_outside", "women", "women_outside", "deaths", "deaths_outside", "serious", "serious_outside")))},
		{must("AXII-034", sourceAnnex12, Secondary,
			"Có %d vụ tai nạn nhưng Bảng I thiếu các dòng của mục %s.",
			"There are %d accidents, but table I lacks the rows of block %s."), blocksThere},
		{RuleInfo: must("AXII-035", arithmetic+sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) nhiều hơn tổng các dòng nghề nghiệp 1.3 (%d).",
			"%s of row 1 (%d) is more than the sum of the occupations 1.3 (%d).").
			by(ofBlock(BlockOccupation, AtMost, named("accidents", "accidents_fatal")))},
		{RuleInfo: warn("AXII-036", sourceAnnex12, Secondary,
			"%s của dòng 1 (%d) ít hơn tổng các dòng nghề nghiệp 1.3 (%d): chỉ đúng khi một vụ có nạn nhân thuộc nhiều nghề.",
			"%s of row 1 (%d) is less than the sum of the occupations 1.3 (%d): right only if an accident has victims of several occupations.").
			by(ofBlock(BlockOccupation, AtLeast, named("accidents", "accidents_fatal", "accidents_multi")))},
		{RuleInfo: must("AXII-040", arithmetic+sourceAnnex12+" table II", Secondary,
			"Tổng chi phí (%d) khác tổng y tế, tiền lương và bồi thường, trợ cấp (%d).",
			"The total cost (%d) is not the sum of medical cost, wages and compensation (%d).").
			by(Arithmetic{Left: terms("/content/damage/cost_total"), Relation: Equal,
				Right: terms("/content/damage/cost_medical", "/content/damage/cost_wages", "/content/damage/cost_compensation"),
				At:    Spot{Pointer: "/content/damage/cost_total"}, Arguments: bothSides})},
		{RuleInfo: warn("AXII-041", sourceAnnex12+" table II", Secondary,
			"Có thiệt hại ở Bảng II nhưng không có vụ tai nạn nào.",
			"There is damage in table II, but no accident.").
			by(Arithmetic{Left: terms("/content/damage/days_off", "/content/damage/cost_total", "/content/damage/cost_medical",
				"/content/damage/cost_wages", "/content/damage/cost_compensation", "/content/damage/property"),
				Relation: AtMost, At: Spot{Pointer: "/content/damage"}}.
				when(Zero, inRowsOneAndTwo("accidents")))},
		{RuleInfo: warn("AXII-042", "Threshold of the platform; unit slips are known from the published notices", Unverified,
			"Chi phí bình quân %d nghìn đồng mỗi nạn nhân: kiểm tra đơn vị tính (1.000 đồng).",
			"The cost is %d thousand đồng for each victim: check the unit (1,000 đồng).").
			by(Arithmetic{Left: terms("/content/damage/cost_total"), Per: []Term{inRowsOneAndTwo("victims")}, Relation: AtMost, Right: number(maxCostPerVictim),
				At: Spot{Pointer: "/content/damage/cost_total"}, Arguments: leftSide})},
		{RuleInfo: warn("AXII-043", sourceAnnex12, Secondary,
			"Số người bị nạn thuộc quyền quản lý (%d) nhiều hơn tổng số lao động (%d).",
			"There are more victims under management (%d) than workers (%d).").
			by(Arithmetic{Left: []Term{inRowsOneAndTwo("victims"), minus(inRowsOneAndTwo("victims_outside"))}, Relation: AtMost, Right: terms("/content/workers/total"),
				At: Spot{Pointer: "/content/workers/total"}, Arguments: bothSides})},
		{RuleInfo: warn("AXII-044", "Threshold of the platform", Unverified,
			"Quỹ lương bình quân %d triệu đồng mỗi lao động: kiểm tra đơn vị tính (triệu đồng).",
			"The payroll is %d million đồng for each worker: check the unit (million đồng).").
			by(Arithmetic{Left: terms("/content/payroll_million_vnd"), Per: terms("/content/workers/total"), Relation: AtMost, Right: number(maxPayrollPerWorker),
				At: Spot{Pointer: "/content/payroll_million_vnd"}, Arguments: leftSide})},
		{RuleInfo: warn("AXII-045", thresholdUnverified, Unverified,
			"Bình quân %d ngày nghỉ mỗi nạn nhân, nhiều hơn số ngày của một năm: kiểm tra số ngày nghỉ.",
			"There are %d days off for each victim, more than a year has: check the days off.").
			by(Arithmetic{Left: terms("/content/damage/days_off"), Per: []Term{inRowsOneAndTwo("victims")}, Relation: AtMost, Right: number(maxDaysPerVictim),
				At: Spot{Pointer: "/content/damage/days_off"}, Arguments: leftSide})},
		{RuleInfo: suggest("AXII-046", thresholdUnverified, Unverified,
			"Chi phí bình quân chỉ %d nghìn đồng mỗi nạn nhân: kiểm tra đơn vị tính (1.000 đồng, không phải triệu đồng).",
			"The cost is only %d thousand đồng for each victim: check the unit (1,000 đồng, not million).").
			by(Arithmetic{Left: terms("/content/damage/cost_total"), Per: []Term{inRowsOneAndTwo("victims")}, Relation: AtLeast, Right: number(minCostPerVictim),
				At: Spot{Pointer: "/content/damage/cost_total"}, Arguments: leftSide}.
				when(Positive, Term{Pointer: "/content/damage/cost_total"}))},
		{RuleInfo: suggest("AXII-047", thresholdUnverified, Unverified,
			"Quỹ lương bình quân chưa đến 1 triệu đồng mỗi lao động: kiểm tra đơn vị tính (triệu đồng).",
			"The payroll is less than 1 million đồng for each worker: check the unit (million đồng).").
			by(Arithmetic{Left: terms("/content/payroll_million_vnd"), Per: terms("/content/workers/total"), Relation: AtLeast, Right: number(1),
				At: Spot{Pointer: "/content/payroll_million_vnd"}}.
				when(Positive, Term{Pointer: "/content/payroll_million_vnd"}))},
		{RuleInfo: warn("AXII-048", thresholdHours, Unverified,
			"Bình quân %d giờ làm việc mỗi lao động, nhiều hơn một năm có thể có: kiểm tra số giờ.",
			"There are %d hours worked for each worker, more than a year can have: check the hours.").
			by(Arithmetic{Left: terms("/content/hours_worked"), Per: terms("/content/workers/total"), Relation: AtMost, Right: number(maxHoursPerWorker),
				At: Spot{Pointer: "/content/hours_worked"}, Arguments: leftSide})},
		{RuleInfo: warn("AXII-049", thresholdHours, Unverified,
			"Bình quân chỉ %d giờ làm việc mỗi lao động: kiểm tra đơn vị tính (giờ, không phải ngày công hay nghìn giờ).",
			"There are only %d hours worked for each worker: check the unit (hours, not days or thousands of hours).").
			by(Arithmetic{Left: terms("/content/hours_worked"), Per: terms("/content/workers/total"), Relation: AtLeast, Right: number(minHoursPerWorker),
				At: Spot{Pointer: "/content/hours_worked"}, Arguments: leftSide}.
				when(Positive, Term{Pointer: "/content/hours_worked"}))},
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
		{warn("AXII-060", thresholdPast, Unverified,
			"Số lao động (%d) khác năm trước (%d) từ 3 lần trở lên.",
			"Workers (%d) are three times those of the year before (%d), or a third of them, or further off."), workersJump},
		{suggest("AXII-061", thresholdPast, Unverified,
			"Số vụ tai nạn (%d) khác năm trước (%d) từ 5 lần trở lên.",
			"Accidents (%d) are five times those of the year before (%d), or a fifth of them, or further off."), accidentsJump},
		{warn("AXII-062", thresholdPast, Unverified,
			"Chi phí bình quân mỗi nạn nhân (%d nghìn đồng) khác năm trước (%d) từ 100 lần trở lên: kiểm tra đơn vị tính.",
			"The cost for each victim (%d thousand đồng) is a hundred times that of the year before (%d), or a hundredth, or further off: check the unit."), costJump},
		{warn("AXII-063", thresholdPast, Unverified,
			"Quỹ lương bình quân mỗi lao động (%d triệu đồng) khác năm trước (%d) từ 100 lần trở lên: kiểm tra đơn vị tính.",
			"The payroll for each worker (%d million đồng) is a hundred times that of the year before (%d), or a hundredth, or further off: check the unit."), payrollJump},
	})

// rowsOf counts the rows of a block, cellsOf sums a column of them up.
func rowsOf(b Block) Term { return among("/content/rows/*", "block", string(b)) }

func cellsOf(b Block) Term { return among("/content/rows/*/{column}", "block", string(b)) }

// inRowsOneAndTwo sums a column up over all accidents, those on the way included.
func inRowsOneAndTwo(column string) Term {
	return among("/content/rows/*/"+column, "block", string(BlockAccidents), string(BlockCommuting))
}

func minus(t Term) Term {
	t.Times = -1
	return t
}

func atRow(b Block, member string) Spot {
	return Spot{"/content/rows/*/" + member, &Filter{Member: "block", Is: []string{string(b)}}}
}

// ofBlock holds columns of row 1 against their sums over the rows of a block, where
// both are there. Every accident, and every fatal one, has a victim of some occupation;
// what "at least two victims" counts within an occupation the form does not say.
func ofBlock(b Block, r Relation, columns []ColumnName) Arithmetic {
	return Arithmetic{Columns: columns, Left: []Term{cellsOf(BlockAccidents)}, Relation: r, Right: []Term{cellsOf(b)},
		At: atRow(BlockAccidents, "{column}"), Arguments: allThree}.
		when(Positive, rowsOf(BlockAccidents)).when(Positive, rowsOf(b))
}

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

// accidents counts those of rows 1 and 2.
func (a *Annex) accidents() uint64 {
	one, two := a.Total(BlockAccidents), a.Total(BlockCommuting)
	return uint64(one.Accidents) + uint64(two.Accidents)
}

// maxCostPerVictim is 5 billion đồng in thousands.
const maxCostPerVictim = 5_000_000

// What is implausible for one victim. No text gives these limits, so that they only
// warn: a victim may be off for a year at most, of which those of earlier years are no
// part; and the least bill of a hospital is above ten thousand đồng.
const (
	maxDaysPerVictim = 366
	minCostPerVictim = 10
)

// What is implausible of one worker: more than 52 weeks of 48 hours (Labour Code
// 45/2019/QH14 Art. 105) with 300 hours of overtime (Art. 107) and a margin, or less than a
// month of a half-year. The form of a half-year is held against the same limits.
const (
	maxHoursPerWorker = 3_000
	minHoursPerWorker = 150
)

// Sources of thresholds.
const (
	thresholdHours      = "Threshold of the platform, about Labour Code 45/2019/QH14 Art. 105 and 107; hours are optional and not in Annex XII"
	thresholdUnverified = "Threshold of the platform; unit slips are known from the published notices"
	thresholdPast       = "Threshold of the platform; found in a dry run only, against the filer's own report of the year before"
)

// maxPayrollPerWorker is 5 billion đồng in millions.
const maxPayrollPerWorker = 5_000

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
