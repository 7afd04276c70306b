package engine

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

func (e *Engine) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/ping", func(w http.ResponseWriter, _ *http.Request) {
		writeText(w, http.StatusOK, "Ok.\n")
	})
	mux.HandleFunc("/{$}", e.recovered(e.answer))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeText(w, http.StatusNotFound, fmt.Sprintf("There is no handle %s\n\nUse / or /ping for health checks.\nSend queries with POST or GET to /.\n", r.URL.Path))
	})
	return mux
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // a client that has gone needs no answer
}

// recovered answers a panic like an error of the engine and keeps the rest of
// the process alive.
func (e *Engine) recovered(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch reason := recover(); reason {
			case nil:
			case http.ErrAbortHandler:
				panic(reason)
			default:
				e.cfg.Logger.Error("engine request panicked", "reason", reason, "stack", string(debug.Stack()))
				// Headers may be out: then only a broken connection tells the client.
				panic(http.ErrAbortHandler)
			}
		}()
		next(w, r)
	}
}

// answer is one request of ClickHouse's HTTP interface.
func (e *Engine) answer(w http.ResponseWriter, r *http.Request) {
	e.commonHeaders(w)
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		writeText(w, http.StatusMethodNotAllowed, "Use GET or POST.\n")
		return
	}
	if r.Method != http.MethodPost && r.URL.RawQuery == "" {
		writeText(w, http.StatusOK, "Ok.\n")
		return
	}
	if err := e.authenticate(r); err != nil {
		e.fail(w, err)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	r.Body = http.MaxBytesReader(w, r.Body, e.cfg.MaxBodyBytes)
	req, err := e.readRequest(r)
	if err != nil {
		e.fail(w, err)
		return
	}
	w.Header().Set("X-ClickHouse-Query-Id", req.id)
	leave, err := e.enter(ctx, req.id, cancel)
	if err != nil {
		e.fail(w, err)
		return
	}
	defer leave()
	if err := e.run(ctx, w, req); err != nil {
		e.fail(w, err)
	}
}

func (e *Engine) commonHeaders(w http.ResponseWriter) {
	w.Header().Set("X-ClickHouse-Server-Display-Name", e.name)
	w.Header().Set("X-ClickHouse-Timezone", e.timezone)
}

// authenticate takes the credentials from where ClickHouse does: headers, basic
// authentication, or the URL.
func (e *Engine) authenticate(r *http.Request) error {
	user, password := credentials(r)
	if user == "" {
		user = e.cfg.User
	}
	sameUser := subtle.ConstantTimeCompare([]byte(user), []byte(e.cfg.User))
	samePassword := subtle.ConstantTimeCompare([]byte(password), []byte(e.cfg.Password))
	if sameUser&samePassword == 1 {
		return nil
	}
	return newExceptionf(codeAuthenticationFails, "%.64q: Authentication failed: password is incorrect, or there is no user with such name", user)
}

func credentials(r *http.Request) (user, password string) {
	if r.Header.Get("X-ClickHouse-User") != "" || r.Header.Get("X-ClickHouse-Key") != "" {
		return r.Header.Get("X-ClickHouse-User"), r.Header.Get("X-ClickHouse-Key")
	}
	if user, password, ok := r.BasicAuth(); ok {
		return user, password
	}
	query := r.URL.Query()
	return query.Get("user"), query.Get("password")
}

// enter registers a request and waits for a free slot. The returned function
// gives both back.
func (e *Engine) enter(ctx context.Context, id string, cancel context.CancelFunc) (func(), error) {
	if err := e.register(id, cancel); err != nil {
		return nil, err
	}
	unregister := func() {
		e.mu.Lock()
		delete(e.running, id)
		e.mu.Unlock()
		e.active.Done()
	}
	timer := time.NewTimer(e.cfg.QueueTimeout)
	defer timer.Stop()
	select {
	case e.slots <- struct{}{}:
		return func() { <-e.slots; unregister() }, nil
	case <-ctx.Done():
		unregister()
		return nil, newExceptionf(codeQueryCancelled, "Query was cancelled while it waited")
	case <-timer.C:
		unregister()
		return nil, newExceptionf(codeTooManyQueries, "Too many simultaneous queries. Maximum: %d", e.cfg.MaxQueries)
	}
}

func (e *Engine) register(id string, cancel context.CancelFunc) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return newExceptionf(codeQueryCancelled, "The engine is stopping")
	}
	if _, taken := e.running[id]; taken {
		return newExceptionf(codeDuplicateQueryID, "Query with id = %s is already running", id)
	}
	e.running[id] = cancel
	e.active.Add(1)
	return nil
}

// run opens a session for the request, prepares it, and runs the statement.
func (e *Engine) run(ctx context.Context, w http.ResponseWriter, req *request) error {
	s, err := e.openSession(req.logComment())
	if err != nil {
		return err
	}
	defer s.close()
	if err := req.prepare(s); err != nil {
		return err
	}
	stop := e.cancelWith(ctx, req.logComment())
	defer stop()
	if err := ctx.Err(); err != nil {
		return newExceptionf(codeQueryCancelled, "Query was cancelled")
	}
	if req.statement.rows {
		return e.runInsert(w, s, req)
	}
	return e.runQuery(w, s, req)
}

// cancelWith kills the statement when ctx ends: the library's own cancel needs a
// handle that it only gives out when the work is done. The kill is repeated,
// because the statement may not have begun. The returned function ends the watch
// and waits for it.
func (e *Engine) cancelWith(ctx context.Context, comment string) (stop func()) {
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		select {
		case <-done:
			return
		case <-ctx.Done():
		}
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			if err := e.kill(comment); err != nil {
				e.cfg.Logger.Warn("cancel a query", "error", err)
			}
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return func() {
		close(done)
		<-gone
	}
}

func (e *Engine) kill(comment string) error {
	s, err := e.openSession("")
	if err != nil {
		return err
	}
	defer s.close()
	return s.exec("KILL QUERY WHERE Settings['log_comment'] = {comment:String} ASYNC", param{"comment", escapeParam(comment)})
}

// escapeParam writes text in the form that parameters are read in.
func escapeParam(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`, "\x00", `\0`).Replace(text)
}

// fail answers with an exception, as long as nothing of the answer is out.
func (e *Engine) fail(w http.ResponseWriter, err error) {
	ex := asException(err)
	for _, name := range []string{"X-ClickHouse-Format", "Content-Encoding", "Content-Length"} {
		w.Header().Del(name)
	}
	w.Header().Set("X-ClickHouse-Exception-Code", strconv.Itoa(ex.code))
	writeText(w, ex.status(), ex.text+"\n")
}

func asException(err error) *exception {
	var ex *exception
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &ex):
		return ex
	case errors.As(err, &tooLarge):
		return newExceptionf(codeQueryTooLarge, "The request body is larger than %d bytes", tooLarge.Limit)
	default:
		return newExceptionf(codeUnknown, "%v", err)
	}
}
