package api

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"

	"atvsld/analytics/access"
	"atvsld/api/signin"
	"atvsld/api/web"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// The addresses of sign-in.
const (
	signInPath   = "/sign-in"
	providerPath = "/sign-in/provider"
	callbackPath = "/sign-in/callback"
	sessionPath  = "/session"
	signOutPath  = "/session/end"
)

// maxForm bounds the form of sign-in in bytes.
const maxForm = 16 << 10

// signInLife is how long somebody may take at the identity provider.
const signInLife = 10 * time.Minute

// routeSignIn binds what people need to sign in with a browser. They are pages, not
// operations: the OpenAPI document does not name them.
func (s *Server) routeSignIn() {
	if !s.hasSessions() {
		return
	}
	s.engine.GET(signInPath, s.signInPage)
	s.engine.POST(sessionPath, s.ownForm, s.signIn)
	s.engine.POST(signOutPath, s.ownForm, s.signOut)
	if s.SignIn != nil {
		s.engine.GET(providerPath, s.toProvider)
		s.engine.GET(callbackPath, s.fromProviderBack)
	}
}

// openSignIn makes the gates of the pages: everybody may sign in, whoever he is already.
func (s *Server) openSignIn() {
	for _, address := range []string{"GET " + signInPath, "POST " + sessionPath, "POST " + signOutPath, "GET " + providerPath, "GET " + callbackPath} {
		s.gates[address] = gate{action: access.ReadPublic}
	}
}

// ownForm lets only forms of our own pages pass: nobody is to be signed in as somebody else,
// or out, by a foreign page.
func (s *Server) ownForm(c *gin.Context) {
	if !s.sameOrigin(c.Request) {
		s.refuse(c, problemForbidden.new(ruleCrossSite.finding()))
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxForm)
	if !isMediaType(c.Request.Header, formType) {
		s.refuse(c, problemMediaType.new(ruleMediaType.finding(formType, formType)))
		return
	}
	if err := c.Request.ParseForm(); err != nil {
		s.refuse(c, problemOfForm(err))
	}
}

func problemOfForm(err error) *Problem {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problemTooLarge.new(ruleBodyLimit.finding()).header("Connection", "close")
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return problemOfReading(err)
	}
	return problemUnreadable.new(ruleEmptyBody.finding())
}

const formType = "application/x-www-form-urlencoded"

func (s *Server) signInPage(c *gin.Context) {
	s.showSignIn(c, http.StatusOK, web.SignIn{Lang: web.Language(c.Query("lang")), Next: c.Query("next"), Ended: c.Query("ended") == "1"})
}

// showSignIn writes the page of sign-in.
func (s *Server) showSignIn(c *gin.Context, status int, page web.SignIn) {
	page.Demonstration, page.Version, page.Visitor = s.Demonstration, s.version(), s.visitor(c, page.Lang)
	page.Provider = s.SignIn != nil
	page.Visitor.CanSignIn = false // this is where one does
	page.Unencrypted = !s.encrypted(c.Request) && !s.caller(c).IsLoopback()
	var out bytes.Buffer
	if err := s.pages.SignIn(&out, page); err != nil {
		s.Log.Error("writing the page", "error", err, "request_id", callOf(c.Request.Context()).id)
		s.refuse(c, problemFailed.new(ruleFault.finding()))
		return
	}
	c.Data(status, htmlType, out.Bytes())
}

// signIn starts a session for who pasted a token.
func (s *Server) signIn(c *gin.Context) {
	page := web.SignIn{Lang: web.Language(c.Request.PostForm.Get("lang")), Next: c.Request.PostForm.Get("next")}
	token := strings.TrimSpace(c.Request.PostForm.Get("token"))
	if token == "" {
		page.Trouble = web.NoToken
		s.showSignIn(c, http.StatusUnprocessableEntity, page)
		return
	}
	if _, problem := s.identify(c, token); problem != nil {
		s.signInTrouble(c, page, problem)
		return
	}
	s.enter(c, page, token)
}

// signInTrouble says in the page why nobody was signed in.
func (s *Server) signInTrouble(c *gin.Context, page web.SignIn, p *Problem) {
	page.Trouble = web.TokenRefused
	switch p.Status {
	case http.StatusTooManyRequests:
		page.Trouble = web.TooManyTokens
		c.Header("Retry-After", seconds(p.retryAfter))
	case http.StatusUnauthorized:
	default:
		page.Trouble = web.SignInSilent
	}
	s.showSignIn(c, p.Status, page)
}

// enter starts the session and goes on to where the visitor came from.
func (s *Server) enter(c *gin.Context, page web.SignIn, token string) {
	switch err := s.startSession(c, token); {
	case errors.Is(err, seal.ErrCookieSize):
		page.Trouble = web.TokenTooLong
		s.showSignIn(c, http.StatusUnprocessableEntity, page)
	case err != nil:
		s.Log.Error("starting a session", "error", err, "request_id", callOf(c.Request.Context()).id)
		s.refuse(c, problemFailed.new(ruleFault.finding()))
	default:
		c.Redirect(http.StatusSeeOther, page.GoOn())
	}
}

// signOut ends the session.
func (s *Server) signOut(c *gin.Context) {
	s.endSession(c)
	c.Header("Clear-Site-Data", `"cache"`)
	c.Redirect(http.StatusSeeOther, "/?lang="+string(web.Language(c.Request.PostForm.Get("lang"))))
}

// signInFlow is a sign-in at the provider, as the browser keeps it.
type signInFlow struct {
	signin.Flow
	Lang web.Lang `json:"lang"`
	Next string   `json:"next,omitempty"`
	Ends int64    `json:"ends"`
}

// page is the page of sign-in as it was left.
func (f *signInFlow) page() web.SignIn { return web.SignIn{Lang: f.Lang, Next: f.Next} }

// toProvider sends the browser to the identity provider.
func (s *Server) toProvider(c *gin.Context) {
	page := web.SignIn{Lang: web.Language(c.Query("lang")), Next: c.Query("next")}
	address, flow, err := s.SignIn.Begin(c.Request.Context())
	if err == nil {
		err = s.keepFlow(c, signInFlow{Flow: flow, Lang: page.Lang, Next: page.GoOn(), Ends: s.Clock().Add(signInLife).Unix()})
	}
	if err != nil {
		s.providerTrouble(c, page, err)
		return
	}
	c.Redirect(http.StatusSeeOther, address)
}

func (s *Server) keepFlow(c *gin.Context, flow signInFlow) error {
	text, err := json.Marshal(flow)
	if err != nil {
		return err
	}
	sealed, err := s.sessions.keys.SealCookie(seal.SignInCookie, text)
	if err != nil {
		return err
	}
	s.setCookie(c, seal.SignInCookie, sealed, signInLife)
	return nil
}

// fromProviderBack takes who comes back from the identity provider. A sign-in can be ended
// once: its cookie goes with the answer, and the provider takes no code twice.
func (s *Server) fromProviderBack(c *gin.Context) {
	flow, ok := s.flowOf(c.Request)
	s.setCookie(c, seal.SignInCookie, "", 0)
	if !ok {
		page := flow.page()
		page.Trouble = web.SignInLost
		s.showSignIn(c, http.StatusBadRequest, page)
		return
	}
	token, err := s.SignIn.Finish(c.Request.Context(), flow.Flow, c.Query("state"), c.Query("code"))
	if err != nil {
		s.providerTrouble(c, flow.page(), err)
		return
	}
	// What a provider gave is no guess, and is not counted as one.
	if _, problem := s.holder(c, token); problem != nil {
		s.signInTrouble(c, flow.page(), problem)
		return
	}
	s.enter(c, flow.page(), token)
}

// flowOf opens what the browser keeps of its sign-in.
func (s *Server) flowOf(r *http.Request) (flow signInFlow, ok bool) {
	sealed, _ := s.cookie(r, seal.SignInCookie)
	text, err := s.sessions.keys.OpenCookie(seal.SignInCookie, sealed)
	if err != nil || json.Unmarshal(text, &flow) != nil {
		return signInFlow{Lang: web.VI}, false
	}
	return flow, s.Clock().Unix() < flow.Ends
}

func (s *Server) providerTrouble(c *gin.Context, page web.SignIn, err error) {
	s.Log.Warn("a sign-in at the identity provider failed", "request_id", callOf(c.Request.Context()).id, "error", err)
	if errors.Is(err, signin.ErrRefused) {
		page.Trouble = web.SignInLost
		s.showSignIn(c, http.StatusForbidden, page)
		return
	}
	page.Trouble = web.SignInSilent
	s.showSignIn(c, http.StatusServiceUnavailable, page)
}

// visitor says who looks at a page.
func (s *Server) visitor(c *gin.Context, lang web.Lang) web.Visitor {
	one := callOf(c.Request.Context())
	v := web.Visitor{CanSignIn: s.hasSessions()}
	if one.by.Role == access.Public {
		return v
	}
	info, _ := access.Info(one.by.Role)
	v.Role, v.Scope = lang.T(info.NameVI, info.NameEN), s.scopeOf(one.by, lang)
	if one.session != nil {
		v.Session, v.Ends = true, lang.Moment(time.Unix(one.session.Ends, 0))
	}
	return v
}

// scopeOf says a caller's scope in words.
func (s *Server) scopeOf(by access.Caller, lang web.Lang) string {
	if by.Nation {
		return lang.T("cả nước", "the nation")
	}
	var parts []string
	for _, p := range s.Seeds.Provinces(seeds.List34) {
		if slices.Contains(by.Provinces, p.Code) {
			parts = append(parts, lang.T(p.NameVI, p.NameEN))
		}
	}
	for _, section := range by.Sections {
		parts = append(parts, lang.T("ngành ", "section ")+section)
	}
	for _, unit := range by.Units {
		// A household's key stands for a person, and says nothing to anybody.
		if !strings.HasPrefix(unit, "hb:") {
			parts = append(parts, strings.TrimPrefix(unit, "commune:"))
		}
	}
	const most = 3
	if len(parts) > most {
		parts = append(parts[:most], "…")
	}
	return strings.Join(parts, ", ")
}
