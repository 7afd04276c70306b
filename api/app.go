package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"atvsld/api/web"
)

// pagePolicy lets the page run its own scripts and nothing else: no script in the document, none
// of another host, no style but its own.
const pagePolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// lastingAnswer is for files whose name changes with what they hold.
const lastingAnswer = "public, max-age=31536000, immutable"

// documentAnswer is for the document of the page: the same for everybody, and asked for again.
const documentAnswer = "public, no-cache"

// routeApp binds the views of the page and its files, and returns their addresses in gin's form.
func (s *Server) routeApp() []string {
	addresses := web.Addresses()
	for _, address := range addresses {
		s.engine.GET(address, s.appDocument)
	}
	files := map[string]bool{"/assets/:file": true}
	for _, name := range s.app.Paths() {
		if !strings.HasPrefix(name, "/assets/") && name != "/index.html" {
			files[name] = true
		}
	}
	for _, address := range slices.Sorted(maps.Keys(files)) {
		s.engine.GET(address, s.appFile)
		addresses = append(addresses, address)
	}
	s.ofPage = map[string]bool{}
	for _, address := range addresses {
		s.ofPage[address] = true
	}
	return addresses
}

// appDocument answers every view with the one document.
func (s *Server) appDocument(c *gin.Context) {
	f, built := s.app.Document()
	if !built {
		c.String(http.StatusNotImplemented, web.ErrNotBuilt.Error()+"\n")
		return
	}
	s.sendFile(c, http.StatusOK, f)
}

func (s *Server) appFile(c *gin.Context) {
	f, there := s.app.File(c.Request.URL.Path)
	if !there {
		s.noRoute(c)
		return
	}
	s.sendFile(c, http.StatusOK, f)
}

func (s *Server) sendFile(c *gin.Context, status int, f web.File) {
	accept := c.GetHeader("Accept-Encoding")
	data, encoding, err := f.In(func(coding string) bool { return takesCoding(accept, coding) })
	if err != nil {
		s.Log.Error("a file of the page cannot be sent", "path", c.FullPath(), "error", err)
		s.refuse(c, problemFailed.new(ruleFault.finding()))
		return
	}
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cache-Control", documentAnswer)
	if f.Lasting {
		h.Set("Cache-Control", lastingAnswer)
	}
	if encoding != web.Plain {
		h.Set("Content-Encoding", encoding)
	}
	c.Data(status, f.MediaType, data)
}
