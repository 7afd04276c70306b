package indicator

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"atvsld/analytics/store"
)

// Explanation says how one value came about: the definition, the formula with the numbers put
// in, and which reports are counted and which are not.
type Explanation struct {
	Indicator     Definition `json:"indicator"`
	Commuting     bool       `json:"include_commuting" doc:"Whether accidents on the way to and from work are in the value"`
	Demonstration bool       `json:"demonstration" doc:"Whether these are demonstration data. Set by the caller, who knows the store"`
	View          View       `json:"view" enum:"live,closed"`
	Value         Value      `json:"value" doc:"The value, as its series has it"`
	Calculation   *string    `json:"calculation" doc:"The formula with the numbers put in, as in 574 x 100000 / 23000000 = 2.495652; null when there is no value"`
	Terms         []Term     `json:"terms" nullable:"false" doc:"Sums of measures that the value is made of; none of a value from imported base figures, whose origin stands with the value"`
	Sources       []Counting `json:"sources" nullable:"false" doc:"Kinds of report that were looked at; none of shares of the register, whose units /v1/obligations lists, nor of medical facilities"`
}

// Roles of a term and of a source.
const (
	RoleNumerator   = "numerator"
	RoleDenominator = "denominator"
)

// Term is the sum of one measure.
type Term struct {
	Role    string `json:"role" enum:"numerator,denominator"`
	Measure string `json:"measure" doc:"Measure, as the definition names it"`
	// Employment is empty for all.
	Employment []Employment `json:"employment" nullable:"false" doc:"Only workers of these employment relationships; empty is all"`
	Sum        int64        `json:"sum" doc:"Negative where the measure is taken off"`
}

// Counting says of one source which of its reports are counted. Each filing – one revision of a
// report with one content – is counted or left out for one reason, so that filed is the sum of
// all.
type Counting struct {
	Roles   []string  `json:"roles" nullable:"false" doc:"What the source is read for: numerator, denominator"`
	Kinds   []string  `json:"kinds" nullable:"false" doc:"Kinds of report"`
	Measure string    `json:"measure" doc:"Measure whose sum counted is: one a report, of accident declarations one an accident"`
	Filed   *int64    `json:"filed" doc:"Filings of these kinds, of the year and area; null when only counted may be told"`
	Counted *int64    `json:"counted" doc:"Filings that the value is made of, whether or not they add to it"`
	Left    []LeftOut `json:"left_out" nullable:"false" doc:"Filings that are not counted, by reason"`
	Reason  *Reason   `json:"reason" doc:"Why numbers are null"`
	Reports string    `json:"reports,omitempty" doc:"Where the counted reports are listed, for who may read them"`
}

// LeftOut is how many filings are not counted for one reason.
type LeftOut struct {
	Fate    store.Fate `json:"code" enum:"late,conflict,superseded,withdrawn,joined,outside_period,covered,commuting,other_employment,not_listed" doc:"Stable code of the reason"`
	VI      string     `json:"vi"`
	EN      string     `json:"en"`
	Filings int64      `json:"filings"`
	Reports string     `json:"reports,omitempty" doc:"Where the reports are listed, for who may read them"`
}

// notListed are the filings of a closed figure that were the newest of their report and yet not
// counted: a closing keeps sums, not lists.
const notListed store.Fate = "not_listed"

// fateTexts are the reasons for which a filing is left out, in the order in which they are told.
var fateTexts = []struct {
	fate store.Fate
	Text
}{
	{store.Late, Text{"Nhận sau khi chốt số liệu.", "Received after the figures were closed."}},
	{store.Conflict, Text{"Trùng số lần nộp với nội dung khác đã nhận trước.", "Another content of the same revision, or another report of the same id, was received first."}},
	{store.Superseded, Text{"Đã được thay bằng lần nộp sau.", "Superseded by a later revision."}},
	{store.Withdrawn, Text{"Đã rút.", "Withdrawn."}},
	{store.Joined, Text{"Cùng một vụ tai nạn với một khai báo nhận trước.", "Another declaration of the same accident was received before it and tells of it."}},
	{store.OutsidePeriod, Text{"Thuộc kỳ khác trong năm.", "Of another period of the year."}},
	{store.Covered, Text{"Đã tính trong báo cáo của đơn vị cấp trên.", "A branch whose parent reported for it."}},
	{store.OnTheWay, Text{"Tai nạn trên đường đi và về, không tính khi không yêu cầu.", "An accident on the way to or from work, which is left out unless asked for."}},
	{store.OtherEmployment, Text{"Người lao động không thuộc đối tượng được tính (mẫu số không có họ).", "Of workers that are not counted, as the denominator does not have them."}},
	{notListed, Text{
		"Thuộc kỳ khác, đã tính trong báo cáo khác hoặc không thuộc đối tượng được tính; số liệu đã chốt không lưu danh sách.",
		"Of another period, told by another report, or of accidents or workers that are not counted; a closing keeps no list."}},
}

// reportsOf says which reports a source is made of, and the measure that counts them. Without
// a measure what became of each report is not told. What became of reports of medical
// facilities is not followed, and the register counts units, which /v1/obligations tells one by
// one: these have no entry.
var reportsOf = map[Source]struct {
	kinds   []string
	measure string
}{
	SourceCases:      {[]string{"accident_declaration"}, "declared_accidents"},
	SourcePeriodic:   {[]string{"annex_xii", "commune_report"}, "reports"},
	SourceDisease:    {[]string{"disease_report"}, "disease_reports"},
	SourceMonitoring: {[]string{"monitoring_report"}, "monitoring_reports"},

	SourceHours:          {kinds: []string{"annex_xii"}},
	SourceOSH:            {kinds: []string{"osh_report"}},
	SourceTraining:       {kinds: []string{"training_report"}},
	SourceInsurance:      {kinds: []string{"insurance_report"}},
	SourceHazards:        {kinds: []string{"registration", "monitoring_report"}},
	SourceInquiries:      {kinds: []string{"accident_declaration", "investigation"}},
	SourceInvestigations: {kinds: []string{"investigation"}},
}

// FateReader counts what became of reports; *store.Store does.
type FateReader interface {
	ReportFates(ctx context.Context, q store.FateQuery) ([]store.FateCount, error)
}

// Explain explains the one value of a request: one year, split by nothing. Without fates it
// tells no more than the value itself and, of the nation's whole years, how many reports were
// counted. It returns ErrNotFound for an unknown indicator and a *RequestError with every fault
// of the request.
func (e *Engine) Explain(ctx context.Context, req SeriesRequest, fates FateReader) (*Explanation, error) {
	def, c, err := e.explained(&req)
	if err != nil {
		return nil, err
	}
	req.anew = true // what became of the reports is told of this moment
	set, beside, err := e.readSeries(ctx, req, c)
	if err != nil {
		return nil, err
	}
	s := c.sum(e.seeds, set.Cells, beside, e.bases(req.Geography, set))
	out := &Explanation{
		Indicator: *def, Commuting: req.Options.IncludeCommuting, View: req.View, Value: e.value(req, s, set, figureKey{year: req.From, place: req.Area}),
		Terms: []Term{}, Sources: []Counting{},
	}
	closed, err := e.readClosing(ctx, req, c, set)
	if err != nil {
		return nil, err
	}
	out.Value.Status, out.Value.ClosedAsOf = closed.status(figureKey{year: req.From, place: req.Area}, out.Value.Figure, out.Value.Status)
	if out.Value.Source == FromReports {
		out.Terms = s.terms(RoleNumerator, s.numeratorMeasures(), set.Cells, req.Area)
		if out.Value.Denominator != nil {
			out.Terms = append(out.Terms, s.terms(RoleDenominator, s.denominatorMeasures(), set.Cells, req.Area)...)
		}
	}
	out.Value.Coverage = e.reporting(c, set, beside, req.View, req.From, req.To).coverage(c, figureKey{year: req.From, place: req.Area}, out.Value.Source)
	out.Calculation = out.Value.calculation(out.Terms)
	_, _, open := set.stamp(req.View, req.From, s.measures(), "")
	for _, source := range c.sources() {
		counting, err := e.counting(ctx, req, c, source, fates, open)
		if err != nil {
			return nil, err
		}
		out.Sources = append(out.Sources, counting)
	}
	return out, nil
}

// explained checks a request for one value.
func (e *Engine) explained(req *SeriesRequest) (*Definition, counter, error) {
	def, ok := e.catalogue.Indicator(req.Indicator)
	if !ok {
		return nil, counter{}, fmt.Errorf("%w: %.40q", ErrNotFound, req.Indicator)
	}
	req.setDefaults()
	if err := req.check(&def, e.seeds); err != nil {
		return nil, counter{}, err
	}
	if req.From != req.To || len(req.By) > 0 {
		refused := &RequestError{}
		refused.fail("year", "chỉ giải thích được một số liệu: một năm, không chia nhỏ", "one value is explained: one year, split by nothing")
		return nil, counter{}, refused
	}
	return &def, req.counter(&def), nil
}

// FatesOf is the question to the store about the reports behind the numerator or denominator of
// a request.
func (e *Engine) FatesOf(req SeriesRequest, role string) (store.FateQuery, error) {
	_, c, err := e.explained(&req)
	if err != nil {
		return store.FateQuery{}, err
	}
	if c.subtracted() {
		refused := &RequestError{}
		refused.fail("period", because(ReasonDifference).VI, because(ReasonDifference).EN)
		return store.FateQuery{}, refused
	}
	for _, source := range c.sources() {
		if slices.Contains(c.rolesOf(source), role) && reportsOf[source].measure != "" {
			return e.fateQuery(req, c, source), nil
		}
	}
	refused := &RequestError{}
	refused.fail("role", "số liệu này không có tử số, mẫu số tính từ báo cáo liệt kê được", "the value has no such part that is made of reports which can be listed")
	return store.FateQuery{}, refused
}

// sources are those of the numerator and of the denominator, each once, as far as the fates of
// their reports are told.
func (c counter) sources() []Source {
	sources := []Source{c.def.source()}
	for _, m := range c.denominatorMeasures() {
		if source := measures[m].source; !slices.Contains(sources, source) {
			sources = append(sources, source)
		}
	}
	return slices.DeleteFunc(sources, func(s Source) bool { return reportsOf[s].kinds == nil })
}

func (c counter) rolesOf(source Source) []string {
	var roles []string
	if source == c.def.source() {
		roles = append(roles, RoleNumerator)
	}
	if slices.ContainsFunc(c.denominatorMeasures(), func(m string) bool { return measures[m].source == source }) {
		roles = append(roles, RoleDenominator)
	}
	return roles
}

// employment are the relationships whose workers are counted; empty for all.
func (c counter) employment() []Employment {
	counted := []Employment{}
	for _, employment := range []Employment{Contract, NoContract} {
		if c.counts(employment) {
			counted = append(counted, employment)
		}
	}
	if len(counted) == 2 {
		return []Employment{}
	}
	return counted
}

// terms are the sums of measures in one area, in the order of the definition.
func (s sums) terms(role string, names []string, cells []Cell, area place) []Term {
	terms := make([]Term, len(names))
	for i, name := range names {
		terms[i] = Term{Role: role, Measure: name, Employment: s.employment()}
		for _, c := range cells {
			if c.Measure == name && s.counts(c.Employment) && (area == nation || placeOf(c.Province) == area) {
				terms[i].Sum += s.sign(name) * c.Value
			}
		}
	}
	return terms
}

// calculationDecimals of a rate, which is rounded for reading only.
const calculationDecimals = 6

// calculation writes the formula with its numbers. Without terms the numerator stands alone.
func (v Value) calculation(terms []Term) *string {
	x, ok := v.exact()
	if !ok {
		return nil
	}
	var parts []string
	for _, t := range terms {
		if t.Role == RoleNumerator {
			parts = append(parts, strconv.FormatInt(t.Sum, 10))
		}
	}
	text := strconv.FormatInt(x.events, 10)
	if len(parts) > 1 {
		text = "(" + strings.ReplaceAll(strings.Join(parts, " + "), "+ -", "- ") + ")"
	}
	if v.Denominator == nil {
		text += " = " + strconv.FormatInt(x.events, 10)
		return &text
	}
	exact := new(big.Rat).Mul(x.rat(), new(big.Rat).SetInt64(v.Factor))
	text += fmt.Sprintf(" x %d / %d = %s", v.Factor, x.exposure, exact.FloatString(calculationDecimals))
	return &text
}

// counting tells what became of the reports of one source.
func (e *Engine) counting(ctx context.Context, req SeriesRequest, c counter, source Source, fates FateReader, open bool) (Counting, error) {
	of := reportsOf[source]
	out := Counting{Roles: c.rolesOf(source), Kinds: of.kinds, Measure: of.measure, Left: []LeftOut{}}
	switch {
	case of.measure == "":
		out.Reason = because(ReasonNotTraced)
		return out, nil
	case !open:
		out.Reason = because(ReasonNotClosed)
		return out, nil
	case c.subtracted():
		out.Reason = because(ReasonDifference)
		return out, nil
	case fates == nil && !req.isWhole():
		out.Reason = because(ReasonEntitledOnly)
		return out, nil
	}
	var counted int64
	if req.View == Closed {
		n, err := e.countedReports(ctx, req, c, source)
		if err != nil {
			return Counting{}, err
		}
		counted = n
	}
	out.Counted = &counted
	if fates == nil {
		out.Reason = because(ReasonEntitledOnly)
		return out, nil
	}
	counts, err := fates.ReportFates(ctx, e.fateQuery(req, c, source))
	if err != nil {
		return Counting{}, fmt.Errorf("explain %s of %d: %w", c.def.ID, req.From, err)
	}
	out.tell(counts)
	return out, nil
}

// isWhole: the nation in a whole year, with nothing added.
func (r SeriesRequest) isWhole() bool {
	return r.Area == nation && r.Period == Year && !r.Options.IncludeCommuting
}

// tell fills in numbers by reason. Counted is 0 in a live view and there found here; in a closed
// one it is what was frozen, and the newest filings beyond it were not counted.
func (c *Counting) tell(counts []store.FateCount) {
	sums := map[store.Fate]int64{}
	var filed int64
	for _, n := range counts {
		sums[n.Fate] += n.Filings
		filed += n.Filings
	}
	*c.Counted += sums[store.Counted]
	if newest, closed := sums[store.Newest]; closed {
		sums[notListed] = newest - *c.Counted
	}
	c.Filed = &filed
	for _, t := range fateTexts {
		if n := sums[t.fate]; n != 0 {
			c.Left = append(c.Left, LeftOut{Fate: t.fate, VI: t.VI, EN: t.EN, Filings: n})
		}
	}
}

// countedReports is the sum of the measure that counts the reports of a source.
func (e *Engine) countedReports(ctx context.Context, req SeriesRequest, c counter, source Source) (int64, error) {
	q := CellQuery{
		Measures: []string{reportsOf[source].measure}, From: req.From, To: req.To, Period: req.Period, Geography: req.Geography,
		By: c.dimensions(req.Area), View: req.View, Anew: req.anew,
	}
	if c.options.IncludeCommuting && source == SourceCases {
		q.Measures = append(q.Measures, commutingPrefix+reportsOf[source].measure)
	}
	set, err := e.read(ctx, q)
	if err != nil {
		return 0, err
	}
	var n int64
	for _, cell := range set.Cells {
		if c.counts(cell.Employment) && (req.Area == nation || placeOf(cell.Province) == req.Area) {
			n += cell.Value
		}
	}
	return n, nil
}

func (e *Engine) fateQuery(req SeriesRequest, c counter, source Source) store.FateQuery {
	q := store.FateQuery{
		Kinds: reportsOf[source].kinds, Year: req.From, Span: store.Span(req.Period), Basis: store.Basis(req.View), Province: req.Area,
		Commuting: c.options.IncludeCommuting,
	}
	for _, employment := range c.employment() {
		q.Employment = append(q.Employment, string(employment))
	}
	if list := listOf(req.Geography); list != "" {
		q.Geography = store.On(list, e.seeds)
	}
	return q
}
