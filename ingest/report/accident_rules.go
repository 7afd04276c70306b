package report

import (
	"strconv"
	"time"

	"atvsld/seeds"
)

var accidentRules = []rule[Accident]{
	{must("ACC-001", arithmetic+sourceAnnex3, Verified,
		"Thời điểm xảy ra tai nạn ở sau thời điểm khai báo.",
		"The accident lies after the time of its declaration."), occurredPast},
	{must("ACC-002", sourcePlatform, Verified,
		"Thời điểm xảy ra tai nạn trước năm %d.",
		"The accident lies before %d."), occurredSince},
	{must("ACC-003", sourceDecree9, Verified,
		"Nạn nhân chết phải có ngày chết (died_on).",
		"A victim who died needs the day of death (died_on)."), deathDated},
	{must("ACC-004", sourceDecree9, Verified,
		"Có ngày chết nhưng mức độ là “%s”.",
		"There is a day of death, but the severity is “%s”."), deathMeant},
	{must("ACC-005", arithmetic+sourceDecree9, Verified,
		"Ngày chết (%s) trước ngày tai nạn (%s).",
		"The day of death (%s) is before the accident (%s)."), deathAfterAccident},
	{must("ACC-006", arithmetic+sourceDecree9, Verified,
		"Ngày chết (%s) sau ngày khai báo (%s).",
		"The day of death (%s) is after the declaration (%s)."), deathPast},
	{warn("ACC-007", sourceCitizen, Verified,
		"Số định danh không phải số căn cước 12 chữ số: không thể nhận ra cùng một người ở các báo cáo khác.",
		"The identity number is no citizen number of 12 digits: the same person cannot be recognised in other reports."), citizenNumberForm},
	{warn("ACC-008", sourceCitizen, Verified,
		"Số căn cước có mã tỉnh đăng ký khai sinh không tồn tại.",
		"The province of registration within the citizen number does not exist."), citizenNumberProvince},
	{warn("ACC-009", sourceCitizen, Verified,
		"Số căn cước không khớp với năm sinh đã khai.",
		"The citizen number does not agree with the year of birth."), citizenNumberYear},
	{warn("ACC-010", sourceCitizen, Verified,
		"Số căn cước không khớp với giới tính đã khai.",
		"The citizen number does not agree with the sex."), citizenNumberSex},
	{must("ACC-011", arithmetic+sourceAnnex3, Verified,
		"Hai nạn nhân (thứ %d và thứ %d) có cùng số định danh.",
		"Two victims (no. %d and no. %d) have the same identity number."), sameNumber},
	{must("ACC-012", arithmetic+sourceAnnex3, Verified,
		"Hai nạn nhân (thứ %d và thứ %d) trùng họ tên, năm sinh và giới tính: cần số căn cước của cả hai để phân biệt.",
		"Two victims (no. %d and no. %d) have the same name, year of birth and sex: the citizen numbers of both are needed to tell them apart."), sameName},
	{must("ACC-013", sourcePlatform, Verified,
		"Ngày sinh phải là một ngày có thật, viết NNNN-TT-NN.",
		"A birth date is a day that exists, written YYYY-MM-DD."), birthDateForm},
	{must("ACC-014", sourcePlatform, Verified,
		"Năm sinh phải gồm 4 chữ số.",
		"A year of birth has 4 digits."), birthYearForm},
	{must("ACC-015", arithmetic+sourceAnnex3, Verified,
		"Năm sinh không khớp với ngày sinh.",
		"The year of birth does not agree with the birth date."), birthAgrees},
	{warn("ACC-016", sourcePlatform, Verified,
		"Tuổi của nạn nhân khi xảy ra tai nạn không hợp lý (dưới 10 hoặc trên 100).",
		"The age of the victim at the time of the accident is implausible (below 10 or above 100)."), agePlausible},
	{must("ACC-017", sourceAnnex12+" footnote 4", Secondary,
		"Không có nguyên nhân “%s” (danh mục 1 đến 9).",
		"There is no cause “%s” (the list goes from 1 to 9)."), causeKnown},
	{warn("ACC-018", sourceAnnex12+" footnote 5", Unverified,
		"Danh mục “%s” không có yếu tố gây chấn thương “%s”.",
		"The list “%s” has no injury factor “%s”."), factorKnown},
	{warn("ACC-019", sourceAnnex2, Verified,
		"Mã chấn thương “%s” không có trong Phụ lục II hoặc là tiêu đề nhóm.",
		"The injury “%s” is not in Annex II, or is the heading of a group."), injuryKnown},
	{suggest("ACC-020", sourceAnnex2, Verified,
		"Nạn nhân bị thương nặng chưa có mã chấn thương theo Phụ lục II.",
		"A seriously injured victim without a code of Annex II."), injuryNamed},
	{warn("ACC-021", sourceLaw34+"(d)", Verified,
		"Xã khai báo cho người lao động không theo hợp đồng, nhưng nạn nhân này có hợp đồng.",
		"A commune declares for workers without a contract, but this victim has one."), communeVictims},
	{must("ACC-022", sourceProvince, Secondary,
		"Mã xã nơi xảy ra tai nạn phải gồm 5 chữ số.",
		"The code of the commune has 5 digits."), placeCommune},
	{must("ACC-023", sourcePlatform, Verified,
		"Mã vụ tai nạn (accident_id) phải là report_id của một báo cáo (UUID phiên bản 5 hoặc 7).",
		"The accident_id is the report_id of a declaration (a UUID of version 5 or 7)."), accidentIDVersion},
	{must("ACC-024", sourceAnnex12+" footnote 6", Secondary,
		"Mã nghề nghiệp chỉ gồm chữ cái, chữ số và dấu chấm.",
		"A code of occupation has letters, digits and dots only."), occupationForm},
	{must("ACC-025", sourcePlatform, Verified,
		"Mã yếu tố gây chấn thương và mã chấn thương chỉ gồm chữ cái, chữ số và các dấu . - _",
		"Codes of an injury factor and of an injury have letters, digits and . - _ only."), codeForms},
	{RuleInfo: confirm("ACC-031", sourceLaw34+"(b)", Verified,
		"Chỉ tai nạn chết người hoặc làm từ 2 người bị thương nặng trở lên phải khai báo ngay; vụ này có %d người chết, %d người bị thương nặng.",
		"Only accidents with a death or with 2 or more seriously injured are declared at once; this one has %d dead and %d seriously injured.").
		by(Arithmetic{Left: []Term{bySeverity(Dead, 2), bySeverity(Serious, 1)}, Relation: AtLeast, Right: number(2),
			At: Spot{Pointer: "/content/victims"}, Arguments: []string{"left.0", "left.1"}})},
}

// clockSkew is what clocks of honest senders may differ by.
const clockSkew = 5 * time.Minute

func occurredPast(c *check, a *Accident) {
	if a.OccurredAt.After(c.s.filedAt(c.ctx).Add(clockSkew)) {
		c.hit("/content/occurred_at")
	}
}

func occurredSince(c *check, a *Accident) {
	const first = 1990
	if a.local().Year() < first {
		c.hit("/content/occurred_at", ours{first})
	}
}

// eachVictim calls f with every victim and its pointer.
func (a *Accident) eachVictim(f func(at func(member string) string, v *Victim)) {
	for i := range a.Victims {
		f(func(member string) string { return "/content/victims/" + strconv.Itoa(i) + member }, &a.Victims[i])
	}
}

func deathDated(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if v.Severity == Dead && v.DiedOn.IsZero() {
			c.hit(at("/died_on"))
		}
	})
}

func deathMeant(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if v.Severity != Dead && !v.DiedOn.IsZero() && !c.broken(at("/severity")) {
			c.hit(at("/died_on"), v.Severity)
		}
	})
}

func deathAfterAccident(c *check, a *Accident) {
	day := seeds.DateOf(a.OccurredAt)
	a.eachVictim(func(at func(string) string, v *Victim) {
		if !v.DiedOn.IsZero() && v.DiedOn.Before(day) && !c.broken("/content/occurred_at") {
			c.hit(at("/died_on"), v.DiedOn, day)
		}
	})
}

func deathPast(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if v.DiedOn.After(c.filed) {
			c.hit(at("/died_on"), v.DiedOn, c.filingDay())
		}
	})
}

func citizenNumberForm(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if v.IDNumber != "" && !v.hasCitizenNumber() {
			c.hit(at("/id_number"))
		}
	})
}

// citizenNumberProvince: the first three digits are a code of the 63 provinces
// after a zero, whenever the number was given out.
func citizenNumberProvince(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if !v.hasCitizenNumber() {
			return
		}
		ref := seeds.ProvinceRef{List: seeds.List63, Code: string(v.IDNumber[1:3])}
		if _, known := c.ctx.Seeds.Province(ref); !known || v.IDNumber[0] != '0' {
			c.hit(at("/id_number"))
		}
	})
}

// citizenBirth returns year of birth and sex within a citizen number: the fourth
// digit is 2·(century − 20) for a man and one more for a woman.
func (v *Victim) citizenBirth() (year int, sex Sex) {
	n := string(v.IDNumber)
	century := int(n[3] - '0')
	year = 1900 + century/2*100 + int(n[4]-'0')*10 + int(n[5]-'0')
	if century%2 == 1 {
		return year, Female
	}
	return year, Male
}

func citizenNumberYear(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		given := v.birthYear()
		if !v.hasCitizenNumber() || given == "" || c.broken(at("/birth_date")) || c.broken(at("/birth_year")) {
			return
		}
		if year, _ := v.citizenBirth(); strconv.Itoa(year) != given {
			c.hit(at("/id_number"))
		}
	})
}

func citizenNumberSex(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if !v.hasCitizenNumber() || v.Sex != Male && v.Sex != Female {
			return
		}
		if _, sex := v.citizenBirth(); sex != v.Sex {
			c.hit(at("/id_number"))
		}
	})
}

func sameNumber(c *check, a *Accident) {
	a.twice(c, "/id_number", func(v *Victim) string { return string(v.IDNumber) },
		func(_, _ *Victim) bool { return true })
}

// sameName: victims without a citizen number are told apart by name, year of
// birth and sex alone, so a namesake would be counted as the same person.
func sameName(c *check, a *Accident) {
	key := func(v *Victim) string {
		if v.Name == "" {
			return ""
		}
		return v.nameKey()
	}
	a.twice(c, "/name", key, func(v, w *Victim) bool {
		return (!v.hasCitizenNumber() || !w.hasCitizenNumber()) && (v.IDNumber == "" || v.IDNumber != w.IDNumber)
	})
}

// twice reports victims that have the key of an earlier one and are the same by
// it.
func (a *Accident) twice(c *check, member string, key func(*Victim) string, same func(v, w *Victim) bool) {
	if len(a.Victims) < 2 {
		return
	}
	first := make(map[string]int, len(a.Victims))
	for i := range a.Victims {
		k := key(&a.Victims[i])
		if k == "" {
			continue
		}
		j, seen := first[k]
		switch {
		case !seen:
			first[k] = i
		case same(&a.Victims[j], &a.Victims[i]):
			c.hit("/content/victims/"+strconv.Itoa(i)+member, ours{j + 1}, ours{i + 1})
		}
	}
}

func birthDateForm(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if v.BirthDate == "" {
			return
		}
		if _, err := seeds.ParseDate(string(v.BirthDate)); err != nil {
			c.hit(at("/birth_date"))
		}
	})
}

func birthYearForm(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if v.BirthYear != "" && (len(v.BirthYear) != 4 || !digits(string(v.BirthYear))) {
			c.hit(at("/birth_year"))
		}
	})
}

func birthAgrees(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		d, err := seeds.ParseDate(string(v.BirthDate))
		if err == nil && v.BirthYear != "" && string(v.BirthYear) != string(v.BirthDate[:4]) && !d.IsZero() {
			c.hit(at("/birth_year"))
		}
	})
}

func agePlausible(c *check, a *Accident) {
	year := a.local().Year()
	a.eachVictim(func(at func(string) string, v *Victim) {
		born, err := strconv.Atoi(v.birthYear())
		if err != nil || year-born >= 10 && year-born <= 100 || c.broken("/content/occurred_at") {
			return
		}
		if v.BirthDate != "" {
			c.hit(at("/birth_date"))
		} else {
			c.hit(at("/birth_year"))
		}
	})
}

func causeKnown(c *check, a *Accident) {
	if a.Cause == "" {
		return
	}
	if _, known := c.ctx.Seeds.Cause(seeds.CauseListAnnexXII, a.Cause); !known {
		c.hit("/content/cause", a.Cause)
	}
}

func factorKnown(c *check, a *Accident) {
	if a.Factor == nil {
		return
	}
	if _, known := c.ctx.Seeds.Factor(a.Factor.List, a.Factor.Code); !known {
		c.hit("/content/factor", clip(a.Factor.List), a.Factor.Code)
	}
}

func injuryKnown(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		for i, code := range v.Injuries {
			injury, known := c.ctx.Seeds.SeriousInjury(seeds.InjuryListAnnexII, code)
			if !known || injury.IsGroup() {
				c.hit(at("/injuries/"+strconv.Itoa(i)), code)
			}
		}
	})
}

func injuryNamed(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if v.Severity == Serious && len(v.Injuries) == 0 {
			c.hit(at("/injuries"))
		}
	})
}

func communeVictims(c *check, a *Accident) {
	if a.Reporter.Type != CommuneReporter {
		return
	}
	a.eachVictim(func(at func(string) string, v *Victim) {
		if v.Employment == Contract {
			c.hit(at("/employment"))
		}
	})
}

func placeCommune(c *check, a *Accident) {
	if code := a.Place.CommuneCode; code != "" && !fiveDigits(code) {
		c.hit("/content/place/commune_code")
	}
}

func accidentIDVersion(c *check, a *Accident) {
	if v := a.AccidentID[6] >> 4; !a.AccidentID.IsZero() && v != 5 && v != 7 {
		c.hit("/content/accident_id")
	}
}

// codeForms keeps text, which may be about a person, out of members that travel in
// clear. Unknown codes alone are only warned about: the lists are not complete.
func codeForms(c *check, a *Accident) {
	const signs = ".-_"
	if a.Factor != nil && (!only(a.Factor.List, signs) || !only(a.Factor.Code, signs)) {
		c.hit("/content/factor")
	}
	a.eachVictim(func(at func(string) string, v *Victim) {
		for i, code := range v.Injuries {
			if !only(code, signs) {
				c.hit(at("/injuries/" + strconv.Itoa(i)))
			}
		}
	})
}

func occupationForm(c *check, a *Accident) {
	a.eachVictim(func(at func(string) string, v *Victim) {
		if !only(v.Occupation, ".") {
			c.hit(at("/occupation"))
		}
	})
}

// bySeverity counts victims: one who died weighs as much as two who are seriously
// injured.
func bySeverity(severity InjurySeverity, times int64) Term {
	t := among("/content/victims/*", "severity", string(severity))
	if times != 1 {
		t.Times = times
	}
	return t
}
