package indicator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Series is the answer to a SeriesRequest: areas in the order of their list, then splits,
// then years.
type Series struct {
	Indicator     Definition      `json:"indicator"`
	Denominator   DenominatorKind `json:"denominator,omitempty" enum:"workers_reporting,workers_all,establishments_due,workers_exposed,hours_worked,persons_in_group,victims_entitled,hazard_establishments,investigations_due,communes_due,clinics_due,treated_victims" doc:"Denominator of this answer; none for a count"`
	View          View            `json:"view" enum:"live,closed"`
	Commuting     bool            `json:"include_commuting" doc:"Whether accidents on the way to and from work are in the figures"`
	Demonstration bool            `json:"demonstration" doc:"Whether these are demonstration data. Set by the caller, who knows the store"`
	Values        []Value         `json:"values" nullable:"false"`
}

// DefinitionRef names the definition a value was computed by.
type DefinitionRef struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// Section is a section of the industry classification.
type Section struct {
	_ struct{} `nullable:"true"` // in the API's schema: where it does not apply it is null

	Version string `json:"version" doc:"Version of VSIC: 2018 or 2025"`
	Code    string `json:"code" doc:"Letter of the section; empty when the reporter's industry is not known"`
	Name    Text   `json:"name"`
}

// Value is one value of an indicator, complete by itself.
type Value struct {
	Period string   `json:"period" doc:"Year or half-year, as in 2021 or 2021H1"`
	Area   Area     `json:"area"`
	Month  *int     `json:"month,omitempty" minimum:"1" maximum:"12" doc:"Month of the accident"`
	VSIC   *Section `json:"vsic,omitempty"`
	Members
	Employment Employment `json:"employment,omitempty" enum:"contract,no_contract"`
	Figure
	// SecondHalf is there for second half-years of periodic reports alone.
	SecondHalf     *SecondHalf   `json:"second_half,omitempty" doc:"Whose figure a second half-year of periodic reports is: the year less its first half of those who filed both"`
	Interval       *Interval     `json:"interval" doc:"95 % confidence interval of the value"`
	IntervalReason *Reason       `json:"interval_reason" doc:"Why there is no interval"`
	Factor         int64         `json:"factor"`
	Unit           Text          `json:"unit"`
	Definition     DefinitionRef `json:"definition"`
	Geography      string        `json:"geography" doc:"List of provinces and its validity"`
	Coverage       Coverage      `json:"coverage"`
	AsOf           *time.Time    `json:"as_of" doc:"Moment the figures stand for; null when the period is not closed"`
	Status         Status        `json:"status" enum:"provisional,final,revised" doc:"provisional: not closed, or closed before the provinces' summaries were due (15 July, 25 January); final: as closed; revised: a live figure that a report has changed since the closing"`
	ClosedAsOf     *time.Time    `json:"closed_as_of,omitempty" doc:"Of a live figure of a closed year: the closing that it is held against"`
	Compared       *Comparison   `json:"compared,omitempty" doc:"What it is compared with, if that was asked"`
	Rank           *Rank         `json:"rank,omitempty" doc:"Its place among the provinces, if that was asked"`
}

// Members is what a value was split by. An empty code collects what is not known: all ways
// of splitting add up to the same total.
type Members struct {
	Cause        *string `json:"cause,omitempty" doc:"Code of the main cause (Annex XII, footnote 4); empty when it is not known"`
	InjuryFactor *string `json:"injury_factor,omitempty" doc:"Code of the injury factor (Annex XII, footnote 5), of by=factor; empty when it is not known"`
	Sex          *string `json:"sex,omitempty" doc:"female, male, or empty when it is not known; of periodic reports, which tell how many are women, female and rest"`
	AgeGroup     *string `json:"age_group,omitempty" doc:"Years of age on the day of the accident, as in 18-24; empty when it is not known"`
	SizeClass    *string `json:"size_class,omitempty" doc:"Class of the reporting establishment by the workers it reports, as in /v1/codelists/worker-classes; empty when it reports none, and for communes"`
}

// Member returns the member that the value is of; empty where it is not known, and where
// nothing was split.
func (m Members) Member() string {
	for _, member := range []*string{m.Cause, m.InjuryFactor, m.Sex, m.AgeGroup, m.SizeClass} {
		if member != nil {
			return *member
		}
	}
	return ""
}

func membersOf(cut Dimension, member string) Members {
	switch cut {
	case ByCause:
		return Members{Cause: &member}
	case ByFactor:
		return Members{InjuryFactor: &member}
	case BySex:
		return Members{Sex: &member}
	case ByAgeGroup:
		return Members{AgeGroup: &member}
	case BySizeClass:
		return Members{SizeClass: &member}
	}
	return Members{}
}

// Series computes an indicator over years. It returns ErrNotFound for an unknown indicator
// and a *RequestError with every fault of the request.
func (e *Engine) Series(ctx context.Context, req SeriesRequest) (*Series, error) {
	def, ok := e.catalogue.Indicator(req.Indicator)
	if !ok {
		return nil, fmt.Errorf("%w: %.40q", ErrNotFound, req.Indicator)
	}
	req.setDefaults()
	if err := req.check(&def, e.seeds); err != nil {
		return nil, err
	}
	c := req.counter(&def)
	set, beside, err := e.readSeries(ctx, req, c)
	if err != nil {
		return nil, err
	}
	s := c.sum(e.seeds, set.Cells, beside, e.bases(req.Geography, set))
	closed, err := e.readClosing(ctx, req, c, set)
	if err != nil {
		return nil, err
	}
	out := &Series{Indicator: def, View: req.View, Commuting: req.Options.IncludeCommuting, Values: []Value{}}
	if c.denominator != nil {
		out.Denominator = c.denominator.Kind
	}
	reporters := e.reporting(c, set, beside, req.View, req.From, req.To)
	var keys []figureKey
	set.Cells = slices.Concat(set.Cells, beside)
	for _, p := range e.asked(req, set) {
		for _, by := range s.splits(p) {
			for year := req.From; year <= req.To; year++ {
				k := figureKey{year, p, by}
				v := e.value(req, s, set, k)
				v.Coverage = reporters.coverage(c, k, v.Source)
				v.Status, v.ClosedAsOf = closed.status(k, v.Figure, v.Status)
				v.Compared = e.compare(req, s, set, closed, k, v)
				out.Values, keys = append(out.Values, v), append(keys, k)
			}
		}
	}
	if req.Rank {
		e.rank(req, s, set, out.Values, keys)
	}
	return out, nil
}

func (r SeriesRequest) counter(def *Definition) counter {
	denominator, _ := def.denominator(r.Denominator)
	factor, _ := def.factor(r.Factor)
	return counter{def: def, denominator: denominator, factor: factor.Value, period: r.Period, by: r.By, options: r.Options}
}

// readSeries reads numerators, denominators and what proves that a source spoke. Two
// readings are needed where the reports prove it in other rows or of another period.
func (e *Engine) readSeries(ctx context.Context, req SeriesRequest, c counter) (set CellSet, beside []Cell, err error) {
	q := CellQuery{
		Measures: distinct(append(c.measures(), c.coverageMeasures()...)), From: req.firstRead(), To: req.lastRead(), Period: req.Period, Geography: req.Geography,
		By: c.dimensions(req.Area), View: req.View, Closing: req.Closing, Anew: req.anew,
	}
	if c.subtracted() {
		q.Measures = c.measures()
		return e.readSecondHalf(ctx, q, c)
	}
	if c.cut() == "" && !c.splitsBy(ByMonth) && c.period != H2 {
		set, err = e.read(ctx, q)
		return set, set.Cells, err
	}
	q.Measures = c.numeratorMeasures()
	if c.period != H2 {
		q.Measures = distinct(slices.Concat(q.Measures, c.denominatorMeasures()))
	}
	if set, err = e.read(ctx, q); err != nil {
		return CellSet{}, nil, err
	}
	// Reports have neither months nor a cut, and the year's report speaks for the second
	// half-year too.
	q.Measures = append(presence(c.def.source()), c.coverageMeasures()...)
	q.By = slices.DeleteFunc(q.By, func(d Dimension) bool { return d == ByMonth || d.isCut() })
	if c.period == H2 {
		q.Period = Year
	}
	proof, err := e.read(ctx, q)
	if err == nil && proof.AsOf.Before(set.AsOf) {
		// What is counted must be proven.
		q.Anew = true
		proof, err = e.read(ctx, q)
	}
	if err != nil {
		return CellSet{}, nil, err
	}
	return set, proof.Cells, nil
}

// dimensions are those the cells must come in: the asked ones, areas to pick from, and
// employment wherever only some workers count or prove presence.
func (c counter) dimensions(area place) []Dimension {
	dims := slices.DeleteFunc(slices.Clone(c.by), func(d Dimension) bool { return d == ByRegion })
	if area != nation || c.splitsBy(ByRegion) {
		dims = append(dims, ByProvince)
	}
	if !c.splitsBy(ByEmployment) {
		dims = append(dims, ByEmployment)
	}
	return dims
}

func (e *Engine) asked(req SeriesRequest, set CellSet) []place {
	if slices.Contains(req.By, ByProvince) {
		return e.places(req.Geography, set)
	}
	if slices.Contains(req.By, ByRegion) {
		return e.regions(req.Geography, set)
	}
	return []place{req.Area}
}

// splits are the combinations that occur in an area in any year; the one empty
// combination when nothing was asked to be split. By month each has every month.
func (s sums) splits(p place) []split {
	all := s.occurring(p)
	if !s.splitsBy(ByMonth) {
		return all
	}
	var out []split
	for _, one := range all {
		for _, one.month = range s.period.months() {
			out = append(out, one)
		}
	}
	return out
}

func (p Period) months() []int {
	all := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	switch p {
	case H1:
		return all[:6]
	case H2:
		return all[6:]
	}
	return all
}

func (s sums) occurring(p place) []split {
	if !s.splitsBy(ByVSIC) && s.cut() == "" && !s.splitsBy(ByEmployment) {
		return []split{{}}
	}
	var out []split
	for _, figures := range []map[figureKey]int64{s.numerator, s.workers} {
		for k := range figures {
			if k.place == p {
				k.split.month = 0
				out = append(out, k.split)
			}
		}
	}
	out = append(out, s.splitsOf(p)...)
	slices.SortFunc(out, compareSplits)
	return slices.Compact(out)
}

func compareSplits(a, b split) int {
	return cmp.Or(cmp.Compare(a.vsicVersion, b.vsicVersion), cmp.Compare(a.vsicSection, b.vsicSection),
		cmp.Compare(a.member, b.member), cmp.Compare(a.employment, b.employment))
}

func (e *Engine) value(req SeriesRequest, s sums, set CellSet, k figureKey) Value {
	asOf, status, open := set.stamp(req.View, k.year, s.measures(), s.cut())
	factor, _ := s.def.factor(req.Factor)
	v := Value{
		Period: periodText(k.year, req.Period), Area: e.area(k.place, req.Geography), Members: membersOf(s.cut(), k.split.member), Employment: k.split.employment,
		Figure: s.figure(k, open), SecondHalf: s.secondHalf(k), Factor: factor.Value, Unit: factor.Unit,
		Definition: DefinitionRef{s.def.ID, s.def.Version}, Geography: e.geographyVersion(req.Geography),
		AsOf: asOf, Status: status,
	}
	v.Interval, v.IntervalReason = v.interval(s.def, factor.Value)
	if s.splitsBy(ByVSIC) {
		v.VSIC = e.section(k.split.vsicVersion, k.split.vsicSection)
	}
	if s.splitsBy(ByMonth) {
		v.Month = &k.split.month
	}
	return v
}

func (e *Engine) section(version, code string) *Section {
	s := &Section{Version: version, Code: code, Name: Text{"Chưa rõ ngành", "Industry unknown"}}
	if known, ok := e.seeds.VSICSection(version, code); ok {
		s.Name = Text{known.NameVI, known.NameEN}
	}
	return s
}

func periodText(year int, p Period) string {
	if p == Year {
		return strconv.Itoa(year)
	}
	return strconv.Itoa(year) + string(p)
}
