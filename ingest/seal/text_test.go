package seal

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

var (
	reportA = uuid.MustParse("01970000-0000-7000-8000-000000000001")
	reportB = uuid.MustParse("01970000-0000-7000-8000-000000000002")
)

func TestSealedTextComesBack(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	f := func(text string) {
		t.Helper()
		sealed, id, err := k.Seal(Slot{Year: 2025}, []byte(text), AAD(reportA, 1))
		require.NoError(t, err)
		require.Len(t, sealed, len(text)+Overhead)
		if len(text) > 3 {
			require.NotContains(t, string(sealed), text)
		}
		got, err := k.Unseal(id, sealed, AAD(reportA, 1))
		require.NoError(t, err)
		require.Equal(t, text, string(got))
	}
	f("")
	f("Nguyễn Văn A")
	f(strings.Repeat("Ngã từ giàn giáo. ", 10_000))
}

func TestSealedTextIsTiedToItsRevision(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	sealed, id, err := k.Seal(Slot{Year: 2025}, []byte("Nguyễn Văn A"), AAD(reportA, 1))
	require.NoError(t, err)
	for _, aad := range [][]byte{AAD(reportB, 1), AAD(reportA, 2), nil, append(AAD(reportA, 1), 0)} {
		_, err := k.Unseal(id, sealed, aad)
		require.ErrorIs(t, err, ErrUnreadable)
	}
	other, otherID, err := k.Seal(Slot{Year: 2024}, []byte("Nguyễn Văn A"), AAD(reportA, 1))
	require.NoError(t, err)
	_, err = k.Unseal(otherID, sealed, AAD(reportA, 1))
	require.ErrorIs(t, err, ErrUnreadable)
	_, err = k.Unseal(id, other, AAD(reportA, 1))
	require.ErrorIs(t, err, ErrUnreadable)

	_, _, err = k.Seal(Slot{Year: 2025}, []byte("text"), nil)
	require.ErrorContains(t, err, "could be moved to another report")
}

func TestEveryChangedBitIsNoticed(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	sealed, id, err := k.Seal(Slot{Year: 2025}, []byte("Nguyễn Văn A"), AAD(reportA, 1))
	require.NoError(t, err)
	for i := range sealed {
		for bit := range 8 {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1 << bit
			_, err := k.Unseal(id, changed, AAD(reportA, 1))
			require.ErrorIs(t, err, ErrUnreadable)
		}
	}
	for n := range sealed {
		_, err := k.Unseal(id, sealed[:n], AAD(reportA, 1))
		require.ErrorIs(t, err, ErrUnreadable)
	}
	_, err = k.Unseal(id, append(bytes.Clone(sealed), 0), AAD(reportA, 1))
	require.ErrorIs(t, err, ErrUnreadable)
}

func TestNoncesDiffer(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	seen := map[string]bool{}
	for range 10_000 {
		sealed, _, err := k.Seal(Slot{Year: 2025}, []byte("same"), AAD(reportA, 1))
		require.NoError(t, err)
		nonce := string(sealed[1:13])
		require.False(t, seen[nonce])
		seen[nonce] = true
	}
}

func TestHostileKeyIDs(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	sealed, id, err := k.Seal(Slot{Year: 2025}, []byte("text"), AAD(reportA, 1))
	require.NoError(t, err)
	for _, hostile := range []string{"", "2025", "../master", id + "\n", " " + id, strings.ToUpper(id) + "0", "0000" + id[4:], "9999" + id[4:], id[:len(id)-1]} {
		_, err := k.Unseal(hostile, sealed, AAD(reportA, 1))
		require.ErrorIs(t, err, ErrUnreadable, "%q", hostile)
	}
	for _, year := range []int{-1, 0, 1899, 3000, 20250} {
		_, _, err := k.Seal(Slot{Year: year}, []byte("text"), AAD(reportA, 1))
		require.ErrorContains(t, err, "not within")
		require.Error(t, k.Destroy(Slot{Year: year}, "", ""))
	}
}

func TestDestroyedYear(t *testing.T) {
	dir := t.TempDir() + "/keys"
	here, elsewhere := open(t, dir), open(t, dir)
	sealed, id, err := here.Seal(Slot{Year: 2019}, []byte("text"), AAD(reportA, 1))
	require.NoError(t, err)
	kept, keptID, err := here.Seal(Slot{Year: 2020}, []byte("kept"), AAD(reportA, 1))
	require.NoError(t, err)
	_, err = elsewhere.Unseal(id, sealed, AAD(reportA, 1))
	require.NoError(t, err)
	// A second link under a name that nobody looks for.
	link := filepath.Join(dir, "years", "copy")
	require.NoError(t, os.Link(filepath.Join(dir, "years", "2019"), link))
	secret, err := os.ReadFile(link)
	require.NoError(t, err)

	require.NoError(t, here.Destroy(Slot{Year: 2019}, "", ""))
	require.NoError(t, here.Destroy(Slot{Year: 2019}, "", ""), "repeating is harmless")

	for _, k := range []*Keys{here, elsewhere, open(t, dir)} {
		_, err := k.Unseal(id, sealed, AAD(reportA, 1))
		require.ErrorIs(t, err, ErrKeyDestroyed)
		_, _, err = k.Seal(Slot{Year: 2019}, []byte("text"), AAD(reportA, 1))
		require.ErrorIs(t, err, ErrKeyDestroyed, "never made again")
		text, err := k.Unseal(keptID, kept, AAD(reportA, 1))
		require.NoError(t, err)
		require.Equal(t, "kept", string(text))
	}
	require.NoFileExists(t, filepath.Join(dir, "years", "2019"))
	require.FileExists(t, filepath.Join(dir, "years", "2019.destroyed"))
	blanked, err := os.ReadFile(link)
	require.NoError(t, err)
	require.Equal(t, make([]byte, len(secret)), blanked, "other links are blanked too")
}

func TestDestroyingAYearBeforeItsFirstText(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	require.NoError(t, k.Destroy(Slot{Year: 2018}, "", ""))
	_, _, err := k.Seal(Slot{Year: 2018}, []byte("text"), AAD(reportA, 1))
	require.ErrorIs(t, err, ErrKeyDestroyed)
}

func TestOpenFinishesADestructionCutShort(t *testing.T) {
	dir := t.TempDir() + "/keys"
	_, id, err := open(t, dir).Seal(Slot{Year: 2019}, []byte("text"), AAD(reportA, 1))
	require.NoError(t, err)
	// As after a crash between the tombstone and the key file.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "years", "2019.destroyed"), []byte("{}"), 0o600))
	k := open(t, dir)
	require.NoFileExists(t, filepath.Join(dir, "years", "2019"))
	_, err = k.Unseal(id, make([]byte, Overhead), AAD(reportA, 1))
	require.ErrorIs(t, err, ErrUnreadable, "unknown format comes first")
	_, _, err = k.Seal(Slot{Year: 2019}, []byte("text"), AAD(reportA, 1))
	require.ErrorIs(t, err, ErrKeyDestroyed)
}

func TestKeyRemovedByHand(t *testing.T) {
	dir := t.TempDir() + "/keys"
	here, elsewhere := open(t, dir), open(t, dir)
	sealed, id, err := here.Seal(Slot{Year: 2019}, []byte("text"), AAD(reportA, 1))
	require.NoError(t, err)
	_, err = elsewhere.Unseal(id, sealed, AAD(reportA, 1))
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(dir, "years", "2019")))
	_, err = here.Unseal(id, sealed, AAD(reportA, 1))
	require.ErrorIs(t, err, ErrKeyDestroyed)

	// There is no tombstone, so a new key is made; it is not mistaken for the old one, and the
	// other process stops using the old one.
	again, newID, err := here.Seal(Slot{Year: 2019}, []byte("new"), AAD(reportA, 1))
	require.NoError(t, err)
	require.NotEqual(t, id, newID)
	_, err = elsewhere.Unseal(id, sealed, AAD(reportA, 1))
	require.ErrorIs(t, err, ErrKeyDestroyed)
	text, err := elsewhere.Unseal(newID, again, AAD(reportA, 1))
	require.NoError(t, err)
	require.Equal(t, "new", string(text))
	_, elsewhereID, err := elsewhere.Seal(Slot{Year: 2019}, []byte("text"), AAD(reportA, 1))
	require.NoError(t, err)
	require.Equal(t, newID, elsewhereID)
}

func TestDestructionWinsOverConcurrentSealing(t *testing.T) {
	for range 20 {
		dir := t.TempDir() + "/keys"
		all := []*Keys{open(t, dir), open(t, dir), open(t, dir)}
		start := make(chan struct{})
		errs := make([]error, len(all)-1)
		var group sync.WaitGroup
		for i, k := range all[1:] {
			group.Go(func() {
				<-start
				for errs[i] == nil {
					_, _, errs[i] = k.Seal(Slot{Year: 2019}, []byte("text"), AAD(reportA, 1))
				}
			})
		}
		close(start)
		require.NoError(t, all[0].Destroy(Slot{Year: 2019}, "", ""))
		group.Wait()
		for _, err := range errs {
			require.ErrorIs(t, err, ErrKeyDestroyed)
		}
		require.NoFileExists(t, filepath.Join(dir, "years", "2019"))
	}
}

func TestYearOf(t *testing.T) {
	f := func(at string, want int) {
		t.Helper()
		parsed, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		require.Equal(t, want, YearOf(parsed))
	}
	f("2025-12-31T16:59:59Z", 2025)
	f("2025-12-31T17:00:00Z", 2026)
	f("2026-01-01T00:00:00+07:00", 2026)
	f("2026-01-01T00:00:00+09:00", 2025)
}

// A mark tells contents apart, and nobody makes it without the key.
func TestMark(t *testing.T) {
	one, other := open(t, t.TempDir()+"/keys"), open(t, t.TempDir()+"/keys")
	a, b := [32]byte{1}, [32]byte{2}
	mark := one.Mark(a)
	require.Equal(t, mark, one.Mark([32]byte{1}))
	require.NotEqual(t, mark, one.Mark(b))
	require.NotEqual(t, a, mark)
	require.NotEqual(t, mark, other.Mark(a))
}

func TestPseudonym(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	k.secrets.pseudonym = bytes.Repeat([]byte{0x0b}, keySize)
	// printf 'person\000''001200000001' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0b…0b
	require.Equal(t, "b155a2b93a9cf841a241e4a8d920e620", k.Pseudonym("person", "001200000001"))

	values := []string{
		k.Pseudonym("person", "001200000001"), k.Pseudonym("person", "001200000002"),
		k.Pseudonym("name", "001200000001"), k.Pseudonym("personx", "001200000001"),
		k.Pseudonym("person", "x\x00001200000001"), k.Pseudonym("person", "\x00001200000001"),
	}
	for _, v := range values {
		require.Regexp(t, `^[0-9a-f]{32}$`, v)
	}
	slices.Sort(values)
	require.Len(t, slices.Compact(values), 6)
	require.Empty(t, k.Pseudonym("person", ""), "unknown persons are not one person")
}

func TestLocalToken(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	token := k.LocalToken()
	require.Regexp(t, `^atvsld_local_[A-Za-z0-9_-]{43}$`, token)
	require.True(t, k.CheckLocalToken(token))
	for _, wrong := range []string{"", " ", token + " ", token[:len(token)-1], strings.TrimPrefix(token, TokenPrefix), strings.ToUpper(token), TokenPrefix} {
		require.False(t, k.CheckLocalToken(wrong), "%q", wrong)
	}
}

func FuzzUnseal(f *testing.F) {
	k := open(f, f.TempDir()+"/keys")
	sealed, id, err := k.Seal(Slot{Year: 2025}, []byte("text"), AAD(reportA, 1))
	require.NoError(f, err)
	f.Add(id, sealed, AAD(reportA, 1))
	f.Add("2025-0123456789abcdef", []byte{formatV1}, []byte{})
	f.Add("../../master", make([]byte, 64), []byte("x"))
	f.Fuzz(func(t *testing.T, keyID string, ciphertext, aad []byte) {
		text, err := k.Unseal(keyID, ciphertext, aad)
		same := keyID == id && bytes.Equal(ciphertext, sealed) && bytes.Equal(aad, AAD(reportA, 1))
		if same != (err == nil) {
			t.Fatalf("same %v, error %v", same, err)
		}
		if same && string(text) != "text" {
			t.Fatalf("got %q", text)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	k := open(b, b.TempDir()+"/keys")
	text, aad := bytes.Repeat([]byte("x"), 500), AAD(reportA, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := k.Seal(Slot{Year: 2025}, text, aad); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnseal(b *testing.B) {
	k := open(b, b.TempDir()+"/keys")
	sealed, id, err := k.Seal(Slot{Year: 2025}, bytes.Repeat([]byte("x"), 500), AAD(reportA, 1))
	require.NoError(b, err)
	aad := AAD(reportA, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Unseal(id, sealed, aad); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPseudonym(b *testing.B) {
	k := open(b, b.TempDir()+"/keys")
	b.ReportAllocs()
	for b.Loop() {
		_ = k.Pseudonym("person", "001200000001")
	}
}
