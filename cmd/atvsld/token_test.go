package main

import (
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A token of the local issuer is accepted by the platform that made its key. An OpenID
// provider that cannot be reached keeps nothing from starting, and a token that names it is
// answered 503.
func TestTokenCommand(t *testing.T) {
	data := t.TempDir()
	out, err := runOnce(t, "token", "--data", data, "--subject", "x", "--role", "ministry")
	require.Error(t, err)
	require.Contains(t, out, "no keys of a platform")
	require.NoDirExists(t, filepath.Join(data, "keys"))

	down := "http://" + freeAddress(t)
	p := start(t, data, "--oidc-issuer", down)
	info, err := os.Stat(filepath.Join(data, "keys", "issuer"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	out, err = runOnce(t, "token", "--data", data, "--subject", "dn-1", "--role", "enterprise", "--establishment", "0100109106", "--for", "10m")
	require.NoError(t, err, out)
	token := strings.TrimSpace(out)
	require.Equal(t, http.StatusOK, p.statusOf(token, "/v1/access/keys"))
	require.Equal(t, http.StatusForbidden, p.statusOf(token, "/v1/dead-letters"))
	require.Equal(t, http.StatusUnauthorized, p.statusOf(token+"x", "/v1/access/keys"))

	foreign := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","typ":"JWT","kid":"k"}`)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"`+down+`"}`)) + "." + strings.Repeat("A", 86)
	require.Equal(t, http.StatusServiceUnavailable, p.statusOf(foreign, "/v1/access/keys"))

	out, err = runOnce(t, "token", "--data", data, "--subject", "Nguyễn", "--role", "boss", "--province", "01", "--for", "48h")
	require.Error(t, err)
	for _, wrong := range []string{"subject:", "role:", "provinces/0:", "for:"} {
		require.Contains(t, out, wrong)
	}
}

// statusOf asks with a token.
func (p *process) statusOf(token, path string) int {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, "http://"+p.address+path, nil)
	require.NoError(p.t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	require.NoError(p.t, err)
	defer response.Body.Close()
	return response.StatusCode
}
