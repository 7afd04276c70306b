package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
)

// dist is the page as `make page` builds it of app. Of each file that pays there is one packed
// with gzip and one packed with brotli in place of the file itself.
//
//go:embed all:dist
var dist embed.FS

// ErrNotBuilt says that the program was built without its page.
var ErrNotBuilt = errors.New("the page was not built: make page")

// Encodings of a file, as in Content-Encoding.
const (
	Plain  = ""
	Gzip   = "gzip"
	Brotli = "br"
)

// File is a file of the page.
type File struct {
	MediaType string
	// Lasting: its name changes with what it holds, so that it may be kept for ever.
	Lasting bool
	packed  map[string][]byte
}

// App is the page that runs in the browser. It is safe for concurrent use.
type App struct {
	files map[string]File
	// ahead are the links to the files of a view, by the view's address; they stand in the document
	// between beforeLinks and afterLinks.
	ahead                   map[string][]byte
	beforeLinks, afterLinks []byte
}

// mediaTypes of the files that the page consists of; others are not served.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".json": "application/json",
}

// OpenApp reads the page that was built into the program; it may be there without files, if the
// program was built without it.
func OpenApp() (*App, error) {
	app := &App{files: map[string]File{}, ahead: map[string][]byte{}}
	err := fs.WalkDir(dist, "dist", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == manifestName {
			return err
		}
		data, err := dist.ReadFile(name)
		if err != nil {
			return err
		}
		app.add(name[len("dist"):], data)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	return app, app.readAhead()
}

func (a *App) add(name string, data []byte) {
	encoding := Plain
	switch path.Ext(name) {
	case ".gz":
		encoding = Gzip
	case ".br":
		encoding = Brotli
	}
	if encoding != Plain {
		name = name[:len(name)-len(path.Ext(name))]
	}
	mediaType, known := mediaTypes[path.Ext(name)]
	if !known {
		return
	}
	f, there := a.files[name]
	if !there {
		f = File{MediaType: mediaType, Lasting: path.Dir(name) == "/assets", packed: map[string][]byte{}}
		a.files[name] = f
	}
	f.packed[encoding] = data
}

// File returns a file of the page by its address; false if there is none.
func (a *App) File(address string) (File, bool) {
	f, there := a.files[address]
	return f, there
}

// fontFace is a rule that says where a font lies.
var fontFace = regexp.MustCompile(`@font-face\{[^}]+\}`)

// fontFaces are those rules of the page's styles; none if the page was not built.
func (a *App) fontFaces() ([]byte, error) {
	var rules []byte
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		if path.Ext(name) != ".css" {
			continue
		}
		css, _, err := a.files[name].In(func(string) bool { return false })
		if err != nil {
			return nil, err
		}
		rules = append(rules, bytes.Join(fontFace.FindAll(css, -1), nil)...)
	}
	return rules, nil
}

// Document returns the document that every view begins with; false if the page was not built.
func (a *App) Document() (File, bool) { return a.File("/index.html") }

// Paths are the addresses of all files.
func (a *App) Paths() []string {
	paths := make([]string, 0, len(a.files))
	for name := range a.files {
		paths = append(paths, name)
	}
	return paths
}

// In returns the file's bytes and how they are encoded: as what takes allows, the smallest first.
func (f File) In(takes func(encoding string) bool) (data []byte, encoding string, err error) {
	for _, encoding := range []string{Brotli, Gzip} {
		if data, there := f.packed[encoding]; there && takes(encoding) {
			return data, encoding, nil
		}
	}
	if data, there := f.packed[Plain]; there {
		return data, Plain, nil
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(f.packed[Gzip]))
	if err != nil {
		return nil, Plain, fmt.Errorf("unpack a file of the page: %w", err)
	}
	data, err = io.ReadAll(unpacked)
	return data, Plain, err
}
