// Package summary derives the province's periodic summary on occupational accidents
// (Decree 39/2016/ND-CP Art. 24, Annexes XIV and XV) from stored reports, and lists where
// declared cases and periodic reports differ.
//
// The layout follows the predecessor form 01/TNLĐ-T as secondary copies show it (status
// S). What is with a labour contract comes from Annex XII, what is without from the
// communes' reports; the two are never added. A half-year is what was reported for the
// half-year, never a part of the year.
package summary

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// Text is a text in both languages.
type Text = indicator.Text

// Reason says why a number is null.
type Reason = indicator.Reason

// Request asks for one summary.
type Request struct {
	// Area is the zero reference for the nation.
	Area seeds.ProvinceRef
	// Period is "2025" or "2025H1".
	Period string
	// Factor is the multiplier of the frequency rates; 0 is DefaultFactor.
	Factor int64
}

// DefaultFactor is the multiplier of K_TNLĐ and K_chết. The legal text of the formula was
// not found; x 1,000 is what public implementations use.
const DefaultFactor = 1000

// maxFactor keeps numerator times factor within 64 bits.
const maxFactor = 1_000_000

// Errors of a request.
var (
	ErrPeriod = errors.New("want a year like 2025 or a half-year like 2025H1")
	ErrArea   = errors.New("no such province")
	ErrFactor = errors.New("want a factor from 1 to 1000000")
)

// Summary is the answer.
type Summary struct {
	Area       indicator.Area `json:"area"`
	Period     string         `json:"period"`
	Definition Definition     `json:"definition"`
	AsOf       *time.Time     `json:"as_of" doc:"Moment the figures stand for; null when nothing is stored"`
	// Contract is the part from Annex XII, NoContract that of the communes.
	Contract    Contract     `json:"contract" doc:"Workers with a labour contract: from Annex XII"`
	NoContract  NoContract   `json:"no_contract" doc:"Workers without a labour contract: from the communes' reports; never added to the other part"`
	Differences []Difference `json:"differences" nullable:"false" doc:"Declared cases beside periodic reports; they are never added"`
	// Unplaced is only not zero on the list of 63.
	Unplaced      Unplaced `json:"unplaced"`
	Demonstration bool     `json:"demonstration" doc:"Whether these are demonstration data. Set by the caller, who knows the store"`
}

// Definition says how the numbers are made.
type Definition struct {
	ID       string   `json:"id"`
	Version  int      `json:"version"`
	Form     Text     `json:"form"`
	LegalRef string   `json:"legal_ref"`
	Status   string   `json:"status" enum:"V,S,CONVENTION,UNVERIFIED" doc:"How far the layout was verified"`
	Factor   int64    `json:"factor" doc:"Multiplier of the frequency rates"`
	Columns  []Column `json:"columns" nullable:"false" doc:"What each number counts and where it comes from"`
	Notes    []Text   `json:"notes" nullable:"false"`
}

// Count is a number, or the reason why there is none.
type Count struct {
	Value  *int64  `json:"value" doc:"null when it is not known"`
	Reason *Reason `json:"reason,omitempty" doc:"Why it is null"`
}

// Rate is numerator x factor / denominator.
type Rate struct {
	Numerator   *int64   `json:"numerator" doc:"Persons"`
	Denominator *int64   `json:"denominator" doc:"Workers"`
	Value       *float64 `json:"value" doc:"In full precision"`
	Display     string   `json:"display" doc:"Two decimals with a decimal comma, as the form prints it; empty when it is null"`
	Reason      *Reason  `json:"reason,omitempty" doc:"Why the value is null"`
}

// Unplaced are reports that may belong to an old province and cannot be put there.
type Unplaced struct {
	Reports int64   `json:"reports" doc:"Reports of the period, filed by the list of 34, that may belong to this former province"`
	Reason  *Reason `json:"reason,omitempty"`
}

// Maker makes summaries. It keeps nothing between calls.
type Maker struct {
	store *store.Store
	seeds *seeds.Data
}

// New returns a maker of summaries.
func New(s *store.Store, data *seeds.Data) *Maker { return &Maker{store: s, seeds: data} }

var periodForm = regexp.MustCompile(`^(\d{4})(H1)?$`)

// span is a request that was understood.
type span struct {
	Request
	year  int
	half  bool
	query store.SummaryQuery
}

func (m *Maker) read(req Request) (span, error) {
	match := periodForm.FindStringSubmatch(req.Period)
	if match == nil {
		return span{}, ErrPeriod
	}
	year, err := strconv.Atoi(match[1])
	if err != nil || year < indicator.FirstYear || year > indicator.LastYear {
		return span{}, ErrPeriod
	}
	if req.Factor == 0 {
		req.Factor = DefaultFactor
	}
	if req.Factor < 1 || req.Factor > maxFactor {
		return span{}, ErrFactor
	}
	q := store.SummaryQuery{Period: req.Period, Nation: req.Area == (seeds.ProvinceRef{})}
	if !q.Nation {
		if _, ok := m.seeds.Province(req.Area); !ok {
			return span{}, fmt.Errorf("%w: %.10q", ErrArea, req.Area)
		}
		q.Units = m.units(req.Area)
	}
	return span{Request: req, year: year, half: match[2] != "", query: q}, nil
}

// units are the provinces as reported that are the area on its list.
func (m *Maker) units(area seeds.ProvinceRef) []seeds.ProvinceRef {
	on := m.seeds.To34
	if area.List == seeds.List63 {
		on = m.seeds.To63
	}
	var units []seeds.ProvinceRef
	for _, list := range []seeds.ProvinceList{seeds.List63, seeds.List34} {
		for _, p := range m.seeds.Provinces(list) {
			if code, ok := on(p.Ref()); ok && code == area.Code {
				units = append(units, p.Ref())
			}
		}
	}
	return units
}

// Summary derives a summary from the reports as they are now. A bad request is ErrPeriod,
// ErrArea or ErrFactor.
func (m *Maker) Summary(ctx context.Context, req Request) (*Summary, error) {
	s, err := m.read(req)
	if err != nil {
		return nil, err
	}
	// Before the figures, which may only be newer.
	asOf, err := m.store.AsOf(ctx)
	if err != nil {
		return nil, err
	}
	out := &Summary{Area: m.area(s.Area), Period: s.Period, Definition: m.definition(s)}
	if !asOf.StoredAt.IsZero() {
		out.AsOf = &asOf.StoredAt
	}
	if out.Contract, err = m.contract(ctx, s); err != nil {
		return nil, err
	}
	if out.NoContract, err = m.noContract(ctx, s); err != nil {
		return nil, err
	}
	if out.Differences, err = m.differences(ctx, s, out); err != nil {
		return nil, err
	}
	out.Unplaced, err = m.unplaced(ctx, s)
	return out, err
}

func (m *Maker) area(ref seeds.ProvinceRef) indicator.Area {
	if ref == (seeds.ProvinceRef{}) {
		return indicator.Area{Level: indicator.LevelNation, Code: "VN", Name: Text{VI: "Cả nước", EN: "Viet Nam"}}
	}
	a := indicator.Area{Level: indicator.LevelProvince, List: ref.List, Code: ref.Code}
	if p, ok := m.seeds.Province(ref); ok {
		a.Name = Text{VI: p.NameVI, EN: p.NameEN}
	}
	return a
}

// unplaced counts what was filed by a new province that several old ones became.
func (m *Maker) unplaced(ctx context.Context, s span) (Unplaced, error) {
	if s.Area.List != seeds.List63 {
		return Unplaced{}, nil
	}
	successor, ok := m.seeds.To34(s.Area)
	if !ok || len(m.seeds.Former(successor)) < 2 {
		return Unplaced{}, nil
	}
	q := store.SummaryQuery{Period: s.Period, Units: []seeds.ProvinceRef{{List: seeds.List34, Code: successor}}}
	groups, err := m.store.SummaryReports(ctx, q)
	if err != nil {
		return Unplaced{}, err
	}
	communes, err := m.store.SummaryCommunes(ctx, q)
	if err != nil {
		return Unplaced{}, err
	}
	u := Unplaced{Reports: communes.Reports}
	for _, g := range groups {
		u.Reports += g.Reports
	}
	if u.Reports > 0 {
		u.Reason = indicator.ReasonOf(indicator.ReasonFormerUnitUnknown)
	}
	return u, nil
}

func known(n int64) Count { return Count{Value: &n} }

func unknown(code string) Count { return Count{Reason: indicator.ReasonOf(code)} }

// counted is a sum over reports: where there are none, nobody said anything, not even 0.
func counted(n, reports int64) Count {
	if reports == 0 {
		return unknown(indicator.ReasonNoReports)
	}
	return known(n)
}
