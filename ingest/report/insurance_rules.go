package report

const sourceInsurance = "Law 84/2015/QH13 Art. 45"

var insuranceRules = []rule[Insurance]{
	{must("INS-001", sourcePlatform, Verified,
		"Báo cáo này do cơ quan bảo hiểm xã hội lập, không phải “%s”.",
		"This report is made by the social-insurance agency, not “%s”."), insuranceAuthority},
	{must("INS-002", arithmetic+sourceInsurance, Verified,
		"Số người có quyết định hưởng (%d) nhiều hơn số người đủ điều kiện (%d).",
		"More victims with a decision (%d) than entitled (%d)."), decidedEntitled},
	{must("INS-003", arithmetic+sourceInsurance, Verified,
		"Số người đã được chi trả (%d) nhiều hơn số người có quyết định hưởng (%d).",
		"More victims paid (%d) than with a decision (%d)."), paidDecided},
	{warn("INS-004", arithmetic+sourceInsurance, Verified,
		"Số người đã được chi trả và số tiền phải cùng có hoặc cùng không.",
		"Victims paid and the amount paid go together."), insuranceAmount},
	{confirm("INS-005", sourceBounds, Unverified,
		"Bình quân %d nghìn đồng một người được chi trả, ngoài khoảng %d–%d: kiểm tra đơn vị tính (1.000 đồng).",
		"%d thousand VND for each victim paid is outside %d to %d: check the unit (1,000 VND)."), insuranceUnit},
	{suggest("INS-006", sourceInsurance, Verified,
		"Có %d người đủ điều kiện nhưng chưa ai có quyết định hưởng.",
		"%d victims are entitled, but none has a decision."), someDecided},
}

func insuranceAuthority(c *check, i *Insurance) {
	if a := i.Reporter.Authority; a != "" && a != InsuranceAuthority {
		c.hit("/content/reporter/authority", a)
	}
}

func (i *Insurance) each(do func(at string, cases *InsuranceCases)) {
	do("/content/accidents", &i.Accidents)
	do("/content/diseases", &i.Diseases)
}

func decidedEntitled(c *check, i *Insurance) {
	i.each(func(at string, n *InsuranceCases) { c.more(at+"/decided", n.Decided, at+"/entitled", n.Entitled) })
}

func paidDecided(c *check, i *Insurance) {
	i.each(func(at string, n *InsuranceCases) { c.more(at+"/paid", n.Paid, at+"/decided", n.Decided) })
}

func insuranceAmount(c *check, i *Insurance) {
	i.each(func(at string, n *InsuranceCases) {
		if (n.Paid == 0) != (n.Amount == 0) && !c.broken(at) {
			c.hit(at + "/amount")
		}
	})
}

func insuranceUnit(c *check, i *Insurance) {
	i.each(func(at string, n *InsuranceCases) { c.benefitUnit(at, n.Paid, n.Amount) })
}

func someDecided(c *check, i *Insurance) {
	i.each(func(at string, n *InsuranceCases) {
		if n.Entitled > 0 && n.Decided == 0 && !c.broken(at) {
			c.hit(at+"/decided", n.Entitled)
		}
	})
}
