package report_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// plain is a report as a client holds it: decoded JSON without any type of ours.
type plain struct{ root any }

func (p plain) at(pointer string) any {
	v := p.root
	for _, name := range strings.Split(pointer, "/")[1:] {
		switch parent := v.(type) {
		case map[string]any:
			v = parent[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(parent) {
				return nil
			}
			v = parent[i]
		default:
			return nil
		}
	}
	return v
}

func (p plain) number(pointer string) int64 {
	n, _ := p.at(pointer).(float64)
	return int64(n)
}

// elements are the pointers of the elements of a list that a filter admits.
func (p plain) elements(list string, where *report.Filter) []string {
	all, _ := p.at(list).([]any)
	var admitted []string
	for i := range all {
		at := fmt.Sprintf("%s/%d", list, i)
		if where != nil {
			text, _ := p.at(at + "/" + where.Member).(string)
			if len(where.Is) > 0 && !slices.Contains(where.Is, text) || slices.Contains(where.Not, text) {
				continue
			}
		}
		admitted = append(admitted, at)
	}
	return admitted
}

// asked is one check at one place and of one column.
type asked struct {
	plain
	place, column string
}

func (a asked) pointers(pointer string, where *report.Filter) []string {
	pointer = strings.ReplaceAll(pointer, "{column}", a.column)
	if pointer[0] != '/' {
		return []string{a.place + "/" + pointer}
	}
	list, rest, over := strings.Cut(pointer, "/*")
	if !over {
		return []string{pointer}
	}
	all := a.elements(list, where)
	for i := range all {
		all[i] += rest
	}
	return all
}

func (a asked) value(t report.Term) (n int64) {
	if t.Pointer == "" {
		return t.Number
	}
	pointers := a.pointers(t.Pointer, t.Where)
	if strings.HasSuffix(t.Pointer, "*") {
		return int64(len(pointers))
	}
	for _, at := range pointers {
		n += a.number(at)
	}
	return n
}

func (a asked) sum(terms []report.Term) (n int64) {
	for _, t := range terms {
		times := t.Times
		if times == 0 {
			times = 1
		}
		n += times * a.value(t)
	}
	return n
}

func (a asked) holds(c report.Condition) bool {
	switch c.Is {
	case report.Zero:
		return a.sum(c.Sum) == 0
	case report.Positive:
		return a.sum(c.Sum) > 0
	default:
		return a.at(c.Sum[0].Pointer) != nil
	}
}

// breaks returns the pointer at which the check is broken, and what fills its messages.
func (a asked) breaks(of *report.Arithmetic) (at string, left, right int64, broken bool) {
	for _, c := range of.When {
		if !a.holds(c) {
			return "", 0, 0, false
		}
	}
	left, right = a.sum(of.Left), a.sum(of.Right)
	if of.Per != nil {
		per := a.sum(of.Per)
		if per == 0 {
			return "", 0, 0, false
		}
		left /= per
	}
	switch of.Relation {
	case report.Equal:
		broken = left != right
	case report.AtMost:
		broken = left > right
	case report.AtLeast:
		broken = left < right
	}
	where := a.pointers(of.At.Pointer, of.At.Where)
	if !broken || len(where) == 0 {
		return "", 0, 0, false
	}
	return where[0], left, right, true
}

// elsewhere is what a client finds: the arithmetic of the catalogue by a second
// implementation that shares nothing with the platform's.
func elsewhere(all []report.RuleInfo, kind report.Kind, document []byte) []string {
	var p plain
	if err := json.Unmarshal(document, &p.root); err != nil {
		panic(err)
	}
	var found []string
	for _, r := range arithmeticRules(all, kind, p) {
		of := r.Arithmetic
		places := []string{""}
		if len(of.Each) > 0 {
			places = nil
		}
		for _, each := range of.Each {
			list, over := strings.CutSuffix(each, "/*")
			if over {
				places = append(places, p.elements(list, of.Where)...)
			} else {
				places = append(places, each)
			}
		}
		columns := of.Columns
		if columns == nil {
			columns = []report.ColumnName{{}}
		}
		for _, place := range places {
			for _, column := range columns {
				a := asked{p, place, column.Name}
				at, left, right, broken := a.breaks(of)
				if !broken {
					continue
				}
				fill := func(template, column string) string {
					args := make([]any, len(of.Arguments))
					for i, name := range of.Arguments {
						switch name {
						case "column":
							args[i] = column
						case "left":
							args[i] = left
						case "right":
							args[i] = right
						default:
							n, _ := strconv.Atoi(strings.TrimPrefix(name, "left."))
							args[i] = a.value(of.Left[n])
						}
					}
					if len(args) == 0 {
						return template
					}
					return fmt.Sprintf(template, args...)
				}
				found = append(found, line(r.Code, r.Severity, at, fill(r.MessageEN, column.NameEN), fill(r.MessageVI, column.NameVI)))
			}
		}
	}
	slices.Sort(found)
	return found
}

// arithmeticRules are those of the kind, and those of the head that it has the numbers for.
func arithmeticRules(all []report.RuleInfo, kind report.Kind, p plain) []report.RuleInfo {
	return slices.DeleteFunc(slices.Clone(all), func(r report.RuleInfo) bool {
		if r.Arithmetic == nil || r.Kind != "" && r.Kind != kind {
			return true
		}
		return r.Kind == "" && slices.ContainsFunc(r.Arithmetic.Left, func(t report.Term) bool { return p.at(t.Pointer) == nil })
	})
}

func line(code string, severity report.Severity, pointer, en, vi string) string {
	return fmt.Sprintf("%s %s %s %s / %s", code, severity, pointer, en, vi)
}

var rulesOnce = sync.OnceValue(report.AllRules)

// platform is what the platform itself finds by the same rules; ok tells that the
// document is right in form.
func platform(t require.TestingT, document []byte) (found []string, ok bool) {
	s, form, err := report.Decode(document)
	require.NoError(t, err)
	isArithmetic := map[string]bool{}
	for _, r := range rulesOnce() {
		isArithmetic[r.Code] = r.Arithmetic != nil
	}
	for _, f := range report.Check(ctx(), &s, form) {
		if isArithmetic[f.Code] {
			found = append(found, line(f.Code, f.Severity, f.Pointer, f.Message, f.MessageVI))
		}
	}
	slices.Sort(found)
	return found, len(form) == 0
}

// randomDocument edits numbers, blocks and severities of a valid report of the kind, and
// removes and repeats elements of lists.
func randomDocument(r *rand.Rand, kind report.Kind) []byte {
	var root any
	if err := json.Unmarshal(reporttest.Valid(kind), &root); err != nil {
		panic(err)
	}
	chance := r.Float64() / 2
	root.(map[string]any)["content"] = shaken(r, root.(map[string]any)["content"], "", chance)
	document, err := json.Marshal(root, json.Deterministic(true))
	if err != nil {
		panic(err)
	}
	return document
}

func shaken(r *rand.Rand, v any, name string, chance float64) any {
	switch v := v.(type) {
	case map[string]any:
		if v["victims"] != nil && r.Float64() < chance { // a row of eleven columns, most of them absent
			v[measureNames[r.IntN(len(measureNames))]] = float64(r.IntN(4))
		}
		for _, member := range slices.Sorted(keysOf(v)) {
			if _, number := v[member].(float64); number && r.Float64() < chance/8 && member != "total" && member != "women" && member != "samples" {
				delete(v, member)
				continue
			}
			v[member] = shaken(r, v[member], member, chance)
		}
	case []any:
		if r.Float64() < chance/2 {
			i := r.IntN(len(v))
			v = slices.Delete(v, i, i+1)
		}
		if len(v) > 0 && r.Float64() < chance/2 {
			var again any
			text, _ := json.Marshal(v[r.IntN(len(v))])
			_ = json.Unmarshal(text, &again)
			v = append(v, again)
		}
		for i := range v {
			v[i] = shaken(r, v[i], name, chance)
		}
		return v
	case float64:
		if r.Float64() < chance {
			return [...]float64{0, 1, 2, 3, 4, float64(r.IntN(20)), 4294967295, v + 1}[r.IntN(8)]
		}
	case string:
		switch {
		case name == "block" && r.Float64() < chance/4:
			return [...]string{"1", "1.1", "1.2", "1.3", "2", "3"}[r.IntN(6)]
		case name == "severity" && r.Float64() < chance:
			return [...]string{"dead", "serious", "minor"}[r.IntN(3)]
		}
	}
	return v
}

var measureNames = func() (names []string) {
	for _, m := range report.AllMeasures() {
		names = append(names, m.Name)
	}
	return names
}()

func keysOf(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

const documentsOfAKind = 400

// A second implementation, which knows only what GET /v1/rules serves, finds the very
// same in thousands of documents.
func TestArithmeticElsewhere(t *testing.T) {
	fired := map[string]int{}
	all := rulesOnce()
	for _, d := range report.Definitions() {
		r := rand.New(rand.NewPCG(1, 2))
		valid := 0
		for range documentsOfAKind {
			document := randomDocument(r, d.Kind)
			want, ok := platform(t, document)
			if !ok {
				continue
			}
			valid++
			require.Equal(t, want, elsewhere(all, d.Kind, document), "%s", document)
			for _, f := range want {
				fired[strings.Fields(f)[0]]++
			}
		}
		// Those that the two can be compared on; the fewest are the health summary's, 193.
		require.Greater(t, valid, documentsOfAKind/3, d.Kind)
	}
	for _, r := range report.AllRules() {
		if r.Arithmetic != nil && r.Code != "AXII-042" && r.Code != "AXII-044" { // thresholds of billions
			require.Positive(t, fired[r.Code], "no random document broke %s", r.Code)
		}
	}
}

// The example for clients (JavaScript) finds the same as well.
func TestArithmeticInJavaScript(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not installed")
	}
	type caseOf struct {
		Document any      `json:"document"`
		Want     []string `json:"want"`
	}
	var cases []caseOf
	for _, d := range report.Definitions() {
		r := rand.New(rand.NewPCG(3, 4))
		for range documentsOfAKind / 2 {
			document := randomDocument(r, d.Kind)
			want, ok := platform(t, document)
			if !ok {
				continue
			}
			c := caseOf{Want: append([]string{}, want...)}
			require.NoError(t, json.Unmarshal(document, &c.Document))
			cases = append(cases, c)
		}
	}
	input, err := json.Marshal(map[string]any{"rules": report.AllRules(), "cases": cases})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "cases.json")
	require.NoError(t, os.WriteFile(file, input, 0o600))
	module, err := filepath.Abs("../../docs/examples/rules/check.mjs")
	require.NoError(t, err)
	script := `
import { readFileSync } from 'node:fs';
const { check } = await import(process.argv[2]);
const { rules, cases } = JSON.parse(readFileSync(process.argv[1], 'utf8'));
for (const c of cases) {
  const got = check(rules, c.document).map((f) => [f.code, f.severity, f.pointer, f.message, '/', f.message_vi].join(' '));
  if (JSON.stringify(got.sort()) !== JSON.stringify(c.want.sort())) {
    console.log(JSON.stringify({ document: c.document, got, want: c.want }, null, 1));
    process.exit(1);
  }
}
console.log(cases.length);`
	out, err := exec.CommandContext(context.Background(), node, "--input-type=module", "-e", script, file, module).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, strconv.Itoa(len(cases)), string(bytes.TrimSpace(out)))
}
