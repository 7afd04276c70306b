package report

import (
	"reflect"
	"slices"
)

// RulesVersion names the state of the rules as a whole; it is stored with every
// report.
const RulesVersion = "2026.1"

// Definition says everything the platform must know about a kind.
type Definition struct {
	Kind           Kind
	NameVI, NameEN string
	LegalRef       string
	// Status tells how far the content of the form was verified: [Verified] where the
	// form was read, [Unverified] where only the duty to report is known.
	Status string
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
	// numbers are the rules that are arithmetic, those of the head among them.
	numbers *program
	// texts are the members that may hold the number of a person by mistake.
	texts []scanned
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
	numbers := headNumbers(d.form)
	for i := range rules {
		rules[i].Kind = d.Kind
		d.Rules = append(d.Rules, rules[i].RuleInfo)
		if rules[i].Arithmetic != nil {
			numbers = append(numbers, &rules[i].RuleInfo)
		}
	}
	d.numbers = compile(d.form, numbers)
	d.texts = scannedTexts(d.form)
	d.check = func(c *check, content Content) {
		apply(c, rules, (*T)(content.(P)))
		d.numbers.run(c, reflect.ValueOf(content).Elem())
	}
	return d
}

// headNumbers returns the arithmetic on the head of the forms that a form has the
// members for.
func headNumbers(content *form) []*RuleInfo {
	var numbers []*RuleInfo
	for i := range headerRules {
		if r := &headerRules[i].RuleInfo; r.Arithmetic != nil && content.has(r.Arithmetic) {
			numbers = append(numbers, r)
		}
	}
	return numbers
}

// has tells whether every number of a check on the head is in the form.
func (f *form) has(a *Arithmetic) bool {
	for _, t := range slices.Concat(a.Left, a.Right) {
		if t.Pointer == "" {
			continue
		}
		if path, ok := f.locate(segments(t.Pointer)[1:]); !ok || path[len(path)-1].kind != numberForm {
			return false
		}
	}
	return true
}

var catalogue = []*Definition{
	accidentDefinition,
	annexDefinition,
	communeDefinition,
	diseaseDefinition,
	monitoringDefinition,
	oshDefinition,
	trainingDefinition,
	equipmentDefinition,
	insuranceDefinition,
	inspectionDefinition,
	investigationDefinition,
	incidentDefinition,
	linkDefinition,
	diseaseCaseDefinition,
	examinationDefinition,
	clinicDefinition,
	healthDefinition,
	baseDefinition,
	registrationDefinition,
	reliefDefinition,
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
	rules := slices.Concat(formRules[:], textRules[:])
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
