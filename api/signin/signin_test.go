package signin

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/api/signin/signintest"
)

// returned is what a browser brought back.
type returned struct{ state, code string }

// start runs a provider, and a place where browsers come back to.
func start(t *testing.T, change ...func(*Config)) (*Provider, <-chan returned) {
	t.Helper()
	back := make(chan returned, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		back <- returned{r.URL.Query().Get("state"), r.URL.Query().Get("code")}
	}))
	t.Cleanup(server.Close)
	c := Config{ClientID: signintest.ClientID, ClientSecret: signintest.ClientSecret, RedirectURL: server.URL + "/back", Timeout: 30 * time.Second}
	c.Issuer = signintest.Start(t, c.RedirectURL)
	for _, f := range change {
		f(&c)
	}
	return New(c), back
}

func begin(t *testing.T, p *Provider, back <-chan returned) (Flow, returned) {
	t.Helper()
	address, flow, err := p.Begin(t.Context())
	require.NoError(t, err)
	query, err := url.Parse(address)
	require.NoError(t, err)
	require.Equal(t, "S256", query.Query().Get("code_challenge_method"))
	require.NotContains(t, address, flow.Verifier)
	signintest.SignIn(t, signintest.Browser(t), address)
	return flow, <-back
}

func TestCodeFlow(t *testing.T) {
	p, back := start(t)
	flow, got := begin(t, p, back)
	token, err := p.Finish(t.Context(), flow, got.state, got.code)
	require.NoError(t, err)
	require.NotEmpty(t, token)
	// A code is good once.
	_, err = p.Finish(t.Context(), flow, got.state, got.code)
	require.ErrorIs(t, err, ErrRefused)
}

// Whoever brings back what belongs to another sign-in is refused.
func TestCodeFlowIsBoundToItsBrowser(t *testing.T) {
	p, back := start(t)
	for name, spoil := range map[string]func(*Flow, *returned){
		"no state":         func(_ *Flow, r *returned) { r.state = "" },
		"another state":    func(_ *Flow, r *returned) { r.state = "x" },
		"no flow":          func(f *Flow, r *returned) { *f = Flow{}; r.state = "" },
		"another nonce":    func(f *Flow, _ *returned) { f.Nonce = "x" },
		"no nonce":         func(f *Flow, _ *returned) { f.Nonce = "" },
		"another verifier": func(f *Flow, _ *returned) { f.Verifier = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
		"no code":          func(_ *Flow, r *returned) { r.code = "" },
		"an invented code": func(_ *Flow, r *returned) { r.code = "x" },
	} {
		flow, got := begin(t, p, back)
		spoil(&flow, &got)
		_, err := p.Finish(t.Context(), flow, got.state, got.code)
		require.ErrorIs(t, err, ErrRefused, name)
	}
}

func TestFlowsDiffer(t *testing.T) {
	p, _ := start(t)
	_, one, err := p.Begin(t.Context())
	require.NoError(t, err)
	_, two, err := p.Begin(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, one.State, two.State)
	require.NotEqual(t, one.Nonce, two.Nonce)
	require.NotEqual(t, one.Verifier, two.Verifier)
}

// A wrong secret lets nobody in.
func TestClientSecret(t *testing.T) {
	p, back := start(t, func(c *Config) { c.ClientSecret = "wrong" })
	flow, got := begin(t, p, back)
	_, err := p.Finish(t.Context(), flow, got.state, got.code)
	require.ErrorIs(t, err, ErrRefused)
	require.NotContains(t, err.Error(), "wrong")
}

// A provider that is away is asked again at the next sign-in.
func TestProviderThatIsAway(t *testing.T) {
	p, _ := start(t)
	issuer := p.config.Issuer
	p.config.Issuer = "http://127.0.0.1:1"
	_, _, err := p.Begin(t.Context())
	require.ErrorIs(t, err, ErrProvider)
	p.config.Issuer = issuer
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err = p.Begin(ctx)
	require.NoError(t, err)
	cancel() // what was learnt stays
	_, _, err = p.Begin(t.Context())
	require.NoError(t, err)
}
