package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Who reads a code looks it up in the catalogue: a code that stands for two things, or
// that is missing there, is of no use to them. What declares rules is read as source,
// because a rule that was forgotten in its list cannot be found by way of the list.
func TestEveryRuleIsListedOnce(t *testing.T) {
	listed := map[string]bool{}
	for _, r := range Rules().Rules {
		require.False(t, listed[r.Code], "%s is listed twice", r.Code)
		listed[r.Code] = true
	}
	declared := map[string]string{}
	for _, folder := range []string{".", "../ingest/intake", "../ingest/forward"} {
		before := len(declared)
		for code, places := range declaredRules(t, folder) {
			for _, place := range places {
				require.Empty(t, declared[code], "%s is declared at %s too", code, place)
				declared[code] = place
			}
			require.True(t, listed[code], "%s of %s is in no list", code, declared[code])
		}
		require.Greater(t, len(declared), before, "no rule was found in %s", folder)
	}
}

// Both texts are filled with the same arguments.
func TestRulesSayTheSameInBothLanguages(t *testing.T) {
	verb := regexp.MustCompile(`%(\[\d+\])?[0-9]*[a-zA-Z]`)
	for _, r := range Rules().Rules {
		require.NotEmpty(t, r.MessageVI, r.Code)
		require.NotEmpty(t, r.MessageEN, r.Code)
		require.Equal(t, verb.FindAllString(r.MessageVI, -1), verb.FindAllString(r.MessageEN, -1), r.Code)
	}
}

// declaredRules finds the values of type rule in a folder: where each code stands.
func declaredRules(t *testing.T, folder string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	found := map[string][]string{}
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if code, ok := ruleCode(n); ok {
				found[code] = append(found[code], set.Position(n.Pos()).String())
			}
			return true
		})
	}
	return found
}

// ruleCode is the code of rule{"API-001", …}.
func ruleCode(n ast.Node) (string, bool) {
	value, ok := n.(*ast.CompositeLit)
	if !ok || len(value.Elts) == 0 {
		return "", false
	}
	if name, named := value.Type.(*ast.Ident); !named || name.Name != "rule" {
		return "", false
	}
	text, ok := value.Elts[0].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	code, err := strconv.Unquote(text.Value)
	return code, err == nil
}
