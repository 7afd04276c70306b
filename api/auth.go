package api

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"atvsld/analytics/access"
	"atvsld/ingest/intake"
)

// LoaderHeader marks submissions of the loader of demonstration data, which may set
// received_at. It is refused unless the store is a demonstration store.
const LoaderHeader = "Atvsld-Demonstration-Loader"

// authenticate finds out who asks, by the token of the header or else by the session of the
// pages. A wrong token is refused even where none is needed, so that nobody takes public
// figures for those he meant to see.
func (s *Server) authenticate(c *gin.Context) {
	one := callOf(c.Request.Context())
	one.by = access.Nobody()
	if values := c.Request.Header.Values("Authorization"); len(values) > 0 {
		by, problem := s.bearer(c, values)
		if problem != nil {
			s.refuse(c, problem)
			return
		}
		one.by = by
	} else if s.hasSessions() {
		by, problem := s.bySession(c)
		if problem != nil {
			s.refuse(c, problem)
			return
		}
		one.by = by
	}
	if strings.EqualFold(c.GetHeader(LoaderHeader), "true") && one.by.Role == access.Operator {
		if !s.Demonstration {
			s.refuse(c, problemForbidden.new(ruleLoader.finding()))
			return
		}
		one.dateBack = true
	}
	c.Request = c.Request.WithContext(access.With(c.Request.Context(), one.by))
}

// bearer reads a token of RFC 6750.
func (s *Server) bearer(c *gin.Context, values []string) (access.Caller, *Problem) {
	scheme, token, _ := strings.Cut(values[0], " ")
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") || s.Identity == nil {
		return access.Caller{}, unauthorized("invalid_token")
	}
	return s.identify(c, strings.TrimSpace(token))
}

// gate is what has to hold before an address looks at a request.
type gate struct {
	action access.Action
	// proof: whoever presents a receipt may pass without the action; the handler checks it.
	proof bool
	// personal: it opens personal data.
	personal bool
	// operations are its names for the record, by what ends the address: acts on one thing
	// share a route, as in …/{id}:replay and …/{id}:discard.
	operations map[string]string
	// there says whether this process offers it; nil for always.
	there func() bool
}

// Members of an operation's metadata.
const (
	metaProblems = "problems"
	metaAction   = "action"
	metaThere    = "there"
	metaProof    = "proof"
)

// offered says when this process offers an operation.
func offered(op *huma.Operation, there func() bool) { op.Metadata[metaThere] = there }

// gateOf reads the gate of an operation.
func gateOf(op *huma.Operation) gate {
	g := gate{operations: map[string]string{actOf(op.Path): op.OperationID}}
	g.action, _ = op.Metadata[metaAction].(access.Action)
	g.proof, _ = op.Metadata[metaProof].(bool)
	g.personal, _ = op.Metadata[metaPersonal].(bool)
	g.there, _ = op.Metadata[metaThere].(func() bool)
	return g
}

// pathParameter is one in an OpenAPI address, with what may follow it up to the next part.
var pathParameter = regexp.MustCompile(`\{([^}]+)\}[^/]*`)

// actOf is what follows a parameter at the end of an address, as in ":replay".
func actOf(address string) string {
	_, act, _ := strings.Cut(address[strings.LastIndex(address, "/")+1:], "}")
	return act
}

// operation names what a request to the gate asks for.
func (g gate) operation(path string) string {
	for act, name := range g.operations {
		if act != "" && strings.HasSuffix(path, act) {
			return name
		}
	}
	return g.operations[""]
}

// closeGates makes the gates: one for each operation of the document, and for the addresses that
// are none, which are open to everybody. Whatever has no gate answers nobody.
func (s *Server) closeGates(open ...string) {
	s.gates = map[string]gate{}
	for address, item := range s.api.OpenAPI().Paths {
		for _, op := range operationsOf(item) {
			route, g := op.Method+" "+pathParameter.ReplaceAllString(address, ":$1"), gateOf(op)
			maps.Copy(g.operations, s.gates[route].operations)
			s.gates[route] = g
		}
	}
	for _, address := range open {
		s.gates[http.MethodGet+" "+address] = gate{action: access.ReadPublic, operations: map[string]string{"": address}}
	}
}

// pass lets only those pass whom the policy lets, before anything of the request is looked
// at: the others learn nothing of it, not even what is wrong with the question.
func (s *Server) pass(c *gin.Context) {
	if c.FullPath() == "" {
		return // answered 404 or 405
	}
	g := s.gates[c.Request.Method+" "+c.FullPath()]
	by := callOf(c.Request.Context()).by
	switch {
	case by.May(g.action) || g.proof:
	case by.Role == access.Public:
		s.refuse(c, unauthorized(""))
		return
	default:
		s.refuse(c, denied(g.action))
		return
	}
	if problem := s.purpose(c, g); problem != nil {
		s.refuse(c, problem)
		return
	}
	if g.there != nil && !g.there() {
		s.refuse(c, problemNotHere.new(ruleNotHere.finding()))
		return
	}
	if problem := s.recordBegun(c, g); problem != nil {
		s.refuse(c, problem)
	}
}

// denied says that the policy does not allow it.
func denied(a access.Action) *Problem {
	return problemForbidden.new(ruleDenied.finding(a, a))
}

// principalOf is who files.
func (one *call) principal() intake.Principal {
	return intake.Principal{Caller: one.by, MayDateBack: one.dateBack}
}

// secureOperation writes into the document who may call an operation.
func secureOperation(op *huma.Operation) {
	g := gateOf(op)
	op.Security = []map[string][]string{{tokenScheme: {}}}
	if g.proof || access.Nobody().May(g.action) {
		op.Security = append([]map[string][]string{{}}, op.Security...)
	} else if statuses, _ := op.Metadata[metaProblems].([]int); !slices.Contains(statuses, http.StatusForbidden) {
		op.Metadata[metaProblems] = append(statuses, http.StatusForbidden)
	}
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	op.Extensions["x-action"] = g.action
	op.Extensions["x-roles"] = access.RolesFor(g.action)
	needsPurpose(op)
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

// secure sets the headers that every answer carries. The pages need no script, so
// none may run.
func (s *Server) secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	// Not no-referrer: with it browsers send forms of our own pages with Origin: null, like
	// those of a foreign one.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "browsing-topics=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()")
	if s.encrypted(c.Request) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	// Whatever does not say otherwise is not kept.
	h.Set("Cache-Control", "no-store")
}

func methodOK(method string) bool { return method == http.MethodGet || method == http.MethodHead }
