package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
)

// A cursor that is read is written the same again.
func FuzzParseLetterCursor(f *testing.F) {
	f.Add("1767837600000.00000000-0000-0000-0000-000000000000.0.1")
	f.Add("x.1")
	f.Add("-1.")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := store.ParseLetterCursor(text)
		if err != nil {
			require.ErrorIs(t, err, store.ErrPosition)
			return
		}
		require.Equal(t, text, c.String())
	})
}
