package api

import (
	"compress/gzip"
	"errors"
	"io"
)

// errBomb: a body unpacks to more than it may.
var errBomb = errors.New("the body unpacks to more than it may")

// unpackFree is what any body may unpack to: short ones pack very well.
const unpackFree = 1 << 20

// unpacker reads what a gzip stream holds and gives up beyond its bounds. It holds a few
// tens of kilobytes at any moment.
type unpacker struct {
	packed      counted
	stream      *gzip.Reader
	out         int64
	most, ratio int64
}

func newUnpacker(body io.Reader, most, ratio int64) *unpacker {
	return &unpacker{packed: counted{from: body}, most: most, ratio: ratio}
}

// Read implements io.Reader. Nothing is read before the first call.
func (u *unpacker) Read(to []byte) (int, error) {
	if u.stream == nil {
		stream, err := gzip.NewReader(&u.packed)
		if err != nil {
			return 0, err
		}
		u.stream = stream
	}
	n, err := u.stream.Read(to)
	u.out += int64(n)
	if u.out > u.most || u.out > max(unpackFree, u.ratio*u.packed.n) {
		return 0, errBomb
	}
	return n, err
}

// counted counts what was read.
type counted struct {
	from io.Reader
	n    int64
}

func (c *counted) Read(to []byte) (int, error) {
	n, err := c.from.Read(to)
	c.n += int64(n)
	return n, err
}
