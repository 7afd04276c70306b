package receipt

import (
	"math"
	"sync"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSharedSignaturesVerify(t *testing.T) {
	s := testSigner(t, 1)
	claims := testClaims(200)
	signed := make([]Signed, len(claims))
	var group sync.WaitGroup
	for i, c := range claims {
		group.Go(func() {
			var err error
			if signed[i], err = s.SignShared(c); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	statements := map[string]bool{}
	for i, one := range signed {
		require.Equal(t, claims[i].TrackingNumber, one.TrackingNumber)
		statement, err := Verify(one, s.JWKS())
		require.NoError(t, err)
		require.True(t, statement.Size == 1 || statement.Size%2 == 0)
		statements[one.Proof.JWS] = true
	}
	t.Logf("%d receipts share %d signatures", len(claims), len(statements))
}

// What a filer gets to see of another one's claims must not tell whether a guess at them
// is right, so no leaf of another may stand in a path.
func TestASharedPathShowsNoLeafOfAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := make([]Node, rapid.IntRange(1, 40).Draw(t, "leaves"))
		known := map[Node]bool{}
		for i := range leaves {
			leaves[i] = leafHash([]byte{byte(i)})
			known[leaves[i]] = true
		}
		all := newTree(blinded(leaves))
		width := len(all[0]) / len(leaves)
		for i, leaf := range leaves {
			if all[0][i*width] != leaf {
				t.Fatalf("leaf %d has moved", i)
			}
			for _, sibling := range all.path(i * width) {
				if known[sibling] {
					t.Fatalf("the path of leaf %d shows another leaf", i)
				}
			}
		}
	})
}

func TestOneAloneIsATreeOfOne(t *testing.T) {
	s := testSigner(t, 1)
	signed, err := s.SignShared(testClaims(1)[0])
	require.NoError(t, err)
	require.Empty(t, signed.Proof.Path)
	statement, err := Verify(signed, s.JWKS())
	require.NoError(t, err)
	require.Equal(t, uint64(1), statement.Size)
}

func TestAWrongReceiptSpoilsNoOther(t *testing.T) {
	s := testSigner(t, 1)
	wrong := testClaims(1)[0]
	wrong.TrackingNumber = "TN"
	_, err := s.SignShared(wrong)
	require.ErrorContains(t, err, "tracking_number")
	_, err = s.SignShared(testClaims(1)[0])
	require.NoError(t, err)
}

func TestCanonicalFormIsThatOfTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var id uuid.UUID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		at := time.UnixMilli(rapid.Int64Range(0, 4_000_000_000_000).Draw(t, "at"))
		r := New(id, rapid.Uint32Range(1, math.MaxUint32).Draw(t, "revision"), rapid.String().Draw(t, "kind"), at,
			[32]byte{rapid.Byte().Draw(t, "mark")}, [32]byte{rapid.Byte().Draw(t, "sha")}, rapid.String().Draw(t, "url"))
		r.PaperReceivedOn = rapid.String().Draw(t, "paper")
		data, err := jsonv2.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		want := jsontext.Value(data)
		if err := want.Canonicalize(); err != nil {
			t.Fatal(err)
		}
		got, err := r.canonical()
		if err != nil || string(got) != string(want) {
			t.Fatalf("%s, %v, want %s", got, err, want)
		}
	})
}

func BenchmarkSignShared(b *testing.B) {
	s := testSigner(b, 1)
	claims := testClaims(1)[0]
	b.SetParallelism(64)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.SignShared(claims); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
