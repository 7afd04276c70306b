package api

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
)

// pair is a certificate with its key in two files.
type pair struct {
	t               *testing.T
	cert, key       string
	roots           *x509.CertPool
	certPEM, keyPEM []byte
}

func newPair(t *testing.T) *pair {
	t.Helper()
	dir := t.TempDir()
	p := &pair{t: t, cert: filepath.Join(dir, "tls.crt"), key: filepath.Join(dir, "tls.key"), roots: x509.NewCertPool()}
	p.write(p.make(time.Hour))
	return p
}

// make draws a certificate of its own for 127.0.0.1.
func (p *pair) make(valid time.Duration) (cert, key []byte) {
	p.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(p.t, err)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(p.t, err)
	form := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "nop.example.vn"}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(valid),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, private.Public(), private)
	require.NoError(p.t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(p.t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}

func (p *pair) write(cert, key []byte) {
	p.t.Helper()
	p.certPEM, p.keyPEM = cert, key
	p.roots.AppendCertsFromPEM(cert)
	require.NoError(p.t, os.WriteFile(p.cert, cert, 0o600))
	require.NoError(p.t, os.WriteFile(p.key, key, 0o600))
}

func (p *pair) load(log *slog.Logger) *Certificate {
	p.t.Helper()
	c, err := LoadCertificate(p.cert, p.key, log, prometheus.NewRegistry())
	require.NoError(p.t, err)
	return c
}

// client trusts the pair's certificates and speaks HTTP/2 unless told otherwise.
func (p *pair) client(protocols ...string) *http.Client {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.roots, MinVersion: tls.VersionTLS12}}
	if len(protocols) == 0 {
		transport.ForceAttemptHTTP2 = true
	} else {
		transport.TLSClientConfig.NextProtos = protocols
	}
	p.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// serveTLS runs the interface as the program does, with TLS.
func serveTLS(t *testing.T, p *pair, change ...func(*Deps, *Config)) (s *platform, url string) {
	t.Helper()
	s = newSmall(t, append(change, func(d *Deps, c *Config) {
		d.Certificate, c.CertCheck = p.load(d.Log), 10*time.Millisecond
	})...)
	url, stop := serveReal(t, s)
	t.Cleanup(func() { require.NoError(t, stop()) })
	return s, strings.Replace(url, "http://", "https://", 1)
}

func TestTLS(t *testing.T) {
	p := newPair(t)
	_, url := serveTLS(t, p)
	for protocol, client := range map[string]*http.Client{"HTTP/2.0": p.client(), "HTTP/1.1": p.client("http/1.1")} {
		response, err := client.Get(url + "/v1/rules")
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, http.StatusOK, response.StatusCode)
		require.Equal(t, protocol, response.Proto)
		require.Equal(t, "max-age=31536000", response.Header.Get("Strict-Transport-Security"))
		require.GreaterOrEqual(t, response.TLS.Version, uint16(tls.VersionTLS12))
	}
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		_, err := (&tls.Dialer{Config: &tls.Config{RootCAs: p.roots, MinVersion: version, MaxVersion: version}}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "https://"))
		require.Error(t, err, "%x", version)
	}
	// Plain HTTP on the port of TLS reads nothing of ours.
	response, err := http.Get(strings.Replace(url, "https://", "http://", 1))
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, http.StatusBadRequest, response.StatusCode)
}

// The client of this process knows the server whatever its certificate is for, and no other.
func TestOwnClientKnowsTheCertificate(t *testing.T) {
	p, other := newPair(t), newPair(t)
	_, url := serveTLS(t, p)
	address := strings.TrimPrefix(url, "https://")
	conn, err := (&tls.Dialer{Config: p.load(slog.Default()).Self()}).DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	_, err = (&tls.Dialer{Config: other.load(slog.Default()).Self()}).DialContext(t.Context(), "tcp", address)
	require.ErrorContains(t, err, "another certificate")
}

// shown asks which certificate is in use.
func shown(t *testing.T, url string) []byte {
	t.Helper()
	conn, err := (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "https://"))
	require.NoError(t, err)
	defer conn.Close()
	der := conn.(*tls.Conn).ConnectionState().PeerCertificates[0].Raw
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestCertificateIsReloaded(t *testing.T) {
	p := newPair(t)
	s, url := serveTLS(t, p)
	first := shown(t, url)
	p.write(p.make(time.Hour))
	require.Eventually(t, func() bool { return string(shown(t, url)) == string(p.certPEM) }, time.Minute, 10*time.Millisecond)
	require.NotEqual(t, string(first), string(p.certPEM))
	response, err := p.client().Get(url + "/livez")
	require.NoError(t, err)
	response.Body.Close()
	require.Contains(t, s.logged(), "a new certificate is in use")
}

// What cannot be used is told, and whoever comes is served as before.
func TestBadNewCertificateKeepsTheOld(t *testing.T) {
	p := newPair(t)
	s, url := serveTLS(t, p)
	good := string(p.certPEM)
	_, foreignKey := p.make(time.Hour)
	expired, expiredKey := p.make(-time.Hour)
	bad := map[string]func(){
		"no PEM":        func() { require.NoError(t, os.WriteFile(p.cert, []byte("nothing"), 0o600)) },
		"half a file":   func() { require.NoError(t, os.WriteFile(p.cert, p.certPEM[:100], 0o600)) },
		"another's key": func() { p.write(p.certPEM, foreignKey) },
		"expired":       func() { p.write(expired, expiredKey) },
		"gone":          func() { require.NoError(t, os.Remove(p.key)) },
	}
	for name, spoil := range bad {
		before := strings.Count(s.logged(), "the old one stays")
		spoil()
		require.Eventually(t, func() bool { return strings.Count(s.logged(), "the old one stays") > before }, time.Minute, 5*time.Millisecond, name)
		require.Equal(t, good, string(shown(t, url)), name)
		cert, key := p.make(time.Hour)
		p.write(cert, key)
		require.Eventually(t, func() bool { return string(shown(t, url)) == string(cert) }, time.Minute, 5*time.Millisecond, name)
		good = string(cert)
	}
	require.NotContains(t, s.logged(), "PRIVATE KEY")
}

func TestCertificateIsCheckedAtStart(t *testing.T) {
	p := newPair(t)
	f := func(want string) {
		t.Helper()
		_, err := LoadCertificate(p.cert, p.key, slog.Default(), prometheus.NewRegistry())
		require.ErrorContains(t, err, want)
	}
	p.write(p.make(-time.Minute))
	f("valid from")
	p.write([]byte("x"), []byte("y"))
	f(p.cert)
	require.NoError(t, os.Remove(p.cert))
	f("read the certificate")
}

// Rows are answered while the next ones are still to come, over either protocol.
func TestBatchStreamsOverTLS(t *testing.T) {
	p := newPair(t)
	s, url := serveTLS(t, p, acceptingAll(t), func(_ *Deps, c *Config) {
		c.ChunkDelay, c.ReadTimeout, c.WriteTimeout = 10*time.Millisecond, 2*time.Second, 40*time.Second
	})
	for protocol, client := range map[string]*http.Client{"HTTP/2.0": p.client(), "HTTP/1.1": p.client("http/1.1")} {
		body, feed := io.Pipe()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/reports:batch", body)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+s.token)
		r.Header.Set("Content-Type", ndjsonType)
		go func() { _, _ = fmt.Fprintln(feed, oneLine(declaration(t))) }()
		response, err := client.Do(r)
		require.NoError(t, err)
		require.Equal(t, protocol, response.Proto)
		answers := bufio.NewScanner(response.Body)
		answers.Buffer(nil, 1<<20)
		// Longer than the time for one piece: each has its own.
		for row := 1; row <= 4; row++ {
			require.True(t, answers.Scan(), "%s: row %d: %v", protocol, row, answers.Err())
			require.Contains(t, answers.Text(), fmt.Sprintf(`"row":%d`, row))
			require.Contains(t, answers.Text(), `"state":"accepted"`)
			if row < 4 {
				time.Sleep(800 * time.Millisecond)
				_, err := fmt.Fprintln(feed, oneLine(declaration(t)))
				require.NoError(t, err)
			}
		}
		require.NoError(t, feed.Close())
		require.True(t, answers.Scan())
		require.Contains(t, answers.Text(), `"accepted":4`)
		require.False(t, answers.Scan())
		require.NoError(t, answers.Err())
		require.Equal(t, "4", response.Trailer.Get("Atvsld-Accepted"), protocol)
		response.Body.Close()
		cancel()
	}
}

// A stream that stops coming is ended over HTTP/2 as over HTTP/1.1, with its rows answered.
func TestSlowBatchIsCutOffOverHTTP2(t *testing.T) {
	p := newPair(t)
	s, url := serveTLS(t, p, acceptingAll(t), func(_ *Deps, c *Config) {
		c.ChunkDelay, c.ReadTimeout = 10*time.Millisecond, 300*time.Millisecond
	})
	body, feed := io.Pipe()
	defer feed.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/reports:batch", body)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Content-Type", ndjsonType)
	go func() { _, _ = fmt.Fprintln(feed, oneLine(declaration(t))) }()
	response, err := p.client().Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Contains(t, string(data), `"state":"accepted"`)
	require.Contains(t, string(data), "API-024")
}
