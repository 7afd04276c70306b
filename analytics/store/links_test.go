package store

import (
	"encoding/binary"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func numbered(n uint32) (id uuid.UUID) {
	binary.BigEndian.PutUint32(id[12:], n)
	return id
}

func numberedAll(numbers ...uint32) []uuid.UUID {
	ids := make([]uuid.UUID, len(numbers))
	for i, n := range numbers {
		ids[i] = numbered(n)
	}
	return ids
}

// The least id stands for what hangs together by quotes, findings or both; a person found to
// be another has the least of all names.
func TestLinks(t *testing.T) {
	quotes := map[uuid.UUID]uuid.UUID{numbered(3): numbered(2), numbered(2): numbered(1), numbered(8): numbered(9), numbered(9): numbered(8)}
	findings := []Finding{
		{Declarations: numberedAll(7, 3), Same: [][2]string{{"q", "p"}}},
		{Declarations: numberedAll(1, 7), Same: [][2]string{{"n", "q"}}},
		{Declarations: numberedAll(20, 21), Same: [][2]string{{"p", "x"}}},
	}
	l := newLinks(quotes, findings)
	stands := map[uuid.UUID]uuid.UUID{}
	for i, id := range l.accidents {
		stands[id] = l.cases[i]
	}
	require.Equal(t, map[uuid.UUID]uuid.UUID{
		numbered(2): numbered(1), numbered(3): numbered(1), numbered(7): numbered(1), numbered(9): numbered(8), numbered(21): numbered(20),
	}, stands)
	persons := map[string]string{}
	for i, name := range l.found {
		persons[name] = l.persons[i]
	}
	require.Equal(t, map[string]string{"1/n": "1/n", "1/p": "1/n", "1/q": "1/n", "20/p": "20/p", "20/x": "20/p"}, persons)

	empty := newLinks(nil, nil)
	require.NotNil(t, empty.accidents)
	require.NotNil(t, empty.found)
}

// Whoever files thousands of declarations of one accident takes the figures from nobody.
func TestLinksFitIntoAQuery(t *testing.T) {
	quotes := map[uuid.UUID]uuid.UUID{numbered(1): numbered(2)}
	for n := uint32(10); n < 20_000; n++ {
		quotes[numbered(n+1)] = numbered(n)
	}
	l := newLinks(quotes, nil)
	require.Equal(t, numberedAll(2), l.accidents)
	require.Less(t, l.size(), maxLinks)
}
