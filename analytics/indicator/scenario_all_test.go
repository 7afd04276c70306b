package indicator

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// toldElsewhere are the reasons that no figure of this package gives: the tests that hold them
// are named.
var toldElsewhere = map[string]string{
	ReasonNotInForm:     "analytics/summary: TestWorkbookIsTheForm",
	ReasonNoWorkers:     "analytics/summary: TestWorkersOfTheRegister",
	ReasonBaselineShort: "analytics/trend: TestChartWithoutACentreSaysWhy",
	ReasonNoEvents:      "analytics/trend: TestChartWithoutACentreSaysWhy",
	ReasonNotPoisson:    "analytics/trend: TestChartWithoutACentreSaysWhy",
}

// TestScenariosShowEverything holds the catalogue to the scenarios: every indicator, definition,
// verdict, flag and reason is in one, so that nothing is said that nobody has read beforehand.
func TestScenariosShowEverything(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	var asked, answered strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			line, _, _ = strings.Cut(line, "#")
			switch {
			case strings.HasPrefix(line, " "):
				answered.WriteString(line)
			default:
				asked.WriteString(line)
			}
		}
	}
	catalogue, err := Default()
	require.NoError(t, err)
	for _, def := range catalogue.Indicators() {
		require.Regexp(t, `(?m)^(series|explain) `+regexp.QuoteMeta(def.ID)+` `, asked.String(), "no scenario asks for %s", def.ID)
	}
	said := func(word string) bool {
		return regexp.MustCompile(`(?m)(^|[ (,])` + regexp.QuoteMeta(word) + `($|[ ),:;])`).MatchString(answered.String())
	}
	var missing []string
	for _, definition := range catalogue.Definitions() {
		if !said(definition) {
			missing = append(missing, definition)
		}
	}
	require.Empty(t, missing, "no scenario assesses by these definitions")
	for _, verdict := range []Verdict{Met, NotMet, NotAssessable} {
		require.True(t, said(string(verdict)), "no scenario ends %s", verdict)
	}
	for _, flag := range []string{"within noise", "base imported", "final", "revised", "changed", "kept", "not kept"} {
		require.True(t, said(flag), "no scenario shows %q", flag)
	}
	for _, code := range slices.Sorted(maps.Keys(reasonTexts)) {
		if _, elsewhere := toldElsewhere[code]; elsewhere == said(code) {
			missing = append(missing, code)
		}
	}
	require.Empty(t, missing, "in no scenario, or in one and said not to be")
}
