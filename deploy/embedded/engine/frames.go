package engine

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/ClickHouse/ch-go/compress"
)

// frameHeader is checksum (16), method (1), size with header from the method on
// (4) and size of the data (4), as in ClickHouse's compressed stream.
const frameHeader = 16 + 1 + 4 + 4

// newBlockReader undoes ClickHouse's compression. The codec reports every end
// alike; here a body that ends within a block is io.ErrUnexpectedEOF and only one
// that ends between two blocks is io.EOF.
func newBlockReader(source io.Reader) io.Reader {
	return &blockReader{compress.NewReader(&frames{source: source})}
}

type blockReader struct{ blocks io.Reader }

func (r *blockReader) Read(p []byte) (int, error) {
	n, err := r.blocks.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.EOF
	}
	return n, err
}

// frames passes compressed blocks on and knows where one ends.
type frames struct {
	source io.Reader
	header []byte // not yet passed on
	left   int64  // of the block behind the header
}

func (f *frames) Read(p []byte) (int, error) {
	if len(f.header) == 0 && f.left == 0 {
		if err := f.begin(); err != nil {
			return 0, err
		}
	}
	if len(f.header) > 0 {
		n := copy(p, f.header)
		f.header = f.header[n:]
		return n, nil
	}
	n, err := f.source.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = nil
		if n == 0 {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

func (f *frames) begin() error {
	header := make([]byte, frameHeader)
	if _, err := io.ReadFull(f.source, header); err != nil {
		return err
	}
	f.header = header
	f.left = max(0, int64(binary.LittleEndian.Uint32(header[17:]))-9)
	return nil
}
