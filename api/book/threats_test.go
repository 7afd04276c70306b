package book

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// docs/THREATS.md promises a test for every threat. The tests are there.
func TestThreatsNameRealTests(t *testing.T) {
	text, err := os.ReadFile("../../docs/THREATS.md")
	require.NoError(t, err)
	there := testsOf(t, "../..")
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 6 || strings.HasPrefix(cells[1], "---") || strings.TrimSpace(cells[2]) == "Threat" {
			continue
		}
		rows++
		named := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(cells[4], -1)
		if len(named) == 0 {
			require.Contains(t, cells[4], "`", "a row names what shows it: %s", line)
		}
		for _, name := range named {
			if !there[name[1]] {
				t.Errorf("there is no %s: %s", name[1], strings.TrimSpace(cells[2]))
			}
		}
	}
	require.Greater(t, rows, 30)
}

// testsOf finds the names of all tests below a folder.
func testsOf(t *testing.T, root string) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	names := map[string]bool{}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(source, -1) {
			names[string(m[1])] = true
		}
		return err
	}))
	return names
}
