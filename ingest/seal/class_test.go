package seal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

type sealedText struct {
	slot Slot
	id   string
	text []byte
}

// sealAll seals a text of each slot that says which it is.
func sealAll(t rapid.TB, k *Keys, slots ...Slot) []sealedText {
	t.Helper()
	all := make([]sealedText, len(slots))
	for i, slot := range slots {
		text, id, err := k.Seal(slot, []byte(slot.String()), AAD(reportA, 1))
		require.NoError(t, err)
		all[i] = sealedText{slot, id, text}
	}
	return all
}

// opens tells which texts open, and that each says what it was.
func opens(t rapid.TB, k *Keys, all []sealedText) (open []Slot) {
	t.Helper()
	for _, one := range all {
		text, err := k.Unseal(one.id, one.text, AAD(reportA, 1))
		if err != nil {
			require.ErrorIs(t, err, ErrKeyDestroyed)
			continue
		}
		require.Equal(t, one.slot.String(), string(text))
		open = append(open, one.slot)
	}
	return open
}

func TestDestroyedClassLeavesOtherClasses(t *testing.T) {
	dir := t.TempDir() + "/keys"
	here, elsewhere := open(t, dir), open(t, dir)
	shared19, accident19, health19, accident20 := Slot{2019, ""}, Slot{2019, "accident"}, Slot{2019, "health"}, Slot{2020, "accident"}
	all := sealAll(t, here, shared19, accident19, health19, accident20)
	require.Len(t, opens(t, elsewhere, all), 4)

	require.NoError(t, here.Destroy(accident19, "cán bộ A", "hết thời hạn lưu"))
	for _, k := range []*Keys{here, elsewhere, open(t, dir)} {
		require.Equal(t, []Slot{shared19, health19, accident20}, opens(t, k, all))
		_, _, err := k.Seal(accident19, []byte("x"), AAD(reportA, 1))
		require.ErrorIs(t, err, ErrKeyDestroyed, "never made again")
	}

	listed, err := elsewhere.DataKeys()
	require.NoError(t, err)
	require.Len(t, listed, 4)
	require.Equal(t, []Slot{shared19, accident19, health19, accident20}, []Slot{listed[0].Slot, listed[1].Slot, listed[2].Slot, listed[3].Slot})
	require.True(t, listed[1].Destroyed())
	require.Equal(t, "cán bộ A", listed[1].By)
	require.Equal(t, "hết thời hạn lưu", listed[1].Reason)
	require.Equal(t, all[2].id, listed[2].ID)

	require.NoError(t, elsewhere.Destroy(Slot{Year: 2019}, "B", "whole year"))
	for _, k := range []*Keys{here, elsewhere, open(t, dir)} {
		require.Equal(t, []Slot{accident20}, opens(t, k, all))
		_, _, err := k.Seal(Slot{2019, "new_class"}, []byte("x"), AAD(reportA, 1))
		require.ErrorIs(t, err, ErrKeyDestroyed, "a class of which there was no key")
	}
}

// A year that was destroyed before there were classes stays so for all of them.
func TestOldTombstoneHoldsForEveryClass(t *testing.T) {
	dir := t.TempDir() + "/keys"
	k := open(t, dir)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "years", "2018.destroyed"), []byte(`{"year":2018,"destroyed_at":"2026-01-02T03:04:05Z"}`), 0o600))
	_, _, err := k.Seal(Slot{2018, "accident"}, []byte("x"), AAD(reportA, 1))
	require.ErrorIs(t, err, ErrKeyDestroyed)
	listed, err := k.DataKeys()
	require.NoError(t, err)
	require.Len(t, listed, 1)
	require.Equal(t, 2026, listed[0].DestroyedAt.Year())
}

// What a crash left under a temporary name goes with the key.
func TestDestructionTakesTemporaryFiles(t *testing.T) {
	dir := t.TempDir() + "/keys"
	k := open(t, dir)
	sealAll(t, k, Slot{2019, "accident"})
	left := filepath.Join(dir, "years", tempPrefix+"1")
	data, err := os.ReadFile(filepath.Join(dir, "years", "2019-accident"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(left, data, 0o600))
	require.NoError(t, k.Destroy(Slot{2019, "accident"}, "A", "r"))
	require.NoFileExists(t, left)
}

func TestClassNames(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	for _, class := range []string{"A", "a-b", "../x", "1", "_a", "abcdefghijklmnopqrstuvwxy", "é"} {
		_, _, err := k.Seal(Slot{2025, class}, []byte("x"), AAD(reportA, 1))
		require.ErrorContains(t, err, "retention class", class)
		require.Error(t, k.Destroy(Slot{2025, class}, "", ""))
	}
}
