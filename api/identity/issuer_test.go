package identity

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
)

func values(raw [][]byte) []jsontext.Value {
	var all []jsontext.Value
	for _, v := range raw {
		all = append(all, v)
	}
	return all
}

// A token that the provider gives out over its own token endpoint, verified with the keys that
// its discovery document names.
func TestTokenOfARealProvider(t *testing.T) {
	p := newProvider(t)
	p.claims = map[string]any{"role": "inspector", "provinces": []string{"34:01", "63:15"}}
	v, _ := newVerifier(t, p)
	caller, err := v.Identify(t.Context(), p.token())
	require.NoError(t, err)
	now, _ := v.config.Seeds.To34(ref("63:15"))
	require.Equal(t, access.Inspector, caller.Role)
	require.Equal(t, []string{"01", now}, caller.Provinces)
	require.False(t, caller.Nation)
	require.NotEmpty(t, caller.Token)
	require.NotContains(t, caller.ID, "nguyen")
}

// The provider takes another key: tokens of it are accepted at once, and those of the key
// that it took back no longer, once the keys are asked for again.
func TestProviderRotatesItsKeys(t *testing.T) {
	p := newProvider(t)
	v, at := newVerifier(t, p)
	old := p.token()
	_, err := v.Identify(t.Context(), old)
	require.NoError(t, err)
	at.move(askAgain)
	p.rotate(true)
	_, err = v.Identify(t.Context(), p.token())
	require.NoError(t, err)
	_, err = v.Identify(t.Context(), old)
	require.NoError(t, err, "published still")
	at.move(askAgain)
	p.rotate(false)
	_, err = v.Identify(t.Context(), p.token())
	require.NoError(t, err)
	requireRefused(t, v, old, "no key of the id")
}

// A key that the issuer took back is not used for longer than keysFresh, also when no other
// token comes.
func TestKeysThatWereTakenBack(t *testing.T) {
	p := newProvider(t)
	v, at := newVerifier(t, p)
	long := func() string {
		return p.forge(func(c map[string]any) { c["exp"] = time.Now().Add(20 * time.Hour).Unix() })
	}
	token := long()
	_, err := v.Identify(t.Context(), token)
	require.NoError(t, err)
	p.rotate(false)
	at.move(keysFresh - time.Second)
	_, err = v.Identify(t.Context(), token)
	require.NoError(t, err)
	at.move(2 * time.Second)
	requireRefused(t, v, token, "no key of the id")
	// An issuer that does not answer: its keys are used for a while.
	token = long()
	at.move(askAgain)
	_, err = v.Identify(t.Context(), token)
	require.NoError(t, err)
	p.down.Store(true)
	at.move(keysFresh + time.Minute)
	_, err = v.Identify(t.Context(), token)
	require.NoError(t, err)
	at.move(keysStale)
	_, err = v.Identify(t.Context(), token)
	require.ErrorIs(t, err, ErrUnreachable)
}

// Tokens with made-up key ids make the platform ask once in askAgain, however many come.
func TestMadeUpKeyIDsDoNotHammerTheIssuer(t *testing.T) {
	p := newProvider(t)
	v, at := newVerifier(t, p)
	sound(t, v, p)
	before := p.asked.Load()
	at.move(askAgain)
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 50 {
				token := p.forge(nil, func(k *jose.SigningKey, _ *jose.SignerOptions) {
					k.Key = jose.JSONWebKey{Key: p.signing.key, KeyID: strconv.Itoa(worker) + "-" + strconv.Itoa(i)}
				})
				_, err := v.Identify(t.Context(), token)
				if err == nil {
					t.Error("accepted")
				}
			}
		})
	}
	group.Wait()
	require.Equal(t, before+1, p.asked.Load())
	sound(t, v, p)
}

// An issuer that cannot be reached keeps nothing from starting; its tokens cannot be checked,
// which is not the same as wrong. When it comes back they are accepted.
func TestIssuerThatIsDown(t *testing.T) {
	p := newProvider(t)
	token := p.token()
	p.down.Store(true)
	v, at := newVerifier(t, p)
	for range 3 {
		_, err := v.Identify(t.Context(), token)
		require.ErrorIs(t, err, ErrUnreachable)
		require.NotErrorIs(t, err, ErrToken)
	}
	// Everybody else is known meanwhile.
	_, err := v.Identify(t.Context(), v.config.Keys.LocalToken())
	require.NoError(t, err)
	requireRefused(t, v, newProvider(t).token(), "issuer is not accepted")
	p.down.Store(false)
	_, err = v.Identify(t.Context(), token)
	require.ErrorIs(t, err, ErrUnreachable, "not asked again yet")
	at.move(askAgain)
	_, err = v.Identify(t.Context(), token)
	require.NoError(t, err)
}

// A discovery document that names another issuer, or keys at an address that anybody on the
// way could change, is not believed.
func TestDiscoveryIsChecked(t *testing.T) {
	other := newProvider(t)
	p := newProvider(t)
	r := newRemoteKeys(p.url+"/", newClient(), time.Now)
	t.Cleanup(r.client.CloseIdleConnections)
	_, err := r.keys(t.Context(), p.signing.id)
	require.ErrorIs(t, err, ErrUnreachable)
	require.ErrorContains(t, err, "names another issuer")
	require.NoError(t, CheckIssuers([]string{"https://sso.example.vn/realms/a", other.url, "http://localhost:8080"}))
	for _, bad := range [][]string{{"http://sso.example.vn"}, {"sso.example.vn"}, {""}, {LocalIssuer}, {"https://a@b.vn"}, {"https://b.vn?x"}, {"https://b.vn#x"}, {"https://b.vn", "https://b.vn"}, {"ftp://b.vn"}, {"https://"}} {
		require.Error(t, CheckIssuers(bad), "%q", bad)
		_, err := Open(Config{Keys: openKeys(t), Issuers: bad})
		require.Error(t, err)
	}
}
