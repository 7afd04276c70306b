package report

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"atvsld/seeds"
)

// term is a word of a message in both languages.
type term struct{ vi, en string }

// ours is an argument of a message that the platform gives: a limit, a list, its own
// date. Whatever is neither this nor a term is taken for the filer's and stays out of
// [Finding.WithoutValues], so that a rule that forgets to say so gives nothing away.
type ours struct{ any }

// check is one run of the rules over one submission.
type check struct {
	ctx Context
	s   *Submission
	// definition is nil when the kind is unknown. The rules may not look it up:
	// they are part of it.
	definition *Definition
	filed      seeds.Date // local day of filing
	day        seeds.Date // day the report is about: of the event, or last of the period
	rule       *RuleInfo
	// damaged are pointers with a finding of form.
	damaged  []string
	findings []Finding
}

// Check applies every rule of the kind, and those of every kind, and returns all
// findings, those of form included: errors first, then warnings and hints, each
// in the order of the form. What a rule finds at, below or above a pointer that
// is broken in form is left out, because it would be about a value that was
// never read.
func Check(ctx Context, s *Submission, form []Finding) []Finding {
	c := &check{ctx: ctx, s: s, filed: seeds.DateOf(s.filedAt(ctx))}
	for _, f := range form {
		if f.Code != formUnknown.Code {
			c.damaged = append(c.damaged, f.Pointer)
		}
	}
	definition, known := Lookup(s.Kind)
	c.definition = definition
	apply(c, envelopeRules, s)
	if found := findNumber(string(s.Reason)); found != noNumber {
		c.numberAt("/reason", found, true)
	}
	apply(c, paperRules, s)
	if known && s.Content != nil {
		h := s.Content.header()
		c.day = h.day()
		apply(c, headerRules, &h)
		definition.check(c, s.Content)
		c.scanTexts(definition, s.Content)
	}
	if len(c.findings)+len(form) == 0 {
		return nil
	}
	return c.sorted(definition, append(slices.Clone(form), c.findings...))
}

// filingDay is c.filed as an argument: the platform's clock, unless the filer dated it.
func (c *check) filingDay() any {
	if c.s.ReceivedAt.IsZero() {
		return ours{c.filed}
	}
	return c.filed
}

func (c *check) inForce() bool {
	from, to := c.rule.ValidFrom, c.rule.ValidTo
	if from.IsZero() && to.IsZero() {
		return true
	}
	return !c.day.IsZero() && !c.day.Before(from) && (to.IsZero() || !c.day.After(to))
}

// hit reports that the rule is broken at a pointer. The arguments fill the
// messages; none may be of a personal member.
func (c *check) hit(pointer string, args ...any) {
	if !c.broken(pointer) {
		c.report(pointer, c.shown(pointer), args)
	}
}

// hitHidden is hit for a value that must not be shown, wherever it stands.
func (c *check) hitHidden(pointer string, args ...any) {
	if !c.broken(pointer) {
		c.report(pointer, "", args)
	}
}

func (c *check) report(pointer, value string, args []any) {
	switch {
	case len(c.findings) < MaxFindings:
		c.findings = append(c.findings, finding(c.rule, pointer, value, args))
	case len(c.findings) == MaxFindings:
		c.findings = append(c.findings, finding(formTooMany, "", "", []any{ours{MaxFindings}}))
	}
}

// more reports a pair of numbers of which the first, at a pointer, may not be
// more than the second, at another. Pairs that were not read are left alone. Where the
// places are fixed, data says it better: see [Arithmetic].
func (c *check) more(at string, a uint32, than string, b uint32) {
	if a > b && !c.broken(than) {
		c.hit(at, a, b)
	}
}

// fewer is the same for a first number that may not be less than the second.
func (c *check) fewer(at string, a uint32, than string, b uint32) {
	if a < b && !c.broken(than) {
		c.hit(at, a, b)
	}
}

// broken tells whether the value at a pointer, or a part of it, was not read.
func (c *check) broken(pointer string) bool {
	for _, d := range c.damaged {
		if below(pointer, d) || below(d, pointer) && pointer != "" && pointer != "/content" {
			return true
		}
	}
	return false
}

// shown returns the value at a pointer for a finding: nothing of what is
// personal, and nothing of whole objects and lists.
func (c *check) shown(pointer string) string {
	parts := segments(pointer)
	if c.s.Content == nil || len(parts) < 2 || parts[0] != "content" {
		return c.shownOfEnvelope(pointer)
	}
	f, v := c.definition.form.find(reflect.ValueOf(c.s.Content).Elem(), parts[1:])
	if f == nil || !v.IsValid() || f.private {
		return ""
	}
	switch {
	case f.taxCode && TaxCode(v.String()).maybePersonal():
		return ""
	case f.kind == objectForm || f.kind == listForm:
		return ""
	case v.IsZero() && f.kind != numberForm && f.kind != truthForm:
		return ""
	}
	return clip(fmt.Sprint(v.Interface()))
}

func (c *check) shownOfEnvelope(pointer string) string {
	switch pointer {
	case "/report_id":
		return UUID(c.s.ReportID).String()
	case "/revision":
		return strconv.FormatUint(uint64(c.s.Revision), 10)
	case "/received_at":
		return c.s.ReceivedAt.Format("2006-01-02T15:04:05Z07:00")
	}
	return ""
}

// finding makes a finding of a rule.
func finding(info *RuleInfo, pointer, value string, args []any) Finding {
	row, column := rowOf(segments(pointer))
	f := Finding{
		Code: info.Code, Severity: info.Severity, Pointer: pointer, Row: row, Column: column, Value: value,
		Message: message(info.MessageEN, args, func(t term) string { return t.en }), LegalRef: info.LegalRef,
		MessageVI: message(info.MessageVI, args, func(t term) string { return t.vi }), Acknowledge: info.Acknowledge,
	}
	if bare, some := withhold(args); some {
		f.bare = message(info.MessageEN, bare, func(t term) string { return t.en })
		f.bareVI = message(info.MessageVI, bare, func(t term) string { return t.vi })
	}
	return f
}

// withheld stands for an argument that came from the filer, whatever the verb.
type withheld struct{}

// Format writes "…".
func (withheld) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("…")) }

// withhold replaces the arguments that came from the filer and tells whether one did.
func withhold(args []any) (bare []any, some bool) {
	bare = make([]any, len(args))
	for i, a := range args {
		switch a.(type) {
		case term, ours:
			bare[i] = a
		default:
			bare[i], some = withheld{}, true
		}
	}
	return bare, some
}

func message(template string, args []any, language func(term) string) string {
	if len(args) == 0 {
		return template
	}
	filled := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case term:
			filled[i] = language(a)
		case ours:
			filled[i] = a.any
		default:
			filled[i] = a
		}
	}
	return fmt.Sprintf(template, filled...)
}

// sorted puts errors before warnings before hints, each in the order of the form.
func (c *check) sorted(d *Definition, findings []Finding) []Finding {
	severity := map[Severity]int{Error: 0, Warning: 1, Hint: 2}
	ranks := make(map[string][]int, len(findings))
	for _, f := range findings {
		if _, done := ranks[f.Pointer]; !done {
			ranks[f.Pointer] = rankOf(d, f.Pointer)
		}
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(severity[a.Severity], severity[b.Severity]),
			slices.Compare(ranks[a.Pointer], ranks[b.Pointer]), strings.Compare(a.Code, b.Code))
	})
	return findings
}

func rankOf(d *Definition, pointer string) []int {
	parts := segments(pointer)
	if d == nil || len(parts) < 2 || parts[0] != "content" {
		return envelopeForm.rank(parts)
	}
	return append(envelopeForm.rank(parts[:1]), d.form.rank(parts[1:])...)
}
