package report

import (
	"strconv"
	"strings"
	"unicode"
)

var monitoringRules = []rule[Monitoring]{
	{must("MON-001", sourceMonitor, Secondary,
		"Ngày quan trắc (%s) không thuộc năm báo cáo (%s).",
		"The day of measuring (%s) is not in the year of the report (%s)."), performedInYear},
	{must("MON-002", arithmetic+sourceMonitor, Secondary,
		"Ngày quan trắc (%s) sau ngày nộp (%s).",
		"The day of measuring (%s) is after the day of filing (%s)."), performedPast},
	{RuleInfo: must("MON-003", arithmetic+sourceMonitor, Secondary,
		"Số mẫu vượt giới hạn (%d) nhiều hơn số mẫu (%d).",
		"More samples over the limit (%d) than samples (%d).").
		by(compare("over", AtMost, "samples").in("/content/factors/*"))},
	{RuleInfo: must("MON-004", sourceMonitor, Secondary,
		"Mỗi yếu tố phải có ít nhất một mẫu.",
		"Every factor has at least one sample.").
		by(Arithmetic{Left: terms("samples"), Relation: AtLeast, Right: number(1), At: Spot{Pointer: "samples"}}.in("/content/factors/*"))},
	{must("MON-005", sourceMonitor, Secondary,
		"Yếu tố “%s” được nêu hai lần.",
		"Factor “%s” is given twice."), factorOnce},
	{warn("MON-006", "Groups of the working-environment monitoring notices", Secondary,
		"Không có nhóm yếu tố có hại “%s”.",
		"There is no group of harmful factors “%s”."), monitoredFactor},
	{must("MON-007", sourceTaxCode, Verified,
		"Mã số thuế của tổ chức quan trắc không hợp lệ (cần mã của tổ chức, không phải cá nhân).",
		"Not a valid tax code of a monitoring body (an organisation's, not a person's)."), bodyValid},
	{must("MON-008", sourcePlatform, Verified,
		"Số đợt quan trắc trong năm %d vượt quá %d.",
		"Campaign %d of a year is beyond %d."), campaignBound},
	{suggest("MON-009", "Decree 44/2016/ND-CP Art. 33-34", Secondary,
		"Chưa nêu số công bố đủ điều kiện của tổ chức quan trắc.",
		"The number under which the body was announced as eligible is missing."), bodyLicence},
	{must("MON-010", sourcePlatform, Verified,
		"Số công bố đủ điều kiện chỉ gồm chữ cái, chữ số và các dấu / . -",
		"The number of the announcement has letters, digits and / . - only."), licenceForm},
}

func performedInYear(c *check, m *Monitoring) {
	if m.Period.Valid() && !m.PerformedOn.IsZero() && m.PerformedOn.Year() != m.Period.Year() && !c.broken("/content/period") {
		c.hit("/content/performed_on", m.PerformedOn, m.Period)
	}
}

func performedPast(c *check, m *Monitoring) {
	if m.PerformedOn.After(c.filed) {
		c.hit("/content/performed_on", m.PerformedOn, c.filingDay())
	}
}

func monitoredAt(i int) string { return "/content/factors/" + strconv.Itoa(i) }

func factorOnce(c *check, m *Monitoring) {
	for i := range m.Factors {
		for j := range i {
			if m.Factors[j].Factor == m.Factors[i].Factor {
				c.hit(monitoredAt(i)+"/factor", m.Factors[i].Factor)
				break
			}
		}
	}
}

func monitoredFactor(c *check, m *Monitoring) {
	for i := range m.Factors {
		if !c.knownFactor(m.Factors[i].Factor) {
			c.hit(monitoredAt(i)+"/factor", m.Factors[i].Factor)
		}
	}
}

func bodyValid(c *check, m *Monitoring) {
	if m.Body.TaxCode.Valid() != nil || m.Body.TaxCode.IsPerson() {
		c.hit("/content/body/tax_code")
	}
}

func campaignBound(c *check, m *Monitoring) {
	const most = 366
	if m.Campaign > most {
		c.hit("/content/campaign", m.Campaign, ours{most})
	}
}

// licenceForm keeps text out of a member that travels in clear.
func licenceForm(c *check, m *Monitoring) {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/.-", r)
	}
	if strings.ContainsFunc(m.Body.Licence, odd) {
		c.hit("/content/body/licence")
	}
}

func bodyLicence(c *check, m *Monitoring) {
	if m.Body.Licence == "" {
		c.hit("/content/body/licence")
	}
}
