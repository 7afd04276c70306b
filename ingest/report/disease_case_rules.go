package report

import (
	"strconv"

	"atvsld/seeds"
)

const (
	sourceCase     = "Law 84/2015/QH13 Art. 37(1)"
	sourceCourse   = "Circular 28/2016/TT-BYT"
	sourceDiseases = "Circular 60/2025/TT-BYT Art. 3; Circular 15/2016/TT-BYT; Circular 02/2023/TT-BYT"
	sourceBenefit  = "Law 84/2015/QH13 Art. 38(4), (5)"
)

var diseaseCaseRules = []rule[DiseaseCase]{
	{must("CAD-001", arithmetic+sourceCase, Verified,
		"Ngày báo cáo lần đầu (%s) sau ngày nộp (%s).",
		"The day of the first report (%s) is after the day of filing (%s)."), caseReportedPast},
	{must("CAD-002", arithmetic+sourceCourse, Verified,
		"Ngày này (%s) sau ngày nộp (%s).",
		"This day (%s) is after the day of filing (%s)."), caseDaysPast},
	{must("CAD-003", arithmetic+sourceCourse, Secondary,
		"Giai đoạn này (%s) trước giai đoạn liền trước nó (%s).",
		"This stage (%s) is before the stage that comes first (%s)."), caseDaysInOrder},
	{warn("CAD-004", sourceCourse, Unverified,
		"Chưa có ngày của giai đoạn “%s”, trong khi trường hợp đã đến giai đoạn “%s”.",
		"The day of the stage “%s” is missing, while the case has reached the stage “%s”."), caseStagesThere},
	{must("CAD-005", arithmetic+sourceCase, Verified,
		"Ngày thôi tiếp xúc (%s) trước ngày bắt đầu (%s).",
		"The exposure ends (%s) before it begins (%s)."), caseExposure},
	{must("CAD-006", arithmetic+sourceCase, Verified,
		"Ngày báo cáo lần đầu (%s) trước ngày bắt đầu tiếp xúc (%s).",
		"The first report (%s) is before the exposure began (%s)."), caseReportedExposed},
	{must("CAD-007", sourceDiseases, Secondary,
		"Danh mục bệnh nghề nghiệp có hiệu lực ngày %s không có số “%s”.",
		"The list of occupational diseases in force on %s has no number “%s”."), caseDiseaseListed},
	{warn("CAD-008", "Groups of the working-environment monitoring notices", Secondary,
		"Không có nhóm yếu tố có hại “%s”.",
		"There is no group of harmful factors “%s”."), caseFactorKnown},
	{warn("CAD-009", sourceDiseases+" (names of the diseases)", Secondary,
		"Bệnh số %s do yếu tố “%s” gây ra theo tên bệnh, không phải “%s”.",
		"By its name disease %s comes of the factor “%s”, not of “%s”."), caseDiseaseFactor},
	{suggest("CAD-010", "Own reading of the groups of the list", Unverified,
		"Bệnh số %s thuộc nhóm nhiễm độc hóa chất, kim loại nặng; yếu tố “%s” thường không gây bệnh nhóm này.",
		"Disease %s is a poisoning by chemicals or heavy metals; the factor “%s” does not usually cause one."), casePoisonFactor},
	{must("CAD-011", arithmetic+sourceBenefit, Verified,
		"Mức suy giảm khả năng lao động (%d %%) vượt quá %d %%.",
		"The loss of capacity (%d %%) is beyond %d %%."), caseLossBound},
	{warn("CAD-012", sourceCourse, Unverified,
		"Có kết quả giám định nhưng chưa có chẩn đoán.",
		"There is an assessment, but no diagnosis."), caseAssessedDiagnosed},
	{warn("CAD-013", sourceBenefit, Verified,
		"Có bồi thường, trợ cấp nhưng chưa có kết quả giám định và người lao động không chết.",
		"There is a benefit, but neither an assessment nor a death."), caseBenefitGround},
	{warn("CAD-014", sourceBenefit, Verified,
		"Mức suy giảm khả năng lao động dưới %d %% (%d %%): luật không quy định bồi thường, trợ cấp.",
		"The loss of capacity is below %d %% (%d %%): the law owes no benefit."), caseBenefitOwed},
	{warn("CAD-015", sourceBenefit, Verified,
		"Số tiền (%d đồng) thấp hơn mức tối thiểu theo luật (%d đồng).",
		"The amount (%d đồng) is below the least one by law (%d đồng)."), caseBenefitAmount},
	{warn("CAD-016", "Law 84/2015/QH13 Art. 38(7)", Verified,
		"Chi trả ngày %s, muộn hơn %d ngày kể từ ngày kết luận giám định (%s).",
		"Paid on %s, later than %d days after the conclusion of the medical board (%s)."), caseBenefitInTime},
	{suggest("CAD-017", "Law 84/2015/QH13 Art. 38(7)", Verified,
		"Chưa có ngày chi trả: trường hợp chưa đến giai đoạn chi trả.",
		"The day of payment is missing: the case has not reached that stage."), caseBenefitPaid},
	{warn("CAD-018", sourceCourse, Unverified,
		"Trường hợp mới nhưng chẩn đoán (%s) trước năm báo cáo lần đầu (%s).",
		"A new case, but diagnosed (%s) before the year of the first report (%s)."), caseNewDiagnosed},
	{must("CAD-019", arithmetic+sourceCase, Verified,
		"Ngày chết (%s) trước ngày bắt đầu tiếp xúc (%s).",
		"The death (%s) is before the exposure began (%s)."), caseDeath},
	{must("CAD-020", sourceTaxCode, Verified,
		"Mã số thuế của nơi làm việc không hợp lệ.",
		"Not a valid tax code of the workplace."), caseWorkplaceCode},
	{must("CAD-021", sourcePlatform, Verified,
		"Số hiệu địa điểm của nơi làm việc phải gồm 1 đến 10 chữ cái, chữ số hoặc gạch nối.",
		"The site number of the workplace has 1 to 10 letters, digits or hyphens."), caseWorkplaceSite},
	{suggest("CAD-022", sourceCase, Secondary,
		"Chưa có mã số thuế của nơi làm việc: không nối được trường hợp với cơ sở.",
		"The tax code of the workplace is missing: the case cannot be joined with an establishment."), caseWorkplaceNamed},
	{must("CAD-023", sourceAnnex12+" footnote 6", Secondary,
		"Mã nghề nghiệp chỉ gồm chữ cái, chữ số và dấu chấm.",
		"A code of occupation has letters, digits and dots only."), caseOccupation},
	{warn("CAD-024", sourceCitizen, Verified,
		"Số định danh không phải số căn cước 12 chữ số: không thể nhận ra cùng một người ở các báo cáo khác.",
		"The identity number is no citizen number of 12 digits: the same person cannot be recognised in other reports."), caseCitizenForm},
	{warn("CAD-025", sourceCitizen, Verified,
		"Số căn cước không khớp với năm sinh hoặc giới tính đã khai.",
		"The citizen number does not agree with the year of birth or the sex."), caseCitizenAgrees},
	{must("CAD-026", sourcePlatform, Verified,
		"Ngày sinh phải là một ngày có thật, viết NNNN-TT-NN, và khớp với năm sinh.",
		"A birth date is a day that exists, written YYYY-MM-DD, and agrees with the year of birth."), caseBirthDate},
	{must("CAD-027", sourcePlatform, Verified,
		"Năm sinh phải gồm 4 chữ số.",
		"A year of birth has 4 digits."), caseBirthYear},
	{must("CAD-028", sourcePlatform, Verified,
		"Cơ quan nhà nước báo cáo trường hợp bệnh nghề nghiệp là cơ quan y tế (health).",
		"The state body that reports a case of occupational disease is the health authority (health)."), caseAuthority},
	{suggest("CAD-029", sourceCitizen, Verified,
		"Chưa có số căn cước: cùng một người ở hai báo cáo chỉ được nhận ra trong cùng nơi làm việc.",
		"The citizen number is missing: the same person in two reports is recognised within one workplace only."), caseCitizenThere},
	{suggest("CAD-030", sourceDiseases, Unverified,
		"Hệ thống không có danh mục bệnh nghề nghiệp có hiệu lực ngày %s: số “%s” chưa được đối chiếu.",
		"The platform holds no list of occupational diseases in force on %s: the number “%s” was not compared."), caseDiseaseUnlisted},
}

func caseReportedPast(c *check, d *DiseaseCase) {
	if d.FirstReportedOn.After(c.filed) {
		c.hit("/content/first_reported_on", d.FirstReportedOn, c.filingDay())
	}
}

func caseDaysPast(c *check, d *DiseaseCase) {
	days := append(d.days(), stageDay{at: "/content/exposed_to", day: d.ExposedTo}, stageDay{at: "/content/died_on", day: d.DiedOn})
	for _, s := range days {
		if s.day.After(c.filed) {
			c.hit(s.at, s.day, c.filingDay())
		}
	}
}

// caseDaysInOrder compares every stage with the nearest earlier one that is dated.
func caseDaysInOrder(c *check, d *DiseaseCase) {
	var before stageDay
	for _, s := range d.days() {
		if s.day.IsZero() {
			continue
		}
		if s.day.Before(before.day) && !c.broken(before.at) {
			c.hit(s.at, s.day, before.day)
		}
		before = s
	}
}

// caseStagesThere asks for the examination and the suspicion before a diagnosis. Whether
// an assessment needs a diagnosis, and a benefit an assessment, CAD-012 and CAD-013 say.
func caseStagesThere(c *check, d *DiseaseCase) {
	days := d.days()
	reached := int(d.Stage())
	for i, s := range days[1:3] {
		if s.day.IsZero() && reached > i+2 {
			c.hit(s.at, ours{s.stage}, ours{days[reached-1].stage})
		}
	}
}

func caseExposure(c *check, d *DiseaseCase) {
	if !d.ExposedTo.IsZero() && d.ExposedTo.Before(d.ExposedFrom) && !c.broken("/content/exposed_from") {
		c.hit("/content/exposed_to", d.ExposedTo, d.ExposedFrom)
	}
}

func caseReportedExposed(c *check, d *DiseaseCase) {
	if d.FirstReportedOn.Before(d.ExposedFrom) && !c.broken("/content/exposed_from") {
		c.hit("/content/first_reported_on", d.FirstReportedOn, d.ExposedFrom)
	}
}

func caseDiseaseListed(c *check, d *DiseaseCase) {
	if d.Diagnosis == nil || d.Diagnosis.On.IsZero() {
		return
	}
	if c.unlisted(d.Diagnosis) {
		return
	}
	if _, known := c.ctx.Seeds.DiseaseOn(d.Diagnosis.Disease, d.Diagnosis.On); !known {
		c.hit("/content/diagnosis/disease", d.Diagnosis.On, d.Diagnosis.Disease)
	}
}

// unlisted tells whether a number can be compared with no list: an old case may have been
// diagnosed before 1 July 2016, and no earlier list is held.
func (c *check) unlisted(diagnosis *CaseDiagnosis) bool {
	return digits(diagnosis.Disease) && len(c.ctx.Seeds.DiseasesOn(diagnosis.On)) == 0
}

func caseDiseaseUnlisted(c *check, d *DiseaseCase) {
	if d.Diagnosis != nil && !d.Diagnosis.On.IsZero() && c.unlisted(d.Diagnosis) {
		c.hit("/content/diagnosis/disease", d.Diagnosis.On, d.Diagnosis.Disease)
	}
}

func caseFactorKnown(c *check, d *DiseaseCase) {
	if !c.knownFactor(d.Factor) {
		c.hit("/content/factor", d.Factor)
	}
}

// namedFactor are diseases whose name says what they come of: silica, asbestos, cotton,
// talc and coal are dusts.
var namedFactor = map[string]string{"1": "dust", "2": "dust", "3": "dust", "4": "dust", "5": "dust", "18": "noise"}

func caseDiseaseFactor(c *check, d *DiseaseCase) {
	if want := namedFactor[d.diagnosis().Disease]; want != "" && want != d.Factor && c.knownFactor(d.Factor) {
		c.hit("/content/diagnosis/disease", d.Diagnosis.Disease, ours{want}, d.Factor)
	}
}

// poisonings is the group of the list that holds poisonings by chemicals and metals.
const poisonings = "II"

func casePoisonFactor(c *check, d *DiseaseCase) {
	if d.Diagnosis == nil || d.Diagnosis.On.IsZero() || !c.knownFactor(d.Factor) {
		return
	}
	disease, known := c.ctx.Seeds.DiseaseOn(d.Diagnosis.Disease, d.Diagnosis.On)
	if !known || disease.Group != poisonings {
		return
	}
	switch d.Factor {
	case "microclimate", "light", "noise":
		c.hit("/content/factor", d.Diagnosis.Disease, d.Factor)
	}
}

func caseLossBound(c *check, d *DiseaseCase) {
	const most = 100
	if d.Assessment != nil && d.Assessment.LossPercent > most {
		c.hit("/content/assessment/loss_percent", d.Assessment.LossPercent, ours{most})
	}
}

func caseAssessedDiagnosed(c *check, d *DiseaseCase) {
	if d.Assessment != nil && d.Diagnosis == nil {
		c.hit("/content/diagnosis")
	}
}

func caseBenefitGround(c *check, d *DiseaseCase) {
	if d.Benefit != nil && d.Assessment == nil && d.DiedOn.IsZero() {
		c.hit("/content/benefit")
	}
}

// leastLoss is the loss of capacity from which a benefit is owed, in percent.
const leastLoss = 5

func caseBenefitOwed(c *check, d *DiseaseCase) {
	if d.Benefit == nil || d.Assessment == nil || !d.DiedOn.IsZero() || c.broken("/content/assessment/loss_percent") {
		return
	}
	if d.Assessment.LossPercent < leastLoss {
		c.hit("/content/benefit", ours{leastLoss}, d.Assessment.LossPercent)
	}
}

func caseBenefitAmount(c *check, d *DiseaseCase) {
	if d.Benefit == nil || d.Benefit.MonthlyPay == 0 || c.broken("/content/assessment") || c.broken("/content/died_on") {
		return
	}
	var loss uint32
	if d.Assessment != nil {
		loss = d.Assessment.LossPercent
	}
	least := LeastBenefit(d.Benefit.Kind, d.Benefit.MonthlyPay, loss, !d.DiedOn.IsZero())
	if d.Benefit.Amount < least {
		c.hit("/content/benefit/amount_vnd", d.Benefit.Amount, least)
	}
}

// caseBenefitInTime counts calendar days; whether working days are meant was not found.
func caseBenefitInTime(c *check, d *DiseaseCase) {
	const days = 5
	if d.Benefit == nil || d.Benefit.PaidOn.IsZero() || d.Assessment == nil || d.Assessment.On.IsZero() {
		return
	}
	if d.Benefit.PaidOn.DaysSince(d.Assessment.On) > days {
		c.hit("/content/benefit/paid_on", d.Benefit.PaidOn, ours{days}, d.Assessment.On)
	}
}

func caseBenefitPaid(c *check, d *DiseaseCase) {
	if d.Benefit != nil && d.Benefit.PaidOn.IsZero() {
		c.hit("/content/benefit/paid_on")
	}
}

func caseNewDiagnosed(c *check, d *DiseaseCase) {
	diagnosis := d.diagnosis()
	if diagnosis.Status == NewCase && !diagnosis.On.IsZero() && diagnosis.On.Year() < d.FirstReportedOn.Year() {
		c.hit("/content/diagnosis/status", diagnosis.On, strconv.Itoa(d.FirstReportedOn.Year()))
	}
}

func caseDeath(c *check, d *DiseaseCase) {
	if !d.DiedOn.IsZero() && d.DiedOn.Before(d.ExposedFrom) && !c.broken("/content/exposed_from") {
		c.hit("/content/died_on", d.DiedOn, d.ExposedFrom)
	}
}

func caseWorkplaceCode(c *check, d *DiseaseCase) {
	if d.Workplace.TaxCode != "" && d.Workplace.TaxCode.Valid() != nil {
		c.hit("/content/workplace/tax_code")
	}
}

func caseWorkplaceSite(c *check, d *DiseaseCase) {
	if site := d.Workplace.Site; site != "" && (!only(site, "-") || site[0] == '-') {
		c.hit("/content/workplace/site")
	}
}

func caseWorkplaceNamed(c *check, d *DiseaseCase) {
	if d.Workplace.TaxCode == "" {
		c.hit("/content/workplace/tax_code")
	}
}

func caseOccupation(c *check, d *DiseaseCase) {
	if !only(d.Worker.Occupation, ".") {
		c.hit("/content/worker/occupation")
	}
}

func caseCitizenForm(c *check, d *DiseaseCase) {
	if v := d.Worker.victim(); v.IDNumber != "" && !v.hasCitizenNumber() {
		c.hit("/content/worker/id_number")
	}
}

func caseCitizenThere(c *check, d *DiseaseCase) {
	if d.Worker.IDNumber == "" {
		c.hit("/content/worker/id_number")
	}
}

func caseCitizenAgrees(c *check, d *DiseaseCase) {
	v := d.Worker.victim()
	if !v.hasCitizenNumber() {
		return
	}
	year, sex := v.citizenBirth()
	born := v.birthYear()
	if born != "" && born != strconv.Itoa(year) || (v.Sex == Male || v.Sex == Female) && v.Sex != sex {
		c.hit("/content/worker/id_number")
	}
}

func caseBirthDate(c *check, d *DiseaseCase) {
	w := &d.Worker
	if w.BirthDate == "" {
		return
	}
	born, err := seeds.ParseDate(string(w.BirthDate))
	if err != nil || w.BirthYear != "" && string(w.BirthYear) != strconv.Itoa(born.Year()) {
		c.hit("/content/worker/birth_date")
	}
}

func caseBirthYear(c *check, d *DiseaseCase) {
	if year := d.Worker.BirthYear; year != "" && (len(year) != 4 || !digits(string(year))) {
		c.hit("/content/worker/birth_year")
	}
}

func caseAuthority(c *check, d *DiseaseCase) {
	if a := d.Reporter.Authority; a != "" && a != HealthAuthority {
		c.hit("/content/reporter/authority")
	}
}
