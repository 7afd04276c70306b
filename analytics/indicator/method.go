package indicator

import (
	"fmt"
	"slices"
	"strings"

	"atvsld/seeds"
)

// Basis says what the verdict compares.
type Basis string

// The bases of a definition.
const (
	BasisCount        Basis = "count"
	BasisPerReporting Basis = "per_reporting_workers"
	BasisPerAll       Basis = "per_all_workers"
	BasisShare        Basis = "share"
)

// Method is one definition under which a target is assessed: the texts of the targets
// leave a choice (accidents or deaths, count or rate, which workers), so each choice is
// computed and named, and one is the headline.
type Method struct {
	Target      string          `json:"-"`
	ID          string          `json:"id" doc:"Identifier of the definition, unique within its target"`
	Version     int             `json:"version"`
	Indicator   string          `json:"indicator,omitempty" doc:"Indicator whose figures are compared; none where no indicator measures the target"`
	Denominator DenominatorKind `json:"-"`
	Measure     string          `json:"measure,omitempty" enum:"accidents,deaths,persons,cases,sites" doc:"What is counted"`
	Basis       Basis           `json:"basis,omitempty" enum:"count,per_reporting_workers,per_all_workers,share"`
	Headline    bool            `json:"headline" doc:"The verdict that is shown first"`
	Text        Text            `json:"text" doc:"The definition in words"`

	missing string // why there is no indicator: code of the reason
}

// noDefinition is the identifier of a definition that is none; files may not use it.
const noDefinition = "none"

// undefined is the definition of a target that no indicator measures, so that no target of a
// plan is ever dropped from an answer.
func undefined(t seeds.Target) Method {
	m := Method{Target: t.ID, ID: noDefinition, Version: 1, Headline: true, Text: Text{"Chưa có cách tính", "No definition"}, missing: ReasonNoIndicator}
	if t.Rule == seeds.RuleMilestone {
		m.missing = ReasonMilestone
	}
	return m
}

// methodFile is definitions/NAME.yaml: the definitions of one or more targets, or, without
// targets, such as only provincial plans name.
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

func (d methodData) method() Method {
	return Method{
		ID: d.ID, Version: d.Version, Indicator: d.Indicator, Denominator: d.Denominator,
		Measure: d.Measure, Basis: basisOf(d.Denominator), Headline: d.Headline, Text: d.Text,
	}
}

func basisOf(kind DenominatorKind) Basis {
	switch kind {
	case "":
		return BasisCount
	case WorkersReporting:
		return BasisPerReporting
	case WorkersAll:
		return BasisPerAll
	}
	return BasisShare
}

// addMethods takes over the definitions of a file.
func (c *Catalogue) addMethods(f methodFile) {
	for _, d := range f.Definitions {
		c.definitions = append(c.definitions, d.method())
	}
	for _, target := range f.Targets {
		for _, d := range f.Definitions {
			m := d.method()
			m.Target = target
			c.methods = append(c.methods, m)
		}
	}
}

// Definitions returns the identifiers of every definition, which a provincial plan may name.
func (c *Catalogue) Definitions() []string {
	ids := make([]string, len(c.definitions))
	for i, m := range c.definitions {
		ids[i] = m.ID
	}
	return ids
}

// MethodsFor returns the definitions that a target is assessed under: those that name it,
// or those that it names, the first being the headline. A target that no indicator
// measures has one that says so.
func (c *Catalogue) MethodsFor(t seeds.Target) []Method {
	out := c.Methods(t.ID)
	for i, id := range t.Definitions {
		at := slices.IndexFunc(c.definitions, func(m Method) bool { return m.ID == id })
		if at < 0 {
			continue // refused when the engine was made
		}
		m := c.definitions[at]
		m.Target, m.Headline = t.ID, i == 0
		out = append(out, m)
	}
	if len(out) == 0 {
		return []Method{undefined(t)}
	}
	return out
}

func (f methodFile) check(cat *Catalogue) []error {
	c := &checker{}
	if len(f.Definitions) == 0 {
		c.fail("definitions may not be empty")
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
		if slices.Contains(cat.Definitions(), d.ID) {
			c.fail("definition %s is in another file", d.ID)
		}
		if d.Headline {
			headlines++
		}
		d.check(c, cat)
	}
	unique(c, "definitions.id", ids)
	// Provincial plans name their headline themselves.
	if want := min(1, len(f.Targets)); headlines != want {
		c.fail("%d headlines for %s, want %d", headlines, strings.Join(f.Targets, ", "), want)
	}
	return c.errs
}

func (d methodData) check(c *checker, cat *Catalogue) {
	if d.ID == "" || d.ID == noDefinition || d.Version < 1 {
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
