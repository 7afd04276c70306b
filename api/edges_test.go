package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/api/identity"
)

// people knows who holds which token.
type people map[string]access.Caller

func (p people) Identify(_ context.Context, token string) (access.Caller, error) {
	if by, ok := p[token]; ok {
		return by, nil
	}
	return access.Caller{}, identity.ErrToken
}

// somebody are an enterprise, an officer of one province, a ministry and an operator.
func somebody() people {
	return people{
		"enterprise": {ID: "enterprise-1", Role: access.Enterprise, Units: []string{"0100109106"}},
		"officer":    {ID: "officer-1", Role: access.LabourOfficer, Provinces: []string{"01"}},
		"ministry":   {ID: "ministry-1", Role: access.Ministry, Nation: true},
		"operator":   {ID: "local", Role: access.Operator, Nation: true},
	}
}

// hands is a clock that a test moves.
type hands struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hands) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hands) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// from says which address a request comes from, to an interface that believes its peer.
func from(address string) []string { return []string{"X-Forwarded-For", address} }

func TestEdgesAreChecked(t *testing.T) {
	require.NoError(t, defaultEdges().validate())
	f := func(change func(*Edges), want string) {
		t.Helper()
		e := defaultEdges()
		change(&e)
		require.ErrorContains(t, e.validate(), want)
	}
	f(func(e *Edges) { e.CertCheck = 0 }, "CertCheck")
	f(func(e *Edges) { e.SessionLife = 0 }, "SessionLife")
	f(func(e *Edges) { e.SessionLife = 25 * time.Hour }, "SessionLife")
	f(func(e *Edges) { e.MaxUnpacked = 0 }, "MaxUnpacked")
	f(func(e *Edges) { e.MaxRatio = 1 }, "MaxRatio")
	f(func(e *Edges) { e.Hosts = []string{"example.vn:80"} }, "host")
	f(func(e *Edges) { e.Hosts = []string{"Example.vn"} }, "host")
	f(func(e *Edges) { e.Hosts = []string{""} }, "host")
	for _, origin := range []string{"*", "https://*.example.vn", "null", "example.vn", "https://example.vn/", "https://u@example.vn", "ftp://example.vn", "https://Example.vn", "https://"} {
		f(func(e *Edges) { e.Origins = []string{origin} }, "origin")
		f(func(e *Edges) { e.PublicURL = origin }, "PublicURL")
	}
	f(func(e *Edges) { e.SecurityContact = "an@example.vn" }, "SecurityContact")
	f(func(e *Edges) { e.SecurityContact = "mailto:an@example.vn\r\nX: y" }, "SecurityContact")
	f(func(e *Edges) { e.Rates.Reading = Rate{-1, 1} }, "reading")
	f(func(e *Edges) { e.Rates.Filing = Rate{1, 0} }, "filing")
	f(func(e *Edges) { e.Rates.Rows = Rate{1, 10} }, "rows")
	f(func(e *Edges) { e.Rates.Failures = Rate{0, 5} }, "failures")
}

func TestSecurityContact(t *testing.T) {
	require.Equal(t, http.StatusNotFound, newSmall(t).get(securityTxt).status)
	now := time.Date(2026, 11, 28, 22, 0, 0, 0, time.UTC)
	p := newSmall(t, func(d *Deps, c *Config) {
		d.Clock = func() time.Time { return now }
		c.SecurityContact, c.PublicURL = "mailto:an-ninh@example.vn", "https://nop.example.vn"
	})
	a := p.get(securityTxt).ok()
	a.is("text/plain; charset=utf-8")
	require.Equal(t, "Contact: mailto:an-ninh@example.vn\nExpires: 2027-02-26T00:00:00Z\nPreferred-Languages: vi, en\nCanonical: https://nop.example.vn/.well-known/security.txt\n", string(a.body))
}

// Every answer, whatever it is, tells browsers to be strict.
func TestSecurityHeaders(t *testing.T) {
	p := newSmall(t, func(d *Deps, _ *Config) { d.Identity = somebody() })
	want := map[string]string{
		"Content-Security-Policy":      "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
	}
	for _, path := range []string{plainPath, "/docs", "/sign-in", "/v1/rules", "/v1/reports", "/nothing", "/livez", "/web/style.css"} {
		h := p.get(path).header
		for name, value := range want {
			require.Equal(t, value, h.Get(name), "%s %s", path, name)
		}
		for _, feature := range []string{"camera=()", "geolocation=()", "microphone=()", "payment=()"} {
			require.Contains(t, h.Get("Permissions-Policy"), feature)
		}
		require.NotContains(t, h, "Strict-Transport-Security", path)
		require.NotContains(t, h, "Access-Control-Allow-Origin", path)
	}
}

// What is for one caller is kept by nobody else, and an answer says what it depends on.
func TestAnswersAreKeptForTheRightPeople(t *testing.T) {
	p := newSmall(t, func(d *Deps, _ *Config) { d.Identity = somebody() })
	f := func(path, token, want string) {
		t.Helper()
		a := p.get(path)
		if token != "" {
			a = p.get(path, "Authorization", "Bearer "+token)
		}
		require.Equal(t, want, a.header.Get("Cache-Control"), path)
		if a.status == http.StatusOK && !unkept[path] {
			vary := strings.Join(a.header.Values("Vary"), ", ")
			for _, name := range []string{"Accept", "Authorization", "Cookie"} {
				require.Contains(t, vary, name, path)
			}
		}
	}
	f("/v1/rules", "", publicFor)
	f("/v1/rules", "ministry", privateAnswer)
	f(plainPath, "", pageAnswer)
	f(plainPath, "ministry", privateAnswer)
	f("/sign-in", "", "no-store")
	f("/nothing", "", "no-store")
	f("/v1/accidents/x", "enterprise", "no-store")
}

func TestMethodsThatAreRefused(t *testing.T) {
	p := newSmall(t)
	for _, method := range []string{http.MethodTrace, http.MethodConnect, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "TRACK", "PROPFIND"} {
		for _, path := range []string{"/", "/v1/rules", "/v1/reports", sessionPath} {
			if method == http.MethodConnect {
				require.NotContains(t, p.raw("CONNECT "+path+" HTTP/1.1\r\nHost: x\r\n\r\n"), "200")
				continue
			}
			require.Equal(t, http.StatusMethodNotAllowed, p.ask(method, path, nil).status, "%s %s", method, path)
		}
	}
}
