package report

import (
	"strconv"
	"strings"
	"unicode"
)

const sourcePublish = "Law 84/2015/QH13 Art. 18(4)"

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
	{must("MON-011", arithmetic+sourcePublish, Verified,
		"Ngày công bố kết quả (%s) trước ngày quan trắc (%s).",
		"The results were published (%s) before they were measured (%s)."), publishedAfter},
	{must("MON-012", arithmetic+sourcePublish, Verified,
		"Ngày công bố kết quả (%s) sau ngày nộp (%s).",
		"The day of publication (%s) is after the day of filing (%s)."), publishedPast},
	{suggest("MON-013", sourcePublish, Verified,
		"Chưa nêu ngày công bố kết quả cho người lao động.",
		"The day on which the workers were told the results is missing."), publishedThere},
	{must("MON-014", sourcePlatform, Verified,
		"Giá trị cao nhất là số thập phân, dấu chấm, tối đa 9 chữ số trước và 6 chữ số sau dấu.",
		"The highest value is a decimal number with a point, at most 9 digits before it and 6 behind."), highestForm},
	{must("MON-015", sourcePlatform, Verified,
		"Đơn vị đo chỉ gồm chữ cái, chữ số và các dấu / % ° . ( )",
		"A unit has letters, digits and / % ° . ( ) only."), unitForm},
	{warn("MON-016", sourceMonitor, Unverified,
		"Giá trị cao nhất và đơn vị đo đi cùng nhau.",
		"The highest value and its unit go together."), highestUnit},
	{warn("MON-017", "Decree 44/2016/ND-CP Art. 33-34", Unverified,
		"Cơ sở tự quan trắc nhưng mã số thuế của tổ chức quan trắc khác mã số thuế của cơ sở.",
		"The establishment measured itself, but the body has another tax code."), ownBody},
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

func publishedAfter(c *check, m *Monitoring) {
	if !m.PublishedOn.IsZero() && m.PublishedOn.Before(m.PerformedOn) && !c.broken("/content/performed_on") {
		c.hit("/content/published_on", m.PublishedOn, m.PerformedOn)
	}
}

func publishedPast(c *check, m *Monitoring) {
	if m.PublishedOn.After(c.filed) {
		c.hit("/content/published_on", m.PublishedOn, c.filingDay())
	}
}

func publishedThere(c *check, m *Monitoring) {
	if m.PublishedOn.IsZero() {
		c.hit("/content/published_on")
	}
}

func highestForm(c *check, m *Monitoring) {
	for i := range m.Factors {
		if value := m.Factors[i].Highest; value != "" && !decimal(value) {
			c.hit(monitoredAt(i) + "/highest")
		}
	}
}

// decimal tells whether s is a number like "87.5" or "-4".
func decimal(s string) bool {
	whole, part, pointed := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if whole == "" || len(whole) > 9 || !digits(whole) {
		return false
	}
	return !pointed || part != "" && len(part) <= 6 && digits(part)
}

// unitForm keeps text out of a member that travels in clear.
func unitForm(c *check, m *Monitoring) {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("/%°.()", r)
	}
	for i := range m.Factors {
		if strings.ContainsFunc(m.Factors[i].Unit, odd) {
			c.hit(monitoredAt(i) + "/unit")
		}
	}
}

func highestUnit(c *check, m *Monitoring) {
	for i := range m.Factors {
		f := &m.Factors[i]
		switch {
		case f.Highest != "" && f.Unit == "":
			c.hit(monitoredAt(i) + "/unit")
		case f.Highest == "" && f.Unit != "":
			c.hit(monitoredAt(i) + "/highest")
		}
	}
}

func ownBody(c *check, m *Monitoring) {
	if m.Body.Kind == OwnBody && m.Body.TaxCode != m.Reporter.TaxCode {
		c.hit("/content/body/kind")
	}
}
