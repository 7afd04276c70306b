package api

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
)

// record puts every look at what is not public on record before any byte of the answer leaves (see
// recordShown for what is shown again).
// It stands around everything that answers, so that no handler can forget to, and holds back
// only the head of an answer: a stream goes on as it comes.
func (s *Server) record(c *gin.Context) {
	answer := &recordedAnswer{ResponseWriter: c.Writer, bare: c.Writer.Header().Clone()}
	answer.record = func(status int) *Problem { return s.recordAnswer(c, status) }
	answer.problem = func(p *Problem) []byte {
		data, err := marshal(s.stamp(p, callOf(c.Request.Context()).id))
		if err != nil {
			s.Log.Error("encoding an answer", "error", err)
		}
		return data
	}
	c.Writer = answer
	c.Next()
	answer.settle() // one without a body
}

// recordedAnswer records before the first byte, and answers with a problem instead if that
// cannot be done.
type recordedAnswer struct {
	gin.ResponseWriter
	record  func(status int) *Problem
	problem func(p *Problem) []byte
	// bare are the headers from before the handler, which say nothing of what it found.
	bare             http.Header
	settled, refused bool
}

var errNotRecorded = errors.New("the request could not be recorded, so that it is not answered")

// settle tells whether the answer may go out.
func (a *recordedAnswer) settle() bool {
	if a.settled {
		return !a.refused
	}
	a.settled = true
	p := a.record(a.Status())
	if p == nil {
		return true
	}
	a.refused = true
	data := a.problem(p)
	h := a.Header()
	clear(h)
	maps.Copy(h, a.bare)
	maps.Copy(h, p.GetHeaders())
	h.Set("Content-Type", problemType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	a.ResponseWriter.WriteHeader(p.Status)
	_, _ = a.ResponseWriter.Write(data) // a caller who is gone is no fault of ours
	return false
}

// Write writes once the request is on record.
func (a *recordedAnswer) Write(p []byte) (int, error) {
	if !a.settle() {
		return 0, errNotRecorded
	}
	return a.ResponseWriter.Write(p)
}

// WriteString writes once the request is on record.
func (a *recordedAnswer) WriteString(text string) (int, error) {
	if !a.settle() {
		return 0, errNotRecorded
	}
	return a.ResponseWriter.WriteString(text)
}

// WriteHeader takes the status of an answer that is still to come.
func (a *recordedAnswer) WriteHeader(status int) {
	if !a.settled {
		a.ResponseWriter.WriteHeader(status)
	}
}

// WriteHeaderNow sends the head once the request is on record.
func (a *recordedAnswer) WriteHeaderNow() {
	if a.settle() {
		a.ResponseWriter.WriteHeaderNow()
	}
}

// Flush sends what there is once the request is on record.
func (a *recordedAnswer) Flush() {
	if a.settle() {
		a.ResponseWriter.Flush()
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (a *recordedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// recordAnswer records how a request was answered. A problem says that it could not be, and
// must not be.
func (s *Server) recordAnswer(c *gin.Context, status int) *Problem {
	g := s.gates[c.Request.Method+" "+c.FullPath()]
	one := callOf(c.Request.Context())
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		// It showed nothing: nobody waits, and nobody can stop the platform with it.
		s.note(s.entryOf(c, g, audit.Denied, status))
		return nil
	case !recorded(c, g, one):
		return nil
	case status >= http.StatusInternalServerError:
		s.note(s.entryOf(c, g, audit.Failed, status))
		return nil
	case status >= http.StatusBadRequest:
		return s.onRecord(c, s.entryOf(c, g, audit.Failed, status))
	}
	return s.recordShown(c, s.entryOf(c, g, audit.Allowed, status))
}

// recordShown records what is shown. Who is shown a kept answer again, of which a look of his is on
// record, does not wait for the next entry: it tells of nothing that he does not know.
func (s *Server) recordShown(c *gin.Context, e audit.Entry) *Problem {
	kept, by := callOf(c.Request.Context()).shows, lookerOf(&e)
	if kept != nil && s.Audit != nil && kept.wasShownTo(by) {
		return s.unlessUnrecorded(e, s.Audit.Follow(context.WithoutCancel(c.Request.Context()), e))
	}
	problem := s.onRecord(c, e)
	if kept != nil && problem == nil && e.Status == http.StatusOK && !headOnly(c.Request.Context()) {
		kept.shownTo(by)
	}
	return problem
}

// recordBegun records that something is about to be done, which cannot be taken back once it
// is: what only reads needs no such entry.
func (s *Server) recordBegun(c *gin.Context, g gate) *Problem {
	if methodOK(c.Request.Method) || !recorded(c, g, callOf(c.Request.Context())) {
		return nil
	}
	return s.onRecord(c, s.entryOf(c, g, audit.Begun, 0))
}

func (s *Server) note(e audit.Entry) {
	if s.Audit != nil {
		s.Audit.Note(e)
	}
}

// onRecord records, whether or not the caller is still there.
func (s *Server) onRecord(c *gin.Context, e audit.Entry) *Problem {
	if s.Audit == nil {
		return s.unlessUnrecorded(e, errors.New("this process keeps no record"))
	}
	return s.unlessUnrecorded(e, s.Audit.Record(context.WithoutCancel(c.Request.Context()), e))
}

// unlessUnrecorded is the problem of who cannot be answered because of an error of the record.
func (s *Server) unlessUnrecorded(e audit.Entry, err error) *Problem {
	if err == nil {
		return nil
	}
	s.Log.Error("a request could not be recorded and is not answered", "error", err, "request_id", e.RequestID, "operation", e.Operation)
	return problemUnrecorded.new(ruleUnrecorded.finding())
}

// recorded tells whether an address is looked at on record. Not recorded are public data; what
// is filed, of which report_log has every revision with who filed it; and what became of a
// report for who presents its receipt, which says nothing but that.
func recorded(c *gin.Context, g gate, one *call) bool {
	if c.FullPath() == "" {
		return false
	}
	switch one.actionOr(g.action) {
	case access.ReadPublic, access.File, access.FilePaper:
		return false
	case access.ReadStatus:
		return one.by.Role != access.Public
	}
	return true
}

// entryOf says what there is to say of a request.
func (s *Server) entryOf(c *gin.Context, g gate, outcome audit.Outcome, status int) audit.Entry {
	one := callOf(c.Request.Context())
	action := one.actionOr(g.action)
	code, reference, _ := audit.ParsePurpose(one.by.Purpose) // empty if there is none
	id, _ := uuid.Parse(one.id)
	return audit.Entry{
		Kind: audit.Request, Who: audit.WhoOf(one.by), Scope: audit.ScopeOf(one.by, action), Operation: g.operation(c.Request.URL.Path), Action: action,
		On: s.touches(c, one), Purpose: code, Reference: reference, Outcome: outcome, Status: uint16(status),
		RequestID: id, Network: audit.NetworkOf(c.Request.RemoteAddr),
	}
}
