package seal

import (
	"crypto/elliptic"
	"os"
	"path/filepath"
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

// A key file that somebody changed is refused, or says the same: it is bound to its year and
// class.
func FuzzDataKey(f *testing.F) {
	keys, err := Open(f.TempDir() + "/keys")
	require.NoError(f, err)
	slot := Slot{Year: 2025, Class: "accident"}
	_, err = keys.data(slot, true)
	require.NoError(f, err)
	good, err := os.ReadFile(keys.slotPath(slot))
	require.NoError(f, err)
	f.Add([]byte(""), 0)
	f.Add([]byte("x"), 3)
	f.Fuzz(func(t *testing.T, bytes []byte, at int) {
		data := append([]byte{}, good...)
		if at >= 0 && at < len(data) {
			data = append(data[:at], bytes...)
		}
		if id, _, err := keys.unwrap(slot, data, keys.secrets.master); err == nil {
			require.Contains(t, string(good), id)
		}
	})
}

// An id of a stored record names the file of a data key and nothing else.
func FuzzSlotOfKey(f *testing.F) {
	for _, id := range []string{"2025-0123456789abcdef", "2025-accident-0123456789abcdef", "../../master", "2025-../x-0123456789abcdef", "1899-0123456789abcdef"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		slot, err := SlotOfKey(id)
		if err != nil {
			return
		}
		require.NoError(t, slot.check())
		require.Equal(t, slot.String(), filepath.Base(slot.String()))
		require.Equal(t, slot.String()+id[len(id)-17:], id)
		again, err := parseSlot(slot.String())
		require.NoError(t, err)
		require.Equal(t, slot, again)
	})
}
