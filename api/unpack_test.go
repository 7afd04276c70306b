package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
)

func packed(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(data)
	require.NoError(t, errors.Join(err, w.Close()))
	return out.Bytes()
}

var asGzip = []string{"Content-Type", ndjsonType, "Content-Encoding", "gzip"}

func TestPackedBatch(t *testing.T) {
	p := newSmall(t, acceptingAll(t))
	rows := oneLine(declaration(t)) + "\n" + oneLine(declaration(t)) + "\n"
	a := p.post("/v1/reports:batch", packed(t, []byte(rows)), asGzip...).ok()
	require.Equal(t, "2", lastSummary(t, a))
	// In several parts, as some programs write files.
	line := packed(t, []byte(oneLine(declaration(t))+"\n"))
	more := packed(t, []byte(oneLine(declaration(t))+"\n"))
	require.Equal(t, "2", lastSummary(t, p.post("/v1/reports:batch", append(line, more...), asGzip...).ok()))
	// A single report, and whatever else, goes as it is.
	p.post("/v1/reports", packed(t, declaration(t)), "Content-Encoding", "gzip").problem(http.StatusUnsupportedMediaType, "API-003")
	for _, encoding := range []string{"br", "deflate", "zstd", "gzip, gzip", "x-gzip"} {
		a := p.post("/v1/reports:batch", line, "Content-Type", ndjsonType, "Content-Encoding", encoding)
		a.problem(http.StatusUnsupportedMediaType, "API-003")
		require.Equal(t, "gzip, identity", a.header.Get("Accept-Encoding"), encoding)
	}
	p.post("/v1/reports:batch", []byte(rows), asGzip...).problem(http.StatusBadRequest, "API-013")
	p.post("/v1/reports:batch", line[:len(line)/2], asGzip...).problem(http.StatusBadRequest, "API-013")
}

func lastSummary(t *testing.T, a answer) string {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(string(a.body)), "\n")
	require.Contains(t, lines[len(lines)-1], `"accepted":2`)
	return "2"
}

// A short body that unpacks without end is given up at the bound, whatever stands in it.
func TestDecompressionBomb(t *testing.T) {
	p := newSmall(t, acceptingAll(t), func(_ *Deps, c *Config) { c.MaxUnpacked, c.MaxRatio = 8<<20, 100 })
	f := func(name string, unpacked io.Reader) {
		t.Helper()
		var bomb bytes.Buffer
		w := gzip.NewWriter(&bomb)
		size, err := io.Copy(w, unpacked)
		require.NoError(t, errors.Join(err, w.Close()))
		require.Greater(t, size, 100*int64(bomb.Len()), name)
		a := p.post("/v1/reports:batch", bomb.Bytes(), asGzip...)
		if a.status == http.StatusOK { // answered row by row before the bound was reached
			require.Contains(t, string(a.body), "API-145", name)
			require.NotContains(t, string(a.body), `"summary"`, name)
		} else {
			a.problem(http.StatusRequestEntityTooLarge, "API-145")
		}
		require.Less(t, len(a.body), 8<<20, name)
	}
	f("one line", io.LimitReader(endless(' '), 32<<20))
	f("blank lines", io.LimitReader(endless('\n'), 32<<20))
	f("rows", strings.NewReader(strings.Repeat("{}"+strings.Repeat(" ", 20000)+"\n", 1<<10)))
	p.get("/livez").ok()
}

// The bound is also one of size alone, for bodies that pack badly.
func TestUnpackedSizeIsBounded(t *testing.T) {
	u := newUnpacker(bytes.NewReader(packed(t, []byte(strings.Repeat("x", 3<<20)))), 2<<20, 1<<40)
	n, err := io.Copy(io.Discard, u)
	require.ErrorIs(t, err, errBomb)
	require.LessOrEqual(t, n, int64(2<<20))
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// Whatever comes, no more is unpacked than the bounds allow.
func FuzzUnpacker(f *testing.F) {
	f.Add(packed(f, []byte("{}\n")))
	f.Add(packed(f, bytes.Repeat([]byte("x"), 2<<20)))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		const most, ratio = 4 << 20, 20
		n, err := io.Copy(io.Discard, newUnpacker(bytes.NewReader(body), most, ratio))
		require.LessOrEqual(t, n, int64(max(unpackFree, ratio*len(body))))
		if errors.Is(err, errBomb) {
			require.LessOrEqual(t, n, int64(most))
		}
	})
}

// Nesting is refused before it costs anything, wherever a body is read.
func TestDeepNesting(t *testing.T) {
	p := newSmall(t, acceptingAll(t))
	f := func(name, body string) {
		t.Helper()
		require.Less(t, len(body), report.MaxBytes, name)
		a := p.post("/v1/reports", []byte(body))
		require.Contains(t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity}, a.status, name)
		require.NotEmpty(t, read[Problem](a).Errors, name)
		require.Less(t, len(a.body), 64<<10, name)
		row := p.post("/v1/reports:batch", []byte(oneLine([]byte(body))+"\n"+oneLine(declaration(t))+"\n"), "Content-Type", ndjsonType)
		require.Equal(t, http.StatusOK, row.status, string(row.body))
		require.Contains(t, string(row.body), `"accepted":1`, name) // the row after it
	}
	for _, depth := range []int{100, 9_000, 40_000} {
		lists := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		objects := strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth)
		f("a list where a text is wanted", `{"kind":`+lists+`}`)
		f("lists in the content", `{"kind":"annex_xii","content":`+lists+`}`)
		f("objects in the content", `{"kind":"annex_xii","content":{"rows":`+objects+`}}`)
		f("objects that nobody knows", `{"kind":"annex_xii","x":`+objects+`,"content":{}}`)
	}
}

// One who sends a body a byte at a time is cut off at the time for the whole body.
func TestSlowBodyIsCutOff(t *testing.T) {
	p := newSmall(t, acceptingAll(t), func(_ *Deps, c *Config) { c.ReadTimeout = 500 * time.Millisecond })
	for _, path := range []string{"/v1/reports", sessionPath} {
		body, feed := io.Pipe()
		stop := make(chan struct{})
		go func() {
			defer feed.Close()
			for {
				if _, err := feed.Write([]byte(" ")); err != nil {
					return
				}
				select {
				case <-stop:
					return
				case <-time.After(50 * time.Millisecond):
				}
			}
		}()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+path, body)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+p.token)
		r.Header.Set("Content-Type", jsonType)
		if path == sessionPath {
			r.Header.Set("Content-Type", formType)
			r.Header.Set("Origin", p.url)
		}
		a := p.do(r)
		require.Equal(t, http.StatusRequestTimeout, a.status, path)
		close(stop)
	}
}
