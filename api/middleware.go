package api

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// call is what is known of the request being answered.
type call struct {
	id string
	// by is who asks; access.Nobody without a token.
	by access.Caller
	// token is what was presented and believed, to be asked about again while an answer
	// takes long.
	token string
	// session is what by was found out from, if not from a token; cookie tells that the
	// request had one, whatever it was worth.
	session *session
	cookie  bool
	// dateBack: the loader of demonstration data says when it received what it files.
	dateBack bool
	// accept is the Accept header.
	accept string
	// action is what the answer takes beyond the action of its address, if anything.
	action access.Action
	// touches are what the handler has touched, for the record.
	touches []audit.Touch
	// shows is the answer, where it is one that is kept.
	shows *keptAnswer
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{by: access.Nobody()}
}

// begin names the request, logs and measures it.
func (s *Server) begin(c *gin.Context) {
	start := s.Clock()
	one := &call{id: requestID(), accept: c.GetHeader("Accept")}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), callKey{}, one))
	if strings.HasPrefix(c.FullPath(), "/v1/") {
		// huma would choose any format it knows, also where an answer has no table.
		c.Request.Header.Del("Accept")
	}
	c.Header("X-Request-Id", one.id)
	if s.Demonstration {
		c.Header("Atvsld-Demonstration", "true")
	}
	s.metrics.inFlight.Inc()
	defer func() {
		s.metrics.inFlight.Dec()
		took := s.Clock().Sub(start)
		route := c.FullPath()
		if route == "" {
			route = "none"
		}
		method := knownMethod(c.Request.Method)
		s.metrics.request(method, route, c.Writer.Status(), took)
		// Nothing that a caller can write freely: path, query and headers may hold what
		// is not for a log, and an address may be a person's.
		s.Log.Info("request", "request_id", one.id, "method", method, "route", route,
			"status", c.Writer.Status(), "bytes", max(c.Writer.Size(), 0), "duration", took, "client_request_id", clientID(c.GetHeader("X-Request-Id")))
	}()
	c.Next()
}

// requestID is a UUIDv7: sortable by time in the log.
func requestID() string {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.NewString()
	}
	return id.String()
}

// clientID is the caller's own name of the request if it looks like an id, else empty.
func clientID(text string) string {
	const most = 64
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
	odd := func(r rune) bool { return !strings.ContainsRune(letters, r) }
	if len(text) > most || strings.ContainsFunc(text, odd) {
		return ""
	}
	return text
}

// shorten keeps a caller from filling an answer.
func shorten(text string) string {
	const most = 200
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// survive turns a panic into a problem and lets everybody else be served.
func (s *Server) survive(c *gin.Context) {
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(http.ErrAbortHandler)
		}
		s.Log.Error("panic while answering", "request_id", callOf(c.Request.Context()).id, "route", c.FullPath(),
			"panic", fault, "stack", string(debug.Stack()))
		if c.Writer.Written() {
			// Half an answer must not look like a whole one.
			panic(http.ErrAbortHandler)
		}
		s.refuse(c, problemFailed.new(ruleFault.finding()))
	}()
	c.Next()
}

// noRoute tells a browser that goes to a wrong address so in its page, everybody else as a problem.
func (s *Server) noRoute(c *gin.Context) {
	if f, built := s.app.Document(); built && c.Request.Method == http.MethodGet && asksForPage(c.Request) {
		s.sendFile(c, http.StatusNotFound, f)
		return
	}
	s.refuse(c, problemNotFound.new(ruleNoPath.finding()))
}

// asksForPage tells whether a browser is going to an address that is none of the interface.
func asksForPage(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Mode") == "navigate" && !strings.HasPrefix(r.URL.Path, "/v1/")
}

func (s *Server) noMethod(c *gin.Context) { s.refuse(c, problemMethod.new(ruleMethod.finding())) }
