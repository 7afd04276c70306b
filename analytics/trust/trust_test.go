package trust_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/trust"
	"atvsld/analytics/trust/trusttest"
)

func TestFilesAreCheckedAllAtOnce(t *testing.T) {
	ours := trusttest.NewAuthority(t)
	pair := ours.Issue("client")
	other := ours.Issue("other")
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for _, test := range []struct {
		name  string
		files trust.Files
		wants []string
	}{
		{"nothing", trust.Files{}, nil},
		{"everything", trust.Files{CA: ours.File(), Cert: pair.CertFile, Key: pair.KeyFile, ServerName: "kafka"}, nil},
		{"no such file, half a pair", trust.Files{CA: "/nowhere", Cert: pair.CertFile}, []string{"/nowhere", "go together"}},
		{"not PEM, another's key", trust.Files{CA: empty, Cert: pair.CertFile, Key: other.KeyFile}, []string{"no certificate", "private key does not match"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.files.Validate()
			if test.wants == nil {
				require.NoError(t, err)
			}
			for _, want := range test.wants {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

// A renewed certificate is shown at the next connection, without a new configuration.
func TestCertificatesAreReadForEveryConnection(t *testing.T) {
	ours := trusttest.NewAuthority(t)
	pair := ours.Issue("before")
	server := ours.Server(ours)
	client, err := trust.Files{CA: ours.File(), Cert: pair.CertFile, Key: pair.KeyFile}.Config()
	require.NoError(t, err)
	client.ServerName = "localhost"
	require.Equal(t, "before", shown(t, server, client))
	renewed := ours.Issue("after")
	require.NoError(t, os.WriteFile(pair.CertFile, renewed.Cert, 0o600))
	require.NoError(t, os.WriteFile(pair.KeyFile, renewed.Key, 0o600))
	require.Equal(t, "after", shown(t, server, client))
}

// shown is the name in the certificate that a client shows.
func shown(t *testing.T, server, client *tls.Config) string {
	t.Helper()
	a, b := net.Pipe()
	s, c := tls.Server(a, server), tls.Client(b, client)
	done := make(chan error, 1)
	go func() { done <- errors.Join(c.HandshakeContext(t.Context()), c.CloseWrite()) }()
	require.NoError(t, s.HandshakeContext(t.Context()))
	_, err := io.ReadAll(s)
	require.NoError(t, err)
	require.NoError(t, <-done)
	return s.ConnectionState().PeerCertificates[0].Subject.CommonName
}

func TestASecretIsNotShown(t *testing.T) {
	const planted = "planted-4711"
	holder := struct{ Secret trust.Secret }{planted}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%20.3s", "%T"} {
		fmt.Fprintf(&out, verb, holder)
		fmt.Fprintf(&out, verb, holder.Secret)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("x", "secret", holder.Secret, "holder", holder)
	}
	require.NoError(t, json.NewEncoder(&out).Encode(holder))
	fmt.Fprint(&out, fmt.Errorf("wrong: %v", holder), holder.Secret.String())
	require.NotContains(t, out.String(), planted)
	require.NotContains(t, out.String(), fmt.Sprintf("%x", planted))
	require.NotContains(t, out.String(), fmt.Sprintf("%X", planted))
	require.Equal(t, planted, string(holder.Secret))
}

func TestReadSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte(" a b \r\n"), 0o600))
	secret, err := trust.ReadSecret(file)
	require.NoError(t, err)
	require.Equal(t, " a b ", string(secret), "only the end of the line is an editor's")
	require.NoError(t, os.WriteFile(file, []byte("\n"), 0o600))
	_, err = trust.ReadSecret(file)
	require.ErrorContains(t, err, "is empty")
	_, err = trust.ReadSecret(file + "x")
	require.ErrorIs(t, err, os.ErrNotExist)
}
