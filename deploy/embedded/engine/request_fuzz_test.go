package engine

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A request is read whole or refused with an exception of ClickHouse's kind.
func FuzzReadRequest(f *testing.F) {
	f.Add("query=SELECT+1&wait_end_of_query=1", "", []byte(""))
	f.Add("compress=1&param_a=b&client_protocol_version=x", "gzip", []byte("INSERT INTO t FORMAT Native\n"))
	f.Add("decompress=1", "deflate", []byte{0x78, 0x9c})
	e := &Engine{cfg: Config{Database: "default", MaxQueryBytes: 1 << 10}}
	f.Fuzz(func(t *testing.T, query, encoding string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(body)))
		r.URL.RawQuery = query
		r.Header.Set("Content-Encoding", encoding)
		req, err := e.readRequest(r)
		if err == nil && (req.id == "" || isUnfitLabel(req.id)) {
			t.Fatalf("id %q", req.id)
		}
	})
}
