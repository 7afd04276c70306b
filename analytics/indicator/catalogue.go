package indicator

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed catalogue/*.yaml definitions/*.yaml
var embedded embed.FS

// Definition is one indicator of the catalogue: what is counted, divided by what, from
// which source. It is data: adding an indicator is adding a file under catalogue/.
type Definition struct {
	ID           string        `yaml:"id" json:"id" doc:"Identifier of the indicator"`
	Version      int           `yaml:"version" json:"version" doc:"Version of the definition, raised whenever figures may change with it"`
	Name         Text          `yaml:"name" json:"name"`
	Formula      Text          `yaml:"formula" json:"formula" doc:"The formula in words"`
	Numerator    Numerator     `yaml:"numerator" json:"numerator"`
	Denominators []Denominator `yaml:"denominators" json:"denominators" nullable:"false" doc:"Denominators that may be asked for, the first by default; none for a count"`
	Factors      []Factor      `yaml:"factors" json:"factors" nullable:"false" doc:"Multipliers that may be asked for, the first by default; 1 for a count"`
	Direction    Direction     `yaml:"direction" json:"direction" enum:"lower_is_better,higher_is_better" doc:"Which way is better"`
	Interval     IntervalKind  `yaml:"interval" json:"interval" enum:"poisson,score,none" doc:"Confidence interval: exact Poisson for random events, score for shares, none for administrative counts"`
	// IntervalMissing is the code of the reason why there is none; administrative_count if empty.
	IntervalMissing string        `yaml:"interval_missing" json:"-"`
	Sources         []SourceText  `yaml:"sources" json:"sources" nullable:"false"`
	Status          string        `yaml:"status" json:"status" enum:"V,S,CONVENTION,UNVERIFIED" doc:"V read in the text, S secondary copy, CONVENTION of this platform, UNVERIFIED no source found"`
	Comparable      Comparability `yaml:"comparability" json:"comparability"`
	Dimensions      []Dimension   `yaml:"dimensions" json:"dimensions" nullable:"false" doc:"What it may be split by"`
	Periods         []Period      `yaml:"periods" json:"periods" nullable:"false" doc:"Periods it may be asked for"`
}

// Factor is the multiplier of a rate, with the unit that it gives.
type Factor struct {
	Value int64 `yaml:"value" json:"value"`
	Unit  Text  `yaml:"unit" json:"unit"`
}

// Numerator is what an indicator counts.
type Numerator struct {
	Measures []string `yaml:"measures" json:"measures" nullable:"false" doc:"Measures that are summed"`
	// Minus are taken off the sum, as the dead off all victims.
	Minus []string `yaml:"minus" json:"minus,omitempty" doc:"Measures that are taken off the sum"`
	// Employment keeps only workers of the named employment relationships; empty is all.
	Employment []Employment `yaml:"employment" json:"employment,omitempty" doc:"Only these employment relationships; empty is all"`
	// Complete leaves the numerator null unless everybody reported who reports on a part of
	// it: establishments and communes.
	Complete bool `yaml:"complete" json:"complete,omitempty" doc:"Null unless establishments and communes both reported"`
}

// DenominatorKind names what an indicator is divided by.
type DenominatorKind string

// The kinds of denominators.
const (
	WorkersReporting  DenominatorKind = "workers_reporting"  // workers of the establishments that reported
	WorkersAll        DenominatorKind = "workers_all"        // all workers
	EstablishmentsDue DenominatorKind = "establishments_due" // establishments that must report
	WorkersExposed    DenominatorKind = "workers_exposed"    // workers exposed to harmful factors

	HoursWorked          DenominatorKind = "hours_worked"          // in the establishments that gave them
	PersonsInGroup       DenominatorKind = "persons_in_group"      // all of those who are to be trained
	VictimsEntitled      DenominatorKind = "victims_entitled"      // to benefits
	HazardEstablishments DenominatorKind = "hazard_establishments" // registered as generating harmful factors
	InvestigationsDue    DenominatorKind = "investigations_due"    // those whose limit has passed
	CommunesDue          DenominatorKind = "communes_due"          // communes that must report
	ClinicsDue           DenominatorKind = "clinics_due"           // medical facilities that must report
	TreatedVictims       DenominatorKind = "treated_victims"       // victims that medical facilities treated
)

// denominatorKinds are all of them.
var denominatorKinds = []string{
	string(WorkersReporting), string(WorkersAll), string(EstablishmentsDue), string(WorkersExposed), string(HoursWorked), string(PersonsInGroup),
	string(VictimsEntitled), string(HazardEstablishments), string(InvestigationsDue), string(CommunesDue), string(ClinicsDue), string(TreatedVictims),
}

// ReferenceWorkers is the table of all workers by year and area in the reference data.
const ReferenceWorkers = "workers"

// Denominator is what an indicator is divided by. It has measures, or is looked up in the
// reference data, or says why it is null.
type Denominator struct {
	Kind      DenominatorKind `yaml:"kind" json:"kind" enum:"workers_reporting,workers_all,establishments_due,workers_exposed,hours_worked,persons_in_group,victims_entitled,hazard_establishments,investigations_due,communes_due,clinics_due,treated_victims"`
	Measures  []string        `yaml:"measures" json:"measures,omitempty" doc:"Measures that are summed"`
	Reference string          `yaml:"reference" json:"reference,omitempty" doc:"Table of the reference data that it is looked up in"`
	Missing   string          `yaml:"missing" json:"missing,omitempty" doc:"Why there is none: code of the reason"`
	// Employment restricts numerator and denominator alike, so that nobody is counted in
	// the numerator who could not be counted in the denominator.
	Employment []Employment `yaml:"employment" json:"employment,omitempty" doc:"Numerator and denominator are restricted to these employment relationships; empty is all"`
}

// Direction says which way an indicator is better.
type Direction string

// The directions.
const (
	LowerIsBetter  Direction = "lower_is_better"
	HigherIsBetter Direction = "higher_is_better"
)

// IntervalKind says which confidence interval applies.
type IntervalKind string

// The kinds of intervals of a value.
const (
	IntervalPoisson IntervalKind = "poisson"
	IntervalScore   IntervalKind = "score"
	IntervalNone    IntervalKind = "none"
)

// SourceText names a law or standard and how far its text was verified.
type SourceText struct {
	Text   string `yaml:"text" json:"text"`
	Status string `yaml:"status" json:"status" enum:"V,S,CONVENTION,UNVERIFIED"`
}

// Comparability holds the three flags that tell Vietnamese figures from international ones
// (Decree 39/2016/ND-CP Art. 9 sets none of the limits that ESAW and ICLS set).
type Comparability struct {
	DeathWithinOneYear string `yaml:"death_within_one_year" json:"death_within_one_year" enum:"no_limit,not_applicable" doc:"ESAW counts deaths within one year; Viet Nam sets no limit"`
	OverThreeDays      string `yaml:"over_three_days" json:"over_three_days" enum:"not_required,not_applicable" doc:"ESAW counts absences of more than three days; Viet Nam does not require them"`
	Commuting          string `yaml:"commuting" json:"commuting" enum:"excluded_by_default,excluded,not_separable,not_applicable" doc:"Commuting accidents are left out unless include_commuting is set (excluded_by_default), always left out (excluded), or in the figure because the form does not tell them apart (not_separable)"`
}

const (
	notApplicable     = "not_applicable"
	commutingExcluded = "excluded_by_default"
	commutingNever    = "excluded"
	commutingWithin   = "not_separable"
)

// Catalogue holds the indicators and the definitions that targets are assessed under. It
// is immutable.
type Catalogue struct {
	indicators  []Definition // by id
	definitions []Method     // each once, without a target
	methods     []Method     // by target, in the order of the file
}

// Default returns the catalogue of this build.
func Default() (*Catalogue, error) { return ofThisBuild() }

var ofThisBuild = sync.OnceValues(func() (*Catalogue, error) { return Load(embedded) })

// Load reads every catalogue/*.yaml (one indicator each) and definitions/*.yaml (one
// family of targets each) of fsys. Unknown members, gaps and contradictions are errors;
// all of them are returned at once, each with its file.
func Load(fsys fs.FS) (*Catalogue, error) {
	c := &Catalogue{}
	var errs []error
	for path, def := range decodeAll[Definition](fsys, "catalogue/*.yaml", &errs) {
		errs = append(errs, within(path, def.check(path)...)...)
		if def.Denominators == nil {
			def.Denominators = []Denominator{} // a list in every answer
		}
		if def.Dimensions == nil {
			def.Dimensions = []Dimension{}
		}
		c.indicators = append(c.indicators, def)
	}
	slices.SortFunc(c.indicators, func(a, b Definition) int { return strings.Compare(a.ID, b.ID) })
	for path, file := range decodeAll[methodFile](fsys, "definitions/*.yaml", &errs) {
		errs = append(errs, within(path, file.check(c)...)...)
		c.addMethods(file)
	}
	slices.SortStableFunc(c.methods, func(a, b Method) int { return strings.Compare(a.Target, b.Target) })
	if len(c.indicators) == 0 {
		errs = append(errs, errors.New("no indicator in catalogue/*.yaml"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("load the catalogue of indicators: %w", err)
	}
	return c, nil
}

// Indicators returns every indicator, ordered by id.
func (c *Catalogue) Indicators() []Definition { return slices.Clone(c.indicators) }

// Indicator returns one indicator by its id.
func (c *Catalogue) Indicator(id string) (Definition, bool) {
	i := slices.IndexFunc(c.indicators, func(d Definition) bool { return d.ID == id })
	if i < 0 {
		return Definition{}, false
	}
	return c.indicators[i], true
}

// Methods returns the definitions that name a target, the headline among them.
func (c *Catalogue) Methods(target string) []Method {
	var out []Method
	for _, m := range c.methods {
		if m.Target == target {
			out = append(out, m)
		}
	}
	return out
}

// decodeAll yields each file that matches, strictly decoded, in the order of names.
func decodeAll[T any](fsys fs.FS, pattern string, errs *[]error) iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		paths, err := fs.Glob(fsys, pattern)
		if err != nil {
			*errs = append(*errs, err)
		}
		for _, path := range paths {
			v, err := decodeFile[T](fsys, path)
			if err != nil {
				*errs = append(*errs, err)
				continue
			}
			if !yield(path, v) {
				return
			}
		}
	}
}

func decodeFile[T any](fsys fs.FS, path string) (v T, err error) {
	f, err := fsys.Open(path)
	if err != nil {
		return v, err
	}
	defer f.Close()
	dec := yaml.NewDecoder(f, yaml.Strict())
	if err := dec.Decode(&v); err != nil {
		return v, fmt.Errorf("%s: %w", path, err)
	}
	var rest any
	if err := dec.Decode(&rest); !errors.Is(err, io.EOF) {
		return v, fmt.Errorf("%s: more than one document", path)
	}
	return v, nil
}

func within(path string, errs ...error) []error {
	for i, err := range errs {
		errs[i] = fmt.Errorf("%s: %w", path, err)
	}
	return errs
}
