package receipt

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	signedAt   = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	receivedAt = time.Date(2026, 3, 1, 23, 59, 59, 123_456_789, time.UTC)
)

// testKey is the same in every run, so that golden values hold.
func testKey(seed byte) ed25519.PrivateKey {
	sum := sha256.Sum256([]byte{seed})
	return ed25519.NewKeyFromSeed(sum[:])
}

func testSigner(t testing.TB, seed byte) *Signer {
	t.Helper()
	s, err := NewSigner("https://atvsld.example", testKey(seed), func() time.Time { return signedAt })
	require.NoError(t, err)
	return s
}

// testClaims returns n different receipts.
func testClaims(n int) []Receipt {
	out := make([]Receipt, n)
	for i := range out {
		var id uuid.UUID
		binary.BigEndian.PutUint64(id[:], 0x0197_0000_0000_7000)
		binary.BigEndian.PutUint64(id[8:], 0x8000_abcd_0000_0000|uint64(i))
		sum := sha256.Sum256(id[:])
		out[i] = New(id, 1, "annex_xii", receivedAt, sha256.Sum256(sum[:]), sum, "https://atvsld.example/v1/reports/"+id.String()+"?a=1&b=<2>")
	}
	return out
}

func signOne(t testing.TB) (Signed, *Signer) {
	t.Helper()
	s := testSigner(t, 1)
	signed, err := s.Sign(testClaims(1))
	require.NoError(t, err)
	return signed[0], s
}
