package engine

import (
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
)

// rowFormats can be streamed: the library formats every chunk as a document of
// its own, and documents of these formats can be put one behind the other.
var rowFormats = map[string]bool{
	"native": true, "rowbinary": true,
	"tabseparated": true, "tsv": true, "tabseparatedraw": true, "tsvraw": true, "raw": true, "tskv": true,
	"csv": true, "jsoneachrow": true, "jsonlines": true, "ndjson": true,
	"jsoncompacteachrow": true, "jsonstringseachrow": true, "jsoncompactstringseachrow": true,
	"lineasstring": true, "rawblob": true, "null": true,
}

// contentTypes by lower-case format; everything else is plain text.
var contentTypes = map[string]string{
	"native": "application/octet-stream", "rowbinary": "application/octet-stream",
	"rowbinarywithnames": "application/octet-stream", "rowbinarywithnamesandtypes": "application/octet-stream",
	"parquet": "application/octet-stream", "arrow": "application/octet-stream", "orc": "application/octet-stream",
	"tabseparated": "text/tab-separated-values; charset=UTF-8", "tsv": "text/tab-separated-values; charset=UTF-8",
	"tabseparatedwithnames": "text/tab-separated-values; charset=UTF-8", "tsvwithnames": "text/tab-separated-values; charset=UTF-8",
	"csv": "text/csv; charset=UTF-8; header=absent", "csvwithnames": "text/csv; charset=UTF-8; header=present",
	"json": "application/json; charset=UTF-8", "jsoncompact": "application/json; charset=UTF-8", "jsonstrings": "application/json; charset=UTF-8",
	"jsoneachrow": "application/x-ndjson; charset=UTF-8", "jsoncompacteachrow": "application/x-ndjson; charset=UTF-8",
	"jsonlines": "application/x-ndjson; charset=UTF-8", "ndjson": "application/x-ndjson; charset=UTF-8",
	"xml": "application/xml; charset=UTF-8",
}

func (req *request) streamable() bool {
	switch req.statement.keyword {
	case "SELECT", "WITH", "(":
	default:
		return false
	}
	for _, setting := range req.settings {
		// Both add something before or behind the rows.
		if setting.name == "extremes" || setting.name == "output_format_json_array_of_rows" {
			return false
		}
	}
	return rowFormats[strings.ToLower(req.format)] && !req.statement.totals
}

// runQuery runs anything but an INSERT with rows. It returns an error only while
// nothing of the answer is out.
func (e *Engine) runQuery(w http.ResponseWriter, s *session, req *request) error {
	if req.streamable() {
		st, err := s.stream(req.sql, req.format, req.params...)
		if err == nil {
			defer st.close()
			return e.send(w, req, st.chunks())
		}
		// A WITH can open an INSERT … SELECT; the library refuses before it runs.
		if ex := asException(err); ex.code != codeBadArguments || !strings.Contains(ex.text, notStreamable) {
			return err
		}
	}
	r, err := s.query(req.sql, req.format, req.params...)
	if err != nil {
		return err
	}
	defer r.free()
	if len(r.data()) == 0 {
		w.Header().Set("X-ClickHouse-Summary", summary(r.rowsWritten()))
		return nil
	}
	return e.send(w, req, func(yield func([]byte, error) bool) { yield(r.data(), nil) })
}

// send writes the chunks of an answer. An error in the middle reaches the client
// as ClickHouse sends it: a framed exception behind the data, then a connection
// that breaks off, so that nobody takes the half for the whole.
func (e *Engine) send(w http.ResponseWriter, req *request, chunks iter.Seq2[[]byte, error]) error {
	out := e.newAnswer(w, req)
	defer out.close()
	for data, err := range chunks {
		if err == nil {
			err = out.write(data)
		}
		switch {
		case errors.Is(err, errClientGone):
			return nil
		case err != nil && !out.started:
			return err
		case err != nil:
			out.breakOff(asException(err))
			panic(http.ErrAbortHandler)
		}
	}
	return e.finish(out)
}

// finish ends an answer. It returns an error only while nothing of it is out.
func (e *Engine) finish(out *answer) error {
	err := out.finish()
	switch {
	case errors.Is(err, errClientGone):
		return nil
	case err != nil && out.started:
		// Content-Length promises more: an exception would pass for data.
		e.cfg.Logger.Error("engine answer broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}

// errClientGone says that the answer cannot be delivered any more.
var errClientGone = errors.New("the client is gone")

// answer is the way of a result to the client: Native blocks brought to the
// client's revision, then ClickHouse's compression, then HTTP's.
type answer struct {
	w        http.ResponseWriter
	req      *request
	native   *transcoder
	blocks   *compress.Writer
	zip      *gzip.Writer
	spool    *spool
	sink     io.Writer
	started  bool // something of the answer is on its way
	tag      string
	prepared bool
}

func (e *Engine) newAnswer(w http.ResponseWriter, req *request) *answer {
	out := &answer{w: w, req: req, sink: w, tag: rand.Text()[:16]}
	if req.revision > 0 && strings.EqualFold(req.format, "Native") {
		out.native = newTranscoder(req.revision, e.timezone)
	}
	if req.compress != compress.None {
		out.blocks = compress.NewWriter(compress.LevelZero, req.compress)
	}
	if req.wait {
		out.spool = newSpool(e.cfg.DataDir, e.cfg.SpoolMemory)
		out.sink = out.spool
	}
	if req.gzip {
		out.zip = gzip.NewWriter(out.sink)
	}
	return out
}

func (a *answer) close() {
	if a.spool != nil {
		a.spool.close()
	}
}

func (a *answer) write(data []byte) error {
	if a.native != nil {
		var err error
		if data, err = a.native.transcode(data); err != nil {
			return err
		}
	}
	return a.writeRaw(data)
}

// blockBytes is the size of the pieces that ClickHouse's compression works on.
const blockBytes = mib

func (a *answer) writeRaw(data []byte) error {
	if a.blocks == nil {
		return a.writeSink(data)
	}
	for len(data) > 0 {
		piece := data[:min(len(data), blockBytes)]
		data = data[len(piece):]
		if err := a.blocks.Compress(piece); err != nil {
			return fmt.Errorf("compress the answer: %w", err)
		}
		if err := a.writeSink(a.blocks.Data); err != nil {
			return err
		}
	}
	return nil
}

func (a *answer) writeSink(data []byte) error {
	a.setHeaders()
	out := a.sink
	if a.zip != nil {
		out = a.zip
	}
	if a.spool == nil {
		a.started = true
	}
	_, err := out.Write(data)
	return a.sinkError(err)
}

// sinkError says whose fault an error of the sink is: the disk's or the client's.
func (a *answer) sinkError(err error) error {
	switch {
	case err == nil:
		return nil
	case a.spool != nil:
		return fmt.Errorf("hold the answer: %w", err)
	default:
		return errClientGone
	}
}

func (a *answer) setHeaders() {
	if a.prepared {
		return
	}
	a.prepared = true
	contentType, ok := contentTypes[strings.ToLower(a.req.format)]
	if !ok {
		contentType = "text/plain; charset=UTF-8"
	}
	header := a.w.Header()
	header.Set("Content-Type", contentType)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-ClickHouse-Format", a.req.format)
	header.Set("X-ClickHouse-Exception-Tag", a.tag)
	if a.zip != nil {
		header.Set("Content-Encoding", "gzip")
	}
}

func (a *answer) finish() error {
	if a.zip != nil && a.prepared {
		if err := a.sinkError(a.zip.Close()); err != nil {
			return err
		}
	}
	if a.spool == nil {
		return nil
	}
	if err := a.spool.rewind(); err != nil {
		return err
	}
	a.started = true
	a.w.Header().Set("Content-Length", strconv.FormatInt(a.spool.size, 10))
	return a.spool.copyTo(a.w)
}

// breakOff sends the exception in the frame that ClickHouse uses in the middle of
// an answer.
func (a *answer) breakOff(ex *exception) {
	text := ex.text
	if len(text) > 8*kib {
		text = text[:8*kib]
	}
	frame := fmt.Sprintf("\r\n__exception__\r\n%s\r\n%s\n%d %s\r\n__exception__\r\n", a.tag, text, len(text)+1, a.tag)
	if a.writeRaw([]byte(frame)) != nil {
		return
	}
	if a.zip != nil {
		_ = a.zip.Close() // the connection is broken off in any case
	}
	_ = http.NewResponseController(a.w).Flush()
}
