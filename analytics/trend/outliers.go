package trend

import (
	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
)

// OutlierRules are the parameters by which reports of establishments look odd. None of them has
// a source in law: each is a choice, to be set by those who follow up.
type OutlierRules struct {
	// Years is how many years in a row without an accident are looked at.
	Years int
	// Fall is the part of the workers, in percent, of which more must be gone within a year.
	Fall int64
	// Shrinking is how many workers there must have been before, so that small establishments
	// do not fill the list.
	Shrinking int64
	// Large is from how many workers, reported or registered, no accident in all the years is odd.
	Large int64
	// Victims is from how many victims a report is compared with the rate of its section.
	Victims int64
	// Level is that of the limit of the section's rate.
	Level float64
}

// DefaultOutlierRules are those of this platform.
func DefaultOutlierRules() OutlierRules {
	return OutlierRules{Years: 3, Fall: 50, Shrinking: 50, Large: 300, Victims: 3, Level: DefaultLevels().Action}
}

// The rules of outliers.
const (
	ruleShrank  = "shrank_without_accident"
	ruleSilent  = "large_without_accident"
	ruleSection = "above_section_rate"
)

// Rules tells the rules with their parameters.
func (r OutlierRules) Rules() []Rule {
	const choice = "a choice of this platform"
	return []Rule{
		{ruleShrank, indicator.Text{
			VI: "Số lao động báo cáo giảm quá tỷ lệ này trong một năm mà không có tai nạn nào trong mọi năm được xem.",
			EN: "The reported workers fell by more than this in a year, and no accident was reported in any of the years looked at.",
		}, "percent", float64(r.Fall), choice, "CONVENTION"},
		{"shrank_from", indicator.Text{
			VI: "Chỉ xét cơ sở năm trước có từ số lao động này.",
			EN: "Only establishments with so many workers the year before.",
		}, "workers", float64(r.Shrinking), choice + "; Decree 39/2016/ND-CP Art. 36 has a class of establishments from 50 workers", "CONVENTION"},
		{ruleSilent, indicator.Text{
			VI: "Cơ sở lớn (theo báo cáo hoặc sổ đăng ký) không báo cáo tai nạn nào trong mọi năm được xem.",
			EN: "A large establishment, by its report or by the register, that reported no accident in any of the years looked at.",
		}, "workers", float64(r.Large), choice + "; Decree 39/2016/ND-CP Art. 36 has a class of establishments from 300 workers", "CONVENTION"},
		{"years", indicator.Text{
			VI: "Số năm liên tiếp được xem; cơ sở phải có báo cáo của mọi năm.",
			EN: "Years in a row that are looked at; all of them must have been reported.",
		}, "years", float64(r.Years), choice, "CONVENTION"},
		{ruleSection, indicator.Text{
			VI: "Số người bị nạn trong báo cáo năm cuối vượt giới hạn trên chính xác (Poisson) theo tỷ lệ cả nước của ngành, năm đã chốt gần nhất.",
			EN: "The victims in the last year's report exceed the exact upper limit (Poisson) of the nation's rate of its section in the latest closed year.",
		}, "level", r.Level, choice + "; limits: " + sourceLimits, "CONVENTION"},
		{"victims_from", indicator.Text{
			VI: "Chỉ xét báo cáo có từ số người bị nạn này: một tai nạn ở cơ sở rất nhỏ luôn vượt tỷ lệ của ngành.",
			EN: "Only reports with so many victims: one accident in a very small establishment exceeds any rate.",
		}, "victims", float64(r.Victims), choice, "CONVENTION"},
	}
}

// Query chooses the establishments that the rules may say something of, of the years up to one.
func (r OutlierRules) Query(year int) store.YearlyQuery {
	return store.YearlyQuery{From: year - r.Years + 1, To: year, Large: r.Large, Shrinking: r.Shrinking, Fall: r.Fall, Victims: r.Victims}
}

// Oddity is one rule that the reports of an establishment break.
type Oddity struct {
	Rule     string   `json:"rule" enum:"shrank_without_accident,large_without_accident,above_section_rate"`
	Expected *float64 `json:"expected" doc:"Victims expected at the rate of the section; null for the other rules"`
	Limit    *float64 `json:"limit" doc:"The exact upper limit of that; null for the other rules"`
}

// SectionRates are the nation's victims per worker by section of VSIC ("2025:F").
type SectionRates map[string]counts

// RatesOf reads the rates of sections from a series of one period that is split by section.
func RatesOf(s *indicator.Series) SectionRates {
	rates := SectionRates{}
	for _, v := range s.Values {
		if c, ok := countsOf(v.Figure); ok && v.VSIC != nil && c.events > 0 {
			rates[v.VSIC.Version+":"+v.VSIC.Code] = c
		}
	}
	return rates
}

// Judge finds the rules that the reports of an establishment break, in the order of the rules.
func (r OutlierRules) Judge(y *store.Yearly, year int, rates SectionRates) []Oddity {
	found := []Oddity{}
	now, before := reportOf(y, year), reportOf(y, year-1)
	if now == nil {
		return found
	}
	silent := r.silent(y, year)
	if silent && before != nil && before.Workers >= r.Shrinking && now.Workers*100 < before.Workers*(100-r.Fall) {
		found = append(found, Oddity{Rule: ruleShrank})
	}
	if silent && max(now.Workers, y.Registered) >= r.Large {
		found = append(found, Oddity{Rule: ruleSilent})
	}
	rate, known := rates[y.VSICVersion+":"+y.VSICSection]
	if known && now.Victims >= r.Victims {
		mean, tail := rate.value(now.Workers), (1-r.Level)/2
		if atLeast(float64(now.Victims), mean) < tail {
			limit := upperLimit(mean, tail)
			found = append(found, Oddity{ruleSection, &mean, &limit})
		}
	}
	return found
}

// silent: every year that is looked at was reported, and without an accident.
func (r OutlierRules) silent(y *store.Yearly, last int) bool {
	for year := last - r.Years + 1; year <= last; year++ {
		if one := reportOf(y, year); one == nil || one.Accidents > 0 {
			return false
		}
	}
	return true
}

func reportOf(y *store.Yearly, year int) *store.YearReport {
	for i := range y.Years {
		if y.Years[i].Year == year {
			return &y.Years[i]
		}
	}
	return nil
}
