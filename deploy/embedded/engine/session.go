package engine

import (
	"errors"
	"iter"
	"runtime"
	"strings"
	"unsafe"
)

// param is one server-side parameter of a statement: {name:Type}. The value is
// text in the escaped form of TSV, as ClickHouse takes it over HTTP.
type param struct{ name, value string }

// session is one connection to the engine. It runs one statement at a time and
// must not be used by two goroutines at once. Opening one takes about 60 µs, so
// every request gets its own and leaves no setting behind for the next.
type session struct {
	lib    *library
	handle *unsafe.Pointer
	conn   unsafe.Pointer
}

var errConnect = errors.New("the engine refused the connection")

func openSession(lib *library, args ...string) (*session, error) {
	argv := make([]*byte, 0, len(args)+1)
	for _, arg := range append([]string{"clickhouse"}, args...) {
		argv = append(argv, unsafe.SliceData([]byte(arg+"\x00")))
	}
	handle := lib.connect(int32(len(argv)), unsafe.Pointer(unsafe.SliceData(argv)))
	runtime.KeepAlive(argv)
	if handle == nil || *handle == nil {
		return nil, errConnect
	}
	return &session{lib: lib, handle: handle, conn: *handle}, nil
}

func (s *session) close() {
	s.lib.closeConn(s.handle)
}

// call runs one of the *_with_params_n functions.
func (s *session) call(fn paramsFunc, sql, format string, params []param) unsafe.Pointer {
	names, values := make([]*byte, len(params)), make([]*byte, len(params))
	nameLens, valueLens := make([]uintptr, len(params)), make([]uintptr, len(params))
	for i, p := range params {
		names[i], nameLens[i] = unsafe.StringData(p.name+"\x00"), uintptr(len(p.name))
		values[i], valueLens[i] = unsafe.StringData(p.value+"\x00"), uintptr(len(p.value))
	}
	result := fn(s.conn, unsafe.Pointer(unsafe.StringData(sql)), uintptr(len(sql)),
		unsafe.Pointer(unsafe.StringData(format)), uintptr(len(format)),
		unsafe.Pointer(unsafe.SliceData(names)), unsafe.Pointer(unsafe.SliceData(nameLens)),
		unsafe.Pointer(unsafe.SliceData(values)), unsafe.Pointer(unsafe.SliceData(valueLens)), uintptr(len(params)))
	runtime.KeepAlive(names)
	runtime.KeepAlive(values)
	return result
}

// result is a finished answer, or one chunk of a stream, in C memory.
type result struct {
	lib *library
	ptr unsafe.Pointer
}

// data is valid until free.
func (r result) data() []byte {
	n := r.lib.resultLength(r.ptr)
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(r.lib.resultBuffer(r.ptr)), n)
}

func (r result) rowsWritten() uint64 { return r.lib.resultRowsWritten(r.ptr) }

func (r result) free() { r.lib.resultDestroy(r.ptr) }

func (s *session) newResult(ptr unsafe.Pointer) (result, error) {
	if ptr == nil {
		return result{}, errors.New("the engine gave no answer")
	}
	if text := s.lib.resultError(ptr); text != "" {
		s.lib.resultDestroy(ptr)
		return result{}, newException(text)
	}
	return result{lib: s.lib, ptr: ptr}, nil
}

// query runs any statement and holds its whole answer in memory.
func (s *session) query(sql, format string, params ...param) (result, error) {
	return s.newResult(s.call(s.lib.query, sql, format, params))
}

// exec runs a statement whose answer does not matter.
func (s *session) exec(sql string, params ...param) error {
	r, err := s.query(sql, "Null", params...)
	if err != nil {
		return err
	}
	r.free()
	return nil
}

// text runs a query and returns its answer, tab separated.
func (s *session) text(sql string) (string, error) {
	r, err := s.query(sql, "TabSeparated")
	if err != nil {
		return "", err
	}
	defer r.free()
	return strings.TrimRight(string(r.data()), "\n"), nil
}

// stream is a running SELECT whose answer arrives in chunks. Each chunk is a
// complete document of the format.
type stream struct {
	session *session
	ptr     unsafe.Pointer
	ended   bool
}

// notStreamable is how the library refuses to stream anything but a SELECT. It
// does so before it runs the statement.
const notStreamable = "Streaming query is not supported for query"

func (s *session) stream(sql, format string, params ...param) (*stream, error) {
	r, err := s.newResult(s.call(s.lib.streamQuery, sql, format, params))
	if err != nil {
		return nil, err
	}
	return &stream{session: s, ptr: r.ptr}, nil
}

// next returns the next chunk, which the caller frees, or false at the end.
func (st *stream) next() (result, bool, error) {
	r, err := st.session.newResult(st.session.lib.streamFetch(st.session.conn, st.ptr))
	if err != nil {
		st.ended = true
		return result{}, false, err
	}
	if len(r.data()) == 0 {
		st.ended = true
		r.free()
		return result{}, false, nil
	}
	return r, true, nil
}

// chunks gives the answer piece by piece; a piece is valid until the next.
func (st *stream) chunks() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for {
			r, ok, err := st.next()
			if err != nil {
				yield(nil, err)
				return
			}
			if !ok {
				return
			}
			more := yield(r.data(), nil)
			r.free()
			if !more {
				return
			}
		}
	}
}

func (st *stream) close() {
	if !st.ended {
		st.session.lib.streamCancel(st.session.conn, st.ptr)
	}
	st.session.lib.resultDestroy(st.ptr)
}

// insertion is a running INSERT that is fed with bytes of its input format.
type insertion struct {
	lib *library
	ptr unsafe.Pointer
}

// insert starts an INSERT; sql names table and columns and carries neither
// FORMAT nor rows.
func (s *session) insert(sql, format string, params ...param) (*insertion, error) {
	in := &insertion{lib: s.lib, ptr: s.call(s.lib.insert, sql, format, params)}
	if in.ptr == nil {
		return nil, errors.New("the engine gave no insert stream")
	}
	if text := s.lib.insertError(in.ptr); text != "" {
		s.lib.insertDestroy(in.ptr)
		return nil, newException(text)
	}
	return in, nil
}

// Write implements io.Writer. It blocks while the engine is behind. An error
// only says that the stream has ended: finish tells why.
func (in *insertion) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if in.lib.insertAppend(in.ptr, unsafe.Pointer(unsafe.SliceData(p)), uintptr(len(p))) != 0 {
		return 0, errInsertEnded
	}
	return len(p), nil
}

var errInsertEnded = errors.New("the engine ended the insert")

// finish stores what was written and returns the number of rows, those written
// by materialised views included. The insertion cannot be used afterwards.
func (in *insertion) finish() (uint64, error) {
	defer in.lib.insertDestroy(in.ptr)
	ptr := in.lib.insertDone(in.ptr)
	if ptr == nil {
		return 0, errInsertEnded
	}
	defer in.lib.resultDestroy(ptr)
	if text := in.lib.resultError(ptr); text != "" {
		return 0, newException(text)
	}
	return in.lib.resultRowsWritten(ptr), nil
}

// abandon stores nothing of what was written since the last full block.
func (in *insertion) abandon() {
	in.lib.insertCancel(in.ptr)
	in.lib.insertDestroy(in.ptr)
}
