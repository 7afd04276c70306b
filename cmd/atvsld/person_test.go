package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Why everything about a person is opened is said by who does it, never taken for granted.
func TestExportOfAPersonNeedsAPurpose(t *testing.T) {
	err := personCommand().Run(t.Context(), []string{"person", "export", "--file", "number.txt"})
	require.ErrorContains(t, err, `"purpose"`)
}
