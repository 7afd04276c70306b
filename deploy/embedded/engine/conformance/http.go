package conformance

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// runHTTP talks to the interface as curl would.
func (s *suite) runHTTP(t *testing.T) {
	t.Run("ping", s.httpPing)
	t.Run("credentials", s.httpCredentials)
	t.Run("formats out", s.httpFormatsOut)
	t.Run("formats in", s.httpFormatsIn)
	t.Run("headers", s.httpHeaders)
	t.Run("gzip", s.httpGzip)
	t.Run("errors", s.httpErrors)
	t.Run("wait_end_of_query", s.httpWait)
	t.Run("client goes away", s.httpClientGone)
	t.Run("body breaks off", s.httpBodyBreaksOff)
}

type call struct {
	method, path, body string
	query              map[string]string
	header             map[string]string
	anonymous          bool
}

// reply is an answer that was read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// do sends a request with the suite's credentials and reads the whole answer.
func (s *suite) do(t *testing.T, c call) reply {
	t.Helper()
	res := s.send(t.Context(), t, c, strings.NewReader(c.body))
	defer func() { require.NoError(t, res.Body.Close()) }()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return reply{res.StatusCode, res.Header, string(body)}
}

func (s *suite) send(ctx context.Context, t *testing.T, c call, body io.Reader) *http.Response {
	t.Helper()
	req, err := s.request(ctx, c, body)
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
	res, err := client.Do(req)
	require.NoError(t, err)
	return res
}

func (s *suite) request(ctx context.Context, c call, body io.Reader) (*http.Request, error) {
	query := url.Values{"database": {s.opts.Auth.Database}}
	for name, value := range c.query {
		query.Set(name, value)
	}
	method := c.method
	if method == "" {
		method = http.MethodPost
	}
	address := url.URL{Scheme: "http", Host: s.opts.Addr[0], Path: "/" + c.path, RawQuery: query.Encode()}
	req, err := http.NewRequestWithContext(ctx, method, address.String(), body)
	if err != nil {
		return nil, err
	}
	if !c.anonymous {
		req.SetBasicAuth(s.opts.Auth.Username, s.opts.Auth.Password)
	}
	for name, value := range c.header {
		req.Header.Set(name, value)
	}
	return req, nil
}

// ask runs a query and expects it to succeed.
func (s *suite) ask(t *testing.T, c call) string {
	t.Helper()
	res := s.do(t, c)
	require.Equal(t, http.StatusOK, res.status, res.body)
	return res.body
}

func (s *suite) httpPing(t *testing.T) {
	res := s.do(t, call{method: http.MethodGet, path: "ping", anonymous: true})
	require.Equal(t, http.StatusOK, res.status)
	require.Equal(t, "Ok.\n", res.body)
	res = s.do(t, call{method: http.MethodGet, path: "nowhere"})
	require.Equal(t, http.StatusNotFound, res.status)
}

func (s *suite) httpCredentials(t *testing.T) {
	user, password := s.opts.Auth.Username, s.opts.Auth.Password
	require.Equal(t, "1\n", s.ask(t, call{body: "SELECT 1", anonymous: true, header: map[string]string{"X-ClickHouse-User": user, "X-ClickHouse-Key": password}}))
	require.Equal(t, "1\n", s.ask(t, call{body: "SELECT 1", anonymous: true, query: map[string]string{"user": user, "password": password}}))
	for _, header := range []map[string]string{
		{"X-ClickHouse-User": user, "X-ClickHouse-Key": "wrong"},
		{"X-ClickHouse-User": "nobody", "X-ClickHouse-Key": password},
		{"Authorization": "Basic bm9ib2R5Ong="},
	} {
		res := s.do(t, call{body: "SELECT 1", anonymous: true, header: header})
		require.Equal(t, http.StatusForbidden, res.status)
		require.Equal(t, "516", res.header.Get("X-ClickHouse-Exception-Code"))
		require.Contains(t, res.body, "Code: 516. DB::Exception: ")
		require.NotContains(t, res.body, password)
	}
}

func (s *suite) httpFormatsOut(t *testing.T) {
	const sql = "SELECT number AS n, concat('a,\"', toString(number)) AS s FROM numbers(2)"
	for format, want := range map[string]string{
		"TabSeparated":                  "0\ta,\"0\n1\ta,\"1\n",
		"TabSeparatedWithNames":         "n\ts\n0\ta,\"0\n1\ta,\"1\n",
		"TabSeparatedWithNamesAndTypes": "n\ts\nUInt64\tString\n0\ta,\"0\n1\ta,\"1\n",
		"CSV":                           "0,\"a,\"\"0\"\n1,\"a,\"\"1\"\n",
		"CSVWithNames":                  "\"n\",\"s\"\n0,\"a,\"\"0\"\n1,\"a,\"\"1\"\n",
		"JSONEachRow":                   "{\"n\":0,\"s\":\"a,\\\"0\"}\n{\"n\":1,\"s\":\"a,\\\"1\"}\n",
		"JSONCompactEachRow":            "[0, \"a,\\\"0\"]\n[1, \"a,\\\"1\"]\n",
		"Values":                        "(0,'a,\"0'),(1,'a,\"1')",
	} {
		require.Equal(t, want, s.ask(t, call{body: sql + " FORMAT " + format}), format)
		require.Equal(t, want, s.ask(t, call{body: sql, query: map[string]string{"default_format": format}}), format)
		require.Equal(t, want, s.ask(t, call{body: sql, header: map[string]string{"X-ClickHouse-Format": format}}), format)
		require.Equal(t, want, s.ask(t, call{method: http.MethodGet, query: map[string]string{"query": sql + "\nFORMAT " + format + ";"}}), format)
	}
	var answer struct {
		Data []struct{ N uint64 }
		Rows int
	}
	// More rows than one block: the answer is still one document.
	require.NoError(t, json.Unmarshal([]byte(s.ask(t, call{body: "SELECT number AS N FROM numbers(200000) FORMAT JSON"})), &answer))
	require.Equal(t, 200000, answer.Rows)
	require.Len(t, answer.Data, 200000)
	lines := strings.Split(s.ask(t, call{body: "SELECT number AS n FROM numbers(200000) FORMAT CSVWithNames"}), "\n")
	require.Len(t, lines, 200002)
	require.Equal(t, []string{`"n"`, "0", "1"}, lines[:3])
	require.Len(t, strings.Split(s.ask(t, call{body: "SELECT number FROM numbers(200000) FORMAT TSV"}), "\n"), 200001)
	require.Contains(t, s.ask(t, call{body: "SELECT number % 2 AS k, count() FROM numbers(4) GROUP BY k WITH TOTALS ORDER BY k FORMAT TSV"}), "\n\n0\t4\n")
}

// httpTable creates a table of three columns.
func (s *suite) httpTable(t *testing.T) string {
	t.Helper()
	name := "conformance_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	s.ask(t, call{body: "CREATE TABLE " + name + " (id UInt32, name String, tags Array(String)) ENGINE = MergeTree ORDER BY id"})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		res := s.send(ctx, t, call{}, strings.NewReader("DROP TABLE "+name+" SYNC"))
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusOK, res.StatusCode)
	})
	return name
}

func (s *suite) httpFormatsIn(t *testing.T) {
	table := s.httpTable(t)
	const want = "1\tAn\t['a','b']\n2\tBình \\'x\\'; --\t[]\n"
	insert := "INSERT INTO " + table + " (id, name, tags) "
	for format, rows := range map[string]string{
		"FORMAT JSONEachRow":  `{"id":1,"name":"An","tags":["a","b"]}` + "\n" + `{"id":2,"name":"Bình 'x'; --","tags":[]}`,
		"FORMAT CSV":          "1,An,\"['a','b']\"\n2,\"Bình 'x'; --\",[]\n",
		"FORMAT TSV":          want,
		"FORMAT TabSeparated": want,
		"VALUES":              `(1, 'An', ['a', 'b']), (2, 'Bình \'x\'; --', [])`,
		"FORMAT Values":       `(1, concat('A', 'n'), ['a', 'b']), (2, 'Bình \'x\'; --', emptyArrayString());`,
		"SETTINGS input_format_csv_skip_first_lines = 1 FORMAT CSV": "x\n1,An,\"['a','b']\"\n2,\"Bình 'x'; --\",[]\n",
	} {
		check := func(how string) {
			t.Helper()
			require.Equal(t, want, s.ask(t, call{body: "SELECT * FROM " + table + " ORDER BY id"}), "%s, %s", format, how)
			s.ask(t, call{body: "TRUNCATE TABLE " + table})
		}
		s.ask(t, call{query: map[string]string{"query": insert + format}, body: rows})
		check("statement in the URL")
		s.ask(t, call{body: insert + format + "\n" + rows})
		check("statement and rows in the body")
		s.ask(t, call{query: map[string]string{"query": insert}, body: format + "\n" + rows})
		check("statement begun in the URL")
	}
	big := strings.Repeat(`{"id":7,"name":"x","tags":["y"]}`+"\n", 100_000)
	s.ask(t, call{query: map[string]string{"query": insert + "FORMAT JSONEachRow"}, body: big})
	require.Equal(t, "100000\n", s.ask(t, call{body: "SELECT count() FROM " + table}))
}

func (s *suite) httpHeaders(t *testing.T) {
	id := uuid.NewString()
	res := s.do(t, call{body: "SELECT {n:UInt8} AS n", query: map[string]string{"query_id": id, "param_n": "5", "default_format": "CSV"}})
	require.Equal(t, id, res.header.Get("X-ClickHouse-Query-Id"))
	require.Equal(t, "CSV", res.header.Get("X-ClickHouse-Format"))
	require.Contains(t, res.header.Get("Content-Type"), "text/csv")
	require.NotEmpty(t, res.header.Get("X-ClickHouse-Server-Display-Name"))
	require.NotEmpty(t, res.header.Get("X-ClickHouse-Timezone"))
	require.Equal(t, "5\n", s.ask(t, call{body: "SELECT getSetting('max_threads')", query: map[string]string{"max_threads": "5"}}))
}

func (s *suite) httpGzip(t *testing.T) {
	table := s.httpTable(t)
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, err := zip.Write([]byte(strings.Repeat("1\tx\t[]\n", 50_000)))
	require.NoError(t, err)
	require.NoError(t, zip.Close())
	s.ask(t, call{query: map[string]string{"query": "INSERT INTO " + table + " FORMAT TSV"}, header: map[string]string{"Content-Encoding": "gzip"}, body: packed.String()})
	res := s.do(t, call{body: "SELECT count() FROM " + table, query: map[string]string{"enable_http_compression": "1"}, header: map[string]string{"Accept-Encoding": "gzip"}})
	require.Equal(t, "gzip", res.header.Get("Content-Encoding"))
	unzip, err := gzip.NewReader(strings.NewReader(res.body))
	require.NoError(t, err)
	text, err := io.ReadAll(unzip)
	require.NoError(t, err)
	require.Equal(t, "50000\n", string(text))
}

func (s *suite) httpErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		call   call
		status int
		code   string
	}{
		{"unknown table", call{body: "SELECT * FROM nosuch"}, 404, "60"},
		{"unknown setting", call{body: "SELECT 1", query: map[string]string{"no_such_setting": "1"}}, 404, "115"},
		{"unknown database", call{body: "SELECT 1", query: map[string]string{"database": "no_such_database"}}, 404, "81"},
		{"syntax", call{body: "SELEC 1"}, 400, "62"},
		{"two statements", call{body: "SELECT 1; SELECT 2"}, 400, "62"},
		{"unknown format", call{body: "SELECT 1 FORMAT NoSuchFormat"}, 404, "73"},
		{"GET is read-only", call{method: http.MethodGet, query: map[string]string{"query": "CREATE TABLE conformance_never (a UInt8) ENGINE = Memory"}}, 500, "164"},
		{"not gzip", call{body: "SELECT 1", header: map[string]string{"Content-Encoding": "gzip"}}, 0, ""},
	} {
		res := s.do(t, c.call)
		if c.status == 0 {
			require.GreaterOrEqual(t, res.status, 400, c.name)
			continue
		}
		require.Equal(t, c.status, res.status, "%s: %s", c.name, res.body)
		require.Equal(t, c.code, res.header.Get("X-ClickHouse-Exception-Code"), c.name)
		require.Contains(t, res.body, fmt.Sprintf("Code: %s. DB::Exception: ", c.code), c.name)
	}
}

// With wait_end_of_query an error half way is a plain error.
func (s *suite) httpWait(t *testing.T) {
	query := map[string]string{"wait_end_of_query": "1", "max_threads": "1", "max_block_size": "10000"}
	res := s.do(t, call{body: "SELECT number, throwIf(number = 3000000) FROM numbers(5000000)", query: query})
	require.Equal(t, http.StatusInternalServerError, res.status)
	require.Contains(t, res.body, "Code: 395. ")
	require.Equal(t, "395", res.header.Get("X-ClickHouse-Exception-Code"))
	res = s.do(t, call{body: "SELECT number FROM numbers(2000000)", query: query})
	require.Equal(t, http.StatusOK, res.status)
	require.Equal(t, 2_000_000, strings.Count(res.body, "\n"))
}

func (s *suite) processes(t *testing.T, mark string) string {
	t.Helper()
	return s.ask(t, call{query: map[string]string{"param_mark": mark}, body: "SELECT count() FROM system.processes WHERE position(query, {mark:String}) > 0 AND position(query, 'system.processes') = 0"})
}

func (s *suite) httpClientGone(t *testing.T) {
	mark := uuid.NewString()
	ctx, cancel := context.WithCancel(t.Context())
	res := s.send(ctx, t, call{body: "SELECT number FROM numbers(1000000000000) /* " + mark + " */"}, strings.NewReader("SELECT number FROM numbers(1000000000000) /* "+mark+" */"))
	_, err := io.ReadFull(res.Body, make([]byte, 1<<20))
	require.NoError(t, err)
	require.Equal(t, "1\n", s.processes(t, mark))
	cancel()
	require.NoError(t, res.Body.Close())
	require.Eventually(t, func() bool { return s.processes(t, mark) == "0\n" }, 10*time.Second, 20*time.Millisecond)
}

// A client that breaks off in the middle of its rows has inserted none of them.
func (s *suite) httpBodyBreaksOff(t *testing.T) {
	table := s.httpTable(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reader, writer := io.Pipe()
	req, err := s.request(ctx, call{query: map[string]string{"query": "INSERT INTO " + table + " FORMAT TSV"}}, reader)
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Do(req)
		if err == nil {
			err = res.Body.Close()
		}
		done <- err
	}()
	_, err = writer.Write([]byte(strings.Repeat("1\tx\t[]\n", 1000)))
	require.NoError(t, err)
	cancel()
	require.NoError(t, writer.CloseWithError(context.Canceled)) // the client waits for its body's reader
	require.Error(t, <-done)
	require.Eventually(t, func() bool { return s.processes(t, table) == "0\n" }, 10*time.Second, 20*time.Millisecond)
	require.Equal(t, "0\n", s.ask(t, call{body: "SELECT count() FROM " + table}))
}
