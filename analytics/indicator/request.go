package indicator

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"atvsld/seeds"
)

// ErrNotFound reports an indicator that the catalogue does not hold.
var ErrNotFound = errors.New("no such indicator")

// Problem is one fault of a request.
type Problem struct {
	Field string // name of the request's member, as in "from"
	Text  Text
}

// RequestError holds every fault of a request. The caller is to blame, not the platform.
type RequestError struct{ Problems []Problem }

func (e *RequestError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.Field + ": " + p.Text.EN
	}
	return "request refused: " + strings.Join(texts, "; ")
}

func (e *RequestError) fail(field, vi, en string) {
	e.Problems = append(e.Problems, Problem{field, Text{vi, en}})
}

func (e *RequestError) orNil() error {
	if len(e.Problems) == 0 {
		return nil
	}
	return e
}

// The years that may be asked for, and how many at once.
const (
	FirstYear = 1990
	LastYear  = 2100
	MaxYears  = 30
)

// SeriesRequest asks for the values of one indicator over years.
type SeriesRequest struct {
	Indicator string
	From, To  int               // years, both included
	Period    Period            // default Year
	Geography Geography         // default Geography34
	Area      seeds.ProvinceRef // the zero reference is the nation
	By        []Dimension
	View      View // default Closed
	// Denominator and Factor choose among those of the indicator; zero is the first.
	Denominator DenominatorKind
	Factor      int64
	Options     Options
	// Compare sets every value beside the one of the same period of another year: the year
	// before, or BaseYear.
	Compare  Comparing
	BaseYear int
	// Rank orders the provinces by their values in each period and split.
	Rank bool
	// Closing reads closed figures as they stood after the closings up to that moment; zero
	// is the latest closing of each year.
	Closing time.Time

	// anew: the answer is held against others of the moment.
	anew bool
}

// Options change what is counted.
type Options struct {
	// IncludeCommuting adds the accidents on the way to and from work (Law
	// 84/2015/QH13 Art. 39(2)). Whether published totals hold them is not known.
	IncludeCommuting bool
	// WithoutCoverage leaves coverage null, and the register of live figures unread.
	WithoutCoverage bool
}

// AttainmentRequest asks how a year stands under targets.
type AttainmentRequest struct {
	Year int
	// Base is the year that paths of yearly changes start from; default Year-1. An average
	// starts with its period.
	Base        int
	Geography   Geography           // default Geography34
	Areas       []seeds.ProvinceRef // the zero reference is the nation; none is the nation and every province
	Targets     []string            // beside those of Plans; none of both is the Directive's
	Plans       []string            // plans whose every target is asked for
	Definitions []string            // identifiers of definitions; none is every one
	View        View                // default Closed
	Closing     time.Time           // as in SeriesRequest
	Options     Options
	// CoveragePoints is by how many percentage points coverage may move between the two
	// years before they compare badly; default DefaultCoveragePoints.
	CoveragePoints int64
}

func orDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

func checkOneOf[T ~string](e *RequestError, field string, v T, allowed ...T) {
	if !slices.Contains(allowed, v) {
		e.fail(field, fmt.Sprintf("giá trị %.40q không có trong %v", v, allowed), fmt.Sprintf("%.40q is none of %v", v, allowed))
	}
}

func (e *RequestError) year(field string, year int) {
	if year < FirstYear || year > LastYear {
		e.fail(field, fmt.Sprintf("năm phải từ %d đến %d", FirstYear, LastYear), fmt.Sprintf("must be a year from %d to %d", FirstYear, LastYear))
	}
}

// area checks that a province exists and belongs to the geography: the same code names
// another unit in the other list.
func (e *RequestError) area(field string, data *seeds.Data, g Geography, ref seeds.ProvinceRef) {
	if ref == nation {
		return
	}
	if _, ok := data.Province(ref); !ok {
		e.fail(field, fmt.Sprintf("không có tỉnh %.40q", ref.String()), fmt.Sprintf("there is no province %.40q", ref.String()))
		return
	}
	if list := listOf(g); list != "" && list != ref.List {
		e.fail(field, fmt.Sprintf("tỉnh %q không thuộc danh mục %s", ref.String(), g), fmt.Sprintf("province %q is not on the list of %s", ref.String(), g))
	}
}

// closing checks that only closed figures are asked as of a closing.
func (e *RequestError) closing(at time.Time, view View) {
	if !at.IsZero() && view != Closed {
		e.fail("closing", "chỉ dùng với số liệu đã chốt (view=closed)", "is for closed figures only (view=closed)")
	}
}

func (r *SeriesRequest) setDefaults() {
	orDefault(&r.Period, Year)
	orDefault(&r.Geography, Geography34)
	orDefault(&r.View, Closed)
}

// check returns every fault of the request against the indicator it names.
func (r *SeriesRequest) check(def *Definition, data *seeds.Data) error {
	e := &RequestError{}
	e.year("from", r.From)
	e.year("to", r.To)
	if r.To < r.From || r.To-r.From >= MaxYears {
		e.fail("to", fmt.Sprintf("phải từ năm đầu trở đi và không quá %d năm", MaxYears), fmt.Sprintf("must not be before from, and at most %d years may be asked for", MaxYears))
	}
	checkOneOf(e, "period", r.Period, def.Periods...)
	checkOneOf(e, "geography", r.Geography, Geography34, Geography63, Reported)
	checkOneOf(e, "view", r.View, Live, Closed)
	e.closing(r.Closing, r.View)
	e.area("area", data, r.Geography, r.Area)
	r.checkBy(e, def)
	r.checkComparison(e)
	if _, ok := def.denominator(r.Denominator); !ok {
		e.fail("denominator", "chỉ tiêu không có mẫu số này", "the indicator has no such denominator")
	}
	if _, ok := def.factor(r.Factor); !ok {
		e.fail("factor", "chỉ tiêu không có hệ số này", "the indicator has no such factor")
	}
	if r.Options.IncludeCommuting && !def.commutes() {
		e.fail("include_commuting", "chỉ tiêu không liên quan đến tai nạn trên đường đi và về", "the indicator has nothing to do with commuting accidents")
	}
	return e.orNil()
}

func (r *SeriesRequest) checkBy(e *RequestError, def *Definition) {
	for i, dim := range r.By {
		checkOneOf(e, "by", dim, def.Dimensions...)
		if slices.Contains(r.By[:i], dim) {
			e.fail("by", fmt.Sprintf("%.40q lặp lại", dim), fmt.Sprintf("%.40q is named twice", dim))
		}
	}
	if cuts := distinct(slices.DeleteFunc(slices.Clone(r.By), func(d Dimension) bool { return !d.isCut() })); len(cuts) > 1 {
		e.fail("by", fmt.Sprintf("chỉ được chọn một trong %v: báo cáo không cho biết các chiều này cùng lúc", cuts),
			fmt.Sprintf("only one of %v: reports do not tell them together", cuts))
	}
	province, region := slices.Contains(r.By, ByProvince), slices.Contains(r.By, ByRegion)
	switch {
	case province && region:
		e.fail("by", "mỗi tỉnh thuộc một vùng: chọn tỉnh hoặc vùng", "every province lies in one region: choose provinces or regions")
	case province && r.Area != nation:
		e.fail("by", "một tỉnh không chia theo tỉnh được", "one province cannot be split by province")
	case region && r.Area != nation:
		e.fail("by", "một tỉnh không chia theo vùng được", "one province cannot be split by region")
	case region && r.Geography == Reported:
		e.fail("by", "vùng của danh mục 34 và 63 khác nhau: chọn một danh mục tỉnh", "the regions of the lists 34 and 63 differ: choose one geography")
	}
}

func (r *AttainmentRequest) setDefaults() {
	orDefault(&r.Base, r.Year-1)
	orDefault(&r.CoveragePoints, DefaultCoveragePoints)
	orDefault(&r.Geography, Geography34)
	orDefault(&r.View, Closed)
}

func (r *AttainmentRequest) check(cat *Catalogue, data *seeds.Data) error {
	e := &RequestError{}
	e.year("year", r.Year)
	if r.Base >= r.Year || r.Year-r.Base > MaxYears {
		e.fail("base", fmt.Sprintf("phải trước năm đánh giá và không quá %d năm", MaxYears), fmt.Sprintf("must be before the assessed year, at most %d years", MaxYears))
	}
	if r.CoveragePoints < 1 || r.CoveragePoints > 100 {
		e.fail("coverage_points", "phải từ 1 đến 100 điểm phần trăm", "must be 1 to 100 percentage points")
	}
	checkOneOf(e, "geography", r.Geography, Geography34, Geography63, Reported)
	checkOneOf(e, "view", r.View, Live, Closed)
	e.closing(r.Closing, r.View)
	for _, ref := range r.Areas {
		e.area("areas", data, r.Geography, ref)
	}
	for _, id := range r.Targets {
		if _, ok := data.Target(id); !ok {
			e.fail("targets", fmt.Sprintf("không có mục tiêu %.40q", id), fmt.Sprintf("there is no target %.40q", id))
		}
	}
	for _, id := range r.Plans {
		if _, ok := data.Plan(id); !ok {
			e.fail("plans", fmt.Sprintf("không có kế hoạch %.40q", id), fmt.Sprintf("there is no plan %.40q", id))
		}
	}
	for _, id := range r.Definitions {
		if id != noDefinition && !slices.Contains(cat.Definitions(), id) {
			e.fail("definitions", fmt.Sprintf("không có cách tính %.40q", id), fmt.Sprintf("there is no definition %.40q", id))
		}
	}
	return e.orNil()
}
