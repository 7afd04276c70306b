package indicator

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzSplitPeriod(f *testing.F) {
	f.Add("2025H1")
	f.Add("-123H1")
	f.Fuzz(func(t *testing.T, text string) {
		_, half, err := splitPeriod(text)
		if err == nil && half {
			require.True(t, strings.HasSuffix(text, string(H1)))
		}
	})
}
