package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"atvsld/ingest/intake"
)

// LoaderHeader marks submissions of the loader of demonstration data, which may set
// received_at. It is refused unless the store is a demonstration store.
const LoaderHeader = "Atvsld-Demonstration-Loader"

// localPrincipal is who holds the local token.
const localPrincipal = "local"

// authenticate reads the token. A wrong one is refused even where none is needed, so
// that nobody takes public figures for those he meant to see.
func (s *Server) authenticate(c *gin.Context) {
	values := c.Request.Header.Values("Authorization")
	if len(values) == 0 {
		return
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") || s.Keys == nil || !s.Keys.CheckLocalToken(strings.TrimSpace(token)) {
		s.refuse(c, unauthorized("invalid_token"))
		return
	}
	by := &intake.Principal{ID: localPrincipal, MayEnterPaper: mayEnterPaper(localPrincipal)}
	if strings.EqualFold(c.GetHeader(LoaderHeader), "true") {
		if !s.Demonstration {
			s.refuse(c, problemForbidden.new(ruleLoader.finding()))
			return
		}
		by.MayDateBack = true
	}
	callOf(c.Request.Context()).by = by
}

// forHolders describes an operation for whoever holds a token; there says whether this
// process offers it.
func (s *Server) forHolders(op *huma.Operation, there func() bool) {
	op.Security = []map[string][]string{{tokenScheme: {}}}
	op.Middlewares = huma.Middlewares{holders{s, there}.pass}
}

// holders lets only those pass who hold a token.
type holders struct {
	server *Server
	there  func() bool
}

func (h holders) pass(ctx huma.Context, next func(huma.Context)) {
	c := humagin.Unwrap(ctx)
	if h.server.holder(c, h.there()); !c.IsAborted() {
		next(ctx)
	}
}

// holder asks for a token before anything of the request is looked at: whoever has none
// learns nothing of it, not even what is wrong with the question.
func (s *Server) holder(c *gin.Context, there bool) {
	switch {
	case callOf(c.Request.Context()).by == nil:
		s.refuse(c, unauthorized(""))
	case !there:
		s.refuse(c, problemNotHere.new(ruleNotHere.finding()))
	}
}

// mayEnterPaper tells who may enter a report that came on paper, and mayReadBack who may
// read what was filed with everything personal in it: whoever holds the local token,
// which the machine's owner has.
func mayEnterPaper(principal string) bool { return principal == localPrincipal }

func mayReadBack(by *intake.Principal) bool { return by != nil && by.ID == localPrincipal }

// entitledOf asks for the token, and for what reading back needs, before anything of the
// request is looked at: its address may be a person's.
func (s *Server) entitledOf(ctx huma.Context, next func(huma.Context)) {
	c := humagin.Unwrap(ctx)
	by := callOf(c.Request.Context()).by
	switch {
	case by == nil:
		s.refuse(c, unauthorized(""))
	case !mayReadBack(by):
		s.refuse(c, problemForbidden.new(ruleReadBack.finding()))
	case s.Reports == nil || s.Keys == nil:
		s.refuse(c, problemNotHere.new(ruleNotHere.finding()))
	default:
		next(ctx)
	}
}

// forEntitled describes an operation that gives back what was filed.
func (s *Server) forEntitled(op *huma.Operation) {
	op.Security = []map[string][]string{{tokenScheme: {}}}
	op.Middlewares = huma.Middlewares{s.entitledOf}
}

func readProblems(more ...int) []int {
	return append(more, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable)
}

// unauthorized is RFC 6750's answer; code is empty when no token came.
func unauthorized(code string) *Problem {
	challenge := `Bearer realm="atvsld"`
	if code != "" {
		challenge += `, error="` + code + `"`
	}
	return problemUnauthorized.new(ruleToken.finding()).header("WWW-Authenticate", challenge)
}

// filer lets only those pass who may file.
func (s *Server) filer(c *gin.Context) {
	if callOf(c.Request.Context()).by == nil {
		s.refuse(c, unauthorized(""))
		return
	}
	if s.Gateway == nil {
		s.refuse(c, problemNotHere.new(ruleNotHere.finding()))
	}
}

// secure sets the headers that every answer carries. The pages need no script, so
// none may run.
func secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	if c.Request.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	// Whatever does not say otherwise is not kept.
	h.Set("Cache-Control", "no-store")
}

func methodOK(method string) bool { return method == http.MethodGet || method == http.MethodHead }
