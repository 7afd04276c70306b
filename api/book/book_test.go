package book

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/api"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

var update = flag.Bool("update", false, "write the documents anew (make docs does)")

// The committed documents are those that the program makes.
func TestDocumentsAreUpToDate(t *testing.T) {
	for name, want := range Files() {
		file := filepath.Join("../../docs", name)
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(want), 0o600))
		}
		got, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, want, string(got), "docs/%s is not what the program makes: run make docs", name)
	}
}

func TestDocumentsAreTheSameEveryTime(t *testing.T) {
	first := Files()
	for name, text := range Files() {
		require.Equal(t, text, first[name], name)
	}
}

// A rule book without a rule, or a rule without its examples, would be worth little.
func TestRuleBookHasEveryRule(t *testing.T) {
	text := Rules(api.Rules())
	for _, r := range report.AllRules() {
		_, section, found := strings.Cut(text, "\n### "+r.Code+"\n")
		require.True(t, found, r.Code)
		section, _, _ = strings.Cut(section, "\n### ")
		require.Contains(t, section, r.MessageVI, r.Code)
		require.Contains(t, section, r.MessageEN, r.Code)
		require.Contains(t, section, r.LegalRef, r.Code)
		if r.Code == "ENV-014" { // its example has a thousand lines
			continue
		}
		require.Contains(t, section, "- Vi phạm / Breaks: ", r.Code)
		require.Contains(t, section, "- Đúng / Holds: ", r.Code)
	}
	for _, r := range api.Rules().Rules {
		require.Contains(t, text, "\n### "+r.Code+"\n", r.Code)
	}
}

func TestDictionaryHasEveryField(t *testing.T) {
	text := Dictionary(api.DataDictionary(seeds.Default()))
	require.Equal(t, len(report.Dictionary()), strings.Count(text, "\n| `"))
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "| `") {
			require.Equal(t, 8, strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"), line)
		}
	}
}

func TestFormulas(t *testing.T) {
	f := func(code, want string) {
		t.Helper()
		for _, r := range report.AllRules() {
			if r.Code == code {
				require.Equal(t, want, formula(r.Arithmetic))
				return
			}
		}
		t.Errorf("no rule %s", code)
	}
	f("AXII-012", "/content/rows/* [block ≠ 1.3]: accidents + accidents_multi <= victims")
	f("AXII-043", "sum(/content/rows/*/victims [block = 1 or 2]) - sum(/content/rows/*/victims_outside [block = 1 or 2]) <= /content/workers/total")
	f("AXII-044", "(/content/payroll_million_vnd) / (/content/workers/total) <= 5000")
	f("ACC-031", "2 × count(/content/victims/* [severity = dead]) + count(/content/victims/* [severity = serious]) >= 2")
	f("DIS-005", "/content/examined/cases <= 0, when /content/examined/persons = 0")
	f("COM-032", "/content/total/victims <= /content/workers_without_contract, when /content/workers_without_contract given")
}
