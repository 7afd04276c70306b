package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/ingest/seal"
)

func encoded(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// sound checks that the token which an attack starts from is accepted, so that the refusal is
// that of the attack.
func sound(t *testing.T, v *Verifier, p *provider) string {
	t.Helper()
	token := p.forge(nil)
	_, err := v.Identify(t.Context(), token)
	require.NoError(t, err)
	return token
}

func TestTokenNoneAlgorithm(t *testing.T) {
	p := newProvider(t)
	v, _ := newVerifier(t, p)
	parts := strings.Split(sound(t, v, p), ".")
	for _, alg := range []string{"none", "None", "NONE", "nOnE", ""} {
		head := encoded(`{"alg":"` + alg + `","typ":"at+jwt","kid":"` + p.signing.id + `"}`)
		requireRefused(t, v, head+"."+parts[1]+".", "accepted algorithm")
		requireRefused(t, v, head+"."+parts[1]+"."+parts[2], "accepted algorithm")
	}
}

// The public key, in every form in which a library might take it, is no HMAC key.
func TestTokenHMACWithPublicKey(t *testing.T) {
	p := newProvider(t)
	v, _ := newVerifier(t, p)
	payload := strings.Split(sound(t, v, p), ".")[1]
	public := p.signing.public().key.(*ecdsa.PublicKey)
	der, err := x509.MarshalPKIXPublicKey(public)
	require.NoError(t, err)
	jwk, err := (&jose.JSONWebKey{Key: public, KeyID: p.signing.id, Algorithm: "ES256", Use: "sig"}).MarshalJSON()
	require.NoError(t, err)
	point, err := public.Bytes()
	require.NoError(t, err)
	for _, secret := range [][]byte{der, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), jwk, point, {}} {
		text := encoded(`{"alg":"HS256","typ":"at+jwt","kid":"`+p.signing.id+`"}`) + "." + payload
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(text))
		requireRefused(t, v, text+"."+base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), "accepted algorithm")
	}
}

// A key of the set that is symmetric, private, for encryption or too short verifies nothing.
func TestIssuerKeysAreChosen(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	good := newProviderKey(t)
	weak := short.PublicKey
	weak.N = new(big.Int).Rsh(weak.N, 1024)
	var raw [][]byte
	for _, k := range []jose.JSONWebKey{
		{Key: []byte("0123456789abcdef0123456789abcdef"), KeyID: "symmetric"}, {Key: good.key, KeyID: "private"},
		{Key: good.public().key, KeyID: "encryption", Use: "enc"}, {Key: good.public().key}, {Key: &weak, KeyID: "short"},
		{Key: good.public().key, KeyID: "good"}, {Key: &short.PublicKey, KeyID: "rsa", Use: "sig"},
	} {
		text, err := k.MarshalJSON()
		require.NoError(t, err)
		raw = append(raw, text)
	}
	raw = append(raw, []byte(`{"kty":"unheard-of","kid":"x"}`), []byte(`7`))
	var names []string
	for _, k := range usable(values(raw)) {
		names = append(names, k.KeyID)
	}
	require.Equal(t, []string{"good", "rsa"}, names)
}

func TestTokenWrongIssuer(t *testing.T) {
	p, other := newProvider(t), newProvider(t)
	v, _ := newVerifier(t, p)
	sound(t, v, p)
	requireRefused(t, v, other.token(), "issuer is not accepted")
	// A known issuer's name on a token of another one: the keys are those of the name.
	requireRefused(t, v, other.forge(func(c map[string]any) { c["iss"] = p.url }), "no key of the id")
	for _, issuer := range []any{"", p.url + "/", strings.ToUpper(p.url), nil, 7, []string{p.url}} {
		requireRefused(t, v, p.forge(func(c map[string]any) { c["iss"] = issuer }), "")
	}
	// The provider does not speak for the local issuer.
	requireRefused(t, v, p.forge(func(c map[string]any) { c["iss"] = LocalIssuer }), "no key of the id")
	both, _ := newVerifier(t, p, func(c *Config) { c.Issuers = append(c.Issuers, other.url) })
	_, err := both.Identify(t.Context(), other.token())
	require.NoError(t, err)
	requireRefused(t, both, other.forge(func(c map[string]any) { c["iss"] = p.url }), "no key of the id")
}

func TestTokenWrongAudience(t *testing.T) {
	p := newProvider(t)
	v, _ := newVerifier(t, p)
	for _, audience := range []any{"another", []string{"another", "atvsld2"}, "", []string{}, "ATVSLD"} {
		requireRefused(t, v, p.forge(func(c map[string]any) { c["aud"] = audience }), "audience")
	}
	requireRefused(t, v, p.forge(func(c map[string]any) { delete(c, "aud") }), "audience")
	requireRefused(t, v, p.forge(func(c map[string]any) { c["aud"] = nil }), "")
	_, err := v.Identify(t.Context(), p.forge(func(c map[string]any) { c["aud"] = []string{"account", DefaultAudience} }))
	require.NoError(t, err)
	p.audience = []string{"another"}
	requireRefused(t, v, p.token(), "audience")
}

func TestTokenWrongKey(t *testing.T) {
	p := newProvider(t)
	v, _ := newVerifier(t, p)
	sound(t, v, p)
	foreign, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	sign := func(id string) string {
		return p.forge(nil, func(k *jose.SigningKey, _ *jose.SignerOptions) { k.Key = jose.JSONWebKey{Key: foreign, KeyID: id} })
	}
	requireRefused(t, v, sign(p.signing.id), "signature")
	requireRefused(t, v, sign("another"), "no key of the id")
	requireRefused(t, v, sign(""), "no usable key id")
	requireRefused(t, v, sign(strings.Repeat("k", 300)), "no usable key id")
	// The local issuer's name with another key than this machine's.
	stranger, faults, err := Issue(openKeys(t), v.config.Seeds, Order{Scope: Scope{Role: "operator"}, Subject: "x", For: time.Hour}, time.Now())
	require.NoError(t, err)
	require.Empty(t, faults)
	requireRefused(t, v, stranger, "no key of the id")
}

func TestTokenExpired(t *testing.T) {
	p := newProvider(t)
	v, at := newVerifier(t, p)
	token := p.token()
	_, err := v.Identify(t.Context(), token)
	require.NoError(t, err)
	at.moveTo(5*time.Minute + Skew - 5*time.Second)
	_, err = v.Identify(t.Context(), token)
	require.NoError(t, err, "within the skew of the clocks")
	at.moveTo(5*time.Minute + Skew + 5*time.Second)
	requireRefused(t, v, token, "expired")
	at.moveTo(0)
	for _, name := range []string{"exp", "iat", "jti", "sub"} {
		requireRefused(t, v, p.forge(func(c map[string]any) { delete(c, name) }), "are needed")
	}
	for _, exp := range []any{0, -1, 1e300, "2099-01-01", nil} {
		requireRefused(t, v, p.forge(func(c map[string]any) { c["exp"] = exp }), "")
	}
	requireRefused(t, v, p.forge(func(c map[string]any) { c["exp"] = time.Now().Add(MaxValidity + time.Minute).Unix() }), "valid for more than")
}

func TestTokenNotYetValid(t *testing.T) {
	p := newProvider(t)
	v, at := newVerifier(t, p)
	later := time.Now().Add(Skew + 30*time.Second)
	for _, name := range []string{"nbf", "iat"} {
		token := p.forge(func(c map[string]any) { c[name] = later.Unix() })
		at.moveTo(0)
		requireRefused(t, v, token, "not valid yet")
		at.moveTo(time.Minute)
		_, err := v.Identify(t.Context(), token)
		require.NoError(t, err)
	}
}

func TestTokenOversized(t *testing.T) {
	p := newProvider(t)
	v, _ := newVerifier(t, p)
	padded := func(n int) string { return p.forge(func(c map[string]any) { c["padding"] = strings.Repeat("x", n) }) }
	_, err := v.Identify(t.Context(), padded(5000))
	require.NoError(t, err)
	requireRefused(t, v, padded(MaxToken), "oversized")
	for _, prefix := range []string{"", "a.b.", seal.TokenPrefix, KeyPrefix} {
		requireRefused(t, v, prefix+strings.Repeat("a", 10<<20), "oversized")
	}
}

// Keys that a token brings along, or says where to find, are never used.
func TestTokenEmbeddedJWK(t *testing.T) {
	p := newProvider(t)
	v, _ := newVerifier(t, p)
	sound(t, v, p)
	asked := p.asked.Load()
	foreign, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	embedded := jose.JSONWebKey{Key: foreign.Public(), KeyID: p.signing.id, Algorithm: "ES256"}
	with := func(id string, headers ...func(*jose.SigningKey, *jose.SignerOptions)) string {
		key := func(k *jose.SigningKey, _ *jose.SignerOptions) { k.Key = jose.JSONWebKey{Key: foreign, KeyID: id} }
		return p.forge(nil, append(headers, key)...)
	}
	trap := newProvider(t)
	for _, h := range []func(*jose.SigningKey, *jose.SignerOptions){
		header("jwk", embedded), header("jku", trap.url+"/keys"), header("x5u", trap.url+"/keys"), header("x5c", []string{"AAAA"}),
	} {
		requireRefused(t, v, with(p.signing.id, h), "")
	}
	requireRefused(t, v, with("their-own", header("jwk", embedded)), "")
	require.Zero(t, trap.asked.Load(), "nobody is asked whom a token names")
	require.Equal(t, asked, p.asked.Load())
	// In a token that is signed with the issuer's key the header changes nothing.
	_, err = v.Identify(t.Context(), p.forge(nil, header("jku", trap.url+"/keys")))
	require.NoError(t, err)
}

func TestTokenUnknownCritical(t *testing.T) {
	p := newProvider(t)
	v, _ := newVerifier(t, p)
	sound(t, v, p)
	requireRefused(t, v, p.forge(nil, header("crit", []string{"exp"})), "critical")
	requireRefused(t, v, p.forge(nil, header("crit", []string{"http://example.vn/x"}), header("http://example.vn/x", true)), "critical")
	requireRefused(t, v, p.forge(nil, header("crit", []string{})), "")
	requireRefused(t, v, p.forge(nil, header("crit", "exp")), "")
	// RFC 7797, which the library knows and we have no use for.
	requireRefused(t, v, p.forge(nil, header("crit", []string{"b64"}), header("b64", true)), "critical")
}

func TestTokenTampered(t *testing.T) {
	p := newProvider(t)
	v, _ := newVerifier(t, p)
	token := sound(t, v, p)
	parts := strings.Split(token, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(payload, &claims))
	for name, value := range map[string]any{"role": "operator", "provinces": []string{"VN"}, "exp": 1 << 40, "sub": "x"} {
		was := claims[name]
		claims[name] = value
		changed, err := json.Marshal(claims)
		require.NoError(t, err)
		claims[name] = was
		requireRefused(t, v, parts[0]+"."+encoded(string(changed))+"."+parts[2], "")
	}
	// Every single character of it counts.
	for i := range len(token) {
		other := byte('A')
		if token[i] == 'A' {
			other = 'B'
		}
		changed := token[:i] + string(other) + token[i+1:]
		if _, err := v.Identify(t.Context(), changed); err == nil {
			// The last character of a part has bits that stand for nothing.
			require.Equal(t, decoded(t, token), decoded(t, changed), "at %d", i)
		}
	}
	for _, broken := range []string{
		"", ".", "..", "...", parts[0], parts[0] + "." + parts[1], parts[0] + "." + parts[1] + ".", token + ".", token + ".x", "." + token, token + "=",
		`{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
	} {
		requireRefused(t, v, broken, "")
	}
}

func decoded(t *testing.T, token string) (all []string) {
	t.Helper()
	for part := range strings.SplitSeq(token, ".") {
		data, err := base64.RawURLEncoding.DecodeString(part)
		require.NoError(t, err)
		all = append(all, string(data))
	}
	return all
}

// ID tokens and others that an issuer signs are no access tokens.
func TestOtherTokensAreNoAccessTokens(t *testing.T) {
	p := newProvider(t)
	v, _ := newVerifier(t, p)
	for name, value := range map[string]any{"nonce": "n", "at_hash": "h", "events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}, "typ": "ID"} {
		requireRefused(t, v, p.forge(func(c map[string]any) { c[name] = value }), "not an access token")
	}
	for _, kind := range []string{"", "logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE"} {
		token := p.forge(nil, func(_ *jose.SigningKey, o *jose.SignerOptions) { o.WithType(jose.ContentType(kind)) })
		requireRefused(t, v, token, "type in the header")
	}
	for _, kind := range []string{"JWT", "jwt", "AT+JWT", "application/at+jwt"} {
		token := p.forge(func(c map[string]any) { c["typ"] = "Bearer" }, func(_ *jose.SigningKey, o *jose.SignerOptions) { o.WithType(jose.ContentType(kind)) })
		_, err := v.Identify(t.Context(), token)
		require.NoError(t, err, kind)
	}
}

// FuzzIdentify: whatever is presented, nobody but the holder of the key is let in, and nothing
// breaks.
func FuzzIdentify(f *testing.F) {
	keys := openKeys(f)
	v := New(keys)
	good, _, err := Issue(keys, v.config.Seeds, Order{Scope: Scope{Role: "ministry"}, Subject: "fuzz", For: MaxValidity}, time.Now())
	require.NoError(f, err)
	id, err := newKeyID(keys)
	require.NoError(f, err)
	for _, seed := range []string{
		"", "a.b.c", good, keys.LocalToken() + "x", KeyPrefix + id + "_" + strings.Repeat("A", 43), KeyPrefix + "_", seal.TokenPrefix,
		encoded(`{"alg":"none"}`) + "." + encoded(`{"iss":"atvsld-local"}`) + ".", "eyJhbGciOiJFZERTQSIsImNyaXQiOlsiYjY0Il19.e30.AA",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		caller, err := v.Identify(t.Context(), token)
		if err == nil {
			// Only the good one, but for bits of its base64 that stand for nothing.
			require.Equal(t, access.Ministry, caller.Role)
			require.Equal(t, strings.Split(good, ".")[:2], strings.Split(token, ".")[:2])
			return
		}
		require.Empty(t, caller)
		require.ErrorIs(t, err, ErrToken)
		if len(token) > 40 {
			require.NotContains(t, err.Error(), token, "the log does not repeat a token")
		}
	})
}

// The named principal is never the subject itself, a UUID neither: another issuer may give
// the same one to somebody else, and with another role its holder is another.
func TestSubjectsBecomePseudonyms(t *testing.T) {
	p, other := newProvider(t), newProvider(t)
	v, _ := newVerifier(t, p, func(c *Config) { c.Issuers = append(c.Issuers, other.url) })
	of := func(p *provider, subject, role string) string {
		caller, err := v.Identify(t.Context(), p.forge(func(c map[string]any) { c["sub"], c["role"] = subject, role }))
		require.NoError(t, err)
		return caller.ID
	}
	officer := func(subject string) string { return of(p, subject, "labour_officer") }
	one := officer("nguyen.van.a@example.vn")
	require.Equal(t, one, officer("nguyen.van.a@example.vn"))
	require.NotEqual(t, one, officer("nguyen.van.b@example.vn"))
	id := uuid.NewString()
	for _, subject := range []string{"nguyen.van.a@example.vn", "system", "local", "software:acme", id, strings.ToUpper(id), "{" + id + "}"} {
		require.Regexp(t, `^labour_officer:[0-9a-f]{32}$`, officer(subject))
		require.NotEqual(t, officer(subject), of(other, subject, "labour_officer"), "of another issuer")
		require.Regexp(t, `^insurance:[0-9a-f]{32}$`, of(p, subject, "insurance"))
	}
}
