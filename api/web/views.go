package web

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// views are the addresses of the page, in gin's form, and the module that draws each: what
// app/src/routes.tsx says, told here so that the answer for an address names its files.
var views = []struct{ address, module string }{
	{"/", "public/Public"},
	{"/verify", "verify/Verify"},
	{"/rules", "rules/Rules"},
	{"/dictionary", "dictionary/Dictionary"},
	{"/owed", "owed/Owed"},
	{"/new", "form/Choose"},
	{"/new/accident", "declaration/Declaration"},
	{"/new/annex-xii", "annexxii/AnnexXII"},
	{"/new/:kind", "form/Form"},
	{"/reports", "reports/Reports"},
	{"/reports/:id", "history/History"},
	{"/receipts/:no", "receipt/Receipt"},
	{"/attainment", "attainment/Attainment"},
	{"/targets/:id", "target/Target"},
	{"/missing", "missing/Missing"},
	{"/trends", "trends/Trends"},
	{"/records", "records/Records"},
	{"/records/:id", "records/Record"},
}

// Addresses of the views of the page, in gin's form: each is answered with the same document,
// which shows the view of its address.
func Addresses() []string {
	addresses := make([]string, len(views))
	for i, v := range views {
		addresses[i] = v.address
	}
	return addresses
}

// manifest is what the build says of the files that it made, by the modules they were made of.
type manifest map[string]struct {
	File    string   `json:"file"`
	Imports []string `json:"imports"`
	CSS     []string `json:"css"`
}

// manifestName is where Vite leaves it.
const manifestName = "dist/.vite/manifest.json"

// document is the module that every view begins with: the document names its files itself.
const document = "index.html"

// readAhead makes the links of every view. Without them the browser would find out which files
// a view needs only when the first script has come and run.
func (a *App) readAhead() error {
	data, err := dist.ReadFile(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the page was not built
	}
	if err != nil {
		return fmt.Errorf("read the manifest of the page: %w", err)
	}
	var made manifest
	if err := json.Unmarshal(data, &made); err != nil {
		return fmt.Errorf("read the manifest of the page: %w", err)
	}
	named := made.files(document, map[string]bool{})
	for _, v := range views {
		module := "src/views/" + v.module + ".tsx"
		if _, there := made[module]; !there {
			return fmt.Errorf("the page was built without %s, which draws %s", module, v.address)
		}
		for _, file := range made.files(module, map[string]bool{}) {
			if !slices.Contains(named, file) {
				a.ahead[v.address] = append(a.ahead[v.address], link(file))
			}
		}
	}
	return nil
}

// files are those of a module and of what it imports, each once.
func (m manifest) files(module string, seen map[string]bool) []string {
	if seen[module] {
		return nil
	}
	seen[module] = true
	one := m[module]
	files := append(slices.Clone(one.CSS), one.File)
	for _, imported := range one.Imports {
		for _, file := range m.files(imported, seen) {
			if !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return files
}

// link is the field Link (RFC 8288) for a file, asked for just as the page's script asks for it.
func link(file string) string {
	if strings.HasSuffix(file, ".css") {
		return "</" + file + ">; rel=preload; as=style; crossorigin"
	}
	return "</" + file + ">; rel=modulepreload"
}

// Ahead are the links to the files that the view of an address needs beside those that the
// document names.
func (a *App) Ahead(address string) []string { return a.ahead[address] }

// AheadAnswer is the link to an answer that a view asks for as soon as it runs.
func AheadAnswer(address string) string {
	return "<" + address + ">; rel=preload; as=fetch; crossorigin"
}
