package native

import (
	"encoding/binary"
	"slices"
)

// dictionary is a LowCardinality(String) column: distinct words, and for each value
// which of them it is. The word 0 is always "", ClickHouse's default.
type dictionary struct {
	numbers map[string]uint32
	words   []byte
	keys    []uint32
	last    string
	head    []byte
	narrow  []byte // keys as they are sent
}

// dictionaryVersion opens a LowCardinality column, even an empty one.
var dictionaryVersion = []byte{1, 0, 0, 0, 0, 0, 0, 0}

func (d *dictionary) reset() {
	clear(d.numbers)
	d.words, d.keys, d.last = d.words[:0], d.keys[:0], ""
}

func (d *dictionary) add(s string) {
	if len(d.keys) > 0 && s == d.last {
		d.keys = append(d.keys, d.keys[len(d.keys)-1])
		return
	}
	number, known := d.numbers[s]
	if !known {
		number = d.learn(s)
	}
	d.keys, d.last = append(d.keys, number), s
}

func (d *dictionary) learn(s string) uint32 {
	if len(d.numbers) == 0 {
		if d.numbers == nil {
			d.numbers = map[string]uint32{}
		}
		d.numbers[""] = 0
		d.words = append(d.words, 0)
		if s == "" {
			return 0
		}
	}
	number := uint32(len(d.numbers))
	d.numbers[s] = number
	d.words = append(binary.AppendUvarint(d.words, uint64(len(s))), s...)
	return number
}

// The words travel with the values (1<<9) and replace those of the block before (1<<10).
const dictionaryFlags = 1<<9 | 1<<10

// keyWidth is 0, 1 or 2: keys of 1, 2 or 4 bytes.
func keyWidth(words int) int {
	switch {
	case words <= 1<<8:
		return 0
	case words <= 1<<16:
		return 1
	default:
		return 2
	}
}

func (d *dictionary) parts() [][]byte {
	if len(d.keys) == 0 {
		return nil // all lists of an array are empty: ClickHouse expects nothing at all
	}
	width := keyWidth(len(d.numbers))
	d.head = binary.LittleEndian.AppendUint64(d.head[:0], uint64(dictionaryFlags|width))
	d.head = binary.LittleEndian.AppendUint64(d.head, uint64(len(d.numbers)))
	d.narrow = slices.Grow(d.narrow[:0], 8+len(d.keys)<<width)
	d.narrow = binary.LittleEndian.AppendUint64(d.narrow, uint64(len(d.keys)))
	for _, key := range d.keys {
		switch width {
		case 0:
			d.narrow = append(d.narrow, byte(key))
		case 1:
			d.narrow = binary.LittleEndian.AppendUint16(d.narrow, uint16(key))
		default:
			d.narrow = binary.LittleEndian.AppendUint32(d.narrow, key)
		}
	}
	return [][]byte{d.head, d.words, d.narrow}
}
