package report

import "slices"

// RulesVersion names the state of the rules as a whole; it is stored with every
// report.
const RulesVersion = "2026.1"

// Definition says everything the platform must know about a kind.
type Definition struct {
	Kind           Kind
	NameVI, NameEN string
	LegalRef       string
	// Event: the filer chooses the report_id; otherwise it is computed.
	Event bool
	// Table is the current table; it has the name of the kind.
	Table string
	// New returns an empty content of the kind.
	New func() Content
	// Rules are the rules of this kind alone; see [EnvelopeRules].
	Rules []RuleInfo
	// Columns are the content columns of Table in its order.
	Columns []Column

	check func(*check, Content)
	form  *form
}

// pointerTo says that P is the content type *T.
type pointerTo[T any] interface {
	*T
	Content
}

// define completes a definition from its content type and rules.
func define[T any, P pointerTo[T]](d *Definition, rules []rule[T]) *Definition {
	d.Table = string(d.Kind)
	d.New = func() Content { return P(new(T)) }
	d.form = formOf[T]()
	for i := range rules {
		rules[i].Kind = d.Kind
		d.Rules = append(d.Rules, rules[i].RuleInfo)
	}
	d.check = func(c *check, content Content) { apply(c, rules, (*T)(content.(P))) }
	return d
}

var catalogue = []*Definition{
	accidentDefinition,
	annexDefinition,
	communeDefinition,
	diseaseDefinition,
	monitoringDefinition,
}

// Definitions returns every kind. The definitions must not be changed.
func Definitions() []*Definition { return slices.Clone(catalogue) }

// Lookup returns the definition of a kind.
func Lookup(kind Kind) (*Definition, bool) {
	for _, d := range catalogue {
		if d.Kind == kind {
			return d, true
		}
	}
	return nil, false
}

// EnvelopeRules returns the rules that hold for every kind: those of form
// (ENV) and of the head of the forms (REP).
func EnvelopeRules() []RuleInfo {
	rules := slices.Clone(formRules[:])
	for _, r := range slices.Concat(envelopeRules, paperRules) {
		rules = append(rules, r.RuleInfo)
	}
	for _, r := range headerRules {
		rules = append(rules, r.RuleInfo)
	}
	return rules
}

// AllRules returns every rule of the catalogue.
func AllRules() []RuleInfo {
	rules := EnvelopeRules()
	for _, d := range catalogue {
		rules = append(rules, d.Rules...)
	}
	return rules
}
