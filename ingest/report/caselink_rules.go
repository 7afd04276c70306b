package report

import "strconv"

// sourceLink: the law says who declares and who counts; that the officer says which
// declarations are one accident is the platform's way of counting once.
const sourceLink = sourceLaw34 + ", 36; the platform's rules of filing"

var linkRules = []rule[Link]{
	{must("CAS-001", sourcePlatform, Verified,
		"Chỉ cơ quan quản lý lao động (labour) xác định các khai báo là một vụ, không phải “%s”.",
		"Only the labour authority (labour) finds declarations to be one accident, not “%s”."), linkedByLabour},
	{must("CAS-002", arithmetic+sourceLink, Verified,
		"Cần ít nhất hai khai báo, nhận được %d.",
		"At least two declarations are needed, %d was given."), linkedTwo},
	{must("CAS-003", sourcePlatform, Verified,
		"Khai báo thứ %d được nêu hai lần.",
		"Declaration no. %d is named twice."), linkedOnce},
	{must("CAS-004", sourcePlatform, Verified,
		"Khai báo phải được nêu bằng report_id (UUID phiên bản 5 hoặc 7).",
		"A declaration is named by its report_id (a UUID of version 5 or 7)."), linkedIDs},
	{must("CAS-005", arithmetic+sourceLink, Verified,
		"Ngày xác định (%s) ở sau ngày nộp (%s).",
		"The finding (%s) is dated after the day of filing (%s)."), linkedPast},
	{must("CAS-006", sourcePlatform, Verified,
		"Bí danh của nạn nhân gồm 32 chữ số thập lục phân viết thường, lấy từ nền tảng.",
		"A victim's pseudonym has 32 hexadecimal digits in lower case, as the platform shows it."), linkedVictims},
	{must("CAS-007", arithmetic+sourceLink, Verified,
		"Hai bí danh của một cặp nạn nhân trùng nhau.",
		"The two pseudonyms of a pair are the same."), linkedPair},
	{must("CAS-008", sourcePlatform, Verified,
		"Ngày xác định trước năm %d.",
		"The finding lies before %d."), linkedSince},
}

func linkedByLabour(c *check, l *Link) {
	if a := l.Reporter.Authority; a != "" && a != LabourAuthority {
		c.hit("/content/reporter/authority", a)
	}
}

func linkedTwo(c *check, l *Link) {
	if n := len(l.Declarations); n == 1 {
		c.hit("/content/declarations", ours{n})
	}
}

func linkedAt(i int) string { return "/content/declarations/" + strconv.Itoa(i) }

func linkedOnce(c *check, l *Link) {
	for i := range repeated(l.Declarations) {
		c.hit(linkedAt(i), ours{i + 1})
	}
}

func linkedIDs(c *check, l *Link) {
	for i, id := range l.Declarations {
		if !ofReport(id) {
			c.hit(linkedAt(i))
		}
	}
}

func linkedPast(c *check, l *Link) {
	if l.DecidedOn.After(c.filed) {
		c.hit("/content/decided_on", l.DecidedOn, c.filingDay())
	}
}

func linkedSince(c *check, l *Link) {
	if !l.DecidedOn.IsZero() && l.DecidedOn.Year() < firstEvent {
		c.hit("/content/decided_on", ours{firstEvent})
	}
}

func pairAt(i int, member string) string {
	return "/content/same_victims/" + strconv.Itoa(i) + "/" + member
}

// linkedVictims keeps names out of a member that travels in clear.
func linkedVictims(c *check, l *Link) {
	for i, pair := range l.SameVictims {
		if !isPseudonym(pair.Victim) {
			c.hit(pairAt(i, "victim"))
		}
		if !isPseudonym(pair.SameAs) {
			c.hit(pairAt(i, "same_as"))
		}
	}
}

func isPseudonym(text string) bool {
	for i := range len(text) {
		if b := text[i]; (b < '0' || b > '9') && (b < 'a' || b > 'f') {
			return false
		}
	}
	return len(text) == 32
}

func linkedPair(c *check, l *Link) {
	for i, pair := range l.SameVictims {
		if pair.Victim == pair.SameAs {
			c.hit(pairAt(i, "same_as"))
		}
	}
}
