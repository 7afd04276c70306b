package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// publicFor is how long anybody may show a public answer without asking again.
// Closed figures change only when a year is closed.
const publicFor = "public, max-age=60"

// privateAnswer is for those entitled: kept by nobody else, and asked for again.
const privateAnswer = "private, no-cache"

// unkept are the routes that are never kept nor compared.
var unkept = map[string]bool{"/livez": true, "/readyz": true, "/metrics": true}

// cache gives answers to GET their ETag and answers 304 where nothing changed.
func (s *Server) cache(c *gin.Context) {
	if !methodOK(c.Request.Method) || c.FullPath() == "" || unkept[c.FullPath()] {
		c.Next()
		return
	}
	under := c.Writer
	held := &heldAnswer{ResponseWriter: under, status: http.StatusOK}
	c.Writer = held
	defer func() { c.Writer = under }()
	c.Next()
	c.Writer = under
	held.send(c.Request)
}

// heldAnswer keeps an answer back until its ETag is known.
type heldAnswer struct {
	gin.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) WriteHeader(status int)            { h.status = status }
func (h *heldAnswer) WriteHeaderNow()                   {}
func (h *heldAnswer) Write(p []byte) (int, error)       { return h.body.Write(p) }
func (h *heldAnswer) WriteString(p string) (int, error) { return h.body.WriteString(p) }
func (h *heldAnswer) Status() int                       { return h.status }
func (h *heldAnswer) Size() int                         { return h.body.Len() }
func (h *heldAnswer) Written() bool                     { return false }
func (h *heldAnswer) Flush()                            {}

func (h *heldAnswer) send(r *http.Request) {
	header := h.Header()
	if h.status == http.StatusOK {
		sum := sha256.Sum256(h.body.Bytes())
		tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
		header.Set("ETag", tag)
		header.Set("Vary", "Accept, Authorization")
		if header.Get("Cache-Control") == "no-store" {
			header.Set("Cache-Control", keeping(r))
		}
		if matches(r.Header.Get("If-None-Match"), tag) {
			header.Del("Content-Length")
			header.Del("Content-Type")
			h.ResponseWriter.WriteHeader(http.StatusNotModified)
			h.ResponseWriter.WriteHeaderNow()
			return
		}
	}
	header.Set("Content-Length", strconv.Itoa(h.body.Len()))
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes())
}

func keeping(r *http.Request) string {
	if callOf(r.Context()).by != nil || strings.HasPrefix(r.URL.Path, "/v1/reports/") {
		return privateAnswer
	}
	return publicFor
}

func matches(ifNoneMatch, tag string) bool {
	for candidate := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == tag || candidate == "*" {
			return true
		}
	}
	return false
}
