package api

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"atvsld/analytics/access"
	"atvsld/api/identity"
	"atvsld/api/signin"
	"atvsld/api/signin/signintest"
)

// provided knows the people of a provider by their access tokens, which are opaque: it asks
// the provider. An identity token it does not take.
type provided struct{ provider *oidc.Provider }

func (p provided) Identify(ctx context.Context, token string) (access.Caller, error) {
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	if info, err := p.provider.UserInfo(ctx, source); err == nil && info.Subject == signintest.Subject {
		return access.Caller{ID: "role:0123", Role: access.Inspector, Nation: true}, nil
	}
	return access.Caller{}, identity.ErrToken
}

// withProvider is an interface whose people sign in at a real provider.
func withProvider(t *testing.T) *platform {
	t.Helper()
	var p *platform
	// The provider has to know where we are before we know where it is.
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.server.Handler().ServeHTTP(w, r) }))
	t.Cleanup(front.Close)
	issuer := signintest.Start(t, front.URL+callbackPath)
	known, err := oidc.NewProvider(t.Context(), issuer)
	require.NoError(t, err)
	p = newSmall(t, func(d *Deps, c *Config) {
		d.Identity = provided{known}
		d.SignIn = signin.New(signin.Config{
			Issuer: issuer, ClientID: signintest.ClientID, ClientSecret: signintest.ClientSecret, RedirectURL: front.URL + callbackPath, Timeout: 30 * time.Second,
		})
		c.PublicURL = front.URL
	})
	p.url = front.URL
	return p
}

func TestSignInAtAProvider(t *testing.T) {
	p := withProvider(t)
	require.Contains(t, string(p.get("/sign-in?lang=en").body), `href="/sign-in/provider?lang=en"`)
	browser := signintest.Browser(t)
	page, status, at := signintest.SignIn(t, browser, p.url+"/sign-in/provider?lang=en")
	require.Equal(t, http.StatusOK, status, page)
	require.Equal(t, "/?lang=en", at.RequestURI())
	answered, err := browser.Get(p.url + "/v1/access/me")
	require.NoError(t, err)
	defer answered.Body.Close()
	var me Myself
	require.NoError(t, json.UnmarshalRead(answered.Body, &me))
	require.Equal(t, access.Inspector, me.Role)
	var names []string
	for _, c := range browser.Jar.Cookies(at) {
		names = append(names, c.Name)
	}
	require.Equal(t, []string{"atvsld-session"}, names) // that of the way there is gone
	require.NotContains(t, p.logged(), "code=")
	require.NotContains(t, p.logged(), signintest.Subject)
}

// What comes back in another browser than the one that went, late or changed, signs nobody in.
func TestSignInOfAnotherBrowser(t *testing.T) {
	p := withProvider(t)
	f := func(path string, status int, want string, headers ...string) {
		t.Helper()
		a := p.get(path, headers...)
		require.Equal(t, status, a.status)
		require.Contains(t, string(a.body), want)
		if c := a.given("atvsld-session"); c != nil {
			require.Empty(t, c.Value)
		}
	}
	f("/sign-in/callback?state=x&code=y", http.StatusBadRequest, "không hoàn tất")
	f("/sign-in/callback?state=x&code=y", http.StatusBadRequest, "không hoàn tất", "Cookie", "atvsld-sign-in=x")
	a := p.get(providerPath)
	require.Equal(t, http.StatusSeeOther, a.status)
	way := a.given("atvsld-sign-in")
	require.True(t, way.HttpOnly)
	require.Equal(t, 600, way.MaxAge)
	f("/sign-in/callback?state=x&code=y", http.StatusForbidden, "không hoàn tất", "Cookie", "atvsld-sign-in="+way.Value)
	f("/sign-in/callback?error=access_denied", http.StatusForbidden, "không hoàn tất", "Cookie", "atvsld-sign-in="+way.Value)
	// The cookie of the way is no session.
	f("/v1/reports?kind=annex_xii", http.StatusUnauthorized, "API-001", "Cookie", "atvsld-session="+way.Value)
	p.server.Clock = func() time.Time { return time.Now().Add(signInLife + time.Second) }
	f("/sign-in/callback?state=x&code=y", http.StatusBadRequest, "không hoàn tất", "Cookie", "atvsld-sign-in="+way.Value)
}

// Somebody whom the provider knows and we do not is not let in.
func TestSignInOfAStranger(t *testing.T) {
	p := withProvider(t)
	p.server.Identity = people{}
	page, status, _ := signintest.SignIn(t, signintest.Browser(t), p.url+"/sign-in/provider")
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, page, "không đúng hoặc đã hết hạn")
}

func TestSignInWhenTheProviderIsAway(t *testing.T) {
	away, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, away.Close())
	p := newSmall(t, func(d *Deps, _ *Config) {
		d.SignIn = signin.New(signin.Config{Issuer: "http://" + away.Addr().String(), ClientID: "x", Timeout: time.Second})
	})
	a := p.get("/sign-in/provider?lang=en")
	require.Equal(t, http.StatusServiceUnavailable, a.status)
	require.Contains(t, string(a.body), "Please try again later")
	require.NotContains(t, string(a.body), strings.Split(away.Addr().String(), ":")[1])
}

// One comes back to the view that one came from, in the language chosen on the way, and never to
// another host.
func TestSignInLeadsBack(t *testing.T) {
	p, _, _ := withPeople(t)
	f := func(next, lang, want string) {
		t.Helper()
		a := p.form(sessionPath, url.Values{"token": {"ministry"}, "lang": {lang}, "next": {next}})
		require.Equal(t, http.StatusSeeOther, a.status)
		require.Equal(t, want, a.header.Get("Location"))
	}
	f("/trends?measure=N4&by=cause", "en", "/trends?measure=N4&by=cause&lang=en")
	f("", "vi", "/?lang=vi")
	for _, foreign := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "/\t/evil.example", "javascript:alert(1)"} {
		f(foreign, "vi", "/?lang=vi")
	}
	page := string(p.get("/sign-in?lang=vi&ended=1&next=%2Fowed%3Fa%3D%22%3E%3Cscript%3E").ok().body)
	require.Contains(t, page, "Phiên đã hết, bản nháp vẫn còn.")
	require.Contains(t, page, `name="next" value="/owed?a=&#34;&gt;&lt;script&gt;"`)
	require.Contains(t, page, `href="/sign-in?ended=1&amp;lang=en&amp;next=%2Fowed`)
	// A mistyped token does not lose the way back.
	wrong := string(p.form(sessionPath, url.Values{"token": {"mistyped"}, "next": {"/owed"}}).body)
	require.Contains(t, wrong, `name="next" value="/owed"`)
	// Who is signed in already goes on.
	page = string(p.get("/sign-in?lang=en&next=%2Fowed", "Cookie", signedIn(p, "ministry")).ok().body)
	require.Contains(t, page, `href="/owed?lang=en"`)
	page = string(p.get("/sign-in?lang=en&next=%2F%2Fevil.example", "Cookie", signedIn(p, "ministry")).ok().body)
	require.NotContains(t, page, `href="//evil`)
	require.Contains(t, page, `href="/?lang=en"`)
}

func TestSignInAtAProviderLeadsBack(t *testing.T) {
	p := withProvider(t)
	require.Contains(t, string(p.get("/sign-in?lang=en&next=/owed").body), `href="/sign-in/provider?lang=en&amp;next=%2Fowed"`)
	_, status, at := signintest.SignIn(t, signintest.Browser(t), p.url+"/sign-in/provider?lang=en&next=%2Fattainment%3Fyear%3D2025")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "/attainment?year=2025&lang=en", at.RequestURI())
	_, _, at = signintest.SignIn(t, signintest.Browser(t), p.url+"/sign-in/provider?lang=en&next=https%3A%2F%2Fevil.example")
	require.Equal(t, "/?lang=en", at.RequestURI())
	require.Equal(t, strings.TrimPrefix(p.url, "http://"), at.Host)
}
