package seal

import (
	"crypto/elliptic"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// A key file that is read holds a P-256 key.
func FuzzParseInboxKey(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n"))
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := parseInboxKey(data)
		if err != nil {
			require.ErrorIs(t, err, errNoInboxKey)
			return
		}
		require.Equal(t, elliptic.P256(), key.Curve)
	})
}

// A year's key file that somebody changed is refused, or says the same: it is bound to its
// year.
func FuzzYearKey(f *testing.F) {
	keys, err := Open(f.TempDir() + "/keys")
	require.NoError(f, err)
	path := keys.yearPath(2025)
	_, err = keys.year(2025, true)
	require.NoError(f, err)
	good, err := os.ReadFile(path)
	require.NoError(f, err)
	info, err := os.Stat(path)
	require.NoError(f, err)
	f.Add([]byte(""), 0)
	f.Add([]byte("x"), 3)
	f.Fuzz(func(t *testing.T, bytes []byte, at int) {
		data := append([]byte{}, good...)
		if at >= 0 && at < len(data) {
			data = append(data[:at], bytes...)
		}
		if key, err := keys.unwrap(2025, data, info); err == nil {
			require.Contains(t, string(good), key.id)
		}
	})
}
