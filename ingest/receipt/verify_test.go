package receipt

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
)

func TestVerifyChoosesTheKeyByID(t *testing.T) {
	signed, s := signOne(t)
	other := testSigner(t, 2)

	_, err := Verify(signed, other.JWKS())
	require.ErrorIs(t, err, ErrUnknownKey)
	_, err = Verify(signed, jose.JSONWebKeySet{})
	require.ErrorIs(t, err, ErrUnknownKey)

	both := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{other.public, s.public}}
	_, err = Verify(signed, both)
	require.NoError(t, err, "earlier keys stay published beside the new one")

	renamed := other.JWKS()
	renamed.Keys[0].KeyID = s.public.KeyID
	_, err = Verify(signed, renamed)
	require.ErrorIs(t, err, ErrNotGenuine)

	encryption := s.JWKS()
	encryption.Keys[0].Use = "enc"
	_, err = Verify(signed, encryption)
	require.ErrorIs(t, err, ErrUnknownKey)

	symmetric := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{KeyID: s.public.KeyID, Key: []byte(testKey(1).Public().(ed25519.PublicKey))}}}
	_, err = Verify(signed, symmetric)
	require.ErrorIs(t, err, ErrUnknownKey)
}

// forge puts a signature of the attacker's making over the true statement.
func forge(t *testing.T, signed Signed, key jose.SigningKey, options *jose.SignerOptions) Signed {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(signed.Proof.JWS, ".")[1])
	require.NoError(t, err)
	signer, err := jose.NewSigner(key, options)
	require.NoError(t, err)
	object, err := signer.Sign(payload)
	require.NoError(t, err)
	signed.Proof.JWS, err = object.CompactSerialize()
	require.NoError(t, err)
	return signed
}

func TestVerifyRefusesForgedSignatures(t *testing.T) {
	signed, s := signOne(t)
	kid := s.public.KeyID
	options := func() *jose.SignerOptions {
		return (&jose.SignerOptions{}).WithType(tokenType).WithHeader("kid", kid)
	}
	f := func(what string, forged Signed) {
		t.Helper()
		_, err := Verify(forged, s.JWKS())
		require.ErrorIs(t, err, ErrNotGenuine, what)
	}
	genuine := jose.SigningKey{Algorithm: jose.EdDSA, Key: testKey(1)}
	stranger := jose.SigningKey{Algorithm: jose.EdDSA, Key: testKey(2)}
	_, err := Verify(forge(t, signed, genuine, options()), s.JWKS())
	require.NoError(t, err, "the forger's tools make valid receipts with the true key")

	f("other key under the true id", forge(t, signed, stranger, options()))
	f("embedded key", forge(t, signed, stranger, &jose.SignerOptions{EmbedJWK: true, ExtraHeaders: options().ExtraHeaders}))
	f("public key as HMAC secret", forge(t, signed, jose.SigningKey{Algorithm: jose.HS256, Key: []byte(testKey(1).Public().(ed25519.PublicKey))}, options()))
	f("true key, other type of token", forge(t, signed, genuine, (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", kid)))
	f("true key, no type", forge(t, signed, genuine, (&jose.SignerOptions{}).WithHeader("kid", kid)))

	parts := strings.Split(signed.Proof.JWS, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"` + kid + `","typ":"` + tokenType + `"}`))
	for _, compact := range []string{
		none + "." + parts[1] + ".",
		none + "." + parts[1] + "." + parts[2],
		parts[0] + "." + parts[1] + ".",
		parts[0] + ".." + parts[2],
		parts[0] + "." + parts[1],
		signed.Proof.JWS + ".",
		signed.Proof.JWS + "=",
		signed.Proof.JWS + "\n",
		signed.Proof.JWS[:20] + "\n" + signed.Proof.JWS[20:],
		`{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		strings.Repeat("A", maxJWS+1),
	} {
		forged := signed
		forged.Proof.JWS = compact
		f(compact, forged)
	}
}

func TestVerifyRefusesSignedNonsense(t *testing.T) {
	signed, s := signOne(t)
	f := func(payload string) {
		t.Helper()
		object, err := s.jws.Sign([]byte(payload))
		require.NoError(t, err)
		forged := signed
		forged.Proof.JWS, err = object.CompactSerialize()
		require.NoError(t, err)
		_, err = Verify(forged, s.JWKS())
		require.ErrorIs(t, err, ErrNotGenuine, payload)
	}
	zero := strings.Repeat("A", 43)
	f(``)
	f(`[]`)
	f(`{}`)
	f(`{"iss":"x","iat":1,"root":"` + zero + `","size":0}`)
	f(`{"iss":"x","iat":1,"root":"` + zero + `","size":1}`)
	f(`{"iss":"x","iat":1,"root":"` + zero + `","size":18446744073709551615}`)
	f(`{"iss":"x","iat":1,"root":"` + zero + `","size":1,"more":1}`)
}

func TestParseIsStrict(t *testing.T) {
	signed, _ := signOne(t)
	data, err := jsonv2.Marshal(signed)
	require.NoError(t, err)
	f := func(old, replacement string) {
		t.Helper()
		require.Contains(t, string(data), old)
		_, err := Parse([]byte(strings.Replace(string(data), old, replacement, 1)))
		require.ErrorIs(t, err, ErrNotGenuine, replacement)
	}
	f(`"revision":1`, `"revision":1,"more":1`)
	f(`"revision":1`, `"revision":1,"revision":1`)
	f(`"revision":1`, `"Revision":1`)
	f(`"revision":1`, `"revision":"1"`)
	f(`"revision":1`, `"revision":1.5`)
	f(`"revision":1,`, ``)
	f(`"path":[]`, `"path":null`)
	f(`"index":0,`, ``)
	f(`+07:00`, `+0700`)
	f(`.123+07:00`, `.1230+07:00`)
	f(signed.ReportID.String(), strings.ToUpper(signed.ReportID.String()))
	f(signed.ReportID.String(), "urn:uuid:"+signed.ReportID.String())
	f(signed.SHA256.String(), strings.ToUpper(signed.SHA256.String()))
	f(`{"tracking`, strings.Repeat(" ", MaxSize)+`{"tracking`)
	_, err = Parse(append(data, '1'))
	require.ErrorIs(t, err, ErrNotGenuine)
	spaced, err := Parse([]byte(" " + strings.ReplaceAll(string(data), `,"`, " ,\n\t\"") + "\n"))
	require.NoError(t, err, "white space carries no meaning")
	require.Equal(t, signed.Proof, spaced.Proof)
}

func FuzzVerify(f *testing.F) {
	s := testSigner(f, 1)
	keys := s.JWKS()
	genuine := map[string]bool{}
	for _, n := range []int{1, 3} {
		signed, err := s.Sign(testClaims(n))
		require.NoError(f, err)
		for _, one := range signed {
			data, err := jsonv2.Marshal(one)
			require.NoError(f, err)
			genuine[string(data)] = true
			f.Add(data)
		}
	}
	f.Add([]byte(`{"proof":{"jws":"..","path":[]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		signed, err := Parse(data)
		if err != nil {
			return
		}
		if _, err := Verify(signed, keys); err != nil {
			return
		}
		again, err := jsonv2.Marshal(signed)
		if err != nil || !genuine[string(again)] {
			t.Fatalf("a receipt that was never given out verifies: %s, %v", data, err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	s := testSigner(b, 1)
	signed, err := s.Sign(testClaims(1000))
	require.NoError(b, err)
	keys := s.JWKS()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Verify(signed[500], keys); err != nil {
			b.Fatal(err)
		}
	}
}
