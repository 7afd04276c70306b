package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jellydator/ttlcache/v3"

	"atvsld/analytics/access"
	"atvsld/seeds"
)

// keptRoutes answer the public from closed figures and reference data alone: the same
// question has the same answer until something is closed.
var keptRoutes = map[string]bool{
	"/v1/attainment": true, "/v1/indicators/:id/series": true, "/v1/indicators/:id/chart": true,
	"/v1/indicators/:id/funnel": true, "/v1/indicators/:id/movers": true,
}

// keptAnswers are answers to the public: on the day of a publication very many ask the same.
// Nothing that a token shows is among them.
type keptAnswers struct {
	held *ttlcache.Cache[string, *wholeAnswer]
}

// keptBytes is about how much memory kept answers take.
const keptBytes = 64 << 20

func newKeptAnswers() keptAnswers {
	return keptAnswers{ttlcache.New(ttlcache.WithMaxCost(keptBytes, func(item ttlcache.CostItem[string, *wholeAnswer]) uint64 {
		const rest = 2000
		return uint64(len(item.Key) + len(item.Value.body) + rest)
	}))}
}

// get returns what is kept under a key, nil if there is nothing.
func (k keptAnswers) get(key string) *wholeAnswer {
	if key == "" {
		return nil
	}
	item := k.held.Get(key)
	if item == nil {
		return nil
	}
	return item.Value()
}

func (k keptAnswers) keep(key string, a *wholeAnswer) {
	if key != "" && a.status == http.StatusOK {
		k.held.Set(key, a, ttlcache.NoTTL)
	}
}

// keptKey names a question, and the closings and the day of its answer. It is empty where the
// answer is not kept.
func (s *Server) keptKey(c *gin.Context) string {
	one := callOf(c.Request.Context())
	if !keptRoutes[c.FullPath()] || s.Store == nil || one.by.Role != access.Public || one.cookie {
		return ""
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.config.QueryTimeout)
	defer cancel()
	closings, err := s.Store.Closings(ctx)
	if err != nil {
		return "" // as the handler will find out
	}
	var last time.Time
	for _, closing := range closings {
		if closing.ClosedAt.After(last) {
			last = closing.ClosedAt
		}
	}
	header := c.Request.Header
	return fmt.Sprintf("%q as %q, %q, packed %t, on %s after %d closings, the last at %d",
		c.Request.URL.RequestURI(), one.accept, header.Values("Accept"), takesGzip(header.Get("Accept-Encoding")),
		seeds.DateOf(s.Clock()), len(closings), last.UnixMilli())
}
