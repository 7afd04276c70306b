package seeds

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// planCells is one row of a file of provincial plans. Its readers note what is wrong and go on.
type planCells struct {
	reader *planReader
	row    int
	fields []string
}

func (c *planCells) hit(code, column string, args ...any) {
	c.reader.hit(code, c.row, column, args...)
}

func (c *planCells) cell(column string) string { return clean(c.fields[c.reader.columns[column]]) }

// text returns a cell that is filled, unless it may be empty.
func (c *planCells) text(column string) string {
	cell := c.cell(column)
	switch {
	case cell == "" && !slices.Contains(optionalInPlans, column):
		c.hit(planMissing, column)
	case hasControl(cell):
		c.hit(planWord, column, "một dòng chữ / text on one line")
	}
	return cell
}

func (c *planCells) oneOf(column string, words ...string) string {
	cell := c.text(column)
	if cell != "" && !slices.Contains(words, cell) {
		c.hit(planWord, column, strings.Join(words, ", "))
	}
	return cell
}

var planID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$`)

func (c *planCells) id(column string) string {
	cell := c.text(column)
	if cell != "" && !planID.MatchString(cell) {
		c.hit(planWord, column, "1–40: A–Z a–z 0–9 . -")
	}
	return cell
}

func (c *planCells) date(column string) Date {
	cell := c.text(column)
	if cell == "" {
		return Date{}
	}
	day, err := ParseDate(cell)
	if err != nil {
		c.hit(planDate, column)
	}
	return day
}

func (c *planCells) province() ProvinceRef {
	cell := c.text("province")
	list, code, _ := strings.Cut(cell, ":")
	ref := ProvinceRef{ProvinceList(list), code}
	if _, ok := c.reader.data.Province(ref); !ok && cell != "" {
		c.hit(planProvince, "province")
	}
	return ref
}

func (c *planCells) target() Target {
	t := Target{
		ID: c.id("id"), Plan: c.id("plan"), NameVI: c.text("name_vi"), NameEN: c.text("name_en"), Definitions: c.definitions(),
		Direction: Direction(c.oneOf("direction", string(Down), string(Up))),
		Rule: Rule(c.oneOf("rule", string(RuleYearlyChange), string(RuleAverageYearlyChange),
			string(RuleLevel), string(RuleMilestone))),
		Strict: c.oneOf("strict", "yes", "no") == "yes", Level: LevelProvince, Period: c.text("period"),
		ValidFrom: c.date("valid_from"), ValidTo: c.date("valid_to"), Source: c.text("source"),
		Status: Status(c.oneOf("status", string(StatusVerified), string(StatusSecondary), string(StatusUnverified))), Notes: c.text("note"),
	}
	t.Baseline = "none"
	if t.Rule == RuleYearlyChange || t.Rule == RuleAverageYearlyChange {
		t.Baseline = "previous_year"
	}
	t.Threshold = c.threshold(t)
	if !t.ValidTo.IsZero() && t.ValidTo.Before(t.ValidFrom) {
		c.hit(planValidity, "valid_to")
	}
	if t.Rule == RuleMilestone && len(t.Definitions) > 0 {
		c.hit(planDefinition, "definition", "cột mốc / milestone")
	}
	if t.Period != "" && !t.Rule.fits(t.Period) {
		c.hit(planPeriod, "period")
	}
	return t
}

// unused: an identifier names one target, of any plan.
func (c *planCells) unused(t Target) {
	if row, twice := c.reader.ids[t.ID]; twice {
		c.hit(planTaken, "id", "dòng / row "+strconv.Itoa(row))
		return
	}
	c.reader.ids[t.ID] = c.row
	if other, ok := c.reader.data.Target(t.ID); ok && other.Plan != t.Plan {
		c.hit(planTaken, "id", other.Plan)
	}
}

func (c *planCells) definitions() []string {
	var ids []string
	for id := range strings.SplitSeq(c.text("definition"), ";") {
		if id = strings.TrimSpace(id); id == "" {
			continue
		}
		if slices.Contains(ids, id) || c.reader.definitions != nil && !slices.Contains(c.reader.definitions, id) {
			c.hit(planDefinition, "definition", "có / known: "+strings.Join(c.reader.definitions, ", "))
		}
		ids = append(ids, id)
	}
	return ids
}

func (c *planCells) threshold(t Target) Ratio {
	num, den := c.text("threshold_num"), c.text("threshold_den")
	if t.Rule == RuleMilestone {
		if num != "" || den != "" {
			c.hit(planThreshold, "threshold_num")
		}
		return Ratio{}
	}
	n, errNum := strconv.ParseInt(num, 10, 64)
	d, errDen := strconv.ParseInt(den, 10, 64)
	ratio := Ratio{Num: n, Den: d}
	if errNum != nil || errDen != nil || n <= 0 || d <= 0 || t.against(ratio) {
		c.hit(planThreshold, "threshold_num")
	}
	return ratio
}

func (c *planCells) plan() Plan {
	p := Plan{
		ID: c.cell("plan"), Province: c.province(), NameVI: c.text("plan_name_vi"), NameEN: c.text("plan_name_en"),
		Issued: c.date("issued"), Source: c.cell("source"),
	}
	if known, ok := c.reader.data.Plan(p.ID); ok && known.Province == (ProvinceRef{}) {
		c.hit(planTaken, "plan", known.NameEN)
	}
	return p
}

// alike adds the target to its plan, whose rows say the same of it. A plan covers what its
// targets cover, and is as well verified as the least of them.
func (c *planCells) alike(p Plan, t Target) {
	r := c.reader
	first, known := r.plans[p.ID]
	if !known {
		first = &planRows{row: c.row, cells: map[string]string{}, index: len(r.ordered)}
		for _, column := range planWide {
			first.cells[column] = c.cell(column)
		}
		p.ValidFrom, p.ValidTo, p.Status = t.ValidFrom, t.ValidTo, t.Status
		r.plans[p.ID], r.ordered = first, append(r.ordered, p)
		c.inForce(p)
	}
	for _, column := range planWide {
		if c.cell(column) != first.cells[column] {
			c.hit(planDiffers, column, strconv.Itoa(first.row))
		}
	}
	whole := &r.ordered[first.index]
	if t.ValidFrom.Before(whole.ValidFrom) {
		whole.ValidFrom = t.ValidFrom
	}
	if t.ValidTo.IsZero() || !whole.ValidTo.IsZero() && t.ValidTo.After(whole.ValidTo) {
		whole.ValidTo = t.ValidTo
	}
	rank := []Status{StatusVerified, StatusSecondary, StatusUnverified}
	if slices.Index(rank, t.Status) > slices.Index(rank, whole.Status) {
		whole.Status = t.Status
	}
	r.targets = append(r.targets, t)
}

// inForce: a province decides for itself while it exists, so that its code stands on the list
// of the day of the plan; seven codes name another province on the other list.
func (c *planCells) inForce(p Plan) {
	day := p.Issued
	if day.IsZero() {
		day = p.ValidFrom
	}
	if day.IsZero() {
		return // found missing already
	}
	if _, ok := c.reader.data.Province(p.Province); ok && c.reader.data.ProvinceListOn(day) != p.Province.List {
		c.hit(planList, "province")
	}
}
