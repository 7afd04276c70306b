package forward

import (
	"testing"

	"pgregory.net/rapid"
)

// Rounds keep the order of a batch, lose nothing, and have no key twice.
func TestRounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOf(rapid.SampledFrom([]string{"", "a", "b", "c", "d"})).Draw(t, "keys")
		batch := make([]message, len(keys))
		for i, key := range keys {
			batch[i].cause = Cause{Offset: int64(i), key: key}
		}
		next := int64(0)
		for _, round := range rounds(batch) {
			seen := map[string]bool{}
			for _, d := range round {
				if d.cause.Offset != next {
					t.Fatalf("offset %d after %d", d.cause.Offset, next-1)
				}
				if d.cause.key != "" && seen[d.cause.key] {
					t.Fatalf("key %q twice in a round", d.cause.key)
				}
				seen[d.cause.key] = true
				next++
			}
		}
		if next != int64(len(batch)) {
			t.Fatalf("%d of %d messages", next, len(batch))
		}
	})
}
