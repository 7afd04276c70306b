package trend

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"

	"atvsld/analytics/indicator"
)

// MoverRules are the parameters of a ranking of changes.
type MoverRules struct {
	// Small is the number of events up to which a year's figure is flagged.
	Small int64
	// Level is the p-value below which a change is called one that chance seldom makes.
	Level float64
}

// DefaultMoverRules are those of the sources that [MoverRules.rules] names.
func DefaultMoverRules() MoverRules { return MoverRules{Small: 20, Level: 0.05} }

func (r MoverRules) rules() []Rule {
	return []Rule{
		{"rank", indicator.Text{
			VI: "Xếp theo xác suất chính xác của thay đổi khi tỷ lệ hai năm như nhau (nhị thức có điều kiện, hai phía: gấp đôi phía nhỏ hơn), không xếp theo phần trăm.",
			EN: "Ranked by the exact probability of the change if both years had the same rate (conditional binomial, two-sided: twice the smaller tail), never by percent.",
		}, "p_value", r.Level, "J. Przyborowski, H. Wilenski, Biometrika 31 (1940) 313-323; agrees with the interval of the ratio: below 0.05 exactly where the 95 % interval excludes 1", "S"},
		{"p_holm", indicator.Text{
			VI: "Xác suất đã điều chỉnh theo số so sánh: nhiều địa bàn, ngành được so cùng lúc thì ngẫu nhiên cũng tạo ra thay đổi lớn.",
			EN: "The probability adjusted for the number of comparisons: among many areas and sections chance alone makes some large changes.",
		}, "p_value", r.Level, "S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70", "S"},
		{"small_numbers", indicator.Text{
			VI: "Một trong hai năm có không quá số biến cố này: đọc số đếm trước, không đọc phần trăm.",
			EN: "One of the years has no more events than this: read the counts, not the percentage.",
		}, "events", float64(r.Small), "US Centers for Disease Control and Prevention, WISQARS: a rate of 20 or fewer deaths is unstable; here a choice", "CONVENTION"},
	}
}

// Movers are the areas and sections whose figure changed between two periods.
type Movers struct {
	Header
	From     string  `json:"from" doc:"Earlier period"`
	To       string  `json:"to" doc:"Later period"`
	Rules    []Rule  `json:"rules" nullable:"false" doc:"Rules that the ranking and the flags are told by"`
	Compared int     `json:"compared" doc:"Figures that both periods have, and that can be tested; p_holm counts all of them"`
	Movers   []Mover `json:"movers" nullable:"false" doc:"The least probable change first"`
	Unranked []Mover `json:"unranked" nullable:"false" doc:"What cannot be tested, with the reason"`
}

// Mover is one change.
type Mover struct {
	Rank         int                 `json:"rank,omitempty" doc:"1 is the least probable change; equally probable ones share a rank"`
	Direction    string              `json:"direction,omitempty" enum:"risen,fallen,unchanged" doc:"Of the rate; of a count, of the count"`
	PValue       *float64            `json:"p_value" doc:"Exact probability of such a change or a larger one if both periods had the same rate"`
	PHolm        *float64            `json:"p_holm" doc:"The same, adjusted for the number of comparisons"`
	Reason       *indicator.Reason   `json:"reason" doc:"Why the change cannot be tested"`
	SmallNumbers bool                `json:"small_numbers" doc:"A few events more or less would change the picture"`
	MixedSources bool                `json:"mixed_sources" doc:"One figure was imported and one counted from reports, which need not count alike"`
	ChangePct    *float64            `json:"change_pct" doc:"Change in percent; null when the earlier figure is 0, or one cannot be compared"`
	Ratio        *indicator.Interval `json:"ratio" doc:"95 % interval of the ratio of the later to the earlier figure"`
	Previous     indicator.Value     `json:"previous"`
	Current      indicator.Value     `json:"current"`
	// Records are set by the caller, who knows who asks.
	PreviousRecords string `json:"previous_records,omitempty" doc:"Where the reports of the earlier figure are, for those entitled"`
	CurrentRecords  string `json:"current_records,omitempty" doc:"Where the reports of the later figure are, for those entitled"`
}

// Directions of a change.
const (
	risen     = "risen"
	fallen    = "fallen"
	unchanged = "unchanged"
)

// RankMovers compares the first with the last period of a series, for each area and split.
func RankMovers(s *indicator.Series, rules MoverRules) *Movers {
	m := &Movers{Header: headerOf(s), Rules: rules.rules(), Movers: []Mover{}, Unranked: []Mover{}}
	untestable := judged(&s.Indicator)
	for _, line := range lines(s.Values) {
		one := rules.mover(line[0], line[len(line)-1], untestable)
		m.From, m.To = one.Previous.Period, one.Current.Period
		if one.Reason != nil {
			m.Unranked = append(m.Unranked, one)
			continue
		}
		m.Movers = append(m.Movers, one)
	}
	m.Compared = len(m.Movers)
	slices.SortFunc(m.Movers, byProbability)
	slices.SortFunc(m.Unranked, bySubject)
	rank(m.Movers)
	return m
}

// mover compares two values of one area and split.
func (r MoverRules) mover(previous, current indicator.Value, untestable *indicator.Reason) Mover {
	m := Mover{Previous: previous, Current: current}
	before, reasonBefore := whole(&previous)
	now, reasonNow := whole(&current)
	if m.Reason = cmp.Or(reasonBefore, reasonNow); m.Reason != nil {
		return m
	}
	m.Direction = map[int]string{1: risen, 0: unchanged, -1: fallen}[now.compare(before)]
	m.SmallNumbers = min(before.events, now.events) <= r.Small
	m.MixedSources = previous.Source != current.Source
	m.ChangePct, m.Ratio = current.ChangeFrom(previous.Figure)
	if m.Reason = untestable; m.Reason != nil {
		m.Ratio = nil
		return m
	}
	p := changeP(now, before)
	m.PValue = &p
	return m
}

// changeP is the two-sided exact p-value of two Poisson counts under one rate: given their sum
// n, the later one is binomial with the share p of its exposure. Of the two tails
//
//	P(X >= now)    = I(p; now, before + 1)
//	P(X <= now)    = I(1-p; before, now + 1)
//
// the smaller is doubled, as in the interval of the ratio (source: indicator.Figure.ChangeFrom).
func changeP(now, before counts) float64 {
	if now.events+before.events == 0 {
		return 1
	}
	all := float64(now.exposure) + float64(before.exposure)
	return min(1, 2*min(
		binomialTail(now.events, before.events, float64(now.exposure)/all),
		binomialTail(before.events, now.events, float64(before.exposure)/all)))
}

// binomialTail is P(X >= k) of k + rest trials with probability p.
func binomialTail(k, rest int64, p float64) float64 {
	if k == 0 {
		return 1
	}
	return mathext.RegIncBeta(float64(k), float64(rest)+1, p)
}

// distance tells changes apart whose p-values are too small for a float64: how many standard
// deviations the later count lies from its expectation, given the sum.
func distance(m *Mover) float64 {
	now, _ := whole(&m.Current)
	before, _ := whole(&m.Previous)
	n := float64(now.events) + float64(before.events)
	if n == 0 {
		return 0
	}
	p := float64(now.exposure) / (float64(now.exposure) + float64(before.exposure))
	return math.Abs(float64(now.events)-n*p) / math.Sqrt(n*p*(1-p))
}

// byProbability orders changes: the least probable first, then the more distant one, then by
// subject, so that ties stand in the same order whatever order they came in.
func byProbability(a, b Mover) int {
	return cmp.Or(cmp.Compare(*a.PValue, *b.PValue), cmp.Compare(distance(&b), distance(&a)), bySubject(a, b))
}

func bySubject(a, b Mover) int { return subjectOf(&a.Current).compare(subjectOf(&b.Current)) }

// rank numbers sorted changes and adjusts their p-values after Holm: the i-th smallest of n
// counts n-i+1 times, and no less than the one before it.
func rank(sorted []Mover) {
	adjusted := 0.0
	for i := range sorted {
		m := &sorted[i]
		m.Rank = i + 1
		if i > 0 && *m.PValue == *sorted[i-1].PValue && distance(m) == distance(&sorted[i-1]) {
			m.Rank = sorted[i-1].Rank
		}
		adjusted = max(adjusted, min(1, *m.PValue*float64(len(sorted)-i)))
		holm := adjusted
		m.PHolm = &holm
	}
}
