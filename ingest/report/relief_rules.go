package report

import (
	"slices"

	"atvsld/seeds"
)

func relievedUnit(r *Relief) (*UnitRef, string) { return &r.Relieved, "/content/relieved" }

var reliefRules = append(unitRules("REL", relievedUnit), []rule[Relief]{
	{must("REL-007", sourcePlatform, Verified,
		"Kỳ báo cáo phải là năm “2025” hoặc 6 tháng đầu năm “2025H1”, từ năm %d.",
		"A period is a year “2025” or its first half “2025H1”, from %d on."), reliefPeriod},
	{must("REL-008", "seeds/data/obligations.csv", Verified,
		"Đơn vị loại “%s” không có nghĩa vụ nộp báo cáo “%s” cho kỳ này.",
		"A unit of type “%s” owes no report “%s” for such a period."), reliefOwed},
	{must("REL-009", sourcePlatform, Verified,
		"Gia hạn phải có hạn mới; miễn thì không.",
		"An extension needs its last day; an exemption has none."), reliefDay},
	{must("REL-010", "seeds/data/obligations.csv", Verified,
		"Hạn mới (%s) không sau hạn theo luật (trước ngày %s).",
		"The last day of the extension (%s) is not after the legal time (before %s)."), reliefLater},
	{must("REL-011", sourcePlatform, Verified,
		"Ngày quyết định (%s) sau ngày nộp (%s).",
		"The day of the decision (%s) is after the day of filing (%s)."), reliefDecided},
}...)

func reliefPeriod(c *check, r *Relief) {
	if !r.Period.Valid() {
		c.hit("/content/period", ours{firstYear})
	}
}

// owed returns the obligations that the relief is from, on the day after the period.
func (r *Relief) owed(data *seeds.Data) []seeds.Obligation {
	periodType := seeds.PeriodYear
	if r.Period.HalfYear() {
		periodType = seeds.PeriodHalf
	}
	return slices.DeleteFunc(data.ObligationsOf(periodType, r.Period.End().AddDays(1)), func(o seeds.Obligation) bool {
		return o.Kind != string(r.Obligation) || o.ReporterType != string(r.Relieved.Type)
	})
}

func reliefOwed(c *check, r *Relief) {
	if r.Period.Valid() && r.Relieved.Type != "" && r.Obligation != "" && len(r.owed(c.ctx.Seeds)) == 0 {
		c.hit("/content/obligation", r.Relieved.Type, r.Obligation)
	}
}

func reliefDay(c *check, r *Relief) {
	if r.Grant != "" && (r.Grant == GrantExtend) == r.DueBy.IsZero() {
		c.hit("/content/due_by")
	}
}

func reliefLater(c *check, r *Relief) {
	if r.DueBy.IsZero() || !r.Period.Valid() {
		return
	}
	for _, o := range r.owed(c.ctx.Seeds) {
		if due := o.DueBefore(r.Period.Year()); !due.IsZero() && r.DueBy.Before(due) {
			c.hit("/content/due_by", r.DueBy, ours{due})
			return
		}
	}
}

func reliefDecided(c *check, r *Relief) {
	if r.DecidedOn.After(c.filed) {
		c.hit("/content/decided_on", r.DecidedOn, c.filingDay())
	}
}
