package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// The answers to a batch are counted, or an error says why not.
func FuzzReadAnswers(f *testing.F) {
	f.Add([]byte("{\"row\":1,\"status\":202}\n{\"summary\":{\"rows\":1}}\n"))
	f.Add([]byte("{\"row\":1,\"status\":503}\n{\"error\":{\"title\":\"x\"}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		accepted, err := readAnswers(bytes.NewReader(data))
		require.GreaterOrEqual(t, accepted, 0)
		if err == nil {
			require.LessOrEqual(t, accepted, bytes.Count(data, []byte("\n"))+1)
		}
	})
}
