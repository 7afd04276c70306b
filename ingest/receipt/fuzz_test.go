package receipt

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is read of a digest or a hash is written the same again.
func FuzzHashes(f *testing.F) {
	f.Add(strings.Repeat("0a", 32))
	f.Add(strings.Repeat("A", 43))
	f.Add(strings.Repeat("A", 42) + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		var d Digest
		if d.UnmarshalText([]byte(text)) == nil {
			require.Equal(t, strings.ToLower(text), d.String())
		}
		var n Node
		if n.UnmarshalText([]byte(text)) == nil {
			written, err := n.MarshalText()
			require.NoError(t, err)
			require.Equal(t, text, string(written))
		}
	})
}

// What is parsed without its signature is refused or has its claims.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"payload":"e30","protected":"e30","signature":"AA"}`))
	f.Add([]byte(`{"tracking_number":"x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		signed, err := Parse(data)
		if err != nil {
			require.Equal(t, Signed{}, signed)
		}
	})
}
