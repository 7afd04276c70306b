package seal

import (
	"crypto/ed25519"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The key is the same for all processes, and what it signed can be verified after it was
// replaced, as long as its public half is kept.
func TestAuditKeyIsReplaced(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	first, err := Open(dir)
	require.NoError(t, err)
	alone, err := OpenAuditKey(dir)
	require.NoError(t, err)
	require.Equal(t, first.AuditKey(), alone)
	require.NotEqual(t, first.AuditKey(), first.ReceiptKey())

	require.NoError(t, os.Remove(filepath.Join(dir, "audit")))
	_, err = Open(dir)
	require.ErrorContains(t, err, "another name", "its public half may not be lost silently")
	require.NoError(t, os.Rename(filepath.Join(dir, "audit.pub"), filepath.Join(dir, "audit-2025.pub")))
	second, err := Open(dir)
	require.NoError(t, err)
	published, err := second.AuditKeys()
	require.NoError(t, err)
	require.Equal(t, []ed25519.PublicKey{
		second.AuditKey().Public().(ed25519.PublicKey), first.AuditKey().Public().(ed25519.PublicKey),
	}, published)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "audit-2026.pub"), []byte("x"), 0o600))
	_, err = second.AuditKeys()
	require.ErrorContains(t, err, "audit-2026.pub is damaged")
}

// A command does not make up a key of its own, with which nobody could verify anything.
func TestAuditKeyOfNoPlatform(t *testing.T) {
	dir := t.TempDir()
	_, err := OpenAuditKey(dir)
	require.ErrorIs(t, err, fs.ErrNotExist)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func FuzzParsePublicKey(f *testing.F) {
	f.Add([]byte("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAO2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=\n-----END PUBLIC KEY-----\n"))
	f.Add([]byte("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := ParsePublicKey(data)
		if err == nil {
			require.Len(t, key, ed25519.PublicKeySize)
		}
	})
}
