package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"html"
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

// readAhead finds the files of every view. Unless they are named, the browser finds out which
// files a view needs only when the first script has come and run.
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
	document, err := a.cutDocument()
	if err != nil {
		return err
	}
	for _, v := range views {
		module := "src/views/" + v.module + ".tsx"
		if _, there := made[module]; !there {
			return fmt.Errorf("the page was built without %s, which draws %s", module, v.address)
		}
		a.ahead[v.address] = links(made.files(module, map[string]bool{}), document)
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

// Begin returns the document that a view begins with: the one of all views, in which the files of
// the view and the first questions that it asks the API are named, so that the browser asks for all
// of them at once. An address that is no view has no files. False if the page was not built.
func (a *App) Begin(address string, questions []string) (File, bool) {
	if a.beforeLinks == nil {
		return File{}, false
	}
	var b bytes.Buffer
	b.Write(a.beforeLinks)
	for _, question := range questions {
		fmt.Fprintf(&b, `<link rel="preload" as="fetch" crossorigin href="%s">`, html.EscapeString(question))
	}
	b.Write(a.ahead[address])
	b.Write(a.afterLinks)
	return File{MediaType: mediaTypes[".html"], packed: map[string][]byte{Plain: b.Bytes(), Gzip: packed(b.Bytes())}}, true
}

// cutDocument finds where the document names what it needs: at the end of its head.
func (a *App) cutDocument() (document []byte, err error) {
	f, built := a.Document()
	if !built {
		return nil, nil
	}
	document, _, err = f.In(func(string) bool { return false })
	if err != nil {
		return nil, err
	}
	at := bytes.Index(document, []byte("</head>"))
	if at < 0 {
		return nil, errors.New("the document of the page has no end of its head")
	}
	a.beforeLinks, a.afterLinks = document[:at:at], document[at:]
	return document, nil
}

// links name files that a document does not name itself.
func links(files []string, document []byte) []byte {
	var b bytes.Buffer
	for _, file := range files {
		switch {
		case bytes.Contains(document, []byte(file)): // every view begins with it
		case strings.HasSuffix(file, ".css"):
			fmt.Fprintf(&b, `<link rel="preload" as="style" crossorigin href="/%s">`, file)
		default:
			fmt.Fprintf(&b, `<link rel="modulepreload" crossorigin href="/%s">`, file)
		}
	}
	return b.Bytes()
}

// packed is in gzip; writing to memory does not fail.
func packed(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}
