package web

import (
	"slices"
	"strconv"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"atvsld/analytics/indicator"
)

// Trouble says why the first page shows no figures.
type Trouble string

// The troubles.
const (
	NothingClosed Trouble = "nothing-closed"
	StoreSilent   Trouble = "store-silent"
	NoSuchYear    Trouble = "no-such-year"
	NotHere       Trouble = "not-here"
	NotYours      Trouble = "not-yours"
)

// Home is what the first page shows.
type Home struct {
	Lang          Lang
	Demonstration bool
	Version       string
	Year          int
	Years         []int // closed ones, the latest first
	Trouble       Trouble
	Visitor       Visitor
	// Live: the figures of this moment are shown; MayLive: they may be.
	Live, MayLive bool
	// LiveLinks lead to the live figures of the visitor's own areas, if those of the nation
	// are not his to see.
	LiveLinks []Link
	// Attainment of Year, by closed figures unless Live; nil with a Trouble.
	Attainment *indicator.Attainment
}

// homeView is Home as the template needs it.
type homeView struct {
	Home
	Targets   []targetView
	Provinces []provinceView
	Met       int
	DataUpTo  string
	Coverage  string
	// Retrospective: the year ended before the targets were set.
	Retrospective bool
}

// targetView is one target for the nation.
type targetView struct {
	ID, Name string
	Headline verdictView
	Methods  []verdictView
}

type provinceView struct {
	Name     string
	Code     string
	Verdicts []verdictView
}

// verdictView is one verdict in words and figures.
type verdictView struct {
	Verdict        indicator.Verdict
	Word           string
	Definition     string
	DefinitionID   string
	Headline       bool
	Previous       string
	Current        string
	Unit           string
	Counts         string // of a rate: the counts behind it
	Change         string
	Interval       string
	Limit          string
	Reason         string
	Flags          []flagView
	TargetID       string
	TargetName     string
	YearOfPrevious int
}

// flagView stands beside a verdict and is none.
type flagView struct{ Glyph, Text string }

// Title is the document's title.
func (v homeView) Title() string {
	title := v.Lang.T("Chỉ thị 31 có đạt không?", "Is Directive 31 being met?")
	if v.Year != 0 {
		title += " " + v.Lang.T("Năm ", "Year ") + strconv.Itoa(v.Year)
	}
	return title
}

// LangCode is for the html element.
func (v homeView) LangCode() string { return string(v.Lang) }

// T picks the text of the page's language.
func (v homeView) T(vi, en string) string { return v.Lang.T(vi, en) }

// OtherLang is the same page in the other language.
func (v homeView) OtherLang() string {
	address := "/plain?lang=" + v.Lang.T("en", "vi")
	return address + v.chosen()
}

// OtherView is the same page with live figures in place of closed ones, or back.
func (v homeView) OtherView() string {
	other := v
	other.Live = !v.Live
	return "/plain?lang=" + string(v.Lang) + other.chosen()
}

// chosen is the part of the address that says what is shown.
func (v homeView) chosen() string {
	address := ""
	if v.Year != 0 {
		address += "&year=" + strconv.Itoa(v.Year)
	}
	if v.Live {
		address += "&view=live"
	}
	return address
}

func (h Home) view() homeView {
	v := homeView{Home: h}
	if h.Attainment == nil {
		return v
	}
	for _, item := range h.Attainment.Items {
		switch item.Area.Level {
		case indicator.LevelNation:
			v.addNational(item)
		case indicator.LevelProvince:
			v.addProvincial(item)
		}
	}
	for _, target := range v.Targets {
		if target.Headline.Verdict == indicator.Met {
			v.Met++
		}
	}
	// As Vietnamese readers expect: Đà Nẵng stands after Cao Bằng, before Hà Nội.
	order := collate.New(language.Vietnamese)
	slices.SortStableFunc(v.Provinces, func(a, b provinceView) int { return order.CompareString(a.Name, b.Name) })
	return v
}

func (v *homeView) addNational(item indicator.Item) {
	if len(v.Targets) == 0 || v.Targets[len(v.Targets)-1].ID != item.Target.ID {
		v.Targets = append(v.Targets, targetView{ID: item.Target.ID, Name: v.targetName(item)})
	}
	target := &v.Targets[len(v.Targets)-1]
	shown := v.verdict(item)
	target.Methods = append(target.Methods, shown)
	if item.Definition.Headline {
		target.Headline = shown
	}
	if v.DataUpTo == "" && item.Current.AsOf != nil {
		v.DataUpTo = v.Lang.Moment(*item.Current.AsOf)
	}
	v.Retrospective = v.Retrospective || item.Retrospective
	if v.Coverage == "" {
		v.Coverage = v.coverage(item.Coverage)
	}
}

func (v *homeView) addProvincial(item indicator.Item) {
	if !item.Definition.Headline {
		return
	}
	if len(v.Provinces) == 0 || v.Provinces[len(v.Provinces)-1].Code != item.Area.Code {
		v.Provinces = append(v.Provinces, provinceView{Name: v.Lang.Text(item.Area.Name), Code: item.Area.Code})
	}
	province := &v.Provinces[len(v.Provinces)-1]
	province.Verdicts = append(province.Verdicts, v.verdict(item))
}

func (v *homeView) coverage(c indicator.Coverage) string {
	switch {
	case c.Value != nil:
		return v.Lang.Decimal(*c.Value*100, 1) + "%"
	case c.Reason != nil:
		return "– " + v.T(c.Reason.VI, c.Reason.EN)
	}
	return "–"
}

// targetName says a target of the Directive in few words; that of another plan as it is.
func (v *homeView) targetName(item indicator.Item) string {
	switch item.Target.ID {
	case "D31-1":
		return v.T("Tai nạn chết người giảm ít nhất 4%", "Fatal accidents down by at least 4%")
	case "D31-2":
		return v.T("Người được khám bệnh nghề nghiệp tăng ít nhất 5%", "Workers examined for occupational disease up by at least 5%")
	case "D31-3":
		return v.T("Cơ sở được quan trắc môi trường tăng ít nhất 5%", "Workplaces monitored up by at least 5%")
	}
	return v.Lang.Text(item.Target.Name)
}

func (v *homeView) verdict(item indicator.Item) verdictView {
	out := verdictView{
		Verdict: item.Verdict, Word: v.word(item.Verdict), Definition: v.Lang.Text(item.Definition.Text), DefinitionID: item.Definition.ID,
		Headline: item.Definition.Headline, Unit: v.Lang.Text(item.Unit), TargetID: item.Target.ID, TargetName: v.targetName(item),
		Previous: v.figure(item.Previous.Figure), Current: v.figure(item.Current.Figure),
		Counts: v.counts(item), Interval: v.interval(item.Ratio), Flags: v.flags(item), YearOfPrevious: item.Previous.Year,
	}
	if item.ChangePct != nil && item.Threshold != nil {
		out.Change = v.Lang.Change(*item.ChangePct, *item.Threshold)
	}
	if item.Limit != nil {
		out.Limit = v.limit(*item.Limit)
	}
	if item.Reason != nil {
		out.Reason = v.T(item.Reason.VI, item.Reason.EN)
	}
	return out
}

func (v *homeView) flags(item indicator.Item) []flagView {
	var flags []flagView
	if item.WithinNoise != nil && *item.WithinNoise {
		flags = append(flags, flagView{"~", v.T("Trong dao động ngẫu nhiên", "Within noise")})
	}
	if item.CoverageChanged != nil && *item.CoverageChanged {
		flags = append(flags, flagView{"⚑", v.T("Tỷ lệ báo cáo thay đổi", "Coverage changed")})
	}
	if item.FallWithCoverage != nil {
		flags = append(flags, flagView{"⚑", v.T(item.FallWithCoverage.VI, item.FallWithCoverage.EN)})
	}
	if item.Provisional {
		flags = append(flags, flagView{"○", v.T("Tạm tính", "Provisional")})
	}
	return flags
}

func (v *homeView) word(verdict indicator.Verdict) string {
	switch verdict {
	case indicator.Met:
		return v.T("Đạt", "Met")
	case indicator.NotMet:
		return v.T("Không đạt", "Not met")
	case indicator.Hidden:
		return v.T("Ẩn vì thông tin cá nhân", "Hidden for privacy")
	}
	return v.T("Chưa đánh giá được", "Not assessable")
}

// figure writes a value, or the count where there is no value; "–" when neither is known.
func (v *homeView) figure(f indicator.Figure) string {
	switch {
	case f.Value != nil && f.Denominator != nil:
		return v.Lang.Decimal(*f.Value, 2)
	case f.Numerator != nil:
		return v.Lang.Whole(*f.Numerator)
	}
	return "–"
}

// counts of a rate lead to what it was made of.
func (v *homeView) counts(item indicator.Item) string {
	p, c := item.Previous.Figure, item.Current.Figure
	if p.Denominator == nil || c.Denominator == nil || p.Numerator == nil || c.Numerator == nil {
		return ""
	}
	part := func(f indicator.Figure) string {
		return v.Lang.Whole(*f.Numerator) + "/" + v.Lang.Whole(*f.Denominator)
	}
	return part(p) + " → " + part(c)
}

// interval is that of the change in percent.
func (v *homeView) interval(ratio *indicator.Interval) string {
	if ratio == nil {
		return ""
	}
	upper := "∞"
	if ratio.Upper != nil {
		upper = v.Lang.Signed((*ratio.Upper-1)*100, 1) + "%"
	}
	return v.Lang.Signed((ratio.Lower-1)*100, 1) + "% … " + upper
}

func (v *homeView) limit(l indicator.Limit) string {
	if l.Bound == "at_most" {
		return v.T("nhiều nhất ", "at most ") + v.Lang.Whole(l.Count)
	}
	return v.T("ít nhất ", "at least ") + v.Lang.Whole(l.Count)
}
