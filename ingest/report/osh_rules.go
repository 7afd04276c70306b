package report

import "strconv"

const (
	sourceOSH      = "Law 84/2015/QH13 Art. 81"
	sourceTraining = "Law 84/2015/QH13 Art. 14; Decree 44/2016/ND-CP"
	sourceStrict   = "Law 84/2015/QH13 Art. 31"
	sourceChecks   = "Law 84/2015/QH13 Art. 21"
	sourcePaid     = "Law 84/2015/QH13 Art. 38"
	sourceSpending = "Law 84/2015/QH13 Art. 76"
	// sourceBounds stands under the rules that look for slips of a unit.
	sourceBounds = "Parameter of the platform against slips of a unit"
)

// Parameters, in 1,000 VND. Nobody laid them down: what lies outside is confirmed by the
// filer, never refused.
const (
	// A compensation begins at 1.5 months' pay (Law 84/2015/QH13 Art. 38(4)).
	leastBenefit = 1_000
	mostBenefit  = 10_000_000
	// mostSpending is for one worker and year.
	mostSpending = 200_000
)

var oshRules = []rule[OSH]{
	{must("OSH-001", arithmetic+sourceOSH, Verified,
		"Số lao động của một nhóm (%d) nhiều hơn tổng số lao động (%d).",
		"More workers of a group (%d) than workers (%d)."), groupsOfWorkers},
	{must("OSH-002", arithmetic+sourceOSH, Verified,
		"Số lao động chưa thành niên và cao tuổi cộng lại (%d) nhiều hơn tổng số lao động (%d).",
		"Minors and elderly workers together (%d) are more than the workers (%d)."), agesOfWorkers},
	{must("OSH-003", arithmetic+sourceTraining, Verified,
		"Số người đã huấn luyện (%d) nhiều hơn số người trong nhóm (%d).",
		"More persons trained (%d) than persons of the group (%d)."), trainedOfGroups},
	{warn("OSH-004", sourceOSH, Secondary,
		"Số người trong nhóm (%d) nhiều hơn tổng số lao động (%d).",
		"More persons of the group (%d) than workers (%d)."), groupsWithinWorkers},
	{must("OSH-005", sourceTraining, Secondary,
		"Nhóm huấn luyện %s được nêu hai lần.",
		"Training group %s is given twice."), trainingOnce},
	{must("OSH-006", arithmetic+sourceTraining, Verified,
		"Số người có giấy chứng nhận còn hiệu lực (%d) nhiều hơn số người thuộc nhóm (%d).",
		"More persons with a valid certificate (%d) than persons of the group (%d)."), validWithinGroup},
	{warn("OSH-007", sourceTraining, Secondary,
		"Số người được huấn luyện trong năm (%d) nhiều hơn số người thuộc nhóm cuối năm (%d).",
		"More persons trained within the year (%d) than persons of the group at its end (%d)."), trainedWithinGroup},
	{must("OSH-008", arithmetic+sourceTraining, Verified,
		"Giấy chứng nhận hết hạn ngày %s không thể còn hiệu lực cuối năm (%s).",
		"A certificate that runs out on %s is not valid at the end of the year (%s)."), expiryAfterYear},
	{warn("OSH-009", sourceTraining, Unverified,
		"Ngày hết hạn đầu tiên %s muộn hơn %d năm kể từ cuối năm báo cáo.",
		"The first expiry on %s is more than %d years after the end of the year."), expiryWithinValidity},
	{warn("OSH-010", sourceTraining, Unverified,
		"Số người đã huấn luyện (%d) khác số người có giấy chứng nhận còn hiệu lực của nhóm huấn luyện tương ứng (%d).",
		"Persons trained (%d) differ from those with a valid certificate in the same training group (%d)."), groupAgreesWithStaff},
	{must("OSH-011", arithmetic+sourceStrict, Verified,
		"Số thiết bị đã kiểm định và quá hạn cộng lại (%d) nhiều hơn số đang sử dụng (%d).",
		"Equipment inspected and overdue together (%d) is more than the equipment in use (%d)."), equipmentWithinUse},
	{suggest("OSH-012", arithmetic+sourceStrict, Verified,
		"Còn %d thiết bị đang sử dụng chưa rõ đã kiểm định hay chưa.",
		"Of %d pieces of equipment in use it is not said whether they were inspected."), equipmentAccounted},
	{must("OSH-013", arithmetic+sourceChecks, Verified,
		"Tổng số người theo loại sức khỏe I–V (%d) khác số người được khám (%d).",
		"The classes of health I to V add up to %d, not to the workers checked (%d)."), classesAddUp},
	{warn("OSH-014", sourceChecks, Secondary,
		"Số người được khám (%d) nhiều hơn tổng số lao động cuối năm (%d).",
		"More workers were examined (%d) than there are at the end of the year (%d)."), checkedWithinWorkers},
	{must("OSH-015", arithmetic+sourcePaid, Verified,
		"Số người đã được chi trả (%d) nhiều hơn số người đủ điều kiện (%d).",
		"More victims paid (%d) than entitled (%d)."), paidWithinEntitled},
	{warn("OSH-016", arithmetic+sourcePaid, Verified,
		"Số người đã được chi trả và số tiền phải cùng có hoặc cùng không.",
		"Victims paid and the amount paid go together."), amountWithPaid},
	{confirm("OSH-017", sourceBounds, Unverified,
		"Bình quân %d nghìn đồng một người được chi trả, ngoài khoảng %d–%d: kiểm tra đơn vị tính (1.000 đồng).",
		"%d thousand VND for each victim paid is outside %d to %d: check the unit (1,000 VND)."), benefitUnit},
	{must("OSH-018", arithmetic+sourceSpending, Verified,
		"Tổng kinh phí (%d) khác tổng các khoản (%d).",
		"The total spending (%d) is not the sum of its parts (%d)."), spendingAddsUp},
	{confirm("OSH-019", sourceBounds, Unverified,
		"Bình quân %d nghìn đồng một lao động, nhiều hơn %d: kiểm tra đơn vị tính (1.000 đồng).",
		"%d thousand VND for each worker is more than %d: check the unit (1,000 VND)."), spendingUnit},
	{suggest("OSH-020", sourceSpending, Unverified,
		"Chưa nêu kinh phí an toàn, vệ sinh lao động của cơ sở có %d lao động.",
		"No spending on safety and health is given for %d workers."), someSpending},
	{suggest("OSH-021", sourceChecks, Verified,
		"Có %d lao động nhưng chưa ai được khám sức khỏe trong năm.",
		"There are %d workers, but none had a health check within the year."), someChecked},
}

const workersTotal = "/content/workers/total"

func groupsOfWorkers(c *check, o *OSH) {
	w := &o.Workers
	c.more("/content/workers/minors", w.Minors, workersTotal, w.Total)
	c.more("/content/workers/elderly", w.Elderly, workersTotal, w.Total)
	c.more("/content/workers/disabled", w.Disabled, workersTotal, w.Total)
	c.more("/content/workers/hazardous", w.Hazardous, workersTotal, w.Total)
}

func agesOfWorkers(c *check, o *OSH) {
	w := &o.Workers
	both := uint64(w.Minors) + uint64(w.Elderly)
	if w.Minors <= w.Total && w.Elderly <= w.Total && both > uint64(w.Total) && !c.broken(workersTotal) && !c.broken("/content/workers/minors") {
		c.hit("/content/workers/elderly", both, w.Total)
	}
}

// staffGroup ties a block of the head to the training group of the same persons.
type staffGroup struct {
	at, group string
	of        *TrainedOf
}

func (o *OSH) staffGroups() []staffGroup {
	return []staffGroup{
		{"/content/strict_jobs", "3", &o.StrictJobs},
		{"/content/osh_staff", "2", &o.Staff},
		{"/content/health_staff", "5", &o.HealthStaff},
	}
}

func trainedOfGroups(c *check, o *OSH) {
	for _, g := range o.staffGroups() {
		c.more(g.at+"/trained", g.of.Trained, g.at+"/total", g.of.Total)
	}
}

func groupsWithinWorkers(c *check, o *OSH) {
	for _, g := range o.staffGroups() {
		c.more(g.at+"/total", g.of.Total, workersTotal, o.Workers.Total)
	}
}

func trainingAt(i int) string { return "/content/training/" + strconv.Itoa(i) }

func trainingOnce(c *check, o *OSH) {
	for i := range o.Training {
		for j := range i {
			if o.Training[j].Group == o.Training[i].Group && o.Training[i].Group != "" {
				c.hit(trainingAt(i)+"/group", o.Training[i].Group)
				break
			}
		}
	}
}

func validWithinGroup(c *check, o *OSH) {
	for i := range o.Training {
		c.more(trainingAt(i)+"/valid", o.Training[i].Valid, trainingAt(i)+"/persons", o.Training[i].Persons)
	}
}

func trainedWithinGroup(c *check, o *OSH) {
	for i := range o.Training {
		c.more(trainingAt(i)+"/trained", o.Training[i].Trained, trainingAt(i)+"/persons", o.Training[i].Persons)
	}
}

func expiryAfterYear(c *check, o *OSH) {
	if !o.Period.Valid() || c.broken("/content/period") {
		return
	}
	end := o.Period.End()
	for i := range o.Training {
		if day := o.Training[i].FirstExpiry; !day.IsZero() && day.Before(end) {
			c.hit(trainingAt(i)+"/first_expiry", day, end)
		}
	}
}

func expiryWithinValidity(c *check, o *OSH) {
	if !o.Period.Valid() || c.broken("/content/period") {
		return
	}
	for i := range o.Training {
		group, known := c.ctx.Seeds.TrainingGroupOn(o.Training[i].Group, o.Period.End())
		day := o.Training[i].FirstExpiry
		if known && !day.IsZero() && day.Year() > o.Period.Year()+group.ValidYears {
			c.hit(trainingAt(i)+"/first_expiry", day, ours{group.ValidYears})
		}
	}
}

func groupAgreesWithStaff(c *check, o *OSH) {
	for _, g := range o.staffGroups() {
		for i := range o.Training {
			t := &o.Training[i]
			if t.Group == g.group && t.Valid != g.of.Trained && !c.broken(trainingAt(i)+"/valid") {
				c.hit(g.at+"/trained", g.of.Trained, t.Valid)
			}
		}
	}
}

func equipmentWithinUse(c *check, o *OSH) {
	e := &o.Equipment
	if both := uint64(e.Inspected) + uint64(e.Overdue); both > uint64(e.InUse) && !c.broken("/content/equipment") {
		c.hit("/content/equipment/in_use", both, e.InUse)
	}
}

func equipmentAccounted(c *check, o *OSH) {
	e := &o.Equipment
	if both := uint64(e.Inspected) + uint64(e.Overdue); both < uint64(e.InUse) && !c.broken("/content/equipment") {
		c.hit("/content/equipment/in_use", uint64(e.InUse)-both)
	}
}

func classesAddUp(c *check, o *OSH) {
	if sum := o.Health.classes(); sum != uint64(o.Health.Checked) && !c.broken("/content/health") {
		c.hit("/content/health/checked", sum, o.Health.Checked)
	}
}

func checkedWithinWorkers(c *check, o *OSH) {
	c.more("/content/health/checked", o.Health.Checked, workersTotal, o.Workers.Total)
	c.more("/content/health/disease_examined", o.Health.DiseaseExamined, workersTotal, o.Workers.Total)
}

func paidWithinEntitled(c *check, o *OSH) {
	c.more("/content/benefits/paid", o.Benefits.Paid, "/content/benefits/entitled", o.Benefits.Entitled)
}

func amountWithPaid(c *check, o *OSH) {
	if (o.Benefits.Paid == 0) != (o.Benefits.Amount == 0) && !c.broken("/content/benefits") {
		c.hit("/content/benefits/amount")
	}
}

func benefitUnit(c *check, o *OSH) {
	c.benefitUnit("/content/benefits", o.Benefits.Paid, o.Benefits.Amount)
}

// benefitUnit finds amounts that were not written in 1,000 VND.
func (c *check) benefitUnit(at string, paid uint32, amount uint64) {
	if paid == 0 || amount == 0 || c.broken(at) {
		return
	}
	if each := amount / uint64(paid); each < leastBenefit || each > mostBenefit {
		c.hit(at+"/amount", each, ours{leastBenefit}, ours{mostBenefit})
	}
}

func spendingAddsUp(c *check, o *OSH) {
	if sum := o.Spending.parts(); sum != o.Spending.Total && !c.broken("/content/spending") {
		c.hit("/content/spending/total", o.Spending.Total, sum)
	}
}

func spendingUnit(c *check, o *OSH) {
	if o.Workers.Total == 0 || c.broken("/content/spending") || c.broken(workersTotal) {
		return
	}
	if each := o.Spending.Total / uint64(o.Workers.Total); each > mostSpending {
		c.hit("/content/spending/total", each, ours{mostSpending})
	}
}

func someSpending(c *check, o *OSH) {
	if o.Spending.Total == 0 && o.Workers.Total > 0 && !c.broken("/content/spending") {
		c.hit("/content/spending/total", o.Workers.Total)
	}
}

func someChecked(c *check, o *OSH) {
	if o.Health.Checked == 0 && o.Workers.Total > 0 && !c.broken("/content/health") {
		c.hit("/content/health/checked", o.Workers.Total)
	}
}
