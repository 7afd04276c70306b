package engine

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// runInsert feeds the rows of the request to the engine as they arrive. The
// answer is empty; a client that breaks off stores nothing of its last block.
func (e *Engine) runInsert(w http.ResponseWriter, s *session, req *request) error {
	if req.readonly {
		return newExceptionf(codeReadonly, "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries")
	}
	in, err := s.insert(req.sql, req.statement.format, req.params...)
	if err != nil {
		return err
	}
	read := &sourceReader{source: req.rows}
	_, copyErr := io.CopyBuffer(struct{ io.Writer }{in}, read, make([]byte, 256*kib))
	if read.err != nil {
		in.abandon()
		return fmt.Errorf("read the rows: %w", bodyError(read.err))
	}
	written, err := in.finish()
	if err != nil {
		return err
	}
	if copyErr != nil {
		return copyErr
	}
	w.Header().Set("X-ClickHouse-Summary", summary(written))
	w.WriteHeader(http.StatusOK)
	return nil
}

func summary(written uint64) string {
	return fmt.Sprintf(`{"read_rows":"%d","read_bytes":"0","written_rows":"%d","written_bytes":"0","total_rows_to_read":"0","result_rows":"%d","result_bytes":"0"}`, written, written, written)
}

// sourceReader remembers whether it was the source that failed, and not the
// engine.
type sourceReader struct {
	source io.Reader
	err    error
}

func (r *sourceReader) Read(p []byte) (int, error) {
	n, err := r.source.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}
