package report

import (
	"strings"
	"unicode"
)

var baseRules = []rule[BaseFigures]{
	{must("BAS-001", sourcePlatform, Verified,
		"Phải nêu đúng một trong hai: tỉnh (province) hoặc cả nước (nation).",
		"Name either a province or the nation, and not both."), baseAreaOne},
	{must("BAS-002", sourceProvince, Verified,
		"Danh mục %s tỉnh không có mã “%s”.",
		"The list of %s provinces has no code “%s”."), baseProvince},
	{must("BAS-003", sourcePlatform, Verified,
		"Không có chỉ tiêu “%s”.",
		"There is no measure “%s”."), baseMeasureKnown},
	{must("BAS-004", sourcePlatform, Verified,
		"Số liệu này trùng với số liệu thứ %d: cùng chỉ tiêu, quan hệ lao động và ngành.",
		"This figure repeats figure no. %d: the same measure, employment and section."), baseFigureOnce},
	{must("BAS-005", sourcePlatform, Verified,
		"Mã nguồn chỉ gồm chữ thường không dấu, chữ số, dấu chấm và gạch nối.",
		"The code of a source has small letters, digits, dots and hyphens only."), baseSourceCode},
	{must("BAS-006", sourcePlatform, Verified,
		"Trích dẫn nguồn được công khai: không ghi địa chỉ thư điện tử hay dãy từ 9 chữ số trở lên.",
		"The citation is shown to everybody: no e-mail address and no run of 9 digits or more."), baseReference},
	{must("BAS-007", sourcePlatform, Verified,
		"“Số như đã in” chỉ gồm chữ số, dấu và đơn vị, không có dãy từ 9 chữ số liền nhau trở lên.",
		"The number as printed has digits, signs and a unit, and no run of 9 digits or more."), basePrinted},
	{must("BAS-008", sourcePlatform, Verified,
		"Chỉ tiêu “%s” không tách theo quan hệ lao động.",
		"Measure “%s” is not split by employment."), baseEmployment},
	{must("BAS-009", sourceDisease+"; "+sourceMonitor, Verified,
		"Chỉ tiêu “%s” chỉ có số liệu cả năm.",
		"Measure “%s” has yearly figures only."), baseHalfYear},
	{must("BAS-010", sourceVSIC, Secondary,
		"Ngành phải là mã ngành cấp 1 (một chữ cái) có trong hệ thống ngành %s.",
		"A sector is a section letter of VSIC %s."), baseSector},
	{warn("BAS-011", arithmetic+sourceDecree9, Verified,
		"Số liệu mâu thuẫn: %s (%d) lớn hơn %s (%d). Nhập đúng như đã in nếu bản in như vậy.",
		"The figures contradict each other: %s (%d) is more than %s (%d). Import what is printed, if it is printed so."), baseConsistent},
	{warn("BAS-012", arithmetic+sourcePlatform, Verified,
		"Tổng (%d) khác tổng của hai phần có và không có hợp đồng (%d).",
		"The total (%d) is not the sum of the parts with and without contract (%d)."), baseEmploymentSum},
	{confirm("BAS-013", sourcePlatform, Verified,
		"Số liệu là của tỉnh khác với tỉnh của cơ quan báo cáo.",
		"The figures are of another province than the reporting authority's."), baseOwnProvince},
	{suggest("BAS-014", sourcePlatform, Verified,
		"Số liệu chưa kiểm chứng chỉ được dùng khi không có nguồn nào tốt hơn.",
		"An unverified figure is used only where there is no better source."), baseVerified},
	{suggest("BAS-015", sourcePlatform, Verified,
		"Từ năm %d có báo cáo trên hệ thống: số liệu gốc chỉ được dùng nếu cả năm không có báo cáo nào.",
		"From %d on there are reports: base figures serve only if a year has no report at all."), baseBeforeReports},
}

func baseAreaOne(c *check, b *BaseFigures) {
	if b.Nation == (b.Province != nil) {
		c.hit("/content/nation")
	}
}

func baseProvince(c *check, b *BaseFigures) {
	if b.Province == nil || c.broken("/content/province") {
		return
	}
	if _, known := c.ctx.Seeds.Province(*b.Province); !known {
		c.hit("/content/province/code", b.Province.List, b.Province.Code)
	}
}

func baseMeasureKnown(c *check, b *BaseFigures) {
	for i := range b.Figures {
		if _, known := baseMeasure(b.Figures[i].Measure); !known {
			c.hit(figureAt(i)+"/measure", b.Figures[i].Measure)
		}
	}
}

// figureKey is what two figures of one import may not share.
type figureKey struct {
	measure, employment string
	sector              Industry
}

func (f *BaseFigure) key() figureKey { return figureKey{f.Measure, f.Employment, f.sector()} }

func baseFigureOnce(c *check, b *BaseFigures) {
	first := map[figureKey]int{}
	for i := range b.Figures {
		key := b.Figures[i].key()
		if at, there := first[key]; there {
			c.hit(figureAt(i)+"/measure", at+1)
			continue
		}
		first[key] = i
	}
}

func baseSourceCode(c *check, b *BaseFigures) {
	if code := b.Source.Code; !only(code, "-.") || code != strings.ToLower(code) {
		c.hit("/content/source/code")
	}
}

func baseReference(c *check, b *BaseFigures) {
	if strings.Contains(b.Source.Reference, "@") || longestDigits(b.Source.Reference) >= personalDigits {
		c.hit("/content/source/reference")
	}
}

func basePrinted(c *check, b *BaseFigures) {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" .,<>~≈%+-–", r)
	}
	for i := range b.Figures {
		if text := b.Figures[i].Printed; strings.ContainsFunc(text, odd) || longestDigits(text) >= personalDigits {
			c.hit(figureAt(i) + "/printed")
		}
	}
}

// personalDigits is the length from which a run of digits may be an identity number (9 or
// 12 digits) or a telephone.
const personalDigits = 9

// longestDigits is the longest run of digits in a text.
func longestDigits(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		if !unicode.IsDigit(r) {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

func baseEmployment(c *check, b *BaseFigures) {
	for i := range b.Figures {
		f := &b.Figures[i]
		if m, known := baseMeasure(f.Measure); known && f.Employment != "" && !m.ByEmployment {
			c.hit(figureAt(i)+"/employment", f.Measure)
		}
	}
}

func baseHalfYear(c *check, b *BaseFigures) {
	if !b.Period.HalfYear() || c.broken("/content/period") {
		return
	}
	for i := range b.Figures {
		if m, known := baseMeasure(b.Figures[i].Measure); known && !m.Half {
			c.hit(figureAt(i)+"/measure", m.Name)
		}
	}
}

func baseSector(c *check, b *BaseFigures) {
	for i := range b.Figures {
		sector := b.Figures[i].Sector
		if sector == nil || c.broken(figureAt(i)+"/sector") {
			continue
		}
		if _, known := c.ctx.Seeds.VSICSection(sector.Version, sector.Code); !known {
			c.hit(figureAt(i)+"/sector/code", sector.Version)
		}
	}
}

// baseOrders are the measures of which the first cannot be more than the second. Prints
// do contradict themselves, so a breach only warns.
var baseOrders = [...][2]string{
	{"fatal_accidents", "accidents"}, {"accidents_multi", "accidents"}, {"accidents", "victims"},
	{"women", "victims"}, {"deaths", "victims"}, {"serious", "victims"}, {"fatal_accidents", "deaths"},
	{"examined_persons", "examined_cases"}, {"samples_over", "samples"},
}

func baseConsistent(c *check, b *BaseFigures) {
	at := map[figureKey]int{}
	for i := range b.Figures {
		at[b.Figures[i].key()] = i
	}
	for i := range b.Figures {
		small := b.Figures[i].key()
		for _, order := range baseOrders {
			if order[0] != small.measure {
				continue
			}
			large := small
			large.measure = order[1]
			if j, there := at[large]; there && b.Figures[i].Value > b.Figures[j].Value {
				c.hit(figureAt(i)+"/value", baseTerm(small.measure), b.Figures[i].Value, baseTerm(large.measure), b.Figures[j].Value)
			}
		}
	}
}

func baseTerm(name string) term {
	m, _ := baseMeasure(name)
	return term{m.NameVI, m.NameEN}
}

func baseEmploymentSum(c *check, b *BaseFigures) {
	values := map[figureKey]uint64{}
	for i := range b.Figures {
		values[b.Figures[i].key()] = b.Figures[i].Value
	}
	for i := range b.Figures {
		f := &b.Figures[i]
		with, hasWith := values[figureKey{f.Measure, "contract", f.sector()}]
		without, hasWithout := values[figureKey{f.Measure, "no_contract", f.sector()}]
		if f.Employment == "" && hasWith && hasWithout && with+without != f.Value {
			c.hit(figureAt(i)+"/value", f.Value, with+without)
		}
	}
}

// baseOwnProvince: a former province belongs to the authority of what it became part of.
// The nation is everybody's.
func baseOwnProvince(c *check, b *BaseFigures) {
	if b.Province == nil || c.broken("/content/province") || c.broken("/content/reporter/province") {
		return
	}
	of, known := c.ctx.Seeds.To34(*b.Province)
	by, knownBy := c.ctx.Seeds.To34(b.Reporter.Province)
	if known && knownBy && of != by {
		c.hit("/content/province")
	}
}

func baseVerified(c *check, b *BaseFigures) {
	for i := range b.Figures {
		if b.Figures[i].Status == Unverified {
			c.hit(figureAt(i) + "/status")
		}
	}
}

func baseBeforeReports(c *check, b *BaseFigures) {
	if b.Period.Valid() {
		c.hit("/content/period", ours{firstYear})
	}
}
