package report

import (
	"slices"
	"strings"

	"atvsld/seeds"
)

// The rules on the head of the forms. They hold for every kind that has the
// member they speak of.
var headerRules = []rule[header]{
	{must("REP-001", sourceTaxCode, Verified,
		"Cơ sở, cơ sở y tế và tổ chức dịch vụ báo cáo phải có mã số thuế.",
		"An establishment, a clinic and a service body need their tax code."), taxCodeThere},
	{must("REP-002", sourceTaxCode, Verified,
		"Mã số thuế không hợp lệ: cần 10 chữ số đúng số kiểm tra, 10 chữ số kèm chi nhánh -001 đến -999, hoặc 12 chữ số (hộ kinh doanh).",
		"Not a valid tax code: 10 digits with the right check digit, the same with a branch -001 to -999, or 12 digits (household business)."), taxCodeValid},
	{must("REP-003", sourcePlatform, Verified,
		"Số hiệu địa điểm phải gồm 1 đến 10 chữ cái, chữ số hoặc gạch nối, bắt đầu bằng chữ cái hoặc chữ số.",
		"A site number has 1 to 10 letters, digits or hyphens and starts with a letter or digit."), siteValid},
	{must("REP-004", sourceCommune, Secondary,
		"Xã, phường báo cáo phải nêu đơn vị hành chính (commune).",
		"A commune that reports must be named (commune)."), communeThere},
	{must("REP-005", sourceProvince, Secondary,
		"Mã xã phải gồm 5 chữ số.",
		"A commune's code has 5 digits."), communeCode},
	{must("REP-006", sourceProvince, Secondary,
		"Ngày hiệu lực của mã xã (%s) sau ngày báo cáo (%s).",
		"The commune's code is valid from %s, after the day of filing (%s)."), communeValidFrom},
	{must("REP-007", sourcePlatform, Verified,
		"Mục này không dành cho người báo cáo loại “%s”.",
		"This member is not for a reporter of type “%s”."), onlyOwnName},
	{must("REP-008", sourcePlatform, Verified,
		"Báo cáo này do “%s” lập, không phải “%s”.",
		"This report is made by a reporter of type “%s”, not “%s”."), reporterType},
	{must("REP-009", sourceProvince, Verified,
		"Danh mục tỉnh “%s” không có hiệu lực ngày %s; cần danh mục “%s”.",
		"The list of provinces “%s” was not in force on %s; list “%s” is wanted."), provinceList},
	{must("REP-010", sourceProvince, Verified,
		"Danh mục %s tỉnh không có mã “%s”.",
		"The list of %s provinces has no code “%s”."), provinceCode},
	{must("REP-011", sourceAnnex12+" footnote 2", Secondary,
		"Mã loại hình cơ sở chỉ gồm chữ cái, chữ số, dấu chấm và gạch nối.",
		"A code of the type of establishment has letters, digits, dots and hyphens only."), establishmentType},
	{must("REP-012", sourceVSIC, Verified,
		"Mã ngành phải là một chữ cái ngành cấp 1, có thể kèm 2 đến 5 chữ số.",
		"An industry code is a section letter, optionally with 2 to 5 digits."), industryForm},
	{must("REP-013", sourceVSIC, Secondary,
		"Hệ thống ngành %s không có ngành cấp 1 “%s”.",
		"VSIC %s has no section “%s”."), industrySection},
	{warn("REP-014", sourceVSIC, Secondary,
		"Hệ thống ngành %s không áp dụng cho ngày %s; hệ thống áp dụng là %s.",
		"VSIC %s does not apply on %s; the version that applies is %s."), industryVersion},
	{RuleInfo: must("REP-015", arithmetic+sourceAnnex12, Secondary,
		"Số lao động nữ (%d) nhiều hơn tổng số lao động (%d).",
		"More women workers (%d) than workers (%d).").
		by(compare("/content/workers/women", AtMost, "/content/workers/total"))},
	{RuleInfo: warn("REP-016", sourcePlatform, Verified,
		"Tổng số lao động bằng 0.",
		"The number of workers is 0.").
		by(Arithmetic{Left: terms("/content/workers/total"), Relation: AtLeast, Right: number(1), At: Spot{Pointer: "/content/workers/total"}})},
	{must("REP-017", sourceAnnex12, Secondary,
		"Kỳ báo cáo phải là năm “2025” hoặc 6 tháng đầu năm “2025H1”, từ năm %d.",
		"A period is a year “2025” or its first half “2025H1”, from %d on."), periodValid},
	{must("REP-018", sourcePlatform, Verified,
		"Kỳ báo cáo chưa bắt đầu.",
		"The period has not begun."), periodBegun},
	{confirm("REP-019", sourcePlatform, Verified,
		"Kỳ báo cáo kết thúc ngày %s, sau ngày nộp (%s): số liệu chưa đủ kỳ.",
		"The period ends on %s, after the day of filing (%s): its figures are not complete."), periodEnded},
	{must("REP-020", sourcePlatform, Verified,
		"Ngày báo cáo ở sau ngày nộp (%s).",
		"The report is dated after the day of filing (%s)."), datedPast},
	{must("REP-021", sourcePlatform, Verified,
		"Ngày báo cáo ở trước kỳ báo cáo.",
		"The report is dated before its period."), datedInPeriod},
	{must("REP-022", sourceDisease+"; "+sourceMonitor, Verified,
		"Báo cáo này lập theo năm, không theo 6 tháng.",
		"This report is made for a year, not for a half-year."), periodYearly},
	{must("REP-023", sourcePlatform, Verified,
		"Cơ quan nhà nước báo cáo phải nêu ngành (authority).",
		"A state body that reports says which one it is (authority)."), authorityThere},
}

func taxCodeThere(c *check, h *header) {
	if h.reporter.Type.taxpayer() && h.reporter.TaxCode == "" {
		c.hit("/content/reporter/tax_code")
	}
}

func taxCodeValid(c *check, h *header) {
	if h.reporter.TaxCode != "" && h.reporter.TaxCode.Valid() != nil {
		c.hit("/content/reporter/tax_code")
	}
}

func siteValid(c *check, h *header) {
	if site := h.reporter.Site; site != "" && (!only(site, "-") || site[0] == '-') {
		c.hit("/content/reporter/site")
	}
}

func communeThere(c *check, h *header) {
	if h.reporter.Type == CommuneReporter && h.reporter.Commune == nil {
		c.hit("/content/reporter/commune")
	}
}

func communeCode(c *check, h *header) {
	if m := h.reporter.Commune; m != nil && !fiveDigits(m.Code) {
		c.hit("/content/reporter/commune/code")
	}
}

func communeValidFrom(c *check, h *header) {
	if m := h.reporter.Commune; m != nil && m.ValidFrom.After(c.filed) {
		c.hit("/content/reporter/commune/valid_from", m.ValidFrom, c.filingDay())
	}
}

func onlyOwnName(c *check, h *header) {
	r := h.reporter
	if r.Type == "" {
		return
	}
	if r.Type != CommuneReporter && r.Commune != nil {
		c.hit("/content/reporter/commune", r.Type)
	}
	if r.Type != AuthorityReporter && r.Authority != "" {
		c.hit("/content/reporter/authority", r.Type)
	}
	if !r.Type.taxpayer() && r.TaxCode != "" {
		c.hit("/content/reporter/tax_code", r.Type)
	}
	if !r.Type.taxpayer() && r.Site != "" {
		c.hit("/content/reporter/site", r.Type)
	}
}

func authorityThere(c *check, h *header) {
	if h.reporter.Type == AuthorityReporter && h.reporter.Authority == "" {
		c.hit("/content/reporter/authority")
	}
}

func reporterType(c *check, h *header) {
	wants := h.mayReport()
	if h.reporter.Type != "" && !slices.Contains(wants, h.reporter.Type) {
		c.hit("/content/reporter/type", ours{typeNames(wants)}, h.reporter.Type)
	}
}

func typeNames(types []ReporterType) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}

// provinces calls f with the provinces of the head that were read.
func (h *header) provinces(f func(at string, ref seeds.ProvinceRef)) {
	f("/content/reporter/province", h.reporter.Province)
	if h.place != nil {
		f(h.placeAt, *h.place)
	}
}

// provinceList: a province is written in the list in force on the day of an
// event, for a periodic report on the day of filing.
func provinceList(c *check, h *header) {
	day := c.filed
	if h.period == nil {
		day = h.eventDate
	}
	if day.IsZero() {
		return
	}
	want := c.ctx.Seeds.ProvinceListOn(day)
	h.provinces(func(at string, ref seeds.ProvinceRef) {
		if ref.List != want {
			c.hit(at+"/list", ref.List, day, ours{want})
		}
	})
}

func provinceCode(c *check, h *header) {
	h.provinces(func(at string, ref seeds.ProvinceRef) {
		if _, known := c.ctx.Seeds.Province(ref); !known && !c.broken(at) {
			c.hit(at+"/code", ref.List, ref.Code)
		}
	})
}

func establishmentType(c *check, h *header) {
	if !only(h.reporter.EstablishmentType, ".-") {
		c.hit("/content/reporter/establishment_type")
	}
}

func industryForm(c *check, h *header) {
	if h.industry != nil && !h.industry.wellFormed() {
		c.hit("/content/industry/code")
	}
}

func (i Industry) wellFormed() bool {
	if i.Code == "" || i.Code[0] < 'A' || i.Code[0] > 'Z' || !digits(i.Code[1:]) {
		return false
	}
	return len(i.Code) == 1 || len(i.Code) >= 3 && len(i.Code) <= 6
}

func industrySection(c *check, h *header) {
	if h.industry == nil || !h.industry.wellFormed() || c.broken("/content/industry/version") {
		return
	}
	if _, known := c.ctx.Seeds.VSICSection(h.industry.Version, h.industry.Section()); !known {
		c.hit("/content/industry/code", h.industry.Version, h.industry.Section())
	}
}

func industryVersion(c *check, h *header) {
	if h.industry == nil || c.day.IsZero() {
		return
	}
	if want := c.ctx.Seeds.VSICVersionOn(c.day); want != "" && want != h.industry.Version {
		c.hit("/content/industry/version", h.industry.Version, c.day, ours{want})
	}
}

func periodValid(c *check, h *header) {
	if h.period == nil {
		return
	}
	since := firstYear
	if h.since > 0 {
		since = h.since
	}
	if year := h.period.Year(); year < since || year > lastYear {
		c.hit("/content/period", ours{since})
	}
}

func periodBegun(c *check, h *header) {
	if h.period != nil && h.period.Valid() && h.period.Year() > c.filed.Year() {
		c.hit("/content/period")
	}
}

func periodEnded(c *check, h *header) {
	if h.period == nil || !h.period.Valid() || h.period.Year() > c.filed.Year() {
		return
	}
	// What a day of measuring tells is complete on that day.
	if end := h.period.End(); end.After(c.filed) && h.eventDate.IsZero() {
		c.hit("/content/period", end, c.filingDay())
	}
}

func datedPast(c *check, h *header) {
	if h.reportDate != nil && h.reportDate.After(c.filed) {
		c.hit("/content/report_date", c.filingDay())
	}
}

func datedInPeriod(c *check, h *header) {
	if h.reportDate == nil || h.period == nil || !h.period.Valid() || h.reportDate.IsZero() {
		return
	}
	if h.reportDate.Year() < h.period.Year() {
		c.hit("/content/report_date")
	}
}

func periodYearly(c *check, h *header) {
	if h.yearly && h.period.HalfYear() {
		c.hit("/content/period")
	}
}

// only tells whether s holds nothing but ASCII letters, digits and the given
// other characters.
func only(s, others string) bool {
	for i := range len(s) {
		switch b := s[i]; {
		case b >= '0' && b <= '9', b >= 'A' && b <= 'Z', b >= 'a' && b <= 'z':
		default:
			found := false
			for j := range len(others) {
				found = found || others[j] == b
			}
			if !found {
				return false
			}
		}
	}
	return true
}

func fiveDigits(s string) bool { return len(s) == 5 && digits(s) }
