package known

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/store"
)

func TestTheFilterForgetsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFilter()
		if n := rapid.Int64Range(0, 200_000).Draw(t, "expected"); n > 0 {
			f.expect(n)
		}
		ids := rapid.SliceOf(rapid.Uint64()).Draw(t, "ids")
		for _, id := range ids {
			f.add(id)
		}
		for _, id := range ids {
			if !f.has(id) {
				t.Fatalf("%d is forgotten", id)
			}
		}
	})
}

func TestTheFilterForgetsNothingOfManyWriters(t *testing.T) {
	const writers, each = 8, 50_000 // together six times what the first layer holds
	f := newFilter()
	var group sync.WaitGroup
	for w := range uint64(writers) {
		group.Go(func() {
			for i := range uint64(each) {
				f.add(w*each + i)
			}
		})
	}
	group.Wait()
	for id := range uint64(writers * each) {
		require.True(t, f.has(id), id)
	}
}

func TestTheFilterSeldomSaysYesWrongly(t *testing.T) {
	g := func(what string, expected, n, most int) {
		t.Helper()
		f := newFilter()
		f.expect(int64(expected))
		random := rand.New(rand.NewPCG(1, 2))
		for range n {
			f.add(random.Uint64())
		}
		const asked = 100_000
		wrong := 0
		for range asked {
			if f.has(random.Uint64()) {
				wrong++
			}
		}
		_, bytes := f.size()
		t.Logf("%s: %d of %d wrong, %.1f bits an id", what, wrong, asked, float64(bytes*8)/float64(n))
		require.Less(t, wrong, most*asked/10_000, what)
	}
	g("one full layer", 200_000, 200_000, 25)
	g("grown from nothing", 0, 400_000, 100)
}

func TestIDsThatTimeOrders(t *testing.T) {
	f := newFilter()
	seen := make(map[uint64]bool)
	for range 10_000 {
		id, err := uuid.NewV7()
		require.NoError(t, err)
		fingerprint := store.Fingerprint(id)
		require.False(t, seen[fingerprint])
		seen[fingerprint] = true
		f.add(fingerprint)
	}
	ids, _ := f.size()
	require.InDelta(t, 10_000, ids, 5)
}

func BenchmarkFilter(b *testing.B) {
	f := newFilter()
	f.expect(20_000_000)
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000_000 {
		f.add(random.Uint64())
	}
	b.Run("has", func(b *testing.B) {
		for b.Loop() {
			f.has(random.Uint64())
		}
	})
	b.Run("add", func(b *testing.B) {
		for b.Loop() {
			f.add(random.Uint64())
		}
	})
}

func TestTheFilterTakesTwoBytesAnID(t *testing.T) {
	f := newFilter()
	const n = 300_000
	f.expect(n * 5 / 4)
	add := func(from, to uint64) {
		for id := from; id < to; id++ {
			f.add(id)
		}
	}
	add(0, n)
	_, bytes := f.size()
	const first = 2 * smallest
	require.InDelta(t, first+2.5*n, bytes, 0.1*n, "of reports alone")
	add(n, 2*n)
	_, bytes = f.size()
	require.InDelta(t, 2*(first+2.5*n), bytes, 0.1*n, "with as many requests")
}
