package store_test

import (
	"math"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/store"
)

func positions() *rapid.Generator[store.Position] {
	return rapid.Custom(func(t *rapid.T) store.Position {
		return store.Position{
			Epoch:     uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "epoch")),
			Partition: rapid.Uint16().Draw(t, "partition"),
			Offset:    rapid.Uint64Max(math.MaxInt64).Draw(t, "offset"),
		}
	})
}

func TestEveryPositionHasOneID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := positions().Draw(t, "position")
		require.Regexp(t, `^[0-9a-f-]{36}\.\d{1,5}\.\d{1,19}$`, want.ID())
		got, err := store.ParsePosition(want.ID())
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

func TestParsePositionRefuses(t *testing.T) {
	const epoch = "5f2d1c5e-6f0a-4e0c-9b6e-0a1b2c3d4e5f"
	f := func(text string) {
		t.Helper()
		_, err := store.ParsePosition(text)
		require.ErrorIs(t, err, store.ErrPosition)
	}
	f("")
	f(epoch)
	f(epoch + ".1")
	f(epoch + ".1.2.3")
	f(epoch + ".65536.1")
	f(epoch + ".-1.1")
	f(epoch + ".1.-1")
	f(epoch + ".+1.1")
	f(epoch + ".01.1")
	f(epoch + ".1.9223372036854775808")
	f(epoch + ".1.1_0")
	f(epoch + ".1. 1")
	f("5F2D1C5E-6F0A-4E0C-9B6E-0A1B2C3D4E5F.1.1")
	f("{" + epoch + "}.1.1")
	f("urn:uuid:" + epoch + ".1.1")
	f(epoch + ".1.1\x00")
}

func FuzzParsePosition(f *testing.F) {
	f.Add("5f2d1c5e-6f0a-4e0c-9b6e-0a1b2c3d4e5f.3.1042")
	f.Add("5f2d1c5e6f0a4e0c9b6e0a1b2c3d4e5f.03.+1")
	f.Add("...")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := store.ParsePosition(text)
		if err != nil {
			require.ErrorIs(t, err, store.ErrPosition)
			require.Zero(t, p)
			return
		}
		require.Equal(t, text, p.ID())
	})
}
