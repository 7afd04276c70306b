// Package signintest runs a real OpenID provider in the process, for tests.
package signintest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// What the provider knows us by, and the one person whom it knows.
const (
	ClientID     = "atvsld"
	ClientSecret = "a secret of the test"
	Subject      = "id1"
	user         = "test-user@127.0.0.1"
	password     = "verysecure"
)

// Start runs a provider that sends browsers back to the address. It returns its issuer.
func Start(t *testing.T, redirectURL string) (issuer string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	issuer = "http://" + server.Listener.Addr().String()
	clients := map[string]*storage.Client{ClientID: storage.WebClient(ClientID, ClientSecret, redirectURL)}
	known := storage.NewStorageWithClients(storage.NewUserStore(issuer), clients)
	server.Config.Handler = exampleop.SetupServer(issuer, known, nil, false, op.WithAllowInsecure())
	server.Start()
	t.Cleanup(server.Close)
	return issuer
}

// Browser is one that keeps cookies and stops at no redirect.
func Browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Jar: jar, Transport: transport}
}

var request = regexp.MustCompile(`name="id" value="([^"]+)"`)

// SignIn goes to the address, which leads to the provider, and signs in there. It returns the
// answer at which the browser ends, and its address.
func SignIn(t *testing.T, browser *http.Client, address string) (page string, status int, at *url.URL) {
	t.Helper()
	form, status, at := ask(t, browser, http.MethodGet, address, "")
	require.Equal(t, http.StatusOK, status, form)
	found := request.FindStringSubmatch(form)
	require.NotEmpty(t, found, form)
	values := url.Values{"username": {user}, "password": {password}, "id": {found[1]}}
	return ask(t, browser, http.MethodPost, at.String(), values.Encode())
}

func ask(t *testing.T, browser *http.Client, method, address, form string) (page string, status int, at *url.URL) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form))
	require.NoError(t, err)
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := browser.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(data), response.StatusCode, response.Request.URL
}
