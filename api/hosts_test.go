package api

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
)

// A page of the internet that points its own name to this machine reads nothing.
func TestDNSRebinding(t *testing.T) {
	p := newSmall(t, func(_ *Deps, c *Config) { c.Hosts = []string{"localhost", "127.0.0.1", "::1", "nop.example.vn"} })
	f := func(host string, want int) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/v1/rules", http.NoBody)
		require.NoError(t, err)
		r.Host = host
		a := p.do(r)
		if want == http.StatusMisdirectedRequest {
			a.problem(want, "API-143")
			require.NotContains(t, string(a.body), host)
			return
		}
		require.Equal(t, want, a.status, host)
	}
	for _, host := range []string{"localhost", "localhost:8080", "LOCALHOST:1", "localhost.", "127.0.0.1:8080", "127.0.0.1", "[::1]:8080", "[::1]", "nop.example.vn", "Nop.Example.VN:443"} {
		f(host, http.StatusOK)
	}
	for _, host := range []string{
		"evil.example", "evil.example:8080", "127.0.0.1.nip.io:8080", "localhost.evil.example", "evil-localhost", "xnop.example.vn", "a.nop.example.vn",
		"nop.example.vn.evil.example", "169.254.169.254", "0.0.0.0:8080", "[::]:8080", "127.1", "2130706433", "localhost:8080@evil.example",
	} {
		f(host, http.StatusMisdirectedRequest)
	}
	// Nothing is told, whoever asks and whatever for.
	for _, path := range []string{"/", "/nothing", "/livez", "/metrics", "/sign-in", "/openapi.json"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, http.NoBody)
		require.NoError(t, err)
		r.Host = "evil.example"
		r.Header.Set("Authorization", "Bearer "+p.token)
		p.do(r).problem(http.StatusMisdirectedRequest, "API-143")
	}
	require.Contains(t, p.raw("GET /v1/rules HTTP/1.0\r\n\r\n"), "421")
	require.Contains(t, p.raw("GET http://evil.example/v1/rules HTTP/1.1\r\nHost: localhost\r\n\r\n"), "421")
	require.Equal(t, http.StatusOK, newSmall(t).get("/v1/rules", "Host", "any").status)
}

func FuzzHostName(f *testing.F) {
	for _, host := range []string{"", "localhost:80", "[::1]:80", "a:b:c", "[", "x.", "EVIL\x00", "\xff\xff\xff\xff\xff"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		name := hostName(host)
		// A byte that is no UTF-8 becomes U+FFFD, which takes three.
		require.LessOrEqual(t, len(name), 3*len(host))
		require.Equal(t, strings.ToLower(name), name)
		require.False(t, strings.HasSuffix(host, "localhostx") && name == "localhost")
	})
}

// Only proxies that are named are believed, and only what they wrote themselves.
func TestForwardedHeaders(t *testing.T) {
	reads := func(proxies []string, headers ...string) (from string, encrypted bool) {
		t.Helper()
		var seen netip.Addr
		p := newSmall(t, func(_ *Deps, c *Config) {
			for _, text := range proxies {
				c.Proxies = append(c.Proxies, netip.MustParsePrefix(text))
			}
		})
		p.server.engine.GET("/test-caller", func(c *gin.Context) { seen = p.server.caller(c) })
		p.server.gates["GET /test-caller"] = gate{action: access.ReadPublic}
		p.get("/test-caller", headers...).ok()
		a := p.get("/livez", headers...).ok()
		return seen.String(), a.header.Get("Strict-Transport-Security") != ""
	}
	f := func(proxies []string, headers []string, wantFrom string, wantEncrypted bool) {
		t.Helper()
		from, encrypted := reads(proxies, headers...)
		require.Equal(t, wantFrom, from)
		require.Equal(t, wantEncrypted, encrypted)
	}
	both := []string{"X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https"}
	f(nil, both, "127.0.0.1", false)
	f([]string{"10.0.0.0/8"}, both, "127.0.0.1", false)
	f([]string{"127.0.0.1/32"}, both, "203.0.113.9", true)
	// The caller wrote 1.2.3.4, the proxy added whom it saw.
	f([]string{"127.0.0.0/8"}, []string{"X-Forwarded-For", "1.2.3.4, 203.0.113.9", "X-Forwarded-Proto", "https, http"}, "203.0.113.9", false)
	f([]string{"127.0.0.0/8", "10.0.0.0/8"}, []string{"X-Forwarded-For", "1.2.3.4, 203.0.113.9, 10.1.1.1"}, "203.0.113.9", false)
	f([]string{"127.0.0.0/8"}, []string{"X-Forwarded-For", "rubbish"}, "127.0.0.1", false)
	f([]string{"127.0.0.0/8"}, []string{"X-Real-Ip", "203.0.113.9"}, "127.0.0.1", false)
	f([]string{"127.0.0.0/8"}, []string{"X-Forwarded-For", "2001:db8::1"}, "2001:db8::1", false)
}

func TestProxyThatIsNotNamedIsTold(t *testing.T) {
	p := newSmall(t)
	for range 3 {
		p.get("/v1/rules", from("203.0.113.9")...).ok()
	}
	require.Equal(t, 1, strings.Count(p.logged(), "--behind-proxy"))
	require.NotContains(t, p.logged(), "203.0.113.9")
}

func TestNetwork(t *testing.T) {
	f := func(address, want string) {
		t.Helper()
		require.Equal(t, want, network(netip.MustParseAddr(address).Unmap()).String())
	}
	f("203.0.113.9", "203.0.113.9/32")
	f("::ffff:203.0.113.9", "203.0.113.9/32")
	f("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")
	f("fe80::1%eth0", "fe80::/64")
	require.Equal(t, netip.Prefix{}, network(netip.Addr{}))
}
