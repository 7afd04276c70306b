package api

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/jellydator/ttlcache/v3"

	"atvsld/analytics/access"
	"atvsld/api/identity"
	"atvsld/ingest/intake"
	"atvsld/ingest/seal"
)

// session is what a signed-in browser keeps for us, sealed. The token within is looked at
// anew with each request: what ends or revokes it ends the session.
type session struct {
	// ID names the session when it is ended before its time. A new one is drawn at every
	// sign-in, and none is ever taken from a browser that was not given by us.
	ID    string `json:"id"`
	Token string `json:"token"`
	// Ends in Unix seconds.
	Ends int64 `json:"ends"`
}

// sessions knows which sessions were ended by their holders. It is of this process: behind
// several, a copied cookie lives on at the others until its time or its token's ends it.
type sessions struct {
	keys  *seal.Keys
	life  time.Duration
	ended *ttlcache.Cache[string, struct{}]
	cross *http.CrossOriginProtection
}

// newSessions returns nil when there are no keys to seal them with.
func newSessions(keys *seal.Keys, e Edges) (*sessions, error) {
	if keys == nil {
		return nil, nil
	}
	cross := http.NewCrossOriginProtection()
	if e.PublicURL != "" {
		// A proxy may change the header Host on the way.
		if err := cross.AddTrustedOrigin(e.PublicURL); err != nil {
			return nil, err
		}
	}
	return &sessions{
		keys: keys, life: e.SessionLife, cross: cross,
		ended: ttlcache.New(ttlcache.WithTTL[string, struct{}](e.SessionLife), ttlcache.WithCapacity[string, struct{}](maxHolders)),
	}, nil
}

// cookieName is another one under TLS: browsers take the prefix only with Secure, for this
// very host and for every path, so that neither a neighbour nor plain HTTP can plant one.
func (s *Server) cookieName(r *http.Request, purpose seal.CookiePurpose) string {
	if s.encrypted(r) {
		return "__Host-atvsld-" + string(purpose)
	}
	return "atvsld-" + string(purpose)
}

// setCookie gives the browser something to keep; forever gone when life is not positive.
//
// Lax, not Strict: whoever follows a link from a letter or comes back from an identity
// provider is signed in as well. What changes anything asks for more, see [Server.sameOrigin].
func (s *Server) setCookie(c *gin.Context, purpose seal.CookiePurpose, value string, life time.Duration) {
	age := int(life.Seconds())
	if age <= 0 {
		age = -1
	}
	http.SetCookie(c.Writer, &http.Cookie{
		Name: s.cookieName(c.Request, purpose), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.encrypted(c.Request), SameSite: http.SameSiteLaxMode,
	})
}

// cookie returns what the browser keeps; there tells whether it sent anything.
func (s *Server) cookie(r *http.Request, purpose seal.CookiePurpose) (value string, there bool) {
	sent := r.CookiesNamed(s.cookieName(r, purpose))
	if len(sent) == 0 {
		return "", false
	}
	if len(sent) > 1 {
		return "", true // one of them was planted, and nobody knows which
	}
	return sent[0].Value, true
}

// startSession signs a caller in. seal.ErrCookieSize when his token is too long.
func (s *Server) startSession(c *gin.Context, token string) error {
	text, err := json.Marshal(session{ID: rand.Text(), Token: token, Ends: s.Clock().Add(s.sessions.life).Unix()})
	if err != nil {
		return err
	}
	sealed, err := s.sessions.keys.SealCookie(seal.SessionCookie, text)
	if err != nil {
		return err
	}
	s.retire(c.Request) // whoever was signed in here before
	s.setCookie(c, seal.SessionCookie, sealed, s.sessions.life)
	return nil
}

// endSession ends the session that the request came with.
func (s *Server) endSession(c *gin.Context) {
	s.retire(c.Request)
	s.setCookie(c, seal.SessionCookie, "", 0)
}

// retire ends the session of the request's cookie for whoever has a copy of it, too.
func (s *Server) retire(r *http.Request) {
	if held, _ := s.heldSession(r); held != nil {
		s.sessions.ended.Set(held.ID, struct{}{}, ttlcache.DefaultTTL)
	}
}

// heldSession opens the cookie. nil when there is no session in it, or no longer.
func (s *Server) heldSession(r *http.Request) (held *session, there bool) {
	sealed, there := s.cookie(r, seal.SessionCookie)
	if sealed == "" {
		return nil, there
	}
	text, err := s.sessions.keys.OpenCookie(seal.SessionCookie, sealed)
	if err != nil {
		return nil, true
	}
	held = &session{}
	if json.Unmarshal(text, held) != nil || s.over(held) {
		return nil, true
	}
	return held, true
}

// bySession finds out who asks by the session. A session that has ended is none: its browser
// forgets it and sees what everybody sees.
func (s *Server) bySession(c *gin.Context) (access.Caller, *Problem) {
	one := callOf(c.Request.Context())
	held, there := s.heldSession(c.Request)
	one.cookie = there
	if held == nil {
		if there {
			s.setCookie(c, seal.SessionCookie, "", 0)
		}
		return access.Nobody(), nil
	}
	if !methodOK(c.Request.Method) && !s.sameOrigin(c.Request) {
		s.Log.Warn("a session is not believed: the request comes from another origin", "request_id", one.id)
		return access.Caller{}, problemForbidden.new(ruleCrossSite.finding())
	}
	by, problem := s.holder(c, held.Token)
	switch {
	case problem == nil:
	case problem.Status == http.StatusUnauthorized:
		s.setCookie(c, seal.SessionCookie, "", 0)
		return access.Nobody(), nil
	default:
		return access.Caller{}, problem
	}
	one.session = held
	return by, nil
}

// sameOrigin tells whether a request that changes something was made by a page of ours. A
// cookie is sent along by the browser, whoever made the request. Go's protection lets
// requests pass that say nothing of their origin, for programs; programs have no cookie here,
// and every browser says it.
func (s *Server) sameOrigin(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
		return false
	}
	return s.sessions.cross.Check(r) == nil
}

// hasSessions tells whether people can sign in here.
func (s *Server) hasSessions() bool { return s.sessions != nil && s.Identity != nil }

// identify says who holds a token. Wrong ones are counted against the address.
func (s *Server) identify(c *gin.Context, token string) (access.Caller, *Problem) {
	from := s.caller(c)
	if wait := s.guessing(from, token); wait > 0 {
		return access.Caller{}, problemLimited.new(ruleGuessing.finding()).after(wait)
	}
	by, problem := s.holder(c, token)
	switch {
	case problem == nil:
		s.accepted(token)
	case problem.Status == http.StatusUnauthorized:
		s.guessed(from, token)
	}
	return by, problem
}

// holder asks who holds a token.
func (s *Server) holder(c *gin.Context, token string) (access.Caller, *Problem) {
	ctx := c.Request.Context()
	by, err := s.Identity.Identify(ctx, token)
	switch {
	case errors.Is(err, identity.ErrToken):
		s.Log.Info("a token is refused", "request_id", callOf(ctx).id, "reason", err)
		return access.Caller{}, unauthorized("invalid_token")
	case err != nil:
		// Always 503, also when the issuer's or the store's answer is a strange one: of the
		// token nothing is known yet.
		s.Log.Error("a token cannot be checked", "request_id", callOf(ctx).id, "error", err)
		return access.Caller{}, problemIssuer.new(ruleIssuer.finding())
	}
	callOf(ctx).token = token
	return by, nil
}

// again finds out anew who files in a request that takes long.
func (s *Server) again(ctx context.Context) (intake.Principal, *Problem) {
	one := callOf(ctx)
	if one.token == "" {
		return one.principal(), nil // of the program itself
	}
	by, problem := s.stillMay(ctx, access.File)
	if problem != nil {
		return intake.Principal{}, problem
	}
	return intake.Principal{Caller: by, MayDateBack: one.dateBack}, nil
}

// stillMay finds out anew who asks while an answer takes long, and whether he may: a token that
// was revoked, a grant or a session that has ended meanwhile no longer counts.
func (s *Server) stillMay(ctx context.Context, a access.Action) (access.Caller, *Problem) {
	one := callOf(ctx)
	by, err := s.Identity.Identify(ctx, one.token)
	switch {
	case errors.Is(err, identity.ErrToken), one.session != nil && s.over(one.session):
		return access.Caller{}, unauthorized("invalid_token")
	case err != nil:
		s.Log.Error("a token cannot be checked", "request_id", one.id, "error", err)
		return access.Caller{}, problemIssuer.new(ruleIssuer.finding())
	case !by.May(a):
		return access.Caller{}, denied(a)
	}
	return by, nil
}

// over tells whether a session has ended, by its time or by its holder.
func (s *Server) over(held *session) bool {
	return s.Clock().Unix() >= held.Ends || s.sessions.ended.Has(held.ID)
}
