package api

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/ingest/queue"
	"atvsld/ingest/seal"
)

// form posts a form as a page of ours does.
func (p *platform) form(path string, values url.Values, headers ...string) answer {
	p.t.Helper()
	return p.post(path, []byte(values.Encode()), append([]string{"Authorization", "", "Content-Type", formType, "Origin", p.url}, headers...)...)
}

// given returns the cookie that an answer sets.
func (a answer) given(name string) *http.Cookie {
	a.t.Helper()
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// signedIn signs in with a token and returns what the browser sends from then on.
func signedIn(p *platform, token string) (cookie string) {
	p.t.Helper()
	a := p.form(sessionPath, url.Values{"token": {token}})
	require.Equal(p.t, http.StatusSeeOther, a.status, string(a.body))
	return "atvsld-session=" + a.given("atvsld-session").Value
}

// withPeople is an interface that takes reports and knows people, and its clock.
func withPeople(t *testing.T, change ...func(*Deps, *Config)) (*platform, *hands, people) {
	t.Helper()
	clock, known := &hands{now: time.Now()}, somebody()
	everything := &troubledLog{func(events []queue.Event) []error { return make([]error, len(events)) }}
	p := newSmall(t, append([]func(*Deps, *Config){func(d *Deps, _ *Config) {
		d.Identity, d.Clock, d.Gateway = known, clock.clock, newGateway(t, d.Keys, emptyLedger{}, everything)
	}}, change...)...)
	return p, clock, known
}

func TestSession(t *testing.T) {
	p, _, _ := withPeople(t)
	require.Contains(t, string(p.get(plainPath).body), `href="/sign-in?lang=vi"`)
	a := p.form(sessionPath, url.Values{"token": {"  ministry\n"}, "lang": {"en"}})
	require.Equal(t, http.StatusSeeOther, a.status)
	require.Equal(t, "/?lang=en", a.header.Get("Location"))
	cookie := a.given("atvsld-session")
	require.True(t, cookie.HttpOnly)
	require.False(t, cookie.Secure) // this is plain HTTP
	require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	require.Equal(t, "/", cookie.Path)
	require.Empty(t, cookie.Domain)
	require.Equal(t, int((8 * time.Hour).Seconds()), cookie.MaxAge)
	require.NotContains(t, cookie.Value, "ministry")

	page := string(p.get("/plain?lang=en", "Cookie", "atvsld-session="+cookie.Value).ok().body)
	require.Contains(t, page, "Signed in:")
	require.Contains(t, page, "<strong>Ministry</strong>")
	require.Contains(t, page, "(the nation)")
	require.Contains(t, page, `action="/session/end"`)
	page = string(p.get("/sign-in?lang=vi", "Cookie", "atvsld-session="+cookie.Value).ok().body)
	require.Contains(t, page, "Bộ Nội vụ, Bộ Y tế")
	require.NotContains(t, page, `name="token"`)
	// It is good for the whole interface, as far as the role is.
	p.get("/v1/reports?kind=annex_xii", "Cookie", "atvsld-session="+cookie.Value).problem(http.StatusNotImplemented, "API-016")
	p.get("/v1/reports?kind=annex_xii").problem(http.StatusUnauthorized, "API-001")
}

func TestSignInTroubles(t *testing.T) {
	p, _, _ := withPeople(t)
	f := func(values url.Values, status int, want string) {
		t.Helper()
		a := p.form(sessionPath, values)
		require.Equal(t, status, a.status)
		a.is(htmlType)
		require.Contains(t, string(a.body), want)
		require.Contains(t, string(a.body), `role="alert"`)
		require.NotContains(t, a.header, "Set-Cookie")
		if token := strings.TrimSpace(values.Get("token")); token != "" {
			require.NotContains(t, string(a.body), token) // nothing that was typed comes back
		}
	}
	f(url.Values{}, http.StatusUnprocessableEntity, "Chưa nhập mã truy cập.")
	f(url.Values{"token": {" "}, "lang": {"en"}}, http.StatusUnprocessableEntity, "No token was entered.")
	f(url.Values{"token": {"mistyped"}}, http.StatusUnauthorized, "không đúng hoặc đã hết hạn")
	f(url.Values{"token": {`"><script>alert(1)</script>`}}, http.StatusUnauthorized, "không đúng hoặc đã hết hạn")
	require.NotContains(t, p.logged(), "mistyped")
	p.form(sessionPath, url.Values{"token": {strings.Repeat("x", maxForm)}}).problem(http.StatusRequestEntityTooLarge, "API-029")
	p.post(sessionPath, []byte("token=%zz"), "Authorization", "", "Content-Type", formType, "Origin", p.url).problem(http.StatusBadRequest, "API-030")
	p.post(sessionPath, []byte(`{"token":"ministry"}`), "Authorization", "", "Origin", p.url).problem(http.StatusUnsupportedMediaType, "API-003")
	// A token that a browser could not keep.
	long := strings.Repeat("long", 1000)
	p.server.Identity = people{long: {ID: "x", Role: access.Ministry}}
	f(url.Values{"token": {long}}, http.StatusUnprocessableEntity, "quá dài")
}

// Pasting tokens is guessing, too.
func TestSignInIsSlowedDown(t *testing.T) {
	p, _, _ := withPeople(t, func(_ *Deps, c *Config) {
		c.Rates, c.Proxies = Rates{Failures: Rate{0.1, 2}}, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	ask := func(token string) answer {
		return p.form(sessionPath, url.Values{"token": {token}}, from("203.0.113.9")...)
	}
	require.Equal(t, http.StatusUnauthorized, ask("a").status)
	require.Equal(t, http.StatusUnauthorized, ask("b").status)
	a := ask("ministry")
	require.Equal(t, http.StatusTooManyRequests, a.status)
	require.Equal(t, "10", a.header.Get("Retry-After"))
	require.Contains(t, string(a.body), "Quá nhiều mã sai")
}

// Under TLS the cookie is bound to this very host, and one that plain HTTP or a neighbour
// planted is not looked at.
func TestSessionCookieUnderTLS(t *testing.T) {
	p, _, _ := withPeople(t, func(_ *Deps, c *Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	plain := signedIn(p, "ministry")
	https := []string{"X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.9"}
	a := p.form(sessionPath, url.Values{"token": {"ministry"}}, append(https, "Origin", strings.Replace(p.url, "http:", "https:", 1))...)
	cookie := a.given("__Host-atvsld-session")
	require.NotNil(t, cookie)
	require.True(t, cookie.Secure && cookie.HttpOnly)
	require.Equal(t, "/", cookie.Path)
	require.Empty(t, cookie.Domain)
	shows := func(want bool, headers ...string) {
		t.Helper()
		require.Equal(t, want, strings.Contains(string(p.get(plainPath, headers...).ok().body), "Đang đăng nhập"))
	}
	shows(true, append(https, "Cookie", "__Host-atvsld-session="+cookie.Value)...)
	shows(false, append(https, "Cookie", plain)...)
	shows(false, "Cookie", "__Host-atvsld-session="+cookie.Value)
	shows(true, "Cookie", plain)
}

// A session ends by sign-out, also for whoever has a copy of the cookie.
func TestSessionEndsBySignOut(t *testing.T) {
	p, _, _ := withPeople(t)
	cookie, another := signedIn(p, "ministry"), signedIn(p, "ministry")
	a := p.form(signOutPath, url.Values{"lang": {"en"}}, "Cookie", cookie)
	require.Equal(t, http.StatusSeeOther, a.status)
	require.Equal(t, "/?lang=en", a.header.Get("Location"))
	require.Negative(t, a.given("atvsld-session").MaxAge)
	require.Equal(t, `"cache"`, a.header.Get("Clear-Site-Data"))
	again := p.get("/v1/reports?kind=annex_xii", "Cookie", cookie)
	again.problem(http.StatusUnauthorized, "API-001")
	require.Negative(t, again.given("atvsld-session").MaxAge)
	p.get("/v1/reports?kind=annex_xii", "Cookie", another).problem(http.StatusNotImplemented, "API-016")
	// Signing in anew ends what was before.
	a = p.form(sessionPath, url.Values{"token": {"officer"}}, "Cookie", another)
	require.Equal(t, http.StatusSeeOther, a.status)
	p.get("/v1/reports?kind=annex_xii", "Cookie", another).problem(http.StatusUnauthorized, "API-001")
}

// A session ends with its time, and with the token within.
func TestSessionEndsByItself(t *testing.T) {
	p, clock, known := withPeople(t)
	open := func(cookie string) bool {
		return p.get("/v1/reports?kind=annex_xii", "Cookie", cookie).status == http.StatusNotImplemented
	}
	cookie := signedIn(p, "ministry")
	clock.move(8*time.Hour - time.Second)
	require.True(t, open(cookie))
	clock.move(time.Second)
	require.False(t, open(cookie))

	cookie = signedIn(p, "ministry")
	require.True(t, open(cookie))
	delete(known, "ministry")
	require.False(t, open(cookie))
	// Public answers stay public, and are kept by nobody else while the browser forgets.
	a := p.get("/v1/rules", "Cookie", cookie).ok()
	require.Negative(t, a.given("atvsld-session").MaxAge)
	require.Equal(t, privateAnswer, a.header.Get("Cache-Control"))
}

// Nothing that a browser brings becomes a session, whoever put it there.
func TestSessionFixation(t *testing.T) {
	p, _, _ := withPeople(t)
	attacker := signedIn(p, "enterprise")
	a := p.form(sessionPath, url.Values{"token": {"ministry"}}, "Cookie", attacker)
	require.NotEqual(t, attacker, "atvsld-session="+a.given("atvsld-session").Value)
	// The planted one is not raised to the victim's, it is gone.
	p.get("/v1/reports?kind=annex_xii", "Cookie", attacker).problem(http.StatusUnauthorized, "API-001")
	other := newSmall(t, func(d *Deps, _ *Config) { d.Identity = somebody() })
	flow, err := p.deps.Keys.SealCookie(seal.SignInCookie, []byte(`{"id":"x","token":"ministry","ends":99999999999}`))
	require.NoError(t, err)
	junk, err := p.deps.Keys.SealCookie(seal.SessionCookie, []byte(`[]`))
	require.NoError(t, err)
	good := signedIn(p, "ministry")
	for name, cookie := range map[string]string{
		"another installation's": signedIn(other, "ministry"),
		"another purpose":        "atvsld-session=" + flow,
		"no session":             "atvsld-session=" + junk,
		"rubbish":                "atvsld-session=x",
		"empty":                  "atvsld-session=",
		"two":                    good + "; atvsld-session=x",
		"cut":                    good[:len(good)-8],
	} {
		p.get("/v1/reports?kind=annex_xii", "Cookie", cookie).problem(http.StatusUnauthorized, "API-001")
		require.Equal(t, http.StatusOK, p.get("/v1/rules", "Cookie", cookie).status, name)
	}
}

// With both a token and a session the token counts, also when it is wrong.
func TestTokenBeforeSession(t *testing.T) {
	p, _, _ := withPeople(t)
	cookie := signedIn(p, "ministry")
	p.get("/v1/reports?kind=annex_xii", "Cookie", cookie, "Authorization", "Bearer wrong").problem(http.StatusUnauthorized, "API-001")
	page := string(p.get("/plain?lang=en", "Cookie", cookie, "Authorization", "Bearer officer").ok().body)
	require.Contains(t, page, "Provincial labour officer")
	require.NotContains(t, page, "/session/end") // a token is not signed out
}

// What is shown of the scope names no person.
func TestPageNamesNoPerson(t *testing.T) {
	p, _, known := withPeople(t)
	known["house"] = access.Caller{ID: "house", Role: access.Enterprise, Units: []string{"hb:0123abcd"}}
	page := string(p.get(plainPath, "Cookie", signedIn(p, "house")).ok().body)
	require.Contains(t, page, "Đang đăng nhập")
	require.NotContains(t, page, "0123abcd")
	require.NotContains(t, page, "house\"")
	page = string(p.get(plainPath, "Cookie", signedIn(p, "officer")).ok().body)
	require.Contains(t, page, "Hà Nội")
}

// A request that a cookie would let act comes from our own pages.
func TestCSRF(t *testing.T) {
	p, _, _ := withPeople(t, func(_ *Deps, c *Config) { c.PublicURL = "https://nop.example.vn" })
	cookie := signedIn(p, "enterprise")
	host := strings.TrimPrefix(p.url, "http://")
	f := func(name string, allowed bool, headers ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			a := p.post("/v1/reports", declaration(t), append([]string{"Authorization", "", "Cookie", cookie}, headers...)...)
			if allowed {
				require.NotContains(t, []int{http.StatusUnauthorized, http.StatusMethodNotAllowed}, a.status)
				require.NotContains(t, string(a.body), "API-144")
				return
			}
			a.problem(http.StatusForbidden, "API-144")
		})
	}
	f("CrossSiteForm", false, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	f("CrossSiteOfAnOldBrowser", false, "Origin", "https://evil.example")
	f("SameSiteSubdomain", false, "Sec-Fetch-Site", "same-site", "Origin", "https://a.nop.example.vn")
	f("SubdomainOfAnOldBrowser", false, "Origin", "http://a."+host)
	f("NullOrigin", false, "Origin", "null")
	f("MissingOrigin", false)
	f("EmptyOrigin", false, "Origin", "")
	f("InventedSite", false, "Sec-Fetch-Site", "trusted", "Origin", p.url)
	f("AnotherPort", false, "Origin", "http://127.0.0.1:1")
	f("OriginWithUser", false, "Origin", "http://"+host+"@evil.example")
	f("SameOrigin", true, "Sec-Fetch-Site", "same-origin", "Origin", p.url)
	f("SameOriginOfAnOldBrowser", true, "Origin", p.url)
	f("PublicURLBehindAProxy", true, "Origin", "https://nop.example.vn")
	f("TypedByThePerson", true, "Sec-Fetch-Site", "none")
	t.Run("ReadingIsNotActing", func(t *testing.T) {
		p.get("/v1/reports?kind=annex_xii", "Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example").problem(http.StatusNotImplemented, "API-016")
	})
}

// A token is put into a request by a program that knows it: where the request comes from says
// nothing more.
func TestCSRFDoesNotTouchTokens(t *testing.T) {
	p, _, _ := withPeople(t)
	cookie := signedIn(p, "enterprise")
	for _, origin := range []string{"", "null", "https://evil.example"} {
		for _, site := range []string{"", "cross-site"} {
			a := p.post("/v1/reports", declaration(t), "Authorization", "Bearer operator", "Cookie", cookie, "Origin", origin, "Sec-Fetch-Site", site)
			require.Equal(t, http.StatusAccepted, a.status, string(a.body))
		}
	}
}

// Nobody is signed in as somebody else, or out, by a foreign page.
func TestCSRFOfSignIn(t *testing.T) {
	p, _, _ := withPeople(t)
	cookie := signedIn(p, "ministry")
	for _, path := range []string{sessionPath, signOutPath} {
		for _, headers := range [][]string{
			{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Origin", ""}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
		} {
			for _, with := range []string{"", cookie} {
				a := p.form(path, url.Values{"token": {"enterprise"}}, append(headers, "Cookie", with)...)
				a.problem(http.StatusForbidden, "API-144")
				require.NotContains(t, a.header, "Set-Cookie")
			}
		}
	}
	p.get("/v1/reports?kind=annex_xii", "Cookie", cookie).problem(http.StatusNotImplemented, "API-016")
}

// Where nobody is known there is no sign-in, and no way to it is shown.
func TestNoSignInWithoutPeople(t *testing.T) {
	p := newSmall(t, func(d *Deps, _ *Config) { d.Identity = nil })
	require.Equal(t, http.StatusNotFound, p.get(signInPath).status)
	require.Equal(t, http.StatusNotFound, p.form(sessionPath, url.Values{"token": {"x"}}).status)
	require.NotContains(t, string(p.get(plainPath).body), "/sign-in")
}

// Figures of this moment are for those whose role sees the nation; others find their own.
func TestLiveFiguresOnThePage(t *testing.T) {
	p := newPlatform(t, func(d *Deps, _ *Config) { d.Identity = somebody() })
	closeYears(t, p.store)
	page := func(path, token string) string {
		if token == "" {
			return string(p.get(path).body)
		}
		return string(p.get(path, "Cookie", signedIn(p, token)).body)
	}
	require.NotContains(t, page(plainPath, ""), "chưa chốt")
	require.Contains(t, page("/plain?view=live&year=2025", ""), "đã chốt")
	require.NotContains(t, page("/plain?view=live&year=2025", "enterprise"), "chưa chốt")
	require.Contains(t, page("/plain?year=2025", "ministry"), `href="/plain?lang=vi&amp;year=2025&amp;view=live"`)
	require.Contains(t, page("/plain?year=2025&view=live", "ministry"), "thay đổi theo từng báo cáo")
	officer := page("/plain?year=2025&view=live", "officer")
	require.Contains(t, officer, `href="/v1/attainment?view=live&amp;area=34%3A01"`)
	require.NotContains(t, officer, "thay đổi theo từng báo cáo")
	a := p.get("/plain?year=2025&view=live", "Cookie", signedIn(p, "ministry"))
	require.Equal(t, privateAnswer, a.header.Get("Cache-Control"))
}
