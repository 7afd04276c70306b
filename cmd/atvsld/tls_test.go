package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// certificate writes one for 127.0.0.1 with its key, and returns who trusts it.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	form := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, private.Public(), private)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	dir := t.TempDir()
	cert, key, roots = filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"), x509.NewCertPool()
	inPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	roots.AppendCertsFromPEM(inPEM)
	require.NoError(t, os.WriteFile(cert, inPEM, 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600))
	return cert, key, roots
}

// The real program with TLS: its own loader files over it, whatever name the certificate is
// for, and others see HTTP/2 and refuse to be led astray.
func TestProgramOverTLS(t *testing.T) {
	t.Parallel()
	needEngine(t)
	cert, key, roots := certificate(t)
	p := &process{t: t, data: t.TempDir(), address: freeAddress(t), log: &bytes.Buffer{}, exited: make(chan error, 1)}
	p.cmd = command(t, "run", "--data", p.data, "--listen", p.address, "--log-level", "warn", "--demonstration", "--demo-establishments", "500",
		"--tls-cert", cert, "--tls-key", key, "--security-contact", "mailto:an-ninh@example.vn")
	p.cmd.Stderr = p.log
	require.NoError(t, p.cmd.Start())
	go func() { p.exited <- p.cmd.Wait() }()
	t.Cleanup(p.kill)

	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	get := func(path, host string) (status int, protocol, body string) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+p.address+path, http.NoBody)
		require.NoError(t, err)
		request.Host = host
		response, err := client.Do(request)
		if err != nil {
			return 0, "", err.Error()
		}
		defer response.Body.Close()
		data, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, response.Proto, string(data)
	}
	require.Eventually(t, func() bool { status, _, _ := get("/readyz", ""); return status == http.StatusOK }, 5*time.Minute, 200*time.Millisecond)
	status, protocol, page := get("/plain", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "HTTP/2.0", protocol)
	require.Contains(t, page, "Chỉ thị 31")
	status, _, _ = get("/", "evil.example")
	require.Equal(t, http.StatusMisdirectedRequest, status)
	_, _, contact := get("/.well-known/security.txt", "localhost")
	require.True(t, strings.HasPrefix(contact, "Contact: mailto:an-ninh@example.vn\n"), contact)
	p.stop()
	require.NotContains(t, p.log.String(), "level=ERROR")
}
