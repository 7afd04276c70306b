package engine

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/stretchr/testify/require"
)

// held is an answer of which 4 bytes are held in memory and 6 in a file.
func held(t *testing.T) *spool {
	t.Helper()
	s := newSpool(t.TempDir(), 4)
	t.Cleanup(s.close)
	for _, part := range []string{"0123", "456789"} {
		_, err := io.WriteString(s, part)
		require.NoError(t, err)
	}
	require.NotNil(t, s.file)
	return s
}

// breakFile makes every read of the file fail.
func breakFile(t *testing.T, s *spool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "unreadable")
	require.NoError(t, os.WriteFile(path, []byte("456789"), 0o600))
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	s.close()
	s.file = file
}

// narrow is a client that leaves after so many bytes.
type narrow struct{ left int }

func (n *narrow) Write(p []byte) (int, error) {
	if len(p) > n.left {
		return n.left, errors.New("connection reset")
	}
	n.left -= len(p)
	return len(p), nil
}

func TestSpool(t *testing.T) {
	dir := t.TempDir()
	s := newSpool(dir, 10)
	defer s.close()
	for _, piece := range []string{"12345", "67890", "abc", "def"} {
		_, err := io.WriteString(s, piece)
		require.NoError(t, err)
	}
	var out bytes.Buffer
	require.NoError(t, s.rewind())
	require.NoError(t, s.copyTo(&out))
	require.Equal(t, "1234567890abcdef", out.String())
	require.Equal(t, int64(16), s.size)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, files, "the file has no name that could stay behind")
}

func TestSpoolTellsClientFromDisk(t *testing.T) {
	for _, taken := range []int{0, 4} { // leaves within the memory, within the file
		s := held(t)
		require.NoError(t, s.rewind())
		require.ErrorIs(t, s.copyTo(&narrow{left: taken}), errClientGone)
	}
	s := held(t)
	breakFile(t, s)
	require.NoError(t, s.rewind())
	err := s.copyTo(io.Discard)
	require.Error(t, err)
	require.NotErrorIs(t, err, errClientGone)
}

// waiting is an answer that is held until it is complete.
func waiting(t *testing.T, cfg Config, w http.ResponseWriter, zip bool) (*Engine, *answer) {
	t.Helper()
	cfg.Logger = slog.New(slog.DiscardHandler)
	e := &Engine{cfg: cfg}
	out := e.newAnswer(w, &request{format: "TSV", wait: true, gzip: zip, compress: compress.None})
	t.Cleanup(out.close)
	return e, out
}

// Behind the first byte an exception would pass for data, and a plain end for the
// whole answer: the connection must break off.
func TestAnswerThatCannotBeReadBackBreaksOff(t *testing.T) {
	w := httptest.NewRecorder()
	e, out := waiting(t, Config{DataDir: t.TempDir(), SpoolMemory: 4}, w, false)
	require.NoError(t, out.write([]byte("0123")))
	require.NoError(t, out.write([]byte("456789")))
	breakFile(t, out.spool)
	require.PanicsWithValue(t, http.ErrAbortHandler, func() { _ = e.finish(out) })
	require.Equal(t, "0123", w.Body.String())
	require.Equal(t, "10", w.Header().Get("Content-Length"))
}

// While nothing is out, the client gets an exception instead of half an answer.
func TestAnswerThatCannotBeHeldIsAnError(t *testing.T) {
	t.Run("end of the gzip stream", func(t *testing.T) {
		w := httptest.NewRecorder()
		// The header of the stream fits into memory, the rest needs the file.
		e, out := waiting(t, Config{DataDir: filepath.Join(t.TempDir(), "missing"), SpoolMemory: 10}, w, true)
		require.NoError(t, out.write([]byte("1\n")))
		require.ErrorIs(t, e.finish(out), os.ErrNotExist)
		require.Zero(t, w.Body.Len())
	})
	t.Run("rewind", func(t *testing.T) {
		w := httptest.NewRecorder()
		e, out := waiting(t, Config{DataDir: t.TempDir(), SpoolMemory: 4}, w, false)
		require.NoError(t, out.write([]byte("0123")))
		require.NoError(t, out.write([]byte("456789")))
		require.NoError(t, out.spool.file.Close())
		require.ErrorIs(t, e.finish(out), os.ErrClosed)
		require.Zero(t, w.Body.Len(), "the part in memory is not sent either")
	})
}

func TestAnswerToAClientThatHasGone(t *testing.T) {
	e, out := waiting(t, Config{DataDir: t.TempDir(), SpoolMemory: 4}, goneClient{httptest.NewRecorder()}, false)
	require.NoError(t, out.write([]byte("0123456789")))
	require.NoError(t, e.finish(out))
}

type goneClient struct{ *httptest.ResponseRecorder }

func (goneClient) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
