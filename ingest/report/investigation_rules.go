package report

import (
	"slices"
	"strconv"

	"atvsld/seeds"
)

var investigationRules = []rule[Investigation]{
	{must("INV-001", sourceLaw35+"(1) to (5)", Verified,
		"Đoàn điều tra cấp “%s” không do người báo cáo loại “%s” lập.",
		"An investigation of level “%s” is not filed by a reporter of type “%s”."), levelReporter},
	{warn("INV-002", sourceLaw35+"(1) to (5)", Verified,
		"Vụ tai nạn mức “%[2]s” thường không do cấp “%[1]s” điều tra.",
		"An accident of severity “%[2]s” is not usually investigated at the level “%[1]s”."), levelSeverity},
	{must("INV-003", sourcePlatform, Verified,
		"Mã vụ tai nạn (accident_id) phải là report_id của một báo cáo (UUID phiên bản 5 hoặc 7).",
		"The accident_id is the report_id of a declaration (a UUID of version 5 or 7)."), investigatedID},
	{must("INV-004", arithmetic+sourceLaw35+"(6)", Verified,
		"Ngày nhận tin báo (%s) trước ngày tai nạn (%s).",
		"The news arrived (%s) before the accident (%s)."), newsAfterAccident},
	{must("INV-005", arithmetic+sourceLaw35, Verified,
		"Mốc điều tra (%s) ở sau ngày nộp (%s).",
		"The stage (%s) is dated after the day of filing (%s)."), stagesPast},
	{must("INV-006", arithmetic+sourceLaw35+"(6)", Verified,
		"Mốc điều tra (%s) ở trước ngày nhận tin báo (%s).",
		"The stage (%s) is dated before the news arrived (%s)."), stagesAfterNews},
	{must("INV-007", sourceLaw35+"(6)", Verified,
		"Điều tra tai nạn lao động nhẹ không được gia hạn.",
		"The investigation of a minor accident cannot be extended."), minorNotExtended},
	{must("INV-008", sourceLaw35+"(6)", Verified,
		"Gia hạn %d ngày dài hơn thời hạn điều tra (%d ngày).",
		"An extension of %d days is longer than the limit itself (%d days)."), extensionBound},
	{must("INV-009", sourceLaw35+"(6)", Verified,
		"Gia hạn phải nêu cả ngày quyết định và số ngày.",
		"An extension needs both the day of the decision and the number of days."), extensionWhole},
	{warn("INV-010", sourceLaw35+"(6)", Unverified,
		"Quyết định gia hạn (%s) sau khi đã hết thời hạn (%s).",
		"The extension was decided (%s) after the limit had passed (%s)."), extendedInTime},
	{warn("INV-011", sourceLaw35+"(6)", Verified,
		"Biên bản được công bố (%s) sau thời hạn (%s).",
		"The record was published (%s) after the limit (%s)."), publishedInTime},
	{must("INV-012", arithmetic+sourceLaw35+"(6)", Verified,
		"Biên bản được công bố (%s) trước mốc “%s” (%s).",
		"The record was published (%s) before the stage “%s” (%s)."), publishedLast},
	{must("INV-013", arithmetic+sourceLaw35, Verified,
		"Hồ sơ kết thúc (%s) trước khi công bố (%s).",
		"The file was closed (%s) before the record was published (%s)."), closedAfterPublished},
	{must("INV-014", arithmetic+sourceLaw35, Verified,
		"Ngày xảy ra tai nạn (%s) ở sau ngày nộp (%s).",
		"The accident (%s) is dated after the day of filing (%s)."), investigatedPast},
	{must("INV-015", sourcePlatform, Verified,
		"Ngày xảy ra tai nạn trước năm %d.",
		"The accident lies before %d."), investigatedSince},
	{must("INV-016", sourceAnnex12+" footnote 4", Secondary,
		"Không có nguyên nhân “%s” (danh mục 1 đến 9).",
		"There is no cause “%s” (the list goes from 1 to 9)."), foundCause},
	{warn("INV-017", sourceAnnex12+" footnote 5", Unverified,
		"Danh mục “%s” không có yếu tố gây chấn thương “%s”.",
		"The list “%s” has no injury factor “%s”."), foundFactor},
	{warn("INV-018", sourceAnnex2, Verified,
		"Mã chấn thương “%s” không có trong Phụ lục II hoặc là tiêu đề nhóm.",
		"The injury “%s” is not in Annex II, or is the heading of a group."), foundInjury},
	{must("INV-019", sourcePlatform, Verified,
		"Mã yếu tố gây chấn thương, chấn thương và nghề nghiệp chỉ gồm chữ cái, chữ số và các dấu . - _",
		"Codes of an injury factor, an injury and an occupation have letters, digits and . - _ only."), foundCodes},
	{confirm("INV-020", arithmetic+sourceLaw35+"(6)", Verified,
		"Mức độ vụ tai nạn “%s” khác với các nạn nhân đã nêu (“%s”).",
		"The severity “%s” is not that of the victims found (“%s”)."), foundSeverity},
	{suggest("INV-021", sourceLaw35+"; Decree 39/2016/ND-CP Art. 16", Secondary,
		"Biên bản đã công bố nhưng chưa nêu nguyên nhân chính.",
		"The record is published, but the main cause is missing."), publishedCause},
}

// levelReporter: the employer's team, the commune's record, the teams of the province and
// of the ministry, for whom the department of the province files.
func levelReporter(c *check, i *Investigation) {
	want := map[InvestigationLevel]ReporterType{FacilityLevel: Establishment, CommuneLevel: CommuneReporter,
		ProvinceLevel: AuthorityReporter, CentralLevel: AuthorityReporter}[i.Level]
	if want == "" || i.Reporter.Type == "" || c.broken("/content/level") || c.broken("/content/reporter/type") {
		return
	}
	if i.Reporter.Type != want || want == AuthorityReporter && i.Reporter.Authority != LabourAuthority && i.Reporter.Authority != "" {
		c.hit("/content/level", i.Level, i.Reporter.Type)
	}
}

func levelSeverity(c *check, i *Investigation) {
	usual := map[InvestigationLevel][]AccidentSeverity{
		FacilityLevel: {MinorAccident, OneSerious}, CommuneLevel: {OneSerious}, ProvinceLevel: {SeveralSerious, FatalAccident},
	}
	severities, bound := usual[i.Level]
	if !bound || i.Severity == "" || c.broken("/content/severity") {
		return
	}
	if !slices.Contains(severities, i.Severity) {
		c.hit("/content/level", i.Level, i.Severity)
	}
}

func investigatedID(c *check, i *Investigation) {
	if !ofReport(i.AccidentID) {
		c.hit("/content/accident_id")
	}
}

// ofReport tells whether an id is of a version that reports have.
func ofReport(id UUID) bool { return id.IsZero() || id[6]>>4 == 5 || id[6]>>4 == 7 }

// stage is one of the stages with its name in the form.
type stage struct {
	name string
	day  seeds.Date
}

func (s *Stages) all() []stage {
	return []stage{{"news_received", s.NewsReceived}, {"opened", s.Opened}, {"extended", s.Extended},
		{"examination", s.Examination}, {"file_returned", s.FileReturned}, {"published", s.Published}, {"closed", s.Closed}}
}

func stageAt(name string) string { return "/content/stages/" + name }

func newsAfterAccident(c *check, i *Investigation) {
	news := i.Stages.NewsReceived
	if !news.IsZero() && news.Before(i.AccidentOn) && !c.broken("/content/accident_on") {
		c.hit(stageAt("news_received"), news, i.AccidentOn)
	}
}

func stagesPast(c *check, i *Investigation) {
	for _, s := range i.Stages.all() {
		if s.day.After(c.filed) {
			c.hit(stageAt(s.name), s.day, c.filingDay())
		}
	}
}

func stagesAfterNews(c *check, i *Investigation) {
	news := i.Stages.NewsReceived
	for _, s := range i.Stages.all() {
		if !s.day.IsZero() && s.day.Before(news) && !c.broken(stageAt("news_received")) {
			c.hit(stageAt(s.name), s.day, news)
		}
	}
}

func minorNotExtended(c *check, i *Investigation) {
	if i.Severity == MinorAccident && !i.Stages.Extended.IsZero() {
		c.hit(stageAt("extended"))
	}
}

func extensionBound(c *check, i *Investigation) {
	clock := InvestigationClock(i.Severity, i.Stages, c.filed)
	if days := i.Stages.ExtensionDays; clock.LimitDays > 0 && uint64(days) > uint64(clock.LimitDays) {
		c.hit(stageAt("extension_days"), days, ours{clock.LimitDays})
	}
}

func extensionWhole(c *check, i *Investigation) {
	if i.Stages.Extended.IsZero() != (i.Stages.ExtensionDays == 0) && !c.broken(stageAt("extended")) {
		c.hit(stageAt("extension_days"))
	}
}

func extendedInTime(c *check, i *Investigation) {
	s := i.Stages
	s.Extended = seeds.Date{}
	clock := InvestigationClock(i.Severity, s, c.filed)
	if !clock.Due.IsZero() && i.Stages.Extended.After(clock.Due) {
		c.hit(stageAt("extended"), i.Stages.Extended, clock.Due)
	}
}

func publishedInTime(c *check, i *Investigation) {
	if clock := InvestigationClock(i.Severity, i.Stages, c.filed); clock.State == ClockLate {
		c.hit(stageAt("published"), i.Stages.Published, clock.Due)
	}
}

func publishedLast(c *check, i *Investigation) {
	published := i.Stages.Published
	if published.IsZero() {
		return
	}
	for _, s := range i.Stages.all() {
		if s.name != "closed" && s.name != "news_received" && s.day.After(published) && !c.broken(stageAt(s.name)) {
			c.hit(stageAt("published"), published, ours{s.name}, s.day)
		}
	}
}

func closedAfterPublished(c *check, i *Investigation) {
	if s := i.Stages; !s.Closed.IsZero() && s.Closed.Before(s.Published) && !c.broken(stageAt("published")) {
		c.hit(stageAt("closed"), s.Closed, s.Published)
	}
}

func investigatedPast(c *check, i *Investigation) {
	if i.AccidentOn.After(c.filed) {
		c.hit("/content/accident_on", i.AccidentOn, c.filingDay())
	}
}

func investigatedSince(c *check, i *Investigation) {
	if !i.AccidentOn.IsZero() && i.AccidentOn.Year() < firstEvent {
		c.hit("/content/accident_on", ours{firstEvent})
	}
}

// firstEvent is the first year that events are taken of, as in ACC-002.
const firstEvent = 1990

func foundCause(c *check, i *Investigation) {
	cause := i.Findings.Cause
	if cause == "" {
		return
	}
	if _, known := c.ctx.Seeds.Cause(seeds.CauseListAnnexXII, cause); !known {
		c.hit("/content/findings/cause", cause)
	}
}

func foundFactor(c *check, i *Investigation) {
	f := i.Findings.Factor
	if f == nil {
		return
	}
	if _, known := c.ctx.Seeds.Factor(f.List, f.Code); !known {
		c.hit("/content/findings/factor", clip(f.List), f.Code)
	}
}

func foundAt(i int, member string) string {
	return "/content/findings/victims/" + strconv.Itoa(i) + "/" + member
}

func foundInjury(c *check, i *Investigation) {
	for n, v := range i.Findings.Victims {
		for k, code := range v.Injuries {
			injury, known := c.ctx.Seeds.SeriousInjury(seeds.InjuryListAnnexII, code)
			if !known || injury.IsGroup() {
				c.hit(foundAt(n, "injuries/"+strconv.Itoa(k)), code)
			}
		}
	}
}

// foundCodes keeps text, which may be about a person, out of members that travel in clear.
func foundCodes(c *check, i *Investigation) {
	const signs = ".-_"
	if f := i.factor(); !only(f.List, signs) || !only(f.Code, signs) {
		c.hit("/content/findings/factor")
	}
	for n, v := range i.Findings.Victims {
		if !only(v.Occupation, signs) {
			c.hit(foundAt(n, "occupation"))
		}
		for k, code := range v.Injuries {
			if !only(code, signs) {
				c.hit(foundAt(n, "injuries/"+strconv.Itoa(k)))
			}
		}
	}
}

func foundSeverity(c *check, i *Investigation) {
	victims := i.Findings.Victims
	if len(victims) == 0 || i.Severity == "" || c.broken("/content/severity") {
		return
	}
	count := map[InjurySeverity]int{}
	for _, v := range victims {
		count[v.Severity]++
	}
	if found := SeverityOf(count[Dead], count[Serious]); found != i.Severity {
		c.hit("/content/severity", i.Severity, ours{found})
	}
}

func publishedCause(c *check, i *Investigation) {
	if !i.Stages.Published.IsZero() && i.Findings.Cause == "" {
		c.hit("/content/findings/cause")
	}
}
