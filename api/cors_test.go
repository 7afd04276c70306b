package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

var portal = func(_ *Deps, c *Config) {
	c.Origins = []string{"https://portal.example.vn", "http://localhost:3000"}
}

// foreignOrigins are none of the portal's, however they look.
var foreignOrigins = []string{
	"null", "*", "https://evil.example", "http://portal.example.vn", "https://portal.example.vn:8443", "https://a.portal.example.vn",
	"https://portal.example.vn.evil.example", "https://evil-portal.example.vn", "https://portal.example.vn@evil.example", "https://portalxexample.vn",
	"https://portal.example.vn/", "https://portal.example.vn https://evil.example", "file://", "https://localhost:3000", "http://localhost:3001", "",
}

func TestCORSIsOffByDefault(t *testing.T) {
	p := newSmall(t)
	for _, origin := range append(foreignOrigins, "https://portal.example.vn", p.url) {
		a := p.get("/v1/rules", "Origin", origin).ok()
		require.NotContains(t, a.header, "Access-Control-Allow-Origin", origin)
		a = p.ask(http.MethodOptions, "/v1/reports", nil, "Origin", origin, "Access-Control-Request-Method", "POST")
		a.problem(http.StatusMethodNotAllowed, "API-010")
		require.NotContains(t, a.header, "Access-Control-Allow-Origin", origin)
	}
}

func TestCORSOfListedOrigins(t *testing.T) {
	p := newSmall(t, portal)
	for _, origin := range []string{"https://portal.example.vn", "http://localhost:3000"} {
		a := p.get("/v1/rules", "Origin", origin).ok()
		require.Equal(t, origin, a.header.Get("Access-Control-Allow-Origin"))
		require.Contains(t, a.header.Values("Vary"), "Origin")
		require.Contains(t, a.header.Get("Access-Control-Expose-Headers"), "Retry-After")
		// Errors can be read as well.
		require.Equal(t, origin, p.get("/v1/reports", "Origin", origin).header.Get("Access-Control-Allow-Origin"))

		a = p.ask(http.MethodOptions, "/v1/reports", nil, "Authorization", "", "Origin", origin, "Access-Control-Request-Method", "POST",
			"Access-Control-Request-Headers", "authorization,content-type,idempotency-key")
		require.Equal(t, http.StatusNoContent, a.status)
		require.Empty(t, a.body)
		require.Equal(t, origin, a.header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, "POST", a.header.Get("Access-Control-Allow-Methods"))
		require.Equal(t, "authorization,content-type,idempotency-key", a.header.Get("Access-Control-Allow-Headers"))
		require.Equal(t, "600", a.header.Get("Access-Control-Max-Age"))
		require.NotContains(t, a.header, "Access-Control-Allow-Credentials")
		require.Len(t, a.header.Get("X-Request-Id"), 36)
	}
	// An answer that may be kept says that it depends on the origin.
	require.Contains(t, p.get("/v1/rules").header.Values("Vary"), "Origin")
}

func TestCORSRefusesOtherOrigins(t *testing.T) {
	p := newSmall(t, portal)
	for _, origin := range foreignOrigins {
		a := p.get("/v1/rules", "Origin", origin).ok()
		require.NotContains(t, a.header, "Access-Control-Allow-Origin", origin)
		require.NotContains(t, a.header, "Access-Control-Allow-Credentials", origin)
		a = p.ask(http.MethodOptions, "/v1/reports", nil, "Origin", origin, "Access-Control-Request-Method", "POST")
		require.NotContains(t, a.header, "Access-Control-Allow-Origin", origin)
		require.NotContains(t, a.header, "Access-Control-Allow-Methods", origin)
	}
	for _, ask := range [][]string{{"DELETE", ""}, {"PUT", ""}, {"POST", "cookie"}, {"POST", "atvsld-demonstration-loader"}, {"POST", "x-forwarded-for"}} {
		a := p.ask(http.MethodOptions, "/v1/reports", nil, "Origin", "https://portal.example.vn", "Access-Control-Request-Method", ask[0], "Access-Control-Request-Headers", ask[1])
		require.NotContains(t, a.header, "Access-Control-Allow-Origin", "%v", ask)
	}
}

// A script of a listed origin comes with a token. The session's cookie is not for it: the
// browser is never told that it may be sent along and the answer read.
func TestCORSNeverWithTheSession(t *testing.T) {
	p := newSmall(t, portal, func(d *Deps, _ *Config) { d.Identity = somebody() })
	cookie := signedIn(p, "ministry")
	a := p.get("/v1/rules", "Origin", "https://portal.example.vn", "Cookie", cookie).ok()
	require.NotContains(t, a.header, "Access-Control-Allow-Credentials")
	p.post("/v1/reports", declaration(t), "Authorization", "", "Cookie", cookie, "Origin", "https://portal.example.vn").problem(http.StatusForbidden, "API-144")
}
