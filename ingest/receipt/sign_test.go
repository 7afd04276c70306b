package receipt

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestReceiptVerifiesFromItsJSONAlone(t *testing.T) {
	signed, s := signOne(t)
	published, err := json.Marshal(s.JWKS())
	require.NoError(t, err)
	require.NotContains(t, string(published), `"d"`, "the private part is not published")
	var keys jose.JSONWebKeySet
	require.NoError(t, json.Unmarshal(published, &keys))

	one, err := json.Marshal(signed)
	require.NoError(t, err)
	two, err := jsonv2.Marshal(signed)
	require.NoError(t, err)
	for _, data := range [][]byte{one, two} {
		got, err := Parse(data)
		require.NoError(t, err)
		statement, err := Verify(got, keys)
		require.NoError(t, err)
		require.Equal(t, "https://atvsld.example", statement.Issuer)
		require.Equal(t, signedAt.Unix(), statement.IssuedAt)
		require.EqualValues(t, 1, statement.Size)
		require.Equal(t, "2026-03-02T06:59:59.123+07:00", got.ReceivedAt.Format(time.RFC3339Nano))
		require.Equal(t, signed.SHA256, got.SHA256)
	}
	require.Contains(t, string(one), `"index":0,"path":[]`)
}

// The check that the package comment describes, with the standard library and without any code
// of the package.
func TestReceiptVerifiesByOtherMeans(t *testing.T) {
	s := testSigner(t, 1)
	signed, err := s.Sign(testClaims(2))
	require.NoError(t, err)
	data, err := json.Marshal(signed[1])
	require.NoError(t, err)

	var claims map[string]any
	require.NoError(t, json.Unmarshal(data, &claims))
	proof := claims["proof"].(map[string]any)
	delete(claims, "proof")
	var canonical bytes.Buffer // sorted names and plain small integers: RFC 8785 for these claims
	encoder := json.NewEncoder(&canonical)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(claims))
	leaf := sha256.Sum256(append([]byte{0}, bytes.TrimSpace(canonical.Bytes())...))
	sibling, err := base64.RawURLEncoding.DecodeString(proof["path"].([]any)[0].(string))
	require.NoError(t, err)
	root := sha256.Sum256(slices.Concat([]byte{1}, sibling, leaf[:]))

	parts := strings.Split(proof["jws"].(string), ".")
	require.Len(t, parts, 3)
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	require.NoError(t, err)
	public := testKey(1).Public().(ed25519.PublicKey)
	require.True(t, ed25519.Verify(public, []byte(parts[0]+"."+parts[1]), signature))
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	require.NoError(t, err)
	thumbprint := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + base64.RawURLEncoding.EncodeToString(public) + `"}`))
	require.JSONEq(t, `{"alg":"EdDSA","typ":"atvsld-receipt+jws","kid":"`+base64.RawURLEncoding.EncodeToString(thumbprint[:])+`"}`, string(header))
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	require.Equal(t, fmt.Appendf(nil, `{"iat":%d,"iss":"https://atvsld.example","root":"%s","size":2}`,
		signedAt.Unix(), base64.RawURLEncoding.EncodeToString(root[:])), payload)
}

func TestBatchesOfEverySizeVerify(t *testing.T) {
	s := testSigner(t, 1)
	keys := s.JWKS()
	all := testClaims(300)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 300).Draw(t, "size")
		claims := all[:size]
		signed, err := s.Sign(claims)
		if err != nil || len(signed) != size {
			t.Fatalf("%d receipts, %v", len(signed), err)
		}
		i := rapid.IntRange(0, size-1).Draw(t, "row")
		statement, err := Verify(signed[i], keys)
		if err != nil || statement.Size != uint64(size) || signed[i].ReportID != claims[i].ReportID {
			t.Fatalf("row %d of %d: %v", i, size, err)
		}
		if size == 1 {
			return
		}
		j := rapid.IntRange(0, size-2).Draw(t, "other row")
		if j >= i {
			j++
		}
		swapped := signed[i]
		swapped.Proof = signed[j].Proof
		if _, err := Verify(swapped, keys); err == nil {
			t.Fatalf("row %d of %d verifies with the proof of row %d", i, size, j)
		}
		swapped.Proof = Proof{JWS: signed[i].Proof.JWS, Index: uint64(j), Path: signed[i].Proof.Path}
		if _, err := Verify(swapped, keys); err == nil {
			t.Fatalf("row %d of %d verifies at index %d", i, size, j)
		}
	})
}

func TestEveryChangedByteIsNoticed(t *testing.T) {
	s := testSigner(t, 1)
	signed, err := s.Sign(testClaims(3))
	require.NoError(t, err)
	data, err := jsonv2.Marshal(signed[1])
	require.NoError(t, err)
	keys := s.JWKS()
	for i := range data {
		for _, change := range []byte{0x01, 0x02, 0x10, 0x20, 0x80, data[i] ^ ' ', data[i] ^ '\n', data[i] ^ '"', data[i] ^ '0'} {
			if change == 0 {
				continue
			}
			changed := bytes.Clone(data)
			changed[i] ^= change
			got, err := Parse(changed)
			if err == nil {
				_, err = Verify(got, keys)
			}
			if err == nil {
				t.Fatalf("accepted: byte %d from %q to %q in %s", i, data[i], changed[i], changed)
			}
		}
		shorter := slices.Delete(bytes.Clone(data), i, i+1)
		if got, err := Parse(shorter); err == nil {
			if _, err := Verify(got, keys); err == nil {
				t.Fatalf("accepted without byte %d: %s", i, shorter)
			}
		}
	}
}

func TestEveryChangedFieldIsNoticed(t *testing.T) {
	s := testSigner(t, 1)
	all, err := s.Sign(testClaims(3))
	require.NoError(t, err)
	another, err := s.Sign(testClaims(4))
	require.NoError(t, err)
	f := func(what string, change func(*Signed)) {
		t.Helper()
		signed := all[1]
		signed.Proof.Path = slices.Clone(signed.Proof.Path)
		_, err := Verify(signed, s.JWKS())
		require.NoError(t, err)
		change(&signed)
		_, err = Verify(signed, s.JWKS())
		require.ErrorIs(t, err, ErrNotGenuine, what)
		// A forger would also make the tracking number fit.
		signed.TrackingNumber = Tracking(signed.ReportID, signed.Revision, [32]byte(signed.SHA256))
		if what != "tracking number" {
			_, err = Verify(signed, s.JWKS())
			require.ErrorIs(t, err, ErrNotGenuine, what)
		}
	}
	f("tracking number", func(s *Signed) { s.TrackingNumber = all[0].TrackingNumber })
	f("report", func(s *Signed) { s.ReportID[15]++ })
	f("revision", func(s *Signed) { s.Revision++ })
	f("revision 0", func(s *Signed) { s.Revision = 0 })
	f("kind", func(s *Signed) { s.Kind = "commune_report" })
	f("received earlier", func(s *Signed) { s.ReceivedAt = s.ReceivedAt.Add(-time.Millisecond) })
	f("other zone", func(s *Signed) { s.ReceivedAt = s.ReceivedAt.UTC() })
	f("finer time", func(s *Signed) { s.ReceivedAt = s.ReceivedAt.Add(1) })
	f("content", func(s *Signed) { s.SHA256[0] ^= 1 })
	f("status", func(s *Signed) { s.StatusURL += "x" })
	f("not UTF-8", func(s *Signed) { s.StatusURL = "\xff" })
	f("index", func(s *Signed) { s.Proof.Index = 0 })
	f("index outside", func(s *Signed) { s.Proof.Index = 1 << 63 })
	f("path", func(s *Signed) { s.Proof.Path[0][0] ^= 1 })
	f("path order", func(s *Signed) { slices.Reverse(s.Proof.Path) })
	f("no path", func(s *Signed) { s.Proof.Path = nil })
	f("endless path", func(s *Signed) { s.Proof.Path = make([]Node, 1<<16) })
	f("another batch's signature", func(s *Signed) { s.Proof.JWS = another[1].Proof.JWS })
	f("no signature", func(s *Signed) { s.Proof.JWS = "" })
}

func TestSignRefusesBadClaims(t *testing.T) {
	s := testSigner(t, 1)
	_, err := s.Sign(nil)
	require.ErrorContains(t, err, "0 receipts")
	f := func(want string, change func(*Receipt)) {
		t.Helper()
		claims := testClaims(2)
		change(&claims[1])
		_, err := s.Sign(claims)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "sign receipt 1 ")
	}
	f("tracking_number", func(r *Receipt) { r.TrackingNumber = "" })
	f("report_id", func(r *Receipt) { r.ReportID = uuid.Nil })
	f("revision", func(r *Receipt) { r.Revision = 0 })
	f("kind", func(r *Receipt) { r.Kind = "" })
	f("kind", func(r *Receipt) { r.Kind = strings.Repeat("k", 65) })
	f("received_at", func(r *Receipt) { r.ReceivedAt = time.Time{} })
	f("status_url", func(r *Receipt) { r.StatusURL = strings.Repeat("u", 1025) })
	f("encode claims", func(r *Receipt) { r.Kind = "\xff" })
	f("encode claims", func(r *Receipt) { r.ReceivedAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) })
}

func TestNewSignerRefuses(t *testing.T) {
	_, err := NewSigner("", testKey(1), time.Now)
	require.ErrorContains(t, err, "issuer")
	_, err = NewSigner("x", nil, time.Now)
	require.ErrorContains(t, err, "0 bytes")
}

// The most that a receipt can hold must still be read back.
func TestLargestReceiptIsWithinTheBounds(t *testing.T) {
	s, err := NewSigner(strings.Repeat("i", 256), testKey(1), func() time.Time { return signedAt })
	require.NoError(t, err)
	claims := New(uuid.Max, 1<<32-1, strings.Repeat("k", maxKind), receivedAt, [32]byte{}, [32]byte{}, strings.Repeat("\\", maxStatusURL))
	signed, err := s.Sign([]Receipt{claims})
	require.NoError(t, err)
	_, err = Verify(signed[0], s.JWKS())
	require.NoError(t, err)
	signed[0].Proof.Path = make([]Node, maxPath)
	data, err := jsonv2.Marshal(signed[0])
	require.NoError(t, err)
	_, err = Parse(data)
	require.NoError(t, err)
}

func BenchmarkSign(b *testing.B) {
	s := testSigner(b, 1)
	for _, n := range []int{1, 1000} {
		claims := testClaims(n)
		b.Run(fmt.Sprintf("receipts=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Sign(claims); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
