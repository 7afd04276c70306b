package report

import (
	"strconv"

	"atvsld/seeds"
)

func registeredUnit(r *Registration) (*UnitRef, string) {
	return &r.Registered.UnitRef, "/content/registered"
}

var registrationRules = append(unitRules("REG", registeredUnit), []rule[Registration]{
	{must("REG-007", sourcePlatform, Verified,
		"Ngày kết thúc (%s) ở trước ngày bắt đầu (%s).",
		"The last day (%s) is before the first (%s)."), spansForward},
	{must("REG-008", sourceProvince, Verified,
		"Danh mục tỉnh “%s” không có hiệu lực ngày %s; cần danh mục “%s”.",
		"The list of provinces “%s” was not in force on %s; list “%s” is wanted."), stayList},
	{must("REG-009", sourceProvince, Verified,
		"Danh mục %s tỉnh không có mã “%s”.",
		"The list of %s provinces has no code “%s”."), stayCode},
	{must("REG-010", sourcePlatform, Verified,
		"Trụ sở chính không thể ở hai tỉnh cùng ngày %s.",
		"The head office cannot be in two provinces on %s."), oneHeadOffice},
	{warn("REG-011", sourcePlatform, Verified,
		"Không rõ tỉnh đặt trụ sở chính ngày %s, khi đơn vị đang hoạt động.",
		"The province of the head office on %s, when the unit is active, is not known."), headOfficeKnown},
	{must("REG-012", sourcePlatform, Verified,
		"Số hiệu địa điểm phải gồm 1 đến 10 chữ cái, chữ số hoặc gạch nối, bắt đầu bằng chữ cái hoặc chữ số.",
		"A site number has 1 to 10 letters, digits or hyphens and starts with a letter or digit."), siteNumbers},
	{must("REG-013", sourcePlatform, Verified,
		"Địa điểm “%s” không thể ở hai nơi cùng ngày %s.",
		"Site “%s” cannot be in two places on %s."), oneSite},
	{must("REG-014", sourceTaxCode, Verified,
		"Chỉ đơn vị mang mã số thuế gốc mới báo cáo thay chi nhánh của mình.",
		"Only the unit with the tax code that a branch's begins with reports for the branch."), coveredByParent},
	{must("REG-015", sourcePlatform, Verified,
		"Năm %d được nêu hai lần.",
		"The year %d is given twice."), workersOnce},
	{must("REG-016", sourcePlatform, Verified,
		"Năm phải từ %d đến năm nay (%d).",
		"A year is from %d to this one (%d)."), workersYear},
	{must("REG-017", sourcePlatform, Verified,
		"Mã chỉ gồm chữ cái, chữ số, dấu chấm và gạch nối.",
		"A code has letters, digits, dots and hyphens only."), registerCodes},
	{must("REG-018", sourcePlatform, Verified,
		"Mục này không dành cho đơn vị loại “%s”.",
		"This member is not for a unit of type “%s”."), registerOnlyOwn},
	{warn("REG-019", sourcePlatform, Verified,
		"Trụ sở chính không ở tỉnh của cơ quan ghi sổ.",
		"No head office of the unit is in the province of the authority that registers it."), registeredAtHome},
	{suggest("REG-020", sourcePlatform, Verified,
		"Chưa nêu ngành kinh tế của cơ sở.",
		"The industry of the establishment is missing."), registeredIndustry},
}...)

// spans calls f with every span and where it stands.
func (r *Registration) spans(f func(at string, s *Span)) {
	f("/content/active", &r.Active)
	each := func(list string, n int, of func(int) *Span) {
		for i := range n {
			f("/content/"+list+"/"+strconv.Itoa(i), of(i))
		}
	}
	each("head_office", len(r.HeadOffice), func(i int) *Span { return &r.HeadOffice[i].Span })
	each("sites", len(r.Sites), func(i int) *Span { return &r.Sites[i].Span })
	each("hazard", len(r.Hazard), func(i int) *Span { return &r.Hazard[i] })
	each("strict_jobs", len(r.StrictJobs), func(i int) *Span { return &r.StrictJobs[i] })
	each("covered", len(r.Covered), func(i int) *Span { return &r.Covered[i].Span })
}

func spansForward(c *check, r *Registration) {
	r.spans(func(at string, s *Span) {
		if !s.To.IsZero() && s.To.Before(s.From) {
			c.hit(at+"/to", s.To, s.From)
		}
	})
}

// stays calls f with every stay and where it stands.
func (r *Registration) stays(f func(at string, s *Stay)) {
	for i := range r.HeadOffice {
		f("/content/head_office/"+strconv.Itoa(i), &r.HeadOffice[i])
	}
	for i := range r.Sites {
		f("/content/sites/"+strconv.Itoa(i), &r.Sites[i].Stay)
	}
}

func stayList(c *check, r *Registration) {
	r.stays(func(at string, s *Stay) {
		if s.From.IsZero() {
			return
		}
		if want := c.ctx.Seeds.ProvinceListOn(s.From); s.Province.List != want {
			c.hit(at+"/province/list", s.Province.List, s.From, ours{want})
		}
	})
}

func stayCode(c *check, r *Registration) {
	r.stays(func(at string, s *Stay) {
		if _, known := c.ctx.Seeds.Province(s.Province); !known && !c.broken(at+"/province") {
			c.hit(at+"/province/code", s.Province.List, s.Province.Code)
		}
	})
}

// meet returns the first day that both spans hold, zero if there is none.
func (s *Span) meet(o *Span) seeds.Date {
	first := s.From
	if o.From.After(first) {
		first = o.From
	}
	if s.holds(first) && o.holds(first) {
		return first
	}
	return seeds.Date{}
}

func (s *Span) holds(day seeds.Date) bool {
	return !day.Before(s.From) && (s.To.IsZero() || !day.After(s.To))
}

func oneHeadOffice(c *check, r *Registration) {
	for i := range r.HeadOffice {
		for j := range i {
			if day := r.HeadOffice[i].meet(&r.HeadOffice[j].Span); !day.IsZero() {
				c.hit("/content/head_office/"+strconv.Itoa(i)+"/from", day)
				break
			}
		}
	}
}

// headOfficeKnown follows the stays from the first active day on and reports the first
// day that none of them holds.
func headOfficeKnown(c *check, r *Registration) {
	day := r.Active.From
	if day.IsZero() || c.broken("/content/head_office") {
		return
	}
	for range r.HeadOffice {
		i := 0
		for i < len(r.HeadOffice) && !r.HeadOffice[i].holds(day) {
			i++
		}
		if i == len(r.HeadOffice) {
			break
		}
		if r.HeadOffice[i].To.IsZero() {
			return
		}
		day = r.HeadOffice[i].To.AddDays(1)
	}
	if r.Active.holds(day) {
		c.hit("/content/head_office", day)
	}
}

func siteNumbers(c *check, r *Registration) {
	for i := range r.Sites {
		if !siteForm(r.Sites[i].Site) {
			c.hit("/content/sites/" + strconv.Itoa(i) + "/site")
		}
	}
}

func oneSite(c *check, r *Registration) {
	seen := make(map[string][]*Span, len(r.Sites))
	for i := range r.Sites {
		number := canonicalSite(r.Sites[i].Site)
		for _, other := range seen[number] {
			if day := r.Sites[i].meet(other); !day.IsZero() {
				c.hit("/content/sites/"+strconv.Itoa(i)+"/from", number, day)
				break
			}
		}
		seen[number] = append(seen[number], &r.Sites[i].Span)
	}
}

// coveredByParent: the report of another taxpayer never replaces the unit's own.
func coveredByParent(c *check, r *Registration) {
	code := r.Registered.TaxCode
	for i := range r.Covered {
		if by := r.Covered[i].By; !code.IsBranch() || by != code.Base() {
			c.hit("/content/covered/" + strconv.Itoa(i) + "/by")
		}
	}
}

func workersOnce(c *check, r *Registration) {
	seen := make(map[uint32]bool, len(r.Workers))
	for i := range r.Workers {
		if seen[r.Workers[i].Year] {
			c.hit("/content/workers/"+strconv.Itoa(i)+"/year", r.Workers[i].Year)
		}
		seen[r.Workers[i].Year] = true
	}
}

func workersYear(c *check, r *Registration) {
	for i := range r.Workers {
		if year := int(r.Workers[i].Year); year < firstYear || year > c.filed.Year() {
			c.hit("/content/workers/"+strconv.Itoa(i)+"/year", ours{firstYear}, c.filingYear())
		}
	}
}

// filingYear is the year of [check.filingDay].
func (c *check) filingYear() any {
	if c.s.ReceivedAt.IsZero() {
		return ours{c.filed.Year()}
	}
	return c.filed.Year()
}

func registerCodes(c *check, r *Registration) {
	if !only(r.SizeClass, ".-") {
		c.hit("/content/size_class")
	}
	if !only(r.Registered.EstablishmentType, ".-") {
		c.hit("/content/registered/establishment_type")
	}
}

func registerOnlyOwn(c *check, r *Registration) {
	t := r.Registered.Type
	if t == "" {
		return
	}
	if len(r.Services) > 0 && t != Clinic && t != ServiceBody {
		c.hit("/content/services", t)
	}
	if t.taxpayer() {
		return
	}
	if r.Industry != nil {
		c.hit("/content/industry", t)
	}
	if len(r.Covered) > 0 {
		c.hit("/content/covered", t)
	}
}

func registeredAtHome(c *check, r *Registration) {
	home, known := c.ctx.Seeds.To34(r.Reporter.Province)
	if !known || len(r.HeadOffice) == 0 {
		return
	}
	for i := range r.HeadOffice {
		if at, known := c.ctx.Seeds.To34(r.HeadOffice[i].Province); !known || at == home {
			return
		}
	}
	c.hit("/content/head_office")
}

func registeredIndustry(c *check, r *Registration) {
	if r.Registered.Type == Establishment && r.Industry == nil {
		c.hit("/content/industry")
	}
}
