package report

import (
	"strconv"
	"strings"
	"unicode"

	"atvsld/seeds"
)

const sourceOfficers = "Resolution 19/NQ-CP I.2"

// mostAtCourse is how many persons a course may have on average before the filer is
// asked: a parameter, no text.
const mostAtCourse = 1_000

// noDistricts is the day from which there is no district.
var noDistricts = seeds.MustDate(2025, 7, 1)

var trainingRules = []rule[Training]{
	{must("TRA-001", sourcePlatform, Verified,
		"Cơ quan nhà nước lập báo cáo này phải là cơ quan lao động, không phải “%s”.",
		"The authority that makes this report is that of labour, not “%s”."), trainingAuthority},
	{must("TRA-002", sourcePlatform, Verified,
		"Tổ chức huấn luyện phải nêu các khóa huấn luyện (courses).",
		"A training body tells of its courses (courses)."), bodyHasCourses},
	{must("TRA-003", sourceOfficers, Verified,
		"Cơ quan lao động phải nêu cán bộ ở địa phương (local_officers).",
		"A labour authority tells of local officers (local_officers)."), authorityHasOfficers},
	{must("TRA-004", sourcePlatform, Verified,
		"Mục này không dành cho người báo cáo loại “%s”.",
		"This member is not for a reporter of type “%s”."), trainingOwnMembers},
	{must("TRA-005", arithmetic+sourceTraining, Verified,
		"Số giấy chứng nhận đã cấp (%d) nhiều hơn số lượt người được huấn luyện (%d).",
		"More certificates issued (%d) than persons trained (%d)."), certifiedTrained},
	{must("TRA-006", sourceTraining, Secondary,
		"Nhóm %s ở cùng một tỉnh được nêu hai lần.",
		"Group %s in the same province is given twice."), courseOnce},
	{must("TRA-007", sourceProvince, Verified,
		"Danh mục tỉnh “%s” không có hiệu lực ngày %s; cần danh mục “%s”.",
		"The list of provinces “%s” was not in force on %s; list “%s” is wanted."), courseProvinceList},
	{must("TRA-008", sourceProvince, Verified,
		"Danh mục %s tỉnh không có mã “%s”.",
		"The list of %s provinces has no code “%s”."), courseProvinceCode},
	{must("TRA-009", arithmetic+sourceTraining, Verified,
		"Có %d lượt người được huấn luyện nhưng không có khóa nào.",
		"There are %d persons trained, but no course."), courseThere},
	{confirm("TRA-010", sourceBounds, Unverified,
		"Bình quân %d người một khóa, nhiều hơn %d.",
		"%d persons at a course are more than %d."), courseSize},
	{must("TRA-011", arithmetic+sourceTraining, Verified,
		"Giấy chứng nhận cấp trong năm không thể hết hạn ngày %s, trước năm báo cáo (%s).",
		"A certificate issued within the year cannot run out on %s, before that year (%s)."), certificateAfterYear},
	{warn("TRA-012", sourceTraining, Unverified,
		"Ngày hết hạn %s muộn hơn %d năm kể từ năm báo cáo.",
		"The certificates run out on %s, more than %d years after the year."), certificateValidity},
	{must("TRA-013", arithmetic+sourceOfficers, Verified,
		"Số cán bộ đã huấn luyện (%d) nhiều hơn tổng số cán bộ (%d).",
		"More officers trained (%d) than officers (%d)."), officersTrained},
	{must("TRA-014", sourceOfficers, Verified,
		"Cấp “%s” được nêu hai lần.",
		"Level “%s” is given twice."), officersOnce},
	{since(noDistricts, must("TRA-015", sourceProvince, Secondary,
		"Từ ngày 01/7/2025 không còn cấp huyện.",
		"There are no districts from 1 July 2025 on.")), officersDistrict},
	{must("TRA-016", sourcePlatform, Verified,
		"Số giấy chứng nhận đủ điều kiện chỉ gồm chữ cái, chữ số và các dấu / . -",
		"The number of the certificate of eligibility has letters, digits and / . - only."), trainingLicenceForm},
	{suggest("TRA-017", "Decree 44/2016/ND-CP", Unverified,
		"Chưa nêu số giấy chứng nhận đủ điều kiện của tổ chức huấn luyện.",
		"The number of the body's certificate of eligibility is missing."), trainingLicence},
}

// since makes a rule hold from a day on.
func since(day seeds.Date, r RuleInfo) RuleInfo {
	r.ValidFrom = day
	return r
}

func trainingAuthority(c *check, t *Training) {
	if a := t.Reporter.Authority; t.Reporter.Type == AuthorityReporter && a != "" && a != LabourAuthority {
		c.hit("/content/reporter/authority", a)
	}
}

func bodyHasCourses(c *check, t *Training) {
	if t.Reporter.Type == ServiceBody && len(t.Courses) == 0 {
		c.hit("/content/courses")
	}
}

func authorityHasOfficers(c *check, t *Training) {
	if t.Reporter.Type == AuthorityReporter && len(t.LocalOfficers) == 0 {
		c.hit("/content/local_officers")
	}
}

func trainingOwnMembers(c *check, t *Training) {
	if t.Reporter.Type == AuthorityReporter && len(t.Courses) > 0 {
		c.hit("/content/courses", t.Reporter.Type)
	}
	if t.Reporter.Type == ServiceBody && len(t.LocalOfficers) > 0 {
		c.hit("/content/local_officers", t.Reporter.Type)
	}
}

func courseAt(i int) string { return "/content/courses/" + strconv.Itoa(i) }

func certifiedTrained(c *check, t *Training) {
	for i := range t.Courses {
		c.more(courseAt(i)+"/certified", t.Courses[i].Certified, courseAt(i)+"/trained", t.Courses[i].Trained)
	}
}

func courseOnce(c *check, t *Training) {
	for i := range t.Courses {
		for j := range i {
			if t.Courses[j].Province == t.Courses[i].Province && t.Courses[j].Group == t.Courses[i].Group {
				c.hit(courseAt(i)+"/group", t.Courses[i].Group)
				break
			}
		}
	}
}

func courseProvinceList(c *check, t *Training) {
	for i := range t.Courses {
		c.rowProvinceList(courseAt(i)+"/province", t.Courses[i].Province)
	}
}

// rowProvinceList is what provinceList is for the head: rows of a periodic report are
// written in the list in force on the day of filing.
func (c *check) rowProvinceList(at string, ref seeds.ProvinceRef) {
	if want := c.ctx.Seeds.ProvinceListOn(c.filed); ref.List != want {
		c.hit(at+"/list", ref.List, c.filingDay(), ours{want})
	}
}

func courseProvinceCode(c *check, t *Training) {
	for i := range t.Courses {
		c.rowProvinceCode(courseAt(i)+"/province", t.Courses[i].Province)
	}
}

func (c *check) rowProvinceCode(at string, ref seeds.ProvinceRef) {
	if _, known := c.ctx.Seeds.Province(ref); !known && !c.broken(at) {
		c.hit(at+"/code", ref.List, ref.Code)
	}
}

func courseThere(c *check, t *Training) {
	for i := range t.Courses {
		if t.Courses[i].Courses == 0 && t.Courses[i].Trained > 0 && !c.broken(courseAt(i)+"/trained") {
			c.hit(courseAt(i)+"/courses", t.Courses[i].Trained)
		}
	}
}

func courseSize(c *check, t *Training) {
	for i := range t.Courses {
		row := &t.Courses[i]
		if row.Courses > 0 && row.Trained/row.Courses > mostAtCourse && !c.broken(courseAt(i)+"/courses") {
			c.hit(courseAt(i)+"/trained", row.Trained/row.Courses, ours{mostAtCourse})
		}
	}
}

func certificateAfterYear(c *check, t *Training) {
	if !t.Period.Valid() || c.broken("/content/period") {
		return
	}
	for i := range t.Courses {
		if day := t.Courses[i].ValidUntil; !day.IsZero() && day.Year() < t.Period.Year() {
			c.hit(courseAt(i)+"/valid_until", day, t.Period)
		}
	}
}

func certificateValidity(c *check, t *Training) {
	if !t.Period.Valid() || c.broken("/content/period") {
		return
	}
	for i := range t.Courses {
		group, known := c.ctx.Seeds.TrainingGroupOn(t.Courses[i].Group, t.Period.End())
		day := t.Courses[i].ValidUntil
		if known && !day.IsZero() && day.Year() > t.Period.Year()+group.ValidYears {
			c.hit(courseAt(i)+"/valid_until", day, ours{group.ValidYears})
		}
	}
}

func officersAt(i int) string { return "/content/local_officers/" + strconv.Itoa(i) }

func officersTrained(c *check, t *Training) {
	for i := range t.LocalOfficers {
		c.more(officersAt(i)+"/trained", t.LocalOfficers[i].Trained, officersAt(i)+"/total", t.LocalOfficers[i].Total)
	}
}

func officersOnce(c *check, t *Training) {
	for i := range t.LocalOfficers {
		for j := range i {
			if t.LocalOfficers[j].Level == t.LocalOfficers[i].Level && t.LocalOfficers[i].Level != "" {
				c.hit(officersAt(i)+"/level", t.LocalOfficers[i].Level)
				break
			}
		}
	}
}

func officersDistrict(c *check, t *Training) {
	for i := range t.LocalOfficers {
		if t.LocalOfficers[i].Level == "district" {
			c.hit(officersAt(i) + "/level")
		}
	}
}

func trainingLicenceForm(c *check, t *Training) {
	if !plainNumber(t.Licence) {
		c.hit("/content/licence")
	}
}

func trainingLicence(c *check, t *Training) {
	if t.Licence == "" && t.Reporter.Type == ServiceBody {
		c.hit("/content/licence")
	}
}

// plainNumber keeps text out of the number of a document, which travels in clear.
func plainNumber(number string) bool {
	return !strings.ContainsFunc(number, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/.-", r)
	})
}
