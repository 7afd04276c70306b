package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// Check is the outcome of one check of readiness.
type Check struct {
	// Name is stable, as in "store", "broker".
	Name string
	// Err is nil when it holds. Its text is shown to whoever asks: no secrets.
	Err error
}

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
				answer.Ready, answer.Checks[check.Name] = false, check.Err.Error()
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

const jsonType = "application/json"
