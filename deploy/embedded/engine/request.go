package engine

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/google/uuid"
)

// request is what a client asks for, read from URL, headers and body.
type request struct {
	id        string
	database  string
	format    string // of the answer
	revision  uint64 // of Native blocks in the answer; 0 is what the library writes
	compress  compress.Method
	gzip      bool
	wait      bool // wait_end_of_query
	readonly  bool
	comment   string // the client's own log_comment
	settings  []param
	params    []param
	sql       string
	statement statement
	rows      io.Reader // rows of an INSERT
}

// reserved are URL parameters that are not settings.
var reserved = []string{
	"query", "database", "default_format", "query_id", "user", "password", "quota_key", "stacktrace",
	"compress", "decompress", "buffer_size", "wait_end_of_query", "client_protocol_version", "readonly", "log_comment",
	"close_session", "session_timeout", "session_check",
}

func (e *Engine) readRequest(r *http.Request) (*request, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, newExceptionf(codeBadArguments, "The URL is not well formed: %v", err)
	}
	if query.Has("session_id") {
		return nil, newExceptionf(codeNotImplemented, "Sessions are not supported by the embedded engine")
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && media == "multipart/form-data" {
		return nil, newExceptionf(codeNotImplemented, "External tables are not supported by the embedded engine")
	}
	req := &request{
		id:       query.Get("query_id"),
		database: firstOf(query.Get("database"), r.Header.Get("X-ClickHouse-Database"), e.cfg.Database),
		format:   firstOf(r.Header.Get("X-ClickHouse-Format"), query.Get("default_format"), "TabSeparated"),
		wait:     truth(query.Get("wait_end_of_query")),
		readonly: r.Method != http.MethodPost,
		comment:  query.Get("log_comment"),
	}
	if req.id == "" {
		req.id = uuid.NewString()
	}
	if isUnfitLabel(req.id) || isUnfitLabel(req.comment) {
		return nil, newExceptionf(codeBadArguments, "query_id or log_comment is longer than 256 bytes or holds control characters")
	}
	if err := req.readQuery(query, r.Header.Get("Accept-Encoding")); err != nil {
		return nil, err
	}
	body, err := decodeBody(r, truth(query.Get("decompress")))
	if err != nil {
		return nil, err
	}
	return req, req.readStatement(query.Get("query"), body, e.cfg.MaxQueryBytes)
}

// isUnfitLabel refuses what could not pass through a header and a C string whole.
func isUnfitLabel(text string) bool {
	return len(text) > 256 || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f })
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func truth(value string) bool { return value == "1" || strings.EqualFold(value, "true") }

// readQuery sorts the URL's parameters into settings, parameters of the
// statement, and what concerns the answer.
func (req *request) readQuery(query url.Values, acceptEncoding string) error {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		value := query.Get(name)
		switch {
		case strings.HasPrefix(name, "param_"):
			req.params = append(req.params, param{strings.TrimPrefix(name, "param_"), value})
		case name == "readonly":
			req.readonly = req.readonly || value != "0"
		case slices.Contains(reserved, name):
		case !identifierPattern.MatchString(name):
			return newExceptionf(codeUnknownSetting, "Setting %.64q is neither a builtin setting nor started with the prefix", name)
		default:
			req.settings = append(req.settings, param{name, value})
		}
	}
	if text := query.Get("client_protocol_version"); text != "" {
		revision, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return newExceptionf(codeBadArguments, "client_protocol_version %.32q is not a number", text)
		}
		req.revision = revision
	}
	req.compress = compress.None
	if truth(query.Get("compress")) {
		req.compress = compressionMethod(query.Get("network_compression_method"))
	}
	req.gzip = truth(query.Get("enable_http_compression")) && strings.Contains(acceptEncoding, "gzip")
	return nil
}

func compressionMethod(name string) compress.Method {
	switch strings.ToUpper(name) {
	case "ZSTD":
		return compress.ZSTD
	case "LZ4HC":
		return compress.LZ4HC
	default:
		return compress.LZ4
	}
}

// decodeBody undoes what the client did to the body. Everything is decoded as it
// is read, so a small body that unpacks to a huge one takes no memory.
func decodeBody(r *http.Request, blocks bool) (io.Reader, error) {
	body := io.Reader(r.Body)
	var err error
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		body, err = gzip.NewReader(body)
	case "deflate":
		body, err = zlib.NewReader(body)
	default:
		return nil, newExceptionf(codeNotImplemented, "Content-Encoding %.32q is not supported, use gzip or deflate", encoding)
	}
	if err != nil {
		return nil, newExceptionf(codeBadArguments, "The body is not what its Content-Encoding says: %v", err)
	}
	if blocks {
		body = newBlockReader(body)
	}
	return body, nil
}

// headBytes is how much of a body is read at first to find out what it is.
const headBytes = 64 * kib

// readStatement finds the SQL text, in the URL, in the body, or begun in one and
// ended in the other, and where the rows of an INSERT start.
func (req *request) readStatement(sql string, body io.Reader, limit int64) error {
	text := []byte(sql)
	if len(text) > 0 {
		if st := parseStatement(sql); st.rows {
			return req.accept(text, st, body)
		}
		text = append(text, '\n')
	}
	for size, whole := int64(headBytes), false; !whole; size *= 16 {
		size = min(size, limit+1)
		head, err := io.ReadAll(io.LimitReader(body, size-int64(len(text))))
		if err != nil {
			return fmt.Errorf("read the request: %w", bodyError(err))
		}
		text = append(text, head...)
		whole = int64(len(text)) < size
		st := parseStatement(string(text))
		if whole || st.rows {
			return req.accept(text, st, body)
		}
		if int64(len(text)) > limit {
			return newExceptionf(codeQueryTooLarge, "The statement is longer than %d bytes", limit)
		}
	}
	return nil
}

// bodyError makes what a broken body gives into an answer for the client.
func bodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return newExceptionf(codeBadArguments, "The request body cannot be read: %v", err)
}

func (req *request) accept(text []byte, st statement, body io.Reader) error {
	switch {
	case st.keyword == "":
		return newExceptionf(codeSyntaxError, "Syntax error: Empty query")
	case st.multiple:
		return newExceptionf(codeSyntaxError, "Syntax error (Multi-statements are not allowed)")
	case st.file:
		return newExceptionf(codeNotImplemented, "INTO OUTFILE and FROM INFILE are not allowed over HTTP")
	case st.halt:
		return newExceptionf(codeAccessDenied, "SYSTEM SHUTDOWN and SYSTEM KILL are not allowed: they would end atvsld")
	}
	req.statement = st
	if !st.rows {
		req.sql = string(text[:st.end])
		if st.format != "" {
			req.format = st.format
		}
		return nil
	}
	req.sql = st.head
	req.rows = body
	if inline := text[st.data:]; len(inline) > 0 {
		req.rows = io.MultiReader(bytes.NewReader(inline), body)
	}
	return nil
}

// logComment is how the running statement is found again: it ends with the
// query id, which is unique among the running ones.
func (req *request) logComment() string {
	if req.comment == "" {
		return req.id
	}
	return req.comment + " query_id=" + req.id
}

// prepare brings database and settings of the request into its session. A
// setting that does not exist, or has a bad value, is ClickHouse's own error.
func (req *request) prepare(s *session) error {
	if !identifierPattern.MatchString(req.database) {
		return newExceptionf(codeUnknownDatabase, "Database %.64q does not exist", req.database)
	}
	if err := s.exec("USE " + quoteIdentifier(req.database)); err != nil {
		return err
	}
	settings := req.settings
	if req.readonly {
		// 2 forbids writing and still lets a query bring settings of its own.
		settings = append(slices.Clone(settings), param{"readonly", "2"})
	}
	if len(settings) == 0 {
		return nil
	}
	assignments := make([]string, len(settings))
	for i, setting := range settings {
		assignments[i] = setting.name + " = " + quoteString(setting.value)
	}
	return s.exec("SET " + strings.Join(assignments, ", "))
}

func quoteIdentifier(name string) string { return "`" + name + "`" }

func quoteString(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
