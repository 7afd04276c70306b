package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"atvsld/analytics/access"

	"github.com/gin-gonic/gin"
)

// Check is the outcome of one check of readiness.
type Check struct {
	// Name is stable, as in "store", "broker".
	Name string
	// Err is nil when it holds. Its text is shown to who has the token, and logged;
	// everybody else only learns that it failed, unless it is a [PublicError].
	Err error
}

// PublicError is a sentence of ours that anybody may read. Being a constant, it holds
// nothing of a driver's error: no host, no user, no query.
type PublicError string

// Error implements error.
func (e PublicError) Error() string { return string(e) }

// readiness is the answer of /readyz.
type readiness struct {
	Ready         bool              `json:"ready"`
	Checks        map[string]string `json:"checks"`
	Demonstration bool              `json:"demonstration"`
}

const readyTimeout = 5 * time.Second

// live answers as long as requests are answered at all.
func (s *Server) live(c *gin.Context) {
	s.write(c, http.StatusOK, jsonType, map[string]any{"live": true, "demonstration": s.Demonstration})
}

// ready answers 503 unless every check holds, and always names them all.
func (s *Server) ready(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), readyTimeout)
	defer cancel()
	answer := readiness{Ready: true, Checks: map[string]string{}, Demonstration: s.Demonstration}
	if s.Ready != nil {
		for _, check := range s.Ready(ctx) {
			answer.Checks[check.Name] = "ok"
			if check.Err != nil {
				answer.Ready, answer.Checks[check.Name] = false, s.failureText(c.Request.Context(), check)
			}
		}
	}
	status := http.StatusOK
	if !answer.Ready {
		status = http.StatusServiceUnavailable
		c.Header("Retry-After", seconds(defaultRetry))
	}
	s.write(c, status, jsonType, answer)
}

// failureText is what the caller may see of a failed check.
func (s *Server) failureText(ctx context.Context, failed Check) string {
	if public, ok := errors.AsType[PublicError](failed.Err); ok {
		return string(public)
	}
	s.Log.Warn("not ready", "check", failed.Name, "error", failed.Err, "request_id", callOf(ctx).id)
	if !callOf(ctx).by.May(access.ReadMetrics) {
		return "failed"
	}
	return failed.Err.Error()
}

const jsonType = "application/json"
