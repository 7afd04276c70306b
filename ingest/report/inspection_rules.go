package report

import (
	"regexp"
	"strconv"
)

const sourceInspection = "Law 84/2015/QH13; the authority's own decision"

// Parameters, in 1,000 VND: a fine outside is confirmed, never refused.
const (
	leastFine = 100
	mostFine  = 1_000_000
)

var inspectionRules = []rule[Inspection]{
	{must("SAN-001", sourcePlatform, Verified,
		"Báo cáo này do cơ quan thanh tra hoặc cơ quan lao động lập, không phải “%s”.",
		"This report is made by the inspectorate or the labour authority, not “%s”."), inspectionAuthority},
	{must("SAN-002", arithmetic+sourceInspection, Verified,
		"Ngày thanh tra, kiểm tra (%s) sau ngày nộp (%s).",
		"The day of the inspection (%s) is after the day of filing (%s)."), inspectedPast},
	{must("SAN-003", sourceTaxCode, Verified,
		"Mã số thuế của cơ sở không hợp lệ.",
		"Not a valid tax code of the establishment."), inspectedTaxCode},
	{must("SAN-004", sourcePlatform, Verified,
		"Số hiệu địa điểm phải gồm 1 đến 10 chữ cái, chữ số hoặc gạch nối, bắt đầu bằng chữ cái hoặc chữ số.",
		"A site number has 1 to 10 letters, digits or hyphens and starts with a letter or digit."), inspectedSite},
	{must("SAN-005", sourcePlatform, Verified,
		"Mã chỉ gồm chữ cái, chữ số, dấu chấm, gạch nối và gạch dưới.",
		"A code has letters, digits, dots, hyphens and underscores only."), inspectionCodeForm},
	{warn("SAN-006", "List of the operator", Unverified,
		"Danh mục vi phạm không có mã “%s”.",
		"The list of violations has no code “%s”."), violationKnown},
	{must("SAN-007", sourceInspection, Secondary,
		"Vi phạm “%s” được nêu hai lần.",
		"Violation “%s” is given twice."), violationOnce},
	{must("SAN-008", arithmetic+sourceInspection, Verified,
		"Vi phạm được nêu là nghiêm trọng nhưng mục serious không nêu, hoặc ngược lại.",
		"A finding is called serious but the inspection is not, or the other way round."), seriousAgrees},
	{must("SAN-009", sourcePlatform, Verified,
		"Số quyết định phải gồm số, có thể kèm năm, rồi QĐ và ký hiệu cơ quan, ví dụ 123/QĐ-XPHC hoặc 123/2025/QĐ-TTr.",
		"The number of a decision is a number, perhaps a year, then QĐ and the signs of the authority, as in 123/QĐ-XPHC or 123/2025/QĐ-TTr."), decisionNumber},
	{must("SAN-010", arithmetic+sourceInspection, Verified,
		"Ngày quyết định (%s) trước ngày thanh tra, kiểm tra (%s).",
		"The decision (%s) is before the inspection (%s)."), decidedAfterInspection},
	{must("SAN-011", arithmetic+sourceInspection, Verified,
		"Ngày thực hiện xong (%s) trước ngày quyết định (%s).",
		"The decision had been carried out on %s, before it was made (%s)."), handledAfterDecision},
	{must("SAN-012", arithmetic+sourceInspection, Verified,
		"Ngày %s ở sau ngày nộp (%s).",
		"The day %s is after the day of filing (%s)."), decisionPast},
	{must("SAN-013", sourceInspection, Secondary,
		"Quyết định phải có tiền phạt hoặc biện pháp khắc phục.",
		"A decision has a fine or remedial measures."), decisionDecides},
	{must("SAN-014", sourceInspection, Secondary,
		"Có quyết định xử lý nhưng không nêu vi phạm nào.",
		"There is a decision, but no violation."), decisionHasFindings},
	{warn("SAN-015", "List of the operator", Unverified,
		"Danh mục biện pháp khắc phục không có mã “%s”.",
		"The list of remedial measures has no code “%s”."), measureKnown},
	{confirm("SAN-016", sourceBounds, Unverified,
		"Tiền phạt %d nghìn đồng ngoài khoảng %d–%d: kiểm tra đơn vị tính (1.000 đồng).",
		"A fine of %d thousand VND is outside %d to %d: check the unit (1,000 VND)."), fineUnit},
	{confirm("SAN-017", sourcePlatform, Unverified,
		"Nơi thanh tra, kiểm tra không thuộc tỉnh của cơ quan báo cáo.",
		"The place inspected is not in the authority's province."), inspectedAtHome},
	{suggest("SAN-018", sourceInspection, Unverified,
		"Có vi phạm nghiêm trọng nhưng chưa có quyết định xử lý.",
		"There is a serious violation, but no decision yet."), seriousDecided},
}

func inspectionAuthority(c *check, i *Inspection) {
	if a := i.Reporter.Authority; a != "" && a != InspectionAuthority && a != LabourAuthority {
		c.hit("/content/reporter/authority", a)
	}
}

func inspectedPast(c *check, i *Inspection) {
	if i.InspectedOn.After(c.filed) {
		c.hit("/content/inspected_on", i.InspectedOn, c.filingDay())
	}
}

func inspectedTaxCode(c *check, i *Inspection) {
	if i.Establishment.TaxCode != "" && i.Establishment.TaxCode.Valid() != nil {
		c.hit("/content/establishment/tax_code")
	}
}

func inspectedSite(c *check, i *Inspection) {
	if site := i.Establishment.Site; site != "" && (!only(site, "-") || site[0] == '-') {
		c.hit("/content/establishment/site")
	}
}

func findingAt(i int) string { return "/content/findings/" + strconv.Itoa(i) }

func measureAt(i int) string { return "/content/decision/measures/" + strconv.Itoa(i) }

func inspectionCodeForm(c *check, i *Inspection) {
	for k := range i.Findings {
		if !only(i.Findings[k].Code, "._-") {
			c.hit(findingAt(k) + "/code")
		}
	}
	for k, code := range i.decision().Measures {
		if !only(code, "._-") {
			c.hit(measureAt(k))
		}
	}
}

func violationKnown(c *check, i *Inspection) {
	if c.day.IsZero() {
		return
	}
	for k := range i.Findings {
		if _, known := c.ctx.Seeds.ViolationTypeOn(i.Findings[k].Code, c.day); !known {
			c.hit(findingAt(k)+"/code", i.Findings[k].Code)
		}
	}
}

func violationOnce(c *check, i *Inspection) {
	for k := range i.Findings {
		for j := range k {
			if i.Findings[j].Code == i.Findings[k].Code {
				c.hit(findingAt(k)+"/code", i.Findings[k].Code)
				break
			}
		}
	}
}

func seriousAgrees(c *check, i *Inspection) {
	serious := false
	for k := range i.Findings {
		serious = serious || i.Findings[k].Serious
	}
	if serious != i.Serious && !c.broken("/content/findings") {
		c.hit("/content/serious")
	}
}

// decisionForm leaves no room for words, telephone or citizen numbers: it may become public.
var decisionForm = regexp.MustCompile(`^\d{1,7}(/\d{4})?/QĐ(-\p{Lu}{2,8}r?S?){0,2}$`)

func decisionNumber(c *check, i *Inspection) {
	if number := i.decision().Number; number != "" && !decisionForm.MatchString(number) {
		c.hit("/content/decision/number")
	}
}

func decidedAfterInspection(c *check, i *Inspection) {
	if d := i.decision(); !d.IssuedOn.IsZero() && d.IssuedOn.Before(i.InspectedOn) && !c.broken("/content/inspected_on") {
		c.hit("/content/decision/issued_on", d.IssuedOn, i.InspectedOn)
	}
}

func handledAfterDecision(c *check, i *Inspection) {
	if d := i.decision(); !d.HandledOn.IsZero() && d.HandledOn.Before(d.IssuedOn) && !c.broken("/content/decision/issued_on") {
		c.hit("/content/decision/handled_on", d.HandledOn, d.IssuedOn)
	}
}

func decisionPast(c *check, i *Inspection) {
	d := i.decision()
	if d.IssuedOn.After(c.filed) {
		c.hit("/content/decision/issued_on", d.IssuedOn, c.filingDay())
	}
	if d.HandledOn.After(c.filed) {
		c.hit("/content/decision/handled_on", d.HandledOn, c.filingDay())
	}
}

func decisionDecides(c *check, i *Inspection) {
	if i.Decision != nil && i.Decision.Fine == 0 && len(i.Decision.Measures) == 0 && !c.broken("/content/decision/fine") {
		c.hit("/content/decision")
	}
}

func decisionHasFindings(c *check, i *Inspection) {
	if i.Decision != nil && len(i.Findings) == 0 {
		c.hit("/content/findings")
	}
}

func measureKnown(c *check, i *Inspection) {
	if c.day.IsZero() {
		return
	}
	for k, code := range i.decision().Measures {
		if _, known := c.ctx.Seeds.RemedialMeasureOn(code, c.day); !known {
			c.hit(measureAt(k), code)
		}
	}
}

func fineUnit(c *check, i *Inspection) {
	if fine := i.decision().Fine; fine > 0 && (fine < leastFine || fine > mostFine) {
		c.hit("/content/decision/fine", fine, ours{leastFine}, ours{mostFine})
	}
}

func inspectedAtHome(c *check, i *Inspection) {
	if i.Establishment.Province != i.Reporter.Province && !c.broken("/content/reporter/province") {
		c.hit("/content/establishment/province")
	}
}

func seriousDecided(c *check, i *Inspection) {
	if i.Serious && i.Decision == nil && !c.broken("/content/decision") {
		c.hit("/content/decision")
	}
}
