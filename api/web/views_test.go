package web

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The program knows the views of the page as the page itself does.
func TestViewsAreTheRoutesOfThePage(t *testing.T) {
	source, err := os.ReadFile("app/src/routes.tsx")
	require.NoError(t, err)
	drawn := map[string]string{}
	for _, route := range regexp.MustCompile(`path: '([^']+)',.*import\('\./views/([^']+)'\)`).FindAllStringSubmatch(string(source), -1) {
		drawn[strings.ReplaceAll(route[1], "$", ":")] = route[2]
	}
	named := map[string]string{}
	for _, v := range views {
		named[v.address] = v.module
	}
	require.Equal(t, drawn, named)
}

// Whatever the scripts of a view import is named before they run: nothing is found out one turn
// over the network after the other.
func TestNoScriptOfAViewIsFoundOutLate(t *testing.T) {
	app, err := OpenApp()
	require.NoError(t, err)
	imports := regexp.MustCompile(`(?:from|import)\s*["']\./([\w.-]+\.js)["']`)
	asset := regexp.MustCompile(`/assets/[\w.-]+`)
	for _, v := range views {
		begun, built := app.Begin(v.address, nil)
		require.True(t, built)
		named := asset.FindAllString(text(t, begun), -1)
		for _, address := range named {
			f, there := app.File(address)
			require.True(t, there, "%s names %s", v.address, address)
			if !strings.HasSuffix(address, ".js") {
				continue
			}
			for _, imported := range imports.FindAllStringSubmatch(text(t, f), -1) {
				require.Contains(t, named, "/assets/"+imported[1], "%s by %s", v.address, address)
			}
		}
	}
}

func text(t *testing.T, f File) string {
	t.Helper()
	data, _, err := f.In(func(string) bool { return false })
	require.NoError(t, err)
	return string(data)
}
