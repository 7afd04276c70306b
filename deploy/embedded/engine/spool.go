package engine

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// spool holds an answer until it is complete: first in memory, then in a file
// that vanishes with its last handle.
type spool struct {
	dir    string
	limit  int64
	size   int64
	memory bytes.Buffer
	file   *os.File
}

func newSpool(dir string, limit int64) *spool {
	return &spool{dir: dir, limit: limit}
}

// Write implements io.Writer.
func (s *spool) Write(p []byte) (int, error) {
	if s.file == nil && s.size+int64(len(p)) > s.limit {
		if err := s.open(); err != nil {
			return 0, err
		}
	}
	var n int
	var err error
	if s.file != nil {
		n, err = s.file.Write(p)
	} else {
		n, err = s.memory.Write(p)
	}
	s.size += int64(n)
	return n, err
}

func (s *spool) open() error {
	file, err := os.CreateTemp(s.dir, "answer-*.tmp")
	if err != nil {
		return fmt.Errorf("open a file for the answer: %w", err)
	}
	s.file = file
	// Unlinked at once: also a crash leaves nothing behind.
	if err := os.Remove(file.Name()); err != nil {
		return fmt.Errorf("unlink the file of the answer: %w", err)
	}
	return nil
}

// rewind makes ready to send. It comes first, while an error can still be answered.
func (s *spool) rewind() error {
	if s.file == nil {
		return nil
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the answer back: %w", err)
	}
	return nil
}

// copyTo sends what was held, after rewind. The error wraps errClientGone when w takes no more;
// any other is of our own disk.
func (s *spool) copyTo(w io.Writer) error {
	w = clientWriter{w}
	if _, err := s.memory.WriteTo(w); err != nil {
		return fmt.Errorf("send the answer: %w", err)
	}
	if s.file == nil {
		return nil
	}
	if _, err := io.Copy(w, s.file); err != nil {
		return fmt.Errorf("read the answer back: %w", err)
	}
	return nil
}

// clientWriter marks the errors of a connection, to tell them from those of the
// disk that is copied from.
type clientWriter struct{ w io.Writer }

func (c clientWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	if err != nil {
		err = fmt.Errorf("%w: %w", errClientGone, err)
	}
	return n, err
}

func (s *spool) close() {
	if s.file != nil {
		_ = s.file.Close() // already unlinked, nothing to lose
	}
}
