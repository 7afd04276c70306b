package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

const securityTxt = "/.well-known/security.txt"

// contactFor is how long a copy of security.txt may be believed. RFC 9116 wants less than a
// year.
const contactFor = 90 * 24 * time.Hour

// routeSecurityContact says where faults of security are to be told (RFC 9116).
func (s *Server) routeSecurityContact() {
	if s.config.SecurityContact == "" {
		return
	}
	s.engine.GET(securityTxt, func(c *gin.Context) {
		var out strings.Builder
		out.WriteString("Contact: " + s.config.SecurityContact + "\n")
		// To the day, so that the answer of a day is one and the same.
		out.WriteString("Expires: " + s.Clock().UTC().Truncate(24*time.Hour).Add(contactFor).Format(time.RFC3339) + "\n")
		out.WriteString("Preferred-Languages: vi, en\n")
		if s.config.PublicURL != "" {
			out.WriteString("Canonical: " + s.config.PublicURL + securityTxt + "\n")
		}
		c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(out.String()))
	})
}
