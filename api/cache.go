package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/jellydator/ttlcache/v3"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

// publicFor is how long anybody may show a public answer without asking again.
// Closed figures change only when a year is closed.
const publicFor = "public, max-age=60"

// privateAnswer is for those entitled: kept by nobody else, and asked for again.
const privateAnswer = "private, no-cache"

// pageAnswer is for the page without a script, which is another one as soon as somebody signs in: kept by
// anybody, and asked for again.
const pageAnswer = "public, no-cache"

// unkept are the routes that are never kept nor compared. Those of sign-in give cookies. A proof
// is of the moment, and sets deadlines of its own, for which it must reach the connection; so does
// the audit log, which grows with every look at it. A live stream goes on.
var unkept = map[string]bool{
	"/livez": true, "/readyz": true, "/metrics": true, "/v1/proof": true, auditPath: true, livePath: true,
	signInPath: true, providerPath: true, callbackPath: true,
}

// cache gives answers to GET their ETag and answers 304 where nothing changed.
func (s *Server) cache(c *gin.Context) {
	if !methodOK(c.Request.Method) || c.FullPath() == "" || unkept[c.FullPath()] {
		c.Next()
		return
	}
	key := s.keptKey(c)
	one := callOf(c.Request.Context())
	if kept := s.answers.get(c.Request.Context(), key); kept != nil {
		one.action, one.touches, one.shows = kept.action, kept.touches, kept
		kept.send(c.Writer, c.Request)
		c.Abort()
		return
	}
	var sources *store.Sources
	if key != "" && one.by.Role != access.Public {
		var ctx context.Context
		ctx, sources = store.WithSources(c.Request.Context())
		c.Request = c.Request.WithContext(ctx)
	}
	under, bare := c.Writer, c.Writer.Header().Clone()
	held := &heldAnswer{ResponseWriter: under, status: http.StatusOK}
	c.Writer = held
	defer func() { c.Writer = under }()
	c.Next()
	c.Writer = under
	whole := held.finish(c.Request, bare)
	if key != "" && whole.status == http.StatusOK {
		one.shows = &keptAnswer{wholeAnswer: whole, sources: sources, action: one.action, touches: one.touches}
		s.answers.held.Set(key, one.shows, ttlcache.NoTTL)
	}
	whole.send(under, c.Request)
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

// finish makes a whole answer of what was held back. bare are the headers from before the
// handler.
func (h *heldAnswer) finish(r *http.Request, bare http.Header) *wholeAnswer {
	header := h.Header()
	packs := h.packs(r)
	if h.status == http.StatusOK {
		header.Set("ETag", tagOf(h.body.Bytes(), packs))
		header.Add("Vary", "Accept, Accept-Encoding, Authorization, Cookie")
		if header.Get("Cache-Control") == "no-store" {
			header.Set("Cache-Control", keeping(r))
		}
	}
	if packs {
		h.compress()
	}
	return &wholeAnswer{h.status, added(bare, header), h.body.Bytes()}
}

// wholeAnswer is an answer that only has to be sent, with what it has beside the headers of
// every answer. Nothing in it is written to any more.
type wholeAnswer struct {
	status int
	header http.Header
	body   []byte
}

func added(before, after http.Header) http.Header {
	more := http.Header{}
	for name, values := range after {
		if !slices.Equal(before[name], values) {
			more[name] = slices.Clone(values)
		}
	}
	return more
}

func (a *wholeAnswer) send(w gin.ResponseWriter, r *http.Request) {
	header := w.Header()
	for name, values := range a.header {
		header[name] = slices.Clone(values)
	}
	if tag := a.header.Get("ETag"); tag != "" && matches(r.Header.Get("If-None-Match"), tag) {
		header.Del("Content-Length")
		header.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		w.WriteHeaderNow()
		return
	}
	header.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a caller who is gone is no fault of ours
}

// tagOf is the strong ETag of an answer (RFC 9110, 8.8.3): a digest of its bytes. The same
// answer has another one when it goes compressed, because those are other bytes.
func tagOf(body []byte, packed bool) string {
	sum := sha256.Sum256(body)
	tag := base64.RawURLEncoding.EncodeToString(sum[:16])
	if packed {
		tag += "-gzip"
	}
	return `"` + tag + `"`
}

// compressFrom is the size in bytes from which compressing an answer pays: the whole
// attainment of a year is 0.8 MB of JSON, and phones read it, too.
const compressFrom = 2 << 10

// packs tells whether the answer goes compressed. A spreadsheet is so already.
func (h *heldAnswer) packs(r *http.Request) bool {
	header := h.Header()
	return h.body.Len() >= compressFrom && header.Get("Content-Encoding") == "" && header.Get("Content-Type") != sheetType &&
		takesGzip(r.Header.Get("Accept-Encoding"))
}

// compress puts the answer into gzip. Writing to memory does not fail.
func (h *heldAnswer) compress() {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(h.body.Bytes())
	_ = w.Close()
	h.body = packed
	h.Header().Set("Content-Encoding", "gzip")
}

func takesGzip(accept string) bool { return takesCoding(accept, "gzip") }

func takesCoding(accept, wanted string) bool {
	for coding := range strings.SplitSeq(accept, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(strings.TrimSpace(name), wanted) {
			return strings.TrimSpace(quality) != "q=0"
		}
	}
	return false
}

func keeping(r *http.Request) string {
	if one := callOf(r.Context()); one.by.Role != access.Public || one.cookie || strings.HasPrefix(r.URL.Path, "/v1/reports/") {
		return privateAnswer
	}
	if r.URL.Path == plainPath {
		return pageAnswer
	}
	return publicFor
}

// matches compares weakly (RFC 9110, 13.1.2): proxies weaken the tags of what they compress.
func matches(ifNoneMatch, tag string) bool {
	for candidate := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == tag || candidate == "*" {
			return true
		}
	}
	return false
}
