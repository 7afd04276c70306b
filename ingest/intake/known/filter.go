package known

import (
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

const (
	// bitsPerID and one bit in each of the eight words of a block give a wrong yes for
	// one id in about a thousand when a layer is full.
	bitsPerID = 16
	// smallest is the room of the first layer, in ids: 128 kB.
	smallest = 1 << 16
)

// block is a line of the processor's cache: an id costs one access to memory a layer.
type block [8]uint64

// layer is a blocked Bloom filter of fixed size.
type layer struct {
	blocks []block
	room   int64
	taken  atomic.Int64
}

func newLayer(room int64) *layer {
	room = max(room, smallest)
	return &layer{room: room, blocks: make([]block, (room*bitsPerID+511)/512)}
}

// spread makes every bit of the result depend on every bit of x (the end of MurmurHash3).
func spread(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// place gives the block of a hash, and six bits a word from another mix of it.
func (l *layer) place(hash uint64) (*block, uint64) {
	at, _ := bits.Mul64(hash, uint64(len(l.blocks)))
	return &l.blocks[at], spread(hash + 0x9e3779b97f4a7c15)
}

func (l *layer) has(hash uint64) bool {
	b, rest := l.place(hash)
	for i := range b {
		if atomic.LoadUint64(&b[i])&(1<<(rest&63)) == 0 {
			return false
		}
		rest >>= 6
	}
	return true
}

func (l *layer) add(hash uint64) {
	b, rest := l.place(hash)
	fresh := false
	for i := range b {
		bit := uint64(1) << (rest & 63)
		if atomic.LoadUint64(&b[i])&bit == 0 {
			atomic.OrUint64(&b[i], bit)
			fresh = true
		}
		rest >>= 6
	}
	if fresh {
		l.taken.Add(1)
	}
}

// filter is a set of fingerprints that never forgets one and now and then says yes to
// one that it does not have. It grows by layers, each as large as all before it, so
// the memory stays below twice what the ids need. Its methods may be called at once.
type filter struct {
	layers atomic.Pointer[[]*layer]
	grow   sync.Mutex
}

func newFilter() *filter {
	f := &filter{}
	f.layers.Store(&[]*layer{newLayer(smallest)})
	return f
}

func (f *filter) has(fingerprint uint64) bool {
	hash := spread(fingerprint)
	for _, l := range *f.layers.Load() {
		if l.has(hash) {
			return true
		}
	}
	return false
}

func (f *filter) add(fingerprint uint64) {
	if f.has(fingerprint) {
		return
	}
	layers := *f.layers.Load()
	last := layers[len(layers)-1]
	last.add(spread(fingerprint))
	if last.taken.Load() >= last.room {
		f.extend(last, 0)
	}
}

// expect makes room for n more ids in one layer rather than in several.
func (f *filter) expect(n int64) {
	layers := *f.layers.Load()
	last := layers[len(layers)-1]
	if last.room-last.taken.Load() < n {
		f.extend(last, n)
	}
}

// extend adds a layer unless somebody else has added one behind full.
func (f *filter) extend(full *layer, n int64) {
	f.grow.Lock()
	defer f.grow.Unlock()
	layers := *f.layers.Load()
	if layers[len(layers)-1] != full {
		return
	}
	room := int64(0)
	for _, l := range layers {
		room += l.room
	}
	more := append(slices.Clone(layers), newLayer(max(room, n)))
	f.layers.Store(&more)
}

// size gives the number of ids, as far as it knows, and the bytes they take.
func (f *filter) size() (ids, bytes int64) {
	for _, l := range *f.layers.Load() {
		ids += l.taken.Load()
		bytes += int64(len(l.blocks)) * 64
	}
	return ids, bytes
}
