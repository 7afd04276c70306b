package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/rs/cors"
)

// newCORS lets scripts of the listed origins read answers; nil when none is listed. They
// bring a token themselves: the session's cookie is never sent for them, so that nobody who
// takes over such a site acts in a visitor's name.
func newCORS(origins []string) *cors.Cors {
	if len(origins) == 0 {
		return nil
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{
			"Accept", "Access-Purpose", "Authorization", "Content-Encoding", "Content-Type", "Idempotency-Key",
			"If-Match", "If-None-Match", "Prefer", "Receipt", "X-Request-Id",
		},
		ExposedHeaders: []string{
			"Atvsld-Demonstration", "ETag", "Link", "Location", "Retry-After", "WWW-Authenticate", "X-Request-Id",
		},
		MaxAge: int((10 * time.Minute).Seconds()),
	})
}

// crossOrigin tells browsers which scripts may read the answer, and answers their question
// before a request that needs one.
func (s *Server) crossOrigin(c *gin.Context) {
	if s.cors == nil {
		return
	}
	s.cors.HandlerFunc(c.Writer, c.Request)
	if c.Request.Method == http.MethodOptions && c.GetHeader("Access-Control-Request-Method") != "" {
		c.Abort()
	}
}
