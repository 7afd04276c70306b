package seal

import (
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What a browser keeps can be read by nobody else, opens for its purpose only, and at every
// process that shares the keys.
func TestCookie(t *testing.T) {
	dir := t.TempDir() + "/keys"
	keys, other := open(t, dir), open(t, t.TempDir()+"/keys")
	sealed, err := keys.SealCookie(SessionCookie, []byte("a token"))
	require.NoError(t, err)
	again, err := keys.SealCookie(SessionCookie, []byte("a token"))
	require.NoError(t, err)
	require.NotEqual(t, sealed, again)
	text, err := open(t, dir).OpenCookie(SessionCookie, sealed)
	require.NoError(t, err)
	require.Equal(t, "a token", string(text))
	for name, f := range map[string]func() ([]byte, error){
		"another purpose": func() ([]byte, error) { return keys.OpenCookie(SignInCookie, sealed) },
		"other keys":      func() ([]byte, error) { return other.OpenCookie(SessionCookie, sealed) },
		"nothing":         func() ([]byte, error) { return keys.OpenCookie(SessionCookie, "") },
		"too long":        func() ([]byte, error) { return keys.OpenCookie(SessionCookie, sealed+strings.Repeat("A", MaxCookie)) },
		"unknown purpose": func() ([]byte, error) { return keys.OpenCookie("invented", sealed) },
	} {
		_, err := f()
		require.ErrorIs(t, err, ErrCookie, name)
	}
	_, err = keys.SealCookie(SessionCookie, []byte(strings.Repeat("x", MaxCookie)))
	require.ErrorIs(t, err, ErrCookieSize)
}

// No other algorithm than ours, and none at all, is accepted.
func TestCookieAlgorithms(t *testing.T) {
	keys := open(t, t.TempDir()+"/keys")
	key := keys.secrets.cookies[SessionCookie]
	wrapped, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.A256KW, Key: key}, nil)
	require.NoError(t, err)
	object, err := wrapped.Encrypt([]byte("x"))
	require.NoError(t, err)
	compact, err := object.CompactSerialize()
	require.NoError(t, err)
	for _, text := range []string{compact, "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJub25lIn0....", "....", "a.b.c.d.e"} {
		_, err := keys.OpenCookie(SessionCookie, text)
		require.ErrorIs(t, err, ErrCookie, text)
	}
}

func TestCookieIsWhole(t *testing.T) {
	keys := open(t, t.TempDir()+"/keys")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.Byte(), 0, 2000).Draw(t, "text")
		sealed, err := keys.SealCookie(SessionCookie, text)
		require.NoError(t, err)
		opened, err := keys.OpenCookie(SessionCookie, sealed)
		require.NoError(t, err)
		require.Equal(t, string(text), string(opened))
		at := rapid.IntRange(0, len(sealed)-2).Draw(t, "at")
		changed := []byte(sealed)
		changed[at] = "AB"[map[bool]int{true: 1}[changed[at] == 'A']]
		opened, err = keys.OpenCookie(SessionCookie, string(changed))
		// The last bits of a base64 part may stand for nothing.
		require.True(t, err != nil || string(opened) == string(text))
	})
}

func FuzzOpenCookie(f *testing.F) {
	keys, err := Open(f.TempDir() + "/keys")
	require.NoError(f, err)
	sealed, err := keys.SealCookie(SessionCookie, []byte("a token"))
	require.NoError(f, err)
	f.Add(sealed)
	f.Add("....")
	f.Fuzz(func(t *testing.T, compact string) {
		text, err := keys.OpenCookie(SessionCookie, compact)
		if err != nil {
			require.ErrorIs(t, err, ErrCookie)
			return
		}
		require.Equal(t, "a token", string(text))
	})
}
