package main

import (
	"bytes"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/api"
	"atvsld/seeds"
)

// edgesOf reads flags as the program does.
func edgesOf(t *testing.T, change func(*settings)) (api.Config, error) {
	t.Helper()
	s := &settings{Listen: "127.0.0.1:8080"}
	s.SessionLife = api.Default().SessionLife
	change(s)
	return s.edges()
}

func TestKnownHosts(t *testing.T) {
	f := func(listen, public string, hosts, want []string) {
		t.Helper()
		c, err := edgesOf(t, func(s *settings) { s.Listen, s.PublicURL, s.Hosts = listen, public, hosts })
		require.NoError(t, err)
		require.Equal(t, want, c.Hosts)
	}
	own := []string{"127.0.0.1", "::1", "localhost"}
	f("127.0.0.1:8080", "", nil, own)
	f("localhost:8080", "", nil, own)
	f("[::1]:8080", "", nil, own)
	f("127.0.0.2:8080", "https://nop.example.vn", []string{"Tra-cuu.example.vn"}, []string{"127.0.0.1", "127.0.0.2", "::1", "localhost", "nop.example.vn", "tra-cuu.example.vn"})
	// An address that others reach by names and addresses that we do not know.
	f("0.0.0.0:8080", "https://nop.example.vn", nil, nil)
	f(":8080", "", nil, nil)
	f("192.0.2.7:8080", "", nil, nil)
	f("0.0.0.0:8080", "https://nop.example.vn", []string{"a.vn"}, []string{"127.0.0.1", "::1", "a.vn", "localhost", "nop.example.vn"})
}

func TestEdgeFlags(t *testing.T) {
	c, err := edgesOf(t, func(s *settings) {
		s.BehindProxy = []string{"10.0.0.0/8", "192.0.2.1", "2001:db8::/32"}
		s.RateLimits = []string{"reading=5:10", "failures=off"}
		s.CORSOrigins, s.PublicURL = []string{"https://portal.example.vn"}, "https://Nop.example.vn/path"
	})
	require.NoError(t, err)
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/32")}, c.Proxies)
	require.Equal(t, api.Rate{PerSecond: 5, Burst: 10}, c.Rates.Reading)
	require.Zero(t, c.Rates.Failures)
	require.Equal(t, api.DefaultRates().Filing, c.Rates.Filing)
	require.Equal(t, "https://nop.example.vn", c.PublicURL)

	f := func(want string, change func(*settings)) {
		t.Helper()
		_, err := edgesOf(t, change)
		require.ErrorContains(t, err, want)
	}
	f("--behind-proxy", func(s *settings) { s.BehindProxy = []string{"example.vn"} })
	f("--behind-proxy", func(s *settings) { s.BehindProxy = []string{"10.0.0.0/33"} })
	for _, rate := range []string{"reading", "reading=1", "reading=x:1", "reading=0:1", "reading=-1:1", "sleeping=1:1", "=", "rows=1:1"} {
		f("rate", func(s *settings) { s.RateLimits = []string{rate} })
	}
	f("origin", func(s *settings) { s.CORSOrigins = []string{"*"} })
	f("belong together", func(s *settings) { s.TLSCert = "x" })
	f("belong together", func(s *settings) { s.TLSKey = "x" })
	f("belong together", func(s *settings) { s.ClientIssuer = "https://id.example.vn" })
	f("belong together", func(s *settings) { s.ClientID = "x" })
	f("SecurityContact", func(s *settings) { s.SecurityContact = "x" })
	f("SessionLife", func(s *settings) { s.SessionLife = 0 })
	f("host", func(s *settings) { s.Hosts = []string{"a:1"} })
}

func TestReadSecret(t *testing.T) {
	secret, err := readSecret("")
	require.NoError(t, err)
	require.Empty(t, secret)
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte("s3cret\n"), 0o600))
	secret, err = readSecret(file)
	require.NoError(t, err)
	require.Equal(t, "s3cret", secret)
	require.NoError(t, os.WriteFile(file, []byte("\n"), 0o600))
	_, err = readSecret(file)
	require.ErrorContains(t, err, "empty")
}

// An address that others reach without encryption is told in the log.
func TestUnencryptedAddressIsTold(t *testing.T) {
	cert, key, _ := certificate(t)
	f := func(warns bool, change func(*settings)) {
		t.Helper()
		s := &settings{Listen: "0.0.0.0:8080"}
		change(s)
		var log bytes.Buffer
		p, err := newPlatform(s, seeds.Default(), slog.New(slog.NewTextHandler(&log, nil)))
		require.NoError(t, err)
		require.NoError(t, p.openEdges(&api.Deps{Log: p.log}))
		require.Equal(t, warns, strings.Contains(log.String(), "go over this address unencrypted"), log.String())
		require.Equal(t, s.TLSCert != "", strings.HasPrefix(p.ownURL("x"), "https:"))
	}
	f(true, func(*settings) {})
	f(true, func(s *settings) { s.Listen = ":8080" })
	f(true, func(s *settings) { s.Listen = "192.0.2.7:8080" })
	f(false, func(s *settings) { s.Listen = "127.0.0.1:8080" })
	f(false, func(s *settings) { s.Listen = "localhost:8080" })
	f(false, func(s *settings) { s.BehindProxy = []string{"10.0.0.1"} })
	f(false, func(s *settings) { s.TLSCert, s.TLSKey = cert, key })
}

func TestEdgesThatCannotBeOpened(t *testing.T) {
	f := func(change func(*settings)) {
		t.Helper()
		s := &settings{Listen: "127.0.0.1:8080"}
		change(s)
		p, err := newPlatform(s, seeds.Default(), slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		require.Error(t, p.openEdges(&api.Deps{Log: p.log}))
	}
	f(func(s *settings) { s.TLSCert, s.TLSKey = "/nowhere/tls.crt", "/nowhere/tls.key" })
	f(func(s *settings) {
		s.ClientIssuer, s.ClientID, s.ClientSecretFile = "https://id.example.vn", "x", "/nowhere"
	})
}
