// Package web renders the platform's pages on the server: HTML without a script and
// without a foreign host, Vietnamese first and English. It computes no figure.
package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"path"
	"slices"
)

//go:embed template/*.html
var templates embed.FS

//go:embed static
var static embed.FS

// Pages renders pages. It is safe for concurrent use.
type Pages struct {
	home, docs, signIn *template.Template
	// fonts are the rules of style that bring the font of the page to these pages, too.
	fonts []byte
}

// New parses the templates. These pages are written in the font of the app.
func New(app *App) (*Pages, error) {
	fonts, err := app.fontFaces()
	if err != nil {
		return nil, err
	}
	home, err := template.ParseFS(templates, "template/frame.html", "template/home.html", "template/verdict.html")
	if err != nil {
		return nil, fmt.Errorf("parse the first page: %w", err)
	}
	docs, err := template.ParseFS(templates, "template/frame.html", "template/docs.html")
	if err != nil {
		return nil, fmt.Errorf("parse the documentation page: %w", err)
	}
	signIn, err := template.ParseFS(templates, "template/frame.html", "template/signin.html")
	if err != nil {
		return nil, fmt.Errorf("parse the page of sign-in: %w", err)
	}
	return &Pages{home: home, docs: docs, signIn: signIn, fonts: fonts}, nil
}

// Home writes the first page.
func (p *Pages) Home(w io.Writer, page Home) error {
	return p.home.ExecuteTemplate(w, "frame.html", page.view())
}

// SignIn writes the page where people sign in.
func (p *Pages) SignIn(w io.Writer, page SignIn) error {
	return p.signIn.ExecuteTemplate(w, "frame.html", page)
}

// Docs returns the documentation page.
func (p *Pages) Docs(page Docs) ([]byte, error) {
	var out bytes.Buffer
	err := p.docs.ExecuteTemplate(&out, "frame.html", page)
	return out.Bytes(), err
}

// Asset returns a file that the pages refer to.
func (p *Pages) Asset(name string) (mediaType string, data []byte, ok bool) {
	types := map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
	mediaType, known := types[path.Ext(name)]
	if !known || path.Base(name) != name {
		return "", nil, false
	}
	data, err := static.ReadFile("static/" + name)
	if name == "style.css" {
		data = slices.Concat(p.fonts, data)
	}
	return mediaType, data, err == nil
}
