package engine

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/stretchr/testify/require"
)

// compressed packs the texts into one block each and returns where blocks end.
func compressed(t *testing.T, method compress.Method, texts ...string) (data []byte, ends []int) {
	t.Helper()
	w := compress.NewWriter(compress.LevelZero, method)
	for _, text := range texts {
		require.NoError(t, w.Compress([]byte(text)))
		data = append(data, w.Data...)
		ends = append(ends, len(data))
	}
	return data, ends
}

func TestBlockReader(t *testing.T) {
	for _, method := range []compress.Method{compress.LZ4, compress.ZSTD, compress.None} {
		data, ends := compressed(t, method, "first ", strings.Repeat("second ", 100), "third")
		for _, source := range []io.Reader{bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data)), iotest.DataErrReader(bytes.NewReader(data))} {
			text, err := io.ReadAll(newBlockReader(source))
			require.NoError(t, err)
			require.Equal(t, "first "+strings.Repeat("second ", 100)+"third", string(text))
		}
		for cut := range data {
			_, err := io.ReadAll(newBlockReader(bytes.NewReader(data[:cut])))
			if cut == 0 || cut == ends[0] || cut == ends[1] {
				require.NoError(t, err, "a body that ends between blocks")
				continue
			}
			require.Error(t, err, "a body that ends within a block, at %d", cut)
		}
		data[len(data)-1] ^= 1
		_, err := io.ReadAll(newBlockReader(bytes.NewReader(data)))
		require.Error(t, err, "a damaged block")
	}
}

func FuzzBlockReader(f *testing.F) {
	w := compress.NewWriter(compress.LevelZero, compress.LZ4)
	if err := w.Compress([]byte("text")); err != nil {
		f.Fatal(err)
	}
	f.Add(w.Data)
	f.Add([]byte{})
	f.Add(make([]byte, frameHeader))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := io.Copy(io.Discard, newBlockReader(bytes.NewReader(data)))
		if len(data) > 0 && len(data) < frameHeader && err == nil {
			t.Fatal("a piece of a header passed for a body")
		}
	})
}

func TestExceptionStatus(t *testing.T) {
	for text, want := range map[string][2]int{
		"Code: 60. DB::Exception: x. (UNKNOWN_TABLE)": {60, 404},
		"Code: 62. DB::Exception: x":                  {62, 400},
		"Code: 241. DB::Exception: Code: 60. x":       {241, 500},
		"Cannot run a query":                          {codeUnknown, 500},
		"Code: 99999999999999999999. x":               {codeUnknown, 500},
	} {
		ex := newException(text)
		require.Equal(t, want, [2]int{ex.code, ex.status()}, text)
	}
}
