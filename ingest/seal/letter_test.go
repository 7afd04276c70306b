package seal

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
)

var here = Address{Topic: "atvsld.inbox.a", EventID: "1", Key: "k"}

// letter writes one; change may spoil it.
func letter(t testing.TB, to jose.JSONWebKey, at Address, text string, change ...func(*jose.Recipient, *jose.EncrypterOptions)) string {
	t.Helper()
	recipient := jose.Recipient{Algorithm: jose.ECDH_ES_A256KW, Key: to.Key, KeyID: to.KeyID}
	options := (&jose.EncrypterOptions{}).WithType(letterType).
		WithHeader("topic", at.Topic).WithHeader("ce_id", at.EventID).WithHeader("key", at.Key)
	for _, f := range change {
		f(&recipient, options)
	}
	e, err := jose.NewEncrypter(jose.A256GCM, recipient, options)
	require.NoError(t, err)
	object, err := e.Encrypt([]byte(text))
	require.NoError(t, err)
	compact, err := object.CompactSerialize()
	require.NoError(t, err)
	return compact
}

func TestLetterOpensWhereItBelongs(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	to := k.InboxKeys().Keys[0]
	l := letter(t, to, here, "text")
	text, err := k.OpenLetter(l, here)
	require.NoError(t, err)
	require.Equal(t, "text", string(text))

	most := letter(t, to, here, strings.Repeat("x", 256<<10))
	require.Less(t, len(most), MaxLetter)
	text, err = k.OpenLetter(most, here)
	require.NoError(t, err)
	require.Len(t, text, 256<<10)

	for _, elsewhere := range []Address{
		{}, {"atvsld.inbox.b", "1", "k"}, {"atvsld.inbox.a", "2", "k"}, {"atvsld.inbox.a", "1", "l"},
	} {
		_, err := k.OpenLetter(l, elsewhere)
		require.Equal(t, ErrLetterAddress, err)
	}
	_, err = open(t, t.TempDir()+"/keys").OpenLetter(l, here)
	require.Equal(t, ErrLetterKey, err)
}

func TestLettersThatAreRefused(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	to := k.InboxKeys().Keys[0]
	f := func(l string) {
		t.Helper()
		_, err := k.OpenLetter(l, here)
		require.Equal(t, ErrLetter, err)
	}
	good := letter(t, to, here, "text")
	f("")
	f(".")
	f("....")
	f("e30....")
	f(good + ".")
	f(good + "\n")
	f("\n" + good)
	f(good[:len(good)-4])
	f(strings.Repeat("A", MaxLetter) + good)
	parts := strings.Split(good, ".")
	for i := 1; i < len(parts); i++ {
		spoilt := append([]string(nil), parts...)
		spoilt[i] = "AAAA" + spoilt[i][4:]
		f(strings.Join(spoilt, "."))
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	require.NoError(t, err)
	rewrite := func(old, change string) string {
		require.Contains(t, string(header), old)
		changed := strings.Replace(string(header), old, change, 1)
		return base64.RawURLEncoding.EncodeToString([]byte(changed)) + "." + strings.Join(parts[1:], ".")
	}
	f(rewrite(`"alg":"ECDH-ES+A256KW"`, `"alg":"none"`))
	f(rewrite(`"alg":"ECDH-ES+A256KW"`, `"alg":"dir"`))
	f(rewrite(`"alg":"ECDH-ES+A256KW"`, `"alg":"RSA1_5"`))
	f(rewrite(`"alg":"ECDH-ES+A256KW"`, `"alg":"PBES2-HS512+A256KW","p2c":2000000000,"p2s":"AA"`))
	f(rewrite(`"enc":"A256GCM"`, `"enc":"A128CBC-HS256"`))
	f(rewrite(`"ce_id":"1"`, `"ce_id":"2"`)) // is authenticated
	f(rewrite(`"ce_id":"1"`, `"ce_id":"1","ce_id":"2"`))
	f(rewrite(`"ce_id":"1"`, `"ce_id":"1","crit":["exp"]`))
	f(rewrite(`"typ":"atvsld-private+jwe"`, `"typ":"JWE"`))

	// Written with the right key, and still another kind of letter.
	f(letter(t, to, here, strings.Repeat("0", 200_000), func(_ *jose.Recipient, o *jose.EncrypterOptions) { o.Compression = jose.DEFLATE }))
	f(letter(t, to, here, "x", func(r *jose.Recipient, _ *jose.EncrypterOptions) { r.Algorithm = jose.ECDH_ES }))
	f(letter(t, to, here, "x", func(r *jose.Recipient, _ *jose.EncrypterOptions) { r.Algorithm = jose.ECDH_ES_A128KW }))
	f(letter(t, to, here, "x", func(_ *jose.Recipient, o *jose.EncrypterOptions) { o.WithHeader("more", 1) }))
	f(letter(t, to, here, "x", func(r *jose.Recipient, _ *jose.EncrypterOptions) {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		require.NoError(t, err)
		r.Algorithm, r.Key = jose.RSA1_5, private.Public()
	}))
}

func TestInboxKeysAreRotated(t *testing.T) {
	dir := t.TempDir() + "/keys"
	k := open(t, dir)
	old := k.InboxKeys().Keys
	require.Len(t, old, 1)
	require.Equal(t, "enc", old[0].Use)
	require.True(t, old[0].IsPublic())
	before := letter(t, old[0], here, "before")

	id, err := k.NewInboxKey()
	require.NoError(t, err)
	require.Equal(t, old, k.InboxKeys().Keys, "until the next start")
	k = open(t, dir)
	set := k.InboxKeys().Keys
	require.Len(t, set, 2)
	require.Equal(t, id, set[0].KeyID, "the newest is the one to use")
	require.Equal(t, old[0].KeyID, set[1].KeyID)
	for _, l := range []string{before, letter(t, set[0], here, "after")} {
		_, err := k.OpenLetter(l, here)
		require.NoError(t, err)
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "inbox", "1")))
	_, err = open(t, dir).OpenLetter(before, here)
	require.Equal(t, ErrLetterKey, err)
}

func TestDamagedInboxKey(t *testing.T) {
	dir := t.TempDir() + "/keys"
	k := open(t, dir)
	_, isEC := k.InboxKeys().Keys[0].Key.(*ecdsa.PublicKey)
	require.True(t, isEC)
	f := func(content []byte) {
		t.Helper()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "inbox", "1"), content, 0o600))
		_, err := Open(dir)
		require.ErrorContains(t, err, "inbox/1 is damaged")
	}
	f(nil)
	f([]byte("x"))
	receipt, err := os.ReadFile(filepath.Join(dir, "receipt"))
	require.NoError(t, err)
	f(receipt)
}

func FuzzOpenLetter(f *testing.F) {
	k := open(f, f.TempDir()+"/keys")
	f.Add(letter(f, k.InboxKeys().Keys[0], here, "text"))
	f.Add("e30....")
	f.Fuzz(func(t *testing.T, l string) {
		text, err := k.OpenLetter(l, here)
		if err == nil && string(text) != "text" {
			t.Fatalf("%q opens to %q", l, text)
		}
	})
}
