package indicator

import (
	"fmt"
	"slices"
	"strings"
)

// Basis says what the verdict compares.
type Basis string

// The bases of a definition.
const (
	BasisCount        Basis = "count"
	BasisPerReporting Basis = "per_reporting_workers"
	BasisPerAll       Basis = "per_all_workers"
)

// Method is one definition under which a target is assessed: the texts of the targets
// leave a choice (accidents or deaths, count or rate, which workers), so each choice is
// computed and named, and one is the headline.
type Method struct {
	Target      string          `json:"-"`
	ID          string          `json:"id" doc:"Identifier of the definition, unique within its target"`
	Version     int             `json:"version"`
	Indicator   string          `json:"indicator" doc:"Indicator whose figures are compared"`
	Denominator DenominatorKind `json:"-"`
	Measure     string          `json:"measure" enum:"accidents,deaths,persons,cases,sites" doc:"What is counted"`
	Basis       Basis           `json:"basis" enum:"count,per_reporting_workers,per_all_workers"`
	Headline    bool            `json:"headline" doc:"The verdict that is shown first"`
	Text        Text            `json:"text" doc:"The definition in words"`
}

// methodFile is definitions/NAME.yaml: the definitions of one or more targets.
type methodFile struct {
	Targets     []string     `yaml:"targets"`
	Definitions []methodData `yaml:"definitions"`
}

type methodData struct {
	ID          string          `yaml:"id"`
	Version     int             `yaml:"version"`
	Indicator   string          `yaml:"indicator"`
	Denominator DenominatorKind `yaml:"denominator"`
	Measure     string          `yaml:"measure"`
	Headline    bool            `yaml:"headline"`
	Text        Text            `yaml:"text"`
}

func (f methodFile) methods() []Method {
	var out []Method
	for _, target := range f.Targets {
		for _, d := range f.Definitions {
			out = append(out, Method{
				Target: target, ID: d.ID, Version: d.Version, Indicator: d.Indicator, Denominator: d.Denominator,
				Measure: d.Measure, Basis: basisOf(d.Denominator), Headline: d.Headline, Text: d.Text,
			})
		}
	}
	return out
}

func basisOf(kind DenominatorKind) Basis {
	switch kind {
	case WorkersReporting:
		return BasisPerReporting
	case WorkersAll:
		return BasisPerAll
	}
	return BasisCount
}

func (f methodFile) check(cat *Catalogue) []error {
	c := &checker{}
	if len(f.Targets) == 0 || len(f.Definitions) == 0 {
		c.fail("targets and definitions may not be empty")
	}
	unique(c, "targets", f.Targets)
	for _, target := range f.Targets {
		if len(cat.Methods(target)) > 0 {
			c.fail("target %s has definitions in another file", target)
		}
	}
	ids, headlines := make([]string, 0, len(f.Definitions)), 0
	for _, d := range f.Definitions {
		ids = append(ids, d.ID)
		if d.Headline {
			headlines++
		}
		d.check(c, cat)
	}
	unique(c, "definitions.id", ids)
	if headlines != 1 {
		c.fail("%d headlines for %s, want one", headlines, strings.Join(f.Targets, ", "))
	}
	return c.errs
}

func (d methodData) check(c *checker, cat *Catalogue) {
	if d.ID == "" || d.Version < 1 {
		c.fail("definition %q has no id or no positive version", d.ID)
	}
	c.text(fmt.Sprintf("definition %s: text", d.ID), d.Text)
	c.oneOf(fmt.Sprintf("definition %s: measure", d.ID), d.Measure, "accidents", "deaths", "persons", "cases", "sites")
	def, ok := cat.Indicator(d.Indicator)
	if !ok {
		c.fail("definition %s: indicator %q is not in the catalogue", d.ID, d.Indicator)
		return
	}
	if !slices.Contains(def.Periods, Year) {
		c.fail("definition %s: indicator %s has no yearly figures", d.ID, d.Indicator)
	}
	// A rate must say which denominator; the default of the indicator may change.
	if _, ok := def.denominator(d.Denominator); !ok || d.Denominator == "" && len(def.Denominators) > 0 {
		c.fail("definition %s: indicator %s has no denominator %q", d.ID, d.Indicator, d.Denominator)
	}
}
