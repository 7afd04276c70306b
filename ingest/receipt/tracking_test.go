package receipt

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func drawTracking(t *rapid.T) string {
	var id uuid.UUID
	copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	return Tracking(id, rapid.Uint32().Draw(t, "revision"), sha256.Sum256(rapid.SliceOf(rapid.Byte()).Draw(t, "content")))
}

func TestTrackingFollowsFromItsArguments(t *testing.T) {
	id := uuid.MustParse("01970000-0000-7000-8000-000000000001")
	sum := sha256.Sum256([]byte("content"))
	// Given out once, a number must stay what it is. The value was computed by a second program
	// written from the documentation.
	require.Equal(t, "TN-7N97K-4X4NH-FGQBQ-GNV5B", Tracking(id, 1, sum))

	other := id
	other[15]++
	numbers := map[string]bool{
		Tracking(id, 1, sum):                              true,
		Tracking(id, 2, sum):                              true,
		Tracking(id, 256, sum):                            true,
		Tracking(other, 1, sum):                           true,
		Tracking(id, 1, sha256.Sum256([]byte("Content"))): true,
	}
	require.Len(t, numbers, 5)
}

func TestTrackingAsPeopleWriteIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := drawTracking(t)
		loose := strings.NewReplacer("0", "o", "1", "l").Replace(number)
		for _, text := range []string{
			number,
			strings.ToLower(number),
			strings.ReplaceAll(number, "-", ""),
			strings.ReplaceAll(number, "-", " "),
			" " + number + " ",
			loose,
			strings.NewReplacer("0", "O", "1", "I").Replace(number),
		} {
			got, err := ParseTracking(text)
			if err != nil || got != number {
				t.Fatalf("%q is read as %q, %v; want %q", text, got, err, number)
			}
		}
	})
}

func TestTrackingFindsTypingErrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := drawTracking(t)
		content := strings.ReplaceAll(number, "-", "")[2:]
		refused := func(content []byte) {
			if _, err := ParseTracking("TN" + string(content)); err == nil {
				t.Fatalf("%s is taken for %s", content, number)
			}
		}
		for i := range content {
			for _, symbol := range []byte(crockford) {
				if symbol == content[i] {
					continue
				}
				changed := []byte(content)
				changed[i] = symbol
				refused(changed)
			}
			for j := range i {
				changed := []byte(content)
				changed[i], changed[j] = changed[j], changed[i]
				if string(changed) != content {
					refused(changed)
				}
			}
			refused([]byte(content[:i] + content[i+1:]))
			refused([]byte(content[:i] + "0" + content[i:]))
		}
	})
}

func TestTrackingRefuses(t *testing.T) {
	valid := Tracking(uuid.Nil, 1, [32]byte{})
	for _, text := range []string{
		"", "TN", "TN-", valid[3:], "XX" + valid[2:], valid + "0", "TN-UUUUU-UUUUU-UUUUU-UUUUU",
		strings.Replace(valid, "-", "–", 1), valid + "\n", "ＴＮ" + valid[2:], strings.Repeat("-", 1<<20) + valid,
	} {
		_, err := ParseTracking(text)
		require.ErrorIs(t, err, ErrTracking)
	}
}

func FuzzParseTracking(f *testing.F) {
	f.Add(Tracking(uuid.Nil, 1, [32]byte{}))
	f.Add("tn ooooo iiiii lllll 00000")
	f.Add("TN-00000-00000-00000-00000")
	f.Add("TN-ı0000-00000-00000-0000ſ")
	f.Fuzz(func(t *testing.T, text string) {
		number, err := ParseTracking(text)
		if err != nil {
			if number != "" {
				t.Fatalf("%q is refused and read as %q", text, number)
			}
			return
		}
		again, err := ParseTracking(number)
		if err != nil || again != number {
			t.Fatalf("%q is read as %q, and that as %q, %v", text, number, again, err)
		}
	})
}

func BenchmarkTracking(b *testing.B) {
	id, sum := uuid.New(), sha256.Sum256([]byte("content"))
	b.ReportAllocs()
	for b.Loop() {
		_ = Tracking(id, 1, sum)
	}
}
