package api

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
)

var (
	lineFeed      = []byte{'\n'}
	byteOrderMark = []byte("\uFEFF")
)

// line is one row of a batch.
type line struct {
	row int
	raw []byte
	// tooLong: the row was skipped because it is longer than a submission may be.
	tooLong bool
}

// lineReader cuts a stream into rows with bounded memory: of a row that is too long
// only its number is kept.
type lineReader struct {
	from *bufio.Reader
	most int
	row  int
}

func newLineReader(from io.Reader, most int) *lineReader {
	return &lineReader{from: bufio.NewReaderSize(from, 64<<10), most: most}
}

// next returns the next row that is not blank. Blank ones count in the numbering, so
// that numbers are those an editor shows. At the end the error is io.EOF; a row that
// broke off with another error is not returned, because it is not whole.
func (l *lineReader) next() (line, error) {
	for {
		raw, tooLong, err := l.read()
		if err != nil && (!errors.Is(err, io.EOF) || len(raw) == 0 && !tooLong) {
			return line{}, err
		}
		l.row++
		if l.row == 1 {
			// Editors of one system write a byte order mark before the first line.
			raw = bytes.TrimPrefix(raw, byteOrderMark)
		}
		if tooLong || len(bytes.TrimSpace(raw)) > 0 {
			return line{row: l.row, raw: raw, tooLong: tooLong}, nil
		}
		if err != nil {
			return line{}, err
		}
	}
}

// read returns what stands before the next line feed, in memory of its own.
func (l *lineReader) read() (raw []byte, tooLong bool, err error) {
	for {
		piece, err := l.from.ReadSlice('\n')
		switch {
		case tooLong:
		case len(raw)+len(bytes.TrimSuffix(piece, lineFeed)) > l.most:
			raw, tooLong = nil, true
		default:
			raw = append(raw, piece...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSuffix(raw, lineFeed), tooLong, err
		}
	}
}

// pump sends rows until the stream or ctx ends, then closes rows; its last error is
// in the returned channel, nil at the end of the stream.
func (l *lineReader) pump(ctx context.Context) (rows <-chan line, failed <-chan error) {
	out, ended := make(chan line), make(chan error, 1)
	go func() {
		defer close(out)
		for {
			one, err := l.next()
			if err != nil {
				if errors.Is(err, io.EOF) {
					err = nil
				}
				ended <- err
				return
			}
			select {
			case out <- one:
			case <-ctx.Done():
				ended <- ctx.Err()
				return
			}
		}
	}()
	return out, ended
}
