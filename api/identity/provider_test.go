package identity

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"atvsld/analytics/store/storetest"
	"atvsld/ingest/seal"
)

var engine storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &engine) }

// provider is a real OpenID provider (github.com/zitadel/oidc) on loopback, which signs the
// access tokens that it gives out for the client credentials grant with our claims in them.
type provider struct {
	*storage.Storage
	t   *testing.T
	url string
	// asked counts the questions for its keys.
	asked atomic.Int64
	down  atomic.Bool

	mu        sync.Mutex
	signing   providerKey
	published []op.Key
	subject   string
	audience  []string
	claims    map[string]any
}

// providerKey is op.SigningKey and, with its public half, op.Key.
type providerKey struct {
	id  string
	key any
}

func (k providerKey) ID() string                                  { return k.id }
func (k providerKey) Key() any                                    { return k.key }
func (k providerKey) Use() string                                 { return "sig" }
func (k providerKey) Algorithm() jose.SignatureAlgorithm          { return jose.ES256 }
func (k providerKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.ES256 }

func (k providerKey) public() providerKey {
	return providerKey{k.id, k.key.(crypto.Signer).Public()}
}

func newProviderKey(t *testing.T) providerKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return providerKey{uuid.NewString(), key}
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{
		t: t, Storage: storage.NewStorage(storage.NewUserStore("http://localhost")), signing: newProviderKey(t),
		subject: "nguyen.van.a@example.vn", audience: []string{DefaultAudience},
		claims: map[string]any{"role": "labour_officer", "provinces": []string{"34:01"}},
	}
	p.published = []op.Key{p.signing.public()}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/keys") {
			p.asked.Add(1)
		}
		if p.down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	var err error
	handler, err = op.NewProvider(&op.Config{CryptoKey: [32]byte{1}}, p, op.StaticIssuer(p.url), op.WithAllowInsecure())
	require.NoError(t, err)
	return p
}

// rotate makes the provider sign with another key and publish both, or the new one alone.
func (p *provider) rotate(keep bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signing = newProviderKey(p.t)
	if !keep {
		p.published = nil
	}
	p.published = append(p.published, p.signing.public())
}

// token asks the provider for an access token.
func (p *provider) token() string {
	p.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"openid"}}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+"/oauth/token", strings.NewReader(form.Encode()))
	require.NoError(p.t, err)
	r.SetBasicAuth("sid1", "verysecret")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := newClient()
	defer client.CloseIdleConnections()
	response, err := client.Do(r)
	require.NoError(p.t, err)
	defer response.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
		Error string `json:"error_description"`
	}
	require.NoError(p.t, json.UnmarshalRead(response.Body, &answer))
	require.NotEmpty(p.t, answer.Token, answer.Error)
	return answer.Token
}

func (p *provider) SigningKey(context.Context) (op.SigningKey, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.signing, nil
}

func (p *provider) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.ES256}, nil
}

func (p *provider) KeySet(context.Context) ([]op.Key, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.published, nil
}

func (p *provider) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return uuid.NewString(), time.Now().Add(5 * time.Minute), nil
}

func (p *provider) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return p.claims, nil
}

func (p *provider) ClientCredentials(ctx context.Context, id, secret string) (op.Client, error) {
	c, err := p.Storage.ClientCredentials(ctx, id, secret)
	return jwtClient{c}, err
}

func (p *provider) ClientCredentialsTokenRequest(_ context.Context, _ string, scopes []string) (op.TokenRequest, error) {
	return &oidc.JWTTokenRequest{Subject: p.subject, Audience: p.audience, Scopes: scopes}, nil
}

// jwtClient is a client whose access tokens are signed JWTs.
type jwtClient struct{ op.Client }

func (jwtClient) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }

// forge signs claims as the provider would, after change was made to a right token's.
func (p *provider) forge(change func(claims map[string]any), options ...func(*jose.SigningKey, *jose.SignerOptions)) string {
	p.t.Helper()
	now := time.Now()
	claims := map[string]any{
		"iss": p.url, "sub": p.subject, "aud": DefaultAudience, "jti": uuid.NewString(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"role": "labour_officer", "provinces": []string{"34:01"},
	}
	if change != nil {
		change(claims)
	}
	key := jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: p.signing.key, KeyID: p.signing.id}}
	o := (&jose.SignerOptions{}).WithType("at+jwt")
	for _, option := range options {
		option(&key, o)
	}
	signer, err := jose.NewSigner(key, o)
	require.NoError(p.t, err)
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	require.NoError(p.t, err)
	return token
}

func header(name jose.HeaderKey, value any) func(*jose.SigningKey, *jose.SignerOptions) {
	return func(_ *jose.SigningKey, o *jose.SignerOptions) { o.WithHeader(name, value) }
}

func openKeys(tb testing.TB) *seal.Keys {
	tb.Helper()
	keys, err := seal.Open(filepath.Join(tb.TempDir(), "keys"))
	require.NoError(tb, err)
	return keys
}

// newVerifier makes one that takes tokens of the provider, on a clock that the test moves.
func newVerifier(t *testing.T, p *provider, change ...func(*Config)) (*Verifier, *clock) {
	t.Helper()
	at := &clock{}
	c := Config{Keys: openKeys(t), Clock: at.now, Client: newClient()}
	if p != nil {
		c.Issuers = []string{p.url}
	}
	for _, f := range change {
		f(&c)
	}
	t.Cleanup(c.Client.CloseIdleConnections)
	v, err := Open(c)
	require.NoError(t, err)
	return v, at
}

// clock is the real one, moved forward.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time         { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) move(by time.Duration)  { c.ahead.Add(int64(by)) }
func (c *clock) moveTo(t time.Duration) { c.ahead.Store(int64(t)) }

func requireRefused(t *testing.T, v *Verifier, token, why string) {
	t.Helper()
	caller, err := v.Identify(t.Context(), token)
	require.ErrorIs(t, err, ErrToken)
	require.ErrorContains(t, err, why)
	require.Empty(t, caller)
}
